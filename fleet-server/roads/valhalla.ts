/** The embedded engine: Valhalla in a process of its own, asked for OSRM's words. */
import pino, { type Logger } from 'pino';
import { z } from 'zod';
import { distanceKm } from '@junkai/regions';
import type { Conditions, Matrix, RoadEngine } from './engine.ts';
import type { EngineProcess } from './engine-process.ts';
import type { Isochrone, Match, MatchRequest, Place, Route, VehicleProfile, Waypoint } from './port.ts';
import { RoadsError } from './roads-error.ts';
import { TileSets, type TileSetOptions } from './tile-sets.ts';
import { MATRIX_PLACES, ROUTE_PLACES } from './valhalla-config.ts';
import { routeFrom, valhallaRoute, valhallaTrace } from './valhalla-route.ts';
import { locate as onLine } from './geometry.ts';

/** Sources of one matrix question: few enough that other questions get their turn in between. */
const SOURCES = 100;
/** A snapped place has its road within this, metres; where it has none, its road is closed or bars the vehicle. */
const ON_ROAD = 3;
/** Vehicles up to this weight drive as cars, others as trucks, tonnes. */
const CAR = 3.5;

const located = z.array(
	z.object({
		edges: z
			.array(
				z.object({
					correlated_lat: z.number(),
					correlated_lon: z.number(),
					/** Of a verbose answer. */
					edge_info: z.object({ way_id: z.number(), names: z.array(z.string()).optional() }).optional(),
				}),
			)
			.nullable(),
	}),
);
const osrmMatrix = z.object({
	durations: z.array(z.array(z.number().nullable())),
	distances: z.array(z.array(z.number().nullable())),
});
const contours = z.object({
	features: z.array(
		z.object({
			properties: z.object({ contour: z.number() }),
			geometry: z.union([
				z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(z.tuple([z.number(), z.number()]))) }),
				z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(z.tuple([z.number(), z.number()])))) }),
			]),
		}),
	),
});

/** The engine's texts for "there is no way". */
const NO_WAY = /no path could be found|unreachable|no suitable edges|exceeds the max distance/i;

const plain: Conditions = {
	vehicle: { width: 1.6, height: 1.9, length: 4, weight: 2, speedFactor: 1 },
	closed: new Map(),
	closedKey: '',
	rings: [],
	signal: undefined,
};

export class ValhallaEngine implements RoadEngine {
	readonly name = 'valhalla';
	mapRegion: string | null = null;
	/** The map is a region's, whose lines are folded. */
	#folded = false;
	readonly #sets: TileSets;

	/** Without `log` the death of its process is told nowhere. */
	constructor(options: Omit<TileSetOptions, 'log'> & { log?: Logger | undefined }) {
		this.#sets = new TileSets({ ...options, log: options.log ?? pino({ level: 'silent' }) });
	}

	get restarts(): number {
		return this.#sets.restarts;
	}

	/** Of the running process; tests end it. */
	get pid(): number | null {
		return this.#sets.pid;
	}

	async version(): Promise<string> {
		const { map, region } = await this.#sets.current();
		this.mapRegion = region?.id ?? null;
		this.#folded = map.source === 'region';
		return map.version;
	}

	async ready(): Promise<void> {
		await this.version();
		const trouble = this.#sets.trouble();
		if (trouble !== null) throw new RoadsError('unavailable', trouble);
	}

	reload(): Promise<void> {
		return this.#sets.reload();
	}

	close(): Promise<void> {
		return this.#sets.close();
	}

	async snap(places: readonly Place[], limit: number, signal?: AbortSignal): Promise<(Waypoint | null)[]> {
		return await this.#sets.use(new Map(), '', (engine) => locate(engine, places, limit, { ...plain, signal }));
	}

	async nearest(place: Place, number: number, limit: number, signal?: AbortSignal): Promise<Waypoint[]> {
		const query = { locations: [location(place, limit)], verbose: true, ...costing(plain) };
		const body = await this.#sets.use(new Map(), '', (engine) => engine.ask('locate', query, signal));
		const edges = read(located, body)[0]?.edges ?? [];
		const seen = new Map<number, Waypoint>();
		for (const edge of edges) {
			const way = edge.edge_info?.way_id ?? -1;
			if (!seen.has(way)) seen.set(way, waypoint(place, edge));
		}
		return [...seen.values()].toSorted((a, b) => a.distance - b.distance).slice(0, number);
	}

