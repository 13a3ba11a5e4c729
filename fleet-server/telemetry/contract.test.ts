import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { storedEvent, storedPosition, storedReading, storedWaveform, type UplinkRecord } from '@junkai/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startInflux, type Part } from '../test-parts.ts';
import { event, position, reading, temporaryFolder, waveform } from '../test-support.ts';
import { influxTelemetry } from './influx.ts';
import { sqliteTelemetry } from './sqlite.ts';
import { CursorError, type TelemetryBatch, type TelemetryStore } from './store.ts';

let influx: Part;
let folder: ReturnType<typeof temporaryFolder>;
beforeAll(async () => {
	influx = await startInflux();
	folder = temporaryFolder();
});
afterAll(async () => {
	await influx.remove();
	folder.remove();
});

const NOW = 1_795_000_000_000;
const ALL = { from: 0, to: 8_000_000_000_000, limit: 1000 };
const epoch = randomUUID();
const batch = (records: readonly UplinkRecord[], change: Partial<TelemetryBatch> = {}): TelemetryBatch => ({
	vehicle: 'van-1',
	epoch,
	boot: 'boot-1',
	historical: false,
	received: NOW + 100,
	records,
	...change,
});
const late = { clock: 'unsynchronised' as const };
const sync = (seq: number, delta: number, boot = 'boot-1') =>
	event(seq, NOW, { class: 'system', code: 'clock-synchronised', detail: { boot, delta } });

