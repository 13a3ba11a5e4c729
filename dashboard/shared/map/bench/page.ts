/**
 * A map under load, for `npm run bench map`: 500 vans that move five times a second and 5,000 visits of which some change their
 * state each time; fed to the map as the dispatcher's desk does it, or by replacing each whole collection, as fleet maps often do.
 */
import type { GeoJSONSource } from 'maplibre-gl';
import { FleetMap } from '../fleet-map.ts';
import { palettes } from '../palette.ts';
import type { MapVan } from '../van-layers.ts';
import type { MapVisit, MapVisitState } from '../visit-layers.ts';

export interface Load {
	vans: number;
	visits: number;
	/** Updates a second, and visits that change their state with each. */
	rate: number;
	changes: number;
	seconds: number;
}

export interface Run {
	updates: number;
	/** Frames that the page could draw, a second. */
	framesPerSecond: number;
	/** Longest time between two of them, ms. */
	longestGap: number;
	/** The call that hands an update to the map, mean ms. */
	callMs: number;
}

type Way = 'diffs' | 'replace';

declare global {
	interface Window {
		mapBench?: {
			/** Draws the map, in the place of the one before, and waits until all of it is there. */
			prepare: (way: Way, load: Load) => Promise<void>;
			/** Lets it move. */
			run: () => Promise<Run>;
		};
	}
}

const states: readonly MapVisitState[] = ['planned', 'under-way', 'done', 'not-done'];
/** 50 km/h. */
const METRES_A_SECOND = 14;
const METRES_A_DEGREE = 111_195;
const bounds = { west: 135.05, south: 33.45, east: 135.95, north: 34.35 };

/** The same numbers in every run. */
function numbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}

const inBounds = (next: () => number) => ({
	lon: bounds.west + next() * (bounds.east - bounds.west),
	lat: bounds.south + next() * (bounds.north - bounds.south),
});

/** What is on the map, and how it goes on. */
class World {
	vans: MapVan[];
	visits: MapVisit[];
	private readonly next = numbers(7);

	constructor({ vans, visits }: Load) {
		const { next } = this;
		this.vans = Array.from({ length: vans }, (_, at) => ({
			id: `van-${at + 1}`,
			...inBounds(next),
			heading: next() * 360,
			look: 'moving' as const,
			opacity: 1,
			name: `${at + 1}号車`,
			detail: '',
			order: at,
		}));
		this.visits = Array.from({ length: visits }, (_, at) => ({
			id: at + 1,
			...inBounds(next),
			state: states[at % 3]!,
			late: at % 11 === 0,
			colour: '#4656b8',
		}));
	}

	/** @param driven by each van since the last step, m */
	step(driven: number, changes: number): void {
		const { next } = this;
		this.vans = this.vans.map((van) => {
			const heading = ((van.heading ?? 0) + (next() - 0.5) * 6 + 360) % 360;
			const degrees = driven / METRES_A_DEGREE;
			const angle = (heading * Math.PI) / 180;
			const lat = van.lat + degrees * Math.cos(angle);
			return { ...van, heading, lat, lon: van.lon + (degrees * Math.sin(angle)) / Math.cos((lat * Math.PI) / 180) };
		});
		const changed = [...this.visits];
		for (let n = 0; n < changes; n++) {
			const at = Math.floor(next() * changed.length);
			changed[at] = { ...changed[at]!, state: states[Math.floor(next() * states.length)]! };
		}
		this.visits = changed;
	}
}

const point = (lon: number, lat: number, properties: GeoJSON.GeoJsonProperties): GeoJSON.Feature => ({
	type: 'Feature',
	properties,
	geometry: { type: 'Point', coordinates: [lon, lat] },
});

/** The reference: every update makes both collections anew and hands them over whole. The layers are the same. */
function replacing(fleet: FleetMap): (world: World) => void {
	const { map } = fleet;
	const palette = palettes.light;
	map.setLayoutProperty('van-label', 'text-overlap', 'never');
	map.addSource('visits-whole', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
	map.addLayer(
		{
			id: 'visit-whole',
			type: 'circle',
			source: 'visits-whole',
			paint: {
				'circle-radius': ['match', ['get', 'state'], 'not-done', 3, 'under-way', 3.4, 2],
				'circle-color': ['match', ['get', 'state'], 'not-done', palette.paper, 'done', palette.vanOld, ['get', 'colour']],
				'circle-opacity': ['match', ['get', 'state'], 'done', 0.45, 0.95],
				'circle-stroke-color': ['case', ['get', 'late'], palette.warn, palette.paper],
				'circle-stroke-width': ['case', ['get', 'late'], 2, 0.5],
			},
		},
		'van-halo',
	);
	const set = (source: string, features: GeoJSON.Feature[]) =>
		void map.getSource<GeoJSONSource>(source)?.setData({ type: 'FeatureCollection', features });
	return ({ vans, visits }) => {
		set(
			'vans',
			vans.map(({ id, lon, lat, ...rest }) => point(lon, lat, { ...rest, van: id, selected: false })),
		);
		set(
			'visits-whole',
			visits.map(({ lon, lat, state, late, colour }) => point(lon, lat, { state, late, colour })),
		);
	};
}

const diffing =
	(fleet: FleetMap) =>
	({ vans, visits }: World): void => {
		fleet.setVans(vans, null);
		fleet.setVisits(visits);
	};

const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));

let ready: (() => Promise<Run>) | null = null;
let before: AbortController | null = null;

async function prepare(way: Way, load: Load): Promise<void> {
	const container = document.querySelector<HTMLElement>('#map')!;
	before?.abort();
	const abort = new AbortController();
	before = abort;
	const words = { title: '', zoomIn: '+', zoomOut: '-', north: '', attribution: '' };
	const nothing = () => undefined;
	const fleet = await FleetMap.create(
		{ container, scheme: 'light', language: 'ja', region: null, words, onSelect: nothing, onTouched: nothing },
		abort.signal,
	);
	fleet.map.jumpTo({ center: [135.5, 33.9], zoom: 8.6 });
	const world = new World(load);
	const update = way === 'diffs' ? diffing(fleet) : replacing(fleet);
	update(world);
	await fleet.map.once('idle');
	ready = () => measure(world, update, load);
}

/** Vans and visits go on while frames are counted. */
async function measure(world: World, update: (world: World) => void, load: Load): Promise<Run> {
	let updates = 0;
	let calls = 0;
	const timer = setInterval(() => {
		world.step(METRES_A_SECOND / load.rate, load.changes);
		const began = performance.now();
		update(world);
		calls += performance.now() - began;
		updates++;
	}, 1000 / load.rate);
	const began = await frame();
	let [last, frames, longestGap] = [began, 0, 0];
	while (last - began < load.seconds * 1000) {
		const now = await frame();
		longestGap = Math.max(longestGap, now - last);
		last = now;
		frames++;
	}
	clearInterval(timer);
	return { updates, framesPerSecond: (frames * 1000) / (last - began), longestGap, callMs: calls / Math.max(1, updates) };
}

window.mapBench = {
	prepare,
	run() {
		if (ready === null) throw new Error('prepare first');
		return ready();
	},
};
