/** Records a second from MQTT to durable ack, and how long the ack takes; against a bare broker in the same run. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mqtt, { type MqttClient } from 'mqtt';
import { topics, uplinkAck } from '@junkai/contracts';
import { accepts } from '../support/engines.ts';
import { Running, freePort, junkai, tempFolder, until } from '../support/processes.ts';
import { distribution, shown, type Distribution } from './figures.ts';

const VANS = 20;
const SECONDS = 8;

interface Load {
	/** Records in a batch. */
	batch: number;
	/** Batches of a van under way at once. */
	window: number;
	/** Batches a second of a van; unbounded when absent. */
	pace?: number;
}

interface Result {
	perSecond: number;
	ack: Distribution;
}

const reading = (seq: number, time: number) => ({
	seq,
	kind: 'reading',
	time,
	clock: 'ntp',
	port: 'oximeter',
	code: 'spo2',
	value: 97,
});

/** One van that keeps `window` batches under way and measures publish to ack. */
async function van(url: string, vehicle: string, password: string, load: Load, end: number, latencies: number[]): Promise<number> {
	const client: MqttClient = await mqtt.connectAsync(url, { username: vehicle, password, clientId: `van-${vehicle}` });
	await client.subscribeAsync(topics.ack(vehicle), { qos: 1 });
	const epoch = randomUUID();
	const sent = new Map<number, number>();
	let next = 1;
	let stored = 0;
	const publish = (): void => {
		const first = next;
		next += load.batch;
		const time = Date.now();
		const records = Array.from({ length: load.batch }, (_, i) => reading(first + i, time + i / 1000));
		sent.set(first, performance.now());
		client.publish(topics.up(vehicle, 'numeric'), JSON.stringify({ v: 1, epoch, boot: 'bench', historical: false, records }), {
			qos: 1,
		});
	};
	client.on('message', (_, payload) => {
		const now = performance.now();
		for (const [from, to] of uplinkAck.parse(JSON.parse(payload.toString())).ranges) {
			for (const [first, at] of sent) {
				if (first < from || first > to) continue;
				latencies.push(now - at);
				sent.delete(first);
				stored += load.batch;
				if (load.pace === undefined && now < end) publish();
			}
		}
	});
	if (load.pace === undefined) for (let i = 0; i < load.window; i++) publish();
	const timer = setInterval(() => load.pace !== undefined && performance.now() < end && publish(), 1000 / (load.pace ?? 10));
	while (performance.now() < end || sent.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
	clearInterval(timer);
	await client.endAsync();
	return stored;
}

async function drive(url: string, vans: readonly { vehicle: string; password: string }[], load: Load): Promise<Result> {
	const latencies: number[] = [];
	const began = performance.now();
	const end = began + SECONDS * 1000;
	const stored = await Promise.all(vans.map(({ vehicle, password }) => van(url, vehicle, password, load, end, latencies)));
	const took = (performance.now() - began) / 1000;
	return { perSecond: stored.reduce((sum, n) => sum + n, 0) / took, ack: distribution(latencies) };
}

export async function durableAck(): Promise<void> {
	const folder = tempFolder('bench');
	const [http, broker, bare] = [await freePort(), await freePort(), await freePort()];
	const args = [
		'--http-port',
		String(http),
		'--mqtt-port',
		String(broker),
		'--data-dir',
		folder.path,
		'--demo-vans',
		String(VANS),
		'--log-level',
		'warn',
	];
	const server = junkai(['server', ...args]);
	const reference = new Running(process.execPath, [fileURLToPath(new URL('./bare-broker.ts', import.meta.url)), String(bare)]);
	try {
		await until('the server', async () => (await fetch(`http://127.0.0.1:${http}/healthz`)).status === 200);
		await until('the bare broker', () => accepts(bare));
		const vans = JSON.parse(readFileSync(join(folder.path, 'demo-vans.json'), 'utf8')) as { vehicle: string; password: string }[];
		console.log(`\nMQTT to durable ack: ${VANS} vans, embedded broker and SQLite, ${SECONDS} s each`);
		const loads: [string, Load][] = [
			['batches of 50, 4 under way a van', { batch: 50, window: 4 }],
			['batches of 10, 4 under way a van', { batch: 10, window: 4 }],
			['single records, 8 under way a van', { batch: 1, window: 8 }],
			['5,000 records/s offered, batches of 25', { batch: 25, window: 1, pace: 10 }],
		];
		for (const [name, load] of loads) {
			const ours = await drive(`mqtt://127.0.0.1:${broker}`, vans, load);
			const theirs = await drive(`mqtt://127.0.0.1:${bare}`, vans, load);
			console.log(`  ${name}`);
			console.log(`    durable  ${ours.perSecond.toFixed(0).padStart(7)} records/s   ack ms: ${shown(ours.ack, 1)}`);
			console.log(`    bare     ${theirs.perSecond.toFixed(0).padStart(7)} records/s   ack ms: ${shown(theirs.ack, 1)}`);
			console.log(`    ratio    ${(ours.perSecond / theirs.perSecond).toFixed(2)} of the bare broker's rate`);
		}
	} finally {
		await server.kill('SIGTERM');
		await reference.kill();
		folder.dispose();
	}
}
