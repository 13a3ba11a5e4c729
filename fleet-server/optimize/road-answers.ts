/** What a problem asks of the roads, piece by piece, so that the thread that holds them is never busy for long. */
import { setImmediate } from 'node:timers/promises';
import { NO_WAY } from '@junkai/contracts';
import type { Closure, Place, Roads, Travel, VehicleClass } from '../roads/port.ts';

/** Row by row; whole seconds and metres, NO_WAY where there is none. */
export interface SquareTable {
	readonly size: number;
	readonly durations: Uint32Array;
	readonly distances: Uint32Array;
}

/** A way by road, and each leg's metres. */
export interface Way {
	readonly coordinates: readonly Place[];
	readonly distances: readonly number[];
}

export interface RoadsAnswers {
	table(vehicle: VehicleClass, places: readonly Place[]): Promise<SquareTable>;
	way(vehicle: VehicleClass, places: readonly Place[]): Promise<Way>;
}

/** How the roads are when the vehicles drive. */
export interface RoadConditions {
	readonly closures: readonly Closure[];
	/** ISO 8601. */
	readonly departure?: string | undefined;
}

/** Cells of a table that are asked for at once: some milliseconds of work on the thread that holds the roads. */
const BLOCK_CELLS = 10_000;
/** Places of a route that are asked for at once. */
const LONGEST_WAY = 50;

/** Asks `roads`, each time under the same conditions. Rejects with a RoadsError. */
export function roadAnswers(roads: Roads, { closures, departure }: RoadConditions, signal?: AbortSignal): RoadsAnswers {
	const travel = (vehicle: VehicleClass): Travel => ({
		vehicle,
		...(closures.length > 0 && { closures }),
		...(departure !== undefined && { departure: new Date(departure) }),
		...(signal && { signal }),
	});
	return {
		async table(vehicle, places) {
			const size = places.length;
			const durations = new Uint32Array(size * size);
			const distances = new Uint32Array(size * size);
			const rows = Math.max(1, Math.floor(BLOCK_CELLS / Math.max(1, size)));
			for (let from = 0; from < size; from += rows) {
				const sources = Array.from({ length: Math.min(rows, size - from) }, (_, row) => from + row);
				const block = await roads.table({ places, sources, ...travel(vehicle) });
				// What roads remember comes without a pause: others have their turn between two blocks.
				await setImmediate();
				fill(durations, block.durations, from * size);
				fill(distances, block.distances, from * size);
			}
			return { size, durations, distances };
		},
		async way(vehicle, places) {
			const coordinates: Place[] = [];
			const distances: number[] = [];
			for (let from = 0; from + 1 < places.length; from += LONGEST_WAY - 1) {
				const route = await roads.route({ places: places.slice(from, from + LONGEST_WAY), ...travel(vehicle) });
				coordinates.push(...route.geometry.coordinates.slice(coordinates.length === 0 ? 0 : 1));
				distances.push(...route.legs.map(({ distance }) => distance));
			}
			return { coordinates, distances };
		},
	};
}

function fill(cells: Uint32Array, values: Float64Array, offset: number): void {
	for (let at = 0; at < values.length; at++) {
		const value = values[at]!;
		cells[offset + at] = value < NO_WAY ? Math.round(value) : NO_WAY;
	}
}
