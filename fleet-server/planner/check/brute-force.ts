/**
 * The best plan of a very small problem, by trying everything: who does what, in which order, at which meeting point, with which
 * doctor in which order, where the breaks and reloads lie. For tests only. Times of a choice are found as the least solution of
 * its "not before" rules, with a time engine of its own.
 */
import type { PlanProblem, PlanSolution } from '@junkai/contracts';
import { doctorFits, type Facts, HUNDREDTHS, placeOf, readFacts, type Task, type Van } from './facts.ts';
import { fairnessCost } from './fairness.ts';
import { type Joint, least, type Ride, rideOf, timingOf } from './ride.ts';
import { seriesOf } from './series.ts';
import { COST_UNIT, measure, type Stop, taskCost } from './simulate.ts';
import { appointmentCost, preferredCost } from './soft.ts';
import { readSteps } from './steps.ts';
import { placed, writeSolution } from './write.ts';

/** Priority left out, tasks left out, cost in VROOM's inner unit (1/360,000). */
export type Worth = readonly [number, number, number];

export interface Best {
	readonly worth: Worth;
	/** Undefined when not even the pinned steps can be done. */
	readonly rides: readonly Ride[] | undefined;
	/** Begin of each stop, hundredths; the departure first. */
	readonly begins: readonly (readonly number[])[];
}

/** One task, or both ends of a shipment. */
type Unit = readonly Task[];

const NONE: Best = { worth: [Infinity, Infinity, Infinity], rides: undefined, begins: [] };

/** @param latest no service start after this second is tried where wishes decide the time */
export function bruteForce(problem: PlanProblem, latest: number): Best {
	const facts = readFacts(problem);
	const units = unitsOf(facts);
	const vans = [...facts.vans.values()];
	const options = vans.map((van) => new RideTable(facts, van, units));
	let best = NONE;
	for (const split of splits(units, vans.length)) {
		const [priority, tasks] = leftOut(units, split);
		if (priority > best.worth[0] || (priority === best.worth[0] && tasks > best.worth[1])) continue;
		const lists = options.map((table, van) => table.rides(maskOf(split, van)));
		if (lists.some((list) => list.length === 0)) continue;
		const found = combine(facts, lists, wholeCost(facts, units, split, vans), best, [priority, tasks], latest);
		if (found) best = found;
	}
	return best;
}

/** The best plan as an answer. */
export function writeBest(problem: PlanProblem, best: Best): PlanSolution {
	const routes = (best.rides ?? []).flatMap((ride, number) => {
		const { van, measured } = ride;
		return measured ? [{ van, measured, timing: timingOf(ride, best.begins[number] ?? []) }] : [];
	});
	return writeSolution(readFacts(problem), routes);
}

/** What an answer is worth, computed from its routes and service starts alone. */
export function worthOf(problem: PlanProblem, solution: PlanSolution): Worth {
	const facts = readFacts(problem);
	const left = new Set((solution.unassigned ?? []).map(({ type, id }) => `${type} ${id}`));
	let [priority, cost] = [0, 0];
	for (const task of facts.tasks.values()) if (left.has(task.key)) priority += task.priority;
	const routes = (solution.routes ?? []).flatMap((route) => {
		const van = facts.vans.get(route.vehicle);
		const { stops } = van ? readSteps(facts, van, route) : {};
		if (!van || !stops) throw new Error(`the route of vehicle ${route.vehicle} cannot be read`);
		const measured = measure(facts, van, stops);
		cost += measured.fixed + measured.travelCost + measured.distanceCost + taskCost(van, measured) + measured.meeting * COST_UNIT;
		for (const [at, stop] of stops.entries()) {
			const step = route.steps[at + 1];
			if (stop.kind !== 'task' || !step) continue;
			const start = step.arrival + step.waiting_time;
			cost += (preferredCost(stop, start) + appointmentCost(van, stop, start)) * COST_UNIT;
		}
		return [{ van, stops }];
	});
	const jobs = (solution.unassigned ?? []).filter(({ type }) => type === 'job').map(({ id }) => id);
	cost += (seriesOf(facts, routes).cost + fairnessCost(facts.problem, new Set(jobs))) * COST_UNIT;
	return [priority, left.size, cost];
}

function unitsOf(facts: Facts): Unit[] {
	return [...facts.tasks.values()].flatMap((task) => {
		if (task.kind === 'job') return [[task]];
		const other = facts.tasks.get(task.partner ?? '');
		return task.kind === 'pickup' && other ? [[task, other]] : [];
	});
}

/** Who does each unit: a van's number, or the number of vans for nobody. Those who leave out least come first. */
function splits(units: readonly Unit[], vans: number): number[][] {
	let all: number[][] = [[]];
	for (let unit = 0; unit < units.length; unit++) {
		all = all.flatMap((split) => Array.from({ length: vans + 1 }, (_, van) => [...split, van]));
	}
	const nobody = (split: readonly number[]) => {
		const [priority, tasks] = leftOut(
			units,
			split.map((van) => (van === vans ? -1 : van)),
		);
		return priority * 1000 + tasks;
	};
	return all.toSorted((a, b) => nobody(a) - nobody(b)).map((split) => split.map((van) => (van === vans ? -1 : van)));
}

