/** Visits: a dot each, solid by its state, hollow when no van comes. A change of state is painted without making the layer anew. */
import type { ExpressionSpecification, GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import type { Palette } from './palette.ts';
import { pointDiff, type DiffPoint } from './point-diff.ts';

/** `unassigned`: today's plan holds no van for it. */
export type MapVisitState = 'unassigned' | 'planned' | 'under-way' | 'done' | 'not-done';

export interface MapVisit {
	id: number;
	lon: number;
	lat: number;
	state: MapVisitState;
	/** It will begin late. */
	late: boolean;
	/** Of its van's route; null without one. */
	colour: string | null;
}

/** A visit that a changed plan treats otherwise, with what becomes of it. */
export interface MapMark {
	visit: number;
	lon: number;
	lat: number;
	text: string;
}

type Properties = { colour: string };
type State = { state: MapVisitState; late: boolean };

const source = 'visits';
const state = (key: string): ExpressionSpecification => ['feature-state', key];
const is = (wanted: MapVisitState): ExpressionSpecification => ['==', state('state'), wanted];

export class VisitLayers {
	private readonly map: MapLibreMap;
	private readonly palette: Palette;
	private points: ReadonlyMap<number, DiffPoint<Properties>> = new Map();
	private states = new Map<number, State>();
	private selected: number | null = null;

	constructor(map: MapLibreMap, palette: Palette, bold: string[]) {
		this.map = map;
		this.palette = palette;
		const empty: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
		map.addSource(source, { type: 'geojson', data: empty });
		map.addSource('marks', { type: 'geojson', data: empty });
		addVisitLayers(map, palette);
		addMarkLayers(map, palette, bold);
	}

	show(visits: readonly MapVisit[]): void {
		const moved = visits.length !== this.points.size || visits.some((visit) => this.known(visit) === null);
		if (moved) this.place(visits);
		for (const visit of visits) this.paint(visit);
	}

	/** The point that is on the map, as long as nothing but its state is another one. */
	private known({ id, lon, lat, colour }: MapVisit): DiffPoint<Properties> | null {
		const point = this.points.get(id);
		const same = point?.lon === lon && point.lat === lat && point.properties.colour === (colour ?? this.palette.label);
		return same ? point : null;
	}

	private place(visits: readonly MapVisit[]): void {
		const points = new Map<number, DiffPoint<Properties>>();
		for (const visit of visits) {
			const { id, lon, lat, colour } = visit;
			const fresh = { number: id, lon, lat, properties: { colour: colour ?? this.palette.label } };
			points.set(id, this.known(visit) ?? fresh);
		}
		const diff = pointDiff(this.points, points);
		this.points = points;
		if (diff === null) return;
		void this.map.getSource<GeoJSONSource>(source)?.updateData(diff);
		for (const number of diff.remove ?? []) {
			this.map.removeFeatureState({ source, id: number });
			this.states.delete(Number(number));
		}
	}

	private paint({ id, state: now, late }: MapVisit): void {
		const before = this.states.get(id);
		if (before?.state === now && before.late === late) return;
		this.states.set(id, { state: now, late });
		this.map.setFeatureState({ source, id }, { state: now, late });
	}

	select(visit: number | null): void {
		if (visit === this.selected) return;
		if (this.selected !== null) this.map.setFeatureState({ source, id: this.selected }, { selected: false });
		if (visit !== null) this.map.setFeatureState({ source, id: visit }, { selected: true });
		this.selected = visit;
	}

	/** Only these are painted, with their words; all others pale. Null: no difference is shown. */
	mark(marks: readonly MapMark[] | null): void {
		const features = (marks ?? []).map(({ visit, lon, lat, text }): GeoJSON.Feature => ({
			type: 'Feature',
			properties: { visit, text },
			geometry: { type: 'Point', coordinates: [lon, lat] },
		}));
		void this.map.getSource<GeoJSONSource>('marks')?.setData({ type: 'FeatureCollection', features });
		this.map.setPaintProperty('visit-dot', 'circle-opacity', marks === null ? opacity : 0.18);
		this.map.setPaintProperty('visit-dot', 'circle-stroke-opacity', marks === null ? 1 : 0.18);
	}
}

const opacity: ExpressionSpecification = ['case', is('done'), 0.45, 0.95];

function addVisitLayers(map: MapLibreMap, palette: Palette): void {
	const hollow: ExpressionSpecification = ['any', is('unassigned'), is('not-done')];
	map.addLayer({
		id: 'visit-halo',
		type: 'circle',
		source,
		paint: {
			'circle-radius': 13,
			'circle-color': palette.van,
			'circle-opacity': ['case', ['boolean', state('selected'), false], 0.22, 0],
			'circle-stroke-color': palette.van,
			'circle-stroke-width': ['case', ['boolean', state('selected'), false], 2, 0],
		},
	});
	map.addLayer({
		id: 'visit-dot',
		type: 'circle',
		source,
		paint: {
			'circle-radius': [
				'interpolate',
				['linear'],
				['zoom'],
				7,
				['case', hollow, 3, ['boolean', state('late'), false], 3.4, is('under-way'), 3.4, 2],
				12,
				['case', hollow, 6, is('under-way'), 6.5, 5],
			],
			'circle-color': ['case', hollow, palette.paper, is('done'), palette.vanOld, ['get', 'colour']],
			'circle-opacity': opacity,
			'circle-stroke-color': [
				'case',
				is('not-done'),
				palette.vanOff,
				is('unassigned'),
				palette.label,
				['boolean', state('late'), false],
				palette.warn,
				palette.paper,
			],
			'circle-stroke-width': [
				'interpolate',
				['linear'],
				['zoom'],
				7,
				['case', hollow, 1.6, ['boolean', state('late'), false], 2, 0.5],
				12,
				['case', hollow, 2.2, ['boolean', state('late'), false], 3, 1.5],
			],
		},
	});
}

function addMarkLayers(map: MapLibreMap, palette: Palette, bold: string[]): void {
	map.addLayer({
		id: 'mark-dot',
		type: 'circle',
		source: 'marks',
		paint: {
			'circle-radius': 7,
			'circle-color': palette.change,
			'circle-stroke-color': palette.paper,
			'circle-stroke-width': 2,
		},
	});
	map.addLayer({
		id: 'mark-text',
		type: 'symbol',
		source: 'marks',
		layout: {
			'text-field': ['get', 'text'],
			'text-font': bold,
			'text-size': 12.5,
			'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
			'text-radial-offset': 0.9,
			'text-justify': 'auto',
			'text-max-width': 22,
			'text-padding': 1,
		},
		paint: { 'text-color': palette.label, 'text-halo-color': palette.paper, 'text-halo-width': 2.2 },
	});
}
