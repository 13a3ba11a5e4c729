/** Coverage and isolation where the roads come from an OSRM server, which draws no areas and takes no closures with a request. */
import { coverageReport, problem } from '@junkai/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { draftOf, keepDay, region } from '../paper/test-day.ts';
import { createRoads } from '../roads/open.ts';
import { startOsrmServer, type OsrmTestServer } from '../roads/test-osrm-server.ts';
import { TODAY } from '../registry/test-records.ts';
import { startTestServer, type TestServer } from '../test-support.ts';

let osrm: OsrmTestServer;
let server: TestServer;
const ask = (path: string, init?: RequestInit) => server.request('dispatcher', `/api/v1${path}`, init);
const json = (body: unknown, method = 'POST') => ({
	method,
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(body),
});
const paths: Record<string, string> = { 'fleet-vehicle': 'fleet', staff: 'staff' };

beforeAll(async () => {
	osrm = await startOsrmServer(region);
	osrm.most = 1000;
	server = await startTestServer({ clockStart: `${TODAY}T08:30:00+09:00`, osrmUrl: osrm.url });
	const day = await keepDay(async (kind, body) => {
		const answer = await ask(`/${paths[kind] ?? `${kind}s`}`, json(body));
		return ((await answer.json()) as { id: number }).id;
	});
	const visits = (await (await ask(`/visits?from=${TODAY}&until=${TODAY}`)).json()) as Parameters<typeof draftOf>[1];
	const published = await ask('/plans/current', json(await draftOf(day, visits, server.server.roads), 'PUT'));
	expect(published.status).toBe(200);
});
afterAll(async () => {
	await server?.stop();
	await osrm?.close();
});

test('settlements are counted by their way to a stop, and it is said that no areas are drawn', async () => {
	const report = coverageReport.parse(await (await ask(`/coverage?from=${TODAY}&until=${TODAY}&minutes=20`)).json());
	expect([report.basis, report.areas, report.planned]).toEqual(['table', [], 1]);
	expect(report.total.reached).toBeGreaterThan(0);
	const stop = report.stops[0]!;
	const near = report.settlements.find(({ minutes }) => minutes !== null && minutes > 5)!;
	const roads = createRoads({ dataDir: '/nonexistent', osrmUrl: osrm.url });
	const { durations } = await roads.table({ places: [...report.stops.map(({ location }) => location), near.location] });
	const size = report.stops.length + 1;
	const least = Math.min(...report.stops.map((_, i) => durations[i * size + size - 1]!));
	expect(near.minutes).toBeCloseTo(least / 60, 0);
	expect(stop.visits).toBe(2);
	await roads.close();
});

test('whom rain cuts off cannot be told by it: it is refused, not answered with nobody', async () => {
	const answer = await ask('/isolation?mm=200');
	expect([answer.status, problem.parse(await answer.json()).detail]).toEqual([
		422,
		expect.stringContaining('does not hold these closures'),
	]);
});
