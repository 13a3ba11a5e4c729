import { expect, test } from 'vitest';
import type { PositionRecord } from '@junkai/contracts';
import { Track } from './track.ts';

const t0 = 1_700_000_000_000;
/** One fix each second, 11 m apart. */
const fix = (n: number): PositionRecord => ({
	kind: 'position',
	seq: n + 1,
	time: t0 + n * 1000,
	clock: 'gnss',
	mode: 3,
	lat: 33 + n * 0.0001,
	lon: 135,
});
const fill = (track: Track, from: number, to: number, late = false) => {
	for (let n = from; n < to; n++) track.add(fix(n), 'e', late);
};
const shape = (track: Track, now = t0 + 200_000) => track.parts(now).map((p) => [p.late ? 'late' : 'live', p.points.length]);

test('what came late is a line of its own that joins the others, whenever it came', () => {
	const track = new Track();
	fill(track, 0, 10);
	fill(track, 20, 30);
	fill(track, 10, 20, true);
	expect(shape(track)).toEqual([
		['live', 10],
		['late', 11],
		['live', 11],
	]);
});

test('a long silence is not bridged', () => {
	const track = new Track();
	fill(track, 0, 10);
	fill(track, 60, 70);
	expect(shape(track)).toEqual([
		['live', 10],
		['live', 10],
	]);
});

test('a leap that no van can drive is not drawn', () => {
	const track = new Track();
	fill(track, 0, 10);
	for (let n = 10; n < 20; n++) track.add({ ...fix(n), lat: 34 + n * 0.0001 }, 'e', false);
	expect(shape(track)).toEqual([
		['live', 10],
		['live', 10],
	]);
});

test('a fix is counted once, one without a place not at all', () => {
	const track = new Track();
	expect(track.add(fix(1), 'e', false)).toBe(true);
	expect(track.add(fix(1), 'e', true)).toBe(false);
	expect(track.add({ kind: 'position', seq: 9, time: t0, clock: 'gnss', mode: 1 }, 'e', false)).toBe(false);
});

test('standing still leaves no heap of points, the hour is kept and no more', () => {
	const track = new Track();
	for (let n = 0; n < 100; n++) track.add({ ...fix(0), seq: n + 1, time: t0 + n * 1000 }, 'e', false);
	fill(track, 100, 110);
	expect(track.parts(t0 + 200_000)[0]!.points.length).toBeLessThan(15);
	expect(track.parts(t0 + 3_600_000 + 200_000)).toEqual([]);
});
