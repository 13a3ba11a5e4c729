/** Plans for this room's tests: vans that go along the 33.8th parallel, 46 km/h, each stop named by its longitude. */
import type { PlanDraft, PlannedRoute, PlannedStop, PlannedVisit } from '@junkai/contracts';

export const MINUTE = 60_000;
export const LAT = 33.8;
/** Where the vans of the test begin. */
export const BASE = 135.5;

export const place = (lon: number): Pick<PlannedStop, 'location' | 'name' | 'municipality'> => ({
	location: [lon, LAT],
	name: { ja: '温川', en: 'Nurukawa' },
	municipality: { ja: '田辺市', en: 'Tanabe-shi' },
});

/** A degree of longitude at this latitude is 92.4 km. */
const KM_A_DEGREE = 92.4;
const METRES_A_SECOND = 12.83;

export function way(from: number, to: number): NonNullable<PlannedStop['way']> {
	const distance = Math.abs(to - from) * KM_A_DEGREE * 1000;
	const steps = 20;
	const coordinates = Array.from({ length: steps + 1 }, (_, at): [number, number] => [from + ((to - from) * at) / steps, LAT]);
	return { distance, duration: distance / METRES_A_SECOND, geometry: { type: 'LineString', coordinates } };
}

/** A stop from minute `at` to minute `end` after `start`; `from` is where the van comes from, nothing when it is there. */
export const stopAt =
	(start: number) =>
	(kind: PlannedStop['kind'], lon: number, at: number, end: number, from?: number): PlannedStop => ({
		kind,
		...place(lon),
		arrival: start + at * MINUTE,
		departure: start + end * MINUTE,
		visits: [],
		meetingPoint: false,
		way: from === undefined ? null : way(from, lon),
	});

/** A visit; its doctor from minute `consult` for ten minutes. */
export const visitAt =
	(start: number) =>
	(visit: number, from: number, to: number, consult?: { doctor: number; at: number; minutes?: number }): PlannedVisit => ({
		visit,
		need: 'follow-up',
		from: start + from * MINUTE,
		to: start + to * MINUTE,
		consult: consult
			? {
					doctor: consult.doctor,
					from: start + consult.at * MINUTE,
					to: start + (consult.at + (consult.minutes ?? 10)) * MINUTE,
				}
			: null,
	});

/** Base, a consult at 135.55, a rest there, 135.6, back at 135.55, base: 140 minutes. */
export function routeOf(
	vehicle: string,
	start: number,
	visits: readonly [number, number, number] = [1, 3, 4],
	doctor = 1,
): PlannedRoute {
	const [stop, visit] = [stopAt(start), visitAt(start)];
	const stops = [
		stop('start', BASE, 0, 0),
		{ ...stop('visits', 135.55, 10, 35, BASE), visits: [visit(visits[0], 10, 35, { doctor, at: 18, minutes: 12 })] },
		stop('break', 135.55, 35, 80),
		{ ...stop('visits', 135.6, 90, 105, 135.55), visits: [visit(visits[1], 90, 105)] },
		{ ...stop('visits', 135.55, 115, 130, 135.6), visits: [visit(visits[2], 115, 130)] },
		stop('end', BASE, 140, 140, 135.55),
	];
	return { vehicle, distance: stops.reduce((sum, one) => sum + (one.way?.distance ?? 0), 0), stops, next: 0, reached: true };
}

export function draftOf(routes: readonly PlannedRoute[], unassigned: PlanDraft['unassigned'] = []): PlanDraft {
	return {
		from: Math.min(...routes.map(({ stops }) => stops[0]!.arrival)),
		to: Math.max(...routes.map(({ stops }) => stops.at(-1)!.departure)),
		doctors: [1, 2].map((id) => ({ id, name: { ja: `医師${id}`, en: `Doctor ${id}` }, specialties: ['general'] })),
		routes: [...routes],
		unassigned,
	};
}
