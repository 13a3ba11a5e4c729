import { planDraft, type PlanSolution } from '@junkai/contracts';
import { distanceKm, loadRegion } from '@junkai/regions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { optimize, parseProblem } from '../planner/index.ts';
import { checkPlan } from '../planner/check/index.ts';
import { ensureMap } from '../roads/map.ts';
import { openRoads } from '../roads/open.ts';
import type { Closure, Roads } from '../roads/port.ts';
import { quiet, temporaryFolder } from '../test-support.ts';
import { treatments } from './care.ts';
import { drawDraft } from './draft.ts';
import { generateDay } from './generate.ts';
import { retimed, underWay } from './moment.ts';
import { legsBy } from './matrices.ts';
import { problemOfDay, type DayProblem } from './problem.ts';
import { changesOf, replanOf } from './replan.ts';
import { carriesConsult, signalMap } from './signal.ts';

const region = loadRegion();
const settlement = (id: string) => region.settlements.find((one) => one.id === id)!;

describe('a generated day', () => {
	const size = { vans: 20, doctors: 8, visits: 200 };
	const day = generateDay(region, { seed: 1, ...size });

	test('is the same for the same seed, another for another', () => {
		expect(generateDay(region, { seed: 1, ...size })).toEqual(day);
		expect(generateDay(region, { seed: 2, ...size }).visits).not.toEqual(day.visits);
	});

	test('has visits in all 23 municipalities that have settlements, and nobody asks for what is not there', () => {
		expect([day.vans.length, day.doctors.length, day.visits.length]).toEqual([20, 8, 200]);
		expect(new Set(day.visits.map((visit) => settlement(visit.settlement).municipality)).size).toBe(23);
		const offered = new Set(day.doctors.flatMap(({ specialties }) => specialties));
		const carried = new Set(day.vans.flatMap(({ equipment }) => equipment));
		for (const { need, window } of day.visits) {
			const { consult, equipment } = treatments[need];
			expect(consult === null || offered.has(consult.specialty)).toBe(true);
			expect(equipment === null || carried.has(equipment)).toBe(true);
			expect(window[1] - window[0]).toBeGreaterThanOrEqual(3600);
		}
	});

	test('of a small fleet stays near its bases', () => {
		const small = generateDay(region, { seed: 3, vans: 1, doctors: 2, visits: 6, reachKm: 14 });
		const base = region.facilities.find(({ id }) => id === small.vans[0]!.base)!;
		for (const visit of small.visits) {
			const { lon, lat } = settlement(visit.settlement);
			expect(distanceKm([lon, lat], [base.lon, base.lat])).toBeLessThanOrEqual(14);
		}
	});
});

test('signal: none in a gap, back where coverage returns, and meeting points are covered public buildings', () => {
	const signal = signalMap(region);
	// 松根 lies at the end of a stretch without signal, 志賀 where two of them end, 花園中南 in a weak one.
	expect(signal.at(settlement('S30424-001'))).toBe('none');
	expect(signal.at(settlement('S30341-037'))).toBe('good');
	expect(signal.at(settlement('S30341-042'))).toBe('weak');
	expect(['good', 'weak', 'none'].filter((state) => carriesConsult(state as 'good'))).toEqual(['good']);
	const points = signal.meetingPoints(settlement('S30424-001'), 3, 15);
	expect(points.length).toBeGreaterThan(0);
	for (const point of points) {
		expect(point.stop).toBeDefined();
		expect(signal.at(point)).toBe('good');
	}
});

