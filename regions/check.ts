import { distanceKm, lineKm } from './geometry.ts';
import type { Region } from './schema.ts';

/** What does not hold together in a region, one sentence each with file and place; empty when all is well. */
export function checkRegion(region: Region): string[] {
	return [...uniqueness(region), ...references(region), ...lengths(region), ...places(region), ...connectivity(region)];
}

function uniqueness(region: Region): string[] {
	const faults: string[] = [];
	const files = {
		'municipalities.yaml': region.municipalities,
		'settlements.yaml': region.settlements,
		'facilities.yaml': region.facilities,
		'roads.geojson': region.roads,
		'closures.yaml': region.closures,
		'coverage.yaml': region.radioGaps,
		'rounds.yaml': region.rounds,
		'scenarios.yaml': region.scenarios,
	};
	for (const [file, items] of Object.entries(files)) {
		const seen = new Set<string>();
		for (const { id } of items) {
			if (seen.has(id)) faults.push(`${file}: id "${id}" stands twice`);
			seen.add(id);
		}
	}
	return faults;
}

function references(region: Region): string[] {
	const faults: string[] = [];
	const municipalities = new Set(region.municipalities.map((m) => m.id));
	const edges = new Set(region.roads.map((road) => road.id));
	for (const [file, items] of [
		['settlements.yaml', region.settlements],
		['facilities.yaml', region.facilities],
	] as const) {
		for (const item of items) {
			if (!municipalities.has(item.municipality)) faults.push(`${file}: ${item.id}: no municipality "${item.municipality}"`);
		}
	}
	for (const closure of region.closures) {
		for (const edge of closure.edges) if (!edges.has(edge)) faults.push(`closures.yaml: ${closure.id}: no road edge "${edge}"`);
	}
	const [facilities, settlements] = [new Set(region.facilities.map((f) => f.id)), new Set(region.settlements.map((s) => s.id))];
	for (const round of region.rounds) {
		if (!facilities.has(round.base)) faults.push(`rounds.yaml: ${round.id}: no facility "${round.base}"`);
		for (const stop of round.stops) if (!settlements.has(stop)) faults.push(`rounds.yaml: ${round.id}: no settlement "${stop}"`);
	}
	for (const old of region.oldMunicipalities) {
		if (!municipalities.has(old.into)) faults.push(`old-names.yaml: ${old.name}: no municipality "${old.into}"`);
	}
	for (const gap of region.radioGaps) {
		for (const part of gap.edges) {
			const edge = typeof part === 'string' ? part : part.edge;
			if (!edges.has(edge)) faults.push(`coverage.yaml: ${gap.id}: no road edge "${edge}"`);
		}
	}
	return faults;
}

/** A road is not shorter than its drawn line (1 % for points a little off the road, 30 m for rounding), nor more than 2.2 times as long. */
function lengths(region: Region): string[] {
	const faults: string[] = [];
	for (const road of region.roads) {
		const drawn = lineKm(road.line);
		if (road.km < drawn * 0.99 - 0.03 || road.km > drawn * 2.2 + 0.03) {
			faults.push(`roads.geojson: ${road.id}: ${road.km} km for a line of ${drawn.toFixed(2)} km`);
		}
	}
	return faults;
}

function places(region: Region): string[] {
	const faults: string[] = [];
	const [west, south, east, north] = region.bounds;
	const inside = (lat: number, lon: number) => lon >= west && lon <= east && lat >= south && lat <= north;
	const nodes = nodeKeys(region);
	for (const s of region.settlements) {
		if (!inside(s.lat, s.lon)) faults.push(`settlements.yaml: ${s.id} (${s.name}) lies outside the region's bounds`);
		else if (!nodes.has(key([s.lon, s.lat]))) faults.push(`settlements.yaml: ${s.id} (${s.name}) is not on the road network`);
	}
	for (const f of region.facilities) {
		if (!inside(f.lat, f.lon)) faults.push(`facilities.yaml: ${f.id} (${f.name}) lies outside the region's bounds`);
	}
	for (const [name, [lat, lon]] of Object.entries(region.junctions)) {
		if (!nodes.has(key([lon, lat]))) faults.push(`region.yaml: junction "${name}" is not on the road network`);
	}
	for (const road of region.roads) {
		for (const [lon, lat] of road.line) if (!inside(lat, lon)) faults.push(`roads.geojson: ${road.id} leaves the region's bounds`);
	}
	return faults;
}

function connectivity(region: Region): string[] {
	const parent = new Map<string, string>();
	const find = (node: string): string => {
		let root = node;
		for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
		parent.set(node, root);
		return root;
	};
	for (const { line } of region.roads) {
		parent.set(find(key(line[0]!)), find(key(line.at(-1)!)));
	}
	const sizes = new Map<string, number>();
	for (const { line } of region.roads) {
		const root = find(key(line[0]!));
		sizes.set(root, (sizes.get(root) ?? 0) + 1);
	}
	if (sizes.size <= 1) return [];
	const biggest = Math.max(...sizes.values());
	const lost = region.roads.filter(({ line }) => sizes.get(find(key(line[0]!))) !== biggest).map((road) => road.id);
	return [`roads.geojson: ${lost.length} edges are cut off from the rest: ${lost.slice(0, 5).join(', ')}`];
}

function nodeKeys(region: Region): Set<string> {
	const keys = new Set<string>();
	for (const { line } of region.roads) keys.add(key(line[0]!)).add(key(line.at(-1)!));
	return keys;
}

const key = ([lon, lat]: readonly [number, number]): string => `${lon},${lat}`;

/** Straight distance from a place to the nearest node of the road network, km. */
export function distanceToRoad(region: Region, lat: number, lon: number): number {
	let nearest = Infinity;
	for (const { line } of region.roads) {
		nearest = Math.min(nearest, distanceKm([lon, lat], line[0]!), distanceKm([lon, lat], line.at(-1)!));
	}
	return nearest;
}
