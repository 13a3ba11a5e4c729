/** The search for the classic problem: vehicle routing with time windows, one depot, equal vehicles. */
import { createRandom } from '../../random.ts';
import type { Budget, Found, Routes, Search } from '../search.ts';
import type { Engine, Plan } from './engine.ts';
import { createHybrid } from './hybrid.ts';
import { createLarge } from './large.ts';
import { compile, type ClassicProblem } from './problem.ts';

export interface ClassicOptions {
	/** A feasible plan to begin with: node numbers, at most one array a vehicle; the outcome is never worse. */
	readonly start?: Routes;
	/** Number of this search among several on the same problem, from 0, and how many they are: they search in different ways. */
	readonly island?: number;
	readonly islands?: number;
}

/** Neighbours before and after a customer among which a place is looked for first. */
const NEIGHBOURS = 40;
/** Below so many customers an anneal finds the best plan at once, and plans are too alike to breed. */
const FEW = 20;
/** Up to so many customers the whole problem is bred on. */
const LARGE = 400;

/**
 * Everyone is to be served; where that cannot be done the plan leaves customers out, as few as it can. `routes` of the plans
 * found have one array a vehicle. Memory: 24 bytes for each pair of nodes and search at most. Throws a PlannerError ('input')
 * when the problem contradicts itself.
 */
export function createClassicSearch(problem: ClassicProblem, seed: number, options: ClassicOptions = {}): Search {
	const engine = createEngine(problem, seed, options);
	let steps = 0;
	let plan = engine.best;
	let best = foundOf(plan);

	function run(budget: Budget): void {
		while (steps < budget.maxSteps) {
			const now = performance.now();
			if (now >= budget.deadline) break;
			const progress =
				budget.maxSteps < Infinity ? steps / budget.maxSteps : Math.min(1, (now - budget.begin) / (budget.end - budget.begin));
			steps += engine.work(budget.maxSteps - steps, progress);
		}
		if (engine.best === plan) return;
		plan = engine.best;
		best = foundOf(plan);
	}

	return {
		get best() {
			return best;
		},
		get steps() {
			return steps;
		},
		finished: problem.customers <= 1 || problem.vehicles === 0,
		run,
		adopt: (found) => engine.adopt(found.routes),
	};
}

export { createClassicSearch as createSearch };

const foundOf = ({ cost, leftOut, routes }: Plan): Found => ({ score: [0, leftOut, cost], routes });

function createEngine(problem: ClassicProblem, seed: number, { start, island = 0, islands = 1 }: ClassicOptions): Engine {
	const compiled = compile(problem, NEIGHBOURS);
	const random = createRandom(seed);
	// Breeding sees one load dimension only, and needs someone to exchange.
	const annealOnly = compiled.dimensions > 1 || problem.customers <= 1 || problem.vehicles === 0;
	return annealOnly || problem.customers > LARGE
		? createLarge(compiled, random, { start, island, islands, annealOnly })
		: createHybrid(compiled, random, start, island % 2 === 1 && problem.customers >= FEW);
}
