/** The shown times of a route against what is possible: legs, windows, breaks, doctor's hours, vehicle's hours, driving limit. */
import type { PlanRoute, PlanStep } from '@junkai/contracts';
import { ALWAYS, intersect, limitsOf, type Span, spans } from './clock.ts';
import { type Facts, HUNDREDTHS, type Van } from './facts.ts';
import type { Fault } from './fault.ts';
import type { Measured, Stop } from './simulate.ts';
import { Zone } from './zone.ts';

export interface Clocked {
	/** The first and the last service start that each stop may have, hundredths of a second. */
	readonly starts: readonly Span[];
}

/** All moments that show as this second. */
function shown(second: number): Span {
	return [second * HUNDREDTHS, second * HUNDREDTHS + HUNDREDTHS - 1];
}

/**
 * The shown seconds are right when there is a schedule in hundredths of a second, by the matrices and all windows, whose times
 * cut to seconds are the shown ones. So a shown time is never off by more than the fraction that was cut.
 */
export function checkClock(facts: Facts, van: Van, route: PlanRoute, measured: Measured, fail: (fault: Fault) => void): Clocked {
	const { vehicle, steps } = route;
	const limits = limitsOf(van);
	const first = steps[0];
	const last = steps.at(-1);
	const starts: Span[] = [];
	if (!first || !last) return { starts };
	const pinned = pinnedFacts(van, steps);
	const zone = new Zone(...shown(first.arrival));
	const demand = (rule: string, step: number, [from, to]: Span, what: string): void => {
		if (zone.keep(from, to)) return;
		const message = `${what}: shown ${seconds([from, to])}, possible ${seconds([zone.earliest, zone.latest])}`;
		fail({ rule, vehicle, step, message });
		zone.reset(from, to);
	};
	const allow = (rule: string, step: number, windows: readonly Span[] | undefined, what: string): void => {
		if (!windows) return;
		const now: Span = [zone.earliest, zone.latest];
		const open = intersect(windows, [now])?.[0];
		if (open && zone.keep(...open)) return;
		const message = `${what}: begins at ${seconds(now)}, allowed ${windows.map(seconds).join(', ') || 'never'}`;
		fail({ rule, vehicle, step, message });
	};
	if (!pinned.has(0)) allow('vehicle_hours', 0, [[limits.hours[0], Infinity]], 'the vehicle leaves');
	const driving = new Driving(limits.driving, (step, by) =>
		fail({ rule: 'driving_limit', vehicle, step, message: `drives ${by / HUNDREDTHS} s too long without a rest` }),
	);

	let onLeg = false;
	for (const [at, stop] of [...measured.stops, undefined].entries()) {
		const step = steps[at + 1];
		const before = steps[at];
		if (!step || !before) break;
		checkIdentity(vehicle, at + 1, before, step, fail);
		if (!onLeg) {
			const leg = legOf(measured, at);
			zone.setOff(leg);
			driving.setOff(leg);
		}
		onLeg = stop !== undefined && stop.place === undefined;
		if (onLeg) zone.driveOn();
		else zone.finishLeg();
		demand('arrival', at + 1, shown(step.arrival), 'arrival');
		if (!onLeg) driving.arrive(at + 1);
		if (!stop) break;
		zone.wait();
		demand('waiting_time', at + 1, shown(step.arrival + step.waiting_time), 'service start');
		if (!pinned.has(at + 1)) allow(...windowsOf(stop, at + 1));
		const hours = doctorHours(facts, stop, measured.setups[at] ?? 0);
		if (hours && !pinned.has(at + 1))
			allow('doctor_hours', at + 1, hours, `hours of doctor ${stop.kind === 'task' ? stop.doctor : ''}`);
		starts.push([zone.earliest, zone.latest]);
		const stand = (measured.setups[at] ?? 0) + (measured.services[at] ?? 0);
		if (stand >= (limits.driving?.rest ?? Infinity)) driving.rest(at + 1, onLeg ? zone.left : [0, 0]);
		zone.stand(stand * HUNDREDTHS);
	}
	allow('vehicle_hours', steps.length - 1, [[ALWAYS[0], limits.hours[1]]], 'the vehicle is back');
	const duration = last.arrival - first.arrival;
	if (duration * HUNDREDTHS > limits.maxDuration) {
		const message = `on the way for ${duration} s, allowed ${limits.maxDuration / HUNDREDTHS}`;
		fail({ rule: 'max_duration', vehicle, message });
	}
	return { starts };
}

