/** What both engines promise: Valhalla on tiles of the region, and OSRM's client against a server that speaks like it. */
import { distanceKm, lineKm, pointAlong } from '@junkai/regions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closedParts } from './closures.ts';
import { createRoads } from './open.ts';
import type { Roads } from './port.ts';
import { Graph, startOsrmServer, type OsrmTestServer } from './test-osrm-server.ts';
import { dataFolder, junction, refusal, region, settlements } from './test-roads.ts';

const tanabe = junction('田辺R42');
const shingu = junction('新宮R42');
const sea = [135.5, 33.0] as const;
/** Both have 180 mm of rain between them on every road. */
const hospital = [135.18192, 34.18798] as const;
const clinic = [135.58667, 34.21632] as const;
/** The Skyline: between Koyasan and Ryujin. */
const skyline = region.roads.find(({ id }) => id === 'R371-008')!;

describe.each(['valhalla', 'osrm'] as const)('%s', (engine) => {
	let roads: Roads;
	let closing: Roads;
	const undo: (() => unknown)[] = [];
	/** For OSRM: its server; for both, roads with 180 mm of rain. */
	let server: OsrmTestServer | null = null;
	const rain = [{ id: 'storm', rain: { mm: 180 } }];

	beforeAll(async () => {
		if (engine === 'valhalla') {
			const { dataDir, remove } = await dataFolder();
			roads = createRoads({ dataDir });
			closing = roads;
			undo.push(() => roads.close(), remove);
			return;
		}
		server = await startOsrmServer(region);
		const closed = await startOsrmServer(region, new Set(closedParts(region, rain).keys()));
		roads = createRoads({ dataDir: '/nonexistent', osrmUrl: server.url });
		closing = createRoads({ dataDir: '/nonexistent', osrmUrl: closed.url, osrmRainMm: 180 });
		undo.push(
			() => server!.close(),
			() => closed.close(),
		);
	});
	afterAll(async () => {
		for (const step of undo) await step();
	});

	test('a known way has its known length and time', async () => {
		const route = await roads.route({ places: [tanabe, shingu], steps: true, annotations: true });
		// 94 km and 112 minutes by the region's own figures.
		expect(route.distance / 1000).toBeCloseTo(94.4, 0);
		expect(Math.abs(route.duration / 60 - 112)).toBeLessThan(1.5);
		const [leg] = route.legs;
		const line = route.geometry.coordinates;
		expect(distanceKm(line[0]!, tanabe)).toBeLessThan(0.01);
		expect(distanceKm(line.at(-1)!, shingu)).toBeLessThan(0.01);
		expect(lineKm(line)).toBeLessThan(route.distance / 1000);
		expect(leg!.steps.length).toBeGreaterThan(1);
		expect(new Set(leg!.steps.map((step) => step.driving_side))).toEqual(new Set(['left']));
		const { distance, duration } = leg!.annotation!;
		expect(distance).toHaveLength(leg!.geometry.coordinates.length - 1);
		expect(distance.reduce((a, b) => a + b, 0)).toBeCloseTo(leg!.distance, 0);
		expect(duration.reduce((a, b) => a + b, 0)).toBeCloseTo(leg!.duration, 0);
	});

	test('a way by places has a leg for each, and ends where it should', async () => {
		const stops = [tanabe, junction('本宮R168'), shingu, junction('那智R42')];
		const route = await roads.route({ places: stops });
		expect(route.legs).toHaveLength(3);
		expect(route.waypoints).toHaveLength(4);
		expect(route.legs.reduce((sum, leg) => sum + leg.distance, 0)).toBeCloseTo(route.distance, 0);
		for (const [i, leg] of route.legs.entries()) {
			expect(distanceKm(leg.geometry.coordinates.at(-1)!, stops[i + 1]!)).toBeLessThan(0.01);
			expect(leg.steps).toEqual([]);
			expect(leg.annotation).toBeNull();
		}
	});

	test('a table says what the routes say', async () => {
		const places = settlements(12);
		const table = await roads.table({ places });
		expect([table.rows, table.columns]).toEqual([12, 12]);
		for (const [from, to] of [
			[0, 11],
			[3, 7],
			[7, 3],
			[11, 2],
			[5, 6],
		] as const) {
			const route = await roads.route({ places: [places[from]!, places[to]!] });
			expect(Math.abs(table.durations[from * 12 + to]! - route.duration)).toBeLessThan(2 + route.duration * 0.002);
			expect(Math.abs(table.distances[from * 12 + to]! - route.distance)).toBeLessThan(2 + route.distance * 0.002);
		}
		for (let i = 0; i < 12; i++) expect(table.durations[i * 12 + i]).toBe(0);
		expect(Math.max(...table.snapped)).toBeLessThan(5);
	});

	test('its times are those of the region, within the turns', async () => {
		const places = settlements(9);
		const graph = new Graph(region.roads);
		const table = await roads.table({ places });
		for (const [r, from] of places.entries()) {
			const tree = graph.from(graph.snap(from));
			for (const [c, to] of places.entries()) {
				if (r === c) continue;
				const { seconds } = tree(graph.snap(to))!;
				// Never quicker than the quickest way; a few turns slower.
				expect(table.durations[r * 9 + c]!).toBeGreaterThan(seconds * 0.998 - 2);
				expect(table.durations[r * 9 + c]!).toBeLessThan(seconds * 1.03 + 30);
			}
		}
	});

	test('rows and columns may differ, and a place may come twice', async () => {
		const places = [...settlements(5), settlements(5)[0]!];
		const table = await roads.table({ places, sources: [0, 5], destinations: [1, 2, 5] });
		expect([table.rows, table.columns]).toEqual([2, 3]);
		expect(table.durations.slice(0, 3)).toEqual(table.durations.slice(3));
		expect(table.durations[2]).toBe(0);
		expect(Number.isNaN(table.snapped[3]!)).toBe(true);
	});

	test('pairs are asked for once', async () => {
		const places = settlements(10).map(([lon, lat]) => [lon + 0.00001, lat] as const);
		await roads.table({ places: places.slice(0, 9) });
		const before = roads.statistics().cache;
		const again = await roads.table({ places: places.slice(0, 9).toReversed() });
		expect(roads.statistics().cache).toMatchObject({ misses: before.misses, hits: before.hits + 72 });
		await roads.table({ places });
		// The new place's row and column, and itself.
		expect(roads.statistics().cache.misses - before.misses).toBeLessThanOrEqual(19);
		expect(Math.min(...again.distances)).toBe(0);
	});

	test('a place in the sea is named, with its distance', async () => {
		const { fault, message, places } = await refusal(roads.table({ places: [tanabe, sea, [135.75, 33.42], shingu] }));
		expect(fault).toBe('off-road');
		expect(places.map(({ index }) => index)).toEqual([1, 2]);
		expect(message).toMatch(/place 1 .*20 km.*place 2 .* lies \d+ m from the nearest road; at most 1000 m/);
		expect(places[1]!.distance).toBeGreaterThan(1000);
		expect((await refusal(roads.route({ places: [sea, tanabe] }))).places).toEqual([{ index: 0, distance: null }]);
		expect((await refusal(roads.nearest({ place: sea }))).fault).toBe('off-road');
		const [on, off] = await roads.check([tanabe, sea]);
		expect(on!.waypoint!.distance).toBeLessThan(1);
		expect(off!.waypoint).toBeNull();
	});

	test('a place beside the road is put on it', async () => {
		const { point } = pointAlong(skyline.line, 0.43);
		const beside = [point[0] + 0.003, point[1]] as const;
		const [nearest] = await roads.nearest({ place: beside });
		expect(nearest!.distance).toBeGreaterThan(50);
		expect(nearest!.distance).toBeLessThan(400);
		const route = await roads.route({ places: [beside, junction('高野山R371')] });
		expect(distanceKm(route.geometry.coordinates[0]!, nearest!.location)).toBeLessThan(0.06);
		expect(route.waypoints[0]!.distance).toBeCloseTo(nearest!.distance, 0);
	});

	test.each([
		['a place off the globe', { places: [tanabe, [190, 33]] }, /places\.1\.0/],
		['not a number', { places: [tanabe, [135, NaN]] }, /places\.1\.1/],
		['one place', { places: [tanabe] }, /places/],
		['an unknown vehicle', { places: [tanabe, shingu], vehicle: 'tank' }, /vehicle: one of kei, van, truck/],
		[
			'a vehicle without width',
			{ places: [tanabe, shingu], vehicle: { width: 0, height: 1, length: 1, weight: 1, speedFactor: 1 } },
			/vehicle\.width/,
		],
		['an unknown edge', { places: [tanabe, shingu], closures: [{ id: 'x', edges: ['Z-1'] }] }, /no road edge "Z-1"/],
		['a closure of nothing', { places: [tanabe, shingu], closures: [{ id: 'x' }] }, /closures\.0/],
	])('%s is refused by name', async (_, request, text) => {
		const { fault, message } = await refusal(roads.route(request as never));
		expect(fault).toBe('invalid');
		expect(message).toMatch(text);
	});

	test('too many places are refused', async () => {
		const many = Array.from({ length: 2001 }, () => tanabe);
		expect((await refusal(roads.table({ places: many }))).fault).toBe('too-big');
	});

	test('where rain closes the roads there is no way, and no wrong one', async () => {
		const places = [hospital, clinic, tanabe, shingu];
		const open = await roads.table({ places });
		const table = await closing.table({ places, closures: rain });
		expect(table.durations[1]).toBe(Infinity);
		expect(table.distances[1]).toBe(Infinity);
		expect(table.durations[11]).toBeGreaterThan(open.durations[11]!);
		expect(table.durations[11]).toBeLessThan(3 * 3600);
		expect((await refusal(closing.route({ places: places.slice(0, 2), closures: rain }))).fault).toBe('no-route');
		const route = await closing.route({ places: [tanabe, shingu], closures: rain });
		expect(Math.abs(route.duration - table.durations[11]!)).toBeLessThan(route.duration * 0.002 + 2);
	});

	test('a table in which nothing can be reached is all Infinity', async () => {
		const table = await closing.table({
			places: [hospital, clinic],
			sources: [0],
			destinations: [1],
			closures: rain,
		});
		expect([...table.durations]).toEqual([Infinity]);
	});

	test('what was driven is found again', async () => {
		const { geometry } = await roads.route({ places: [tanabe, junction('川合R311')] });
		const km = lineKm(geometry.coordinates);
		const trace = Array.from({ length: 300 }, (_, i) => {
			const { point } = pointAlong(geometry.coordinates, (i * 0.012) / km);
			return { place: [point[0] + Math.sin(i * 7.1) * 0.00006, point[1] + Math.cos(i * 3.3) * 0.00006] as const, at: i };
		});
		const match = await roads.match({ trace });
		expect(match.tracepoints).toHaveLength(300);
		expect(match.tracepoints.filter((one) => one === null).length).toBeLessThan(15);
		expect(match.matchings.length).toBeLessThan(4);
		const drawn = match.matchings.reduce((sum, one) => sum + lineKm(one.geometry.coordinates), 0);
		expect(drawn).toBeGreaterThan(3.3);
		expect(drawn).toBeLessThan(3.9);
		const late = await refusal(roads.match({ trace: [trace[1]!, trace[0]!] }));
		expect(late.message).toMatch(/trace\.1\.at/);
	});

	test('a request can be given up', async () => {
		const gone = new AbortController();
		gone.abort();
		const places = settlements(3).map(([lon, lat]) => [lon, lat + 0.00003] as const);
		expect((await refusal(roads.table({ places, signal: gone.signal }))).fault).toBe('aborted');
	});

	test('an area reached in time, or the word that there is none', async () => {
		const asked = roads.isochrone({ place: tanabe, minutes: [10, 30] });
		if (engine === 'osrm') return expect((await refusal(asked)).fault).toBe('unsupported');
		const { features } = await asked;
		expect(features.map(({ properties }) => properties.minutes)).toEqual([10, 30]);
		expect((await refusal(roads.isochrone({ place: tanabe, minutes: [30, 10] }))).message).toMatch(/minutes/);
	});

	test('slow hours take longer, by the clock', async () => {
		const slow = createRoads({
			dataDir: '/nonexistent',
			...(engine === 'osrm' ? { osrmUrl: server!.url } : {}),
			speedByHour: { weekday: Array.from({ length: 24 }, () => 0.5) },
		});
		if (engine === 'valhalla') return await slow.close();
		const [mean, half] = [
			await roads.table({ places: [tanabe, shingu] }),
			await slow.table({ places: [tanabe, shingu], departure: new Date('2026-11-24T09:00:00+09:00') }),
		];
		expect(half.durations[1]).toBeCloseTo(mean.durations[1]! * 2, 3);
		expect(half.distances[1]).toBe(mean.distances[1]);
	});
});
