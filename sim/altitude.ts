import type { LonLat, Region } from '@junkai/regions';

/** How many known places tell the altitude of one that is not. */
const NEIGHBOURS = 4;

/** Rough altitude of any place, m: its own where known, else of the nearest places with a known one, by inverse square distance. */
export function altitudes(region: Region): (at: LonLat) => number {
	const known = region.settlements.flatMap((s) =>
		s.elevation === undefined ? [] : [{ lat: s.lat, lon: s.lon, alt: s.elevation }],
	);
	const told = new Map<string, number>();
	const reckon = ([lon, lat]: LonLat): number => {
		const near: { alt: number; d2: number }[] = [];
		for (const k of known) {
			const d2 = ((k.lon - lon) * 0.83) ** 2 + (k.lat - lat) ** 2;
			if (near.length === NEIGHBOURS && d2 >= near.at(-1)!.d2) continue;
			near.push({ alt: k.alt, d2 });
			near.sort((a, b) => a.d2 - b.d2);
			near.length = Math.min(near.length, NEIGHBOURS);
		}
		if (near.length === 0) return 100;
		let [sum, weights] = [0, 0];
		for (const { alt, d2 } of near) {
			const weight = 1 / (d2 + 1e-9);
			sum += alt * weight;
			weights += weight;
		}
		return sum / weights;
	};
	return (at) => {
		const key = at.join();
		const alt = told.get(key) ?? reckon(at);
		told.set(key, alt);
		return alt;
	};
}
