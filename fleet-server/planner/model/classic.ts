/** Finds out whether a problem is the classic one, for which there is a search of its own. */
import type { ClassicProblem } from '../search/classic/problem.ts';
import type { Routes } from '../search/search.ts';
import { BLOCKED, type Model, NEVER, TIME } from './model.ts';

/** A classic problem; customer i + 1 is task i, and a unit of its cost is `factor` units of the model's. */
export interface Classic {
	readonly problem: ClassicProblem;
	readonly factor: number;
}

/** Times and loads above this are left to the rich search, which reckons in doubles. */
const LARGEST = 2 ** 28;

/**
 * Jobs with one window each, one base, vehicles that are all alike, and nothing else.
 *
 * @returns undefined when the problem has anything more
 */
export function classicOf(model: Model): Classic | undefined {
	const [vehicle] = model.vehicles;
	if (!vehicle || model.tasks < 2 || !isPlain(model)) return undefined;
	const { tasks, windows, nodePlace, setup, service, nowhere } = model;
	const base = vehicle.start;
	if (base === nowhere || base !== vehicle.end || vehicle.timeFactor !== TIME || vehicle.fixed % vehicle.costFactor !== 0)
		return undefined;
	const places = [base, ...Array.from({ length: tasks }, (_, task) => nodePlace[task]!)];
	// Setup that hangs on the stop before is not classic; where all places differ it is part of the service.
	if (new Set(places).size < places.length && setup.some((time) => time > 0)) return undefined;
	const matrices = matricesOf(model, places);
	if (!matrices) return undefined;
	const whole = (time: number): number => (time >= NEVER ? LARGEST : (time - vehicle.open) / TIME);
	const open = [0, ...Array.from({ length: tasks }, (_, task) => Math.max(0, whole(windows.open[task]!)))];
	const close = [whole(vehicle.close), ...Array.from({ length: tasks }, (_, task) => whole(windows.close[task]!))];
	const stay = [0, ...Array.from({ length: tasks }, (_, task) => (setup[task]! + service[task]!) / TIME)];
	if ([...open, ...close, ...stay].some((time) => time > LARGEST || time < 0)) return undefined;
	const loads = loadsOf(model);
	if (!loads) return undefined;
	return {
		problem: {
			customers: tasks,
			vehicles: model.vehicles.length,
			...matrices,
			open: Int32Array.from(open),
			close: Int32Array.from(close),
			service: Int32Array.from(stay),
			...loads,
			fixed: vehicle.fixed / vehicle.costFactor,
		},
		factor: vehicle.costFactor,
	};
}

function isPlain(model: Model): boolean {
	const [vehicle] = model.vehicles;
	return (
		vehicle !== undefined &&
		model.jobs === model.tasks &&
		model.nodes === model.tasks &&
		model.twin.every((twin) => twin === 0) &&
		model.allowed.every((one) => one === 1) &&
		model.windows.open.length === model.tasks &&
		model.priority.every((one) => one === model.priority[0]) &&
		model.consult.every((one) => one === 0) &&
		model.soft.every((one) => one === 0) &&
		model.nodeCost.every((one) => one === 0) &&
		model.groupWeight.length === 0 &&
		model.series.length === 0 &&
		vehicle.breaks.length === 0 &&
		vehicle.pinned.length === 0 &&
		!vehicle.general &&
		vehicle.leave >= NEVER &&
		vehicle.reloads === 0 &&
		vehicle.distanceFactor === 0 &&
		vehicle.taskFactor === 0 &&
		vehicle.costFactor > 0 &&
		vehicle.maxTasks >= model.tasks &&
		vehicle.maxTravel === Infinity &&
		vehicle.maxDistance === Infinity
	);
}

function matricesOf(model: Model, places: readonly number[]): { cost: Int32Array; duration: Int32Array } | undefined {
	const arcs = model.arcs[0]!;
	const size = places.length;
	const cost = new Int32Array(size * size);
	const duration = new Int32Array(size * size);
	for (const [i, from] of places.entries()) {
		for (const [j, to] of places.entries()) {
			const arc = 3 * (from * model.places + to);
			if (arcs[arc] === BLOCKED || arcs[arc]! > LARGEST || arcs[arc + 1]! > LARGEST) return undefined;
			duration[i * size + j] = arcs[arc]!;
			cost[i * size + j] = arcs[arc + 1]!;
		}
	}
	return { cost, duration };
}

/** Loads add up over a route when all is delivered, or all is picked up. */
function loadsOf(model: Model): Pick<ClassicProblem, 'dimensions' | 'load' | 'capacity'> | undefined {
	const { tasks, dimensions, pickup, delivery } = model;
	const used = [pickup, delivery].filter((amounts) => amounts.some((one) => one > 0));
	if (used.length > 1) return undefined;
	const amounts = used[0] ?? delivery;
	if (amounts.reduce((sum, one) => sum + one, 0) > LARGEST) return undefined;
	const count = Math.max(1, dimensions);
	const load = new Int32Array((tasks + 1) * count);
	for (let i = 0; i < tasks; i++) for (let d = 0; d < dimensions; d++) load[(i + 1) * count + d] = amounts[i * dimensions + d]!;
	const capacity = Int32Array.from({ length: count }, (_, d) => Math.min(LARGEST, model.vehicles[0]!.capacity[d] ?? 0));
	return { dimensions: count, load, capacity };
}

/** Routes of the rich search from those of the classic one. */
export function fromClassic(model: Model, routes: Routes): Routes {
	return model.vehicles.map((_, vehicle) => (routes[vehicle] ?? []).map((customer) => customer - 1));
}

/** And the other way round; the list of consults behind them stays behind. */
export function toClassic(model: Model, routes: Routes): Routes {
	return routes.slice(0, model.vehicles.length).map((route) => route.map((node) => node + 1));
}
