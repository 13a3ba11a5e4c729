/** Days as the assumptions have them, many of them: nine of ten arrivals and consults have to lie within their bounds. */
import type { PlannedRoute, PlannedStop } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import type { LedgerEntry, StopTimes } from '../ledger/store.ts';
import { MINUTE, routeOf, stopAt, visitAt, BASE } from '../test-plan.ts';
import { assumptions } from './assumptions.ts';
import { cumulative, laterOf, notBefore, stillToCome, sure, afterDrive, plus, type Moment } from './moment.ts';
import { roll, type VanNow } from './roll.ts';

const START = Date.parse('2026-11-24T08:30:00+09:00');
const SECOND = 1000;

/** Mulberry32. */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const normalOf = (uniform: () => number) => (): number =>
	Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

/** Three vans with a doctor between them, drives of 20 to 50 minutes, visits of 25, a rest. */
function dayOf(): PlannedRoute[] {
	const [stop, visit] = [stopAt(START), visitAt(START)];
	return [0, 1, 2].map((van): PlannedRoute => {
		const lon = (at: number): number => BASE + 0.2 * at * (van + 2) * 0.5;
		const numbers = [1, 2, 3, 4].map((at) => van * 10 + at);
		let minute = 0;
		let last = BASE;
		const stops: PlannedStop[] = [stop('start', BASE, 0, 0)];
		for (const [at, number] of numbers.entries()) {
			const to = lon(at % 2 === 0 ? 1 : 2);
			const drive = (Math.abs(to - last) * 92.4) / 0.77;
			minute += drive;
			// The doctor sees one patient after the other: van 0 at :00, van 1 at :15, van 2 at :30 past their arrival.
			const consult = minute + 8 + van * 3;
			const end = consult + 12 + 5;
			stops.push({
				...stop('visits', to, minute, end, last),
				visits: [visit(number, minute, end, at % 2 === van % 2 ? { doctor: 1, at: consult, minutes: 12 } : undefined)],
			});
			minute = end;
			if (at === 1) stops.push(stop('break', to, minute, (minute += 45)));
			last = to;
		}
		stops.push(stop('end', BASE, minute + 40, minute + 40, last));
		return { vehicle: `van-${van}`, distance: 0, stops, next: 0, reached: true };
	});
}

interface Happened {
	readonly route: PlannedRoute;
	readonly arrivals: number[];
	readonly leaves: number[];
	readonly visits: Map<number, { began: number; consult: number | null; ended: number }>;
}

/** One day as the assumptions have it. */
function live(routes: readonly PlannedRoute[], normal: () => number): Happened[] {
	const { driveTogether, driveAlone, arrivalSeconds, service, leaveSeconds, startSeconds, restSeconds } = assumptions;
	let doctor = -Infinity;
	const around = (length: number): number => Math.max(0, length * (1 + service * normal()));
	const runs = routes.map((route) => ({ route, stop: 0, at: 0, slow: driveTogether * normal(), ready: 0, began: 0, visit: 0 }));
	const all = routes.map((route): Happened => ({ route, arrivals: [], leaves: [], visits: new Map() }));
	/** On to the next consult; false at the end. */
	const go = (n: number): boolean => {
		const run = runs[n]!;
		const { stops } = run.route;
		for (;;) {
			const stop = stops[run.stop];
			if (!stop) return false;
			if (run.visit === 0 && all[n]!.arrivals[run.stop] === undefined) {
				if (run.stop === 0) run.at = stop.departure + startSeconds * SECOND * normal();
				all[n]!.arrivals[run.stop] = run.stop === 0 ? stop.arrival : run.at;
			}
			const planned = stop.visits[run.visit];
			if (planned) {
				run.began = Math.max(run.at, planned.from);
				const { consult } = planned;
				if (consult) {
					run.ready = Math.max(run.began + around(consult.from - planned.from), consult.from);
					return true;
				}
				run.at = run.began + around(planned.to - planned.from);
				all[n]!.visits.set(planned.visit, { began: run.began, consult: null, ended: run.at });
				run.visit++;
				continue;
			}
			if (stop.kind === 'break') run.at += stop.departure - stop.arrival + restSeconds * SECOND * normal();
			else if (stop.kind === 'visits') run.at += leaveSeconds * SECOND * normal();
			all[n]!.leaves[run.stop] = run.at;
			run.stop++;
			run.visit = 0;
			const drive = (stops[run.stop]?.way?.duration ?? 0) * SECOND;
			if (drive > 0) run.at += drive * Math.max(0.3, 1 + run.slow + driveAlone * normal()) + arrivalSeconds * SECOND * normal();
		}
	};
	const waiting = new Set(runs.keys().filter((n) => go(n)));
	while (waiting.size > 0) {
		const n = [...waiting].toSorted((a, b) => runs[a]!.ready - runs[b]!.ready)[0]!;
		const run = runs[n]!;
		const planned = run.route.stops[run.stop]!.visits[run.visit]!;
		const consult = planned.consult!;
		const start = Math.max(run.ready, doctor);
		doctor = start + around(consult.to - consult.from);
		run.at = doctor + around(planned.to - consult.to);
		all[n]!.visits.set(planned.visit, { began: run.began, consult: start, ended: run.at });
		run.visit++;
		if (!go(n)) waiting.delete(n);
	}
	return all;
}

