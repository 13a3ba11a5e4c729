import { array, assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { RecentSeqs, toRanges } from './ranges.ts';

test('ranges hold exactly the numbers that were given, in order and without touching', () => {
	assert(
		property(array(integer({ min: 1, max: 200 })), (seqs) => {
			const ranges = toRanges(seqs);
			const held = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
			expect(held).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
			for (let index = 1; index < ranges.length; index++) expect(ranges[index]![0]).toBeGreaterThan(ranges[index - 1]![1] + 1);
		}),
	);
});

test('the newest numbers are remembered, the oldest forgotten', () => {
	const recent = new RecentSeqs(3);
	expect([1, 2, 3, 2, 4].map((seq) => recent.add(seq))).toEqual([true, true, true, false, true]);
	expect([1, 2, 4].map((seq) => recent.has(seq))).toEqual([false, true, true]);
});
