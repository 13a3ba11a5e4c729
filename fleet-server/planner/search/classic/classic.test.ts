import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PlannerError } from '../../errors.ts';
import type { Budget, Routes } from '../search.ts';
import { createClassicSearch } from './classic.ts';
import { mergePlans, routeCost } from './merge.ts';
import { compile, type ClassicProblem } from './problem.ts';
import { optimum, randomProblem, simulate } from './test-problems.ts';

const steps = (maxSteps: number): Budget => ({ deadline: Infinity, begin: 0, end: Infinity, maxSteps });

/** Rules kept, nobody twice; returns what the plan costs and whom it leaves out. */
function judge(problem: ClassicProblem, routes: Routes): { cost: number; leftOut: number } {
	expect(routes.length).toBeLessThanOrEqual(problem.vehicles);
	const { cost, warp, excess } = simulate(problem, routes);
	expect(warp).toBe(0);
	expect(excess.every((value) => value === 0)).toBe(true);
	const served = routes.flat();
	expect(new Set(served).size).toBe(served.length);
	return { cost, leftOut: problem.customers - served.length };
}

test('finds the optimum of small problems, whatever they are like', () => {
	let infeasible = 0;
	fc.assert(
		fc.property(
			fc.integer(),
			fc.integer({ min: 1, max: 6 }),
			fc.integer({ min: 1, max: 3 }),
			fc.boolean(),
			fc.integer({ min: 1, max: 2 }),
			fc.constantFrom(0, 700),
			fc.constantFrom(0.8, 1.5),
			(seed, customers, vehicles, symmetric, dimensions, fixed, room) => {
				const problem = randomProblem(seed, { customers, vehicles, symmetric, dimensions, fixed, room, hard: seed % 2 === 0 });
				const best = optimum(problem);
				const search = createClassicSearch(problem, seed, { island: Math.abs(seed % 2), islands: 2 });
				search.run(steps(3000));
				const { cost, leftOut } = judge(problem, search.best.routes);
				expect(search.best.score).toEqual([0, leftOut, cost]);
				if (best === Infinity) {
					infeasible++;
					expect(leftOut).toBeGreaterThan(0);
				} else expect([leftOut, cost]).toEqual([0, best]);
			},
		),
		{ seed: 3, numRuns: 200 },
	);
	expect(infeasible).toBeGreaterThan(3);
});

test('leaves out as few as can be where not everyone can be served', () => {
	// One vehicle, eight customers who all want it at the same moment but for two.
	const problem = randomProblem(5, { customers: 8, vehicles: 1, room: 3 });
	problem.duration.fill(10);
	problem.open.fill(100, 1);
	problem.close.fill(105, 1);
	problem.open[8] = 300;
	problem.close[8] = 400;
	const search = createClassicSearch(problem, 1);
	search.run(steps(2000));
	expect(judge(problem, search.best.routes).leftOut).toBe(6);
	expect(search.best.score.slice(0, 2)).toEqual([0, 6]);
});

test.each([
	['a few hundred customers', 150, 1],
	['many customers', 450, 1],
	['two load dimensions that bind', 60, 2],
])('%s: plans keep the rules, seed and steps decide everything, more steps never worsen', (_, customers, dimensions) => {
	const problem = randomProblem(9, { customers, vehicles: Math.ceil(customers / 3), dimensions, width: 150 });
	const run = (seed: number, ...limits: number[]): ReturnType<typeof createClassicSearch> => {
		const search = createClassicSearch(problem, seed);
		for (const limit of limits) search.run(steps(limit));
		return search;
	};
	const short = run(1, 2000);
	judge(problem, short.best.routes);
	const long = run(1, 24_000);
	const { cost, leftOut } = judge(problem, long.best.routes);
	expect(long.best.score).toEqual([0, leftOut, cost]);
	expect(leftOut).toBe(0);
	expect(cost).toBeLessThan(short.best.score[2]);
	expect(long.steps).toBeGreaterThanOrEqual(24_000);
	expect(run(1, 24_000).best).toEqual(long.best);
	expect(run(2, 24_000).best.routes).not.toEqual(long.best.routes);
});

