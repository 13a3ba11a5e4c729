/** Stops with exact times written out as an answer, in VROOM's shape and roundings. */
import type { PlanRoute, PlanSolution, PlanStep, PlanViolation, UnassignedTask } from '@junkai/contracts';
import type { Timing } from './clock.ts';
import { type Facts, HUNDREDTHS, spotOf, type Task, type Van } from './facts.ts';
import { fairnessCost } from './fairness.ts';
import { seriesOf } from './series.ts';
import { COST_UNIT, type Measured, taskCost } from './simulate.ts';
import { appointmentCost, preferredCost } from './soft.ts';

export interface TimedRoute {
	readonly van: Van;
	readonly measured: Measured;
	readonly timing: Timing;
	/** Of step i (0 is the start), and those of no step; none when absent. */
	readonly violations?: { readonly steps: readonly (readonly PlanViolation[])[]; readonly route: readonly PlanViolation[] };
}

const whole = (time: number): number => Math.floor(time / HUNDREDTHS);

export function writeRoute(facts: Facts, route: TimedRoute): PlanRoute {
	const { van, measured } = route;
	const steps = writeSteps(facts, route);
	const sum = (read: (step: PlanStep) => number) => steps.reduce((total, step) => total + read(step), 0);
	const tasks = measured.stops.flatMap((stop) => (stop.kind === 'task' ? [stop.task] : []));
	const duration = steps.at(-1)?.duration ?? 0;
	const kinds = costsOf(route, duration, steps);
	return {
		vehicle: van.vehicle.id,
		...(van.vehicle.description === undefined ? {} : { description: van.vehicle.description }),
		steps,
		cost: Object.values(kinds).reduce((total, cost) => total + cost, 0),
		setup: sum((step) => step.setup),
		service: sum((step) => step.service),
		duration,
		waiting_time: sum((step) => step.waiting_time),
		priority: tasks.reduce((total, task) => total + task.priority, 0),
		...amounts(facts, tasks),
		...(van.distances ? { distance: measured.distance } : {}),
		violations: [...(route.violations?.route ?? [])],
	};
}

/** Cost of one route by kind, whole units; VROOM rounds travel and distance together. */
function costsOf({ van, measured }: TimedRoute, duration: number, steps: readonly PlanStep[]) {
	const { per_hour: perHour = 3600, per_km: perKm = 0 } = van.vehicle.costs ?? {};
	const distance = van.costs ? 0 : Math.round((measured.distance * perKm) / 1000);
	const both = Math.round((duration * perHour) / 3600 + (measured.distance * perKm) / 1000);
	let [preferred, appointment] = [0, 0];
	for (const [at, stop] of measured.stops.entries()) {
		const step = steps[at + 1];
		if (stop.kind !== 'task' || !step) continue;
		preferred += preferredCost(stop, step.arrival + step.waiting_time);
		appointment += appointmentCost(van, stop, step.arrival + step.waiting_time);
	}
	return {
		fixed: measured.fixed / COST_UNIT,
		travel: van.costs ? Math.floor(measured.travelCost / COST_UNIT) : both - distance,
		distance,
		task: Math.floor(taskCost(van, measured) / COST_UNIT),
		meeting: measured.meeting,
		preferred,
		appointment,
	};
}

function amounts(facts: Facts, tasks: readonly Task[]) {
	if (facts.dimensions === 0) return {};
	const total = (kind: 'pickup' | 'delivery') =>
		Array.from({ length: facts.dimensions }, (_, d) =>
			tasks.reduce((sum, task) => sum + (task[kind][d] ?? 0) + (task.kind === kind ? (task.amount[d] ?? 0) : 0), 0),
		);
	const delivery = total('delivery');
	return { delivery, pickup: total('pickup'), amount: delivery };
}

function writeSteps(facts: Facts, { van, measured, timing, violations }: TimedRoute): PlanStep[] {
	const { stops, setups, services, loads } = measured;
	const steps: PlanStep[] = [];
	let left = whole(timing.departure);
	let duration = 0;
	let distance = 0;
	let onLeg = 0;
	for (let at = -1; at <= stops.length; at++) {
		const stop = stops[at];
		const arrival = at < 0 ? left : whole(timing.arrivals[at] ?? timing.finish);
		const travelled = arrival - left;
		duration += travelled;
		const unlocated = stop !== undefined && stop.place === undefined;
		if (unlocated) onLeg += partOfLeg(measured, at, travelled);
		else {
			distance += at < 0 ? 0 : (measured.legDistances[at] ?? 0);
			onLeg = 0;
		}
		const waiting = stop ? whole(timing.starts[at] ?? 0) - arrival : 0;
		const setup = setups[at] ?? 0;
		const service = services[at] ?? 0;
		const place = at < 0 ? measured.startPlace : stop ? stop.place : measured.endPlace;
		const load = loads[Math.min(at + 1, stops.length)];
		steps.push({
			...nameOf(van, measured, at, arrival + waiting + setup),
			...(place === undefined ? {} : { location_index: place }),
			arrival,
			duration,
			setup,
			service,
			waiting_time: waiting,
			...(facts.dimensions > 0 && load ? { load: [...load] } : {}),
			...(van.distances ? { distance: distance + onLeg } : {}),
			violations: [...(violations?.steps[at + 1] ?? [])],
		});
		left = arrival + waiting + setup + service;
	}
	return steps;
}

