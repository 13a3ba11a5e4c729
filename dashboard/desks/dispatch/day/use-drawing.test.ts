import { expect, test } from 'vitest';
import { emptyDrawing, withCorner, withoutLast, withRing } from './use-drawing.ts';

const corners = [
	[135.1, 33.8],
	[135.2, 33.8],
	[135.2, 33.9],
] as const;
const drawn = corners.reduce((drawing, at) => withCorner(drawing, at), emptyDrawing);

test('a double click sets one corner, and places are kept to a tenth of a metre', () => {
	const twice = withCorner(withCorner(emptyDrawing, [135.123456789, 33.8]), [135.123456799, 33.8]);
	expect(twice.corners).toEqual([[135.123457, 33.8]]);
});

test('a ring needs three corners; closed, it takes no more', () => {
	expect(withRing(withoutLast(drawn)).closed).toBe(false);
	const ring = withRing(drawn);
	expect(ring).toEqual({ corners, closed: true });
	expect(withCorner(ring, [136, 34])).toBe(ring);
});

test('one step back opens the ring, the next takes a corner', () => {
	const open = withoutLast(withRing(drawn));
	expect(open).toEqual(drawn);
	expect(withoutLast(open).corners).toEqual(corners.slice(0, 2));
	expect(withoutLast(emptyDrawing).corners).toEqual([]);
});

test('as many corners as the server takes, and no more', () => {
	let drawing = emptyDrawing;
	for (let n = 0; n < 300; n++) drawing = withCorner(drawing, [135 + n / 1000, 33]);
	expect(drawing.corners).toHaveLength(200);
});
