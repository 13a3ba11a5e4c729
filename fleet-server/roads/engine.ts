/** What an adapter does for `roads.ts`: the plain questions, on snapped places, at the roads' own mean speeds. */
import type { ClosedParts } from './network.ts';
import type { Isochrone, Match, MatchRequest, Place, Route, VehicleProfile, Waypoint } from './port.ts';

/** What holds for a question. */
export interface Conditions {
	readonly vehicle: VehicleProfile;
	/** Parts of the region's edges that are closed, or bar the vehicle. */
	readonly closed: ClosedParts;
	/** Names the set `closed`; empty for none. */
	readonly closedKey: string;
	/** Closed areas on a map that is not the region's own. */
	readonly rings: readonly (readonly Place[])[];
	readonly signal: AbortSignal | undefined;
}

/** Row by row; `Infinity` where there is no way. */
export interface Matrix {
	readonly durations: Float64Array;
	readonly distances: Float64Array;
}

export interface RoadEngine {
	readonly name: 'valhalla' | 'osrm';
	/** Changes when answers may change: the map's version. Looks after a new map, too. */
	version(): Promise<string>;
	/** The region whose edges the map is made of; null for any other map. */
	readonly mapRegion: string | null;
	readonly restarts: number;
	/** The road nearest to each place within `limit` metres, closures aside; null when there is none. */
	snap(places: readonly Place[], limit: number, signal?: AbortSignal): Promise<(Waypoint | null)[]>;
	nearest(place: Place, number: number, limit: number, signal?: AbortSignal): Promise<Waypoint[]>;
	matrix(sources: readonly Waypoint[], destinations: readonly Waypoint[], conditions: Conditions): Promise<Matrix>;
	/** `waypoints` of the answer are those given. */
	route(waypoints: readonly Waypoint[], want: { steps: boolean; annotations: boolean }, conditions: Conditions): Promise<Route>;
	match(request: MatchRequest): Promise<Match>;
	isochrone(from: Waypoint, minutes: readonly number[], conditions: Conditions): Promise<Isochrone>;
	/** Resolves when it answers; rejects with the reason when it does not. */
	ready(): Promise<void>;
	close(): Promise<void>;
}