describe('on the road', () => {
	const folder = temporaryFolder();
	const day = generateDay(region, { seed: 5, vans: 4, doctors: 4, visits: 24, reachKm: 18 });
	let roads: Roads;
	let given: DayProblem;
	let plan: PlanSolution;
	beforeAll(async () => {
		await ensureMap('wakayama', folder.path, () => {});
		roads = await openRoads({ dataDir: folder.path, log: quiet });
		given = await problemOfDay(region, day, { roads });
		plan = await optimize(parseProblem(given.problem), { seconds: 5, threads: 1, seed: 1, maxSteps: 2000 });
	});
	afterAll(async () => {
		await roads?.close();
		folder.remove();
	});
	const draft = () => drawDraft(given, plan, { legs: legsBy(roads), clock: (seconds) => seconds * 1000 });

	test('a day becomes a problem that the planner takes, and its plan passes the checker', () => {
		const problem = parseProblem(given.problem);
		expect(problem.jobs).toHaveLength(24);
		expect(Object.keys(problem.matrices ?? {}).toSorted()).toEqual([...new Set(day.vans.map((van) => van.class))].toSorted());
		for (const job of problem.jobs ?? []) {
			const visit = day.visits.find(({ id }) => id === job.id)!;
			expect(job.consult === undefined).toBe(treatments[visit.need].consult === null);
			expect(job.group).toBe(settlement(visit.settlement).municipality);
			if (job.signal === false) expect(job.meeting_points!.length).toBeGreaterThan(0);
		}
		expect(checkPlan(problem, plan)).toEqual([]);
		expect((plan.routes ?? []).flatMap(({ steps }) => steps.filter(({ type }) => type === 'job')).length).toBeGreaterThan(16);
	});

	test('a visit with a consult and no signal is asked to a covered place', async () => {
		const visit = { id: 1, settlement: 'S30424-001', need: 'follow-up' as const, window: [30_600, 59_400] as const };
		const { problem, spots } = await problemOfDay(region, { ...day, visits: [visit] }, { roads });
		expect(problem.jobs![0]).toMatchObject({ signal: false });
		for (const { location_index: at } of problem.jobs![0]!.meeting_points ?? [])
			expect(region.settlements.map(({ stop }) => stop)).toContain(spots[at!]!.name.ja);
		const nurse = { ...visit, need: 'blood-test' as const };
		const alone = await problemOfDay(region, { ...day, visits: [nurse] }, { roads });
		expect(alone.problem.jobs![0]).toMatchObject({ service: treatments['blood-test'].service });
		expect(alone.problem.jobs![0]).not.toHaveProperty('signal');
	});

	test('a draft has every visit once, its ways join its stops, and its times are in order', async () => {
		const made = planDraft.parse(await draft());
		expect(made.routes.map(({ vehicle }) => vehicle)).toEqual(['van-1', 'van-2', 'van-3', 'van-4']);
		const visits = [...made.routes.flatMap(({ stops }) => stops.flatMap((stop) => stop.visits)), ...made.unassigned];
		expect(visits.map(({ visit }) => visit).toSorted((a, b) => a - b)).toEqual(day.visits.map(({ id }) => id));
		for (const { stops, distance } of made.routes) {
			let [before, metres] = [stops[0]!, 0];
			for (const stop of stops.slice(1)) {
				expect(stop.arrival).toBeGreaterThanOrEqual(before.departure);
				expect(stop.departure).toBeGreaterThanOrEqual(stop.arrival);
				for (const { from, to, consult } of stop.visits) {
					expect([from >= stop.arrival, to <= stop.departure]).toEqual([true, true]);
					if (consult) expect([consult.from >= from, consult.to <= to]).toEqual([true, true]);
				}
				const line = stop.way?.geometry.coordinates;
				if (line) {
					// A base may lie up to a kilometre off the road, a settlement is on it.
					expect(distanceKm(line[0]!, before.location)).toBeLessThan(1);
					expect(distanceKm(line.at(-1)!, stop.location)).toBeLessThan(1);
					metres += stop.way!.distance;
				}
				before = stop;
			}
			expect(distance).toBeCloseTo(metres, 3);
		}
	});

	test('a draft on another clock and under way', async () => {
		const made = await draft();
		const moved = retimed(made, (ms) => 1_000_000 + ms / 10);
		expect(moved.routes[0]!.stops[1]!.arrival).toBe(1_000_000 + made.routes[0]!.stops[1]!.arrival / 10);
		const stop = made.routes[0]!.stops[1]!;
		expect(underWay(made, stop.arrival + 1).routes[0]).toMatchObject({ next: 1, reached: true });
		expect(underWay(made, stop.arrival - 1000).routes[0]).toMatchObject({ next: 1, reached: false });
		const over = underWay(made, made.to + 1).routes[0]!;
		expect(over).toMatchObject({ next: over.stops.length - 1, reached: true });
	});

	test('the rest of the day keeps what was promised when nothing has changed', async () => {
		const noon = 12 * 3600;
		const replan = await replanOf(given, plan, { roads, closures: [], now: noon, changeCost: 5000 });
		const problem = parseProblem(replan.problem);
		const begun = (plan.routes ?? []).flatMap(({ steps }) =>
			steps.filter((step) => step.type === 'job' && step.arrival + step.waiting_time <= noon).map(({ id }) => id!),
		);
		expect(replan.done).toEqual(new Set(begun));
		expect(problem.jobs!.every(({ id }) => !replan.done.has(id))).toBe(true);
		for (const { time_windows: [first] = [] } of problem.doctors ?? []) expect(first![0] >= noon || first![1] === 0).toBe(true);
		expect(changesOf(replan, plan)).toEqual({ moved: 0, dropped: 0 });
	});

	test('a closed road is closed in the rest of the day', async () => {
		const route = (plan.routes ?? [])[0]!;
		const [, first] = route.steps;
		const [lon, lat] = given.spots[first!.location_index!]!.location;
		const around: Closure = { id: 'slide', polygon: ring(lon, lat, 0.004) };
		const replan = await replanOf(given, plan, { roads, closures: [around], now: 0, changeCost: 0 });
		const profile = given.problem.vehicles.find(({ id }) => id === route.vehicle)!.profile!;
		const base = given.problem.vehicles.find(({ id }) => id === route.vehicle)!.end_index!;
		const [before, after] = [given.problem, replan.problem].map(
			(problem) => problem.matrices![profile]!.durations![base]![first!.location_index!]!,
		);
		expect(after).toBeGreaterThan(before!);
	});
});

function ring(lon: number, lat: number, size: number): [number, number][] {
	return [
		[lon - size, lat - size],
		[lon + size, lat - size],
		[lon + size, lat + size],
		[lon - size, lat + size],
	];
}
