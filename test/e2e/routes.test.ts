/** The demo drives on planned routes: lines on the dispatcher's map, the stops in the list, and every van on its own line. */
import { publishedPlan, type PublishedPlan } from '@junkai/contracts';
import { distanceKm, type LonLat } from '@junkai/regions';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Api, demoUser } from '../support/api.ts';
import { launch, openPage, signIn } from '../support/browser.ts';
import { freePort, junkai, tempFolder, until, type Running } from '../support/processes.ts';

const VANS = 3;
const SPEED = 30;
/** A receiver's noise, and that the line is drawn through rounded points, km. */
const ON_THE_LINE = 0.06;

const folder = tempFolder('routes');
let browser: Browser;
let demo: Running;
let http: number;
let api: Api;
beforeAll(async () => {
	browser = await launch();
	http = await freePort();
	const where = ['--http-port', String(http), '--mqtt-port', '0', '--data-dir', folder.path];
	demo = junkai(['demo', '--vans', String(VANS), '--speed', String(SPEED), ...where]);
	await until('the demo runs', () => {
		if (!demo.running) throw new Error(`the demo ended: ${demo.output}`);
		return demo.output.includes('Junkai runs');
	});
	api = await Api.signIn(http, demoUser(folder.path, 'dispatcher'));
});
afterAll(async () => {
	await demo?.kill('SIGINT');
	await browser?.close();
	folder.dispose();
});

const current = async (): Promise<PublishedPlan> => publishedPlan.parse(await api.get('/plans/current'));

/** Distance from a point to a line, km: to its nearest point, in the plane of the place. */
function toLine([lon, lat]: LonLat, line: readonly LonLat[]): number {
	const scale = Math.cos((lat * Math.PI) / 180);
	let least = Infinity;
	for (let i = 1; i < line.length; i++) {
		const [a, b] = [line[i - 1]!, line[i]!];
		const [dx, dy] = [(b[0] - a[0]) * scale, b[1] - a[1]];
		const square = dx * dx + dy * dy;
		const t = square === 0 ? 0 : Math.min(1, Math.max(0, ((lon - a[0]) * scale * dx + (lat - a[1]) * dy) / square));
		least = Math.min(least, distanceKm([lon, lat], [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]));
	}
	return least;
}

test('a plan is published, and every van is where it says', async () => {
	expect(demo.output).toMatch(/1[5-8] visits/);
	const plan = await current();
	expect(plan.routes.map(({ vehicle }) => vehicle)).toEqual(['van-1', 'van-2', 'van-3']);
	expect(JSON.stringify(plan)).not.toMatch(/patient/i);
	const seen = new Set<string>();
	// For a while, so that vans are seen on the road as well as at their stops.
	await until('every van tells its position, one of them driving', async () => {
		for (const { id, position } of await api.vehicles()) {
			const route = plan.routes.find(({ vehicle }) => vehicle === id);
			if (!route || position?.lat === undefined || position.lon === undefined) continue;
			const lines = route.stops.flatMap(({ way }) => (way ? [way.geometry.coordinates] : []));
			const off = Math.min(...lines.map((line) => toLine([position.lon!, position.lat!], line)));
			expect(off).toBeLessThan(ON_THE_LINE);
			seen.add(id);
			if ((position.speed ?? 0) > 3) seen.add('driving');
		}
		return seen.size === VANS + 1;
	});
});

test('progress follows the vans: stops are reached and left', async () => {
	const before = (await current()).routes.map(({ next, reached }) => `${next} ${reached}`);
	await until(
		'a van comes to a stop or leaves one',
		async () => (await current()).routes.some(({ next, reached }, index) => `${next} ${reached}` !== before[index]),
		120_000,
	);
});

/** Pixels of a colour in the picture of the map. */
async function pixelsOf(page: Page, [red, green, blue]: readonly [number, number, number]): Promise<number> {
	const picture = (await page.locator('.map-canvas').screenshot()).toString('base64');
	const { page: blank } = await openPage(browser, 'en-GB');
	try {
		return await blank.evaluate(
			async ([data, wanted]) => {
				const image = new Image();
				image.src = `data:image/png;base64,${data}`;
				await image.decode();
				const canvas = new OffscreenCanvas(image.width, image.height);
				const context = canvas.getContext('2d')!;
				context.drawImage(image, 0, 0);
				const pixels = context.getImageData(0, 0, image.width, image.height).data;
				let found = 0;
				for (let i = 0; i < pixels.length; i += 4) {
					if (wanted.every((value, at) => Math.abs(pixels[i + at]! - value) <= 12)) found++;
				}
				return found;
			},
			[picture, [red, green, blue]] as const,
		);
	} finally {
		await blank.context().close();
	}
}

test('the dispatcher sees the lines, and the stops of the van he chooses', async () => {
	const { page, problems } = await openPage(browser, 'ja-JP');
	await signIn(page, http, demoUser(folder.path, 'dispatcher'));
	await page.waitForSelector('.map-canvas[data-ready=true]');
	await page.click('[data-van="van-1"]');
	const plan = await current();
	const route = plan.routes[0]!;
	const visits = route.stops.filter(({ kind }) => kind === 'visits');
	expect(visits.length).toBeGreaterThan(1);
	const panel = page.getByTestId('route');
	await panel.waitFor();
	expect(await panel.locator('li').count()).toBe(route.stops.length);
	const text = await panel.innerText();
	for (const { name, municipality } of visits) {
		expect(text).toContain(name.ja);
		expect(text).toContain(municipality?.ja);
	}
	const consult = visits.flatMap((stop) => stop.visits).find((visit) => visit.consult !== null)?.consult;
	const doctor = plan.doctors.find(({ id }) => id === consult?.doctor);
	expect(text).toContain(`${doctor?.name.ja}医師`);
	expect(await panel.locator('[aria-current=step]').count()).toBe(1);
	await panel.locator('h3 button').click();
	// The chosen van's line in its own colour, and numbers on it.
	await until('its line is drawn', async () => (await pixelsOf(page, [0x46, 0x56, 0xb8])) > 300);
	expect(problems).toEqual([]);
	await page.context().close();
});
