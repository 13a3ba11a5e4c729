/** Small random problems and a plain simulation of plans, for tests; kept apart from all that the searches use. */
import { createRandom } from '../../random.ts';
import type { ClassicProblem } from './problem.ts';

export interface Shape {
	readonly customers: number;
	readonly vehicles: number;
	readonly symmetric?: boolean;
	readonly fixed?: number;
	readonly dimensions?: number;
	/** Room of a vehicle against the mean load of a route; 1.5 by default. */
	readonly room?: number;
	/** Width of the windows at most, of a day of 1,000; 300 by default. */
	readonly width?: number;
	/** Windows may also be too early to be reached. */
	readonly hard?: boolean;
}

/** Customers on a square, windows within a day of 1,000 units. */
export function randomProblem(seed: number, shape: Shape): ClassicProblem {
	const { customers, vehicles, symmetric = true, fixed = 0, dimensions = 1, room = 1.5, width = 300, hard = false } = shape;
	const random = createRandom(seed);
	const nodes = customers + 1;
	const x = Array.from({ length: nodes }, () => random.below(100));
	const y = Array.from({ length: nodes }, () => random.below(100));
	const cost = new Int32Array(nodes * nodes);
	const duration = new Int32Array(nodes * nodes);
	for (let i = 0; i < nodes; i++) {
		for (let j = 0; j < nodes; j++) {
			const distance = Math.floor(Math.hypot(x[i]! - x[j]!, y[i]! - y[j]!));
			cost[i * nodes + j] = 10 * distance + (symmetric || i === j ? 0 : random.below(30));
			duration[i * nodes + j] = distance + (symmetric || i === j ? 0 : random.below(10));
		}
	}
	const open = new Int32Array(nodes);
	const close = new Int32Array(nodes).fill(1000);
	const service = new Int32Array(nodes);
	const load = new Int32Array(nodes * dimensions);
	for (let c = 1; c < nodes; c++) {
		open[c] = hard ? random.below(700) : 150 + random.below(550);
		close[c] = open[c]! + 20 + random.below(width);
		service[c] = random.below(20);
		for (let d = 0; d < dimensions; d++) load[c * dimensions + d] = 1 + random.below(9);
	}
	const capacity = new Int32Array(dimensions).fill(Math.max(10, Math.round((room * 5 * customers) / vehicles)));
	return { customers, vehicles, cost, duration, open, close, service, dimensions, load, capacity, fixed };
}

export interface Simulated {
	readonly cost: number;
	/** Time by which vehicles would have to go back so as not to be late. */
	readonly warp: number;
	/** Load above capacity, by dimension, summed over routes. */
	readonly excess: number[];
}

/** Drives the plan minute by minute, so to speak. */
export function simulate(problem: ClassicProblem, routes: readonly (readonly number[])[]): Simulated {
	const { cost, duration, open, close, service, load, capacity, dimensions, fixed, customers } = problem;
	const nodes = customers + 1;
	let total = 0;
	let warp = 0;
	const excess = Array.from({ length: dimensions }, () => 0);
	for (const route of routes) {
		if (route.length === 0) continue;
		total += fixed;
		let time = open[0]!;
		const loads = Array.from({ length: dimensions }, () => 0);
		let at = 0;
		for (const next of [...route, 0]) {
			total += cost[at * nodes + next]!;
			time += service[at]! + duration[at * nodes + next]!;
			if (time < open[next]!) time = open[next]!;
			if (time > close[next]!) {
				warp += time - close[next]!;
				time = close[next]!;
			}
			if (next !== 0) for (let d = 0; d < dimensions; d++) loads[d]! += load[next * dimensions + d]!;
			at = next;
		}
		for (let d = 0; d < dimensions; d++) excess[d]! += Math.max(0, loads[d]! - capacity[d]!);
	}
	return { cost: total, warp, excess };
}

/** Cost of the best plan that serves everyone, by trying all; Infinity when there is none. Up to 7 customers or so. */
export function optimum(problem: ClassicProblem): number {
	const { customers, vehicles } = problem;
	let best = Infinity;
	const routes: number[][] = Array.from({ length: vehicles }, () => []);
	const place = (c: number): void => {
		if (c > customers) {
			const { cost, warp, excess } = simulate(problem, routes);
			if (warp === 0 && excess.every((value) => value === 0)) best = Math.min(best, cost);
			return;
		}
		for (let r = 0; r < vehicles; r++) {
			const route = routes[r]!;
			for (let at = 0; at <= route.length; at++) {
				route.splice(at, 0, c);
				place(c + 1);
				route.splice(at, 1);
			}
			// Empty vehicles are alike.
			if (route.length === 0) break;
		}
	};
	place(1);
	return best;
}
