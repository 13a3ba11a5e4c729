import { expect, test } from 'vitest';
import { serviceTime, wallTime } from './service-clock.ts';

test('a day that runs sixty times as fast, there and back', () => {
	const clock = { startedWall: 1_000_000, startedService: 5_000_000_000, speed: 60, simulated: true };
	expect(serviceTime(clock, 1_000_000)).toBe(5_000_000_000);
	expect(serviceTime(clock, 1_010_000)).toBe(5_000_600_000);
	expect(wallTime(clock, 5_000_600_000)).toBe(1_010_000);
});