	async matrix(sources: readonly Waypoint[], destinations: readonly Waypoint[], conditions: Conditions): Promise<Matrix> {
		const size = sources.length * destinations.length;
		const matrix = { durations: new Float64Array(size).fill(Infinity), distances: new Float64Array(size).fill(Infinity) };
		await this.#sets.use(conditions.closed, conditions.closedKey, async (engine) => {
			const [from, to] = [
				await reachable(engine, sources, conditions),
				sources === destinations ? null : await reachable(engine, destinations, conditions),
			];
			for (const rows of chunks(from, SOURCES)) {
				for (const columns of chunks(to ?? from, MATRIX_PLACES)) {
					const block = await askMatrix(
						engine,
						rows.map((i) => sources[i]!),
						columns.map((i) => destinations[i]!),
						conditions,
					);
					for (const [r, row] of rows.entries()) {
						for (const [c, column] of columns.entries()) {
							const at = row * destinations.length + column;
							matrix.durations[at] = block.durations[r]?.[c] ?? Infinity;
							matrix.distances[at] = block.distances[r]?.[c] ?? Infinity;
						}
					}
				}
			}
		});
		return matrix;
	}

	async route(
		waypoints: readonly Waypoint[],
		want: { steps: boolean; annotations: boolean },
		conditions: Conditions,
	): Promise<Route> {
		if (waypoints.length > ROUTE_PLACES) {
			throw new RoadsError('too-big', `a route takes at most ${ROUTE_PLACES} places; ${waypoints.length} were given`);
		}
		const body = await this.#sets.use(conditions.closed, conditions.closedKey, async (engine) => {
			const query = {
				locations: waypoints.map((one) => location(one.location, ON_ROAD)),
				...costing(conditions),
				...excluded(conditions),
				format: 'osrm',
				shape_format: 'geojson',
				language: 'ja-JP',
				voice_instructions: false,
				banner_instructions: false,
				alternates: 0,
			};
			return await ask(engine, 'route', query, conditions.signal);
		});
		if (body === null) throw new RoadsError('no-route', 'there is no way between these places for this vehicle and these closures');
		return routeFrom(read(valhallaRoute, body), waypoints, want, this.#folded);
	}

	async match(request: MatchRequest): Promise<Match> {
		const accuracy = request.accuracy ?? 10;
		const radius = Math.max(40, 4 * accuracy);
		const query = {
			shape: thinned(request.trace).map(({ place: [lon, lat], at }) => ({ lon, lat, time: at, type: 'via' })),
			shape_match: 'map_snap',
			trace_options: { gps_accuracy: accuracy, search_radius: radius },
			...costing(plain),
		};
		const body = await this.#sets.use(new Map(), '', (engine) => ask(engine, 'traceRoute', query, request.signal));
		const trips = body === null ? [] : valhallaTrace(body, this.#folded);
		const lines = trips.map((trip) => trip.geometry.coordinates);
		return { matchings: trips, tracepoints: request.trace.map(({ place }) => onLine(place, lines, radius)) };
	}

	async isochrone(from: Waypoint, minutes: readonly number[], conditions: Conditions): Promise<Isochrone> {
		const query = {
			locations: [location(from.location, ON_ROAD)],
			contours: minutes.map((time) => ({ time })),
			polygons: true,
			...costing(conditions),
		};
		const body = await this.#sets.use(conditions.closed, conditions.closedKey, (engine) =>
			ask(engine, 'isochrone', query, conditions.signal),
		);
		if (body === null) throw new RoadsError('no-route', 'the place lies on a road that is closed, or bars this vehicle');
		const found = read(contours, body).features;
		return {
			type: 'FeatureCollection',
			features: minutes.map((time) => {
				const feature = found.find(({ properties }) => Math.abs(properties.contour - time) < 0.01);
				if (!feature) throw new RoadsError('answer', `the road engine gave no contour of ${time} min`);
				return { type: 'Feature', properties: { minutes: time }, geometry: feature.geometry };
			}),
		};
	}
}

const location = ([lon, lat]: Place, cutoff: number) => ({ lon, lat, search_cutoff: cutoff, minimum_reachability: 0, radius: 0 });

