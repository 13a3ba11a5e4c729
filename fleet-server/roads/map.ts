/** Maps for the command line: make, import, check, and what OSRM needs of them. Loads neither broker nor web server. */
import { writeFile } from 'node:fs/promises';
import { loadRegion, regionStamp, type Region } from '@junkai/regions';
import type { Logger } from 'pino';
import { closedParts, rulesAt, unmatchedRules } from './closures.ts';
import { roadNetwork, type Network } from './network.ts';
import { openRoads } from './open.ts';
import { writeOsmPbf } from './pbf.ts';
import type { Closure, Place, Roads, VehicleClass } from './port.ts';
import { buildRegion, currentMap, mapFolder, type MapInfo, type Progress } from './tiles.ts';

export { importMap, mapFolder } from './tiles.ts';
export { vehicleClasses, type VehicleClass } from './port.ts';

/** Makes the map of a region, unless it is there. */
export function buildMap(region: string, mapDir: string, progress: Progress): Promise<MapInfo> {
	return buildRegion(loadRegion(region), regionStamp(region), mapDir, progress);
}

/** For a start that must not wait: makes the region's map when there is none or its files changed; leaves an imported one alone. */
export async function ensureMap(region: string, dataDir: string, progress: Progress): Promise<void> {
	const map = await currentMap(mapFolder(dataDir));
	if (map?.source === 'import' || (map?.region === region && map.stamp === regionStamp(region))) return;
	await buildMap(region, mapFolder(dataDir), progress);
}

export interface CheckOptions {
	readonly region: string;
	readonly dataDir: string;
	readonly osrmUrl?: string | undefined;
	readonly osrmRainMm?: number | undefined;
	readonly rainMm?: number | undefined;
	readonly vehicle: VehicleClass;
	readonly maxSnap?: number | undefined;
	readonly log: Logger;
}

/** A place that something is wrong with. */
export interface PlaceFinding {
	readonly id: string;
	readonly kind: 'settlement' | 'facility' | 'base';
	readonly name: string;
	readonly place: Place;
	/** From the road, metres; null when there is none within reach. */
	readonly distance: number | null;
}

export interface MapReport {
	readonly region: string;
	readonly engine: Roads['engine'];
	readonly vehicle: VehicleClass;
	readonly rainMm: number | null;
	/** What was looked at; the region's facts hold together, or there would be no report. */
	readonly facts: Readonly<Record<string, number>>;
	readonly closedEdges: number;
	/** Rules that are set off and close roads which the map does not hold. */
	readonly unmatchedRules: string[];
	/** Farther from the road than allowed. */
	readonly offRoad: PlaceFinding[];
	/** On a road to which there is no way from any base. */
	readonly cutOff: PlaceFinding[];
}

/** Looks whether every settlement and facility can be reached. */
export async function checkMap(options: CheckOptions): Promise<MapReport> {
	const region = loadRegion(options.region);
	const roads = await openRoads({ ...options, region });
	try {
		return await reportOn(region, roads, options.vehicle, options.rainMm);
	} finally {
		await roads.close();
	}
}

async function reportOn(region: Region, roads: Roads, vehicle: VehicleClass, rainMm?: number): Promise<MapReport> {
	const places = placesOf(region);
	const closures: Closure[] = rainMm === undefined ? [] : [{ id: 'rain', rain: { mm: rainMm } }];
	const snapped = await roads.check(places.map(({ place }) => place));
	const findings = places.map((one, i) => ({ ...one, distance: snapped[i]!.waypoint?.distance ?? null }));
	const on = findings.filter(({ distance }) => distance !== null);
	const bases = [...on.keys()].filter((i) => on[i]!.kind === 'base');
	const table =
		bases.length === 0 ? null : await roads.table({ places: on.map(({ place }) => place), sources: bases, closures, vehicle });
	const reached = (column: number) => bases.some((_, row) => Number.isFinite(table?.durations[row * on.length + column]));
	return {
		region: region.id,
		engine: roads.engine,
		vehicle,
		rainMm: rainMm ?? null,
		facts: {
			municipalities: region.municipalities.length,
			settlements: region.settlements.length,
			facilities: region.facilities.length,
			bases: places.filter(({ kind }) => kind === 'base').length,
			roads: region.roads.length,
			rainRules: region.closures.length,
			radioGaps: region.radioGaps.length,
		},
		closedEdges: closedParts(region, closures).size,
		unmatchedRules: unmatchedRules(region, closures),
		offRoad: findings.filter(({ distance }) => distance === null),
		// A base reaches itself: it is cut off when it reaches no other.
		cutOff: on.filter((one, i) => (one.kind === 'base' ? !reachesOthers(one, on, bases, table) : !reached(i))),
	};
}

function reachesOthers(
	base: PlaceFinding,
	on: readonly PlaceFinding[],
	bases: readonly number[],
	table: { durations: Float64Array } | null,
) {
	const row = bases.findIndex((i) => on[i] === base);
	return on.some((other, column) => other !== base && Number.isFinite(table?.durations[row * on.length + column]));
}

function placesOf(region: Region): Omit<PlaceFinding, 'distance'>[] {
	return [
		...region.settlements.map((s) => ({ id: s.id, kind: 'settlement' as const, name: s.name, place: [s.lon, s.lat] as const })),
		...region.facilities.map((f) => ({
			id: f.id,
			kind: f.roles.includes('vehicle-base') ? ('base' as const) : ('facility' as const),
			name: f.name,
			place: [f.lon, f.lat] as const,
		})),
	];
}

/** Writes a region's roads for OSRM's own tools. */
export async function exportMap(region: string, file: string): Promise<{ nodes: number; ways: number }> {
	const { nodes, ways } = roadNetwork(loadRegion(region));
	await writeFile(file, writeOsmPbf(nodes, ways));
	return { nodes: nodes.length, ways: ways.length };
}

/** What so much rain closes, and the segment speeds that tell OSRM so: both ways at speed 0, by the nodes of `exportMap`. */
export function rainClosures(
	regionId: string,
	rainMm: number,
): { rules: string[]; unmatched: string[]; edges: number; speeds: string } {
	const region = loadRegion(regionId);
	const rain: Closure[] = [{ id: 'rain', rain: { mm: rainMm } }];
	const closed = closedParts(region, rain);
	return {
		rules: rulesAt(region, { mm: rainMm }).map(({ id }) => id),
		unmatched: unmatchedRules(region, rain),
		edges: closed.size,
		speeds: segmentSpeeds(roadNetwork(region), closed),
	};
}

/** `from,to,0` for each segment of a way that touches a closed part, in both directions. */
export function segmentSpeeds(network: Network, closed: ReturnType<typeof closedParts>): string {
	const lines: string[] = [];
	for (const way of network.ways) {
		const { edge, fractions } = network.origin.get(way.id)!;
		for (const [from, to] of closed.get(edge) ?? []) {
			for (let i = 1; i < way.nodes.length; i++) {
				const [a, b] = [Math.min(fractions[i - 1]!, fractions[i]!), Math.max(fractions[i - 1]!, fractions[i]!)];
				if (a < to && b > from) lines.push(`${way.nodes[i - 1]!},${way.nodes[i]!},0`, `${way.nodes[i]!},${way.nodes[i - 1]!},0`);
			}
		}
	}
	return lines.map((line) => `${line}\n`).join('');
}
