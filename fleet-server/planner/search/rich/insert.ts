/** Where a task that is left out goes best. */
import { BLOCKED, type Model, NEVER } from '../../model/model.ts';
import type { Random } from '../../random.ts';
import type { Kernel } from './kernel.ts';
import { daysFit, type Plan, putIn, seriesChange } from './plan.ts';
import { createRoute, reserve, type Route } from './route.ts';

/** The best place found; `vehicle` −1: none. */
export interface Spot {
	vehicle: number;
	/** Change of cost. */
	cost: number;
	/** Node of the job, or of the pickup, and the position it goes behind. */
	node: number;
	position: number;
	/** The delivery, and the position in the route as it was that it goes behind; node −1: none. */
	second: number;
	secondPosition: number;
	/** The position, in the route as it will be, that a reload goes behind; −1: none. */
	reload: number;
}

export interface Inserter {
	/** Another order of vehicles, by which ties fall: idle vehicles cost the same, but their shifts and limits differ. */
	shuffle(): void;
	/** Looks for the cheapest place of a task (of a shipment: its pickup) in all vehicles or some; with this chance it overlooks places at random. */
	find(plan: Plan, task: number, blink: number, only?: ReadonlySet<number>): Spot;
}

/** Chance of overlooking a place, when places are overlooked at all. */
const BLINK = 0.3;

