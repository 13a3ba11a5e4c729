/** Plans of a day and of a week on the region's own roads, made in the planning thread. */
import type { RoadClosure } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import { addDays } from '../registry/calendar.ts';
import { createRoads } from '../roads/open.ts';
import type { Closure } from '../roads/port.ts';
import { quiet, temporaryFolder } from '../test-support.ts';
import { officeOf, recordsOf, visitOf } from './test-records.ts';
import { calendar, DATE, dayOptions, expectSound, leaksOf, nobody, region, unpacked, usePlanning } from './test-planning.ts';
import { PlanningThread } from './thread.ts';

const office = officeOf(region, { seed: 5, vans: 4, doctors: 4, visits: 28, reachKm: 18, from: DATE });
const records = recordsOf(office);
const closure = (shape: RoadClosure['shape'], from = calendar.at(DATE, '00:00'), until: number | null = null): RoadClosure => ({
	id: 1,
	version: 1,
	updated: 0,
	updatedBy: 'test',
	name: 'test',
	shape,
	from,
	until,
	source: 'drawn',
	reason: '',
});

describe('a day', () => {
	const planning = usePlanning();

	test('is drawn with lanes, figures and reasons, and keeps every rule', async () => {
		const made = await planning.plan(records);
		expectSound(made, records);
		const [day] = made.days;
		expect(day!.lanes.vehicles).toHaveLength(4);
		expect(day!.lanes.vehicles[0]).toMatchObject({ driver: '運転 1', nurse: '看護 1', from: calendar.at(DATE, '08:00') });
		expect(day!.lanes.doctors.map(({ doctor }) => doctor)).toEqual([1, 2, 3, 4]);
		const { measures } = day!;
		const stops = day!.draft.routes.flatMap((route) => route.stops);
		const consults = stops.flatMap(({ visits }) => visits.flatMap(({ consult }) => consult ?? []));
		expect(measures.visits + measures.unassigned).toBe(28);
		expect(measures.visits).toBe(stops.flatMap(({ visits }) => visits).length);
		expect(measures.doctorBusy * 1000).toBe(consults.reduce((sum, { from, to }) => sum + to - from, 0));
		expect(measures.doctorHours).toBeGreaterThan(measures.doctorBusy + measures.doctorGaps);
		const driven = day!.draft.routes.reduce((sum, { distance }) => sum + distance, 0);
		expect(Math.abs(measures.distance - driven)).toBeLessThan(0.01 * driven);
		expect(measures.municipalities.reduce((sum, { need }) => sum + need, 0)).toBe(28);
		expect(measures.cost).toBeCloseTo(made.measures.cost - (made.measures.costs.fairness ?? 0), -1);
		for (const reason of day!.reasons) expect(reason.blocking ?? reason.remedy ?? reason.withheld).not.toBeNull();
	});

	test('a closed road is driven by no van', async () => {
		const before = await planning.plan(records);
		// The middle of the longest drive of the plan.
		const ways = before.days[0]!.draft.routes.flatMap(({ stops }) => stops.flatMap(({ way }) => way ?? []));
		const { coordinates } = ways.toSorted((a, b) => b.distance - a.distance)[0]!.geometry;
		const [lon, lat] = coordinates[Math.floor(coordinates.length / 2)]!;
		const ring = [
			[lon - 0.01, lat - 0.01],
			[lon + 0.01, lat - 0.01],
			[lon + 0.01, lat + 0.01],
			[lon - 0.01, lat + 0.01],
		] as [number, number][];
		const area: Closure[] = [{ id: 'area', polygon: ring }];
		expect(leaksOf(before.days[0]!.draft.routes, area)).not.toEqual([]);
		const after = await planning.plan({ ...records, closures: [closure({ kind: 'polygon', ring })] });
		expectSound(after, records);
		expect(leaksOf(after.days[0]!.draft.routes, area)).toEqual([]);
	});

	test('a truck does not go where the road is too narrow, and the reason says so', async () => {
		const base = region.facilities.find(({ id }) => id === records.fleet[0]!.base)!;
		const places = [[base.lon, base.lat] as const, ...region.settlements.map(({ lon, lat }) => [lon, lat] as const)];
		const [kei, truck] = await Promise.all(
			(['kei', 'truck'] as const).map((vehicle) => planning.roads.table({ places, sources: [0], vehicle })),
		);
		const narrow = region.settlements.findIndex((_, at) => kei!.durations[at + 1]! < 5400 && truck!.durations[at + 1] === Infinity);
		expect(narrow).toBeGreaterThanOrEqual(0);
		const { id, lon, lat, name } = region.settlements[narrow]!;
		const home = { address: name, settlement: id, location: [lon, lat] as [number, number], precision: 'settlement' as const };
		const alone = {
			...records,
			patients: [{ ...records.patients[0]!, home }],
			requests: [{ ...records.requests[0]!, need: 'blood-test' as const, hours: null }],
			visits: [visitOf(1, records.requests[0]!)],
		};
		const withOnly = (kind: 'kei' | 'truck') => ({
			...alone,
			fleet: [{ ...records.fleet[0]!, class: kind }],
			shifts: [records.shifts[0]!],
		});
		const barred = await planning.plan(withOnly('truck'));
		expect(barred.days[0]!.draft.unassigned).toMatchObject([{ visit: 1, rule: 'no_way' }]);
		expect(barred.days[0]!.reasons[0]).toMatchObject({ blocking: { rule: 'no_way' }, nearest: null });
		expect((await planning.plan(withOnly('kei'))).measures.visits).toBe(1);
	});

	test('an ECG that no van carries, a doctor whom nobody consented to, a house in the sea: each is told', async () => {
		const [first, second, third, fourth] = records.requests;
		const requests = [
			{ ...first!, equipment: ['spirometer' as const], hours: null },
			{ ...second!, need: 'skin' as const },
			third!,
			{ ...fourth!, need: 'blood-test' as const, hours: null },
		];
		const patients = records.patients.map((patient) => {
			if (patient.id === 2) return { ...patient, consents: [] };
			return patient.id === 3 ? { ...patient, home: { ...patient.home, location: [135.2, 33.2] as [number, number] } } : patient;
		});
		const { days } = await planning.plan({ ...records, requests, patients, visits: records.visits.slice(0, 4) });
		const reasons = new Map(days[0]!.reasons.map((reason) => [reason.visit, reason]));
		expect([...reasons.keys()]).toEqual([1, 2, 3]);
		expect(reasons.get(1)).toMatchObject({
			withheld: null,
			equipment: expect.arrayContaining(['spirometer']),
			blocking: { rule: 'skills' },
		});
		expect(reasons.get(1)!.nearest).toBeNull();
		expect(reasons.get(2)).toMatchObject({ withheld: 'no-consent', specialty: 'dermatology', blocking: null });
		expect(reasons.get(3)).toMatchObject({ withheld: 'off-road', blocking: null, nearest: null });
	});

	test('hours that nobody can keep: which van is nearest, and until when it would have to be there', async () => {
		const requests = [{ ...records.requests[0]!, need: 'blood-test' as const, hours: [['08:00', '08:16'] as [string, string]] }];
		const far = region.settlements.find(({ id }) => id === 'S30427-003')!;
		const home = {
			address: far.name,
			settlement: far.id,
			location: [far.lon, far.lat] as [number, number],
			precision: 'settlement' as const,
		};
		const patients = [{ ...records.patients[0]!, home }];
		const { days } = await planning.plan({ ...records, requests, patients, visits: [visitOf(1, requests[0]!)] });
		const [reason] = days[0]!.reasons;
		expect(reason).toMatchObject({ before: calendar.at(DATE, '08:01'), blocking: { rule: 'time_window', unit: 's' } });
		expect(records.fleet.map(({ vehicle }) => vehicle)).toContain(reason!.nearest!.vehicle);
		expect(reason!.nearest!.minutes).toBeGreaterThan(10);
		expect(reason!.blocking!.message).toMatch(/van-\d on 2026-11-24/);
	});

	test('stops when told to, and keeps the best plan so far', async () => {
		const job = { kind: 'plan' as const, region: 'wakayama', records, options: dayOptions, search: { seconds: 120, threads: 1 } };
		const points: number[] = [];
		const began = performance.now();
		const planned = planning.thread.run(job, {
			...nobody,
			progress: ({ cost }) => {
				points.push(cost);
				if (points.length === 2) planning.thread.enough();
			},
		});
		const made = unpacked((await planned)!);
		expect(performance.now() - began).toBeLessThan(60_000);
		expect(made.measures.visits).toBeGreaterThan(10);
		expect(points.length).toBeGreaterThanOrEqual(2);
	});

	test('stopped before the search there is no plan, and the next one is made all the same', async () => {
		const job = { kind: 'plan' as const, region: 'wakayama', records, options: dayOptions, search: { threads: 1 } };
		const planned = planning.thread.run(job, nobody);
		planning.thread.enough();
		await expect(planned).rejects.toMatchObject({ code: 'planning', status: 409, message: 'stopped before there was any plan' });
		expect((await planning.plan(records, {}, { maxSteps: 300 })).measures.visits).toBeGreaterThan(10);
	});
});

