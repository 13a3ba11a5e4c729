/** Roads, places and radio gaps of the region, over whatever base map there is. */
import type { ExpressionSpecification, GeoJSONSourceSpecification, Map as MapLibreMap } from 'maplibre-gl';
import type { Region } from '../api/rest.ts';
import type { Language } from '../i18n/format.ts';
import type { Palette } from './palette.ts';

type Data = Extract<GeoJSONSourceSpecification['data'], object>;
const geojson = (data: unknown): GeoJSONSourceSpecification => ({ type: 'geojson', data: data as Data });

const byZoom = (...stops: number[]): ExpressionSpecification =>
	['interpolate', ['exponential', 1.4], ['zoom'], ...stops] as unknown as ExpressionSpecification;

const nameOf = (language: Language): ExpressionSpecification =>
	language === 'ja' ? ['get', 'name'] : ['coalesce', ['get', 'romaji'], ['get', 'name']];

export interface RegionLayerOptions {
	region: Region;
	palette: Palette;
	language: Language;
	font: string[];
	/** False over a foreign base map, which has its own roads and names. */
	ownBase: boolean;
}

export function addRegion(map: MapLibreMap, options: RegionLayerOptions): void {
	const { region } = options;
	map.addSource('radio', geojson(region.radioGaps));
	map.addSource('roads', { ...geojson(region.roads), attribution: region.credits.join(' · ') });
	map.addSource('places', geojson(region.places));
	addRadio(map, options);
	if (options.ownBase) addRoads(map, options);
	addFacilities(map, options);
	if (options.ownBase) addPlaces(map, options);
}

function addRadio(map: MapLibreMap, { palette }: RegionLayerOptions): void {
	for (const [state, color, opacity] of [
		['weak', palette.radioWeak, 0.42],
		['none', palette.radioNone, 0.38],
	] as const) {
		map.addLayer({
			id: `radio-${state}`,
			type: 'line',
			source: 'radio',
			filter: ['==', ['get', 'state'], state],
			layout: { 'line-cap': 'butt', 'line-join': 'round' },
			paint: { 'line-color': color, 'line-width': byZoom(7, 6, 10, 14, 14, 40), 'line-opacity': opacity, 'line-blur': 1.5 },
		});
	}
}

const roadClasses: {
	id: string;
	classes: string[];
	color: keyof Palette;
	width: ExpressionSpecification;
	casing?: boolean;
	from?: number;
}[] = [
	{ id: 'access', classes: ['access'], color: 'access', width: byZoom(9, 0.6, 14, 2.5), from: 9 },
	{ id: 'tertiary', classes: ['tertiary'], color: 'road', width: byZoom(7, 0.6, 10, 1.2, 14, 4) },
	{ id: 'secondary', classes: ['secondary'], color: 'road', width: byZoom(7, 0.8, 10, 1.6, 14, 5) },
	{ id: 'primary', classes: ['primary', 'primary_link', 'motorway_link'], color: 'roadMajor', width: byZoom(7, 1, 10, 1.8, 14, 6) },
	{ id: 'trunk', classes: ['trunk'], color: 'roadMajor', width: byZoom(7, 1.3, 10, 2.4, 14, 8), casing: true },
	{ id: 'motorway', classes: ['motorway'], color: 'motorway', width: byZoom(7, 1.8, 10, 3.2, 14, 9), casing: true },
];

function addRoads(map: MapLibreMap, { palette, font }: RegionLayerOptions): void {
	for (const { id, classes, color, width, casing, from } of roadClasses) {
		const filter: ExpressionSpecification = ['in', ['get', 'class'], ['literal', classes]];
		const layout = { 'line-cap': 'round', 'line-join': 'round' } as const;
		if (casing === true) {
			map.addLayer({
				id: `road-${id}-casing`,
				type: 'line',
				source: 'roads',
				filter,
				layout,
				paint: { 'line-color': palette.casing, 'line-width': width, 'line-gap-width': 1 },
			});
		}
		map.addLayer({
			id: `road-${id}`,
			type: 'line',
			source: 'roads',
			filter,
			layout,
			...(from !== undefined && { minzoom: from }),
			paint: { 'line-color': palette[color], 'line-width': width },
		});
	}
	map.addLayer({
		id: 'road-refs',
		type: 'symbol',
		source: 'roads',
		minzoom: 8.5,
		filter: ['in', ['get', 'class'], ['literal', ['motorway', 'trunk', 'primary', 'secondary']]],
		layout: {
			'text-field': ['get', 'ref'],
			'text-font': font,
			'text-size': 11,
			'symbol-placement': 'line',
			'symbol-spacing': 320,
			'text-rotation-alignment': 'viewport',
			'text-padding': 12,
		},
		paint: { 'text-color': palette.labelQuiet, 'text-halo-color': palette.halo, 'text-halo-width': 2 },
	});
}