function costing({ vehicle }: { vehicle: VehicleProfile }): object {
	const name = vehicle.weight > CAR ? 'truck' : 'auto';
	const size = { width: vehicle.width, height: vehicle.height, length: vehicle.length, weight: vehicle.weight };
	// The quickest way, whatever it costs: tolls and small roads are no reason to be late.
	const quickest = { use_tolls: 1, use_highways: 0.5, maneuver_penalty: 0, low_class_penalty: 0 };
	return { costing: name, costing_options: { [name]: { ...size, ...quickest } } };
}

/** Bare rings: GeoJSON objects would be passed over without a word. */
const excluded = ({ rings }: Conditions) => (rings.length === 0 ? {} : { exclude_polygons: rings.map(closedRing) });

function closedRing(ring: readonly Place[]): Place[] {
	const [first, last] = [ring[0]!, ring.at(-1)!];
	return first[0] === last[0] && first[1] === last[1] ? [...ring] : [...ring, first];
}

/** The engine's answer; null when it says that there is no way. */
async function ask(engine: EngineProcess, method: Parameters<EngineProcess['ask']>[0], query: unknown, signal?: AbortSignal) {
	try {
		return await engine.ask(method, query, signal);
	} catch (error) {
		if (error instanceof RoadsError && error.fault === 'answer' && NO_WAY.test(error.message)) return null;
		throw error;
	}
}

async function askMatrix(engine: EngineProcess, sources: Waypoint[], targets: Waypoint[], conditions: Conditions) {
	const query = {
		sources: sources.map((one) => location(one.location, ON_ROAD)),
		targets: targets.map((one) => location(one.location, ON_ROAD)),
		...costing(conditions),
		...excluded(conditions),
		format: 'osrm',
	};
	// When no pair at all has a way the engine refuses the whole question.
	const body = await ask(engine, 'matrix', query, conditions.signal);
	return body === null ? { durations: [], distances: [] } : read(osrmMatrix, body);
}

async function locate(engine: EngineProcess, places: readonly Place[], limit: number, conditions: Conditions) {
	const found: (Waypoint | null)[] = [];
	for (const part of chunks(places, 2 * MATRIX_PLACES)) {
		const query = { locations: part.map((one) => location(one, limit)), verbose: false, ...costing(conditions) };
		const body = await engine.ask('locate', query, conditions.signal);
		for (const [i, { edges }] of read(located, body).entries()) {
			const place = part[i]!;
			const near = edges?.map((edge) => waypoint(place, edge)).toSorted((a, b) => a.distance - b.distance)[0];
			// The engine's limit is for its search; ours is exact.
			found.push(near !== undefined && near.distance <= limit ? near : null);
		}
	}
	return found;
}

/** Indexes of the places whose road is open to the vehicle. */
async function reachable(engine: EngineProcess, waypoints: readonly Waypoint[], conditions: Conditions): Promise<number[]> {
	const places = waypoints.map((one) => one.location);
	const found = await locate(engine, places, ON_ROAD, conditions);
	return [...found.keys()].filter((i) => found[i] !== null);
}

function waypoint(
	place: Place,
	edge: { correlated_lon: number; correlated_lat: number; edge_info?: { names?: string[] | undefined } | undefined },
): Waypoint {
	const at: Place = [edge.correlated_lon, edge.correlated_lat];
	return { location: at, distance: distanceKm(place, at) * 1000, name: edge.edge_info?.names?.[0] ?? '' };
}

/** The engine's answer, checked. */
function read<T extends z.ZodType>(schema: T, body: string): z.infer<T> {
	const parsed = schema.safeParse(JSON.parse(body));
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw new RoadsError(
		'answer',
		`the road engine's answer is not understood: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
	);
}

function chunks<T>(items: readonly T[], size: number): T[][] {
	return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** Positions at least 5 s apart: with one a second the noise makes the match fall to pieces. First and last stay. */
function thinned(trace: MatchRequest['trace']): MatchRequest['trace'][number][] {
	const kept: MatchRequest['trace'][number][] = [];
	for (const [i, one] of trace.entries()) {
		if (i === 0 || i === trace.length - 1 || one.at - kept.at(-1)!.at >= 5) kept.push(one);
	}
	return kept;
}
