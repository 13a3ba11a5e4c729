/** Instances in whole numbers under the DIMACS convention: distances cut to one decimal, everything times ten. */
import { BenchError, type Instance } from './solomon.ts';

export const TENTHS = 10;

/** Distance of each pair in tenths, row by row. */
function distances({ nodes }: Instance): number[][] {
	return nodes.map((a) => nodes.map((b) => Math.floor(TENTHS * Math.hypot(a.x - b.x, a.y - b.y))));
}

/** The instance in VROOM's JSON. Travel time is distance in tenths, and cost is travel time; job k is customer k. */
export function vroomProblem(instance: Instance): object {
	const { name, nodes, vehicles, capacity } = instance;
	const tenths = (value: number): number => {
		if (!Number.isInteger(value * TENTHS)) throw new BenchError(`${name}: ${value} has more than one decimal`);
		return value * TENTHS;
	};
	const [depot, ...customers] = nodes;
	return {
		vehicles: Array.from({ length: vehicles }, (_, id) => ({
			id,
			start_index: 0,
			end_index: 0,
			capacity: [capacity],
			time_window: [tenths(depot!.ready), tenths(depot!.due)],
		})),
		jobs: customers.map(({ demand, ready, due, service }, k) => ({
			id: k + 1,
			location_index: k + 1,
			service: tenths(service),
			delivery: [demand],
			time_windows: [[tenths(ready), tenths(due)]],
		})),
		matrices: { car: { durations: distances(instance) } },
	};
}

export interface Verified {
	/** In distance units of the file. */
	readonly distance: number;
	readonly vehicles: number;
}

/**
 * Drives the routes (customer numbers) through the instance as the file has it, apart from anything the search uses. Throws a
 * BenchError at the first rule that is broken: capacity, window, shift, fleet, everyone once.
 */
export function verify(instance: Instance, routes: readonly (readonly number[])[], whose: string): Verified {
	const { nodes, name } = instance;
	const fail = (what: string): never => {
		throw new BenchError(`${whose}, ${name}: the plan is not valid: ${what}`);
	};
	const tenths = (a: number, b: number): number =>
		Math.floor(TENTHS * Math.hypot(nodes[a]!.x - nodes[b]!.x, nodes[a]!.y - nodes[b]!.y));
	const used = routes.filter((route) => route.length > 0);
	if (used.length > instance.vehicles) fail(`${used.length} vehicles where there are ${instance.vehicles}`);
	const seen = new Set<number>();
	let distance = 0;
	used.forEach((route, r) => {
		let time = nodes[0]!.ready * TENTHS;
		let load = 0;
		let at = 0;
		for (const next of [...route, 0]) {
			const node = nodes[next] ?? fail(`there is no customer ${next}`);
			const leg = tenths(at, next);
			distance += leg;
			time = Math.max(time + nodes[at]!.service * TENTHS + leg, node.ready * TENTHS);
			if (time > node.due * TENTHS) fail(`route ${r} comes to ${next} at ${time / TENTHS}, which closes at ${node.due}`);
			if (next !== 0 && seen.has(next)) fail(`customer ${next} is served twice`);
			seen.add(next);
			load += next === 0 ? 0 : node.demand;
			at = next;
		}
		if (load > instance.capacity) fail(`route ${r} carries ${load} of ${instance.capacity}`);
	});
	seen.delete(0);
	if (seen.size !== nodes.length - 1) fail(`${nodes.length - 1 - seen.size} customers are not served`);
	return { distance: distance / TENTHS, vehicles: used.length };
}
