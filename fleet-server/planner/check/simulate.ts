/**
 * Drives one route: first what does not depend on the clock (`measure`: legs, loads, distance, cost), then the clock
 * (`drive`: the earliest times in given windows). Plain and slow beside the search, and apart from it.
 */
import type { BlockingRule } from '@junkai/contracts';
import {
	type Break,
	cell,
	type Facts,
	hasWay,
	HUNDREDTHS,
	serviceOf,
	setupOf,
	spotOf,
	type Task,
	travel,
	type Van,
} from './facts.ts';

/** A place to stop at, or a break on the way (`place` undefined). */
export type Stop =
	| {
			readonly kind: 'task';
			readonly task: Task;
			readonly place: number;
			readonly point: number | undefined;
			readonly doctor: number | undefined;
	  }
	| { readonly kind: 'break'; readonly rest: Break; readonly place: number | undefined }
	| { readonly kind: 'reload'; readonly place: number };

export interface Breach {
	readonly rule: BlockingRule | 'precedence';
	/** Index of the stop; the number of stops stands for the end of the route; undefined: the route as a whole. */
	readonly stop: number | undefined;
	readonly by: number;
	readonly unit: 's' | 'm' | 'tasks' | 'units' | 'days' | 'trips' | undefined;
	/** Of `load`: over by this in each dimension. */
	readonly over?: readonly number[];
}

/** Costs in VROOM's inner unit, 1/360,000 of a unit of cost. */
export const COST_UNIT = 360_000;

export interface Measured {
	readonly stops: readonly Stop[];
	/** Hundredths of travel that ends at stop i; of an unlocated break 0: its travel belongs to the next located stop. Last: to the end. */
	readonly legs: readonly number[];
	readonly legDistances: readonly number[];
	/** Seconds at each stop. */
	readonly setups: readonly number[];
	readonly services: readonly number[];
	/** On board after the start and after each stop, so one more than stops. */
	readonly loads: readonly (readonly number[])[];
	readonly travel: number;
	readonly distance: number;
	readonly fixed: number;
	readonly travelCost: number;
	readonly distanceCost: number;
	/** Meeting points, in units of cost. */
	readonly meeting: number;
	readonly startPlace: number | undefined;
	readonly endPlace: number | undefined;
	readonly breaches: readonly Breach[];
}

export function measure(facts: Facts, van: Van, stops: readonly Stop[]): Measured {
	const breaches: Breach[] = [];
	const located = stops.filter((stop) => stop.place !== undefined);
	const startPlace = van.start ?? located[0]?.place;
	const endPlace = van.end ?? located.at(-1)?.place ?? van.start;
	const legs: number[] = [];
	const legDistances: number[] = [];
	const setups: number[] = [];
	const services: number[] = [];
	let travelCost = 0;
	let distanceCost = 0;
	let meeting = 0;
	let here = van.start;
	const { per_hour: perHour = 3600, per_km: perKm = 0, fixed = 0 } = van.vehicle.costs ?? {};
	const hourFactor = Math.round((1 / (van.vehicle.speed_factor ?? 1)) * HUNDREDTHS * perHour);

	const goTo = (place: number | undefined, at: number): void => {
		if (place === undefined || here === undefined) {
			legs.push(0);
			legDistances.push(0);
			return;
		}
		if (!hasWay(van, here, place)) {
			breaches.push({ rule: 'no_way', stop: at, by: 1, unit: undefined });
			legs.push(0);
			legDistances.push(0);
			return;
		}
		const metres = van.distances ? cell(van.distances, here, place) : 0;
		legs.push(travel(van, here, place));
		legDistances.push(metres);
		if (van.costs) travelCost += COST_UNIT * cell(van.costs, here, place);
		else {
			travelCost += hourFactor * cell(van.durations, here, place);
			distanceCost += 360 * perKm * metres;
		}
	};

	for (const [at, stop] of stops.entries()) {
		goTo(stop.place, at);
		const moved = stop.place !== undefined && stop.place !== here;
		setups.push(stop.kind === 'task' && moved ? setupOf(stop.task, van) : 0);
		services.push(serviceAt(stop, van));
		if (stop.kind === 'task') meeting += spotOf(stop.task, stop.point)?.cost ?? 0;
		here = stop.place ?? here;
	}
	goTo(van.end, stops.length);
	const loads = load(facts, van, stops, breaches);
	const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
	const measured = {
		stops,
		legs,
		legDistances,
		setups,
		services,
		loads,
		travel: sum(legs),
		distance: sum(legDistances),
		fixed: fixed * COST_UNIT,
		travelCost,
		distanceCost,
		meeting,
		startPlace,
		endPlace,
		breaches,
	};
	checkLimits(van, measured, breaches);
	checkTasks(facts, van, stops, breaches);
	return measured;
}

function serviceAt(stop: Stop, van: Van): number {
	if (stop.kind === 'task') return serviceOf(stop.task, van);
	if (stop.kind === 'break') return stop.rest.service ?? 0;
	return van.vehicle.reload?.service ?? 0;
}

