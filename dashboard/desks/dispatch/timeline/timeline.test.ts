/** The timeline without its drawing: what lies where, and what hand and keyboard do to it. */
import type { VehicleEstimate } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import { routeColour } from '../../../shared/map/route-colours.ts';
import { likelyStart, placeAt, placeOf, stepped, type Aim, type Place } from './aim.ts';
import { clamped, snapped, ticks, timeAt, xOf, zoomed } from './axis.ts';
import { cellIds, cellsOf, nextCell } from './cells.ts';
import { findVisit, timelineOfDraft, timelineOfPlan } from './model.ts';
import { at, day, plan } from './test-days.ts';
import { fitted, signedMinutes } from './words.ts';

const data = timelineOfDraft(day, 'light');
const laneOf = (vehicle: string) => data.vehicles.find((lane) => lane.vehicle === vehicle)!;

describe('what lies where', () => {
	test('vans stand by number, each in the colour of its route on the map; one without a route has its lane', () => {
		expect(data.vehicles.map(({ vehicle }) => vehicle)).toEqual(['van-2', 'van-3', 'van-10']);
		expect(laneOf('van-10').colour).toBe(routeColour(0, 'light'));
		expect(laneOf('van-2').colour).toBe(routeColour(1, 'light'));
		expect(laneOf('van-3')).toMatchObject({ visits: [], spans: [], shift: [at(7.75), at(17.25)] });
	});

	test('drives, waits and breaks fill what is between the visits', () => {
		expect(laneOf('van-10').spans).toEqual([
			{ kind: 'drive', from: at(9), to: at(9.5) },
			{ kind: 'wait', from: at(9.5), to: at(9.75) },
			{ kind: 'wait', from: at(10.25), to: at(10.5) },
			{ kind: 'break', from: at(12), to: at(13) },
			{ kind: 'drive', from: at(13), to: at(14) },
		]);
	});

	test('a doctor has a lane who offers hours or is booked, and no other', () => {
		expect(data.doctors.map(({ doctor, consults }) => [doctor, consults.map(({ visit }) => visit)])).toEqual([
			[1, [101]],
			[2, [103]],
		]);
		expect(data.doctors[0]!.consults[0]).toMatchObject({ vehicle: 'van-10', from: at(10), to: at(10.2) });
	});

	test('the axis goes over whole hours around everything', () => {
		expect([data.from, data.to]).toEqual([at(7), at(18)]);
	});
});

describe('a day under way', () => {
	const estimate: VehicleEstimate = {
		vehicle: 'van-10',
		computed: at(9.2),
		basis: 'position',
		age: 3,
		offRoute: false,
		stops: [
			{ stop: 0, state: 'done', eta: at(8.5), low: at(8.5), high: at(8.5), late: 0, departure: at(9.2) },
			{ stop: 1, state: 'next', eta: at(10), low: at(9.9), high: at(10.2), late: 1800, departure: at(11.25) },
		],
		consults: [
			{
				visit: 101,
				doctor: 1,
				planned: at(10),
				eta: at(10.25),
				low: at(10.2),
				high: at(10.4),
				doctorWait: 900,
				patientWait: 0,
				state: 'later',
			},
		],
	};
	const live = timelineOfPlan(plan, 'light', new Map([['van-10', estimate]]), day.lanes);

	test('a visit stands where it is expected, with the plan as its shadow and honest bounds', () => {
		const visit = findVisit(live, 101)!.visit;
		expect(visit).toMatchObject({ from: at(10), to: at(10.5), consult: { from: at(10.25), to: at(10.45) } });
		expect(visit.live).toMatchObject({
			planned: { from: at(9.75), to: at(10.25) },
			late: 900_000,
			state: 'next',
			consultOff: false,
		});
		expect(visit.live!.bounds[0]).toBe(at(10) - (at(10.25) - at(10.2)));
		expect(visit.live!.bounds[1]).toBe(at(10) + (at(10.4) - at(10.25)));
	});

	test('one after it is late only by what does not fit before it', () => {
		expect(findVisit(live, 102)!.visit).toMatchObject({ from: at(10.5), live: { late: 0 } });
	});

	test('the doctor’s lane has the consult where it is expected; a van without an estimate stands as planned', () => {
		expect(live.doctors[0]!.consults[0]).toMatchObject({ from: at(10.25), off: false });
		expect(findVisit(live, 103)!.visit).toMatchObject({ from: at(9.25), live: null });
	});

	test('a doctor who cannot join as planned is told', () => {
		const off = { ...estimate, consults: estimate.consults.map((one) => ({ ...one, state: 'off' as const })) };
		const told = timelineOfPlan(plan, 'light', new Map([['van-10', off]]), day.lanes);
		expect(findVisit(told, 101)!.visit.live!.consultOff).toBe(true);
		expect(told.doctors[0]!.consults[0]!.off).toBe(true);
	});
});

