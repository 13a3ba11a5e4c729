import { expect, test } from 'vitest';
import { clipPolygon, type Ring } from './clip.ts';

const square: Ring = [
	[0, 0],
	[10, 0],
	[10, 10],
	[0, 10],
	[0, 0],
];

test('what is inside stays', () => expect(clipPolygon([square], [-1, -1, 11, 11])).toEqual([square]));
test('what is outside goes', () => expect(clipPolygon([square], [20, 20, 30, 30])).toEqual([]));
test('what lies across is cut at the box', () => {
	const [ring] = clipPolygon([square], [5, -5, 20, 5]);
	const xs = ring!.map(([x]) => x);
	const ys = ring!.map(([, y]) => y);
	expect([Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]).toEqual([5, 10, 0, 5]);
	expect(ring![0]).toEqual(ring!.at(-1));
});
