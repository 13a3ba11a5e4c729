/** Two plans made into one that is at least as good as either, where they differ in separate places. */
import type { Compiled } from './problem.ts';

type Plan = readonly (readonly number[])[];

/** Cost of one route, the vehicle's fixed cost included. */
export function routeCost({ nodes, arcs, problem }: Compiled, route: readonly number[]): number {
	if (route.length === 0) return 0;
	let cost = problem.fixed;
	let at = 0;
	for (const c of route) {
		cost += arcs[2 * (at * nodes + c)]!;
		at = c;
	}
	return cost + arcs[2 * at * nodes]!;
}

/**
 * Routes of `a` and `b` that share customers, directly or through others, form a group; each group is taken from the plan in
 * which it leaves out fewer customers, then costs less. Falls back to `a` when that needs more vehicles than there are.
 */
export function mergePlans(compiled: Compiled, a: Plan, b: Plan): number[][] {
	const { nodes, problem } = compiled;
	const group = Int32Array.from({ length: nodes + a.length + b.length }, (_, k) => k);
	const find = (k: number): number => {
		while (group[k] !== k) {
			group[k] = group[group[k]!]!;
			k = group[k]!;
		}
		return k;
	};
	[...a, ...b].forEach((route, r) => {
		for (const c of route) group[find(c)] = find(nodes + r);
	});
	const gain = new Map<number, number>();
	const served = new Map<number, number>();
	[...a, ...b].forEach((route, r) => {
		const root = find(nodes + r);
		const sign = r < a.length ? 1 : -1;
		gain.set(root, (gain.get(root) ?? 0) + sign * routeCost(compiled, route));
		served.set(root, (served.get(root) ?? 0) + sign * route.length);
	});
	const takesB = (r: number): boolean => {
		const root = find(nodes + r);
		const more = served.get(root)!;
		return more < 0 || (more === 0 && gain.get(root)! > 0);
	};
	const merged = [
		...a.filter((route, r) => route.length > 0 && !takesB(r)),
		...b.filter((route, r) => route.length > 0 && takesB(a.length + r)),
	].map((route) => [...route]);
	if (merged.length > problem.vehicles) return a.map((route) => [...route]);
	while (merged.length < problem.vehicles) merged.push([]);
	return merged;
}
