import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Region } from '../api/rest.ts';
import { useTexts } from '../i18n/index.ts';
import type { Drawing, MapClosures } from './closure-layers.ts';
import { FleetMap, type Picked } from './fleet-map.ts';
import type { MapRoutes } from './route-layers.ts';
import type { TrackPart } from './van-layers.ts';
import type { MapMark, MapVisit } from './visit-layers.ts';

interface Props {
	/** `undefined` while it is being fetched, `null` when it could not be had. */
	region: Region | null | undefined;
	scheme: 'light' | 'dark';
	/** The van whose route is drawn out. */
	van: string | null;
	visit: number | null;
	track: readonly TrackPart[];
	routes: MapRoutes;
	visits: readonly MapVisit[];
	/** What a changed plan does otherwise; null when no difference is shown. */
	marks: readonly MapMark[] | null;
	closures: MapClosures;
	/** A polygon in the making; null: clicks select. */
	drawing: Drawing | null;
	onSelect: (picked: Picked) => void;
	onTouched: () => void;
	onCorner?: (at: readonly [number, number]) => void;
	onRing?: () => void;
	/** What moves often and is fed to the map apart from this page's drawing. */
	children?: (map: FleetMap) => ReactNode;
}

export default function MapView(props: Props) {
	const { t } = useTexts();
	const { container, fleetMap, failed } = useFleetMap(props);
	const { routes, van, visit, visits, track, marks, closures, drawing } = props;
	useEffect(() => fleetMap?.setRoutes(routes, van), [fleetMap, routes, van]);
	useEffect(() => fleetMap?.setVisits(visits), [fleetMap, visits]);
	useEffect(() => fleetMap?.selectVisit(visit), [fleetMap, visit]);
	useEffect(() => fleetMap?.setMarks(marks), [fleetMap, marks]);
	useEffect(() => fleetMap?.setTrack(track), [fleetMap, track]);
	useEffect(() => fleetMap?.setClosures(closures), [fleetMap, closures]);
	useEffect(() => fleetMap?.setDrawing(drawing), [fleetMap, drawing]);
	return (
		<div className="map" role="region" aria-label={t('map.label')}>
			<div ref={container} className="map-canvas" data-ready={fleetMap !== null} />
			{fleetMap !== null && props.children?.(fleetMap)}
			{fleetMap === null && <p className="map-message">{t(failed ? 'map.failed' : 'map.loading')}</p>}
			{props.region === null && <p className="map-message map-message-small">{t('map.noRegion')}</p>}
		</div>
	);
}

/** The map in its place, made anew when region, colours or language are others. */
function useFleetMap(props: Props) {
	const { t, language } = useTexts();
	const container = useRef<HTMLDivElement>(null);
	const [fleetMap, setFleetMap] = useState<FleetMap | null>(null);
	const [failed, setFailed] = useState(false);
	const { region, scheme } = props;
	const callbacks = useRef(props);
	callbacks.current = props;
	useEffect(() => {
		const element = container.current;
		if (element === null || region === undefined) return;
		const abort = new AbortController();
		setFailed(false);
		const words = {
			title: t('map.label'),
			zoomIn: t('map.zoomIn'),
			zoomOut: t('map.zoomOut'),
			north: t('map.north'),
			attribution: t('map.attribution'),
		};
		FleetMap.create(
			{
				container: element,
				scheme,
				language,
				region,
				words,
				onSelect: (picked) => callbacks.current.onSelect(picked),
				onTouched: () => callbacks.current.onTouched(),
				onCorner: (at) => callbacks.current.onCorner?.(at),
				onRing: () => callbacks.current.onRing?.(),
			},
			abort.signal,
		).then(setFleetMap, () => {
			if (!abort.signal.aborted) setFailed(true);
		});
		return () => {
			setFleetMap(null);
			abort.abort();
		};
	}, [region, scheme, language, t]);
	return { container, fleetMap, failed };
}
