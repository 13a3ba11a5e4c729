/** Where a consult can be held: mobile signal at the places of a region, and covered places near those that have none. */
import { coverageOf, distanceKm, type LonLat, type RadioState, type Region, type Settlement } from '@junkai/regions';

const order: readonly RadioState[] = ['none', 'weak', 'good'];
const key = ([lon, lat]: LonLat): string => `${lon},${lat}`;

/** A settlement, or any place. */
export interface Near {
	readonly id?: string;
	readonly lon: number;
	readonly lat: number;
}

export interface SignalMap {
	/** Signal at a settlement: the best of the roads that meet there. A place on no stretch without signal has one. */
	at(settlement: Settlement): RadioState;
	/** Public buildings with signal near a place, nearest first. */
	meetingPoints(near: Near, count: number, withinKm: number): Settlement[];
}

/** A consult needs good signal: a weak link breaks too often for a doctor to rely on it. */
export const carriesConsult = (state: RadioState): boolean => state === 'good';

export function signalMap(region: Region): SignalMap {
	const coverage = coverageOf(region);
	const best = new Map<string, RadioState>();
	const offer = (place: LonLat, state: RadioState): void => {
		const known = best.get(key(place));
		if (known === undefined || order.indexOf(state) > order.indexOf(known)) best.set(key(place), state);
	};
	for (const road of region.roads) {
		offer(road.line[0]!, coverage(road.id, 0).state);
		offer(road.line.at(-1)!, coverage(road.id, 1).state);
	}
	const at = (settlement: Settlement): RadioState => best.get(key([settlement.lon, settlement.lat])) ?? 'good';
	const meetable = region.settlements.filter((one) => one.stop !== undefined && carriesConsult(at(one)));
	return {
		at,
		meetingPoints(near, count, withinKm) {
			return meetable
				.map((one) => ({ one, km: distanceKm([near.lon, near.lat], [one.lon, one.lat]) }))
				.filter(({ one, km }) => one.id !== near.id && km <= withinKm)
				.toSorted((a, b) => a.km - b.km)
				.slice(0, count)
				.map(({ one }) => one);
		},
	};
}
