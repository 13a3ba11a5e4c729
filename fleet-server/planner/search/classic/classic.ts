/** The search for the classic problem: vehicle routing with time windows, one depot, equal vehicles. */
import { createRandom } from '../../random.ts';
import { compareScores, type Budget, type Found, type Routes, type Search } from '../search.ts';
import { createHybrid } from './hybrid.ts';
import { createLarge } from './large.ts';
import { compile, type ClassicProblem } from './problem.ts';

export interface ClassicOptions {
	/** A feasible plan to begin with: node numbers, one array a vehicle; the outcome is never worse. */
	readonly start?: Routes;
	/** Number of this search among several on the same problem, from 0: they begin in different ways. */
	readonly island?: number;
}

/** Neighbours before and after a customer among which a place is looked for first. */
const NEIGHBOURS = 40;

/**
 * Everyone is to be served; where that cannot be done the plan leaves customers out, as few as it can. `routes` of the plans
 * found have one array a vehicle. Memory: 16 bytes for each pair of nodes and search at most. Throws a PlannerError ('input')
 * when the problem contradicts itself.
 */
export function createClassicSearch(problem: ClassicProblem, seed: number, options: ClassicOptions = {}): Search {
	const compiled = compile(problem, NEIGHBOURS);
	const engine =
		problem.customers > 400
			? createLarge(compiled, createRandom(seed), options.start)
			: createHybrid(compiled, createRandom(seed), options.start, (options.island ?? 0) % 2 === 1);
	let steps = 0;
	const found = (): Found => ({ score: [0, engine.bestLeftOut, engine.bestCost], routes: engine.bestRoutes() });
	let best = found();

	function run(budget: Budget): void {
		while (steps < budget.maxSteps) {
			const now = performance.now();
			if (now >= budget.deadline) break;
			const progress =
				budget.maxSteps < Infinity ? steps / budget.maxSteps : Math.min(1, (now - budget.begin) / (budget.end - budget.begin));
			steps += engine.work(budget.maxSteps - steps, progress);
		}
		const latest = found();
		if (compareScores(latest.score, best.score) < 0) best = latest;
	}

	return {
		get best() {
			return best;
		},
		get steps() {
			return steps;
		},
		run,
		adopt(other) {
			if (compareScores(other.score, best.score) < 0) best = other;
			engine.adopt(other.routes);
		},
	};
}

export { createClassicSearch as createSearch };
