/** The map of the coverage page. */
import { useEffect, useRef, useState } from 'react';
import type { Region } from '../../../shared/api/rest.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { FleetMap } from '../../../shared/map/fleet-map.ts';
import { palettes } from '../../../shared/map/palette.ts';
import type { MapVan } from '../../../shared/map/van-layers.ts';
import { AreaLayers, type Picture } from './area-layers.ts';

export interface ClosedStretch {
	coordinates: readonly (readonly [number, number])[];
	label: string;
}

interface Props {
	region: Region | null | undefined;
	scheme: 'light' | 'dark';
	picture: Picture;
	closed: readonly ClosedStretch[];
	vans: readonly MapVan[];
	chosen: string | null;
	onChoose: (id: string | null) => void;
}

const NEAR_PX = 6;
/** Closer than this a chosen settlement is not brought. */
const CLOSE_UP = 10.5;

export default function AreaMap({ region, scheme, picture, closed, vans, chosen, onChoose }: Props) {
	const { t, language } = useTexts();
	const container = useRef<HTMLDivElement>(null);
	const [drawn, setDrawn] = useState<{ fleetMap: FleetMap; layers: AreaLayers } | null>(null);
	const [failed, setFailed] = useState(false);
	const choose = useRef(onChoose);
	choose.current = onChoose;
	const newest = useRef(picture);
	newest.current = picture;

	useEffect(() => {
		const element = container.current;
		if (element === null || region === undefined) return;
		const abort = new AbortController();
		setFailed(false);
		const words = {
			title: t('coverage.map.label'),
			zoomIn: t('map.zoomIn'),
			zoomOut: t('map.zoomOut'),
			north: t('map.north'),
			attribution: t('map.attribution'),
		};
		const nothing = () => undefined;
		FleetMap.create(
			{ container: element, scheme, language, region, words, onSelect: nothing, onTouched: nothing },
			abort.signal,
		).then(
			(fleetMap) => {
				const layers = new AreaLayers(fleetMap.map, palettes[scheme], ['JunkaiMap Bold']);
				fleetMap.map.on('click', ({ point: { x, y } }) => {
					const box: [[number, number], [number, number]] = [
						[x - NEAR_PX, y - NEAR_PX],
						[x + NEAR_PX, y + NEAR_PX],
					];
					const id: unknown = fleetMap.map.queryRenderedFeatures(box, { layers: ['reach-dots'] })[0]?.properties['id'];
					choose.current(typeof id === 'string' ? id : null);
				});
				setDrawn({ fleetMap, layers });
			},
			() => {
				if (!abort.signal.aborted) setFailed(true);
			},
		);
		return () => {
			setDrawn(null);
			abort.abort();
		};
	}, [region, scheme, language, t]);

	useEffect(() => drawn?.layers.show(picture), [drawn, picture]);
	useEffect(() => drawn?.fleetMap.setVans(vans, null), [drawn, vans]);
	useEffect(() => {
		const lines = closed.map(({ coordinates, label }) => ({ closure: null, coordinates, label, selected: false }));
		drawn?.fleetMap.setClosures({ closed: lines, closing: [], areas: [] });
	}, [drawn, closed]);
	useEffect(() => {
		const dot = picture.dots.find(({ id }) => id === chosen) ?? null;
		drawn?.layers.choose(dot, picture.scale);
	}, [drawn, picture, chosen]);
	useEffect(() => {
		// Only when another one is chosen: a map that the person has moved stays.
		const dot = newest.current.dots.find(({ id }) => id === chosen);
		if (dot)
			drawn?.fleetMap.map.easeTo({
				center: [...dot.location],
				zoom: Math.max(drawn.fleetMap.map.getZoom(), CLOSE_UP),
				duration: 0,
			});
	}, [drawn, chosen]);

	return (
		<div className="reach-map" role="region" aria-label={t('coverage.map.label')}>
			<div ref={container} className="reach-canvas" data-ready={drawn !== null} />
			{drawn === null && <p className="reach-message">{t(failed ? 'map.failed' : 'map.loading')}</p>}
			{region === null && <p className="reach-message reach-message-small">{t('map.noRegion')}</p>}
		</div>
	);
}
