/** Makes of a checked problem what the search reads. */
import { NO_WAY, type PlanProblem, type PlanVehicle, type TimeWindow } from '@junkai/contracts';
import { PlannerError } from '../errors.ts';
import { compileExtras } from './compile-extras.ts';
import { compileVehicles } from './compile-vehicles.ts';
import { BLOCKED, DELIVERY, JOB, type Lists, type Model, NEVER, PICKUP, TIME, type Windows } from './model.ts';
import { profileOf } from './parse.ts';

type Job = NonNullable<PlanProblem['jobs']>[number];
type ShipmentStep = NonNullable<PlanProblem['shipments']>[number]['pickup'];

export interface Task {
	readonly job: Job | undefined;
	readonly step: Job | ShipmentStep;
	readonly kind: number;
	readonly skills: readonly number[];
	readonly priority: number;
}

/** Tasks in the model's order. */
export function tasksOf(problem: PlanProblem): Task[] {
	const tasks: Task[] = (problem.jobs ?? []).map((job) => ({
		job,
		step: job,
		kind: JOB,
		skills: job.skills ?? [],
		priority: job.priority ?? 0,
	}));
	for (const { pickup, delivery, skills = [], priority = 0 } of problem.shipments ?? []) {
		tasks.push({ job: undefined, step: pickup, kind: PICKUP, skills, priority });
		tasks.push({ job: undefined, step: delivery, kind: DELIVERY, skills, priority });
	}
	return tasks;
}

/** Numbers of places that are in use, by row of the matrices. */
export class Places {
	readonly rows: number[] = [];
	readonly #byRow = new Map<number, number>();

	/** The place of a matrix row; throws PlannerError ('matrices') when the problem gave no row. */
	of(row: number | undefined): number {
		if (row === undefined) throw new PlannerError('matrices', 'a place has no row in the matrices: fill in the matrices first');
		let place = this.#byRow.get(row);
		if (place === undefined) {
			place = this.rows.push(row) - 1;
			this.#byRow.set(row, place);
		}
		return place;
	}
}

export function lists(rows: readonly (readonly number[])[]): Lists {
	const at = new Int32Array(rows.length + 1);
	for (const [i, row] of rows.entries()) at[i + 1] = at[i]! + row.length;
	return { at, items: Int32Array.from(rows.flat()) };
}

export function windows(rows: readonly (readonly TimeWindow[] | undefined)[]): Windows {
	const all = rows.map((row) => row ?? ([[0, NEVER / TIME]] as const));
	return {
		at: lists(all.map((row) => row.map(() => 0))).at,
		open: Float64Array.from(all.flatMap((row) => row.map(([open]) => open * TIME))),
		close: Float64Array.from(all.flatMap((row) => row.map(([, close]) => close * TIME))),
	};
}

/** @throws PlannerError ('matrices') when a profile in use has no durations. */
export function compile(problem: PlanProblem): Model {
	const tasks = tasksOf(problem);
	const places = new Places();
	const dimensions = amountLength(problem);
	const types = [...new Set(problem.vehicles.map((vehicle) => vehicle.type ?? ''))];
	const profiles = [...new Set(problem.vehicles.map(profileOf))];
	for (const profile of profiles) {
		if (!problem.matrices?.[profile]?.durations)
			throw new PlannerError('matrices', `there is no duration matrix for profile ${profile}`);
	}
	const nodes = compileNodes(tasks, places);
	const vehicles = compileVehicles(problem, { tasks, places, dimensions, types, profiles });
	const nowhere = places.rows.length;
	const reloadPlaces = vehicles.map((vehicle) => vehicle.reloadPlace ?? nowhere);
	const amounts = compileAmounts(problem, dimensions);
	const allowed = compileAllowed(problem, tasks);
	return {
		vehicles: vehicles.map(({ start, end, reloadPlace: _, ...vehicle }) => ({
			...vehicle,
			start: start ?? nowhere,
			end: end ?? nowhere,
		})),
		tasks: tasks.length,
		jobs: problem.jobs?.length ?? 0,
		nodes: nodes.task.length,
		allNodes: nodes.task.length + vehicles.length,
		doctors: problem.doctors?.length ?? 0,
		types: types.length,
		places: nowhere + 1,
		nowhere,
		arcs: profiles.map((profile) => compileArcs(problem, profile, places.rows)),
		placeIndex: Int32Array.from([...places.rows, -1]),
		dimensions,
		kind: Uint8Array.from(tasks, (task) => task.kind),
		mate: Int32Array.from(tasks, (task, at) => (task.kind === JOB ? -1 : task.kind === PICKUP ? at + 1 : at - 1)),
		priority: Int32Array.from(tasks, (task) => task.priority),
		...amounts,
		...compileTimes(tasks, types),
		windows: windows(pinnedWindows(problem, tasks)),
		allowed,
		twin: compileTwins(problem, vehicles, allowed),
		pinnedTo: pinnedTo(tasks.length, vehicles),
		nodesOf: lists(nodes.of),
		nodeTask: Int32Array.from([...nodes.task, ...vehicles.map(() => -1)]),
		nodePlace: Int32Array.from([...nodes.place, ...reloadPlaces]),
		nodeCost: Float64Array.from([...nodes.cost, ...vehicles.map(() => 0)]),
		nodePoint: Int32Array.from([...nodes.point, ...vehicles.map(() => -1)]),
		...compileExtras(problem, tasks),
		timed: isTimed(problem),
		distances: Object.values(problem.matrices ?? {}).some((one) => one.distances),
	};
}

