import { planProblem, type PlanProblem, type PlanProblemInput } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { choosePlanTimes } from './index.ts';

const parse = (problem: PlanProblemInput): PlanProblem => planProblem.parse(problem);

/** Durations from listed legs; everything else is far. */
function matrixOf(size: number, legs: readonly (readonly [number, number, number])[]): number[][] {
	const rows: number[][] = Array.from({ length: size }, (_, from) =>
		Array.from({ length: size }, (__, to) => (from === to ? 0 : 99_999)),
	);
	for (const [from, to, seconds] of legs) rows[from]![to] = seconds;
	return rows;
}

describe('the facts of VROOM example 3', () => {
	const at = 1_600_416_000;
	const until = at + 7200;
	const vehicle = { start_index: 0, end_index: 0, capacity: [4], time_window: [at, at + 10_800] as [number, number] };
	const job = (id: number, delivery: number, window?: [number, number]) => ({
		id,
		location_index: id,
		service: 300,
		delivery: [delivery],
		...(window ? { time_windows: [window] } : {}),
	});
	const steps = (...ids: number[]) => ids.map((id) => ({ type: 'job' as const, id }));
	const answer = choosePlanTimes(
		parse({
			jobs: [job(1, 2), job(2, 2), job(3, 1, [at, until]), job(4, 1, [at, until]), job(5, 3), job(6, 1, [at, until])],
			vehicles: [
				{ id: 1, ...vehicle, steps: [{ type: 'start' }, ...steps(1, 2, 5), { type: 'end' }] },
				{ id: 2, ...vehicle, steps: [{ type: 'start', service_after: at - 800 }, ...steps(6, 4, 3), { type: 'end' }] },
			],
			matrices: {
				car: {
					durations: matrixOf(7, [
						[0, 1, 2328],
						[1, 2, 890],
						[2, 5, 1595],
						[5, 0, 1752],
						[0, 6, 2941],
						[6, 4, 3816],
						[4, 3, 1909],
						[3, 0, 3480],
					]),
				},
			},
		}),
	);

	test('VROOM and we choose the same times', () => {
		expect(answer.routes?.map((route) => route.steps.map((step) => step.arrival))).toEqual([
			[at, 1_600_418_328, 1_600_419_518, 1_600_421_413, 1_600_423_465],
			[1_600_415_200, 1_600_418_141, 1_600_422_257, 1_600_424_466, 1_600_428_246],
		]);
	});

	test('and tell the same violations', () => {
		expect(answer.routes?.[0]?.steps.map((step) => step.violations)).toEqual([
			[{ cause: 'load' }],
			[{ cause: 'load' }],
			[],
			[],
			[],
		]);
		expect(answer.routes?.[1]?.steps.map((step) => step.violations)).toEqual([
			[{ cause: 'lead_time', duration: 800 }],
			[],
			[],
			[{ cause: 'delay', duration: 1266 }],
			[{ cause: 'delay', duration: 1446 }],
		]);
		expect(answer.summary?.violations).toEqual(
			expect.arrayContaining([{ cause: 'load' }, { cause: 'lead_time', duration: 800 }, { cause: 'delay', duration: 2712 }]),
		);
		expect(answer.summary).toMatchObject({ cost: 18_711, duration: 18_711, service: 1800, waiting_time: 0, delivery: [10] });
	});
});

