import { expect, test } from 'vitest';
import { PlannerError } from '../errors.ts';
import { randomProblem, simulate } from '../search/classic/test-problems.ts';
import { compareScores, type Score } from '../search/search.ts';
import { runIslands, type IslandProgress } from './islands.ts';

/** A search made up for a test, as a module of its own. */
const moduleOf = (body: string): URL =>
	new URL(`data:text/javascript,${encodeURIComponent(`export function createSearch(problem, seed, options) {${body}}`)}`);

/** Tells a plan of the given score in each slice. */
const dull = `let steps = 0; return {
	best: { score: [0, 0, 1000 - options.island], routes: [[1]] },
	get steps() { return steps; },
	run({ deadline }) { while (performance.now() < deadline); steps++; },
	adopt() {},
};`;

const problem = randomProblem(8, { customers: 120, vehicles: 40, width: 200 });

test('one thread with a number of steps gives the same plan each time, told step by step', async () => {
	const told: IslandProgress[] = [];
	const job = { kind: 'classic', problem } as const;
	const first = await runIslands(job, { maxSteps: 12_000, seed: 3, onProgress: (progress) => told.push(progress) });
	const second = await runIslands(job, { maxSteps: 12_000, seed: 3 });
	expect(second.best).toEqual(first.best);
	expect(first.steps).toBeGreaterThanOrEqual(12_000);
	expect(first.failures).toEqual([]);
	expect(told.length).toBeGreaterThan(1);
	const scores = told.filter(({ better }) => better).map(({ best }) => best.score);
	expect(scores.every((score, at) => at === 0 || compareScores(score, scores[at - 1]!) < 0)).toBe(true);
	expect(scores.at(-1)).toEqual(first.best.score);
	const { cost, warp, excess } = simulate(problem, first.best.routes);
	expect([warp, excess[0], cost]).toEqual([0, 0, first.best.score[2]]);
	const other = await runIslands(job, { maxSteps: 12_000, seed: 4 });
	expect(other.best.routes).not.toEqual(first.best.routes);
});

test('stops when its time is up, and leaves the work to its threads', async () => {
	const large = randomProblem(8, { customers: 500, vehicles: 200, width: 200 });
	const before = process.threadCpuUsage();
	const { best, elapsed, cancelled } = await runIslands({ kind: 'classic', problem: large }, { threads: 2, seconds: 1 });
	const { user, system } = process.threadCpuUsage(before);
	expect(elapsed).toBeGreaterThan(900);
	expect(elapsed).toBeLessThan(10_000);
	expect(cancelled).toBe(false);
	expect(simulate(large, best.routes).cost).toBe(best.score[2]);
	// The calling thread passes plans on, no more; in processor time, so that a busy machine does not matter.
	expect((user + system) / 1000).toBeLessThan(300);
});

test('islands pass their better plans on', async () => {
	// Island 0 has only what it is given; island 1 makes a better plan in its third slice. Both must end with it.
	const module = moduleOf(`let best = { score: [0, 0, 100], routes: [[1, 2]] }; let steps = 0; return {
		get best() { return best; },
		get steps() { return steps; },
		run({ deadline }) {
			while (performance.now() < deadline);
			steps++;
			if (options.island === 1 && steps === 3) best = { score: [0, 0, 50], routes: [[2, 1]] };
			if (options.island === 0 && best.score[2] === 50) best = { score: [0, 0, 49], routes: [[1], [2]] };
		},
		adopt(found) { if (options.island === 0) best = found; },
	};`);
	const { best } = await runIslands({ kind: module, problem: {} }, { threads: 2, seconds: 30, maxSteps: 60 });
	expect(best).toEqual({ score: [0, 0, 49], routes: [[1], [2]] });
});

