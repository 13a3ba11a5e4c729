/** Ways of crews on the region's roads: from where a van is, by where it came from if need be, to where its orders send it. */
import { distanceKm, partOfLine, type Coverage, type LonLat, type Region } from '@junkai/regions';
import { altitudes } from './altitude.ts';
import { EdgeFinder } from './edge-finder.ts';
import type { DriveLeg, OnRoad } from './journey.ts';

/** So near to a way a van is on it, km. */
const ON_WAY_KM = 0.15;
const FALLBACK_KMH = 40;
const FASTEST_KMH = 100;

export class Ways {
	readonly altitude: (at: LonLat) => number;
	readonly #finder: EdgeFinder;
	readonly #coverage: Coverage;
	readonly #nodes = new Map<string, OnRoad[]>();

	constructor(region: Region, coverage: Coverage) {
		this.altitude = altitudes(region);
		this.#finder = new EdgeFinder(region);
		this.#coverage = coverage;
		for (const { id, line } of region.roads) {
			this.#meet(line[0]!, { edge: id, along: 0 });
			this.#meet(line.at(-1)!, { edge: id, along: 1 });
		}
	}

	/** The part of a drive up to a fraction of it. */
	static cut(leg: DriveLeg, fraction: number): DriveLeg {
		return {
			...leg,
			to: leg.from + (leg.to - leg.from) * fraction,
			along: [leg.along[0], leg.along[0] + (leg.along[1] - leg.along[0]) * fraction],
			line: partOfLine(leg.line, 0, fraction),
			alt: [leg.alt[0], leg.alt[0] + (leg.alt[1] - leg.alt[0]) * fraction],
			ends: false,
		};
	}

	/** The best signal of the roads that meet at a place is the place's own. */
	standingOn(came: OnRoad | null, at: LonLat): OnRoad | null {
		const rank = (on: OnRoad) => ['good', 'weak', 'none'].indexOf(this.#coverage(on.edge, on.along).state);
		return [...(came ? [came] : []), ...(this.#nodes.get(at.join()) ?? [])].toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
	}

	/** From `here` onto a way: where it passes, or back along the trail to where it does; straight to its beginning failing that. */
	joined(here: LonLat, trail: readonly LonLat[], way: readonly LonLat[]): LonLat[] {
		const direct = after(way, here);
		if (direct) return [here, ...direct];
		for (let at = trail.length - 1; at >= 0; at--) {
			const rest = after(way, trail[at]!);
			if (rest) return [here, ...trail.slice(at).toReversed(), ...rest];
		}
		return [here, ...way];
	}

	/** A way as drives on the roads that it follows; the time is shared out by the roads' own times. */
	drives(way: readonly LonLat[], from: number, to: number): DriveLeg[] {
		const stretches = this.#finder.stretches(way).map((stretch) => {
			const { road, along } = stretch;
			const hours = road ? (road.km * Math.abs(along[1] - along[0])) / road.speedKmh : 0;
			return { ...stretch, seconds: Math.max(hours * 3600, 0.01) };
		});
		const total = stretches.reduce((sum, { seconds }) => sum + seconds, 0);
		const slower = (to - from) / total;
		let time = from;
		return stretches.map(({ road, along, line, seconds }, index): DriveLeg => {
			const began = time;
			time = index === stretches.length - 1 ? to : time + seconds * slower;
			return {
				kind: 'drive',
				from: began,
				to: time,
				edge: road?.id ?? null,
				along,
				line,
				speedKmh: Math.min(FASTEST_KMH, (road?.speedKmh ?? FALLBACK_KMH) / slower),
				alt: [this.altitude(line[0]!), this.altitude(line.at(-1)!)],
				starts: index === 0,
				ends: index === stretches.length - 1,
			};
		});
	}

	#meet(node: LonLat, on: OnRoad): void {
		const list = this.#nodes.get(node.join()) ?? [];
		list.push(on);
		this.#nodes.set(node.join(), list);
	}
}

/** What of a way lies ahead of a place that is on it; null when it is not. The first point lies on the way. */
function after(way: readonly LonLat[], [lon, lat]: LonLat): LonLat[] | null {
	const scale = Math.cos((lat * Math.PI) / 180);
	let best: { km: number; at: number; foot: LonLat } | null = null;
	for (let at = 1; at < way.length; at++) {
		const [a, b] = [way[at - 1]!, way[at]!];
		const [dx, dy] = [(b[0] - a[0]) * scale, b[1] - a[1]];
		const square = dx * dx + dy * dy;
		const share = square === 0 ? 0 : Math.min(1, Math.max(0, ((lon - a[0]) * scale * dx + (lat - a[1]) * dy) / square));
		const foot: LonLat = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
		const km = distanceKm(foot, [lon, lat]);
		if (km <= ON_WAY_KM && (!best || km < best.km)) best = { km, at, foot };
	}
	return best && [best.foot, ...way.slice(best.at)];
}
