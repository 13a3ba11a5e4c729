/** The embedded engine: its process dies, its tiles change, roads close, vehicles are too large. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { distanceKm, partOfLine, pointAlong, type Region, type Road } from '@junkai/regions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closedParts, within } from './closures.ts';
import { nearestOnPiece } from './geometry.ts';
import { leak, probesOf } from './leak.ts';
import { roadNetwork } from './network.ts';
import { openRoads } from './open.ts';
import { writeOsmPbf } from './pbf.ts';
import { EngineRoads } from './roads.ts';
import type { Closure, Place, Route } from './port.ts';
import { dataFolder, junction, random, refusal, region, settlements } from './test-roads.ts';
import { buildRegion, currentMap, importMap, mapFolder } from './tiles.ts';
import { ValhallaEngine } from './valhalla.ts';

/** What the engine takes for a turn right back, s. */
const SHARP_BEND = 28;
const [tanabe, shingu] = [junction('田辺R42'), junction('新宮R42')];

function open(dataDir: string, of: Region = region, deadline = 20_000): { engine: ValhallaEngine; roads: EngineRoads } {
	const engine = new ValhallaEngine({ mapDir: mapFolder(dataDir), deadline, region: of });
	return { engine, roads: new EngineRoads({ engine, region: of, maxSnap: 1000, cacheSize: 100_000 }) };
}

let dataDir: string;
let remove: () => void;
let engine: ValhallaEngine;
let roads: EngineRoads;
beforeAll(async () => {
	({ dataDir, remove } = await dataFolder());
	({ engine, roads } = open(dataDir));
});
afterAll(async () => {
	await roads.close();
	remove();
});

describe('its process', () => {
	test('killed in the middle of requests: they are asked again and answered', async () => {
		const sound = await roads.route({ places: [tanabe, shingu] });
		const killed = engine.pid!;
		const places = settlements(120).map(([lon, lat]) => [lon + 0.00002, lat] as const);
		const asked = [roads.table({ places }), roads.route({ places: [tanabe, shingu] }), roads.nearest({ place: tanabe })] as const;
		const before = engine.restarts;
		// The table is on its way when the process goes.
		await new Promise((done) => setTimeout(done, 20));
		process.kill(killed, 'SIGKILL');
		const [table, route] = await Promise.all(asked);
		expect(Math.min(...table.durations)).toBe(0);
		expect(table.durations.every(Number.isFinite)).toBe(true);
		expect(route).toEqual(sound);
		await expect.poll(() => engine.restarts, { timeout: 10_000 }).toBe(before + 1);
		expect(engine.pid).not.toBe(killed);
	});

	test('killed again and again: a request ends with an error, and the next one is served', async () => {
		const murder = { on: true };
		const killer = (async () => {
			while (murder.on) {
				try {
					if (engine.pid !== null) process.kill(engine.pid, 'SIGKILL');
				} catch {
					// It is gone, and the news is on its way.
				}
				await new Promise((done) => setTimeout(done, 5));
			}
		})();
		const { fault } = await refusal(roads.nearest({ place: [tanabe[0] + 0.001, tanabe[1]], signal: AbortSignal.timeout(1500) }));
		murder.on = false;
		await killer;
		expect(['unavailable', 'aborted']).toContain(fault);
		expect((await roads.nearest({ place: tanabe }))[0]!.distance).toBeLessThan(1);
	});

	test('no answer within the deadline: an error, and a new process', async () => {
		const { engine: hasty, roads: impatient } = open(dataDir, region, 1000);
		try {
			await impatient.ready();
			process.kill(hasty.pid!, 'SIGSTOP');
			expect((await refusal(impatient.nearest({ place: tanabe }))).fault).toBe('timeout');
			await expect.poll(() => hasty.restarts, { timeout: 10_000 }).toBe(1);
			await expect
				.poll(
					() =>
						impatient.nearest({ place: tanabe }).then(
							(found) => found.length,
							() => 0,
						),
					{ timeout: 15_000 },
				)
				.toBe(1);
		} finally {
			await impatient.close();
		}
	});
});

