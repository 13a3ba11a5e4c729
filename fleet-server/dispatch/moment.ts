/** A draft moved in time: onto another clock, and to a moment when part of it is driven. */
import type { PlanDraft } from '@junkai/contracts';

/** The same draft with all its times changed by a rising function. */
export function retimed(draft: PlanDraft, clock: (ms: number) => number): PlanDraft {
	return {
		...draft,
		from: clock(draft.from),
		to: clock(draft.to),
		routes: draft.routes.map((route) => ({
			...route,
			stops: route.stops.map((stop) => ({
				...stop,
				arrival: clock(stop.arrival),
				departure: clock(stop.departure),
				visits: stop.visits.map((visit) => ({
					...visit,
					from: clock(visit.from),
					to: clock(visit.to),
					consult: visit.consult && { ...visit.consult, from: clock(visit.consult.from), to: clock(visit.consult.to) },
				})),
			})),
		})),
	};
}

/** The draft as it stands at a moment if everyone keeps to it: stops that were left are done. */
export function underWay(draft: PlanDraft, now: number): PlanDraft {
	return {
		...draft,
		routes: draft.routes.map((route) => {
			const last = route.stops.length - 1;
			const found = route.stops.findIndex((_, index) => index === last || leaves(route.stops, index) > now);
			return { ...route, next: found, reached: route.stops[found]!.arrival <= now };
		}),
	};
}

/** A van leaves a stop when it departs; one without a drive after it, when the next one begins. */
function leaves(stops: PlanDraft['routes'][number]['stops'], index: number): number {
	const next = stops[index + 1];
	return next && next.way === null ? next.arrival : stops[index]!.departure;
}
