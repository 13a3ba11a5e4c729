import type { PlanSolution } from '@junkai/contracts';
import { expect, test } from 'vitest';
import { clock, planTable, span } from './plan-table.ts';

test('times and durations as people say them', () => {
	expect([0, 28_859, 86_399, 90_000, 1_763_787_600].map(clock)).toEqual([
		'00:00',
		'08:00',
		'23:59',
		'1d 01:00',
		'2025-11-22 05:00',
	]);
	expect([0, 59, 60, 3599, 11_100].map(span)).toEqual(['0 s', '59 s', '1 min', '1 h 00 min', '3 h 05 min']);
});

test('a plan as a table: routes, costs, what is left out and why', () => {
	const nothing = { violations: [], waiting_time: 0, setup: 0, service: 0 };
	const total = { ...nothing, cost: 2700, duration: 2700, service: 1500, priority: 0, distance: 31_250 };
	const plan: PlanSolution = {
		code: 0,
		summary: {
			...total,
			routes: 1,
			unassigned: 1,
			costs: { travel: 2600, fixed: 100, fairness: 0 },
		},
		routes: [
			{
				...total,
				vehicle: 1,
				description: '1号車',
				violations: [{ cause: 'delay', duration: 120 }],
				steps: [
					{ ...nothing, type: 'start', arrival: 28_800, duration: 0 },
					{
						...nothing,
						type: 'job',
						id: 7,
						description: '往診 a\u001B[2Jb',
						arrival: 29_400,
						duration: 600,
						waiting_time: 600,
						service: 1500,
						consult: { doctor: 3, start: 30_300, end: 31_200 },
						violations: [{ cause: 'delay', duration: 120 }],
					},
					{ ...nothing, type: 'end', arrival: 33_600, duration: 2700 },
				],
			},
		],
		unassigned: [
			{
				id: 9,
				type: 'job',
				nearest: { rule: 'vehicle_hours', vehicle: 1, by: 720, unit: 's', message: 'vehicle 1 works 12 min too short' },
			},
		],
	};
	expect(planTable(plan).split('\n')).toEqual([
		'cost 2700, 1 route, 1 unassigned, driving 45 min, at stops 25 min, waiting 0 s, 31.3 km',
		'cost by kind: travel 2600, fixed 100',
		'',
		'vehicle 1 1号車: 1 task, driving 45 min, 31.3 km, cost 2700, violations: delay',
		'  08:00  start',
		'  08:20  job 7 往診 a [2Jb  25 min  after waiting 10 min, doctor 3 08:25 to 08:40, delay by 2 min',
		'  09:20  end',
		'',
		'unassigned',
		'  job 9',
		'    vehicle 1 works 12 min too short',
		'',
	]);
});
