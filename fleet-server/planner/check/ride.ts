/** Time engine of the brute force: rides, and the least begins that all their rules allow together. */
import type { Timing } from './clock.ts';
import { doctorHours } from './clocks.ts';
import type { Consulting } from './brute-force.ts';
import { type Facts, HUNDREDTHS, type Van } from './facts.ts';
import type { Measured, Stop } from './simulate.ts';

/** A stop as the time engine sees it. */
interface Node {
	/** Travel before it: all that is left of the leg, at will (a break without driving limit), or just so much. */
	readonly travel: number | 'all' | 'free';
	/** Length of the leg that begins here, when one does. */
	readonly leg: number | undefined;
	readonly action: number;
	readonly windows: readonly (readonly [number, number])[] | undefined;
	/** Consult begins so long after the service start, and lasts. */
	readonly lead: number;
	readonly consult: number;
}

export interface Ride {
	readonly van: Van;
	readonly stops: readonly Stop[];
	/** Undefined for a van that stays at home. */
	readonly measured: Measured | undefined;
	/** Stops and end. */
	readonly nodes: readonly Node[];
	/** In VROOM's inner unit; wishes come on top. */
	readonly cost: number;
}

export interface Joint {
	/** Departure, begin of each stop, arrival at the end, for each ride. */
	readonly begins: readonly (readonly number[])[];
}

/** Later than this nothing begins: rules that chase each other for ever (a route that is too long by itself, a circle of consults) end here. */
const HORIZON = 1000 * HUNDREDTHS;

type Windows = readonly (readonly [number, number])[];

/** The ride when it can be driven alone; with a driving limit one for each way to split legs around breaks. */
export function rideOf(facts: Facts, van: Van, stops: readonly Stop[], measured: Measured, cost: number): Ride[] {
	return splitLegs(van, measured, nodesOf(facts, van, stops, measured))
		.map((nodes) => ({ van, stops, measured, nodes, cost }))
		.filter((ride) => least([ride], [], new Map()));
}

function nodesOf(facts: Facts, van: Van, stops: readonly Stop[], measured: Measured): Node[] {
	const pinned = (van.vehicle.steps ?? []).filter((step) => step.pinned);
	const nodes: Node[] = [];
	let onLeg = false;
	for (let at = 0; at <= stops.length; at++) {
		const stop = stops[at];
		let next = at;
		while (next < stops.length && stops[next]?.place === undefined) next++;
		const leg = onLeg ? undefined : (measured.legs[next] ?? 0);
		onLeg = stop !== undefined && stop.place === undefined;
		const setup = measured.setups[at] ?? 0;
		const consult = stop?.kind === 'task' ? stop.task.consult : undefined;
		let windows: Windows | undefined;
		if (stop?.kind === 'task') windows = seconds(stop.task.windows);
		if (stop?.kind === 'break') windows = seconds(stop.rest.time_windows);
		if (!stop && van.vehicle.time_window) windows = [[0, van.vehicle.time_window[1] * HUNDREDTHS]];
		if (stop) windows = both(windows, doctorHours(facts, stop, setup));
		const pin = stop && pinned.find((step) => matches(step, stop));
		if (pin?.service_at !== undefined) windows = seconds([[pin.service_at, pin.service_at]]);
		else if (pin) windows = both(windows, seconds([[pin.service_after ?? 0, pin.service_before ?? 1e9]]));
		nodes.push({
			travel: onLeg ? 'free' : 'all',
			leg,
			action: (setup + (measured.services[at] ?? 0)) * HUNDREDTHS,
			windows,
			lead: (setup + (consult?.preparation ?? 0)) * HUNDREDTHS,
			consult: (consult?.duration ?? 0) * HUNDREDTHS,
		});
	}
	return nodes;
}

function matches(step: { type: string; id?: number | undefined }, stop: Stop): boolean {
	if (stop.kind === 'task') return step.type === stop.task.kind && step.id === stop.task.id;
	return stop.kind === 'break' && step.type === 'break' && step.id === stop.rest.id;
}

function seconds(windows: Windows | undefined): Windows | undefined {
	return windows?.map(([from, to]) => [from * HUNDREDTHS, to * HUNDREDTHS]);
}

function both(one: Windows | undefined, other: Windows | undefined): Windows | undefined {
	if (!one || !other) return one ?? other;
	return one
		.flatMap(([a, b]) => other.map(([c, d]) => [Math.max(a, c), Math.min(b, d)] as const))
		.filter(([from, to]) => from <= to);
}