/** What is known of a day at a moment of it. */
function known(day: readonly Happened[], now: number): { vans: VanNow[]; entry: (visit: number) => LedgerEntry | undefined } {
	const entries = new Map<number, LedgerEntry>();
	const vans = day.map(({ route, arrivals, leaves, visits }): VanNow => {
		const left = leaves.findLastIndex((at) => at <= now);
		const next = Math.min(left + 1, route.stops.length - 1);
		const reached = next === 0 || arrivals[next]! <= now;
		for (const [visit, { began, ended }] of visits) {
			const common = { visit, vehicle: route.vehicle, reason: null, began, source: 'crew' } as const;
			if (ended <= now) entries.set(visit, { ...common, state: 'done', ended });
			else if (began <= now) entries.set(visit, { ...common, state: 'under-way', ended: null });
		}
		const drive = (route.stops[next]!.way?.duration ?? 0) * SECOND;
		const share = reached ? 0 : (now - leaves[next - 1]!) / (arrivals[next]! - leaves[next - 1]!);
		const driven = plus(afterDrive(sure(now), drive * (1 - share), assumptions.driveAlone), 0, assumptions.arrivalSeconds * SECOND);
		const times = (stop: PlannedStop): StopTimes => {
			const at = route.stops.indexOf(stop);
			const past = (list: readonly number[]): number | null => (list[at] !== undefined && list[at] <= now ? list[at] : null);
			return { arrived: past(arrivals), left: past(leaves) };
		};
		return {
			route: { ...route, next, reached },
			arrival: reached ? null : stillToCome(driven, now, assumptions.driveTogether),
			delay: 0,
			times,
			drive: () => undefined,
		};
	});
	return { vans, entry: (visit) => entries.get(visit) };
}

describe('bounds of nine chances of ten', () => {
	test.each([
		['before the day begins', -10, 1],
		['in the morning', 95, 2],
		['in the afternoon', 240, 3],
	])('%s hold nine of ten arrivals and consults', (_when, minute, seed) => {
		const normal = normalOf(random(seed));
		const routes = dayOf();
		const now = START + minute * MINUTE;
		const counts = { arrivals: [0, 0], consults: [0, 0] };
		for (let n = 0; n < 600; n++) {
			const day = live(routes, normal);
			const { vans, entry } = known(day, now);
			const rolled = roll(vans, { now, entry, isCancelled: () => false, assumed: assumptions });
			for (const [at, { stops, consults }] of rolled.entries()) {
				for (const { stop, state, low, high } of stops) {
					if ((state !== 'next' && state !== 'later') || routes[at]!.stops[stop]!.kind === 'break') continue;
					const truth = day[at]!.arrivals[stop]!;
					counts.arrivals[1]!++;
					if (low <= truth && truth <= high) counts.arrivals[0]!++;
				}
				for (const { visit, state, low, high } of consults) {
					const truth = day[at]!.visits.get(visit)!.consult!;
					if (state !== 'later' || truth <= now) continue;
					counts.consults[1]!++;
					if (low <= truth && truth <= high) counts.consults[0]!++;
				}
			}
		}
		const [arrivals, consults] = [counts.arrivals[0]! / counts.arrivals[1]!, counts.consults[0]! / counts.consults[1]!];
		expect(counts.consults[1]).toBeGreaterThan(100);
		expect(arrivals).toBeGreaterThan(0.87);
		expect(arrivals).toBeLessThan(0.95);
		expect(consults).toBeGreaterThan(0.87);
		expect(consults).toBeLessThan(0.95);
	});
});

describe('moments', () => {
	const moment = (mean: number, deviation: number): Moment => ({ mean, variance: deviation ** 2, drive: 0 });

	test('the normal distribution', () => {
		expect(cumulative(0)).toBeCloseTo(0.5, 6);
		expect(cumulative(1.645)).toBeCloseTo(0.95, 4);
		expect(cumulative(-1.96)).toBeCloseTo(0.025, 4);
	});

	test('the later of two, and what has not come yet, are as many draws have it', () => {
		const normal = normalOf(random(7));
		const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;
		const spread = (list: readonly number[]): number => Math.sqrt(mean(list.map((x) => x * x)) - mean(list) ** 2);
		const draws = Array.from({ length: 40_000 }, () => [100 + 20 * normal(), 110 + 10 * normal()] as const);
		const latest = draws.map(([a, b]) => Math.max(a, b));
		const later = laterOf(moment(100, 20), moment(110, 10), 0);
		expect(later.mean).toBeCloseTo(mean(latest), 0);
		expect(Math.sqrt(later.variance)).toBeCloseTo(spread(latest), 0);
		const bounded = notBefore(moment(100, 20), 95, 0);
		expect(bounded.mean).toBeCloseTo(mean(draws.map(([a]) => Math.max(a, 95))), 0);
		const left = draws.flatMap(([a]) => (a > 120 ? [a] : []));
		const still = stillToCome(moment(100, 20), 120, 0);
		expect(still.mean).toBeCloseTo(mean(left), 0);
		expect(Math.sqrt(still.variance)).toBeCloseTo(spread(left), 0);
		// Long after it was to come it is expected soon, and never in the past.
		const late = stillToCome(moment(100, 1), 200, 0);
		expect(late.mean).toBeGreaterThanOrEqual(200);
		expect(late.mean).toBeLessThan(201);
	});
});

