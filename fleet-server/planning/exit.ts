/** The way out for a van that stands on a road which has been closed: along it to the nearest place from which roads are open. */
import { distanceKm, lineKm, partOfLine, type Region, type Road } from '@junkai/regions';
import type { RoadProfile } from '../dispatch/frame.ts';
import type { Place } from '../roads/port.ts';
import type { Ask } from './work.ts';

export interface Exit {
	/** Where open roads begin. */
	readonly place: Place;
	/** Metres and seconds to it. */
	readonly distance: number;
	readonly duration: number;
	readonly coordinates: readonly Place[];
}

/** A van so near to a closed stretch is on it, unless an open road is nearer, km. */
const ON_ROAD_KM = 0.06;
type Part = readonly [from: number, to: number];
const key = ([lon, lat]: Place): string => `${lon},${lat}`;

/**
 * Null when the van is not on a closed road, or when no way out leads to an open road. Of two ways out the one is taken from which the
 * base is reached sooner.
 */
export async function exitFrom(region: Region, profile: RoadProfile, from: Place, base: Place, ask: Ask): Promise<Exit | null> {
	if (profile.closures.length === 0) return null;
	const closed = new Map<string, Part[]>();
	for (const { edge, from: begin, to } of await ask({ ask: 'closed', profile })) {
		closed.set(edge, [...(closed.get(edge) ?? []), [begin, to]]);
	}
	const found = standsOn(region, closed, from);
	if (!found) return null;
	const exits = waysOut(region, closed, found.road, found.at, found.part);
	if (exits.length === 0) return null;
	const places = [...exits.map(({ place }) => place), base];
	const table = await ask({ ask: 'table', profile, places });
	const home = (at: number): number => exits[at]!.duration + table.durations[at * table.size + exits.length]!;
	const best = [...exits.keys()].toSorted((a, b) => home(a) - home(b))[0]!;
	return exits[best]!;
}

/** The closed stretch on which a place lies. */
function standsOn(
	region: Region,
	closed: ReadonlyMap<string, readonly Part[]>,
	from: Place,
): { road: Road; at: number; part: Part } | null {
	let best: { road: Road; at: number; km: number } | null = null;
	for (const road of region.roads) {
		const near = nearestOn(road.line, from);
		if (near.km > ON_ROAD_KM) continue;
		if (best === null || near.km < best.km - 0.002) best = { road, at: near.at, km: near.km };
	}
	if (!best) return null;
	const { road, at } = best;
	const part = closed.get(road.id)?.find(([begin, end]) => begin <= at && at <= end);
	return part ? { road, at, part } : null;
}

/** How far a line passes from a place, and at which fraction of its length. */
function nearestOn(line: readonly Place[], [lon, lat]: Place): { km: number; at: number } {
	const scale = Math.cos((lat * Math.PI) / 180);
	let [least, run, at] = [Infinity, 0, 0];
	for (let i = 1; i < line.length; i++) {
		const [a, b] = [line[i - 1]!, line[i]!];
		const [x, y] = [(b[0] - a[0]) * scale, b[1] - a[1]];
		const length = distanceKm(a, b);
		const share = ((lon - a[0]) * scale * x + (lat - a[1]) * y) / (x * x + y * y || 1);
		const t = Math.min(1, Math.max(0, share));
		const km = distanceKm([lon, lat], [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]);
		if (km < least) [least, at] = [km, run + length * t];
		run += length;
	}
	return { km: least, at: run > 0 ? at / run : 0 };
}

/** The nearest open places along closed roads, one for each direction in which there is one. */
function waysOut(region: Region, closed: ReadonlyMap<string, readonly Part[]>, road: Road, at: number, part: Part): Exit[] {
	const exits: Exit[] = [];
	const seen = new Set<string>([road.id]);
	const open = new Map<string, Road[]>();
	for (const one of region.roads) {
		for (const end of [one.line[0]!, one.line.at(-1)!]) open.set(key(end), [...(open.get(key(end)) ?? []), one]);
	}
	const queue: Exit[] = [];
	/** To where the closed stretch ends on this road. */
	const along = (before: Exit | null, on: Road, start: number, end: number): void => {
		const [low, high] = [Math.min(start, end), Math.max(start, end)];
		const line = partOfLine(on.line, low, high);
		const drawn = lineKm(on.line) || 1;
		const km = on.km * (lineKm(line) / drawn);
		const step: Exit = {
			place: start < end ? line.at(-1)! : line[0]!,
			distance: (before?.distance ?? 0) + km * 1000,
			duration: (before?.duration ?? 0) + (km / on.speedKmh) * 3600,
			coordinates: [...(before?.coordinates ?? []), ...(start < end ? line : line.toReversed())],
		};
		// Within a road the rest of it is open; at its end the roads that meet there tell.
		if (end > 0 && end < 1) exits.push(step);
		else queue.push(step);
	};
	for (const end of part) along(null, road, at, end);
	while (queue.length > 0) {
		const here = queue.shift()!;
		const meeting = open.get(key(here.place)) ?? [];
		const partAt = (one: Road): Part | undefined => {
			const edge = key(one.line[0]!) === key(here.place) ? 0 : 1;
			return closed.get(one.id)?.find(([begin, end]) => (edge === 0 ? begin === 0 : end === 1));
		};
		if (meeting.some((one) => partAt(one) === undefined)) {
			exits.push(here);
			continue;
		}
		for (const one of meeting) {
			if (seen.has(one.id)) continue;
			seen.add(one.id);
			const stretch = partAt(one)!;
			const forward = key(one.line[0]!) === key(here.place);
			along(here, one, forward ? 0 : 1, forward ? stretch[1] : stretch[0]);
		}
	}
	return exits;
}
