/** OSRM's client when the server or the line to it is ill. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRoads, openRoads } from './open.ts';
import type { Roads } from './port.ts';
import { startOsrmServer, type OsrmTestServer } from './test-osrm-server.ts';
import { junction, refusal, region, settlements } from './test-roads.ts';

const [tanabe, shingu] = [junction('田辺R42'), junction('新宮R42')];
let server: OsrmTestServer;
let roads: Roads;

beforeAll(async () => {
	server = await startOsrmServer(region);
});
afterAll(() => server.close());
beforeEach(() => {
	server.faults.length = 0;
	server.requests.length = 0;
	server.most = 100;
	roads = createRoads({ dataDir: '/nonexistent', osrmUrl: server.url, deadline: 1500 });
});

const route = () => roads.route({ places: [tanabe, shingu] });

test.each(['cut', 'status 500', 'status 503'] as const)('after "%s" it asks again', async (fault) => {
	const sound = await route();
	server.faults.push(fault, fault);
	expect(await route()).toEqual(sound);
	expect(server.requests.filter((path) => path.startsWith('/route'))).toHaveLength(4);
});

test.each([
	['garbage', 'answer', /not JSON; is OSRM_URL/],
	['html', 'answer', /not JSON; is OSRM_URL/],
	['wrong shape', 'answer', /not understood: routes\.0\.legs/],
] as const)('"%s" is told as it is, at once', async (fault, expected, text) => {
	await roads.check([tanabe, shingu]);
	server.faults.push(fault);
	const { fault: found, message } = await refusal(route());
	expect(found).toBe(expected);
	expect(message).toMatch(text);
});

test('a slow server is given up at the deadline', async () => {
	await roads.check([tanabe, shingu]);
	server.faults.push('slow');
	const began = performance.now();
	expect((await refusal(route())).fault).toBe('timeout');
	expect(performance.now() - began).toBeLessThan(4000);
});

test('a server that stays ill is told after the last try', async () => {
	await roads.check([tanabe, shingu]);
	server.faults.push(...Array.from({ length: 4 }, () => 'status 500' as const));
	expect(await refusal(route())).toMatchObject({ fault: 'unavailable', message: expect.stringContaining('500') as string });
});

test('nobody there: the message names the address', async () => {
	const { fault, message } = await refusal(openRoads({ dataDir: '/nonexistent', osrmUrl: 'http://127.0.0.1:1', deadline: 3000 }));
	expect(fault).toBe('unavailable');
	expect(message).toContain('http://127.0.0.1:1');
});

test('large tables go in blocks, with radiuses always; a smaller limit is learnt', async () => {
	const places = settlements(110);
	const whole = await roads.table({ places });
	const tables = server.requests.filter((path) => path.startsWith('/table'));
	expect(tables.length).toBeGreaterThan(3);
	for (const path of server.requests) expect(path).toContain('radiuses=');
	const largest = (paths: string[]) => Math.max(...paths.map((path) => path.split('?')[0]!.split(';').length));
	expect(largest(tables)).toBeLessThanOrEqual(100);

	server.most = 30;
	const small = createRoads({ dataDir: '/nonexistent', osrmUrl: server.url });
	server.requests.length = 0;
	const again = await small.table({ places });
	expect(again.durations).toEqual(whole.durations);
	expect(again.distances).toEqual(whole.distances);
	const asked = server.requests.filter((path) => path.startsWith('/table'));
	// The limit is met once or twice, not with every block.
	expect(asked.filter((path) => path.split('?')[0]!.split(';').length > 30).length).toBeLessThan(4);
});

describe('what OSRM cannot honour it refuses', () => {
	test('a closure that the server does not hold', async () => {
		const closures = [{ id: 'slide', edges: ['R371-008'] }];
		for (const work of [roads.route({ places: [tanabe, shingu], closures }), roads.table({ places: [tanabe, shingu], closures })]) {
			expect((await refusal(work)).fault).toBe('closures-not-supported');
		}
		// The one that it holds is another one.
		const rainy = createRoads({ dataDir: '/nonexistent', osrmUrl: server.url, osrmRainMm: 180 });
		const of = (mm: number) => ({ places: [tanabe, shingu], closures: [{ id: 'rain', rain: { mm } }] });
		expect((await rainy.route(of(180))).distance).toBeGreaterThan(0);
		expect((await refusal(rainy.route(of(120)))).fault).toBe('closures-not-supported');
	});

	test('a vehicle that its profile was not made for', async () => {
		const { fault, message } = await refusal(roads.route({ places: [tanabe, shingu], vehicle: 'truck' }));
		expect(fault).toBe('unsupported');
		expect(message).toMatch(/vehicle\.width: 2\.49/);
		expect((await roads.route({ places: [tanabe, shingu], vehicle: 'kei' })).distance).toBeGreaterThan(0);
	});
});
