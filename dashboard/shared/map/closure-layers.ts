/** Closed roads: hatched in red with their names; what would close at a rainfall hatched in amber; areas that were drawn. */
import type { ExpressionSpecification, GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import type { Palette } from './palette.ts';

type LonLat = readonly [number, number];

export interface ClosedLine {
	/** Number of a closure that holds here; null for what is only being considered. */
	closure: number | null;
	coordinates: readonly LonLat[];
	label: string;
	/** The closure of the region's list that is selected holds here. */
	selected: boolean;
}

export interface MapClosures {
	/** In force. */
	closed: readonly ClosedLine[];
	/** That would be closed by what is being considered. */
	closing: readonly ClosedLine[];
	areas: readonly { id: number; ring: readonly LonLat[]; selected: boolean }[];
}

/** A polygon in the making. */
export interface Drawing {
	corners: readonly LonLat[];
	/** It has its last corner. */
	closed: boolean;
}

const sources = ['closed', 'closing', 'closure-areas', 'drawing'] as const;
type Source = (typeof sources)[number];
const width: ExpressionSpecification = ['interpolate', ['exponential', 1.4], ['zoom'], 7, 4, 10, 7, 14, 16];
const collection = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({ type: 'FeatureCollection', features });
const line = ({ closure, coordinates, label, selected }: ClosedLine): GeoJSON.Feature => ({
	type: 'Feature',
	properties: { label, selected, ...(closure !== null && { closure }) },
	geometry: { type: 'LineString', coordinates: coordinates.map((at) => [...at]) },
});
const ringOf = (ring: readonly LonLat[]): number[][] => [...ring, ...ring.slice(0, 1)].map((at) => [...at]);

export class ClosureLayers {
	private readonly map: MapLibreMap;

	constructor(map: MapLibreMap, palette: Palette, font: string[]) {
		this.map = map;
		for (const id of sources) map.addSource(id, { type: 'geojson', data: collection([]) });
		const below = map.getStyle().layers.find(({ type }) => type === 'symbol')?.id;
		addHatch(map, 'hatch-closed', palette.vanOff, palette.paper);
		addHatch(map, 'hatch-closing', palette.warn, palette.paper);
		addAreas(map, palette, below);
		addLines(map, palette, below);
		addNames(map, palette, font);
		addDrawing(map, palette);
	}

	show({ closed, closing, areas }: MapClosures): void {
		this.set('closed', closed.map(line));
		this.set('closing', closing.map(line));
		this.set(
			'closure-areas',
			areas.map(({ id, ring, selected }) => ({
				type: 'Feature',
				properties: { closure: id, selected },
				geometry: { type: 'Polygon', coordinates: [ringOf(ring)] },
			})),
		);
	}

	/** @param pointer where the pointer is, for the line that would come */
	draw(drawing: Drawing | null, pointer: LonLat | null): void {
		const { corners = [], closed = false } = drawing ?? {};
		const open = pointer === null || closed ? corners : [...corners, pointer];
		const features: GeoJSON.Feature[] = corners.map((at, index) => ({
			type: 'Feature',
			properties: { first: index === 0 && !closed && corners.length > 2 },
			geometry: { type: 'Point', coordinates: [...at] },
		}));
		if (open.length > 1) {
			const coordinates = closed || open.length > 2 ? ringOf(open) : open.map((at) => [...at]);
			features.push({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } });
		}
		if (open.length > 2)
			features.push({ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ringOf(open)] } });
		this.set('drawing', features);
	}

	private set(source: Source, features: GeoJSON.Feature[]): void {
		void this.map.getSource<GeoJSONSource>(source)?.setData(collection(features));
	}
}

function addAreas(map: MapLibreMap, palette: Palette, below: string | undefined): void {
	map.addLayer(
		{
			id: 'closure-area',
			type: 'fill',
			source: 'closure-areas',
			paint: { 'fill-pattern': 'hatch-closed', 'fill-opacity': ['case', ['get', 'selected'], 0.32, 0.16] },
		},
		below,
	);
	map.addLayer(
		{
			id: 'closure-area-edge',
			type: 'line',
			source: 'closure-areas',
			paint: {
				'line-color': palette.vanOff,
				'line-width': ['case', ['get', 'selected'], 2.4, 1.2],
				'line-dasharray': [3, 2],
			},
		},
		below,
	);
}

