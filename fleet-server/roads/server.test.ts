/** The roads as a part of the server: started when they are asked for, told in its health, ended with it. */
import { health, type Health } from '@junkai/contracts';
import { expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test-support.ts';
import { junction, refusal, region } from './test-roads.ts';
import { buildRegion, mapFolder } from './tiles.ts';

const places = [junction('田辺R42'), junction('新宮R42')];

async function roadsOf(server: TestServer): Promise<{ status: Health['status']; part: Health['parts'][number] | undefined }> {
	const body = health.parse(await (await server.request('admin', '/api/v1/health')).json());
	return { status: body.status, part: body.parts.find(({ name }) => name.startsWith('roads')) };
}

test('without a map the server is up and says so; a map that is made meanwhile is driven on; the engine ends with the server', async () => {
	const server = await startTestServer();
	try {
		expect(await roadsOf(server)).toMatchObject({ status: 'up', part: { name: 'roads (valhalla)', up: false } });
		expect((await roadsOf(server)).part?.detail).toMatch(/junkai map build/);
		expect((await refusal(server.server.roads.route({ places }))).fault).toBe('no-tiles');
		await buildRegion(region, 'test', mapFolder(server.dataDir), () => {});
		expect((await server.server.roads.route({ places })).distance).toBeGreaterThan(90_000);
		expect(await roadsOf(server)).toEqual({ status: 'up', part: { name: 'roads (valhalla)', up: true } });
	} finally {
		await server.stop();
	}
	expect((await refusal(server.server.roads.nearest({ place: [135.41, 33.72] }))).fault).toMatch(/unavailable|no-tiles/);
});

test('an OSRM server that is away makes the health degraded', async () => {
	const server = await startTestServer({ osrmUrl: 'http://127.0.0.1:1' });
	try {
		const { status, part } = await roadsOf(server);
		expect(status).toBe('degraded');
		expect(part).toMatchObject({ name: 'roads (osrm)', up: false });
	} finally {
		await server.stop();
	}
});
