/** What a route in a given order breaks, in VROOM's words and ours; at the step where it shows. */
import type { PlanViolation } from '@junkai/contracts';
import { limitsOf, type Timing } from '../check/clock.ts';
import { HUNDREDTHS, type Van } from '../check/facts.ts';
import type { Breach, Measured } from '../check/simulate.ts';
import { type Chain, violationAt } from './chain.ts';

type Cause = PlanViolation['cause'];

export interface RouteViolations {
	readonly steps: PlanViolation[][];
	readonly route: PlanViolation[];
}

/** Rules of `measure` that have the same name as a violation. `doctor_missing` cannot come up: nobody has chosen a doctor yet. */
const SAME: Partial<Record<Breach['rule'], Cause>> = {
	load: 'load',
	break: 'max_load',
	skills: 'skills',
	vehicles: 'vehicles',
	signal: 'signal',
	precedence: 'precedence',
	no_way: 'no_way',
	max_trips: 'max_trips',
};

const whole = (time: number): number => Math.floor(time / HUNDREDTHS);

export function findViolations(van: Van, measured: Measured, chain: Chain, timing: Timing): RouteViolations {
	const times = [timing.departure, ...timing.starts, timing.finish];
	const steps: PlanViolation[][] = chain.moments.map(() => []);
	const route: PlanViolation[] = [];
	const note = (at: number, cause: Cause, duration?: number): void => {
		steps[at]?.push(duration === undefined ? { cause } : { cause, duration });
		const sum = route.find((violation) => violation.cause === cause);
		// Lead time and delay add up; of what is over a limit the greatest figure is the whole.
		if (!sum) route.push(duration === undefined ? { cause } : { cause, duration });
		else if (duration !== undefined) {
			const adds = cause === 'lead_time' || cause === 'delay';
			sum.duration = adds ? (sum.duration ?? 0) + duration : Math.max(sum.duration ?? 0, duration);
		}
	};
	for (const { rule, stop } of measured.breaches) {
		const cause = SAME[rule];
		if (cause) note(stop === undefined ? 0 : stop + 1, cause);
	}
	for (const [at, moment] of chain.moments.entries()) {
		const time = times[at] ?? 0;
		const { by, window } = violationAt(moment, time);
		if (by === 0 || !window) continue;
		if (time < window[0]) note(at, 'lead_time', whole(window[0]) - whole(time));
		else note(at, 'delay', Math.max(1, whole(time) - whole(window[1])));
	}
	noteLimits(van, measured, note);
	noteDriving(van, chain, timing, note);
	const duration = whole((times.at(-1) ?? 0) - (times[0] ?? 0));
	const most = limitsOf(van).maxDuration / HUNDREDTHS;
	if (duration > most) note(chain.moments.length - 1, 'max_duration', duration - most);
	const taken = new Set(measured.stops.flatMap((stop) => (stop.kind === 'break' ? [stop.rest.id] : [])));
	if ([...van.breaks.keys()].some((id) => !taken.has(id))) route.push({ cause: 'missing_break' });
	return { steps, route };
}

/** Limits on what adds up along the route, noted from the step on that passes them. */
function noteLimits(
	van: Van,
	{ stops, legs, legDistances }: Measured,
	note: (at: number, cause: Cause, by?: number) => void,
): void {
	const { max_tasks: maxTasks, max_travel_time: maxTravel, max_distance: maxDistance } = van.vehicle;
	let [tasks, travelled, driven] = [0, 0, 0];
	for (let at = 0; at <= stops.length; at++) {
		const stop = stops[at];
		travelled += legs[at] ?? 0;
		driven += legDistances[at] ?? 0;
		if (stop?.kind === 'task') {
			tasks++;
			if (tasks > (maxTasks ?? Infinity)) note(at + 1, 'max_tasks');
		}
		const over = travelled / HUNDREDTHS - (maxTravel ?? Infinity);
		if (over > 0) note(at + 1, 'max_travel_time', Math.ceil(over));
		const metres = driven - (maxDistance ?? Infinity);
		if (metres > 0) note(at + 1, 'max_distance', metres);
	}
}

/** Travel since the last rest, as the times have it. */
function noteDriving(van: Van, { moments }: Chain, timing: Timing, note: (at: number, cause: Cause, by?: number) => void): void {
	const { driving } = limitsOf(van);
	if (!driving) return;
	let since = 0;
	let left = timing.departure;
	for (let at = 1; at < moments.length; at++) {
		since += (timing.arrivals[at - 1] ?? timing.finish) - left;
		if (since > driving.limit) note(at, 'driving_limit', Math.ceil((since - driving.limit) / HUNDREDTHS));
		const action = moments[at]?.action ?? 0;
		if (action >= driving.rest * HUNDREDTHS) since = 0;
		left = (timing.starts[at - 1] ?? 0) + action;
	}
}
