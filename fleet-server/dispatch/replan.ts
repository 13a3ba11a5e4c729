/**
 * The rest of a day as a problem of its own: vans from where they are, what is done left out, what was promised priced, the old
 * order as `steps`, of which the planner keeps what still holds (`repair`).
 */
import type { PlanProblemInput, PlanRoute, PlanSolution, PlanStep } from '@junkai/contracts';
import { distanceKm, pointAlong } from '@junkai/regions';
import type { Closure, Place, Roads } from '../roads/port.ts';
import type { CareVan } from './care.ts';
import { matricesOf, placeOf, type DayProblem } from './problem.ts';

export interface ReplanOptions {
	readonly roads: Roads;
	/** What is closed from now on. */
	readonly closures: readonly Closure[];
	/** Seconds since midnight. */
	readonly now: number;
	/** Price of moving a promised visit by more than the tolerance, or to another van or doctor; no promises when 0. */
	readonly changeCost: number;
	/** A visit may begin so much earlier or later than promised, seconds. */
	readonly tolerance?: number;
}

export interface Replan {
	readonly problem: PlanProblemInput;
	/** Visits that are done or being made. */
	readonly done: ReadonlySet<number>;
	/** The steps of the old plan that are still to come, by visit, with their van. */
	readonly promised: ReadonlyMap<number, { readonly vehicle: number; readonly step: PlanStep }>;
	/** Time that the roads took, ms. */
	readonly tableMs: number;
}

type Vehicle = PlanProblemInput['vehicles'][number];

/** Where a van is, and from when on it can be sent. */
interface Standing {
	readonly place: Place;
	readonly free: number;
	readonly rested: boolean;
	readonly ahead: readonly PlanStep[];
}

const TOLERANCE = 900;
const PROMISED = 10;

/** The rest of a day. Rejects with a RoadsError when the roads give no answer. */
export async function replanOf(given: DayProblem, solution: PlanSolution, options: ReplanOptions): Promise<Replan> {
	const { day, problem } = given;
	const routes = new Map((solution.routes ?? []).map((route) => [route.vehicle, route]));
	const standings = new Map<number, Standing>();
	for (const van of day.vans) standings.set(van.id, await standingOf(van, routes.get(van.id), given, options));
	const promised = new Map<number, { vehicle: number; step: PlanStep }>();
	for (const [vehicle, { ahead }] of standings) {
		for (const step of ahead) if (step.type === 'job') promised.set(step.id!, { vehicle, step });
	}
	const unassigned = new Set((solution.unassigned ?? []).map(({ id }) => id));
	const jobs = (problem.jobs ?? []).filter(({ id }) => promised.has(id) || unassigned.has(id));
	const began = performance.now();
	// The places of the day keep their numbers; where the vans are comes behind them.
	const places = [...given.spots.map(placeOf), ...day.vans.map((van) => standings.get(van.id)!.place)];
	const matrices = await matricesOf(day, places, options);
	const tableMs = performance.now() - began;
	const vehicles = problem.vehicles.map((vehicle, index): Vehicle => {
		const { free, rested, ahead } = standings.get(vehicle.id)!;
		const { breaks, ...rest } = vehicle;
		const now: Vehicle = {
			...rest,
			start_index: given.spots.length + index,
			time_window: [Math.min(free, vehicle.time_window![1]), vehicle.time_window![1]],
			...(rested ? {} : { breaks }),
		};
		if (ahead.length === 0) return now;
		return {
			...now,
			steps: [{ type: 'start' }, ...ahead.map(({ type, id }) => ({ type, id })), { type: 'end' }] as Vehicle['steps'],
		};
	});
	const done = new Set((problem.jobs ?? []).map(({ id }) => id).filter((id) => !promised.has(id) && !unassigned.has(id)));
	const rest: PlanProblemInput = {
		...problem,
		vehicles,
		doctors: doctorsFrom(problem, solution, done, options.now),
		jobs: jobs.map((job) => priced(job, promised.get(job.id), options)),
		matrices,
	};
	return { problem: rest, done, promised, tableMs };
}

const beginOf = (step: PlanStep): number => step.arrival + step.waiting_time;
const endOf = (step: PlanStep): number => beginOf(step) + step.setup + step.service;

