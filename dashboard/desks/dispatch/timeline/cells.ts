/** The grid that the keyboard walks: each lane a row, its name the first cell, then what lies in it by time. Pure. */
import type { TimelineData } from './model.ts';

export interface Cell {
	id: string;
	row: number;
	/** Null for the name of the lane. */
	at: number | null;
}

/** Ids are unique: a consult stands in the lane of its van, as a visit, and in that of its doctor. */
export const cellIds = {
	vehicle: (vehicle: string) => `v:${vehicle}`,
	visit: (visit: number) => `n:${visit}`,
	doctor: (doctor: number) => `d:${doctor}`,
	consult: (visit: number) => `c:${visit}`,
};

export function cellsOf({ vehicles, doctors }: TimelineData): Cell[][] {
	const rows = [
		...vehicles.map(({ vehicle, visits }) => ({
			id: cellIds.vehicle(vehicle),
			cells: visits.map(({ visit, from }) => ({ id: cellIds.visit(visit), at: from })),
		})),
		...doctors.map(({ doctor, consults }) => ({
			id: cellIds.doctor(doctor),
			cells: consults.map(({ visit, from }) => ({ id: cellIds.consult(visit), at: from })),
		})),
	];
	return rows.map(({ id, cells }, row) => [
		{ id, row, at: null },
		...cells.toSorted((a, b) => a.at - b.at).map((cell) => ({ ...cell, row })),
	]);
}

/** The cell to which a key leads; undefined when the key leads nowhere. */
export function nextCell(rows: readonly (readonly Cell[])[], from: string | null, key: string): Cell | undefined {
	const row = rows.find((cells) => cells.some(({ id }) => id === from));
	if (row === undefined) return rows[0]?.[0];
	const at = row.findIndex(({ id }) => id === from);
	const here = row[at]!;
	const to = (step: number) => {
		const cells = rows[Math.min(rows.length - 1, Math.max(0, here.row + step))]!;
		return cells[0]!.row === here.row ? undefined : nearest(cells, here.at);
	};
	switch (key) {
		case 'ArrowLeft':
			return row[at - 1];
		case 'ArrowRight':
			return row[at + 1];
		case 'ArrowUp':
			return to(-1);
		case 'ArrowDown':
			return to(1);
		case 'PageUp':
			return to(-10);
		case 'PageDown':
			return to(10);
		case 'Home':
			return row[0];
		case 'End':
			return row.at(-1);
		default:
			return undefined;
	}
}

/** The one at about the same time. */
function nearest(cells: readonly Cell[], at: number | null): Cell {
	let best = cells[0]!;
	if (at === null) return best;
	for (const cell of cells.slice(1)) {
		if (best.at === null || Math.abs(cell.at! - at) < Math.abs(best.at - at)) best = cell;
	}
	return best;
}