/** Hospitals and clinics: a cross in a square, a cross in a circle. */
function addFacilities(map: MapLibreMap, { palette, font, language }: RegionLayerOptions): void {
	addCross(map, 'hospital', palette.hospital, palette.paper, true);
	addCross(map, 'clinic', palette.clinic, palette.paper, false);
	for (const [kind, from, named] of [
		['clinic', 9.3, 11],
		['hospital', 8, 9.8],
	] as const) {
		map.addLayer({
			id: `place-${kind}`,
			type: 'symbol',
			source: 'places',
			minzoom: from,
			filter: ['==', ['get', 'kind'], kind],
			layout: {
				'icon-image': kind,
				'icon-allow-overlap': true,
				'icon-size': byZoom(8, 0.6, 12, 1),
				'text-field': ['step', ['zoom'], '', named, nameOf(language)],
				'text-font': font,
				'text-size': 11.5,
				'text-optional': true,
				'text-variable-anchor': ['left', 'right', 'top'],
				'text-radial-offset': 0.9,
				'text-max-width': 9,
			},
			paint: {
				'text-color': kind === 'hospital' ? palette.hospital : palette.clinic,
				'text-halo-color': palette.halo,
				'text-halo-width': 1.6,
			},
		});
	}
}

function addPlaces(map: MapLibreMap, { palette, font, language }: RegionLayerOptions): void {
	map.addLayer({
		id: 'place-settlement',
		type: 'symbol',
		source: 'places',
		minzoom: 9.6,
		filter: ['==', ['get', 'kind'], 'settlement'],
		layout: {
			'text-field': nameOf(language),
			'text-font': font,
			'text-size': byZoom(9.6, 10.5, 14, 13.5),
			'text-padding': 6,
			'text-max-width': 8,
			'symbol-sort-key': ['-', 0, ['coalesce', ['get', 'pop'], 0]],
		},
		paint: { 'text-color': palette.labelQuiet, 'text-halo-color': palette.halo, 'text-halo-width': 1.6 },
	});
	map.addLayer({
		id: 'place-municipality',
		type: 'symbol',
		source: 'places',
		maxzoom: 12.5,
		filter: ['==', ['get', 'kind'], 'municipality'],
		layout: {
			'text-field': nameOf(language),
			'text-font': font,
			'text-size': byZoom(7, 12, 11, 17),
			'text-letter-spacing': language === 'ja' ? 0.12 : 0.04,
			'text-padding': 4,
		},
		paint: { 'text-color': palette.label, 'text-halo-color': palette.halo, 'text-halo-width': 1.8 },
	});
}

function addCross(map: MapLibreMap, id: string, color: string, paper: string, square: boolean): void {
	const size = 36;
	const canvas = new OffscreenCanvas(size, size);
	const c = canvas.getContext('2d');
	if (c === null) return;
	c.fillStyle = paper;
	c.strokeStyle = color;
	c.lineWidth = 3;
	c.beginPath();
	if (square) c.roundRect(4, 4, 28, 28, 6);
	else c.arc(18, 18, 13, 0, 2 * Math.PI);
	c.fill();
	c.stroke();
	c.fillStyle = color;
	c.fillRect(15, 10, 6, 16);
	c.fillRect(10, 15, 16, 6);
	if (!map.hasImage(id)) map.addImage(id, c.getImageData(0, 0, size, size), { pixelRatio: 2 });
}
