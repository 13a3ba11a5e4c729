import { topics, positionPage } from '@junkai/contracts';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startInflux, startMosquitto, type Part } from '../test-parts.ts';
import { passwordOf, position, startTestServer, TestBrowser, TestVan, until, type TestServer } from '../test-support.ts';

describe('Mosquitto and InfluxDB instead of the embedded parts', () => {
	let mosquitto: Part;
	let influx: Part;
	let server: TestServer;
	let address: string;
	beforeAll(async () => {
		[mosquitto, influx] = await Promise.all([startMosquitto(), startInflux()]);
		address = `mqtt://127.0.0.1:${mosquitto.port}`;
		server = await startTestServer({ mqttUrl: mosquitto.url, influxUrl: influx.url });
		await until(async () => (await server.server.troubles()).length === 0, 'the server to be up');
	});
	afterAll(async () => {
		await server.stop();
		await Promise.all([mosquitto.remove(), influx.remove()]);
	});
	const stored = async () => {
		const response = await server.request('dispatcher', '/api/v1/vehicles/van-1/positions');
		return positionPage.parse(await response.json()).items.map(({ seq }) => seq);
	};

	test('records go the whole way, births and wills too', async () => {
		expect(server.server.mqttPort).toBeNull();
		const browser = await TestBrowser.open(server, 'dispatcher');
		await browser.subscribe([{ vehicles: '*', kinds: ['vehicle', 'position'] }]);
		const van = await TestVan.connect(address, 'van-1');
		await van.birth();
		await van.store([position(1), position(2)]);
		expect(van.ranges()).toEqual([[1, 2]]);
		expect(await stored()).toEqual([1, 2]);
		await browser.next('position');
		await browser.next('vehicle', ({ vehicle }) => vehicle.link.state === 'online');
		van.cut();
		await browser.next('vehicle', ({ vehicle }) => vehicle.link.state === 'offline' && vehicle.link.cause === 'will');
		browser.close();
	});

	test('messages do not wait for one another’s receipt', async () => {
		const van = await TestVan.connect(address, 'van-2', { will: false });
		const queued = async () => {
			const text = await (await server.request(null, '/metrics')).text();
			return Number(/^junkai_ingest_queued_records (\d+)/m.exec(text)?.[1]);
		};
		// With the store frozen no receipt goes out; all the same the server takes message after message.
		influx.signal('SIGSTOP');
		try {
			await Promise.all(Array.from({ length: 60 }, (_, index) => van.send([position(index + 1)])));
			await until(async () => (await queued()) === 60, 'all of them to be taken');
			expect(van.acks).toEqual([]);
		} finally {
			influx.signal('SIGCONT');
		}
		await until(() => van.acked.size === 60, 'all acks', 15_000);
		await van.end();
	});

	test('while the store is away nothing is acknowledged and nothing is lost', async () => {
		const van = await TestVan.connect(address, 'van-1', { will: false });
		await influx.kill();
		await van.send([position(10)]);
		await until(async () => (await server.request(null, '/healthz')).status === 503, 'the health page to say so');
		expect(van.acks).toEqual([]);
		// What needs no telemetry goes on; what does says so.
		expect((await server.request('dispatcher', '/api/v1/vehicles/van-1/positions')).status).toBe(503);
		await until(async () => (await server.vehicle('van-1'))?.position?.seq === 10, 'the position all the same');
		await influx.start();
		await until(() => van.acked.has(10), 'the late ack', 15_000);
		expect(await stored()).toContain(10);
		await until(async () => (await server.request(null, '/healthz')).status === 200, 'the server to be up again');
		await van.end();
	});

	test('what came while the server was away is stored when it is back', async () => {
		const van = await TestVan.connect(address, 'van-1', { will: false });
		await server.server.stop();
		await van.send([position(20), position(21)]);
		await server.restart();
		await until(() => van.acked.has(21), 'the ack', 15_000);
		expect(await stored()).toEqual(expect.arrayContaining([20, 21]));
		await van.end();
	});

	test('a server that was away learns from the broker who is online and who died meanwhile', async () => {
		const stays = await TestVan.connect(address, 'van-1');
		const dies = await TestVan.connect(address, 'van-2');
		await stays.birth();
		await dies.birth();
		await until(async () => (await server.vehicle('van-2'))?.link.state === 'online', 'the birth');
		const { lastSeen } = (await server.vehicle('van-1'))!.link;
		await server.server.stop();
		dies.cut();
		await server.restart();
		await until(async () => (await server.vehicle('van-1'))?.link.state === 'online', 'who stayed');
		await until(async () => (await server.vehicle('van-2'))?.link.state === 'offline', 'who died');
		// What the broker had kept is no sign of life.
		expect((await server.vehicle('van-1'))?.link.lastSeen).toBe(lastSeen);
		await stays.end();
	});

	test('a broker that dies is found again', async () => {
		await mosquitto.kill();
		await until(async () => (await server.server.troubles()).some((reason) => reason.includes('broker')), 'the trouble');
		await mosquitto.start();
		await until(async () => (await server.server.troubles()).length === 0, 'the server to be back', 15_000);
		const van = await TestVan.connect(address, 'van-1', { will: false });
		await van.store([position(30)]);
		await van.end();
	});

	test('the access rules of deploy/ hold a van to its own branch', async () => {
		const van = await TestVan.connect(address, 'van-1', { will: false });
		const spy = await TestVan.connect(address, 'van-2', { will: false });
		const heard: string[] = [];
		spy.client.on('message', (topic) => heard.push(topic));
		const grants = await spy.client.subscribeAsync(['junkai/#', topics.ack('van-1')], { qos: 1 }).catch(() => []);
		await spy.client.publishAsync(topics.up('van-1', 'urgent'), JSON.stringify({ made: 'up' }), { qos: 1 });
		await spy.client.publishAsync(topics.ack('van-1'), JSON.stringify({ v: 1, epoch: van.epoch, ranges: [[1, 99]] }), { qos: 1 });
		await van.store([position(40)]);
		expect(van.ranges()).toEqual([[40, 40]]);
		expect(heard).toEqual([]);
		expect(grants.length).toBeLessThanOrEqual(2);
		await Promise.all([van.end(), spy.end()]);
		const stranger = mqtt.connectAsync(address, { username: 'van-1', password: passwordOf('van-2'), reconnectPeriod: 0 });
		await expect(stranger).rejects.toThrow(/not authori[sz]ed/i);
	});
});