describe('time across', () => {
	const axis = { from: at(8), to: at(18) };
	const view = { zoom: 1, shift: 0, width: 1000 };

	test('a point and its time are the same both ways, at any zoom', () => {
		for (const some of [view, { zoom: 4, shift: 700, width: 1000 }])
			expect(timeAt(xOf(at(11.3), axis, some), axis, some)).toBeCloseTo(at(11.3), 0);
	});

	test('what is under the pointer stays there while it zooms; nothing beyond the ends is seen', () => {
		const before = timeAt(300, axis, view);
		const nearer = zoomed(view, 2, 300);
		expect(timeAt(300, axis, nearer)).toBeCloseTo(before, 0);
		expect(zoomed(nearer, 0.01, 300)).toEqual(view);
		expect(zoomed(view, 1000, 0).zoom).toBe(16);
		expect(clamped({ zoom: 2, shift: 5000, width: 1000 }).shift).toBe(1000);
		expect(clamped({ zoom: 2, shift: -5, width: 1000 }).shift).toBe(0);
	});

	test('lines stand as close as they can be told apart, hours stronger', () => {
		const far = ticks(axis, view);
		expect(far.map(({ at: time }) => time)).toEqual(Array.from({ length: 21 }, (_, half) => at(8 + half / 2)));
		expect(far.filter(({ strong }) => strong)).toHaveLength(11);
		expect(ticks(axis, { ...view, width: 300 }).every(({ strong }) => strong)).toBe(true);
		expect(snapped(at(10) + 140_000)).toBe(at(10));
		expect(snapped(at(10) + 160_000)).toBe(at(10) + 300_000);
	});
});

describe('the keyboard walks', () => {
	const rows = cellsOf(data);

	test('along a lane, from its name on, by time', () => {
		expect(rows[2]!.map(({ id }) => id)).toEqual(['v:van-10', 'n:101', 'n:102']);
		expect(nextCell(rows, 'v:van-10', 'ArrowRight')?.id).toBe('n:101');
		expect(nextCell(rows, 'n:102', 'ArrowRight')).toBeUndefined();
		expect(nextCell(rows, 'n:102', 'Home')?.id).toBe('v:van-10');
	});

	test('to the other lanes at about the same time, vans and doctors alike', () => {
		expect(nextCell(rows, cellIds.visit(102), 'ArrowDown')?.id).toBe(cellIds.consult(101));
		expect(nextCell(rows, cellIds.visit(103), 'ArrowUp')).toBeUndefined();
		expect(nextCell(rows, cellIds.visit(103), 'ArrowDown')?.id).toBe(cellIds.vehicle('van-3'));
		expect(nextCell(rows, null, 'ArrowDown')?.id).toBe('v:van-2');
	});
});

describe('a visit is aimed', () => {
	const lane = laneOf('van-10');
	const carried = (target: Place): Aim => ({ visit: 103, by: 'keyboard', target });

	test('before the first visit whose middle is later, not before the time where it is held', () => {
		expect(placeAt(lane, 103, at(9.5))).toEqual({ kind: 'lane', vehicle: 'van-10', before: 101, at: at(9.5) });
		expect(placeAt(lane, 103, at(10.1))).toMatchObject({ before: 102 });
		expect(placeAt(lane, 103, at(15.01))).toEqual({ kind: 'lane', vehicle: 'van-10', before: null, at: at(15) });
		// What is held is not in its own way.
		expect(placeAt(lane, 101, at(9.5))).toMatchObject({ before: 102 });
	});

	test('by keys: van, order, time, out of the plan', () => {
		const start = placeOf(data, 103)!;
		expect(start).toEqual({ kind: 'lane', vehicle: 'van-2', before: null, at: null });
		const down = stepped(data, carried(start), 'ArrowDown', false) as Place;
		expect(down).toEqual({ kind: 'lane', vehicle: 'van-3', before: null, at: null });
		const further = stepped(data, carried(down), 'ArrowDown', false) as Place;
		expect(further.vehicle).toBe('van-10');
		expect(stepped(data, carried(further), 'ArrowDown', false)).toEqual(further);
		const first: Place = { kind: 'lane', vehicle: 'van-10', before: 101, at: null };
		expect(stepped(data, carried(first), 'ArrowLeft', false)).toEqual(first);
		const between = stepped(data, carried(first), 'ArrowRight', false) as Place;
		expect(between).toEqual({ kind: 'lane', vehicle: 'van-10', before: 102, at: null });
		expect(likelyStart(data, 103, between)).toBe(at(10.25));
		expect(stepped(data, carried(between), 'ArrowRight', true)).toMatchObject({ at: at(10.25) + 300_000 });
		expect(stepped(data, carried(between), 'Delete', false)).toEqual({ kind: 'tray' });
	});

	test('one without a van begins with the first van', () => {
		expect(placeOf(data, 104)).toBeNull();
		const first = stepped(data, { visit: 104, by: 'keyboard', target: null }, 'ArrowRight', false);
		expect(first).toMatchObject({ vehicle: 'van-2', at: null });
	});
});

test('a label is as much of a name as there is room for, never a part of a sign', () => {
	expect(fitted('山本 花子', 80)).toBe('山本 花子');
	expect(fitted('山本 花子', 40)).toBe('山本');
	expect(fitted('中辺路町', 32)).toBe('中辺');
	expect(fitted('中辺路町', 20)).toBe('');
	expect(signedMinutes(14 * 60_000, 'ja')).toBe('+14分');
	expect(signedMinutes(-90_000, 'en')).toBe('−2 min');
});
