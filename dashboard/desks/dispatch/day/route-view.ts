/** A plan as list and map show it. Pure, so that both agree. */
import type { PlannedRoute, PlannedStop, PublishedPlan } from '@junkai/contracts';
import { formatTime } from '../../../shared/i18n/format.ts';
import { routeColour } from '../../../shared/map/route-colours.ts';
import type { MapRoutes } from '../../../shared/map/route-layers.ts';

export type StopState = 'done' | 'next' | 'later';

export interface StopView {
	stop: PlannedStop;
	/** Stops with patients count from 1; others have no number. */
	number: number | null;
	state: StopState;
	/** The van is there. */
	reached: boolean;
}

export interface RouteView {
	route: PlannedRoute;
	colour: string;
	stops: StopView[];
}

/** A van that is expected for longer than this and is not there is late, ms. */
export const lateAfter = 5 * 60_000;

export function routeViews(plan: PublishedPlan, scheme: 'light' | 'dark'): Map<string, RouteView> {
	return new Map(
		plan.routes.map((route, index) => {
			let count = 0;
			const stops = route.stops.map((stop, at): StopView => ({
				stop,
				number: stop.kind === 'visits' ? ++count : null,
				state: at < route.next ? 'done' : at === route.next ? 'next' : 'later',
				reached: at === route.next && route.reached,
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

/** How late a van is at the stop where it is expected, ms; 0 when it is there or not yet due. */
export function lateness({ stop, state, reached }: StopView, now: number): number {
	const late = state === 'next' && !reached ? now - stop.arrival : 0;
	return late > lateAfter ? late : 0;
}

export function mapRoutes(plan: PublishedPlan, views: ReadonlyMap<string, RouteView>): MapRoutes {
	return {
		routes: [...views.values()].map(({ route, colour, stops }) => ({
			van: route.vehicle,
			colour,
			ways: stops.flatMap(({ stop, state, reached }) =>
				stop.way === null ? [] : [{ done: state === 'done' || reached, line: stop.way.geometry.coordinates }],
			),
			stops: stops.flatMap(({ stop, number, state }) =>
				number === null ? [] : [{ location: stop.location, number, time: formatTime(stop.arrival), state }],
			),
		})),
		unassigned: plan.unassigned.map(({ location }) => location),
	};
}
