/** A map on which places are seen, chosen, and put right by a click or the arrow keys. */
import { useEffect, useRef, useState } from 'react';
import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import { useTexts } from '../i18n/index.ts';
import { useRegion } from '../map/use-region.ts';
import { currentScheme, onSchemeChange } from '../ui/theme.ts';
import './places.css';

export interface MapPlace {
	id: number;
	lon: number;
	lat: number;
	/** `sure` as found or set by a person, `unsure` a guess that a person should look at, `wrong` it cannot be taken so. */
	state: 'sure' | 'unsure' | 'wrong';
}

interface Props {
	label: string;
	places: readonly MapPlace[];
	selected: number | null;
	/** A place was chosen. */
	onSelect?: ((id: number) => void) | undefined;
	/** A point was set by click, or the selected place moved by the arrow keys; nothing can be set when absent. */
	onSet?: ((lon: number, lat: number) => void) | undefined;
}

const SOURCE = 'places-here';
/** Steps of the arrow keys, px. */
const STEP = 6;
const LONG_STEP = 40;

export default function PlaceMap({ label, places, selected, onSelect, onSet }: Props) {
	const { t, language } = useTexts();
	const { region } = useRegion();
	const container = useRef<HTMLDivElement>(null);
	const [map, setMap] = useState<MapLibreMap | null>(null);
	const [failed, setFailed] = useState(false);
	const [scheme, setScheme] = useState(currentScheme);
	useEffect(() => onSchemeChange(() => setScheme(currentScheme())), []);
	const latest = useRef({ places, selected, onSelect, onSet });
	latest.current = { places, selected, onSelect, onSet };

	useEffect(() => {
		const element = container.current;
		if (element === null || region === undefined) return;
		const abort = new AbortController();
		const words = {
			title: label,
			zoomIn: t('map.zoomIn'),
			zoomOut: t('map.zoomOut'),
			north: t('map.north'),
			attribution: t('map.attribution'),
		};
		void (async () => {
			const { FleetMap } = await import('../map/fleet-map.ts');
			abort.signal.throwIfAborted();
			const nothing = () => undefined;
			const options = { container: element, scheme, language, region, words, onSelect: nothing, onTouched: nothing };
			const { map: made } = await FleetMap.create(options, abort.signal);
			prepare(made, () => latest.current);
			setMap(made);
		})().catch(() => {
			if (!abort.signal.aborted) setFailed(true);
		});
		return () => {
			setMap(null);
			abort.abort();
		};
	}, [region, scheme, language, label, t]);

	useEffect(() => {
		if (map === null) return;
		void map.getSource<GeoJSONSource>(SOURCE)?.setData(collection(places, selected));
	}, [map, places, selected]);

	// Where to look: at the one that is chosen, or at all of them.
	const chosen = places.find(({ id }) => id === selected);
	const [lon, lat] = [chosen?.lon, chosen?.lat];
	const count = places.length;
	useEffect(() => {
		if (map === null) return;
		if (lon !== undefined && lat !== undefined) {
			const inside = map.getBounds().contains([lon, lat]) && map.getZoom() >= 10.5;
			if (!inside) map.easeTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), 11.5), duration: 300 });
			return;
		}
		const all = latest.current.places;
		if (count === 0) return;
		const [lons, lats] = [all.map((place) => place.lon), all.map((place) => place.lat)];
		map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], {
			padding: 40,
			maxZoom: 11.5,
			duration: 0,
		});
	}, [map, lon, lat, count]);

	return (
		<div className="place-map" role="region" aria-label={label}>
			<div ref={container} className="map-canvas" data-ready={map !== null} />
			{map === null && <p className="map-message">{t(failed ? 'map.failed' : 'map.loading')}</p>}
		</div>
	);
}

const collection = (places: readonly MapPlace[], selected: number | null) => ({
	type: 'FeatureCollection' as const,
	features: places.map(({ id, lon, lat, state }) => ({
		type: 'Feature' as const,
		id,
		properties: { id, state, selected: id === selected },
		geometry: { type: 'Point' as const, coordinates: [lon, lat] },
	})),
});

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function prepare(map: MapLibreMap, latest: () => Pick<Props, 'places' | 'selected' | 'onSelect' | 'onSet'>): void {
	map.addSource(SOURCE, { type: 'geojson', data: collection([], null) });
	map.addLayer({
		id: SOURCE,
		type: 'circle',
		source: SOURCE,
		layout: { 'circle-sort-key': ['case', ['get', 'selected'], 2, ['==', ['get', 'state'], 'wrong'], 1, 0] },
		paint: {
			'circle-radius': ['case', ['get', 'selected'], 9, 5],
			'circle-color': ['match', ['get', 'state'], 'wrong', colour('--bad'), 'unsure', colour('--warn'), colour('--accent')],
			'circle-stroke-color': colour('--surface'),
			'circle-stroke-width': ['case', ['get', 'selected'], 3, 1.5],
		},
	});
	map.on('click', ({ point, lngLat }) => {
		const { onSelect, onSet } = latest();
		const box: [[number, number], [number, number]] = [
			[point.x - 6, point.y - 6],
			[point.x + 6, point.y + 6],
		];
		const hit: unknown = onSelect && map.queryRenderedFeatures(box, { layers: [SOURCE] })[0]?.properties['id'];
		if (typeof hit === 'number' && hit !== latest().selected) onSelect?.(hit);
		else onSet?.(lngLat.lng, lngLat.lat);
	});
	map.getCanvas().style.cursor = latest().onSet ? 'crosshair' : '';
	listenToArrows(map, latest);
}

/** The arrow keys move the place that is chosen, or the map when there is nothing to move. */
function listenToArrows(map: MapLibreMap, latest: () => Pick<Props, 'places' | 'selected' | 'onSet'>): void {
	const directions: Readonly<Record<string, readonly [number, number]>> = {
		ArrowLeft: [-1, 0],
		ArrowRight: [1, 0],
		ArrowUp: [0, -1],
		ArrowDown: [0, 1],
	};
	map.getCanvasContainer().addEventListener(
		'keydown',
		(event) => {
			const { places, selected, onSet } = latest();
			const direction = directions[event.key];
			const place = places.find(({ id }) => id === selected);
			if (direction === undefined || place === undefined || onSet === undefined) return;
			event.preventDefault();
			event.stopPropagation();
			const step = event.shiftKey ? LONG_STEP : STEP;
			const at = map.project([place.lon, place.lat]);
			const { lng, lat } = map.unproject([at.x + direction[0] * step, at.y + direction[1] * step]);
			onSet(lng, lat);
		},
		{ capture: true },
	);
}
