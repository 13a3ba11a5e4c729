/** The map of the day: vans, routes, visits, closed roads, and what is being drawn or compared on it. */
import { lazy, Suspense, useMemo, useState } from 'react';
import type { ClosedRoads, PublishedPlan } from '@junkai/contracts';
import type { Region } from '../../../shared/api/rest.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import type { ClosedLine, Drawing, MapClosures } from '../../../shared/map/closure-layers.ts';
import type { MapRoutes } from '../../../shared/map/route-layers.ts';
import type { MapMark, MapVisit } from '../../../shared/map/visit-layers.ts';
import { useDay, useDirectory } from './day-context.tsx';
import { Legend, TrackKey } from './legend.tsx';
import { showOnMap } from './map-focus.ts';
import { mapRoutes, mapVisits, routeViews, type RouteView } from './route-view.ts';
import { select, type Selection } from './selection.ts';
import { useTrack } from './use-track.ts';
import { VansOnMap } from './vans-on-map.tsx';

const MapView = lazy(() => import('../../../shared/map/map-view.tsx'));

interface Props {
	region: Region | null | undefined;
	scheme: 'light' | 'dark';
	plan: PublishedPlan | null;
	views: ReadonlyMap<string, RouteView>;
	selection: Selection | null;
	/** The van that the selection is about. */
	van: string | null;
	/** Null: clicks select. */
	drawing: Drawing | null;
	onCorner: (at: readonly [number, number]) => void;
	onRing: () => void;
	/** What rain would close, or edges that are being chosen. */
	preview: ClosedRoads | null;
	edges: ReadonlySet<string>;
	/** A changed plan: only what it changes is painted. */
	difference: { routes: MapRoutes; marks: readonly MapMark[] } | null;
	/** Service time, to the minute. */
	now: number;
}

const noRoutes: MapRoutes = { routes: [], old: [] };
const noVisits: readonly MapVisit[] = [];

export function DayMap(props: Props) {
	const { region, scheme, plan, selection, van, drawing, onCorner, onRing, difference } = props;
	const { t } = useTexts();
	const [follow, setFollow] = useState(false);
	const track = useTrack(van);
	const routes = useRoutes(plan, scheme);
	const visits = useVisits(props);
	const closures = useClosures(props);
	return (
		<div className="map-area">
			<Suspense fallback={<p className="map-message">{t('map.loading')}</p>}>
				<MapView
					region={region}
					scheme={scheme}
					van={van}
					visit={selection?.kind === 'visit' ? selection.id : null}
					track={track}
					routes={difference?.routes ?? routes}
					visits={visits}
					marks={difference?.marks ?? null}
					closures={closures}
					drawing={drawing}
					onSelect={select}
					onTouched={() => setFollow(false)}
					onCorner={onCorner}
					onRing={onRing}
				>
					{(map) => <VansOnMap map={map} selected={van} follow={follow} />}
				</MapView>
			</Suspense>
			<div className="map-tools">
				<button type="button" onClick={() => showOnMap({ kind: 'all' })}>
					{t('map.fitAll')}
				</button>
				<button type="button" aria-pressed={follow} disabled={van === null} onClick={() => setFollow(!follow)}>
					{t('map.follow')}
				</button>
			</div>
			{track.length > 0 && difference === null && <TrackKey late={track.some((part) => part.late)} />}
			{drawing !== null && <p className="map-hint">{t('day.closure.draw.keys')}</p>}
			{difference !== null && <p className="map-hint">{t('day.mend.onMap')}</p>}
			<Legend />
		</div>
	);
}

/** The plan's lines depend on how far each van has come, and on nothing that changes by the second. */
function useRoutes(plan: PublishedPlan | null, scheme: 'light' | 'dark'): MapRoutes {
	return useMemo(() => (plan === null ? noRoutes : mapRoutes(plan, routeViews(plan, scheme), plan.id)), [plan, scheme]);
}

function useVisits({ plan, views, now }: Props): readonly MapVisit[] {
	const { visits: told } = useDay();
	return useMemo(() => (plan === null ? noVisits : mapVisits(plan, views, told, now)), [plan, views, told, now]);
}

function useClosures({ preview, edges, region, selection }: Props): MapClosures {
	const { closures, closed } = useDirectory();
	const chosen = selection?.kind === 'closure' ? (closures?.find(({ id }) => id === selection.id) ?? null) : null;
	const known = useMemo(() => new Map(closures?.map(({ id, name }) => [name, id])), [closures]);
	const inForce = useMemo(
		() => (closed?.lines ?? []).map((line) => drawn(line, known.get(line.by[0] ?? '') ?? null, chosen?.name ?? null)),
		[closed, known, chosen?.name],
	);
	const closing = useMemo(() => {
		const now = new Set(closed?.lines.map(({ edge }) => edge));
		const more = (preview?.lines ?? []).filter(({ edge }) => !now.has(edge)).map((line) => drawn(line, null, null));
		return [...more, ...chosenEdges(region, edges)];
	}, [preview, closed, edges, region]);
	const areas = useMemo(
		() =>
			(closures ?? []).flatMap(({ id, shape }) =>
				shape.kind === 'polygon' ? [{ id, ring: shape.ring, selected: id === chosen?.id }] : [],
			),
		[closures, chosen?.id],
	);
	return useMemo(() => ({ closed: inForce, closing, areas }), [inForce, closing, areas]);
}

function drawn(
	{ coordinates, ref, name, by }: ClosedRoads['lines'][number],
	closure: number | null,
	selected: string | null,
): ClosedLine {
	return { closure, coordinates, label: ref ?? name, selected: selected !== null && by.includes(selected) };
}

function chosenEdges(region: Region | null | undefined, edges: ReadonlySet<string>): ClosedLine[] {
	if (!region || edges.size === 0) return [];
	return region.roads.features.flatMap(({ properties: p, geometry }) => {
		if (typeof p['id'] !== 'string' || !edges.has(p['id']) || geometry.type !== 'LineString') return [];
		const label = typeof p['ref'] === 'string' ? p['ref'] : '';
		return [{ closure: null, coordinates: geometry.coordinates as [number, number][], label, selected: false }];
	});
}