/** What was begun is finished; a van on its way is somewhere on the road. */
async function standingOf(
	van: CareVan,
	route: PlanRoute | undefined,
	given: DayProblem,
	options: ReplanOptions,
): Promise<Standing> {
	const base = placeOf(given.spots[given.vehicles.find(({ id }) => id === van.id)!.base]!);
	const { now } = options;
	if (!route) return { place: base, free: Math.max(now, van.shift[0]), rested: now > van.lunch[1], ahead: [] };
	const visited = (step: PlanStep): Place | null => {
		if (step.location_index !== undefined) return placeOf(given.spots[step.location_index]!);
		return null;
	};
	const begun = route.steps.filter((step) => step.type === 'start' || beginOf(step) <= now);
	const ahead = route.steps.filter((step) => !begun.includes(step) && step.type !== 'end');
	const last = begun.at(-1)!;
	const free = Math.max(now, endOf(last));
	const rested = begun.some(({ type }) => type === 'break');
	const from = begun.findLast((step) => visited(step) !== null)!;
	const to = route.steps.slice(route.steps.indexOf(last) + 1).find((step) => visited(step) !== null);
	const [here, there] = [visited(from) ?? base, to && visited(to)];
	if (!to || !there || distanceKm(here, there) === 0) return { place: here, free, rested, ahead };
	// Travelled by now on the way from the last place to the next: all of it up to the last step, and what was driven since.
	const travelled = last.duration - from.duration + Math.max(0, now - Math.max(endOf(last), route.steps[0]!.arrival));
	const share = Math.min(1, travelled / Math.max(1, to.duration - from.duration));
	if (share <= 0) return { place: here, free, rested, ahead };
	const { geometry } = await options.roads.route({ places: [here, there], vehicle: van.class });
	const { point } = pointAlong(geometry.coordinates, share);
	return { place: point, free, rested, ahead };
}

/** Doctors from now on; who is with a patient is free when that consult ends. */
function doctorsFrom(problem: PlanProblemInput, solution: PlanSolution, done: ReadonlySet<number>, now: number) {
	const busy = new Map<number, number>();
	for (const { steps } of solution.routes ?? []) {
		for (const { id, consult } of steps) {
			if (consult && done.has(id!)) busy.set(consult.doctor, Math.max(busy.get(consult.doctor) ?? now, consult.end));
		}
	}
	return (problem.doctors ?? []).map((doctor) => {
		const from = busy.get(doctor.id) ?? now;
		const windows = (doctor.time_windows ?? []).filter(([, end]) => end > from);
		// Somebody whose hours are over has none left: a window that no consult fits.
		const left = windows.map(([start, end]): [number, number] => [Math.max(start, from), end]);
		return { ...doctor, time_windows: left.length > 0 ? left : [[0, 0] as [number, number]] };
	});
}

type Job = NonNullable<PlanProblemInput['jobs']>[number];

function priced(job: Job, promise: { vehicle: number; step: PlanStep } | undefined, options: ReplanOptions): Job {
	if (!promise || options.changeCost === 0) return job;
	const { vehicle, step } = promise;
	return {
		...job,
		// A visit that was promised goes before one that never was.
		priority: PROMISED,
		appointment: {
			start: beginOf(step),
			tolerance: options.tolerance ?? TOLERANCE,
			vehicle,
			...(step.consult ? { doctor: step.consult.doctor } : {}),
			change_cost: options.changeCost,
		},
	};
}

/** Promised visits of a new plan that another van or doctor makes, or that begin too much earlier or later; and those left out. */
export function changesOf(replan: Replan, solution: PlanSolution, tolerance = TOLERANCE): { moved: number; dropped: number } {
	const found = new Map<number, { vehicle: number; step: PlanStep }>();
	for (const { vehicle, steps } of solution.routes ?? []) {
		for (const step of steps) if (step.type === 'job') found.set(step.id!, { vehicle, step });
	}
	let [moved, dropped] = [0, 0];
	for (const [id, before] of replan.promised) {
		const after = found.get(id);
		if (!after) dropped++;
		else if (
			after.vehicle !== before.vehicle ||
			after.step.consult?.doctor !== before.step.consult?.doctor ||
			Math.abs(beginOf(after.step) - beginOf(before.step)) > tolerance
		)
			moved++;
	}
	return { moved, dropped };
}
