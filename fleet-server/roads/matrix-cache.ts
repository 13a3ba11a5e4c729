/**
 * Remembers the ways between pairs of places, so that an engine is asked only for what is new. Many patients share a stop, and
 * the same stops come again every week. Filed by what changes the answer (map, vehicle, closures), then by pair.
 */
import type { Matrix } from './engine.ts';
import type { Place, Waypoint } from './port.ts';

/** Asks the engine: the matrix of some sources and destinations. */
type Ask = (sources: Waypoint[], destinations: Waypoint[]) => Promise<Matrix>;

interface Drawer {
	readonly ids: Map<string, number>;
	/** By source × SPAN + destination: duration and distance. */
	readonly pairs: Map<number, readonly [duration: number, distance: number]>;
}

/** Places of a drawer that can be told apart. */
const SPAN = 2 ** 26;
/** With more different sets of missing columns than this, one question for all is cheaper. */
const GROUPS = 8;

export class MatrixCache {
	hits = 0;
	misses = 0;
	readonly #limit: number;
	/** Least recently used first; the pairs in each by age. */
	readonly #drawers = new Map<string, Drawer>();
	#entries = 0;

	/** @param limit pairs that are kept, about 150 bytes each. */
	constructor(limit: number) {
		this.#limit = limit;
	}

	get entries(): number {
		return this.#entries;
	}

	/** The matrix of waypoints, of which those at the same location are asked for once. */
	async matrix(key: string, sources: readonly Waypoint[], destinations: readonly Waypoint[], ask: Ask): Promise<Matrix> {
		const drawer = this.#open(key);
		const [rows, columns] = [unique(sources, drawer), unique(destinations, drawer)];
		const fresh = new Map<number, readonly [number, number]>();
		for (const { from, to } of missing(rows.all, columns.all, drawer)) {
			const answer = await ask(
				from.map((id) => rows.all.get(id)!),
				to.map((id) => columns.all.get(id)!),
			);
			for (const [r, source] of from.entries()) {
				for (const [c, destination] of to.entries()) {
					const at = r * to.length + c;
					fresh.set(source * SPAN + destination, [answer.durations[at]!, answer.distances[at]!]);
				}
			}
		}
		const matrix = this.#read(drawer, fresh, rows.ids, columns.ids);
		this.#keep(drawer, fresh);
		return matrix;
	}

	#read(drawer: Drawer, fresh: Drawer['pairs'], rows: number[], columns: number[]): Matrix {
		const size = rows.length * columns.length;
		const matrix = { durations: new Float64Array(size), distances: new Float64Array(size) };
		for (const [r, source] of rows.entries()) {
			for (const [c, destination] of columns.entries()) {
				const at = r * columns.length + c;
				const key = source * SPAN + destination;
				const pair = source === destination ? ([0, 0] as const) : (fresh.get(key) ?? drawer.pairs.get(key));
				[matrix.durations[at], matrix.distances[at]] = pair ?? [Infinity, Infinity];
				if (source === destination || fresh.has(key)) continue;
				this.hits++;
			}
		}
		this.misses += fresh.size;
		return matrix;
	}

	#keep(drawer: Drawer, fresh: Drawer['pairs']): void {
		for (const [key, pair] of fresh) {
			if (!drawer.pairs.has(key)) this.#entries++;
			drawer.pairs.set(key, pair);
		}
		for (const [key, oldest] of this.#drawers) {
			if (this.#entries <= this.#limit) break;
			for (const pair of oldest.pairs.keys()) {
				if (this.#entries <= this.#limit) break;
				oldest.pairs.delete(pair);
				this.#entries--;
			}
			if (oldest.pairs.size === 0 && oldest !== drawer) this.#drawers.delete(key);
		}
	}

	#open(key: string): Drawer {
		let drawer = this.#drawers.get(key) ?? { ids: new Map<string, number>(), pairs: new Map() };
		if (drawer.ids.size > this.#limit) {
			// Names of places whose pairs went long ago: begin anew.
			this.#entries -= drawer.pairs.size;
			drawer = { ids: new Map(), pairs: new Map() };
		}
		this.#drawers.delete(key);
		this.#drawers.set(key, drawer);
		return drawer;
	}
}

/** Number of each waypoint's location in a drawer, and one waypoint of each number. A metre is one place. */
function unique(waypoints: readonly Waypoint[], drawer: Drawer): { ids: number[]; all: Map<number, Waypoint> } {
	const all = new Map<number, Waypoint>();
	const ids = waypoints.map((one) => {
		const name = placeKey(one.location);
		const id = drawer.ids.get(name) ?? drawer.ids.size;
		drawer.ids.set(name, id);
		if (!all.has(id)) all.set(id, one);
		return id;
	});
	return { ids, all };
}

export const placeKey = ([lon, lat]: Place): string => `${lon.toFixed(5)},${lat.toFixed(5)}`;

/** Questions that bring what a drawer does not hold: rows that lack the same columns go together. */
function missing(
	rows: ReadonlyMap<number, Waypoint>,
	columns: ReadonlyMap<number, Waypoint>,
	drawer: Drawer,
): { from: number[]; to: number[] }[] {
	const groups = new Map<string, { from: number[]; to: number[] }>();
	const ids = [...columns.keys()];
	const all = new Set<number>();
	for (const source of rows.keys()) {
		const lacks = ids.filter((destination) => !drawer.pairs.has(source * SPAN + destination));
		// The way from a place to itself needs no question, but comes along when others are asked.
		if (lacks.length === 0 || (lacks.length === 1 && lacks[0] === source)) continue;
		for (const destination of lacks) all.add(destination);
		const name = lacks.length === ids.length ? '*' : lacks.filter((destination) => destination !== source).join();
		const group = groups.get(name);
		if (group) group.from.push(source);
		else groups.set(name, { from: [source], to: lacks });
	}
	const questions = [...groups.values()];
	if (questions.length <= GROUPS) return questions;
	return [{ from: questions.flatMap(({ from }) => from), to: [...all] }];
}