function leftOut(units: readonly Unit[], split: readonly number[]): [number, number] {
	let [priority, tasks] = [0, 0];
	for (const [at, unit] of units.entries()) {
		if ((split[at] ?? -1) >= 0) continue;
		for (const task of unit) priority += task.priority;
		tasks += unit.length;
	}
	return [priority, tasks];
}

function maskOf(split: readonly number[], van: number): number {
	return split.reduce((mask, of, unit) => (of === van ? mask | (1 << unit) : mask), 0);
}

/** Series and fairness depend on the split alone. Undefined: a gap is broken. */
function wholeCost(facts: Facts, units: readonly Unit[], split: readonly number[], vans: readonly Van[]): number | undefined {
	const routes = vans.map((van, number) => ({
		van,
		stops: units.flatMap((unit, at) => (split[at] === number ? unit.map((task) => placed(task, undefined, undefined)) : [])),
	}));
	const series = seriesOf(facts, routes);
	if (series.faults.length > 0) return undefined;
	const left = units.flatMap((unit, at) => (split[at] === -1 && unit[0]?.kind === 'job' ? [unit[0].id] : []));
	return (series.cost + fairnessCost(facts.problem, new Set(left))) * COST_UNIT;
}

/** The cheapest rides that can be driven together; undefined when none beats `best`. */
function combine(
	facts: Facts,
	lists: readonly (readonly Ride[])[],
	whole: number | undefined,
	best: Best,
	[priority, tasks]: readonly [number, number],
	latest: number,
): Best | undefined {
	if (whole === undefined) return undefined;
	const better = priority < best.worth[0] || tasks < best.worth[1];
	let limit = better ? Infinity : best.worth[2];
	let found: Best | undefined;
	// What the vans from here on cost at the least.
	const rest = lists.map((_, at) => lists.slice(at).reduce((sum, list) => sum + (list[0]?.cost ?? 0), 0));
	const go = (van: number, rides: readonly Ride[], cost: number): void => {
		const list = lists[van];
		if (!list) {
			const joint = together(facts, rides, limit - cost, latest);
			if (!joint) return;
			limit = cost + joint.soft;
			found = { worth: [priority, tasks, limit], rides, begins: joint.begins };
			return;
		}
		for (const ride of list) {
			if (cost + ride.cost + (rest[van + 1] ?? 0) >= limit) break;
			go(van + 1, [...rides, ride], cost + ride.cost);
		}
	};
	go(0, [], whole);
	return found;
}

/** Times of rides driven together, for each order in which each doctor may take the consults; the one with the least soft cost. */
function together(facts: Facts, rides: readonly Ride[], limit: number, latest: number): (Joint & { soft: number }) | undefined {
	let best: (Joint & { soft: number }) | undefined;
	for (const orders of doctorOrders(facts, rides)) {
		const found = softest(rides, orders, Math.min(limit, best?.soft ?? Infinity), latest);
		if (found) best = found;
		if (best?.soft === 0) break;
	}
	return best;
}

export type Consulting = readonly [ride: number, stop: number];

/** All ways to merge each doctor's consults of the different rides, the order within a ride kept. */
function doctorOrders(facts: Facts, rides: readonly Ride[]): Consulting[][][] {
	let all: Consulting[][][] = [[]];
	for (const doctor of facts.doctors.keys()) {
		const queues = rides.map((ride, number) =>
			ride.stops.flatMap((stop, at): Consulting[] => (stop.kind === 'task' && stop.doctor === doctor ? [[number, at]] : [])),
		);
		const merged = merges(queues.filter((queue) => queue.length > 0));
		all = all.flatMap((orders) => merged.map((order) => [...orders, order]));
	}
	return all;
}

function merges(queues: readonly (readonly Consulting[])[]): Consulting[][] {
	if (queues.length === 0) return [[]];
	return queues.flatMap(([first, ...later], number) => {
		if (!first) return [];
		const rest = queues.map((queue, at) => (at === number ? later : queue)).filter((queue) => queue.length > 0);
		return merges(rest).map((order) => [first, ...order]);
	});
}

/** Least soft cost below `limit`: every service start of the wishing jobs is tried as the earliest they may have. */
function softest(
	rides: readonly Ride[],
	orders: readonly (readonly Consulting[])[],
	limit: number,
	latest: number,
): (Joint & { soft: number }) | undefined {
	const wishing = rides.flatMap((ride, number) =>
		ride.stops.flatMap((stop, at): Consulting[] =>
			stop.kind === 'task' && (stop.task.job?.preferred || stop.task.job?.appointment) ? [[number, at]] : [],
		),
	);
	let best: (Joint & { soft: number }) | undefined;
	const go = (depth: number, floors: ReadonlyMap<string, number>): boolean => {
		const joint = least(rides, orders, floors);
		if (!joint) return false;
		const soft = softCost(rides, joint);
		if (soft < Math.min(limit, best?.soft ?? Infinity)) best = { ...joint, soft };
		const wish = wishing[depth];
		if (!wish || best?.soft === 0) return true;
		const from = Math.ceil((joint.begins[wish[0]]?.[wish[1] + 1] ?? 0) / HUNDREDTHS);
		for (let second = from; second <= latest; second++) {
			if (!go(depth + 1, new Map(floors).set(wish.join(), second * HUNDREDTHS))) break;
		}
		return true;
	};
	go(0, new Map());
	return best;
}

