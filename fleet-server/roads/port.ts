/**
 * Roads as the rest of the server sees them, in OSRM's words. Behind it stand an OSRM server or Valhalla (`open.ts`).
 * Units everywhere: metres, seconds, degrees (WGS 84, longitude before latitude).
 */
import { z } from 'zod';

/** A place on the globe: longitude, latitude. */
export type Place = readonly [lon: number, lat: number];

const lon = z.number().min(-180).max(180);
const lat = z.number().min(-90).max(90);
export const place = z.tuple([lon, lat]).readonly();

/** What a road asks of a vehicle. */
export interface VehicleProfile {
	/** Metres. */
	readonly width: number;
	readonly height: number;
	readonly length: number;
	/** Tonnes, as it drives. */
	readonly weight: number;
	/** Its speed against the speed that the roads know: 0.9 is a tenth slower. */
	readonly speedFactor: number;
}

/**
 * The vehicles of a medical round: a kei van (the legal limits of the class), a high-roof van with a consulting room, and a
 * screening truck. Sizes of usual models; a request may bring its own.
 */
export const vehicleClasses = {
	kei: { width: 1.48, height: 2, length: 3.4, weight: 1.2, speedFactor: 1 },
	van: { width: 1.88, height: 2.3, length: 5.4, weight: 3.2, speedFactor: 1 },
	truck: { width: 2.49, height: 3.4, length: 8.5, weight: 7.9, speedFactor: 0.9 },
} as const satisfies Record<string, VehicleProfile>;
export type VehicleClass = keyof typeof vehicleClasses;

/** Closed from `from` (included) to `until` (excluded), ISO 8601; open-ended where absent. */
const period = {
	from: z.iso.datetime({ offset: true }).optional(),
	until: z.iso.datetime({ offset: true }).optional(),
};
const fraction = z.number().min(0).max(1);
const label = { id: z.string().min(1).max(200) };

export const closure = z.union([
	/** Edges of the region's road network, whole or between two fractions of their length. */
	z.strictObject({
		...label,
		...period,
		edges: z
			.array(z.union([z.string().min(1), z.strictObject({ edge: z.string().min(1), from: fraction, to: fraction })]))
			.min(1)
			.max(2000)
			.readonly(),
	}),
	/** Whatever lies within a ring (closed or not, 3 to 200 corners). */
	z.strictObject({ ...label, ...period, polygon: z.array(place).min(3).max(201).readonly() }),
	/** Every rain rule of the region that this much rain sets off: since it began (`mm`), or within an hour (`hourMm`). */
	z.strictObject({
		...label,
		...period,
		rain: z
			.strictObject({ mm: z.number().min(0).max(5000).optional(), hourMm: z.number().min(0).max(500).optional() })
			.refine((rain) => rain.mm !== undefined || rain.hourMm !== undefined, 'mm or hourMm is needed'),
	}),
]);
export type Closure = z.infer<typeof closure>;

/** How one travels; every request may say it. */
export interface Travel {
	/** A class, or a vehicle's own measures; `van` when absent. */
	readonly vehicle?: VehicleClass | VehicleProfile;
	/** What is closed. Those whose period touches [departure, until] count; without `departure` all of them. */
	readonly closures?: readonly Closure[];
	/** When the vehicle leaves: chooses the closures and the speeds of the hour. Without it the roads' own mean speeds hold. */
	readonly departure?: Date;
	/** End of the time for which the answer is meant to hold; `departure` when absent. */
	readonly until?: Date;
	/** Gives up waiting. */
	readonly signal?: AbortSignal;
}

/** A place as it was put on the road. */
export interface Waypoint {
	readonly location: Place;
	/** Straight from the place to `location`, metres. */
	readonly distance: number;
	/** Of the road; empty when it has none. */
	readonly name: string;
}

export interface NearestRequest extends Travel {
	readonly place: Place;
	/** How many, 1 to 20; 1 when absent. */
	readonly number?: number;
}

export interface RouteRequest extends Travel {
	/** Two or more, in the order of travel. */
	readonly places: readonly Place[];
	/** Turn-by-turn steps; none when absent. */
	readonly steps?: boolean;
	/** Distance and duration of every piece of a leg's geometry; none when absent. */
	readonly annotations?: boolean;
}

export interface LineString {
	readonly type: 'LineString';
	readonly coordinates: Place[];
}

export interface RouteStep {
	readonly distance: number;
	readonly duration: number;
	readonly name: string;
	readonly ref: string | null;
	readonly geometry: LineString;
	/** Vehicles keep to this side, whatever the engine's default. */
	readonly driving_side: 'left' | 'right';
	readonly maneuver: {
		readonly type: string;
		readonly modifier: string | null;
		readonly location: Place;
		readonly bearing_before: number;
		readonly bearing_after: number;
	};
}

