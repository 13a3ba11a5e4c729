/** The planner: problems in VROOM's JSON and more in, plans out. */
import type { PlanProblem, PlanSolution } from '@junkai/contracts';
import { checkPlan } from './check/index.ts';
import { PlannerError } from './errors.ts';
import { compile } from './model/compile.ts';
import { COST } from './model/model.ts';
import { writeAnswer } from './search/rich/answer.ts';
import { createRichSearch } from './search/rich/search.ts';
import { startOf } from './search/rich/start.ts';

export { checkPlan } from './check/index.ts';
export { PlannerError, type Fault, type PlannerErrorCode } from './errors.ts';
export { parseProblem } from './model/parse.ts';

/** How a search goes on. */
export interface OptimizeProgress {
	/** Seconds since the search began. */
	readonly elapsed: number;
	/** Priority left out, tasks left out, cost. */
	readonly score: readonly [number, number, number];
	readonly steps: number;
	readonly cost: number;
	/** Tasks; a shipment is two. */
	readonly unassigned: number;
}

export interface OptimizeOptions {
	/** Time for the search; 5 when absent. The answer comes a little later. */
	readonly seconds?: number;
	/** Worker threads; 1 when absent. */
	readonly threads?: number;
	/** With one thread and `maxSteps`, equal seeds give equal plans. 1 when absent. */
	readonly seed?: number;
	/** Stops the search after so many steps, even if there is time left. */
	readonly maxSteps?: number;
	/** Stops the search; the best plan so far is the answer. */
	readonly signal?: AbortSignal;
	readonly onProgress?: (progress: OptimizeProgress) => void;
}

/**
 * Looks for the best plan until time or steps are used up.
 *
 * @param problem checked by `parseProblem`, with matrices for every profile in use
 * @returns the best plan found, never worse than the `steps` given with the vehicles
 * @throws PlannerError 'input' (contradicting steps), 'matrices', 'threads', 'cancelled', 'internal' (a plan that fails its check)
 */
export async function optimize(problem: PlanProblem, options: OptimizeOptions = {}): Promise<PlanSolution> {
	const begun = performance.now();
	const model = compile(problem);
	const start = startOf(problem, model);
	const loaded = performance.now();
	const { seconds = 5, seed = 1, maxSteps = Infinity, signal, onProgress } = options;
	const search = createRichSearch(model, seed, start);
	const end = begun + 1000 * seconds;
	while (performance.now() < end && search.steps < maxSteps && !signal?.aborted) {
		search.run({ deadline: Math.min(end, performance.now() + 50), begin: begun, end, maxSteps });
		const { score } = search.best;
		onProgress?.({
			elapsed: (performance.now() - begun) / 1000,
			score: [score[0], score[1], score[2] / COST],
			steps: search.steps,
			cost: score[2] / COST,
			unassigned: score[1],
		});
		await new Promise((resolve) => setImmediate(resolve));
		if (model.tasks === 0) break;
	}
	const solution = writeAnswer(problem, model, search.best);
	const faults = checkPlan(problem, solution);
	if (faults.length > 0) {
		throw new PlannerError('internal', `the plan failed its check: ${faults[0]?.message}`, {
			faults: faults.map((fault) => ({ path: fault.rule, message: fault.message })),
		});
	}
	const computing = { loading: Math.round(loaded - begun), solving: Math.round(performance.now() - loaded), routing: 0 };
	return solution.summary ? { ...solution, summary: { ...solution.summary, computing_times: computing } } : solution;
}
