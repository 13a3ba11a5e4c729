import type { FleetVehicle, Shift, ShiftBody, StaffMember } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import { momentOf } from '../../../shared/records/dates.ts';
import { doctorHours, legalRest, partOfDay, shiftOn } from './schedule.ts';
import { checkShift } from './shift-check.ts';

const keeping = { version: 1, updated: 0, updatedBy: 'x' };
const person = (id: number, roles: StaffMember['roles'], change: Partial<StaffMember> = {}): StaffMember => ({
	...keeping,
	id,
	name: { family: `f${id}`, given: 'g' },
	kana: null,
	roles,
	base: 'C26',
	phone: null,
	surge: false,
	absences: [],
	note: '',
	...change,
});
const van = (outages: FleetVehicle['outages'] = []): FleetVehicle => ({
	...keeping,
	id: 1,
	vehicle: 'van-1',
	name: '1号車',
	base: 'C26',
	class: 'van',
	size: null,
	equipment: [],
	outages,
	note: '',
});
const body: ShiftBody = {
	vehicle: 'van-1',
	driver: 1,
	nurse: 2,
	from: '2026-11-23',
	until: '2026-11-27',
	weekdays: [1, 2, 3, 4, 5],
	except: [],
	hours: ['08:30', '17:15'],
	rest: { minutes: 45, between: ['11:30', '13:30'] },
	surge: false,
};
const stored = (id: number, change: Partial<ShiftBody>): Shift => ({ ...keeping, ...body, id, ...change });
const span = (day: string, from: string, to: string) => ({ from: momentOf(day, from), until: momentOf(day, to), reason: '' });

const check = (
	change: Partial<ShiftBody>,
	{ shifts = [] as Shift[], staff = [person(1, ['driver']), person(2, ['nurse'])], fleet = [van()] } = {},
) =>
	checkShift({ ...body, ...change }, null, { shifts, staff, fleet }, '2026-11-23').map(({ kind, days, minutes }) => [
		kind,
		days.length,
		minutes,
	]);

describe('a shift against the law and the others', () => {
	test('as it should be', () => expect(check({})).toEqual([]));
	test.each([
		[
			{ rest: { minutes: 30, between: ['11:30', '13:30'] } },
			[
				['rest-too-short', 0, 30],
				['day-too-long', 0, 15],
			],
		],
		[{ rest: { minutes: 45, between: ['17:00', '18:00'] } }, [['rest-outside-hours', 0, null]]],
		[{ rest: { minutes: 45, between: ['12:00', '12:30'] } }, [['rest-outside-hours', 0, null]]],
		[{ hours: ['08:30', '14:30'], rest: { minutes: 0, between: ['12:00', '13:00'] } }, []],
		[{ hours: ['08:30', '18:30'], rest: { minutes: 60, between: ['12:00', '14:00'] } }, [['day-too-long', 0, 60]]],
		[
			{ driver: null, nurse: null },
			[
				['no-driver', 0, null],
				['no-nurse', 0, null],
			],
		],
		[{ driver: 2 }, [['staff-role', 0, null]]],
	] as [Partial<ShiftBody>, unknown[]][])('%j: %j', (change, expected) => expect(check(change)).toEqual(expected));

	test('who may do both fills the empty place', () => {
		const staff = [person(1, ['driver']), person(2, ['nurse', 'driver'])];
		expect(check({ driver: null }, { staff })).toEqual([]);
	});
	test('a van or person twice, and only on days and at hours that meet', () => {
		expect(check({}, { shifts: [stored(9, { weekdays: [2] })] })).toEqual([
			['vehicle-twice', 1, null],
			['staff-twice', 1, null],
			['staff-twice', 1, null],
		]);
		expect(check({}, { shifts: [stored(9, { hours: ['17:15', '19:00'] })] })).toEqual([]);
		expect(
			check({}, { shifts: [stored(9, { except: ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'] })] }),
		).toEqual([]);
	});
	test('out of service, absent: where it touches the hours', () => {
		expect(check({}, { fleet: [van([{ ...span('2026-11-25', '06:00', '09:00') }])] })).toEqual([['vehicle-out', 1, null]]);
		expect(check({}, { fleet: [van([{ from: momentOf('2026-11-26', '18:00'), until: null, reason: '' }])] })).toEqual([
			['vehicle-out', 1, null],
		]);
		const staff = [
			person(1, ['driver'], { absences: [span('2026-11-24', '18:00', '20:00')] }),
			person(2, ['nurse'], { absences: [span('2026-11-24', '00:00', '24:00')] }),
		];
		expect(check({}, { staff })).toEqual([['staff-absent', 1, null]]);
	});
});

test('the rest that the law asks for', () => {
	expect([360, 361, 480, 481].map(legalRest)).toEqual([0, 45, 45, 60]);
});

test('days of a shift, parts of days, hours of a doctor', () => {
	expect(shiftOn(body, '2026-11-28')).toBe(false);
	expect(shiftOn({ ...body, except: ['2026-11-24'] }, '2026-11-24')).toBe(false);
	expect(partOfDay(span('2026-11-24', '09:00', '12:00'), '2026-11-24')).toEqual([540, 720]);
	expect(partOfDay(span('2026-11-24', '09:00', '24:00'), '2026-11-25')).toBeNull();
	expect(partOfDay({ from: momentOf('2026-11-20', '00:00'), until: null }, '2026-11-24')).toEqual([0, 1440]);
	const doctor = {
		weekly: [{ weekdays: [2], hours: [['13:00', '16:00'] as [string, string]] }],
		extra: [{ date: '2026-11-24', hours: [['09:00', '10:00'] as [string, string]] }],
		span: { from: '2026-11-20', until: '2026-11-30' },
	};
	expect(doctorHours(doctor, '2026-11-24')).toEqual([
		{ hours: [540, 600], extra: true },
		{ hours: [780, 960], extra: false },
	]);
	expect(doctorHours(doctor, '2026-12-01')).toEqual([]);
});
