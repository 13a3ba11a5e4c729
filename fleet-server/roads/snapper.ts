/** Puts places on the road, remembers where they came to lie, and says by how much a place misses it. */
import type { RoadEngine } from './engine.ts';
import { placeKey } from './matrix-cache.ts';
import type { Place, Waypoint } from './port.ts';
import { RoadsError } from './roads-error.ts';

/** Snapped places that are remembered. */
const REMEMBERED = 20_000;
/** How far is looked for a road to name a distance in an error, metres. */
const FARTHEST = 20_000;

export class Snapper {
	readonly #engine: RoadEngine;
	/** How far a place may lie from the road, metres. */
	readonly #limit: number;
	readonly #known = new Map<string, Waypoint | null>();
	#version = '';

	constructor(engine: RoadEngine, limit: number) {
		this.#engine = engine;
		this.#limit = limit;
	}

	/** The map's version; what was snapped to another one is forgotten. */
	async version(): Promise<string> {
		const version = await this.#engine.version();
		if (version !== this.#version) this.#known.clear();
		this.#version = version;
		return version;
	}

	/** On the road of the open map; null for a place that has none within the limit. */
	async snap(places: readonly Place[], signal?: AbortSignal): Promise<(Waypoint | null)[]> {
		await this.version();
		const fresh = new Map<string, Place>();
		const found = new Map<string, Waypoint | null>();
		for (const place of places) {
			const key = place.join();
			const one = this.#known.get(key);
			if (one === undefined) fresh.set(key, place);
			else found.set(key, one);
		}
		if (fresh.size > 0) {
			const answers = await this.#engine.snap([...fresh.values()], this.#limit, signal);
			for (const [i, key] of [...fresh.keys()].entries()) {
				found.set(key, answers[i] ?? null);
				this.#known.set(key, answers[i] ?? null);
			}
			for (const oldest of this.#known.keys()) {
				if (this.#known.size <= REMEMBERED) break;
				this.#known.delete(oldest);
			}
		}
		return places.map((place) => found.get(place.join()) ?? null);
	}

	/**
	 * Places that have to be on the road; the answer has those of `indexes`, at their own index.
	 *
	 * @throws {RoadsError} `off-road`, with the index and the distance of each that is not.
	 */
	async waypoints(places: readonly Place[], indexes: readonly number[], signal?: AbortSignal): Promise<Waypoint[]> {
		const found = await this.snap(
			indexes.map((i) => places[i]!),
			signal,
		);
		const lost = indexes.filter((_, k) => found[k] === null);
		if (lost.length > 0) throw await this.offRoad(places, lost, signal);
		const waypoints: Waypoint[] = [];
		for (const [k, i] of indexes.entries()) waypoints[i] = found[k]!;
		return waypoints;
	}

	/** Looks farther, so that the message can say how far off the road each place is. */
	async offRoad(places: readonly Place[], lost: readonly number[], signal?: AbortSignal): Promise<RoadsError> {
		const far = await this.#engine.snap(
			lost.map((i) => places[i]!),
			FARTHEST,
			signal,
		);
		const off = lost.map((index, k) => ({ index, distance: far[k]?.distance ?? null }));
		const texts = off.slice(0, 5).map(({ index, distance }) => {
			const how =
				distance === null ? `has no road within ${FARTHEST / 1000} km` : `lies ${Math.round(distance)} m from the nearest road`;
			return `place ${index} (${placeKey(places[index]!)}) ${how}`;
		});
		const more = off.length > 5 ? ` and ${off.length - 5} more` : '';
		return new RoadsError('off-road', `${texts.join('; ')}${more}; at most ${this.#limit} m are allowed`, { places: off });
	}
}
