import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { decodeWaveformFrame, type LiveKind, type LiveMessage } from '@junkai/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createServiceClock } from '../clock.ts';
import { Access } from '../access/users.ts';
import { openRecords } from '../store/database.ts';
import { vanStore } from '../store/vans.ts';
import { VehicleRegistry } from '../store/vehicle-registry.ts';
import { vehicleStore } from '../store/vehicle-store.ts';
import {
	event,
	position,
	quiet,
	reading,
	startTestServer,
	temporaryFolder,
	TestBrowser,
	TestVan,
	until,
	waveform,
	type TestServer,
} from '../test-support.ts';
import { LiveHub } from './hub.ts';

describe('the live channel', () => {
	let server: TestServer;
	let van: TestVan;
	let seq = 0;
	beforeAll(async () => {
		server = await startTestServer();
		van = await TestVan.connect(`mqtt://127.0.0.1:${server.server.mqttPort}`, 'van-1', { will: false });
		await van.birth();
	});
	afterAll(async () => {
		await van.end();
		await server.stop();
	});
	const handshake = async (headers: Record<string, string>) => {
		const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/live`, { headers });
		socket.on('error', () => undefined);
		const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number; destroy(): void }];
		response.destroy();
		return response.statusCode;
	};

	test('is for those who are signed in, and for our own pages', async () => {
		expect(await handshake({})).toBe(401);
		expect(await handshake({ cookie: 'junkai_session=made-up-made-up-made-up' })).toBe(401);
		expect(await handshake({ cookie: await server.cookie('doctor'), origin: 'http://evil.example' })).toBe(403);
	});

	test('a kind that is not for a role is refused, the rest is subscribed', async () => {
		const dispatcher = await TestBrowser.open(server, 'dispatcher');
		await dispatcher.subscribe([{ vehicles: '*', kinds: ['vehicle', 'position', 'reading', 'waveform', 'event'] }]);
		expect(dispatcher.all('refused').map(({ reason }) => reason)).toEqual([
			expect.stringContaining('reading'),
			expect.stringContaining('waveform'),
		]);
		const doctor = await TestBrowser.open(server, 'doctor');
		await doctor.subscribe([{ vehicles: ['van-1'], kinds: ['position', 'reading', 'waveform', 'event'] }]);
		expect(doctor.all('refused')).toHaveLength(1);
		await van.store([
			position(++seq),
			reading(++seq),
			waveform(++seq),
			event(++seq, Date.now(), { class: 'physiological', code: 'rhythm', detail: { rhythm: 'asystole' } }),
			event(++seq),
		]);
		const ours = (messages: readonly LiveMessage[]) =>
			messages.flatMap((message) => ('record' in message ? [message.record.seq] : [])).toSorted((a, b) => a - b);
		await until(() => doctor.frames.length > 0 && ours(doctor.messages).length === 3, 'what is for the doctor');
		await until(() => ours(dispatcher.messages).length === 2, 'what is for the dispatcher');
		expect(ours(doctor.messages)).toEqual([2, 4, 5]);
		expect(ours(dispatcher.messages)).toEqual([1, 5]);
		expect(dispatcher.frames).toEqual([]);
		dispatcher.close();
		doctor.close();
	});

	test('who subscribes sees the last values at once, with their own time', async () => {
		const time = Date.now() - 90_000;
		await van.store([reading(++seq, time, { code: 'body-temperature', value: 36.6 })]);
		const doctor = await TestBrowser.open(server, 'doctor');
		await doctor.subscribe([{ vehicles: ['van-1'], kinds: ['vehicle', 'reading'] }]);
		const last = await doctor.next('reading', ({ record }) => record.code === 'body-temperature');
		expect(last.record).toMatchObject({ time, value: 36.6 });
		await doctor.next('vehicle', ({ vehicle }) => vehicle.id === 'van-1');
		doctor.close();
	});

	test('another subscription replaces the one before; other vans are not heard', async () => {
		const doctor = await TestBrowser.open(server, 'doctor');
		await doctor.subscribe([{ vehicles: ['van-1'], kinds: ['reading'] }]);
		await doctor.subscribe([{ vehicles: ['van-2'], kinds: ['reading'] }]);
		const before = doctor.all('reading').length;
		await van.store([reading(++seq)]);
		expect(doctor.all('reading')).toHaveLength(before);
		doctor.close();
	});

	test('tells the delay of the link', async () => {
		const doctor = await TestBrowser.open(server, 'doctor');
		await doctor.subscribe([{ vehicles: ['van-1'], kinds: ['vehicle'] }]);
		await van.store([position(++seq)], { sent: Date.now() - 700 });
		const { delay, clock } = await doctor.next('link', (link) => link.delay !== null && link.delay >= 700);
		expect(delay).toBeLessThan(5000);
		expect(clock).toBe('gnss');
		doctor.close();
	});

	test('a van is watched as long as someone looks', async () => {
		const start = van.commands.length;
		const orders = () => van.commands.slice(start).map((command) => (command as { lease: number }).lease);
		const doctor = await TestBrowser.open(server, 'doctor');
		await doctor.subscribe([{ vehicles: ['van-1'], kinds: ['waveform'] }]);
		await until(() => orders().includes(30), 'the lease');
		// A van that comes back has no lease and gets one at once.
		await van.birth();
		await until(() => orders().filter((lease) => lease === 30).length >= 2, 'the lease after the birth');
		doctor.close();
		await until(() => orders().at(-1) === 0, 'the end of the lease');
	});

	test('nonsense is answered and harms nobody; a flood is ended', async () => {
		const browser = await TestBrowser.open(server, 'doctor');
		browser.socket.send('{');
		browser.socket.send('{"type":"subscribe","subscriptions":[{"vehicles":"*","kinds":["secrets"]}]}');
		browser.socket.send(Buffer.from([1, 2, 3]));
		await until(() => browser.all('refused').length === 3, 'three refusals');
		browser.socket.send(JSON.stringify({ type: 'ping', id: 7 }));
		expect((await browser.next('pong')).id).toBe(7);
		for (let index = 0; index < 200; index++) browser.socket.send('{"type":"ping","id":1}');
		await until(() => browser.closed === 1008, 'the end of the connection');
	});

	test('who signs out is told and disconnected', async () => {
		const browser = await TestBrowser.open(server, 'crew');
		const response = await server.request('crew', '/api/v1/session', { method: 'DELETE' });
		expect(response.status).toBe(204);
		await browser.next('signed-out');
		await until(() => browser.closed === 1008, 'the end of the connection');
	});
});

test('a slow browser gets the newest and is told what it missed; nothing queues up for it', async () => {
	const folder = temporaryFolder();
	const database = openRecords(join(folder.path, 'junkai.db'));
	const access = new Access(database, quiet);
	const registry = new VehicleRegistry(vehicleStore(database), vanStore(database), quiet);
	const dropped: LiveKind[] = [];
	const hub = new LiveHub({
		access,
		registry,
		plans: new EventEmitter(),
		clock: createServiceClock({ clockStart: undefined, clockSpeed: 1, clockFrom: undefined }),
		log: quiet,
		send: () => undefined,
		onDrop: (kind) => dropped.push(kind),
	});
	const session = { key: 'k', username: 'doctor', role: 'doctor' as const, expires: Date.now() + 60_000 };
	const http = createServer().listen(0, '127.0.0.1');
	http.on('upgrade', (request, socket, head) => hub.upgrade(request, socket, head, session));
	await once(http, 'listening');
	const open = async () => {
		const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
		const got = { readings: [] as number[], blocks: [] as number[], dropped: [] as LiveMessage[], subscribed: false };
		socket.on('message', (data: Buffer, binary: boolean) => {
			if (binary) return void got.blocks.push(decodeWaveformFrame(new Uint8Array(data)).header.seq);
			const message = JSON.parse(data.toString()) as LiveMessage;
			if (message.type === 'reading') got.readings.push(message.record.seq);
			if (message.type === 'dropped') got.dropped.push(message);
			if (message.type === 'subscribed') got.subscribed = true;
		});
		await once(socket, 'open');
		registry.seen('van-1');
		socket.send(JSON.stringify({ type: 'subscribe', subscriptions: [{ vehicles: ['van-1'], kinds: ['reading', 'waveform'] }] }));
		await until(() => got.subscribed, 'the subscription');
		return { socket, got };
	};
	const slow = await open();
	const fast = await open();
	slow.socket.pause();
	const origin = { vehicle: 'van-1', epoch: randomUUID(), boot: 'boot-1', historical: false };
	const samples = Array.from({ length: 10_000 }, (_, index) => index % 100);
	const BLOCKS = 1500;
	let most = 0;
	for (let seq = 1; seq <= BLOCKS; seq++) {
		hub.record(origin, waveform(seq, Date.now(), samples));
		hub.record(origin, reading(seq + BLOCKS));
		most = Math.max(most, hub.waitingBytes);
		if (seq % 20 === 0) await until(() => fast.got.blocks.length === seq, 'the fast browser', 20_000);
	}
	expect(fast.got.blocks).toEqual(Array.from({ length: BLOCKS }, (_, index) => index + 1));
	expect(fast.got.dropped).toEqual([]);
	// 30 MB went to the fast one; the slow one's share must not lie in memory.
	expect(most).toBeLessThan(1_000_000);
	expect(dropped.length).toBeGreaterThan(100);
	slow.socket.resume();
	await until(() => slow.got.readings.at(-1) === BLOCKS * 2 && slow.got.blocks.at(-1) === BLOCKS, 'the newest of all');
	await until(() => slow.got.dropped.length >= 2, 'the counts');
	const missed = (kind: string) =>
		slow.got.dropped.reduce((sum, message) => sum + (message.type === 'dropped' && message.kind === kind ? message.count : 0), 0);
	expect(missed('waveform')).toBe(BLOCKS - slow.got.blocks.length);
	expect(missed('reading')).toBe(BLOCKS - slow.got.readings.length);
	expect(missed('waveform')).toBeGreaterThan(0);
	slow.socket.terminate();
	fast.socket.terminate();
	await hub.stop();
	http.close();
	registry.stop();
	access.stop();
	database.close();
	folder.remove();
}, 40_000);