describe('its tiles', () => {
	test('a new map is taken into use under load, without one failed request', { timeout: 60_000 }, async () => {
		const own = await dataFolder();
		// One road is new, or rather gone: the Skyline.
		const changed: Region = { ...region, roads: region.roads.filter(({ id }) => id !== 'R371-008') };
		const { engine: first, roads: busy } = open(own.dataDir);
		const [north, south] = [junction('高野山R371'), junction('大熊R371')];
		try {
			const before = await busy.route({ places: [north, south] });
			const load = { on: true, answers: 0 };
			const workers = Array.from({ length: 4 }, async (_, k) => {
				const chance = random(k);
				while (load.on) {
					const places = settlements(40).filter(() => chance() < 0.3);
					await busy.table({ places: [tanabe, ...places] });
					await busy.route({ places: [tanabe, shingu] });
					load.answers++;
				}
			});
			await expect.poll(() => load.answers, { timeout: 15_000 }).toBeGreaterThan(4);
			const old = first.pid;
			await buildRegion(changed, 'changed', mapFolder(own.dataDir), () => {});
			await first.reload();
			const so = load.answers;
			await expect.poll(() => load.answers, { timeout: 15_000 }).toBeGreaterThan(so + 4);
			load.on = false;
			await Promise.all(workers);
			expect(first.pid).not.toBe(old);
			const after = await busy.route({ places: [north, south] });
			expect(after.distance).toBeGreaterThan(before.distance * 1.3);
			expect(busy.statistics().failures).toBe(0);
			// This process knows the region as it was: it does not close edges on a map that was made of another state.
			const closed = await refusal(busy.route({ places: [tanabe, shingu], closures: [{ id: 'x', edges: ['R42-010'] }] }));
			expect(closed.fault).toBe('closures-not-supported');
		} finally {
			await busy.close();
			own.remove();
		}
	});

	test('a build that fails leaves the map as it was', async () => {
		const before = await currentMap(mapFolder(dataDir));
		const broken = join(dataDir, 'broken.osm.pbf');
		const whole = writeOsmPbf(...networkOf(region));
		writeFileSync(broken, whole.subarray(0, whole.length / 2));
		const { fault, message } = await refusal(importMap(broken, mapFolder(dataDir), () => {}));
		expect(fault).toBe('build');
		expect(message).toMatch(/valhalla_build_tiles failed/);
		const noRoads = join(dataDir, 'empty.osm.pbf');
		writeFileSync(noRoads, writeOsmPbf([{ id: 1, lon: 135, lat: 34 }], []));
		expect((await refusal(importMap(noRoads, mapFolder(dataDir), () => {}))).fault).toBe('build');
		expect((await refusal(importMap(import.meta.filename, mapFolder(dataDir), () => {}))).message).toMatch(
			/no OpenStreetMap PBF file/,
		);
		expect(await currentMap(mapFolder(dataDir))).toEqual(before);
		expect(readdirSync(mapFolder(dataDir)).filter((name) => name.startsWith('.making-'))).toEqual([]);
	});

	test('no map at all: the message says what to do', async () => {
		const { fault, message } = await refusal(openRoads({ dataDir: join(dataDir, 'nothing') }));
		expect(fault).toBe('no-tiles');
		expect(message).toMatch(/junkai map build.*OSRM_URL/);
	});

	test('the same roads are not made again', async () => {
		const lines: string[] = [];
		const map = await buildRegion(region, 'test', mapFolder(dataDir), (line) => lines.push(line));
		expect(lines).toEqual(['the map of Wakayama is up to date']);
		expect(existsSync(join(map.directory, 'valhalla.json'))).toBe(true);
		expect(readFileSync(join(mapFolder(dataDir), 'current'), 'utf8').trim()).toBe(map.version);
	});
});

