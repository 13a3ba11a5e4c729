import { expect, test } from 'vitest';
import { pointDiff, type DiffPoint } from './point-diff.ts';

type Point = DiffPoint<{ name: string }>;
const point = (number: number, lon: number, name = 'a'): Point => ({ number, lon, lat: 34, properties: { name } });
const list = (...points: Point[]) => new Map(points.map((one) => [one.number, one]));

test('only what came, moved, was renamed or went is told', () => {
	const diff = pointDiff(
		list(point(1, 135), point(2, 135), point(3, 135), point(4, 135)),
		list(point(1, 135), point(2, 136), point(3, 135, 'b'), point(5, 137)),
	);
	expect(diff?.add?.map(({ id }) => id)).toEqual([5]);
	expect(diff?.update).toEqual([
		{ id: 2, newGeometry: { type: 'Point', coordinates: [136, 34] } },
		{ id: 3, addOrUpdateProperties: [{ key: 'name', value: 'b' }] },
	]);
	expect(diff?.remove).toEqual([4]);
});

test('nothing new is no message to the worker', () => {
	expect(pointDiff(list(point(1, 135)), list(point(1, 135)))).toBeNull();
});
