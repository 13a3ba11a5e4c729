/** Vans and the track of the chosen one. A van is where its newest fix was: nothing is reckoned ahead. */
import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import type { Palette } from './palette.ts';
import { pointDiff, type DiffPoint } from './point-diff.ts';

export type VanLook = 'moving' | 'still' | 'old' | 'offline' | 'off';

export interface MapVan {
	id: string;
	lon: number;
	lat: number;
	/** Degrees from true north, when it drives and knows. */
	heading: number | null;
	look: VanLook;
	/** 0 to 1. */
	opacity: number;
	name: string;
	/** Second line of the label: speed and age. */
	detail: string;
	/** Lower is more important when labels have no room. */
	order: number;
}

export interface TrackPart {
	late: boolean;
	points: [number, number][];
}

type Properties = Omit<MapVan, 'id' | 'lon' | 'lat'> & { van: string; selected: boolean };

/** Moves and turns smaller than this no eye sees, px and degrees; with 500 vans they are nearly all there is from one fix to the next. */
const leastMove = 0.4;
const leastTurn = 5;

/** Degrees of longitude that a pixel shows; of latitude it shows less. */
const degreesPerPixel = (zoom: number): number => 360 / (512 * 2 ** zoom);

/** The same sign at the same place, as far as can be seen. */
function looksAlike(a: DiffPoint<Properties>, b: DiffPoint<Properties>, visible: number): boolean {
	if (Math.abs(a.lon - b.lon) >= visible || Math.abs(a.lat - b.lat) >= visible * 0.8) return false;
	return (Object.keys(b.properties) as (keyof Properties)[]).every((key) => {
		const [before, after] = [a.properties[key], b.properties[key]];
		if (key !== 'heading' || typeof before !== 'number' || typeof after !== 'number') return before === after;
		const turn = Math.abs(before - after) % 360;
		return Math.min(turn, 360 - turn) < leastTurn;
	});
}

/** Up to this many vans every label is drawn, come what may. */
const fewVans = 8;

export class VanLayers {
	private readonly map: MapLibreMap;
	private readonly numbers = new Map<string, number>();
	private shown: ReadonlyMap<number, DiffPoint<Properties>> = new Map();
	private crowded = false;
	private newest: { vans: readonly MapVan[]; selected: string | null } = { vans: [], selected: null };

