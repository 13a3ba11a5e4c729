import { gunzipSync } from 'node:zlib';
import { manifest, publication, topics, type Manifest } from '@junkai/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startMosquitto, type Part } from '../test-parts.ts';
import { startTestServer, TestVan, until, type TestServer } from '../test-support.ts';
import { draftOf, routeOf } from './test-plan.ts';

const start = Date.parse('2026-11-24T08:30:00+09:00');

let mosquitto: Part;
let server: TestServer;
let address: string;
beforeAll(async () => {
	mosquitto = await startMosquitto();
	address = `mqtt://127.0.0.1:${mosquitto.port}`;
	server = await startTestServer({ mqttUrl: mosquitto.url, clockStart: '2026-11-24T08:00:00+09:00' });
	await until(async () => (await server.server.troubles()).length === 0, 'the server to be up');
});
afterAll(async () => {
	await server?.stop();
	await mosquitto?.remove();
});

async function connect(vehicle: string): Promise<{ van: TestVan; next: (revision: number) => Promise<Manifest> }> {
	const van = await TestVan.connect(address, vehicle, { will: false });
	const heard: Manifest[] = [];
	van.client.on('message', (topic, payload) => {
		if (topic === topics.manifest(vehicle)) heard.push(manifest.parse(JSON.parse(gunzipSync(payload).toString())));
	});
	await van.client.subscribeAsync(topics.manifest(vehicle), { qos: 1 });
	return { van, next: (revision) => until(() => heard.find((one) => one.revision === revision), `manifest ${revision}`) };
}
const put = async (visit: number) => {
	const response = await server.request('dispatcher', '/api/v1/plans/current', {
		method: 'PUT',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(draftOf([routeOf('van-1', start, [visit, 3, 4])])),
	});
	expect(response.status).toBe(200);
};
const received = async (revision: number) => {
	const all = z.array(publication).parse(await (await server.request('dispatcher', '/api/v1/publications')).json());
	return all.find((one) => one.revision === revision)!.receipts[0]!.received;
};

test('with a broker of its own a manifest waits for its van, and the receipt for the server', async () => {
	await put(1);
	const { van, next } = await connect('van-1');
	expect(await next(1)).toMatchObject({ date: '2026-11-24' });
	// The server is away while the van answers: the broker keeps the receipt.
	await server.server.stop();
	await van.publish(topics.receipt('van-1'), { v: 1, revision: 1, date: '2026-11-24', received: Date.now() }, true);
	await server.restart();
	await until(async () => (await received(1)) !== null, 'the receipt');
	await van.end();
});

test('what was published while the broker was away reaches the van when it is back', async () => {
	await mosquitto.kill();
	await until(async () => (await server.server.troubles()).length > 0, 'the trouble');
	await put(2);
	await mosquitto.start();
	const { van, next } = await connect('van-1');
	expect((await next(2)).route?.stops[1]?.visits[0]?.visit).toBe(2);
	await van.end();
});

test('the access rules of deploy/ let a van neither write a manifest nor hear another one’s', async () => {
	const { van } = await connect('van-1');
	const { van: spy } = await connect('van-2');
	const heard: string[] = [];
	spy.client.on('message', (topic) => heard.push(topic));
	await spy.client.subscribeAsync(topics.manifest('van-1'), { qos: 1 }).catch(() => []);
	await spy.client
		.publishAsync(topics.manifest('van-1'), JSON.stringify({ made: 'up' }), { qos: 1, retain: true })
		.catch(() => undefined);
	await van.client
		.publishAsync(topics.manifest('van-1'), JSON.stringify({ made: 'up' }), { qos: 1, retain: true })
		.catch(() => undefined);
	const again = await connect('van-1');
	expect((await again.next(2)).revision).toBe(2);
	expect(heard).toEqual([]);
	await Promise.all([van.end(), spy.end(), again.van.end()]);
});
