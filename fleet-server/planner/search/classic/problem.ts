/** The classic problem (vehicle routing with time windows, one depot, equal vehicles) and what the searches make of it once. */
import { PlannerError } from '../../errors.ts';

/**
 * Nodes are numbered 0 (depot) to `customers`. Matrices are row by row, `(customers + 1) ** 2` long, and may be asymmetric.
 * Units are whole and the caller's own; sums of times along a route and of costs over a plan must stay below 2^30.
 */
export interface ClassicProblem {
	readonly customers: number;
	/** Most vehicles that may drive; all alike. */
	readonly vehicles: number;
	readonly cost: Int32Array;
	readonly duration: Int32Array;
	/** Earliest and latest start of service a node; of the depot: the shift. Waiting is free. */
	readonly open: Int32Array;
	readonly close: Int32Array;
	/** Time at a node; the depot's is spent before leaving. */
	readonly service: Int32Array;
	/** Number of load dimensions, at least 1. */
	readonly dimensions: number;
	/** Load of node i in dimension d at `i * dimensions + d`; the sum over a route stays within `capacity[d]`. */
	readonly load: Int32Array;
	readonly capacity: Int32Array;
	/** Cost of each vehicle that drives at all. */
	readonly fixed: number;
}

/** What the searches read: cost and duration side by side, so that one cache line brings both, and lists of good neighbours. */
export interface Compiled {
	readonly problem: ClassicProblem;
	/** Nodes: customers and depot. */
	readonly nodes: number;
	/** `arcs[2 * (i * nodes + j)]` is the cost from i to j, the field after it the duration. */
	readonly arcs: Int32Array;
	/** The same with i and j exchanged; the same array when both matrices are symmetric. */
	readonly into: Int32Array;
	/** Load dimensions that can bind at all; at least one is kept. `load` and `capacity` hold only these. */
	readonly dimensions: number;
	readonly load: Int32Array;
	readonly capacity: Int32Array;
	/** `nearCount` customers nearest by cost, near to far, of each customer (row of node i at `i * nearCount`). */
	readonly near: Int32Array;
	readonly nearCount: number;
	/** `arcCount` customers that may well stand right before (after) each customer, best first; a row ends with 0 when there are fewer. */
	readonly before: Int32Array;
	readonly after: Int32Array;
	readonly arcCount: number;
}

const LARGEST = 2 ** 30;
/** Neighbours looked at in ruins; more than a ruin ever reaches. */
const NEAR = 120;

/** Throws a PlannerError ('input') when the arrays do not fit each other or the numbers are too large. */
export function compile(problem: ClassicProblem, arcCount: number): Compiled {
	check(problem);
	const nodes = problem.customers + 1;
	const arcs = interleave(problem, nodes, false);
	return {
		problem,
		nodes,
		arcs,
		into: isSymmetric(arcs, nodes) ? arcs : interleave(problem, nodes, true),
		...bindingLoads(problem),
		...nearLists(problem, nodes),
		...arcLists(problem, nodes, arcCount),
	};
}

