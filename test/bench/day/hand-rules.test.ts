import { planProblem, type PlanProblem, type PlanProblemInput, type PlanSolution } from '@junkai/contracts';
import { generateDay } from '@junkai/fleet-server/dispatch';
import { distanceKm, loadRegion } from '@junkai/regions';
import { expect, test } from 'vitest';
import { figuresOf, tableOf } from './figures.ts';
import { followRoutes, nearestFirst } from './hand-rules.ts';

const minutes = (count: number): number => count * 60;
const consult = { preparation: minutes(5), duration: minutes(20), rest: minutes(5), specialties: ['general'] };

/** Two vans, one doctor; places on a line, a minute and a kilometre apart. */
function small(change: Partial<PlanProblemInput> = {}): PlanProblem {
	const places = [0, 10, 12, 30, 60];
	const line = places.map((a) => places.map((b) => Math.abs(a - b)));
	return planProblem.parse({
		vehicles: [1, 2].map((id) => ({ id, profile: 'van', start_index: 0, end_index: 0, time_window: [0, minutes(300)] })),
		jobs: [
			{ id: 1, location_index: 1, time_windows: [[0, minutes(200)]], consult },
			{ id: 2, location_index: 2, time_windows: [[0, minutes(200)]], consult },
			{ id: 3, location_index: 3, time_windows: [[0, minutes(200)]], service: minutes(10) },
		],
		doctors: [{ id: 7, specialties: ['general'], time_windows: [[0, minutes(250)]] }],
		matrices: {
			van: {
				durations: line.map((row) => row.map((cell) => minutes(cell))),
				distances: line.map((row) => row.map((cell) => cell * 1000)),
			},
		},
		...change,
	});
}

const visits = (solution: PlanSolution) =>
	(solution.routes ?? []).map(({ vehicle, steps }) => [
		vehicle,
		steps.flatMap((step) => (step.type === 'job' ? [[step.id, step.arrival / 60, step.waiting_time / 60]] : [])),
	]);

test('each van goes to the nearest visit, and the second patient waits until the doctor is free', () => {
	const problem = small();
	const plan = nearestFirst(problem);
	// The doctor is with the first patient from minute 15 to 35: the second one, ready at 17, waits 18 minutes.
	expect(visits(plan)).toEqual([
		[
			1,
			[
				[1, 10, 0],
				[3, 60, 0],
			],
		],
		[2, [[2, 12, 18]]],
	]);
	const figures = figuresOf(problem, plan);
	expect(figures).toMatchObject({ served: 3, asked: 3, consults: 2, doctorIdle: 0, metres: 60_000 + 24_000, late: 0 });
	expect(figures.waits.toSorted((a, b) => a - b)).toEqual([0, minutes(18)]);
	expect(figures.doctorUse).toBeCloseTo(40 / 250, 6);
	expect(tableOf([['hand', figures]])).toContain('| hand | 3 of 3 | 2 | 0.0 h | 16 % | 9.0 min | 18 min | 0 | 84 km | 28.0 |');
});

