/** Planned routes: a quiet line for each van, the chosen one drawn out with its numbered stops. */
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
	/** The same as long as line and progress are: nothing is sent to the map then. */
	key: string;
	/** The way to each stop; `done` when it has been driven. */
	ways: readonly { done: boolean; line: readonly LonLat[] }[];
	stops: readonly MapStop[];
}

export interface MapRoutes {
	routes: readonly MapRoute[];
	/** Ways of a plan that is about to be replaced. */
	old: readonly { van: string; line: readonly LonLat[] }[];
}

const sources = ['routes', 'stops', 'routes-old'] as const;
const collection = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({ type: 'FeatureCollection', features });
const lines = (found: readonly (readonly LonLat[])[]): GeoJSON.MultiLineString => ({
	type: 'MultiLineString',
	coordinates: found.map((line) => line.map((at) => [...at])),
});

/** One feature for what is driven, one for what is ahead. */
function partsOf({ van, colour, ways }: MapRoute, number: number): GeoJSON.Feature[] {
	return [false, true].map((done, at) => ({
		type: 'Feature',
		id: number * 2 + at,
		properties: { van, colour, done },
		geometry: lines(ways.filter((way) => way.done === done).map(({ line }) => line)),
	}));
}

export class RouteLayers {
	private readonly map: MapLibreMap;
	private readonly numbers = new Map<string, number>();
	private shown = new Map<string, MapRoute>();
	private selected: string | null = null;
	private stopsOf = '';

	constructor(map: MapLibreMap, palette: Palette, font: string[], bold: string[]) {
		this.map = map;
		for (const id of sources) map.addSource(id, { type: 'geojson', data: collection([]) });
		// Under the names of places: a line may not strike them out.
		addLines(map, palette, map.getStyle().layers.find(({ type }) => type === 'symbol')?.id);
		addStops(map, palette, font, bold);
	}

	show({ routes, old }: MapRoutes, selected: string | null): void {
		const next = new Map(routes.map((route) => [route.van, route]));
		const add: GeoJSON.Feature[] = [];
		const remove: number[] = [];
		for (const [van, route] of next) {
			if (this.shown.get(van)?.key !== route.key) add.push(...partsOf(route, this.numberOf(van)));
		}
		for (const van of this.shown.keys()) {
			if (next.has(van)) continue;
			const number = this.numberOf(van);
			remove.push(number * 2, number * 2 + 1);
		}
		// A feature that is added under a number that is there takes its place.
		if (add.length + remove.length > 0) void this.map.getSource<GeoJSONSource>('routes')?.updateData({ add, remove });
		this.shown = next;
		this.set(
			'routes-old',
			old.map(({ van, line }) => ({ type: 'Feature', properties: { van }, geometry: lines([line]) })),
		);
		this.select(selected);
	}

	private select(van: string | null): void {
		if (van !== this.selected) {
			this.selected = van;
			const own: ExpressionSpecification = ['==', ['get', 'van'], van ?? ''];
			this.map.setFilter('route-quiet', ['!', own]);
			this.map.setFilter('route-casing', own);
			this.map.setFilter('route-done', ['all', own, ['get', 'done']]);
			this.map.setFilter('route-ahead', ['all', own, ['!', ['get', 'done']]]);
		}
		const route = van === null ? undefined : this.shown.get(van);
		const key = route === undefined ? '' : `${route.van} ${route.key}`;
		if (key === this.stopsOf) return;
		this.stopsOf = key;
		this.set(
			'stops',
			(route?.stops ?? []).map(({ location, number, time, state }) => ({
				type: 'Feature',
				properties: { colour: route!.colour, number: String(number), time, state },
				geometry: { type: 'Point', coordinates: [...location] },
			})),
		);
	}

	private set(source: (typeof sources)[number], found: GeoJSON.Feature[]): void {
		void this.map.getSource<GeoJSONSource>(source)?.setData(collection(found));
	}

	private numberOf(van: string): number {
		let number = this.numbers.get(van);
		if (number === undefined) this.numbers.set(van, (number = this.numbers.size + 1));
		return number;
	}
}

/** Until a van is chosen. */
const nothing: ExpressionSpecification = ['==', ['get', 'van'], ''];

function addLines(map: MapLibreMap, palette: Palette, below: string | undefined): void {
	const add = (layer: LayerSpecification) => map.addLayer(layer, below);
	const layout = { 'line-cap': 'round', 'line-join': 'round' } as const;
	add({
		id: 'route-old',
		type: 'line',
		source: 'routes-old',
		layout: { 'line-join': 'round' },
		paint: { 'line-color': palette.vanOld, 'line-width': 3, 'line-dasharray': [1.5, 1.5] },
	});
	add({
		id: 'route-quiet',
		type: 'line',
		source: 'routes',
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
		filter: nothing,
		layout,
		paint: { 'line-color': palette.paper, 'line-width': ['interpolate', ['linear'], ['zoom'], 7, 6.5, 12, 11] },
	});
	add({
		id: 'route-done',
		type: 'line',
		source: 'routes',
		filter: nothing,
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
		filter: nothing,
		layout,
		paint: { 'line-color': ['get', 'colour'], 'line-width': ['interpolate', ['linear'], ['zoom'], 7, 3.4, 12, 6] },
	});
}

function addStops(map: MapLibreMap, palette: Palette, font: string[], bold: string[]): void {
	const order: ExpressionSpecification = ['match', ['get', 'state'], 'next', 2, 'later', 1, 0];
	map.addLayer({
		id: 'stop-mark',
		type: 'circle',
		source: 'stops',
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
		filter: ['!=', ['get', 'state'], 'done'],
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
