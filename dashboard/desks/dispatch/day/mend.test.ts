import type { PlanChange, PlannedStop, PublishedPlan } from '@junkai/contracts';
import { expect, test } from 'vitest';
import { changedRoutes, changeText, marksOf } from './mend.ts';

const at = (hour: number) => Date.UTC(2026, 10, 24, hour - 9);
const stop = (visits: readonly number[], lon: number): PlannedStop => ({
	kind: 'visits',
	location: [lon, 33.8],
	name: { ja: '', en: '' },
	municipality: null,
	arrival: at(10),
	departure: at(11),
	visits: visits.map((visit) => ({ visit, need: 'skin', from: at(10), to: at(11), consult: null })),
	meetingPoint: false,
	way: {
		distance: 1,
		duration: 1,
		geometry: {
			type: 'LineString',
			coordinates: [
				[lon - 1, 33.8],
				[lon, 33.8],
			],
		},
	},
});
const plan = (routes: Record<string, PlannedStop[]>): PublishedPlan => ({
	id: '1c4cbd3c-6a4c-4d3e-9a53-3a8c17c0f2b1',
	revision: 1,
	published: 1,
	from: 1,
	to: 2,
	doctors: [],
	routes: Object.entries(routes).map(([vehicle, stops]) => ({ vehicle, distance: 1, stops, next: 0, reached: false })),
	unassigned: [],
});
const placed = (vehicle: string, hour: number) => ({ date: '2026-11-24', vehicle, from: at(hour), to: at(hour), doctor: null });
const change = (more: Partial<PlanChange>): PlanChange => ({
	visit: 1,
	patient: null,
	kind: 'vehicle',
	before: placed('van-1', 10),
	after: placed('van-2', 14),
	...more,
});
const van = (vehicle: string) => vehicle.toUpperCase();

test('a change in words: from which van and time to which', () => {
	expect(changeText(change({}), van, 'none')).toEqual({ before: 'VAN-1 10:00', after: 'VAN-2 14:00' });
	expect(changeText(change({ kind: 'time', after: placed('van-1', 12) }), van, 'none')).toEqual({
		before: 'VAN-1 10:00',
		after: '12:00',
	});
	expect(changeText(change({ kind: 'removed', after: null }), van, 'none').after).toBe('none');
	expect(changeText(change({ kind: 'added', before: null }), van, 'none').before).toBe('none');
});

const before = plan({ 'van-1': [stop([1], 135)], 'van-2': [stop([2], 136)], 'van-3': [stop([3], 137)] });
const after = plan({ 'van-1': [stop([1], 135)], 'van-2': [stop([2], 136), stop([3], 137)] });

test('only vans that go another way are drawn, with their way as it was', () => {
	const drawn = changedRoutes(before, after, 'light', 'key');
	expect(drawn.routes.map(({ van: id }) => id)).toEqual(['van-2']);
	expect(drawn.old.map(({ van: id }) => id)).toEqual(['van-2', 'van-3']);
	// The colour is that of the whole plan, not of the first that is drawn.
	expect(drawn.routes[0]!.colour).toBe(changedRoutes(null, after, 'light', 'key').routes[1]!.colour);
});

test('marks stand where the visit is, in the new plan or in the old one', () => {
	const gone = plan({ 'van-1': [stop([1], 135)] });
	const marks = marksOf([change({ visit: 3, kind: 'removed', after: null }), change({ visit: 99 })], before, gone, van, 'none');
	expect(marks).toEqual([{ visit: 3, lon: 137, lat: 33.8, text: 'VAN-1 10:00 → none' }]);
});
