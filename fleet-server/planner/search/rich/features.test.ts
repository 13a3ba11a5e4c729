/** Small problems with one thing each; a planner that does not know the thing gives another answer. */
import type { PlanSolution } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import { PlannerError } from '../../errors.ts';
import { optimize, type OptimizeOptions, parseProblem } from '../../index.ts';

/** Places on a line, ten seconds (and a hundred metres) from one to the next; the base is place 0. */
function line(count: number): { car: { durations: number[][]; distances: number[][] } } {
	const rows = (step: number): number[][] =>
		Array.from({ length: count }, (_row, i) => Array.from({ length: count }, (_cell, j) => step * Math.abs(i - j)));
	return { car: { durations: rows(10), distances: rows(100) } };
}

const matrices = line(6);
const van = { id: 1, start_index: 0, end_index: 0 };

async function plan(problem: object, options: OptimizeOptions = {}): Promise<PlanSolution> {
	return optimize(parseProblem({ matrices, vehicles: [van], ...problem }), { threads: 0, maxSteps: 300, ...options });
}

/** `1: job 2 at 30` … for each stop, by vehicle. */
function told({ routes = [] }: PlanSolution): string[] {
	return routes.map(
		({ vehicle, steps }) =>
			`${vehicle}: ${steps
				.slice(1, -1)
				.map(({ type, id, arrival, waiting_time }) => `${type}${id === undefined ? '' : ` ${id}`} at ${arrival + waiting_time}`)
				.join(', ')}`,
	);
}

const out = ({ unassigned = [] }: PlanSolution): number[] => unassigned.map(({ id }) => id).toSorted((a, b) => a - b);

describe('as in VROOM', () => {
	test('a vehicle leaves as late as it may without ending later', async () => {
		const solution = await plan({ jobs: [{ id: 1, location_index: 1, time_windows: [[500, 600]] }] });
		expect(solution.routes?.[0]?.steps.map(({ arrival, waiting_time }) => [arrival, waiting_time])).toEqual([
			[490, 0],
			[500, 0],
			[510, 0],
		]);
	});

	test('setup is spent once at a place', async () => {
		const at = { location_index: 2, setup: 100, service: 10 };
		const { summary } = await plan({
			jobs: [
				{ id: 1, ...at },
				{ id: 2, ...at },
			],
		});
		expect(summary).toMatchObject({ setup: 100, service: 20 });
	});

	test('a break may interrupt travel', async () => {
		const vehicles = [{ ...van, breaks: [{ id: 1, service: 50, time_windows: [[15, 15]] }], time_window: [0, 1000] }];
		const solution = await plan({ vehicles, jobs: [{ id: 1, location_index: 3, time_windows: [[80, 80]] }] });
		expect(told(solution)).toEqual(['1: break 1 at 15, job 1 at 80']);
	});

	test('a break is not taken with too much aboard', async () => {
		const rest = { id: 1, service: 5, max_load: [0] };
		const vehicles = [{ ...van, capacity: [2], breaks: [rest] }];
		const shipments = [{ pickup: { id: 1, location_index: 1 }, delivery: { id: 1, location_index: 2 }, amount: [1] }];
		const solution = await plan({ vehicles, shipments });
		const types = solution.routes?.[0]?.steps.map(({ type }) => type) ?? [];
		expect(types.indexOf('break') < types.indexOf('pickup') || types.indexOf('break') > types.indexOf('delivery')).toBe(true);
	});

	test('priority counts before the number of tasks', async () => {
		const jobs = [
			{ id: 1, location_index: 1, service: 50, priority: 5 },
			{ id: 2, location_index: 1, service: 20, priority: 2 },
			{ id: 3, location_index: 1, service: 20, priority: 2 },
		];
		expect(out(await plan({ vehicles: [{ ...van, time_window: [0, 75] }], jobs }))).toEqual([2, 3]);
	});

	test('an idle vehicle whose shift fits is used, however alike another looks', async () => {
		const vehicles = [1, 2, 3].map((id) => ({ ...van, id, time_window: [0, id === 3 ? 1000 : 50] }));
		expect(out(await plan({ vehicles, jobs: [{ id: 1, location_index: 5, service: 10 }] }))).toEqual([]);
	});

	test('no way is no way, even without any time window', async () => {
		const durations = [
			[0, 4_294_967_295],
			[5, 0],
		];
		const solution = await plan({ matrices: { car: { durations } }, jobs: [{ id: 1, location_index: 1 }] });
		expect(out(solution)).toEqual([1]);
		expect(solution.unassigned?.[0]?.reasons?.[0]?.rule).toBe('no_way');
	});

	test('deliveries leave with the vehicle, pickups come back with it', async () => {
		const jobs = [
			{ id: 1, location_index: 1, delivery: [2] },
			{ id: 2, location_index: 2, pickup: [2] },
			{ id: 3, location_index: 3, delivery: [1] },
		];
		const solution = await plan({ vehicles: [{ ...van, capacity: [3] }], jobs });
		expect(out(solution)).toEqual([]);
		expect(solution.routes?.[0]?.steps.map(({ load }) => load?.[0])[0]).toBe(3);
	});
});

