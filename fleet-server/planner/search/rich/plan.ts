/** A whole plan under change: routes, what is left out, and what it is worth. */
import type { Model } from '../../model/model.ts';
import type { Score } from '../search.ts';
import { createRoute, reserve, type Route } from './route.ts';
import type { Kernel } from './kernel.ts';

export interface Plan {
	readonly routes: readonly Route[];
	/** Vehicle of each task; −1: left out. */
	readonly vehicleOf: Int32Array;
	/** Tasks left out of each group, and the group cost they make. */
	readonly leftOut: Int32Array;
}

export function createPlan(model: Model): Plan {
	const leftOut = new Int32Array(model.groupWeight.length);
	for (const group of model.group) if (group >= 0) leftOut[group]!++;
	return {
		routes: model.vehicles.map((_, vehicle) => createRoute(model, vehicle)),
		vehicleOf: new Int32Array(model.tasks).fill(-1),
		leftOut,
	};
}

/** Cost of leaving `count` jobs of a group out, in the model's unit. */
export function groupCost(model: Model, group: number, count: number): number {
	return 360_000 * Math.round((model.groupWeight[group]! * count * count) / model.groupNeed[group]!);
}

/** Cost that the order of crews and weekdays makes in one series. */
export function seriesCost(model: Model, plan: Plan, which: number): number {
	const series = model.series[which]!;
	if (series.otherCrew === 0 && series.otherWeekday === 0) return 0;
	let cost = 0;
	let before = -1;
	for (const task of series.tasks) {
		const vehicle = plan.vehicleOf[task]!;
		if (vehicle < 0) continue;
		if (before >= 0) {
			const one = model.vehicles[before]!;
			const other = model.vehicles[vehicle]!;
			if (one.crew !== other.crew) cost += series.otherCrew;
			if (one.day % 7 !== other.day % 7) cost += series.otherWeekday;
		}
		before = vehicle;
	}
	return cost;
}

/** Whether a task's day fits the days of its series; the task counts as left out so far. */
export function daysFit(model: Model, plan: Plan, task: number, vehicle: number): boolean {
	const { at, items } = model.seriesOf;
	const { day } = model.vehicles[vehicle]!;
	for (let i = at[task]!; i < at[task + 1]!; i++) {
		const { tasks, least, most } = model.series[items[i]!]!;
		const here = tasks.indexOf(task);
		for (let k = 0; k < tasks.length; k++) {
			const other = plan.vehicleOf[tasks[k]!]!;
			if (k === here || other < 0) continue;
			const steps = Math.abs(k - here);
			const apart = k > here ? model.vehicles[other]!.day - day : day - model.vehicles[other]!.day;
			if (apart < steps * least || apart > steps * most) return false;
		}
	}
	return true;
}

/** Change of series cost when a task that is left out goes to `vehicle`. */
export function seriesChange(model: Model, plan: Plan, task: number, vehicle: number): number {
	const { at, items } = model.seriesOf;
	let change = 0;
	for (let i = at[task]!; i < at[task + 1]!; i++) {
		change -= seriesCost(model, plan, items[i]!);
		plan.vehicleOf[task] = vehicle;
		change += seriesCost(model, plan, items[i]!);
		plan.vehicleOf[task] = -1;
	}
	return change;
}

/** Notes that a task went to `vehicle` (−1: is left out). */
export function assign(model: Model, plan: Plan, task: number, vehicle: number): void {
	const group = model.group[task]!;
	if (group >= 0) plan.leftOut[group]! += (vehicle < 0 ? 1 : 0) - (plan.vehicleOf[task]! < 0 ? 1 : 0);
	plan.vehicleOf[task] = vehicle;
}

export function scoreOf(model: Model, plan: Plan): Score {
	let priority = 0;
	let count = 0;
	let cost = 0;
	for (let task = 0; task < model.tasks; task++) {
		if (plan.vehicleOf[task]! >= 0) continue;
		priority += model.priority[task]!;
		count++;
	}
	for (const route of plan.routes) cost += route.hard + route.extra;
	for (let group = 0; group < plan.leftOut.length; group++) cost += groupCost(model, group, plan.leftOut[group]!);
	for (let series = 0; series < model.series.length; series++) cost += seriesCost(model, plan, series);
	return [priority, count, cost];
}

/** Puts a node into a route behind a position; the route must be updated afterwards. */
export function putIn(model: Model, route: Route, position: number, node: number): void {
	reserve(model, route, route.n + 1);
	route.seq.copyWithin(position + 2, position + 1, route.n + 1);
	route.seq[position + 1] = node;
	route.n++;
}

