import type { PlannedRoute } from '@junkai/contracts';
import { expect, test } from 'vitest';
import { compareDays, type ComparedDay } from './compare.ts';

const hour = 3_600_000;
/** A route with one visit a stop: number, hour at which it begins, doctor. */
const route = (vehicle: string, ...visits: [number, number, number?][]): PlannedRoute => ({
	vehicle,
	distance: 0,
	next: 0,
	reached: true,
	stops: visits.map(([visit, at, doctor]) => ({
		kind: 'visits' as const,
		location: [135.5, 33.8] as [number, number],
		name: { ja: '本宮', en: 'Hongu' },
		municipality: null,
		arrival: at * hour,
		departure: (at + 1) * hour,
		visits: [
			{
				visit,
				need: 'follow-up' as const,
				from: at * hour,
				to: (at + 1) * hour,
				consult: doctor === undefined ? null : { doctor, from: at * hour, to: (at + 1) * hour },
			},
		],
		meetingPoint: false,
		way: null,
	})),
});
const day = (date: string, ...routes: PlannedRoute[]): ComparedDay => ({ date, draft: { routes } });
const dates = new Set(['2026-11-24', '2026-11-25']);

test('each visit by its weightiest difference, those that go or come first', () => {
	const before = [
		day('2026-11-24', route('van-1', [1, 9], [2, 10, 7], [3, 11], [8, 14]), route('van-2', [4, 9])),
		day('2026-11-25', route('van-1', [5, 9])),
	];
	const after = [
		day('2026-11-24', route('van-1', [1, 9.05], [2, 10, 8], [5, 12], [8, 14.5]), route('van-2', [3, 11.5], [6, 15])),
		day('2026-11-25', route('van-1')),
	];
	const { changes, same } = compareDays(before, after, dates, (visit) => visit * 10);
	expect(changes.map(({ visit, kind }) => [visit, kind])).toEqual([
		[4, 'removed'],
		[6, 'added'],
		[5, 'day'],
		[3, 'vehicle'],
		[2, 'doctor'],
		[8, 'time'],
	]);
	expect(same).toBe(1);
	expect(changes[0]).toMatchObject({ patient: 40, before: { vehicle: 'van-2', date: '2026-11-24' }, after: null });
});

test('days that are not asked for do not count, but a visit that moves out of one of those asked for does', () => {
	const before = [day('2026-11-24', route('van-1', [1, 9])), day('2026-11-25', route('van-1', [2, 9]))];
	const after = [day('2026-11-24', route('van-1')), day('2026-11-25', route('van-1', [1, 9]))];
	const { changes } = compareDays(before, after, new Set(['2026-11-24']), () => null);
	expect(changes.map(({ visit, kind }) => [visit, kind])).toEqual([[1, 'day']]);
});

test('a plan against itself: nothing', () => {
	const plan = [day('2026-11-24', route('van-1', [1, 9], [2, 10]))];
	expect(compareDays(plan, plan, dates, () => null)).toEqual({ changes: [], same: 2 });
});
