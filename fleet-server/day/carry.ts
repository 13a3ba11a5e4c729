/** How far a van has come on a plan that replaces another one in the middle of the day. */
import type { PlanDraft, PlannedRoute, PlannedStop, RouteProgress } from '@junkai/contracts';

/** The draft with the stops counted as done that were done on the plan before; never fewer than the draft says itself. */
export function carriedOver(draft: PlanDraft, before: Pick<PlanDraft, 'routes'>): PlanDraft {
	const seen = new Set<number>();
	for (const route of before.routes) {
		for (const stop of route.stops.slice(0, route.next)) for (const { visit } of stop.visits) seen.add(visit);
	}
	return {
		...draft,
		routes: draft.routes.map((route) => {
			const old = before.routes.find(({ vehicle }) => vehicle === route.vehicle);
			return old ? { ...route, ...progressOn(route, old, seen) } : route;
		}),
	};
}

/** `seen`: visits of stops that a van has left. */
function progressOn(route: PlannedRoute, old: PlannedRoute, seen: ReadonlySet<number>): Omit<RouteProgress, 'vehicle'> {
	const left = old.stops.slice(0, old.next);
	const isDone = (stop: PlannedStop): boolean =>
		stop.kind === 'visits'
			? stop.visits.length > 0 && stop.visits.every(({ visit }) => seen.has(visit))
			: left.some((one) => sameStop(one, stop));
	const last = route.stops.findLastIndex(isDone);
	const next = Math.min(last + 1, route.stops.length - 1);
	// What the draft says of itself was taken from the same positions, and may know of more.
	if (route.next > next) return { next: route.next, reached: route.reached };
	const here = old.stops[old.next];
	const there = old.reached && here !== undefined && sameStop(here, route.stops[next]!);
	return { next, reached: there || (next === route.next && route.reached) };
}

/** The same stop in two plans: the same visit is made there, or the same thing is done at the same time of the plan. */
function sameStop(a: PlannedStop, b: PlannedStop): boolean {
	if (a.kind !== b.kind) return false;
	if (a.kind === 'start' || a.kind === 'end') return a.location[0] === b.location[0] && a.location[1] === b.location[1];
	if (a.kind === 'break') return a.arrival === b.arrival && a.departure === b.departure;
	return a.visits.some(({ visit }) => b.visits.some((one) => one.visit === visit));
}
