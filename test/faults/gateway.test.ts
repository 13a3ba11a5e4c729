/** What can happen to a van's box: a full disk, a corrupt spool, no time of day, a broker behind TLS, a wrong configuration. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { readingPage, waveformPage } from '@junkai/contracts';
import { numberOf, sentence } from '../support/numbered.ts';
import { freePort, junkai, tempFolder, until } from '../support/processes.ts';
import { TestVan, VAN, type VanOptions } from '../support/van.ts';

let van: TestVan | undefined;
afterEach(async () => {
	await van?.dispose();
	van = undefined;
});

async function startVan(options: VanOptions): Promise<TestVan> {
	van = await TestVan.start(options);
	return van;
}

const fixes = async (of: TestVan): Promise<number[]> => {
	const stored = await of.dispatcher.positions(VAN, 0, Date.now() + 60_000);
	return stored.map((fix) => numberOf(fix.deviceTime ?? NaN));
};

async function feed(of: TestVan, from: number, to: number): Promise<void> {
	let text = '';
	for (let n = from; n <= to; n++) text += sentence(n);
	await of.host.feed('gnss', Buffer.from(text));
}

const gnssOnly = [{ name: 'gnss', device: 'nmea', emulated: false, silentAfter: 600 }] as const;
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('a corrupt spool', () => {
	test('is set aside and named in an event, a new one is begun, and the gateway runs on', async () => {
		const one = await startVan({ ports: gnssOnly });
		await feed(one, 1, 50);
		await until('the first fixes', async () => (await fixes(one)).length === 50);
		await one.gateway.kill();
		const file = openSync(one.spoolPath, 'r+');
		writeSync(file, Buffer.alloc(statSync(one.spoolPath).size, 'not a spool any more '));
		closeSync(file);
		for (const suffix of ['-wal', '-shm']) rmSync(one.spoolPath + suffix, { force: true });
		await one.startGateway();
		const event = await one.event('spool-corrupt', ({ code }) => code === 'spool-corrupt');
		expect(event.detail?.['file']).toMatch(/spool\.db\.corrupt-/);
		expect(readdirSync(one.folder).filter((name) => name.startsWith('spool.db.corrupt-')).length).toBeGreaterThan(0);
		await feed(one, 51, 80);
		await until('fixes after it', async () => (await fixes(one)).length === 80);
		expect((await fixes(one)).toSorted((a, b) => a - b)).toEqual(numbers(1, 80));
	});
});

describe('a record that the server refuses', () => {
	test('is set aside and told, never comes up again, and holds up nothing beside it', async () => {
		const one = await startVan({ ports: gnssOnly });
		await feed(one, 1, 20);
		await until('the first fixes', async () => (await fixes(one)).length === 20);
		await one.gateway.kill();
		// As an older gateway may have left it: a kind of event that this server does not know.
		const file = new DatabaseSync(one.spoolPath);
		const next = Number(file.prepare("SELECT value FROM meta WHERE key = 'next'").get()?.['value']);
		const body = JSON.stringify({
			seq: next,
			kind: 'event',
			time: Date.now(),
			clock: 'ntp',
			class: 'system',
			code: 'no-such-code',
		});
		file.prepare('INSERT INTO urgent (seq, boot, time, body) VALUES (?, ?, ?, ?)').run(next, 'older', Date.now(), body);
		file.prepare("UPDATE meta SET value = ? WHERE key = 'next'").run(next + 1);
		file.close();
		await one.startGateway();
		await feed(one, 21, 40);
		const told = await one.event('records-refused', ({ code }) => code === 'records-refused');
		expect(told.detail?.['count']).toBe(1);
		await until('the fixes beside it', async () => (await fixes(one)).length === 40);
		const spool = await until('the spool is empty but for it', async () => {
			const { spool: now } = await one.vehicle();
			return now?.pending.urgent === 0 && now.refused === 1 ? now : undefined;
		});
		expect(spool.refused).toBe(1);
	});
});

describe('a full disk', () => {
	test('sheds waveforms and says so, and loses no position and no numeric', async () => {
		const monitors = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8'];
		const disk = mkdtempSync(join(tmpdir(), 'junkai-disk-'));
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=10m', 'tmpfs', disk]);
		onTestFinished(() => {
			execFileSync('umount', ['-l', disk]);
			rmSync(disk, { recursive: true, force: true });
		});
		const one = await startVan({
			// Many boards, so that the waveforms fill what the spool holds within seconds.
			ports: [...gnssOnly, ...monitors.map((name) => ({ name, device: 'pm6750' as const }))],
			spoolFolder: disk,
			config: { spool: { reserveMegabytes: 2 }, log: { level: 'info' } },
		});
		await until('the link', async () => (await one.vehicle()).link.state === 'online');
		one.radio.cut();
		await feed(one, 1, 300);
		const hog = openSync(join(disk, 'hog'), 'w');
		onTestFinished(() => closeSync(hog));
		const fill = (): void => {
			try {
				for (;;) writeSync(hog, Buffer.alloc(4096));
			} catch (error) {
				expect(String(error)).toMatch(/ENOSPC/);
			}
		};
		// Whatever room appears, a stranger takes it: the spool has to live within what it holds.
		await until(
			'waveforms were shed',
			() => {
				fill();
				return one.gateway.output.includes('waveforms were shed');
			},
			90_000,
		);
		await feed(one, 301, 600);
		expect(one.gateway.running).toBe(true);
		one.radio.restore();
		await until('all fixes', async () => (await fixes(one)).length >= 600, 60_000);
		expect((await fixes(one)).toSorted((a, b) => a - b)).toEqual(numbers(1, 600));
		const shed = await one.event('spool-shed', ({ code }) => code === 'spool-shed');
		expect(shed.detail).toMatchObject({
			kind: 'waveform',
			records: expect.any(Number),
			from: expect.any(Number),
			to: expect.any(Number),
		});
		const query = `from=0&to=${Date.now() + 60_000}&limit=5000`;
		const readings = readingPage.parse(await one.doctor.get(`/vehicles/${VAN}/observations?${query}&code=heart-rate`)).items;
		// The board gives a heart rate each second: no second of the outage is missing.
		for (const name of monitors) {
			const times = readings
				.filter((reading) => reading.port === name)
				.map((reading) => reading.time)
				.toSorted((a, b) => a - b);
			expect(times.length).toBeGreaterThan(10);
			for (const [i, time] of times.entries()) if (i > 0) expect(time - times[i - 1]!).toBeLessThan(2600);
		}
	});
});

describe('no time of day', () => {
	test('what was stamped before the first fix is corrected once GNSS time is known, stored or not', async () => {
		const one = await startVan({
			ports: [...gnssOnly, { name: 'monitor', device: 'pm6750' }],
			config: { clock: { system: 'untrusted' } },
		});
		const query = () => `/vehicles/${VAN}/waveforms?from=0&to=${Date.UTC(2027, 0)}&signal=ecg&limit=5000`;
		const early = await until('waveforms with a clock nobody vouches for', async () => {
			const { items } = waveformPage.parse(await one.doctor.get(query()));
			return items.some((item) => item.clock === 'unsynchronised') ? items : undefined;
		});
		// The receiver's time is hours away from the system's: the clock has to move.
		for (let second = 0; second < 6; second++) {
			await feed(one, second * 100 + 1, second * 100 + 1);
			await new Promise((resolve) => setTimeout(resolve, 1000));
		}
		const event = await one.event('clock-synchronised', ({ code }) => code === 'clock-synchronised');
		const delta = Number(event.detail?.['delta']);
		expect(Math.abs(delta)).toBeGreaterThan(60_000);
		const first = early[0]!;
		const moved = await until('the first block at its corrected time', async () => {
			const { items } = waveformPage.parse(await one.doctor.get(query()));
			return items.find((item) => item.seq === first.seq && Math.abs(item.time - (first.time + delta)) < 1);
		});
		expect(moved.data).toBe(first.data);
		const all = waveformPage.parse(await one.doctor.get(query())).items;
		expect(new Set(all.map((item) => item.seq)).size).toBe(all.length);
	});
});

describe('TLS', () => {
	test('the gateway trusts the named authority only, and speaks MQTT over TLS', async () => {
		const folder = tempFolder('tls');
		onTestFinished(folder.dispose);
		const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
		const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
		execFileSync(
			'openssl',
			['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...subject],
			{ stdio: 'ignore' },
		);
		const port = await freePort();
		const serverArgs = ['--mqtts-port', String(port), '--tls-cert', cert, '--tls-key', key];
		const one = await startVan({ ports: gnssOnly, serverArgs, mqtt: { url: `mqtts://localhost:${port}` } });
		await until('the stranger is refused', () => /self-signed|certificate/i.test(one.gateway.output));
		expect((await one.vehicle()).link.state).not.toBe('online');
		await one.dispose();
		van = await TestVan.start({ ports: gnssOnly, serverArgs, mqtt: { url: `mqtts://localhost:${port}`, ca: cert } });
		await until('the link by TLS', async () => (await van!.vehicle()).link.state === 'online');
	});
});

describe('a configuration with an error', () => {
	test('is refused at start, with file, line and what is expected', async () => {
		const folder = tempFolder('config');
		onTestFinished(folder.dispose);
		const file = join(folder.path, 'van.yaml');
		writeFileSync(
			file,
			'vehicle: van-1\nmqtt: { url: mqtt://127.0.0.1 }\nports:\n  - { name: gnss, path: /dev/x, device: nmea, parity: maybe }\n',
		);
		const gateway = junkai(['gateway', file]);
		await until('it ends', () => !gateway.running);
		expect(gateway.output).toContain(`${file}:4: ports.0.parity`);
		expect(gateway.output).toMatch(/"none"\|"even"\|"odd"/);
	});
});
