/** A route in a given order as a chain of moments: what is asked of each, and how far apart they must be. */
import { limitsOf, type Span, spans } from '../check/clock.ts';
import { HUNDREDTHS, type Van } from '../check/facts.ts';
import type { Measured } from '../check/simulate.ts';
import type { PlanVehicle } from '@junkai/contracts';

/** Start, stop or end. Hundredths of a second everywhere. */
export interface Moment {
	/** Setup and service. */
	readonly action: number;
	/** When it should begin; each hundredth outside the nearest one counts as a violation. Undefined: whenever. */
	readonly wished: readonly Span[] | undefined;
	/** When it must begin (`service_at`, `service_after`, `service_before`). */
	readonly hard: Span;
}

/** From one place to the next, with the breaks on the way. */
export interface Leg {
	/** Indexes of the moments at its ends. */
	readonly from: number;
	readonly to: number;
	readonly travel: number;
}

export interface Chain {
	readonly moments: readonly Moment[];
	readonly legs: readonly Leg[];
}

type Step = NonNullable<PlanVehicle['steps']>[number];

/** @param asked the step of each moment, as the problem has it; undefined where the problem leaves out start or end */
export function chainOf(van: Van, measured: Measured, asked: readonly (Step | undefined)[]): Chain {
	const { stops, setups, services, legs: travels } = measured;
	const { hours } = limitsOf(van);
	const moments: Moment[] = [];
	const legs: Leg[] = [];
	let from = 0;
	for (let at = 0; at <= stops.length + 1; at++) {
		const stop = stops[at - 1];
		moments.push({
			action: stop ? ((setups[at - 1] ?? 0) + (services[at - 1] ?? 0)) * HUNDREDTHS : 0,
			wished: at === 0 ? wishedOf(hours[0], Infinity) : stop ? wishedAt(stop) : wishedOf(0, hours[1]),
			hard: hardOf(asked[at]),
		});
		if (at === 0 || (stop && stop.place === undefined)) continue;
		legs.push({ from, to: at, travel: travels[at - 1] ?? 0 });
		from = at;
	}
	return { moments, legs };
}

function wishedOf(from: number, to: number): readonly Span[] | undefined {
	return from === 0 && to === Infinity ? undefined : [[from, to]];
}

function wishedAt(stop: Measured['stops'][number]): readonly Span[] | undefined {
	if (stop.kind === 'task') return spans(stop.task.windows);
	return stop.kind === 'break' ? spans(stop.rest.time_windows) : undefined;
}

function hardOf(step: Step | undefined): Span {
	const { service_at: exactly, service_after: least = 0, service_before: most = Infinity } = step ?? {};
	if (exactly === undefined) return [least * HUNDREDTHS, most * HUNDREDTHS];
	return [Math.max(exactly, least) * HUNDREDTHS, Math.min(exactly, most) * HUNDREDTHS];
}

/** How far a moment lies outside the nearest of its wished windows, and which that is. Of two as near, the earlier. */
export function violationAt(moment: Moment, time: number): { readonly by: number; readonly window: Span | undefined } {
	let found: { by: number; window: Span | undefined } = { by: Infinity, window: undefined };
	for (const window of moment.wished ?? []) {
		const by = Math.max(0, window[0] - time, time - window[1]);
		if (by < found.by) found = { by, window };
	}
	return moment.wished?.length ? found : { by: 0, window: undefined };
}