describe('doctors', () => {
	const doctors = [{ id: 7 }];
	const consult = { preparation: 5, duration: 100, rest: 5 };
	const two = [1, 2].map((id) => ({ ...van, id, max_tasks: 1 }));

	test('a doctor attends one patient at a time, across vehicles', async () => {
		const jobs = [1, 2].map((id) => ({ id, location_index: id, consult }));
		const solution = await plan({ vehicles: two, jobs, doctors });
		const [first, second] = solution.doctors?.[0]?.consults ?? [];
		expect(out(solution)).toEqual([]);
		expect(second!.start).toBeGreaterThanOrEqual(first!.end);
		expect(first!.end - first!.start).toBe(100);
	});

	test('hours and specialties are kept', async () => {
		const jobs = [{ id: 1, location_index: 1, consult: { ...consult, specialties: ['heart'] } }];
		const of = [{ id: 7 }, { id: 8, specialties: ['heart'], time_windows: [[300, 400]] }];
		const solution = await plan({ jobs, doctors: of });
		expect(solution.routes?.[0]?.steps[1]).toMatchObject({ consult: { doctor: 8, start: 300, end: 400 } });
		expect(out(await plan({ jobs, doctors }))).toEqual([1]);
	});

	test('without signal the patient comes to a meeting point, at its price', async () => {
		const point = { location_index: 2, cost: 3 };
		const jobs = [{ id: 1, location_index: 1, signal: false, consult, meeting_points: [{ location_index: 3, cost: 1 }, point] }];
		const solution = await plan({ jobs, doctors });
		expect(solution.summary).toMatchObject({ cost: 43, costs: { meeting: 3 } });
		expect(solution.routes?.[0]?.steps[1]).toMatchObject({ location_index: 2, meeting_point: 1 });
	});
});

