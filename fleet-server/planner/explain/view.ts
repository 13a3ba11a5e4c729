/** A plan as the explanations need it: stops of every van, who is pinned, and when doctors are free. */
import type { PlanSolution } from '@junkai/contracts';
import { type Limits, limitsOf, type Openings, type Span, spans } from '../check/clock.ts';
import { type Doctor, doctorFits, type Facts, HUNDREDTHS, placeOf, type Task, type Van } from '../check/facts.ts';
import { readSteps } from '../check/steps.ts';
import type { Stop } from '../check/simulate.ts';
import { PlannerError } from '../errors.ts';

export interface VanPlan {
	readonly van: Van;
	readonly stops: readonly Stop[];
	/** So many stops at the beginning stay where they are. */
	readonly pinned: number;
	readonly limits: Limits;
	/** Windows of each stop, without doctors. */
	readonly windows: Openings;
	/** When the doctor of each stop is free of other vans' patients, as times at which the consult may begin. */
	readonly consults: Openings;
}

interface Booking {
	readonly vehicle: number;
	readonly start: number;
	readonly end: number;
}

export interface PlanView {
	readonly facts: Facts;
	readonly vans: readonly VanPlan[];
	readonly bookings: ReadonlyMap<number, readonly Booking[]>;
	/** How many ways were tried so far. */
	readonly work: { trials: number };
}

/** @throws {PlannerError} `internal` when the plan cannot be read back. */
export function viewPlan(facts: Facts, solution: PlanSolution): PlanView {
	const bookings = new Map<number, Booking[]>();
	for (const { vehicle, steps } of solution.routes ?? []) {
		for (const { consult } of steps) {
			if (!consult) continue;
			const list = bookings.get(consult.doctor) ?? [];
			list.push({ vehicle, start: consult.start * HUNDREDTHS, end: consult.end * HUNDREDTHS });
			bookings.set(consult.doctor, list);
		}
	}
	const routes = new Map((solution.routes ?? []).map((route) => [route.vehicle, route]));
	const vans = [...facts.vans.values()].map((van): VanPlan => {
		const route = routes.get(van.vehicle.id);
		const stops = route ? readSteps(facts, van, route).stops : breaksOf(van);
		if (!stops) throw new PlannerError('internal', `the route of vehicle ${van.vehicle.id} cannot be read`);
		const pins = (van.vehicle.steps ?? []).filter((step) => step.pinned && step.type !== 'start' && step.type !== 'end');
		let pinned = 0;
		for (let left = pins.length; left > 0 && pinned < stops.length; pinned++) if (stops[pinned]?.kind !== 'reload') left--;
		return {
			van,
			stops,
			pinned,
			limits: hoursOf(van),
			windows: stops.map((stop) => windowsOf(van, stop)),
			consults: stops.map((stop) => (stop.kind === 'task' ? ownConsult(facts, bookings, van, stop.task, stop.doctor) : undefined)),
		};
	});
	return { facts, vans, bookings, work: { trials: 0 } };
}

/** A van that stays at home would have to take its breaks all the same: at their first places, in order of their windows. */
function breaksOf(van: Van): Stop[] {
	const first = (stop: Stop) => (stop.kind === 'break' ? (stop.rest.time_windows?.[0]?.[0] ?? 0) : 0);
	return [...van.breaks.values()]
		.map((rest): Stop => ({
			kind: 'break',
			rest,
			place: rest.locations?.[0] && placeOf(rest.locations[0], `breaks ${rest.id}.locations[0]`),
		}))
		.toSorted((a, b) => first(a) - first(b));
}

/** A pinned start says when the van left. */
function hoursOf(van: Van): Limits {
	const limits = limitsOf(van);
	const start = van.vehicle.steps?.find((step) => step.type === 'start' && step.pinned);
	const from =
		start?.service_at === undefined
			? Math.max(limits.hours[0], (start?.service_after ?? 0) * HUNDREDTHS)
			: start.service_at * HUNDREDTHS;
	return { ...limits, hours: [from, limits.hours[1]] };
}

function windowsOf(van: Van, stop: Stop): readonly Span[] | undefined {
	const pin = van.vehicle.steps?.find((step) => {
		if (!step.pinned) return false;
		if (stop.kind === 'task') return step.type === stop.task.kind && step.id === stop.task.id;
		return stop.kind === 'break' && step.type === 'break' && step.id === stop.rest.id;
	});
	if (pin?.service_at !== undefined) return spans([[pin.service_at, pin.service_at]]);
	const own = stop.kind === 'task' ? stop.task.windows : stop.kind === 'break' ? stop.rest.time_windows : undefined;
	if (!pin || (pin.service_after === undefined && pin.service_before === undefined)) return spans(own);
	const [from, to] = [pin.service_after ?? 0, pin.service_before ?? Infinity];
	return spans((own ?? [[0, Infinity]]).map(([a, b]) => [Math.max(a, from), Math.min(b, to)] as const).filter(([a, b]) => a <= b));
}

function ownConsult(
	facts: Facts,
	bookings: ReadonlyMap<number, readonly Booking[]>,
	van: Van,
	task: Task,
	id: number | undefined,
): readonly Span[] | undefined {
	const doctor = id === undefined ? undefined : facts.doctors.get(id);
	if (!task.consult || !doctor) return undefined;
	return freeTimes(bookings, doctor, van.vehicle.id, task.consult.duration, { hours: true, busy: true });
}

/** Which of a doctor's bounds count. */
export interface DoctorRules {
	readonly hours: boolean;
	readonly busy: boolean;
}

/** When a consult of this length may begin with this doctor, seen from a van: its own consults are never at the same time anyway. */
export function freeTimes(
	bookings: ReadonlyMap<number, readonly Booking[]>,
	doctor: Doctor,
	vehicle: number,
	duration: number,
	rules: DoctorRules,
): readonly Span[] {
	const length = duration * HUNDREDTHS;
	let free: Span[] = [[0, Infinity]];
	if (rules.hours && doctor.time_windows) {
		free = doctor.time_windows
			.map(([from, to]): Span => [from * HUNDREDTHS, to * HUNDREDTHS - length])
			.filter(([from, to]) => from <= to);
	}
	if (!rules.busy) return free;
	for (const booking of bookings.get(doctor.id) ?? []) {
		if (booking.vehicle === vehicle) continue;
		free = free.flatMap(([from, to]): Span[] => {
			const before: Span = [from, Math.min(to, booking.start - length)];
			const after: Span = [Math.max(from, booking.end), to];
			return [before, after].filter(([a, b]) => a <= b);
		});
	}
	return free;
}

export function fittingDoctors(facts: Facts, task: Task): Doctor[] {
	const { consult } = task;
	return consult ? [...facts.doctors.values()].filter((doctor) => doctorFits(consult, doctor)) : [];
}

/** Times at which one of the doctors can begin, in order and apart. */
export function anyOf(lists: readonly (readonly Span[])[]): Span[] {
	const merged: [number, number][] = [];
	for (const [from, to] of lists.flat().toSorted((a, b) => a[0] - b[0])) {
		const last = merged.at(-1);
		if (last && from <= last[1]) last[1] = Math.max(last[1], to);
		else merged.push([from, to]);
	}
	return merged;
}