// oxlint-disable-next-line max-lines-per-function -- one closure around the inner loops, as in the kernel.
export function createInserter(model: Model, kernel: Kernel, random: Random): Inserter {
	const { vehicles, tasks, nodes, nodeTask, nodePlace, nodeCost, places, dimensions, setup, service, pickup, delivery } = model;
	const { at: nodesAt, items: nodeItems } = model.nodesOf;
	const { close: windowClose, at: windowAt } = model.windows;
	const spot: Spot = { vehicle: -1, cost: Infinity, node: -1, position: 0, second: -1, secondPosition: 0, reload: -1 };
	const probes = vehicles.map((_, vehicle) => createRoute(model, vehicle, 4));
	const mostLayers = vehicles.reduce((most, { breaks }) => Math.max(most, breaks.length + 1), 1);
	const aboard = new Float64Array(mostLayers);
	const riding = new Float64Array(mostLayers);
	const landed = new Float64Array(mostLayers);
	/** Best place of a task in a vehicle's route of that version (node −1: it costs at least `cost`). About 32 bytes a pair. */
	const known = {
		version: new Int32Array(vehicles.length * tasks),
		cost: new Float64Array(vehicles.length * tasks),
		node: new Int32Array(vehicles.length * tasks),
		places: new Int32Array(4 * vehicles.length * tasks),
	};
	const order = Int32Array.from(vehicles, (_, v) => v);
	const tried = new Int32Array(vehicles.length);
	let stamp = 0;
	const hasReloads = vehicles.some(({ reloads }) => reloads > 0);

	/** Change of cost when a candidate route is run through in full; Infinity when it can't be. */
	function tryOut(route: Route, node: number, position: number, second: number, secondPosition: number, reload: number): number {
		const probe = probes[route.vehicle]!;
		reserve(model, probe, route.n + 3);
		probe.n = route.n;
		probe.seq.set(route.seq.subarray(0, route.n + 1));
		if (second >= 0) putIn(model, probe, secondPosition, second);
		putIn(model, probe, position, node);
		if (reload >= 0) putIn(model, probe, reload, nodes + route.vehicle);
		return kernel.update(probe) ? probe.hard + probe.extra - route.hard - route.extra : Infinity;
	}

	function note(
		vehicle: number,
		cost: number,
		node: number,
		position: number,
		second: number,
		behind: number,
		reload: number,
	): void {
		spot.vehicle = vehicle;
		spot.cost = cost;
		spot.node = node;
		spot.position = position;
		spot.second = second;
		spot.secondPosition = behind;
		spot.reload = reload;
	}

	/** Whether amounts taken before (`delivery`) and kept after (`pickup`) a position fit into the trip around it. */
	function loadFits(route: Route, position: number, task: number, capacity: readonly number[]): boolean {
		for (let d = 0; d < dimensions; d++) {
			const at = position * dimensions + d;
			if (route.before[at]! + delivery[task * dimensions + d]! > capacity[d]!) return false;
			if (route.after[at]! + pickup[task * dimensions + d]! > capacity[d]!) return false;
		}
		return true;
	}

	/**
	 * Times at the next stop: from departures by layer, over `travel` and perhaps breaks. Writes arrivals, or with a task the
	 * departures after it, and tells whether there is any.
	 */
	function advance(vehicle: number, layers: number, from: Float64Array, offset: number, travel: number, to: Float64Array): boolean {
		let any = false;
		for (let b = 0; b < layers; b++) {
			let arrival = NEVER;
			for (let f = 0; f <= b; f++) {
				const left = from[offset + f]!;
				if (left >= NEVER) continue;
				const time = f === b ? left + travel : kernel.through(vehicle, f, b, left, travel);
				if (time < arrival) arrival = time;
			}
			to[b] = arrival;
			if (arrival < NEVER) any = true;
		}
		return any;
	}

	function act(vehicle: number, layers: number, task: number, lead: number, action: number, times: Float64Array): boolean {
		let any = false;
		for (let b = 0; b < layers; b++) {
			if (times[b]! >= NEVER) continue;
			const start = kernel.startFrom(task, vehicle, times[b]!, lead);
			times[b] = start >= NEVER ? NEVER : start + action;
			if (start < NEVER) any = true;
		}
		return any;
	}

	/** Whether the rest of the route from `next` on can still be done after these departures. */
	function fits(
		route: Route,
		layers: number,
		from: Float64Array,
		offset: number,
		travel: number,
		next: number,
		more: number,
	): boolean {
		const { late } = route;
		for (let b = 0; b < layers; b++) {
			const latest = more === 0 ? late[next * layers + b]! : latestWith(route, next, b, more);
			if (latest < 0) continue;
			for (let f = 0; f <= b; f++) {
				const left = from[offset + f]!;
				if (left >= NEVER) continue;
				const time = f === b ? left + travel : kernel.through(route.vehicle, f, b, left, travel);
				if (time <= latest) return true;
			}
		}
		return false;
	}

	/** Latest start at a position when its setup changes by `more`. */
	function latestWith(route: Route, position: number, layer: number, more: number): number {
		const depart = route.lateDepart[position * route.layers + layer]!;
		const latest = depart - route.action[position]! - more;
		if (latest < 0) return -1;
		const task = nodeTask[route.seq[position]!]!;
		const lead = route.action[position]! + more - service[vehicles[route.vehicle]!.type * tasks + task]!;
		return kernel.startBy(task, route.vehicle, latest, lead);
	}

	/** How setup at position `next` changes when the stop before it is at `place` instead. */
	function setupChange(route: Route, next: number, place: number, base: number): number {
		if (next > route.n) return 0;
		const node = route.seq[next]!;
		if (node >= nodes) return 0;
		const task = nodeTask[node]!;
		const is = route.place[next - 1] === route.place[next] ? 0 : setup[base + task]!;
		const will = place === route.place[next] ? 0 : setup[base + task]!;
		return will - is;
	}

	/** Whether a candidate must be run through in full. */
	function needsTrial(route: Route, task: number): boolean {
		const vehicle = vehicles[route.vehicle]!;
		return vehicle.general || vehicle.breakLoads || route.softs > 0 || model.soft[task] === 1;
	}

	function findJob(route: Route, task: number, base0: number, blink: number): void {
		const v = route.vehicle;
		const vehicle = vehicles[v]!;
		const { layers, place, depart, n } = route;
		const arcs = model.arcs[vehicle.profile]!;
		const base = vehicle.type * tasks;
		const { costFactor, distanceFactor, taskFactor, timeFactor } = vehicle;
		const empty = route.tasks === 0;
		const trial = needsTrial(route, task);
		const lastClose = windowClose[windowAt[task + 1]! - 1]!;
		const bound = vehicle.pinned.length > 0 || vehicle.pinnedBreaks[0]! > 0;
		for (let at = nodesAt[task]!; at < nodesAt[task + 1]!; at++) {
			const node = nodeItems[at]!;
			const here = nodePlace[node]!;
			const base1 = base0 + nodeCost[node]! + (empty ? vehicle.fixed : 0);
			for (let k = route.free; k <= n; k++) {
				const from = place[k]!;
				const to = place[k + 1]!;
				const one = 3 * (from * places + here);
				const two = 3 * (here * places + to);
				if (arcs[one] === BLOCKED || arcs[two] === BLOCKED || arcs[3 * (from * places + to)] === BLOCKED) {
					if (vehicle.via) {
						const change = tryOut(route, node, k, -1, 0, -1) + base0;
						if (change < spot.cost) note(v, change, node, k, -1, 0, -1);
						continue;
					}
					if (arcs[one] === BLOCKED || arcs[two] === BLOCKED) continue;
				}
				let price = arcs[one + 1]! + arcs[two + 1]!;
				let metres = arcs[one + 2]! + arcs[two + 2]!;
				let seconds = arcs[one]! + arcs[two]!;
				if (!empty) {
					const old = 3 * (from * places + to);
					price -= arcs[old + 1]!;
					metres -= arcs[old + 2]!;
					seconds -= arcs[old]!;
				}
				const lead = from === here ? 0 : setup[base + task]!;
				const action = lead + service[base + task]!;
				const more = setupChange(route, k + 1, here, base);
				const cost = base1 + price * costFactor + metres * distanceFactor + (action + more) * taskFactor;
				if ((trial ? cost - route.extra : cost) >= spot.cost) continue;
				if (blink > 0 && random.real() < blink) continue;
				if (route.travel + seconds * timeFactor > vehicle.maxTravel || route.distance + metres > vehicle.maxDistance) continue;
				if (dimensions > 0 && !loadFits(route, k, task, vehicle.capacity)) continue;
				const driving = arcs[one]! * timeFactor;
				if (layers === 1) {
					const start = kernel.startFrom(task, v, depart[k]! + driving, lead);
					if (start >= NEVER) {
						if (depart[k]! > lastClose) break;
						continue;
					}
					const latest = more === 0 ? route.late[k + 1]! : latestWith(route, k + 1, 0, more);
					if (start + action + arcs[two]! * timeFactor > latest) continue;
				} else {
					if (!advance(v, layers, depart, k * layers, driving, aboard)) continue;
					if (bound && !pinnedLayers(route, k, aboard)) continue;
					if (!act(v, layers, task, lead, action, aboard)) continue;
					if (!fits(route, layers, aboard, 0, arcs[two]! * timeFactor, k + 1, more)) continue;
				}
				let exact = cost;
				if (trial) {
					const change = tryOut(route, node, k, -1, 0, -1);
					if (change >= Infinity) continue;
					exact = change + base0;
					if (exact >= spot.cost) continue;
				}
				note(v, exact, node, k, -1, 0, -1);
			}
		}
	}

	/** Behind the pinned prefix its breaks are over; false when nothing is left. */
	function pinnedLayers(route: Route, position: number, times: Float64Array): boolean {
		const { pinned, pinnedBreaks } = vehicles[route.vehicle]!;
		const least = pinnedBreaks[pinned.length]!;
		if (position < route.free) return false;
		for (let b = 0; b < least && b < route.layers; b++) times[b] = NEVER;
		return times.some((time, b) => b < route.layers && time < NEVER);
	}

	/** A shipment: the pickup behind every position, and for each the delivery behind every later one. */
	// oxlint-disable-next-line max-lines-per-function
	function findPair(route: Route, task: number, base0: number, blink: number): void {
		const v = route.vehicle;
		const vehicle = vehicles[v]!;
		const { layers, place, depart, n, load } = route;
		const arcs = model.arcs[vehicle.profile]!;
		const base = vehicle.type * tasks;
		const { costFactor, distanceFactor, taskFactor, timeFactor } = vehicle;
		const empty = route.tasks === 0;
		const other = model.mate[task]!;
		const trial = needsTrial(route, task);
		const node = nodeItems[nodesAt[task]!]!;
		const second = nodeItems[nodesAt[other]!]!;
		const a = nodePlace[node]!;
		const b = nodePlace[second]!;
		const bound = vehicle.pinned.length > 0 || vehicle.pinnedBreaks[0]! > 0;
		const base1 = base0 + (empty ? vehicle.fixed : 0);
		const priced = (arc: number): number => arcs[arc + 1]! * costFactor + arcs[arc + 2]! * distanceFactor;
		const full = (k: number): boolean => {
			for (let d = 0; d < dimensions; d++) {
				if (load[k * dimensions + d]! + pickup[task * dimensions + d]! > vehicle.capacity[d]!) return true;
			}
			return false;
		};
		for (let i = route.free; i <= n; i++) {
			const from = place[i]!;
			const one = 3 * (from * places + a);
			if (arcs[one] === BLOCKED || full(i)) continue;
			if (blink > 0 && random.real() < blink) continue;
			const lead = from === a ? 0 : setup[base + task]!;
			const action = lead + service[base + task]!;
			const start = base1 + priced(one) + action * taskFactor;
			if (!advance(v, layers, depart, i * layers, arcs[one]! * timeFactor, aboard)) continue;
			if (bound && layers > 1 && !pinnedLayers(route, i, aboard)) continue;
			if (!act(v, layers, task, lead, action, aboard)) continue;
			/** Cost up to the stop that the delivery would follow, and where that is. */
			let cost = start;
			let last = a;
			let seconds = arcs[one]!;
			let metres = arcs[one + 2]!;
			for (let j = i; j <= n; j++) {
				if (j > i) {
					// The route's own stop j comes between.
					const stop = route.seq[j]!;
					if (stop >= nodes) break;
					const arc = 3 * (last * places + place[j]!);
					if (arcs[arc] === BLOCKED || full(j)) break;
					const more = j === i + 1 ? setupChange(route, j, a, base) : 0;
					const old = 3 * (place[j - 1]! * places + place[j]!);
					cost += priced(arc) - priced(old) + more * taskFactor;
					seconds += arcs[arc]! - arcs[old]!;
					metres += arcs[arc + 2]! - arcs[old + 2]!;
					if (!advance(v, layers, aboard, 0, arcs[arc]! * timeFactor, riding)) break;
					const length = route.action[j]! + more;
					const between = nodeTask[stop]!;
					if (!act(v, layers, between, length - service[base + between]!, length, riding)) break;
					aboard.set(riding);
					last = place[j]!;
				}
				const two = 3 * (last * places + b);
				const three = 3 * (b * places + place[j + 1]!);
				if (arcs[two] === BLOCKED || arcs[three] === BLOCKED) continue;
				const old = 3 * (place[j]! * places + place[j + 1]!);
				const lead2 = last === b ? 0 : setup[base + other]!;
				const action2 = lead2 + service[base + other]!;
				const more = setupChange(route, j + 1, b, base);
				const whole = cost + priced(two) + priced(three) - (empty ? 0 : priced(old)) + (action2 + more) * taskFactor;
				if ((trial ? whole - route.extra : whole) >= spot.cost) continue;
				const travel = seconds + arcs[two]! + arcs[three]! - (empty ? 0 : arcs[old]!);
				const way = metres + arcs[two + 2]! + arcs[three + 2]! - (empty ? 0 : arcs[old + 2]!);
				if (route.travel + travel * timeFactor > vehicle.maxTravel || route.distance + way > vehicle.maxDistance) continue;
				if (!advance(v, layers, aboard, 0, arcs[two]! * timeFactor, landed)) continue;
				if (!act(v, layers, other, lead2, action2, landed)) continue;
				if (!fits(route, layers, landed, 0, arcs[three]! * timeFactor, j + 1, more)) continue;
				let exact = whole;
				if (trial) {
					const change = tryOut(route, node, i, second, j, -1);
					if (change >= Infinity) continue;
					exact = change + base0;
					if (exact >= spot.cost) continue;
				}
				note(v, exact, node, i, second, j, -1);
			}
		}
	}

	/** A job that needs another trip: with a reload before or behind it, perhaps anywhere. */
	function findWithReload(route: Route, task: number, base0: number, anywhere: boolean): void {
		for (let at = nodesAt[task]!; at < nodesAt[task + 1]!; at++) {
			const node = nodeItems[at]!;
			for (let k = route.free; k <= route.n; k++) {
				const first = anywhere ? route.free : k;
				const last = anywhere ? route.n + 1 : k + 1;
				for (let reload = first; reload <= last; reload++) {
					const cost = tryOut(route, node, k, -1, 0, reload) + base0;
					if (cost < spot.cost) note(route.vehicle, cost, node, k, -1, 0, reload);
				}
			}
		}
	}

	/** Looks through one route; what it finds below the bound goes to `spot`. */
	function scan(route: Route, task: number, base: number, blink: number): void {
		kernel.updateLate(route);
		const pair = model.mate[task]! >= 0;
		if (pair) findPair(route, task, base, blink);
		else findJob(route, task, base, blink);
		if (!pair && route.reloads < vehicles[route.vehicle]!.reloads) findWithReload(route, task, base, route.n <= 12);
	}

	/** The same by what is known from before, as long as the route has not changed. */
	function scanKnown(route: Route, task: number, base: number): void {
		if (route.consults > 0 || model.consult[task]! > 0) return scan(route, task, base, 0);
		const at = route.vehicle * tasks + task;
		if (known.version[at] === route.version) {
			if (known.cost[at]! + base >= spot.cost) return;
			if (known.node[at]! >= 0) {
				const where = 4 * at;
				const { places: positions } = known;
				note(
					route.vehicle,
					known.cost[at]! + base,
					known.node[at]!,
					positions[where]!,
					positions[where + 1]!,
					positions[where + 2]!,
					positions[where + 3]!,
				);
				return;
			}
		}
		const bound = spot.cost;
		scan(route, task, base, 0);
		known.version[at] = route.version;
		if (spot.cost < bound) {
			known.cost[at] = spot.cost - base;
			known.node[at] = spot.node;
			known.places[4 * at] = spot.position;
			known.places[4 * at + 1] = spot.second;
			known.places[4 * at + 2] = spot.secondPosition;
			known.places[4 * at + 3] = spot.reload;
		} else {
			known.cost[at] = bound - base;
			known.node[at] = -1;
		}
	}

	return {
		shuffle() {
			for (let i = order.length - 1; i > 0; i--) {
				const j = random.below(i + 1);
				const swap = order[i]!;
				order[i] = order[j]!;
				order[j] = swap;
			}
		},
		find(plan, task, blink, only) {
			spot.vehicle = -1;
			spot.cost = Infinity;
			const pair = model.mate[task]! >= 0;
			const inSeries = model.seriesOf.at[task + 1]! > model.seriesOf.at[task]!;
			// Where one vehicle or doctor decides over other tasks, the cheapest place is more often not the best one.
			const blinking = random.real() < blink * (inSeries || model.consult[task]! > 0 ? 5 : 1);
			if (nodesAt[task] === nodesAt[task + 1]) return spot;
			stamp++;
			for (let i = 0; i < vehicles.length; i++) {
				const v = order[i]!;
				if (only && !only.has(v)) continue;
				if (model.allowed[v * tasks + task] === 0) continue;
				const route = plan.routes[v]!;
				const vehicle = vehicles[v]!;
				if (route.tasks + (pair ? 2 : 1) > vehicle.maxTasks) continue;
				if (route.tasks === 0) {
					// Of vehicles that are alike and idle, one is enough.
					if (tried[model.twin[v]!] === stamp) continue;
					tried[model.twin[v]!] = stamp;
				}
				if (blinking && random.real() < BLINK) continue;
				if (inSeries && !daysFit(model, plan, task, v)) continue;
				const base = inSeries ? seriesChange(model, plan, task, v) : 0;
				if (blinking) scan(route, task, base, BLINK);
				else scanKnown(route, task, base);
			}
			if (spot.vehicle < 0 && !pair && !only && hasReloads) {
				for (const route of plan.routes) {
					const v = route.vehicle;
					if (route.reloads >= vehicles[v]!.reloads || route.n <= 12 || route.tasks >= vehicles[v]!.maxTasks) continue;
					if (model.allowed[v * tasks + task] === 0 || (inSeries && !daysFit(model, plan, task, v))) continue;
					findWithReload(route, task, inSeries ? seriesChange(model, plan, task, v) : 0, true);
				}
			}
			return spot;
		},
	};
}
