/** One job of planning, from records to days that a desk shows; runs in the planning thread. */
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import type { PlanningPoint, PlanProblem, PlanSolution } from '@junkai/contracts';
import { loadRegion } from '@junkai/regions';
import type { Matrices } from '../dispatch/frame.ts';
import { matricesOfTables, type SquareTable } from '../dispatch/matrices.ts';
import { explainUnassigned } from '../planner/explain/index.ts';
import { optimize, parseProblem, type OptimizeProgress } from '../planner/index.ts';
import { drawDays } from './draw.ts';
import { PlanningError } from './errors.ts';
import type { PlanningFrame } from './frame.ts';
import { boundTo, leftoversOf, withoutLeftovers } from './leftovers.ts';
import { mendFrame } from './mend.ts';
import { withoutWishes, withWishes } from './wishes.ts';
import { problemOf } from './problem.ts';
import type { Answers, Planned, PlanningJob, RoadsQuestion, SearchOptions } from './protocol.ts';

const pack = promisify(deflateRaw);
/** Fast rather than small. */
const PACKING = { level: 2 };

export interface WorkParts {
	readonly ask: Ask;
	/** Ends the search. */
	readonly signal: AbortSignal;
	readonly onState: (state: 'reading' | 'roads' | 'searching' | 'drawing', seconds: number) => void;
	readonly onPoint: (point: PlanningPoint) => void;
	/** Milliseconds since the job was asked for. */
	readonly elapsed: () => number;
}

export type Ask = <K extends RoadsQuestion['ask']>(question: Extract<RoadsQuestion, { ask: K }>) => Promise<Answers[K]>;

/** Null when there was nothing to plan (`warm`). Rejects with a PlanningError, a RoadsError or a PlannerError. */
export async function work(job: PlanningJob, parts: WorkParts): Promise<Planned | null> {
	const times = { reading: 0, roads: 0, searching: 0, drawing: 0 };
	const timed = async <T>(what: keyof typeof times, step: () => T | Promise<T>): Promise<T> => {
		const began = performance.now();
		try {
			return await step();
		} finally {
			times[what] += performance.now() - began;
		}
	};
	if (job.kind === 'warm') {
		loadRegion(job.region);
		return null;
	}
	parts.onState('reading', 0);
	const asked = job.kind === 'draw' ? job.frame : await timed('reading', () => frameOf(job, parts.ask));
	parts.onState('roads', 0);
	const { frame, matrices } = await timed('roads', () => onRoads(asked, parts.ask));
	let solution: PlanSolution;
	if (job.kind === 'draw') {
		const problem = parseProblem({ ...frame.problem, matrices });
		solution = { ...job.solution, unassigned: explainUnassigned(problem, job.solution) };
	} else {
		parts.signal.throwIfAborted();
		solution = await timed('searching', () => search(frame, matrices, job.search, parts));
	}
	parts.onState('drawing', 0);
	const drawn = await timed('drawing', () =>
		drawDays(frame, solution, matrices, (profile, places) => parts.ask({ ask: 'legs', profile, places })),
	);
	const packed = await Promise.all(
		[job.kind === 'draw' ? null : frame, solution, drawn.days].map(async (value) =>
			value === null ? null : new Uint8Array(await pack(JSON.stringify(value), PACKING)),
		),
	);
	return { frame: packed[0]!, solution: packed[1]!, days: packed[2]!, measures: drawn.measures, times };
}

function frameOf(job: Extract<PlanningJob, { kind: 'plan' | 'mend' }>, ask: Ask): PlanningFrame | Promise<PlanningFrame> {
	const region = loadRegion(job.region);
	return job.kind === 'plan' ? problemOf(region, job.records, job.options) : mendFrame(region, job.records, job.mend, ask);
}

/** The matrices, and the frame without visits that no road comes near. */
async function onRoads(given: PlanningFrame, ask: Ask): Promise<{ frame: PlanningFrame; matrices: Matrices }> {
	const places = given.spots.map(({ location }) => location);
	const onRoad = await ask({ ask: 'check', places });
	const frame = onRoad.every(Boolean) ? given : withoutOffRoad(given, onRoad);
	// A place off the road has no row: its neighbour's stands in and is used by nobody.
	const near = onRoad.indexOf(true);
	const asked = places.map((place, at) => (onRoad[at] ? place : places[near]!));
	// Together: each may have to wait for roads without what is closed, which are made in processes of their own.
	const tables = await Promise.all(
		Object.entries(frame.profiles).map(async ([name, profile]): Promise<[string, SquareTable]> => [
			name,
			await ask({ ask: 'table', profile, places: asked }),
		]),
	);
	return { frame, matrices: matricesOfTables(Object.fromEntries(tables)) };
}

