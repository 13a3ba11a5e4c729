/** The command as users call it. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const PROGRAM = fileURLToPath(new URL('./main.ts', import.meta.url));
let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'junkai-map-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function junkai(...args: string[]): Promise<{ code: number; out: string; err: string }> {
	// Settings of whoever runs the tests are none of the tests' business.
	const env = { ...process.env, JUNKAI_DATA_DIR: folder, OSRM_URL: '', JUNKAI_REGION: '' };
	return new Promise((done) => {
		execFile(process.execPath, [PROGRAM, 'map', ...args], { env, maxBuffer: 1e8 }, (error, out, err) =>
			done({ code: error ? Number(error.code) : 0, out, err }),
		);
	});
}

const report = z.object({
	facts: z.record(z.string(), z.number()),
	closedEdges: z.number(),
	unmatchedRules: z.array(z.string()),
	offRoad: z.array(z.object({ id: z.string(), distance: z.null() })),
	cutOff: z.array(z.object({ id: z.string(), kind: z.string(), name: z.string() })),
});

test('without a map it says how to make one', async () => {
	const { code, err } = await junkai('check');
	expect(code).toBe(1);
	expect(err).toMatch(/^junkai: there is no map in .*map; run `junkai map build`/);
});

test('build, check dry and in the rain, export, import, closures', { timeout: 60_000 }, async () => {
	const built = await junkai('build');
	expect(built.code).toBe(0);
	expect(existsSync(join(built.out.trim(), 'tiles'))).toBe(true);
	expect(built.err).toMatch(/making the map of Wakayama: 1163 roads[\s\S]*tiles made in/);
	expect((await junkai('build')).err).toBe('the map of Wakayama is up to date\n');

	const dry = await junkai('check');
	expect(dry.code).toBe(0);
	expect(dry.out).toMatch(/30 municipalities, 625 settlements[\s\S]*off the road: none\ncut off from every base: none/);

	const wet = await junkai('check', '--rain', '180', '--json');
	expect(wet.code).toBe(1);
	const found = report.parse(JSON.parse(wet.out));
	expect(found.facts).toMatchObject({ municipalities: 30, settlements: 625, facilities: 69, rainRules: 84, roads: 1163 });
	expect(found.offRoad).toEqual([]);
	expect(found.closedEdges).toBe(200);
	expect(found.cutOff.map(({ name }) => name)).toContain('本宮町本宮');
	expect(found.cutOff.length).toBeGreaterThan(200);
	expect(found.unmatchedRules).toHaveLength(21);

	const truck = await junkai('check', '--vehicle', 'truck');
	expect(truck.code).toBe(1);
	expect(truck.out).toMatch(/valhalla, truck\n[\s\S]*cut off from every base: \d{3}\n {2}S30/);

	const extract = join(folder, 'w.osm.pbf');
	expect((await junkai('export', extract)).out).toMatch(/\d+ nodes, 1163 ways/);
	const elsewhere = join(folder, 'elsewhere');
	const imported = await junkai('import', extract, '--out', elsewhere);
	expect(imported.code).toBe(0);
	expect(imported.out.trim().startsWith(elsewhere)).toBe(true);

	const speeds = join(folder, 'speeds.csv');
	expect((await junkai('closures', '--rain', '180', '--osrm-speeds', speeds)).out).toMatch(/rules close 200 road edges/);
	const rows = readFileSync(speeds, 'utf8').trim().split('\n');
	expect(rows.length).toBeGreaterThan(400);
	for (const row of rows) expect(row).toMatch(/^\d+,\d+,0$/);
});

test.each([
	[['import', 'nowhere.osm.pbf'], /nowhere\.osm\.pbf cannot be read/],
	[['import', PROGRAM], /is no OpenStreetMap PBF file/],
	[['build', '--region', 'atlantis'], /roads\.geojson: cannot be read in .*atlantis/],
	[['check', '--rain', 'much'], /a number from 0 to 5000/],
	[['closures'], /--rain/],
])('%j: the message says what is wrong', async (args, text) => {
	const { code, err } = await junkai(...args);
	expect(code).toBe(1);
	expect(err).toMatch(text);
	expect(err).not.toMatch(/ at .*\.ts:\d+/);
});
