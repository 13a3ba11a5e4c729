import { pointAlong } from '@junkai/regions';
import { describe, expect, test } from 'vitest';
import { activeClosures, closedKey, closedParts, rulesAt, unmatchedRules, within } from './closures.ts';
import type { Closure, Place } from './port.ts';
import { region } from './test-roads.ts';

const skyline = region.roads.find(({ id }) => id === 'R371-008')!;
const square = ([lon, lat]: Place, half: number): Place[] => [
	[lon - half, lat - half],
	[lon + half, lat - half],
	[lon + half, lat + half],
	[lon - half, lat + half],
];

describe('rain', () => {
	test('180 mm closes every rule of 180 mm and less, and no other', () => {
		const rules = rulesAt(region, { mm: 180 });
		expect(rules.length).toBe(region.closures.filter(({ continuousMm }) => (continuousMm ?? Infinity) <= 180).length);
		expect(rules.map(({ id }) => id)).toContain('W17');
		expect(rules.map(({ id }) => id)).not.toContain('W01');
		expect(rulesAt(region, { mm: 79.9 })).toEqual([]);
	});

	test('an hour of 50 mm closes by the hour, too', () => {
		expect(rulesAt(region, { hourMm: 50 }).map(({ id }) => id)).toContain('W01');
		expect(rulesAt(region, { hourMm: 50 }).every(({ hourMm }) => hourMm !== undefined && hourMm <= 50)).toBe(true);
	});

	test('rules of roads that the network does not hold are named', () => {
		const storm: Closure[] = [{ id: 'storm', rain: { mm: 130 } }];
		expect(unmatchedRules(region, storm)).toContain('W30');
		expect(unmatchedRules(region, storm)).not.toContain('W77');
		expect([...closedParts(region, storm).keys()]).toContain('R371-008');
	});
});

describe('areas', () => {
	test('close just what lies within', () => {
		const { point } = pointAlong(skyline.line, 0.43);
		const [part, ...more] = within(skyline, square(point, 0.002));
		expect(more).toEqual([]);
		expect(part![0]).toBeLessThan(0.43);
		expect(part![1]).toBeGreaterThan(0.43);
		const [from, to] = [pointAlong(skyline.line, part![0]).point, pointAlong(skyline.line, part![1]).point];
		for (const end of [from, to]) {
			expect(Math.max(Math.abs(end[0] - point[0]), Math.abs(end[1] - point[1]))).toBeCloseTo(0.002, 6);
		}
	});

	test('that hold a whole road close all of it, however the ring runs', () => {
		const [west, south, east, north] = region.bounds;
		const ring: Place[] = [
			[west, south],
			[west, north],
			[east, north],
			[east, south],
		];
		for (const polygon of [ring, ring.toReversed(), [...ring, ring[0]!]]) {
			expect(closedParts(region, [{ id: 'all', polygon }]).get('R42-001')).toEqual([[0, 1]]);
		}
	});

	test('beside every road close nothing', () => {
		expect(closedParts(region, [{ id: 'sea', polygon: square([135.1, 33.45], 0.01) }]).size).toBe(0);
	});
});

test('parts that meet become one, slivers go with them', () => {
	const parts = closedParts(region, [
		{
			id: 'a',
			edges: [
				{ edge: 'R371-008', from: 0.5, to: 0.2 },
				{ edge: 'R371-008', from: 0.4, to: 0.7 },
			],
		},
		{ id: 'b', edges: [{ edge: 'R371-008', from: 0.9, to: 0.99999 }] },
		{ id: 'c', edges: ['R42-001', { edge: 'R42-001', from: 0.1, to: 0.2 }] },
	]);
	expect(parts.get('R371-008')).toEqual([
		[0.2, 0.7],
		[0.9, 1],
	]);
	expect(parts.get('R42-001')).toEqual([[0, 1]]);
});

test('the same set has the same name, another set another one', () => {
	const key = (...closures: Closure[]) => closedKey(closedParts(region, closures));
	expect(key({ id: 'a', edges: ['R42-001', 'R42-002'] })).toBe(
		key({ id: 'b', edges: ['R42-002'] }, { id: 'c', edges: ['R42-001'] }),
	);
	expect(key({ id: 'a', edges: ['R42-001'] })).not.toBe(key({ id: 'a', edges: ['R42-002'] }));
	expect(key()).toBe('');
});

test.each([
	['no time given: every closure counts', {}, ['always', 'day', 'later']],
	['before', { departure: '2026-11-23T05:00:00Z' }, ['always']],
	['from its first moment', { departure: '2026-11-23T06:00:00Z' }, ['always', 'day']],
	['to just before its end', { departure: '2026-11-23T17:59:59Z' }, ['always', 'day']],
	['not at its end', { departure: '2026-11-23T18:00:00Z' }, ['always']],
	['when the time of travel runs into it', { departure: '2026-11-23T05:00:00Z', until: '2026-11-23T06:30:00Z' }, ['always', 'day']],
])('periods: %s', (_, { departure, until }: { departure?: string; until?: string }, expected) => {
	const closures: Closure[] = [
		{ id: 'always', edges: ['R42-001'] },
		{ id: 'day', edges: ['R42-001'], from: '2026-11-23T15:00:00+09:00', until: '2026-11-24T03:00:00+09:00' },
		{ id: 'later', edges: ['R42-001'], from: '2026-12-01T00:00:00Z' },
	];
	const when = { ...(departure && { departure: new Date(departure) }), ...(until && { until: new Date(until) }) };
	expect(activeClosures({ closures, ...when }).map(({ id }) => id)).toEqual(expected);
});
