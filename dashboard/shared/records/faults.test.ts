import { doctorBody, fleetVehicleBody, patientBody, requestBody, shiftBody, staffBody } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { en } from '../i18n/en.ts';
import { ja } from '../i18n/ja.ts';
import { faultKinds, faultsOf, noMoment, serverFaults } from './faults.ts';

const faults = (schema: z.ZodType, body: unknown): Record<string, unknown> => {
	const parsed = schema.safeParse(body);
	return parsed.success ? {} : Object.fromEntries(faultsOf(parsed.error, body));
};

test('every kind of fault has its words in both languages, and no words are left over', () => {
	for (const catalogue of [en, ja]) {
		expect(Object.keys(catalogue.registry.fault).toSorted((a, b) => a.localeCompare(b))).toEqual(
			[...faultKinds].toSorted((a, b) => a.localeCompare(b)),
		);
	}
});

describe('what the schemas find', () => {
	const shift = {
		vehicle: 'van-1',
		driver: null,
		nurse: null,
		from: '2026-11-24',
		until: '2026-11-24',
		weekdays: [2],
		except: [],
		hours: ['08:30', '17:00'],
		rest: { minutes: 45, between: ['11:30', '13:30'] },
		surge: false,
	};
	test.each([
		[{ vehicle: null }, { vehicle: { kind: 'missing' } }],
		[{ vehicle: '３号車' }, { vehicle: { kind: 'vehicle-id' } }],
		[{ from: '' }, { from: { kind: 'missing' } }],
		[{ from: '来週' }, { from: { kind: 'not-a-date' } }],
		[{ until: '2026-11-23' }, { until: { kind: 'date-order' } }],
		[
			{ until: '2026-11-23', weekdays: [] },
			{ weekdays: { kind: 'weekday' }, until: { kind: 'date-order' } },
		],
		[{ hours: ['17:00', '08:30'] }, { hours: { kind: 'time-order' } }],
		[{ hours: ['', '08:30'] }, { 'hours.0': { kind: 'missing' } }],
		[{ hours: ['朝', '08:30'] }, { 'hours.0': { kind: 'not-a-time' } }],
		[{ rest: { minutes: null, between: ['11:30', '13:30'] } }, { 'rest.minutes': { kind: 'missing' } }],
		[{ rest: { minutes: '一時間', between: ['11:30', '13:30'] } }, { 'rest.minutes': { kind: 'not-a-number' } }],
		[{ rest: { minutes: 1.5, between: ['11:30', '13:30'] } }, { 'rest.minutes': { kind: 'whole-number' } }],
		[{ rest: { minutes: 200, between: ['11:30', '13:30'] } }, { 'rest.minutes': { kind: 'too-big', most: 180 } }],
	])('of a shift with %j: %j', (change, expected) => {
		expect(faults(shiftBody, { ...shift, ...change })).toMatchObject(expected);
	});

	test('nothing in any form ends as a fault without a meaning, when all of it is empty', () => {
		for (const schema of [patientBody, requestBody, fleetVehicleBody, staffBody, shiftBody, doctorBody]) {
			const found = Object.values(faults(schema, {})) as { kind: string }[];
			expect(found.length).toBeGreaterThan(3);
			expect(found.filter(({ kind }) => kind === 'wrong')).toEqual([]);
		}
	});

	test('a moment that cannot be read is no day', () => {
		const found = faults(staffBody, { absences: [{ from: noMoment, until: 5, reason: '' }] });
		expect(found['absences.0.from']).toEqual({ kind: 'not-a-date' });
	});
});

test('what the server says is said in words that are known, and otherwise as a refusal', () => {
	const problem = (field: string, message: string) => ({ type: '', title: '', status: 422, errors: [{ field, message }] });
	const kindOf = (message: string) => serverFaults(problem('place.settlement', message)).get('place.settlement')?.kind;
	expect(kindOf('the region has no settlement "S9"')).toBe('unknown-place');
	expect(kindOf('本宮 has no named meeting place; choose another or the home')).toBe('no-meeting-place');
	expect(kindOf('there is no patient 7')).toBe('unknown-record');
	expect(kindOf('"van-1" is the name of vehicle of the fleet 1 already')).toBe('taken');
	expect(kindOf('none of these days of the week lies between the first and the last day')).toBe('no-date-fits');
	expect(kindOf('something new')).toBe('refused');
	expect(serverFaults(problem('hours[0][1]', 'expected a time such as 08:30')).get('hours.0.1')?.kind).toBe('not-a-time');
	expect(serverFaults(null).size).toBe(0);
});
