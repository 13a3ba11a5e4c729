/** What can happen at a serial port: unplugged, silent, garbage. The others never notice, and the next good frame is read. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeSamples, readingPage, waveformPage, type StoredWaveform } from '@junkai/contracts';
import { sentence } from '../support/numbered.ts';
import { until } from '../support/processes.ts';
import { TestVan, VAN } from '../support/van.ts';

let van: TestVan;
beforeAll(async () => {
	van = await TestVan.start({
		ports: [
			{ name: 'gnss', device: 'nmea', emulated: false, silentAfter: 600 },
			{ name: 'oximeter', device: 'nonin', silentAfter: 2 },
			{ name: 'monitor', device: 'pm6750' },
		],
	});
	await van.portIn('oximeter', 'open');
	await van.portIn('monitor', 'open');
});
afterAll(() => van.dispose());

const waves = async (signal: string): Promise<StoredWaveform[]> => {
	const query = `from=0&to=${Date.now() + 60_000}&signal=${signal}&limit=5000`;
	return waveformPage.parse(await van.doctor.get(`/vehicles/${VAN}/waveforms?${query}`)).items;
};

/** Samples that the board may have sent before the gateway opened its port. */
const UNHEARD = 1500;

/** Streams of a signal: more than one means that samples are missing between them. */
const streams = (blocks: readonly StoredWaveform[]): number => new Set(blocks.map((block) => block.stream)).size;

describe('an unplugged cable', () => {
	test('is told, is opened again when it is back, and no other port notices', async () => {
		await until('pleth in the store', async () => (await waves('pleth')).some((block) => block.port === 'oximeter'));
		await van.host.unplug('oximeter');
		await van.portIn('oximeter', 'lost');
		await van.event('port-lost of the oximeter', (event) => event.code === 'port-lost' && event.port === 'oximeter');
		const before = (await waves('ecg')).length;
		await until('the board speaks on meanwhile', async () => (await waves('ecg')).length > before + 3);
		await van.host.plug('oximeter');
		const port = await van.portIn('oximeter', 'open');
		expect(port.reopened).toBeGreaterThan(0);
		await until(
			'a second stream of the oximeter',
			async () => streams((await waves('pleth')).filter((block) => block.port === 'oximeter')) === 2,
		);
		expect(streams(await waves('ecg'))).toBe(1);
	});
});

describe('a silent device', () => {
	test('is told as silent, not as lost, and as back when it speaks', async () => {
		await van.host.faults('oximeter', { silent: true });
		const port = await van.portIn('oximeter', 'silent');
		expect(port.reason).toMatch(/no bytes/);
		await van.event('port-silent, beginning', (event) => event.code === 'port-silent' && event.active === true);
		await van.host.faults('oximeter', { silent: false });
		await van.portIn('oximeter', 'open');
		await van.event('port-silent, ending', (event) => event.code === 'port-silent' && event.active === false);
	});
});

describe('garbage', () => {
	test('half frames, noise and wrong checksums are counted and dropped, and the good frames between are read', async () => {
		const noise = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7919 + (i >> 3)) & 0xff));
		const wrong = sentence(2).replace(/\*..\r\n$/, '*00\r\n');
		expect(wrong).not.toBe(sentence(2));
		await van.host.feed(
			'gnss',
			Buffer.concat([noise, Buffer.from(`\r\n${sentence(1)}`), Buffer.from(wrong), Buffer.from(sentence(3).slice(0, 30)), noise]),
		);
		await van.host.feed('gnss', Buffer.from(`\r\n${sentence(4)}${sentence(5)}`));
		const fixes = await until('the good fixes', async () => {
			const all = await van.dispatcher.positions(VAN, 0, Date.now() + 60_000);
			return all.length >= 3 ? all : undefined;
		});
		expect(fixes.map((fix) => fix.deviceTime)).toEqual([1, 4, 5].map((n) => Date.UTC(2026, 10, 22, 3) + n * 10));
		const port = await until('the counters', async () => {
			const found = (await van.vehicle()).devices.find((one) => one.port === 'gnss');
			return found !== undefined && found.badChecksums > 0 && found.discardedBytes > 0 ? found : undefined;
		});
		expect(port.frames).toBe(3);
	});

	test('damaged and cut frames of the oximeter never become a number', async () => {
		await van.host.faults('oximeter', { damaged: 200, noise: 500 });
		await until('damage was seen', async () =>
			(await van.vehicle()).devices.some((one) => one.port === 'oximeter' && one.badChecksums + one.discardedBytes > 300),
		);
		const query = `from=0&to=${Date.now() + 60_000}&code=spo2&limit=5000`;
		const values = readingPage.parse(await van.doctor.get(`/vehicles/${VAN}/observations?${query}`)).items;
		const given = values.map((reading) => reading.value).filter((value) => value !== undefined);
		expect(given.length).toBeGreaterThan(0);
		for (const value of given) expect(value).toSatisfy((v: number) => v >= 85 && v <= 100);
	});
});

test('what the board sent is what the store holds, sample by sample', async () => {
	const sent = (await van.host.samples('monitor')).find((one) => one.signal === 'ecg')?.samples ?? [];
	const blocks = await until('all of them in the store', async () => {
		const all = await waves('ecg');
		const newest = all.toSorted((a, b) => b.time - a.time)[0]?.stream;
		const stream = all.filter((block) => block.stream === newest).toSorted((a, b) => a.index - b.index);
		return stream.reduce((sum, block) => sum + block.count, 0) >= sent.length - UNHEARD ? stream : undefined;
	});
	const stored: string[] = [];
	for (const block of blocks) {
		expect(block.index).toBe(stored.length);
		const channels = decodeSamples(block);
		for (let i = 0; i < block.count; i++) stored.push(channels.map((channel) => channel[i]).join());
	}
	const said = sent.map((values) => values.join());
	// The board spoke before the gateway opened its port: the store begins somewhere in what was said, and from there on nothing differs.
	const length = 500;
	const first = stored.slice(0, length).join(';');
	const offset = said.findIndex((_, i) => said.slice(i, i + length).join(';') === first);
	expect(offset).toBeGreaterThanOrEqual(0);
	const both = Math.min(said.length - offset, stored.length);
	expect(both).toBeGreaterThan(1000);
	expect(stored.slice(0, both)).toEqual(said.slice(offset, offset + both));
});

describe('a loose plug', () => {
	test('is seen each time, also when it comes out in the middle of a read', async () => {
		for (let n = 0; n < 15; n++) {
			await van.host.unplug('monitor');
			await van.portIn('monitor', 'lost');
			await van.host.plug('monitor');
			await van.portIn('monitor', 'open');
		}
		const lost = (await van.events()).filter((event) => event.code === 'port-lost' && event.port === 'monitor');
		expect(lost).toHaveLength(15);
		const { discardedBytes, bytes } = await van.portIn('monitor', 'open');
		expect(discardedBytes).toBeLessThan(bytes / 10);
	}, 120_000);
});
