import { partOfLine, type LonLat } from '@junkai/regions';
import { describe, expect, test } from 'vitest';
import { gapsOf } from './gaps.ts';
import { ageOn } from './persons.ts';
import { region } from './test-day.ts';

describe('stretches without a signal on a way', () => {
	const gaps = gapsOf(region);
	const lineOf = (edge: string): LonLat[] => region.roads.find(({ id }) => id === edge)!.line;
	const whole = region.radioGaps.flatMap((gap) =>
		gap.edges.flatMap((part) => (typeof part === 'string' ? [{ gap, edge: part }] : [])),
	);

	test('a way along every stretch tells it, with its state', () => {
		expect(whole.length).toBeGreaterThan(5);
		for (const { gap, edge } of whole) {
			const told = gaps(lineOf(edge));
			expect(told).toContainEqual({ name: gap.name, state: gap.state });
		}
	});

	test('in the order of the way, and the same backwards', () => {
		const line = whole.flatMap(({ edge }) => lineOf(edge));
		const [there, back] = [gaps(line), gaps(line.toReversed())];
		expect(there.length).toBeGreaterThan(1);
		expect(back.map(({ name }) => name.ja).toSorted()).toEqual(there.map(({ name }) => name.ja).toSorted());
		expect(there[0]!.name).toEqual(whole[0]!.gap.name);
	});

	test('a way that only meets the end of a stretch, and one far away, tell nothing of it', () => {
		const { gap, edge } = whole[0]!;
		const end = partOfLine(lineOf(edge), 0, 0.02);
		expect(gaps(end)).not.toContainEqual({ name: gap.name, state: gap.state });
		expect(
			gaps([
				[135.1, 34.2],
				[135.2, 34.25],
			]),
		).toEqual([]);
	});
});

test.each([
	['2026-11-24', '1944-05-03', 82],
	['2026-05-02', '1944-05-03', 81],
	['2026-05-03', '1944-05-03', 82],
	['2027-02-28', '1948-02-29', 78],
	['2027-03-01', '1948-02-29', 79],
])('on %s who was born on %s is %i', (on, born, age) => {
	expect(ageOn(on, born)).toBe(age);
});
