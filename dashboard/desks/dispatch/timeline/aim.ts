/** Where a visit is about to go: under the pointer, or chosen by the keyboard. Pure. */
import { snapped } from './axis.ts';
import type { TimelineData, VehicleLane } from './model.ts';

/** A place in a route: before another visit of it (null: at its end), not before `at` (null: as early as it can be), UTC ms. */
export interface Place {
	kind: 'lane';
	vehicle: string;
	before: number | null;
	at: number | null;
}
export type Target = Place | { kind: 'tray' };

export interface Aim {
	visit: number;
	by: 'pointer' | 'keyboard';
	/** Null: nowhere; nothing would happen. */
	target: Target | null;
}

const others = (lane: VehicleLane, visit: number) =>
	lane.visits.filter((one) => one.visit !== visit).toSorted((a, b) => a.from - b.from);

/** Where a visit comes to lie that is let go so that it begins at `start`: before the first whose middle is later. */
export function placeAt(lane: VehicleLane, visit: number, start: number): Place {
	const next = others(lane, visit).find(({ from, to }) => (from + to) / 2 > start);
	return { kind: 'lane', vehicle: lane.vehicle, before: next?.visit ?? null, at: snapped(start) };
}

/** About when a visit would begin there; for drawing until the server has reckoned. */
export function likelyStart(data: TimelineData, visit: number, place: Place): number {
	const lane = data.vehicles.find(({ vehicle }) => vehicle === place.vehicle);
	if (place.at !== null) return place.at;
	if (lane === undefined) return data.from;
	const list = others(lane, visit);
	const at = list.findIndex((one) => one.visit === place.before);
	const previous = place.before === null ? list.at(-1) : list[at - 1];
	return previous?.to ?? lane.shift?.[0] ?? data.from;
}

/** Where the visit lies now, as a place. */
export function placeOf(data: TimelineData, visit: number): Place | null {
	for (const lane of data.vehicles) {
		const list = lane.visits.toSorted((a, b) => a.from - b.from);
		const at = list.findIndex((one) => one.visit === visit);
		if (at >= 0) return { kind: 'lane', vehicle: lane.vehicle, before: list[at + 1]?.visit ?? null, at: null };
	}
	return null;
}

export const aimKeys = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Delete', 'Backspace'] as const;

/**
 * The next target by a key: up and down another van at about the same time, left and right another place in its order, with shift
 * five minutes earlier or later, Delete out of the plan.
 */
export function stepped(data: TimelineData, { visit, target }: Aim, key: string, shift: boolean): Target | null {
	if (key === 'Delete' || key === 'Backspace') return { kind: 'tray' };
	const first = data.vehicles[0];
	if (first === undefined) return target;
	if (target === null || target.kind === 'tray') return placeOf(data, visit) ?? { ...placeAt(first, visit, data.from), at: null };
	if (key === 'ArrowUp' || key === 'ArrowDown') {
		const at = data.vehicles.findIndex(({ vehicle }) => vehicle === target.vehicle);
		const lane = data.vehicles[at + (key === 'ArrowUp' ? -1 : 1)];
		return lane === undefined ? target : { ...placeAt(lane, visit, likelyStart(data, visit, target)), at: target.at };
	}
	const lane = data.vehicles.find(({ vehicle }) => vehicle === target.vehicle);
	if (lane === undefined) return target;
	const by = key === 'ArrowLeft' ? -1 : 1;
	if (shift) return placeAt(lane, visit, snapped(likelyStart(data, visit, target)) + by * 5 * 60_000);
	const list = others(lane, visit);
	const now = target.before === null ? list.length : list.findIndex((one) => one.visit === target.before);
	const next = Math.min(list.length, Math.max(0, now + by));
	return { ...target, before: list[next]?.visit ?? null, at: null };
}
