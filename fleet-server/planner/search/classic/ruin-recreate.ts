/**
 * Slack induction by string removals (Christiaens and Vanden Berghe, 2020): take strings of neighbouring customers out of
 * neighbouring routes, put them back greedily with blinks, keep the outcome as simulated annealing says.
 *
 * Routes are linked lists over typed arrays. Each customer knows when its vehicle leaves it at the earliest and when service
 * must begin at the latest, so that an insertion is judged in constant time. There is a working plan and a kept one; after each
 * step the nodes of the touched routes alone are copied one way or the other.
 *
 * This is the hottest code of the planner: functions are longer than elsewhere so that V8 keeps their state in registers.
 */
import type { Random } from '../../random.ts';
import type { Compiled } from './problem.ts';
import type { Routes } from '../search.ts';

/** Customers taken out a step on average, and the longest string. */
const REMOVED = 10;
const LONGEST = 10;
/** Share of strings that spare some customers in their middle, and chance to spare one more. */
const SPLIT = 0.5;
const SPARE_MORE = 0.01;
/** Share of steps in which one more vehicle is judged cheaper than it is: else long routes are hardly ever opened. */
const CHEAP_VEHICLE = 0.1;
/** One position in so many is overlooked. */
const BLINK = 100;
const FAR = 0x7fff_ffff;
const NEVER = -FAR;

export interface RuinRecreate {
	/** Replaces the kept plan; customers in no route are left out and will be inserted as soon as it can be done. */
	load(routes: Routes): void;
	/** Inserts what is left out into the kept plan, without ruin. */
	construct(): void;
	/** Does `count` steps at the given temperature (cost units; 0 takes what is not worse). */
	run(count: number, temperature: number): void;
	/** Best plan since the last `load`. */
	readonly bestCost: number;
	readonly bestLeftOut: number;
	bestRoutes(): number[][];
}

