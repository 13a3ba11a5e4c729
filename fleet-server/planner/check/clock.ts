/** The earliest times of a measured route in given windows, exact to the hundredth of a second. */
import { HUNDREDTHS, type Van } from './facts.ts';
import type { Measured } from './simulate.ts';

/** From, to: hundredths of a second, both included. */
export type Span = readonly [number, number];

/** When each stop may begin, in order and apart; undefined: always. */
export type Openings = readonly (readonly Span[] | undefined)[];

export interface Timing {
	readonly departure: number;
	readonly arrivals: readonly number[];
	/** Service starts (before setup), and the arrival at the end. */
	readonly starts: readonly number[];
	readonly finish: number;
}

/** Where the clock stops: this stop (the number of stops: the end; -1: the whole) cannot be reached in time, by so many hundredths. */
export interface Miss {
	readonly stop: number;
	readonly late: number;
	readonly rule: 'time' | 'vehicle_hours' | 'driving_limit' | 'max_duration';
}

export interface Limits {
	/** When the vehicle may leave and must be back. */
	readonly hours: Span;
	/** Hundredths of a second; Infinity: none. */
	readonly maxDuration: number;
	readonly driving: { readonly limit: number; readonly rest: number } | undefined;
}

export const ALWAYS: Span = [0, Infinity];

export function limitsOf(van: Van): Limits {
	const { time_window: hours, max_duration: maxDuration, driving_limit: driving } = van.vehicle;
	return {
		hours: hours ? [hours[0] * HUNDREDTHS, hours[1] * HUNDREDTHS] : ALWAYS,
		maxDuration: (maxDuration ?? Infinity) * HUNDREDTHS,
		driving: driving && { limit: driving.seconds * HUNDREDTHS, rest: driving.rest },
	};
}

export function spans(windows: readonly (readonly [number, number])[] | undefined): readonly Span[] | undefined {
	return windows?.map(([from, to]) => [from * HUNDREDTHS, to * HUNDREDTHS] as const);
}

/** Times that lie in both; undefined means always. */
export function intersect(one: readonly Span[] | undefined, other: readonly Span[] | undefined): readonly Span[] | undefined {
	if (!one || !other) return one ?? other;
	const both: Span[] = [];
	for (const [a, b] of one) {
		for (const [c, d] of other) if (Math.max(a, c) <= Math.min(b, d)) both.push([Math.max(a, c), Math.min(b, d)]);
	}
	return both;
}

/**
 * Least travel since the start (hundredths) that each break on the way must have behind it, so that the rest of the route keeps the
 * driving limit: a rest too early is no rest. Miss: no place of the breaks helps.
 */
function leastDriven(measured: Measured, limits: Limits): readonly number[] | Miss {
	const { stops, legs, setups, services } = measured;
	const least = stops.map(() => 0);
	if (!limits.driving) return least;
	const { limit, rest } = limits.driving;
	// Travel done before each stop's leg, and when its leg is done.
	const before: number[] = [];
	let done = 0;
	for (let at = 0; at <= stops.length; at++) {
		before.push(done);
		done += legs[at] ?? 0;
	}
	let needed = done;
	for (let at = stops.length - 1; at >= 0; at--) {
		if ((setups[at] ?? 0) + (services[at] ?? 0) < rest) continue;
		const unlocated = stops[at]?.place === undefined;
		const earliest = before[at] ?? 0;
		const driven = unlocated ? Math.max(earliest, needed - limit) : earliest + (legs[at] ?? 0);
		const possible = unlocated ? earliest + legAfter(measured, at) : driven;
		const late = unlocated ? driven - possible : needed - limit - driven;
		if (late > 0) return { stop: at + 1, late, rule: 'driving_limit' };
		least[at] = driven;
		needed = driven;
	}
	if (needed > limit) return { stop: 0, late: needed - limit, rule: 'driving_limit' };
	return least;
}

/** Travel of the leg on which an unlocated break lies. */
function legAfter({ stops, legs }: Measured, at: number): number {
	let next = at;
	while (next < stops.length && stops[next]?.place === undefined) next++;
	return legs[next] ?? 0;
}

