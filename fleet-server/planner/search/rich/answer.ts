/** A plan of the search written out as an answer. */
import type { PlanProblem, PlanSolution } from '@junkai/contracts';
import {
	drive,
	leaveLate,
	type Limits,
	limitsOf,
	type Openings,
	schedule,
	type Span,
	spans,
	type Timing,
} from '../../check/clock.ts';
import { readFacts, type Facts, type Van } from '../../check/facts.ts';
import { measure, type Stop } from '../../check/simulate.ts';
import { placed, type TimedRoute, writeSolution } from '../../check/write.ts';
import { PlannerError } from '../../errors.ts';
import { type Model, NEVER } from '../../model/model.ts';
import { boundWindows, taskNumbers } from '../../model/compile.ts';
import { createKernel, type Kernel } from './kernel.ts';
import { createPlan, restore, type Snapshot } from './plan.ts';
import type { Route } from './route.ts';

/** One stop of a route in order: a position of the route, or one of its vehicle's breaks, perhaps at a place. */
export type Element = { readonly position: number } | { readonly rest: number; readonly place: number; readonly start: number };

export function writeAnswer(problem: PlanProblem, model: Model, found: Pick<Snapshot, 'routes'>): PlanSolution {
	const kernel = createKernel(model);
	const plan = createPlan(model);
	if (!restore(model, kernel, plan, found)) throw new PlannerError('internal', 'the plan that was found breaks a rule');
	const facts = readFacts(problem);
	const keys = [...taskNumbers(problem).keys()];
	const timed: TimedRoute[] = [];
	for (const route of plan.routes) if (route.tasks > 0) timed.push(timeRoute(problem, facts, model, kernel, route, keys));
	return writeSolution(facts, timed);
}

function timeRoute(
	problem: PlanProblem,
	facts: Facts,
	model: Model,
	kernel: Kernel,
	route: Route,
	keys: readonly string[],
): TimedRoute {
	const vehicle = problem.vehicles[route.vehicle]!;
	const van = facts.vans.get(vehicle.id)!;
	const own = model.vehicles[route.vehicle]!;
	const fixed = own.general || route.softs > 0;
	// Soft times were chosen; the others follow from the windows, with the departure as late as it may be.
	const elements = fixed ? kernel.general.elements(route) : elementsOf(route);
	const openings: (readonly Span[] | undefined)[] = [];
	const stops = elements.map((element): Stop => {
		if ('rest' in element) {
			const { rank } = own.breaks[element.rest]!;
			const rest = vehicle.breaks![rank]!;
			openings.push(fixed ? [[element.start, element.start]] : breakOpenings(vehicle, rest));
			return { kind: 'break', rest, place: element.place < 0 ? undefined : model.placeIndex[element.place]! };
		}
		const { position } = element;
		const node = route.seq[position]!;
		if (node >= model.nodes) {
			openings.push(fixed ? [[route.start[position]!, route.start[position]!]] : undefined);
			return { kind: 'reload', place: van.reload! };
		}
		const task = model.nodeTask[node]!;
		const point = model.nodePoint[node]! < 0 ? undefined : model.nodePoint[node]!;
		const doctor = model.consult[task]! > 0 ? problem.doctors![route.doctor[position]!]!.id : undefined;
		openings.push(fixed ? [[route.start[position]!, route.start[position]!]] : taskOpenings(model, kernel, route, position));
		return placed(facts.tasks.get(keys[task]!)!, point, doctor);
	});
	const measured = measure(facts, van, stops);
	const timing = timesOf(measured, openings, van, own.leave, fixed);
	if ('late' in timing) {
		throw new PlannerError(
			'internal',
			`vehicle ${vehicle.id} cannot keep its times: ${timing.rule} at stop ${timing.stop} by ${timing.late}`,
		);
	}
	rebook(kernel, route, elements, timing);
	return { van, measured, timing };
}

function timesOf(
	measured: TimedRoute['measured'],
	openings: Openings,
	van: Van,
	leave: number,
	fixed: boolean,
): ReturnType<typeof drive> {
	const own = limitsOf(van);
	const first = van.vehicle.steps?.[0];
	const pinned = first?.type === 'start' && first.pinned ? boundWindows([[0, NEVER / 100]], first)?.[0] : undefined;
	const limits: Limits = pinned ? { ...own, hours: [Math.max(own.hours[0], pinned[0] * 100), own.hours[1]] } : own;
	if (fixed) {
		const timing = drive(measured, openings, { ...limits, maxDuration: Infinity }, limits.hours[0]);
		return 'late' in timing ? timing : leaveBy(measured, openings, limits, leaveLate(measured, openings, limits, timing), leave);
	}
	const timing = schedule(measured, openings, limits);
	return 'late' in timing ? timing : leaveBy(measured, openings, limits, timing, leave);
}

function leaveBy(
	measured: TimedRoute['measured'],
	openings: Openings,
	limits: Limits,
	timing: Timing,
	leave: number,
): ReturnType<typeof drive> {
	return timing.departure <= leave ? timing : drive(measured, openings, limits, leave);
}

/** Breaks where the earliest times have them. */
function elementsOf(route: Route): Element[] {
	const { layers, came, n } = route;
	const elements: Element[] = [];
	let layer = layers - 1;
	for (let k = n + 1; k >= 1; k--) {
		if (k <= n) elements.push({ position: k });
		const from = came[k * layers + layer]!;
		for (let b = layer - 1; b >= from; b--) elements.push({ rest: b, place: -1, start: 0 });
		layer = from;
	}
	return elements.toReversed();
}

type Vehicle = PlanProblem['vehicles'][number];

function breakOpenings(vehicle: Vehicle, rest: NonNullable<Vehicle['breaks']>[number]): readonly Span[] | undefined {
	const step = vehicle.steps?.find((one) => one.pinned && one.type === 'break' && one.id === rest.id);
	return spans(step ? boundWindows(rest.time_windows, step) : rest.time_windows);
}

/** When a task may start: its windows, and with a consult the times at which its doctor is free. */
function taskOpenings(model: Model, kernel: Kernel, route: Route, position: number): readonly Span[] | undefined {
	const { windows, consult, preparation, nodeTask, service, vehicles, tasks } = model;
	const task = nodeTask[route.seq[position]!]!;
	const all: Span[] = [];
	for (let w = windows.at[task]!; w < windows.at[task + 1]!; w++) all.push([windows.open[w]!, windows.close[w]!]);
	const duration = consult[task]!;
	if (duration === 0) return all;
	const base = vehicles[route.vehicle]!.type * tasks;
	const ahead = route.action[position]! - service[base + task]! + preparation[task]!;
	return all.flatMap(([open, close]) => {
		const free: Span[] = [];
		for (const [from, to] of kernel.doctors.gaps(route.doctor[position]!, route.vehicle)) {
			const first = Math.max(open, from - ahead);
			const last = Math.min(close, to - duration - ahead);
			if (first <= last) free.push([first, last]);
		}
		return free;
	});
}

/** Books the consults at the times that were written down, for the routes that follow. */
function rebook(kernel: Kernel, route: Route, elements: readonly Element[], timing: Timing): void {
	if (route.consults === 0) return;
	for (const [at, element] of elements.entries()) {
		// Times shown are cut to whole seconds, and bookings are what is shown.
		if ('position' in element) route.start[element.position] = Math.floor(timing.starts[at]! / 100) * 100;
	}
	kernel.book(route);
}
