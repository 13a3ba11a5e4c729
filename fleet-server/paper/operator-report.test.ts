/** Plan and record of a period when some of it has happened. */
import type { Visit } from '@junkai/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placeIndex } from '../coverage/places.ts';
import { placedVisits } from '../coverage/placed-visits.ts';
import { bodyOf, type VisitBody } from '../registry/index.ts';
import { NOW, openTestRecords, requestOf, TODAY, type TestRecords } from '../registry/test-records.ts';
import { operatorReport } from './operator-report.ts';
import { keepDay, region, type TestDay } from './test-day.ts';

let kept: TestRecords;
let day: TestDay;
let visits: Visit[];
const HOUR = 3_600_000;

/** Visits of the day in order: done, not done, cancelled, planned for another day, and the rest as asked for. */
beforeAll(async () => {
	kept = openTestRecords();
	const { records } = kept;
	day = await keepDay(async (kind, body) => (await records.keep({ kind, op: 'create', body } as never, 'test')).id);
	visits = await records.visits.between(TODAY, TODAY);
	const set = (at: number, change: Partial<VisitBody>) =>
		records.revise('visit', [visits[at]!.id], (visit) => ({ ...bodyOf<'visit'>(visit), ...change }), 'test');
	const planned = { date: TODAY, vehicle: 'van-1', from: NOW, to: NOW + HOUR, doctor: day.doctors[0]! };
	const actual = { vehicle: 'van-2', from: NOW + HOUR, to: NOW + 2 * HOUR, source: 'crew' as const };
	await set(0, { state: 'done', planned, actual });
	await set(1, { state: 'not-done', reason: 'road-closed', planned });
	await set(2, { state: 'cancelled' });
	await set(3, { state: 'planned', planned: { ...planned, date: '2027-01-05', doctor: null } });
	// Near no settlement of the region.
	const far = { address: '沖合', settlement: null, location: [135.05, 33.4] as [number, number], precision: 'point' as const };
	const request = requestOf(day.patients[0]!, { place: { kind: 'elsewhere', place: far }, from: TODAY, until: TODAY });
	await records.keep({ kind: 'request', op: 'create', body: request }, 'test');
});
afterAll(() => kept.remove());

const report = (from: string, until: string) => operatorReport({ from, until, made: NOW }, { region, records: kept.records });

test('each visit counts once, by what became of it; what is planned for another period is not in this one', async () => {
	const { totals, services, doctors, vehicles } = await report('2026-11-01', '2026-11-30');
	// 24 visits and the one out at sea: 20 and that one are open, one is done, one not, one cancelled, one is January's.
	expect(totals).toEqual({ days: 1, patients: 2, planned: 2, done: 1, notDone: 1, cancelled: 1, open: 21 });
	expect(services.reduce((sum, { planned }) => sum + planned, 0)).toBe(2);
	expect(doctors.map(({ consults }) => consults)).toEqual([2, 0]);
	expect(vehicles.map(({ days }) => days)).toEqual([1, 0, 0]);
	const january = await report('2027-01-01', '2027-01-31');
	expect(january.totals).toMatchObject({ days: 1, planned: 1, done: 0, open: 0 });
});

test('times are those of what was done, else of the plan; the van is the one that came', async () => {
	const { places } = await report('2026-11-01', '2026-11-30');
	const [placed] = await placedVisits(kept.records, placeIndex(region), [visits[0]!]);
	const place = places.find(({ name, stop }) => name === placed!.settlement!.name && (stop === null) === placed!.atHome)!;
	expect(place.dates).toEqual([{ date: TODAY, from: NOW + HOUR, to: NOW + 2 * HOUR, vehicles: ['van-2'], visits: 1, done: 1 }]);
	// A place that the region does not know has no name here, and a blank on the page.
	expect(places.filter(({ name }) => name === '')).toMatchObject([{ stop: '', open: 1, municipality: { ja: '' } }]);
	expect(places.reduce((sum, { open }) => sum + open, 0)).toBe(21);
});
