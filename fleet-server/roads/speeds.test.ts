import { describe, expect, test } from 'vitest';
import { clockwork } from './speeds.ts';
import { random } from './test-roads.ts';

const hours = (set: Record<number, number>) => Array.from({ length: 24 }, (_, hour) => set[hour] ?? 1);
const zone = 'Asia/Tokyo';
/** 2026-11-24 is a Tuesday. */
const at = (time: string, day = '24') => new Date(`2026-11-${day}T${time}+09:00`);

describe('clockwork', () => {
	test('without a departure or a profile only the vehicle counts', () => {
		for (const clock of [clockwork(0.9, undefined, { weekday: hours({}) }, zone), clockwork(0.9, at('08:00'), undefined, zone)]) {
			expect(clock.stretch(900)).toBeCloseTo(1000);
			expect(clock.stretch(Infinity)).toBe(Infinity);
		}
	});

	test('a drive through a slow hour: the part before, the part within', () => {
		const clock = clockwork(1, at('07:30'), { weekday: hours({ 8: 0.5 }) }, zone);
		expect(clock.stretch(1800)).toBe(1800);
		// 30 minutes at full speed, then 10 minutes' way at half speed.
		expect(clock.stretch(2400)).toBe(1800 + 1200);
		// The whole slow hour gains half an hour's way; what is left is driven at full speed.
		expect(clock.stretch(1800 + 1800 + 600)).toBe(1800 + 3600 + 600);
	});

	test('days have profiles of their own, the hour is local', () => {
		const profile = { weekday: hours({ 8: 0.5 }), sunday: hours({ 8: 0.8 }) };
		expect(clockwork(1, at('08:00', '24'), profile, zone).stretch(900)).toBe(1800);
		expect(clockwork(1, at('08:00', '22'), profile, zone).stretch(900)).toBe(1125);
		// A Saturday without a profile is a weekday.
		expect(clockwork(1, at('08:00', '28'), profile, zone).stretch(900)).toBe(1800);
		expect(clockwork(1, new Date('2026-11-24T08:00:00Z'), profile, zone).stretch(900)).toBe(900);
	});

	test('past midnight the next day counts', () => {
		const clock = clockwork(1, at('23:00', '28'), { weekday: hours({}), sunday: hours({ 0: 0.5 }) }, zone);
		expect(clock.stretch(3600 + 600)).toBe(3600 + 1200);
	});

	test('leaving later never means arriving earlier, and shrink undoes stretch', () => {
		const next = random(7);
		const profile = { weekday: Array.from({ length: 24 }, () => 0.4 + next()) };
		for (let i = 0; i < 300; i++) {
			const drive = next() * 20_000;
			const start = at('00:00').getTime() + next() * 80_000_000;
			const arrival = (leave: number) => leave + clockwork(1, new Date(leave), profile, zone).stretch(drive) * 1000;
			expect(arrival(start + next() * 3_600_000)).toBeGreaterThanOrEqual(arrival(start) - 1001);
			const clock = clockwork(0.9, new Date(start), profile, zone);
			expect(clock.shrink(clock.stretch(drive))).toBeCloseTo(drive, 4);
		}
	});
});
