/** Looks at an engine's answer: does its way go through what is closed? */
import { distanceKm, partOfLine, pointAlong, type Region } from '@junkai/regions';
import { within } from './closures.ts';
import { nearestOnPiece } from './geometry.ts';
import { openParts, type ClosedParts } from './network.ts';
import type { Place } from './port.ts';

/** Points of a closed part of a road that no open road touches: a way over all of them drives on what is closed. */
interface Probe {
	readonly name: string;
	readonly points: readonly Place[];
}

/** A line this near to a point goes over it, km. */
const NEAR_KM = 0.004;
/** Where a closed part is looked at, as fractions of it. */
const LOOKS = [0.2, 0.35, 0.5, 0.65, 0.8] as const;
/** A road that crosses a closed one meets it at one point. */
const LEAST = 2;

/** Probes of closed parts. A part that runs on the same line as an open road has none: nobody could tell the two apart. */
export function probesOf(region: Region, closed: ClosedParts): Probe[] {
	if (closed.size === 0) return [];
	const open = new SegmentIndex();
	for (const road of region.roads) {
		for (const [from, to] of openParts(closed.get(road.id) ?? [])) {
			open.add(from === 0 && to === 1 ? road.line : partOfLine(road.line, from, to));
		}
	}
	const probes: Probe[] = [];
	for (const road of region.roads) {
		for (const [from, to] of closed.get(road.id) ?? []) {
			const part = partOfLine(road.line, from, to);
			const points = LOOKS.map((at) => pointAlong(part, at).point).filter((point) => !open.isNear(point));
			if (points.length >= LEAST) probes.push({ name: `${road.name} (${road.id})`, points });
		}
	}
	return probes;
}

/** The first closed road or area that a line goes through, in words; null when it keeps away from all of them. */
export function leak(line: readonly Place[], probes: readonly Probe[], rings: readonly (readonly Place[])[]): string | null {
	if (probes.length > 0) {
		const way = new SegmentIndex();
		way.add(line);
		const through = probes.find(({ points }) => points.every((point) => way.isNear(point)));
		if (through) return through.name;
	}
	return rings.some((ring) => within({ line }, ring).length > 0) ? 'a closed area' : null;
}

/** Pieces of lines by the squares of a grid that they touch. */
class SegmentIndex {
	readonly #cells = new Map<number, (readonly [Place, Place])[]>();

	add(line: readonly Place[]): void {
		for (let i = 1; i < line.length; i++) {
			const [a, b] = [line[i - 1]!, line[i]!];
			for (let x = cell(Math.min(a[0], b[0]) - MARGIN); x <= cell(Math.max(a[0], b[0]) + MARGIN); x++) {
				for (let y = cell(Math.min(a[1], b[1]) - MARGIN); y <= cell(Math.max(a[1], b[1]) + MARGIN); y++) {
					const list = this.#cells.get(x * ROWS + y);
					if (list) list.push([a, b]);
					else this.#cells.set(x * ROWS + y, [[a, b]]);
				}
			}
		}
	}

	isNear(point: Place): boolean {
		const pieces = this.#cells.get(cell(point[0]) * ROWS + cell(point[1])) ?? [];
		return pieces.some(([a, b]) => distanceKm(point, nearestOnPiece(point, a, b)) <= NEAR_KM);
	}
}

/** About two kilometres. */
const cell = (degrees: number): number => Math.floor(degrees * 50);
const ROWS = 100_000;
/** More than NEAR_KM, in degrees. */
const MARGIN = 0.0001;
