import type { DoctorBody, FleetVehicle, Shift, StaffMember } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import { calendarOf } from './calendar.ts';
import { offeredOn, shiftsOn } from './resources.ts';
import { doctorOf, shiftOf, staffOf, TODAY, vehicleOf } from './test-records.ts';

const calendar = calendarOf('Asia/Tokyo');
const keptAs = <T>(id: number, body: T) => ({ id, version: 1, updated: 0, updatedBy: 'a', ...body });
const at = (time: string, date = TODAY) => Date.parse(`${date}T${time}:00+09:00`);
const clock = (ms: number) => new Date(ms + 9 * 3_600_000).toISOString().slice(11, 16);
const brief = (spans: readonly (readonly [number, number])[]) => spans.map((span) => span.map(clock).join('–'));

describe('shifts of a day', () => {
	const vehicles: FleetVehicle[] = [
		keptAs(1, vehicleOf('van-1', { outages: [{ from: at('15:00'), until: null, reason: '車検' }] })),
		keptAs(2, vehicleOf('van-2')),
	];
	const staff: StaffMember[] = [
		keptAs(1, staffOf()),
		keptAs(2, staffOf({ roles: ['nurse'], absences: [{ from: at('00:00'), until: at('10:00'), reason: '通院' }] })),
	];
	const shifts: Shift[] = [
		keptAs(1, shiftOf('van-2', 1, 2, { hours: ['13:00', '17:00'] })),
		keptAs(2, shiftOf('van-1', 1, 2, { except: ['2026-11-25'] })),
		keptAs(3, shiftOf('van-2', 1, null, { surge: true, hours: ['18:00', '21:00'] })),
		keptAs(4, shiftOf('van-9', 1, 2)),
	];
	const on = (date: string, surge = false) => shiftsOn({ fleet: vehicles, staff, shifts, doctors: [] }, date, { calendar, surge });

	test('by vehicle and hour, with the hours in which everybody is there', () => {
		const found = on(TODAY);
		expect(
			found.map(({ vehicle, span, hours, driver, nurse }) => [
				vehicle.vehicle,
				...brief([span]),
				brief(hours),
				driver?.id,
				nurse?.id,
			]),
		).toEqual([
			['van-1', '08:30–17:15', ['10:00–15:00'], 1, 2],
			['van-2', '13:00–17:00', ['13:00–17:00'], 1, 2],
		]);
	});

	test('not on days off, not out of its time, in an emergency more', () => {
		expect(
			on('2026-11-25').map(({ shift }) => shift.id),
			'van-1 is excepted',
		).toEqual([1]);
		expect(on('2026-11-28'), 'Saturday').toEqual([]);
		expect(on('2026-11-20'), 'before it begins').toEqual([]);
		expect(on('2026-12-28'), 'after it ends').toEqual([]);
		expect(on('2026-11-25', true).map(({ shift }) => shift.id)).toEqual([1, 3]);
	});
});

describe('hours that a doctor offers', () => {
	const on = (change: Partial<DoctorBody>, date = TODAY) => brief(offeredOn(keptAs(1, doctorOf(change)), date, calendar));

	test.each([
		['of the week', {}, ['09:00–12:00', '13:30–16:00']],
		['extra ones, joined to them', { extra: [{ date: TODAY, hours: [['12:00', '13:30'] as [string, string]] }] }, ['09:00–16:00']],
		['within the days of the contract only', { span: { from: '2026-12-01', until: '2026-12-31' } }, []],
	] satisfies [string, Partial<DoctorBody>, string[]][])('%s', (_what, change, expected) => {
		expect(on(change)).toEqual(expected);
	});

	test('none on a day that is not theirs, but for extra ones', () => {
		expect(on({}, '2026-11-28')).toEqual([]);
		expect(on({ extra: [{ date: '2026-11-28', hours: [['09:00', '10:00']] }] }, '2026-11-28')).toEqual(['09:00–10:00']);
	});
});