describe('closures', () => {
	/** Whether a way drives along the middle of an edge, looked at apart from the product's own check. */
	const drivesOn = (route: Route, road: Road, from = 0, to = 1): boolean => {
		const line = route.geometry.coordinates;
		return [0.3, 0.5, 0.7].every((at) => {
			const { point } = pointAlong(partOfLine(road.line, from, to), at);
			return line.some((b, i) => i > 0 && distanceKm(point, nearestOnPiece(point, line[i - 1]!, b)) < 0.003);
		});
	};
	const twins = new Set(region.roads.filter((a) => region.roads.some((b) => b !== a && overlaps(a, b))).map(({ id }) => id));

	test('200 random closures on random ways: no way goes through one', { timeout: 60_000 }, async () => {
		const next = random(20_261_123);
		const places = settlements(60);
		let closed = 0;
		let detours = 0;
		for (let set = 0; set < 10; set++) {
			// Twenty at a time: ten edges on ways that would be driven, five parts of edges, five areas.
			const ways = await Promise.all(
				Array.from({ length: 10 }, () => pair(places, next)).map(async (two) => ({
					two,
					route: await roads.route({ places: two }),
				})),
			);
			const used = region.roads.filter((road) => !twins.has(road.id) && road.class !== 'access');
			const points = new Set(ways.flatMap(({ route }) => route.geometry.coordinates.map((point) => point.join())));
			const on = used.filter(({ line }) => points.has(line[0]!.join()) && points.has(line.at(-1)!.join()));
			const pick = (list: readonly Road[]) => list[Math.floor(next() * list.length)]!;
			const edges = Array.from({ length: 10 }, () => pick(on));
			const parts = Array.from({ length: 5 }, () => ({ edge: pick(on), from: 0.4, to: 0.4 + next() * 0.5 }));
			const areas = Array.from({ length: 5 }, () => square(pointAlong(pick(on).line, next()).point, 0.0004 + next() * 0.004));
			const closures: Closure[] = [
				{ id: 'edges', edges: edges.map(({ id }) => id) },
				{ id: 'parts', edges: parts.map(({ edge, from, to }) => ({ edge: edge.id, from, to })) },
				...areas.map((polygon, i) => ({ id: `area ${i}`, polygon })),
			];
			closed += 20;
			for (const { two, route: before } of ways) {
				const route = await roads.route({ places: two, closures }).catch(() => null);
				if (route === null) continue;
				if (route.distance !== before.distance) detours++;
				for (const road of edges) expect(drivesOn(route, road), `${road.id} in set ${set}`).toBe(false);
				for (const { edge, from, to } of parts) expect(drivesOn(route, edge, from, to), `${edge.id} in set ${set}`).toBe(false);
				for (const polygon of areas) expect(deepInside(route, polygon), `area in set ${set}`).toBe(0);
			}
			const some = places.slice(set, set + 5);
			const table = await roads.table({ places: some, closures });
			for (let i = 1; i < 5; i++) {
				const route = await roads.route({ places: [some[0]!, some[i]!], closures }).catch(() => null);
				if (route === null) expect(table.durations[i]).toBe(Infinity);
				// Where the engine's two searches meet in a sharp bend only one of them counts it.
				else expect(Math.abs(table.durations[i]! - route.duration)).toBeLessThan(SHARP_BEND + 2 + route.duration * 0.002);
			}
		}
		expect(closed).toBe(200);
		expect(detours).toBeGreaterThan(20);
	});

	test('a way that leaked would be seen', async () => {
		const route = await roads.route({ places: [junction('高野山R371'), junction('大熊R371')] });
		const closed = closedParts(region, [{ id: 'x', edges: ['R371-008'] }]);
		const line = route.geometry.coordinates;
		expect(leak(line, probesOf(region, closed), [])).toMatch(/R371-008/);
		expect(leak(line, probesOf(region, closedParts(region, [{ id: 'x', edges: ['R42-010'] }])), [])).toBeNull();
		expect(leak(line, [], [square(pointAlong(line, 0.5).point, 0.001)])).toBe('a closed area');
	});

	test('a place on a closed road is not moved to another one', async () => {
		// A settlement at the end of its own link, with another road within reach.
		const link = region.roads.find(({ class: kind, km }) => kind === 'access' && km > 0.2 && km < 0.6)!;
		const ends = [link.line[0]!, link.line.at(-1)!];
		const end = ends.find((point) => region.roads.filter(({ line }) => touches(line, point)).length === 1)!;
		const closures: Closure[] = [{ id: 'link', edges: [link.id] }];
		const table = await roads.table({ places: [tanabe, end], closures });
		expect(table.durations[1]).toBe(Infinity);
		expect((await refusal(roads.route({ places: [tanabe, end], closures }))).fault).toBe('no-route');
		expect((await roads.table({ places: [tanabe, end] })).durations[1]).toBeLessThan(20_000);
	});

	test('only those of the time count', async () => {
		const closures: Closure[] = [
			{ id: 'night', edges: ['R371-008'], from: '2026-11-23T20:00:00+09:00', until: '2026-11-24T06:00:00+09:00' },
		];
		const places = [junction('高野山R371'), junction('大熊R371')];
		const at = async (departure?: string, until?: string) => {
			const when = { ...(departure && { departure: new Date(departure) }), ...(until && { until: new Date(until) }) };
			return (await roads.table({ places, closures, ...when })).durations[1]!;
		};
		const free = (await roads.table({ places })).durations[1]!;
		expect(await at('2026-11-23T12:00:00+09:00')).toBe(free);
		expect(await at('2026-11-23T20:00:00+09:00')).toBeGreaterThan(free);
		expect(await at('2026-11-24T05:59:59+09:00')).toBeGreaterThan(free);
		expect(await at('2026-11-24T06:00:00+09:00')).toBe(free);
		expect(await at('2026-11-23T12:00:00+09:00', '2026-11-23T21:00:00+09:00')).toBeGreaterThan(free);
		expect(await at()).toBeGreaterThan(free);
	});

	test('the area reached in time shrinks with what is closed', async () => {
		const place = junction('高野山R371');
		const area = async (closures: Closure[]) => {
			const { features } = await roads.isochrone({ place, minutes: [60], closures });
			return features[0]!.geometry;
		};
		const south = pointAlong(region.roads.find(({ id }) => id === 'R371-008')!.line, 0.6).point;
		const has = (geometry: Awaited<ReturnType<typeof area>>) =>
			(geometry.type === 'Polygon' ? [geometry.coordinates as Place[][]] : (geometry.coordinates as Place[][][])).some(
				([outer]) => within({ line: [south, [south[0] + 1e-7, south[1]]] }, outer!).length > 0,
			);
		expect(has(await area([]))).toBe(true);
		expect(has(await area([{ id: 'x', edges: ['R371-008'] }]))).toBe(false);
	});
});

