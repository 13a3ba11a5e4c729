/** Settlements and municipalities of a region: their names, and which of them a place belongs to. */
import { distanceKm, type LonLat, type Municipality, type Region, type Settlement } from '@junkai/regions';

/** A name as the screens show it; Japanese stands in where no Latin one is known. */
export const inTwoLanguages = ({ name, romaji }: { name: string; romaji?: string | undefined }): { ja: string; en: string } => ({
	ja: name,
	en: romaji ?? name,
});

/** Farther from any settlement than this, a place belongs to none, km. */
const NEAR = 6;

export interface PlaceIndex {
	settlement(id: string | null): Settlement | null;
	municipality(id: string): Municipality | null;
	/** The settlement that a place says it lies in, else the nearest one; null when none is near. */
	settlementOf(place: { settlement: string | null; location: LonLat }): Settlement | null;
}

export function placeIndex(region: Region): PlaceIndex {
	const settlements = new Map(region.settlements.map((one) => [one.id, one]));
	const municipalities = new Map(region.municipalities.map((one) => [one.id, one]));
	return {
		settlement: (id) => (id === null ? null : (settlements.get(id) ?? null)),
		municipality: (id) => municipalities.get(id) ?? null,
		settlementOf({ settlement, location }) {
			const named = settlement === null ? undefined : settlements.get(settlement);
			if (named) return named;
			let best: Settlement | null = null;
			let least = NEAR;
			for (const one of region.settlements) {
				const km = distanceKm(location, [one.lon, one.lat]);
				if (km < least) [best, least] = [one, km];
			}
			return best;
		},
	};
}
