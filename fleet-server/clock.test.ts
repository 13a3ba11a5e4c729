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
