import { expect, test } from 'vitest';
import { createServiceClock } from './clock.ts';
import { parseOptions } from './config.ts';

test('without options it is the wall clock', () => {
	let wall = 5_000_000;
	const clock = createServiceClock(parseOptions({}), () => wall);
	wall += 1234;
	expect(clock.now()).toBe(wall);
	expect(clock.facts).toMatchObject({ speed: 1, simulated: false });
});

test('a demonstration begins when it is told to and runs as fast', () => {
	const start = '2026-11-24T08:00:00+09:00';
	const from = '2026-11-23T03:00:00Z';
	let wall = Date.parse(from);
	const clock = createServiceClock(parseOptions({ clockStart: start, clockSpeed: '60', clockFrom: from }), () => wall);
	expect(clock.now()).toBe(Date.parse(start));
	wall += 1000;
	expect(clock.now()).toBe(Date.parse(start) + 60_000);
	expect(clock.toWall(clock.now())).toBe(wall);
	expect(clock.wallSpan(60_000)).toBe(1000);
});

test('a speed without a start is refused: real time does not run faster', () => {
	expect(() => parseOptions({ clockSpeed: 2 })).toThrow(/JUNKAI_CLOCK_SPEED.*JUNKAI_CLOCK_START/);
});

test('that of a demonstration is set forward and made faster, never back; the wall clock is not set at all', () => {
	let wall = 1_000_000;
	const clock = createServiceClock(parseOptions({ clockStart: '2026-11-24T08:00:00+09:00' }), () => wall);
	const told: number[] = [];
	clock.on('change', ({ startedService }) => told.push(startedService));
	wall += 1000;
	const before = clock.now();
	clock.set({ speed: 60 });
	expect(clock.now()).toBe(before);
	wall += 1000;
	expect(clock.now()).toBe(before + 60_000);
	clock.set({ now: before + 3_600_000, speed: 1 });
	expect(clock.now()).toBe(before + 3_600_000);
	expect(() => clock.set({ now: before })).toThrow(/forward only/);
	expect(told).toEqual([before, before + 3_600_000]);
	expect(() => createServiceClock(parseOptions({})).set({ speed: 2 })).toThrow(/wall clock/);
});

test('what was sent before the clock was set keeps the time that it had', () => {
	let wall = 1_000_000;
	const clock = createServiceClock(parseOptions({ clockStart: '2026-11-24T07:00:00+09:00' }), () => wall);
	const dawn = clock.now();
	wall += 5000;
	clock.set({ now: dawn + 7_200_000, speed: 60 });
	wall += 1000;
	expect(clock.now()).toBe(dawn + 7_200_000 + 60_000);
	expect(clock.toService(1_003_000)).toBe(dawn + 3000);
	expect(clock.toService(990_000)).toBe(dawn - 10_000);
	expect(clock.toWall(dawn + 3000)).toBe(1_003_000);
	expect(clock.toWall(dawn + 7_200_000 + 30_000)).toBe(1_005_500);
});
