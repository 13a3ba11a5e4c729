/** For tests: a small day that holds one of everything, and a right plan of it with the stops given by hand. */
import { planProblem, type PlanProblem, type PlanSolution } from '@junkai/contracts';
import { intersect, limitsOf, schedule, spans } from './clock.ts';
import { doctorHours } from './clocks.ts';
import { type Facts, readFacts, type Van } from './facts.ts';
import { measure, type Stop } from './simulate.ts';
import { placed, type TimedRoute, writeSolution } from './write.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Places in a row, ten minutes and eight kilometres apart. */
const row = (unit: number): number[][] =>
	Array.from({ length: 8 }, (_, from) => Array.from({ length: 8 }, (__, to) => Math.abs(from - to) * unit));

export const sampleDay: PlanProblem = planProblem.parse({
	jobs: [
		{
			id: 1,
			location_index: 2,
			setup: 120,
			consult: { preparation: 300, duration: 900, rest: 60, specialties: ['heart'] },
			signal: false,
			meeting_points: [{ location_index: 3, cost: 7 }],
			time_windows: [[9 * HOUR, 10 * HOUR]],
			appointment: { start: 9.5 * HOUR, tolerance: 1800, vehicle: 1, doctor: 1, change_cost: 500 },
			skills: [1],
			priority: 10,
			group: 'north',
		},
		{ id: 2, location_index: 5, location: [135.4, 33.9], service: 600, delivery: [2], vehicles: [1], group: 'north' },
		{
			id: 3,
			location_index: 6,
			consult: { preparation: 600, duration: 1200, doctors: [1, 2] },
			time_windows: [[10 * HOUR, 12 * HOUR]],
			preferred: { time_window: [9 * HOUR, 9.75 * HOUR], cost_per_hour: 40 },
		},
		{ id: 4, location_index: 4, service: 1200, setup: 60, pickup: [1], service_per_type: { big: 1500 } },
		{ id: 5, location_index: 7, service: 60, skills: [9], group: 'south' },
		{ id: 6, location_index: 1, service: 300, delivery: [1] },
	],
	shipments: [
		{
			pickup: { id: 1, location_index: 2, service: 120 },
			delivery: { id: 1, location_index: 4, service: 120 },
			amount: [2],
			priority: 3,
		},
	],
	vehicles: [
		{
			id: 1,
			start_index: 0,
			end_index: 0,
			capacity: [4],
			skills: [1, 2],
			time_window: [8 * HOUR, 18 * HOUR],
			speed_factor: 0.9,
			costs: { fixed: 100, per_hour: 3600, per_task_hour: 600, per_km: 20 },
			max_tasks: 5,
			max_travel_time: 4 * HOUR,
			max_distance: 120_000,
			max_duration: 8 * HOUR,
			max_trips: 2,
			reload: { location_index: 1, service: 300 },
			driving_limit: { seconds: 2 * HOUR, rest: 900 },
			breaks: [{ id: 1, service: 1800, time_windows: [[11 * HOUR, 11.5 * HOUR]], max_load: [2] }],
			day: 0,
			crew: 'red',
			steps: [{ type: 'job', id: 6, pinned: true, service_before: 9 * HOUR }],
		},
		{
			id: 2,
			start_index: 7,
			capacity: [3],
			type: 'big',
			time_window: [9 * HOUR, 15 * HOUR],
			breaks: [{ id: 1, service: 900, time_windows: [[11 * HOUR, 13 * HOUR]], locations: [{ location_index: 5 }] }],
			day: 2,
			crew: 'blue',
		},
	],
	doctors: [
		{ id: 1, specialties: ['heart', 'general'], institution: 'A', time_windows: [[9 * HOUR, 11 * HOUR]] },
		{ id: 2, specialties: ['general'], institution: 'B' },
	],
	series: [{ id: 1, jobs: [2, 3], gap: [1, 3], other_crew_cost: 11, other_weekday_cost: 13 }],
	fairness: { weight: 30, need: { north: 2 } },
	matrices: { car: { durations: row(600), distances: row(8000) } },
});

/** Who stops where, by hand. Tasks by key; `break`, `reload`; `@` the meeting point, `!` the doctor. */
const orders: Readonly<Record<number, readonly string[]>> = {
	1: ['job 6', 'job 1@0!1', 'reload', 'pickup 1', 'delivery 1', 'break 1', 'job 2'],
	2: ['job 3!1', 'break 1', 'job 4'],
};

function stopOf(facts: Facts, van: Van, name: string): Stop {
	const { key = '', point, doctor } = /^(?<key>[^@!]+)(?:@(?<point>\d+))?(?:!(?<doctor>\d+))?$/.exec(name)?.groups ?? {};
	if (key === 'reload') return { kind: 'reload', place: van.reload ?? -1 };
	if (key.startsWith('break')) {
		const rest = van.breaks.get(Number(key.slice(6)));
		if (!rest) throw new Error(`no ${name}`);
		return { kind: 'break', rest, place: rest.locations?.[0]?.location_index };
	}
	const task = facts.tasks.get(key);
	if (!task) throw new Error(`no ${name}`);
	return placed(task, point === undefined ? undefined : Number(point), doctor === undefined ? undefined : Number(doctor));
}

/** Stops by name, as early as they can be, leaving as late as that allows. */
export function planByHand(problem: PlanProblem, names: Readonly<Record<number, readonly string[]>> = orders): PlanSolution {
	const facts = readFacts(problem);
	const routes = Object.entries(names).map(([id, order]): TimedRoute => {
		const van = facts.vans.get(Number(id));
		if (!van) throw new Error(`no vehicle ${id}`);
		const stops = order.map((name) => stopOf(facts, van, name));
		const measured = measure(facts, van, stops);
		const openings = stops.map((stop, at) => {
			const windows = stop.kind === 'task' ? stop.task.windows : stop.kind === 'break' ? stop.rest.time_windows : undefined;
			return intersect(spans(windows), doctorHours(facts, stop, measured.setups[at] ?? 0));
		});
		const timing = schedule(measured, openings, limitsOf(van));
		if ('late' in timing) throw new Error(`vehicle ${id}: ${JSON.stringify(timing)}`);
		return { van, measured, timing };
	});
	return writeSolution(facts, routes);
}
