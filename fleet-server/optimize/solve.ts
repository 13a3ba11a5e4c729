/** From the bytes of a problem to its plan. Runs in a thread of its own in the server, in the command line's process there. */
import { performance } from 'node:perf_hooks';
import type { OptimizeProgress, PlanProblem, PlanSolution } from '@junkai/contracts';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { PlannerError } from '../planner/errors.ts';
import { optimize, parseProblem } from '../planner/index.ts';
import { choosePlanTimes } from '../planner/plan-mode/index.ts';
import { closure, type Closure } from '../roads/port.ts';
import { RoadsError } from '../roads/roads-error.ts';
import { fieldOf, inputError, LONGEST_PATH, OptimizeError, unusable, type Refusal } from './errors.ts';
import { addGeometry } from './geometry.ts';
import { fillMatrices, hasMatrices, withoutIndexes } from './places.ts';
import { limitsFor, readJson } from './read-json.ts';
import type { RoadConditions, RoadsAnswers } from './road-answers.ts';

export interface SolveOptions {
	readonly mode: 'optimize' | 'plan';
	/** Time to improve the plan, what was spent before and here included, asking the roads not. */
	readonly seconds: number;
	/** Seconds that passed already: a process or a thread had to be started. */
	readonly spent: number;
	readonly threads: number;
	readonly seed: number;
	readonly maxSteps?: number | undefined;
	readonly geometry: boolean;
	/** Millimetres since the rain began. */
	readonly rain?: number | undefined;
	/** ISO 8601. */
	readonly departure?: string | undefined;
	/** Jobs, and two for each shipment. */
	readonly maxTasks: number;
	readonly maxVehicles: number;
}

export interface SolveParts {
	/** The roads under these conditions; asked only when they are needed. */
	readonly roads: (conditions: RoadConditions) => RoadsAnswers;
	readonly signal: AbortSignal;
	/** The problem was read: so many tasks. */
	readonly onRead: (tasks: number) => void;
	/** The roads were asked and the problem is sound: the search begins. */
	readonly onReady: () => void;
	readonly onProgress: (progress: OptimizeProgress) => void;
}

/** At most so many closures may come with a problem. */
const closures = z.array(closure).max(200);
/** Least share of the time asked for that is left to the search when reading took long. */
const LEAST_SHARE = 0.5;

/** Solves a problem. Rejects with an OptimizeError, a PlannerError or a RoadsError; `refusalOf` puts each into words. */
export async function solve(bytes: Uint8Array, options: SolveOptions, parts: SolveParts): Promise<PlanSolution> {
	const began = performance.now();
	const input = readJson(bytes, limitsFor(options.maxTasks));
	const tasks = countTasks(input, options);
	parts.onRead(tasks);
	const conditions = conditionsOf(input, options);
	let asking = 0;
	const roads = patient(parts.roads(conditions), (milliseconds) => (asking += milliseconds));
	const own = hasMatrices(input);
	const problem = await checked(input, own, roads, options.mode === 'plan' ? 'plan' : 'solve');
	parts.signal.throwIfAborted();
	parts.onReady();
	const loading = performance.now() - began;
	const spent = options.spent + (loading - asking) / 1000;
	const solution =
		options.mode === 'plan'
			? choosePlanTimes(problem)
			: await search(problem, { ...options, seconds: Math.max(options.seconds - spent, options.seconds * LEAST_SHARE) }, parts);
	const solved = performance.now();
	if (options.geometry) await addGeometry(solution, problem, roads);
	if (solution.summary) {
		const routing = performance.now() - solved;
		const times = { loading, solving: solved - began - loading, routing };
		solution.summary.computing_times = {
			loading: Math.round(times.loading),
			solving: Math.round(times.solving),
			routing: Math.round(times.routing),
		};
	}
	return own ? solution : withoutIndexes(solution);
}

/** The problem, sound and with matrices. */
async function checked(input: unknown, own: boolean, roads: RoadsAnswers, mode: 'solve' | 'plan'): Promise<PlanProblem> {
	try {
		return parseProblem(own ? input : await fillMatrices(input, roads), mode);
	} catch (error) {
		// The schema's library gathers faults on the stack, which holds some hundred thousand of them.
		if (!(error instanceof RangeError)) throw error;
		throw unusable('The problem breaks its schema.', [{ field: 'body', message: 'more faults than can be counted' }], {
			cause: error,
		});
	}
}