function addLines(map: MapLibreMap, palette: Palette, below: string | undefined): void {
	for (const [source, colour] of [
		['closing', palette.warn],
		['closed', palette.vanOff],
	] as const) {
		map.addLayer(
			{
				id: `${source}-edge`,
				type: 'line',
				source,
				layout: { 'line-join': 'round' },
				paint: {
					'line-color': colour,
					'line-width': 1.4,
					'line-gap-width': width,
					'line-opacity': 0.9,
				},
			},
			below,
		);
		map.addLayer(
			{
				id: `${source}-hatch`,
				type: 'line',
				source,
				layout: { 'line-join': 'round' },
				paint: { 'line-pattern': `hatch-${source}`, 'line-width': width },
			},
			below,
		);
	}
	map.addLayer(
		{
			id: 'closed-selected',
			type: 'line',
			source: 'closed',
			filter: ['get', 'selected'],
			layout: { 'line-join': 'round', 'line-cap': 'round' },
			paint: {
				'line-color': palette.vanOff,
				'line-width': 2,
				'line-gap-width': ['interpolate', ['linear'], ['zoom'], 7, 9, 14, 24],
			},
		},
		below,
	);
}

function addNames(map: MapLibreMap, palette: Palette, font: string[]): void {
	for (const [source, colour] of [
		['closing', palette.warn],
		['closed', palette.vanOff],
	] as const) {
		map.addLayer({
			id: `${source}-name`,
			type: 'symbol',
			source,
			minzoom: 8,
			layout: {
				'text-field': ['get', 'label'],
				'text-font': font,
				'text-size': 12,
				'symbol-placement': 'line',
				'symbol-spacing': 260,
				'text-rotation-alignment': 'viewport',
				'text-offset': [0, 1.3],
				'text-padding': 8,
			},
			paint: { 'text-color': colour, 'text-halo-color': palette.paper, 'text-halo-width': 2 },
		});
	}
}

function addDrawing(map: MapLibreMap, palette: Palette): void {
	map.addLayer({
		id: 'drawing-area',
		type: 'fill',
		source: 'drawing',
		filter: ['==', ['geometry-type'], 'Polygon'],
		paint: { 'fill-color': palette.vanOff, 'fill-opacity': 0.14 },
	});
	map.addLayer({
		id: 'drawing-line',
		type: 'line',
		source: 'drawing',
		filter: ['==', ['geometry-type'], 'LineString'],
		paint: { 'line-color': palette.vanOff, 'line-width': 2, 'line-dasharray': [2, 1.2] },
	});
	map.addLayer({
		id: 'drawing-corner',
		type: 'circle',
		source: 'drawing',
		filter: ['==', ['geometry-type'], 'Point'],
		paint: {
			'circle-radius': ['case', ['get', 'first'], 7, 5],
			'circle-color': palette.paper,
			'circle-stroke-color': palette.vanOff,
			'circle-stroke-width': 2.5,
		},
	});
}

/** Diagonal stripes that join at their edges. */
function addHatch(map: MapLibreMap, id: string, colour: string, paper: string): void {
	const size = 16;
	const c = new OffscreenCanvas(size, size).getContext('2d');
	if (c === null || map.hasImage(id)) return;
	c.fillStyle = paper;
	c.fillRect(0, 0, size, size);
	c.strokeStyle = colour;
	c.lineWidth = 5;
	for (const shift of [-size, 0, size]) {
		c.beginPath();
		c.moveTo(shift - 4, size + 4);
		c.lineTo(shift + size + 4, -4);
		c.stroke();
	}
	map.addImage(id, c.getImageData(0, 0, size, size), { pixelRatio: 2 });
}
