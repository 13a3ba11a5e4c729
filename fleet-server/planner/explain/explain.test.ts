import { type PlanProblem, type PlanProblemInput, planProblem, type PlanSolution } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import { bruteForce, writeBest } from '../check/brute-force.ts';
import { intersect, limitsOf, schedule, type Span, spans } from '../check/clock.ts';
import { HUNDREDTHS, readFacts } from '../check/facts.ts';
import { type Feature, features, generate } from '../check/generate.ts';
import { checkPlan } from '../check/index.ts';
import { planByHand } from '../check/sample-day.ts';
import { measure, type Stop } from '../check/simulate.ts';
import { readSteps } from '../check/steps.ts';
import { type TimedRoute, writeSolution } from '../check/write.ts';
import { createRandom } from '../random.ts';
import { applyChange } from './changes.ts';
import { explainAll, explainUnassigned, type Explanation } from './index.ts';
import { fittingDoctors, freeTimes, viewPlan } from './view.ts';

/** The plan with one more task in it, under a changed problem; undefined when no doctor and no time are left for it. */
function withTask(problem: PlanProblem, before: PlanSolution, variant: NonNullable<Explanation['variant']>, vehicle: number) {
	const facts = readFacts(problem);
	const view = viewPlan(facts, before);
	const van = facts.vans.get(vehicle)!;
	// The tasks are the old problem's; take those of the changed one.
	const renewed = variant.stops.map((stop): Stop => {
		if (stop.kind === 'task') return { ...stop, task: facts.tasks.get(stop.task.key)! };
		return stop.kind === 'break' ? { ...stop, rest: van.breaks.get(stop.rest.id)! } : stop;
	});
	const old = view.vans.find((plan) => plan.van === van)!;
	const others = (before.routes ?? []).flatMap((route): TimedRoute[] => {
		if (route.vehicle === vehicle) return [];
		const other = facts.vans.get(route.vehicle)!;
		const measured = measure(facts, other, readSteps(facts, other, route).stops!);
		const middle = route.steps.slice(1, -1);
		const timing = {
			departure: route.steps[0]!.arrival * HUNDREDTHS,
			arrivals: middle.map((step) => step.arrival * HUNDREDTHS),
			starts: middle.map((step) => (step.arrival + step.waiting_time) * HUNDREDTHS),
			finish: route.steps.at(-1)!.arrival * HUNDREDTHS,
		};
		return [{ van: other, measured, timing }];
	});
	const at = variant.own[0]!;
	const asked = renewed[at]!;
	const doctors = asked.kind === 'task' && asked.task.consult ? fittingDoctors(facts, asked.task).map(({ id }) => id) : [undefined];
	for (const doctor of doctors) {
		const stops = renewed.with(at, asked.kind === 'task' ? { ...asked, doctor } : asked);
		const measured = measure(facts, van, stops);
		const openings = stops.map((stop, index) => {
			if (stop.kind === 'reload') return undefined;
			const known = old.stops.findIndex((other) => same(other, stop));
			const windows = known < 0 ? spans(stop.kind === 'task' ? stop.task.windows : stop.rest.time_windows) : old.windows[known];
			if (stop.kind !== 'task' || !stop.task.consult) return windows;
			const { preparation, duration } = stop.task.consult;
			const free = freeTimes(view.bookings, facts.doctors.get(stop.doctor!)!, vehicle, duration, { hours: true, busy: true });
			const lead = (measured.setups[index]! + preparation) * HUNDREDTHS;
			return intersect(
				windows,
				free.map(([from, to]): Span => [from - lead, to - lead]),
			);
		});
		const timing = schedule(measured, openings, limitsOf(van));
		if (!('late' in timing)) return writeSolution(facts, [...others, { van, measured, timing }]);
	}
	return undefined;
}

function same(one: Stop, other: Stop): boolean {
	if (one.kind === 'task') return other.kind === 'task' && one.task.key === other.task.key;
	return one.kind === 'break' && other.kind === 'break' && one.rest.id === other.rest.id;
}

/** Applies the change that was promised and puts the task in: the checker must find nothing. */
function keepPromise(problem: PlanProblem, solution: PlanSolution, { change, variant, nearest }: Explanation): string[] {
	const changed = change ? applyChange(problem, change) : problem;
	const plan = withTask(changed, solution, variant!, nearest!.vehicle!);
	return plan ? checkPlan(changed, plan).map(({ rule, message }) => `${rule}: ${message}`) : ['does not fit'];
}

const runs = Number(process.env['JUNKAI_PROPERTY_RUNS'] ?? 3);
/** Hidden hundredths cannot be read back from a shown plan, so no speed factors here. */
const tried = features.filter((feature) => feature !== 'speed');

