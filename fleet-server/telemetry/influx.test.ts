import { randomUUID } from 'node:crypto';
import type { UplinkRecord } from '@junkai/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startInflux, type Part } from '../test-parts.ts';
import { event, position } from '../test-support.ts';
import { InfluxClient } from './influx-client.ts';
import { toPoint } from './influx-points.ts';
import { influxTelemetry } from './influx.ts';
import type { TelemetryBatch } from './store.ts';

describe('InfluxDB alone', () => {
	let influx: Part;
	beforeAll(async () => {
		influx = await startInflux();
	});
	afterAll(() => influx.remove());

	const NOW = 1_795_000_000_000;
	const ALL = { from: 0, to: 8_000_000_000_000, limit: 1000 };
	const head = { vehicle: 'van-1', epoch: randomUUID() as string, boot: 'boot-1', historical: false, received: NOW };
	const batch = (records: readonly UplinkRecord[]): TelemetryBatch => ({ ...head, records });

	test('points beyond the retention are refused one by one, the others are kept', async () => {
		const place = `${influx.url}ret`;
		const client = new InfluxClient(place);
		await client.query(`CREATE DATABASE "${client.database}" WITH DURATION 1d NAME "short"`, {}, 'POST');
		const store = influxTelemetry(place);
		const now = Date.now();
		const records = [position(1, now), position(2, now - 40 * 86_400_000), position(3, now), position(4, now - 50 * 86_400_000)];
		const outcome = await store.write([batch(records)]);
		expect(outcome.refused).toEqual([
			{ batch: 0, seq: 2, reason: 'older than the store keeps' },
			{ batch: 0, seq: 4, reason: 'older than the store keeps' },
		]);
		expect(outcome.stored).toBe(2);
		expect((await store.positions('van-1', ALL)).items.map(({ seq }) => seq)).toEqual([1, 3]);
	});

	test('what an unset clock dated before the retention waits at the van for its correction', async () => {
		const place = `${influx.url}wait`;
		const client = new InfluxClient(place);
		await client.query(`CREATE DATABASE "${client.database}" WITH DURATION 1d NAME "short"`, {}, 'POST');
		const store = influxTelemetry(place);
		const early = [position(1, 5000, { clock: 'unsynchronised' }), position(2, 6000, { clock: 'unsynchronised' })];
		const outcome = await store.write([batch(early)]);
		expect(outcome).toMatchObject({ stored: 0, refused: [] });
		expect(outcome.deferred.map(({ seq }) => seq)).toEqual([1, 2]);
		const delta = Date.now() - 10_000;
		const sync = event(3, Date.now(), { class: 'system', code: 'clock-synchronised', detail: { boot: 'boot-1', delta } });
		await store.write([batch([sync])]);
		expect(await store.write([batch(early)])).toMatchObject({ stored: 2, deferred: [] });
		expect((await store.positions('van-1', ALL)).items.map(({ time }) => time)).toEqual([5000 + delta, 6000 + delta]);
	});

	test('a correction that a crash left half done is finished by the next run', async () => {
		const place = `${influx.url}half`;
		const client = new InfluxClient(place);
		await client.createDatabase();
		const raw = [1, 2, 3].map((seq) => position(seq, 1000 * seq, { clock: 'unsynchronised' }));
		const delta = NOW;
		const sync = event(4, NOW, { class: 'system', code: 'clock-synchronised', detail: { boot: 'boot-1', delta } });
		// As if the program had died after it wrote the event and one of the corrected points.
		const done = { ...raw[0]!, time: raw[0]!.time + delta, clock: 'holdover' as const };
		await client.write([...raw, sync, done].map((record) => toPoint(record, head, 0)));
		const store = influxTelemetry(place);
		await store.corrections();
		const { items } = await store.positions('van-1', ALL);
		expect(items.map(({ seq, time, clock }) => [seq, time, clock])).toEqual([
			[1, 1000 + delta, 'holdover'],
			[2, 2000 + delta, 'holdover'],
			[3, 3000 + delta, 'holdover'],
		]);
	});

	test('while it is away writes fail without secrets, and work again after', async () => {
		const store = influxTelemetry(influx.url.replace('http://', 'http://someone:very-secret@'));
		await store.write([batch([position(1, NOW)])]);
		await influx.kill();
		const error = await store.write([batch([position(2, NOW)])]).then(
			() => null,
			(reason: unknown) => reason as Error,
		);
		expect(error).toMatchObject({ name: 'FleetServerError', code: 'telemetry' });
		expect(JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error?.cause)).not.toMatch(/secret|authorization/i);
		await expect(store.check()).rejects.toMatchObject({ code: 'telemetry' });
		await influx.start();
		expect(await store.write([batch([position(2, NOW)])])).toMatchObject({ stored: 1 });
		expect((await store.positions('van-1', ALL)).items.map(({ seq }) => seq)).toEqual([1, 2]);
	});
});