function softCost(rides: readonly Ride[], joint: Joint): number {
	let cost = 0;
	for (const [number, ride] of rides.entries()) {
		for (const [at, stop] of ride.stops.entries()) {
			if (stop.kind !== 'task') continue;
			const start = (joint.begins[number]?.[at + 1] ?? 0) / HUNDREDTHS;
			cost += preferredCost(stop, start) + appointmentCost(ride.van, stop, start);
		}
	}
	return cost * COST_UNIT;
}

/** All rides of a van for each set of units, cheapest first. */
class RideTable {
	readonly #facts: Facts;
	readonly #van: Van;
	readonly #units: readonly Unit[];
	readonly #known = new Map<number, readonly Ride[]>();
	/** Nothing ties this van's times to others or to wishes: its cheapest ride is all that is needed. */
	readonly #alone: boolean;

	constructor(facts: Facts, van: Van, units: readonly Unit[]) {
		this.#facts = facts;
		this.#van = van;
		this.#units = units;
		this.#alone = !units.flat().some(({ consult, job }) => consult ?? job?.preferred ?? job?.appointment);
	}

	rides(mask: number): readonly Ride[] {
		const known = this.#known.get(mask);
		if (known) return known;
		const found = this.#enumerate(this.#units.filter((_, unit) => (mask >> unit) & 1).flat());
		const sorted = found.toSorted((a, b) => a.cost - b.cost);
		const kept = this.#alone ? sorted.slice(0, 1) : sorted;
		this.#known.set(mask, kept);
		return kept;
	}

	#enumerate(tasks: readonly Task[]): Ride[] {
		const pinned = (this.#van.vehicle.steps ?? []).filter((step) => step.pinned && step.type !== 'start' && step.type !== 'end');
		if (tasks.length === 0 && pinned.length === 0) return [{ van: this.#van, stops: [], measured: undefined, nodes: [], cost: 0 }];
		const rides: Ride[] = [];
		const breaks = [...this.#van.breaks.values()];
		const go = (stops: readonly Stop[], left: readonly Task[], restsLeft: typeof breaks, reloads: number): void => {
			if (!keepsPins(stops, pinned)) return;
			if (left.length === 0 && restsLeft.length === 0) rides.push(...this.#drive(stops, pinned.length));
			for (const task of left) {
				if (task.kind === 'delivery' && left.some((other) => other.key === task.partner)) continue;
				for (const stop of this.#ways(task))
					go(
						[...stops, stop],
						left.filter((other) => other !== task),
						restsLeft,
						reloads,
					);
			}
			for (const rest of restsLeft) {
				const places = rest.locations?.map((location) => placeOf(location, 'break')) ?? [undefined];
				for (const place of new Set(places)) {
					go(
						[...stops, { kind: 'break', rest, place }],
						left,
						restsLeft.filter((other) => other !== rest),
						reloads,
					);
				}
			}
			if (reloads > 0 && this.#van.reload !== undefined && stops.at(-1)?.kind !== 'reload') {
				go([...stops, { kind: 'reload', place: this.#van.reload }], left, restsLeft, reloads - 1);
			}
		};
		go([], tasks, breaks, (this.#van.vehicle.max_trips ?? 1) - 1);
		return rides;
	}

	/** Every meeting point and doctor for a task. */
	#ways(task: Task): Stop[] {
		const points = [undefined, ...(task.job?.meeting_points ?? []).keys()];
		const { consult } = task;
		if (!consult) return points.map((point) => placed(task, point, undefined));
		const doctors = [...this.#facts.doctors.values()].filter((doctor) => doctorFits(consult, doctor));
		return points.flatMap((point) => doctors.map((doctor) => placed(task, point, doctor.id)));
	}

	#drive(stops: readonly Stop[], pinned: number): Ride[] {
		const measured = measure(this.#facts, this.#van, stops);
		if (measured.breaches.length > 0 || pinned > stops.length) return [];
		const units = measured.fixed + measured.travelCost + measured.distanceCost + taskCost(this.#van, measured);
		return rideOf(this.#facts, this.#van, stops, measured, units + measured.meeting * COST_UNIT);
	}
}

/** Do the stops so far begin with the pinned steps? */
function keepsPins(
	stops: readonly Stop[],
	pinned: readonly { readonly type: string; readonly id?: number | undefined }[],
): boolean {
	const driven = stops.filter((stop) => stop.kind !== 'reload');
	return pinned.every(({ type, id }, at) => {
		const stop = driven[at];
		if (!stop) return true;
		return stop.kind === 'break' ? type === 'break' && stop.rest.id === id : stop.task.kind === type && stop.task.id === id;
	});
}
