/** A site may bring a map style of its own: it replaces the base map, and the vans stay on it. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { demoUser } from '../support/api.ts';
import { launch, openPage, signIn } from '../support/browser.ts';
import { freePort, tempFolder } from '../support/processes.ts';
import { TestVan, VAN } from '../support/van.ts';

/** Colour of the style's only layer. */
const PURPLE = [96, 0, 160] as const;

test('a style URL in config.json replaces the base map', async () => {
	const folder = tempFolder('style');
	onTestFinished(folder.dispose);
	const port = await freePort();
	const origin = `http://127.0.0.1:${port}`;
	const style = {
		version: 8,
		sources: {},
		layers: [{ id: 'ground', type: 'background', paint: { 'background-color': `rgb(${PURPLE.join()})` } }],
	};
	let asked = 0;
	const site = createServer((request, response) => {
		asked += request.url === '/style.json' ? 1 : 0;
		response.setHeader('access-control-allow-origin', '*').setHeader('content-type', 'application/json').end(JSON.stringify(style));
	});
	await new Promise<void>((resolve) => site.listen(port, '127.0.0.1', resolve));
	onTestFinished(() => {
		site.closeAllConnections();
		site.close();
	});
	const pages = join(folder.path, 'pages');
	cpSync(fileURLToPath(new URL('../../dashboard/dist', import.meta.url)), pages, { recursive: true });
	const config = JSON.parse(readFileSync(join(pages, 'config.json'), 'utf8')) as Record<string, unknown>;
	writeFileSync(join(pages, 'config.json'), JSON.stringify({ ...config, styleUrl: `${origin}/style.json` }));

	const van = await TestVan.start({
		ports: [{ name: 'gnss', device: 'nmea' }],
		env: { JUNKAI_DASHBOARD_DIR: pages, JUNKAI_MAP_HOSTS: origin },
	});
	onTestFinished(() => van.dispose());
	const browser = await launch();
	onTestFinished(() => browser.close());
	const { page, problems } = await openPage(browser, 'ja-JP');
	await signIn(page, van.httpPort, demoUser(van.dataDir, 'dispatcher'));
	await page.waitForSelector('.map-canvas[data-ready=true]');
	await page.waitForSelector(`[data-van="${VAN}"] .van-figures .age`);
	expect(asked).toBeGreaterThan(0);
	// The picture itself: most of the map is the style's colour, and the van's mark is on it.
	const shot = (await page.locator('.map-canvas').screenshot()).toString('base64');
	const [ground, other] = await page.evaluate(
		async ([png, wanted]) => {
			const image = new Image();
			image.src = `data:image/png;base64,${png}`;
			await image.decode();
			const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
			context?.drawImage(image, 0, 0);
			const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? new Uint8ClampedArray();
			let same = 0;
			for (let i = 0; i < pixels.length; i += 4)
				if (wanted.every((part, channel) => Math.abs((pixels[i + channel] ?? 0) - part) < 3)) same += 1;
			return [same, pixels.length / 4 - same];
		},
		[shot, [...PURPLE]] as const,
	);
	expect(ground).toBeGreaterThan(other ?? Infinity);
	expect(other).toBeGreaterThan(200);
	expect(problems).toEqual([]);
});
