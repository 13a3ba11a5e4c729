/**
 * Local search that may be late and overloaded at a price: the education step of hybrid genetic search (Vidal and others, 2013).
 *
 * Lateness is counted as time warp: a vehicle that comes too late goes back to the end of the window and pays for it. With the
 * earliest departure and the warp up to a node, and the latest start and the warp behind it, two parts of routes are joined in
 * constant time (Nagata, Bräysy and Dullaert, 2010). Every move makes an arc from a customer v to a customer u that is on the
 * list of good arcs; moves whose saving in cost cannot pay are dropped before time is looked at.
 */
import type { Random } from '../../random.ts';
import type { Routes } from '../search.ts';
import type { Compiled } from './problem.ts';

/** Longest chain that is moved or exchanged. */
const CHAIN = 3;
/** A move must save more than rounding of floats could feign. */
const EPSILON = 1e-6;

export interface LocalSearch {
	/** Price of a unit of time warp and of a unit of load above capacity. */
	setPenalties(warp: number, excess: number): void;
	/**
	 * Takes routes over; customers in none are inserted where they cost the least, penalties included. Where `settled` is 1 the
	 * route is known to be at its best beside the other settled ones, so that moves among these are not tried.
	 */
	load(routes: Routes, settled?: Uint8Array): void;
	/** Has `run` look only at moves that touch a route which pays a penalty, until something changes. */
	settleFeasible(): void;
	/** Improves until no move on the lists does. */
	run(): void;
	readonly cost: number;
	readonly warp: number;
	readonly excess: number;
	/** Successor of every customer (0: last of its route), its route, and the first customer of each route (0: empty). */
	readonly succ: Int32Array;
	routes(): number[][];
}

