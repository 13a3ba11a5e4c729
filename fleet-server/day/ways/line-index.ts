/** Finds where a way runs along certain lines: closed roads, roads without signal. */
import { distanceKm, partOfLine, type LonLat, type RadioGap, type Region } from '@junkai/regions';
import { closedParts } from '../../roads/closures.ts';
import type { Closure } from '../../roads/port.ts';

export interface NamedLine {
	readonly name: string;
	readonly line: readonly LonLat[];
}

/** A stretch of a way, by shares of its length. */
export interface Stretch {
	readonly name: string;
	readonly from: number;
	readonly to: number;
}

/** A way that is so near to a line is on it, km: ways are drawn on the same roads, to about a metre. */
const ON_KM = 0.015;
/** A way is looked at each so many km. */
const STEP_KM = 0.02;
/** It runs along a line, and does not merely cross it, from this length on, km; or from half of a shorter line. */
const ALONG_KM = 0.06;
/** Side of a cell of the index, degrees: some 50 m. */
const CELL = 0.0005;
const KM_A_DEGREE = 111.195;

interface Piece {
	readonly line: number;
	readonly a: LonLat;
	readonly b: LonLat;
}

export class LineIndex {
	readonly #lines: readonly NamedLine[];
	readonly #lengths: number[] = [];
	readonly #cells = new Map<string, Piece[]>();

	constructor(lines: readonly NamedLine[]) {
		this.#lines = lines;
		for (const [number, { line }] of lines.entries()) {
			let length = 0;
			for (let i = 1; i < line.length; i++) {
				length += distanceKm(line[i - 1]!, line[i]!);
				this.#add(number, line[i - 1]!, line[i]!);
			}
			this.#lengths.push(length);
		}
	}

	get isEmpty(): boolean {
		return this.#cells.size === 0;
	}

	/** Stretches of a way that run along a line, in the order of the way. */
	stretches(way: readonly LonLat[]): Stretch[] {
		if (this.isEmpty) return [];
		const points = stepped(way);
		const total = points.at(-1)?.km ?? 0;
		const runs: { line: number; from: number; to: number }[] = [];
		let last: number | null = null;
		for (const { point, km } of points) {
			const line = this.#lineAt(point);
			if (line !== null && line === last) runs.at(-1)!.to = km;
			else if (line !== null) runs.push({ line, from: km, to: km });
			last = line;
		}
		return runs
			.filter(({ line, from, to }) => to - from >= Math.min(ALONG_KM, this.#lengths[line]! / 2))
			.map(({ line, from, to }) => ({ name: this.#lines[line]!.name, from: from / total, to: to / total }));
	}

	#add(line: number, a: LonLat, b: LonLat): void {
		const count = Math.max(1, Math.ceil(distanceKm(a, b) / STEP_KM));
		const at = (t: number): LonLat => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
		for (let i = 0; i < count; i++) {
			const piece: Piece = { line, a: at(i / count), b: at((i + 1) / count) };
			const key = cellOf(piece.a);
			const list = this.#cells.get(key);
			if (list) list.push(piece);
			else this.#cells.set(key, [piece]);
		}
	}

	#lineAt(point: LonLat): number | null {
		for (let x = -1; x <= 1; x++) {
			for (let y = -1; y <= 1; y++) {
				for (const { line, a, b } of this.#cells.get(cellOf([point[0] + x * CELL, point[1] + y * CELL])) ?? []) {
					if (apartKm(point, a, b) <= ON_KM) return line;
				}
			}
		}
		return null;
	}
}

const cellOf = ([lon, lat]: LonLat): string => `${Math.floor(lon / CELL)} ${Math.floor(lat / CELL)}`;

/** From a point to a short piece of a line. */
function apartKm([x, y]: LonLat, a: LonLat, b: LonLat): number {
	const scale = Math.cos((y * Math.PI) / 180);
	const [dx, dy] = [(b[0] - a[0]) * scale, b[1] - a[1]];
	const [px, py] = [(x - a[0]) * scale, y - a[1]];
	const square = dx * dx + dy * dy;
	const t = square === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / square));
	return Math.hypot(px - t * dx, py - t * dy) * KM_A_DEGREE;
}

function stepped(way: readonly LonLat[]): { point: LonLat; km: number }[] {
	const points: { point: LonLat; km: number }[] = [];
	let run = 0;
	for (let i = 1; i < way.length; i++) {
		const [a, b] = [way[i - 1]!, way[i]!];
		const length = distanceKm(a, b);
		const count = Math.max(1, Math.ceil(length / STEP_KM));
		for (let k = 0; k < count; k++) {
			const t = k / count;
			points.push({ point: [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t], km: run + length * t });
		}
		run += length;
	}
	if (way.length > 0) points.push({ point: way.at(-1)!, km: run });
	return points;
}

/** The roads that closures close, each with its name. */
export function closedLines(region: Region, closures: readonly Closure[]): NamedLine[] {
	const roads = new Map(region.roads.map((road) => [road.id, road]));
	return [...closedParts(region, closures)].flatMap(([edge, parts]) => {
		const road = roads.get(edge)!;
		return parts.map(([from, to]) => ({ name: road.ref ?? road.name, line: partOfLine(road.line, from, to) }));
	});
}

/** The roads without any signal, each by the name of its gap. */
export function silentLines(region: Region): NamedLine[] {
	const roads = new Map(region.roads.map((road) => [road.id, road]));
	const lines = ({ name, edges }: RadioGap): NamedLine[] =>
		edges.flatMap((entry) => {
			const part = typeof entry === 'string' ? { edge: entry, from: 0, to: 1 } : entry;
			const road = roads.get(part.edge);
			return road ? [{ name: name.ja, line: partOfLine(road.line, part.from, part.to) }] : [];
		});
	return region.radioGaps.filter(({ state }) => state === 'none').flatMap(lines);
}
