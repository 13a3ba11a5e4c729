/** The search for the classic problem: vehicle routing with time windows, one depot, equal vehicles. */
import { createRandom } from '../../random.ts';
import { compareScores, type Budget, type Found, type Routes, type Search } from '../search.ts';
import { compile, type ClassicProblem } from './problem.ts';
import { createRuinRecreate } from './ruin-recreate.ts';

export interface ClassicOptions {
	/** A feasible plan to begin with: node numbers, one array a vehicle; the outcome is never worse. */
	readonly start?: Routes;
}

/** Steps between two looks at the clock. */
const CHUNK = 50;
/** Neighbours before and after a customer among which a place is looked for first. */
const NEIGHBOURS = 40;
const HOT = 0.3;
const COLD = 0.01;

/**
 * Everyone is to be served; where that cannot be done the plan leaves customers out, as few as it can. `routes` of the plans
 * found have one array a vehicle. Memory: 16 bytes for each pair of nodes and search at most. Throws a PlannerError ('input')
 * when the problem contradicts itself.
 */
export function createClassicSearch(problem: ClassicProblem, seed: number, options: ClassicOptions = {}): Search {
	const compiled = compile(problem, NEIGHBOURS);
	const engine = createRuinRecreate(compiled, createRandom(seed));
	let steps = 0;
	if (options.start !== undefined) engine.load(options.start);
	engine.construct();
	let best: Found = { score: [0, engine.bestLeftOut, engine.bestCost], routes: engine.bestRoutes() };

	function run(budget: Budget): void {
		const scale = best.score[2] / (problem.customers + 1);
		while (steps < budget.maxSteps) {
			const now = performance.now();
			if (now >= budget.deadline) break;
			const progress =
				budget.maxSteps < Infinity ? steps / budget.maxSteps : Math.min(1, (now - budget.begin) / (budget.end - budget.begin));
			const count = Math.min(CHUNK, budget.maxSteps - steps);
			engine.run(count, scale * HOT * (COLD / HOT) ** progress);
			steps += count;
			const score = [0, engine.bestLeftOut, engine.bestCost] as const;
			if (compareScores(score, best.score) < 0) best = { score, routes: engine.bestRoutes() };
		}
	}

	return {
		get best() {
			return best;
		},
		get steps() {
			return steps;
		},
		run,
		adopt(found) {
			if (compareScores(found.score, best.score) >= 0) return;
			best = found;
			engine.load(found.routes);
		},
	};
}
