/** Selective route exchange (Nagata, Bräysy and Dullaert, 2010): some routes of one plan give way to similar ones of another. */
import type { Random } from '../../random.ts';
import type { Compiled } from './problem.ts';

type Plan = readonly (readonly number[])[];

export interface Exchange {
	/** Two ways to mend customers that would be served twice: out of the routes taken over, or out of the routes kept. */
	readonly children: readonly [number[][], number[][]];
	/** For each child 1 for every route that is as it was in `a`. */
	readonly settled: readonly [Uint8Array, Uint8Array];
}

/**
 * Takes out of `a` the routes met first on the way outwards from a random customer, and puts in as many routes of `b`: those
 * that serve the same customers most. Customers then in no route are left for the local search to insert.
 */
export function exchangeRoutes(compiled: Compiled, random: Random, a: Plan, b: Plan): Exchange {
	const { nodes, near, nearCount } = compiled;
	const routesOf = (plan: Plan): Int32Array => {
		const route = new Int32Array(nodes).fill(-1);
		plan.forEach((list, r) => {
			for (const c of list) route[c] = r;
		});
		return route;
	};
	const routeA = routesOf(a);
	const routeB = routesOf(b);
	const used = Math.min(a.filter((list) => list.length > 0).length, b.filter((list) => list.length > 0).length);
	const count = 1 + random.below(Math.max(1, used - 1));

	const out = new Set<number>();
	const seed = 1 + random.below(nodes - 1);
	for (let k = -1; k < nearCount && out.size < count; k++) {
		const r = routeA[k < 0 ? seed : near[seed * nearCount + k]!]!;
		if (r >= 0) out.add(r);
	}

	// Routes of b by the share of their customers that are taken out of a.
	const shared = new Float64Array(b.length);
	for (const r of out) for (const c of a[r]!) if (routeB[c]! >= 0) shared[routeB[c]!]!++;
	b.forEach((list, r) => (shared[r] = list.length === 0 ? -1 : shared[r]! / list.length));
	const ranked = Array.from(b.keys()).toSorted((x, y) => shared[y]! - shared[x]!);
	const into = ranked.slice(0, out.size).filter((r) => shared[r]! >= 0);

	const taken = new Uint8Array(nodes);
	for (const r of into) for (const c of b[r]!) taken[c] = 1;
	const kept = a.map((list, r) => (out.has(r) ? null : list));
	const children: [number[][], number[][]] = [[], []];
	let next = 0;
	const settled = [new Uint8Array(a.length), new Uint8Array(a.length)] as const;
	kept.forEach((list, r) => {
		const incoming = list === null ? (next < into.length ? b[into[next++]!]! : []) : null;
		if (incoming !== null) {
			children[0].push(incoming.filter((c) => routeA[c]! < 0 || out.has(routeA[c]!)));
			children[1].push([...incoming]);
		} else {
			children[0].push([...list!]);
			const rest = list!.filter((c) => taken[c] === 0);
			children[1].push(rest);
			settled[0][r] = 1;
			settled[1][r] = rest.length === list!.length ? 1 : 0;
		}
	});
	return { children, settled };
}
