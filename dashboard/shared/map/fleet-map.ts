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
import { mapConfig } from './map-config.ts';
import { palettes } from './palette.ts';
import { addRegion } from './region-layers.ts';
import { RouteLayers, type MapRoutes } from './route-layers.ts';
import { VanLayers, type MapVan, type TrackPart } from './van-layers.ts';

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

export interface FleetMapOptions {
	container: HTMLElement;
	scheme: 'light' | 'dark';
	language: Language;
	region: Region | null;
	words: { title: string; zoomIn: string; zoomOut: string; north: string; attribution: string };
	onSelect: (van: string | null) => void;
	/** The person moved the map: following should end. */
	onTouched: () => void;
}

export class FleetMap {
	readonly map: MapLibreMap;
	private readonly layers: VanLayers;
	private readonly routes: RouteLayers;
	private constructor(map: MapLibreMap, layers: VanLayers, routes: RouteLayers) {
		this.map = map;
		this.layers = layers;
		this.routes = routes;
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
		const routes = new RouteLayers(map, palette, font, bold);
		const layers = new VanLayers(map, palette, font, bold);
		map.on('click', (event) => {
			const { x, y } = event.point;
			const hit = (near: number, ...wanted: string[]) =>
				map.queryRenderedFeatures(
					[
						[x - near, y - near],
						[x + near, y + near],
					],
					{ layers: wanted },
				)[0];
			const van: unknown = (hit(12, 'van-icon', 'van-label') ?? hit(5, 'stop-quiet', 'route-quiet'))?.properties['van'];
			if (typeof van === 'string') options.onSelect(van);
		});
		map.on('mousemove', 'van-icon', () => (map.getCanvas().style.cursor = 'pointer'));
		map.on('mouseleave', 'van-icon', () => (map.getCanvas().style.cursor = ''));
		map.on('dragstart', options.onTouched);
		return new FleetMap(map, layers, routes);
	}

	setVans(vans: readonly MapVan[], selected: string | null): void {
		this.layers.vans(vans, selected);
	}
	setRoutes(routes: MapRoutes, selected: string | null): void {
		this.routes.show(routes, selected);
	}
	setTrack(parts: readonly TrackPart[]): void {
		this.layers.track(parts);
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
