/**
 * Makes the embedded engine's tiles. A map is a folder with one folder for each version, named by its content, and a file
 * `current` that names the one in use. A version is made beside the others and moved into place when it is whole: whatever
 * fails leaves the map as it was.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import type { Region } from '@junkai/regions';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { roadNetwork } from './network.ts';
import { writeOsmPbf } from './pbf.ts';
import { RoadsError } from './roads-error.ts';
import { valhallaConfig } from './valhalla-config.ts';

/** Counts up when tiles of the same roads have to be made anew. */
const FORMAT = 1;
/** Versions of a map that stay: the one in use and the one that a running server may still read. */
const VERSIONS = 2;
/** A build that has not been touched for so long was killed, ms. */
const ABANDONED_MS = 24 * 3600 * 1000;

const mapInfo = z.object({
	version: z.string(),
	/** `region`: made from a region's files, so that its edges can be closed one by one. */
	source: z.enum(['region', 'import']),
	region: z.string().nullable(),
	name: z.string(),
	/** Of the region's files; null for an import. */
	stamp: z.string().nullable(),
	builtAt: z.string(),
});
export type MapInfo = z.infer<typeof mapInfo> & { readonly directory: string };

/** Tells what is being done. */
export type Progress = (line: string) => void;

export const mapFolder = (dataDir: string): string => join(dataDir, 'map');
export const configPath = (directory: string): string => join(directory, 'valhalla.json');

/** The map in use, or null when there is none. */
export async function currentMap(mapDir: string): Promise<MapInfo | null> {
	try {
		const version = (await readFile(join(mapDir, 'current'), 'utf8')).trim();
		const directory = join(mapDir, version);
		return { ...mapInfo.parse(JSON.parse(await readFile(join(directory, 'map.json'), 'utf8'))), directory };
	} catch {
		return null;
	}
}

/** Makes the map of a region's roads unless it is there already, and puts it in use. */
export async function buildRegion(region: Region, stamp: string, mapDir: string, progress: Progress): Promise<MapInfo> {
	const { pbf, version } = regionRoads(region);
	const info = {
		version,
		source: 'region' as const,
		region: region.id,
		name: region.name.en,
		stamp,
		builtAt: new Date().toISOString(),
	};
	if (await isWhole(join(mapDir, version), version)) {
		await writeInfo(mapDir, info);
		await use(mapDir, version);
		progress(`the map of ${region.name.en} is up to date`);
		return { ...info, directory: join(mapDir, version) };
	}
	const km = Math.round(region.roads.reduce((sum, road) => sum + road.km, 0));
	progress(`making the map of ${region.name.en}: ${region.roads.length} roads, ${km.toLocaleString('en')} km …`);
	return await make(mapDir, info, progress, (file) => writeFile(file, pbf));
}

/** A region's roads as a file, and the version of the map that is made of it. */
export function regionRoads(region: Region): { pbf: Buffer; version: string } {
	const { nodes, ways } = roadNetwork(region);
	const pbf = writeOsmPbf(nodes, ways);
	return { pbf, version: versionOf(createHash('sha256').update(pbf).digest('hex')) };
}

/** Makes a map of any OpenStreetMap extract and puts it in use. */
export async function importMap(pbfFile: string, mapDir: string, progress: Progress): Promise<MapInfo> {
	const size = await checkPbf(pbfFile);
	progress(`reading ${pbfFile} (${(size / 1e6).toFixed(1)} MB) …`);
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(pbfFile)) hash.update(chunk as Buffer);
	const version = versionOf(hash.digest('hex'));
	const info = { version, source: 'import' as const, region: null, name: pbfFile, stamp: null, builtAt: new Date().toISOString() };
	return await make(mapDir, info, progress, (file) => symlink(pbfFile, file));
}

async function make(
	mapDir: string,
	info: z.infer<typeof mapInfo>,
	progress: Progress,
	write: (pbfFile: string) => Promise<void>,
): Promise<MapInfo> {
	const directory = join(mapDir, info.version);
	await buildInto(directory, info.source === 'region', write, progress);
	await writeInfo(mapDir, info);
	await use(mapDir, info.version);
	await prune(mapDir, info.version);
	return { ...info, directory };
}

/**
 * Tiles of one PBF file in `directory`, which appears when they are whole. `write` puts the file where it is told.
 *
 * @throws {RoadsError} `build`, with the tool's last words.
 */
export async function buildInto(
	directory: string,
	whole: boolean,
	write: (pbfFile: string) => Promise<void>,
	progress: Progress = () => {},
): Promise<void> {
	const began = performance.now();
	const parent = dirname(directory);
	const scratch = join(parent, `.making-${process.pid}-${randomBytes(4).toString('hex')}`);
	try {
		await mkdir(join(scratch, 'tiles'), { recursive: true });
		const pbfFile = join(scratch, 'roads.osm.pbf');
		await write(pbfFile);
		const config = valhallaConfig(scratch, whole);
		const building = { ...config, mjolnir: { ...(config['mjolnir'] as object), logging: { type: 'std_out', color: false } } };
		await writeFile(join(scratch, 'build.json'), JSON.stringify(building));
		await runBuilder(join(scratch, 'build.json'), pbfFile, progress);
		const tiles = (await readdir(join(scratch, 'tiles'), { recursive: true })).filter((name) => name.endsWith('.gph'));
		if (tiles.length === 0) throw new RoadsError('build', 'no tiles were made: the file holds no road that a car may use');
		// Read once; an import's is only a link.
		for (const name of ['build.json', 'roads.osm.pbf', 'duplicateways.txt']) await rm(join(scratch, name), { force: true });
		await writeFile(configPath(scratch), JSON.stringify(valhallaConfig(directory, whole)));
		await moveInto(directory, scratch);
		progress(`${tiles.length} tiles made in ${((performance.now() - began) / 1000).toFixed(1)} s`);
	} catch (error) {
		await rm(scratch, { recursive: true, force: true });
		if (error instanceof RoadsError) throw error;
		throw new RoadsError('build', `tiles could not be made: ${messageOf(error)}`, { cause: error });
	}
}

