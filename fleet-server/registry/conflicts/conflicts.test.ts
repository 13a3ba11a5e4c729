import type { DoctorBody, FleetVehicleBody, ResourceConflict, ShiftBody, StaffBody } from '@junkai/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bodyOf } from '../index.ts';
import {
	doctorOf,
	openTestRecords,
	patientOf,
	requestOf,
	shiftOf,
	staffOf,
	TODAY,
	vehicleOf,
	type TestRecords,
} from '../test-records.ts';
import { conflictsBetween } from './index.ts';
import { leastRest } from './shifts.ts';

let kept: TestRecords;
beforeEach(() => {
	kept = openTestRecords();
});
afterEach(() => kept.remove());

const at = (time: string, date = TODAY) => Date.parse(`${date}T${time}:00+09:00`);
const vehicle = (name: string, change: Partial<FleetVehicleBody> = {}) =>
	kept.records.keep({ kind: 'fleet-vehicle', op: 'create', body: vehicleOf(name, { name, ...change }) }, 'a');
const staff = (family: string, change: Partial<StaffBody> = {}) =>
	kept.records.keep({ kind: 'staff', op: 'create', body: staffOf({ name: { family, given: '健' }, ...change }) }, 'a');
const nurse = (family: string, change: Partial<StaffBody> = {}) => staff(family, { roles: ['nurse'], ...change });
/** Eight hours of work on this Tuesday only, unless told otherwise. */
const shift = (name: string, driver: number | null, with_: number | null, change: Partial<ShiftBody> = {}) =>
	kept.records.keep(
		{
			kind: 'shift',
			op: 'create',
			body: shiftOf(name, driver, with_, { from: TODAY, until: TODAY, hours: ['08:30', '17:30'], ...change }),
		},
		'a',
	);
const conflicts = (from = TODAY, until = TODAY, surge = false) => conflictsBetween(kept.records, from, until, surge);
/** In one line each: kind, severity, day, minutes, about whom. */
const brief = (all: readonly ResourceConflict[]) =>
	all.map(({ kind, severity, date, minutes, about }) =>
		[kind, severity, date, minutes, ...about.map((one) => `${one.kind} ${one.name}`)].join(' | '),
	);

async function crew(name = 'v1') {
	const made = { vehicle: await vehicle(name), driver: await staff('運転'), nurse: await nurse('看護') };
	return made;
}

test('a crew whose shift is as the law wants it has no conflict', async () => {
	const { driver, nurse: other } = await crew();
	await shift('v1', driver.id, other.id, { from: '2026-11-22', until: '2026-11-28' });
	expect(await conflicts('2026-11-01', '2026-12-31')).toEqual([]);
});

describe('a shift', () => {
	test('without a nurse, without a driver; a nurse who drives is both', async () => {
		const { driver, nurse: other } = await crew();
		const both = await staff('両方', { roles: ['nurse', 'driver'] });
		await shift('v1', driver.id, null);
		await shift('v1', null, other.id, { hours: ['18:00', '19:00'], rest: { minutes: 0, between: ['18:00', '19:00'] } });
		await shift('v1', null, both.id, { hours: ['19:00', '20:00'], rest: { minutes: 0, between: ['19:00', '20:00'] } });
		expect(brief(await conflicts())).toEqual([
			'no-nurse | error |  |  | shift v1 08:30–17:30',
			'no-driver | error |  |  | shift v1 18:00–19:00',
		]);
	});

	test('with people who are not trained for it', async () => {
		const { driver, nurse: other } = await crew();
		await shift('v1', other.id, driver.id);
		expect(brief(await conflicts())).toEqual([
			'staff-role | error |  |  | staff 看護 健 | shift v1 08:30–17:30',
			'staff-role | error |  |  | staff 運転 健 | shift v1 08:30–17:30',
		]);
	});

	test.each([
		[6 * 60, 0],
		[6 * 60 + 1, 45],
		[8 * 60, 45],
		[8 * 60 + 1, 60],
	])('of %i minutes of work takes %i minutes of rest', (work, rest) => {
		expect(leastRest(work)).toBe(rest);
	});

	test.each([
		['08:30', '17:15', 45, null],
		['08:30', '17:16', 45, 15],
		['08:30', '14:30', 0, null],
		['08:30', '14:31', 0, 45],
		['08:30', '15:00', 30, null],
	] as const)('%s to %s with a rest of %i minutes lacks %s', async (from, to, minutes, lacks) => {
		const { driver, nurse: other } = await crew();
		await shift('v1', driver.id, other.id, { hours: [from, to], rest: { minutes, between: ['11:00', '14:00'] } });
		const found = (await conflicts()).filter(({ kind }) => kind === 'rest-too-short');
		expect(found.map(({ minutes: missing }) => missing)).toEqual(lacks === null ? [] : [lacks]);
	});

	test('whose rest lies outside of it, or has no room', async () => {
		const { driver, nurse: other } = await crew();
		await shift('v1', driver.id, other.id, { rest: { minutes: 60, between: ['17:00', '18:30'] } });
		await shift('v1', driver.id, other.id, {
			from: '2026-11-25',
			until: '2026-11-25',
			rest: { minutes: 60, between: ['12:00', '12:45'] },
		});
		expect(brief(await conflicts('2026-11-24', '2026-11-25'))).toEqual([
			'rest-outside-hours | error |  | 30 | shift v1 08:30–17:30',
			'rest-outside-hours | error |  | 15 | shift v1 08:30–17:30',
		]);
	});
});

