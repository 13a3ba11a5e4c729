import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { birth, parseTopic, topics, uplinkBatch, type PositionRecord, type UplinkRecord } from '@junkai/contracts';
import { distanceKm } from '@junkai/regions';
import mqtt, { type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { startSim, type Simulation } from './index.ts';

let directory: string;
let broker: ChildProcess;
let client: MqttClient;
let port: number;
let sim: Simulation;
const births: { vehicle: string; name: string }[] = [];
const deaths: { vehicle: string; cause: string }[] = [];
const records: (UplinkRecord & { vehicle: string })[] = [];
const log = pino({ level: 'silent' });
const credentials = ['van-1', 'van-2'].map((vehicle) => ({ vehicle, password: 'a-password-of-some-length' }));

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port: free } = server.address() as AddressInfo;
	await new Promise((done) => server.close(done));
	return free;
}

function hear(topic: string, payload: Buffer): void {
	const parsed = parseTopic(topic);
	if (!parsed || payload.length === 0) return;
	const json: unknown = JSON.parse((payload[0] === 0x1f ? gunzipSync(payload) : payload).toString('utf8'));
	if (parsed.kind === 'birth') births.push({ vehicle: parsed.vehicle, name: birth.parse(json).name });
	if (parsed.kind === 'death') deaths.push({ vehicle: parsed.vehicle, cause: (json as { cause: string }).cause });
	if (parsed.kind === 'up') records.push(...uplinkBatch.parse(json).records.map((r) => ({ ...r, vehicle: parsed.vehicle })));
}

const of = <K extends UplinkRecord['kind']>(vehicle: string, kind: K) =>
	records.filter((r): r is Extract<UplinkRecord, { kind: K }> & { vehicle: string } => r.vehicle === vehicle && r.kind === kind);

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), 'junkai-sim-'));
	port = await freePort();
	const config = join(directory, 'mosquitto.conf');
	writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
	broker = spawn(existsSync('/usr/sbin/mosquitto') ? '/usr/sbin/mosquitto' : 'mosquitto', ['-c', config], { stdio: 'ignore' });
	client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 100 });
	client.on('message', hear);
	await client.subscribeAsync(topics.all, { qos: 1 });
	sim = await startSim({ vans: 2, seed: 4, dataDir: directory, mqttUrl: `mqtt://127.0.0.1:${port}`, credentials, log });
});
afterAll(async () => {
	await sim?.stop();
	await client?.endAsync(true);
	broker?.kill();
	rmSync(directory, { recursive: true, force: true });
});

test('vans report as real gateways: birth, position of the road, a patient’s numerics', async () => {
	await vi.waitFor(() => expect(new Set(births.map((b) => b.vehicle)).size).toBe(2), 15_000);
	expect(births.map((b) => b.name).toSorted()).toEqual(['1号車', '2号車']);
	await vi.waitFor(
		() => {
			for (const van of sim.vans) {
				const fix = of(van.vehicle, 'position').findLast((r: PositionRecord) => r.mode === 3);
				expect(fix).toBeDefined();
				expect(distanceKm([fix!.lon!, fix!.lat!], [van.place.lon, van.place.lat])).toBeLessThan(0.3);
				expect(Math.abs(fix!.time - Date.now())).toBeLessThan(15_000);
			}
			const readings = of('van-1', 'reading');
			expect(readings.some((r) => r.code === 'spo2' && r.value !== undefined)).toBe(true);
			expect(readings.some((r) => r.code === 'heart-rate' && r.value !== undefined)).toBe(true);
			const away = of('van-2', 'reading');
			expect(away.some((r) => r.code === 'spo2' && r.absent === 'no-finger')).toBe(true);
			expect(away.every((r) => r.code !== 'spo2' || r.value === undefined)).toBe(true);
		},
		{ timeout: 15_000 },
	);
	expect(statSync(join(directory, 'vans/van-1/gateway.yaml')).mode & 0o077).toBe(0);
});

test('without signal the link is really cut; with signal the van comes back', async () => {
	const van = sim.vans[0]!;
	const before = births.filter((b) => b.vehicle === van.vehicle).length;
	van.hold('none');
	expect(van.radio.stats.cuts).toBe(1);
	await vi.waitFor(() => expect(deaths).toContainEqual({ vehicle: van.vehicle, cause: 'will' }), 15_000);
	van.hold(null);
	await vi.waitFor(() => expect(births.filter((b) => b.vehicle === van.vehicle).length).toBeGreaterThan(before), 15_000);
});

test('a gateway that is killed is started again with the same spool', async () => {
	const van = sim.vans[1]!;
	const before = births.filter((b) => b.vehicle === van.vehicle).length;
	const pid = van.process.pid;
	van.process.kill();
	await vi.waitFor(() => expect(van.process.restarts).toBe(1), 10_000);
	await vi.waitFor(() => expect(births.filter((b) => b.vehicle === van.vehicle).length).toBeGreaterThan(before), 15_000);
	expect(van.process.pid).not.toBe(pid);
});

test('an unplugged receiver does not silence the oximeter, and comes back', async () => {
	const van = sim.vans[0]!;
	// Whether the gateway's serial library sees the plug go or only the silence after it is not this test's matter.
	const lost = new Set(['port-lost', 'port-silent']);
	await sim.host.unplug(van.ports.gnss);
	const mark = Date.now();
	await vi.waitFor(() => expect(of(van.vehicle, 'event').some((e) => lost.has(e.code))).toBe(true), 15_000);
	await vi.waitFor(() => expect(of(van.vehicle, 'reading').some((r) => r.code === 'spo2' && r.time > mark)).toBe(true), 15_000);
	await sim.host.plug(van.ports.gnss);
	const plugged = Date.now();
	await vi.waitFor(() => expect(of(van.vehicle, 'position').some((p) => p.time > plugged)).toBe(true), 30_000);
}, 60_000);

test('stops with a farewell and leaves no process behind', async () => {
	const pids = [...sim.vans.map((van) => van.process.pid!), sim.host.pid!];
	await sim.stop();
	for (const van of ['van-1', 'van-2']) {
		await vi.waitFor(() => expect(deaths).toContainEqual({ vehicle: van, cause: 'farewell' }), 5000);
	}
	for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
	expect(existsSync(join(directory, 'vans/van-1/run/gnss'))).toBe(false);
	expect(readFileSync(join(directory, 'vans/van-1/gateway.log'), 'utf8')).not.toContain('a-password');
});

test('refuses what cannot work', async () => {
	const options = { vans: 1, dataDir: directory, mqttUrl: 'mqtt://127.0.0.1:1', credentials, log };
	await expect(startSim({ ...options, vans: 0 })).rejects.toThrow(/number of vans/);
	await expect(startSim({ ...options, vans: 3 })).rejects.toThrow(/3 vans need as many credentials, 2/);
	await expect(startSim({ ...options, mqttUrl: 'somewhere' })).rejects.toThrow(/"somewhere" is no broker address/);
	await expect(startSim({ ...options, speed: 0 })).rejects.toThrow(/greater than 0/);
});
