/** An OSRM server as the roads' engine. */
import { z } from 'zod';
import type { Conditions, Matrix, RoadEngine } from './engine.ts';
import { locate, pieces } from './geometry.ts';
import { unfold } from './network.ts';
import { OsrmClient, OsrmRefusal } from './osrm-client.ts';
import type { Isochrone, Match, MatchRequest, Place, Route, RouteLeg, RouteStep, VehicleProfile, Waypoint } from './port.ts';
import { RoadsError } from './roads-error.ts';
import { joined, lineString } from './valhalla-route.ts';

export interface OsrmOptions {
	readonly url: string;
	readonly deadline: number;
	/** Largest vehicle that the server's profile lets through everything it offers. */
	readonly vehicle: VehicleProfile;
	/** The closed set that the server's segment speeds hold, as `closedKey`; empty for none. */
	readonly closedKey: string;
	/** Drives on the left, whatever the server's profile says. */
	readonly leftHand: boolean;
	/** Where to ask whether it is up. */
	readonly middle: Place;
}

/** `--max-table-size` of a server that was not told otherwise; less when it says so. */
const TABLE_PLACES = 100;
/** A snapped place has its road within this, metres. */
const ON_ROAD = 5;
/** Nearest-road questions at once. */
const AT_ONCE = 8;
/** OSRM may have been given new roads or speeds: its answers are remembered for so long, ms. */
const REMEMBERED = 10 * 60_000;
const MATCH_PLACES = 100;

const point = z.tuple([z.number(), z.number()]);
const waypoint = z.object({ location: point, distance: z.number().min(0), name: z.string() });
const line = z.object({ type: z.literal('LineString'), coordinates: z.array(point).min(1) });
const nearest = z.object({ waypoints: z.array(waypoint).min(1) });
const table = z.object({
	durations: z.array(z.array(z.number().nullable())),
	distances: z.array(z.array(z.number().nullable())),
});
const step = z.object({
	distance: z.number(),
	duration: z.number(),
	name: z.string(),
	ref: z.string().optional(),
	geometry: line,
	driving_side: z.enum(['left', 'right']),
	maneuver: z.object({
		type: z.string(),
		modifier: z.string().optional(),
		location: point,
		bearing_before: z.number(),
		bearing_after: z.number(),
	}),
});
const leg = z.object({
	distance: z.number(),
	duration: z.number(),
	summary: z.string(),
	steps: z.array(step),
	annotation: z.object({ distance: z.array(z.number()), duration: z.array(z.number()) }).optional(),
});
const route = z.object({
	routes: z.array(z.object({ distance: z.number(), duration: z.number(), legs: z.array(leg).min(1) })).min(1),
});
const matched = z.object({ matchings: z.array(z.object({ distance: z.number(), duration: z.number(), geometry: line })) });

export class OsrmEngine implements RoadEngine {
	readonly name = 'osrm';
	readonly mapRegion = null;
	readonly restarts = 0;
	readonly #options: OsrmOptions;
	readonly #client: OsrmClient;
	#tablePlaces = TABLE_PLACES;

	constructor(options: OsrmOptions) {
		this.#options = options;
		this.#client = new OsrmClient(options);
	}

	version(): Promise<string> {
		return Promise.resolve(`osrm-${Math.floor(Date.now() / REMEMBERED)}`);
	}

