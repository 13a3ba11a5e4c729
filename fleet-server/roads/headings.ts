/**
 * Engines punish turning back by ten minutes and more. A skeleton's lines are straight from point to point, so that two roads
 * may leave a crossing in nearly the same direction, and going from one to the other looks like turning back: the way onto an
 * expressway would be given up for it. The first metres of such roads are bent apart.
 */
import { course, distanceKm, type Road } from '@junkai/regions';
import type { Place } from './port.ts';

/** Roads leave a crossing at least so far apart, degrees; engines take less than 20 to 25 for a turn back. */
const APART = 32;
/** Bent part of a road: engines look at the first 30 m for its direction, km. */
const BENT_KM = 0.035;
const METRES_PER_DEGREE = 111_195;

/** A road's point near one of its ends, off its line. */
export interface Bend {
	/** Of the road's length. */
	readonly fraction: number;
	readonly point: Place;
}

interface Arm {
	readonly road: Road;
	readonly end: 'first' | 'last';
	readonly at: Place;
	heading: number;
	readonly original: number;
}

/** Bends of the roads that need some, by road. */
export function bends(roads: readonly Road[]): Map<string, Bend[]> {
	const nodes = new Map<string, Arm[]>();
	for (const road of roads) {
		for (const end of ['first', 'last'] as const) {
			const line = end === 'first' ? road.line : road.line.toReversed();
			const heading = course(line[0]!, line[1]!);
			const arm = { road, end, at: line[0]!, heading, original: heading };
			const key = line[0]!.join();
			const arms = nodes.get(key);
			if (arms) arms.push(arm);
			else nodes.set(key, [arm]);
		}
	}
	const found = new Map<string, Bend[]>();
	for (const arms of nodes.values()) {
		spread(arms);
		for (const arm of arms) {
			if (Math.abs(difference(arm.original, arm.heading)) < 1) continue;
			found.set(arm.road.id, [...(found.get(arm.road.id) ?? []), bendOf(arm)]);
		}
	}
	return found;
}

/** Pushes arms apart, each pair by the same, until none are too near. */
function spread(arms: Arm[]): void {
	const apart = Math.min(APART, 300 / arms.length);
	for (let sweep = 0; sweep < 500; sweep++) {
		const sorted = arms.toSorted((a, b) => a.heading - b.heading);
		let moved = false;
		for (const [i, arm] of sorted.entries()) {
			const next = sorted[(i + 1) % sorted.length]!;
			if (next === arm) break;
			const gap = (next.heading - arm.heading + 360) % 360;
			if (gap >= apart - 0.01) continue;
			arm.heading = (arm.heading - (apart - gap) / 2 + 360) % 360;
			next.heading = (next.heading + (apart - gap) / 2) % 360;
			moved = true;
		}
		if (!moved) return;
	}
}

function bendOf({ road, end, at, heading }: Arm): Bend {
	const drawn = road.line.reduce((sum, point, i) => sum + (i > 0 ? distanceKm(road.line[i - 1]!, point) : 0), 0);
	const km = Math.min(BENT_KM, drawn / 4);
	const [north, east] = [Math.cos((heading * Math.PI) / 180), Math.sin((heading * Math.PI) / 180)];
	const degrees = (km * 1000) / METRES_PER_DEGREE;
	const point: Place = [at[0] + (east * degrees) / Math.cos((at[1] * Math.PI) / 180), at[1] + north * degrees];
	return { fraction: end === 'first' ? km / drawn : 1 - km / drawn, point };
}

/** From one heading to another, -180 to 180. */
const difference = (from: number, to: number): number => ((to - from + 540) % 360) - 180;
