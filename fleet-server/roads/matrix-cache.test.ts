import { describe, expect, test } from 'vitest';
import { MatrixCache } from './matrix-cache.ts';
import type { Waypoint } from './port.ts';

const stop = (n: number): Waypoint => ({ location: [135 + n / 100, 34], distance: 0, name: '' });
const stops = (...numbers: number[]) => numbers.map(stop);
const number = ({ location }: Waypoint) => Math.round((location[0] - 135) * 100);

/** An engine that counts; from a to b it takes 1000 a + b seconds. */
function engine() {
	const asked: [number, number][] = [];
	const ask = (sources: Waypoint[], destinations: Waypoint[]) => {
		asked.push([sources.length, destinations.length]);
		const pairs = sources.flatMap((a) => destinations.map((b) => 1000 * number(a) + number(b)));
		return Promise.resolve({ durations: Float64Array.from(pairs), distances: Float64Array.from(pairs, (x) => x * 10) });
	};
	return { asked, ask };
}

describe('MatrixCache', () => {
	test('asks once for each pair, and only for what is new', async () => {
		const cache = new MatrixCache(10_000);
		const { asked, ask } = engine();
		const first = await cache.matrix('van', stops(1, 2, 3), stops(1, 2, 3), ask);
		expect([...first.durations]).toEqual([0, 1002, 1003, 2001, 0, 2003, 3001, 3002, 0]);
		expect([...first.distances].slice(0, 3)).toEqual([0, 10_020, 10_030]);
		expect(asked).toEqual([[3, 3]]);
		await cache.matrix('van', stops(3, 2, 1), stops(2, 1), ask);
		expect(asked).toHaveLength(1);
		const more = await cache.matrix('van', stops(1, 2, 3, 4), stops(1, 2, 3, 4), ask);
		expect([...more.durations].slice(12)).toEqual([4001, 4002, 4003, 0]);
		// The new column of the three, the new row.
		expect(asked.slice(1).toSorted((a, b) => a[0] - b[0])).toEqual([
			[1, 4],
			[3, 1],
		]);
		expect(cache).toMatchObject({ entries: 16, misses: 16 });
	});

	test('stops at one place are one stop', async () => {
		const cache = new MatrixCache(10_000);
		const { asked, ask } = engine();
		const same = stops(1, 1, 2, 1, 2);
		const { durations } = await cache.matrix('van', same, same, ask);
		expect(asked).toEqual([[2, 2]]);
		expect([...durations].slice(0, 5)).toEqual([0, 0, 1002, 0, 1002]);
	});

	test('vehicles, closures and maps are kept apart', async () => {
		const cache = new MatrixCache(10_000);
		const { asked, ask } = engine();
		await cache.matrix('van', stops(1, 2), stops(1, 2), ask);
		await cache.matrix('truck', stops(1, 2), stops(1, 2), ask);
		expect(asked).toHaveLength(2);
	});

	test('a failed question leaves nothing behind', async () => {
		const cache = new MatrixCache(10_000);
		const { asked, ask } = engine();
		await expect(cache.matrix('van', stops(1, 2), stops(1, 2), () => Promise.reject(new Error('away')))).rejects.toThrow('away');
		expect(cache.entries).toBe(0);
		await cache.matrix('van', stops(1, 2), stops(1, 2), ask);
		expect(asked).toHaveLength(1);
	});

	test('memory is bounded, and what was used last stays', async () => {
		const cache = new MatrixCache(100);
		const { asked, ask } = engine();
		for (let i = 0; i < 50; i++) {
			const four = stops(4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3);
			await cache.matrix(`set ${i}`, four, four, ask);
			expect(cache.entries).toBeLessThanOrEqual(100);
		}
		const before = asked.length;
		await cache.matrix('set 49', stops(196, 197), stops(198, 199), ask);
		expect(asked).toHaveLength(before);
		await cache.matrix('set 0', stops(0, 1), stops(2, 3), ask);
		expect(asked).toHaveLength(before + 1);
		// A table larger than the memory is answered whole.
		const many = stops(...Array.from({ length: 30 }, (_, i) => i));
		const { durations } = await cache.matrix('large', many, many, ask);
		expect(durations[29]).toBe(29);
		expect(cache.entries).toBeLessThanOrEqual(100);
	});
});