/** Puts what was made in its place. Another process may have made the same meanwhile, and may be using it: that stays. */
async function moveInto(directory: string, scratch: string): Promise<void> {
	if (existsSync(configPath(directory))) return await rm(scratch, { recursive: true });
	await rm(directory, { recursive: true, force: true });
	await rename(scratch, directory);
}

/** Steps of the tool that a user would wait for. */
const STEPS: readonly (readonly [pattern: RegExp, text: string])[] = [
	[/Parsing ways/, 'reading ways …'],
	[/Parsing nodes/, 'reading nodes …'],
	[/Building \d+ tiles/, 'building tiles …'],
	[/HierarchyBuilder/, 'sorting roads by rank …'],
	[/Validating/i, 'checking tiles …'],
];

async function runBuilder(config: string, pbfFile: string, progress: Progress): Promise<void> {
	const child = spawn(builderPath(), ['-c', config, pbfFile], { cwd: dirname(config), stdio: ['ignore', 'pipe', 'pipe'] });
	const last: string[] = [];
	const told = new Set<string>();
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			for (const line of text.split('\n').filter(Boolean)) {
				last.push(line.slice(0, 400));
				if (last.length > 5) last.shift();
				const step = STEPS.find(([pattern]) => pattern.test(line))?.[1];
				if (step !== undefined && !told.has(step)) progress(step);
				if (step !== undefined) told.add(step);
			}
		});
	}
	const how = await new Promise<string | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => resolve(code === 0 ? null : (signal ?? `code ${code}`)));
	});
	if (how !== null) throw new RoadsError('build', `valhalla_build_tiles failed (${how}): ${last.join(' | ')}`);
}

/** The tool inside the npm package. Its own wrapper tells success even when the tool aborted. */
function builderPath(): string {
	const base = dirname(createRequire(import.meta.url).resolve('@valhallajs/valhallajs'));
	const path = join(base, platform(), arch(), 'valhalla_build_tiles');
	if (existsSync(path)) return path;
	throw new RoadsError(
		'build',
		`the embedded road engine has no program for ${platform()} ${arch()}; run an OSRM server and set OSRM_URL (docs/roads.md)`,
	);
}

/** Size in bytes of what looks like a PBF file. */
async function checkPbf(file: string): Promise<number> {
	let head: Buffer;
	let size: number;
	try {
		size = (await stat(file)).size;
		head = Buffer.alloc(0);
		for await (const chunk of createReadStream(file, { end: 63 })) head = Buffer.concat([head, chunk as Buffer]);
	} catch (cause) {
		throw new RoadsError('build', `${file} cannot be read: ${messageOf(cause)}`, { cause });
	}
	if (!head.includes('OSMHeader')) {
		throw new RoadsError('build', `${file} is no OpenStreetMap PBF file; extracts end in .osm.pbf (docs/roads.md says where)`);
	}
	return size;
}

const versionOf = (hash: string): string => `v${FORMAT}-${hash.slice(0, 16)}`;

async function isWhole(directory: string, version: string): Promise<boolean> {
	try {
		return mapInfo.parse(JSON.parse(await readFile(join(directory, 'map.json'), 'utf8'))).version === version;
	} catch {
		return false;
	}
}

async function writeInfo(mapDir: string, info: z.infer<typeof mapInfo>): Promise<void> {
	await replaceFile(join(mapDir, info.version, 'map.json'), JSON.stringify(info, null, '\t'));
}

async function use(mapDir: string, version: string): Promise<void> {
	await replaceFile(join(mapDir, 'current'), `${version}\n`);
	await utimes(join(mapDir, version), new Date(), new Date());
}

/** A reader finds the file before or the one after, never half of one. */
async function replaceFile(path: string, text: string): Promise<void> {
	const next = `${path}.${process.pid}`;
	await writeFile(next, text);
	await rename(next, path);
}

/** Removes all but the newest versions, and what builds left that were killed. */
async function prune(mapDir: string, current: string): Promise<void> {
	const names = await readdir(mapDir);
	await removeOldest(
		mapDir,
		names.filter((name) => /^v\d+-[0-9a-f]{16}$/.test(name) && name !== current),
		VERSIONS - 1,
	);
	for (const name of names.filter((entry) => entry.startsWith('.making-'))) {
		const age = Date.now() - (await stat(join(mapDir, name))).mtimeMs;
		if (age > ABANDONED_MS) await rm(join(mapDir, name), { recursive: true, force: true });
	}
}

/** Leaves the `keep` folders that were used last. */
export async function removeOldest(parent: string, names: readonly string[], keep: number): Promise<void> {
	const ages = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(parent, name))).mtimeMs })));
	const old = ages.toSorted((a, b) => b.at - a.at).slice(keep);
	for (const { name } of old) await rm(join(parent, name), { recursive: true, force: true });
}
