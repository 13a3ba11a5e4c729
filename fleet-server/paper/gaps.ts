/** Stretches without a good signal on a way that is driven. */
import { distanceKm, partOfLine, pointAlong, type LonLat, type RadioGap, type Region } from '@junkai/regions';
import { nearestOnPiece } from '../roads/geometry.ts';

export interface GapOnWay {
	readonly name: { ja: string; en: string };
	readonly state: 'weak' | 'none';
}
/** In the order of the way, each once. */
export type GapFinder = (way: readonly LonLat[]) => GapOnWay[];

/** A way that passes so near is on the stretch, km: both are drawn through the same points. */
const ON_THE_WAY = 0.06;
/** A stretch is driven when the way passes two of these points of it; one alone may be a crossing. */
const PROBES = [0.2, 0.5, 0.8];

export function gapsOf(region: Region): GapFinder {
	const lines = new Map(region.roads.map((road) => [road.id, road.line]));
	const parts = region.radioGaps.flatMap((gap) =>
		gap.edges.flatMap((entry) => {
			const part = typeof entry === 'string' ? { edge: entry, from: 0, to: 1 } : entry;
			const whole = lines.get(part.edge);
			if (!whole) return [];
			const line = partOfLine(whole, part.from, part.to);
			return [{ gap, probes: PROBES.map((fraction) => pointAlong(line, fraction).point) }];
		}),
	);
	return (way) => {
		const found = new Map<RadioGap, number>();
		const box = boxOf(way);
		for (const { gap, probes } of parts) {
			if (!probes.some((probe) => inside(probe, box))) continue;
			const places = probes.map((probe) => placeOnWay(probe, way)).filter((at) => at !== null);
			if (places.length < 2) continue;
			found.set(gap, Math.min(found.get(gap) ?? Infinity, ...places));
		}
		return [...found].toSorted((a, b) => a[1] - b[1]).map(([{ name, state }]) => ({ name, state }));
	};
}

function boxOf(way: readonly LonLat[]) {
	const [lons, lats] = [way.map(([lon]) => lon), way.map(([, lat]) => lat)];
	return { west: Math.min(...lons), east: Math.max(...lons), south: Math.min(...lats), north: Math.max(...lats) };
}
const MARGIN = 0.002;
const inside = ([lon, lat]: LonLat, { west, east, south, north }: ReturnType<typeof boxOf>): boolean =>
	lon >= west - MARGIN && lon <= east + MARGIN && lat >= south - MARGIN && lat <= north + MARGIN;

/** Which piece of the way passes a point; null when none does. */
function placeOnWay(probe: LonLat, way: readonly LonLat[]): number | null {
	for (let i = 1; i < way.length; i++) {
		if (distanceKm(probe, nearestOnPiece(probe, way[i - 1]!, way[i]!)) < ON_THE_WAY) return i;
	}
	return null;
}
