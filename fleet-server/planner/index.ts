/** The planner: problems in VROOM's JSON and more in, plans out. */
import type { PlanProblem, PlanSolution } from '@junkai/contracts';
import { checkPlan } from './check/index.ts';
import { PlannerError } from './errors.ts';
import { explainUnassigned } from './explain/index.ts';
import { type Classic, classicOf, fromClassic, toClassic } from './model/classic.ts';
import { compile } from './model/compile.ts';
import { COST, type Model } from './model/model.ts';
import { writeAnswer } from './search/rich/answer.ts';
import { createRichSearch } from './search/rich/search.ts';
import { startOf } from './search/rich/start.ts';
import type { Found, Routes } from './search/search.ts';
import { type IslandOptions, runIslands } from './threads/islands.ts';

export { fairnessCost } from './check/fairness.ts';
export { checkPlan } from './check/index.ts';
export { blockingsAt, type Placement } from './explain/placement.ts';
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
	/** Leaves out those `steps` that break a rule, instead of refusing them: after a closure, or when a doctor is late. */
	readonly repair?: boolean;
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
	const start = startOf(problem, model, options.repair ?? false);
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
	const unassigned = explainUnassigned(problem, solution);
	const computing = { loading: Math.round(loaded - begun), solving: Math.round(performance.now() - loaded), routing: 0 };
	return { ...solution, ...(solution.summary ? { summary: { ...solution.summary, computing_times: computing } } : {}), unassigned };
}

/**
 * The plan that the `steps` of the vehicles say, with its times and doctors, as it stands: nothing is looked for.
 * @throws PlannerError 'input' where the steps break a rule, or no doctor has time for a consult in this order
 */
export function asOrdered(problem: PlanProblem): PlanSolution {
	const model = compile(problem);
	const start = startOf(problem, model, false) ?? { score: [0, 0, 0], routes: [] };
	const solution = writeAnswer(problem, model, start);
	const wanted = problem.vehicles.flatMap(({ steps = [] }) => steps.filter(({ type }) => type === 'job').map(({ id }) => id));
	const left = solution.unassigned?.find(({ type, id }) => type === 'job' && wanted.includes(id));
	if (left) throw new PlannerError('input', `job ${left.id} finds no doctor in this order`);
	const fault = checkPlan(problem, solution)[0];
	if (fault) throw new PlannerError('internal', `the plan failed its check: ${fault.message}`);
	return solution;
}

/** Fewer tasks than this need no long search. */
const FEW = 4;
/** Part of the time after which the classic search gives way to the rich one when it still leaves customers out. */
const CLASSIC_PATIENCE = 0.3;

type Start = { readonly routes: Routes };

async function search(model: Model, start: Start | undefined, options: OptimizeOptions, begun: number): Promise<Found> {
	const { seconds = 5, threads = 1, seed = 1, maxSteps, signal } = options;
	const end = begun + 1000 * (model.tasks < FEW ? Math.min(seconds, 0.1 * model.tasks) : seconds);
	const tell = ({ score: [priority, unassigned, cost] }: Found, steps: number): void =>
		options.onProgress?.({
			elapsed: (performance.now() - begun) / 1000,
			score: [priority, unassigned, cost / COST],
			steps,
			cost: cost / COST,
			unassigned,
		});
	if (threads === 0 || model.tasks === 0) {
		const here = createRichSearch(model, seed, start);
		here.run({ deadline: end, begin: begun, end, maxSteps: maxSteps ?? Infinity });
		tell(here.best, here.steps);
		return here.best;
	}
	const limits = (): IslandOptions => ({
		threads,
		seed,
		seconds: Math.max(0.02, (end - performance.now()) / 1000),
		...(maxSteps === undefined ? {} : { maxSteps }),
	});
	const classic = classicOf(model);
	if (classic) {
		const found = await searchClassic(model, classic, start, limits(), signal, tell);
		if (found.score[1] === 0 || signal?.aborted || performance.now() >= end) return found;
		start = found;
	}
	const { best } = await runIslands(
		{ kind: 'rich', problem: model, ...(start ? { start: start.routes } : {}) },
		{ ...limits(), ...(signal ? { signal } : {}), onProgress: ({ best: found, steps }) => tell(found, steps) },
	);
	return best;
}

/** The search for the classic problem; ends early when it does not find a plan that serves everyone. */
async function searchClassic(
	model: Model,
	{ problem, factor }: Classic,
	start: Start | undefined,
	limits: IslandOptions,
	signal: AbortSignal | undefined,
	tell: (found: Found, steps: number) => void,
): Promise<Found> {
	// With a number of steps, time must not decide anything.
	const patience = limits.maxSteps === undefined ? 1000 * CLASSIC_PATIENCE * (limits.seconds ?? Infinity) : Infinity;
	const enough = new AbortController();
	const rich = ({ score: [, leftOut, cost], routes }: Found): Found => ({
		score: [leftOut * (model.priority[0] ?? 0), leftOut, cost * factor],
		routes: fromClassic(model, routes),
	});
	const { best } = await runIslands(
		{ kind: 'classic', problem, ...(start ? { start: toClassic(model, start.routes) } : {}) },
		{
			...limits,
			signal: signal ? AbortSignal.any([signal, enough.signal]) : enough.signal,
			onProgress: ({ best: found, steps, elapsed }) => {
				tell(rich(found), steps);
				if (elapsed > patience && found.score[1] > 0) enough.abort();
			},
		},
	);
	return rich(best);
}