/** Made by chance; the figures are what VROOM 1.15 answers with `-c`. */
test('breaks, several windows, a hard time and a speed factor: the figures of VROOM', () => {
	const jobs: NonNullable<PlanProblemInput['jobs']> = [
		{
			id: 1,
			location_index: 1,
			service: 1104,
			setup: 67,
			time_windows: [
				[6784, 8185],
				[9798, 11_556],
			],
		},
		{
			id: 2,
			location_index: 2,
			service: 625,
			setup: 214,
			time_windows: [
				[6473, 6571],
				[10_183, 10_198],
			],
		},
		{
			id: 3,
			location_index: 3,
			service: 1188,
			setup: 131,
			time_windows: [
				[3610, 3611],
				[4279, 5202],
			],
		},
		{ id: 4, location_index: 4, service: 329, setup: 59, time_windows: [[17_302, 17_698]] },
	];
	const vehicle: PlanProblemInput['vehicles'][number] = {
		id: 1,
		start_index: 0,
		end_index: 0,
		time_window: [6910, 17_021],
		speed_factor: 1.3,
		breaks: [
			{ id: 1, service: 1771, time_windows: [[4199, 4631]] },
			{ id: 2, service: 604, time_windows: [[16_108, 16_408]] },
		],
		steps: [
			{ type: 'job', id: 1 },
			{ type: 'job', id: 3 },
			{ type: 'break', id: 2 },
			{ type: 'job', id: 4 },
			{ type: 'job', id: 2, service_after: 16_668 },
			{ type: 'break', id: 1 },
		],
	};
	const durations = [
		[0, 481, 2883, 742, 1595],
		[334, 0, 1938, 2150, 1551],
		[724, 1036, 0, 1051, 2144],
		[1649, 2746, 1797, 0, 1613],
		[2067, 2584, 1817, 518, 0],
	];
	const route = choosePlanTimes(parse({ jobs, vehicles: [vehicle], matrices: { car: { durations } } })).routes![0]!;
	expect(route.steps.map((step) => [step.arrival, step.waiting_time, step.duration])).toEqual([
		[6910, 0, 0],
		[7280, 0, 370],
		[10_106, 0, 2025],
		[12_667, 1609, 3267],
		[14_880, 0, 3267],
		[16_668, 0, 4667],
		[17_507, 0, 4667],
		[19_835, 0, 5224],
	]);
	expect(route.steps.map(({ violations }) => violations[0]?.duration)).toEqual([
		undefined,
		undefined,
		4904,
		1832,
		2422,
		6470,
		12_876,
		2814,
	]);
	expect(route).toMatchObject({ cost: 5224, duration: 5224, waiting_time: 1609 });
});

describe('times', () => {
	const base = {
		jobs: [{ id: 1, location_index: 1, service: 10 }],
		matrices: {
			car: {
				durations: matrixOf(2, [
					[0, 1, 100],
					[1, 0, 100],
				]),
			},
		},
	};

	test('hard times hold whatever they cost', () => {
		const job = { ...base.jobs[0]!, time_windows: [[0, 50]] as [number, number][] };
		const steps = [{ type: 'job' as const, id: 1, service_at: 500 }];
		const answer = choosePlanTimes(parse({ ...base, jobs: [job], vehicles: [{ id: 1, start_index: 0, end_index: 0, steps }] }));
		const step = answer.routes?.[0]?.steps[1];
		expect(step).toMatchObject({ arrival: 500, violations: [{ cause: 'delay', duration: 450 }] });
		expect(answer.routes?.[0]?.steps[0]?.arrival).toBe(400);
	});

	test('hard times that contradict each other are refused', () => {
		const steps = [
			{ type: 'start' as const, service_at: 100 },
			{ type: 'job' as const, id: 1, service_before: 150 },
		];
		const problem = parse({ ...base, vehicles: [{ id: 7, start_index: 0, end_index: 0, steps }] });
		expect(() => choosePlanTimes(problem)).toThrow(/vehicle 7.*contradict/);
	});

	test('steps that name nothing, or a job twice, are refused', () => {
		const of = (...ids: number[]) =>
			parse({ ...base, vehicles: [{ id: 1, start_index: 0, steps: ids.map((id) => ({ type: 'job' as const, id })) }] });
		expect(() => choosePlanTimes(of(9))).toThrow(/steps\[0\].*there is no job 9/);
		expect(() => choosePlanTimes(of(1, 1))).toThrow(/steps\[1\].*twice/);
	});

	test('everything that is broken is told, none of it hidden', () => {
		const answer = choosePlanTimes(
			parse({
				jobs: [
					{ id: 1, location_index: 1, skills: [3], vehicles: [2], consult: { duration: 60 }, signal: false },
					{ id: 2, location_index: 0, delivery: [2], consult: { duration: 60, specialties: ['cardiology'] } },
				],
				shipments: [{ pickup: { id: 1, location_index: 1 }, delivery: { id: 1, location_index: 0 }, amount: [2] }],
				doctors: [{ id: 1 }],
				vehicles: [
					{
						id: 1,
						start_index: 0,
						end_index: 0,
						capacity: [1],
						max_tasks: 2,
						max_travel_time: 150,
						max_distance: 1500,
						max_duration: 100,
						driving_limit: { seconds: 90, rest: 600 },
						breaks: [{ id: 1, max_load: [0] }, { id: 2 }],
						steps: [
							{ type: 'job', id: 1 },
							{ type: 'delivery', id: 1 },
							{ type: 'pickup', id: 1 },
							{ type: 'break', id: 1 },
							{ type: 'job', id: 2 },
						],
					},
				],
				matrices: {
					car: {
						durations: [
							[0, 100],
							[100, 0],
						],
						distances: [
							[0, 1000],
							[1000, 0],
						],
					},
				},
			}),
		);
		const causes = new Set(answer.routes?.[0]?.violations.map(({ cause }) => cause));
		const expected =
			'doctor driving_limit load max_distance max_duration max_load max_tasks max_travel_time missing_break precedence signal skills vehicles';
		expect([...causes].toSorted()).toEqual(expected.split(' '));
		expect(answer.routes?.[0]?.steps[1]?.consult).toMatchObject({ doctor: 1 });
	});
});