/** Tasks of a problem that is not checked yet. Throws an OptimizeError when there are more tasks or vehicles than may be. */
function countTasks(input: unknown, { maxTasks, maxVehicles }: SolveOptions): number {
	if (typeof input !== 'object' || input === null || Array.isArray(input)) {
		throw inputError('The problem breaks its schema.', [{ field: 'body', message: 'expected an object with vehicles and jobs' }]);
	}
	const length = (key: string): number => {
		const list: unknown = (input as Record<string, unknown>)[key];
		return Array.isArray(list) ? list.length : 0;
	};
	const tasks = length('jobs') + 2 * length('shipments');
	if (tasks > maxTasks) {
		const message = `${tasks} tasks (jobs, and two for each shipment); at most ${maxTasks} are taken`;
		throw unusable('Too many tasks.', [{ field: length('jobs') > 0 ? 'jobs' : 'shipments', message }]);
	}
	if (length('vehicles') > maxVehicles) {
		const message = `${length('vehicles')} vehicles; at most ${maxVehicles} are taken`;
		throw unusable('Too many vehicles.', [{ field: 'vehicles', message }]);
	}
	return tasks;
}

/** Closures and departure; refused for a problem with its own matrices, in which they would do nothing. */
function conditionsOf(input: unknown, { rain, departure }: SolveOptions): RoadConditions {
	const given = (input as { closures?: unknown }).closures;
	const parsed = closures.safeParse(given ?? []);
	if (!parsed.success) {
		const errors = parsed.error.issues.map(({ path, message }) => ({ field: fieldOf(['closures', ...path]), message }));
		throw inputError('The closures break their schema.', errors, parsed.error);
	}
	if (hasMatrices(input)) {
		const named = { rain, departure, closures: given };
		const errors = Object.entries(named).flatMap(([field, value]) =>
			value === undefined
				? []
				: [{ field, message: 'has no effect on the matrices that the problem brings: leave out one of the two' }],
		);
		if (errors.length > 0) throw unusable('The roads cannot change matrices that are given.', errors);
	}
	const raining: Closure[] = rain === undefined ? [] : [{ id: 'rain', rain: { mm: rain } }];
	return { closures: [...raining, ...parsed.data], departure };
}

/** Tells how long the roads were waited for. */
function patient(roads: RoadsAnswers, onWaited: (milliseconds: number) => void): RoadsAnswers {
	const timed = async <T>(answer: Promise<T>): Promise<T> => {
		const began = performance.now();
		try {
			return await answer;
		} finally {
			onWaited(performance.now() - began);
		}
	};
	return {
		table: (vehicle, places) => timed(roads.table(vehicle, places)),
		way: (vehicle, places) => timed(roads.way(vehicle, places)),
	};
}

function search(problem: PlanProblem, options: SolveOptions, { signal, onProgress }: SolveParts): Promise<PlanSolution> {
	const { seconds, threads, seed, maxSteps } = options;
	return optimize(problem, {
		seconds,
		threads,
		seed,
		signal,
		...(maxSteps !== undefined && { maxSteps }),
		onProgress: ({ elapsed, score, steps, cost, unassigned }) =>
			onProgress({ elapsed, seconds, cost, unassigned, priority: score[0], steps }),
	});
}

/** Anything that `solve` rejects with, for whoever asked. */
export function refusalOf(error: unknown): Refusal {
	if (error instanceof OptimizeError) return error.refusal;
	if (error instanceof PlannerError) return ofPlanner(error);
	if (error instanceof RoadsError) return ofRoads(error);
	return { code: 1, status: 500, detail: `The planner failed: ${messageOf(error)}` };
}

function ofPlanner(error: PlannerError): Refusal {
	if (error.code !== 'input' && error.code !== 'matrices')
		return { code: 1, status: 500, detail: `The planner failed: ${error.message}` };
	const errors = error.faults.map(({ path, message }) => ({ field: path === '' ? 'body' : path.slice(0, LONGEST_PATH), message }));
	const detail = 'The problem breaks its schema or contradicts itself.';
	return inputError(errors.length > 0 ? detail : error.message, errors).refusal;
}

function ofRoads(error: RoadsError): Refusal {
	const { fault, message } = error;
	const theirs = ['timeout', 'unavailable', 'no-tiles', 'build', 'answer', 'aborted'].includes(fault);
	return { code: 3, status: theirs ? 503 : 422, detail: `The roads gave no answer: ${message}` };
}
