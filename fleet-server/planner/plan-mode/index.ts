/**
 * Plan mode (VROOM's `-c`): the order of each route is given by `steps` of its vehicle; the times are chosen so that windows are
 * missed by as little as can be, and whatever is broken is told. `service_at`, `service_after` and `service_before` always hold.
 *
 * Of the additions: a break with places is taken where the detour is least; meeting points are not used; consults get their
 * doctors after the times are chosen, in order of begin, and a consult without a free doctor is the violation `doctor`. Where
 * there is no way, the time of the leg counts as 0, and the step has the violation `no_way`.
 */
import type { PlanProblem, PlanSolution, PlanVehicle } from '@junkai/contracts';
import type { Timing } from '../check/clock.ts';
import { type Facts, placeOf, readFacts, type Van } from '../check/facts.ts';
import { seriesOf } from '../check/series.ts';
import { measure, type Measured, type Stop } from '../check/simulate.ts';
import { placed, type TimedRoute, writeSolution } from '../check/write.ts';
import { PlannerError } from '../errors.ts';
import { type Chain, chainOf } from './chain.ts';
import { assignDoctors } from './doctors.ts';
import { chooseTimes } from './times.ts';
import { findViolations } from './violations.ts';

type Step = NonNullable<PlanVehicle['steps']>[number];

/**
 * The answer of plan mode: one route for each vehicle that has `steps`.
 * @throws {PlannerError} `input` when steps name something unknown or twice, when hard times contradict each other, or when a
 * matrix is missing.
 */
export function choosePlanTimes(problem: PlanProblem): PlanSolution {
	const facts = readFacts(problem);
	const seen = new Set<string>();
	const routes = [...facts.vans.values()].filter(({ vehicle }) => vehicle.steps?.length).map((van) => timeRoute(facts, van, seen));
	assignDoctors(facts, routes);
	noteSeries(facts, routes);
	const solution = writeSolution(facts, routes);
	return solution;
}

/** A route on its way to be written; doctors and violations are still added. */
export interface OpenRoute extends TimedRoute {
	measured: Measured & { stops: Stop[] };
	readonly violations: ReturnType<typeof findViolations>;
}

function timeRoute(facts: Facts, van: Van, seen: Set<string>): OpenRoute {
	const { stops, asked } = readOrder(facts, van, seen);
	const measured = measure(facts, van, stops);
	const chain = chainOf(van, measured, asked);
	const times = chooseTimes(chain);
	if (!times) throw new PlannerError('input', `vehicle ${van.vehicle.id}: the service times of its steps contradict each other`);
	const timing = timingOf(measured, chain, times);
	return { van, measured: { ...measured, stops }, timing, violations: findViolations(van, measured, chain, timing) };
}

/** Stops of a vehicle in the order of its steps, and the step behind each moment of the route. */
function readOrder(facts: Facts, van: Van, seen: Set<string>): { stops: Stop[]; asked: (Step | undefined)[] } {
	const stops: Stop[] = [];
	const asked: (Step | undefined)[] = [undefined];
	let end: Step | undefined;
	const steps = van.vehicle.steps ?? [];
	const refuse = (at: number, why: string): never => {
		throw new PlannerError('input', `vehicles ${van.vehicle.id}, steps[${at}]: ${why}`);
	};
	for (const [at, step] of steps.entries()) {
		if (step.type === 'start') {
			if (at > 0) refuse(at, 'start is not the first step');
			asked[0] = step;
		} else if (step.type === 'end') {
			if (at < steps.length - 1) refuse(at, 'end is not the last step');
			end = step;
		} else {
			const key = `${step.type === 'break' ? `break of vehicle ${van.vehicle.id},` : step.type} ${step.id}`;
			if (seen.has(key)) refuse(at, `${key} is in the steps twice`);
			seen.add(key);
			const stop = step.type === 'break' ? breakStop(van, steps, at, facts) : taskStop(facts, step);
			stops.push(stop ?? refuse(at, `there is no ${key}`));
			asked.push(step);
		}
	}
	return { stops, asked: [...asked, end] };
}

function taskStop(facts: Facts, step: Step): Stop | undefined {
	const task = facts.tasks.get(`${step.type} ${step.id}`);
	return task && placed(task, undefined, undefined);
}

/** A break with places: where the way from the task before to the task after grows least. */
function breakStop(van: Van, steps: readonly Step[], at: number, facts: Facts): Stop | undefined {
	const rest = van.breaks.get(steps[at]?.id ?? -1);
	if (!rest?.locations) return rest && { kind: 'break', rest, place: undefined };
	const placeOfStep = (step: Step) => facts.tasks.get(`${step.type} ${step.id}`)?.place;
	const before =
		steps
			.slice(0, at)
			.map(placeOfStep)
			.findLast((place) => place !== undefined) ?? van.start;
	const after =
		steps
			.slice(at + 1)
			.map(placeOfStep)
			.find((place) => place !== undefined) ?? van.end;
	const detour = (place: number) =>
		(before === undefined ? 0 : (van.durations[before]?.[place] ?? Infinity)) +
		(after === undefined ? 0 : (van.durations[place]?.[after] ?? Infinity));
	const places = rest.locations.map((location, number) => placeOf(location, `breaks ${rest.id}.locations[${number}]`));
	const place = places.reduce((best, other) => (detour(other) < detour(best) ? other : best));
	return { kind: 'break', rest, place };
}

/** Arrivals for the chosen begins: travel is done as early as it can be, waiting comes after it. */
function timingOf(measured: Measured, { moments, legs }: Chain, times: readonly number[]): Timing {
	const arrivals: number[] = [];
	for (const { from, to, travel } of legs) {
		let left = travel;
		for (let at = from + 1; at <= to; at++) {
			const ready = (times[at - 1] ?? 0) + (moments[at - 1]?.action ?? 0);
			const spent = at === to ? left : Math.min(left, (times[at] ?? 0) - ready);
			left -= spent;
			arrivals.push(ready + spent);
		}
	}
	const finish = times.at(-1) ?? 0;
	return { departure: times[0] ?? 0, arrivals: arrivals.slice(0, measured.stops.length), starts: times.slice(1, -1), finish };
}

function noteSeries(facts: Facts, routes: readonly OpenRoute[]): void {
	const { broken } = seriesOf(
		facts,
		routes.map(({ van, measured }) => ({ van, stops: measured.stops })),
	);
	for (const { violations, measured } of routes) {
		let found = false;
		for (const [at, stop] of measured.stops.entries()) {
			if (stop.kind !== 'task' || stop.task.kind !== 'job' || !broken.has(stop.task.id)) continue;
			violations.steps[at + 1]?.push({ cause: 'series' });
			found = true;
		}
		if (found) violations.route.push({ cause: 'series' });
	}
}
