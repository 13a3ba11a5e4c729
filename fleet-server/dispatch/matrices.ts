/** Matrices and ways of a problem from the roads, piece by piece, so that the thread that holds them is never busy for long. */
import { setImmediate } from 'node:timers/promises';
import { NO_WAY } from '@junkai/contracts';
import type { Place, Roads } from '../roads/port.ts';
import type { Matrices, RoadProfile } from './frame.ts';

/** Row by row; whole seconds and metres, NO_WAY where there is none. */
export interface SquareTable {
	readonly size: number;
	readonly durations: Uint32Array;
	readonly distances: Uint32Array;
}

/** Cells that are asked for at once: some milliseconds of work on the thread that holds the roads. */
const BLOCK_CELLS = 10_000;

/** Durations and distances between all places. Rejects with a RoadsError. */
export async function squareTable(
	roads: Pick<Roads, 'table'>,
	{ vehicle, closures }: RoadProfile,
	places: readonly Place[],
	signal?: AbortSignal,
): Promise<SquareTable> {
	const size = places.length;
	const durations = new Uint32Array(size * size);
	const distances = new Uint32Array(size * size);
	const rows = Math.max(1, Math.floor(BLOCK_CELLS / Math.max(1, size)));
	for (let from = 0; from < size; from += rows) {
		const sources = Array.from({ length: Math.min(rows, size - from) }, (_, row) => from + row);
		const block = await roads.table({ places, sources, vehicle, closures, ...(signal && { signal }) });
		// What roads remember comes without a pause: others have their turn between two blocks.
		await setImmediate();
		fill(durations, block.durations, from * size);
		fill(distances, block.distances, from * size);
	}
	return { size, durations, distances };
}

function fill(cells: Uint32Array, values: Float64Array, offset: number): void {
	for (let at = 0; at < values.length; at++) {
		const value = values[at]!;
		cells[offset + at] = value < NO_WAY ? Math.round(value) : NO_WAY;
	}
}

/** As the planner takes it. */
export function matricesOfTables(tables: Readonly<Record<string, SquareTable>>): Matrices {
	return Object.fromEntries(
		Object.entries(tables).map(([profile, { size, durations, distances }]) => {
			const rows = (cells: Uint32Array): number[][] =>
				Array.from({ length: size }, (_, row) => Array.from(cells.subarray(row * size, (row + 1) * size)));
			return [profile, { durations: rows(durations), distances: rows(distances) }];
		}),
	);
}

/** Of every profile, one after the other. Rejects with a RoadsError. */
export async function tablesOf(
	roads: Pick<Roads, 'table'>,
	profiles: Readonly<Record<string, RoadProfile>>,
	places: readonly Place[],
): Promise<Matrices> {
	const tables: Record<string, SquareTable> = {};
	for (const [name, profile] of Object.entries(profiles)) tables[name] = await squareTable(roads, profile, places);
	return matricesOfTables(tables);
}

/** One drive on the road. */
export interface Leg {
	readonly distance: number;
	readonly duration: number;
	readonly coordinates: readonly Place[];
}

/** The drives from each place to the next. Rejects with a RoadsError. */
export type FindLegs = (profile: RoadProfile, places: readonly Place[]) => Promise<readonly Leg[]>;

export const legsBy =
	(roads: Pick<Roads, 'route'>): FindLegs =>
	async ({ vehicle, closures }, places) => {
		const { legs } = await roads.route({ places, vehicle, closures });
		return legs.map(({ distance, duration, geometry }) => ({ distance, duration, coordinates: geometry.coordinates }));
	};
