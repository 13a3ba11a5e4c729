/** A recorded log, played as if the receiver were there, becomes the van's track: fix by fix what `junkai decode` says of the file. */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { NmeaEmulator } from '@junkai/firmware-bridge/mock';
import { JUNKAI, junkai, tempFolder, until } from '../support/processes.ts';
import { TestVan, VAN } from '../support/van.ts';

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
	for (const undo of cleanup.splice(0).toReversed()) await undo();
});

interface Fix {
	type: string;
	time: string | null;
	lat?: number;
	lon?: number;
}

/** Time and place of each fix that has both. */
const decode = (file: string): string[] =>
	execFileSync(process.execPath, [JUNKAI, 'decode', 'nmea', file], { encoding: 'utf8', maxBuffer: 1 << 28 })
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line) as Fix)
		.filter((fix) => fix.type === 'position' && fix.time !== null && fix.lat !== undefined)
		.map((fix) => `${Date.parse(fix.time ?? '')} ${fix.lat} ${fix.lon}`);

async function follow(file: string, pace: number): Promise<void> {
	const expected = decode(file);
	expect(expected.length).toBeGreaterThan(10);
	const van = await TestVan.start({ ports: [{ name: 'gnss', device: 'nmea', emulated: false, silentAfter: 600, replayed: true }] });
	cleanup.push(() => van.dispose());
	const player = junkai(['replay', file, '--as', 'nmea', '--port', join(van.folder, 'gnss'), '--pace', String(pace)]);
	cleanup.push(() => player.kill());
	await until('the log is played to its end', () => !player.running, 120_000);
	const stored = await until('every fix in the store', async () => {
		const all = await van.dispatcher.positions(VAN, 0, Date.now() + 60_000);
		return all.filter((fix) => fix.lat !== undefined).length >= expected.length ? all : undefined;
	});
	expect(stored.filter((fix) => fix.lat !== undefined).map((fix) => `${fix.deviceTime} ${fix.lat} ${fix.lon}`)).toEqual(expected);
	const seen = (await van.vehicle()).position;
	expect(`${seen?.deviceTime} ${seen?.lat} ${seen?.lon}`).toBe(expected.at(-1));
}

test('a log of our own making', async () => {
	const folder = tempFolder('log');
	cleanup.push(folder.dispose);
	const start = Date.UTC(2026, 10, 22, 1, 30);
	const at = (t: number) => ({
		utc: start + t,
		mode: 3 as const,
		lat: 33.9 + t * 1e-7,
		lon: 135.5 + t * 2e-7,
		alt: 300,
		speed: 12,
		track: 60,
		satellites: 9,
		hdop: 0.9,
	});
	const receiver = new NmeaEmulator({ source: { at }, rate: 1 });
	const chunks: Uint8Array[] = [];
	for (let t = 0; t <= 60_000; t += 100) chunks.push(receiver.advance(t));
	const file = join(folder.path, 'own.log');
	writeFileSync(file, Buffer.concat(chunks));
	await follow(file, 5);
});

test("a real receiver's log (JUNKAI_GPSD_CORPUS names the folder of gpsd's recorded logs)", async (context) => {
	const corpus = process.env['JUNKAI_GPSD_CORPUS'];
	const file = join(corpus ?? '', 'ublox-zed-f9p-nmea.log');
	if (corpus === undefined || !existsSync(file)) {
		console.warn("NOT RUN: no recorded logs here. Set JUNKAI_GPSD_CORPUS to the folder of gpsd's test/daemon logs.");
		context.skip('no recorded logs here: JUNKAI_GPSD_CORPUS is not set');
	}
	await follow(file, 5);
});