export function createRuinRecreate(compiled: Compiled, random: Random): RuinRecreate {
	const { nodes, arcs, into, load, dimensions, near, nearCount, before, after, arcCount, problem } = compiled;
	const { open, close, service, fixed, vehicles } = problem;
	const capacity = compiled.capacity;
	const capacity0 = capacity[0]!;
	const wide = dimensions > 1;
	const below = random.below;
	const real = random.real;

	// The working plan. Node 0 stands at both ends of every route.
	const route = new Int32Array(nodes).fill(-1);
	const pred = new Int32Array(nodes);
	const succ = new Int32Array(nodes);
	/** Earliest departure, latest start of service, cost of the arc to the successor. */
	const leave = new Int32Array(nodes);
	const latest = new Int32Array(nodes);
	const out = new Int32Array(nodes);
	const first = new Int32Array(vehicles);
	const size = new Int32Array(vehicles);
	const loads = new Int32Array(vehicles * dimensions);
	leave[0] = open[0]! + service[0]!;
	latest[0] = close[0]!;

	// The kept plan.
	const keptPred = new Int32Array(nodes);
	const keptSucc = new Int32Array(nodes);
	const keptLeave = new Int32Array(nodes);
	const keptLatest = new Int32Array(nodes);
	const keptOut = new Int32Array(nodes);
	const keptFirst = new Int32Array(vehicles);
	const keptSize = new Int32Array(vehicles);
	const keptLoads = new Int32Array(vehicles * dimensions);

	const bestSucc = new Int32Array(nodes);
	const bestFirst = new Int32Array(vehicles);

	/** Empty routes, and where each route stands among them (-1: not empty). */
	const empty = new Int32Array(vehicles);
	const emptyAt = new Int32Array(vehicles);
	let emptyCount = 0;

	/** Routes touched in this step. */
	const touched = new Int32Array(vehicles);
	const touchMark = new Int32Array(vehicles);
	let touchedCount = 0;
	let mark = 0;
	/** Routes ruined in this step. */
	const ruinMark = new Int32Array(vehicles);

	/** Customers out of the working plan; those out of the kept plan. */
	const missing = new Int32Array(nodes);
	let missingCount = 0;
	const keptMissing = new Int32Array(nodes);
	let keptMissingCount = 0;
	/** How often a customer was left out: decides which to leave out while some must be. */
	const absences = new Float64Array(nodes);
	const sortKey = new Float64Array(nodes);

	/** The share of its cost at which one more vehicle is judged in this step. */
	let openShare = 1;

	let cost = 0;
	let keptCost = 0;
	let bestCost = Infinity;
	let bestLeftOut = nodes;
	/** Customers in routes, kept plan. */
	let served = 0;

	// Positions until the next blink, drawn from a table of the geometric distribution.
	const blinks = new Int32Array(4096);
	for (let i = 0; i < blinks.length; i++) {
		blinks[i] = 1 + Math.floor(Math.log((i + 0.5) / blinks.length) / Math.log(1 - 1 / BLINK));
	}
	let blink = blinks[below(4096)]!;

	function setEmpty(r: number): void {
		if (emptyAt[r]! >= 0) return;
		emptyAt[r] = emptyCount;
		empty[emptyCount++] = r;
	}

	function setUsed(r: number): void {
		const at = emptyAt[r]!;
		if (at < 0) return;
		const moved = empty[--emptyCount]!;
		empty[at] = moved;
		emptyAt[moved] = at;
		emptyAt[r] = -1;
	}

	function touch(r: number): void {
		if (touchMark[r] === mark) return;
		touchMark[r] = mark;
		touched[touchedCount++] = r;
	}

	/** Takes the customers from `from` to `to` (neighbours in route r) out. */
	function removeString(r: number, from: number, to: number): void {
		const p = pred[from]!;
		const s = succ[to]!;
		let saved = out[to]!;
		saved += p === 0 ? arcs[2 * from]! : out[p]!;
		for (let k = from; ; k = succ[k]!) {
			if (k !== to) saved += out[k]!;
			route[k] = -1;
			missing[missingCount++] = k;
			size[r]!--;
			loads[r * dimensions]! -= load[k * dimensions]!;
			if (wide) for (let d = 1; d < dimensions; d++) loads[r * dimensions + d]! -= load[k * dimensions + d]!;
			if (k === to) break;
		}
		if (p === 0) first[r] = s;
		else succ[p] = s;
		if (s !== 0) pred[s] = p;
		if (size[r] === 0) {
			setEmpty(r);
			cost -= saved + fixed;
			return;
		}
		const direct = arcs[2 * (p * nodes + s)]!;
		if (p !== 0) out[p] = direct;
		cost += direct - saved;
		forward(p, s);
		backward(p, s);
	}

	/** Renews departures from node s (after p) on, until they stay as they were. */
	function forward(p: number, s: number): void {
		let at = leave[p]!;
		while (s !== 0) {
			const arrival = at + arcs[2 * (p * nodes + s) + 1]!;
			const earliest = open[s]!;
			at = (arrival > earliest ? arrival : earliest) + service[s]!;
			if (leave[s] === at) return;
			leave[s] = at;
			p = s;
			s = succ[s]!;
		}
	}

	/** Renews latest starts from node p (before s) backwards, until they stay as they were. */
	function backward(p: number, s: number): void {
		let at = latest[s]!;
		while (p !== 0) {
			const start = at - arcs[2 * (p * nodes + s) + 1]! - service[p]!;
			const bound = close[p]!;
			at = start < bound ? start : bound;
			if (latest[p] === at) return;
			latest[p] = at;
			s = p;
			p = pred[p]!;
		}
	}

	/** Puts customer c between p and s of route r. */
	function insert(c: number, p: number, s: number, r: number): void {
		touch(r);
		if (size[r] === 0) {
			setUsed(r);
			cost += fixed;
		} else {
			cost -= p === 0 ? arcs[2 * s]! : out[p]!;
		}
		const toC = arcs[2 * (p * nodes + c)]!;
		const fromC = arcs[2 * (c * nodes + s)]!;
		cost += toC + fromC;
		out[c] = fromC;
		route[c] = r;
		pred[c] = p;
		succ[c] = s;
		if (p === 0) first[r] = c;
		else {
			succ[p] = c;
			out[p] = toC;
		}
		if (s !== 0) pred[s] = c;
		size[r]!++;
		loads[r * dimensions]! += load[c * dimensions]!;
		if (wide) for (let d = 1; d < dimensions; d++) loads[r * dimensions + d]! += load[c * dimensions + d]!;
		// Values that no real one equals, so that the passes do not stop at c itself.
		leave[c] = NEVER;
		latest[c] = NEVER;
		forward(p, c);
		backward(c, s);
	}

	function fitsMore(r: number, c: number): boolean {
		for (let d = 1; d < dimensions; d++) if (loads[r * dimensions + d]! + load[c * dimensions + d]! > capacity[d]!) return false;
		return true;
	}

	/** Where customer c may go for the least: sets `place*`. Returns false when nowhere. */
	let placePred = 0;
	let placeSucc = 0;
	let placeRoute = -1;

	function findPlace(c: number): boolean {
		const room = capacity0 - load[c * dimensions]!;
		const opens = open[c]!;
		const closes = close[c]!;
		const stays = service[c]!;
		const row = 2 * c * nodes;
		let bestDelta = FAR;
		let bestP = 0;
		let bestS = 0;
		let bestR = -1;
		let unblinked = blink;
		for (let k = c * arcCount, end = k + arcCount; k < end; k++) {
			const p = before[k]!;
			if (p === 0) break;
			const r = route[p]!;
			if (r < 0 || loads[r * dimensions]! > room) continue;
			if (--unblinked === 0) {
				unblinked = blinks[below(4096)]!;
				continue;
			}
			const s = succ[p]!;
			const delta = into[row + 2 * p]! + arcs[row + 2 * s]! - out[p]!;
			if (delta >= bestDelta) continue;
			let start = leave[p]! + into[row + 2 * p + 1]!;
			if (start > closes) continue;
			if (start < opens) start = opens;
			if (start + stays + arcs[row + 2 * s + 1]! > latest[s]!) continue;
			if (wide && !fitsMore(r, c)) continue;
			bestDelta = delta;
			bestP = p;
			bestS = s;
			bestR = r;
		}
		for (let k = c * arcCount, end = k + arcCount; k < end; k++) {
			const s = after[k]!;
			if (s === 0) break;
			const r = route[s]!;
			if (r < 0 || loads[r * dimensions]! > room) continue;
			if (--unblinked === 0) {
				unblinked = blinks[below(4096)]!;
				continue;
			}
			const p = pred[s]!;
			const delta = into[row + 2 * p]! + arcs[row + 2 * s]! - (p === 0 ? arcs[2 * s]! : out[p]!);
			if (delta >= bestDelta) continue;
			let start = leave[p]! + into[row + 2 * p + 1]!;
			if (start > closes) continue;
			if (start < opens) start = opens;
			if (start + stays + arcs[row + 2 * s + 1]! > latest[s]!) continue;
			if (wide && !fitsMore(r, c)) continue;
			bestDelta = delta;
			bestP = p;
			bestS = s;
			bestR = r;
		}
		blink = unblinked;
		if (bestR < 0) {
			// No neighbour has room: look everywhere.
			for (let p = 1; p < nodes; p++) {
				const r = route[p]!;
				if (r < 0 || loads[r * dimensions]! > room || (wide && !fitsMore(r, c))) continue;
				for (let side = pred[p] === 0 ? 0 : 1; side < 2; side++) {
					const a = side === 0 ? 0 : p;
					const s = side === 0 ? p : succ[p]!;
					const delta = into[row + 2 * a]! + arcs[row + 2 * s]! - (a === 0 ? arcs[2 * s]! : out[a]!);
					if (delta >= bestDelta) continue;
					const arrival = leave[a]! + into[row + 2 * a + 1]!;
					if (arrival > closes) continue;
					if ((arrival > opens ? arrival : opens) + stays + arcs[row + 2 * s + 1]! > latest[s]!) continue;
					bestDelta = delta;
					bestP = a;
					bestS = s;
					bestR = r;
				}
			}
		}
		if (emptyCount > 0) {
			const delta = (into[row]! + arcs[row]! + fixed) * openShare;
			if (delta < bestDelta && opensAlone(c)) {
				openShare = 1;
				bestP = 0;
				bestS = 0;
				bestR = empty[emptyCount - 1]!;
			}
		}
		placePred = bestP;
		placeSucc = bestS;
		placeRoute = bestR;
		return bestR >= 0;
	}

	/** Whether a vehicle can serve c alone. */
	function opensAlone(c: number): boolean {
		const arrival = leave[0]! + into[2 * c * nodes + 1]!;
		if (arrival > close[c]!) return false;
		const start = arrival > open[c]! ? arrival : open[c]!;
		if (start + service[c]! + arcs[2 * c * nodes + 1]! > close[0]!) return false;
		for (let d = 0; d < dimensions; d++) if (load[c * dimensions + d]! > capacity[d]!) return false;
		return true;
	}

	/** Which strings: routes near a random customer. */
	function ruin(): void {
		const used = vehicles - emptyCount;
		if (used === 0) return;
		const average = served / used;
		const longest = average < LONGEST ? average : LONGEST;
		const most = (4 * REMOVED) / (1 + longest) - 1;
		const strings = Math.floor(real() * most + 1);
		const seed = 1 + below(nodes - 1);
		let done = 0;
		for (let k = -1; k < nearCount && done < strings; k++) {
			const c = k < 0 ? seed : near[seed * nearCount + k]!;
			const r = route[c]!;
			if (r < 0 || ruinMark[r] === mark) continue;
			ruinMark[r] = mark;
			touch(r);
			done++;
			const length = size[r]!;
			const limit = length < longest ? length : longest;
			const count = Math.floor(real() * limit + 1);
			if (count < length && count > 1 && real() < SPLIT) {
				let spared = 1;
				while (count + spared < length && real() < SPARE_MORE) spared++;
				cutSplit(r, c, count, spared);
			} else {
				cut(r, c, count);
			}
		}
	}

	/** First node of a string of `count` customers that contains c, anywhere in it with equal chance. */
	function stringStart(c: number, count: number): number {
		let at = 0;
		for (let k = pred[c]!; k !== 0 && at < count; k = pred[k]!) at++;
		let behind = 0;
		for (let k = succ[c]!; k !== 0 && behind < count; k = succ[k]!) behind++;
		// The string begins `back` customers before c.
		const least = count - 1 - behind > 0 ? count - 1 - behind : 0;
		const greatest = at < count - 1 ? at : count - 1;
		let back = least + below(greatest - least + 1);
		let from = c;
		while (back-- > 0) from = pred[from]!;
		return from;
	}

	function cut(r: number, c: number, count: number): void {
		const from = stringStart(c, count);
		let to = from;
		for (let k = 1; k < count; k++) to = succ[to]!;
		removeString(r, from, to);
	}

	/** Takes out a string of `count + spared` customers but for `spared` neighbours within it. */
	function cutSplit(r: number, c: number, count: number, spared: number): void {
		const from = stringStart(c, count + spared);
		const head = 1 + below(count - 1);
		let to = from;
		for (let k = 1; k < head; k++) to = succ[to]!;
		let next = succ[to]!;
		removeString(r, from, to);
		for (let k = 0; k < spared; k++) next = succ[next]!;
		to = next;
		for (let k = head + 1; k < count; k++) to = succ[to]!;
		removeString(r, next, to);
	}

	/** The order in which missing customers are put back: one of several, drawn by weight. */
	function sortMissing(): void {
		const draw = below(17);
		for (let k = 0; k < missingCount; k++) {
			const c = missing[k]!;
			let key: number;
			if (draw < 4) key = random.next();
			else if (draw < 8) key = -load[c * dimensions]!;
			else if (draw < 10) key = -arcs[2 * c]!;
			else if (draw < 11) key = arcs[2 * c]!;
			else if (draw < 13) key = close[c]! - open[c]!;
			else if (draw < 15) key = open[c]!;
			else key = -close[c]!;
			let at = k;
			while (at > 0 && sortKey[at - 1]! > key) {
				sortKey[at] = sortKey[at - 1]!;
				missing[at] = missing[at - 1]!;
				at--;
			}
			sortKey[at] = key;
			missing[at] = c;
		}
	}

	function recreate(): void {
		sortMissing();
		openShare = real() < CHEAP_VEHICLE ? real() : 1;
		let left = 0;
		for (let k = 0; k < missingCount; k++) {
			const c = missing[k]!;
			if (findPlace(c)) insert(c, placePred, placeSucc, placeRoute);
			else missing[left++] = c;
		}
		missingCount = left;
	}

	function keep(): void {
		for (let t = 0; t < touchedCount; t++) {
			const r = touched[t]!;
			keptFirst[r] = first[r]!;
			keptSize[r] = size[r]!;
			for (let d = 0; d < dimensions; d++) keptLoads[r * dimensions + d] = loads[r * dimensions + d]!;
			for (let k = first[r]!; k !== 0; k = succ[k]!) {
				keptPred[k] = pred[k]!;
				keptSucc[k] = succ[k]!;
				keptLeave[k] = leave[k]!;
				keptLatest[k] = latest[k]!;
				keptOut[k] = out[k]!;
			}
		}
		for (let k = 0; k < missingCount; k++) {
			keptMissing[k] = missing[k]!;
		}
		keptMissingCount = missingCount;
		keptCost = cost;
		served = nodes - 1 - missingCount;
	}

	function undo(): void {
		for (let k = 0; k < missingCount; k++) route[missing[k]!] = -1;
		for (let t = 0; t < touchedCount; t++) {
			const r = touched[t]!;
			first[r] = keptFirst[r]!;
			size[r] = keptSize[r]!;
			if (size[r] === 0) setEmpty(r);
			else setUsed(r);
			for (let d = 0; d < dimensions; d++) loads[r * dimensions + d] = keptLoads[r * dimensions + d]!;
			for (let k = keptFirst[r]!; k !== 0; k = keptSucc[k]!) {
				route[k] = r;
				pred[k] = keptPred[k]!;
				succ[k] = keptSucc[k]!;
				leave[k] = keptLeave[k]!;
				latest[k] = keptLatest[k]!;
				out[k] = keptOut[k]!;
			}
		}
		for (let k = 0; k < keptMissingCount; k++) {
			missing[k] = keptMissing[k]!;
			route[missing[k]!] = -1;
		}
		missingCount = keptMissingCount;
		cost = keptCost;
	}

	function noteBest(): void {
		bestCost = keptCost;
		bestLeftOut = keptMissingCount;
		bestSucc.set(keptSucc);
		bestFirst.set(keptFirst);
	}

	function absenceOf(list: Int32Array, count: number): number {
		let sum = 0;
		for (let k = 0; k < count; k++) sum += absences[list[k]!]!;
		return sum;
	}

	/** Annealing on cost; but serving more comes first, and among equals leaving out who was left out least. */
	function accepts(temperature: number): boolean {
		if (missingCount !== keptMissingCount) return missingCount < keptMissingCount;
		if (missingCount > 0 && absenceOf(missing, missingCount) < absenceOf(keptMissing, keptMissingCount)) return true;
		if (cost <= keptCost) return true;
		return cost < keptCost - temperature * Math.log(real());
	}

	function step(temperature: number): void {
		mark++;
		touchedCount = 0;
		ruin();
		recreate();
		for (let k = 0; k < missingCount; k++) absences[missing[k]!]!++;
		if (!accepts(temperature)) {
			undo();
			return;
		}
		keep();
		if (keptMissingCount < bestLeftOut || (keptMissingCount === bestLeftOut && keptCost < bestCost)) noteBest();
	}

	function loadRoutes(routes: Routes): void {
		route.fill(-1);
		first.fill(0);
		size.fill(0);
		loads.fill(0);
		emptyAt.fill(-1);
		emptyCount = 0;
		for (let r = vehicles - 1; r >= 0; r--) setEmpty(r);
		missingCount = 0;
		touchedCount = 0;
		mark++;
		cost = 0;
		for (let r = 0; r < routes.length; r++) {
			let p = 0;
			for (const c of routes[r]!) {
				insert(c, p, 0, r);
				p = c;
			}
		}
		for (let c = 1; c < nodes; c++) if (route[c]! < 0) missing[missingCount++] = c;
		for (let r = 0; r < vehicles; r++) touch(r);
		keep();
		noteBest();
	}

	function bestRoutes(): number[][] {
		const routes: number[][] = [];
		for (let r = 0; r < vehicles; r++) {
			const nodesOf: number[] = [];
			for (let k = bestFirst[r]!; k !== 0; k = bestSucc[k]!) nodesOf.push(k);
			routes.push(nodesOf);
		}
		return routes;
	}

	loadRoutes([]);
	return {
		load: loadRoutes,
		construct() {
			mark++;
			touchedCount = 0;
			recreate();
			keep();
			if (keptMissingCount < bestLeftOut || (keptMissingCount === bestLeftOut && keptCost < bestCost)) noteBest();
		},
		run(count, temperature) {
			if (nodes === 1 || vehicles === 0) return;
			for (let k = 0; k < count; k++) step(temperature);
		},
		get bestCost() {
			return bestCost;
		},
		get bestLeftOut() {
			return bestLeftOut;
		},
		bestRoutes,
	};
}
