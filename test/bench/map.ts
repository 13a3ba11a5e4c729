/**
 * How the map bears a whole fleet: 500 moving vans and 5,000 visits in a real Chromium, by differences as the desk does it, against
 * replacing both collections whole at each update, in one run and in turns. WebGL is drawn in software, so frames a second are
 * those of this machine's processor; the time of the page's main thread is comparable anywhere.
 */
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { z } from 'zod';
import { launch, openPage } from '../support/browser.ts';
import { tempFolder } from '../support/processes.ts';

declare global {
	interface Window {
		/** What the page of this benchmark offers: `dashboard/shared/map/bench/page.ts`. */
		mapBench?: { prepare: (way: string, load: typeof LOAD) => Promise<void>; run: () => Promise<unknown> };
	}
}

const LOAD = { vans: 500, visits: 5000, rate: 5, changes: 20, seconds: 8 };
const ROUNDS = 2;
const ways = ['diffs', 'replace'] as const;
const figures = z.object({ updates: z.number(), framesPerSecond: z.number(), longestGap: z.number(), callMs: z.number() });
type Figures = z.infer<typeof figures> & { mainMs: number };

const PAGE = fileURLToPath(new URL('../../dashboard/shared/map/bench/', import.meta.url));
const types: Readonly<Record<string, string>> = {
	'.html': 'text/html',
	'.js': 'text/javascript',
	'.mjs': 'text/javascript',
	'.css': 'text/css',
	'.json': 'application/json',
};

/** Serves a folder on a free port of this machine. */
async function serve(folder: string): Promise<Server> {
	const server = createServer((request, response) => {
		const file = join(folder, normalize(new URL(request.url ?? '/', 'http://x').pathname));
		if (!file.startsWith(folder) || !existsSync(file)) return void response.writeHead(404).end();
		response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
		createReadStream(file).pipe(response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return server;
}

/** Time of all tasks of the page's main thread so far, ms. */
async function mainThread(page: Page): Promise<() => Promise<number>> {
	const devtools = await page.context().newCDPSession(page);
	await devtools.send('Performance.enable');
	return async () => {
		const { metrics } = await devtools.send('Performance.getMetrics');
		return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1000;
	};
}

async function measure(page: Page, way: (typeof ways)[number]): Promise<Figures> {
	const busy = await mainThread(page);
	await page.evaluate(async ([how, load]) => await window.mapBench!.prepare(how, load), [way, LOAD] as const);
	const before = await busy();
	const run: unknown = await page.evaluate(async () => await window.mapBench!.run());
	const found = figures.parse(run);
	return { ...found, mainMs: ((await busy()) - before) / Math.max(1, found.updates) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export async function map(): Promise<void> {
	console.log(
		`\nmap: ${LOAD.vans} vans moving ${LOAD.rate} times a second, ${LOAD.visits} visits, ${LOAD.changes} of which change each time`,
	);
	const folder = tempFolder('map-bench');
	const outDir = join(folder.path, 'dist');
	await build({
		root: PAGE,
		configFile: false,
		logLevel: 'warn',
		worker: { format: 'es' },
		build: {
			outDir,
			target: 'es2023',
			assetsInlineLimit: 0,
			chunkSizeWarningLimit: 4000,
			rolldownOptions: { input: join(PAGE, 'page.html') },
		},
	});
	const server = await serve(outDir);
	const browser = await launch();
	try {
		const { page, problems } = await openPage(browser, 'ja-JP');
		await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/page.html`);
		await page.waitForFunction(() => window.mapBench !== undefined);
		const found: Record<(typeof ways)[number], Figures[]> = { diffs: [], replace: [] };
		for (let round = 0; round < ROUNDS; round++) {
			for (const way of round % 2 === 0 ? ways : ways.toReversed()) found[way].push(await measure(page, way));
		}
		if (problems.length > 0) throw new Error(`the page failed: ${problems.join('; ')}`);
		report(found);
	} finally {
		await browser.close();
		server.close();
		folder.dispose();
	}
}

function report(found: Readonly<Record<(typeof ways)[number], readonly Figures[]>>): void {
	const of = (way: (typeof ways)[number], key: keyof Figures) => mean(found[way].map((figure) => figure[key]));
	const rows: readonly [string, keyof Figures, string][] = [
		['main thread per update', 'mainMs', 'ms'],
		['of that, the call itself', 'callMs', 'ms'],
		['frames a second (software WebGL)', 'framesPerSecond', ''],
		['longest time between two frames', 'longestGap', 'ms'],
	];
	console.log('                                    by differences   whole collections   ratio');
	for (const [name, key, unit] of rows) {
		const [ours, theirs] = [of('diffs', key), of('replace', key)];
		const figure = (value: number) => `${value.toFixed(1)} ${unit}`.padStart(14);
		console.log(`  ${name.padEnd(34)}${figure(ours)}${figure(theirs).padStart(20)}   ${(theirs / ours).toFixed(2)}`);
	}
}
