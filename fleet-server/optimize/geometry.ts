/** Ways on the road for the routes of an answer, as VROOM's `-g` adds them. */
import type { PlanProblem, PlanRoute, PlanSolution } from '@junkai/contracts';
import type { Place } from '../roads/port.ts';
import { unusable } from './errors.ts';
import { classesInUse } from './places.ts';
import type { RoadsAnswers } from './road-answers.ts';

/**
 * Adds `geometry` to each route, and distances where there are none. Throws an OptimizeError that names a step without
 * coordinates; rejects with a RoadsError.
 */
export async function addGeometry(solution: PlanSolution, problem: PlanProblem, roads: RoadsAnswers): Promise<void> {
	const classes = classesInUse(problem);
	const vehicles = new Map(problem.vehicles.map(({ id, profile }) => [id, classes.get(profile)!]));
	let total = 0;
	for (const [at, route] of (solution.routes ?? []).entries()) {
		const stops = route.steps.filter(({ type, location }) => type !== 'break' || location !== undefined);
		const places = stops.map(({ location }, step): Place => {
			if (location) return location;
			const field = `routes[${at}].steps[${step}].location`;
			throw unusable('A geometry needs coordinates.', [{ field, message: 'the problem gives only an index for this place' }]);
		});
		const way = await roads.way(vehicles.get(route.vehicle)!, places);
		route.geometry = encodePolyline(way.coordinates);
		if (route.distance === undefined) measure(route, stops, way.distances);
		total += route.distance ?? 0;
	}
	if (solution.summary && solution.summary.distance === undefined) solution.summary.distance = total;
}

function measure(route: PlanRoute, stops: PlanRoute['steps'], legs: readonly number[]): void {
	let metres = 0;
	for (const [at, stop] of stops.entries()) {
		if (at > 0) metres += legs[at - 1] ?? 0;
		stop.distance = Math.round(metres);
	}
	route.distance = Math.round(metres);
}

/** Google's encoded polyline format, precision 5, latitude before longitude. */
export function encodePolyline(coordinates: readonly Place[]): string {
	let text = '';
	let [lastLon, lastLat] = [0, 0];
	for (const [degreesLon, degreesLat] of coordinates) {
		const [lon, lat] = [Math.round(degreesLon * 1e5), Math.round(degreesLat * 1e5)];
		text += signed(lat - lastLat) + signed(lon - lastLon);
		[lastLon, lastLat] = [lon, lat];
	}
	return text;
}

/** A number in groups of five bits, lowest first; the lowest bit of all is the sign. */
function signed(value: number): string {
	let rest = value < 0 ? ~(value << 1) : value << 1;
	let text = '';
	for (; rest >= 0x20; rest >>= 5) text += String.fromCharCode((0x20 | (rest & 0x1f)) + 63);
	return text + String.fromCharCode(rest + 63);
}
