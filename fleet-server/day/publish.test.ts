/** Publishing from plans in the making: who was faster, what holds when, and what was driven already. */
import { join } from 'node:path';
import type { PlanDraft, PlannedRoute } from '@junkai/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServiceClock } from '../clock.ts';
import { calendarOf } from '../registry/index.ts';
import { openRecords } from '../store/database.ts';
import { vanStore } from '../store/vans.ts';
import { VehicleRegistry } from '../store/vehicle-registry.ts';
import { vehicleStore } from '../store/vehicle-store.ts';
import { quiet, temporaryFolder } from '../test-support.ts';
import { carriedOver } from './carry.ts';
import { Publications } from './publications.ts';
import { draftOf, MINUTE, routeOf } from './test-plan.ts';

const TODAY = '2026-11-24';
const start = Date.parse(`${TODAY}T08:30:00+09:00`);
const DAY = 24 * 60 * MINUTE;

let folder: ReturnType<typeof temporaryFolder>;
let publications: Publications;
let close: () => void;
beforeEach(() => {
	folder = temporaryFolder();
	const database = openRecords(join(folder.path, 'junkai.db'));
	const registry = new VehicleRegistry(vehicleStore(database), vanStore(database), quiet);
	const clock = createServiceClock({ clockStart: `${TODAY}T08:00:00+09:00`, clockSpeed: 1, clockFrom: undefined });
	publications = new Publications({ database, registry, clock, calendar: calendarOf('Asia/Tokyo'), log: quiet });
	close = () => {
		publications.stop();
		registry.stop();
		database.close();
	};
});
afterEach(() => {
	close();
	folder.remove();
});

const dayOf = (offset: number, visits: [number, number, number] = [1, 3, 4]) => ({
	date: `2026-11-${24 + offset}`,
	draft: draftOf([routeOf('van-1', start + offset * DAY, visits)]),
});

test('a publication of a week holds day by day, and a later one replaces only its own days', () => {
	const first = publications.publish({ days: [dayOf(0), dayOf(1), dayOf(2)], by: 'mori', note: '今週', board: null, base: null });
	expect(first).toMatchObject({
		revision: 1,
		by: 'mori',
		note: '今週',
		mend: false,
		days: ['2026-11-24', '2026-11-25', '2026-11-26'],
	});
	const heard: number[] = [];
	publications.on('plan', (revision) => heard.push(revision));
	publications.publish({ days: [dayOf(1, [11, 13, 14])], by: 'sato', base: 1 });
	expect(heard).toEqual([]);
	expect(publications.planOf('2026-11-25')).toMatchObject({ revision: 2, routes: [{ stops: { 1: { visits: [{ visit: 11 }] } } }] });
	expect(publications.planOf('2026-11-26')?.revision).toBe(1);
	expect(publications.current()).toMatchObject({ revision: 1 });
	expect(publications.planOf('2026-11-27')).toBeNull();
	publications.publish({ days: [dayOf(0)], by: 'sato', base: 2 });
	expect(heard).toEqual([3]);
	expect(publications.list().map(({ revision, by }) => [revision, by])).toEqual([
		[3, 'sato'],
		[2, 'sato'],
		[1, 'mori'],
	]);
});

test('who did not see the newest publication is told who made it, and nothing is published', () => {
	publications.publish({ days: [dayOf(0)], by: 'mori', base: null });
	for (const base of [null, 7]) {
		expect(() => publications.publish({ days: [dayOf(0)], by: 'sato', base })).toThrow(
			/^mori published plan 1 at 2026-11-24 08:00:\d\d \(service time\)/,
		);
	}
	expect(publications.newest).toBe(1);
	expect(() => publications.publish({ days: [], by: 'sato', base: 1 })).toThrow('there is no day');
});

test('what was driven stays driven when the day is mended, whether the new plan holds the old stops or not', () => {
	publications.publish({ days: [dayOf(0)], by: 'mori', base: null });
	publications.report('van-1', 0, false, start);
	publications.report('van-1', 1, true, start + 9 * MINUTE);
	publications.report('van-1', 1, false, start + 35 * MINUTE);
	expect(publications.current()?.routes[0]).toMatchObject({ next: 2, reached: false });
	// Visit 3 goes, visit 9 comes; the draft knows nothing of the morning.
	const mended = routeOf('van-1', start, [1, 9, 4]);
	publications.publish({ days: [{ date: TODAY, draft: draftOf([mended]) }], by: 'sato', mend: true, base: 1 });
	expect(publications.current()?.routes[0]).toMatchObject({ next: 2, reached: false });
	// Stops that were driven are not in this one: what it says of itself holds.
	const rest: PlannedRoute = { ...mended, stops: mended.stops.slice(2), next: 0, reached: true };
	const carried = carriedOver(draftOf([rest]), publications.current()!);
	expect(carried.routes[0]).toMatchObject({ next: 0, reached: true });
});

test('a stop where the van stands is reached in the new plan too', () => {
	const old = draftOf([{ ...routeOf('van-1', start), next: 3, reached: true }]);
	const carried = carriedOver(draftOf([routeOf('van-1', start, [1, 3, 5])]), old);
	expect(carried.routes[0]).toMatchObject({ next: 3, reached: true });
	const moved: PlanDraft = draftOf([routeOf('van-1', start), routeOf('van-2', start, [21, 23, 24])]);
	expect(carriedOver(moved, old).routes.map(({ next, reached }) => [next, reached])).toEqual([
		[3, true],
		[0, true],
	]);
});

test('a visit that could not be made is tried again by another van: nothing of it is driven yet', () => {
	// Van-1 has passed visit 3; van-2 is to make it, and van-1 once more in the evening.
	const old = draftOf([{ ...routeOf('van-1', start), next: 4, reached: false }, routeOf('van-2', start, [21, 23, 24])]);
	const evening = routeOf('van-1', start + 300 * MINUTE, [31, 33, 3]);
	const first = routeOf('van-1', start);
	const again: PlannedRoute = { ...first, stops: [...first.stops.slice(0, 4), ...evening.stops.slice(1)] };
	const carried = carriedOver(draftOf([again, routeOf('van-2', start, [21, 23, 3])]), old);
	expect(carried.routes.map(({ next, reached }) => [next, reached])).toEqual([
		[4, false],
		[0, true],
	]);
});

test('a crew may tell of stops ahead, never take back what was driven', () => {
	publications.publish({ days: [dayOf(0)], by: 'mori', base: null });
	const told: [number, boolean][] = [];
	publications.on('progress', ({ next, reached }) => told.push([next, reached]));
	publications.report('van-1', 1, true, start);
	publications.report('van-1', 0, false, start);
	publications.report('van-1', 1, true, start);
	publications.report('van-1', 4, false, start);
	publications.report('van-1', 2, true, start);
	publications.report('van-1', 5, false, start);
	expect(told).toEqual([
		[1, true],
		[5, false],
		[5, true],
	]);
});

test('a plan that ends before it begins is refused', () => {
	const { draft } = dayOf(0);
	expect(() => publications.publishDraft({ ...draft, to: draft.from - DAY }, 'mori')).toThrow('ends before it begins');
});
