/** What has happened since a plan was made that it must not be published over: visits called off, roads closed. */
import { setImmediate } from 'node:timers/promises';
import type { DraftDay, PlannedRoute } from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import { factsOf } from '../registry/facts.ts';
import { closedParts } from '../roads/closures.ts';
import { leak, probesOf } from '../roads/leak.ts';
import type { Closure } from '../roads/port.ts';
import { closuresWithin } from './closures.ts';
import type { PlanningFrame } from './frame.ts';
import type { PlanningRecords } from './records.ts';

/** So many are named. */
const NAMED = 5;

/** In words; null when the plan holds good. */
export async function staleness(
	region: Region,
	frame: PlanningFrame,
	days: readonly DraftDay[],
	records: PlanningRecords,
): Promise<string | null> {
	const gone = calledOff(days, records);
	if (gone.length > 0) {
		const more = gone.length > NAMED ? ` and ${gone.length - NAMED} more` : '';
		return `visit ${gone.slice(0, NAMED).join(', ')}${more} was called off since this plan was made: plan again, or take it out`;
	}
	const facts = factsOf(region);
	for (const { date, draft } of days) {
		for (const route of draft.routes) {
			const [first, last] = [route.stops[route.next]!, route.stops.at(-1)!];
			const now = closuresWithin(facts, records.closures, first.arrival, last.departure);
			const known = knownClosures(frame, route.vehicle, date);
			const fresh = now.filter((closure) => !known.has(JSON.stringify(closure)));
			if (fresh.length === 0) continue;
			const through = closedAhead(region, route, fresh);
			if (through !== null)
				return `${route.vehicle} would drive over ${through}, which was closed since this plan was made: plan again`;
			await setImmediate();
		}
	}
	return null;
}

function calledOff(days: readonly DraftDay[], { visits }: PlanningRecords): number[] {
	const cancelled = new Set(visits.flatMap(({ id, state }) => (state === 'cancelled' ? [id] : [])));
	const ahead = days.flatMap(({ draft }) =>
		draft.routes.flatMap(({ stops, next }) => stops.slice(next).flatMap((stop) => stop.visits.map(({ visit }) => visit))),
	);
	return ahead.filter((visit) => cancelled.has(visit));
}

/** What was closed for a van when the plan was made. */
function knownClosures({ vehicles, problem, profiles }: PlanningFrame, vehicle: string, date: string): ReadonlySet<string> {
	const shifts = new Set(vehicles.filter((one) => one.vehicle === vehicle && one.date === date).map(({ id }) => id));
	const names = problem.vehicles.flatMap(({ id, profile }) => (shifts.has(id) ? [profile!] : []));
	return new Set(names.flatMap((name) => profiles[name]!.closures.map((closure) => JSON.stringify(closure))));
}

/** The first road on the ways still to drive that is closed now. */
function closedAhead(region: Region, { stops, next, reached }: PlannedRoute, closures: readonly Closure[]): string | null {
	const probes = probesOf(region, closedParts(region, closures));
	for (const { way } of stops.slice(reached ? next + 1 : next)) {
		const through = way ? leak(way.geometry.coordinates, probes, []) : null;
		if (through !== null) return through;
	}
	return null;
}
