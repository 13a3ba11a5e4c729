import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { regionMap as regionMapSchema } from '@junkai/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
	checkRegion,
	coverageOf,
	distanceToRoad,
	lineKm,
	loadRegion,
	pointAlong,
	RegionError,
	regionMap,
	regionStamp,
} from './index.ts';

describe('wakayama', () => {
	const region = loadRegion();

	test('holds what its README says and holds together', () => {
		expect(checkRegion(region)).toEqual([]);
		expect(region.municipalities).toHaveLength(30);
		expect(region.municipalities.filter((m) => m.depopulated !== 'none')).toHaveLength(23);
		expect(region.municipalities.reduce((sum, m) => sum + m.population, 0)).toBe(922_584);
		expect(region.settlements).toHaveLength(625);
		expect(region.facilities.filter((f) => f.kind.endsWith('hospital'))).toHaveLength(20);
		expect(region.facilities).toHaveLength(69);
		expect(region.roads).toHaveLength(1163);
		expect(region.closures).toHaveLength(84);
		expect(region.closures.filter((c) => c.edges.length > 0)).toHaveLength(61);
	});

	test('every base lies at the road', () => {
		for (const base of region.facilities.filter((f) => f.roles.includes('vehicle-base'))) {
			expect(distanceToRoad(region, base.lat, base.lon)).toBeLessThan(0.05);
		}
	});

	test('its credits name every source', () => {
		const credits = regionMap(region).credits.join('\n');
		for (const name of [
			'OpenStreetMap',
			'Geolonia',
			'国土地理院',
			'避難先情報',
			'道路規制情報',
			'国土数値情報',
			'国勢調査',
			'日本郵便',
		]) {
			expect(credits).toContain(name);
		}
		expect(credits).toContain('ODbL-1.0');
	});

	test('its map is what the contract asks for', () => {
		const map = regionMapSchema.parse(JSON.parse(JSON.stringify(regionMap(region))));
		expect(map.roads.features).toHaveLength(1163);
		expect(map.places.features).toHaveLength(30 + 625 + 69);
		expect(new Set(map.places.features.map((f) => f.properties['kind']))).toEqual(
			new Set(['municipality', 'settlement', 'hospital', 'clinic']),
		);
		expect(new Set(map.radioGaps.features.map((f) => f.properties['state']))).toEqual(new Set(['none', 'weak']));
		const ids = [...map.roads.features, ...map.places.features, ...map.radioGaps.features].map((f) => f.id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	test('the Skyline is dead but for the island at the tower', () => {
		const coverage = coverageOf(region);
		expect(coverage('R371-008', 0.3).state).toBe('none');
		expect(coverage('R371-008', 0.69).state).toBe('good');
		expect(coverage('R371-008', 0.9)).toMatchObject({ state: 'none', gap: { id: 'r371-skyline-south' } });
		expect(coverage('R371-007', 0.1).state).toBe('good');
		expect(coverage('R169-005', 0.2).state).toBe('weak');
		expect(coverage('R42-001', 0.5)).toEqual({ state: 'good', gap: null });
	});

	test('the drawn part of a gap is as long as its fraction says', () => {
		const north = regionMap(region).radioGaps.features.find((f) => f.properties['edge'] === 'R371-008');
		const whole = region.roads.find((r) => r.id === 'R371-008')!;
		const part = north!.geometry.coordinates as [number, number][];
		expect(lineKm(part) / lineKm(whole.line)).toBeCloseTo(0.649, 3);
		expect(pointAlong(whole.line, 0.649).point[0]).toBeCloseTo(part.at(-1)![0], 9);
	});
});

describe('a region with an error', () => {
	let directory: string;
	beforeEach(() => {
		directory = mkdtempSync(join(tmpdir(), 'junkai-region-'));
		cpSync(join(import.meta.dirname, 'wakayama'), directory, { recursive: true });
	});
	afterEach(() => rmSync(directory, { recursive: true, force: true }));

	const edit = (file: string, from: string, to: string) => {
		const path = join(directory, file);
		const text = readFileSync(path, 'utf8');
		expect(text).toContain(from);
		writeFileSync(path, text.replace(from, to));
	};
	const failure = () => {
		try {
			loadRegion('wakayama', directory);
		} catch (error) {
			if (error instanceof RegionError) return { code: error.code, message: error.message };
			throw error;
		}
		return null;
	};

	test('a wrong value is refused with file, line and field', () => {
		edit('facilities.yaml', 'kind: "clinic"', 'kind: "klinik"');
		expect(failure()).toMatchObject({ code: 'schema' });
		expect(failure()?.message).toMatch(/^facilities\.yaml: line \d+, facilities\.\d+\.kind: /);
	});

	test('an unknown key is refused', () => {
		edit('coverage.yaml', 'state: "weak"', 'state: "weak", sate: "none"');
		expect(failure()?.message).toMatch(/coverage\.yaml: line \d+.*sate/);
	});

	test('broken YAML is refused with its place', () => {
		edit('closures.yaml', 'closures:', 'closures: [');
		expect(failure()).toMatchObject({ code: 'not-yaml' });
		expect(failure()?.message).toMatch(/closures\.yaml: .*line \d+/);
	});

	test('an edge that no road has is refused', () => {
		edit('coverage.yaml', '"R425-001"', '"R425-999"');
		expect(failure()).toEqual({
			code: 'inconsistent',
			message: expect.stringContaining('coverage.yaml: r425-ushimawari: no road edge "R425-999"') as string,
		});
	});

	test('a length that cannot be is refused', () => {
		edit('roads.geojson', '"km":4.69', '"km":46.9');
		expect(failure()?.message).toMatch(/roads\.geojson: R42-002: 46\.9 km for a line of 4\.\d\d km/);
	});

	test('a road that is cut off is found', () => {
		edit('roads.geojson', '[135.81466,33.54054],[135.82233,33.57271]', '[135.81467,33.54054],[135.82233,33.57271]');
		expect(failure()?.message).toMatch(/1 edges are cut off from the rest: A-470/);
	});

	test('limits of roads and speeds of hours have their bounds', () => {
		edit('roads.geojson', '"narrow":true', '"narrow":true,"maxWeight":4,"bridge":true');
		expect(failure()).toBeNull();
		edit('roads.geojson', '"maxWeight":4', '"maxWeight":-4');
		expect(failure()?.message).toMatch(/roads\.geojson: features\.\d+\.properties\.maxWeight/);
		edit('roads.geojson', '"maxWeight":-4', '"maxWeight":4');
		const hours = Array.from({ length: 23 }, () => 1).join(', ');
		edit('region.yaml', 'licences:', `speedByHour: { weekday: [${hours}] }\nlicences:`);
		expect(failure()?.message).toMatch(/region\.yaml: line \d+, speedByHour\.weekday: a factor for each of 24 hours/);
		edit('region.yaml', '[1,', '[0.8, 1,');
		expect(failure()).toBeNull();
		expect(loadRegion('wakayama', directory).speedByHour?.weekday[0]).toBe(0.8);
	});

	test('the stamp is of the files', () => {
		expect(regionStamp('wakayama')).toMatch(/^[0-9a-f]{16}$/);
		expect(regionStamp('wakayama')).toBe(regionStamp('wakayama'));
		expect(() => regionStamp('../etc')).toThrow(/no region id/);
		expect(() => regionStamp('atlantis')).toThrow(/region\.yaml: cannot be read/);
	});

	test('a missing file and an unknown region are named', () => {
		rmSync(join(directory, 'roads.geojson'));
		expect(failure()).toMatchObject({ code: 'unreadable' });
		expect(() => loadRegion('atlantis')).toThrow(/region\.yaml|roads\.geojson/);
		expect(() => loadRegion('../etc')).toThrow(/no region id/);
	});
});
