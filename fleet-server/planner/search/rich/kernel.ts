/**
 * Times, loads and costs of one route. This is the hot part of the search: it works on typed arrays and allocates nothing.
 *
 * Breaks have no place in a route's sequence. Instead every time is kept once for each number of breaks taken so far ("layer"),
 * so that the best places of the breaks come out by themselves, and a change of the route may move them.
 */
import { BLOCKED, type Model, NEVER } from '../../model/model.ts';
import { createDoctors, type Doctors } from './doctors.ts';
import { createGeneral, type General } from './general.ts';
import type { Route } from './route.ts';

export interface Kernel {
	readonly doctors: Doctors;
	/**
	 * Reckons everything of a route but `late`; false when the route breaks a rule (then what it holds is of no use). Does not book
	 * the doctors.
	 */
	update(route: Route): boolean;
	/** Brings `late` up to date. */
	updateLate(route: Route): void;
	/** Puts the route's consults into the doctors' diaries instead of what it had there. */
	book(route: Route): void;
	/** Earliest start of a task's action from `time` on, NEVER; latest not after `time`, −1. `lead`: setup. */
	startFrom(task: number, vehicle: number, time: number, lead: number): number;
	startBy(task: number, vehicle: number, time: number, lead: number): number;
	/** Doctor chosen by the last `startFrom`. */
	readonly chosen: number;
	/** Time after breaks `from` to `to` − 1 and `travel`, having left at `time`; NEVER. */
	through(vehicle: number, from: number, to: number, time: number, travel: number): number;
	/** Latest departure such that breaks `from` to `to` − 1 and `travel` are over by `time`; −1. */
	backThrough(vehicle: number, from: number, to: number, time: number, travel: number): number;
	readonly general: General;
}

/** A leg without a way is driven by way of a break's place, if at all: at the least it takes nothing. */
function timeOf(seconds: number, factor: number): number {
	return seconds === BLOCKED ? 0 : seconds * factor;
}

