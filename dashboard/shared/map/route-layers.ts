/** Planned routes: a quiet line for each van, the chosen one drawn out with its numbered stops, and visits that found no place. */
import type { ExpressionSpecification, GeoJSONSource, LayerSpecification, Map as MapLibreMap } from 'maplibre-gl';
import type { Palette } from './palette.ts';

type LonLat = readonly [number, number];

export interface MapStop {
	location: LonLat;
	/** As it stands in the list of stops. */
	number: number;
	time: string;
	state: 'done' | 'next' | 'later';
}

export interface MapRoute {
	van: string;
	colour: string;
	/** The way to each stop; `done` when it has been driven. */
	ways: readonly { done: boolean; line: readonly LonLat[] }[];
	stops: readonly MapStop[];
}

export interface MapRoutes {
	routes: readonly MapRoute[];
	/** Where visits are that no van makes. */
	unassigned: readonly LonLat[];
}

const sources = ['routes', 'stops', 'unassigned'] as const;
const collection = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({ type: 'FeatureCollection', features });
const point = (at: LonLat, properties: GeoJSON.GeoJsonProperties): GeoJSON.Feature => ({
	type: 'Feature',
	properties,
	geometry: { type: 'Point', coordinates: [...at] },
});

export class RouteLayers {
	private readonly map: MapLibreMap;

	constructor(map: MapLibreMap, palette: Palette, font: string[], bold: string[]) {
		this.map = map;
		for (const id of sources) map.addSource(id, { type: 'geojson', data: collection([]) });
		// Under the names of places: a line may not strike them out.
		addLines(map, palette, map.getStyle().layers.find(({ type }) => type === 'symbol')?.id);
		addStops(map, palette, font, bold);
	}

	show({ routes, unassigned }: MapRoutes, selected: string | null): void {
		const lines = routes.flatMap(({ van, colour, ways }) =>
			ways.map(({ done, line }): GeoJSON.Feature => ({
				type: 'Feature',
				properties: { van, colour, done, selected: van === selected },
				geometry: { type: 'LineString', coordinates: line.map((at) => [...at]) },
			})),
		);
		const stops = routes.flatMap(({ van, colour, stops: own }) =>
			own.map(({ location, number, time, state }) =>
				point(location, { van, colour, number: String(number), time, state, selected: van === selected }),
			),
		);
		this.set('routes', lines);
		this.set('stops', stops);
		this.set(
			'unassigned',
			unassigned.map((at) => point(at, {})),
		);
	}

	private set(source: (typeof sources)[number], features: GeoJSON.Feature[]): void {
		void this.map.getSource<GeoJSONSource>(source)?.setData(collection(features));
	}
}

function addLines(map: MapLibreMap, palette: Palette, below: string | undefined): void {
	const add = (layer: LayerSpecification) => map.addLayer(layer, below);
	const layout = { 'line-cap': 'round', 'line-join': 'round' } as const;
	add({
		id: 'route-quiet',
		type: 'line',
		source: 'routes',
		filter: ['!', ['get', 'selected']],
		layout,
		paint: {
			'line-color': ['get', 'colour'],
			'line-width': ['interpolate', ['linear'], ['zoom'], 7, 1.4, 12, 3],
			'line-opacity': ['case', ['get', 'done'], 0.22, 0.5],
		},
	});
	add({
		id: 'route-casing',
		type: 'line',
		source: 'routes',
		filter: ['get', 'selected'],
		layout,
		paint: { 'line-color': palette.paper, 'line-width': ['interpolate', ['linear'], ['zoom'], 7, 6.5, 12, 11] },
	});
	add({
		id: 'route-done',
		type: 'line',
		source: 'routes',
		filter: ['all', ['get', 'selected'], ['get', 'done']],
		layout,
		paint: {
			'line-color': ['get', 'colour'],
			'line-width': ['interpolate', ['linear'], ['zoom'], 7, 3.4, 12, 6],
			'line-opacity': 0.4,
		},
	});
	add({
		id: 'route-ahead',
		type: 'line',
		source: 'routes',
		filter: ['all', ['get', 'selected'], ['!', ['get', 'done']]],
		layout,
		paint: { 'line-color': ['get', 'colour'], 'line-width': ['interpolate', ['linear'], ['zoom'], 7, 3.4, 12, 6] },
	});
}

function addStops(map: MapLibreMap, palette: Palette, font: string[], bold: string[]): void {
	map.addLayer({
		id: 'unassigned',
		type: 'circle',
		source: 'unassigned',
		paint: {
			'circle-radius': 5,
			'circle-color': palette.paper,
			'circle-stroke-color': palette.label,
			'circle-stroke-width': 2,
		},
	});
	map.addLayer({
		id: 'stop-quiet',
		type: 'circle',
		source: 'stops',
		minzoom: 8,
		filter: ['!', ['get', 'selected']],
		paint: {
			'circle-radius': ['interpolate', ['linear'], ['zoom'], 8, 2, 12, 4],
			'circle-color': ['get', 'colour'],
			'circle-opacity': ['case', ['==', ['get', 'state'], 'done'], 0.35, 0.8],
		},
	});
	const order: ExpressionSpecification = ['match', ['get', 'state'], 'next', 2, 'later', 1, 0];
	map.addLayer({
		id: 'stop-mark',
		type: 'circle',
		source: 'stops',
		filter: ['get', 'selected'],
		layout: { 'circle-sort-key': order },
		paint: {
			'circle-radius': ['case', ['==', ['get', 'state'], 'next'], 11, 9.5],
			'circle-color': ['case', ['==', ['get', 'state'], 'next'], ['get', 'colour'], palette.paper],
			'circle-stroke-color': ['case', ['==', ['get', 'state'], 'done'], palette.vanOld, ['get', 'colour']],
			'circle-stroke-width': 2,
		},
	});
	map.addLayer({
		id: 'stop-number',
		type: 'symbol',
		source: 'stops',
		filter: ['get', 'selected'],
		layout: {
			'text-field': ['get', 'number'],
			'text-font': bold,
			'text-size': 12.5,
			'text-overlap': 'always',
			'text-ignore-placement': true,
			'symbol-sort-key': order,
		},
		paint: {
			'text-color': ['match', ['get', 'state'], 'next', palette.paper, 'done', palette.vanOld, palette.label],
		},
	});
	map.addLayer({
		id: 'stop-time',
		type: 'symbol',
		source: 'stops',
		filter: ['all', ['get', 'selected'], ['!=', ['get', 'state'], 'done']],
		layout: {
			'text-field': ['get', 'time'],
			'text-font': font,
			'text-size': 12.5,
			'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
			'text-radial-offset': 1.1,
			'text-padding': 1,
		},
		paint: { 'text-color': palette.label, 'text-halo-color': palette.paper, 'text-halo-width': 2 },
	});
}
