/**
 * Routes whose times are a choice: starts that have a price (promised and preferred times), breaks at a place, rests for the
 * driver, a longest duration. A label is one way to have come so far; of two labels at the same stop with as many breaks taken, one
 * that is no better in time, price and time at the wheel is dropped.
 */
import { BLOCKED, COST, type Model, NEVER } from '../../model/model.ts';
import type { Element } from './answer.ts';
import type { Doctors } from './doctors.ts';
import type { Route } from './route.ts';

export interface General {
	/** Chooses the times of a route whose costs, loads and earliest times are known; writes price, starts and doctors. */
	plan(route: Route): boolean;
	/** The same, and what comes after what, breaks and their times included. */
	elements(route: Route): Element[];
}

interface Parts {
	readonly doctors: Doctors;
	startFrom(task: number, vehicle: number, time: number, lead: number): number;
	readonly chosen: number;
	loadAllows(route: Route, from: number, to: number, position: number): boolean;
	layerAllowed(vehicle: number, number: number, layer: number): boolean;
}

/** Labels that are kept at most; a route that would need more is taken as impossible. */
const MOST = 20_000;
/** Labels at a stop for each number of breaks. */
const WIDEST = 40;
/** Later departures that are tried for a longest duration. */
const DEPARTURES = 60;

