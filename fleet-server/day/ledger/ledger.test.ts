import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServiceClock, type ServiceClock } from '../../clock.ts';
import { calendarOf } from '../../registry/index.ts';
import { openRecords } from '../../store/database.ts';
import { vanStore } from '../../store/vans.ts';
import { VehicleRegistry } from '../../store/vehicle-registry.ts';
import { vehicleStore } from '../../store/vehicle-store.ts';
import { quiet, temporaryFolder } from '../../test-support.ts';
import { Publications } from '../publications.ts';
import { BASE, draftOf, LAT, MINUTE, routeOf } from '../test-plan.ts';
import { Ledger } from './ledger.ts';
import { ledgerStore } from './store.ts';

const TODAY = '2026-11-24';
const start = Date.parse(`${TODAY}T08:30:00+09:00`);
const at = (minute: number): number => start + minute * MINUTE;

let folder: ReturnType<typeof temporaryFolder>;
let database: DatabaseSync;
let registry: VehicleRegistry;
let clock: ServiceClock;
let publications: Publications;
let ledger: Ledger;
beforeEach(() => {
	folder = temporaryFolder();
	database = openRecords(join(folder.path, 'junkai.db'));
	registry = new VehicleRegistry(vehicleStore(database), vanStore(database), quiet);
	clock = createServiceClock({ clockStart: `${TODAY}T11:00:00+09:00`, clockSpeed: 1, clockFrom: undefined });
	publications = new Publications({ database, registry, clock, calendar: calendarOf('Asia/Tokyo'), log: quiet });
	ledger = ledgerOf();
	publications.publish({ days: [{ date: TODAY, draft: draftOf([routeOf('van-1', start)]) }], by: 'mori', base: null });
});
afterEach(() => {
	publications.stop();
	registry.stop();
	database.close();
	folder.remove();
});
const ledgerOf = () =>
	new Ledger({ store: ledgerStore(database), publications, clock, isCancelled: (visit) => visit === 4, log: quiet });
const stopsOf = () => publications.current()!.routes[0]!.stops;

test('positions that come late tell of a visit that was made without signal', () => {
	// Nothing was heard of the van from the base to its last stop but one.
	publications.report('van-1', 4, true, at(115));
	expect(ledger.entry(1)).toBeUndefined();
	const fix = (minute: number, change = {}) => ({ time: at(minute), lat: LAT, lon: 135.5502, speed: 0.2, ...change });
	ledger.lateFix('van-1', fix(9, { speed: 9 }));
	for (let minute = 10; minute < 18; minute++) ledger.lateFix('van-1', fix(minute));
	expect(ledger.entry(1)).toBeUndefined();
	for (let minute = 18; minute <= 33; minute++) ledger.lateFix('van-1', fix(minute));
	ledger.lateFix('van-1', fix(40, { lon: BASE }));
	expect(ledger.entry(1)).toEqual({
		visit: 1,
		vehicle: 'van-1',
		state: 'done',
		reason: null,
		began: at(10),
		ended: at(33),
		source: 'position',
	});
	expect(ledger.times('van-1', stopsOf()[1]!)).toEqual({ arrived: at(10), left: at(33) });
	// What the crew tells goes before what was made of it.
	ledger.report('van-1', { state: 'not-done', visit: 1, reason: 'patient-absent', time: at(20) }, 'crew', 'crew');
	ledger.lateFix('van-1', fix(34));
	expect(ledger.entry(1)).toMatchObject({ state: 'not-done', reason: 'patient-absent', source: 'crew' });
});

test('a van with an older plan tells of the stops of that one', () => {
	const mended = routeOf('van-1', start, [9, 3, 4]);
	const [first, ...others] = mended.stops;
	const without = { ...mended, stops: [first!, ...others.slice(2)] };
	publications.publish({ days: [{ date: TODAY, draft: draftOf([without]) }], by: 'sato', mend: true, base: 1 });
	const time = at(95);
	// Stop 3 of the first plan (visit 3) is the second of the second.
	ledger.report('van-1', { state: 'arrived', stop: 3, revision: 1, time }, 'crew', 'crew');
	expect(publications.current()?.routes[0]).toMatchObject({ next: 1, reached: true });
	ledger.report('van-1', { state: 'departed', stop: 1, revision: 2, time: at(106) }, 'crew', 'crew');
	expect(publications.current()?.routes[0]).toMatchObject({ next: 2, reached: false });
	// A stop that is gone changes nothing of how far the van is.
	ledger.report('van-1', { state: 'arrived', stop: 1, revision: 1, time: at(9) }, 'crew', 'crew');
	expect(publications.current()?.routes[0]).toMatchObject({ next: 2, reached: false });
	const unknown = () => ledger.report('van-1', { state: 'arrived', stop: 1, revision: 8, time }, 'crew', 'crew');
	expect(unknown).toThrow('the route of van-1 of plan 8 is not known');
});