test('skills, hours and shifts are kept: what breaks them is left out', () => {
	const job = { location_index: 4, time_windows: [[0, minutes(200)]] as [number, number][] };
	const plan = nearestFirst(
		small({
			jobs: [
				{ ...job, id: 1, service: 60, skills: [5] },
				{ ...job, id: 2, service: minutes(200) },
				{ ...job, id: 3, consult: { ...consult, specialties: ['neurology'] } },
				{ ...job, id: 4, time_windows: [[0, minutes(59)]], service: 60 },
				{ ...job, id: 5, service: 60 },
			],
		}),
	);
	expect(plan.unassigned?.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
	expect(visits(plan)).toEqual([[1, [[5, 60, 0]]]]);
});

test('routes made without doctors are kept to; what has become impossible is left out before anyone drives', () => {
	const doctors = [{ id: 7, specialties: ['general'], time_windows: [[0, minutes(40)] as [number, number]] }];
	const plan = followRoutes(small({ doctors }), new Map([[1, [2, 1, 3]]]));
	expect(visits(plan)).toEqual([
		[
			1,
			[
				[2, 12, 0],
				[3, 60, 0],
			],
		],
	]);
	expect(plan.unassigned?.map(({ id }) => id)).toEqual([1]);
});

/** The generated day on roads as the crow flies at 35 km/h. */
function generated(seed: number): PlanProblem {
	const region = loadRegion();
	const day = generateDay(region, { seed, vans: 20, doctors: 8, visits: 200 });
	const spots = [...new Set([...day.vans.map(({ base }) => base), ...day.visits.map(({ settlement }) => settlement)])].map((id) =>
		[...region.facilities, ...region.settlements].find((one) => one.id === id)!,
	);
	const index = (id: string) => spots.findIndex((one) => one.id === id);
	const km = spots.map((a) => spots.map((b) => 1.5 * distanceKm([a.lon, a.lat], [b.lon, b.lat])));
	return planProblem.parse({
		vehicles: day.vans.map(({ id, base, shift, lunch }) => ({
			id,
			profile: 'van',
			start_index: index(base),
			end_index: index(base),
			skills: [1, 2],
			time_window: shift,
			breaks: [{ id, time_windows: [lunch], service: minutes(45) }],
		})),
		jobs: day.visits.map(({ id, settlement, window }) => ({
			id,
			location_index: index(settlement),
			time_windows: [window],
			...(id % 3 === 0 ? { service: minutes(15) } : { consult }),
		})),
		doctors: day.doctors.map(({ id, hours }) => ({ id, specialties: ['general'], time_windows: hours })),
		matrices: {
			van: {
				durations: km.map((row) => row.map((cell) => Math.round((cell / 35) * 3600))),
				distances: km.map((row) => row.map((cell) => Math.round(cell * 1000))),
			},
		},
	});
}

test.each([1, 2])('a whole day of seed %d breaks no rule that a dispatcher keeps', (seed) => {
	const problem = generated(seed);
	const plan = nearestFirst(problem);
	expect(nearestFirst(problem)).toEqual(plan);
	const seen = new Set<number>();
	const booked = new Map<number, [number, number][]>();
	for (const { vehicle, steps } of plan.routes ?? []) {
		const van = problem.vehicles.find(({ id }) => id === vehicle)!;
		let free = van.time_window![0];
		for (const step of steps) {
			expect(step.arrival).toBeGreaterThanOrEqual(free);
			free = step.arrival + step.waiting_time + step.service;
			if (step.type !== 'job') continue;
			expect(seen.has(step.id!)).toBe(false);
			seen.add(step.id!);
			const job = problem.jobs!.find(({ id }) => id === step.id)!;
			expect(step.arrival).toBeLessThanOrEqual(job.time_windows![0]![1]);
			if (step.consult)
				booked.set(step.consult.doctor, [...(booked.get(step.consult.doctor) ?? []), [step.consult.start, step.consult.end]]);
		}
		expect(free).toBeLessThanOrEqual(van.time_window![1]);
		const rest = steps.find(({ type }) => type === 'break')!;
		const begin = rest.arrival + rest.waiting_time;
		expect([begin >= van.breaks![0]!.time_windows![0]![0], begin <= van.breaks![0]!.time_windows![0]![1]]).toEqual([true, true]);
	}
	for (const [doctor, consults] of booked) {
		const hours = problem.doctors!.find(({ id }) => id === doctor)!.time_windows!;
		let free = 0;
		for (const [start, end] of consults.toSorted((a, b) => a[0] - b[0])) {
			expect(start).toBeGreaterThanOrEqual(free);
			expect(hours.some(([from, to]) => from <= start && end <= to)).toBe(true);
			free = end;
		}
	}
	expect(seen.size + (plan.unassigned?.length ?? 0)).toBe(200);
	expect(seen.size).toBeGreaterThan(100);
});
