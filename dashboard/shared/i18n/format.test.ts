import { expect, test } from 'vitest';
import {
	formatDateTime,
	formatDistance,
	formatDuration,
	formatHeading,
	formatMoment,
	formatTimeWithSeconds,
	toKilometresPerHour,
} from './format.ts';

/** 14:05:09 in Wakayama. */
const t = Date.UTC(2026, 10, 22, 5, 5, 9);

test('dates in the fleet time zone, whatever the computer says', () => {
	expect(formatDateTime(t, 'ja')).toBe('11月22日(日) 14:05');
	expect(formatDateTime(t, 'en')).toBe('Sun 22 Nov 14:05');
	expect(formatTimeWithSeconds(t)).toBe('14:05:09');
	expect(formatTimeWithSeconds(Date.UTC(2026, 10, 22, 15, 0, 0))).toBe('00:00:00');
});

test('a moment of today is a time, any other has its day', () => {
	expect(formatMoment(t, t + 3_600_000, 'ja')).toBe('14:05');
	expect(formatMoment(t, t + 86_400_000, 'ja')).toBe('11月22日(日) 14:05');
	expect(formatMoment(t, t + 365 * 86_400_000, 'en')).toBe('Sun 22 Nov 14:05');
});

test.each([
	[-5, '0秒', '0 s'],
	[34_900, '34秒', '34 s'],
	[12 * 60_000, '12分', '12 min'],
	[125 * 60_000, '2時間5分', '2 h 5 min'],
	[2 * 3_600_000, '2時間', '2 h'],
	[76 * 3_600_000, '3日4時間', '3 d 4 h'],
])('duration of %d ms', (ms, ja, en) => {
	expect([formatDuration(ms, 'ja'), formatDuration(ms, 'en')]).toEqual([ja, en]);
});

test('speed, heading, distance', () => {
	expect(toKilometresPerHour(12.3)).toBe(44);
	expect([0, 44, 359, -90].map((d) => formatHeading(d, 'ja'))).toEqual(['北', '北東', '北', '西']);
	expect(formatHeading(225, 'en')).toBe('SW');
	expect([formatDistance(123), formatDistance(12_340)]).toEqual(['120 m', '12.3 km']);
});