test('a delay holds until the van arrives, over a restart too', () => {
	ledger.report('van-1', { state: 'departed', stop: 0, time: at(1) }, 'crew', 'crew');
	ledger.report('van-1', { state: 'delayed', minutes: 15, time: at(5) }, 'crew', 'crew');
	expect(ledger.delay('van-1')).toBe(15);
	expect(ledgerOf().delay('van-1')).toBe(15);
	publications.report('van-1', 1, true, at(20));
	expect(ledger.delay('van-1')).toBe(0);
	expect(ledgerOf().delay('van-1')).toBe(0);
});

test('reports told late and twice, in any order, end in the same', () => {
	const told = [
		{ state: 'done', visit: 1, time: at(34) },
		{ state: 'started', visit: 1, time: at(10) },
		{ state: 'done', visit: 1, time: at(34) },
		{ state: 'arrived', stop: 1, time: at(9) },
	] as const;
	for (const report of told) ledger.report('van-1', report, 'crew', 'crew');
	expect(ledger.entry(1)).toMatchObject({ state: 'done', ended: at(34) });
	expect(ledger.times('van-1', stopsOf()[1]!).arrived).toBe(at(9));
	expect(publications.current()?.routes[0]).toMatchObject({ next: 1, reached: true });
});

test('a visit that was not done stays so in a plan that is mended, until it is taken up again', () => {
	ledger.report('van-1', { state: 'not-done', visit: 3, reason: 'no-time', time: at(100) }, 'crew', 'crew');
	publications.publish({ days: [{ date: TODAY, draft: draftOf([routeOf('van-1', start)]) }], by: 'sato', mend: true, base: 1 });
	expect(ledger.states(publications.current()).find(({ visit }) => visit === 3)).toEqual({ visit: 3, state: 'not-done' });
	ledger.tryAgain(3);
	expect(ledger.states(publications.current()).find(({ visit }) => visit === 3)).toEqual({ visit: 3, state: 'planned' });
});

test('a visit that was called off is not made by a van that stands there', () => {
	publications.report('van-1', 4, true, at(115));
	expect(ledger.entry(4)).toBeUndefined();
	publications.report('van-1', 4, false, at(131));
	expect(ledger.entry(4)).toBeUndefined();
	// A crew that has made it all the same is believed.
	ledger.report('van-1', { state: 'done', visit: 4, time: at(130) }, 'crew', 'crew');
	expect(ledger.entry(4)).toMatchObject({ state: 'done', source: 'crew' });
});

test('a crew that made a visit before it heard that another van was to come is believed', () => {
	const [own, other] = [routeOf('van-1', start), routeOf('van-2', start, [21, 22, 23])];
	const moved = own.stops[1]!.visits[0]!.visit;
	const without = { ...own, stops: own.stops.filter(({ visits }) => visits.every(({ visit }) => visit !== moved)) };
	const withIt = { ...other, stops: [other.stops[0]!, own.stops[1]!, ...other.stops.slice(1)] };
	publications.publish({ days: [{ date: TODAY, draft: draftOf([without, withIt]) }], by: 'sato', mend: true, base: 1 });
	const done = { state: 'done', visit: moved, time: at(34) } as const;
	expect(() => ledger.report('van-1', done, 'crew', 'crew')).toThrow(/not on the route of van-1: it is on that of van-2/);
	ledger.report('van-1', { ...done, revision: 1 }, 'crew', 'crew');
	expect(ledger.entry(moved)).toMatchObject({ vehicle: 'van-1', state: 'done', source: 'crew' });
});

test('what a crew tells when its day is over goes before the guess at the end of that day', () => {
	clock.set({ now: start + 24 * 60 * MINUTE });
	const later = () => {
		publications.stop();
		publications = new Publications({ database, registry, clock, calendar: calendarOf('Asia/Tokyo'), log: quiet });
		return (ledger = ledgerOf());
	};
	const heard: unknown[] = [];
	later().on('visit', (visit, entry, date) => heard.push([visit, entry?.state, date]));
	expect(ledger.settle().map(({ visit }) => visit)).toContain(1);
	heard.length = 0;
	ledger.report('van-1', { state: 'started', visit: 1, time: at(10) }, 'crew', 'crew');
	ledger.report('van-1', { state: 'done', visit: 1, time: at(34) }, 'crew', 'crew');
	ledger.report('van-1', { state: 'departed', stop: 1, time: at(36) }, 'crew', 'crew');
	expect(ledgerStore(database).entries(TODAY).get(1)).toEqual({
		visit: 1,
		vehicle: 'van-1',
		state: 'done',
		reason: null,
		began: at(10),
		ended: at(34),
		source: 'crew',
	});
	expect(heard.at(-1)).toEqual([1, 'done', TODAY]);
	expect(() => ledger.report('van-1', { state: 'done', visit: 999, time: at(34) }, 'crew', 'crew')).toThrow(
		/999 was not on the route/,
	);
	// The day that runs now knows nothing of it.
	expect(ledger.entries()).toEqual([]);
});
