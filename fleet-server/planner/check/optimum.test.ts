/**
 * The search against brute force: on very small problems of each feature, alone and mixed, it finds the best plan there is; on
 * larger ones its plan passes the checker; with the same seed it is the same plan. `JUNKAI_PROPERTY_RUNS` is the number of
 * problems a feature.
 */
import type { PlanProblem } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import { PlannerError } from '../errors.ts';
import { optimize, parseProblem } from '../index.ts';
import { createRandom } from '../random.ts';
import { bruteForce, worthOf, writeBest } from './brute-force.ts';
import { type Feature, features, generate, someFeatures } from './generate.ts';
import { checkPlan } from './index.ts';

const runs = Number(process.env['JUNKAI_PROPERTY_RUNS'] ?? 2);
const STEPS = 10_000;
const TIMEOUT = 30_000 + 20_000 * runs;
const DAY = 48;
const LATEST = 70;

/** Brute force tries wishes by the whole second, so vehicles with fractions of seconds do not go with them. */
function tryable(chosen: Set<Feature>): ReadonlySet<Feature> {
	if (chosen.has('speed')) for (const wish of ['preferred', 'appointment'] as const) chosen.delete(wish);
	if (chosen.has('signal') || chosen.has('appointment')) chosen.add('consult');
	return chosen;
}

function small(seed: number, pick: (random: ReturnType<typeof createRandom>) => Set<Feature>): PlanProblem {
	const random = createRandom(seed * 1000 + 7);
	return generate(random, tryable(pick(random)), { jobs: 4 + (seed % 2), vehicles: 2, doctors: 2, day: DAY, leg: 10 });
}

async function expectBest(problem: PlanProblem, name: string): Promise<void> {
	const best = bruteForce(problem, LATEST);
	const options = { maxSteps: STEPS, seconds: 30, threads: 1, seed: 1 };
	if (!best.rides) {
		// Only pinned steps can make a plan impossible.
		await expect(optimize(parseProblem(structuredClone(problem)), options), name).rejects.toThrow(PlannerError);
		return;
	}
	expect(checkPlan(problem, writeBest(problem, best)), `${name}: the plan of the brute force is right`).toEqual([]);
	const plan = await optimize(parseProblem(structuredClone(problem)), options);
	expect(checkPlan(problem, plan), name).toEqual([]);
	expect(worthOf(problem, plan), `${name}: ${JSON.stringify(problem)}`).toEqual(best.worth);
}

describe('the search finds the best plan of a very small problem', () => {
	test.each(features)(
		'%s',
		async (feature) => {
			for (let seed = 1; seed <= runs; seed++)
				await expectBest(
					small(seed, () => new Set([feature])),
					`${feature} ${seed}`,
				);
		},
		TIMEOUT,
	);

	test(
		'several features at once',
		async () => {
			for (let seed = 1; seed <= 6 * runs; seed++) {
				await expectBest(
					small(seed, (random) => someFeatures(random, 2 + (seed % 4))),
					`mix ${seed}`,
				);
			}
		},
		6 * TIMEOUT,
	);
});

describe('larger problems', () => {
	/** Without pinned steps: among so many rules a pinned step soon breaks one, and the problem is refused. */
	const large = (seed: number, count: number): PlanProblem => {
		const random = createRandom(seed * 31);
		const chosen = count === features.length ? new Set(features) : someFeatures(random, count);
		chosen.delete('pinned');
		if (chosen.has('costs')) chosen.delete('cost_matrix');
		return generate(random, chosen, { jobs: 30 + random.below(30), vehicles: 5, doctors: 4, day: 28_800, leg: 1800 });
	};

	test.each([3, 8, 15, features.length])(
		'plans with %i features pass the checker',
		async (count) => {
			for (let seed = 1; seed <= Math.ceil(runs / 2); seed++) {
				const problem = large(seed + count, count);
				const plan = await optimize(parseProblem(structuredClone(problem)), { seconds: 1, threads: 1, seed });
				expect(checkPlan(problem, plan), `seed ${seed}`).toEqual([]);
				expect(plan.routes!.length, `something is planned, seed ${seed}`).toBeGreaterThan(0);
			}
		},
		TIMEOUT,
	);

	test(
		'the same seed gives the same plan',
		async () => {
			const problem = large(3, 6);
			const plans = [];
			for (const seed of [5, 5, 6]) {
				const plan = await optimize(parseProblem(structuredClone(problem)), { maxSteps: 500, seconds: 60, threads: 1, seed });
				delete plan.summary!.computing_times;
				plans.push(plan);
			}
			expect(plans[1]).toEqual(plans[0]);
		},
		TIMEOUT,
	);
});
