/** Cuts polygons to a box (Sutherland and Hodgman's way: one edge of the box after another). */
export type Point = [number, number];
export type Ring = Point[];
/** West, south, east, north. */
export type Box = [number, number, number, number];

/** A polygon (outer ring, then holes) inside the box; empty when nothing of it is. */
export function clipPolygon(polygon: readonly Ring[], [west, south, east, north]: Box): Ring[] {
	const rings = polygon
		.map((ring) => clipRing(ring, 0, west, 1))
		.map((ring) => clipRing(ring, 0, east, -1))
		.map((ring) => clipRing(ring, 1, south, 1))
		.map((ring) => clipRing(ring, 1, north, -1));
	const [outer, ...holes] = rings;
	return outer === undefined || outer.length < 4 ? [] : [outer, ...holes.filter((hole) => hole.length >= 4)];
}

/** Keeps what lies on one side of a line `axis = at`: above it for `side` 1, below for -1. */
function clipRing(ring: Ring, axis: 0 | 1, at: number, side: 1 | -1): Ring {
	const inside = (p: Point) => (p[axis] - at) * side >= 0;
	const kept: Ring = [];
	for (let i = 1; i < ring.length; i++) {
		const a = ring[i - 1]!;
		const b = ring[i]!;
		if (inside(a)) kept.push(a);
		if (inside(a) !== inside(b)) {
			const share = (at - a[axis]) / (b[axis] - a[axis]);
			const cut: Point = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
			cut[axis] = at;
			kept.push(cut);
		}
	}
	if (kept.length > 0) kept.push(kept[0]!);
	return kept;
}
