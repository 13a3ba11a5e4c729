/**
 * The promise of the uplink, put to the test with real parts: twenty thousand numbered fixes go through a pty, a gateway, a
 * broker and a store, while gateway, server and broker are killed with -9 and the link is cut, at moments drawn from a seed.
 * Every fix that the gateway had taken into its spool must stand in the store: once, unchanged, with its original time.
 *
 * What a device says while no gateway runs was heard by nobody. So after a kill of the gateway the receiver goes on with the
 * number after the last one that spool or store hold: a number that either had and then lost would be missing, one that was
 * taken twice would stand there twice.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { randomFrom, spawnEmulatorHost, startRadio, type EmulatorHost, type Radio } from '@junkai/sim';
import { Api, demoUser } from '../support/api.ts';
import { influxdb, mosquitto, type Engine } from '../support/engines.ts';
import { latitudeOf, numberOf, sentence } from '../support/numbered.ts';
import { attendedDay } from '../support/van.ts';
import { freePort, junkai, tempFolder, until, type Running } from '../support/processes.ts';

const COUNT = Number(process.env['JUNKAI_TEST_RECORDS'] ?? 20_000);
const CHUNK = 100;
const SEED = Number(process.env['JUNKAI_TEST_SEED'] ?? 20_261_122);
const VAN = 'van-1';
const FAULTS = ['kill gateway', 'kill server', 'kill broker', 'cut link', 'black hole'] as const;
type Fault = (typeof FAULTS)[number];

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
	for (const undo of cleanup.splice(0).toReversed()) await undo();
});

/** All the parts, each of which can be killed and started again. */
class Rig {
	readonly folder: string;
	readonly httpPort: number;
	readonly brokerPort: number;
	readonly env: NodeJS.ProcessEnv;
	readonly engines: Engine[];
	server!: Running;
	gateway!: Running;
	host!: EmulatorHost;
	radio!: Radio;
	api!: Api;
	/** Wall time at which each number was first handed to the pty and, for the last time, taken by it. */
	readonly said = new Map<number, { from: number; to: number }>();
	next = 1;

	constructor(folder: string, ports: { http: number; broker: number }, env: NodeJS.ProcessEnv, engines: Engine[]) {
		this.folder = folder;
		this.httpPort = ports.http;
		this.brokerPort = ports.broker;
		this.env = env;
		this.engines = engines;
	}

	async startServer(): Promise<void> {
		const args = [
			'server',
			'--http-port',
			String(this.httpPort),
			'--data-dir',
			join(this.folder, 'data'),
			'--demo-vans',
			'1',
			'--log-level',
			'warn',
		];
		this.server = junkai(this.engines.length === 0 ? [...args, '--mqtt-port', String(this.brokerPort)] : args, this.env);
		await until('the server is healthy', async () => {
			if (!this.server.running) throw new Error(`the server ended: ${this.server.output}`);
			return (await fetch(`http://127.0.0.1:${this.httpPort}/healthz`)).status === 200;
		});
	}

	async startGateway(): Promise<void> {
		this.gateway = junkai(['gateway', join(this.folder, 'van.yaml')]);
		await until('the gateway runs', () => {
			if (!this.gateway.running) throw new Error(`the gateway ended: ${this.gateway.output}`);
			return this.gateway.output.includes('gateway runs');
		});
	}

	async start(password: string): Promise<void> {
		this.radio = await startRadio({ target: { host: '127.0.0.1', port: this.brokerPort } });
		writeFileSync(
			join(this.folder, 'van.yaml'),
			JSON.stringify({
				vehicle: VAN,
				mqtt: { url: `mqtt://127.0.0.1:${this.radio.port}`, password, keepalive: 3 },
				clock: { system: 'trusted' },
				spool: { reserveMegabytes: 0 },
				ports: [
					{ name: 'gnss', path: join(this.folder, 'gnss'), device: 'nmea' },
					{ name: 'monitor', path: join(this.folder, 'monitor'), device: 'pm6750' },
				],
			}),
		);
		this.host = await spawnEmulatorHost();
		await this.host.open({ id: 'gnss', link: join(this.folder, 'gnss') });
		await this.host.open({ id: 'monitor', link: join(this.folder, 'monitor'), emulator: { device: 'pm6750', day: attendedDay() } });
		await this.startGateway();
		this.api = await Api.signIn(this.httpPort, demoUser(join(this.folder, 'data'), 'dispatcher'));
	}