function withoutOffRoad(frame: PlanningFrame, onRoad: readonly boolean[]): PlanningFrame {
	for (const { vehicle, base } of frame.vehicles) {
		if (!onRoad[base]) throw new PlanningError(422, `the base of ${vehicle} lies too far from any road`);
	}
	const lost = new Set(frame.visits.filter(({ spot }) => !onRoad[spot]).map(({ id }) => id));
	const jobs = (frame.problem.jobs ?? []).filter(({ id }) => !lost.has(id));
	const vehicles = frame.problem.vehicles.map(({ steps, ...vehicle }) => ({
		...vehicle,
		...(steps && { steps: steps.filter(({ id }) => !lost.has(id ?? -1)) }),
	}));
	return {
		...frame,
		visits: frame.visits.map((visit) => (lost.has(visit.id) ? { ...visit, withheld: visit.withheld ?? 'off-road' } : visit)),
		problem: {
			...frame.problem,
			vehicles,
			jobs: jobs.map((job) =>
				job.meeting_points ? { ...job, meeting_points: job.meeting_points.filter(({ location_index: at }) => onRoad[at!]) } : job,
			),
			series: (frame.problem.series ?? []).filter(({ jobs: ids }) => !ids.some((id) => lost.has(id))),
		},
	};
}

/** Seconds by size, when none are asked for: a day of 200 visits 10 s, a week of 300 some 30 s. */
const SECONDS_A_JOB = 0.05;
const LEAST_SECONDS = 2;
const MOST_SECONDS = 60;
/** What checking and drawing take after the search, of an answer that is wanted within a time; and what the search gets at least. */
const AFTER_SEARCH = 0.4;
const LEAST_SEARCH = 0.35;
/** Of the time of a plan of several days: what wishes for hours get, once each visit has its day. */
const FOR_WISHES = 0.2;
/** Of the time of a mend: what visits get that nobody was promised. */
const FOR_LEFTOVERS = 0.25;

export function secondsFor(jobs: number, days: number): number {
	return Math.round(Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, jobs * SECONDS_A_JOB * (days > 1 ? 2 : 1))));
}

function secondsOf({ seconds, within }: SearchOptions, { problem, dates }: PlanningFrame, elapsed: number): number {
	const wanted = seconds ?? secondsFor(problem.jobs?.length ?? 0, dates.length);
	if (within === undefined) return wanted;
	return Math.max(LEAST_SEARCH, Math.min(wanted, within - AFTER_SEARCH - elapsed / 1000));
}

async function search(frame: PlanningFrame, matrices: Matrices, options: SearchOptions, parts: WorkParts): Promise<PlanSolution> {
	const problem = parseProblem({ ...frame.problem, matrices });
	const seconds = secondsOf(options, frame, parts.elapsed());
	parts.onState('searching', seconds);
	const { threads, seed = 1, maxSteps } = options;
	const likes = frame.visits.some(({ likes: hours }) => hours.length > 1);
	const first = likes ? seconds * (1 - FOR_WISHES) : seconds;
	const run = (of: PlanProblem, time: number, onProgress?: (progress: OptimizeProgress) => void): Promise<PlanSolution> =>
		optimize(of, {
			seconds: time,
			threads,
			seed,
			...(maxSteps !== undefined && { maxSteps }),
			repair: true,
			signal: parts.signal,
			...(onProgress && { onProgress }),
		});
	const tellPoint = ({ elapsed, cost, unassigned }: OptimizeProgress): void => parts.onPoint({ elapsed, cost, unassigned });
	const leftovers = leftoversOf(problem, frame);
	if (leftovers.size > 0) {
		const core = await run(withoutLeftovers(problem, leftovers), seconds * (1 - FOR_LEFTOVERS), tellPoint);
		return await run(boundTo(problem, core), seconds * FOR_LEFTOVERS);
	}
	const found = await run(problem, first, tellPoint);
	// Whoever stops the search wants what there is.
	if (!likes || parts.signal.aborted) return found;
	const wished = await run(withWishes(problem, found, frame), seconds - first);
	return withoutWishes(wished, found);
}