describe('a day', () => {
	test('on which somebody, or a vehicle, is in two shifts at once', async () => {
		const { driver, nurse: other } = await crew();
		await vehicle('v2');
		const others = [await staff('運転二'), await nurse('看護二')] as const;
		await shift('v1', driver.id, other.id);
		await shift('v2', driver.id, others[1].id, { hours: ['17:00', '19:00'], rest: { minutes: 0, between: ['17:00', '19:00'] } });
		await shift('v1', others[0].id, null, {
			hours: ['17:15', '18:00'],
			rest: { minutes: 0, between: ['17:15', '18:00'] },
			except: ['2026-11-25'],
		});
		const found = (await conflicts()).filter(({ kind }) => kind.endsWith('twice'));
		expect(brief(found)).toEqual([
			`vehicle-twice | error | ${TODAY} | 15 | vehicle v1 | shift v1 08:30–17:30 | shift v1 17:15–18:00`,
			`staff-twice | error | ${TODAY} | 30 | staff 運転 健 | shift v1 08:30–17:30 | shift v2 17:00–19:00`,
		]);
		expect(await conflicts('2026-11-25', '2026-11-25')).toEqual([]);
	});

	test('on which somebody is absent, or a vehicle out of service: for a part of the shift, or all of it', async () => {
		const driver = await staff('運転', { absences: [{ from: at('16:30'), until: at('20:00'), reason: '' }] });
		const other = await nurse('看護', { absences: [{ from: at('00:00'), until: at('23:00'), reason: '有休' }] });
		await vehicle('v1', { outages: [{ from: at('12:00'), until: null, reason: '車検' }] });
		await shift('v1', driver.id, other.id);
		expect(brief(await conflicts())).toEqual([
			`vehicle-out | warning | ${TODAY} | 330 | vehicle v1 | shift v1 08:30–17:30`,
			`staff-absent | warning | ${TODAY} | 60 | staff 運転 健 | shift v1 08:30–17:30`,
			`staff-absent | error | ${TODAY} | 540 | staff 看護 健 | shift v1 08:30–17:30`,
		]);
	});

	test('longer than eight hours, also over two shifts', async () => {
		const { driver, nurse: other } = await crew();
		const second = await nurse('看護二');
		await shift('v1', driver.id, other.id);
		await shift('v1', driver.id, second.id, { hours: ['18:00', '19:30'], rest: { minutes: 0, between: ['18:00', '19:00'] } });
		expect(brief(await conflicts())).toEqual([`day-too-long | warning | ${TODAY} | 90 | staff 運転 健`]);
	});
});