	constructor(map: MapLibreMap, palette: Palette, font: string[], bold: string[]) {
		this.map = map;
		map.addSource('track', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
		map.addSource('vans', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
		addTrackLayers(map, palette);
		addVanLayers(map, palette, font, bold);
		// What was too little to be seen may be seen now.
		map.on('zoomend', () => this.vans(this.newest.vans, this.newest.selected));
	}

	track(parts: readonly TrackPart[]): void {
		const features = parts.map(({ late, points }): GeoJSON.Feature => ({
			type: 'Feature',
			properties: { late },
			geometry: { type: 'LineString', coordinates: points },
		}));
		void this.map.getSource<GeoJSONSource>('track')?.setData({ type: 'FeatureCollection', features });
	}

	/** Brings the map to this list of vans; only what changed is sent to the worker. */
	vans(vans: readonly MapVan[], selected: string | null): void {
		this.newest = { vans, selected };
		const visible = degreesPerPixel(this.map.getZoom()) * leastMove;
		const next = new Map<number, DiffPoint<Properties>>();
		for (const { id, lon, lat, ...rest } of vans) {
			const number = this.numberOf(id);
			const point = { number, lon, lat, properties: { ...rest, van: id, selected: id === selected } };
			const before = this.shown.get(number);
			next.set(number, before !== undefined && looksAlike(before, point, visible) ? before : point);
		}
		const diff = pointDiff(this.shown, next);
		this.shown = next;
		if (diff === null) return;
		void this.map.getSource<GeoJSONSource>('vans')?.updateData(diff);
		this.thin(vans.length > fewVans);
	}

	private thin(crowded: boolean): void {
		if (crowded === this.crowded) return;
		this.crowded = crowded;
		this.map.setLayoutProperty('van-label', 'text-overlap', crowded ? 'never' : 'always');
	}

	private numberOf(id: string): number {
		let number = this.numbers.get(id);
		if (number === undefined) this.numbers.set(id, (number = this.numbers.size + 1));
		return number;
	}
}

function addTrackLayers(map: MapLibreMap, palette: Palette): void {
	const layout = { 'line-cap': 'round', 'line-join': 'round' } as const;
	map.addLayer({
		id: 'track-casing',
		type: 'line',
		source: 'track',
		layout,
		paint: { 'line-color': palette.paper, 'line-width': 6.5, 'line-opacity': 0.75 },
	});
	map.addLayer({
		id: 'track-live',
		type: 'line',
		source: 'track',
		filter: ['!', ['get', 'late']],
		layout,
		paint: { 'line-color': palette.van, 'line-width': 3.2 },
	});
	map.addLayer({
		id: 'track-late',
		type: 'line',
		source: 'track',
		filter: ['get', 'late'],
		layout: { 'line-join': 'round' },
		paint: { 'line-color': palette.late, 'line-width': 3.2, 'line-dasharray': [1.6, 1.1] },
	});
}

function addVanLayers(map: MapLibreMap, palette: Palette, font: string[], bold: string[]): void {
	for (const look of ['moving', 'still', 'old', 'offline', 'off'] as const) {
		const image = drawVan(look, palette);
		if (image !== null && !map.hasImage(`van-${look}`)) map.addImage(`van-${look}`, image, { pixelRatio: 2 });
	}
	map.addLayer({
		id: 'van-halo',
		type: 'circle',
		source: 'vans',
		filter: ['get', 'selected'],
		paint: {
			'circle-radius': 21,
			'circle-color': palette.van,
			'circle-opacity': 0.16,
			'circle-stroke-color': palette.van,
			'circle-stroke-width': 2,
		},
	});
	map.addLayer({
		id: 'van-icon',
		type: 'symbol',
		source: 'vans',
		layout: {
			'icon-image': ['concat', 'van-', ['get', 'look']],
			'icon-rotate': ['coalesce', ['get', 'heading'], 0],
			'icon-rotation-alignment': 'map',
			'icon-overlap': 'always',
			'symbol-z-order': 'source',
			'symbol-sort-key': ['-', 0, ['get', 'order']],
		},
		paint: { 'icon-opacity': ['get', 'opacity'] },
	});
	map.addLayer({
		id: 'van-label',
		type: 'symbol',
		source: 'vans',
		layout: {
			'text-field': [
				'format',
				['get', 'name'],
				{ 'text-font': ['literal', bold] },
				'\n',
				{},
				['get', 'detail'],
				{ 'font-scale': 0.84 },
			],
			'text-font': font,
			'text-size': 14,
			'text-line-height': 1.25,
			'text-justify': 'auto',
			'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
			'text-radial-offset': ['case', ['get', 'selected'], 1.8, 1.35],
			'text-overlap': 'always',
			'text-max-width': 24,
			'text-padding': 1,
			'symbol-sort-key': ['get', 'order'],
		},
		paint: {
			'text-color': ['match', ['get', 'look'], 'offline', palette.vanOff, palette.label],
			'text-halo-color': palette.paper,
			'text-halo-width': 2.2,
			'text-opacity': ['max', 0.8, ['get', 'opacity']],
		},
	});
}

/** Driving: a disc with a nose. Standing: a disc. Old: a grey disc with a hollow heart. No signal: a hollow broken ring with a cross. Off: the ring alone, grey. */
function drawVan(look: VanLook, palette: Palette): ImageData | null {
	const size = 88;
	const c = new OffscreenCanvas(size, size).getContext('2d');
	if (c === null) return null;
	c.translate(size / 2, size / 2);
	const gone = look === 'offline' || look === 'off';
	const color =
		look === 'offline'
			? palette.vanOff
			: look === 'old' || look === 'off'
				? palette.vanOld
				: look === 'still'
					? palette.vanStill
					: palette.van;
	c.lineJoin = 'round';
	c.lineCap = 'round';
	const body = new Path2D();
	if (look === 'moving') {
		body.moveTo(0, -38);
		body.lineTo(15, -14);
		body.arc(0, 0, 20, -0.75, Math.PI + 0.75);
		body.closePath();
	} else body.arc(0, 0, 19, 0, 2 * Math.PI);
	c.strokeStyle = palette.paper;
	c.lineWidth = 9;
	c.stroke(body);
	c.fillStyle = gone ? palette.paper : color;
	c.fill(body);
	if (gone) {
		c.strokeStyle = color;
		c.lineWidth = 4.5;
		c.setLineDash([11, 8]);
		c.stroke(body);
		c.setLineDash([]);
	}
	if (look === 'offline') {
		c.lineWidth = 6;
		c.beginPath();
		c.moveTo(-8, -8);
		c.lineTo(8, 8);
		c.moveTo(8, -8);
		c.lineTo(-8, 8);
		c.stroke();
	} else if (!gone) {
		c.fillStyle = palette.paper;
		c.beginPath();
		c.arc(0, 0, look === 'old' ? 11 : 6, 0, 2 * Math.PI);
		c.fill();
	}
	return c.getImageData(0, 0, size, size);
}