test('a cancel brings the best plan so far at once', async () => {
	const cancel = new AbortController();
	const scores: Score[] = [];
	let at = 0;
	const result = await runIslands(
		{ kind: 'classic', problem },
		{
			threads: 2,
			seconds: 600,
			signal: cancel.signal,
			onProgress: ({ best, elapsed }) => {
				scores.push(best.score);
				if (elapsed > 500 && at === 0) {
					at = performance.now();
					cancel.abort();
				}
			},
		},
	);
	expect(result.cancelled).toBe(true);
	expect(performance.now() - at).toBeLessThan(1000);
	expect(compareScores(result.best.score, scores.at(-1)!)).toBeLessThanOrEqual(0);
});

test('a cancel is obeyed even by a search that never comes back', async () => {
	const stuck = moduleOf(`return { best: { score: [0, 0, 7], routes: [[1]] }, steps: 0, run() { for (;;); }, adopt() {} };`);
	const cancel = new AbortController();
	const { best, cancelled } = await runIslands(
		{ kind: stuck, problem: {} },
		{ seconds: 600, signal: cancel.signal, onProgress: () => cancel.abort() },
	);
	expect({ cost: best.score[2], cancelled }).toEqual({ cost: 7, cancelled: true });
});

test('cancelled before there is a plan', async () => {
	await expect(runIslands({ kind: 'classic', problem }, { seconds: 1, signal: AbortSignal.abort('enough') })).rejects.toMatchObject(
		{
			code: 'cancelled',
			cause: 'enough',
		},
	);
	const never = moduleOf('for (;;);');
	const run = runIslands({ kind: never, problem: {} }, { seconds: 600, signal: AbortSignal.timeout(100) });
	await expect(run).rejects.toMatchObject({ name: 'PlannerError', code: 'cancelled' });
});

test('a thread that dies leaves the others at work', async () => {
	const one = moduleOf(`if (options.island === 0) throw new Error('lost a wheel'); ${dull}`);
	const { best, failures } = await runIslands({ kind: one, problem: {} }, { threads: 2, seconds: 0.5 });
	expect(best.score).toEqual([0, 0, 999]);
	expect(failures.map((error) => error.message)).toEqual(['lost a wheel']);
});

test('when all die without a plan, the error says why', async () => {
	const all = moduleOf(`throw new Error('lost a wheel');`);
	const error: unknown = await runIslands({ kind: all, problem: {} }, { threads: 2, seconds: 5 }).catch(
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(PlannerError);
	expect(error).toMatchObject({ code: 'threads', cause: { message: 'lost a wheel' } });
	expect((error as Error).message).toContain('lost a wheel');
});

test('a plan that was found survives the death of all threads', async () => {
	const later = moduleOf(
		`return { best: { score: [0, 0, 7], routes: [[1]] }, steps: 0, run() { throw new Error('lost later'); }, adopt() {} };`,
	);
	const { best, failures } = await runIslands({ kind: later, problem: {} }, { threads: 2, seconds: 5 });
	expect(best.score).toEqual([0, 0, 7]);
	expect(failures).toHaveLength(2);
});

test('a problem that a search refuses is an input error', async () => {
	const wrong = { ...problem, cost: new Int32Array(3) };
	await expect(runIslands({ kind: 'classic', problem: wrong }, { seconds: 5 })).rejects.toMatchObject({
		name: 'PlannerError',
		code: 'input',
		message: expect.stringContaining('cost has 3 entries') as string,
	});
});

test.each([{ threads: 0, seconds: 1 }, { threads: 1.5, seconds: 1 }, { seconds: Number.NaN }, { seconds: -1 }, {}])(
	'options out of range are refused: %j',
	async (options) => {
		await expect(runIslands({ kind: 'classic', problem }, options)).rejects.toMatchObject({ code: 'input' });
	},
);

test('an error thrown while progress is told ends the run with it', async () => {
	const fault = new Error('the listener broke');
	const run = runIslands(
		{ kind: 'classic', problem },
		{
			seconds: 60,
			onProgress: () => {
				throw fault;
			},
		},
	);
	await expect(run).rejects.toBe(fault);
});
