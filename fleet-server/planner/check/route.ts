/** One route of an answer against the problem: rules, clock, loads, figures. */
import type { costKinds, PlanRoute, PlanStep } from '@junkai/contracts';
import { checkClock, type Clocked } from './clocks.ts';
import { doctorFits, type Facts, HUNDREDTHS, type Van } from './facts.ts';
import type { Fault } from './fault.ts';
import { type Breach, COST_UNIT, measure, type Measured, type Stop, taskCost } from './simulate.ts';
import { appointmentCost, preferredCost } from './soft.ts';
import { readSteps } from './steps.ts';

export type CostKind = (typeof costKinds)[number];

/** A consult as the plan books it. */
export interface Booking {
	readonly doctor: number;
	readonly job: number;
	readonly vehicle: number;
	readonly start: number;
	readonly end: number;
}

export interface CheckedRoute {
	readonly van: Van;
	readonly stops: readonly Stop[];
	readonly bookings: readonly Booking[];
	/** Least and most that each kind may come to, in units of cost; a range only where hidden hundredths of a second decide. */
	readonly costs: ReadonlyMap<CostKind, readonly [number, number]>;
}

/** Checks a route; undefined when its steps cannot even be read. */
export function checkRoute(facts: Facts, van: Van, route: PlanRoute, fail: (fault: Fault) => void): CheckedRoute | undefined {
	const vehicle = route.vehicle;
	const { stops, faults } = readSteps(facts, van, route);
	for (const fault of faults) fail(fault);
	if (!stops) return undefined;
	const measured = measure(facts, van, stops);
	for (const breach of measured.breaches) fail(tell(breach, vehicle));
	checkBreaks(van, stops, (message) => fail({ rule: 'break', vehicle, message }));
	checkPinned(van, route, fail);
	const clocked = checkClock(facts, van, route, measured, fail);
	checkFigures(facts, van, route, measured, fail);
	const bookings = checkConsults(facts, route, stops, measured, fail);
	const costs = routeCosts(van, route, measured, clocked);
	checkCost(route, measured, van, costs, fail);
	return { van, stops, bookings, costs };
}

function tell({ rule, stop, by, unit }: Breach, vehicle: number): Fault {
	const over = by > 0 && unit ? ` by ${by} ${unit}` : '';
	return { rule, vehicle, ...(stop === undefined ? {} : { step: stop + 1 }), message: `${rule} is broken${over}` };
}

function checkBreaks(van: Van, stops: readonly Stop[], fail: (message: string) => void): void {
	for (const id of van.breaks.keys()) {
		const times = stops.filter((stop) => stop.kind === 'break' && stop.rest.id === id).length;
		if (times !== 1) fail(`break ${id} is there ${times} times`);
	}
}

/** The route begins with the pinned steps, whose `service_*` hold (in shown seconds). */
function checkPinned(van: Van, route: PlanRoute, fail: (fault: Fault) => void): void {
	const { vehicle } = route;
	let at = 0;
	for (const pinned of van.vehicle.steps ?? []) {
		if (!pinned.pinned) continue;
		if (pinned.type !== 'start' && pinned.type !== 'end') {
			do at++;
			while (route.steps[at]?.type === 'reload');
		}
		const where = pinned.type === 'start' ? 0 : pinned.type === 'end' ? route.steps.length - 1 : at;
		const step = route.steps[where];
		if (step?.type !== pinned.type || (pinned.id !== undefined && step.id !== pinned.id)) {
			const message = `pinned ${pinned.type} ${pinned.id ?? ''} is missing here; found ${step?.type ?? 'nothing'} ${step?.id ?? ''}`;
			fail({ rule: 'pinned', vehicle, step: where, message });
			return;
		}
		const start = step.arrival + step.waiting_time;
		const { service_at: exactly, service_after: least = 0, service_before: most = Infinity } = pinned;
		const wrong = exactly === undefined ? start < least || start > most : start !== exactly;
		if (wrong) {
			const message = `pinned to ${exactly ?? `${least} to ${most}`}, but begins at ${start}`;
			fail({ rule: 'pinned', vehicle, step: where, message });
		}
	}
}