/** Cost of setup and service, in VROOM's inner unit; breaks and reloads count, as in the service that VROOM shows. */
export function taskCost(van: Van, measured: Measured): number {
	let seconds = 0;
	for (const [at, service] of measured.services.entries()) seconds += service + (measured.setups[at] ?? 0);
	return (van.vehicle.costs?.per_task_hour ?? 0) * seconds * HUNDREDTHS;
}

/** Loads along the way: each trip begins with its deliveries on board and ends with its pickups; shipments come and go between. */
function load(facts: Facts, van: Van, stops: readonly Stop[], breaches: Breach[]): number[][] {
	let current = tripDeliveries(facts, stops, 0);
	const loads = [current];
	const note = (at: number | undefined, limit: readonly number[], rule: 'load' | 'break'): void => {
		let exceeded = false;
		for (let d = 0; d < current.length; d++) exceeded ||= (current[d] ?? 0) > (limit[d] ?? 0);
		if (!exceeded) return;
		const over = current.map((quantity, dimension) => Math.max(0, quantity - (limit[dimension] ?? 0)));
		const by = Math.max(0, ...over);
		breaches.push({ rule, stop: at, by, unit: 'units', over });
	};
	note(undefined, van.capacity, 'load');
	for (const [at, stop] of stops.entries()) {
		if (stop.kind === 'reload') {
			current = tripDeliveries(facts, stops, at + 1);
			note(at, van.capacity, 'load');
		} else if (stop.kind === 'task') {
			const { delivery, pickup, amount, kind } = stop.task;
			const sign = kind === 'pickup' ? 1 : -1;
			current = current.map((quantity, d) => quantity - (delivery[d] ?? 0) + (pickup[d] ?? 0) + sign * (amount[d] ?? 0));
			note(at, van.capacity, 'load');
		} else if (stop.rest.max_load) note(at, stop.rest.max_load, 'break');
		loads.push(current);
	}
	return loads;
}

function tripDeliveries(facts: Facts, stops: readonly Stop[], from: number): number[] {
	const sum = [...facts.nothing];
	for (let at = from; at < stops.length; at++) {
		const stop = stops[at];
		if (stop?.kind === 'reload') break;
		if (stop?.kind !== 'task') continue;
		const { delivery } = stop.task;
		for (let d = 0; d < sum.length; d++) sum[d] = (sum[d] ?? 0) + (delivery[d] ?? 0);
	}
	return sum;
}

function checkLimits(van: Van, { stops, travel: spent, distance }: Omit<Measured, 'breaches'>, breaches: Breach[]): void {
	const { vehicle } = van;
	const over = (rule: BlockingRule, by: number, unit: Breach['unit']): void => {
		if (by > 0) breaches.push({ rule, stop: undefined, by, unit });
	};
	const tasks = stops.filter((stop) => stop.kind === 'task').length;
	const reloads = stops.filter((stop) => stop.kind === 'reload').length;
	over('max_tasks', tasks - (vehicle.max_tasks ?? Infinity), 'tasks');
	over('max_trips', reloads + 1 - (vehicle.max_trips ?? 1), 'trips');
	over('max_travel_time', spent / HUNDREDTHS - (vehicle.max_travel_time ?? Infinity), 's');
	over('max_distance', distance - (vehicle.max_distance ?? Infinity), 'm');
}

function checkTasks(facts: Facts, van: Van, stops: readonly Stop[], breaches: Breach[]): void {
	const trip = new Map<string, number>();
	let trips = 0;
	for (const [at, stop] of stops.entries()) {
		if (stop.kind === 'reload') trips++;
		if (stop.kind !== 'task') continue;
		const { task } = stop;
		for (const rule of taskBreaches(facts, van, stop)) breaches.push({ rule, stop: at, by: 1, unit: undefined });
		// A pickup waits for its delivery; a delivery needs its pickup before it, in the same trip.
		if (task.kind === 'pickup') trip.set(task.key, trips);
		if (task.kind === 'delivery') {
			const begun = trip.get(task.partner ?? '');
			if (begun !== trips) breaches.push({ rule: 'precedence', stop: at, by: 1, unit: undefined });
			trip.delete(task.partner ?? '');
		}
	}
	for (const key of trip.keys()) {
		const at = stops.findIndex((stop) => stop.kind === 'task' && stop.task.key === key);
		breaches.push({ rule: 'precedence', stop: at, by: 1, unit: undefined });
	}
}

/** Rules that a vehicle breaks by doing a task at all, wherever in its route. */
export function taskBreaches(facts: Facts, van: Van, stop: Stop & { kind: 'task' }): BlockingRule[] {
	const { task } = stop;
	const rules: BlockingRule[] = [];
	if (!task.skills.every((skill) => van.skills.has(skill))) rules.push('skills');
	if (task.job?.vehicles && !task.job.vehicles.includes(van.vehicle.id)) rules.push('vehicles');
	if (task.consult) {
		if (!spotOf(task, stop.point)?.signal) rules.push('signal');
		if (stop.doctor !== undefined && !facts.doctors.has(stop.doctor)) rules.push('doctor_missing');
	}
	return rules;
}