describe('a promised change lets the task in', () => {
	let promises = 0;
	test.each(tried)('%s', (feature) => {
		for (let seed = 1; seed <= runs; seed++) {
			const random = createRandom(seed * 77 + tried.indexOf(feature));
			const chosen = new Set<Feature>([feature, seed % 2 ? 'windows' : 'setup']);
			if (feature === 'signal' || seed % 3 === 0) chosen.add('consult');
			const problem = generate(random, chosen, { jobs: 6, vehicles: 1 + (seed % 2), doctors: 2, day: 30, leg: 12 });
			// Vehicles work short days, so that something is left out.
			for (const vehicle of problem.vehicles) vehicle.time_window = [3, 18 + random.below(10)];
			const small = problem.jobs!.slice(0, 4);
			const best = bruteForce({ ...problem, jobs: small }, 40);
			if (!best.rides) continue;
			// The other jobs come later: the plan does not know them.
			const done = writeBest({ ...problem, jobs: small }, best);
			const later = problem.jobs!.slice(4).map(({ id, location_index }) => ({ id, location_index, type: 'job' as const }));
			const solution = { ...done, unassigned: [...done.unassigned!, ...later] };
			for (const [key, explanation] of explainAll(problem, solution)) {
				expect(explanation.reasons.length, `${key} of ${feature} ${seed} has reasons`).toBeGreaterThan(0);
				if (!explanation.variant) continue;
				promises++;
				const what = `${key}, seed ${seed}: ${explanation.nearest?.message} ${JSON.stringify(explanation.change ?? 'as it is')}`;
				expect(keepPromise(problem, solution, explanation), what).toEqual([]);
			}
		}
	});
	test('and many were promised', () => expect(promises).toBeGreaterThan(40));
});

const HOUR = 3600;
/** One van, one place ten minutes away, four hours of work; each test adds what keeps job 9 out. */
function dayWith(job: object, more: Partial<PlanProblemInput> = {}, vehicle: object = {}): [PlanProblem, PlanSolution] {
	const problem = planProblem.parse({
		vehicles: [{ id: 3, start_index: 0, end_index: 0, time_window: [8 * HOUR, 12 * HOUR], capacity: [5], ...vehicle }],
		matrices: {
			car: {
				durations: [
					[0, 600],
					[600, 0],
				],
				distances: [
					[0, 5000],
					[5000, 0],
				],
			},
		},
		...more,
		jobs: [
			{ id: 1, location_index: 1, service: HOUR, delivery: [4] },
			{ id: 9, location_index: 1, service: 1800, ...job },
		],
	});
	return [problem, planByHand({ ...problem, jobs: problem.jobs!.slice(0, 1) }, { 3: ['job 1'] })];
}

