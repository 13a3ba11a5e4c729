/**
 * The region's road skeleton as OpenStreetMap nodes and ways, without what is closed.
 *
 * A skeleton's line is shorter than its road: points stand 1 to 4 km apart. An engine measures the line, so its times and
 * distances would be too short by up to three quarters. Each line is therefore folded: every 250 m it goes a little too far, back,
 * and on, by just as much as is missing. It draws the same line on the map, has the road's true length, and keeps its true
 * speed; distances and times come out right in tables, routes and isochrones, with either engine. `unfold` takes the folds
 * out of a geometry that an engine returns.
 */
import { distanceKm, lineKm, pointAlong, type Region, type Road } from '@junkai/regions';
import { bends, type Bend } from './headings.ts';
import type { OsmNode, OsmWay } from './pbf.ts';
import type { Place } from './port.ts';

/** Closed parts of edges: fractions of the length, ascending and apart. */
export type ClosedParts = ReadonlyMap<string, readonly (readonly [from: number, to: number])[]>;

export interface Network {
	readonly nodes: OsmNode[];
	readonly ways: OsmWay[];
	/** Of each way: the edge it is (part of), and the fraction of the edge at each of its nodes. */
	readonly origin: ReadonlyMap<number, { readonly edge: string; readonly fractions: readonly number[] }>;
}

const FOLD_KM = 0.25;
/** A fold is no shorter than this: engines round points to a decimetre, and a short one would lose its direction; km. */
const SHORTEST_FOLD_KM = 0.02;
/** Pieces of one edge; more cannot be numbered. */
const PIECES = 1000;

const highway: Readonly<Record<Road['class'], string>> = {
	motorway: 'motorway',
	trunk: 'trunk',
	primary: 'primary',
	primary_link: 'primary_link',
	secondary: 'secondary',
	tertiary: 'tertiary',
	access: 'unclassified',
};

/** Nodes and ways of what is open. Ids are the same for the same region and closed parts. */
export function roadNetwork(region: Region, closed: ClosedParts = new Map()): Network {
	const ids = new Map<string, number>();
	const nodes: OsmNode[] = [];
	const add = ([lon, lat]: Place, shared: boolean): number => {
		// Edges join where their ends are equal; an inner point never is a node, even where it lies on another road.
		const key = shared ? `${lon},${lat}` : undefined;
		const known = key === undefined ? undefined : ids.get(key);
		if (known !== undefined) return known;
		const id = nodes.length + 1;
		nodes.push({ id, lon, lat });
		if (key !== undefined) ids.set(key, id);
		return id;
	};
	const ways: OsmWay[] = [];
	const origin = new Map<number, { edge: string; fractions: readonly number[] }>();
	const bent = bentRoads(region);
	for (const [index, road] of region.roads.entries()) {
		for (const [piece, [from, to]] of openParts(closed.get(road.id) ?? []).entries()) {
			const { fractions, points } = bent.piece(road, from, to);
			const refs = fractions.map((fraction, i) => add(points[i]!, fraction === 0 || fraction === 1));
			const id = (index + 1) * PIECES + piece;
			ways.push({ id, nodes: refs, tags: tagsOf(road, region) });
			origin.set(id, { edge: road.id, fractions });
		}
	}
	return { nodes, ways, origin };
}

/** Points of a piece of a road, folds and bends included, and where along the road each of them lies. */
interface Piece {
	readonly fractions: readonly number[];
	readonly points: readonly Place[];
}

const known = new WeakMap<readonly Road[], ReturnType<typeof bentRoadsOf>>();

/** A region is asked for with one closed set after the other, and most of its roads stay open: whole roads are kept. */
function bentRoads({ roads }: Region): ReturnType<typeof bentRoadsOf> {
	const made = known.get(roads) ?? bentRoadsOf(roads);
	known.set(roads, made);
	return made;
}

function bentRoadsOf(roads: readonly Road[]): { piece: (road: Road, from: number, to: number) => Piece } {
	const bent = bends(roads);
	const whole = new Map<string, Piece>();
	const make = (road: Road, from: number, to: number): Piece => {
		const apart = (bent.get(road.id) ?? []).filter(({ fraction }) => fraction > from && fraction < to);
		const fractions = folded(road, from, to, apart);
		const points = fractions.map((fraction) => {
			if (fraction === 0) return road.line[0]!;
			if (fraction === 1) return road.line.at(-1)!;
			return apart.find((bend) => bend.fraction === fraction)?.point ?? pointAlong(road.line, fraction).point;
		});
		return { fractions, points };
	};
	return {
		piece(road, from, to) {
			if (from > 0 || to < 1) return make(road, from, to);
			const piece = whole.get(road.id) ?? make(road, 0, 1);
			whole.set(road.id, piece);
			return piece;
		},
	};
}

