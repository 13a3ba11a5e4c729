/** How far a van has come on its route, told by where it stands: a stop is reached by standing there, done by leaving it. */
import type { PlannedRoute, PlannedStop, PositionRecord, RouteProgress } from '@junkai/contracts';
import { distanceKm } from '@junkai/regions';

/** So near to a stop, a van that stands is at it, km. Towns' buildings lie up to some hundred metres off the road. */
const AT_STOP_KM = 0.35;
/** And so far from it, or driving so far, it has left. */
const LEFT_KM = 0.5;
/** Slower than walking is standing, m/s. */
const STANDING = 1;

type Fix = Pick<PositionRecord, 'time' | 'lat' | 'lon' | 'speed'>;

/** Whether a van stands at a stop. */
export function standsAt({ location }: Pick<PlannedStop, 'location'>, { lat, lon, speed }: Fix): boolean {
	if (lat === undefined || lon === undefined || speed === undefined) return false;
	return speed < STANDING && distanceKm([lon, lat], location) <= AT_STOP_KM;
}

/** The progress after a fix; the same object when nothing changed. A van never goes back to a stop that it has left. */
export function progressAfter(route: Pick<PlannedRoute, 'stops'>, before: RouteProgress, fix: Fix): RouteProgress {
	if (fix.lat === undefined || fix.lon === undefined) return before;
	const at: [number, number] = [fix.lon, fix.lat];
	const { stops } = route;
	const kmTo = (index: number): number => distanceKm(at, stops[index]!.location);
	const standing = fix.speed !== undefined && fix.speed < STANDING;
	let { next, reached } = before;
	if (reached && (kmTo(next) > LEFT_KM || (kmTo(next) > AT_STOP_KM && !standing)) && next + 1 < stops.length)
		[next, reached] = [next + 1, false];
	// The next stop is at the same place (a rest where the last patients were): only the clock tells that it has begun.
	const following = stops[next + 1];
	if (reached && following && following.way === null && fix.time >= following.arrival) next++;
	if (!reached && standing) {
		// Out of signal a van may have seen to a stop unheard: where it stands now tells which one it is at.
		const found = stops.findIndex((_, index) => index >= next && kmTo(index) <= AT_STOP_KM);
		if (found >= 0) [next, reached] = [found, true];
	}
	return next === before.next && reached === before.reached ? before : { ...before, next, reached };
}

/** The progress after what a crew tells; the same object when it is no news. A crew may not take back what was driven. */
export function progressReported(
	route: Pick<PlannedRoute, 'stops'>,
	before: RouteProgress,
	stop: number,
	reached: boolean,
): RouteProgress {
	const last = route.stops.length - 1;
	const [next, there] = reached || stop >= last ? [Math.min(stop, last), true] : [stop + 1, false];
	const isNews = next > before.next || (next === before.next && there && !before.reached);
	return isNews ? { ...before, next, reached: there } : before;
}