describe('vehicles', () => {
	test('a bridge that bears too little is crossed neither in table, route nor isochrone', async () => {
		const weak: Region = {
			...region,
			roads: region.roads.map((road) => (road.id === 'R371-008' ? { ...road, bridge: true, maxWeight: 3, narrow: false } : road)),
		};
		const own = await dataFolder(weak);
		const { roads: bridged } = open(own.dataDir, weak);
		const road = weak.roads.find(({ id }) => id === 'R371-008')!;
		const places = [junction('高野山R371'), junction('大熊R371')];
		try {
			const light = await bridged.route({ places, vehicle: 'kei' });
			const heavy = await bridged.route({ places, vehicle: 'van' });
			expect(heavy.distance).toBeGreaterThan(light.distance * 1.3);
			const { point } = pointAlong(road.line, 0.5);
			const passes = (route: Route) => route.geometry.coordinates.some((p) => distanceKm(p, point) < 1.5);
			expect([passes(light), passes(heavy)]).toEqual([true, false]);
			const [kei, van] = [await bridged.table({ places, vehicle: 'kei' }), await bridged.table({ places, vehicle: 'van' })];
			expect(Math.abs(kei.durations[1]! - light.duration)).toBeLessThan(3);
			expect(Math.abs(van.durations[1]! - heavy.duration)).toBeLessThan(3 + heavy.duration * 0.002);
			const area = async (vehicle: 'kei' | 'van') =>
				JSON.stringify(await bridged.isochrone({ place: places[0]!, minutes: [60], vehicle })).length;
			expect(await area('van')).not.toBe(await area('kei'));
		} finally {
			await bridged.close();
			own.remove();
		}
	});

	test('a truck keeps off narrow roads', async () => {
		const route = await roads.route({ places: [tanabe, shingu], vehicle: 'truck' });
		const closed = closedParts(region, [], { width: 2.49, height: 3, length: 8, weight: 7, speedFactor: 1 });
		expect(closed.size).toBeGreaterThan(500);
		expect(leak(route.geometry.coordinates, probesOf(region, closed), [])).toBeNull();
		const narrow = await roads.route({ places: [tanabe, shingu] });
		// Its own speed counts: a tenth slower than the van on the same road.
		expect(route.duration).toBeGreaterThan(narrow.duration * 1.1);
	});
});

