/** The whole way in a real browser: vans that move for the dispatcher, a waveform for the doctor, and each kept to his desk. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api, demoUser } from '../support/api.ts';
import { DESKTOP, TABLET, launch, openPage, signIn } from '../support/browser.ts';
import { freePort, junkai, tempFolder, until, type Running } from '../support/processes.ts';
import { TestVan, VAN } from '../support/van.ts';

let browser: Browser;
beforeAll(async () => {
	browser = await launch();
});
afterAll(() => browser?.close());

describe('the demo with three vans', () => {
	const folder = tempFolder('demo');
	let demo: Running;
	let http: number;
	beforeAll(async () => {
		http = await freePort();
		demo = junkai([
			'demo',
			'--vans',
			'3',
			'--speed',
			'20',
			'--http-port',
			String(http),
			'--mqtt-port',
			'0',
			'--data-dir',
			folder.path,
		]);
		await until('the demo runs', () => {
			if (!demo.running) throw new Error(`the demo ended: ${demo.output}`);
			return demo.output.includes('Junkai runs');
		});
	});
	afterAll(async () => {
		await demo.kill('SIGINT');
		folder.dispose();
	});

	test('says where it is and how to sign in', () => {
		expect(demo.output).toContain(`http://127.0.0.1:${http}`);
		for (const role of ['dispatcher', 'crew', 'doctor', 'admin'] as const)
			expect(demo.output).toContain(demoUser(folder.path, role).password);
	});

	test('the dispatcher sees every van with name, link and speed, and sees one move', async () => {
		const { page, problems } = await openPage(browser, 'ja-JP');
		await signIn(page, http, demoUser(folder.path, 'dispatcher'));
		expect(new URL(page.url()).pathname).toMatch(/^\/dispatch/);
		for (const n of [1, 2, 3]) await page.waitForSelector(`[data-van="van-${n}"] .van-name:has-text("${n}号車")`);
		await page.waitForSelector('canvas.maplibregl-canvas');
		await page.click('[data-van="van-2"]');
		const inspector = page.getByTestId('inspector');
		await inspector.waitFor();
		await until('2号車 drives', async () => /[1-9]\d* ?km\/h/.test(await inspector.innerText()));
		const api = await Api.signIn(http, demoUser(folder.path, 'dispatcher'));
		const place = async () => (await api.vehicles()).find((one) => one.id === 'van-2')?.position;
		const before = await place();
		await until('its position changes', async () => {
			const now = await place();
			return now?.lat !== undefined && now.lat !== before?.lat;
		});
		const seen = await inspector.innerText();
		await until('the page shows that', async () => (await inspector.innerText()) !== seen);
		expect(problems).toEqual([]);
		await page.context().close();
	});

	test("the dispatcher is refused the doctor's desk and his data, and the reverse", async () => {
		for (const [role, own, other, forbidden] of [
			['dispatcher', '/dispatch', '/doctor', 'observations'],
			['doctor', '/doctor', '/dispatch', 'positions'],
		] as const) {
			const { page } = await openPage(browser, 'en-GB');
			await signIn(page, http, demoUser(folder.path, role), other);
			await page.getByTestId('refused').waitFor();
			await page.getByTestId('refused').locator('a').click();
			await page.waitForURL((url) => url.pathname.startsWith(own));
			const status = await page.evaluate(async (path) => (await fetch(path)).status, `/api/v1/vehicles/van-1/${forbidden}`);
			expect(status).toBe(403);
			await page.context().close();
		}
	});

	test('nobody who is not signed in sees anything', async () => {
		const { page } = await openPage(browser, 'ja-JP');
		await page.goto(`http://127.0.0.1:${http}/dispatch`);
		await page.waitForSelector('input[name=password]');
		for (const path of ['vehicles', 'vehicles/van-1/positions', 'region', 'health']) {
			expect((await fetch(`http://127.0.0.1:${http}/api/v1/${path}`)).status).toBe(401);
		}
		await page.context().close();
	});

	test.each([
		['ja-JP', DESKTOP],
		['en-GB', DESKTOP],
		['ja-JP', TABLET],
		['en-GB', TABLET],
	] as const)('nothing is cut off or scrolls sideways (%s, %o)', async (locale, viewport) => {
		for (const [role, path] of [
			['dispatcher', '/dispatch'],
			['doctor', '/doctor/van-1'],
		] as const) {
			const { page, problems } = await openPage(browser, locale, viewport);
			await signIn(page, http, demoUser(folder.path, role), path);
			await page.waitForSelector(role === 'doctor' ? '.trace-row canvas' : 'canvas.maplibregl-canvas');
			const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
			expect(overflow).toBeLessThanOrEqual(0);
			expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale.slice(0, 2));
			const shots = process.env['JUNKAI_SCREENSHOTS'];
			if (shots !== undefined && existsSync(shots)) {
				await new Promise((resolve) => setTimeout(resolve, 8000));
				await page.screenshot({ path: join(shots, `${role}-${locale.slice(0, 2)}-${viewport.width}.png`) });
			}
			expect(problems).toEqual([]);
			await page.context().close();
		}
	});
});

describe('the doctor', () => {
	let van: TestVan;
	beforeAll(async () => {
		van = await TestVan.start({
			ports: [
				{ name: 'gnss', device: 'nmea' },
				{ name: 'oximeter', device: 'nonin' },
				{ name: 'monitor', device: 'pm6750' },
			],
		});
	});
	afterAll(() => van?.dispose());

	const runs = async (page: Page, signal: string, channel: string): Promise<number[][]> =>
		await page.evaluate(
			([wantedSignal, wantedChannel]) =>
				(window.junkai?.traces() ?? [])
					.filter((run) => run.signal === wantedSignal && run.channel === wantedChannel)
					.map((run) => run.samples),
			[signal, channel],
		);

	test('sees numerics with unit, and a waveform whose samples are those that the device sent', async () => {
		const { page, problems } = await openPage(browser, 'ja-JP');
		await signIn(page, van.httpPort, demoUser(van.dataDir, 'doctor'));
		await page.click(`[data-van="${VAN}"]`);
		await page.waitForSelector('.trace-row canvas');
		await until('five seconds of ECG in one run', async () =>
			(await runs(page, 'ecg', 'II')).some((samples) => samples.length > 1250),
		);
		const drawn = (await runs(page, 'ecg', 'II')).toSorted((a, b) => b.length - a.length)[0] ?? [];
		const sent =
			(await van.host.samples('monitor')).find((one) => one.signal === 'ecg')?.samples.map((values) => values[1] ?? NaN) ?? [];
		// What the page holds is a stretch of what was sent: found by its first two seconds, equal to its end.
		const head = drawn.slice(0, 500).join();
		const offset = sent.findIndex((_, i) => sent[i] === drawn[0] && sent.slice(i, i + 500).join() === head);
		expect(offset).toBeGreaterThanOrEqual(0);
		const both = Math.min(drawn.length, sent.length - offset);
		expect(both).toBeGreaterThan(1000);
		expect(drawn.slice(0, both)).toEqual(sent.slice(offset, offset + both));
		expect(new Set(drawn).size).toBeGreaterThan(10);
		await until('a heart rate with its unit', async () =>
			/心拍数[^]*?\d{2,3}[^]*?\/分/.test(await page.getByTestId('tiles').innerText()),
		);
		// Something of it is on the canvas: more than one colour.
		const colours = await page.evaluate(() => {
			const canvas = document.querySelector<HTMLCanvasElement>('.trace-row canvas');
			const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
			const seen = new Set<number>();
			for (let i = 0; i < pixels.length; i += 4) seen.add(pixels[i]! * 65536 + pixels[i + 1]! * 256 + pixels[i + 2]!);
			return seen.size;
		});
		expect(colours).toBeGreaterThan(1);
		expect(problems).toEqual([]);
		await page.context().close();
	});

	test('is told when the link is lost, and never sees an old value as a new one', async () => {
		const { page } = await openPage(browser, 'ja-JP');
		await signIn(page, van.httpPort, demoUser(van.dataDir, 'doctor'), `/doctor/${VAN}`);
		await until('a waveform', async () => (await runs(page, 'ecg', 'II')).some((samples) => samples.length > 250));
		van.radio.cut();
		await until('「データなし」 with the seconds', async () => /データなし\s*\d+/.test(await page.innerText('body')), 60_000);
		van.radio.restore();
		await until('it comes back by itself', async () => !/データなし\s*\d+/.test(await page.innerText('body')), 60_000);
		await page.context().close();
	});
});
