import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../random.ts';
import { createLocalSearch } from './local-search.ts';
import { compile } from './problem.ts';
import { randomProblem, simulate } from './test-problems.ts';

/** Routes drawn at random, whatever windows and capacity say. */
function anyRoutes(customers: number, vehicles: number, seed: number): number[][] {
	const random = createRandom(seed);
	const routes: number[][] = Array.from({ length: vehicles }, () => []);
	for (let c = 1; c <= customers; c++) {
		const route = routes[random.below(vehicles)]!;
		route.splice(random.below(route.length + 1), 0, c);
	}
	return routes;
}

test('cost, time warp and excess of joined parts are those of a plain simulation, before and after the search', () => {
	fc.assert(
		fc.property(
			fc.integer(),
			fc.integer({ min: 2, max: 30 }),
			fc.integer({ min: 1, max: 6 }),
			fc.boolean(),
			(seed, customers, vehicles, symmetric) => {
				const problem = randomProblem(seed, { customers, vehicles, symmetric, fixed: seed % 3 === 0 ? 500 : 0 });
				const search = createLocalSearch(compile(problem, 20), createRandom(seed), 15);
				search.setPenalties(3, 20);
				search.load(anyRoutes(customers, vehicles, seed));
				const priced = (): number => search.cost + 3 * search.warp + 20 * search.excess;
				const before = priced();
				const expectSimulated = (): void => {
					const routes = search.routes();
					expect(routes.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: customers }, (_, k) => k + 1));
					const { cost, warp, excess } = simulate(problem, routes);
					expect({ cost: search.cost, warp: search.warp, excess: search.excess }).toEqual({ cost, warp, excess: excess[0] });
				};
				expectSimulated();
				search.run();
				expectSimulated();
				expect(priced()).toBeLessThanOrEqual(before + 1e-6);
			},
		),
		{ seed: 7, numRuns: 300 },
	);
});

test('the search ends, and going on from its outcome makes nothing worse', () => {
	fc.assert(
		fc.property(fc.integer(), fc.integer({ min: 5, max: 40 }), (seed, customers) => {
			const problem = randomProblem(seed, { customers, vehicles: 5, symmetric: false, fixed: 300 });
			const search = createLocalSearch(compile(problem, 20), createRandom(seed), 20);
			search.setPenalties(2.5, 7.5);
			search.load([]);
			search.run();
			const { cost, warp, excess } = search;
			const reached = cost + 2.5 * warp + 7.5 * excess;
			search.load(search.routes());
			search.run();
			expect(search.cost + 2.5 * search.warp + 7.5 * search.excess).toBeLessThanOrEqual(reached + 1e-6);
		}),
		{ seed: 11, numRuns: 100 },
	);
});
