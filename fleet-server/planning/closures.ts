/** Closed roads as the dispatcher keeps them, in the words of the road engine. */
import type { RoadClosure } from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import type { Closure } from '../roads/port.ts';

/**
 * Those in force at some moment of a period (ms; both ends included). They carry no period of their own: whoever asks the roads with
 * them means that they are closed. A rain rule of a road that the network does not hold closes nothing that a van could drive.
 */
export function closuresWithin(region: Region, closures: readonly RoadClosure[], from: number, until: number): Closure[] {
	const rules = new Map(region.closures.map((rule) => [rule.id, rule]));
	const active = closures.filter((one) => one.from <= until && (one.until === null || one.until > from));
	return active.toSorted((a, b) => a.id - b.id).flatMap((one) => closureOf(one, (id) => rules.get(id)?.edges ?? []));
}

function closureOf({ id, shape }: RoadClosure, edgesOf: (rule: string) => readonly string[]): Closure[] {
	const label = `closure ${id}`;
	switch (shape.kind) {
		case 'polygon':
			return [{ id: label, polygon: shape.ring }];
		case 'edges':
			return [{ id: label, edges: shape.edges }];
		case 'rules': {
			const edges = [...new Set(shape.rules.flatMap(edgesOf))];
			return edges.length > 0 ? [{ id: label, edges }] : [];
		}
		case 'rain': {
			const { mm, hourMm } = shape;
			if (mm === null && hourMm === null) return [];
			return [{ id: label, rain: { ...(mm !== null && { mm }), ...(hourMm !== null && { hourMm }) } }];
		}
	}
}
