/** Where in their day the vans begin, so that there is something to see at once. */
import type { Coverage, RadioState } from '@junkai/regions';
import { firstVisit, startAt, vanAt, type DayPlan } from './journey.ts';
import { randomFrom, seedOf } from './random.ts';

/** A stretch of the day without signal, in seconds of the schedule. */
export interface Silence {
	from: number;
	to: number;
}

/** Seconds of real time that a van shows itself before it goes out of coverage. */
const SEEN_BEFORE = 75;
const STEP = 2;

/** The signal at a moment of the schedule. */
export function signalAt(plan: DayPlan, coverage: Coverage, schedule: number): RadioState {
	const { on } = vanAt(plan, plan.startedAt + ((schedule - plan.offset) / plan.speedUp) * 1000);
	return on ? coverage(on.edge, on.along).state : 'good';
}

/** All stretches of a day, or of a part of it, without signal. */
export function silences(plan: DayPlan, coverage: Coverage, within: Silence = { from: 0, to: plan.period }): Silence[] {
	const found: Silence[] = [];
	let from: number | null = null;
	for (let time = within.from; time <= within.to; time += STEP) {
		const dead = time < within.to && signalAt(plan, coverage, time) === 'none';
		if (dead) from ??= time;
		else if (from !== null) {
			found.push({ from, to: time });
			from = null;
		}
	}
	return found;
}

/**
 * The day of the n-th van, begun where it is worth watching: the first and third with a patient attached, the second a minute or
 * so before it leaves coverage, the others anywhere with signal.
 */
export function begin(plan: DayPlan, coverage: Coverage, index: number): DayPlan {
	if (index === 0) return startAt(plan, firstVisit(plan) + 20);
	const dead = silences(plan, coverage);
	if (index === 1) {
		const short = dead.toSorted((a, b) => a.to - a.from - (b.to - b.from)).filter((gap) => gap.to - gap.from > 60)[0];
		if (short) return startAt(plan, latestWithSignal(plan, coverage, short.from - SEEN_BEFORE * plan.speedUp, short.from));
	}
	if (index === 2) return startAt(plan, firstVisit(plan) + 240);
	const random = randomFrom(seedOf(plan.seed, 'begin'));
	for (let i = 0; i < 50; i++) {
		const time = random() * plan.period;
		if (signalAt(plan, coverage, time) === 'good') return startAt(plan, time);
	}
	return startAt(plan, firstVisit(plan));
}

/** `wanted`, or the earliest moment after it from which the signal is unbroken up to `until`. */
function latestWithSignal(plan: DayPlan, coverage: Coverage, wanted: number, until: number): number {
	let start = until - STEP;
	while (start - STEP >= wanted && signalAt(plan, coverage, start - STEP) !== 'none') start -= STEP;
	return start;
}