describe.each(['sqlite', 'influxdb'] as const)('telemetry in %s', (name) => {
	let place: string;
	let store: TelemetryStore;
	const open = () => (name === 'sqlite' ? sqliteTelemetry(join(folder.path, place)) : influxTelemetry(influx.url + place));
	const reopen = async () => {
		await store.close();
		store = await open();
	};
	beforeEach(async () => {
		place = `t${randomUUID().slice(0, 8)}`;
		store = await open();
	});
	afterEach(() => store.close());
	const positions = async () => (await store.positions('van-1', ALL)).items;

	test('gives back each kind of record exactly as it was sent', async () => {
		const odd = 'back\\slash "quote" \\" 100 % %25 comma, equals= 日本語\nline';
		const records = [
			position(1, NOW + 0.123_456, {
				alt: 12.5,
				satellitesUsed: 9,
				hdop: 0.9,
				accuracy: 1.25,
				untrusted: odd,
				deviceTime: NOW - 5,
			}),
			position(2, NOW + 1, { mode: 1, lat: undefined, lon: undefined, speed: undefined, track: undefined } as never),
			reading(3, NOW + 2, { value: 98.6 }),
			reading(4, NOW + 3, {
				value: undefined,
				absent: 'no-finger',
				questionable: ['motion', 'artifact'],
				group: odd,
				stored: true,
			} as never),
			waveform(5, NOW + 4, [0, 1, -1, 32_767, -32_768]),
			event(6, NOW + 5, { active: false, detail: { text: odd, number: 1.5, flag: true } }),
		].map((record) => JSON.parse(JSON.stringify(record)) as UplinkRecord);
		const outcome = await store.write([batch(records, { historical: true })]);
		expect(outcome).toEqual({ stored: 6, duplicates: 0, refused: [], deferred: [], corrections: [] });
		await reopen();
		const of = { epoch, historical: true, received: NOW + 100 };
		const expected = (kind: string) => records.filter((record) => record.kind === kind).map((record) => ({ ...record, ...of }));
		expect(await store.positions('van-1', ALL)).toEqual({ items: expected('position'), next: null });
		expect(await store.readings('van-1', ALL)).toEqual({ items: expected('reading'), next: null });
		expect(await store.waveforms('van-1', ALL)).toEqual({ items: expected('waveform'), next: null });
		expect(await store.events('van-1', ALL)).toEqual({ items: expected('event'), next: null });
		for (const item of (await store.positions('van-1', ALL)).items) storedPosition.parse(item);
		for (const item of (await store.readings('van-1', ALL)).items) storedReading.parse(item);
		for (const item of (await store.waveforms('van-1', ALL)).items) storedWaveform.parse(item);
		for (const item of (await store.events('van-1', ALL)).items) storedEvent.parse(item);
	});

	test('a record that comes twice stands once, after a restart too', async () => {
		const records = [position(1, NOW), reading(2, NOW), event(3, NOW)];
		await store.write([batch(records), batch(records)]);
		expect(await store.write([batch(records, { historical: true })])).toMatchObject({ stored: 0, duplicates: 3 });
		await reopen();
		await store.write([batch(records, { historical: true, received: NOW + 9999 })]);
		expect(await positions()).toHaveLength(1);
		expect((await store.readings('van-1', ALL)).items).toHaveLength(1);
		expect((await store.events('van-1', ALL)).items).toHaveLength(1);
	});

	test('records of one moment, of other epochs and of other vans do not touch each other', async () => {
		const records = Array.from({ length: 500 }, (_, index) => reading(index + 1, NOW));
		const other = { epoch: randomUUID() as string };
		await store.write([batch(records), batch(records, other), batch(records, { vehicle: 'van-2' })]);
		expect((await store.readings('van-1', ALL)).items).toHaveLength(1000);
		expect((await store.readings('van-2', ALL)).items).toHaveLength(500);
		expect((await store.readings('van-3', ALL)).items).toEqual([]);
	});

	test('pages hold everything once, oldest first, and a period its start but not its end', async () => {
		const times = Array.from({ length: 53 }, (_, index) => NOW + Math.floor(index / 7));
		await store.write([batch(times.map((time, index) => position(index + 1, time)))]);
		const seen: number[] = [];
		let after: string | undefined;
		let pages = 0;
		do {
			const page = await store.positions('van-1', { ...ALL, limit: 5, after });
			seen.push(...page.items.map(({ seq }) => seq));
			after = page.next ?? undefined;
			pages++;
		} while (after !== undefined);
		expect(seen).toEqual(times.map((_, index) => index + 1));
		expect(pages).toBe(11);
		const part = await store.positions('van-1', { from: NOW + 1, to: NOW + 2, limit: 100 });
		expect(part.items.map(({ time }) => time)).toEqual(Array.from({ length: 7 }, () => NOW + 1));
		await expect(store.positions('van-1', { ...ALL, after: 'made up' })).rejects.toThrow(CursorError);
	});

	test('filters by code, signal and class', async () => {
		const heart = { code: 'heart-rate' as const, value: 60 };
		await store.write([
			batch([reading(1, NOW), reading(2, NOW, heart), waveform(3, NOW), { ...waveform(4, NOW), signal: 'pleth' }]),
			batch([event(5, NOW), event(6, NOW, { class: 'physiological', code: 'rhythm' })]),
		]);
		expect((await store.readings('van-1', { ...ALL, code: 'heart-rate' })).items.map(({ seq }) => seq)).toEqual([2]);
		expect((await store.waveforms('van-1', { ...ALL, signal: 'pleth' })).items.map(({ seq }) => seq)).toEqual([4]);
		expect((await store.events('van-1', { ...ALL, classes: ['system', 'technical'] })).items.map(({ seq }) => seq)).toEqual([5]);
	});

	test('a long waveform block comes back whole', async () => {
		const samples = Array.from({ length: 20_000 }, (_, index) => ((index * 7919) % 65_536) - 32_768);
		const block = { ...waveform(1, NOW, samples), channels: ['I', 'II'], count: 10_000 };
		await store.write([batch([block])]);
		expect((await store.waveforms('van-1', ALL)).items[0]?.data).toBe(block.data);
	});

	test('tells the newest position and the newest reading of each code', async () => {
		await store.write([
			batch([position(1, NOW), position(2, NOW + 10), position(3, NOW + 20, { mode: 1, lat: undefined, lon: undefined } as never)]),
			batch([
				reading(4, NOW),
				reading(5, NOW + 10, { value: 88 }),
				reading(6, NOW + 5, { code: 'heart-rate', value: 61 }),
				reading(7, NOW + 30, { value: 60, stored: true }),
			]),
		]);
		await reopen();
		const [latest, ...rest] = await store.latest();
		expect(rest).toEqual([]);
		expect(latest?.position?.seq).toBe(2);
		expect(latest?.readings.map(({ code, value }) => [code, value]).toSorted()).toEqual([
			['heart-rate', 61],
			['spo2', 88],
		]);
	});

	describe('clock correction', () => {
		const early = [position(1, 5000, late), reading(2, 6000, late), waveform(3, 7000), event(4, 8000, late)].map((record) => ({
			...record,
			...late,
		}));
		const DELTA = NOW - 10_000.5;
		const expectCorrected = async () => {
			const all = [
				...(await positions()),
				...(await store.readings('van-1', ALL)).items,
				...(await store.waveforms('van-1', ALL)).items,
				...(await store.events('van-1', ALL)).items.filter(({ code }) => code !== 'clock-synchronised'),
			];
			expect(all.map(({ seq, time, clock }) => [seq, time, clock])).toEqual(
				early.map(({ seq, time }) => [seq, time + DELTA, 'holdover']),
			);
		};

		test('reaches records that were stored before', async () => {
			await store.write([batch(early)]);
			const { corrections } = await store.write([batch([sync(5, DELTA)])]);
			expect(corrections).toEqual([{ vehicle: 'van-1', boot: 'boot-1', delta: DELTA, clock: 'holdover' }]);
			await expectCorrected();
		});

		test('reaches records that come later, after a restart too', async () => {
			await store.write([batch([sync(5, DELTA)])]);
			await store.write([batch(early.slice(0, 2))]);
			await reopen();
			expect(await store.corrections()).toEqual([{ vehicle: 'van-1', boot: 'boot-1', delta: DELTA, clock: 'holdover' }]);
			await store.write([batch(early.slice(2))]);
			await expectCorrected();
		});

		test('reaches both, in one write, and counts once however often it comes', async () => {
			await store.write([batch(early.slice(0, 1))]);
			await store.write([batch([...early.slice(1, 3), sync(5, DELTA), early[3]!])]);
			await store.write([batch([sync(5, DELTA)]), batch(early)]);
			await reopen();
			await store.write([batch([...early, sync(5, DELTA)])]);
			await expectCorrected();
		});

		test('leaves other boots, other vans and good clocks alone', async () => {
			const good = position(10, NOW);
			await store.write([
				batch([good]),
				batch([position(11, 5000, late)], { boot: 'boot-2' }),
				batch([position(1, 5000, late)], { vehicle: 'van-2' }),
			]);
			await store.write([batch([sync(5, DELTA)], { boot: 'boot-1' })]);
			expect((await positions()).map(({ seq, time }) => [seq, time])).toEqual([
				[11, 5000],
				[10, NOW],
			]);
			expect((await store.positions('van-2', ALL)).items[0]?.time).toBe(5000);
		});
	});
});