test('a week longer than forty hours, Sunday to Saturday, even when only a part of it is asked for', async () => {
	const { driver, nurse: other } = await crew();
	const second = await nurse('看護二');
	await shift('v1', driver.id, other.id, { from: '2026-11-22', until: '2026-11-27' });
	await shift('v1', driver.id, second.id, {
		from: '2026-11-28',
		until: '2026-11-29',
		weekdays: [6, 0],
		hours: ['09:00', '12:00'],
		rest: { minutes: 0, between: ['09:00', '12:00'] },
	});
	expect(brief(await conflicts('2026-11-22', '2026-11-30'))).toEqual([
		'week-too-long | warning | 2026-11-22 | 180 | staff 運転 健',
	]);
	expect(brief(await conflicts('2026-11-26', '2026-11-26'))).toEqual([
		'week-too-long | warning | 2026-11-26 | 180 | staff 運転 健',
	]);
	expect(await conflicts('2026-11-29', '2026-12-05')).toEqual([]);
});

test('those who come only in an emergency count when asked for', async () => {
	const { driver, nurse: other } = await crew();
	await shift('v1', driver.id, other.id);
	await shift('v1', driver.id, other.id, {
		surge: true,
		hours: ['17:00', '18:00'],
		rest: { minutes: 0, between: ['17:00', '18:00'] },
	});
	expect(await conflicts()).toEqual([]);
	expect(new Set((await conflicts(TODAY, TODAY, true)).map(({ kind }) => kind))).toEqual(
		new Set(['vehicle-twice', 'staff-twice', 'day-too-long']),
	);
});

describe('the plan', () => {
	/** A follow-up of 25 minutes: the doctor joins for 12 after 8, and 5 remain. */
	async function planned(time: string, doctor: Partial<DoctorBody>, from = TODAY): Promise<string[]> {
		const { records } = kept;
		const made = await records.keep({ kind: 'doctor', op: 'create', body: doctorOf(doctor) }, 'a');
		const patient = await records.keep({ kind: 'patient', op: 'create', body: patientOf() }, 'a');
		const request = await records.keep({ kind: 'request', op: 'create', body: requestOf(patient.id) }, 'a');
		const [visit] = await records.visits.ofRequests([request.id]);
		const begin = at(time, from);
		const plan = { date: from, vehicle: 'v1', from: begin, to: begin + 25 * 60_000, doctor: made.id };
		await records.revise('visit', [visit!.id], (one) => ({ ...bodyOf<'visit'>(one), state: 'planned', planned: plan }), 'a');
		return brief(await conflicts(from, from));
	}

	test('that everybody can keep', async () => {
		const { driver, nurse: other } = await crew();
		await shift('v1', driver.id, other.id);
		expect(await planned('10:00', {})).toEqual([]);
	});

	test('of a vehicle without a shift, or out of service', async () => {
		await vehicle('v1', { outages: [{ from: at('10:10'), until: at('11:00'), reason: '故障' }] });
		expect(await planned('10:00', {})).toEqual([
			`planned-without-shift | error | ${TODAY} |  | vehicle v1 | visit 山本 花子`,
			`planned-while-out | error | ${TODAY} | 15 | vehicle v1 | visit 山本 花子`,
		]);
	});

	test.each([
		['08:52', {}, []],
		['08:45', {}, ['doctor-planned-outside-hours']],
		['11:40', {}, []],
		['11:45', {}, ['doctor-planned-outside-hours']],
		['12:30', {}, ['doctor-planned-outside-hours']],
		['10:00', { span: { from: '2026-11-25', until: '2026-12-01' } }, ['doctor-planned-outside-hours']],
		['10:00', { weekly: [], extra: [{ date: TODAY, hours: [['10:00', '10:30'] as [string, string]] }] }, []],
		['10:00', { absences: [{ from: at('09:00'), until: at('10:08'), reason: '' }] }, []],
		['10:00', { absences: [{ from: at('10:10'), until: at('12:00'), reason: '' }] }, ['doctor-planned-while-absent']],
	] satisfies [string, Partial<DoctorBody>, string[]][])('at %s of a doctor with %j: %j', async (time, doctor, kinds) => {
		const { driver, nurse: other } = await crew();
		await shift('v1', driver.id, other.id);
		expect((await planned(time, doctor)).map((line) => line.split(' | ')[0])).toEqual(kinds);
	});
});
