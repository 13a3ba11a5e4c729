/** The dispatcher's desk: who is late, who is alone, what needs a hand. */
import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { formatDuration, toKilometresPerHour } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useFleet, useLive, useServerNow, useSubscription } from '../../../shared/live/live-context.tsx';
import { useRegion } from '../../../shared/map/use-region.ts';
import type { MapVan } from '../../../shared/map/van-layers.ts';
import { currentScheme, onSchemeChange } from '../../../shared/ui/theme.ts';
import { byUrgency, lookOf, opacityOf } from './attention.ts';
import { FleetList } from './fleet-list.tsx';
import { Inspector } from './inspector.tsx';
import { Legend, TrackKey } from './legend.tsx';
import { mapRoutes, routeViews, type RouteView } from './route-view.ts';
import { usePlan } from './use-plan.ts';
import { useTrack } from './use-track.ts';
import './day.css';

const MapView = lazy(() => import('../../../shared/map/map-view.tsx'));

export default function DayPage() {
	const { t } = useTexts();
	useSubscription([{ vehicles: '*', kinds: ['vehicle', 'position', 'event', 'plan'] }]);
	const { reload } = useLive();
	const fleet = useFleet();
	const now = useServerNow();
	const { region, places } = useRegion();
	const scheme = useSyncExternalStore(onSchemeChange, currentScheme);
	const [selected, setSelected] = useState<string | null | undefined>();
	const [fitAll, setFitAll] = useState(0);
	const [show, setShow] = useState(0);
	const [showRoute, setShowRoute] = useState(0);
	const [follow, setFollow] = useState(false);
	const track = useTrack(selected ?? null);
	const vans = useMapVans(selected ?? null);
	const plan = usePlan();
	const views = useMemo(() => (plan ? routeViews(plan, scheme) : noViews), [plan, scheme]);
	const routes = useMemo(() => (plan ? mapRoutes(plan, views) : noRoutes), [plan, views]);

	// At the start the van that most needs a look is open, so that the desk is never a blank form.
	useEffect(() => {
		if (selected === undefined && fleet.vehicles.length > 0) setSelected(fleet.vehicles.toSorted(byUrgency(now))[0]?.id);
	}, [selected, fleet.vehicles, now]);

	const vehicle = fleet.vehicles.find((v) => v.id === selected);
	const select = (id: string | null) => {
		setSelected(id);
		setFollow(false);
	};
	return (
		<main className={vehicle === undefined ? 'dispatch' : 'dispatch dispatch-inspecting'}>
			<FleetList fleet={fleet} plan={plan} views={views} now={now} selected={selected ?? null} onSelect={select} onRetry={reload} />
			<div className="map-area">
				<Suspense fallback={<p className="map-message">{t('map.loading')}</p>}>
					<MapView
						region={region}
						scheme={scheme}
						vans={vans}
						selected={selected ?? null}
						track={track}
						routes={routes}
						follow={follow}
						fitAll={fitAll}
						show={show}
						showRoute={showRoute}
						onSelect={select}
						onTouched={() => setFollow(false)}
					/>
				</Suspense>
				<div className="map-tools">
					<button type="button" onClick={() => setFitAll((n) => n + 1)}>
						{t('map.fitAll')}
					</button>
					<button type="button" aria-pressed={follow} disabled={vehicle?.position == null} onClick={() => setFollow(!follow)}>
						{t('map.follow')}
					</button>
				</div>
				{track.length > 0 && <TrackKey late={track.some((part) => part.late)} />}
				<Legend />
			</div>
			{vehicle !== undefined && (
				<Inspector
					vehicle={vehicle}
					delay={fleet.delays.get(vehicle.id) ?? null}
					now={now}
					places={places}
					plan={plan ?? null}
					view={views.get(vehicle.id) ?? null}
					onShow={() => setShow((n) => n + 1)}
					onShowRoute={() => setShowRoute((n) => n + 1)}
					onClose={() => select(null)}
				/>
			)}
		</main>
	);
}

const noViews: ReadonlyMap<string, RouteView> = new Map();
const noRoutes = { routes: [], unassigned: [] };

/** More than this and the map's labels are names only. */
const manyVans = 12;

/** The vans as the map draws them; those that never had a fix have no place on it. */
function useMapVans(selected: string | null): readonly MapVan[] {
	const { t, language } = useTexts();
	const { vehicles } = useFleet();
	const now = useServerNow();
	return useMemo(
		() =>
			vehicles.toSorted(byUrgency(now)).flatMap((v, order) => {
				const fix = v.position;
				if (fix === null || fix.lat === undefined || fix.lon === undefined) return [];
				const age = now - fix.time;
				const look = lookOf(v, now);
				const speed =
					look === 'moving' && fix.speed !== undefined ? `${t('map.kmh', { speed: toKilometresPerHour(fix.speed) })} · ` : '';
				// Among many vans the map says more of those that need a look.
				const spare = vehicles.length > manyVans && v.id !== selected && (look === 'moving' || look === 'still');
				const word = look === 'offline' || look === 'off' ? `${t(`look.${look}`)} · ` : '';
				return {
					id: v.id,
					lon: fix.lon,
					lat: fix.lat,
					heading: look === 'moving' ? (fix.track ?? null) : null,
					look: look === 'moving' && fix.track === undefined ? 'still' : look,
					// Out of reach has a form of its own and is what the dispatcher looks for: it pales less.
					opacity: look === 'offline' ? Math.max(0.85, opacityOf(age)) : opacityOf(age),
					name: v.name,
					detail: spare ? '' : `${speed}${word}${t('map.ago', { age: formatDuration(age, language) })}`,
					order,
				};
			}),
		[vehicles, now, selected, t, language],
	);
}