describe('wishes and promises', () => {
	test('a preferred time is waited for when that is cheaper', async () => {
		const preferred = { time_window: [200, 300], cost_per_hour: 3600 };
		const solution = await plan({
			jobs: [
				{ id: 1, location_index: 1, preferred },
				{ id: 2, location_index: 2 },
			],
		});
		const first = solution.routes?.[0]?.steps.find(({ id }) => id === 1);
		expect(first!.arrival + first!.waiting_time).toBeGreaterThanOrEqual(200);
		expect(solution.summary).toMatchObject({ cost: 40, costs: { preferred: 0 } });
	});

	test('a wish gives way before another one that is dearer', async () => {
		const wish = (from: number, price: number): object => ({ preferred: { time_window: [from, from], cost_per_hour: price } });
		const jobs = [
			{ id: 1, location_index: 1, service: 10, ...wish(100, 3600) },
			{ id: 2, location_index: 2, service: 10, ...wish(90, 36_000) },
		];
		// After job 1 it is 20 s to job 2: 70 for job 1 costs 30; the other way round job 1 comes at 110 and costs 10.
		const solution = await plan({ jobs });
		expect(told(solution)).toEqual(['1: job 2 at 90, job 1 at 110']);
		expect(solution.summary?.costs?.preferred).toBe(10);
	});

	test('another vehicle than promised costs the change, once', async () => {
		const vehicles = [van, { ...van, id: 2, costs: { fixed: 50 } }];
		const of = (price: number): object => ({
			vehicles,
			jobs: [{ id: 1, location_index: 1, appointment: { start: 100, vehicle: 2, change_cost: price } }],
		});
		expect((await plan(of(20))).routes?.[0]?.vehicle).toBe(1);
		expect((await plan(of(20))).summary?.cost).toBe(40);
		expect((await plan(of(80))).routes?.[0]?.vehicle).toBe(2);
	});

	test('fairness chooses who is left out', async () => {
		const jobs = [1, 2, 3, 4].map((id) => ({ id, location_index: id < 4 ? 1 : 5, service: 10, group: id < 4 ? 'near' : 'far' }));
		const problem = { vehicles: [{ ...van, max_tasks: 3 }], jobs };
		expect(out(await plan(problem))).toEqual([4]);
		expect(out(await plan({ ...problem, fairness: { weight: 1000 } }))).not.toContain(4);
	});
});

describe('driven already, and limits', () => {
	test('pinned steps come first and at their time; the rest follows', async () => {
		const steps = [
			{ type: 'start', pinned: true, service_at: 1000 },
			{ type: 'job', id: 3, pinned: true, service_at: 1100 },
		];
		const jobs = [1, 2, 3].map((id) => ({ id, location_index: id, ...(id === 3 ? { time_windows: [[0, 10]] } : {}) }));
		const solution = await plan({ vehicles: [{ ...van, steps }], jobs });
		expect(solution.routes?.[0]?.steps[0]?.arrival).toBe(1000);
		expect(told(solution)).toEqual(['1: job 3 at 1100, job 2 at 1110, job 1 at 1120']);
	});

	test('a longest duration moves the departure, or the job', async () => {
		const jobs = [
			{
				id: 1,
				location_index: 1,
				time_windows: [
					[0, 0],
					[100, 200],
				],
			},
			{ id: 2, location_index: 2, time_windows: [[205, 300]] },
		];
		const short = { ...van, max_duration: 60 };
		const solution = await plan({ vehicles: [short], jobs });
		const steps = solution.routes?.[0]?.steps ?? [];
		expect(out(solution)).toEqual([]);
		expect(steps.at(-1)!.arrival - steps[0]!.arrival).toBeLessThanOrEqual(60);
		expect(out(await plan({ vehicles: [{ ...van, max_duration: 39 }], jobs }))).toEqual([2]);
	});

	test('no one drives on without a rest', async () => {
		const jobs = [{ id: 1, location_index: 4, service: 5 }];
		const rest = { seconds: 40, rest: 20 };
		expect(out(await plan({ vehicles: [{ ...van, driving_limit: rest }], jobs }))).toEqual([1]);
		const breaks = [{ id: 1, service: 20 }];
		const solution = await plan({ vehicles: [{ ...van, driving_limit: rest, breaks }], jobs });
		expect(out(solution)).toEqual([]);
		expect(solution.routes?.[0]?.steps.find(({ type }) => type === 'break')?.duration).toBe(40);
	});

	test('lunch is where there is a place for it', async () => {
		const breaks = [{ id: 1, service: 20, locations: [{ location_index: 5 }, { location_index: 2 }] }];
		const solution = await plan({ vehicles: [{ ...van, breaks }], jobs: [{ id: 1, location_index: 1 }] });
		expect(solution.summary?.cost).toBe(40);
		expect(solution.routes?.[0]?.steps.find(({ type }) => type === 'break')?.location_index).toBe(2);
	});

	test('several trips, with stock taken in between', async () => {
		const jobs = [1, 2].map((id) => ({ id, location_index: id, delivery: [1] }));
		const vehicle = { ...van, capacity: [1] };
		expect(out(await plan({ vehicles: [vehicle], jobs }))).toHaveLength(1);
		const solution = await plan({ vehicles: [{ ...vehicle, max_trips: 2, reload: { location_index: 0, service: 7 } }], jobs });
		expect(out(solution)).toEqual([]);
		expect(solution.summary).toMatchObject({ cost: 60, service: 7 });
	});

	test('visits that return keep their rhythm', async () => {
		const vehicles = [0, 1, 7].map((day, at) => ({ ...van, id: at + 1, day, crew: at === 1 ? 'b' : 'a', max_tasks: 1 }));
		const jobs = [1, 2].map((id) => ({ id, location_index: 1 }));
		const solution = await plan({ vehicles, jobs, series: [{ id: 1, jobs: [1, 2], gap: [1, 7], other_crew_cost: 5 }] });
		expect(told(solution)).toEqual(['1: job 1 at 10', '3: job 2 at 10']);
		expect(solution.summary?.costs?.series).toBe(0);
		expect(out(await plan({ vehicles, jobs, series: [{ id: 1, jobs: [1, 2], gap: [2, 5] }] }))).toHaveLength(1);
	});
});

