/** Visits put elsewhere by hand, on days made up by seed; each changed plan passes the planner's own checker. */
import { planProblem, type PlanProblem, type PlanSolution } from '@junkai/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkPlan, optimize } from '../../planner/index.ts';
import { createRandom } from '../../planner/random.ts';
import { ordersOf, stepsOf } from './extract.ts';
import { moveVisit, type Ground, type Moved } from './move.ts';

const HOUR = 3600;
const PLACES = 24;

/** Two days of three vans on a plane, with two doctors, lunch, a van with ultrasound, and places without signal. */
function twoDays(seed: number): PlanProblem {
	const random = createRandom(seed).real;
	const xy = Array.from({ length: PLACES }, () => [random() * 3000, random() * 3000] as const);
	const durations = xy.map(([x, y]) => xy.map(([u, v]) => Math.round(Math.hypot(x - u, y - v))));
	const day = (which: number, from: number, to: number): [number, number] => [
		which * 24 * HOUR + from * HOUR,
		which * 24 * HOUR + to * HOUR,
	];
	return planProblem.parse({
		vehicles: [0, 1].flatMap((which) =>
			[1, 2, 3].map((van) => ({
				id: which * 10 + van,
				day: which,
				start_index: van - 1,
				end_index: van - 1,
				skills: van === 1 ? [1] : [],
				time_window: day(which, 8, 17),
				breaks: [{ id: which * 10 + van, time_windows: [day(which, 11.5, 13.5)], service: 2700 }],
				costs: { per_hour: 3600, per_km: 40 },
			})),
		),
		jobs: Array.from({ length: 24 }, (_, at) => ({
			id: at + 1,
			location_index: 3 + Math.floor(random() * (PLACES - 3)),
			time_windows: random() < 0.5 ? [day(0, 8.5, 16.5), day(1, 8.5, 16.5)] : [day(at % 2, 9, 12)],
			group: `m${at % 4}`,
			...(at % 6 === 5 ? { skills: [1] } : {}),
			...(at % 3 === 0
				? {
						consult: { preparation: 600, duration: 900, rest: 300, specialties: [at % 2 ? 'heart' : 'general'] },
						...(at % 9 === 0
							? {
									signal: false,
									meeting_points: [
										{ location_index: 4, cost: 100 },
										{ location_index: 5, cost: 100 },
									],
								}
							: {}),
					}
				: { service: 1200 }),
		})),
		doctors: [
			{ id: 1, specialties: ['general'], time_windows: [day(0, 9, 12), day(0, 13, 16), day(1, 9, 16)] },
			{ id: 2, specialties: ['general', 'heart'], time_windows: [day(0, 9, 16), day(1, 9, 12)] },
		],
		fairness: { weight: 500 },
		matrices: { car: { durations, distances: durations.map((row) => row.map((cell) => cell * 12)) } },
	});
}

/** Matrices of a part, cut out of the whole. */
function groundOf(problem: PlanProblem, solution: PlanSolution, pinned: readonly number[] = []): Ground {
	const { matrices, ...rest } = problem;
	const cut = (rows: readonly (readonly number[])[], places: readonly number[]) =>
		places.map((from) => places.map((to) => rows[from]![to]!));
	return {
		problem: rest,
		solution,
		pinned: new Set(pinned),
		matrices: (places) =>
			Promise.resolve(
				Object.fromEntries(
					Object.entries(matrices!).map(([profile, { durations, distances }]) => [
						profile,
						{ durations: cut(durations!, places), distances: cut(distances!, places) },
					]),
				),
			),
	};
}

const possible = (moved: Moved): Extract<Moved, { possible: true }> => {
	if (!moved.possible) throw new Error(JSON.stringify(moved));
	return moved;
};

let problem: PlanProblem;
let solution: PlanSolution;
beforeAll(async () => {
	problem = twoDays(3);
	solution = await optimize(problem, { threads: 0, seconds: 5, maxSteps: 4000, seed: 1 });
});

