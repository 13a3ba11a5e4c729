import { describe, expect, test } from 'vitest';
import { PlannerError } from '../errors.ts';
import { parseProblem } from './parse.ts';

const square = [
	[0, 10, 20],
	[10, 0, 10],
	[20, 10, 0],
];
const matrices = { car: { durations: square } };
const van = { id: 1, start_index: 0 };
const job = { id: 1, location_index: 1 };

function faultsOf(input: unknown): string[] {
	try {
		parseProblem(input);
	} catch (error) {
		expect(error).toBeInstanceOf(PlannerError);
		expect((error as PlannerError).code).toBe('input');
		return (error as PlannerError).faults.map(({ path, message }) => `${path}: ${message}`);
	}
	return [];
}

describe('what is wrong is told by its path', () => {
	test.each<[string, unknown, RegExp]>([
		['not an object', 'hello', /expected object/],
		['no vehicle', { vehicles: [] }, /^vehicles: at least one vehicle/],
		['negative time', { matrices, vehicles: [van], jobs: [{ ...job, service: -1 }] }, /^jobs\[0\]\.service/],
		['NaN', { matrices, vehicles: [van], jobs: [{ ...job, service: Number.NaN }] }, /^jobs\[0\]\.service/],
		[
			'window that ends first',
			{ matrices, vehicles: [van], jobs: [{ ...job, time_windows: [[5, 4]] }] },
			/^jobs\[0\]\.time_windows\[0\]/,
		],
		['job twice', { matrices, vehicles: [van], jobs: [job, job] }, /^jobs\[1\]\.id: duplicate job id 1/],
		['vehicle twice', { matrices, vehicles: [van, van] }, /^vehicles\[1\]\.id: duplicate vehicle/],
		['no start and no end', { matrices, vehicles: [{ id: 1 }] }, /^vehicles\[0\]: a vehicle needs/],
		['index outside', { matrices, vehicles: [van], jobs: [{ id: 1, location_index: 3 }] }, /^jobs\[0\]\.location_index: index 3/],
		['place without index', { matrices, vehicles: [van], jobs: [{ id: 1, location: [135, 34] }] }, /^jobs\[0\]: with matrices/],
		['place without coordinates', { vehicles: [{ id: 1, start: [135, 34] }], jobs: [{ id: 1 }] }, /^jobs\[0\]: without matrices/],
		['index without matrices', { vehicles: [{ id: 1, start: [135, 34], start_index: 0 }] }, /^vehicles\[0\]\.start_index/],
		[
			'profile without matrix',
			{ matrices, vehicles: [{ ...van, profile: 'bike' }] },
			/^vehicles\[0\]\.profile: there is no duration/,
		],
		['distances missing', { matrices, vehicles: [{ ...van, costs: { per_km: 1 } }] }, /per_km: costs by kilometre need/],
		[
			'cost matrix and price by the hour',
			{ matrices: { car: { durations: square, costs: square } }, vehicles: [{ ...van, costs: { per_hour: 1 } }] },
			/per_hour: profile car has its own cost matrix/,
		],
		[
			'amounts of different length',
			{ matrices, vehicles: [{ ...van, capacity: [1] }], jobs: [{ ...job, delivery: [1, 1] }] },
			/^jobs\[0\]\.delivery: 2/,
		],
		[
			'unknown vehicle',
			{ matrices, vehicles: [van], jobs: [{ ...job, vehicles: [9] }] },
			/^jobs\[0\]\.vehicles\[0\]: there is no vehicle 9/,
		],
		[
			'unknown doctor',
			{ matrices, vehicles: [van], jobs: [{ ...job, consult: { duration: 5, doctors: [4] } }] },
			/there is no doctor 4/,
		],
		[
			'unknown job in a series',
			{ matrices, vehicles: [van], jobs: [job], series: [{ id: 1, jobs: [1, 2], gap: [1, 2] }] },
			/^series\[0\]\.jobs\[1\]/,
		],
		[
			'unknown step',
			{ matrices, vehicles: [{ ...van, steps: [{ type: 'job', id: 7 }] }] },
			/^vehicles\[0\]\.steps\[0\]\.id: there is no job 7/,
		],
		[
			'step without id',
			{ matrices, vehicles: [{ ...van, steps: [{ type: 'job' }] }] },
			/^vehicles\[0\]\.steps\[0\]: a step of type job/,
		],
		[
			'task planned twice',
			{
				matrices,
				vehicles: [
					{
						...van,
						steps: [
							{ type: 'job', id: 1 },
							{ type: 'job', id: 1 },
						],
					},
				],
				jobs: [job],
			},
			/twice/,
		],
		[
			'break outside the shift',
			{ matrices, vehicles: [{ ...van, time_window: [0, 100], breaks: [{ id: 1, service: 10, time_windows: [[95, 99]] }] }] },
			/^vehicles\[0\]\.breaks: break 1 of vehicle 1 does not fit/,
		],
		['matrix and matrices', { matrix: square, matrices, vehicles: [van] }, /^matrix: give matrix or/],
	])('%s', (_, input, expected) => {
		const faults = faultsOf(input);
		expect(faults.length).toBeGreaterThan(0);
		expect(
			faults.some((fault) => expected.test(fault)),
			faults.join('\n'),
		).toBe(true);
	});
});

test("VROOM's old matrix is the durations of profile car", () => {
	expect(parseProblem({ matrix: square, vehicles: [van], jobs: [job] }).matrices).toEqual(matrices);
});

test('every fault is listed, not only the first', () => {
	expect(faultsOf({ matrices, vehicles: [{ id: 1 }, { id: 1, start_index: 9 }] })).toHaveLength(3);
});