/** Earliest times when leaving at `departure`. Breaks on the way are taken as soon as they may, driving while they may not (VROOM's way). */
export function drive(measured: Measured, openings: Openings, limits: Limits, departure: number): Timing | Miss {
	const { stops, legs, setups, services } = measured;
	const least = leastDriven(measured, limits);
	if ('late' in least) return least;
	const limit = limits.driving?.limit ?? Infinity;
	const restFrom = limits.driving?.rest ?? Infinity;
	const arrivals: number[] = [];
	const starts: number[] = [];
	let now = departure;
	/** Travel done, at the last rest, and at the end of the present leg. */
	let driven = 0;
	let rested = 0;
	let legEnd = 0;
	let onLeg = false;
	for (let at = 0; at < stops.length; at++) {
		const located = stops[at]?.place !== undefined;
		if (!onLeg) legEnd = driven + legAfter(measured, at);
		onLeg = !located;
		const target = located ? legEnd : Math.max(driven, least[at] ?? 0);
		now += target - driven;
		driven = target;
		if (driven - rested > limit) return { stop: at, late: driven - rested - limit, rule: 'driving_limit' };
		const start = firstOpening(openings[at], now);
		if (start === undefined) return { stop: at, late: lateness(openings[at], now), rule: 'time' };
		if (!located) {
			const onTheWay = Math.min(start - now, legEnd - driven, rested + limit - driven);
			now += onTheWay;
			driven += onTheWay;
		}
		arrivals.push(now);
		starts.push(start);
		const seconds = (setups[at] ?? 0) + (services[at] ?? 0);
		if (seconds >= restFrom) rested = driven;
		now = start + seconds * HUNDREDTHS;
	}
	if (!onLeg) legEnd = driven + (legs[stops.length] ?? 0);
	now += legEnd - driven;
	if (legEnd - rested > limit) return { stop: stops.length, late: legEnd - rested - limit, rule: 'driving_limit' };
	if (now > limits.hours[1]) return { stop: stops.length, late: now - limits.hours[1], rule: 'vehicle_hours' };
	return { departure, arrivals, starts, finish: now };
}

function firstOpening(opening: readonly Span[] | undefined, now: number): number | undefined {
	if (!opening) return now;
	for (const [from, to] of opening) if (now <= to) return Math.max(now, from);
	return undefined;
}

function lateness(opening: readonly Span[] | undefined, now: number): number {
	const last = opening?.at(-1);
	return last ? now - last[1] : Infinity;
}

/** The earliest end, and of all departures with that end the latest; later ends only where `max_duration` asks for them. */
export function schedule(measured: Measured, openings: Openings, limits: Limits): Timing | Miss {
	let departure = limits.hours[0];
	let shortest = Infinity;
	// Each turn passes one window's edge, so there are never more turns than edges; the bound only guards against a slip.
	for (let turn = 0; turn < 10_000; turn++) {
		const first = drive(measured, openings, limits, departure);
		if ('late' in first) {
			if (shortest === Infinity) return first;
			break;
		}
		const timing = leaveLate(measured, openings, limits, first);
		const duration = timing.finish - timing.departure;
		if (duration <= limits.maxDuration) return timing;
		shortest = Math.min(shortest, duration);
		// Later departures shift everything alike until some stop falls out of its window.
		const next = drive(measured, openings, limits, timing.departure + 1);
		if ('late' in next) break;
		departure = next.departure + slack(openings, next) + 1;
		if (departure === Infinity) break;
	}
	return { stop: -1, late: shortest - limits.maxDuration, rule: 'max_duration' };
}

/** How much later all stops may begin without leaving their windows. */
function slack(openings: Openings, timing: Timing): number {
	let least = Infinity;
	for (const [at, start] of timing.starts.entries()) {
		const span = openings[at]?.find(([, to]) => start <= to);
		if (span) least = Math.min(least, span[1] - start);
	}
	return least;
}

/** The latest departure that keeps the finish; the finish never falls when one leaves later, so halving finds it. */
export function leaveLate(measured: Measured, openings: Openings, limits: Limits, first: Timing): Timing {
	let best = first;
	let least = first.departure;
	let most = first.finish - measured.travel;
	while (least < most) {
		const middle = Math.ceil((least + most) / 2);
		const tried = drive(measured, openings, limits, middle);
		if (!('late' in tried) && tried.finish === first.finish) {
			best = tried;
			least = middle;
		} else most = middle - 1;
	}
	return best;
}