describe('a day rolled on', () => {
	const nothing = { times: () => ({ arrived: null, left: null }), drive: () => undefined, delay: 0 };
	const van = (route: PlannedRoute, change: Partial<VanNow> = {}): VanNow => ({ route, arrival: null, ...nothing, ...change });
	const now = START + 5 * MINUTE;
	const driving = (route: PlannedRoute, minute: number): VanNow =>
		van({ ...route, next: 1, reached: false }, { arrival: sure(START + minute * MINUTE) });

	test('on time, all is as planned', () => {
		const route = routeOf('van-1', START);
		const [one] = roll([driving(route, 10)], { now, entry: () => undefined, isCancelled: () => false, assumed: assumptions });
		// Each drive of this plan has four minutes to spare.
		for (const { late } of one!.stops) expect(late).toBeLessThan(90);
		for (const { late } of one!.stops) expect(late).toBeGreaterThan(-300);
		expect(one!.consults[0]).toMatchObject({ state: 'later', doctor: 1, doctorWait: expect.any(Number) as number });
		expect(one!.consults[0]!.doctorWait).toBeLessThan(120);
	});

	test('a late van makes the doctor wait, and the doctor late for the next van', () => {
		const first = routeOf('van-1', START, [1, 3, 4]);
		// Its consult follows that of van-1 without a gap.
		const second = routeOf('van-2', START + 12 * MINUTE, [11, 13, 14]);
		const ready = (late: number) => {
			const vans = [driving(first, 10 + late), van({ ...second, next: 1, reached: false }, { arrival: sure(START + 22 * MINUTE) })];
			const [one, two] = roll(vans, { now, entry: () => undefined, isCancelled: () => false, assumed: assumptions });
			return [one!.consults[0]!, two!.consults[0]!] as const;
		};
		const [onTime, after] = ready(0);
		expect(onTime.doctorWait).toBeLessThan(120);
		expect(Math.abs(after.eta - after.planned)).toBeLessThan(3 * MINUTE);
		// Ten minutes late: the doctor waits as long, and the patient of van-2 after that.
		const [late, pushed] = ready(9);
		expect(late.doctorWait / 60).toBeCloseTo(9, 0);
		expect(pushed.eta - pushed.planned).toBeGreaterThan(7 * MINUTE);
		expect(pushed.patientWait).toBeGreaterThan(7 * 60);
		// Half an hour late: the doctor sees the patient of van-2 first, at the time that was planned.
		const [behind, kept] = ready(30);
		expect(Math.abs(kept.eta - kept.planned)).toBeLessThan(2 * MINUTE);
		expect(behind.eta - behind.planned).toBeGreaterThan(28 * MINUTE);
	});

	test('who comes early waits for the time that the patient was told', () => {
		const [one] = roll([driving(routeOf('van-1', START), 4)], {
			now: START + MINUTE,
			entry: () => undefined,
			isCancelled: () => false,
			assumed: assumptions,
		});
		expect(one!.stops[1]!.late).toBe(-360);
		expect(Math.abs(one!.stops[2]!.late)).toBeLessThan(60);
	});

	test('a visit that takes longer than planned is expected to end soon, not in the past', () => {
		const route = { ...routeOf('van-1', START), next: 1, reached: true };
		const entry = (visit: number): LedgerEntry | undefined =>
			visit === 1
				? { visit, vehicle: 'van-1', state: 'under-way', reason: null, began: START + 10 * MINUTE, ended: null, source: 'crew' }
				: undefined;
		const late = START + 55 * MINUTE;
		const [one] = roll([van(route, { times: () => ({ arrived: START + 10 * MINUTE, left: null }) })], {
			now: late,
			entry,
			isCancelled: () => false,
			assumed: assumptions,
		});
		expect(one!.stops[1]!.departure).toBeGreaterThan(late);
		expect(one!.stops[1]!.departure).toBeLessThan(late + 10 * MINUTE);
		expect(one!.consults[0]!.state).toBe('now');
		expect(one!.stops[3]!.late).toBeGreaterThan(15 * 60);
	});

	test('nobody waits where a visit was called off', () => {
		const route = routeOf('van-1', START);
		const roll1 = (isCancelled: (visit: number) => boolean) =>
			roll([driving(route, 30)], { now, entry: () => undefined, isCancelled, assumed: assumptions })[0]!;
		expect(roll1(() => false).stops[3]!.late).toBeGreaterThan(12 * 60);
		const without = roll1((visit) => visit === 1);
		expect(without.stops[3]!.late).toBeLessThan(0);
		expect(without.consults[0]!.state).toBe('off');
	});
});
