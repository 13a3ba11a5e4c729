/** What a changed plan does otherwise, for the list and the map. Pure. */
import type { PlanBoard, PlanChange, PlanDraft, PlannedRoute, PublishedPlan } from '@junkai/contracts';
import { formatTime } from '../../../shared/i18n/format.ts';
import type { MapRoutes } from '../../../shared/map/route-layers.ts';
import type { MapMark } from '../../../shared/map/visit-layers.ts';
import { mapRoutes, routeViews } from './route-view.ts';

/** The day of a mend: it has one. */
export const draftOf = (board: PlanBoard): PlanDraft | null => board.days[0]?.draft ?? null;

/** Where each visit is, of routes and of those left out. */
function places(draft: Pick<PlanDraft, 'routes' | 'unassigned'>): Map<number, readonly [number, number]> {
	const found = new Map<number, readonly [number, number]>();
	for (const { stops } of draft.routes)
		for (const { visits, location } of stops) for (const { visit } of visits) found.set(visit, location);
	for (const { visit, location } of draft.unassigned) found.set(visit, location);
	return found;
}

/** `3号車 13:40 → 5号車 14:10`; the van is named once when it stays. */
export function changeText(
	{ kind, before, after }: PlanChange,
	van: (vehicle: string) => string,
	none: string,
): { before: string; after: string } {
	const same = before !== null && after !== null && before.vehicle === after.vehicle && kind === 'time';
	return {
		before: before === null ? none : `${van(before.vehicle)} ${formatTime(before.from)}`,
		after: after === null ? none : same ? formatTime(after.from) : `${van(after.vehicle)} ${formatTime(after.from)}`,
	};
}

export function marksOf(
	changes: readonly PlanChange[],
	before: PublishedPlan | null,
	after: PlanDraft,
	van: (vehicle: string) => string,
	none: string,
): MapMark[] {
	const where = new Map([...(before === null ? [] : places(before)), ...places(after)]);
	return changes.flatMap((change) => {
		const at = where.get(change.visit);
		if (at === undefined) return [];
		const text = changeText(change, van, none);
		return [{ visit: change.visit, lon: at[0], lat: at[1], text: `${text.before} → ${text.after}` }];
	});
}

/** The line ahead of a van, by which it is told whether its way is another one. */
const ahead = ({ stops, next }: PlannedRoute): string =>
	JSON.stringify(stops.slice(next).map(({ location, visits }) => [location, visits.map(({ visit }) => visit)]));

/** Only routes that are driven otherwise; the ways of the plan that holds are drawn as the old ones. */
export function changedRoutes(before: PublishedPlan | null, after: PlanDraft, scheme: 'light' | 'dark', key: string): MapRoutes {
	const known = new Map(before?.routes.map((route) => [route.vehicle, route]));
	// All routes are coloured before any is left out: a van keeps its colour.
	const views = routeViews(after, scheme);
	const changed = after.routes.filter((route) => {
		const old = known.get(route.vehicle);
		return old === undefined || ahead(old) !== ahead(route);
	});
	const gone = [...known.values()].filter(({ vehicle }) => !after.routes.some((route) => route.vehicle === vehicle));
	const old = [...changed.flatMap(({ vehicle }) => known.get(vehicle) ?? []), ...gone];
	return {
		...mapRoutes({ routes: changed }, views, key),
		old: old.flatMap(({ vehicle, stops, next }) =>
			stops.slice(next).flatMap(({ way }) => (way === null ? [] : [{ van: vehicle, line: way.geometry.coordinates }])),
		),
	};
}
