import { course, distanceKm, pointAlong, type LonLat, type Region, type Road } from '@junkai/regions';
import { SimError } from './sim-error.ts';

/** A road edge driven in one direction. */
export interface Drive {
	road: Road;
	/** True when it is driven against the direction in which it is drawn. */
	reverse: boolean;
	/** Seconds at the road's mean speed. */
	seconds: number;
}

export interface Path {
	drives: Drive[];
	km: number;
	seconds: number;
}

interface Link {
	to: string;
	drive: Drive;
}

/** The region's roads as a graph: nodes where edges end, time = km / speed. */
export class RoadNetwork {
	readonly #links = new Map<string, Link[]>();
	readonly #nodes = new Map<string, LonLat>();

	constructor(region: Region, closed: ReadonlySet<string> = new Set()) {
		for (const road of region.roads) {
			if (closed.has(road.id)) continue;
			const [a, b] = [road.line[0]!, road.line.at(-1)!];
			const seconds = (road.km / road.speedKmh) * 3600;
			this.#link(a, b, { road, reverse: false, seconds });
			this.#link(b, a, { road, reverse: true, seconds });
		}
	}

	/** The node nearest to a place, as [lon, lat]. */
	nearest(place: { lat: number; lon: number }): LonLat {
		const at: LonLat = [place.lon, place.lat];
		const exact = this.#nodes.get(key(at));
		if (exact) return exact;
		let best: LonLat | undefined;
		let distance = Infinity;
		for (const node of this.#nodes.values()) {
			const d = distanceKm(at, node);
			if (d < distance) [best, distance] = [node, d];
		}
		if (!best) throw new SimError('no-route', 'the region has no roads');
		return best;
	}

	/** The quickest way between two places (each taken to its nearest node). @throws {SimError} when there is none. */
	path(from: { lat: number; lon: number }, to: { lat: number; lon: number }): Path {
		const [start, goal] = [key(this.nearest(from)), key(this.nearest(to))];
		const seconds = new Map<string, number>([[start, 0]]);
		const came = new Map<string, Link & { from: string }>();
		const done = new Set<string>();
		const queue = new Heap();
		queue.push(0, start);
		for (let node = queue.pop(); node !== undefined && node !== goal; node = queue.pop()) {
			if (done.has(node)) continue;
			done.add(node);
			for (const link of this.#links.get(node) ?? []) {
				const time = (seconds.get(node) ?? Infinity) + link.drive.seconds;
				if (time >= (seconds.get(link.to) ?? Infinity)) continue;
				seconds.set(link.to, time);
				came.set(link.to, { ...link, from: node });
				queue.push(time, link.to);
			}
		}
		if (!seconds.has(goal)) throw new SimError('no-route', `no open road leads from ${start} to ${goal}`);
		const drives: Drive[] = [];
		for (let step = came.get(goal); step; step = came.get(step.from)) drives.unshift(step.drive);
		return { drives, km: drives.reduce((sum, d) => sum + d.road.km, 0), seconds: seconds.get(goal) ?? 0 };
	}

	#link(from: LonLat, to: LonLat, drive: Drive): void {
		this.#nodes.set(key(from), from);
		const list = this.#links.get(key(from)) ?? [];
		list.push({ to: key(to), drive });
		this.#links.set(key(from), list);
	}
}

/** Where a van is on an edge after a fraction (0 to 1) of its time on it, and its course there. */
export function placeOnDrive(drive: Drive, fraction: number): { point: LonLat; course: number; along: number } {
	const along = drive.reverse ? 1 - fraction : fraction;
	const place = pointAlong(drive.road.line, along);
	if (!drive.reverse) return { ...place, along };
	const [a, b] = [drive.road.line[0]!, drive.road.line.at(-1)!];
	// A two-point line needs no guess; otherwise the way back runs opposite to the way there.
	return { ...place, along, course: drive.road.line.length === 2 ? course(b, a) : (place.course + 180) % 360 };
}

const key = ([lon, lat]: LonLat): string => `${lon},${lat}`;

/** A binary heap: smallest number first. */
class Heap {
	readonly #items: { weight: number; node: string }[] = [];

	push(weight: number, node: string): void {
		const items = this.#items;
		let i = items.push({ weight, node }) - 1;
		while (i > 0) {
			const parent = (i - 1) >> 1;
			if (items[parent]!.weight <= items[i]!.weight) break;
			[items[parent], items[i]] = [items[i]!, items[parent]!];
			i = parent;
		}
	}

	pop(): string | undefined {
		const items = this.#items;
		const top = items[0];
		const last = items.pop();
		if (!top || !last) return undefined;
		if (items.length === 0) return top.node;
		items[0] = last;
		for (let i = 0; ;) {
			const left = 2 * i + 1;
			let least = i;
			if (left < items.length && items[left]!.weight < items[least]!.weight) least = left;
			if (left + 1 < items.length && items[left + 1]!.weight < items[least]!.weight) least = left + 1;
			if (least === i) return top.node;
			[items[least], items[i]] = [items[i]!, items[least]!];
			i = least;
		}
	}
}