/** What closed parts leave of an edge. */
export function openParts(closed: readonly (readonly [number, number])[]): [from: number, to: number][] {
	const open: [number, number][] = [];
	let at = 0;
	for (const [from, to] of closed) {
		if (from > at) open.push([at, from]);
		at = Math.max(at, to);
	}
	if (at < 1) open.push([at, 1]);
	return open.slice(0, PIECES);
}

/** Fractions of an edge's length to go through, folds and bends included, from one to another. */
function folded(road: Road, from: number, to: number, apart: readonly Bend[]): number[] {
	const drawn = lineKm(road.line);
	const stops = apart.map(({ fraction }) => fraction);
	let run = 0;
	for (let i = 1; i < road.line.length - 1; i++) {
		run += distanceKm(road.line[i - 1]!, road.line[i]!);
		stops.push(run / drawn);
	}
	stops.sort((a, b) => a - b);
	const missing = Math.max(0, road.km - drawn) * (to - from);
	const folds = Math.min(Math.ceil((drawn * (to - from)) / FOLD_KM), Math.floor(missing / 2 / SHORTEST_FOLD_KM));
	const turns = [from];
	for (let i = 0; i < folds; i++) {
		const middle = from + ((i + 0.5) / folds) * (to - from);
		const half = missing / drawn / folds / 4;
		turns.push(middle + half, middle - half);
	}
	turns.push(to);
	const path = [from];
	for (let i = 1; i < turns.length; i++) {
		const [a, b] = [turns[i - 1]!, turns[i]!];
		const between = stops.filter((stop) => (stop - a) * (stop - b) < 0);
		path.push(...(a < b ? between : between.toReversed()), b);
	}
	return path;
}

function tagsOf(road: Road, region: Region): Record<string, string> {
	const width = road.maxWidth ?? (road.narrow ? region.narrowMaxWidth : undefined);
	return {
		highway: highway[road.class],
		// Motorways count as one-way unless told otherwise; the skeleton has one line for both directions.
		oneway: 'no',
		maxspeed: String(road.speedKmh),
		name: road.name,
		...(road.ref !== null && { ref: road.ref }),
		...(road.lanes !== undefined && { lanes: String(road.lanes) }),
		...(road.toll && { toll: 'yes' }),
		...(road.bridge && { bridge: 'yes' }),
		...(width !== undefined && { maxwidth: String(width) }),
		...(road.maxHeight !== undefined && { maxheight: String(road.maxHeight) }),
		...(road.maxWeight !== undefined && { maxweight: String(road.maxWeight) }),
	};
}

/** Below this cosine (1.8° short of a half turn) a line turns back on itself; no bend of a region's roads is that sharp. */
const BACK = -0.9995;

/**
 * A geometry without its folds: a point where the line turns right round is left out, until none is left. With `values`
 * (one a piece) those of pieces that fall together are summed.
 */
export function unfold(line: readonly Place[], values: readonly (readonly number[])[] = []): { line: Place[]; values: number[][] } {
	const kept: Place[] = [];
	const sums: number[][] = values.map(() => []);
	let carried = values.map(() => 0);
	const dropLast = (): void => {
		kept.pop();
		for (const [k, sum] of sums.entries()) carried[k]! += sum.pop() ?? 0;
	};
	for (const [i, point] of line.entries()) {
		if (i > 0) for (const [k, row] of values.entries()) carried[k]! += row[i - 1] ?? 0;
		while (kept.length > 1 && (same(kept.at(-1)!, point) || cosine(kept.at(-2)!, kept.at(-1)!, point) < BACK)) dropLast();
		if (kept.length === 1 && same(kept[0]!, point)) continue;
		if (kept.length > 0) {
			for (const [k, sum] of sums.entries()) sum.push(carried[k]!);
			carried = values.map(() => 0);
		}
		kept.push(point);
	}
	return { line: kept.length === 1 ? [kept[0]!, kept[0]!] : kept, values: sums };
}

const same = (a: Place, b: Place): boolean => a[0] === b[0] && a[1] === b[1];

/** Of the angle between the ways a→b and b→c: 1 straight on, -1 right back. */
function cosine(a: Place, b: Place, c: Place): number {
	const scale = Math.cos((b[1] * Math.PI) / 180);
	const [ux, uy, vx, vy] = [(b[0] - a[0]) * scale, b[1] - a[1], (c[0] - b[0]) * scale, c[1] - b[1]];
	return (ux * vx + uy * vy) / (Math.hypot(ux, uy) * Math.hypot(vx, vy) || 1);
}
