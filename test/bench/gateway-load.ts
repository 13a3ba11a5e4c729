/** CPU and memory of one gateway with a GNSS receiver at 10 Hz, a board (ECG 250 Hz) and an oximeter (pleth 75 Hz). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { LiveRequest } from '@junkai/contracts';
import { spawnEmulatorHost } from '@junkai/sim';
import { Api, demoUser } from '../support/api.ts';
import { freePort, junkai, tempFolder, until } from '../support/processes.ts';
import { attendedDay } from '../support/van.ts';
import { cpuSeconds, residentMegabytes } from './figures.ts';

const SETTLE = 10_000;
const MEASURE = 60_000;
const VAN = 'van-1';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function gatewayLoad(): Promise<void> {
	const folder = tempFolder('bench');
	const data = join(folder.path, 'data');
	const [http, broker] = [await freePort(), await freePort()];
	mkdirSync(data);
	const password = 'a-password-of-the-bench-van';
	writeFileSync(join(data, 'demo-vans.json'), JSON.stringify([{ vehicle: VAN, name: '1号車', password }]), { mode: 0o600 });
	const server = junkai([
		'server',
		'--http-port',
		String(http),
		'--mqtt-port',
		String(broker),
		'--data-dir',
		data,
		'--demo-vans',
		'1',
	]);
	const host = await spawnEmulatorHost();
	try {
		await until('the server', async () => (await fetch(`http://127.0.0.1:${http}/healthz`)).status === 200);
		const day = attendedDay();
		const devices = ['nmea', 'nonin', 'pm6750'] as const;
		for (const device of devices) {
			await host.open({
				id: device,
				link: join(folder.path, device),
				emulator: { device, day, ...(device === 'nmea' ? { rate: 10 } : {}) },
			});
		}
		writeFileSync(
			join(folder.path, 'van.yaml'),
			JSON.stringify({
				vehicle: VAN,
				mqtt: { url: `mqtt://127.0.0.1:${broker}`, password },
				clock: { system: 'trusted' },
				ports: devices.map((device) => ({ name: device, path: device, device, ...(device === 'nmea' ? { baud: 38_400 } : {}) })),
			}),
		);
		console.log(
			`\nGateway at GNSS 10 Hz + ECG 250 Hz × 7 leads + pleth 75 Hz and 50 Hz + respiration 50 Hz, ${MEASURE / 1000} s each (CPU of one core; the most memory resident)`,
		);
		const config = join(folder.path, 'van.yaml');
		// The compiled code of an earlier run is put aside: the first start after an update compiles, all others do not.
		const cold = { NODE_COMPILE_CACHE: join(folder.path, 'compiled') };
		await withGateway(config, cold, async (pid) => await measure('first start after an update', pid));
		await withGateway(config, cold, async (pid) => {
			await measure('waveforms not watched', pid);
			const api = await Api.signIn(http, demoUser(data, 'doctor'));
			const socket = new WebSocket(`ws://127.0.0.1:${http}/api/v1/live`, {
				headers: { cookie: api.cookie, origin: `http://127.0.0.1:${http}` },
			});
			await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
			const request: LiveRequest = { type: 'subscribe', subscriptions: [{ vehicles: [VAN], kinds: ['reading', 'waveform'] }] };
			socket.send(JSON.stringify(request));
			await pause(SETTLE);
			await measure('waveforms watched', pid);
			socket.close();
		});
	} finally {
		await host.close();
		await server.kill('SIGTERM');
		folder.dispose();
	}
}

async function withGateway(config: string, env: NodeJS.ProcessEnv, work: (pid: number) => Promise<void>): Promise<void> {
	const gateway = junkai(['gateway', config], env);
	try {
		await pause(SETTLE);
		await work(gateway.pid);
	} finally {
		await gateway.kill('SIGTERM');
	}
}

async function measure(name: string, pid: number): Promise<void> {
	const before = await cpuSeconds(pid);
	const began = performance.now();
	let memory = 0;
	while (performance.now() - began < MEASURE) {
		memory = Math.max(memory, await residentMegabytes(pid));
		await pause(1000);
	}
	const share = (await cpuSeconds(pid)) - before;
	console.log(
		`  ${name.padEnd(40)} ${((100 * share) / ((performance.now() - began) / 1000)).toFixed(2)} % of one core, ${memory.toFixed(0)} MB resident at most`,
	);
}