function checkFigures(facts: Facts, van: Van, route: PlanRoute, measured: Measured, fail: (fault: Fault) => void): void {
	const { vehicle, steps } = route;
	const expect = (rule: string, step: number | undefined, found: unknown, expected: unknown): void => {
		if (JSON.stringify(found) === JSON.stringify(expected)) return;
		const message = `${rule} is ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`;
		fail({ rule, vehicle, ...(step === undefined ? {} : { step }), message });
	};
	let distance = 0;
	for (const [at, step] of steps.entries()) {
		const stop = measured.stops[at - 1];
		const place = at === 0 ? measured.startPlace : at === steps.length - 1 ? measured.endPlace : stop?.place;
		if (place !== undefined && step.location_index !== undefined) expect('location_index', at, step.location_index, place);
		const location = locationOf(van, stop, at === 0);
		if (location && step.location) expect('location', at, step.location, location);
		if (step.job !== undefined) expect('job', at, step.job, step.id);
		expect('setup', at, step.setup, stop ? (measured.setups[at - 1] ?? 0) : 0);
		expect('service', at, step.service, stop ? (measured.services[at - 1] ?? 0) : 0);
		if (facts.dimensions > 0 || step.load) {
			expect('load', at, step.load, measured.loads[Math.min(at, measured.loads.length - 1)] ?? []);
		}
		if (step.violations.length > 0) expect('violations', at, step.violations, []);
		if (van.distances) distance = checkDistance(step, at, measured, distance, expect);
	}
	const sum = (read: (step: PlanStep) => number) => steps.reduce((total, step) => total + read(step), 0);
	expect(
		'setup',
		undefined,
		route.setup,
		sum((step) => step.setup),
	);
	expect(
		'service',
		undefined,
		route.service,
		sum((step) => step.service),
	);
	expect(
		'waiting_time',
		undefined,
		route.waiting_time,
		sum((step) => step.waiting_time),
	);
	expect('duration', undefined, route.duration, steps.at(-1)?.duration);
	if (van.distances) expect('distance', undefined, route.distance, measured.distance);
	if (route.violations.length > 0) expect('violations', undefined, route.violations, []);
	const tasks = measured.stops.flatMap((stop) => (stop.kind === 'task' ? [stop.task] : []));
	const priority = tasks.reduce((total, task) => total + task.priority, 0);
	expect('priority', undefined, route.priority, priority);
	checkAmounts(facts.dimensions, route, tasks, expect);
}

/** Coordinates that the problem gives for a stop, start or end. */
function locationOf({ vehicle }: Van, stop: Stop | undefined, start: boolean): readonly [number, number] | undefined {
	if (!stop) return start ? vehicle.start : vehicle.end;
	if (stop.kind === 'reload') return vehicle.reload ? vehicle.reload.location : vehicle.start;
	if (stop.kind === 'break') return stop.rest.locations?.find((place) => place.location_index === stop.place)?.location;
	return stop.point === undefined ? stop.task.location : stop.task.job?.meeting_points?.[stop.point]?.location;
}

type Expect = (rule: string, step: number | undefined, found: unknown, expected: unknown) => void;

/** Distance so far: exact at places; on a leg, at a break, anything from the leg's begin to its end (pro rata, rounded, in VROOM). */
function checkDistance(step: PlanStep, at: number, measured: Measured, before: number, expect: Expect): number {
	const located = at === 0 || measured.stops[at - 1]?.place !== undefined || at === measured.stops.length + 1;
	const done = before + (at === 0 ? 0 : (measured.legDistances[at - 1] ?? 0));
	if (located) {
		expect('distance', at, step.distance, done);
		return done;
	}
	let next = at;
	while (next < measured.stops.length && measured.stops[next]?.place === undefined) next++;
	const most = before + (measured.legDistances[next] ?? 0);
	const shown = step.distance ?? -1;
	// Pro rata of shown seconds: each break may cut one second of the leg, and round.
	const second = Math.ceil((most - before) / Math.max(1, Math.floor((measured.legs[next] ?? 0) / HUNDREDTHS)));
	const slack = (second + 1) * (1 + next - at);
	if (shown < before - slack || shown > most + slack) expect('distance', at, step.distance, `${before} to ${most}`);
	return before;
}

function checkAmounts(
	dimensions: number,
	route: PlanRoute,
	tasks: readonly { delivery: readonly number[]; pickup: readonly number[]; amount: readonly number[]; kind: string }[],
	expect: Expect,
): void {
	if (dimensions === 0) return;
	const total = (read: (task: (typeof tasks)[number], dimension: number) => number) =>
		Array.from({ length: dimensions }, (_, dimension) => tasks.reduce((sum, task) => sum + read(task, dimension), 0));
	const delivery = total((task, d) => (task.delivery[d] ?? 0) + (task.kind === 'delivery' ? (task.amount[d] ?? 0) : 0));
	const pickup = total((task, d) => (task.pickup[d] ?? 0) + (task.kind === 'pickup' ? (task.amount[d] ?? 0) : 0));
	expect('delivery', undefined, route.delivery, delivery);
	expect('pickup', undefined, route.pickup, pickup);
	if (route.amount) expect('amount', undefined, route.amount, delivery);
}

