/** The map itself, outside of React: made once, fed with vans and a track. */
import {
	AttributionControl,
	Map as MapLibreMap,
	NavigationControl,
	ScaleControl,
	setWorkerUrl,
	type StyleSpecification,
} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import mapFontUrl from '@fontsource/noto-sans-jp/files/noto-sans-jp-japanese-400-normal.woff2?url';
import latinFontUrl from '@fontsource/noto-sans-jp/files/noto-sans-jp-latin-400-normal.woff2?url';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { Region } from '../api/rest.ts';
import type { Language } from '../i18n/format.ts';
import { baseStyle } from './base-style.ts';
import { ClosureLayers, type Drawing, type MapClosures } from './closure-layers.ts';
import { mapConfig } from './map-config.ts';
import { palettes } from './palette.ts';
import { addRegion } from './region-layers.ts';
import { RouteLayers, type MapRoutes } from './route-layers.ts';
import { VanLayers, type MapVan, type TrackPart } from './van-layers.ts';
import { VisitLayers, type MapMark, type MapVisit } from './visit-layers.ts';

setWorkerUrl(workerUrl);

/** How long the sources of the map stand open at the most. */
const CREDITS_SHOWN_MS = 4000;

let fonts: Promise<void> | undefined;

/** Text is drawn onto the map from fonts of this page: they must be there before the first label. */
function loadFonts(): Promise<void> {
	fonts ??= (async () => {
		const latin = 'U+0000-00FF, U+2013-2014, U+2026';
		const faces = [
			new FontFace('JunkaiMap', `url(${mapFontUrl})`),
			new FontFace('JunkaiMap', `url(${latinFontUrl})`, { unicodeRange: latin }),
			new FontFace('JunkaiMap Bold', `url(${mapFontUrl})`),
			new FontFace('JunkaiMap Bold', `url(${latinFontUrl})`, { unicodeRange: latin }),
		];
		for (const face of faces) document.fonts.add(await face.load());
	})();
	return fonts;
}

/** What can be chosen on the map. */
export type Picked = { kind: 'van'; id: string } | { kind: 'visit'; id: number } | { kind: 'closure'; id: number };

export interface FleetMapOptions {
	container: HTMLElement;
	scheme: 'light' | 'dark';
	language: Language;
	region: Region | null;
	words: { title: string; zoomIn: string; zoomOut: string; north: string; attribution: string };
	onSelect: (picked: Picked) => void;
	/** The person moved the map: following should end. */
	onTouched: () => void;
	/** While something is drawn: a corner was set; the first one was met again or the last was set twice. */
	onCorner?: (at: readonly [number, number]) => void;
	onRing?: () => void;
}

interface Layers {
	vans: VanLayers;
	routes: RouteLayers;
	visits: VisitLayers;
	closures: ClosureLayers;
}

/** As near to a sign as a finger or a mouse must be, px. */
const near = { van: 12, visit: 8, line: 6, corner: 12 };

export class FleetMap {
	readonly map: MapLibreMap;
	private readonly layers: Layers;
	private readonly options: FleetMapOptions;
	private drawing: Drawing | null = null;
	private constructor(map: MapLibreMap, layers: Layers, options: FleetMapOptions) {
		this.map = map;
		this.layers = layers;
		this.options = options;
	}