/** Only the first load dimension is seen: for problems in which one dimension binds. `granular` neighbours are tried a customer. */
export function createLocalSearch(compiled: Compiled, random: Random, granular: number): LocalSearch {
	const { nodes, arcs, load, before, after, arcCount, problem } = compiled;
	const { fixed, vehicles } = problem;
	const capacity = compiled.capacity[0]!;
	const neighbours = Math.min(granular, arcCount);
	// Customers 1 .. n, then the start of each route, then its end.
	const starts = nodes;
	const ends = nodes + vehicles;
	const all = nodes + 2 * vehicles;

	/** Matrix index of a node, doubled as the fields of `arcs` are. */
	const col = new Int32Array(all);
	const row = new Int32Array(all);
	const open = new Int32Array(all).fill(problem.open[0]!);
	const close = new Int32Array(all).fill(problem.close[0]!);
	const service = new Int32Array(all).fill(problem.service[0]!);
	const demand = new Int32Array(all);
	for (let c = 1; c < nodes; c++) {
		col[c] = 2 * c;
		row[c] = 2 * c * nodes;
		open[c] = problem.open[c]!;
		close[c] = problem.close[c]!;
		service[c] = problem.service[c]!;
		demand[c] = load[c]!;
	}

	const succ = new Int32Array(all);
	const pred = new Int32Array(all);
	const route = new Int32Array(all);
	const place = new Int32Array(all);
	/** Cost of the arc to the successor. */
	const out = new Int32Array(all);
	/** Up to and with the node: earliest departure, time warp, load. */
	const leave = new Int32Array(all);
	const warpTo = new Int32Array(all);
	const loadTo = new Int32Array(all);
	/** From the node on: latest start that adds no warp, and the warp there is anyway. */
	const latest = new Int32Array(all);
	const warpFrom = new Int32Array(all);
	const routeWarp = new Int32Array(vehicles);
	const routeLoad = new Int32Array(vehicles);
	const penalty = new Float64Array(vehicles);
	const size = new Int32Array(vehicles);
	/** When a route was changed and a customer was tried, counted in moves. */
	const changed = new Int32Array(vehicles);
	const tried = new Int32Array(nodes);
	const order = new Int32Array(nodes - 1);
	for (let k = 0; k < order.length; k++) order[k] = k + 1;
	/** A walk along parts of routes: time of departure, warp so far, matrix row of the last node. */
	let walkTime = 0;
	let walkWarp = 0;
	let walkAt = 0;

	let priceWarp = 1;
	let priceExcess = 1;
	let moves = 0;
	let emptyHint = 0;

	const excessPrice = (amount: number): number => (amount > capacity ? priceExcess * (amount - capacity) : 0);

	function renew(r: number): void {
		let p = starts + r;
		let t = open[p]! + service[p]!;
		let w = 0;
		let l = 0;
		let count = 0;
		leave[p] = t;
		for (let k = succ[p]!; ; k = succ[k]!) {
			const arc = row[p]! + col[k]!;
			out[p] = arcs[arc]!;
			t += arcs[arc + 1]!;
			const latestHere = close[k]!;
			if (t > latestHere) {
				w += t - latestHere;
				t = latestHere;
			} else if (t < open[k]!) t = open[k]!;
			t += service[k]!;
			l += demand[k]!;
			leave[k] = t;
			warpTo[k] = w;
			loadTo[k] = l;
			route[k] = r;
			place[k] = ++count;
			if (k >= nodes) break;
			p = k;
		}
		size[r] = count - 1;
		routeWarp[r] = w;
		routeLoad[r] = l;
		penalty[r] = priceWarp * w + excessPrice(l);
		let s = ends + r;
		latest[s] = close[s]!;
		warpFrom[s] = 0;
		let z = latest[s]!;
		w = 0;
		for (let k = pred[s]!; ; k = pred[k]!) {
			z -= service[k]! + arcs[row[k]! + col[s]! + 1]!;
			if (z < open[k]!) {
				w += open[k]! - z;
				z = open[k]!;
			} else if (z > close[k]!) z = close[k]!;
			latest[k] = z;
			warpFrom[k] = w;
			if (k >= nodes) break;
			s = k;
		}
		changed[r] = moves;
		if (size[r] === 0 && r < emptyHint) emptyHint = r;
	}

	const costOf = (a: number, b: number): number => arcs[row[a]! + col[b]!]!;

	/** Time warp of the route that runs up to p and goes on with s. */
	function warpJoin(p: number, s: number): number {
		const over = leave[p]! + arcs[row[p]! + col[s]! + 1]! - latest[s]!;
		return warpTo[p]! + warpFrom[s]! + (over > 0 ? over : 0);
	}

	/** The same with the customers from `from` to `to` (linked) in between. */
	function warpChain(p: number, from: number, to: number, s: number): number {
		let t = leave[p]!;
		let w = warpTo[p]! + warpFrom[s]!;
		let a = row[p]!;
		for (let k = from; ; k = succ[k]!) {
			t += arcs[a + col[k]! + 1]!;
			const bound = close[k]!;
			if (t > bound) {
				w += t - bound;
				t = bound;
			} else if (t < open[k]!) t = open[k]!;
			t += service[k]!;
			a = row[k]!;
			if (k === to) break;
		}
		const over = t + arcs[a + col[s]! + 1]! - latest[s]!;
		return over > 0 ? w + over : w;
	}

	function walkStart(p: number): void {
		walkTime = leave[p]!;
		walkWarp = warpTo[p]!;
		walkAt = row[p]!;
	}

	function walkOn(from: number, to: number, next: Int32Array): void {
		let t = walkTime;
		let w = walkWarp;
		let a = walkAt;
		for (let k = from; ; k = next[k]!) {
			t += arcs[a + col[k]! + 1]!;
			const bound = close[k]!;
			if (t > bound) {
				w += t - bound;
				t = bound;
			} else if (t < open[k]!) t = open[k]!;
			t += service[k]!;
			a = row[k]!;
			if (k === to) break;
		}
		walkTime = t;
		walkWarp = w;
		walkAt = a;
	}

	function walkEnd(s: number): number {
		const over = walkTime + arcs[walkAt + col[s]! + 1]! - latest[s]!;
		return walkWarp + warpFrom[s]! + (over > 0 ? over : 0);
	}

	function link(a: number, b: number): void {
		succ[a] = b;
		pred[b] = a;
	}

	/** Moves the chain from..to of route ru between v and y of route rv. */
	function relocate(from: number, to: number, v: number, y: number, ru: number, rv: number): void {
		moves++;
		link(pred[from]!, succ[to]!);
		link(v, from);
		link(to, y);
		renew(ru);
		if (rv !== ru) renew(rv);
	}

	/** Tries to move chains that begin at u to behind v (y follows v). */
	function tryRelocate(u: number, v: number, y: number): boolean {
		const ru = route[u]!;
		const rv = route[v]!;
		const p = pred[u]!;
		const entering = costOf(v, u) - out[v]!;
		let to = u;
		let amount = 0;
		for (let length = 1; length <= CHAIN; length++) {
			if (to >= nodes || to === v) return false;
			amount += demand[to]!;
			const s = succ[to]!;
			let delta = entering + costOf(to, y) + costOf(p, s) - out[p]! - out[to]!;
			if (ru === rv) {
				if (delta < penalty[ru]!) {
					if (place[v]! > place[u]!) {
						walkStart(p);
						walkOn(s, v, succ);
						walkOn(u, to, succ);
						delta += priceWarp * (walkEnd(y) - routeWarp[ru]!);
					} else {
						walkStart(v);
						walkOn(u, to, succ);
						walkOn(y, p, succ);
						delta += priceWarp * (walkEnd(s) - routeWarp[ru]!);
					}
					if (delta < -EPSILON) {
						relocate(u, to, v, y, ru, rv);
						return true;
					}
				}
			} else {
				if (fixed !== 0) {
					if (size[ru] === length) delta -= fixed;
					if (size[rv] === 0) delta += fixed;
				}
				const owed = penalty[ru]! + penalty[rv]!;
				if (delta < owed) {
					delta += excessPrice(routeLoad[ru]! - amount) + excessPrice(routeLoad[rv]! + amount) - owed;
					if (delta < -EPSILON) {
						delta += priceWarp * warpJoin(p, s);
						if (delta < -EPSILON) {
							delta += priceWarp * warpChain(v, u, to, y);
							if (delta < -EPSILON) {
								relocate(u, to, v, y, ru, rv);
								return true;
							}
						}
					}
				}
			}
			to = s;
		}
		return false;
	}

	/** Tries to exchange chains that begin at u with chains that begin at y, the successor of v; in different routes. */
	function trySwap(u: number, v: number, y: number): boolean {
		const ru = route[u]!;
		const rv = route[v]!;
		const p = pred[u]!;
		const owed = penalty[ru]! + penalty[rv]!;
		const base = costOf(v, u) + costOf(p, y) - out[p]! - out[v]!;
		let to = u;
		let amount = 0;
		for (let length = 1; length <= CHAIN && to < nodes; length++) {
			const s = succ[to]!;
			amount += demand[to]!;
			const baseTo = base - out[to]!;
			let other = y;
			let back = 0;
			for (let count = 1; count <= 2 && other < nodes; count++) {
				const t = succ[other]!;
				back += demand[other]!;
				let delta = baseTo + costOf(to, t) + costOf(other, s) - out[other]!;
				if (delta < owed) {
					delta += excessPrice(routeLoad[ru]! - amount + back) + excessPrice(routeLoad[rv]! + amount - back) - owed;
					if (delta < -EPSILON) {
						delta += priceWarp * warpChain(v, u, to, t);
						if (delta < -EPSILON) {
							delta += priceWarp * warpChain(p, y, other, s);
							if (delta < -EPSILON) {
								moves++;
								link(v, u);
								link(to, t);
								link(p, y);
								link(other, s);
								renew(ru);
								renew(rv);
								return true;
							}
						}
					}
				}
				other = t;
			}
			to = s;
		}
		return false;
	}

	/** The same within one route, single customers. */
	function trySwapWithin(u: number, v: number, y: number): boolean {
		const r = route[u]!;
		const p = pred[u]!;
		if (y >= nodes || y === u || y === p || succ[u] === y) return false;
		const s = succ[u]!;
		const t = succ[y]!;
		let delta = costOf(v, u) + costOf(u, t) + costOf(p, y) + costOf(y, s) - out[v]! - out[y]! - out[p]! - out[u]!;
		if (delta >= penalty[r]!) return false;
		if (place[y]! < place[u]!) {
			walkStart(v);
			walkOn(u, u, succ);
			walkOn(t, p, succ);
			walkOn(y, y, succ);
			delta += priceWarp * (walkEnd(s) - routeWarp[r]!);
		} else {
			walkStart(p);
			walkOn(y, y, succ);
			walkOn(s, v, succ);
			walkOn(u, u, succ);
			delta += priceWarp * (walkEnd(t) - routeWarp[r]!);
		}
		if (delta >= -EPSILON) return false;
		moves++;
		link(v, u);
		link(u, t);
		link(p, y);
		link(y, s);
		renew(r);
		return true;
	}

	/** Tries to exchange the tails behind v and before u of different routes. */
	function tryTails(u: number, v: number, y: number): boolean {
		const ru = route[u]!;
		const rv = route[v]!;
		const p = pred[u]!;
		const owed = penalty[ru]! + penalty[rv]!;
		let delta = costOf(v, u) + costOf(p, y) - out[p]! - out[v]!;
		if (fixed !== 0) {
			if (p >= nodes && y >= nodes) delta -= fixed;
			if (size[rv] === 0) delta += fixed;
		}
		if (delta >= owed) return false;
		const headV = loadTo[v]!;
		const headP = loadTo[p]!;
		delta +=
			excessPrice(headV + routeLoad[ru]! - headP) +
			excessPrice(headP + routeLoad[rv]! - headV) +
			priceWarp * (warpJoin(v, u) + warpJoin(p, y)) -
			owed;
		if (delta >= -EPSILON) return false;
		moves++;
		const endU = ends + ru;
		const endV = ends + rv;
		const tailU = pred[endU]!;
		const tailV = pred[endV]!;
		// An empty tail is the end itself, which stays with its route.
		link(v, u);
		link(tailU, endV);
		if (y >= nodes) link(p, endU);
		else {
			link(p, y);
			link(tailV, endU);
		}
		renew(ru);
		renew(rv);
		return true;
	}

	/** Tries to turn round the part behind v up to x, so that v is followed by x; x stands behind v in the same route. */
	function tryTurn(v: number, x: number): boolean {
		const r = route[v]!;
		if (place[x]! <= place[v]! + 1) return false;
		const y = succ[v]!;
		const s = succ[x]!;
		let delta = costOf(v, x) + costOf(y, s) - out[v]! - out[x]!;
		// With asymmetric costs the part itself changes too.
		if (compiled.into !== arcs) for (let k = y; k !== x; k = succ[k]!) delta += costOf(succ[k]!, k) - out[k]!;
		if (delta >= penalty[r]!) return false;
		walkStart(v);
		walkOn(x, y, pred);
		delta += priceWarp * (walkEnd(s) - routeWarp[r]!);
		if (delta >= -EPSILON) return false;
		moves++;
		let k = x;
		let at = v;
		while (at !== y) {
			const next = pred[k]!;
			link(at, k);
			at = k;
			k = next;
		}
		link(y, s);
		renew(r);
		return true;
	}

	function firstEmpty(): number {
		while (emptyHint < vehicles && size[emptyHint]! > 0) emptyHint++;
		return emptyHint < vehicles ? emptyHint : -1;
	}

	/** All moves that put u behind v. */
	function tryBehind(u: number, v: number): boolean {
		const y = succ[v]!;
		if (y === u) return false;
		if (route[u] === route[v]) return tryRelocate(u, v, y) || trySwapWithin(u, v, y) || tryTurn(v, u);
		return tryRelocate(u, v, y) || trySwap(u, v, y) || tryTails(u, v, y);
	}

	/** Moves that put u first in a route, before w. */
	function tryFirst(u: number, w: number): boolean {
		const start = pred[w]!;
		if (u === w) return false;
		if (route[u] === route[w]) return tryRelocate(u, start, w);
		return tryRelocate(u, start, w) || trySwap(u, start, w) || tryTails(u, start, w);
	}

	function improve(u: number, since: number, round: number): void {
		const base = u * arcCount;
		for (let k = base; k < base + neighbours; k++) {
			const v = before[k]!;
			if (v === 0) break;
			const ru = route[u]!;
			const rv = route[v]!;
			if ((changed[ru]! > changed[rv]! ? changed[ru]! : changed[rv]!) <= since) continue;
			tryBehind(u, v);
		}
		for (let k = base; k < base + neighbours; k++) {
			const w = after[k]!;
			if (w === 0) break;
			if (pred[w]! < nodes) continue;
			const ru = route[u]!;
			const rv = route[w]!;
			if ((changed[ru]! > changed[rv]! ? changed[ru]! : changed[rv]!) <= since) continue;
			tryFirst(u, w);
		}
		if (round > 0 && changed[route[u]!]! > since) {
			const empty = firstEmpty();
			if (empty >= 0) {
				const start = starts + empty;
				if (!tryRelocate(u, start, succ[start]!)) tryTails(u, start, succ[start]!);
			}
		}
	}

	function shuffle(): void {
		for (let k = order.length - 1; k > 0; k--) {
			const j = random.below(k + 1);
			const swapped = order[k]!;
			order[k] = order[j]!;
			order[j] = swapped;
		}
	}

	function run(): void {
		tried.fill(-1);
		shuffle();
		for (let round = 0; ; round++) {
			const movesBefore = moves;
			for (let k = 0; k < order.length; k++) {
				const u = order[k]!;
				const since = tried[u]!;
				tried[u] = moves;
				improve(u, since, round);
			}
			if (round > 0 && moves === movesBefore) return;
		}
	}

	/** Inserts customer c where it costs the least. */
	function insertBest(c: number): void {
		let best = Infinity;
		let bestV = -1;
		const consider = (v: number): void => {
			const y = succ[v]!;
			const r = route[v]!;
			let delta = costOf(v, c) + costOf(c, y) - out[v]! - penalty[r]! + (size[r] === 0 ? fixed : 0);
			if (delta >= best) return;
			delta += excessPrice(routeLoad[r]! + demand[c]!) + priceWarp * warpChain(v, c, c, y);
			if (delta >= best) return;
			best = delta;
			bestV = v;
		};
		for (let k = c * arcCount, end = k + arcCount; k < end && before[k] !== 0; k++) {
			if (route[before[k]!]! >= 0) consider(before[k]!);
		}
		for (let k = c * arcCount, end = k + arcCount; k < end && after[k] !== 0; k++) {
			if (route[after[k]!]! >= 0) consider(pred[after[k]!]!);
		}
		const empty = firstEmpty();
		if (empty >= 0) consider(starts + empty);
		if (bestV < 0) for (let r = 0; r < vehicles; r++) consider(starts + r);
		const y = succ[bestV]!;
		moves++;
		link(bestV, c);
		link(c, y);
		renew(route[bestV]!);
	}

	return {
		setPenalties(warp, excess) {
			priceWarp = warp;
			priceExcess = excess;
			for (let r = 0; r < vehicles; r++) penalty[r] = priceWarp * routeWarp[r]! + excessPrice(routeLoad[r]!);
		},
		load(routes, settled) {
			moves = 0;
			emptyHint = 0;
			for (let c = 1; c < nodes; c++) route[c] = -1;
			for (let r = 0; r < vehicles; r++) {
				let p = starts + r;
				route[p] = r;
				for (const c of routes[r] ?? []) {
					link(p, c);
					p = c;
				}
				link(p, ends + r);
				renew(r);
				if (settled?.[r] === 1) changed[r] = -1;
			}
			shuffle();
			for (let k = 0; k < order.length; k++) if (route[order[k]!]! < 0) insertBest(order[k]!);
		},
		settleFeasible() {
			for (let r = 0; r < vehicles; r++) changed[r] = penalty[r]! > 0 ? 0 : -1;
		},
		run,
		get cost() {
			let sum = 0;
			for (let r = 0; r < vehicles; r++) {
				if (size[r] === 0) continue;
				sum += fixed;
				for (let k = starts + r; k < ends; k = succ[k]!) sum += out[k]!;
			}
			return sum;
		},
		get warp() {
			let sum = 0;
			for (let r = 0; r < vehicles; r++) sum += routeWarp[r]!;
			return sum;
		},
		get excess() {
			let sum = 0;
			for (let r = 0; r < vehicles; r++) sum += Math.max(0, routeLoad[r]! - capacity);
			return sum;
		},
		succ,
		routes() {
			const routes: number[][] = [];
			for (let r = 0; r < vehicles; r++) {
				const list: number[] = [];
				for (let k = succ[starts + r]!; k < nodes; k = succ[k]!) list.push(k);
				routes.push(list);
			}
			return routes;
		},
	};
}