function check(problem: ClassicProblem): void {
	const nodes = problem.customers + 1;
	const fail = (what: string): never => {
		throw new PlannerError('input', `classic problem: ${what}`);
	};
	if (!(Number.isInteger(problem.customers) && problem.customers >= 0)) fail(`customers is ${problem.customers}`);
	if (!(Number.isInteger(problem.vehicles) && problem.vehicles >= 0)) fail(`vehicles is ${problem.vehicles}`);
	if (!(problem.dimensions >= 1)) fail(`dimensions is ${problem.dimensions}`);
	for (const [name, length] of [
		['cost', nodes * nodes],
		['duration', nodes * nodes],
		['open', nodes],
		['close', nodes],
		['service', nodes],
		['load', nodes * problem.dimensions],
		['capacity', problem.dimensions],
	] as const) {
		if (problem[name].length !== length) fail(`${name} has ${problem[name].length} entries instead of ${length}`);
	}
	const largest = (values: Int32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
	const total = 2 * nodes * largest(problem.cost) + problem.vehicles * Math.abs(problem.fixed);
	if (!(total < Number.MAX_SAFE_INTEGER)) fail('costs are too large');
	const span = Math.max(largest(problem.open), largest(problem.close)) + largest(problem.duration) + largest(problem.service);
	if (!(span < LARGEST)) fail('times are too large');
	for (const name of ['duration', 'service', 'load'] as const) {
		if (problem[name].some((value) => value < 0)) fail(`${name} has a negative entry`);
	}
}

function interleave({ cost, duration }: ClassicProblem, nodes: number, transposed: boolean): Int32Array {
	const arcs = new Int32Array(2 * nodes * nodes);
	for (let i = 0; i < nodes; i++) {
		for (let j = 0; j < nodes; j++) {
			const from = transposed ? j * nodes + i : i * nodes + j;
			const to = 2 * (i * nodes + j);
			arcs[to] = cost[from]!;
			arcs[to + 1] = duration[from]!;
		}
	}
	return arcs;
}

function isSymmetric(arcs: Int32Array, nodes: number): boolean {
	for (let i = 0; i < nodes; i++) {
		for (let j = 0; j < i; j++) {
			const one = 2 * (i * nodes + j);
			const other = 2 * (j * nodes + i);
			if (arcs[one] !== arcs[other] || arcs[one + 1] !== arcs[other + 1]) return false;
		}
	}
	return true;
}

function bindingLoads({
	customers,
	dimensions,
	load,
	capacity,
}: ClassicProblem): Pick<Compiled, 'dimensions' | 'load' | 'capacity'> {
	const kept: number[] = [];
	for (let d = 0; d < dimensions; d++) {
		let sum = 0;
		for (let i = 1; i <= customers; i++) sum += load[i * dimensions + d]!;
		if (sum > capacity[d]!) kept.push(d);
	}
	if (kept.length === 0) kept.push(0);
	return {
		dimensions: kept.length,
		load: Int32Array.from({ length: (customers + 1) * kept.length }, (_, at) =>
			at < kept.length ? 0 : load[Math.floor(at / kept.length) * dimensions + kept[at % kept.length]!]!,
		),
		capacity: Int32Array.from(kept, (d) => capacity[d]!),
	};
}

/**
 * Writes the nodes with the `count` smallest keys, in order, into `list` from `at` on. `keys[j]` is the key of node j, Infinity for
 * none. Number and key are packed into one float each, so that a selection without a comparator and a short sort do.
 */
function writeSmallest(keys: Float64Array, count: number, list: Int32Array, at: number): void {
	const nodes = keys.length;
	let finite = 0;
	for (let j = 0; j < nodes; j++) if (keys[j]! < Infinity) keys[finite++] = Math.floor(keys[j]!) * nodes + j;
	const found = Math.min(count, finite);
	bringForward(keys, finite, found);
	keys.subarray(0, found).sort();
	for (let k = 0; k < found; k++) list[at + k] = keys[k]! - Math.floor(keys[k]! / nodes) * nodes;
}

/** Quickselect: the `count` smallest of the first `length` values come first, in any order. */
function bringForward(values: Float64Array, length: number, count: number): void {
	let low = 0;
	let high = length - 1;
	while (low < high) {
		const pivot = values[(low + high) >> 1]!;
		let i = low;
		let j = high;
		while (i <= j) {
			while (values[i]! < pivot) i++;
			while (values[j]! > pivot) j--;
			if (i > j) break;
			const swapped = values[i]!;
			values[i++] = values[j]!;
			values[j--] = swapped;
		}
		if (count - 1 <= j) high = j;
		else if (count - 1 >= i) low = i;
		else return;
	}
}

function nearLists({ customers, cost }: ClassicProblem, nodes: number): Pick<Compiled, 'near' | 'nearCount'> {
	const nearCount = Math.max(0, Math.min(NEAR, customers - 1));
	const near = new Int32Array(nodes * nearCount);
	const keys = new Float64Array(nodes);
	for (let i = 1; i < nodes; i++) {
		for (let j = 0; j < nodes; j++) keys[j] = j === 0 || i === j ? Infinity : cost[i * nodes + j]! + cost[j * nodes + i]!;
		writeSmallest(keys, nearCount, near, i * nearCount);
	}
	return { near, nearCount };
}

/** An arc is good when it is cheap and needs neither waiting nor lateness, whatever the times within the windows. */
function arcLists(problem: ClassicProblem, nodes: number, wanted: number): Pick<Compiled, 'before' | 'after' | 'arcCount'> {
	const { cost, duration, open, close, service } = problem;
	const arcCount = Math.max(0, Math.min(wanted, nodes - 2));
	const before = new Int32Array(nodes * arcCount);
	const after = new Int32Array(nodes * arcCount);
	/** Cost a unit of time, so that waiting can be weighed against driving. */
	let costs = 0;
	let durations = 0;
	for (let k = 0; k < cost.length; k++) {
		costs += cost[k]!;
		durations += duration[k]!;
	}
	const waiting = durations > 0 ? (0.2 * costs) / durations : 0;
	const proximity = (i: number, j: number): number => {
		const travel = service[i]! + duration[i * nodes + j]!;
		if (i === 0 || j === 0 || i === j || open[i]! + travel > close[j]!) return Infinity;
		return cost[i * nodes + j]! + waiting * Math.max(0, open[j]! - travel - close[i]!);
	};
	const keys = new Float64Array(nodes);
	for (let i = 1; i < nodes; i++) {
		for (let j = 0; j < nodes; j++) keys[j] = proximity(j, i);
		writeSmallest(keys, arcCount, before, i * arcCount);
		for (let j = 0; j < nodes; j++) keys[j] = proximity(i, j);
		writeSmallest(keys, arcCount, after, i * arcCount);
	}
	return { before, after, arcCount };
}
