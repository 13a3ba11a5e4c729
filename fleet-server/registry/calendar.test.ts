import { describe, expect, test } from 'vitest';
import { addDays, calendarOf, datesOf, dayNumber, joined, weekdayOf, without } from './calendar.ts';

const japan = calendarOf('Asia/Tokyo');

describe('days and hours of the region', () => {
	test('are moments, whatever the zone of the machine', () => {
		expect(japan.at('2026-11-24', '08:30')).toBe(Date.parse('2026-11-23T23:30:00Z'));
		expect(japan.at('2026-11-24', '24:00')).toBe(japan.at('2026-11-25', '00:00'));
		expect(japan.at('2026-12-31', '24:00')).toBe(Date.parse('2027-01-01T00:00:00+09:00'));
		expect(japan.dateOf(Date.parse('2026-11-24T14:59:59.999Z'))).toBe('2026-11-24');
		expect(japan.dateOf(Date.parse('2026-11-24T15:00:00Z'))).toBe('2026-11-25');
	});

	test('follow the clock where it is changed in the year', () => {
		const berlin = calendarOf('Europe/Berlin');
		const hours = (date: string) => (berlin.dayOf(date)[1] - berlin.dayOf(date)[0]) / 3_600_000;
		expect([hours('2026-03-28'), hours('2026-03-29'), hours('2026-10-25')]).toEqual([24, 23, 25]);
		expect(berlin.at('2026-03-29', '12:00')).toBe(Date.parse('2026-03-29T10:00:00Z'));
	});

	test('a zone that is not known is refused', () => {
		expect(() => calendarOf('Asia/Wakayama')).toThrow(RangeError);
	});
});

test('days are counted over months, years and leap days', () => {
	expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
	expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
	expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
	expect(dayNumber('1970-01-02')).toBe(1);
	expect(datesOf('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
	expect(datesOf('2026-03-02', '2026-03-01')).toEqual([]);
	expect(datesOf('2026-11-22', '2026-11-28').map(weekdayOf)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('spans are joined, and taken away from each other', () => {
	expect(
		joined([
			[5, 8],
			[1, 3],
			[3, 4],
			[6, 7],
		]),
	).toEqual([
		[1, 4],
		[5, 8],
	]);
	const day: [number, number][] = [
		[0, 10],
		[20, 30],
	];
	expect(without(day, [])).toEqual(day);
	expect(without(day, [[10, 20]])).toEqual(day);
	expect(
		without(day, [
			[3, 5],
			[8, 22],
			[29, Infinity],
		]),
	).toEqual([
		[0, 3],
		[5, 8],
		[22, 29],
	]);
	expect(without(day, [[-1, 40]])).toEqual([]);
});