/** Takes the node at a position out of a route; the route must be updated afterwards. */
export function takeOut(route: Route, position: number): void {
	route.seq.copyWithin(position, position + 1, route.n + 1);
	route.n--;
}

/** Takes out the nodes of tasks that the route's vehicle no longer has; the route must be updated afterwards. */
export function strip(model: Model, plan: Plan, route: Route): void {
	let n = 0;
	for (let k = 1; k <= route.n; k++) {
		const node = route.seq[k]!;
		if (node < model.nodes && plan.vehicleOf[model.nodeTask[node]!] !== route.vehicle) continue;
		route.seq[++n] = node;
	}
	route.n = n;
}

/** What a plan is, so that it can be given away and taken up again: nodes by vehicle, and who attends each consult when. */
export interface Snapshot {
	readonly routes: readonly (readonly number[])[];
	readonly score: Score;
}

/**
 * One array a vehicle with its nodes, and a last one with task, doctor and start of every consult (in hundredths of a second), by
 * which another search finds the same times.
 */
export function snapshot(model: Model, plan: Plan, score: Score): Snapshot {
	const routes = plan.routes.map((route) => Array.from(route.seq.subarray(1, route.n + 1)));
	const consults: number[] = [];
	if (model.doctors > 0) {
		for (const route of plan.routes) {
			if (route.consults === 0) continue;
			for (let k = 1; k <= route.n; k++) {
				const node = route.seq[k]!;
				if (node >= model.nodes) continue;
				const task = model.nodeTask[node]!;
				if (model.consult[task]! > 0) consults.push(task, route.doctor[k]!, consultStart(model, route, k));
			}
		}
	}
	return { routes: [...routes, consults], score };
}

/** When the doctor's part begins at a position. */
export function consultStart(model: Model, route: Route, position: number): number {
	const task = model.nodeTask[route.seq[position]!]!;
	const { type } = model.vehicles[route.vehicle]!;
	return route.start[position]! + route.action[position]! - model.service[type * model.tasks + task]! + model.preparation[task]!;
}

/**
 * Reckons a route; while it breaks a rule, leaves out stops from its end on. Needed where ways don't keep the triangle's rule, so
 * that taking a stop out makes a route longer, and where times are found by trying (rests, breaks at a place).
 *
 * @returns false when even what is pinned breaks a rule
 */
export function mend(model: Model, kernel: Kernel, plan: Plan, route: Route): boolean {
	while (!kernel.update(route)) {
		let last = route.n;
		while (last > 0 && isFixed(model, route.seq[last]!)) last--;
		if (last === 0) return false;
		const node = route.seq[last]!;
		takeOut(route, last);
		if (node >= model.nodes) continue;
		const task = model.nodeTask[node]!;
		const other = model.mate[task]!;
		assign(model, plan, task, -1);
		if (other < 0) continue;
		for (let k = route.n; k > 0; k--) {
			if (route.seq[k]! >= model.nodes || model.nodeTask[route.seq[k]!] !== other) continue;
			takeOut(route, k);
			assign(model, plan, other, -1);
		}
	}
	return true;
}

/** Whether a node is pinned, or the other half of a shipment that is. */
export function isFixed(model: Model, node: number): boolean {
	if (node >= model.nodes) return false;
	const task = model.nodeTask[node]!;
	const other = model.mate[task]!;
	return model.pinnedTo[task]! >= 0 || (other >= 0 && model.pinnedTo[other]! >= 0);
}

/** Makes a plan what a snapshot says, as far as that keeps the rules. Returns false when even what is pinned breaks one. */
export function restore(model: Model, kernel: Kernel, plan: Plan, { routes }: Pick<Snapshot, 'routes'>): boolean {
	for (let task = 0; task < model.tasks; task++) assign(model, plan, task, -1);
	for (const route of plan.routes) {
		kernel.doctors.release(route.vehicle);
		const nodes = routes[route.vehicle] ?? [];
		reserve(model, route, nodes.length);
		route.n = nodes.length;
		for (const [k, node] of nodes.entries()) {
			route.seq[k + 1] = node;
			if (node < model.nodes) assign(model, plan, model.nodeTask[node]!, route.vehicle);
		}
	}
	const consults = routes[model.vehicles.length] ?? [];
	for (let i = 0; i + 2 < consults.length; i += 3) {
		const task = consults[i]!;
		const start = consults[i + 2]!;
		kernel.doctors.book(consults[i + 1]!, plan.vehicleOf[task]!, task, start, start + model.consult[task]!);
	}
	for (const route of plan.routes) {
		if (!mend(model, kernel, plan, route)) return false;
		kernel.book(route);
	}
	return true;
}
