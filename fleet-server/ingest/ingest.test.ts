import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { positionPage, readingPage, topics } from '@junkai/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	event,
	passwordOf,
	position,
	provisionTest,
	reading,
	signIn,
	startTestServer,
	temporaryFolder,
	TestBrowser,
	TestVan,
	until,
	waveform,
	type TestServer,
} from '../test-support.ts';

describe('what vans send', () => {
	let server: TestServer;
	let van: TestVan;
	beforeAll(async () => {
		server = await startTestServer();
		van = await TestVan.connect(`mqtt://127.0.0.1:${server.server.mqttPort}`, 'van-1', { will: false });
	});
	afterAll(async () => {
		await van.end();
		await server.stop();
	});
	const stored = async () => {
		const response = await server.request('dispatcher', '/api/v1/vehicles/van-1/positions');
		return positionPage.parse(await response.json()).items.map(({ seq }) => seq);
	};
	const metric = async (start: string) => {
		const text = await (await server.request(null, '/metrics')).text();
		return text.split('\n').filter((line) => line.startsWith(start));
	};

	test('a bad record is refused by name, the rest of its batch is kept', async () => {
		const bad = { ...position(2), lat: 'north' };
		await van.send([position(1), bad, { nothing: 'of ours' }, 'not even an object', null, position(3)]);
		await until(() => van.acked.has(3), 'the ack');
		expect(van.acks[0]).toMatchObject({
			ranges: [
				[1, 1],
				[3, 3],
			],
			refused: [{ seq: 2, reason: expect.stringContaining('lat') }],
		});
		expect(await stored()).toEqual([1, 3]);
		expect((await metric('junkai_refused_total{what="record"')).length).toBeGreaterThan(0);
	});

	test('a batch of bad records only is answered too', async () => {
		await van.send([{ ...position(4), mode: 9 }]);
		await until(() => van.acks.some(({ refused }) => refused?.some(({ seq }) => seq === 4)), 'the refusal');
	});

	test('gzip is unpacked; damaged or monstrous gzip, no JSON and a wrong envelope harm nobody', async () => {
		const up = topics.up('van-1', 'numeric');
		const send = (bytes: Uint8Array) => van.client.publishAsync(up, Buffer.from(bytes), { qos: 1 });
		await send(gzipSync(Buffer.alloc(300 * 1024 * 1024)));
		await send(gzipSync('{}').subarray(0, 12));
		await send(Buffer.from('{"v":1'));
		await send(Buffer.from([0xff, 0xfe]));
		await send(Buffer.alloc(0));
		await send(Buffer.from(JSON.stringify({ v: 2, epoch: van.epoch, records: [] })));
		const batch = { v: 1, epoch: van.epoch, boot: van.boot, historical: false, records: [position(5)] };
		await send(gzipSync(JSON.stringify(batch)));
		await until(() => van.acked.has(5), 'the ack of the sound one');
		const refused = await metric('junkai_refused_total{what="up"');
		expect(refused.some((line) => line.includes('unpacks to more than'))).toBe(true);
		expect(refused.some((line) => line.includes('not JSON'))).toBe(true);
	});

	test('what is sent again is acknowledged again, stored once and shown once', async () => {
		const browser = await TestBrowser.open(server, 'dispatcher');
		await browser.subscribe([{ vehicles: '*', kinds: ['position'] }]);
		await van.store([position(6)]);
		van.acked.clear();
		await van.store([position(6), position(7)], { historical: true });
		expect((await stored()).filter((seq) => seq === 6)).toEqual([6]);
		await browser.next('position', ({ record }) => record.seq === 7);
		expect(browser.all('position').map(({ record }) => record.seq)).toEqual([6, 7]);
		browser.close();
	});

	test('a late record never moves the van backwards', async () => {
		const now = Date.now();
		await van.store([position(20, now, { lat: 33.9 })]);
		await van.store([position(19, now - 5000, { lat: 30 })], { historical: true });
		expect((await server.vehicle('van-1'))?.position?.lat).toBe(33.9);
		// An older spool that is read out at last is history as well, whatever numbers it has.
		await van.store([position(900, now - 60_000, { lat: 31 })], { historical: true });
	});

	test('readings of an unsynchronised clock are put right, stored and live', async () => {
		const doctor = await TestBrowser.open(server, 'doctor');
		await doctor.subscribe([{ vehicles: ['van-1'], kinds: ['reading'] }]);
		const now = Date.now();
		const delta = now - 60_000;
		const boot = 'boot-of-the-test';
		await van.store([reading(30, 1000, { clock: 'unsynchronised' })], { boot });
		const sync = event(31, now, { class: 'system', code: 'clock-synchronised', detail: { boot, delta } });
		await van.store([sync], { boot });
		await van.store([reading(32, 2000, { clock: 'unsynchronised' })], { boot });
		const live = await doctor.next('reading', ({ record }) => record.seq === 32);
		expect(live.record).toMatchObject({ time: 2000 + delta, clock: 'holdover' });
		const response = await server.request('doctor', '/api/v1/vehicles/van-1/observations');
		const times = readingPage.parse(await response.json()).items.map(({ seq, time }) => [seq, time]);
		expect(times).toEqual([
			[30, 1000 + delta],
			[32, 2000 + delta],
		]);
		doctor.close();
	});

	test('counts what it did', async () => {
		expect(await metric('junkai_records_total{kind="position"}')).toHaveLength(1);
		expect(Number((await metric('junkai_records_duplicate_total'))[0]?.split(' ')[1])).toBeGreaterThanOrEqual(1);
		expect((await metric('junkai_ack_seconds_count'))[0]).toMatch(/ [1-9]/);
		expect(await metric('junkai_vans_online')).toHaveLength(1);
	});
});