describe('a week', () => {
	const planning = usePlanning();
	const week = officeOf(region, { seed: 6, vans: 3, doctors: 4, visits: 40, reachKm: 20, from: DATE, days: 7 });

	test('is planned over all of its days, with returning visits in their rhythm', async () => {
		const kept = recordsOf(week);
		const request = {
			...kept.requests[0]!,
			need: 'medication' as const,
			from: DATE,
			until: DATE,
			hours: null,
			recurrence: { everyDays: 3, times: 3, until: null, tolerance: 1 },
		};
		const nth = [0, 1, 2].map((n) => ({
			...visitOf(
				n === 0 ? 1 : 100 + n,
				{ ...request, from: addDays(DATE, Math.max(0, 3 * n - 1)), until: addDays(DATE, Math.min(6, 3 * n + 1)) },
				1,
			),
			nth: n + 1,
		}));
		const all = { ...kept, requests: kept.requests.with(0, request), visits: [...kept.visits.slice(1), ...nth] };
		const made = await planning.plan(all, { days: 7 }, { maxSteps: 4000 });
		expectSound(made, all);
		expect(made.days.map(({ date }) => date)).toEqual(Array.from({ length: 7 }, (_, day) => addDays(DATE, day)));
		const dayOf = new Map(
			made.days.flatMap(({ date, draft }) =>
				draft.routes.flatMap(({ stops }) => stops.flatMap(({ visits }) => visits.map(({ visit }) => [visit, date] as const))),
			),
		);
		const [first, second, third] = nth.map(({ id }) => Date.parse(dayOf.get(id)!) / 86_400_000);
		for (const gap of [second! - first!, third! - second!]) expect([2, 3, 4]).toContain(gap);
		const sum = (of: (day: (typeof made.days)[number]) => number): number => made.days.reduce((total, day) => total + of(day), 0);
		expect(sum(({ measures }) => measures.visits)).toBe(made.measures.visits);
		expect(sum(({ measures }) => measures.unassigned)).toBe(made.measures.unassigned);
		expect(sum(({ measures }) => measures.doctorHours)).toBe(made.measures.doctorHours);
		expect(made.measures.visits).toBeGreaterThan(36);
	});

	test('when the days stand, hours that patients like are looked at', async () => {
		const kept = recordsOf(week);
		const requests = kept.requests.map((request) => ({
			...request,
			hours: null,
			preferred: ['13:00', '16:00'] as [string, string],
		}));
		const starts = async (of: typeof kept): Promise<number[]> => {
			const made = await planning.plan(of, { days: 7 }, { maxSteps: 2500 });
			expectSound(made, of);
			expect(made.measures.costs.preferred ?? 0).toBe(0);
			const stops = made.days.flatMap(({ draft }) => draft.routes.flatMap((route) => route.stops));
			return stops.flatMap(({ visits }) =>
				visits.map(({ from }) => (from - calendar.at(calendar.dateOf(from), '00:00')) / 3_600_000),
			);
		};
		const liked = (hours: readonly number[]): number => hours.filter((hour) => hour >= 13 && hour <= 16).length / hours.length;
		const [any, rather] = [
			await starts({ ...kept, requests: requests.map((one) => ({ ...one, preferred: null })) }),
			await starts({ ...kept, requests }),
		];
		expect(liked(rather)).toBeGreaterThan(liked(any) + 0.2);
	});

	test('a road that is closed on one day is open on the others', async () => {
		const kept = recordsOf(week);
		const edges = region.roads.filter(({ ref }) => ref === 'R311').map(({ id }) => id);
		const shut = closure({ kind: 'edges', edges }, calendar.at(addDays(DATE, 2), '06:00'), calendar.at(addDays(DATE, 3), '06:00'));
		const { days, frame } = await planning.plan({ ...kept, closures: [shut] }, { days: 7 }, { maxSteps: 1000 });
		const closed: Closure[] = [{ id: 'R311', edges }];
		expect(leaksOf(days[2]!.draft.routes, closed)).toEqual([]);
		const profileOn = (date: string) => {
			const van = frame.vehicles.find((one) => one.date === date)!;
			return frame.profiles[frame.problem.vehicles.find(({ id }) => id === van.id)!.profile!]!.closures.length;
		};
		expect(frame.dates.map(profileOn)).toEqual([0, 0, 1, 0, 0, 0, 0]);
	});
});

test('without a map there is no plan, and it says why', async () => {
	const folder = temporaryFolder();
	const roads = createRoads({ dataDir: folder.path, log: quiet });
	const thread = new PlanningThread(roads, { nice: false });
	const job = { kind: 'plan' as const, region: 'wakayama', records, options: dayOptions, search: { threads: 1 } };
	await expect(thread.run(job, nobody)).rejects.toMatchObject({ code: 'roads', fault: 'no-tiles' });
	await thread.stop();
	await roads.close();
	folder.remove();
});
