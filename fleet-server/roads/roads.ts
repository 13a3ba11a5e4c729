/** The roads, on whichever engine: checks, snaps, closes, remembers, and keeps the time of day. */
import { setImmediate } from 'node:timers/promises';
import type { Region, SpeedProfile } from '@junkai/regions';
import { z } from 'zod';
import { activeClosures, closedKey, closedParts, unmatchedRules } from './closures.ts';
import type { Conditions, Matrix, RoadEngine } from './engine.ts';
import { leak, probesOf } from './leak.ts';
import { MatrixCache, placeKey } from './matrix-cache.ts';
import {
	place as placeSchema,
	vehicleClasses,
	type ClosedRoads,
	type Isochrone,
	type IsochroneRequest,
	type Match,
	type MatchRequest,
	type NearestRequest,
	type Place,
	type PlaceCheck,
	type Roads,
	type RoadsStatistics,
	type Route,
	type RouteRequest,
	type Table,
	type TableRequest,
	type Travel,
	type VehicleProfile,
	type Waypoint,
} from './port.ts';
import { RoadsError } from './roads-error.ts';
import { Snapper } from './snapper.ts';
import { clockwork, type Clockwork } from './speeds.ts';

export interface RoadsOptions {
	readonly engine: RoadEngine;
	/** Gives names to closures and rain rules. */
	readonly region: Region;
	/** How far a place may lie from the road, metres. */
	readonly maxSnap: number;
	/** Pairs of places that are remembered. */
	readonly cacheSize: number;
	/** Speeds by the hour instead of the region's own. */
	readonly speedByHour?: SpeedProfile | undefined;
}

/** Places of one table: 2,000 × 2,000 pairs take 64 MB. */
const TABLE_PLACES = 2000;
/** Pairs that are worked on at once, some 15 ms. */
const CELLS = 20_000;
/** Without tiles that lack what is closed, every pair's way has to be looked at: more pairs take too long. */
const CHECKED_PAIRS = 400;
/** How often an answer that went through a closure is asked for again, with a wider one. */
const WIDENINGS = 3;
/** By how much each time, degrees of latitude (some 20 m). */
const WIDER = 0.0002;
/** Closed sets whose probes are remembered. */
const PROBED = 16;
const measure = (most: number) => z.number().gt(0).max(most);
const profile = z.object({
	width: measure(10),
	height: measure(10),
	length: measure(50),
	weight: measure(100),
	speedFactor: z.number().min(0.1).max(2),
});
const placesOf = (least: number, most: number) => z.array(placeSchema).min(least).max(most);

export class EngineRoads implements Roads {
	readonly engine: 'valhalla' | 'osrm';
	readonly #options: RoadsOptions;
	readonly #cache: MatrixCache;
	readonly #snapper: Snapper;
	/** By closed set, least recently used first. */
	readonly #probes = new Map<string, ReturnType<typeof probesOf>>();
	#requests = 0;
	#failures = 0;

	constructor(options: RoadsOptions) {
		this.#options = options;
		this.engine = options.engine.name;
		this.#cache = new MatrixCache(options.cacheSize);
		this.#snapper = new Snapper(options.engine, options.maxSnap);
	}

