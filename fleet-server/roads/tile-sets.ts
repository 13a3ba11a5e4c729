/**
 * The embedded engine's tile sets: the map in use, and beside it a few maps without what is closed. A way that is not in the tiles
 * can neither leak into a table nor into a route; leaving it out takes well under a second (docs/decisions/0011).
 */
import { existsSync } from 'node:fs';
import { readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadRegion, type Region } from '@junkai/regions';
import type { Logger } from 'pino';
import { messageOf } from '../errors.ts';
import { EngineProcess } from './engine-process.ts';
import { roadNetwork, type ClosedParts } from './network.ts';
import { writeOsmPbf } from './pbf.ts';
import { RoadsError } from './roads-error.ts';
import { buildInto, configPath, currentMap, regionRoads, removeOldest, type MapInfo } from './tiles.ts';

export interface TileSetOptions {
	readonly mapDir: string;
	readonly deadline: number;
	readonly log: Logger;
	/** Region of a map that was made from one; the known region of its name when absent. */
	readonly region?: Region;
}

/** Processes for closed sets that run at once; each takes some 60 MB. */
const LIVE = 3;
/** Closed sets of a map that stay on disk. */
const KEPT = 16;
/** How often the map in use is looked after, ms. */
const LOOK_EVERY = 1000;

interface Opened {
	readonly map: MapInfo;
	/** The region whose edges the map is made of, when it is just as this process knows it; else its edges cannot be closed. */
	readonly region: Region | null;
	readonly base: EngineProcess;
	/** Least recently used first. */
	readonly closed: Map<string, Promise<EngineProcess>>;
}

export class TileSets {
	readonly #options: TileSetOptions;
	#opened: Promise<Opened> | null = null;
	#looked = 0;
	#retired = 0;
	readonly #leaving = new Set<Promise<void>>();
	#last: Opened | null = null;
	#swapping: Promise<void> | null = null;

	constructor(options: TileSetOptions) {
		this.#options = options;
	}

	get restarts(): number {
		return this.#retired + (this.#last?.base.restarts ?? 0);
	}

	trouble(): string | null {
		return this.#last?.base.trouble() ?? null;
	}

	/** Of the running process of the open map; null when there is none. */
	get pid(): number | null {
		return this.#last?.base.pid ?? null;
	}

	/** The map in use, opened; a map that was made since is taken into use first. */
	async current(): Promise<Opened> {
		const now = performance.now();
		if (this.#opened === null || now - this.#looked > LOOK_EVERY) {
			this.#looked = now;
			const before = this.#opened;
			// Whoever asks meanwhile is answered from the old map.
			if (before === null) this.#opened = this.#open();
			else void this.reload();
		}
		try {
			return await this.#opened!;
		} catch (error) {
			this.#opened = null;
			throw error;
		}
	}

	/** Asks the process of the open map, or of the map without what is closed; it stays until `ask` is done. */
	async use<T>(closed: ClosedParts, key: string, ask: (engine: EngineProcess) => Promise<T>): Promise<T> {
		let engine = await this.#process(closed, key);
		// It may have been replaced while it was waited for.
		while (engine.leaving) engine = await this.#process(closed, key);
		return await engine.hold(ask);
	}

	async #process(closed: ClosedParts, key: string): Promise<EngineProcess> {
		const opened = await this.current();
		if (key === '') return opened.base;
		if (opened.region === null) throw new RoadsError('closures-not-supported', 'this map has no edges that could be closed');
		const known = opened.closed.get(key);
		const engine = known ?? this.#openClosed(opened, opened.region, closed, key);
		opened.closed.delete(key);
		opened.closed.set(key, engine);
		if (!known) {
			engine.catch(() => opened.closed.delete(key));
			for (const [oldest, old] of opened.closed) {
				if (opened.closed.size <= LIVE) break;
				opened.closed.delete(oldest);
				this.#leave(old);
			}
		}
		return await engine;
	}

	/** Looks after a new map at once. */
	async reload(): Promise<void> {
		if (this.#opened === null) return;
		this.#swapping ??= this.#swap(this.#opened).finally(() => {
			this.#swapping = null;
		});
		await this.#swapping;
	}

	async close(): Promise<void> {
		await this.#swapping;
		await this.#opened?.catch(() => {});
		const opened = this.#last;
		this.#last = null;
		this.#opened = null;
		if (opened) {
			for (const engine of opened.closed.values()) await engine.then((process) => process.close()).catch(() => {});
			await opened.base.close();
		}
		await Promise.all(this.#leaving);
	}

	async #open(): Promise<Opened> {
		const map = await currentMap(this.#options.mapDir);
		if (map === null) {
			throw new RoadsError('no-tiles', `there is no map in ${this.#options.mapDir}; run \`junkai map build\`, or set OSRM_URL`);
		}
		const region = this.#regionOf(map);
		const base = new EngineProcess({ ...this.#options, configPath: configPath(map.directory) });
		try {
			await base.start();
		} catch (error) {
			await base.close();
			throw error;
		}
		this.#last = { map, region, base, closed: new Map() };
		return this.#last;
	}

	#regionOf(map: MapInfo): Region | null {
		if (map.region === null) return null;
		const { region: known, log } = this.#options;
		const region = known?.id === map.region ? known : loadRegion(map.region);
		if (regionRoads(region).version === map.version) return region;
		log.warn(
			{ map: map.version, region: region.id },
			'the map was made of other facts of the region; edges cannot be closed on it',
		);
		return null;
	}

	/** New process first, then the change; the old one ends when it has answered. */
	async #swap(before: Promise<Opened>): Promise<void> {
		try {
			const old = await before;
			const version = (await readFile(join(this.#options.mapDir, 'current'), 'utf8').catch(() => '')).trim();
			if (version === '' || version === old.map.version) return;
			const next = await this.#open();
			this.#opened = Promise.resolve(next);
			this.#options.log.info({ map: next.map.version, before: old.map.version }, 'roads drive on a new map');
			this.#leave(Promise.resolve(old.base));
			for (const engine of old.closed.values()) this.#leave(engine);
		} catch (error) {
			this.#options.log.warn({ reason: messageOf(error) }, 'a new map could not be opened; the roads stay on the old one');
		}
	}

	#leave(engine: Promise<EngineProcess>): void {
		const gone: Promise<void> = engine
			.then(async (process) => {
				await process.drain();
				this.#retired += process.restarts;
			})
			.catch(() => {})
			.finally(() => this.#leaving.delete(gone));
		this.#leaving.add(gone);
	}

	async #openClosed(opened: Opened, region: Region, closed: ClosedParts, key: string): Promise<EngineProcess> {
		const parent = join(opened.map.directory, 'closed');
		const directory = join(parent, key);
		if (!existsSync(configPath(directory))) {
			const { nodes, ways } = roadNetwork(region, closed);
			if (ways.length === 0) throw new RoadsError('no-route', 'every road is closed, or bars this vehicle');
			// Between the two steps others on this thread have their turn.
			await buildInto(directory, true, (file) => writeFile(file, writeOsmPbf(nodes, ways)));
			const live = new Set(opened.closed.keys());
			const idle = (await readdir(parent)).filter((name) => /^[0-9a-f]{16}$/.test(name) && name !== key && !live.has(name));
			await removeOldest(parent, idle, KEPT);
		} else {
			await utimes(directory, new Date(), new Date());
		}
		const engine = new EngineProcess({ ...this.#options, configPath: configPath(directory) });
		try {
			await engine.start();
		} catch (error) {
			await engine.close();
			throw error;
		}
		return engine;
	}
}
