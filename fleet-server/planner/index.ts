/** The planner: problems in VROOM's JSON and more in, plans out. */
import type { PlanProblem, PlanSolution } from '@junkai/contracts';
import { checkPlan } from './check/index.ts';
import { PlannerError } from './errors.ts';
import { compile } from './model/compile.ts';
import { COST, type Model } from './model/model.ts';
import { writeAnswer } from './search/rich/answer.ts';
import { createRichSearch } from './search/rich/search.ts';
import { startOf } from './search/rich/start.ts';
import type { Found, Routes } from './search/search.ts';
import { runIslands } from './threads/islands.ts';

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
	/** Worker threads; 1 when absent. 0: in the calling thread, which is then busy for the whole time. */
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
	const best = await search(model, start, options, begun);
	const solution = writeAnswer(problem, model, best);
	const faults = checkPlan(problem, solution);
	if (faults.length > 0) {
		throw new PlannerError('internal', `the plan failed its check: ${faults[0]?.message}`, {
			faults: faults.map(({ rule, vehicle, message }) => ({
				path: vehicle === undefined ? rule : `vehicle ${vehicle}: ${rule}`,
				message,
			})),
		});
	}
	const computing = { loading: Math.round(loaded - begun), solving: Math.round(performance.now() - loaded), routing: 0 };
	return solution.summary ? { ...solution, summary: { ...solution.summary, computing_times: computing } } : solution;
}

/** Fewer tasks than this need no long search. */
const FEW = 4;

async function search(
	model: Model,
	start: { readonly routes: Routes } | undefined,
	{ seconds = 5, threads = 1, seed = 1, maxSteps, signal, onProgress }: OptimizeOptions,
	begun: number,
): Promise<Found> {
	const tell = (found: Found, steps: number): void => {
		const [priority, unassigned, cost] = found.score;
		const price = cost / COST;
		onProgress?.({
			elapsed: (performance.now() - begun) / 1000,
			score: [priority, unassigned, price],
			steps,
			cost: price,
			unassigned,
		});
	};
	const time = model.tasks < FEW ? Math.min(seconds, 0.1 * model.tasks) : seconds;
	if (threads === 0 || model.tasks === 0) {
		const here = createRichSearch(model, seed, start);
		here.run({ deadline: begun + 1000 * time, begin: begun, end: begun + 1000 * time, maxSteps: maxSteps ?? Infinity });
		tell(here.best, here.steps);
		return here.best;
	}
	const { best } = await runIslands(
		{ kind: 'rich', problem: model, ...(start ? { start: start.routes } : {}) },
		{
			threads,
			seed,
			seconds: Math.max(0.02, time - (performance.now() - begun) / 1000),
			...(maxSteps === undefined ? {} : { maxSteps }),
			...(signal ? { signal } : {}),
			onProgress: ({ best: found, steps }) => tell(found, steps),
		},
	);
	return best;
}
