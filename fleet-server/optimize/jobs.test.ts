import { Worker } from 'node:worker_threads';
import { optimizeQuery, planSolution, type OptimizeJob } from '@junkai/contracts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OptimizeError, type Refusal } from './errors.ts';
import { JobThread, type JobEnd } from './job-thread.ts';
import { KEEP_JOBS, OptimizeJobs, type OptimizeLimits } from './jobs.ts';
import { scattered, small } from './test-problems.ts';

const MB = 1024 * 1024;
const limits: OptimizeLimits = { atOnce: 1, threads: 1, queue: 100, maxTasks: 100, maxBytes: MB };
const noRoads = () => Promise.reject(new Error('no roads in this test'));
const bytesOf = (problem: unknown) => new TextEncoder().encode(JSON.stringify(problem));
const refusalOf = (step: () => unknown): Refusal => {
	try {
		step();
	} catch (error) {
		if (error instanceof OptimizeError) return error.refusal;
		throw error;
	}
	throw new Error('it was not refused');
};

describe('the queue', () => {
	let jobs: OptimizeJobs;
	beforeEach(() => (jobs = new OptimizeJobs(limits, noRoads)));
	afterEach(() => jobs.stop());
	const submit = (problem: unknown, seconds = 0.2): string => {
		const bytes = bytesOf(problem);
		jobs.reserve(bytes.byteLength);
		return jobs.submit(bytes, optimizeQuery.parse({ seconds }), 'dispatcher');
	};

	test('solves one after the other, in the order of arrival, and tells each state', async () => {
		const told: OptimizeJob[] = [];
		jobs.on('change', (job) => told.push(job));
		const ids = [submit(small()), submit(small()), submit(small())];
		const outcomes = await Promise.all(ids.map((id) => jobs.ended(id)));
		for (const { job, answer } of outcomes) {
			expect(job).toMatchObject({ state: 'done', tasks: 2, position: null });
			expect(planSolution.parse(JSON.parse(new TextDecoder().decode(answer!))).summary?.cost).toBe(45);
		}
		const begun = told.filter(({ state, tasks }) => state === 'running' && tasks === null).map(({ id }) => id);
		expect(begun).toEqual(ids);
		const last = told.filter(({ id }) => id === ids[2]).map(({ state, position }) => (state === 'queued' ? position : state));
		expect([...new Set(last)]).toEqual([2, 1, 'running', 'done']);
		expect(jobs.list().map(({ id }) => id)).toEqual(ids.toReversed());
	});

	test('takes several at once when it may', async () => {
		const wide = new OptimizeJobs({ ...limits, atOnce: 2 }, noRoads);
		const start = () => {
			const bytes = bytesOf(scattered({ jobs: 40, vehicles: 4 }));
			wide.reserve(bytes.byteLength);
			return wide.submit(bytes, optimizeQuery.parse({ seconds: 100 }), 'dispatcher');
		};
		const ids = [start(), start(), start()];
		expect(ids.map((id) => wide.get(id)?.state)).toEqual(['running', 'running', 'queued']);
		await wide.cancel(ids[0]!);
		expect(ids.map((id) => wide.get(id)?.state)).toEqual(['cancelled', 'running', 'running']);
		await wide.stop();
		expect(ids.map((id) => wide.get(id)?.state)).toEqual(['cancelled', 'cancelled', 'cancelled']);
		expect(refusalOf(() => wide.admit())).toMatchObject({ status: 503, detail: expect.stringContaining('stopping') });
	});

	test('memory of bodies is bounded: those that wait and those on their way together', async () => {
		const running = submit(scattered({ jobs: 40, vehicles: 4 }), 100);
		// The running problem's bytes are its thread's.
		for (let body = 0; body < 4; body++) jobs.reserve(MB);
		expect(refusalOf(() => jobs.reserve(1))).toMatchObject({ status: 503, detail: expect.stringContaining('memory') });
		jobs.reserve(-MB);
		jobs.reserve(MB / 2);
		const waiting = new Uint8Array(MB / 2);
		const id = jobs.submit(waiting, optimizeQuery.parse({}), 'dispatcher');
		expect(refusalOf(() => jobs.reserve(MB))).toMatchObject({ status: 503 });
		await jobs.cancel(id);
		jobs.reserve(MB);
		await jobs.cancel(running);
	});

	test('only so many ended jobs are kept, the newest', async () => {
		const ids: string[] = [];
		for (let at = 0; at < KEEP_JOBS + 5; at++) {
			ids.push(submit({ vehicles: [] }));
			await jobs.ended(ids.at(-1)!);
		}
		expect(jobs.list().map(({ id }) => id)).toEqual(ids.slice(5).toReversed());
		expect(jobs.get(ids[0]!)).toBeNull();
		expect(jobs.outcome(ids.at(-1)!)?.refusal).toMatchObject({ code: 2, status: 400 });
	});

	test('and not for ever', async () => {
		const id = submit({ vehicles: [] });
		const { job } = await jobs.ended(id);
		vi.useFakeTimers({ toFake: ['Date'], now: job.expires! - 1 });
		try {
			expect(jobs.get(id)?.state).toBe('failed');
			vi.setSystemTime(job.expires!);
			expect(jobs.get(id)).toBeNull();
		} finally {
			vi.useRealTimers();
		}
	});
});

