/** Vehicles of a problem as the search reads them. */
import type { PlanProblem, PlanVehicle, TimeWindow } from '@junkai/contracts';
import { boundWindows, type Places, type Task, taskNumbers } from './compile.ts';
import { COST, type ModelBreak, type ModelVehicle, NEVER, TIME } from './model.ts';
import { profileOf, sortedBreaks } from './parse.ts';

type Half = Omit<ModelVehicle, 'start' | 'end'> & {
	readonly start: number | undefined;
	readonly end: number | undefined;
	readonly reloadPlace: number | undefined;
};

interface Context {
	readonly tasks: readonly Task[];
	readonly places: Places;
	readonly dimensions: number;
	readonly types: readonly string[];
	readonly profiles: readonly string[];
}

export function compileVehicles(problem: PlanProblem, context: Context): Half[] {
	const numbers = taskNumbers(problem);
	return problem.vehicles.map((vehicle) => compileVehicle(problem, vehicle, numbers, context));
}

function compileVehicle(
	problem: PlanProblem,
	vehicle: PlanVehicle,
	numbers: ReadonlyMap<string, number>,
	{ places, dimensions, types, profiles }: Context,
): Half {
	const profile = profileOf(vehicle);
	const place = (row: number | undefined, point: unknown): number | undefined =>
		row === undefined && point === undefined ? undefined : places.of(row);
	const start = place(vehicle.start_index, vehicle.start);
	const end = place(vehicle.end_index, vehicle.end);
	const { reload } = vehicle;
	const capacity = Array.from({ length: dimensions }, (_, d) => vehicle.capacity?.[d] ?? 0);
	const metric = !problem.matrices?.[profile]?.costs;
	const { fixed = 0, per_hour: perHour = 3600, per_task_hour: perTaskHour = 0, per_km: perKm = 0 } = vehicle.costs ?? {};
	const speed = vehicle.speed_factor ?? 1;
	const departure = departureOf(vehicle);
	const { pinned, pinnedBreaks, breaks } = compilePinned(vehicle, numbers, places);
	return {
		profile: profiles.indexOf(profile),
		type: types.indexOf(vehicle.type ?? ''),
		start,
		end,
		open: TIME * departure[0],
		close: TIME * (vehicle.time_window?.[1] ?? NEVER / TIME),
		leave: TIME * departure[1],
		// VROOM's own rounding, so that times and costs come out equal.
		timeFactor: Math.round((1 / speed) * TIME),
		costFactor: metric ? Math.round((1 / speed) * TIME * perHour) : COST,
		distanceFactor: metric ? 360 * perKm : 0,
		taskFactor: perTaskHour,
		// Breaks belong to every route that is driven, and VROOM pays their time as service.
		fixed: fixed * COST + perTaskHour * breaks.reduce((sum, one) => sum + one.service, 0),
		metric,
		perHour,
		perKm,
		maxTasks: vehicle.max_tasks ?? Infinity,
		maxTravel: TIME * (vehicle.max_travel_time ?? Infinity),
		maxDistance: vehicle.max_distance ?? Infinity,
		maxDuration: TIME * (vehicle.max_duration ?? Infinity),
		driveLimit: TIME * (vehicle.driving_limit?.seconds ?? Infinity),
		driveRest: TIME * (vehicle.driving_limit?.rest ?? 0),
		reloads: (vehicle.max_trips ?? 1) - 1,
		reloadPlace: place(reload?.location_index, reload?.location) ?? start ?? end,
		reloadService: TIME * (reload?.service ?? 0),
		capacity,
		breaks,
		breakLoads: breaks.some((one) => one.maxLoad),
		general: vehicle.max_duration !== undefined || vehicle.driving_limit !== undefined || breaks.some((one) => one.places),
		via: breaks.some((one) => one.places),
		pinned,
		pinnedBreaks,
		day: vehicle.day ?? 0,
		crew: vehicle.crew ?? '',
	};
}

function departureOf(vehicle: PlanVehicle): TimeWindow {
	const first = vehicle.steps?.[0];
	const whole: TimeWindow = [vehicle.time_window?.[0] ?? 0, NEVER / TIME];
	if (first?.type !== 'start' || !first.pinned) return whole;
	return boundWindows([whole], first)?.[0] ?? whole;
}

/** Pinned tasks and breaks; pinned breaks come first among the breaks. */
function compilePinned(
	vehicle: PlanVehicle,
	numbers: ReadonlyMap<string, number>,
	places: Places,
): { pinned: number[]; pinnedBreaks: number[]; breaks: ModelBreak[] } {
	const pinned: number[] = [];
	const pinnedBreaks: number[] = [];
	const first: ModelBreak[] = [];
	const sorted = sortedBreaks(vehicle);
	const compiled = (one: (typeof sorted)[number], rows: readonly TimeWindow[] | undefined): ModelBreak => ({
		rank: vehicle.breaks?.indexOf(one) ?? 0,
		service: TIME * (one.service ?? 0),
		open: (rows ?? [[0, NEVER / TIME]]).map(([open]) => TIME * open),
		close: (rows ?? [[0, NEVER / TIME]]).map(([, close]) => TIME * close),
		maxLoad: one.max_load,
		places: one.locations?.map((point) => places.of(point.location_index)),
	});
	const taken = new Set<number>();
	for (const step of vehicle.steps ?? []) {
		if (!step.pinned || step.id === undefined) continue;
		if (step.type === 'break') {
			const one = sorted.find(({ id }) => id === step.id);
			if (!one) continue;
			first.push(compiled(one, boundWindows(one.time_windows, step)));
			taken.add(one.id);
		} else {
			const task = numbers.get(`${step.type} ${step.id}`);
			if (task === undefined) continue;
			pinnedBreaks.push(first.length);
			pinned.push(task);
		}
	}
	pinnedBreaks.push(first.length);
	const rest = sorted.filter((one) => !taken.has(one.id)).map((one) => compiled(one, one.time_windows));
	return { pinned, pinnedBreaks, breaks: [...first, ...rest] };
}
