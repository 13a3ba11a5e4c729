/**
 * Moments worth trying. With the windows chosen, the best times are a corner of a polyhedron whose sides are "not before the
 * moment before it is done" and "not before the whole leg is travelled"; so each moment hangs, by such sides without any slack,
 * on an edge of some moment's window (or on time 0). All such times are listed; which windows to choose then comes out by itself.
 */
import { PlannerError } from '../errors.ts';
import type { Chain } from './chain.ts';

/** More ways around breaks than this are not told apart: routes with breaks on a dozen legs and more. */
const MOST_DETOURS = 4096;
/** Numbers held for one route; beyond, a route is refused rather than the memory filled. */
const MOST_CANDIDATES = 10_000_000;

/** Sorted times for each moment. @throws {PlannerError} `input` for a route too long for plan mode. */
export function candidateTimes(chain: Chain): Float64Array[] {
	const { moments } = chain;
	const along = positions(chain);
	const anchors: { at: number; time: number }[] = [{ at: 0, time: 0 }];
	for (const [at, { wished, hard }] of moments.entries()) {
		for (const time of new Set([...(wished ?? []).flat(), ...hard])) {
			if (Number.isFinite(time) && !(at === 0 && time === 0)) anchors.push({ at, time });
		}
	}
	if (anchors.length * moments.length > MOST_CANDIDATES) {
		throw new PlannerError('input', `plan mode cannot take a route of ${moments.length} steps with ${anchors.length} window edges`);
	}
	// Detours depend on the two moments only through the legs with breaks between them: few, so they are kept.
	const known = new Map<string, readonly number[]>();
	return moments.map(({ hard }, at) => {
		const times = new Set<number>();
		for (const anchor of anchors) {
			const base = anchor.time + (along[at] ?? 0) - (along[anchor.at] ?? 0);
			for (const detour of detours(chain, anchor.at, at, known)) {
				const time = base + detour;
				if (time >= hard[0] && time <= hard[1] && time >= 0) times.add(time);
			}
		}
		return Float64Array.from(times).toSorted();
	});
}

/** Time of each moment after the start when nothing waits; breaks of a leg stand before its travel. */
function positions({ moments, legs }: Chain): number[] {
	const along = [0];
	for (const { from, to, travel } of legs) {
		for (let at = from + 1; at <= to; at++) {
			along.push((along[at - 1] ?? 0) + (moments[at - 1]?.action ?? 0) + (at === to ? travel : 0));
		}
	}
	return along;
}

/** Travel that may hide in the waiting of breaks between two moments, as differences to the plain positions. */
function detours({ legs }: Chain, anchor: number, at: number, known: Map<string, readonly number[]>): readonly number[] {
	const options: (readonly number[])[] = [];
	let key = '';
	for (const [number, { from, to, travel }] of legs.entries()) {
		if (to === from + 1 || travel === 0 || Math.max(anchor, at) <= from || Math.min(anchor, at) >= to) continue;
		const holds = (moment: number) => moment > from && moment < to;
		const option = [0];
		if (holds(at)) option.push(travel);
		if (holds(anchor)) option.push(-travel);
		if (option.length === 1) option.push(anchor < at ? -travel : travel);
		options.push(option);
		key += `${number}:${option.join()};`;
	}
	const found = known.get(key);
	if (found) return found;
	let sums = new Set([0]);
	for (const option of options) {
		if (sums.size * option.length > MOST_DETOURS) break;
		sums = new Set([...sums].flatMap((sum) => option.map((part) => sum + part)));
	}
	const result = [...sums];
	known.set(key, result);
	return result;
}