describe('kill -9 of the server', () => {
	/** A server as a process of its own, on fixed ports, so that it can die and come back. */
	async function spawnServer(dataDir: string, httpPort: number, mqttPort: number) {
		const child = spawn(
			process.execPath,
			[join(import.meta.dirname, '../test-process.ts'), dataDir, String(httpPort), String(mqttPort)],
			{
				stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
			},
		);
		const [ports] = (await once(child, 'message')) as [{ httpPort: number; mqttPort: number }];
		return { child, ...ports };
	}

	test('at random moments loses no acknowledged record and doubles none', async () => {
		const folder = temporaryFolder();
		await provisionTest(folder.path);
		let server = await spawnServer(folder.path, 0, 0);
		const { httpPort, mqttPort } = server;
		const url = `mqtt://127.0.0.1:${mqttPort}`;
		const acked = new Set<number>();
		const TOTAL = 1500;
		const start = Date.now();
		const epoch = crypto.randomUUID();
		for (let life = 0; acked.size < TOTAL; life++) {
			expect(life).toBeLessThan(40);
			const van = await TestVan.connect(url, 'van-1', { epoch, will: false });
			const dead = () => !van.client.connected;
			// What a gateway does: everything that is not acknowledged goes again.
			const open = Array.from({ length: TOTAL }, (_, index) => index + 1).filter((seq) => !acked.has(seq));
			const sending = (async () => {
				for (let at = 0; at < open.length && !dead(); at += 15) {
					const records = open.slice(at, at + 15).map((seq) => position(seq, start + seq));
					await Promise.race([van.send(records).catch(() => undefined), until(dead, 'the end', 5000).catch(() => undefined)]);
				}
			})();
			const last = life >= 5;
			// The first acks tell that commits are under way: then, at a moment that differs from life to life, the plug is pulled.
			await until(() => van.acked.size > life * 17 || van.acked.size === open.length, 'some acks');
			if (last) await until(() => van.acked.size === open.length, 'all acks', 20_000);
			else {
				server.child.kill('SIGKILL');
				await once(server.child, 'exit');
			}
			await sending;
			for (const seq of van.acked) acked.add(seq);
			await van.end().catch(() => undefined);
			if (!last) server = await spawnServer(folder.path, httpPort, mqttPort);
		}
		const cookie = await signIn(`http://127.0.0.1:${httpPort}`, 'dispatcher', passwordOf('dispatcher'));
		const query = `from=${start}&to=${start + TOTAL + 1}`;
		const response = await fetch(`http://127.0.0.1:${httpPort}/api/v1/vehicles/van-1/positions?${query}`, { headers: { cookie } });
		const { items } = positionPage.parse(await response.json());
		expect(items.map(({ seq, time }) => time - start - seq)).toEqual(Array.from({ length: TOTAL }, () => 0));
		expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: TOTAL }, (_, index) => index + 1));
		server.child.kill('SIGTERM');
		const [code] = (await once(server.child, 'exit')) as [number];
		expect(code).toBe(0);
		folder.remove();
	}, 60_000);
});

describe('a store that cannot keep up', () => {
	test('more than may wait is given up unacknowledged; memory stays bounded and the rest goes through', async () => {
		const { Ingest } = await import('./ingest.ts');
		const { createMetrics } = await import('../metrics.ts');
		const { sqliteTelemetry } = await import('../telemetry/sqlite.ts');
		const { quiet } = await import('../test-support.ts');
		const { openRecords } = await import('../store/database.ts');
		const { VehicleRegistry } = await import('../store/vehicle-registry.ts');
		const { vehicleStore } = await import('../store/vehicle-store.ts');
		const { vanStore } = await import('../store/vans.ts');
		const folder = temporaryFolder();
		const database = openRecords(join(folder.path, 'junkai.db'));
		const registry = new VehicleRegistry(vehicleStore(database), vanStore(database), quiet);
		const real = await sqliteTelemetry(join(folder.path, 'telemetry.db'));
		const thaw = Promise.withResolvers<void>();
		const frozen = {
			...real,
			write: async (...call: Parameters<typeof real.write>) => thaw.promise.then(() => real.write(...call)),
		};
		const acks: string[] = [];
		const ingest = new Ingest({
			telemetry: frozen,
			registry,
			live: { record: () => undefined, batch: () => undefined },
			metrics: createMetrics({ queued: () => 0, vans: () => 0, liveClients: () => 0, liveBytes: () => 0, optimizeJobs: () => 0 }),
			log: quiet,
			publish: async (_topic, payload) => void acks.push(payload),
			maxQueuedBytes: 20_000,
		});
		const epoch = crypto.randomUUID();
		const message = (seq: number) => ({
			topic: topics.up('van-1', 'waveform'),
			payload: Buffer.from(JSON.stringify({ v: 1, epoch, boot: 'boot-1', historical: false, records: [waveform(seq)] })),
			retained: false,
		});
		const results = Array.from({ length: 200 }, (_, index) => ingest.accept(message(index + 1)));
		const settled = Promise.allSettled(results);
		expect(ingest.queued).toBeLessThan(100);
		thaw.resolve();
		const outcomes = await settled;
		const taken = outcomes.filter(({ status }) => status === 'fulfilled').length;
		expect(taken).toBeGreaterThan(10);
		expect(taken).toBeLessThan(100);
		const { items } = await real.waveforms('van-1', { from: 0, to: Date.now() + 1000, limit: 1000 });
		expect(items).toHaveLength(taken);
		expect(acks.join()).toContain(`[1,${taken}]`);
		await ingest.accept(message(200));
		await ingest.stop();
		registry.stop();
		await real.close();
		database.close();
		folder.remove();
	});
});
