/** Real parts for this room's tests: a server on free ports in a folder of its own, vans by MQTT, browsers by WebSocket. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	liveMessage,
	topics,
	uplinkAck,
	vehicleList,
	type Birth,
	type EventRecord,
	type Lane,
	type LiveMessage,
	type PositionRecord,
	type ReadingRecord,
	type Role,
	type SeqRange,
	type UplinkAck,
	type UplinkBatch,
	type UplinkRecord,
	type Vehicle,
	type WaveformRecord,
	encodeSamples,
} from '@junkai/contracts';
import mqtt, { type MqttClient } from 'mqtt';
import pino from 'pino';
import { WebSocket } from 'ws';
import { provision } from './access/provision.ts';
import type { ServerOptionsInput } from './config.ts';
import { startServer, type RunningServer } from './server.ts';

export const quiet = pino({ level: 'silent' });

export function temporaryFolder(): { path: string; remove: () => void } {
	const path = mkdtempSync(join(tmpdir(), 'junkai-test-'));
	return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Waits until `read` gives something that is neither false nor null nor undefined. */
export async function until<T>(read: () => T | Promise<T>, what: string, timeoutMs = 10_000): Promise<NonNullable<T>> {
	const end = Date.now() + timeoutMs;
	for (;;) {
		const value = await read();
		if (value !== undefined && value !== null && value !== false) return value;
		if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}

export const passwordOf = (name: string): string => `${name}-password-of-the-test`;
export const vanIds = ['van-1', 'van-2'] as const;

export interface TestServer {
	server: RunningServer;
	dataDir: string;
	url: string;
	/** Signed-in request as a role. */
	request(role: Role | null, path: string, init?: RequestInit): Promise<Response>;
	cookie(role: Role): Promise<string>;
	vehicle(id: string): Promise<Vehicle | undefined>;
	/** Stops the server and starts it again on the same folder. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

/** Creates one user for each role (user name = role) and van-1, van-2. */
export async function provisionTest(dataDir: string): Promise<void> {
	const roles: Role[] = ['dispatcher', 'crew', 'doctor', 'admin'];
	await provision(dataDir, {
		users: roles.map((role) => ({ username: role, password: passwordOf(role), role })),
		vans: vanIds.map((vehicle) => ({ vehicle, name: vehicle.toUpperCase(), password: passwordOf(vehicle) })),
	});
}

export async function startTestServer(options: ServerOptionsInput = {}): Promise<TestServer> {
	const folder = temporaryFolder();
	await provisionTest(folder.path);
	const start = () => startServer({ httpPort: 0, mqttPort: 0, dataDir: folder.path, ...options }, { log: quiet });
	const cookies = new Map<Role, string>();
	const server = await start().catch((error: unknown) => {
		folder.remove();
		throw error;
	});
	const test: TestServer = {
		server,
		dataDir: folder.path,
		get url() {
			return `http://127.0.0.1:${test.server.httpPort}`;
		},
		async cookie(role) {
			let cookie = cookies.get(role);
			if (cookie === undefined) {
				cookie = await signIn(test.url, role);
				cookies.set(role, cookie);
			}
			return cookie;
		},
		async request(role, path, init = {}) {
			const cookie = role === null ? {} : { cookie: await test.cookie(role) };
			return fetch(test.url + path, { ...init, headers: { ...cookie, ...(init.headers as Record<string, string> | undefined) } });
		},
		async vehicle(id) {
			const list = vehicleList.parse(await (await test.request('dispatcher', '/api/v1/vehicles')).json());
			return list.find((vehicle) => vehicle.id === id);
		},
		async restart() {
			await test.server.stop();
			test.server = await start();
		},
		async stop() {
			await test.server.stop();
			folder.remove();
		},
	};
	return test;
}

export async function signIn(url: string, username: string, password = passwordOf(username)): Promise<string> {
	const response = await fetch(`${url}/api/v1/session`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ username, password }),
	});
	if (response.status !== 200) throw new Error(`sign-in answered ${response.status}: ${await response.text()}`);
	return response.headers.getSetCookie()[0]!.split(';')[0]!;
}

/** A van of the test: what a gateway does on MQTT, without a spool. */
export class TestVan {
	readonly vehicle: string;
	readonly epoch: string;
	readonly boot: string;
	readonly session = randomUUID();
	readonly client: MqttClient;
	readonly acks: UplinkAck[] = [];
	readonly commands: unknown[] = [];
	readonly acked = new Set<number>();

	private constructor(vehicle: string, client: MqttClient, epoch: string, boot: string) {
		this.vehicle = vehicle;
		this.client = client;
		this.epoch = epoch;
		this.boot = boot;
		client.on('error', () => undefined);
		client.on('message', (topic, payload) => {
			if (topic === topics.command(vehicle)) this.commands.push(JSON.parse(payload.toString()));
			if (topic !== topics.ack(vehicle)) return;
			const ack = uplinkAck.parse(JSON.parse(payload.toString()));
			if (ack.epoch !== this.epoch) return;
			this.acks.push(ack);
			for (const [from, to] of ack.ranges) for (let seq = from; seq <= to; seq++) this.acked.add(seq);
		});
	}