// oxlint-disable-next-line max-lines-per-function -- one closure: what the inner loops read are its constants, which V8 keeps in registers.
export function createKernel(model: Model): Kernel {
	const { vehicles, dimensions, tasks, nodes, nodeTask, nodePlace, nodeCost, places, consult, preparation, soft } = model;
	const { setup, service, pickup, delivery, kind } = model;
	const { at: windowAt, open: windowOpen, close: windowClose } = model.windows;
	const { at: doctorAt, items: doctorItems } = model.doctorsOf;
	const doctors = createDoctors(model);
	let chosen = -1;
	let versions = 0;

	function startFrom(task: number, vehicle: number, time: number, lead: number): number {
		const duration = consult[task]!;
		const last = windowAt[task + 1]!;
		const ahead = lead + preparation[task]!;
		let start = time;
		for (let w = windowAt[task]!; w < last; w++) {
			const close = windowClose[w]!;
			if (close < start) continue;
			if (start < windowOpen[w]!) start = windowOpen[w]!;
			if (duration === 0) return start;
			let best = NEVER;
			for (let d = doctorAt[task]!; d < doctorAt[task + 1]!; d++) {
				const doctor = doctorItems[d]!;
				const free = doctors.next(doctor, vehicle, start + ahead, duration) - ahead;
				if (free < best) {
					best = free;
					chosen = doctor;
				}
			}
			if (best <= close) return best;
			start = best;
		}
		return duration > 0 && model.factual[task] === 1 ? heldAt(task, vehicle, time, lead) : NEVER;
	}

	/** A consult that was held outside its doctor's hours is a fact all the same; NEVER when the time is over or the doctor taken. */
	function heldAt(task: number, vehicle: number, time: number, lead: number): number {
		const start = windowOpen[windowAt[task]!]!;
		if (time > start) return NEVER;
		for (let d = doctorAt[task]!; d < doctorAt[task + 1]!; d++) {
			if (!doctors.clear(doctorItems[d]!, vehicle, start + lead + preparation[task]!, consult[task]!)) continue;
			chosen = doctorItems[d]!;
			return start;
		}
		return NEVER;
	}

	function startBy(task: number, vehicle: number, time: number, lead: number): number {
		const duration = consult[task]!;
		const ahead = lead + preparation[task]!;
		let start = time;
		for (let w = windowAt[task + 1]! - 1; w >= windowAt[task]!; w--) {
			if (windowOpen[w]! > start) continue;
			if (start > windowClose[w]!) start = windowClose[w]!;
			if (duration === 0) return start;
			let best = -1;
			for (let d = doctorAt[task]!; d < doctorAt[task + 1]!; d++) {
				const free = doctors.previous(doctorItems[d]!, vehicle, start + ahead, duration) - ahead;
				if (free > best) best = free;
			}
			if (best >= windowOpen[w]!) return best;
			start = best;
		}
		if (duration === 0 || model.factual[task] === 0) return -1;
		const held = heldAt(task, vehicle, 0, lead);
		return held <= time ? held : -1;
	}

	function through(vehicle: number, from: number, to: number, time: number, travel: number): number {
		const { breaks } = vehicles[vehicle]!;
		let rest = travel;
		let now = time;
		for (let b = from; b < to; b++) {
			const one = breaks[b]!;
			const { open, close } = one;
			let w = 0;
			while (w < close.length && close[w]! < now) w++;
			if (w === close.length) return NEVER;
			const ahead = open[w]! - now;
			if (ahead > 0) {
				rest = rest > ahead ? rest - ahead : 0;
				now = open[w]!;
			}
			now += one.service;
		}
		return now + rest;
	}

	function backThrough(vehicle: number, from: number, to: number, time: number, travel: number): number {
		const { breaks } = vehicles[vehicle]!;
		let rest = travel;
		let now = time;
		for (let b = to - 1; b >= from; b--) {
			const one = breaks[b]!;
			const { open, close } = one;
			now -= one.service;
			let w = open.length - 1;
			while (w >= 0 && open[w]! > now) w--;
			if (w < 0) return -1;
			const behind = now - close[w]!;
			if (behind > 0) {
				rest = rest > behind ? rest - behind : 0;
				now = close[w]!;
			}
		}
		return now - rest;
	}

	/** Places, actions, arcs and what they cost; false when there is no way or a limit is passed. */
	function measure(route: Route): boolean {
		const vehicle = vehicles[route.vehicle]!;
		const { n, seq, place, action } = route;
		const arcs = model.arcs[vehicle.profile]!;
		const base = vehicle.type * tasks;
		let duration = 0;
		let price = 0;
		let distance = 0;
		let acting = 0;
		let extra = 0;
		let from = vehicle.start;
		let count = 0;
		let consults = 0;
		let softs = 0;
		let aboard = 0;
		place[0] = from;
		action[0] = 0;
		for (let k = 1; k <= n; k++) {
			const node = seq[k]!;
			const to = nodePlace[node]!;
			const arc = 3 * (from * places + to);
			if (arcs[arc] !== BLOCKED) {
				duration += arcs[arc]!;
				price += arcs[arc + 1]!;
				distance += arcs[arc + 2]!;
			} else if (!vehicle.via) return false;
			place[k] = to;
			if (node >= nodes) {
				// A shipment begins and ends on the same trip.
				if (aboard > 0) return false;
				action[k] = vehicle.reloadService;
				acting += vehicle.reloadService;
			} else {
				const task = nodeTask[node]!;
				const time = service[base + task]! + (from === to ? 0 : setup[base + task]!);
				action[k] = time;
				acting += time;
				extra += nodeCost[node]!;
				count++;
				aboard += kind[task] === 1 ? 1 : kind[task] === 2 ? -1 : 0;
				if (consult[task]! > 0) consults++;
				if (soft[task] === 1) softs++;
			}
			from = to;
		}
		const arc = 3 * (from * places + vehicle.end);
		if (arcs[arc] !== BLOCKED) {
			duration += arcs[arc]!;
			price += arcs[arc + 1]!;
			distance += arcs[arc + 2]!;
		} else if (!vehicle.via) return false;
		place[n + 1] = vehicle.end;
		action[n + 1] = 0;
		route.tasks = count;
		route.reloads = n - count;
		route.consults = consults;
		route.softs = softs;
		route.travel = duration * vehicle.timeFactor;
		route.distance = distance;
		route.hard =
			price * vehicle.costFactor + distance * vehicle.distanceFactor + acting * vehicle.taskFactor + vehicle.fixed + extra;
		route.extra = 0;
		return (
			count <= vehicle.maxTasks &&
			route.reloads <= vehicle.reloads &&
			route.travel <= vehicle.maxTravel &&
			distance <= vehicle.maxDistance
		);
	}

	/** Loads trip by trip: what jobs need is taken when a trip begins, what they give is put down when it ends. */
	function loads(route: Route): boolean {
		const { n, seq, load, before, after } = route;
		const { capacity } = vehicles[route.vehicle]!;
		for (let d = 0; d < dimensions; d++) {
			const most = capacity[d]!;
			let aboard = 0;
			let given = 0;
			let k = 0;
			while (k <= n) {
				let last = k + 1;
				let needed = 0;
				while (last <= n && seq[last]! < nodes) {
					const task = nodeTask[seq[last]!]!;
					if (kind[task] === 0) needed += delivery[task * dimensions + d]!;
					last++;
				}
				aboard += needed - given;
				given = 0;
				load[k * dimensions + d] = aboard;
				let peak = aboard;
				before[k * dimensions + d] = peak;
				if (aboard > most) return false;
				for (let p = k + 1; p < last; p++) {
					const task = nodeTask[seq[p]!]!;
					aboard += pickup[task * dimensions + d]! - delivery[task * dimensions + d]!;
					if (kind[task] === 0) given += pickup[task * dimensions + d]!;
					if (aboard > most) return false;
					load[p * dimensions + d] = aboard;
					if (aboard > peak) peak = aboard;
					before[p * dimensions + d] = peak;
				}
				peak = 0;
				for (let p = last - 1; p >= k; p--) {
					if (load[p * dimensions + d]! > peak) peak = load[p * dimensions + d]!;
					after[p * dimensions + d] = peak;
				}
				k = last;
			}
			load[(n + 1) * dimensions + d] = aboard;
		}
		return true;
	}

	/** Whether breaks `from` to `to` − 1 may be taken with the load aboard when leaving `position`. */
	function loadAllows(route: Route, from: number, to: number, position: number): boolean {
		const { breaks } = vehicles[route.vehicle]!;
		for (let b = from; b < to; b++) {
			const most = breaks[b]!.maxLoad;
			if (most) for (let d = 0; d < dimensions; d++) if (route.load[position * dimensions + d]! > most[d]!) return false;
		}
		return true;
	}

	/** Whether `layer` breaks may be over at the task that is the route's `number`-th, by its pinned steps. */
	function layerAllowed(vehicle: number, number: number, layer: number): boolean {
		const { pinned, pinnedBreaks } = vehicles[vehicle]!;
		return number < pinned.length ? layer === pinnedBreaks[number] : layer >= pinnedBreaks[pinned.length]!;
	}

	/** The pinned tasks come first; finds the first position that is free. */
	function pinnedFirst(route: Route): boolean {
		const { pinned } = vehicles[route.vehicle]!;
		route.free = 0;
		let found = 0;
		for (let k = 1; k <= route.n && found < pinned.length; k++) {
			if (route.seq[k]! >= nodes) continue;
			if (nodeTask[route.seq[k]!] !== pinned[found]) return false;
			found++;
			route.free = k;
		}
		return found === pinned.length;
	}

	function earliest(route: Route): boolean {
		const { n, seq, place, action, depart, came, layers, vehicle: v } = route;
		const vehicle = vehicles[v]!;
		const arcs = model.arcs[vehicle.profile]!;
		const bound = vehicle.pinned.length > 0 || vehicle.pinnedBreaks[0]! > 0;
		depart[0] = vehicle.open;
		for (let b = 1; b < layers; b++) depart[b] = NEVER;
		let number = 0;
		for (let k = 1; k <= n + 1; k++) {
			const travel = timeOf(arcs[3 * (place[k - 1]! * places + place[k]!)]!, vehicle.timeFactor);
			const node = k <= n ? seq[k]! : -1;
			const isTask = node >= 0 && node < nodes;
			let possible = false;
			for (let b = 0; b < layers; b++) {
				const here = k * layers + b;
				let arrival = NEVER;
				if (!bound || (!isTask && k <= n) || layerAllowed(v, number, b)) {
					for (let from = 0; from <= b; from++) {
						const left = depart[(k - 1) * layers + from]!;
						if (left >= NEVER) continue;
						if (from < b && vehicle.breakLoads && !loadAllows(route, from, b, k - 1)) continue;
						const time = from === b ? left + travel : through(v, from, b, left, travel);
						if (time < arrival) {
							arrival = time;
							came[here] = from;
						}
					}
				}
				if (arrival < NEVER && isTask) {
					const task = nodeTask[node]!;
					arrival = startFrom(task, v, arrival, action[k]! - service[vehicle.type * tasks + task]!);
				}
				depart[here] = arrival >= NEVER ? NEVER : arrival + action[k]!;
				if (arrival < NEVER) possible = true;
			}
			if (!possible) return false;
			if (isTask) number++;
		}
		return depart[(n + 1) * layers + layers - 1]! <= vehicle.close;
	}

	/** Goes back along the earliest times and notes when each action starts and who attends. */
	function schedule(route: Route): void {
		const { n, seq, action, depart, came, layers, start, doctor, vehicle: v } = route;
		const base = vehicles[v]!.type * tasks;
		let b = layers - 1;
		b = came[(n + 1) * layers + b]!;
		for (let k = n; k >= 1; k--) {
			const begin = depart[k * layers + b]! - action[k]!;
			start[k] = begin;
			doctor[k] = -1;
			const node = seq[k]!;
			if (node < nodes && consult[nodeTask[node]!]! > 0) {
				const task = nodeTask[node]!;
				startFrom(task, v, begin, action[k]! - service[base + task]!);
				doctor[k] = chosen;
			}
			b = came[k * layers + b]!;
		}
	}

	function update(route: Route): boolean {
		route.lateVersion = -1;
		route.version = ++versions;
		const vehicle = vehicles[route.vehicle]!;
		if (!pinnedFirst(route)) return false;
		if (isEmpty(route)) {
			clear(route);
			return true;
		}
		if (!measure(route)) return false;
		if (dimensions > 0 && !loads(route)) return false;
		if (!earliest(route)) return false;
		if (vehicle.general || route.softs > 0) return general.plan(route);
		if (route.consults > 0) schedule(route);
		return true;
	}

	function isEmpty(route: Route): boolean {
		for (let k = 1; k <= route.n; k++) if (route.seq[k]! < nodes) return false;
		return true;
	}

	/** A vehicle that does nothing stays at home and takes no breaks. */
	function clear(route: Route): void {
		const vehicle = vehicles[route.vehicle]!;
		route.n = 0;
		route.tasks = 0;
		route.consults = 0;
		route.softs = 0;
		route.hard = 0;
		route.extra = 0;
		route.place[0] = vehicle.start;
		route.place[1] = vehicle.end;
		route.reloads = 0;
		route.travel = 0;
		route.distance = 0;
		route.depart.fill(NEVER, 0, 2 * route.layers);
		route.depart[0] = vehicle.open;
		for (let d = 0; d < dimensions; d++) route.load[d] = route.before[d] = route.after[d] = 0;
	}

	function updateLate(route: Route): void {
		const { n, seq, place, action, late, lateDepart, layers, vehicle: v } = route;
		if (route.lateVersion >= 0 && (route.consults === 0 || route.lateVersion === doctors.version)) return;
		route.lateVersion = doctors.version;
		const vehicle = vehicles[v]!;
		const arcs = model.arcs[vehicle.profile]!;
		const bound = vehicle.pinned.length > 0 || vehicle.pinnedBreaks[0]! > 0;
		for (let b = 0; b < layers; b++) late[(n + 1) * layers + b] = b === layers - 1 ? vehicle.close : -1;
		let number = route.tasks;
		for (let k = n; k >= 1; k--) {
			const travel = timeOf(arcs[3 * (place[k]! * places + place[k + 1]!)]!, vehicle.timeFactor);
			const node = seq[k]!;
			const isTask = node < nodes;
			if (isTask) number--;
			for (let b = 0; b < layers; b++) {
				const here = k * layers + b;
				let latest = -1;
				if (!bound || !isTask || layerAllowed(v, number, b)) {
					for (let to = b; to < layers; to++) {
						const next = late[(k + 1) * layers + to]!;
						if (next < 0) continue;
						if (b < to && vehicle.breakLoads && !loadAllows(route, b, to, k)) continue;
						const time = b === to ? next - travel : backThrough(v, b, to, next, travel);
						if (time > latest) latest = time;
					}
				}
				lateDepart[here] = latest;
				latest -= action[k]!;
				if (latest >= 0 && isTask) {
					const task = nodeTask[node]!;
					latest = startBy(task, v, latest, action[k]! - service[vehicle.type * tasks + task]!);
				}
				late[here] = latest < 0 ? -1 : latest;
			}
		}
	}

	function book(route: Route): void {
		if (model.doctors === 0) return;
		doctors.release(route.vehicle);
		if (route.consults === 0) return;
		const base = vehicles[route.vehicle]!.type * tasks;
		for (let k = 1; k <= route.n; k++) {
			const node = route.seq[k]!;
			if (node >= nodes) continue;
			const task = nodeTask[node]!;
			const duration = consult[task]!;
			if (duration === 0) continue;
			const begin = route.start[k]! + route.action[k]! - service[base + task]! + preparation[task]!;
			doctors.book(route.doctor[k]!, route.vehicle, task, begin, begin + duration);
		}
	}

	const general = createGeneral(model, {
		doctors,
		startFrom,
		loadAllows,
		layerAllowed,
		get chosen() {
			return chosen;
		},
	});
	return {
		doctors,
		update,
		updateLate,
		book,
		startFrom,
		startBy,
		through,
		backThrough,
		general,
		get chosen() {
			return chosen;
		},
	};
}