describe('an imported map', () => {
	test('drives, closes areas, bars vehicles by the map, and refuses what it cannot find', async () => {
		const own = await dataFolder();
		const file = join(own.dataDir, 'extract.osm.pbf');
		writeFileSync(file, writeOsmPbf(...networkOf(region)));
		const lines: string[] = [];
		await importMap(file, mapFolder(own.dataDir), (line) => lines.push(line));
		expect(lines.some((line) => line.includes('tiles made'))).toBe(true);
		const { roads: imported } = open(own.dataDir);
		try {
			const places = [tanabe, shingu];
			const free = await imported.route({ places });
			expect(free.distance).toBeGreaterThan(90_000);
			const polygon = square(pointAlong(free.geometry.coordinates, 0.5).point, 0.002);
			const closures: Closure[] = [{ id: 'slide', polygon }];
			const around = await imported.route({ places, closures });
			expect(around.distance).toBeGreaterThan(free.distance);
			expect(deepInside(around, polygon)).toBe(0);
			const table = await imported.table({ places, closures });
			expect(Math.abs(table.durations[1]! - around.duration)).toBeLessThan(3 + around.duration * 0.002);
			const { fault, message } = await refusal(imported.route({ places, closures: [{ id: 'rain', rain: { mm: 180 } }] }));
			expect(fault).toBe('closures-not-supported');
			expect(message).toMatch(/closure rain/);
			const many = await refusal(imported.table({ places: settlements(30), closures }));
			expect(many.fault).toBe('closures-not-supported');
			const area = await refusal(imported.isochrone({ place: tanabe, minutes: [10], closures }));
			expect(area.fault).toBe('closures-not-supported');
		} finally {
			await imported.close();
			own.remove();
		}
	});
});

function networkOf(of: Region): Parameters<typeof writeOsmPbf> {
	const { nodes, ways } = roadNetwork(of);
	return [nodes, ways];
}

function pair(places: readonly Place[], next: () => number): [Place, Place] {
	const [a, b] = [Math.floor(next() * places.length), Math.floor(next() * (places.length - 1))];
	return [places[a]!, places[b === a ? places.length - 1 : b]!];
}

const square = ([lon, lat]: Place, half: number): Place[] => [
	[lon - half, lat - half],
	[lon + half, lat - half],
	[lon + half, lat + half],
	[lon - half, lat + half],
];

/** Metres of a way inside a square that is 3 m smaller on each side: an engine may drive up to the edge of what is closed. */
function deepInside(route: Route, polygon: readonly Place[]): number {
	const [x, y] = [0, 1].map((k) => (polygon[0]![k as 0 | 1] + polygon[2]![k as 0 | 1]) / 2) as [number, number];
	const smaller = polygon.map(([lon, lat]) => [lon - Math.sign(lon - x) * 3e-5, lat - Math.sign(lat - y) * 3e-5] as const);
	const line = route.geometry.coordinates;
	const parts = within({ line }, smaller);
	return parts.reduce((sum, [from, to]) => sum + (to - from) * route.distance, 0);
}

const touches = (line: readonly Place[], point: Place): boolean =>
	[line[0]!, line.at(-1)!].some((end) => end.join() === point.join());

/** Two edges that are drawn on one another for a stretch: which of them is driven cannot be told from a line. */
function overlaps(a: Road, b: Road): boolean {
	const near = ([lon, lat]: Place) => Math.abs(lon - b.line[0]![0]) < 0.3 && Math.abs(lat - b.line[0]![1]) < 0.3;
	if (!near(a.line[0]!)) return false;
	return [0.3, 0.5, 0.7].some((at) => {
		const { point } = pointAlong(a.line, at);
		return b.line.some((q, i) => i > 0 && distanceKm(point, nearestOnPiece(point, b.line[i - 1]!, q)) < 0.004);
	});
}
