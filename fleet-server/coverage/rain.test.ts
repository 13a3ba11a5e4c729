import { loadRegion, type Region, type Scenario } from '@junkai/regions';
import { expect, test } from 'vitest';
import { rainAt, rainCourse } from './rain.ts';

const region = loadRegion();
const typhoon = region.scenarios.find(({ id }) => id === 'typhoon')!;

const rule = (id: string, continuousMm: number): Region['closures'][number] => {
	const { hourMm: _hour, ...rest } = region.closures[0]!;
	return { ...rest, id, continuousMm };
};
/** A region of three rules, so that the course can be told by hand. */
const small: Region = { ...region, closures: [rule('by-sum', 20), { ...rule('by-hour', 100), hourMm: 15 }, rule('late', 40)] };
const scenario = (hourlyMm: number[]): Scenario => ({ ...typhoon, hourlyMm, dryBelowMm: 1, reopenAfterHours: 3 });

test('sections close by sum and by hour, once each, and open together after the dry hours', () => {
	const course = rainCourse(small, scenario([5, 16, 16, 4]));
	expect(course.steps).toEqual([
		{ hour: 2, closes: ['by-sum', 'by-hour'], opens: [] },
		{ hour: 4, closes: ['late'], opens: [] },
		{ hour: 7, closes: [], opens: ['by-sum', 'by-hour', 'late'] },
	]);
	expect(course.hours.at(-1)).toEqual({ hour: 7, mm: 0, hourMm: 0 });
	expect(rainAt(course, 1.9).closed).toEqual([]);
	expect(rainAt(course, 2)).toEqual({ hour: 2, mm: 21, hourMm: 16, closed: ['by-sum', 'by-hour'] });
	expect(rainAt(course, 6.5).closed).toEqual(['by-sum', 'by-hour', 'late']);
	expect(rainAt(course, 100).closed).toEqual([]);
});

test('a pause shorter than the dry hours keeps the sum; a longer one begins it anew', () => {
	const short = rainCourse(small, scenario([18, 0, 0, 3]));
	expect(short.steps[0]).toEqual({ hour: 1, closes: ['by-hour'], opens: [] });
	expect(short.steps[1]).toEqual({ hour: 4, closes: ['by-sum'], opens: [] });
	const long = rainCourse(small, scenario([18, 0, 0, 0, 3]));
	expect(long.steps).toEqual([
		{ hour: 1, closes: ['by-hour'], opens: [] },
		{ hour: 4, closes: [], opens: ['by-hour'] },
	]);
});

test.each(region.scenarios)('$id: every threshold that is reached closes, none before, and all open at the end', (one) => {
	const course = rainCourse(region, one);
	const [total, most] = [one.hourlyMm.reduce((sum, mm) => sum + mm, 0), Math.max(...one.hourlyMm)];
	const due = region.closures.filter((each) => (each.continuousMm ?? Infinity) <= total || (each.hourMm ?? Infinity) <= most);
	const closes = course.steps.flatMap((step) => step.closes);
	expect(closes.toSorted()).toEqual(due.map(({ id }) => id).toSorted());
	expect(closes.length).toBeGreaterThan(20);
	for (const step of course.steps) {
		const { mm, hourMm } = course.hours[step.hour]!;
		for (const id of step.closes) {
			const { continuousMm, hourMm: limit } = region.closures.find((each) => each.id === id)!;
			expect(mm >= (continuousMm ?? Infinity) || hourMm >= (limit ?? Infinity)).toBe(true);
		}
	}
	expect(course.steps.at(-1)!.opens.toSorted()).toEqual(closes.toSorted());
	const last = one.hourlyMm.findLastIndex((mm) => mm >= one.dryBelowMm) + 1;
	expect(course.steps.at(-1)!.hour).toBe(last + one.reopenAfterHours);
	expect(rainAt(course, 1000).closed).toEqual([]);
});