	static async connect(
		url: string,
		vehicle: string,
		{ password = passwordOf(vehicle), epoch = randomUUID(), boot = 'boot-1', will = true } = {},
	): Promise<TestVan> {
		const session = randomUUID();
		const client = mqtt.connect(url, {
			username: vehicle,
			password,
			clientId: vehicle,
			reconnectPeriod: 0,
			connectTimeout: 5000,
			...(will && {
				will: {
					topic: topics.death(vehicle),
					payload: Buffer.from(JSON.stringify({ v: 1, session, cause: 'will' })),
					qos: 1,
					retain: true,
				},
			}),
		});
		const van = new TestVan(vehicle, client, epoch, boot);
		Object.assign(van, { session });
		await new Promise<void>((resolve, reject) => {
			client.once('connect', () => resolve());
			client.once('error', reject);
			client.once('close', () => reject(new Error('connection closed')));
		});
		await client.subscribeAsync([topics.ack(vehicle), topics.command(vehicle)], { qos: 1 });
		return van;
	}

	async birth(change: Partial<Birth> = {}): Promise<void> {
		const message: Birth = {
			v: 1,
			session: this.session,
			epoch: this.epoch,
			boot: this.boot,
			time: Date.now(),
			clock: 'gnss',
			name: '1号車',
			software: 'test',
			devices: [],
			...change,
		};
		await this.publish(topics.birth(this.vehicle), message, true);
	}

	/** Sends records; settles when the broker has them. */
	async send(records: readonly unknown[], change: Partial<UplinkBatch> = {}, lane: Lane = 'urgent'): Promise<void> {
		const batch = { v: 1, epoch: this.epoch, boot: this.boot, historical: false, sent: Date.now(), records, ...change };
		await this.publish(topics.up(this.vehicle, lane), batch, false);
	}

	/** Sends records and waits until all of them are acknowledged. */
	async store(records: readonly UplinkRecord[], change: Partial<UplinkBatch> = {}): Promise<void> {
		await this.send(records, change);
		await until(() => records.every(({ seq }) => this.acked.has(seq)), 'the acknowledgement');
	}

	async publish(topic: string, message: unknown, retain: boolean): Promise<void> {
		const payload = message instanceof Uint8Array ? Buffer.from(message) : JSON.stringify(message);
		await this.client.publishAsync(topic, payload, { qos: 1, retain });
	}

	ranges(): SeqRange[] {
		return this.acks.flatMap((ack) => ack.ranges);
	}

	/** Ends the connection without a farewell: the broker sends the last will. */
	cut(): void {
		this.client.stream.destroy();
	}

	async end(): Promise<void> {
		await this.client.endAsync(true);
	}
}

export const position = (seq: number, time = Date.now(), change: Partial<PositionRecord> = {}): PositionRecord => ({
	kind: 'position',
	seq,
	time,
	clock: 'gnss',
	port: 'gnss',
	lat: 33.8 + seq * 1e-5,
	lon: 135.7,
	mode: 3,
	speed: 10.5,
	track: 90,
	...change,
});
export const reading = (seq: number, time = Date.now(), change: Partial<ReadingRecord> = {}): ReadingRecord => ({
	kind: 'reading',
	seq,
	time,
	clock: 'gnss',
	port: 'oximeter',
	code: 'spo2',
	value: 97,
	...change,
});
export const event = (seq: number, time = Date.now(), change: Partial<EventRecord> = {}): EventRecord => ({
	kind: 'event',
	seq,
	time,
	clock: 'gnss',
	class: 'technical',
	code: 'port-opened',
	...change,
});
export const waveform = (
	seq: number,
	time = Date.now(),
	samples: readonly number[] = [0, 1, -1, 32_767, -32_768],
): WaveformRecord => ({
	kind: 'waveform',
	seq,
	time,
	clock: 'gnss',
	port: 'monitor',
	signal: 'ecg',
	channels: ['II'],
	rate: 250,
	unit: 'count',
	range: [0, 4095],
	stream: 'stream-1',
	index: seq * samples.length,
	count: samples.length,
	data: encodeSamples([Int16Array.from(samples)]),
});

/** A browser of the test on the live channel. */
export class TestBrowser {
	readonly socket: WebSocket;
	readonly messages: LiveMessage[] = [];
	readonly frames: Uint8Array[] = [];
	closed: number | null = null;

	private constructor(socket: WebSocket) {
		this.socket = socket;
		socket.on('message', (data: Buffer, binary: boolean) => {
			if (binary) this.frames.push(new Uint8Array(data));
			else this.messages.push(liveMessage.parse(JSON.parse(data.toString())));
		});
		socket.on('close', (code) => (this.closed = code));
	}

	static async open(test: TestServer, role: Role): Promise<TestBrowser> {
		const address = `${test.url.replace('http', 'ws')}/api/v1/live`;
		const browser = new TestBrowser(new WebSocket(address, { headers: { cookie: await test.cookie(role), origin: test.url } }));
		await browser.next('hello');
		return browser;
	}

	async subscribe(subscriptions: unknown): Promise<void> {
		const before = this.messages.filter(({ type }) => type === 'subscribed').length;
		this.socket.send(JSON.stringify({ type: 'subscribe', subscriptions }));
		await until(() => this.messages.filter(({ type }) => type === 'subscribed').length > before, 'the subscription');
	}

	all<T extends LiveMessage['type']>(type: T): Extract<LiveMessage, { type: T }>[] {
		return this.messages.filter((message): message is Extract<LiveMessage, { type: T }> => message.type === type);
	}

	/** The first message of a type that fits, also one that came already. */
	next<T extends LiveMessage['type']>(
		type: T,
		fits: (message: Extract<LiveMessage, { type: T }>) => boolean = () => true,
	): Promise<Extract<LiveMessage, { type: T }>> {
		return until(() => this.all(type).find(fits), `a message "${type}"`);
	}

	close(): void {
		this.socket.terminate();
	}
}
