import { describe, expect, test } from 'vitest';
import { GAP_SAMPLE } from '@junkai/contracts';
import { LATE, MISSING, ON_TIME, TraceStream, type StreamShape } from './trace-stream.ts';

const shape: StreamShape = { stream: 'abcd', channels: ['I', 'II'], rate: 100, unit: 'count' };
/** Channel I counts up with the index, channel II down. */
const block = (index: number, count: number) => [
	Int16Array.from({ length: count }, (_, i) => index + i),
	Int16Array.from({ length: count }, (_, i) => -(index + i)),
];
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const fresh = (index = 0, seconds = 10) => new TraceStream(shape, index, 1_000_000 + index * 10, seconds);

describe('joining', () => {
	test('blocks in order make one run', () => {
		const stream = fresh(500);
		expect(stream.write(500, block(500, 10), -Infinity)).toEqual({ from: 500, to: 510 });
		stream.write(510, block(510, 10), -Infinity);
		expect(stream.runs(0)).toEqual([{ startIndex: 500, samples: range(500, 520) }]);
		expect(stream.runs(1)[0]?.samples[3]).toBe(-503);
	});

	test('a missing block is a gap until it comes, and then joins', () => {
		const stream = fresh();
		stream.write(0, block(0, 10), -Infinity);
		stream.write(20, block(20, 10), -Infinity);
		expect(stream.runs(0).map((r) => [r.startIndex, r.samples.length])).toEqual([
			[0, 10],
			[20, 10],
		]);
		expect(stream.stateAt(15)).toBe(MISSING);
		expect(stream.valueAt(0, 15)).toBe(GAP_SAMPLE);
		stream.write(10, block(10, 10), Infinity);
		expect(stream.runs(0)).toEqual([{ startIndex: 0, samples: range(0, 30) }]);
		expect([stream.stateAt(9), stream.stateAt(10), stream.stateAt(20)]).toEqual([ON_TIME, LATE, ON_TIME]);
	});

	test('a block before the first one extends the stream backward', () => {
		const stream = fresh(100);
		stream.write(100, block(100, 10), -Infinity);
		stream.write(90, block(90, 10), Infinity);
		expect(stream.runs(0)).toEqual([{ startIndex: 90, samples: range(90, 110) }]);
	});

	test('what is there already stays, only the new part is reported', () => {
		const stream = fresh();
		stream.write(0, block(0, 10), -Infinity);
		const other = block(0, 20).map((c) => c.map((v) => v + 1000));
		expect(stream.write(0, other, Infinity)).toEqual({ from: 10, to: 20 });
		expect(stream.valueAt(0, 5)).toBe(5);
		expect(stream.valueAt(0, 15)).toBe(1015);
		expect(stream.stateAt(5)).toBe(ON_TIME);
		expect(stream.write(0, block(0, 20), Infinity)).toBeNull();
	});

	test('only samples that the sweep has passed are late', () => {
		const stream = fresh();
		stream.write(0, block(0, 10), stream.timeOf(4));
		expect(range(0, 10).map((i) => stream.stateAt(i))).toEqual([2, 2, 2, 2, 1, 1, 1, 1, 1, 1]);
	});
});

describe('the ring', () => {
	test('keeps the newest and forgets the oldest', () => {
		const stream = fresh(0, 1);
		for (let i = 0; i < 250; i += 10) stream.write(i, block(i, 10), -Infinity);
		expect(stream.runs(0)).toEqual([{ startIndex: 150, samples: range(150, 250) }]);
		expect(stream.write(100, block(100, 20), Infinity)).toBeNull();
	});

	test('a leap longer than the ring leaves nothing old behind', () => {
		const stream = fresh(0, 1);
		stream.write(0, block(0, 100), -Infinity);
		stream.write(1234, block(1234, 10), -Infinity);
		expect(stream.runs(0)).toEqual([{ startIndex: 1234, samples: range(1234, 1244) }]);
	});

	test('a leap shorter than the ring does not show old samples in the gap', () => {
		const stream = fresh(0, 1);
		stream.write(0, block(0, 100), -Infinity);
		stream.write(150, block(150, 10), -Infinity);
		expect(stream.runs(0)).toEqual([
			{ startIndex: 60, samples: range(60, 100) },
			{ startIndex: 150, samples: range(150, 160) },
		]);
	});

	test('a block longer than the ring leaves its end', () => {
		const stream = fresh(0, 1);
		stream.write(0, block(0, 350), -Infinity);
		expect(stream.runs(0)).toEqual([{ startIndex: 250, samples: range(250, 350) }]);
	});
});

describe('time', () => {
	test('index and time are inverse', () => {
		const stream = fresh(70);
		expect(stream.timeOf(70)).toBe(1_000_700);
		expect(stream.indexAt(stream.timeOf(123))).toBe(123);
		expect(stream.indexAt(stream.timeOf(123) + 1)).toBe(124);
	});

	test('jitter hardly moves the axis, a clock that was set does', () => {
		const stream = fresh();
		expect(stream.align(100, 1_001_020)).toBe(false);
		expect(stream.timeOf(0) - 1_000_000).toBeLessThan(1);
		expect(stream.align(100, 1_061_000)).toBe(true);
		expect(stream.timeOf(100)).toBe(1_061_000);
	});

	test('a burst after a stall is put where it belongs, not into the future', () => {
		const stream = fresh();
		stream.align(100, 1_001_400);
		stream.align(140, 1_001_401);
		expect(stream.timeOf(140)).toBeLessThanOrEqual(1_001_401);
	});

	test('a device that runs 0.1 % slow is followed', () => {
		const stream = fresh();
		for (let n = 0; n < 3000; n++) stream.align(n * 10, 1_000_000 + n * 100.1);
		expect(Math.abs(stream.timeOf(30_000) - (1_000_000 + 300_300))).toBeLessThan(20);
	});
});

test('extent leaves gaps out', () => {
	const stream = fresh();
	const [a, b] = block(0, 10);
	a![3] = GAP_SAMPLE;
	stream.write(0, [a!, b!], -Infinity);
	expect(stream.extent(0, 0, 10)).toEqual([0, 9]);
	expect(stream.extent(0, 3, 4)).toBeNull();
	expect(stream.runs(0)[0]?.samples[3]).toBe(GAP_SAMPLE);
});

test('another layout or rate is another stream', () => {
	const stream = fresh();
	expect(stream.fits({ ...shape })).toBe(true);
	expect(stream.fits({ ...shape, stream: 'efgh' })).toBe(false);
	expect(stream.fits({ ...shape, rate: 250 })).toBe(false);
	expect(stream.fits({ ...shape, channels: ['I', 'III'] })).toBe(false);
});
