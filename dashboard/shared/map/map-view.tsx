import { useEffect, useRef, useState } from 'react';
import type { Region } from '../api/rest.ts';
import { useTexts } from '../i18n/index.ts';
import { FleetMap } from './fleet-map.ts';
import type { MapRoutes } from './route-layers.ts';
import type { MapVan, TrackPart } from './van-layers.ts';

interface Props {
	/** `undefined` while it is being fetched, `null` when it could not be had. */
	region: Region | null | undefined;
	scheme: 'light' | 'dark';
	vans: readonly MapVan[];
	selected: string | null;
	track: readonly TrackPart[];
	routes: MapRoutes;
	follow: boolean;
	/** Changes each time all vans are to be shown. */
	fitAll: number;
	/** Changes each time the selected van is to be brought to the middle. */
	show: number;
	/** Changes each time the selected van's route is to be shown whole. */
	showRoute: number;
	onSelect: (van: string | null) => void;
	onTouched: () => void;
}

export default function MapView(props: Props) {
	const { t, language } = useTexts();
	const container = useRef<HTMLDivElement>(null);
	const [fleetMap, setFleetMap] = useState<FleetMap | null>(null);
	const [failed, setFailed] = useState(false);
	const { region, scheme, vans, selected, track, routes, follow } = props;
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
				onSelect: (van) => callbacks.current.onSelect(van),
				onTouched: () => callbacks.current.onTouched(),
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

	useEffect(() => fleetMap?.setVans(vans, selected), [fleetMap, vans, selected]);
	useEffect(() => fleetMap?.setRoutes(routes, selected), [fleetMap, routes, selected]);
	useEffect(() => fleetMap?.setTrack(track), [fleetMap, track]);

	const fitted = useRef(-1);
	const any = vans.length > 0;
	useEffect(() => {
		if (fleetMap === null || !any || fitted.current === props.fitAll) return;
		fitted.current = props.fitAll;
		fleetMap.fit(callbacks.current.vans);
	}, [fleetMap, any, props.fitAll]);

	const chosen = vans.find((van) => van.id === selected);
	const lon = chosen?.lon;
	const lat = chosen?.lat;
	useEffect(() => {
		if (follow && lon !== undefined && lat !== undefined) fleetMap?.center(lon, lat, false);
	}, [fleetMap, follow, lon, lat]);
	useEffect(() => {
		const van = callbacks.current.vans.find((v) => v.id === callbacks.current.selected);
		if (props.show > 0 && van !== undefined) fleetMap?.center(van.lon, van.lat, true);
	}, [fleetMap, props.show]);
	useEffect(() => {
		const { routes: known, selected: van } = callbacks.current;
		const ways = known.routes.find((route) => route.van === van)?.ways ?? [];
		if (props.showRoute > 0) fleetMap?.fit(ways.flatMap(({ line }) => line.map(([east, north]) => ({ lon: east, lat: north }))));
	}, [fleetMap, props.showRoute]);

	return (
		<div className="map" role="region" aria-label={t('map.label')}>
			<div ref={container} className="map-canvas" data-ready={fleetMap !== null} />
			{fleetMap === null && <p className="map-message">{t(failed ? 'map.failed' : 'map.loading')}</p>}
			{region === null && <p className="map-message map-message-small">{t('map.noRegion')}</p>}
		</div>
	);
}