describe('a visit is moved', () => {
	test('to every place of every route: either the checker passes the plan, or there is a reason', async () => {
		const ground = groundOf(problem, solution);
		const orders = ordersOf(problem, solution);
		let [right, refused] = [0, 0];
		for (const job of [1, 4, 6, 10, 11, 19, 24]) {
			for (const { id: vehicle } of problem.vehicles) {
				for (const before of [...orders.get(vehicle)!.filter((id) => id !== job), null]) {
					const moved = await moveVisit(ground, { job, to: { vehicle, before } });
					if (moved.possible) {
						right++;
						expect(checkPlan(problem, moved.solution), `visit ${job} to ${vehicle} before ${before}`).toEqual([]);
						const order = ordersOf(problem, moved.solution).get(vehicle)!;
						expect(order[order.indexOf(job) + 1] ?? null).toBe(before);
					} else {
						refused++;
						expect(moved.blockings.length, `visit ${job} to ${vehicle} before ${before}`).toBeGreaterThan(0);
						expect(moved.blockings.every((one) => one.vehicle === vehicle || one.vehicle === undefined)).toBe(true);
					}
				}
			}
		}
		expect(right).toBeGreaterThan(30);
		expect(refused).toBeGreaterThan(30);
	});

	test('out of the plan and back where it was: the same sums as before', async () => {
		const ground = groundOf(problem, solution);
		const orders = ordersOf(problem, solution);
		for (const [vehicle, jobs] of orders) {
			for (const [at, job] of jobs.entries()) {
				const out = possible(await moveVisit(ground, { job, to: null })).solution;
				expect(checkPlan(problem, out)).toEqual([]);
				expect(out.unassigned?.map(({ id }) => id)).toContain(job);
				const to = { vehicle, before: jobs[at + 1] ?? null };
				const back = possible(await moveVisit(groundOf(problem, out), { job, to })).solution;
				expect(checkPlan(problem, back)).toEqual([]);
				expect(Math.abs(back.summary!.cost - solution.summary!.cost)).toBeLessThanOrEqual(2);
				expect(back.summary!.distance).toBe(solution.summary!.distance);
			}
		}
	});

	test('not before a time: it begins then or later, and the others follow', async () => {
		const [job, { vehicle, step }] = [...stepsOf(solution)].find(([id, one]) => id % 3 === 2 && one.vehicle < 10)!;
		const later = step.arrival + step.waiting_time + 1800;
		const moved = await moveVisit(groundOf(problem, solution), { job, to: { vehicle, before: null, notBefore: later } });
		if (moved.possible) {
			const { step: now } = stepsOf(moved.solution).get(job)!;
			expect(now.arrival + now.waiting_time).toBeGreaterThanOrEqual(later);
			expect(checkPlan(problem, moved.solution)).toEqual([]);
		} else expect(moved.blockings.length).toBeGreaterThan(0);
	});

	test('next to a pinned visit that would be pushed: refused, naming it', async () => {
		const orders = ordersOf(problem, solution);
		const [vehicle, jobs] = [...orders].find(([, list]) => list.length >= 3)!;
		const pushed = jobs.at(-1)!;
		const job = [...stepsOf(solution)].find(([id, one]) => one.vehicle !== vehicle && id % 3 === 2)![0];
		const free = await moveVisit(groundOf(problem, solution), { job, to: { vehicle, before: pushed } });
		const held = await moveVisit(groundOf(problem, solution, [pushed]), { job, to: { vehicle, before: pushed } });
		if (!free.possible) throw new Error('this day leaves no room for the test');
		expect(held).toMatchObject({ possible: false, pinned: [pushed] });
	});
});

test('a visit, a vehicle or a neighbour that is not there is refused', async () => {
	const ground = groundOf(problem, solution);
	await expect(moveVisit(ground, { job: 99, to: null })).rejects.toThrow(/no visit 99/);
	await expect(moveVisit(ground, { job: 1, to: { vehicle: 99, before: null } })).rejects.toThrow(/no vehicle 99/);
	await expect(moveVisit(ground, { job: 1, to: { vehicle: 1, before: 99 } })).rejects.toThrow(/99 is not in the route/);
});