	nearest(request: NearestRequest): Promise<Waypoint[]> {
		return this.#count(async () => {
			const [place] = checked('place', placesOf(1, 1), [request.place]);
			const number = checked('number', z.int().min(1).max(20), request.number ?? 1);
			const found = await this.#options.engine.nearest(place!, number, this.#options.maxSnap, request.signal);
			if (found.length === 0) throw await this.#snapper.offRoad([request.place], [0], request.signal);
			return found;
		});
	}

	route(request: RouteRequest): Promise<Route> {
		return this.#count(async () => {
			const places = checked('places', placesOf(2, TABLE_PLACES), request.places);
			const want = { steps: request.steps ?? false, annotations: request.annotations ?? false };
			const conditions = await this.#conditions(request);
			const waypoints = await this.#snapper.waypoints(places, [...places.keys()], request.signal);
			const route = await this.#openRoute(waypoints, want, conditions);
			return timed(route, this.#clock(request, conditions.vehicle));
		});
	}

	table(request: TableRequest): Promise<Table> {
		return this.#count(async () => {
			const places = checked('places', placesOf(1, TABLE_PLACES), request.places);
			const index = z
				.array(
					z
						.int()
						.min(0)
						.max(places.length - 1),
				)
				.min(1);
			const everyone = [...places.keys()];
			const sources = checked('sources', index, request.sources ?? everyone);
			const destinations = checked('destinations', index, request.destinations ?? everyone);
			const conditions = await this.#conditions(request);
			const used = [...new Set([...sources, ...destinations])];
			const snapped = new Float64Array(places.length).fill(NaN);
			const waypoints = await this.#snapper.waypoints(places, used, request.signal);
			for (const i of used) snapped[i] = waypoints[i]!.distance;
			const matrix = await this.#matrix(
				sources.map((i) => waypoints[i]!),
				destinations.map((i) => waypoints[i]!),
				conditions,
				this.#clock(request, conditions.vehicle),
			);
			return { rows: sources.length, columns: destinations.length, ...matrix, snapped };
		});
	}

	match(request: MatchRequest): Promise<Match> {
		return this.#count(async () => {
			const trace = checked(
				'trace',
				z
					.array(z.object({ place: placeSchema, at: z.number() }))
					.min(2)
					.max(20_000),
				request.trace,
			);
			const late = trace.findIndex((one, i) => i > 0 && one.at < trace[i - 1]!.at);
			if (late > 0) throw new RoadsError('invalid', `trace.${late}.at: positions come in the order of time`);
			checked('accuracy', z.number().gt(0).max(100).optional(), request.accuracy);
			await this.#snapper.version();
			return await this.#options.engine.match(request);
		});
	}

	isochrone(request: IsochroneRequest): Promise<Isochrone> {
		return this.#count(async () => {
			const places = checked('place', placesOf(1, 1), [request.place]);
			const minutes = checked('minutes', z.array(z.number().min(1).max(120)).min(1).max(4), request.minutes);
			if (minutes.some((time, i) => i > 0 && time <= minutes[i - 1]!)) {
				throw new RoadsError('invalid', 'minutes: each has to be more than the one before');
			}
			const conditions = await this.#conditions(request);
			// An area shows no way that could be looked at, and a closure that goes with the request may leak.
			if (conditions.rings.length > 0) {
				throw new RoadsError('closures-not-supported', 'on an imported map there is no isochrone with a closed area');
			}
			const [from] = await this.#snapper.waypoints(places, [0], request.signal);
			const clock = this.#clock(request, conditions.vehicle);
			// The engine drives at mean speed: within an hour of slow traffic it must be asked for less.
			const asked = minutes.map((time) => clock.shrink(time * 60) / 60);
			const answer = await this.#options.engine.isochrone(from!, asked, conditions);
			return {
				type: 'FeatureCollection',
				features: answer.features.map((feature, i) => ({ ...feature, properties: { minutes: minutes[i]! } })),
			};
		});
	}

	check(places: readonly Place[]): Promise<PlaceCheck[]> {
		return this.#count(async () => {
			const all = checked('places', placesOf(1, 10 * TABLE_PLACES), places);
			const snapped = await this.#snapper.snap(all);
			return all.map((place, i) => ({ place, waypoint: snapped[i] ?? null }));
		});
	}

	closed(travel: Pick<Travel, 'closures' | 'departure' | 'until'>): ClosedRoads {
		const active = activeClosures(travel);
		const edges = [...closedParts(this.#options.region, active)].flatMap(([edge, parts]) =>
			parts.map(([from, to]) => ({ edge, from, to })),
		);
		return { edges, unmatchedRules: unmatchedRules(this.#options.region, active) };
	}

	ready(): Promise<void> {
		return this.#options.engine.ready();
	}

	statistics(): RoadsStatistics {
		const { hits, misses, entries } = this.#cache;
		return {
			requests: this.#requests,
			failures: this.#failures,
			cache: { hits, misses, entries },
			restarts: this.#options.engine.restarts,
		};
	}

	close(): Promise<void> {
		return this.#options.engine.close();
	}

	async #count<T>(work: () => Promise<T>): Promise<T> {
		this.#requests++;
		try {
			return await work();
		} catch (error) {
			this.#failures++;
			throw error;
		}
	}

	async #conditions(travel: Travel): Promise<Conditions> {
		await this.#snapper.version();
		const vehicle = vehicleOf(travel);
		const active = activeClosures(travel);
		const { region, engine } = this.#options;
		const ours = engine.mapRegion === region.id;
		if (!ours && engine.name === 'valhalla') {
			const named = active.find((one) => !('polygon' in one));
			if (named) {
				throw new RoadsError(
					'closures-not-supported',
					`closure ${named.id}: the map in use is not made of the region's roads as they are, so its edges and rain rules cannot be found on it; close an area instead`,
				);
			}
			const rings = active.flatMap((one) => ('polygon' in one ? [one.polygon] : []));
			return { vehicle, closed: new Map(), closedKey: '', rings, signal: travel.signal };
		}
		const closed = closedParts(region, active, ours ? vehicle : undefined);
		return { vehicle, closed, closedKey: closedKey(closed), rings: [], signal: travel.signal };
	}

	#clock({ departure }: Travel, vehicle: VehicleProfile): Clockwork {
		const { region, speedByHour } = this.#options;
		return clockwork(vehicle.speedFactor, departure, speedByHour ?? region.speedByHour, region.timeZone);
	}

	/** Row by row, some at a time: whoever shares this thread has its turn in between. */
	async #matrix(
		rows: readonly Waypoint[],
		columns: readonly Waypoint[],
		conditions: Conditions,
		clock: Clockwork,
	): Promise<Matrix> {
		const size = rows.length * columns.length;
		const matrix = { durations: new Float64Array(size), distances: new Float64Array(size) };
		const version = await this.#snapper.version();
		const key = `${version}|${conditions.closedKey}|${JSON.stringify([sizeOf(conditions.vehicle), conditions.rings])}`;
		const atOnce = Math.max(1, Math.floor(CELLS / columns.length));
		for (let from = 0; from < rows.length; from += atOnce) {
			if (from > 0) await setImmediate();
			const part = await this.#cache.matrix(key, rows.slice(from, from + atOnce), columns, (some, others) =>
				this.#openMatrix(some, others, conditions),
			);
			for (const [i, duration] of part.durations.entries()) part.durations[i] = clock.stretch(duration);
			matrix.durations.set(part.durations, from * columns.length);
			matrix.distances.set(part.distances, from * columns.length);
		}
		return matrix;
	}

	/** A route that keeps away from what is closed: looked at, and asked for again with wider closures when it did not. */
	async #openRoute(
		waypoints: readonly Waypoint[],
		want: { steps: boolean; annotations: boolean },
		conditions: Conditions,
	): Promise<Route> {
		const { engine } = this.#options;
		const probes = this.#probesOf(conditions);
		let rings = conditions.rings;
		for (let i = 0; i <= WIDENINGS; i++) {
			const route = await engine.route(waypoints, want, { ...conditions, rings });
			const through = leak(route.geometry.coordinates, probes, conditions.rings);
			if (through === null) return route;
			if (conditions.rings.length === 0) throw leaked(through);
			rings = conditions.rings.map((ring) => widened(ring, WIDER * (i + 1)));
		}
		throw leaked('a closed area');
	}

	/** Where to look whether a way leaked; on any other map than the region's own a closed edge cannot be found. */
	#probesOf({ closed, closedKey: key }: Conditions): ReturnType<typeof probesOf> {
		if (this.#options.engine.mapRegion !== this.#options.region.id) return [];
		const probes = this.#probes.get(key) ?? probesOf(this.#options.region, closed);
		this.#probes.delete(key);
		this.#probes.set(key, probes);
		for (const oldest of this.#probes.keys()) {
			if (this.#probes.size <= PROBED) break;
			this.#probes.delete(oldest);
		}
		return probes;
	}

	async #openMatrix(from: readonly Waypoint[], to: readonly Waypoint[], conditions: Conditions) {
		const { engine } = this.#options;
		const matrix = await engine.matrix(from, to, conditions);
		if (conditions.rings.length === 0) return matrix;
		// A table shows no way that could be looked at: each pair's route is asked for, and its figures are taken.
		if (from.length * to.length > CHECKED_PAIRS) {
			throw new RoadsError(
				'closures-not-supported',
				`on an imported map a table with a closed area takes at most ${CHECKED_PAIRS} pairs, for each way has to be looked at; ${from.length * to.length} were asked for`,
			);
		}
		for (const [r, source] of from.entries()) {
			for (const [c, destination] of to.entries()) {
				const at = r * to.length + c;
				if (!Number.isFinite(matrix.durations[at]) || placeKey(source.location) === placeKey(destination.location)) continue;
				const route = await this.#openRoute([source, destination], { steps: false, annotations: false }, conditions).catch(
					(error: unknown) => {
						if (error instanceof RoadsError && error.fault === 'no-route') return null;
						throw error;
					},
				);
				matrix.durations[at] = route?.duration ?? Infinity;
				matrix.distances[at] = route?.distance ?? Infinity;
			}
		}
		return matrix;
	}
}