	async ready(): Promise<void> {
		await this.nearest(this.#options.middle, 1, ON_ROAD);
	}

	close(): Promise<void> {
		return Promise.resolve();
	}

	async snap(places: readonly Place[], limit: number, signal?: AbortSignal): Promise<(Waypoint | null)[]> {
		const found: (Waypoint | null)[] = places.map(() => null);
		const left = [...places.entries()];
		const worker = async (): Promise<void> => {
			for (let next = left.shift(); next; next = left.shift()) {
				const [i, place] = next;
				found[i] = (await this.nearest(place, 1, limit, signal))[0] ?? null;
			}
		};
		await Promise.all(Array.from({ length: Math.min(AT_ONCE, places.length) }, worker));
		return found;
	}

	async nearest(place: Place, number: number, limit: number, signal?: AbortSignal): Promise<Waypoint[]> {
		try {
			const query = { number: String(number), radiuses: String(limit) };
			const { waypoints } = await this.#client.get(`nearest/v1/driving/${coordinates([place])}`, query, nearest, signal);
			return waypoints.filter(({ distance }) => distance <= limit);
		} catch (error) {
			if (error instanceof OsrmRefusal && error.refusal === 'NoSegment') return [];
			throw error;
		}
	}

	async matrix(sources: readonly Waypoint[], destinations: readonly Waypoint[], conditions: Conditions): Promise<Matrix> {
		this.#refuseWhatCannotBeHonoured(conditions);
		const size = sources.length * destinations.length;
		const matrix = { durations: new Float64Array(size).fill(Infinity), distances: new Float64Array(size).fill(Infinity) };
		await this.#block([...sources.keys()], [...destinations.keys()], { sources, destinations, conditions, matrix });
		return matrix;
	}

	/** A part of a table; halved until the server takes it. */
	async #block(rows: number[], columns: number[], whole: WholeTable): Promise<void> {
		if (rows.length === 0 || columns.length === 0) return;
		const places = together(rows, columns, whole).list.length;
		if (places > this.#tablePlaces && rows.length + columns.length > 2) {
			const halves = (list: number[]) => [list.slice(0, Math.ceil(list.length / 2)), list.slice(Math.ceil(list.length / 2))];
			const parts =
				rows.length >= columns.length
					? halves(rows).map((part) => [part, columns] as const)
					: halves(columns).map((part) => [rows, part] as const);
			for (const [r, c] of parts) await this.#block(r, c, whole);
			return;
		}
		try {
			await this.#ask(rows, columns, whole);
		} catch (error) {
			if (!(error instanceof OsrmRefusal)) throw error;
			if (error.refusal === 'TooBig' && rows.length + columns.length > 2 && places > 2) {
				// Known from now on.
				this.#tablePlaces = Math.min(this.#tablePlaces, Math.max(2, Math.floor(places / 2)));
				return await this.#block(rows, columns, whole);
			}
			if (error.refusal === 'NoTable') return;
			if (error.refusal !== 'NoSegment' || error.coordinate === null) throw error;
			// The road of this place is closed: there is no way to it or from it.
			const { from, to } = together(rows, columns, whole);
			const lost = error.coordinate;
			if (!from.includes(lost) && !to.includes(lost)) throw error;
			await this.#block(
				rows.filter((_, i) => from[i] !== lost),
				columns.filter((_, i) => to[i] !== lost),
				whole,
			);
		}
	}

	async #ask(rows: number[], columns: number[], whole: WholeTable): Promise<void> {
		const { destinations, conditions, matrix } = whole;
		const { list: places, from, to } = together(rows, columns, whole);
		const answer = await this.#client.get(
			`table/v1/driving/${coordinates(places)}`,
			{
				annotations: 'duration,distance',
				sources: from.join(';'),
				destinations: to.join(';'),
				radiuses: places.map(() => ON_ROAD).join(';'),
			},
			table,
			conditions.signal,
		);
		for (const [r, row] of rows.entries()) {
			for (const [c, column] of columns.entries()) {
				const [duration, distance] = [answer.durations[r]?.[c], answer.distances[r]?.[c]];
				if (duration === undefined || distance === undefined) {
					throw new RoadsError('answer', `OSRM's table has no entry for row ${r}, column ${c}`);
				}
				const at = row * destinations.length + column;
				matrix.durations[at] = duration ?? Infinity;
				matrix.distances[at] = distance ?? Infinity;
			}
		}
	}

	async route(
		waypoints: readonly Waypoint[],
		want: { steps: boolean; annotations: boolean },
		conditions: Conditions,
	): Promise<Route> {
		this.#refuseWhatCannotBeHonoured(conditions);
		const query = {
			// Steps are asked for always: they hold the geometry of each leg.
			steps: 'true',
			geometries: 'geojson',
			overview: 'false',
			annotations: want.annotations ? 'true' : 'false',
			radiuses: waypoints.map(() => ON_ROAD).join(';'),
		};
		const path = `route/v1/driving/${coordinates(waypoints.map((one) => one.location))}`;
		const answer = (await this.#client.get(path, query, route, conditions.signal).catch(closedRoad)).routes[0]!;
		const legs = answer.legs.map((one) => legFrom(one, want, this.#options.leftHand));
		return {
			distance: answer.distance,
			duration: answer.duration,
			geometry: joined(legs.map((one) => one.geometry)),
			legs,
			waypoints: [...waypoints],
		};
	}

	async match(request: MatchRequest): Promise<Match> {
		const accuracy = request.accuracy ?? 10;
		const radius = Math.max(40, 4 * accuracy);
		const trace = request.trace.filter(
			(one, i, all) => i === 0 || i === all.length - 1 || Math.floor(one.at / 5) > Math.floor(all[i - 1]!.at / 5),
		);
		const matchings: Match['matchings'][number][] = [];
		for (let begin = 0; begin < trace.length - 1; begin += MATCH_PLACES - 1) {
			const part = trace.slice(begin, begin + MATCH_PLACES);
			matchings.push(...(await this.#matchPart(part, accuracy, request.signal)));
		}
		const lines = matchings.map(({ geometry }) => geometry.coordinates);
		return { matchings, tracepoints: request.trace.map(({ place }) => locate(place, lines, radius)) };
	}

	async #matchPart(trace: MatchRequest['trace'], accuracy: number, signal?: AbortSignal): Promise<Match['matchings'][number][]> {
		const query = {
			geometries: 'geojson',
			overview: 'full',
			timestamps: trace.map(({ at }) => Math.round(at)).join(';'),
			radiuses: trace.map(() => accuracy).join(';'),
		};
		try {
			const path = `match/v1/driving/${coordinates(trace.map(({ place }) => place))}`;
			const answer = await this.#client.get(path, query, matched, signal);
			return answer.matchings.map(({ distance, duration, geometry }) => ({
				distance,
				duration,
				geometry: lineString(unfold(geometry.coordinates).line),
			}));
		} catch (error) {
			if (error instanceof OsrmRefusal && ['NoMatch', 'NoSegment'].includes(error.refusal)) return [];
			throw error;
		}
	}

	isochrone(): Promise<Isochrone> {
		return Promise.reject(new RoadsError('unsupported', 'OSRM has no isochrones; the embedded engine has (docs/roads.md)'));
	}

	/** OSRM takes closures and vehicles from its files alone: what it was not given it cannot honour. */
	#refuseWhatCannotBeHonoured({ closedKey, vehicle }: Conditions): void {
		if (closedKey !== '' && closedKey !== this.#options.closedKey) {
			throw new RoadsError(
				'closures-not-supported',
				'this OSRM server does not hold these closures; `junkai map closures` writes them for osrm-customize (docs/roads.md)',
			);
		}
		for (const measure of ['width', 'height', 'weight'] as const) {
			if (vehicle[measure] > this.#options.vehicle[measure]) {
				throw new RoadsError(
					'unsupported',
					`vehicle.${measure}: ${vehicle[measure]} is more than this OSRM server's profile was made for (${this.#options.vehicle[measure]})`,
				);
			}
		}
	}
}

interface WholeTable {
	readonly sources: readonly Waypoint[];
	readonly destinations: readonly Waypoint[];
	readonly conditions: Conditions;
	readonly matrix: Matrix;
}

/** The places of rows and columns, each once, and where those of each row and column stand among them. */
function together(rows: readonly number[], columns: readonly number[], { sources, destinations }: WholeTable) {
	const list: Place[] = [];
	const known = new Map<string, number>();
	const index = ({ location }: Waypoint): number => {
		const key = coordinates([location]);
		const at = known.get(key) ?? list.push(location) - 1;
		known.set(key, at);
		return at;
	};
	return { from: rows.map((i) => index(sources[i]!)), to: columns.map((i) => index(destinations[i]!)), list };
}

const coordinates = (places: readonly Place[]): string =>
	places.map(([lon, lat]) => `${lon.toFixed(6)},${lat.toFixed(6)}`).join(';');

/** A place that was on the road a moment ago is not any more: its road is closed. */
function closedRoad(error: unknown): never {
	if (error instanceof OsrmRefusal && error.refusal === 'NoSegment') {
		throw new RoadsError('no-route', `the road at place ${error.coordinate ?? '?'} is closed`, { cause: error });
	}
	throw error;
}

function legFrom(one: z.infer<typeof leg>, want: { steps: boolean; annotations: boolean }, leftHand: boolean): RouteLeg {
	// The arrival is one point, twice.
	const drives = one.steps.length > 1 ? one.steps.slice(0, -1) : one.steps;
	const whole = joined(drives.map(({ geometry }) => lineString(geometry.coordinates))).coordinates;
	const { annotation } = one;
	const lengths = pieces(whole);
	// Annotations count the pieces between nodes; where that is not the geometry's count they cannot be told apart.
	const fits = annotation?.distance.length === lengths.length;
	const values = annotation && fits ? [annotation.distance, annotation.duration] : [];
	const way = unfold(whole, values);
	return {
		distance: one.distance,
		duration: one.duration,
		summary: one.summary,
		geometry: lineString(way.line),
		steps: want.steps ? one.steps.map((part) => stepFrom(part, leftHand)) : [],
		annotation: want.annotations && fits ? { distance: way.values[0]!, duration: way.values[1]! } : null,
	};
}

function stepFrom(one: z.infer<typeof step>, leftHand: boolean): RouteStep {
	return {
		distance: one.distance,
		duration: one.duration,
		name: one.name,
		ref: one.ref ?? null,
		geometry: lineString(unfold(one.geometry.coordinates).line),
		driving_side: leftHand ? 'left' : one.driving_side,
		maneuver: { ...one.maneuver, modifier: one.maneuver.modifier ?? null },
	};
}