/** Small routes with breaks and several windows, all of whose whole-second times can be tried. */
function smallRoute(seed: number): PlanProblem {
	const random = createRandom(seed);
	const horizon = 9;
	const windows = (): [number, number][] => {
		const first = random.below(horizon);
		const end = first + random.below(2);
		const next = end + 1 + random.below(4);
		return random.below(2) === 0
			? [[first, end]]
			: [
					[first, end],
					[next, next + random.below(2)],
				];
	};
	const durations = Array.from({ length: 3 }, (_, from) =>
		Array.from({ length: 3 }, (__, to) => (from === to ? 0 : random.below(4))),
	);
	const middle = random.below(3);
	const steps = [
		...(middle > 0 ? [{ type: 'break' as const, id: 1 }] : []),
		{ type: 'job' as const, id: 1, ...(random.below(4) === 0 ? { service_after: random.below(6) } : {}) },
		...(middle < 2 ? [{ type: 'break' as const, id: 2 }] : []),
	];
	return parse({
		jobs: [{ id: 1, location_index: 1, service: random.below(2), time_windows: windows() }],
		vehicles: [
			{
				id: 1,
				start_index: 0,
				...(random.below(3) > 0 ? { end_index: 2 } : {}),
				...(random.below(3) > 0 ? { time_window: [random.below(5), 3 + random.below(6) + 5] as [number, number] } : {}),
				breaks: [
					{ id: 1, service: random.below(2), time_windows: windows() },
					{ id: 2, service: random.below(2), time_windows: windows() },
				],
				steps,
			},
		],
		matrices: { car: { durations } },
	});
}

/** Least (violations, time on the way, sum of begins) over all whole-second times up to `most`. */
function bruteForce(problem: PlanProblem, most: number): readonly [number, number, number] {
	const vehicle = problem.vehicles[0]!;
	const job = problem.jobs![0]!;
	const durations = problem.matrices!['car']!.durations!;
	const steps = vehicle.steps!;
	const [open, close] = vehicle.time_window ?? [0, Infinity];
	const outside = (time: number, windows: readonly (readonly [number, number])[]) =>
		Math.min(...windows.map(([from, to]) => Math.max(0, from - time, time - to)));
	let best: readonly [number, number, number] = [Infinity, Infinity, Infinity];
	const go = (at: number, start: number, ready: number, left: number, by: number, sum: number): void => {
		if (by > best[0]) return;
		const step = steps[at];
		if (!step) {
			const arrival = ready + left;
			const worth = [by + Math.max(0, arrival - close), arrival - start, sum] as const;
			if (worth[0] - best[0] || worth[1] - best[1] || worth[2] - best[2]) {
				if ((worth[0] - best[0] || worth[1] - best[1] || worth[2] - best[2]) < 0) best = worth;
			}
			return;
		}
		const rest = step.type === 'break' ? vehicle.breaks!.find(({ id }) => id === step.id)! : undefined;
		const earliest = Math.max(ready + (rest ? 0 : left), step.service_after ?? 0);
		for (let time = earliest; time <= most; time++) {
			const later = by + outside(time, (rest ?? job).time_windows!);
			if (rest) go(at + 1, start, time + rest.service!, Math.max(0, left - (time - ready)), later, sum + time);
			else go(at + 1, start, time + job.service!, vehicle.end_index === undefined ? 0 : durations[1]![2]!, later, sum + time);
		}
	};
	for (let start = 0; start <= most; start++) go(0, start, start, durations[0]![1]!, Math.max(0, open - start), 0);
	return best;
}

test('the times are the best of all times', () => {
	const runs = Number(process.env['JUNKAI_PROPERTY_RUNS'] ?? 300);
	for (let seed = 1; seed <= runs; seed++) {
		const problem = smallRoute(seed);
		const best = bruteForce(problem, 30);
		const route = choosePlanTimes(problem).routes![0]!;
		const starts = route.steps.slice(1, -1).map((step) => step.arrival + step.waiting_time);
		const by = route.violations.reduce(
			(sum, { cause, duration }) => (cause === 'lead_time' || cause === 'delay' ? sum + duration! : sum),
			0,
		);
		const found = [by, route.steps.at(-1)!.arrival - route.steps[0]!.arrival, starts.reduce((sum, start) => sum + start, 0)];
		expect(found, `seed ${seed}: ${JSON.stringify(problem)}`).toEqual(best);
	}
});