const leaked = (through: string) =>
	new RoadsError(
		'closure-leaked',
		`the road engine's way goes through ${through}, which is closed; there is no answer rather than a wrong one`,
	);

/** A ring blown up from its middle by so many degrees. */
function widened(ring: readonly Place[], by: number): Place[] {
	const [x, y] = [0, 1].map((k) => ring.reduce((sum, point) => sum + point[k as 0 | 1], 0) / ring.length) as [number, number];
	return ring.map(([lon, lat]) => {
		const length = Math.hypot(lon - x, lat - y) || 1;
		return [lon + ((lon - x) / length) * by, lat + ((lat - y) / length) * by];
	});
}

function vehicleOf({ vehicle }: Travel): VehicleProfile {
	if (typeof vehicle === 'object') return checked('vehicle', profile, vehicle);
	const known = vehicleClasses[vehicle ?? 'van'] as VehicleProfile | undefined;
	if (known) return known;
	throw new RoadsError('invalid', `vehicle: one of ${Object.keys(vehicleClasses).join(', ')}, or measures of its own`);
}

/** What of a vehicle changes an engine's answer: its speed factor does not. */
const sizeOf = ({ width, height, length, weight }: VehicleProfile) => [width, height, length, weight];

/** Every duration by the clock: a leg begins when the one before ends. */
function timed(route: Route, clock: Clockwork): Route {
	let run = 0;
	/** Clock time of a stretch at mean speed that begins now. */
	const next = (at: number, seconds: number) => clock.stretch(at + seconds) - clock.stretch(at);
	const legs = route.legs.map((leg) => {
		const begin = run;
		run += leg.duration;
		let [stepAt, pieceAt] = [begin, begin];
		return {
			...leg,
			duration: next(begin, leg.duration),
			steps: leg.steps.map((step) => {
				const duration = next(stepAt, step.duration);
				stepAt += step.duration;
				return { ...step, duration };
			}),
			annotation: leg.annotation && {
				...leg.annotation,
				duration: leg.annotation.duration.map((seconds) => {
					const duration = next(pieceAt, seconds);
					pieceAt += seconds;
					return duration;
				}),
			},
		};
	});
	return { ...route, duration: legs.reduce((sum, leg) => sum + leg.duration, 0), legs };
}

function checked<T extends z.ZodType>(name: string, schema: T, value: unknown): z.infer<T> {
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const path = [name, ...(issue?.path ?? [])].join('.');
	throw new RoadsError(
		issue?.code === 'too_big' && issue.path.length === 0 ? 'too-big' : 'invalid',
		`${path}: ${issue?.message ?? 'wrong'}`,
	);
}
