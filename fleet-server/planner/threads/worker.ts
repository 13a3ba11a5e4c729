/** An island: one search in a worker thread, which tells its better plans and takes those of others between slices of work. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { compareScores, type Score } from '../search/search.ts';
import type { CreateSearch, IslandData, IslandNews, IslandReport } from './protocol.ts';

/** Milliseconds of a slice: how soon a cancel or a plan from elsewhere is seen. */
const SLICE = 20;
/** Milliseconds between reports at least, of better plans and of steps alone. */
const BETTER_EVERY = 40;
const STEPS_EVERY = 250;

const data = workerData as IslandData;
const port = parentPort!;
const stop = new Int32Array(data.stop);

const { createSearch } = (await import(data.module)) as { createSearch: CreateSearch };
const search = createSearch(data.problem as never, data.seed, data.options);
const begin = data.begin - performance.timeOrigin;
const end = data.end - performance.timeOrigin;

let told: Score | null = null;
let toldAt = -Infinity;

function tell(done: boolean): void {
	const now = performance.now();
	const isBetter = told === null || compareScores(search.best.score, told) < 0;
	if (!done && now - toldAt < (isBetter ? BETTER_EVERY : STEPS_EVERY)) return;
	const report: IslandReport = { steps: search.steps, done, ...(isBetter && { found: search.best }) };
	told = search.best.score;
	toldAt = now;
	// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
	port.postMessage(report);
}

tell(false);
for (;;) {
	const now = performance.now();
	if (search.finished === true || Atomics.load(stop, 0) !== 0 || now >= end || search.steps >= data.maxSteps) break;
	search.run({ deadline: Math.min(now + SLICE, end), begin, end, maxSteps: data.maxSteps });
	for (let news = receiveMessageOnPort(port); news !== undefined; news = receiveMessageOnPort(port)) {
		search.adopt(news.message as IslandNews);
	}
	tell(false);
}
tell(true);
port.close();
