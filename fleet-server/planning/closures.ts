/** What is closed while a crew is out. */
import type { RoadClosure } from '@junkai/contracts';
import { forRoads } from '../registry/closures.ts';
import type { RegionFacts } from '../registry/facts.ts';
import type { Closure } from '../roads/port.ts';

/** In force at some moment of a period, ms: closed for all of it, whatever the hour of the drive. */
export function closuresWithin(facts: RegionFacts, closures: readonly RoadClosure[], from: number, until: number): Closure[] {
	const active = closures.filter((one) => one.from <= until && (one.until === null || one.until > from));
	const sorted = active.toSorted((a, b) => a.id - b.id);
	return forRoads(sorted, facts).map(({ from: _from, until: _until, ...closed }) => closed);
}
