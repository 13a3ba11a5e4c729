import { describe, expect, test } from 'vitest';
import { decodeSamples, type WaveformRecord } from '@junkai/contracts';
import type { DriverWaveform } from '@junkai/firmware-bridge';
import { WaveformBlocks } from './waveform-blocks.ts';

type Block = Omit<WaveformRecord, 'seq'>;

function make(blockLength = 100) {
	const blocks: Block[] = [];
	const builder = new WaveformBlocks('monitor', {
		stamp: (at) => ({ time: 1_000_000 + at, clock: 'ntp' }),
		append: (record) => blocks.push(record as Block),
		blockLength: () => blockLength,
	});
	return { blocks, builder };
}

const stretch = (from: number, count: number, discontinuity = false): DriverWaveform => ({
	type: 'waveform',
	signal: 'ecg',
	channels: ['I', 'II'],
	rate: 250,
	unit: 'count',
	samples: [Int16Array.from({ length: count }, (_, i) => from + i), Int16Array.from({ length: count }, (_, i) => 0 - from - i)],
	discontinuity,
});

describe('blocks', () => {
	test('carry every sample once, in order, and join by stream and index', () => {
		const { blocks, builder } = make();
		for (let n = 0; n < 1000; n += 5) builder.add(stretch(n, 5), n * 4);
		builder.flush();
		expect(new Set(blocks.map((block) => block.stream)).size).toBe(1);
		let next = 0;
		for (const block of blocks) {
			expect(block.index).toBe(next);
			const [first, second] = decodeSamples(block);
			expect([...first!]).toEqual(Array.from({ length: block.count }, (_, i) => next + i));
			expect([...second!]).toEqual(Array.from({ length: block.count }, (_, i) => 0 - next - i));
			next += block.count;
		}
		expect(next).toBe(1000);
		expect(blocks[0]!.count).toBe(25);
	});

	test('stand at times counted from the samples, though arrivals jitter', () => {
		const { blocks, builder } = make();
		for (let n = 0; n < 2500; n += 10) builder.add(stretch(n, 10), n * 4 + ((n * 7919) % 13));
		for (const block of blocks) expect(Math.abs(block.time - (1_000_000 + block.index * 4))).toBeLessThan(2);
	});

	test('begin a new stream after a break that the driver saw, and after a long pause', () => {
		const { blocks, builder } = make();
		builder.add(stretch(0, 25), 0);
		builder.add(stretch(50, 25, true), 200);
		builder.add(stretch(75, 25), 300);
		builder.add(stretch(100, 25), 5000);
		expect(blocks.map((block) => block.index)).toEqual([0, 0, 25, 0]);
		expect(new Set(blocks.map((block) => block.stream)).size).toBe(3);
		expect(blocks[3]!.time).toBe(1_005_000);
	});

	test('after an interruption the next sample begins a new stream', () => {
		const { blocks, builder } = make(1000);
		builder.add(stretch(0, 5), 0);
		builder.interrupt();
		builder.add(stretch(5, 5), 20);
		builder.flush();
		expect(blocks.map(({ index, count }) => [index, count])).toEqual([
			[0, 5],
			[0, 5],
		]);
	});
});
