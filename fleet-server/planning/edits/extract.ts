/**
 * The part of a plan that a change by hand touches, as a problem of its own: a few routes with their order as `steps`, doctors free
 * where they attend nobody in the other routes. What stays out of it stays as it is.
 */
import type { PlanProblem, PlanSolution, PlanStep } from '@junkai/contracts';

type Job = NonNullable<PlanProblem['jobs']>[number];
type Vehicle = PlanProblem['vehicles'][number];

/** Jobs of each vehicle in their order, for the vehicles of a part. */
export type Orders = ReadonlyMap<number, readonly number[]>;

export interface Extract {
	/** Without matrices; `places` says which of the whole problem's places it uses. */
	readonly problem: PlanProblem;
	/** For each place of the part its index in the whole problem. */
	readonly places: readonly number[];
}

export interface ExtractOptions {
	readonly orders: Orders;
	/** The visit that is moved: it may take any doctor who fits; all other visits keep their meeting points. */
	readonly free: number | null;
	/** Where it is done: null at its own place, a number at that meeting point; absent: either. */
	readonly point?: number | null;
	/** Other visits keep their doctors. */
	readonly sameDoctors: boolean;
	/** The free visit does not begin before this, seconds. */
	readonly notBefore?: number | undefined;
}

/** Steps of jobs by job, with their vehicle. */
export function stepsOf(solution: PlanSolution): Map<number, { readonly vehicle: number; readonly step: PlanStep }> {
	const found = new Map<number, { vehicle: number; step: PlanStep }>();
	for (const { vehicle, steps } of solution.routes ?? [])
		for (const step of steps) if (step.type === 'job') found.set(step.id!, { vehicle, step });
	return found;
}

/** Jobs of every vehicle in their order; vehicles that stay at home have none. */
export function ordersOf(problem: PlanProblem, solution: PlanSolution): Map<number, number[]> {
	const orders = new Map<number, number[]>(problem.vehicles.map(({ id }) => [id, []]));
	for (const { vehicle, steps } of solution.routes ?? [])
		orders.set(
			vehicle,
			steps.flatMap((step) => (step.type === 'job' ? [step.id!] : [])),
		);
	return orders;
}

export function extractOf(problem: PlanProblem, solution: PlanSolution, options: ExtractOptions): Extract {
	const { orders, free, point, sameDoctors, notBefore } = options;
	const places: number[] = [];
	const local = new Map<number, number>();
	const at = (index: number): number => {
		let known = local.get(index);
		if (known === undefined) local.set(index, (known = places.push(index) - 1));
		return known;
	};
	const planned = stepsOf(solution);
	const wanted = new Set([...orders.values()].flat());
	const jobs = (problem.jobs ?? []).flatMap((job): Job[] => {
		if (!wanted.has(job.id)) return [];
		if (job.id === free) {
			const there = point === undefined ? job : point === null ? withoutPoints(job) : atPoint(job, job.meeting_points![point]!);
			return [notBefore === undefined ? there : laterOf(there, notBefore)];
		}
		const step = planned.get(job.id)?.step;
		return [step ? keptAs(job, step, sameDoctors) : job];
	});
	const moved = jobs.map((job): Job => ({
		...job,
		location_index: at(job.location_index!),
		...(job.meeting_points && {
			meeting_points: job.meeting_points.map((one) => ({ ...one, location_index: at(one.location_index!) })),
		}),
	}));
	const vehicles = problem.vehicles
		.filter(({ id }) => orders.has(id))
		.map((vehicle) => ordered(vehicle, orders.get(vehicle.id)!, at));
	const { matrices: _matrices, matrix: _matrix, shipments: _shipments, fairness: _fairness, ...rest } = problem;
	const series = (problem.series ?? []).flatMap((one) => {
		const kept = one.jobs.filter((id) => wanted.has(id));
		// Gaps are counted by places in the list: only a whole list means the same.
		return kept.length === one.jobs.length ? [one] : [];
	});
	return {
		problem: {
			...rest,
			jobs: moved,
			vehicles,
			series,
			doctors: (problem.doctors ?? []).map((doctor) => ({ ...doctor, time_windows: freeHours(doctor, solution, orders) })),
		},
		places,
	};
}

