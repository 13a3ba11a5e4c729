/** Up to a few hundred customers: anneals by ruin and recreate bring good plans early and new blood later, breeding does the rest. */
import type { Random } from '../../random.ts';
import type { Routes } from '../search.ts';
import { ANNEAL_CHUNK, CHILD_STEPS, betterOfChild, betterOfRuin, temperature, type Engine, type Plan } from './engine.ts';
import { createGenetic } from './genetic.ts';
import type { Compiled } from './problem.ts';
import { createRuinRecreate } from './ruin-recreate.ts';

/** Steps of the first anneal, and of those that follow each so many generations, from a plan of the population. */
const FIRST_ANNEAL = 40_000;
const LATER_ANNEAL = 20_000;
const LONE_ANNEAL = 200_000;
const GENERATIONS = 300;
/** Temperatures in units of the mean arc. */
const HOT = 1;
const WARM = 0.3;
const COLD = 0.01;
/** Good arcs tried a customer, and random plans in the first population. */
const GRANULAR = 20;
const RANDOM_PLANS = 12;

/** `breedFirst` leaves the first anneal out: of several islands every other one does, so that they see different plans. */
export function createHybrid(compiled: Compiled, random: Random, start: Routes | undefined, breedFirst: boolean): Engine {
	const ruin = createRuinRecreate(compiled, random);
	if (start !== undefined) ruin.load(start);
	ruin.construct();
	let best: Plan = { cost: ruin.bestCost, leftOut: ruin.bestLeftOut, routes: ruin.bestRoutes() };
	const genetic = createGenetic(compiled, random, GRANULAR);
	if (start !== undefined) genetic.add(best.routes);
	let annealSteps = breedFirst ? 0 : FIRST_ANNEAL;
	let annealed = 0;
	let hot = HOT;
	let meanArc = best.cost / compiled.nodes;
	let randomPlans = RANDOM_PLANS;
	let generations = 0;

	function anneal(limit: number): number {
		const count = Math.min(ANNEAL_CHUNK, limit, annealSteps - annealed);
		ruin.run(count, temperature(meanArc, hot, COLD, annealed / annealSteps));
		annealed += count;
		best = betterOfRuin(best, ruin);
		if (annealed === annealSteps) genetic.add(ruin.bestRoutes());
		return count;
	}

	function breed(): number {
		if (randomPlans > 0) {
			randomPlans--;
			best = betterOfChild(best, genetic.addRandom());
			return CHILD_STEPS;
		}
		best = betterOfChild(best, genetic.generation());
		if (++generations === GENERATIONS) {
			generations = 0;
			const sample = genetic.sample();
			// Without a plan that serves everyone the anneal goes on where it was: nobody else can make use of the time.
			if (sample !== undefined) ruin.load(sample.routes);
			annealSteps = sample !== undefined ? LATER_ANNEAL : LONE_ANNEAL;
			annealed = 0;
			hot = WARM;
			meanArc = best.cost / compiled.nodes;
		}
		return CHILD_STEPS;
	}

	return {
		work: (limit) => (annealed < annealSteps ? anneal(limit) : breed()),
		get best() {
			return best;
		},
		adopt: (routes) => genetic.add(routes),
	};
}
