import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { topics } from '@junkai/contracts';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	passwordOf,
	position,
	startTestServer,
	temporaryFolder,
	TestBrowser,
	TestVan,
	until,
	type TestServer,
} from '../test-support.ts';
import { FrameGuard } from './frame-guard.ts';

describe('the embedded broker', () => {
	let server: TestServer;
	let url: string;
	let folder: ReturnType<typeof temporaryFolder>;
	beforeAll(async () => {
		folder = temporaryFolder();
		const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
		const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
		const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
		execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-keyout', key, '-out', cert, '-days', '2', ...subject], {
			stdio: 'ignore',
		});
		server = await startTestServer({ mqttsPort: 0, tlsCert: cert, tlsKey: key });
		url = `mqtt://127.0.0.1:${server.server.mqttPort}`;
	});
	afterAll(async () => {
		await server.stop();
		folder.remove();
	});
	const connecting = (username: string, password: string | undefined) =>
		mqtt.connectAsync(url, { username, ...(password !== undefined && { password }), reconnectPeriod: 0 }, false);

	test.each([
		['a wrong password', 'van-1', 'wrong-password-wrong'],
		['another van’s password', 'van-1', passwordOf('van-2')],
		['no password', 'van-1', undefined],
		['an unknown van', 'van-9', passwordOf('van-9')],
		['a name that is no vehicle id', 'VAN/#', passwordOf('van-1')],
	])('refuses %s', async (_what, username, password) => {
		await expect(connecting(username, password)).rejects.toThrow(/bad username/i);
	});

	test('refuses a client without a name', async () => {
		await expect(mqtt.connectAsync(url, { reconnectPeriod: 0 }, false)).rejects.toThrow(/bad username/i);
	});

	test.each([
		topics.up('van-2', 'urgent'),
		topics.birth('van-2'),
		topics.ack('van-1'),
		topics.command('van-1'),
		'junkai/v1/van-1/other',
		'anything',
		'$SYS/broker',
	])('ends the connection of a van that publishes to %s', async (topic) => {
		const van = await TestVan.connect(url, 'van-1', { will: false });
		const closed = new Promise<void>((resolve) => van.client.once('close', () => resolve()));
		van.client.publish(topic, '{}', { qos: 0 });
		await closed;
		await van.end();
	});

	test('refuses a last will on another van’s topic', async () => {
		const will = { topic: topics.death('van-2'), payload: Buffer.from('{}'), qos: 1 as const, retain: true };
		await expect(
			mqtt.connectAsync(url, { username: 'van-1', password: passwordOf('van-1'), reconnectPeriod: 0, will }, false),
		).rejects.toThrow();
	});

	test('gives a van nothing of another’s, whatever filter it asks for', async () => {
		const van = await TestVan.connect(url, 'van-1', { will: false });
		const spy = await TestVan.connect(url, 'van-2', { will: false });
		const heard: string[] = [];
		spy.client.on('message', (topic) => heard.push(topic));
		for (const filter of ['#', 'junkai/v1/#', 'junkai/v1/+/ack', topics.ack('van-1'), '$share/x/junkai/v1/van-1/ack']) {
			await spy.client.subscribeAsync(filter, { qos: 1 }).catch(() => undefined);
		}
		await van.store([position(1)]);
		await spy.store([position(1)]);
		expect(heard).toEqual([topics.ack('van-2')]);
		await Promise.all([van.end(), spy.end()]);
	});

	test('the second connection of a van takes over; the first one’s will does not end it', async () => {
		const browser = await TestBrowser.open(server, 'dispatcher');
		await browser.subscribe([{ vehicles: ['van-1'], kinds: ['vehicle'] }]);
		const first = await TestVan.connect(url, 'van-1');
		await first.birth();
		const lost = new Promise<void>((resolve) => first.client.once('close', () => resolve()));
		const second = await TestVan.connect(url, 'van-1');
		await lost;
		await second.birth({ name: 'second' });
		await browser.next('vehicle', ({ vehicle }) => vehicle.name === 'second');
		await second.store([position(1)]);
		expect((await server.vehicle('van-1'))?.link.state).toBe('online');
		second.cut();
		await browser.next('vehicle', ({ vehicle }) => vehicle.name === 'second' && vehicle.link.state === 'offline');
		browser.close();
		await first.end();
	});

	test('speaks TLS', async () => {
		const secure = await mqtt.connectAsync(
			`mqtts://localhost:${server.server.mqttsPort}`,
			{ username: 'van-2', password: passwordOf('van-2'), reconnectPeriod: 0, rejectUnauthorized: false },
			false,
		);
		await secure.endAsync(true);
	});

	test('speaks WebSocket on the HTTP port', async () => {
		const van = await TestVan.connect(`${server.url.replace('http', 'ws')}/mqtt`, 'van-2', { will: false });
		await van.store([position(1)]);
		await van.end();
	});

	test('a large packet that comes in many pieces is read to its end', async () => {
		const van = await TestVan.connect(url, 'van-2', { will: false });
		const records = Array.from({ length: 5000 }, (_, index) => position(index + 100));
		await van.store(records);
		expect(van.ranges()).toEqual([[100, 5099]]);
		await van.end();
	});

	test('a packet that announces more than is allowed ends its connection, before anyone has signed in', async () => {
		const socket = connect(server.server.mqttPort!, '127.0.0.1');
		socket.on('error', () => undefined);
		socket.write(Uint8Array.from([0x10, 0xff, 0xff, 0xff, 0x7f]));
		await new Promise<void>((resolve) => socket.once('close', () => resolve()));
	});

	test('garbage does not disturb the others', async () => {
		const van = await TestVan.connect(url, 'van-1', { will: false });
		for (const bytes of [[0], [0xff, 0xff], Array.from({ length: 500 }, (_, index) => (index * 89) & 0xff)]) {
			const socket = connect(server.server.mqttPort!, '127.0.0.1');
			socket.on('error', () => undefined);
			socket.end(Uint8Array.from(bytes));
			await new Promise<void>((resolve) => socket.once('close', () => resolve()));
		}
		await van.store([position(1)]);
		await van.end();
	});

	test('a van that was given credentials while the server runs may connect at once', async () => {
		const { provision } = await import('../access/provision.ts');
		const added = await provision(server.dataDir, { vans: [{ vehicle: 'van-7', name: '7号車', password: passwordOf('van-7') }] });
		expect(added.vans).toEqual(['van-7']);
		const van = await TestVan.connect(url, 'van-7');
		await van.birth();
		await until(() => server.vehicle('van-7'), 'the new van');
		await van.end();
	});
});

describe('the guard on packet lengths', () => {
	const packet = (type: number, length: number) => {
		const bytes = [type];
		let rest = length;
		do bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
		while ((rest >>= 7) > 0);
		return [...bytes, ...Array.from({ length }, () => 0x80)];
	};

	test('lets sound packets through in any split', () => {
		const stream = Uint8Array.from([
			...packet(0x30, 0),
			...packet(0x32, 1),
			...packet(0x30, 127),
			...packet(0x30, 128),
			...packet(0xc0, 1000),
		]);
		for (let size = 1; size < 40; size++) {
			const guard = new FrameGuard(1000);
			for (let at = 0; at < stream.length; at += size) expect(guard.check(stream.subarray(at, at + size))).toBe(true);
		}
	});

	test('stops at the first packet that is too long, or whose length never ends', () => {
		expect(new FrameGuard(1000).check(Uint8Array.from([...packet(0x30, 10), 0x30, 0xe9, 0x07]))).toBe(false);
		expect(new FrameGuard(1000).check(Uint8Array.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01]))).toBe(false);
	});
});