/** Vehicles whose routes hold visits of the same series: a change of one day bears on the others. */
export function seriesVehicles(problem: PlanProblem, solution: PlanSolution, job: number): number[] {
	const planned = stepsOf(solution);
	const mates = (problem.series ?? []).filter(({ jobs }) => jobs.includes(job)).flatMap(({ jobs }) => jobs);
	return [...new Set(mates.flatMap((mate) => planned.get(mate)?.vehicle ?? []))];
}

function laterOf(job: Job, notBefore: number): Job {
	const windows = job.time_windows ?? [[0, 253_402_300_799]];
	const left = windows
		.filter(([, end]) => end >= notBefore)
		.map(([start, end]): [number, number] => [Math.max(start, notBefore), end]);
	// A window that nothing can keep says so as a time window, which is what it is.
	return { ...job, time_windows: left.length > 0 ? left : [[0, 0]] };
}

/** The visit where it is planned: at its meeting point if it has one, with its doctor. */
function keptAs(job: Job, step: PlanStep, sameDoctor: boolean): Job {
	const point = step.meeting_point === undefined ? undefined : job.meeting_points?.[step.meeting_point];
	const there = point ? atPoint(job, point) : withoutPoints(job);
	return sameDoctor && step.consult && there.consult
		? { ...there, consult: { ...there.consult, doctors: [step.consult.doctor] } }
		: there;
}

/** A consult keeps to its only point when there is no signal at home; any other visit is moved there. */
function atPoint(job: Job, point: NonNullable<Job['meeting_points']>[number]): Job {
	return job.consult
		? { ...job, signal: false, meeting_points: [point] }
		: { ...withoutPoints(job), location_index: point.location_index! };
}

function withoutPoints({ meeting_points: _points, ...job }: Job): Job {
	return job;
}

function ordered(vehicle: Vehicle, jobs: readonly number[], at: (index: number) => number): Vehicle {
	const { start_index: start, end_index: end, breaks, steps: _steps, ...rest } = vehicle;
	return {
		...rest,
		...(start !== undefined && { start_index: at(start) }),
		...(end !== undefined && { end_index: at(end) }),
		...(breaks && {
			breaks: breaks.map((one) => ({
				...one,
				...(one.locations && {
					locations: one.locations.map((place) => ({ ...place, location_index: at(place.location_index!) })),
				}),
			})),
		}),
		...(jobs.length > 0 && {
			steps: [{ type: 'start' as const }, ...jobs.map((id) => ({ type: 'job' as const, id })), { type: 'end' as const }],
		}),
	};
}

type Doctor = NonNullable<PlanProblem['doctors']>[number];
const ALWAYS: [number, number] = [0, 253_402_300_799];

/** A doctor's hours without the consults of routes that are not in the part. */
function freeHours(doctor: Doctor, solution: PlanSolution, orders: Orders): [number, number][] {
	let free: [number, number][] = (doctor.time_windows ?? [ALWAYS]).map(([from, to]) => [from, to]);
	for (const { vehicle, steps } of solution.routes ?? []) {
		if (orders.has(vehicle)) continue;
		for (const { consult } of steps) {
			if (consult?.doctor !== doctor.id) continue;
			free = free.flatMap(([from, to]): [number, number][] => {
				if (consult.end <= from || consult.start >= to) return [[from, to]];
				const parts: [number, number][] = [
					[from, consult.start],
					[consult.end, to],
				];
				return parts.filter(([a, b]) => a < b);
			});
		}
	}
	// None at all would mean always.
	return free.length > 0 ? free : [[0, 0]];
}
