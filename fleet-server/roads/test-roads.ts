/** What the road tests share: a map in a folder of its own, places, and random numbers from a seed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRegion, type Region } from '@junkai/regions';
import { RoadsError, type RoadsFault } from './roads-error.ts';
import { buildRegion, mapFolder } from './tiles.ts';
import type { Place } from './port.ts';

export const region = loadRegion();

/** A data folder with the region's map. */
export async function dataFolder(of: Region = region): Promise<{ dataDir: string; remove: () => void }> {
	const dataDir = mkdtempSync(join(tmpdir(), 'junkai-roads-'));
	await buildRegion(of, 'test', mapFolder(dataDir), () => {});
	return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}

/** A named node of the road network. */
export function junction(name: string): Place {
	const [lat, lon] = region.junctions[name]!;
	return [lon, lat];
}

/** Settlements, spread over the region. */
export function settlements(count: number): Place[] {
	const step = region.settlements.length / count;
	return Array.from({ length: count }, (_, i) => region.settlements[Math.floor(i * step)]!).map((s) => [s.lon, s.lat]);
}

/** 0 to below 1, the same for the same seed. */
export function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** The fault and message with which something was refused. */
export async function refusal(
	work: Promise<unknown>,
): Promise<{ fault: RoadsFault; message: string; places: RoadsError['places'] }> {
	try {
		await work;
	} catch (error) {
		if (error instanceof RoadsError) return { fault: error.fault, message: error.message, places: error.places };
		throw error;
	}
	throw new Error('it was not refused');
}
