import type { PlannedStop, PublishedPlan, RouteProgress, StopEstimate } from '@junkai/contracts';
import { expect, test } from 'vitest';
import { lateAfter, lateness, mapRoutes, mapVisits, nextOf, routeViews } from './route-view.ts';
import { advanced } from './day-store.ts';

const start = Date.UTC(2026, 10, 23, 0, 0, 0);
const minute = 60_000;
const stop = (kind: PlannedStop['kind'], at: number, lon: number, driven = true): PlannedStop => ({
	kind,
	location: [lon, 33.8],
	name: { ja: `地点${at}`, en: `Place ${at}` },
	municipality: null,
	arrival: start + at * minute,
	departure: start + (at + 10) * minute,
	visits: [],
	meetingPoint: false,
	way: driven
		? {
				distance: 1000,
				duration: 60,
				geometry: {
					type: 'LineString',
					coordinates: [
						[lon - 0.01, 33.8],
						[lon, 33.8],
					],
				},
			}
		: null,
});
const plan: PublishedPlan = {
	id: '1c4cbd3c-6a4c-4d3e-9a53-3a8c17c0f2b1',
	revision: 1,
	published: start,
	from: start,
	to: start + 600 * minute,
	doctors: [],
	routes: [
		{
			vehicle: 'van-1',
			distance: 4000,
			stops: [
				stop('start', 0, 135, false),
				stop('visits', 20, 135.1),
				stop('break', 30, 135.1, false),
				stop('visits', 90, 135.2),
				stop('end', 120, 135),
			],
			next: 1,
			reached: false,
		},
		{ vehicle: 'van-2', distance: 0, stops: [stop('start', 0, 135, false)], next: 0, reached: true },
	],
	unassigned: [
		{ visit: 9, need: 'skin', location: [135.5, 33.7], name: { ja: '温川', en: 'Nurukawa' }, municipality: null, rule: null },
	],
};

const moved = (move: RouteProgress) => advanced(plan, new Map([[move.vehicle, move]]));

test('stops with patients are numbered, what lies behind the van is done, and the lines agree', () => {
	const views = routeViews(plan, 'light');
	const view = views.get('van-1')!;
	expect(view.stops.map(({ number, state, reached }) => [number, state, reached])).toEqual([
		[null, 'done', false],
		[1, 'next', false],
		[null, 'later', false],
		[2, 'later', false],
		[null, 'later', false],
	]);
	const drawn = mapRoutes(plan, views, 'a');
	expect(drawn.routes[0]!.ways.map(({ done }) => done)).toEqual([false, false, false]);
	expect(drawn.routes[0]!.stops.map(({ number, time, state }) => [number, time, state])).toEqual([
		[1, '09:20', 'next'],
		[2, '10:30', 'later'],
	]);
	expect(drawn.routes[0]!.colour).not.toBe(drawn.routes[1]!.colour);
	expect(routeViews(plan, 'dark').get('van-1')!.colour).not.toBe(view.colour);
});

test('progress moves the van on: the way to a stop that is reached is driven', () => {
	const there = moved({ vehicle: 'van-1', next: 3, reached: true });
	const views = routeViews(there, 'light');
	expect(views.get('van-1')!.stops.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'next', 'later']);
	expect(mapRoutes(there, views, 'a').routes[0]!.ways.map(({ done }) => done)).toEqual([true, true, false]);
	expect(there.routes[1]).toBe(plan.routes[1]);
	expect(plan.routes[0]!.next).toBe(1);
});

test('where a van goes next: nowhere when it is back or has no visits', () => {
	const of = (next: number, reached: boolean) =>
		nextOf(routeViews(moved({ vehicle: 'van-1', next, reached }), 'light').get('van-1')!)?.stop.arrival;
	expect(of(1, false)).toBe(start + 20 * minute);
	expect(of(4, false)).toBe(start + 120 * minute);
	expect(of(4, true)).toBeUndefined();
	expect(nextOf(routeViews(plan, 'light').get('van-2')!)).toBeNull();
});

test('late is a van that is expected and not there', () => {
	const [, expected, , later] = routeViews(plan, 'light').get('van-1')!.stops;
	const due = start + 20 * minute;
	expect(lateness(expected!, due + lateAfter)).toBe(0);
	expect(lateness(expected!, due + 12 * minute)).toBe(12 * minute);
	expect(lateness({ ...expected!, reached: true }, due + 12 * minute)).toBe(0);
	expect(lateness(later!, start + 300 * minute)).toBe(0);
});

test('what is expected goes before what was planned, for stops to come too', () => {
	const [, next, , later] = routeViews(plan, 'light').get('van-1')!.stops;
	const expected = (late: number): StopEstimate => ({ stop: 3, state: 'later', eta: 0, low: 0, high: 0, late, departure: 0 });
	expect(lateness({ ...later!, estimate: expected(11 * 60) }, start)).toBe(11 * minute);
	expect(lateness({ ...later!, estimate: expected(60) }, start)).toBe(0);
	expect(lateness({ ...next!, estimate: expected(-120) }, start + 60 * minute)).toBe(0);
});

test('every visit is on the map by what was told of it, else by how far its van has come; cancelled ones are not', () => {
	const visit = (number: number) => ({ visit: number, need: 'skin' as const, from: start, to: start, consult: null });
	const [route, free] = plan.routes;
	const stops = route!.stops.map((one, at) => (one.kind === 'visits' ? { ...one, visits: [visit(at), visit(at + 10)] } : one));
	const full = { ...plan, routes: [{ ...route!, stops, next: 3, reached: true }, free!] };
	const states = new Map([
		[11, 'not-done' as const],
		[13, 'cancelled' as const],
	]);
	const shown = mapVisits(full, routeViews(full, 'light'), states, start);
	expect(shown.map(({ id, state }) => [id, state])).toEqual([
		[1, 'done'],
		[11, 'not-done'],
		[3, 'under-way'],
		[9, 'unassigned'],
	]);
});
