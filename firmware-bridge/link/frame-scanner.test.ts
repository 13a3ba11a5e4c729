import { describe, expect, test } from 'vitest';
import { newCounters } from './counters.ts';
import { BAD_CHECKSUM, FrameScanner, INCOMPLETE, NO_FRAME, type FrameFormat } from './frame-scanner.ts';
import { hex } from './testing.ts';

/** `AA` · length of the data · data · sum of the data. */
const format: FrameFormat = {
	maxLength: 35,
	measure(bytes, start, end) {
		if (bytes[start] !== 0xaa) return NO_FRAME;
		if (start + 1 >= end) return INCOMPLETE;
		const length = bytes[start + 1]!;
		if (length > 32) return NO_FRAME;
		if (start + 3 + length > end) return INCOMPLETE;
		let sum = 0;
		for (let i = 0; i < length; i++) sum += bytes[start + 2 + i]!;
		return (sum & 0xff) === bytes[start + 2 + length] ? length + 3 : BAD_CHECKSUM;
	},
};

function scan() {
	const found: { data: string; at: number; damaged: boolean }[] = [];
	const counters = newCounters();
	const scanner = new FrameScanner(format, counters, (bytes, start, length, at, damaged) => {
		found.push({ data: bytes.subarray(start + 2, start + length - 1).toHex(), at, damaged });
	});
	return { found, counters, scanner };
}

describe('FrameScanner', () => {
	test('gives frames with the arrival of their first byte, however they are split', () => {
		const { found, scanner } = scan();
		scanner.push(hex('aa'), 1);
		scanner.push(hex('02 01'), 2);
		scanner.push(hex('02 03 aa'), 3);
		scanner.push(hex('01'), 4);
		scanner.push(hex('07'), 5);
		scanner.push(hex('07'), 6);
		expect(found).toEqual([
			{ data: '0102', at: 1, damaged: false },
			{ data: '07', at: 3, damaged: false },
		]);
	});

	test('finds a whole frame inside what looked like a longer one', () => {
		const { found, counters, scanner } = scan();
		scanner.push(hex('aa 06 · aa 01 05 05 · aa 01 06 06'), 0);
		expect(found.map((frame) => frame.data)).toEqual(['05', '06']);
		expect(found[0]!.damaged).toBe(true);
		expect(found[1]!.damaged).toBe(false);
		expect(counters).toEqual({ bytes: 10, frames: 2, discardedBytes: 2, badChecksums: 1 });
	});

	test('does not wait for ever for the rest of a false start when a whole frame stands behind it', () => {
		const { found, scanner } = scan();
		scanner.push(hex('aa 20 · aa 01 05 05'), 0);
		scanner.idle(100);
		expect(found).toHaveLength(0);
		scanner.idle(400);
		expect(found.map((frame) => frame.data)).toEqual(['05']);
	});

	test('keeps a slow frame that is only late', () => {
		const { found, scanner } = scan();
		scanner.push(hex('aa 02 01'), 0);
		scanner.idle(5000);
		scanner.push(hex('02 03'), 6000);
		expect(found).toEqual([{ data: '0102', at: 0, damaged: false }]);
	});

	test('gives out what is whole at the end and counts the rest', () => {
		const { found, counters, scanner } = scan();
		scanner.push(hex('aa 20 · aa 01 05 05 · aa'), 0);
		scanner.end(0);
		expect(found.map((frame) => frame.data)).toEqual(['05']);
		expect(counters.discardedBytes).toBe(3);
	});
});
