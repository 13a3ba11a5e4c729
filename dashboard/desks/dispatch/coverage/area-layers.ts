/** What coverage draws over the region: areas, settlements by size and tone, planned stops, and the one that is chosen. */
import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import type { Palette } from '../../../shared/map/palette.ts';

type LonLat = readonly [number, number];
export type Tone = 'bad' | 'warn' | 'good' | 'quiet';

export interface Dot {
	id: string;
	location: LonLat;
	tone: Tone;
	/** People, or visits: the area of the circle. */
	size: number;
	/** Share of it that is filled, 0 to 1; all of it when absent. */
	filled?: number;
	/** Drawn with a ring: no signal carries a consult there. */
	ring?: boolean;
	name: string;
}

export interface Picture {
	dots: readonly Dot[];
	/** Circle of one, px² for each unit of size. */
	scale: number;
	areas: readonly unknown[];
	stops: readonly LonLat[];
}

export const noPicture: Picture = { dots: [], scale: 1, areas: [], stops: [] };

const sources = ['reach-areas', 'reach-dots', 'reach-stops', 'reach-chosen'] as const;
const collection = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({ type: 'FeatureCollection', features });
const point = (at: LonLat, properties: GeoJSON.GeoJsonProperties): GeoJSON.Feature => ({
	type: 'Feature',
	properties,
	geometry: { type: 'Point', coordinates: [...at] },
});
const LEAST_RADIUS = 3.5;
const MOST_RADIUS = 26;
const radiusOf = (size: number, scale: number): number =>
	Math.min(MOST_RADIUS, Math.max(LEAST_RADIUS, Math.sqrt((size * scale) / Math.PI)));

export class AreaLayers {
	private readonly map: MapLibreMap;

	constructor(map: MapLibreMap, palette: Palette, bold: string[]) {
		this.map = map;
		for (const id of sources) map.addSource(id, { type: 'geojson', data: collection([]) });
		const below = map.getStyle().layers.find(({ type }) => type === 'symbol')?.id;
		const tone = ['match', ['get', 'tone'], 'bad', palette.vanOff, 'warn', palette.warn, 'good', palette.van, palette.vanOld];
		map.addLayer(
			{
				id: 'reach-areas',
				type: 'fill',
				source: 'reach-areas',
				// Areas overlap: outlines would cross each other, and a strong tint would look like more.
				paint: { 'fill-color': palette.van, 'fill-opacity': 0.2 },
			},
			below,
		);
		map.addLayer(
			{
				id: 'reach-dots',
				type: 'circle',
				source: 'reach-dots',
				layout: { 'circle-sort-key': ['-', 0, ['get', 'radius']] },
				paint: {
					'circle-radius': ['get', 'radius'],
					'circle-color': tone as never,
					'circle-opacity': ['get', 'opacity'],
					'circle-stroke-color': ['case', ['get', 'ring'], palette.late, tone] as never,
					'circle-stroke-width': ['case', ['get', 'ring'], 2.5, ['==', ['get', 'tone'], 'quiet'], 0.5, 1.5],
				},
			},
			below,
		);
		map.addLayer(
			{
				id: 'reach-filled',
				type: 'circle',
				source: 'reach-dots',
				filter: ['has', 'inner'],
				paint: { 'circle-radius': ['get', 'inner'], 'circle-color': tone as never, 'circle-opacity': 0.75 },
			},
			below,
		);
		map.addLayer({
			id: 'reach-stops',
			type: 'circle',
			source: 'reach-stops',
			paint: {
				'circle-radius': 4,
				'circle-color': palette.paper,
				'circle-stroke-color': palette.label,
				'circle-stroke-width': 2,
			},
		});
		map.addLayer({
			id: 'reach-chosen',
			type: 'circle',
			source: 'reach-chosen',
			paint: {
				'circle-radius': ['+', ['get', 'radius'], 5],
				'circle-color': 'transparent',
				'circle-stroke-color': palette.label,
				'circle-stroke-width': 2.5,
			},
		});
		map.addLayer({
			id: 'reach-chosen-name',
			type: 'symbol',
			source: 'reach-chosen',
			layout: {
				'text-field': ['get', 'name'],
				'text-font': bold,
				'text-size': 14,
				'text-variable-anchor': ['bottom', 'top', 'left', 'right'],
				'text-radial-offset': 1.6,
				'text-overlap': 'always',
			},
			paint: { 'text-color': palette.label, 'text-halo-color': palette.paper, 'text-halo-width': 2.4 },
		});
	}

	show({ dots, scale, areas, stops }: Picture): void {
		this.set(
			'reach-areas',
			areas.map((geometry): GeoJSON.Feature => ({ type: 'Feature', properties: {}, geometry: geometry as GeoJSON.Geometry })),
		);
		this.set(
			'reach-dots',
			dots.map(({ id, location, tone, size, filled, ring = false }) => {
				const radius = radiusOf(size, scale);
				const opacity = filled !== undefined ? 0.16 : tone === 'quiet' ? 0.35 : 0.62;
				return point(location, {
					id,
					tone,
					radius,
					opacity,
					ring,
					...(filled !== undefined && { inner: radius * Math.sqrt(filled) }),
				});
			}),
		);
		this.set(
			'reach-stops',
			stops.map((at) => point(at, {})),
		);
	}

	choose(dot: Dot | null, scale: number): void {
		this.set('reach-chosen', dot === null ? [] : [point(dot.location, { radius: radiusOf(dot.size, scale), name: dot.name })]);
	}

	private set(source: (typeof sources)[number], features: GeoJSON.Feature[]): void {
		void this.map.getSource<GeoJSONSource>(source)?.setData(collection(features));
	}
}