describe('reasons in words', () => {
	const explain = (...[problem, plan]: [PlanProblem, PlanSolution]) => {
		const solution = { ...plan, unassigned: [{ type: 'job' as const, id: 9 }] };
		return explainUnassigned(problem, solution)[0]!;
	};

	test('a skill that nobody has is said once', () => {
		const { reasons, nearest } = explain(...dayWith({ skills: [3] }));
		expect(reasons).toEqual([{ rule: 'skills', message: 'no vehicle has skill 3' }]);
		expect(nearest?.message).toBe('vehicle 3 could take it if it had skill 3');
	});

	test('hours that are too short by twelve minutes', () => {
		const { reasons, nearest } = explain(...dayWith({ service: 4 * HOUR - 1200 - HOUR + 720 }));
		expect(reasons?.[0]).toMatchObject({ rule: 'vehicle_hours', vehicle: 3, by: 720, unit: 's' });
		expect(nearest?.message).toBe('vehicle 3 could take it if it worked 12 min longer');
	});

	test('a window that lies before every shift', () => {
		const { reasons, nearest } = explain(...dayWith({ time_windows: [[6 * HOUR, 7 * HOUR]] }));
		expect(reasons).toMatchObject([{ rule: 'time_window', by: HOUR + 600, unit: 's' }]);
		expect(reasons?.[0]).not.toHaveProperty('vehicle');
		expect(nearest?.message).toBe('vehicle 3 could take it if job 9 might begin 70 min later');
	});

	test('a load that is too much by two', () => {
		const { reasons } = explain(...dayWith({ delivery: [3] }));
		expect(reasons?.[0]).toMatchObject({ rule: 'load', vehicle: 3, by: 2, unit: 'units' });
	});

	test('no doctor, no signal, no way', () => {
		const consult = { service: undefined, consult: { duration: 600, specialties: ['skin'] } };
		const doctors = [{ id: 1, specialties: ['heart'] }];
		expect(explain(...dayWith(consult, { doctors })).reasons).toMatchObject([{ rule: 'doctor_missing' }]);
		const silent = { service: undefined, consult: { duration: 600 }, signal: false };
		expect(explain(...dayWith(silent, { doctors })).reasons).toMatchObject([{ rule: 'signal' }]);
		const [problem, plan] = dayWith({ location_index: 2 });
		const cut = [
			[0, 600, 0xffffffff],
			[600, 0, 0xffffffff],
			[600, 600, 0],
		];
		const { reasons } = explain({ ...problem, matrices: { car: { durations: cut } } }, plan);
		expect(reasons).toMatchObject([{ rule: 'no_way' }]);
	});

	test('a doctor who is with another van, and one whose hours end', () => {
		const jobs = [
			{ id: 1, location_index: 1, consult: { duration: 3 * HOUR }, vehicles: [3] },
			{ id: 9, location_index: 1, consult: { duration: HOUR }, vehicles: [4] },
		];
		const vehicles = [3, 4].map((id) => ({
			id,
			start_index: 0,
			end_index: 0,
			time_window: [8 * HOUR, 12 * HOUR] as [number, number],
		}));
		const matrices = {
			car: {
				durations: [
					[0, 600],
					[600, 0],
				],
			},
		};
		const explainWith = (hours?: [number, number]) => {
			const problem = planProblem.parse({
				jobs,
				vehicles,
				matrices,
				doctors: [{ id: 5, ...(hours ? { time_windows: [hours] } : {}) }],
			});
			const { routes } = planByHand({ ...problem, jobs: problem.jobs!.slice(0, 1) }, { 3: ['job 1!5'] });
			return explainUnassigned(problem, { code: 0, routes: routes!, unassigned: [{ type: 'job', id: 9 }] })[0]!;
		};
		expect(explainWith().reasons?.find(({ vehicle }) => vehicle === 4)).toMatchObject({ rule: 'vehicle_hours', by: 1200 });
		const short = explainWith([8 * HOUR, 11.5 * HOUR]).reasons?.find(({ vehicle }) => vehicle === 4);
		expect(short).toMatchObject({ rule: 'doctor_busy', doctor: 5, by: HOUR });
	});

	test('a job of higher priority that has the place', () => {
		const [problem, plan] = dayWith({ service: 3.5 * HOUR, priority: 1 });
		problem.jobs![0]!.priority = 5;
		const { reasons } = explain(problem, plan);
		expect(reasons?.map(({ rule }) => rule)).toEqual(['vehicle_hours', 'priority']);
		expect(reasons?.[1]?.message).toContain('in place of job 1, whose priority 5 is not lower');
	});

	test('a task that fits after all is not given a made-up reason', () => {
		const { reasons } = explain(...dayWith({}));
		expect(reasons?.[0]?.message).toContain('nothing keeps job 9 out');
	});
});

test('twenty routes of ten stops and thirty jobs left out take well under a second of computing', () => {
	const random = createRandom(5);
	const places = 231;
	const spots = Array.from({ length: places }, () => [random.below(3000), random.below(3000)] as const);
	const durations = spots.map(([x, y]) => spots.map(([a, b]) => Math.abs(x - a) + Math.abs(y - b)));
	const jobs = Array.from({ length: 230 }, (_, at) => ({
		id: at + 1,
		location_index: at + 1,
		...(at % 3 === 0 ? { consult: { preparation: 60, duration: 300 } } : { service: 300 }),
		...(at >= 200 ? { time_windows: [[30_000, 33_000] as [number, number]] } : {}),
		delivery: [1],
	}));
	const vehicles = Array.from({ length: 20 }, (_, at) => ({
		id: at + 1,
		start_index: 0,
		end_index: 0,
		capacity: [10 + (at % 2)],
		time_window: [28_000, 52_000] as [number, number],
	}));
	const doctors = Array.from({ length: 8 }, (_, at) => ({ id: at + 1 }));
	const problem = planProblem.parse({ jobs, vehicles, doctors, matrices: { car: { durations } } });
	const orders = Object.fromEntries(
		vehicles.map(({ id }) => [
			id,
			Array.from({ length: 10 }, (_, at) => (id - 1) * 10 + at + 1).map(
				(job) => `job ${job}${(job - 1) % 3 === 0 ? `!${(job % 8) + 1}` : ''}`,
			),
		]),
	);
	const plan = planByHand(
		{ ...problem, jobs: problem.jobs!.slice(0, 200), vehicles: problem.vehicles.map(({ time_window: _, ...v }) => v) },
		orders,
	);
	const solution = { ...plan, unassigned: jobs.slice(200).map(({ id }) => ({ type: 'job' as const, id })) };
	const before = process.threadCpuUsage();
	const explained = explainUnassigned(problem, solution);
	const spent = process.threadCpuUsage(before);
	expect(explained.every(({ reasons }) => reasons!.length > 0)).toBe(true);
	expect(spent.user + spent.system).toBeLessThan(2_000_000);
});