/** With a driving limit: every whole-second split of each leg around its breaks that keeps the limit. Without: as it is. */
function splitLegs(van: Van, measured: Measured, nodes: readonly Node[]): (readonly Node[])[] {
	const { driving_limit: driving } = van.vehicle;
	if (!driving) return [nodes];
	const limit = driving.seconds * HUNDREDTHS;
	const found: Node[][] = [];
	const go = (at: number, made: readonly Node[], left: number, since: number): void => {
		const node = nodes[at];
		if (!node) return void found.push([...made]);
		const leg = node.leg ?? left;
		const rests = at < measured.stops.length && node.action >= driving.rest * HUNDREDTHS;
		const tries = node.travel === 'free' ? partsOf(leg) : [leg];
		for (const travel of tries) {
			if (since + travel > limit) break;
			go(at + 1, [...made, node.travel === 'free' ? { ...node, travel } : node], leg - travel, rests ? 0 : since + travel);
		}
	};
	go(0, [], 0, 0);
	return found;
}

function partsOf(leg: number): number[] {
	const parts: number[] = [];
	for (let part = 0; part < leg; part += HUNDREDTHS) parts.push(part);
	return [...parts, leg];
}

/**
 * The earliest begins that keep all rules: each ride after its own legs and windows, each doctor's consults one after the other,
 * `floors` for single stops ("ride,stop"), and rides that may not last longer leave later. All rules say "not before", so raising
 * what is too early until nothing changes gives the least solution; undefined when there is none.
 */
export function least(
	rides: readonly Ride[],
	orders: readonly (readonly Consulting[])[],
	floors: ReadonlyMap<string, number>,
): Joint | undefined {
	const raised = new Map(floors);
	const leave = rides.map(({ van }) => startTime(van));
	for (;;) {
		const begins: number[][] = [];
		for (const [number, ride] of rides.entries()) {
			const times = pass(ride, number, leave[number] ?? 0, raised);
			if (!times) return undefined;
			begins.push(times);
		}
		let changed = false;
		for (const [number, ride] of rides.entries()) {
			const { max_duration: most } = ride.van.vehicle;
			const times = begins[number];
			if (most === undefined || !times || ride.nodes.length === 0) continue;
			const earliest = (times.at(-1) ?? 0) - most * HUNDREDTHS;
			if (earliest <= (leave[number] ?? 0)) continue;
			leave[number] = earliest;
			changed = true;
		}
		for (const order of orders) {
			for (const [at, [ride, stop]] of order.entries()) {
				const before = order[at - 1];
				const node = rides[ride]?.nodes[stop];
				const other = before && rides[before[0]]?.nodes[before[1]];
				if (!node || !other) continue;
				const free = (begins[before[0]]?.[before[1] + 1] ?? 0) + other.lead + other.consult;
				const needed = free - node.lead;
				if ((begins[ride]?.[stop + 1] ?? 0) >= needed) continue;
				raised.set(`${ride},${stop}`, needed);
				changed = true;
			}
		}
		if (!changed) return { begins };
	}
}

function startTime({ vehicle }: Van): number {
	const pin = vehicle.steps?.find((step) => step.pinned && step.type === 'start');
	return (pin?.service_at ?? Math.max(vehicle.time_window?.[0] ?? 0, pin?.service_after ?? 0)) * HUNDREDTHS;
}

function pass(ride: Ride, number: number, leave: number, floors: ReadonlyMap<string, number>): number[] | undefined {
	const begins = [leave];
	let now = leave;
	let left = 0;
	for (const [at, node] of ride.nodes.entries()) {
		left = node.leg ?? left;
		const must = node.travel === 'free' ? 0 : node.travel === 'all' ? left : node.travel;
		now += must;
		left -= must;
		const floor = Math.max(now, floors.get(`${number},${at}`) ?? 0);
		const window = node.windows ? node.windows.find(([, to]) => floor <= to) : ([0, Infinity] as const);
		if (!window) return undefined;
		const begin = Math.max(floor, window[0]);
		if (begin > HORIZON) return undefined;
		if (node.travel === 'free') left -= Math.min(left, begin - now);
		begins.push(begin);
		now = begin + node.action;
	}
	return begins;
}

/** Times of a ride as the plan tells them. */
export function timingOf(ride: Ride, begins: readonly number[]): Timing {
	const arrivals: number[] = [];
	let left = 0;
	for (const [at, node] of ride.nodes.entries()) {
		left = node.leg ?? left;
		const ready = (begins[at] ?? 0) + (at === 0 ? 0 : (ride.nodes[at - 1]?.action ?? 0));
		const gap = (begins[at + 1] ?? 0) - ready;
		const travel = node.travel === 'free' ? Math.min(left, gap) : node.travel === 'all' ? left : node.travel;
		left -= travel;
		arrivals.push(ready + travel);
	}
	const finish = arrivals.pop() ?? 0;
	return { departure: begins[0] ?? 0, arrivals, starts: begins.slice(1, -1), finish };
}