	async feedOne(): Promise<void> {
		const last = Math.min(COUNT, this.next + CHUNK - 1);
		let text = '';
		const from = Date.now();
		for (let n = this.next; n <= last; n++) text += sentence(n);
		await this.host.feed('gnss', Buffer.from(text));
		const to = Date.now();
		for (let n = this.next; n <= last; n++) this.said.set(n, { from, to });
		this.next = last + 1;
	}

	/** Kills the gateway in the middle of its work, sees what it had kept, and lets the receiver go on from there. */
	async killGateway(): Promise<void> {
		await this.gateway.kill();
		await this.host.unplug('gnss');
		const kept = this.spooled();
		const stored = await this.stored();
		const last = Math.max(0, ...kept, ...stored.map((fix) => numberOf(fix.deviceTime ?? NaN)));
		expect(last).toBeLessThan(this.next);
		this.next = last + 1;
		await this.host.plug('gnss');
		await this.startGateway();
	}

	/** Numbers in the spool file, as a killed gateway left it. */
	spooled(): number[] {
		const file = new DatabaseSync(join(this.folder, 'spool.db'));
		try {
			const rows = file.prepare(`SELECT body FROM urgent WHERE body LIKE '%"position"%'`).all();
			return rows.map((row) => numberOf((JSON.parse(String(row['body'])) as { deviceTime: number }).deviceTime));
		} finally {
			file.close();
		}
	}

	stored() {
		return until('the server tells what it has', () => this.api.positions(VAN, 0, Date.now() + 60_000));
	}

	async inflict(fault: Fault, random: () => number): Promise<void> {
		const pause = (most: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, random() * most));
		switch (fault) {
			case 'kill gateway':
				return await this.killGateway();
			case 'kill server':
				await this.server.kill();
				await pause(1500);
				return await this.startServer();
			case 'kill broker': {
				const [broker] = this.engines;
				if (broker === undefined) return await this.inflict('kill server', random);
				await broker.kill();
				await pause(1500);
				return await broker.start();
			}
			case 'cut link':
				this.radio.cut();
				await pause(2500);
				return this.radio.restore();
			case 'black hole':
				this.radio.swallow();
				await pause(4000);
				return this.radio.restore();
		}
	}
}

async function run(rig: Rig, password: string): Promise<void> {
	await rig.start(password);
	const random = randomFrom(SEED);
	const faults = FAULTS.length * 4;
	const kinds = Array.from({ length: faults }, (_, i) => ({ fault: FAULTS[i % FAULTS.length]!, order: random() })).toSorted(
		(a, b) => a.order - b.order,
	);
	const schedule = kinds.map(({ fault }, i) => ({ fault, at: Math.floor(((i + random()) * COUNT * 0.95) / faults) }));
	while (rig.next <= COUNT || schedule.length > 0) {
		if (rig.next <= COUNT) await rig.feedOne();
		const due = schedule[0];
		if (due === undefined || rig.next < due.at) continue;
		schedule.shift();
		// The receiver speaks on while the fault lasts, except when it is the gateway that is gone.
		const over = rig.inflict(due.fault, random);
		if (due.fault !== 'kill gateway') {
			for (let n = 0; n < 3 && rig.next <= COUNT; n++) await rig.feedOne();
		}
		await over;
	}
	const stored = await until(
		'every number is in the store',
		async () => {
			const all = await rig.stored();
			return new Set(all.map((fix) => fix.deviceTime)).size >= COUNT ? all : undefined;
		},
		90_000,
	).catch(async (error: unknown) => {
		const have = new Set((await rig.stored()).map((fix) => numberOf(fix.deviceTime ?? NaN)));
		const missing = Array.from({ length: COUNT }, (_, i) => i + 1).filter((n) => !have.has(n));
		throw new Error(
			`${missing.length} numbers are missing, first ${missing.slice(0, 20).join()}; spool: ${rig.spooled().length}; gateway: ${rig.gateway.output.slice(-2000)}; server: ${rig.server.output.slice(-2000)}`,
			{ cause: error },
		);
	});

	const times = new Map<number, number>();
	for (const fix of stored) {
		const n = numberOf(fix.deviceTime ?? NaN);
		expect(times.has(n), `number ${n} stands twice`).toBe(false);
		times.set(n, fix.time);
		expect(fix.lat).toBeCloseTo(latitudeOf(n), 7);
		const said = rig.said.get(n);
		// Stamped when it was said, however late it came up: within the moments at which the pty took it and a second to read it.
		expect(fix.time).toBeGreaterThanOrEqual((said?.from ?? NaN) - 5);
		expect(fix.time).toBeLessThanOrEqual((said?.to ?? NaN) + 3000);
	}
	expect([...times.keys()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, i) => i + 1));
	await rig.host.faults('monitor', { silent: true });
	await until('the spool is empty', async () => {
		const [van] = await rig.api.vehicles();
		const pending = van?.spool?.pending;
		return pending !== undefined && pending.urgent + pending.numeric + pending.waveform === 0;
	});
	await expectWaveformsWhole(rig);
}

