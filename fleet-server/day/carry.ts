/** How far a van has come on a plan that replaces another one in the middle of the day. */
import type { PlanDraft, PlannedRoute, PlannedStop, RouteProgress } from '@junkai/contracts';

/** A visit that is planned again so much later or earlier is another try of it, ms. */
const SAME_VISIT_MS = 60 * 60_000;

/** The draft with the stops counted as done that each van has left on the plan before; never fewer than the draft says itself. */
export function carriedOver(draft: PlanDraft, before: Pick<PlanDraft, 'routes'>): PlanDraft {
	return {
		...draft,
		routes: draft.routes.map((route) => {
			const old = before.routes.find(({ vehicle }) => vehicle === route.vehicle);
			return old ? { ...route, ...progressOn(route, old) } : route;
		}),
	};
}

function progressOn(route: PlannedRoute, old: PlannedRoute): Omit<RouteProgress, 'vehicle'> {
	let passed = 0;
	for (const stop of old.stops.slice(0, old.next)) {
		const at = route.stops.findIndex((one, index) => index >= passed && sameStop(stop, one));
		if (at >= 0) passed = at + 1;
	}
	const next = Math.min(passed, route.stops.length - 1);
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
	return a.visits.some(({ visit, from }) =>
		b.visits.some((one) => one.visit === visit && Math.abs(one.from - from) < SAME_VISIT_MS),
	);
}