// oxlint-disable-next-line max-lines-per-function -- one closure over the labels.
export function createGeneral(model: Model, parts: Parts): General {
	const { vehicles, tasks, nodes, nodeTask, places, service, soft, consult, preparation, dimensions } = model;
	const time = new Float64Array(MOST);
	const cost = new Float64Array(MOST);
	const driven = new Float64Array(MOST);
	const start = new Float64Array(MOST);
	const parent = new Int32Array(MOST);
	/** Position of a stop, or −1 − number of a break. */
	const what = new Int32Array(MOST);
	/** Doctor at a stop, place of a break (−1: on the way). */
	const extra = new Int32Array(MOST);
	let count = 0;
	/** Labels of the stop at hand and of the next, by layer. */
	let here: number[][] = [];
	let next: number[][] = [];
	const moments: number[] = [];

	function add(
		list: number[],
		at: number,
		price: number,
		wheel: number,
		from: number,
		is: number,
		begin: number,
		who: number,
	): void {
		for (const other of list) if (time[other]! <= at && cost[other]! <= price && driven[other]! <= wheel) return;
		if (count >= MOST || list.length >= 4 * WIDEST) return;
		let kept = 0;
		for (const other of list) {
			if (at <= time[other]! && price <= cost[other]! && wheel <= driven[other]!) continue;
			list[kept++] = other;
		}
		list.length = kept;
		time[count] = at;
		cost[count] = price;
		driven[count] = wheel;
		parent[count] = from;
		what[count] = is;
		start[count] = begin;
		extra[count] = who;
		list.push(count++);
	}

	/** What a start costs, in the model's unit; shown times are cut to whole seconds. */
	function priceOf(task: number, vehicle: number, begin: number, doctor: number): number {
		const shown = Math.floor(begin / 100) * 100;
		let price = 0;
		const promised = model.promisedCost[task]!;
		if (promised > 0) {
			const kept =
				shown >= model.promisedOpen[task]! &&
				shown <= model.promisedClose[task]! &&
				(model.promisedVehicle[task]! < 0 || model.promisedVehicle[task] === vehicle) &&
				(model.promisedDoctor[task]! < 0 || model.promisedDoctor[task] === doctor);
			if (!kept) price += promised;
		}
		const rate = model.preferredRate[task]!;
		if (rate > 0) {
			const outside = Math.max(0, model.preferredOpen[task]! - shown, shown - model.preferredClose[task]!);
			price += COST * Math.round((rate * outside) / COST);
		}
		return price;
	}

	/** As `startFrom`, with one doctor. */
	function startWith(task: number, vehicle: number, from: number, lead: number, doctor: number): number {
		const { at, open, close } = model.windows;
		const ahead = lead + preparation[task]!;
		let begin = from;
		for (let w = at[task]!; w < at[task + 1]!; w++) {
			if (close[w]! < begin) continue;
			if (begin < open[w]!) begin = open[w]!;
			begin = parts.doctors.next(doctor, vehicle, begin + ahead, consult[task]!) - ahead;
			if (begin <= close[w]!) return begin;
		}
		return NEVER;
	}

	/** Times at which it may pay to start a stop, later than at once: where its own price or that of a later stop changes. */
	function momentsOf(route: Route, position: number, strict: boolean): void {
		moments.length = 0;
		const vehicle = vehicles[route.vehicle]!;
		const arcs = model.arcs[vehicle.profile]!;
		let after = 0;
		for (let k = position; k <= route.n; k++) {
			if (k > position) {
				const arc = 3 * (route.place[k - 1]! * places + route.place[k]!);
				after += route.action[k - 1]! + arcs[arc]! * vehicle.timeFactor;
			}
			if (route.seq[k]! >= nodes) continue;
			const task = nodeTask[route.seq[k]!]!;
			if (soft[task] === 1) {
				if (model.promisedCost[task]! > 0) moments.push(model.promisedOpen[task]! - after);
				if (model.promisedCost[task]! > 0 && !strict) moments.push(model.promisedClose[task]! - after);
				if (model.preferredRate[task]! > 0) moments.push(model.preferredOpen[task]! - after);
				if (model.preferredRate[task]! > 0 && !strict) moments.push(model.preferredClose[task]! - after);
			}
			if (strict) break;
			const { at, open, close } = model.windows;
			for (let w = at[task]!; w < at[task + 1]!; w++) moments.push(close[w]! - after, open[w]! - after);
			if (moments.length > 60) return;
		}
		if (strict) return;
		const last = 3 * (route.place[route.n]! * places + vehicle.end);
		moments.push(vehicle.close - after - route.action[route.n]! - arcs[last]! * vehicle.timeFactor);
	}

	/** Setup and service at a stop that is reached from a label: a break's place counts as the place before. */
	function actionAt(route: Route, position: number, from: number): number {
		const node = route.seq[position]!;
		const { type, reloadService } = vehicles[route.vehicle]!;
		if (node >= nodes) return reloadService;
		let label = from;
		while (what[label]! < 0 && extra[label]! < 0) label = parent[label]!;
		const place = what[label]! < 0 ? extra[label]! : route.place[what[label]!]!;
		const task = nodeTask[node]!;
		return service[type * tasks + task]! + (place === route.place[position] ? 0 : model.setup[type * tasks + task]!);
	}

	/** Labels after a stop, from an arrival. With `strict`, only the first start that costs as little as can be. */
	function serve(
		route: Route,
		position: number,
		layer: number,
		arrival: number,
		from: number,
		wheel: number,
		strict: boolean,
	): void {
		const node = route.seq[position]!;
		const vehicle = vehicles[route.vehicle]!;
		const action = actionAt(route, position, from);
		// The route's own cost has the setup that is due without a break's place in between.
		const paid = cost[from]! + (action - route.action[position]!) * vehicle.taskFactor;
		const rested = action >= vehicle.driveRest ? 0 : wheel;
		const list = next[layer]!;
		if (node >= nodes) return add(list, arrival + action, paid, rested, from, position, arrival, -1);
		const task = nodeTask[node]!;
		const lead = action - service[vehicle.type * tasks + task]!;
		const first = parts.startFrom(task, route.vehicle, arrival, lead);
		if (first >= NEVER) return;
		const put = (begin: number, doctor: number): void => {
			add(list, begin + action, paid + priceOf(task, route.vehicle, begin, doctor), rested, from, position, begin, doctor);
		};
		put(first, consult[task]! > 0 ? parts.chosen : -1);
		if (soft[task] === 0) return;
		const doctor = model.promisedDoctor[task]!;
		const named = doctor >= 0 && consult[task]! > 0 && able(task, doctor);
		const from0 = named ? startWith(task, route.vehicle, arrival, lead, doctor) : first;
		if (named && from0 < NEVER) put(from0, doctor);
		momentsOf(route, position, strict);
		for (const moment of moments) {
			if (moment > arrival && moment > first) {
				const begin = parts.startFrom(task, route.vehicle, moment, lead);
				if (begin < NEVER) put(begin, consult[task]! > 0 ? parts.chosen : -1);
			}
			if (named && moment > from0) {
				const begin = startWith(task, route.vehicle, moment, lead, doctor);
				if (begin < NEVER) put(begin, doctor);
			}
		}
		if (strict) cheapest(list);
		else thin(list);
	}

	function able(task: number, doctor: number): boolean {
		const { at, items } = model.doctorsOf;
		for (let i = at[task]!; i < at[task + 1]!; i++) if (items[i] === doctor) return true;
		return false;
	}

	function cheapest(list: number[]): void {
		let first = -1;
		for (const label of list) {
			if (first < 0 || cost[label]! < cost[first]! || (cost[label] === cost[first] && time[label]! < time[first]!)) first = label;
		}
		list.length = 0;
		if (first >= 0) list.push(first);
	}

	/** Too many labels: of neighbours in time every other one goes. */
	function thin(list: number[]): void {
		if (list.length <= WIDEST) return;
		list.sort((a, b) => time[a]! - time[b]!);
		let kept = 0;
		for (let i = 0; i < list.length; i++) if (i % 2 === 0 || i === list.length - 1) list[kept++] = list[i]!;
		list.length = kept;
	}

	/** A leg to `place`, with the breaks on the way; calls `reach` for each way to do it. */
	function leg(
		route: Route,
		position: number,
		label: number,
		travel: number,
		first: number,
		last: number,
		reach: (at: number, wheel: number, from: number) => void,
	): void {
		const { driveLimit, driveRest, breaks } = vehicles[route.vehicle]!;
		if (first === last) {
			const wheel = driven[label]! + (driveLimit === Infinity ? 0 : travel);
			if (wheel <= driveLimit) reach(time[label]! + travel, wheel, label);
			return;
		}
		if (dimensions > 0 && !parts.loadAllows(route, first, last, position)) return;
		for (const late of driveLimit === Infinity ? [0] : [0, 0.5, 1]) {
			let now = time[label]!;
			let wheel = driven[label]!;
			let rest = travel;
			let from = label;
			let possible = true;
			for (let b = first; b < last && possible; b++) {
				const one = breaks[b]!;
				// Drive on as far as the rest may wait, or only while the break may not begin yet.
				const furthest = Math.min(rest, driveLimit - wheel, Math.max(0, one.close.at(-1)! - now));
				const on = late * furthest;
				now += on;
				rest -= on;
				wheel += driveLimit === Infinity ? 0 : on;
				const w = one.close.findIndex((close) => close >= now);
				if (w < 0) {
					possible = false;
					break;
				}
				const ahead = Math.max(0, one.open[w]! - now);
				const more = Math.min(ahead, rest, driveLimit - wheel);
				rest -= more;
				wheel += driveLimit === Infinity ? 0 : more;
				now += ahead;
				if (count >= MOST) return;
				time[count] = now + one.service;
				cost[count] = cost[from]!;
				parent[count] = from;
				what[count] = -1 - b;
				start[count] = now;
				extra[count] = -1;
				from = count++;
				now += one.service;
				if (one.service >= driveRest) wheel = 0;
				driven[from] = wheel;
			}
			if (!possible) continue;
			if (driveLimit < Infinity) wheel += rest;
			if (wheel <= driveLimit) reach(now + rest, wheel, from);
		}
	}

	/** From a label at a place: straight to the next stop, or by way of a break that has a place. */
	function travelOn(
		route: Route,
		position: number,
		label: number,
		place: number,
		layer: number,
		detour: number,
		strict: boolean,
	): void {
		const vehicle = vehicles[route.vehicle]!;
		const arcs = model.arcs[vehicle.profile]!;
		const { breaks } = vehicle;
		const target = route.place[position + 1]!;
		const direct = 3 * (place * places + target);
		const price = (arc: number): number =>
			arcs[arc] === BLOCKED ? 0 : arcs[arc + 1]! * vehicle.costFactor + arcs[arc + 2]! * vehicle.distanceFactor;
		for (let last = layer; last <= breaks.length; last++) {
			if (last > layer && breaks[last - 1]!.places) break;
			if (arcs[direct] === BLOCKED) break;
			leg(route, position, label, arcs[direct]! * vehicle.timeFactor, layer, last, (at, wheel, from) => {
				const before = cost[from]!;
				cost[from] = before + detour + (detour === 0 ? 0 : price(direct));
				arrive(route, position + 1, last, at, from, wheel, strict);
				cost[from] = before;
			});
		}
		// The next break with a place, after those on the way to it.
		let which = layer;
		while (which < breaks.length && !breaks[which]!.places) which++;
		const one = breaks[which];
		if (!one) return;
		for (const stop of one.places ?? []) {
			const arc = 3 * (place * places + stop);
			if (arcs[arc] === BLOCKED || (dimensions > 0 && !parts.loadAllows(route, which, which + 1, position))) continue;
			leg(route, position, label, arcs[arc]! * vehicle.timeFactor, layer, which, (at, wheel, from) => {
				const w = one.close.findIndex((close) => close >= at);
				if (w < 0 || count >= MOST) return;
				const begin = Math.max(at, one.open[w]!);
				time[count] = begin + one.service;
				cost[count] = cost[from]!;
				driven[count] = one.service >= vehicle.driveRest ? 0 : wheel;
				parent[count] = from;
				what[count] = -1 - which;
				start[count] = begin;
				extra[count] = stop;
				const old = 3 * (route.place[position]! * places + target);
				// The route's own cost has the straight way.
				const paid = (detour === 0 ? -price(old) : detour) + price(arc) || 1e-9;
				travelOn(route, position, count++, stop, which + 1, paid, strict);
			});
		}
	}

	let number = 0;
	let deadline = NEVER;

	function arrive(route: Route, position: number, layer: number, at: number, from: number, wheel: number, strict: boolean): void {
		const isStop = position <= route.n;
		const isTask = isStop && route.seq[position]! < nodes;
		if (at > deadline || ((isTask || !isStop) && !parts.layerAllowed(route.vehicle, number, layer))) return;
		if (isStop) {
			serve(route, position, layer, at, from, wheel, strict);
		} else if (layer === route.layers - 1) {
			add(next[layer]!, at, cost[from]!, 0, from, position, at, -1);
		}
	}

	/** The best label at the end when leaving at `departure` and being back by `until`; −1. */
	function run(route: Route, departure: number, until: number, strict: boolean): number {
		const { layers, n } = route;
		count = 1;
		time[0] = departure;
		cost[0] = 0;
		driven[0] = 0;
		parent[0] = -1;
		what[0] = 0;
		deadline = until;
		number = 0;
		here = Array.from({ length: layers }, () => []);
		here[0]!.push(0);
		for (let k = 0; k <= n; k++) {
			next = Array.from({ length: layers }, () => []);
			for (let layer = 0; layer < layers; layer++) {
				for (const label of here[layer]!) travelOn(route, k, label, route.place[k]!, layer, 0, strict);
			}
			if (k + 1 <= n && route.seq[k + 1]! < nodes) number++;
			here = next;
		}
		let found = -1;
		for (const label of here[layers - 1]!) {
			if (found < 0 || cost[label]! < cost[found]! || (cost[label] === cost[found] && time[label]! < time[found]!)) found = label;
		}
		return found;
	}

	/** Least price that the starts of a route can have, whatever the times: other vehicles were promised. */
	function unavoidable(route: Route): number {
		let price = 0;
		for (let k = 1; k <= route.n; k++) {
			if (route.seq[k]! >= nodes) continue;
			const task = nodeTask[route.seq[k]!]!;
			const wanted = model.promisedVehicle[task]!;
			if (soft[task] === 1 && wanted >= 0 && wanted !== route.vehicle) price += model.promisedCost[task]!;
		}
		return price;
	}

	function best(route: Route): number {
		const vehicle = vehicles[route.vehicle]!;
		const { open, close, maxDuration } = vehicle;
		if (maxDuration === Infinity) {
			if (!vehicle.general) {
				const label = run(route, open, close, true);
				if (label >= 0 && cost[label]! <= unavoidable(route)) return label;
			}
			return run(route, open, close, false);
		}
		// Leaving later never brings one back earlier, so a departure that takes too long rules out all that are not later by as much.
		let departure = open;
		for (let turn = 0; turn < DEPARTURES; turn++) {
			const until = Math.min(close, departure + maxDuration);
			const label = run(route, departure, until, false);
			if (label >= 0) return cheaperLater(route, departure, label);
			const soonest = run(route, departure, close, false);
			if (soonest < 0) return -1;
			let end = NEVER;
			for (const other of here[route.layers - 1]!) end = Math.min(end, time[other]!);
			departure = Math.max(departure + 1, end - maxDuration);
		}
		return -1;
	}

	/** With prices on times, a later departure within the longest duration may be cheaper. */
	function cheaperLater(route: Route, departure: number, label: number): number {
		const { close, maxDuration } = vehicles[route.vehicle]!;
		if (route.softs === 0 || cost[label]! <= unavoidable(route)) return label;
		let least = cost[label]!;
		let when = departure;
		momentsOf(route, 1, false);
		const lead = model.arcs[vehicles[route.vehicle]!.profile]![3 * (route.place[0]! * places + route.place[1]!)]!;
		const candidates = moments
			.map((moment) => moment - lead * vehicles[route.vehicle]!.timeFactor)
			.filter((one) => one > departure);
		for (const one of candidates.slice(0, DEPARTURES)) {
			const other = run(route, one, Math.min(close, one + maxDuration), false);
			if (other < 0 || cost[other]! >= least) continue;
			least = cost[other]!;
			when = one;
		}
		return run(route, when, Math.min(close, when + maxDuration), false);
	}

	/** Ways to breaks count for the longest travel and distance. */
	function withinLimits(route: Route, label: number): boolean {
		const vehicle = vehicles[route.vehicle]!;
		if (vehicle.maxTravel === Infinity && vehicle.maxDistance === Infinity) return true;
		const arcs = model.arcs[vehicle.profile]!;
		let seconds = 0;
		let metres = 0;
		let place = vehicle.end;
		for (let at = label; at >= 0; at = parent[at]!) {
			const stop = what[at]! < 0 ? extra[at]! : route.place[what[at]!]!;
			if (what[at]! < 0 && stop < 0) continue;
			const arc = 3 * (stop * places + place);
			if (at !== label) {
				seconds += arcs[arc]!;
				metres += arcs[arc + 2]!;
			}
			place = stop;
		}
		return seconds * vehicle.timeFactor <= vehicle.maxTravel && metres <= vehicle.maxDistance;
	}

	function note(route: Route, label: number): void {
		const position = what[label]!;
		route.start[position] = start[label]!;
		route.doctor[position] = extra[label]!;
		route.action[position] = actionAt(route, position, parent[label]!);
	}

	function plan(route: Route): boolean {
		const label = best(route);
		if (label < 0 || !withinLimits(route, label)) return false;
		route.extra = Math.round(cost[label]!);
		for (let at = parent[label]!; at > 0; at = parent[at]!) {
			if (what[at]! < 0) continue;
			note(route, at);
		}
		return true;
	}

	return {
		plan,
		elements(route) {
			const label = best(route);
			const elements: Element[] = [];
			for (let at = label < 0 ? 0 : parent[label]!; at > 0; at = parent[at]!) {
				if (what[at]! < 0) {
					elements.push({ rest: -1 - what[at]!, place: extra[at]!, start: start[at]! });
				} else {
					note(route, at);
					elements.push({ position: what[at]! });
				}
			}
			return elements.toReversed();
		},
	};
}
