/** Tells which road of the region a drawn way follows, so that signal and speed of the road hold on it. */
import { distanceKm, lineKm, type LonLat, type Region, type Road } from '@junkai/regions';

/** A piece of a way on one road. */
export interface Stretch {
	/** Null where no road is near. */
	road: Road | null;
	/** Fractions of the road's length where it is entered and left. */
	along: [number, number];
	line: LonLat[];
}

interface Segment {
	road: Road;
	a: LonLat;
	b: LonLat;
	/** Fractions of the road's length at a and b. */
	from: number;
	to: number;
}

/** Side of a cell of the index, degrees. */
const CELL = 0.02;
/** Further from every road than this, the way is off the network, km. */
const NEAR_KM = 0.08;

export class EdgeFinder {
	readonly #cells = new Map<string, Segment[]>();

	constructor(region: Region) {
		for (const road of region.roads) {
			const total = lineKm(road.line) || 1;
			let run = 0;
			for (let i = 1; i < road.line.length; i++) {
				const [a, b] = [road.line[i - 1]!, road.line[i]!];
				const next = run + distanceKm(a, b);
				this.#put({ road, a, b, from: run / total, to: next / total });
				run = next;
			}
		}
	}

	/** A way cut into stretches, each on one road and in one direction. */
	stretches(way: readonly LonLat[]): Stretch[] {
		const found: Stretch[] = [];
		for (let i = 1; i < way.length; i++) {
			const [a, b] = [way[i - 1]!, way[i]!];
			if (a[0] === b[0] && a[1] === b[1]) continue;
			const segment = this.#at([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
			const along: [number, number] = segment ? [fractionOn(segment, a), fractionOn(segment, b)] : [0, 1];
			const last = found.at(-1);
			const sameWay = last && (last.along[1] - last.along[0]) * (along[1] - along[0]) >= 0;
			if (last && last.road === (segment?.road ?? null) && sameWay) {
				last.line.push(b);
				last.along[1] = along[1];
			} else found.push({ road: segment?.road ?? null, along, line: [a, b] });
		}
		return found;
	}

	#at(point: LonLat): Segment | null {
		let best: Segment | null = null;
		let least = NEAR_KM;
		for (const segment of this.#cells.get(cellOf(point)) ?? []) {
			const km = distanceKm(point, footOn(segment, point).foot);
			if (km < least) [best, least] = [segment, km];
		}
		return best;
	}

	/** In every cell that its box touches, and a margin: segments are a few kilometres long at most. */
	#put(segment: Segment): void {
		const { a, b } = segment;
		const margin = 0.001;
		const [west, east] = [Math.min(a[0], b[0]) - margin, Math.max(a[0], b[0]) + margin];
		const [south, north] = [Math.min(a[1], b[1]) - margin, Math.max(a[1], b[1]) + margin];
		for (let x = Math.floor(west / CELL); x <= Math.floor(east / CELL); x++) {
			for (let y = Math.floor(south / CELL); y <= Math.floor(north / CELL); y++) {
				const list = this.#cells.get(`${x},${y}`) ?? [];
				list.push(segment);
				this.#cells.set(`${x},${y}`, list);
			}
		}
	}
}

const cellOf = ([lon, lat]: LonLat): string => `${Math.floor(lon / CELL)},${Math.floor(lat / CELL)}`;

/** The point of a segment nearest to a place, and its fraction of the segment. */
function footOn({ a, b }: Segment, [lon, lat]: LonLat): { foot: LonLat; t: number } {
	const scale = Math.cos((lat * Math.PI) / 180);
	const [dx, dy] = [(b[0] - a[0]) * scale, b[1] - a[1]];
	const square = dx * dx + dy * dy;
	const t = square === 0 ? 0 : Math.min(1, Math.max(0, ((lon - a[0]) * scale * dx + (lat - a[1]) * dy) / square));
	return { foot: [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t], t };
}

const fractionOn = (segment: Segment, point: LonLat): number =>
	segment.from + (segment.to - segment.from) * footOn(segment, point).t;