describe('a start', () => {
	const steps = [
		{ type: 'job', id: 2 },
		{ type: 'job', id: 1 },
	];
	const jobs = [1, 2].map((id) => ({ id, location_index: id, time_windows: [[0, id === 1 ? 10 : 100]] }));

	test('that breaks a rule is refused by vehicle and step', async () => {
		const given = plan({ vehicles: [{ ...van, steps }], jobs });
		await expect(given).rejects.toThrow(PlannerError);
		await expect(given).rejects.toThrow(/vehicles\[0\]\.steps\[1\]: vehicle 1 cannot start from its steps: job 1/);
	});

	test('that breaks a rule is mended on request', async () => {
		expect(out(await plan({ vehicles: [{ ...van, steps }], jobs }, { repair: true }))).toEqual([]);
	});
});

describe('the run', () => {
	const jobs = Array.from({ length: 25 }, (_, at) => ({
		id: at,
		location_index: 1 + (at % 5),
		service: 30 + at,
		delivery: [1 + (at % 3)],
	}));
	const vehicles = [1, 2, 3].map((id) => ({ ...van, id, capacity: [12 + id], time_window: [0, 900] }));
	const problem = parseProblem({ matrices, vehicles, jobs });
	const bare = ({ summary, ...rest }: PlanSolution): unknown => ({ ...rest, cost: summary?.cost });

	test('the same seed and number of steps give the same plan, in a thread or not', async () => {
		const one = await optimize(problem, { seed: 3, maxSteps: 400, threads: 1 });
		const other = await optimize(problem, { seed: 3, maxSteps: 400, threads: 1 });
		const here = await optimize(problem, { seed: 3, maxSteps: 400, threads: 0 });
		expect(bare(other)).toEqual(bare(one));
		expect(bare(here)).toEqual(bare(one));
	});

	test('a cancelled run gives the best plan so far', async () => {
		const controller = new AbortController();
		const solution = await optimize(problem, {
			seconds: 60,
			signal: controller.signal,
			onProgress: () => controller.abort(),
		});
		expect(solution.routes?.length).toBeGreaterThan(0);
	});

	test('without matrices it says so', async () => {
		const place = [135.5, 34.1];
		const bareProblem = parseProblem({ vehicles: [{ id: 1, start: place }], jobs: [{ id: 1, location: place }] });
		await expect(optimize(bareProblem)).rejects.toMatchObject({ code: 'matrices' });
	});
});
