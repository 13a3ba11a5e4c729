/** Opens the roads: an OSRM server when there is one, else the embedded engine on the map in the data folder. */
import { loadRegion, type Region, type SpeedProfile } from '@junkai/regions';
import type { Logger } from 'pino';
import { closedKey, closedParts } from './closures.ts';
import { OsrmEngine } from './osrm.ts';
import { vehicleClasses, type Roads, type VehicleProfile } from './port.ts';
import { EngineRoads } from './roads.ts';
import { mapFolder } from './tiles.ts';
import { ValhallaEngine } from './valhalla.ts';

export interface OpenRoadsOptions {
	/** Holds the embedded engine's map, in `map`. */
	readonly dataDir: string;
	/** An OSRM server; the embedded engine when absent. */
	readonly osrmUrl?: string | undefined;
	/** The server's segment speeds are those of `junkai map closures --rain` with so many millimetres. */
	readonly osrmRainMm?: number | undefined;
	/** Largest vehicle of the server's profile; the van's measures when absent. */
	readonly osrmVehicle?: VehicleProfile;
	/** Gives names to closures; Wakayama when absent. */
	readonly region?: string | Region;
	/** Where the death of an engine is told; nowhere when absent. */
	readonly log?: Logger | undefined;
	/** How far a place may lie from the road, metres. */
	readonly maxSnap?: number | undefined;
	/** From a question to its answer, ms. */
	readonly deadline?: number;
	/** Pairs of places that are remembered, about 150 bytes each. */
	readonly cacheSize?: number;
	/** Speeds by the hour instead of the region's own. */
	readonly speedByHour?: SpeedProfile;
}

/** The roads of a region's skeleton lie up to 0.94 km beside the mapped ones. */
const MAX_SNAP = 1000;
const DEADLINE = 30_000;
const CACHE = 400_000;

/** The roads, without waiting for the engine: each question waits until it is up. */
export function createRoads(options: OpenRoadsOptions): EngineRoads {
	const { log, osrmUrl, deadline = DEADLINE } = options;
	const region = typeof options.region === 'object' ? options.region : loadRegion(options.region);
	const rain = options.osrmRainMm;
	const engine =
		osrmUrl === undefined
			? new ValhallaEngine({ mapDir: mapFolder(options.dataDir), deadline, log, region })
			: new OsrmEngine({
					url: osrmUrl,
					deadline,
					vehicle: options.osrmVehicle ?? vehicleClasses.van,
					closedKey: rain === undefined ? '' : closedKey(closedParts(region, [{ id: 'osrm', rain: { mm: rain } }])),
					leftHand: region.country === 'JP',
					middle: [(region.bounds[0] + region.bounds[2]) / 2, (region.bounds[1] + region.bounds[3]) / 2],
				});
	return new EngineRoads({
		engine,
		region,
		maxSnap: options.maxSnap ?? MAX_SNAP,
		cacheSize: options.cacheSize ?? CACHE,
		speedByHour: options.speedByHour,
	});
}

/**
 * The roads, ready to be asked.
 *
 * @throws {RoadsError} `no-tiles` when there is no map, `unavailable` or `timeout` when the engine is not up; the message says what to do.
 */
export async function openRoads(options: OpenRoadsOptions): Promise<Roads> {
	const roads = createRoads(options);
	try {
		await roads.ready();
		return roads;
	} catch (error) {
		await roads.close();
		throw error;
	}
}
