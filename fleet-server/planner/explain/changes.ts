/** What could be changed so that a task is let in, and how large a change that is. */
import type { Blocking, PlanProblem } from '@junkai/contracts';

/** One change of the problem; times in whole seconds. */
export type Change =
	| { readonly kind: 'window'; readonly task: string; readonly side: 'earlier' | 'later'; readonly at: number; readonly by: number }
	| { readonly kind: 'break'; readonly vehicle: number; readonly break: number; readonly by: number }
	| { readonly kind: 'break_load'; readonly vehicle: number; readonly break: number; readonly over: readonly number[] }
	| { readonly kind: 'hours'; readonly vehicle: number; readonly side: 'earlier' | 'later'; readonly by: number }
	| {
			readonly kind: 'doctor_hours';
			readonly doctor: number;
			readonly side: 'earlier' | 'later';
			readonly at: number;
			readonly by: number;
	  }
	| { readonly kind: 'capacity'; readonly vehicle: number; readonly over: readonly number[] }
	| {
			readonly kind: 'limit';
			readonly vehicle: number;
			readonly name: 'max_tasks' | 'max_travel_time' | 'max_distance' | 'max_duration' | 'driving_limit' | 'max_trips';
			readonly by: number;
	  }
	| { readonly kind: 'skills'; readonly vehicle: number; readonly skills: readonly number[] }
	| { readonly kind: 'vehicles'; readonly vehicle: number; readonly tasks: readonly number[] }
	| { readonly kind: 'signal'; readonly task: number; readonly point: number | undefined }
	| { readonly kind: 'series'; readonly series: number; readonly least: number; readonly most: number };

/** Makes the change. For tests and for "what if": the answer's promise is that the task fits then. */
export function applyChange(before: PlanProblem, change: Change): PlanProblem {
	const problem = structuredClone(before);
	const vehicle = 'vehicle' in change ? problem.vehicles.find(({ id }) => id === change.vehicle) : undefined;
	const widen = (windows: [number, number][] | undefined, at: number, side: 'earlier' | 'later', by: number): void => {
		const window = windows?.[at];
		if (!windows || !window) return;
		if (side === 'later') window[1] += by;
		else window[0] = Math.max(0, window[0] - by);
		// Windows that meet now are one.
		for (let next = windows.length - 1; next > 0; next--) {
			const [one, two] = [windows[next - 1]!, windows[next]!];
			if (one[1] >= two[0]) windows.splice(next - 1, 2, [one[0], Math.max(one[1], two[1])]);
		}
	};
	const raise = (quantities: number[] | undefined, over: readonly number[]) => over.map((by, at) => (quantities?.[at] ?? 0) + by);
	switch (change.kind) {
		case 'window':
			widen(taskOf(problem, change.task)?.time_windows, change.at, change.side, change.by);
			break;
		case 'break': {
			const windows = vehicle?.breaks?.find(({ id }) => id === change.break)?.time_windows;
			widen(windows, (windows?.length ?? 1) - 1, 'later', change.by);
			break;
		}
		case 'break_load': {
			const rest = vehicle?.breaks?.find(({ id }) => id === change.break);
			if (rest) rest.max_load = raise(rest.max_load, change.over);
			break;
		}
		case 'hours':
			widen(vehicle?.time_window && [vehicle.time_window], 0, change.side, change.by);
			break;
		case 'doctor_hours':
			widen(problem.doctors?.find(({ id }) => id === change.doctor)?.time_windows, change.at, change.side, change.by);
			break;
		case 'capacity':
			if (vehicle) vehicle.capacity = raise(vehicle.capacity, change.over);
			break;
		case 'limit':
			if (change.name === 'driving_limit') {
				if (vehicle?.driving_limit) vehicle.driving_limit.seconds += change.by;
			} else if (vehicle) vehicle[change.name] = (vehicle[change.name] ?? 1) + change.by;
			break;
		case 'skills':
			if (vehicle) vehicle.skills = [...(vehicle.skills ?? []), ...change.skills];
			break;
		case 'vehicles':
			for (const job of problem.jobs ?? [])
				if (change.tasks.includes(job.id)) job.vehicles = [...(job.vehicles ?? []), change.vehicle];
			break;
		case 'signal':
			for (const job of problem.jobs ?? []) {
				const spot = change.point === undefined ? job : job.meeting_points?.[change.point];
				if (job.id === change.task && spot) spot.signal = true;
			}
			break;
		case 'series':
			for (const series of problem.series ?? []) if (series.id === change.series) series.gap = [change.least, change.most];
			break;
	}
	return problem;
}

function taskOf(problem: PlanProblem, key: string) {
	const id = Number(key.split(' ')[1]);
	if (key.startsWith('job')) return problem.jobs?.find((job) => job.id === id);
	if (key.startsWith('pickup')) return problem.shipments?.find(({ pickup }) => pickup.id === id)?.pickup;
	return problem.shipments?.find(({ delivery }) => delivery.id === id)?.delivery;
}

/**
 * How much a change asks of people, to tell which is the smallest: in seconds; a unit of load, a task, a trip, a day, a skill
 * have a flat worth each, a kilometre counts as a minute and a half.
 */
const WEIGHTS = { s: 1, m: 0.09, units: 900, tasks: 1200, trips: 3600, days: 86_400 } as const;
const FLAT = 7200;

export function effortOf({ by, unit }: Pick<Blocking, 'by' | 'unit'>): number {
	return by === undefined || unit === undefined ? FLAT : by * WEIGHTS[unit];
}

/** A time in words, rounded up: what is promised is enough. */
export function span(seconds: number): string {
	if (seconds < 60) return `${Math.ceil(seconds)} s`;
	const minutes = Math.ceil(seconds / 60);
	return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
