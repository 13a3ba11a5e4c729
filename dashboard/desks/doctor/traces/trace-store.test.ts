import { describe, expect, test } from 'vitest';
import type { WaveformFrame } from '@junkai/contracts';
import { LATE, ON_TIME } from './trace-stream.ts';
import { TraceStore } from './trace-store.ts';

const t0 = Date.UTC(2026, 10, 22, 5, 5);
const frame = (index: number, changes: Partial<WaveformFrame['header']> = {}): WaveformFrame => ({
	header: {
		vehicle: 'van-1',
		epoch: '3f0c3a70-6f0e-4c1e-9a53-0a4f3c2b1d10',
		historical: false,
		seq: index + 1,
		time: t0 + index * 10,
		clock: 'gnss',
		port: 'monitor',
		signal: 'ecg',
		channels: ['II'],
		rate: 100,
		unit: 'count',
		stream: 'abcd',
		index,
		count: 10,
		...changes,
	},
	samples: [Int16Array.from({ length: 10 }, (_, i) => index + i)],
});
const states = (store: TraceStore, from: number, to: number) => {
	const stream = [...store.lanes.values()][0]!.streams.find((s) => s.shape.stream === 'abcd')!;
	return Array.from({ length: to - from }, (_, i) => stream.stateAt(from + i));
};

describe('lanes', () => {
	test('another van is left alone', () => {
		const store = new TraceStore('van-2');
		store.take(frame(0), 0);
		expect(store.dump()).toEqual([]);
	});

	test('two devices with the same signal stay apart, a new stream begins a new run', () => {
		const store = new TraceStore('van-1');
		store.take(frame(0), 0);
		store.take(frame(0, { port: 'other' }), 0);
		store.take(frame(0, { stream: 'efgh', time: t0 + 5000 }), 5000);
		expect(store.dump().map((d) => [d.port, d.stream, d.startIndex, d.samples.length])).toEqual([
			['monitor', 'abcd', 0, 10],
			['monitor', 'efgh', 0, 10],
			['other', 'abcd', 0, 10],
		]);
	});

	test('streams without end do not fill the memory', () => {
		const store = new TraceStore('van-1');
		for (let n = 0; n < 50; n++) store.take(frame(0, { stream: `s${1000 + n}`, time: t0 + n * 1000 }), n * 1000);
		expect(store.dump().length).toBeLessThanOrEqual(8);
		expect(store.dump().at(-1)?.stream).toBe('s1049');
	});
});

describe('late', () => {
	test('historical blocks join their stream, marked, and ask for a repair behind the sweep', () => {
		const store = new TraceStore('van-1');
		store.take(frame(0), 100);
		store.take(frame(20), 300);
		for (let now = 300; now < 1000; now += 16) store.playout.advance(now);
		store.take(frame(10, { historical: true }), 1000);
		expect(store.dump()).toHaveLength(1);
		expect(states(store, 9, 21)).toEqual([ON_TIME, ...Array.from({ length: 10 }, () => LATE), ON_TIME]);
		expect(store.takeRepairs()).toMatchObject([{ lane: 'ecg/monitor' }]);
		expect(store.takeRepairs()).toEqual([]);
	});

	test('what is older than the first look is no late arrival; what was missed while looking is', () => {
		const store = new TraceStore('van-1');
		store.take(frame(10, { stream: 'efgh' }), 200);
		store.take(frame(30), 400);
		for (let now = 400; now < 5000; now += 16) store.playout.advance(now);
		store.takeStored(frame(20), false);
		store.takeStored(frame(10), true);
		store.take(frame(0, { historical: true }), 5000);
		const times = (state: number, count: number) => Array.from({ length: count }, () => state);
		expect(states(store, 0, 31)).toEqual([...times(ON_TIME, 10), ...times(LATE, 10), ...times(ON_TIME, 11)]);
		expect(store.takeRepairs()).toHaveLength(3);
	});
});
