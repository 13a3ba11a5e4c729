/** What is closed, in terms of the roads: parts of the region's edges, and rings. */
import { createHash } from 'node:crypto';
import { distanceKm, lineKm, type Closure as RainRule, type Region, type Road } from '@junkai/regions';
import { z } from 'zod';
import type { ClosedParts } from './network.ts';
import { closure, type Closure, type Place, type Travel, type VehicleProfile } from './port.ts';
import { RoadsError } from './roads-error.ts';

/** Closures of one request: more are a mistake. */
const MOST = 500;
/** Corners of all their rings: each is held against every road near it. */
const CORNERS = 2000;
const closures = z
	.array(closure)
	.max(MOST)
	.refine(
		(all) => all.reduce((sum, one) => sum + ('polygon' in one ? one.polygon.length : 0), 0) <= CORNERS,
		`the areas have more than ${CORNERS} corners together`,
	);

/** Those whose period touches the time of travel; all of them when no time is given. Checks what it is given. */
export function activeClosures(travel: Pick<Travel, 'closures' | 'departure' | 'until'>): Closure[] {
	if (travel.closures === undefined || travel.closures.length === 0) return [];
	const parsed = closures.safeParse(travel.closures);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new RoadsError('invalid', `closures.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`);
	}
	const { departure, until } = travel;
	if (departure === undefined) return parsed.data;
	const [begin, end] = [departure.getTime(), Math.max(departure.getTime(), until?.getTime() ?? 0)];
	return parsed.data.filter(
		(one) => (one.from === undefined || Date.parse(one.from) <= end) && (one.until === undefined || Date.parse(one.until) > begin),
	);
}

/** Rain rules that so much rain sets off: a rule closes when either of its thresholds is reached. */
export function rulesAt(region: Region, rain: { mm?: number | undefined; hourMm?: number | undefined }): RainRule[] {
	const reached = (limit: number | undefined, fallen: number | undefined) =>
		limit !== undefined && fallen !== undefined && fallen >= limit;
	return region.closures.filter((rule) => reached(rule.continuousMm, rain.mm) || reached(rule.hourMm, rain.hourMm));
}

/**
 * Parts of the region's edges that are closed, and for a vehicle those that bar it. A rain rule of a road that the network does
 * not hold closes nothing here: `unmatchedRules` names it.
 *
 * @throws {RoadsError} `invalid` for an edge that the region has not.
 */
export function closedParts(region: Region, active: readonly Closure[], vehicle?: VehicleProfile): ClosedParts {
	const roads = new Map(region.roads.map((road) => [road.id, road]));
	const parts = new Map<string, [number, number][]>();
	const close = (edge: string, from: number, to: number): void => {
		if (!roads.has(edge)) throw new RoadsError('invalid', `closures: the region has no road edge "${edge}"`);
		const list = parts.get(edge) ?? [];
		list.push([Math.min(from, to), Math.max(from, to)]);
		parts.set(edge, list);
	};
	for (const one of active) {
		if ('edges' in one) {
			for (const part of one.edges) {
				if (typeof part === 'string') close(part, 0, 1);
				else close(part.edge, part.from, part.to);
			}
		} else if ('rain' in one) {
			for (const rule of rulesAt(region, one.rain)) for (const edge of rule.edges) close(edge, 0, 1);
		} else {
			for (const road of region.roads) for (const [from, to] of within(road, one.polygon)) close(road.id, from, to);
		}
	}
	if (vehicle) for (const road of region.roads) if (isBarred(road, region, vehicle)) close(road.id, 0, 1);
	return new Map([...parts].map(([edge, list]) => [edge, merged(list, roads.get(edge)!)]));
}

/** Rules that are set off and close a road which the network does not hold: no route of ours can use it. */
export function unmatchedRules(region: Region, active: readonly Closure[]): string[] {
	const rules = active.flatMap((one) => ('rain' in one ? rulesAt(region, one.rain) : []));
	return [...new Set(rules.filter((rule) => rule.edges.length === 0).map((rule) => rule.id))];
}

