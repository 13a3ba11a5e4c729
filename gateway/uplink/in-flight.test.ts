import { expect, test } from 'vitest';
import { InFlight } from './in-flight.ts';

const batch = (seqs: number[], sentAt = 0, historical = false) => ({
	lane: 'numeric' as const,
	historical,
	seqs,
	bytes: seqs.length * 10,
	sentAt,
});

test('a batch is done when each of its records is acknowledged, in any pieces', () => {
	const flying = new InFlight();
	flying.add(batch([1, 2, 5]));
	flying.add(batch([3, 4]));
	expect(flying.acknowledge([[1, 3]])).toEqual([]);
	expect(flying.acknowledge([[4, 4]]).map((done) => done.seqs)).toEqual([[3, 4]]);
	expect(flying.bytes(false)).toBe(30);
	expect(flying.acknowledge([[5, 9]]).map((done) => done.seqs)).toEqual([[1, 2, 5]]);
	expect(flying.bytes(false)).toBe(0);
	expect(flying.has(5)).toBe(false);
});

test('an overdue batch is taken out and no longer counts', () => {
	const flying = new InFlight();
	flying.add(batch([1], 100));
	flying.add(batch([2], 200, true));
	expect(flying.overdue(150).map((late) => late.seqs)).toEqual([[1]]);
	expect([flying.count(false), flying.count(true), flying.has(1), flying.has(2)]).toEqual([0, 1, false, true]);
});
