/** A problem made of some routes of a plan: small enough to breed on. */
import { compile, type Compiled } from './problem.ts';

type Plan = readonly (readonly number[])[];

export interface Part {
	readonly compiled: Compiled;
	/** Routes of the whole plan that it is made of. */
	readonly members: readonly number[];
	/** Node of the whole problem for each node of the part. */
	readonly whole: Int32Array;
	/** The plan as it is now, in the part's numbers. */
	readonly routes: number[][];
}

/** Routes around the customer `seed`, until they have `target` customers together. */
export function pickRoutes({ nodes, near, nearCount }: Compiled, plan: Plan, seed: number, target: number): number[] {
	const route = new Int32Array(nodes).fill(-1);
	plan.forEach((list, r) => {
		for (const c of list) route[c] = r;
	});
	const members = new Set<number>();
	let customers = 0;
	for (let k = -1; k < nearCount && customers < target; k++) {
		const r = route[k < 0 ? seed : near[seed * nearCount + k]!]!;
		if (r < 0 || members.has(r)) continue;
		members.add(r);
		customers += plan[r]!.length;
	}
	return [...members];
}

export function partOf(compiled: Compiled, plan: Plan, members: readonly number[], vehicles: number, arcCount: number): Part {
	const { problem, nodes } = compiled;
	const whole = Int32Array.from([0, ...members.flatMap((r) => plan[r]!)]);
	const index = new Map(Array.from(whole, (node, at) => [node, at]));
	const size = whole.length;
	const cost = new Int32Array(size * size);
	const duration = new Int32Array(size * size);
	for (let i = 0; i < size; i++) {
		for (let j = 0; j < size; j++) {
			cost[i * size + j] = problem.cost[whole[i]! * nodes + whole[j]!]!;
			duration[i * size + j] = problem.duration[whole[i]! * nodes + whole[j]!]!;
		}
	}
	const { dimensions } = problem;
	const part = compile(
		{
			customers: size - 1,
			vehicles,
			cost,
			duration,
			open: whole.map((node) => problem.open[node]!),
			close: whole.map((node) => problem.close[node]!),
			service: whole.map((node) => problem.service[node]!),
			dimensions,
			load: Int32Array.from(
				{ length: size * dimensions },
				(_, at) => problem.load[whole[Math.floor(at / dimensions)]! * dimensions + (at % dimensions)]!,
			),
			capacity: problem.capacity,
			fixed: problem.fixed,
		},
		arcCount,
	);
	return { compiled: part, members, whole, routes: members.map((r) => plan[r]!.map((c) => index.get(c)!)) };
}