	/** Resolves once everything is in place. Rejects when there is no WebGL or the base style cannot be had. */
	static async create(options: FleetMapOptions, signal: AbortSignal): Promise<FleetMap> {
		const [config] = await Promise.all([mapConfig(), loadFonts()]);
		signal.throwIfAborted();
		const palette = palettes[options.scheme];
		const ownBase = config.styleUrl === null;
		const style: StyleSpecification | string = config.styleUrl ?? baseStyle(palette);
		const font = ownBase ? ['JunkaiMap'] : (config.textFont ?? ['Noto Sans Regular']);
		const { words, region } = options;
		const map = new MapLibreMap({
			container: options.container,
			style,
			...view(region),
			attributionControl: false,
			localIdeographFontFamily: 'JunkaiMap',
			dragRotate: false,
			pitchWithRotate: false,
			fadeDuration: 0,
			maxZoom: 17,
			minZoom: 5,
			locale: {
				'Map.Title': words.title,
				'NavigationControl.ZoomIn': words.zoomIn,
				'NavigationControl.ZoomOut': words.zoomOut,
				'NavigationControl.ResetBearing': words.north,
				'AttributionControl.ToggleAttribution': words.attribution,
			},
		});
		map.touchZoomRotate.disableRotation();
		map.addControl(new NavigationControl({ showCompass: false }), 'bottom-right');
		map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 110 }), 'bottom-right');
		map.addControl(new AttributionControl({ compact: true }), 'bottom-right');
		signal.addEventListener('abort', () => map.remove(), { once: true });
		await loaded(map);
		signal.throwIfAborted();
		// It opens by itself at first, over the map; the sources are one touch away. With many moving vans a map is never idle.
		const fold = () => {
			const credits = options.container.querySelector('.maplibregl-ctrl-attrib');
			credits?.classList.remove('maplibregl-compact-show');
			credits?.removeAttribute('open');
		};
		void map.once('idle', fold);
		const folding = setTimeout(fold, CREDITS_SHOWN_MS);
		signal.addEventListener('abort', () => clearTimeout(folding), { once: true });
		if (region !== null) addRegion(map, { region, palette, language: options.language, font, ownBase });
		const bold = ownBase ? ['JunkaiMap Bold'] : font;
		const closures = new ClosureLayers(map, palette, font);
		// The numbered stops of the chosen van lie over the dots of all visits.
		const visits = new VisitLayers(map, palette, bold);
		const routes = new RouteLayers(map, palette, font, bold);
		const vans = new VanLayers(map, palette, font, bold);
		const made = new FleetMap(map, { vans, routes, visits, closures }, options);
		made.listen();
		return made;
	}

	private listen(): void {
		const { map, options } = this;
		map.on('click', ({ point, lngLat }) => {
			if (this.drawing === null) return this.pick(point.x, point.y);
			const first = this.drawing.corners[0];
			if (first !== undefined && this.drawing.corners.length > 2) {
				const at = map.project([first[0], first[1]]);
				if (Math.hypot(at.x - point.x, at.y - point.y) <= near.corner) return options.onRing?.();
			}
			options.onCorner?.([lngLat.lng, lngLat.lat]);
		});
		map.on('dblclick', (event) => {
			if (this.drawing === null) return;
			event.preventDefault();
			options.onRing?.();
		});
		map.on('mousemove', ({ point, lngLat }) => {
			if (this.drawing !== null) return this.layers.closures.draw(this.drawing, [lngLat.lng, lngLat.lat]);
			const over = this.hit(point.x, point.y, near.visit, 'van-icon', 'visit-dot');
			map.getCanvas().style.cursor = over === undefined ? '' : 'pointer';
		});
		map.on('mouseout', () => this.drawing !== null && this.layers.closures.draw(this.drawing, null));
		map.on('dragstart', options.onTouched);
	}

	private hit(x: number, y: number, around: number, ...layers: string[]) {
		return this.map.queryRenderedFeatures(
			[
				[x - around, y - around],
				[x + around, y + around],
			],
			{ layers },
		)[0];
	}

	/** The van, visit, closed area or route at a place, in this order. */
	private pick(x: number, y: number): void {
		const van = this.hit(x, y, near.van, 'van-icon', 'van-label')?.properties['van'] as unknown;
		if (typeof van === 'string') return this.options.onSelect({ kind: 'van', id: van });
		const visit = this.hit(x, y, near.visit, 'visit-dot');
		if (typeof visit?.id === 'number') return this.options.onSelect({ kind: 'visit', id: visit.id });
		const closure = this.hit(x, y, near.line, 'closed-hatch', 'closure-area')?.properties['closure'] as unknown;
		if (typeof closure === 'number') return this.options.onSelect({ kind: 'closure', id: closure });
		const route = this.hit(x, y, near.line, 'route-quiet')?.properties['van'] as unknown;
		if (typeof route === 'string') this.options.onSelect({ kind: 'van', id: route });
	}

	setVans(vans: readonly MapVan[], selected: string | null): void {
		this.layers.vans.vans(vans, selected);
	}
	setRoutes(routes: MapRoutes, selected: string | null): void {
		this.layers.routes.show(routes, selected);
	}
	setTrack(parts: readonly TrackPart[]): void {
		this.layers.vans.track(parts);
	}
	setVisits(visits: readonly MapVisit[]): void {
		this.layers.visits.show(visits);
	}
	selectVisit(visit: number | null): void {
		this.layers.visits.select(visit);
	}
	setMarks(marks: readonly MapMark[] | null): void {
		this.layers.visits.mark(marks);
	}
	setClosures(closures: MapClosures): void {
		this.layers.closures.show(closures);
	}
	/** While this is not null, clicks set corners and select nothing. */
	setDrawing(drawing: Drawing | null): void {
		if ((drawing === null) !== (this.drawing === null)) {
			this.map.getCanvas().style.cursor = drawing === null ? '' : 'crosshair';
			if (drawing === null) this.map.doubleClickZoom.enable();
			else this.map.doubleClickZoom.disable();
		}
		this.drawing = drawing;
		this.layers.closures.draw(drawing, null);
	}

	/** Shows all these points, not closer than a town. */
	fit(points: readonly { lon: number; lat: number }[]): void {
		if (points.length === 0) return;
		const lons = points.map((p) => p.lon);
		const lats = points.map((p) => p.lat);
		this.map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], {
			padding: { top: 70, bottom: 70, left: 90, right: 130 },
			maxZoom: 11.5,
			duration: still() ? 0 : 600,
		});
	}
	/** Brings a point to the middle. */
	center(lon: number, lat: number, closer: boolean): void {
		const zoom = closer ? Math.max(this.map.getZoom(), 11) : this.map.getZoom();
		this.map.easeTo({ center: [lon, lat], zoom, duration: still() ? 0 : 500 });
	}
}

const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

function view(region: Region | null) {
	if (region === null) return { center: [135.6, 33.9] as [number, number], zoom: 8 };
	return { bounds: region.bounds, fitBoundsOptions: { padding: 30 } };
}

function loaded(map: MapLibreMap): Promise<void> {
	return new Promise((resolve, reject) => {
		map.once('style.load', () => resolve());
		map.once('error', ({ error }) => reject(error));
	});
}