function checkConsults(
	facts: Facts,
	route: PlanRoute,
	stops: readonly Stop[],
	measured: Measured,
	fail: (fault: Fault) => void,
): Booking[] {
	const { vehicle } = route;
	const bookings: Booking[] = [];
	for (const [at, step] of route.steps.entries()) {
		const stop = stops[at - 1];
		const wanted = stop?.kind === 'task' ? stop.task.consult : undefined;
		const consult = step.consult;
		if (!wanted || !consult) {
			if (wanted) fail({ rule: 'consult', vehicle, step: at, message: 'the consult has no doctor' });
			if (consult) fail({ rule: 'consult', vehicle, step: at, message: 'nobody asked for a consult here' });
			continue;
		}
		const doctor = facts.doctors.get(consult.doctor);
		if (doctor && !doctorFits(wanted, doctor)) {
			fail({ rule: 'doctor', vehicle, step: at, message: `doctor ${doctor.id} may not hold this consult` });
		}
		const start = step.arrival + step.waiting_time + (measured.setups[at - 1] ?? 0) + wanted.preparation;
		const end = start + wanted.duration;
		if (consult.start !== start || consult.end !== end) {
			const message = `the consult is shown from ${consult.start} to ${consult.end}, expected ${start} to ${end}`;
			fail({ rule: 'consult', vehicle, step: at, message });
		}
		bookings.push({ doctor: consult.doctor, job: step.id ?? -1, vehicle, start, end });
	}
	return bookings;
}

function routeCosts(van: Van, route: PlanRoute, measured: Measured, clocked: Clocked): Map<CostKind, readonly [number, number]> {
	const exact = (units: number) => [units / COST_UNIT, units / COST_UNIT] as const;
	const { per_hour: perHour = 3600 } = van.vehicle.costs ?? {};
	// VROOM shows the cost of the shown travel time, and without any window that of the exact one.
	const shownTravel = van.costs ? measured.travelCost / COST_UNIT : (route.duration * perHour) / 3600;
	const exactTravel = measured.travelCost / COST_UNIT;
	const wishes = (cost: (stop: Stop & { kind: 'task' }, start: number) => number): readonly [number, number] => {
		let [least, most] = [0, 0];
		for (const [at, stop] of measured.stops.entries()) {
			if (stop.kind !== 'task') continue;
			// Shown times are cut to whole seconds, and wishes look at what is shown.
			const tries = (clocked.starts[at] ?? []).flatMap((start) => [cost(stop, start / 100), cost(stop, Math.floor(start / 100))]);
			least += Math.min(...tries);
			most += Math.max(...tries);
		}
		return [least, most];
	};
	return new Map([
		['fixed', exact(measured.fixed)],
		['travel', [Math.min(shownTravel, exactTravel), Math.max(shownTravel, exactTravel)]],
		['distance', exact(measured.distanceCost)],
		['task', exact(taskCost(van, measured))],
		['meeting', [measured.meeting, measured.meeting]],
		['preferred', wishes(preferredCost)],
		['appointment', wishes((stop, start) => appointmentCost(van, stop, start))],
	]);
}

function checkCost(
	route: PlanRoute,
	measured: Measured,
	van: Van,
	costs: ReadonlyMap<CostKind, readonly [number, number]>,
	fail: (fault: Fault) => void,
): void {
	const extras: CostKind[] = ['meeting', 'preferred', 'appointment'];
	let [least, most] = [0, 0];
	for (const kind of extras) {
		least += costs.get(kind)?.[0] ?? 0;
		most += costs.get(kind)?.[1] ?? 0;
	}
	// VROOM rounds the parts one by one: fixed, way, work.
	const work = measured.fixed / COST_UNIT + Math.floor(taskCost(van, measured) / COST_UNIT);
	const ways = (costs.get('travel') ?? []).map((travel) => work + Math.round(travel + measured.distanceCost / COST_UNIT));
	const { cost } = route;
	if (ways.some((way) => cost >= least + way - 1 && cost <= most + way + 1)) return;
	fail({
		rule: 'cost',
		vehicle: route.vehicle,
		message: `cost is ${cost}, expected ${ways.map((way) => least + way).join(' or ')}`,
	});
}
