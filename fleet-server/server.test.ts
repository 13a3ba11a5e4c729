import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { decodeWaveformFrame, positionPage, readingPage, waveformPage } from '@junkai/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from './server.ts';
import {
	quiet,
	temporaryFolder,
	position,
	reading,
	startTestServer,
	TestBrowser,
	TestVan,
	until,
	waveform,
	type TestServer,
} from './test-support.ts';

describe('the whole way through the server', () => {
	let server: TestServer;
	let van: TestVan;
	beforeAll(async () => {
		server = await startTestServer();
		van = await TestVan.connect(`mqtt://127.0.0.1:${server.server.mqttPort}`, 'van-1');
		await van.birth();
	});
	afterAll(async () => {
		await van.end();
		await server.stop();
	});

	test('is up', async () => {
		const response = await server.request(null, '/healthz');
		expect(response.status).toBe(200);
		expect(await response.json()).toEqual({ status: 'up', reasons: [] });
	});

	test('a van’s records are acknowledged, stored, read back and shown live', async () => {
		const dispatcher = await TestBrowser.open(server, 'dispatcher');
		const doctor = await TestBrowser.open(server, 'doctor');
		await dispatcher.subscribe([{ vehicles: '*', kinds: ['vehicle', 'position'] }]);
		await doctor.subscribe([{ vehicles: ['van-1'], kinds: ['vehicle', 'reading', 'waveform'] }]);
		await until(() => van.commands.length > 0, 'the watch order');
		expect(van.commands[0]).toMatchObject({ type: 'watch', lease: 30 });

		const time = Date.now() + 0.125;
		const records = [position(1, time), reading(2, time), waveform(3, time)];
		await van.store(records);
		expect((await dispatcher.next('position')).record).toEqual(records[0]);
		expect((await doctor.next('reading')).record).toEqual(records[1]);
		const frame = decodeWaveformFrame(await until(() => doctor.frames[0], 'a frame'));
		expect([...frame.samples[0]!]).toEqual([0, 1, -1, 32_767, -32_768]);
		expect(dispatcher.frames).toEqual([]);

		const page = async (role: 'dispatcher' | 'doctor', what: string) =>
			(await server.request(role, `/api/v1/vehicles/van-1/${what}`)).json();
		const of = { epoch: van.epoch, historical: false, received: expect.any(Number) };
		expect(positionPage.parse(await page('dispatcher', 'positions'))).toEqual({ items: [{ ...records[0], ...of }], next: null });
		expect(readingPage.parse(await page('doctor', 'observations'))).toEqual({ items: [{ ...records[1], ...of }], next: null });
		expect(waveformPage.parse(await page('doctor', 'waveforms'))).toEqual({ items: [{ ...records[2], ...of }], next: null });

		const vehicle = await server.vehicle('van-1');
		expect(vehicle).toMatchObject({ name: '1号車', position: { lat: records[0]!.kind === 'position' ? records[0]!.lat : 0 } });
		expect(vehicle?.link.state).toBe('online');
		dispatcher.close();
		doctor.close();
	});

	test('a restarted server still knows vehicles and values', async () => {
		const before = await server.vehicle('van-1');
		await server.restart();
		const after = await server.vehicle('van-1');
		expect(after?.position).toEqual(before?.position);
		// Its van has not come back yet: nobody can say that it is online.
		expect(after?.link.state).not.toBe('online');
		const doctor = await TestBrowser.open(server, 'doctor');
		await doctor.subscribe([{ vehicles: ['van-1'], kinds: ['reading'] }]);
		expect((await doctor.next('reading')).record).toMatchObject({ code: 'spo2', value: 97 });
		doctor.close();
	});
});

test('stops within seconds whatever is connected, and leaves no port open', async () => {
	const server = await startTestServer();
	const { httpPort, mqttPort } = server.server;
	const browser = await TestBrowser.open(server, 'doctor');
	browser.socket.pause();
	const vans = [
		await TestVan.connect(`mqtt://127.0.0.1:${mqttPort}`, 'van-1'),
		await TestVan.connect(`ws://127.0.0.1:${httpPort}/mqtt`, 'van-2'),
	];
	const idle = connect(httpPort, '127.0.0.1');
	idle.on('error', () => undefined);
	idle.write('GET /healthz HTTP/1.1\r\n');
	await once(idle, 'connect');
	const start = Date.now();
	await server.stop();
	expect(Date.now() - start).toBeLessThan(15_000);
	for (const port of [httpPort, mqttPort!]) {
		await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
	}
	for (const van of vans) await van.end();
	browser.close();
});

test('a port that is taken is named', async () => {
	const server = await startTestServer();
	await expect(startTestServer({ httpPort: server.server.httpPort })).rejects.toMatchObject({
		name: 'FleetServerError',
		code: 'listen',
		message: expect.stringContaining(String(server.server.httpPort)),
	});
	await expect(startTestServer({ mqttPort: server.server.mqttPort! })).rejects.toMatchObject({ code: 'listen' });
	await server.stop();
});

test('a telemetry file that is none is named and left alone', async () => {
	const folder = temporaryFolder();
	const path = join(folder.path, 'telemetry.db');
	const content = 'this is no database, '.repeat(300);
	writeFileSync(path, content);
	await expect(startServer({ httpPort: 0, mqttPort: 0, dataDir: folder.path }, { log: quiet })).rejects.toMatchObject({
		name: 'FleetServerError',
		message: expect.stringMatching(/telemetry\.db.*not a database/),
	});
	expect(readFileSync(path, 'utf8')).toBe(content);
	folder.remove();
});