function amountLength(problem: PlanProblem): number {
	for (const vehicle of problem.vehicles) if (vehicle.capacity) return vehicle.capacity.length;
	for (const job of problem.jobs ?? []) {
		const amount = job.delivery ?? job.amount ?? job.pickup;
		if (amount) return amount.length;
	}
	for (const shipment of problem.shipments ?? []) if (shipment.amount) return shipment.amount.length;
	return 0;
}

/** As VROOM decides it: any window or break; and what VROOM has not. */
function isTimed(problem: PlanProblem): boolean {
	if ((problem.doctors?.length ?? 0) > 0) return true;
	const jobs = problem.jobs ?? [];
	if (jobs.some((job) => job.time_windows ?? job.consult ?? job.appointment ?? job.preferred)) return true;
	if ((problem.shipments ?? []).some((one) => one.pickup.time_windows ?? one.delivery.time_windows)) return true;
	return problem.vehicles.some(
		(vehicle) =>
			vehicle.time_window ??
			(vehicle.breaks?.length ||
				vehicle.max_duration !== undefined ||
				vehicle.driving_limit ||
				vehicle.steps?.some((step) => step.pinned)),
	);
}

function compileArcs(problem: PlanProblem, profile: string, rows: readonly number[]): Int32Array {
	const { durations = [], distances, costs } = problem.matrices?.[profile] ?? {};
	const size = rows.length + 1;
	const arcs = new Int32Array(new SharedArrayBuffer(3 * size * size * Int32Array.BYTES_PER_ELEMENT));
	for (const [i, row] of rows.entries()) {
		const duration = durations[row];
		const distance = distances?.[row];
		const cost = costs?.[row] ?? duration;
		for (const [j, column] of rows.entries()) {
			const at = 3 * (i * size + j);
			const seconds = duration?.[column] ?? NO_WAY;
			const price = cost?.[column] ?? NO_WAY;
			const metres = distances ? (distance?.[column] ?? NO_WAY) : 0;
			const blocked = seconds >= BLOCKED || price >= BLOCKED || metres >= BLOCKED;
			arcs[at] = blocked ? BLOCKED : seconds;
			arcs[at + 1] = blocked ? BLOCKED : price;
			arcs[at + 2] = blocked ? BLOCKED : metres;
		}
	}
	return arcs;
}

/** A consult can't be held where there is no signal: such a place is no node of its task. */
function compileNodes(
	tasks: readonly Task[],
	places: Places,
): { task: number[]; place: number[]; cost: number[]; point: number[]; of: number[][] } {
	const task: number[] = [];
	const place: number[] = [];
	const cost: number[] = [];
	const point: number[] = [];
	const of = tasks.map((): number[] => []);
	const add = (at: number, row: number | undefined, price: number, which: number): void => {
		of[at]!.push(task.push(at) - 1);
		place.push(places.of(row));
		cost.push(price * 360_000);
		point.push(which);
	};
	for (const [at, { job, step }] of tasks.entries()) {
		if (!(job?.consult && job.signal === false)) add(at, step.location_index, 0, -1);
		for (const [which, one] of (job?.meeting_points ?? []).entries()) {
			if (!job?.consult || one.signal) add(at, one.location_index, one.cost, which);
		}
	}
	return { task, place, cost, point, of };
}

