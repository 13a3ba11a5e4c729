/** The rest of a day after something has happened, on the region's own roads. */
import type { PlanDraft, PlannedRoute, RoadClosure, VisitRequest } from '@junkai/contracts';
import { distanceKm, pointAlong } from '@junkai/regions';
import { beforeAll, describe, expect, test } from 'vitest';
import { underWay } from '../dispatch/moment.ts';
import { closedParts } from '../roads/closures.ts';
import type { Closure } from '../roads/port.ts';
import type { MendInput } from './mend.ts';
import type { PlanningRecords } from './records.ts';
import { officeOf, recordsOf, visitOf } from './test-records.ts';
import { calendar, DATE, expectSound, leaksOf, region, usePlanning, type Made } from './test-planning.ts';

const NOON = calendar.at(DATE, '12:00');
const office = officeOf(region, { seed: 5, vans: 5, doctors: 5, visits: 34, reachKm: 18, from: DATE });
const records = recordsOf(office);

describe('a mend', () => {
	const planning = usePlanning();
	let morning: Made;
	let plan: PlanDraft;
	beforeAll(async () => {
		morning = await planning.plan(records);
		plan = underWay(morning.days[0]!.draft, NOON);
	});

	const mend = (change: Partial<PlanningRecords> = {}, input: Partial<MendInput> = {}, seconds?: number): Promise<Made> =>
		planning.run({
			kind: 'mend',
			region: 'wakayama',
			records: { ...records, ...change },
			mend: { now: NOON, date: DATE, plan, positions: {}, leaving: {}, ...input },
			search: { seconds: seconds ?? 60, threads: 1, ...(seconds === undefined && { maxSteps: 2000 }) },
		});
	const routeOf = ({ routes }: Pick<PlanDraft, 'routes'>, vehicle: string): PlannedRoute =>
		routes.find((one) => one.vehicle === vehicle)!;
	const visitsOf = (route: PlannedRoute, from = 0): number[] =>
		route.stops.slice(from).flatMap(({ visits }) => visits.map(({ visit }) => visit));
	const draftOf = ({ days }: Made): PlanDraft => days[0]!.draft;
	const all = (draft: PlanDraft): number[] =>
		[...draft.routes.flatMap((route) => visitsOf(route)), ...draft.unassigned.map(({ visit }) => visit)].toSorted((a, b) => a - b);

	/** Whatever happened: what was driven stands as it was, and progress goes on from there. */
	function expectKept(made: Made, now = NOON): void {
		expectSound(made, records);
		for (const before of plan.routes) {
			const after = routeOf(draftOf(made), before.vehicle);
			const done = before.stops.slice(0, before.next);
			expect(after.stops.slice(0, before.next)).toEqual(done);
			expect(after.next).toBeLessThan(after.stops.length);
			if (before.reached && before.stops[before.next]!.visits.length > 0) {
				expect([after.next, after.reached]).toEqual([before.next, true]);
				expect(after.stops[after.next]!.location).toEqual(before.stops[before.next]!.location);
			}
			for (const stop of after.stops.slice(before.next + (before.reached ? 1 : 0)))
				expect(stop.departure).toBeGreaterThanOrEqual(now);
		}
	}

	test('with nothing new changes nothing', async () => {
		const made = await mend();
		expectKept(made);
		expect(all(draftOf(made))).toEqual(all(plan));
		expect(made.measures.changed).toBe(0);
		expect(made.days[0]!.measures.unassigned).toBeLessThanOrEqual(plan.unassigned.length);
		expect(made.frame.now).toBe(NOON / 1000);
	});

	test('a closed road: nobody drives it from now on, and few promises change', async () => {
		// What the afternoon's longest drive would go over.
		const drives = plan.routes.flatMap(({ stops, next }) => stops.slice(next + 1).flatMap(({ way }) => way ?? []));
		const { coordinates } = drives.toSorted((a, b) => b.distance - a.distance)[0]!.geometry;
		const [lon, lat] = coordinates[Math.floor(coordinates.length / 2)]!;
		const near = region.roads.filter((road) => leaksOver(coordinates, road.id));
		expect(near.length).toBeGreaterThan(0);
		const edges = near
			.toSorted((a, b) => km(a.line, [lon, lat]) - km(b.line, [lon, lat]))
			.slice(0, 2)
			.map(({ id }) => id);
		const made = await mend({ closures: [closed({ kind: 'edges', edges })] });
		expectKept(made);
		const ahead = draftOf(made).routes.map((route) => ({ ...route, stops: route.stops.slice(routeOf(plan, route.vehicle).next) }));
		expect(leaksOf(ahead, [{ id: 'closed', edges }])).toEqual([]);
		expect(made.measures.changed).toBeLessThan(made.frame.promised.length / 2);
		expect(all(draftOf(made))).toEqual(all(plan));
	});

	test('a van that breaks down on the road: it stays there, its patients go to others or are told why not', async () => {
		const driving = plan.routes.filter(({ reached, next, stops }) => !reached && visitsIn(stops.slice(next)) > 1);
		const taken: number[] = [];
		for (const before of driving) {
			const { vehicle, next } = before;
			const outages = [{ from: NOON - 60_000, until: null, reason: '故障' }];
			const made = await mend({ fleet: records.fleet.map((van) => (van.vehicle === vehicle ? { ...van, outages } : van)) });
			const after = routeOf(draftOf(made), vehicle);
			expect(after.stops.slice(0, next)).toEqual(before.stops.slice(0, next));
			expect(after.stops).toHaveLength(next + 1);
			expect(after.stops.at(-1)).toMatchObject({ kind: 'end', visits: [], arrival: NOON });
			expect([after.next, after.reached]).toEqual([next, true]);
			expect(all(draftOf(made))).toEqual(all(plan));
			const others = draftOf(made).routes.filter((route) => route.vehicle !== vehicle);
			for (const id of visitsOf(before, next)) {
				if (others.some((route) => visitsOf(route).includes(id))) taken.push(id);
				else
					expect(made.days[0]!.reasons.find(({ visit }) => visit === id)).toMatchObject({
						withheld: null,
						blocking: expect.anything(),
					});
			}
		}
		expect(taken.length).toBeGreaterThan(0);
	});

	test('a van that breaks down at a patient’s finishes there and goes nowhere', async () => {
		const there = plan.routes.find(({ reached, next, stops }) => reached && stops[next]!.visits.length > 0)!;
		const fleet = records.fleet.map((van) =>
			van.vehicle === there.vehicle ? { ...van, outages: [{ from: NOON, until: null, reason: '' }] } : van,
		);
		const after = routeOf(draftOf(await mend({ fleet })), there.vehicle);
		expect(after.stops).toHaveLength(there.next + 1);
		expect(after.stops.at(-1)!.visits).toEqual(there.stops[there.next]!.visits);
	});

	test('one that is repaired in the afternoon goes on from where it is', async () => {
		const driving = plan.routes.find(({ reached, next, stops }) => !reached && visitsIn(stops.slice(next)) > 0)!;
		const until = calendar.at(DATE, '13:30');
		const fleet = records.fleet.map((van) =>
			van.vehicle === driving.vehicle ? { ...van, outages: [{ from: NOON, until, reason: '' }] } : van,
		);
		const made = await mend({ fleet });
		expectKept(made);
		const after = routeOf(draftOf(made), driving.vehicle);
		for (const stop of after.stops.slice(driving.next))
			for (const { from } of stop.visits) expect(from).toBeGreaterThanOrEqual(until);
	});

	test('a visit that is called off is gone, an urgent one is made, nobody else is dropped for it', async () => {
		const later = plan.routes.flatMap((route) => visitsOf(route, route.next + 1));
		const [off] = later;
		const settlement = region.settlements.find(({ id }) => id === records.patients[0]!.home.settlement)!;
		const urgent: VisitRequest = {
			...records.requests[0]!,
			id: 500,
			need: 'medication',
			urgency: 'urgent',
			hours: null,
			from: DATE,
			until: DATE,
			place: { kind: 'stop', settlement: settlement.id },
		};
		const made = await mend({
			visits: [
				...records.visits.map((visit) => (visit.id === off ? { ...visit, state: 'cancelled' as const } : visit)),
				visitOf(500, urgent),
			],
			requests: [...records.requests, urgent],
		});
		expectKept(made);
		const draft = draftOf(made);
		expect(all(draft)).toEqual([...all(plan).filter((id) => id !== off), 500]);
		expect(draft.routes.flatMap((route) => visitsOf(route))).toContain(500);
		expect(draft.unassigned.length).toBeLessThanOrEqual(plan.unassigned.length);
	});

	test('visits that nobody was promised are taken in only where no promise changes', async () => {
		const more = Array.from({ length: 12 }, (_, at): VisitRequest => {
			const like = records.requests[at]!;
			return { ...like, id: 600 + at, patient: like.patient, hours: null, from: DATE, until: DATE };
		});
		const made = await mend({
			visits: [...records.visits, ...more.map((request) => visitOf(request.id, request))],
			requests: [...records.requests, ...more],
		});
		expectKept(made);
		expect(made.measures.changed).toBe(0);
		const draft = draftOf(made);
		expect(all(draft)).toEqual([...all(plan), ...more.map(({ id }) => id)]);
		expect(draft.routes.flatMap((route) => visitsOf(route)).some((id) => id >= 600)).toBe(true);
	});

	test('a visit called off at the very stop where the van waits is not made', async () => {
		const there = plan.routes.find(({ reached, next, stops }) => reached && stops[next]!.visits.length > 0)!;
		const off = there.stops[there.next]!.visits[0]!.visit;
		const visits = records.visits.map((visit) => (visit.id === off ? { ...visit, state: 'cancelled' as const } : visit));
		const after = routeOf(draftOf(await mend({ visits })), there.vehicle);
		expect(visitsOf(after)).not.toContain(off);
	});

	test('a doctor who falls ill holds no consult from then on; others take over or the reason is told', async () => {
		const busy = plan.routes.flatMap(({ stops, next }) =>
			stops
				.slice(next + 1)
				.flatMap(({ visits }) => visits.flatMap(({ visit, consult }) => (consult ? [{ visit, doctor: consult.doctor }] : []))),
		);
		const counts = Map.groupBy(busy, ({ doctor }) => doctor);
		const [ill, lost] = [...counts].toSorted((a, b) => b[1].length - a[1].length)[0]!;
		const absences = [{ from: NOON, until: calendar.at(DATE, '24:00'), reason: '急病' }];
		const made = await mend({ doctors: records.doctors.map((one) => (one.id === ill ? { ...one, absences } : one)) });
		expectKept(made);
		const draft = draftOf(made);
		for (const { stops, next } of draft.routes) {
			const here = stops[next]!;
			for (const { visits } of stops.slice(next)) {
				for (const { consult, visit } of visits) {
					if (!here.visits.some((one) => one.visit === visit)) expect(consult?.doctor).not.toBe(ill);
				}
			}
		}
		expect(all(draft)).toEqual(all(plan));
		for (const { visit } of lost.filter(({ visit: id }) => draft.unassigned.some((one) => one.visit === id))) {
			expect(made.days[0]!.reasons.find((one) => one.visit === visit)!.specialty).not.toBeNull();
		}
	});

	test('goes by what a crew has told and by where a van is, not by the clock', async () => {
		const driving = plan.routes.find(({ reached, next, stops }) => !reached && stops[next]!.visits.length > 0)!;
		const { vehicle, next, stops } = driving;
		const told = stops[next]!.visits[0]!.visit;
		const visits = records.visits.map((visit) => (visit.id === told ? { ...visit, state: 'under-way' as const } : visit));
		const leaving = { [vehicle]: NOON + 40 * 60_000 };
		const reported = routeOf(draftOf(await mend({ visits }, { leaving })), vehicle);
		expect([reported.next, reported.reached]).toEqual([next, true]);
		expect(reported.stops[next]!.departure).toBeGreaterThanOrEqual(leaving[vehicle]!);
		// Seen at its base, although it should be half way.
		const base = stops[0]!.location;
		const made = await mend({}, { positions: { [vehicle]: base } });
		const van = made.frame.vehicles.find((one) => one.vehicle === vehicle)!;
		const start = made.frame.problem.vehicles.find(({ id }) => id === van.id)!.start_index!;
		expect(made.frame.spots[start]!.location).toEqual(base);
		const way = routeOf(draftOf(made), vehicle).stops[next]!.way!;
		expect(distanceKm(way.geometry.coordinates[0]!, base)).toBeLessThan(1);
	});

	test('a van on a road that has been closed leaves it, and then drives open roads only', async () => {
		const driving = plan.routes.find(
			({ reached, next, stops }) => !reached && visitsIn(stops.slice(next)) > 0 && stops[next]!.way !== null,
		)!;
		const { vehicle, next, stops } = driving;
		const { coordinates } = stops[next]!.way!.geometry;
		const edges = region.roads.filter((road) => leaksOver(coordinates, road.id)).map(({ id }) => id);
		expect(edges.length).toBeGreaterThan(0);
		const [edge] = edges;
		const { line } = region.roads.find(({ id }) => id === edge)!;
		const here = pointAlong(line, 0.4).point;
		const made = await mend({ closures: [closed({ kind: 'edges', edges: [edge!] })] }, { positions: { [vehicle]: here } });
		const van = made.frame.vehicles.find((one) => one.vehicle === vehicle)!;
		const exit = van.begun!.exit!;
		expect(exit.distance).toBeGreaterThan(0);
		const ends = [line[0]!, line.at(-1)!];
		const start = made.frame.problem.vehicles.find(({ id }) => id === van.id)!.start_index!;
		expect(ends.some((end) => distanceKm(end, made.frame.spots[start]!.location) < 0.01)).toBe(true);
		// From the exit on; the stretch on which it stood is the only closed one that it drives.
		const after = routeOf(draftOf(made), vehicle);
		const beyond = after.stops.slice(next + 1);
		expect(leaksOf([{ ...after, stops: beyond }], [{ id: 'closed', edges: [edge!] }])).toEqual([]);
		expect(distanceKm(after.stops[next]!.way!.geometry.coordinates[0]!, here)).toBeLessThan(0.1);
		const others = draftOf(made).routes.filter((route) => route.vehicle !== vehicle);
		const ahead = others.map((route) => ({ ...route, stops: route.stops.slice(routeOf(plan, route.vehicle).next + 1) }));
		expect(leaksOf(ahead, [{ id: 'closed', edges: [edge!] }])).toEqual([]);
	});

	test('a patient who was promised is visited also when the day has become too late for the hours named', async () => {
		const driving = plan.routes.find(({ reached, next, stops }) => !reached && stops[next]!.visits.length > 0)!;
		const { visit, from } = driving.stops[driving.next]!.visits[0]!;
		// The hours end a quarter of an hour before the visit can begin.
		const until = new Date(from - 15 * 60_000).toLocaleTimeString('en-GB', {
			timeZone: region.timeZone,
			hour: '2-digit',
			minute: '2-digit',
		});
		const requests = records.requests.map((one) =>
			one.id === visit ? { ...one, hours: [['06:00', until] as [string, string]] } : one,
		);
		const made = await mend({ requests });
		expect(visitsOf(routeOf(draftOf(made), driving.vehicle))).toContain(visit);
	});

	test('in the evening vans drive home, also those whose shift is nearly or already over', async () => {
		// Van 1 may work until 18:30, for somebody has to be there; the others until 17:30.
		const shifts = records.shifts.map((shift) =>
			shift.vehicle === 'van-1' ? { ...shift, hours: ['08:00', '18:30'] as [string, string] } : shift,
		);
		for (const time of ['16:50', '17:45']) {
			const now = calendar.at(DATE, time);
			// Everyone is on the way to the last stop, and late.
			const late = {
				...plan,
				routes: plan.routes.map((route) => ({ ...route, next: Math.max(1, route.stops.length - 2), reached: false })),
			};
			const made = await mend({ shifts }, { now, plan: late });
			for (const { vehicle, stops, next } of draftOf(made).routes) {
				const before = routeOf(late, vehicle);
				expect(stops.slice(0, before.next)).toEqual(before.stops.slice(0, before.next));
				expect(stops.at(-1)).toMatchObject({ kind: 'end', location: before.stops[0]!.location });
				expect(stops.at(-1)!.arrival).toBeGreaterThan(now);
				expect(next).toBe(before.next);
				// Half an hour of overtime for who is late, unless the way home alone takes longer.
				const visits = stops.slice(next).flatMap((stop) => stop.visits);
				if (visits.length > 0)
					expect(stops.at(-1)!.arrival).toBeLessThanOrEqual(calendar.at(DATE, vehicle === 'van-1' ? '19:00' : '18:00'));
			}
			expect(all(draftOf(made))).toEqual(all(plan));
		}
	});

	test('when nobody can go any more it says so', async () => {
		const fleet = records.fleet.map((van) => ({ ...van, outages: [{ from: NOON, until: null, reason: '' }] }));
		await expect(mend({ fleet })).rejects.toMatchObject({
			code: 'planning',
			status: 422,
			message: expect.stringContaining('no van can go'),
		});
	});
});

const visitsIn = (stops: PlannedRoute['stops']): number => stops.reduce((sum, { visits }) => sum + visits.length, 0);
const km = (line: readonly (readonly [number, number])[], at: readonly [number, number]): number =>
	Math.min(...line.map((point) => distanceKm(point, at)));

/** Whether a way goes over an edge of the region. */
function leaksOver(coordinates: readonly (readonly [number, number])[], edge: string): boolean {
	const stop = { way: { distance: 0, duration: 0, geometry: { type: 'LineString', coordinates } } };
	const route = { vehicle: 'x', stops: [stop] } as unknown as PlannedRoute;
	return leaksOf([route], [{ id: 'one', edges: [edge] } satisfies Closure]).length > 0 && closedParts(region, []).size === 0;
}

const closed = (shape: RoadClosure['shape']): RoadClosure => ({
	id: 1,
	version: 1,
	updated: 0,
	updatedBy: 'test',
	name: '土砂崩れ',
	shape,
	from: NOON,
	until: null,
	source: 'drawn',
	reason: '',
});