/** Whether a road is too narrow, too low or too weak for a vehicle. */
function isBarred(road: Road, region: Region, vehicle: VehicleProfile): boolean {
	const width = road.maxWidth ?? (road.narrow ? region.narrowMaxWidth : undefined);
	return (
		vehicle.width > (width ?? Infinity) ||
		vehicle.height > (road.maxHeight ?? Infinity) ||
		vehicle.weight > (road.maxWeight ?? Infinity)
	);
}

/** Names a set of closed parts; the same for the same set. Empty for none. */
export function closedKey(closed: ClosedParts): string {
	if (closed.size === 0) return '';
	const entries = [...closed].toSorted(([a], [b]) => (a < b ? -1 : 1));
	return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 16);
}

/** A closed stretch shorter than this would slip through the engine's rounding, km. */
const SHORTEST_KM = 0.01;

function merged(list: readonly (readonly [number, number])[], road: Road): [number, number][] {
	const least = SHORTEST_KM / Math.max(road.km, SHORTEST_KM);
	const result: [number, number][] = [];
	for (const [from, to] of list.toSorted((a, b) => a[0] - b[0])) {
		const middle = (from + to) / 2;
		const [a, b] = to - from < least ? [Math.max(0, middle - least / 2), Math.min(1, middle + least / 2)] : [from, to];
		const last = result.at(-1);
		// What is left between two closed parts of a road must be long enough to be a road.
		if (last && a <= last[1] + least) last[1] = Math.max(last[1], b);
		else result.push([a, b]);
	}
	return result.map(([from, to]) => [from < least ? 0 : from, to > 1 - least ? 1 : to]);
}

/** Parts of a road that lie within a ring, as fractions of its length. */
export function within(road: { readonly line: readonly Place[] }, ring: readonly Place[]): [from: number, to: number][] {
	const apart = outside(ring);
	if (apart(road.line)) return [];
	const total = lineKm(road.line);
	const inside: [number, number][] = [];
	let run = 0;
	for (let i = 1; i < road.line.length; i++) {
		const [a, b] = [road.line[i - 1]!, road.line[i]!];
		const length = distanceKm(a, b);
		run += length;
		if (apart([a, b])) continue;
		const begin = run - length;
		const cuts = [0, ...crossings(a, b, ring), 1].toSorted((x, y) => x - y);
		for (let k = 1; k < cuts.length; k++) {
			const [from, to] = [cuts[k - 1]!, cuts[k]!];
			const middle: Place = [a[0] + ((b[0] - a[0]) * (from + to)) / 2, a[1] + ((b[1] - a[1]) * (from + to)) / 2];
			if (to > from && contains(ring, middle)) inside.push([(begin + from * length) / total, (begin + to * length) / total]);
		}
	}
	return inside;
}

/** Whether a line surely misses a ring: all of it lies to one side of the ring's box. */
function outside(ring: readonly Place[]): (line: readonly Place[]) => boolean {
	const bounds = ([0, 1] as const)
		.map((k) => ring.map((point) => point[k]))
		.map((all) => [Math.min(...all), Math.max(...all)] as const);
	return (line) =>
		bounds.some(([low, high], k) => line.every((p) => p[k as 0 | 1] < low) || line.every((p) => p[k as 0 | 1] > high));
}

/** Where the way from a to b crosses a ring: fractions of the way. */
function crossings(a: Place, b: Place, ring: readonly Place[]): number[] {
	const found: number[] = [];
	for (let i = 0; i < ring.length; i++) {
		const [p, q] = [ring[i]!, ring[(i + 1) % ring.length]!];
		const [dx, dy, ex, ey] = [b[0] - a[0], b[1] - a[1], q[0] - p[0], q[1] - p[1]];
		const denominator = dx * ey - dy * ex;
		if (denominator === 0) continue;
		const t = ((p[0] - a[0]) * ey - (p[1] - a[1]) * ex) / denominator;
		const u = ((p[0] - a[0]) * dy - (p[1] - a[1]) * dx) / denominator;
		if (t > 0 && t < 1 && u >= 0 && u <= 1) found.push(t);
	}
	return found;
}

/** Whether a ring holds a place. */
function contains(ring: readonly Place[], [x, y]: Place): boolean {
	let inside = false;
	for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
		const [a, b] = [ring[i]!, ring[j]!];
		if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
	}
	return inside;
}