function seconds([from, to]: Span): string {
	const text = (time: number) => (time / HUNDREDTHS).toFixed(2);
	return from === to ? text(from) : `${text(from)} to ${text(to)}`;
}

/** Steps that have been driven already (`service_at`): their own windows are not asked any more. */
function pinnedFacts(van: Van, steps: readonly PlanStep[]): ReadonlySet<number> {
	const found = new Set<number>();
	for (const pinned of van.vehicle.steps ?? []) {
		if (!pinned.pinned || pinned.service_at === undefined) continue;
		const at = steps.findIndex((step) => step.type === pinned.type && (step.type === 'start' || step.id === pinned.id));
		if (at >= 0) found.add(at);
	}
	return found;
}

function windowsOf(stop: Stop, step: number): ['time_window' | 'break', number, readonly Span[] | undefined, string] {
	if (stop.kind === 'task') return ['time_window', step, spans(stop.task.windows), `time windows of ${stop.task.key}`];
	if (stop.kind === 'break') return ['break', step, spans(stop.rest.time_windows), `time windows of break ${stop.rest.id}`];
	return ['time_window', step, undefined, ''];
}

/** When the service may start so that the consult lies within the doctor's hours. */
export function doctorHours(facts: Facts, stop: Stop, setup: number): readonly Span[] | undefined {
	if (stop.kind !== 'task' || !stop.task.consult || stop.doctor === undefined) return undefined;
	const { preparation, duration } = stop.task.consult;
	return facts.doctors
		.get(stop.doctor)
		?.time_windows?.map(([from, to]): Span => {
			const lead = setup + preparation;
			return [(from - lead) * HUNDREDTHS, (to - lead - duration) * HUNDREDTHS];
		})
		.filter(([from, to]) => from <= to);
}

/** Length of the leg that begins before stop `at`. */
function legOf({ stops, legs }: Measured, at: number): number {
	let next = at;
	while (next < stops.length && stops[next]?.place === undefined) next++;
	return legs[next] ?? 0;
}

/** VROOM's identity of the shown seconds: what passes between two steps is either spent at the first or travelled. */
function checkIdentity(vehicle: number, at: number, before: PlanStep, step: PlanStep, fail: (fault: Fault) => void): void {
	const left = before.arrival + before.waiting_time + before.setup + before.service;
	const travelled = step.arrival - left;
	if (before.waiting_time < 0 || travelled < 0 || step.duration !== before.duration + travelled) {
		const message = `duration is ${step.duration}, expected ${before.duration} + ${travelled}`;
		fail({ rule: 'duration', vehicle, step: at, message });
	}
}

/** Travel since the last rest: the least that the shown times allow. */
class Driving {
	readonly #limit: number;
	readonly #fail: (step: number, by: number) => void;
	#since = 0;
	/** Least travel of this leg that still counts. */
	#leg = 0;

	constructor(driving: { readonly limit: number } | undefined, fail: (step: number, by: number) => void) {
		this.#limit = driving?.limit ?? Infinity;
		this.#fail = fail;
	}

	setOff(leg: number): void {
		this.#leg = leg;
	}

	arrive(step: number): void {
		this.#check(step, this.#since + this.#leg);
		this.#since += this.#leg;
		this.#leg = 0;
	}

	/** A rest with this much (least, most) of the leg still to go. */
	rest(step: number, [least, most]: readonly [number, number]): void {
		this.#check(step, this.#since + Math.max(0, this.#leg - most));
		this.#since = 0;
		this.#leg = least;
	}

	#check(step: number, driven: number): void {
		if (driven > this.#limit) this.#fail(step, driven - this.#limit);
	}
}
