/** Feeds the vans to the map five times a second, and takes the map where it is asked to go. It draws nothing by itself. */
import { useEffect, useMemo, useRef } from 'react';
import { formatDuration, toKilometresPerHour } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useFleet, useServerNow } from '../../../shared/live/live-context.tsx';
import type { FleetMap } from '../../../shared/map/fleet-map.ts';
import type { MapVan } from '../../../shared/map/van-layers.ts';
import { byUrgency, lookOf, opacityOf } from './attention.ts';
import { focused, useFocus, type Focus } from './map-focus.ts';

interface Props {
	map: FleetMap;
	selected: string | null;
	follow: boolean;
}

/** More than this and the map's labels are names only. */
const manyVans = 12;
/** Maps that have shown the whole fleet once. */
const shown = new WeakSet<FleetMap>();

export function VansOnMap({ map, selected, follow }: Props) {
	const vans = useMapVans(selected);
	useEffect(() => map.setVans(vans, selected), [map, vans, selected]);

	const any = vans.length > 0;
	useEffect(() => {
		if (!any || shown.has(map)) return;
		shown.add(map);
		map.fit(vans);
	}, [map, any, vans]);

	const focus = useFocus();
	const done = useRef<Focus | null>(null);
	useEffect(() => {
		if (focus === null || done.current === focus) return;
		done.current = focus;
		focused(focus);
		if (focus.kind === 'all') map.fit(vans);
		else if (focus.kind === 'point') map.center(focus.lon, focus.lat, true);
		else map.fit(focus.points.map(([lon, lat]) => ({ lon, lat })));
	}, [map, focus, vans]);

	const chosen = vans.find((van) => van.id === selected);
	const lon = chosen?.lon;
	const lat = chosen?.lat;
	useEffect(() => {
		if (follow && lon !== undefined && lat !== undefined) map.center(lon, lat, false);
	}, [map, follow, lon, lat]);
	return null;
}

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
