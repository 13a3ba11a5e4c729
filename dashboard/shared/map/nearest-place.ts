/** Where a point is, in the words of the region. */
import type { Region } from '../api/rest.ts';
import type { Language } from '../i18n/format.ts';

export interface Place {
	lon: number;
	lat: number;
	name: string;
	romaji: string | null;
}

/** Further away than this a settlement's name says nothing, m. */
const nearEnough = 8000;

/** Named settlements of a region; those without a proper point and name are left out. */
export function settlementsOf(region: Region): Place[] {
	return region.places.features.flatMap(({ properties: p, geometry }) => {
		const [lon, lat] = geometry.coordinates;
		if (p['kind'] !== 'settlement' || typeof p['name'] !== 'string' || typeof lon !== 'number' || typeof lat !== 'number')
			return [];
		return [{ lon, lat, name: p['name'], romaji: typeof p['romaji'] === 'string' ? p['romaji'] : null }];
	});
}

/** Metres between two points that are near each other. */
export function distance(lonA: number, latA: number, lonB: number, latB: number): number {
	const x = (lonB - lonA) * Math.cos(((latA + latB) / 2) * (Math.PI / 180));
	const y = latB - latA;
	return Math.hypot(x, y) * 111_195;
}

/** Name of the nearest settlement; `null` when none is near. */
export function nearestPlace(places: readonly Place[], lon: number, lat: number, language: Language): string | null {
	let best: Place | null = null;
	let least = nearEnough;
	for (const place of places) {
		const d = distance(lon, lat, place.lon, place.lat);
		if (d < least) {
			least = d;
			best = place;
		}
	}
	return best === null ? null : language === 'ja' ? best.name : (best.romaji ?? best.name);
}