function partOfLeg({ stops, legs, legDistances }: Measured, at: number, travelled: number): number {
	let next = at;
	while (next < stops.length && stops[next]?.place === undefined) next++;
	const leg = whole(legs[next] ?? 0);
	return leg === 0 ? 0 : Math.round((travelled * (legDistances[next] ?? 0)) / leg);
}

/** What a step is, without its figures. `ready`: when setup is over. */
function nameOf(van: Van, { stops }: Measured, at: number, ready: number) {
	const stop = stops[at];
	if (!stop) {
		const [type, location] = at < 0 ? (['start', van.vehicle.start] as const) : (['end', van.vehicle.end] as const);
		return location ? { type, location } : { type };
	}
	if (stop.kind === 'reload') return { type: 'reload' as const };
	if (stop.kind === 'break') {
		const { id, description } = stop.rest;
		return { type: 'break' as const, id, ...(description === undefined ? {} : { description }) };
	}
	const { task, point, doctor } = stop;
	const location = point === undefined ? task.location : task.job?.meeting_points?.[point]?.location;
	const start = ready + (task.consult?.preparation ?? 0);
	return {
		type: task.kind,
		id: task.id,
		job: task.id,
		...(task.description === undefined ? {} : { description: task.description }),
		...(location === undefined ? {} : { location: [location[0], location[1]] as [number, number] }),
		...(task.consult && doctor !== undefined ? { consult: { doctor, start, end: start + task.consult.duration } } : {}),
		...(point === undefined ? {} : { meeting_point: point }),
	};
}

/** The whole answer; every task that no route holds is unassigned. */
export function writeSolution(facts: Facts, timed: readonly TimedRoute[]): PlanSolution {
	const routes = timed.map((route) => writeRoute(facts, route));
	const done = new Set(timed.flatMap(({ measured }) => measured.stops.flatMap((s) => (s.kind === 'task' ? [s.task.key] : []))));
	const unassigned = [...facts.tasks.values()].filter((task) => !done.has(task.key)).map(writeUnassigned);
	const sum = (name: 'cost' | 'setup' | 'service' | 'duration' | 'waiting_time' | 'priority') =>
		routes.reduce((total, route) => total + route[name], 0);
	const costs: Record<string, number> = {};
	for (const [at, route] of timed.entries()) {
		const written = routes[at];
		if (!written) continue;
		for (const [kind, cost] of Object.entries(costsOf(route, written.duration, written.steps)))
			costs[kind] = (costs[kind] ?? 0) + cost;
	}
	const series = seriesOf(
		facts,
		timed.map(({ van, measured }) => ({ van, stops: measured.stops })),
	).cost;
	const fairness = fairnessCost(facts.problem, new Set(unassigned.filter(({ type }) => type === 'job').map(({ id }) => id)));
	return {
		code: 0,
		summary: {
			cost: sum('cost') + series + fairness,
			routes: routes.length,
			unassigned: unassigned.length,
			...amounts(
				facts,
				[...facts.tasks.values()].filter((task) => done.has(task.key)),
			),
			setup: sum('setup'),
			service: sum('service'),
			duration: sum('duration'),
			waiting_time: sum('waiting_time'),
			priority: sum('priority'),
			...(routes.some((route) => route.distance !== undefined)
				? { distance: routes.reduce((total, route) => total + (route.distance ?? 0), 0) }
				: {}),
			violations: summaryViolations(routes),
			costs: { ...costs, series, fairness },
		},
		unassigned,
		routes,
		...(facts.problem.doctors ? { doctors: doctorLists(facts, routes) } : {}),
	};
}

function writeUnassigned(task: Task): UnassignedTask {
	const { kind, id, place, description, location } = task;
	return {
		id,
		type: kind,
		...(description === undefined ? {} : { description }),
		...(location ? { location: [location[0], location[1]] } : {}),
		location_index: place,
	};
}

/** Times add up by cause, as VROOM sums them. */
function summaryViolations(routes: readonly PlanRoute[]): PlanViolation[] {
	const found = new Map<PlanViolation['cause'], PlanViolation>();
	for (const { violations } of routes) {
		for (const { cause, duration } of violations) {
			const sum = (found.get(cause)?.duration ?? 0) + (duration ?? 0);
			found.set(cause, duration === undefined && sum === 0 ? { cause } : { cause, duration: sum });
		}
	}
	return [...found.values()];
}

function doctorLists(facts: Facts, routes: readonly PlanRoute[]) {
	return [...facts.doctors.keys()].map((doctor) => ({
		doctor,
		consults: routes
			.flatMap(({ vehicle, steps }) =>
				steps.flatMap(({ id, consult }) =>
					consult?.doctor === doctor ? [{ job: id ?? -1, vehicle, start: consult.start, end: consult.end }] : [],
				),
			)
			.toSorted((a, b) => a.start - b.start || a.end - b.end),
	}));
}

/** Where a task stands when it is put into a route: at its own place or at a meeting point. */
export function placed(task: Task, point: number | undefined, doctor: number | undefined) {
	return { kind: 'task', task, place: spotOf(task, point)?.place ?? task.place, point, doctor } as const;
}