function compileAmounts(problem: PlanProblem, dimensions: number): { pickup: Float64Array; delivery: Float64Array } {
	const jobs = problem.jobs ?? [];
	const count = jobs.length + 2 * (problem.shipments?.length ?? 0);
	const pickup = new Float64Array(count * dimensions);
	const delivery = new Float64Array(count * dimensions);
	for (const [at, job] of jobs.entries()) {
		pickup.set(job.pickup ?? [], at * dimensions);
		delivery.set(job.delivery ?? job.amount ?? [], at * dimensions);
	}
	for (const [s, shipment] of (problem.shipments ?? []).entries()) {
		const at = jobs.length + 2 * s;
		pickup.set(shipment.amount ?? [], at * dimensions);
		delivery.set(shipment.amount ?? [], (at + 1) * dimensions);
	}
	return { pickup, delivery };
}

function compileTimes(tasks: readonly Task[], types: readonly string[]): { setup: Float64Array; service: Float64Array } {
	const setup = new Float64Array(types.length * tasks.length);
	const service = new Float64Array(types.length * tasks.length);
	for (const [k, type] of types.entries()) {
		for (const [at, { job, step }] of tasks.entries()) {
			const { consult } = job ?? {};
			const whole = consult && consult.preparation + consult.duration + consult.rest;
			// VROOM gives a vehicle without type the default, even if there were an entry for ''.
			const own = type === '' ? undefined : type;
			setup[k * tasks.length + at] = TIME * ((own !== undefined ? step.setup_per_type?.[own] : undefined) ?? step.setup ?? 0);
			service[k * tasks.length + at] =
				TIME * (whole ?? (own !== undefined ? step.service_per_type?.[own] : undefined) ?? step.service ?? 0);
		}
	}
	return { setup, service };
}

/** Time windows of the tasks, those of pinned ones as their steps say. */
function pinnedWindows(problem: PlanProblem, tasks: readonly Task[]): (readonly TimeWindow[] | undefined)[] {
	const of = tasks.map((task) => task.step.time_windows as readonly TimeWindow[] | undefined);
	const number = taskNumbers(problem);
	for (const vehicle of problem.vehicles) {
		for (const step of vehicle.steps ?? []) {
			const task = step.pinned ? number.get(`${step.type} ${step.id}`) : undefined;
			if (task !== undefined) of[task] = boundWindows(of[task], step);
		}
	}
	return of;
}

/** Windows under a step's `service_*`; [[1, 0]] when nothing is left. */
export function boundWindows(
	rows: readonly TimeWindow[] | undefined,
	step: NonNullable<PlanVehicle['steps']>[number],
): readonly TimeWindow[] | undefined {
	if (step.service_at !== undefined) return [[step.service_at, step.service_at]];
	const { service_after: after = 0, service_before: before = NEVER / TIME } = step;
	if (step.service_after === undefined && step.service_before === undefined) return rows;
	const left = (rows ?? [[0, NEVER / TIME] as const])
		.map(([open, close]): TimeWindow => [Math.max(open, after), Math.min(close, before)])
		.filter(([open, close]) => open <= close);
	return left.length > 0 ? left : [[1, 0]];
}

/** Task by type and id of a step: `pickup 7`. */
export function taskNumbers(problem: PlanProblem): Map<string, number> {
	const name = ['job', 'pickup', 'delivery'];
	return new Map(tasksOf(problem).map((task, at) => [`${name[task.kind]} ${task.step.id}`, at]));
}

function compileAllowed(problem: PlanProblem, tasks: readonly Task[]): Uint8Array {
	const allowed = new Uint8Array(problem.vehicles.length * tasks.length);
	for (const [v, vehicle] of problem.vehicles.entries()) {
		const skills = new Set(vehicle.skills);
		for (const [t, task] of tasks.entries()) {
			const able = task.skills.every((skill) => skills.has(skill));
			const wanted = task.job?.vehicles?.includes(vehicle.id) ?? true;
			allowed[v * tasks.length + t] = able && wanted ? 1 : 0;
		}
	}
	return allowed;
}

function pinnedTo(tasks: number, vehicles: readonly { pinned: readonly number[] }[]): Int32Array {
	const to = new Int32Array(tasks).fill(-1);
	for (const [v, vehicle] of vehicles.entries()) for (const task of vehicle.pinned) to[task] = v;
	return to;
}

function compileTwins(problem: PlanProblem, vehicles: readonly object[], allowed: Uint8Array): Int32Array {
	const tasks = allowed.length / vehicles.length;
	const named = new Set((problem.jobs ?? []).map((job) => job.appointment?.vehicle));
	const first = new Map<string, number>();
	return Int32Array.from(vehicles, (vehicle, v) => {
		const own = named.has(problem.vehicles[v]!.id) ? v : '';
		const key = `${own} ${JSON.stringify(vehicle)} ${allowed.subarray(v * tasks, (v + 1) * tasks).join('')}`;
		if (!first.has(key)) first.set(key, v);
		return first.get(key)!;
	});
}
