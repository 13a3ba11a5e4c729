/** A plan as list and map show it. Pure, so that both agree. */
import type {
	PlannedRoute,
	PlannedStop,
	PlannedVisit,
	PublishedPlan,
	StopEstimate,
	VehicleEstimate,
	VisitState,
} from '@junkai/contracts';
import { formatTime } from '../../../shared/i18n/format.ts';
import { routeColour } from '../../../shared/map/route-colours.ts';
import type { MapRoute, MapRoutes } from '../../../shared/map/route-layers.ts';
import type { MapVisit, MapVisitState } from '../../../shared/map/visit-layers.ts';

export type StopState = 'done' | 'next' | 'later';

export interface StopView {
	stop: PlannedStop;
	/** Stops with patients count from 1; others have no number. */
	number: number | null;
	state: StopState;
	/** The van is there. */
	reached: boolean;
	/** When it is expected there now; null when nobody has reckoned it. */
	estimate: StopEstimate | null;
}

export interface RouteView {
	route: PlannedRoute;
	colour: string;
	stops: StopView[];
}

/** A van that is expected for longer than this and is not there is late, ms. */
export const lateAfter = 5 * 60_000;

export function routeViews(
	plan: Pick<PublishedPlan, 'routes'>,
	scheme: 'light' | 'dark',
	estimates: ReadonlyMap<string, VehicleEstimate> = new Map(),
): Map<string, RouteView> {
	return new Map(
		plan.routes.map((route, index) => {
			let count = 0;
			const expected = new Map(estimates.get(route.vehicle)?.stops.map((estimate) => [estimate.stop, estimate]));
			const stops = route.stops.map((stop, at): StopView => ({
				stop,
				number: stop.kind === 'visits' ? ++count : null,
				state: at < route.next ? 'done' : at === route.next ? 'next' : 'later',
				reached: at === route.next && route.reached,
				estimate: expected.get(at) ?? null,
			}));
			return [route.vehicle, { route, colour: routeColour(index, scheme), stops }];
		}),
	);
}

/** Where a van is going or is; null for one without patients, or that is back. */
export function nextOf({ stops }: RouteView): StopView | null {
	const next = stops.find(({ state }) => state === 'next');
	return next === undefined || (next.reached && next.stop.kind === 'end') || stops.length === 1 ? null : next;
}

/**
 * How late a van is or will be at a stop, ms: by what is expected, else by the clock where it is due. 0 when it is in time, was
 * there, or nobody can say.
 */
export function lateness({ stop, state, reached, estimate }: StopView, now: number): number {
	if (state === 'done' || reached) return 0;
	const late = estimate !== null ? estimate.late * 1000 : state === 'next' ? now - stop.arrival : 0;
	return late > lateAfter ? late : 0;
}

/** What the map draws of a plan. */
export function mapRoutes(plan: Pick<PublishedPlan, 'routes'>, views: ReadonlyMap<string, RouteView>, key: string): MapRoutes {
	return {
		routes: plan.routes.flatMap(({ vehicle }) => {
			const view = views.get(vehicle);
			return view === undefined ? [] : [mapRoute(view, key)];
		}),
		old: [],
	};
}

const mapRoute = ({ route, colour, stops }: RouteView, key: string): MapRoute => ({
	van: route.vehicle,
	colour,
	key: `${key} ${route.next} ${route.reached} ${colour}`,
	ways: stops.flatMap(({ stop, state, reached }) =>
		stop.way === null ? [] : [{ done: state === 'done' || reached, line: stop.way.geometry.coordinates }],
	),
	stops: stops.flatMap(({ stop, number, state }) =>
		number === null ? [] : [{ location: stop.location, number, time: formatTime(stop.arrival), state }],
	),
});

const stateOnMap: Readonly<Record<VisitState, MapVisitState | null>> = {
	open: 'planned',
	planned: 'planned',
	'under-way': 'under-way',
	done: 'done',
	'not-done': 'not-done',
	// Nobody wants it any more.
	cancelled: null,
};

/** Every visit of the plan, those without a van too. What was told of a visit goes before what the van's progress lets guess. */
export function mapVisits(
	plan: Pick<PublishedPlan, 'routes' | 'unassigned'>,
	views: ReadonlyMap<string, RouteView>,
	told: ReadonlyMap<number, VisitState>,
	now: number,
): MapVisit[] {
	const found: MapVisit[] = [];
	for (const { colour, stops } of views.values()) {
		for (const view of stops) {
			const [lon, lat] = view.stop.location;
			const guess = view.state === 'done' ? 'done' : view.reached ? 'under-way' : 'planned';
			const late = lateness(view, now) > 0;
			for (const { visit } of view.stop.visits) {
				const state = told.has(visit) ? stateOnMap[told.get(visit)!] : guess;
				if (state !== null) found.push({ id: visit, lon, lat, state, late: late && state === 'planned', colour });
			}
		}
	}
	for (const { visit, location } of plan.unassigned) {
		if (told.get(visit) === 'cancelled') continue;
		found.push({ id: visit, lon: location[0], lat: location[1], state: 'unassigned', late: false, colour: null });
	}
	return found;
}

/** Where a visit stands in a plan. */
export interface PlacedVisit {
	view: RouteView;
	stop: StopView;
	/** Place in the stops of the route. */
	at: number;
	visit: PlannedVisit;
}

export function findVisit(views: ReadonlyMap<string, RouteView>, visit: number): PlacedVisit | null {
	for (const view of views.values()) {
		for (const [at, stop] of view.stops.entries()) {
			const found = stop.stop.visits.find((one) => one.visit === visit);
			if (found !== undefined) return { view, stop, at, visit: found };
		}
	}
	return null;
}