export interface RouteLeg {
	readonly distance: number;
	readonly duration: number;
	readonly summary: string;
	/** The leg's part of the way; `annotation` has one entry for each of its pieces. */
	readonly geometry: LineString;
	readonly steps: RouteStep[];
	readonly annotation: { readonly distance: number[]; readonly duration: number[] } | null;
}

export interface Route {
	readonly distance: number;
	readonly duration: number;
	readonly geometry: LineString;
	readonly legs: RouteLeg[];
	/** One for each place. */
	readonly waypoints: Waypoint[];
}

export interface TableRequest extends Travel {
	readonly places: readonly Place[];
	/** Indexes into `places`; all of them when absent. */
	readonly sources?: readonly number[];
	readonly destinations?: readonly number[];
}

/** Row by row: the way from source r to destination c stands at r × columns + c. `Infinity` where there is no way. */
export interface Table {
	readonly rows: number;
	readonly columns: number;
	/** Seconds. */
	readonly durations: Float64Array;
	/** Metres. */
	readonly distances: Float64Array;
	/** How far each of `places` lies from the road, metres; NaN for one that is neither source nor destination. */
	readonly snapped: Float64Array;
}

export interface MatchRequest {
	/** Positions in the order of time; `at` in seconds of any clock. */
	readonly trace: readonly { readonly place: Place; readonly at: number }[];
	/** Standard deviation of the positions, metres; 10 when absent. */
	readonly accuracy?: number;
	readonly signal?: AbortSignal;
}

export interface Match {
	/** Unbroken stretches, in the order of time. */
	readonly matchings: { readonly distance: number; readonly duration: number; readonly geometry: LineString }[];
	/** One for each position; null for one that fits no road. */
	readonly tracepoints: (Waypoint | null)[];
}

export interface IsochroneRequest extends Travel {
	readonly place: Place;
	/** Ascending, 1 to 4 of them, each up to 120. */
	readonly minutes: readonly number[];
}

/** GeoJSON; one feature for each of `minutes`, in that order. */
export interface Isochrone {
	readonly type: 'FeatureCollection';
	readonly features: {
		readonly type: 'Feature';
		readonly properties: { readonly minutes: number };
		readonly geometry: { readonly type: 'Polygon' | 'MultiPolygon'; readonly coordinates: Place[][] | Place[][][] };
	}[];
}

/** Of a place: its snapped waypoint, or null when no road is within reach. */
export interface PlaceCheck {
	readonly place: Place;
	readonly waypoint: Waypoint | null;
}

/** What closures mean on the region's network, for a map. */
export interface ClosedRoads {
	/** Closed edges: parts by fractions of their length. */
	readonly edges: { readonly edge: string; readonly from: number; readonly to: number }[];
	/** Rain rules that are set off for roads which the network does not hold. */
	readonly unmatchedRules: string[];
}

export interface RoadsStatistics {
	/** Requests that an engine answered, and that failed. */
	readonly requests: number;
	readonly failures: number;
	/** Pairs of the matrix cache: found, asked for, held now. */
	readonly cache: { readonly hits: number; readonly misses: number; readonly entries: number };
	/** Engine processes that were replaced since they died. */
	readonly restarts: number;
}

/**
 * The roads. Every method rejects with a {@link RoadsError}; none of them ever leaves a closure out silently.
 */
export interface Roads {
	readonly engine: 'valhalla' | 'osrm';
	/** Roads nearest to a place, nearest first. */
	nearest(request: NearestRequest): Promise<Waypoint[]>;
	route(request: RouteRequest): Promise<Route>;
	/** Durations and distances between places; pairs that were asked before come from memory. */
	table(request: TableRequest): Promise<Table>;
	/** The way that was driven, from positions. Closures do not count: what was driven was driven. */
	match(request: MatchRequest): Promise<Match>;
	/** Area that is reached within a time; `unsupported` where the engine has none. */
	isochrone(request: IsochroneRequest): Promise<Isochrone>;
	/** Where places meet the road, without refusing those that do not. */
	check(places: readonly Place[]): Promise<PlaceCheck[]>;
	/** What is closed then, on the region's edges. */
	closed(travel: Pick<Travel, 'closures' | 'departure' | 'until'>): ClosedRoads;
	/** Resolves when the engine can be asked; rejects with the reason when it cannot. */
	ready(): Promise<void>;
	statistics(): RoadsStatistics;
	close(): Promise<void>;
}
