/**
 * The problem as the checker reads it: tasks, vans and doctors by name, nothing folded or scaled but the travel times. Written
 * apart from the search on purpose; the two share only the contract, so that a slip in one shows in the other.
 */
import { type Consult, NO_WAY, type PlanJob, type PlanProblem, type PlanVehicle, type TimeWindow } from '@junkai/contracts';
import { PlannerError } from '../errors.ts';

/** Exact times are in hundredths of a second, as in VROOM: a speed factor makes fractions, and two digits of them count. */
export const HUNDREDTHS = 100;

export type Doctor = NonNullable<PlanProblem['doctors']>[number];
export type Break = NonNullable<PlanVehicle['breaks']>[number];
export type Matrix = readonly (readonly number[])[];

/** A job, or one end of a shipment. */
export interface Task {
	/** `job 7`, `pickup 3`, `delivery 3`: unique in the problem. */
	readonly key: string;
	readonly kind: 'job' | 'pickup' | 'delivery';
	readonly id: number;
	/** Row of the matrices. */
	readonly place: number;
	readonly setup: number;
	readonly service: number;
	readonly setupPerType: Readonly<Record<string, number>>;
	readonly servicePerType: Readonly<Record<string, number>>;
	/** Of the service start, seconds; undefined: always. */
	readonly windows: readonly TimeWindow[] | undefined;
	/** What the vehicle takes along from where the trip begins (jobs), and what it brings back there. */
	readonly delivery: readonly number[];
	readonly pickup: readonly number[];
	/** What is on board between the two ends of a shipment. */
	readonly amount: readonly number[];
	readonly skills: readonly number[];
	readonly priority: number;
	readonly consult: Consult | undefined;
	/** The job itself; undefined for the end of a shipment. */
	readonly job: PlanJob | undefined;
	/** Key of the other end of a shipment. */
	readonly partner: string | undefined;
	readonly description: string | undefined;
	readonly location: readonly [number, number] | undefined;
}

export interface Van {
	readonly vehicle: PlanVehicle;
	readonly start: number | undefined;
	readonly end: number | undefined;
	readonly reload: number | undefined;
	readonly capacity: readonly number[];
	/** Hundredths of a second of travel for a second in the matrix. */
	readonly factor: number;
	readonly durations: Matrix;
	readonly distances: Matrix | undefined;
	readonly costs: Matrix | undefined;
	readonly skills: ReadonlySet<number>;
	readonly breaks: ReadonlyMap<number, Break>;
}

export interface Facts {
	readonly problem: PlanProblem;
	readonly dimensions: number;
	/** A load of nothing: 0 in each dimension. */
	readonly nothing: readonly number[];
	readonly tasks: ReadonlyMap<string, Task>;
	readonly vans: ReadonlyMap<number, Van>;
	readonly doctors: ReadonlyMap<number, Doctor>;
}

/** @throws {PlannerError} `input` when a place has no index or a profile no matrix: nothing can be computed then. */
export function readFacts(problem: PlanProblem): Facts {
	const dimensions = countDimensions(problem);
	const tasks = new Map<string, Task>();
	for (const job of problem.jobs ?? []) add(tasks, jobTask(job, dimensions));
	for (const [at, { pickup, delivery, ...both }] of (problem.shipments ?? []).entries()) {
		const common = {
			amount: fill(both.amount, dimensions),
			delivery: fill(undefined, dimensions),
			pickup: fill(undefined, dimensions),
			skills: both.skills ?? [],
			priority: both.priority ?? 0,
			consult: undefined,
			job: undefined,
		};
		const ends = [
			['pickup', pickup, `delivery ${delivery.id}`],
			['delivery', delivery, `pickup ${pickup.id}`],
		] as const;
		for (const [kind, end, partner] of ends) {
			const path = `shipments[${at}].${kind}`;
			add(tasks, { key: `${kind} ${end.id}`, kind, id: end.id, ...common, ...times(end), place: placeOf(end, path), partner });
		}
	}
	const vans = new Map(problem.vehicles.map((vehicle) => [vehicle.id, readVan(problem, vehicle, dimensions)]));
	return {
		problem,
		dimensions,
		nothing: fill(undefined, dimensions),
		tasks,
		vans,
		doctors: new Map((problem.doctors ?? []).map((doctor) => [doctor.id, doctor])),
	};
}

function add(tasks: Map<string, Task>, task: Task): void {
	if (tasks.has(task.key)) throw new PlannerError('input', `${task.key} is there twice`);
	tasks.set(task.key, task);
}

function jobTask(job: PlanJob, dimensions: number): Task {
	const { consult } = job;
	// VROOM: the old word counts only where neither of the new ones is used.
	const delivery = job.delivery ?? (job.pickup ? undefined : job.amount);
	return {
		key: `job ${job.id}`,
		kind: 'job',
		id: job.id,
		place: placeOf(job, `job ${job.id}`),
		...times(job),
		...(consult ? { service: consult.preparation + consult.duration + consult.rest, servicePerType: {} } : {}),
		delivery: fill(delivery, dimensions),
		pickup: fill(job.pickup, dimensions),
		amount: fill(undefined, dimensions),
		skills: job.skills ?? [],
		priority: job.priority ?? 0,
		consult,
		job,
		partner: undefined,
	};
}

