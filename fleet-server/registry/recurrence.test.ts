import type { RequestBody } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../planner/random.ts';
import { addDays, dayNumber, weekdayOf } from './calendar.ts';
import { holdsWeekday, windowsOf, windowsWithoutDay, type VisitWindow } from './recurrence.ts';

type Rhythm = Pick<RequestBody, 'from' | 'until' | 'recurrence'>;
const first = (rhythm: Rhythm, most = 400): VisitWindow[] => windowsOf(rhythm).take(most).toArray();
const days = (window: VisitWindow) => `${window.from} ${window.until}`;

describe('windows of a request', () => {
	test('one visit has the window that it names', () => {
		expect(first({ from: '2026-11-24', until: '2026-11-27', recurrence: null })).toEqual([
			{ nth: 1, from: '2026-11-24', until: '2026-11-27' },
		]);
	});

	test('every two weeks, two days earlier or later, four times', () => {
		const recurrence = { everyDays: 14, times: 4, until: null, tolerance: 2 };
		expect(first({ from: '2026-11-24', until: '2026-11-24', recurrence }).map(days)).toEqual([
			'2026-11-24 2026-11-24',
			'2026-12-06 2026-12-10',
			'2026-12-20 2026-12-24',
			'2027-01-03 2027-01-07',
		]);
	});

	test('windows that would run into each other share the days', () => {
		const recurrence = { everyDays: 7, times: 3, until: null, tolerance: 3 };
		expect(first({ from: '2026-11-23', until: '2026-11-27', recurrence }).map(days)).toEqual([
			'2026-11-23 2026-11-27',
			'2026-11-29 2026-12-05',
			'2026-12-06 2026-12-12',
		]);
	});

	test('the last day of the series cuts the last window', () => {
		const recurrence = { everyDays: 7, times: null, until: '2026-12-08', tolerance: 1 };
		expect(first({ from: '2026-11-24', until: '2026-11-24', recurrence }).map(days)).toEqual([
			'2026-11-24 2026-11-24',
			'2026-11-30 2026-12-02',
			'2026-12-07 2026-12-08',
		]);
	});

	test('of any rhythm are in order, apart, within their bounds and around their day', () => {
		for (let seed = 1; seed <= 600; seed++) {
			const random = createRandom(seed);
			const from = addDays('2026-01-01', random.below(700));
			const everyDays = 1 + random.below(random.below(2) === 0 ? 14 : 366);
			const recurrence = {
				everyDays,
				times: random.below(2) === 0 ? null : 2 + random.below(199),
				until: random.below(2) === 0 ? null : addDays(from, random.below(900)),
				tolerance: random.below(61),
			};
			const rhythm = { from, until: addDays(from, random.below(60)), recurrence };
			const windows = first(rhythm, 100);
			const what = `seed ${seed}: ${JSON.stringify(rhythm)}`;
			expect(windows.length, what).toBeGreaterThan(0);
			expect(windows.length, what).toBeLessThanOrEqual(recurrence.times ?? 100);
			expect(windows[0]!.from, what).toBe(from);
			for (const [n, window] of windows.entries()) {
				expect(window.nth, what).toBe(n + 1);
				expect(window.from <= window.until, what).toBe(true);
				const before = windows[n - 1];
				if (before) expect(before.until < window.from, `${what}: visit ${n + 1} cannot overtake the one before`).toBe(true);
				if (recurrence.until !== null) expect(window.until <= recurrence.until, what).toBe(true);
				const shift = dayNumber(from) + n * everyDays;
				expect(dayNumber(window.from), what).toBeGreaterThanOrEqual(shift - recurrence.tolerance);
				expect(dayNumber(window.until), what).toBeLessThanOrEqual(dayNumber(rhythm.until) + n * everyDays + recurrence.tolerance);
			}
			// None is missing: the series ends by its times, by its last day, or goes on.
			const next = addDays(from, windows.length * everyDays);
			const ended =
				windows.length === recurrence.times || windows.length === 100 || (recurrence.until !== null && next > recurrence.until);
			const squeezed = dayNumber(rhythm.until) - dayNumber(from) > everyDays || recurrence.tolerance > 0;
			expect(ended || (recurrence.until !== null && squeezed), what).toBe(true);
		}
	});
});

describe('days of the week', () => {
	test('a window holds a day of the week or not', () => {
		expect(weekdayOf('2026-11-24')).toBe(2);
		expect(holdsWeekday({ from: '2026-11-24', until: '2026-11-26' }, [1, 5])).toBe(false);
		expect(holdsWeekday({ from: '2026-11-24', until: '2026-11-27' }, [1, 5])).toBe(true);
		expect(holdsWeekday({ from: '2026-11-24', until: '2026-11-30' }, [1])).toBe(true);
		expect(holdsWeekday({ from: '2026-11-24', until: '2026-11-24' }, [])).toBe(true);
	});

	test('which visit would have none', () => {
		const request = { from: '2026-11-24', until: '2026-11-24', weekdays: [2] };
		const every = (everyDays: number, tolerance: number) => ({ everyDays, times: null, until: null, tolerance });
		expect(windowsWithoutDay({ ...request, recurrence: null })).toBeNull();
		expect(windowsWithoutDay({ ...request, weekdays: [3], recurrence: null })).toBe(1);
		expect(windowsWithoutDay({ ...request, recurrence: every(14, 0) })).toBeNull();
		expect(windowsWithoutDay({ ...request, recurrence: every(30, 0) })).toBe(2);
		expect(windowsWithoutDay({ ...request, recurrence: every(30, 3) })).toBeNull();
	});
});
