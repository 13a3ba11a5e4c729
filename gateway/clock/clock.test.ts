import { describe, expect, test } from 'vitest';
import { Clock, type Correction } from './clock.ts';

const NOON = Date.UTC(2026, 10, 22, 12);

function makeClock(options: { wall: number; synchronised?: boolean }) {
	const state = { mono: 1000, wall: options.wall, synchronised: options.synchronised ?? false };
	const corrections: Correction[] = [];
	const qualities: string[] = [];
	const clock = new Clock({
		systemSynchronised: () => state.synchronised,
		monotonic: () => state.mono,
		wall: () => state.wall,
		onCorrection: (correction) => corrections.push(correction),
		onQuality: (quality) => qualities.push(quality),
	});
	const pass = (ms: number): void => {
		state.mono += ms;
		state.wall += ms;
	};
	return { clock, state, pass, corrections, qualities };
}

/** Fixes once a second, each arriving `delay(i)` ms after its moment. */
function fixes(made: ReturnType<typeof makeClock>, utc: number, count: number, delay: (i: number) => number): void {
	const began = made.state.mono;
	for (let i = 0; i < count; i++) {
		made.pass(1000);
		const at = made.state.mono + delay(i);
		made.clock.gnss(utc + (made.state.mono - began), at);
	}
}

describe('without any source', () => {
	test('stamps are unsynchronised and monotonic though the wall clock jumps', () => {
		const { clock, state, pass } = makeClock({ wall: Date.UTC(1970, 0, 1, 0, 5) });
		const first = clock.stamp();
		state.wall += 3_600_000;
		pass(10);
		clock.tick();
		expect(clock.stamp()).toEqual({ time: first.time + 10, clock: 'unsynchronised' });
	});
});

describe('GNSS', () => {
	test('anchors after a few fixes, corrects what was stamped before, by the least delayed fix', () => {
		const made = makeClock({ wall: Date.UTC(2020, 0, 1) });
		const before = made.clock.stamp();
		const truth = NOON - 1000;
		fixes(made, truth, 10, (i) => (i === 4 ? 60 : 200));
		const now = made.clock.stamp();
		expect(now.clock).toBe('gnss');
		expect(now.time).toBeGreaterThan(truth + 10_000 - 210);
		expect(now.time).toBeLessThanOrEqual(truth + 10_000);
		expect(made.corrections).toHaveLength(1);
		const { delta, boot } = made.corrections[0]!;
		expect(boot).toBe(made.clock.boot);
		expect(Math.abs(before.time + delta - truth)).toBeLessThan(250);
	});

	test('one stray fix does not move the clock', () => {
		const made = makeClock({ wall: NOON });
		made.clock.gnss(NOON + 90_000_000, made.state.mono);
		expect(made.clock.quality).toBe('unsynchronised');
	});

	test('a date before the week rollover is brought into our era', () => {
		const made = makeClock({ wall: Date.UTC(2020, 0, 1) });
		fixes(made, NOON - 1024 * 7 * 86_400_000, 5, () => 100);
		expect(Math.abs(made.clock.stamp().time - (NOON + 5000))).toBeLessThan(200);
	});

	test('is not believed against a synchronised system clock (replayed log, old receiver)', () => {
		const made = makeClock({ wall: NOON, synchronised: true });
		fixes(made, Date.UTC(2019, 3, 12), 5, () => 100);
		expect(made.clock.stamp()).toEqual({ time: made.state.wall, clock: 'ntp' });
		expect(made.clock.implausible).toBe(5);
	});

	test('that agrees with a synchronised system clock confirms it', () => {
		const made = makeClock({ wall: NOON, synchronised: true });
		fixes(made, NOON, 5, () => 150);
		expect(made.clock.stamp()).toEqual({ time: made.state.wall, clock: 'gnss' });
	});

	test('lost leaves the clock in holdover, never back to unsynchronised', () => {
		const made = makeClock({ wall: Date.UTC(2020, 0, 1) });
		fixes(made, NOON, 5, () => 100);
		const { time } = made.clock.stamp();
		made.pass(120_000);
		made.clock.tick();
		expect(made.clock.stamp()).toEqual({ time: time + 120_000, clock: 'holdover' });
	});
});

test('the system clock becoming synchronised corrects once', () => {
	const made = makeClock({ wall: Date.UTC(2020, 0, 1) });
	const before = made.clock.stamp();
	made.pass(5000);
	made.state.wall = NOON;
	made.state.synchronised = true;
	made.clock.tick();
	made.clock.tick();
	expect(made.corrections).toEqual([{ boot: made.clock.boot, delta: NOON - 5000 - before.time, to: 'ntp' }]);
	expect(made.clock.stamp()).toEqual({ time: NOON, clock: 'ntp' });
});

test('nothing was stamped before: nothing is corrected', () => {
	const made = makeClock({ wall: NOON, synchronised: true });
	made.clock.stamp();
	expect(made.corrections).toEqual([]);
});