/**
 * A waveform's stream lives as long as its gateway: within it every block joins the one before, from the first sample to the
 * last that was spooled. A lost block would leave a gap, a doubled one an overlap.
 */
async function expectWaveformsWhole(rig: Rig): Promise<void> {
	const doctor = await Api.signIn(rig.httpPort, demoUser(join(rig.folder, 'data'), 'doctor'));
	const blocks = await doctor.waveforms(VAN, 0, Date.now() + 60_000);
	const streams = Map.groupBy(blocks, (block) => `${block.signal} ${block.stream}`);
	expect(streams.size).toBeGreaterThanOrEqual(3 * 4);
	for (const [name, stream] of streams) {
		let next = 0;
		for (const block of stream.toSorted((a, b) => a.index - b.index)) {
			expect(block.index, `${name}: block after sample ${next}`).toBe(next);
			next += block.count;
		}
	}
	expect(blocks.some((block) => block.historical)).toBe(true);
}

function makeFolder(name: string): string {
	const folder = tempFolder(name);
	cleanup.push(folder.dispose);
	mkdirSync(join(folder.path, 'data'), { mode: 0o700 });
	return folder.path;
}

function disposeOf(rig: Rig): () => Promise<void> {
	return async () => {
		await rig.gateway?.kill();
		await rig.server?.kill();
		await rig.host?.close();
		await rig.radio?.close();
		for (const engine of rig.engines) await engine.kill();
	};
}

const PASSWORD = 'a-password-of-the-test-van';
const vans = (folder: string): void =>
	writeFileSync(join(folder, 'data', 'demo-vans.json'), JSON.stringify([{ vehicle: VAN, name: '1号車', password: PASSWORD }]), {
		mode: 0o600,
	});

test('embedded broker and SQLite: none lost, none double, original times', async () => {
	const folder = makeFolder('lossless');
	vans(folder);
	const rig = new Rig(folder, { http: await freePort(), broker: await freePort() }, {}, []);
	cleanup.push(disposeOf(rig));
	await rig.startServer();
	await run(rig, PASSWORD);
});

test('Mosquitto and InfluxDB: none lost, none double, original times', async () => {
	const folder = makeFolder('lossless');
	vans(folder);
	const service = { name: 'fleet-server', password: 'the-server-password' };
	const broker = await mosquitto(folder, { [VAN]: PASSWORD }, service);
	const influx = await influxdb(folder);
	const env = { MQTT_URL: `mqtt://${service.name}:${service.password}@127.0.0.1:${broker.port}`, INFLUX_URL: influx.url };
	const rig = new Rig(folder, { http: await freePort(), broker: broker.port }, env, [broker, influx]);
	cleanup.push(disposeOf(rig));
	await broker.start();
	await influx.start();
	await rig.startServer();
	await run(rig, PASSWORD);
});