describe('a thread', () => {
	const options = { mode: 'optimize', seconds: 1, threads: 1, seed: 0, geometry: false, maxTasks: 9, maxVehicles: 9 } as const;
	/** Gives a job to a thread that runs this program. */
	const give = (program: string, resourceLimits = {}) => {
		const end = Promise.withResolvers<JobEnd>();
		const worker = new Worker(program, { eval: true, resourceLimits });
		const listener = { read: () => undefined, progress: () => undefined, end: end.resolve };
		return { worker, end: end.promise, thread: new JobThread(worker, { body: bytesOf({}), options }, noRoads, listener) };
	};
	const listen = "require('node:worker_threads').parentPort.on('message', () => {";
	test.each([
		['dies', 'process.exit(1)', {}, { code: 1, status: 500, detail: expect.stringContaining('ended') }],
		['throws', `${listen} throw new Error('boom') })`, {}, { code: 1, status: 500, detail: expect.stringContaining('boom') }],
		[
			'outgrows its memory',
			`${listen} const all = []; for (;;) all.push(JSON.parse('[' + '1,'.repeat(1_000_000) + '1]')) })`,
			{ maxOldGenerationSizeMb: 16 },
			{ code: 2, status: 422, detail: expect.stringContaining('memory') },
		],
	])('that %s fails its job alone, and says why', async (_, program, resourceLimits, refusal) => {
		expect(await give(program, resourceLimits).end).toMatchObject({ refusal });
	});

	test('that never answers is ended: while it reads, while it searches, and sooner when it was told to', async () => {
		const deaf = `${listen} for (;;); })`;
		const begins = `const { parentPort } = require('node:worker_threads'); parentPort.on('message', () => { parentPort.postMessage({ type: 'ready' }); for (;;); })`;
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		try {
			const reading = give(deaf);
			vi.advanceTimersByTime(149_000);
			vi.advanceTimersByTime(2000);
			expect(await reading.end).toMatchObject({ refusal: { detail: expect.stringContaining('reading the problem') } });

			const searching = give(begins);
			await new Promise((resolve) => searching.worker.once('message', resolve));
			vi.advanceTimersByTime(62_000);
			expect(await searching.end).toMatchObject({ refusal: { detail: expect.stringContaining('did not end in time') } });

			const cancelled = give(deaf);
			cancelled.thread.cancel();
			vi.advanceTimersByTime(3000);
			expect(await cancelled.end).toMatchObject({ refusal: { detail: expect.stringContaining('cancelled') } });
		} finally {
			vi.useRealTimers();
		}
	});
});