type Timed = Pick<
	PlanJob,
	'setup' | 'service' | 'setup_per_type' | 'service_per_type' | 'time_windows' | 'description' | 'location'
>;

function times(task: Timed) {
	return {
		setup: task.setup ?? 0,
		service: task.service ?? 0,
		setupPerType: task.setup_per_type ?? {},
		servicePerType: task.service_per_type ?? {},
		windows: task.time_windows,
		description: task.description,
		location: task.location,
	};
}

/** Row of the matrices; every place of a problem that is planned has one. */
export function placeOf(place: { readonly location_index?: number | undefined }, path: string): number {
	if (place.location_index === undefined) throw new PlannerError('input', `${path}: no location_index; ask for matrices first`);
	return place.location_index;
}

function readVan(problem: PlanProblem, vehicle: PlanVehicle, dimensions: number): Van {
	const profile = vehicle.profile ?? 'car';
	const given = problem.matrices?.[profile];
	const durations = given?.durations ?? (profile === 'car' ? problem.matrix : undefined);
	if (!durations) throw new PlannerError('input', `vehicle ${vehicle.id}: no durations for profile ${profile}`);
	return {
		vehicle,
		start: vehicle.start_index,
		end: vehicle.end_index,
		reload: vehicle.reload ? (vehicle.reload.location_index ?? vehicle.start_index) : vehicle.start_index,
		capacity: fill(vehicle.capacity, dimensions),
		factor: Math.round((1 / (vehicle.speed_factor ?? 1)) * HUNDREDTHS),
		durations,
		distances: given?.distances,
		costs: given?.costs,
		skills: new Set(vehicle.skills),
		breaks: new Map((vehicle.breaks ?? []).map((rest) => [rest.id, rest])),
	};
}

function countDimensions(problem: PlanProblem): number {
	let most = 0;
	for (const { capacity } of problem.vehicles) most = Math.max(most, capacity?.length ?? 0);
	for (const { amount, delivery, pickup } of problem.jobs ?? [])
		for (const quantities of [amount, delivery, pickup]) most = Math.max(most, quantities?.length ?? 0);
	for (const { amount } of problem.shipments ?? []) most = Math.max(most, amount?.length ?? 0);
	return most;
}

function fill(quantities: readonly number[] | undefined, dimensions: number): number[] {
	return Array.from({ length: dimensions }, (_, at) => quantities?.[at] ?? 0);
}

/** Hundredths of a second from place to place; Infinity where there is no way. */
export function travel(van: Van, from: number, to: number): number {
	const seconds = cell(van.durations, from, to);
	return seconds === Infinity ? seconds : seconds * van.factor;
}

/** Cell of a matrix, Infinity for NO_WAY. @throws {PlannerError} `input` when the matrix is too small. */
export function cell(matrix: Matrix, from: number, to: number): number {
	const value = matrix[from]?.[to];
	if (value === undefined) throw new PlannerError('input', `the matrix has no cell from ${from} to ${to}`);
	return value === NO_WAY ? Infinity : value;
}

/** Is there a way by every matrix of the profile? */
export function hasWay(van: Van, from: number, to: number): boolean {
	const { durations, distances, costs } = van;
	if (cell(durations, from, to) === Infinity) return false;
	return !(distances && cell(distances, from, to) === Infinity) && !(costs && cell(costs, from, to) === Infinity);
}

export function setupOf(task: Task, van: Van): number {
	return task.setupPerType[van.vehicle.type ?? ''] ?? task.setup;
}

export function serviceOf(task: Task, van: Van): number {
	return task.servicePerType[van.vehicle.type ?? ''] ?? task.service;
}

/** May this doctor hold this consult at all (hours aside)? */
export function doctorFits(consult: Consult, doctor: Doctor): boolean {
	if (consult.doctors && !consult.doctors.includes(doctor.id)) return false;
	if (consult.institution !== undefined && consult.institution !== doctor.institution) return false;
	return (consult.specialties ?? []).every((specialty) => doctor.specialties?.includes(specialty) ?? false);
}

/** Place and signal of a job at its own place or at a meeting point. Undefined when there is no such meeting point. */
export function spotOf(task: Task, point: number | undefined): { place: number; signal: boolean; cost: number } | undefined {
	if (point === undefined) return { place: task.place, signal: task.job?.signal ?? true, cost: 0 };
	const meeting = task.job?.meeting_points?.[point];
	if (!meeting) return undefined;
	return { place: placeOf(meeting, `${task.key}.meeting_points[${point}]`), signal: meeting.signal, cost: meeting.cost };
}