test('is never worse than its start, even with no step to do', () => {
	for (const customers of [60, 450]) {
		const problem = randomProblem(21, { customers, vehicles: customers, width: 200 });
		const first = createClassicSearch(problem, 1);
		first.run(steps(30_000));
		const start = first.best;
		const search = createClassicSearch(problem, 2, { start: start.routes });
		expect(search.best.score[2]).toBeLessThanOrEqual(start.score[2]);
		search.run(steps(3000));
		expect(judge(problem, search.best.routes)).toEqual({ cost: search.best.score[2], leftOut: 0 });
		expect(search.best.score[2]).toBeLessThanOrEqual(start.score[2]);
	}
});

test('plans of others are put to use', () => {
	const problem = randomProblem(30, { customers: 450, vehicles: 200, width: 200 });
	const other = createClassicSearch(problem, 1);
	other.run(steps(40_000));
	const search = createClassicSearch(problem, 2, { island: 1, islands: 2 });
	search.run(steps(50));
	expect(search.best.score[2]).toBeGreaterThan(other.best.score[2]);
	search.adopt(other.best);
	search.run(steps(100));
	expect(search.best.score[2]).toBeLessThanOrEqual(other.best.score[2]);
	judge(problem, search.best.routes);
});

test('two plans are merged group by group, never worse than either', () => {
	let mixed = 0;
	fc.assert(
		fc.property(fc.integer(), (seed) => {
			const problem = randomProblem(seed, { customers: 40, vehicles: 20, width: 120, fixed: seed % 2 === 0 ? 50 : 0 });
			const compiled = compile(problem, 20);
			const plan = (limit: number, of: number): Routes => {
				const search = createClassicSearch(problem, of);
				search.run(steps(limit));
				return search.best.routes;
			};
			const [a, b] = [plan(100, 1), plan(150, 2)];
			const merged = mergePlans(compiled, a, b);
			const { cost, leftOut } = judge(problem, merged);
			const [costA, costB] = [judge(problem, a), judge(problem, b)];
			expect(merged.reduce((sum, route) => sum + routeCost(compiled, route), 0)).toBe(cost);
			if (costA.leftOut === 0 && costB.leftOut === 0) {
				expect(leftOut).toBe(0);
				expect(cost).toBeLessThanOrEqual(Math.min(costA.cost, costB.cost));
				if (cost < Math.min(costA.cost, costB.cost)) mixed++;
			}
		}),
		{ seed: 4, numRuns: 60 },
	);
	expect(mixed).toBeGreaterThan(0);
});

test('trivial problems are finished at once', () => {
	const nobody = createClassicSearch(randomProblem(1, { customers: 0, vehicles: 2 }), 1);
	expect(nobody.finished).toBe(true);
	expect(nobody.best.score).toEqual([0, 0, 0]);
	const noVehicle = createClassicSearch(randomProblem(1, { customers: 3, vehicles: 0 }), 1);
	noVehicle.run(steps(10));
	expect(noVehicle.finished).toBe(true);
	expect(noVehicle.best.score).toEqual([0, 3, 0]);
});

test('refuses what does not fit together', () => {
	const good = randomProblem(1, { customers: 3, vehicles: 1 });
	const wrong: [Partial<ClassicProblem>, RegExp][] = [
		[{ cost: new Int32Array(9) }, /cost has 9 entries instead of 16/],
		[{ service: Int32Array.of(0, 1, -1, 0) }, /service has a negative entry/],
		[{ close: Int32Array.of(0, 1, 2, 2 ** 30) }, /times are too large/],
		[{ vehicles: -1 }, /vehicles is -1/],
	];
	for (const [change, message] of wrong) {
		expect(() => createClassicSearch({ ...good, ...change }, 1)).toThrow(PlannerError);
		expect(() => createClassicSearch({ ...good, ...change }, 1)).toThrow(message);
	}
});

test('200 jobs have a plan within 200 ms, and the deadline is kept', () => {
	const problem = randomProblem(77, { customers: 200, vehicles: 60, width: 200 });
	const before = process.threadCpuUsage();
	const search = createClassicSearch(problem, 1);
	expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(200);
	expect(search.best.score[1]).toBe(0);
	const begin = performance.now();
	search.run({ deadline: begin + 100, begin, end: begin + 10_000, maxSteps: Infinity });
	expect(search.steps).toBeGreaterThan(0);
	judge(problem, search.best.routes);
});
