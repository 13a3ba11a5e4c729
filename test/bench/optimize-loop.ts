/** How long the server's event loop is held, and what memory it takes, while the planner works on large problems. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import mqtt from 'mqtt';
import { planSolution, problem, topics, uplinkAck } from '@junkai/contracts';
import { Api, demoUser } from '../support/api.ts';
import { freePort, junkai, tempFolder, until } from '../support/processes.ts';
import { distribution, residentMegabytes, shown } from './figures.ts';

const VANS = 20;
/** Batches a second of each van, and records in each. */
const PACE = 10;
const BATCH = 10;
const SECONDS = 5;
/** The server's own measure of its event loop; this much of each value is the measure's own pause, ms. */
const RESOLUTION = 10;
/** What is promised, ms. */
const LONGEST_HOLD = 50;

interface Case {
	name: string;
	jobs: number;
	/** Rows of the matrices; more than there are jobs when only the reading of them is of interest. */
	places: number;
}

const cases: Case[] = [
	{ name: '200 jobs', jobs: 200, places: 201 },
	{ name: '1,000 jobs', jobs: 1000, places: 1001 },
	{ name: '200 jobs of 2,000 × 2,000 matrices', jobs: 200, places: 2000 },
	{ name: '5,000 jobs, which is too many', jobs: 5000, places: 2 },
];

/** A problem as text: places on a grid, times in seconds, distances in metres. */
function problemText({ jobs, places }: Case): string {
	const side = Math.ceil(Math.sqrt(places));
	const matrix = (scale: number): string => {
		const rows: string[] = [];
		for (let from = 0; from < places; from++) {
			const row = Array.from({ length: places }, (_, to) => {
				const [x, y] = [(from % side) - (to % side), Math.floor(from / side) - Math.floor(to / side)];
				return Math.round(Math.hypot(x, y) * scale);
			});
			rows.push(`[${row.join(',')}]`);
		}
		return `[${rows.join(',')}]`;
	};
	const vehicles = Array.from({ length: 20 }, (_, id) => ({ id, start_index: 0, end_index: 0, time_window: [0, 36_000] }));
	const list = Array.from({ length: jobs }, (_, id) => ({ id, location_index: (id + 1) % places, service: 300 }));
	return `{"vehicles":${JSON.stringify(vehicles)},"jobs":${JSON.stringify(list)},"matrices":{"car":{"durations":${matrix(60)},"distances":${matrix(700)}}}}`;
}

/** Vans that send all the time; `latencies` gets publish to durable ack, ms. */
async function drive(url: string, vans: readonly { vehicle: string; password: string }[]) {
	const latencies: number[] = [];
	const clients = await Promise.all(
		vans.map(async ({ vehicle, password }) => {
			const client = await mqtt.connectAsync(url, { username: vehicle, password, clientId: `van-${vehicle}` });
			await client.subscribeAsync(topics.ack(vehicle), { qos: 1 });
			const epoch = randomUUID();
			const sent = new Map<number, number>();
			let next = 1;
			client.on('message', (_, payload) => {
				for (const [from, to] of uplinkAck.parse(JSON.parse(payload.toString())).ranges) {
					for (const [first, at] of sent) {
						if (first < from || first > to) continue;
						latencies.push(performance.now() - at);
						sent.delete(first);
					}
				}
			});
			const timer = setInterval(() => {
				const time = Date.now();
				const measured = { kind: 'reading', time, clock: 'ntp', port: 'oximeter', code: 'spo2', value: 97 };
				const records = Array.from({ length: BATCH }, (_, at) => ({ ...measured, seq: next + at }));
				sent.set(next, performance.now());
				next += BATCH;
				const batch = { v: 1, epoch, boot: 'bench', historical: false, records };
				client.publish(topics.up(vehicle, 'numeric'), JSON.stringify(batch), { qos: 1 });
			}, 1000 / PACE);
			return async () => {
				clearInterval(timer);
				await client.endAsync();
			};
		}),
	);
	return { latencies, stop: () => Promise.all(clients.map((end) => end())) };
}

/** Longest and 99th percentile of the loop's delay since the last look, ms. */
async function loopDelay(httpPort: number): Promise<{ max: number; p99: number }> {
	const text = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
	const value = (name: string): number =>
		Number(new RegExp(`^nodejs_eventloop_lag_${name}_seconds ([\\d.e+-]+)$`, 'm').exec(text)?.[1]) * 1000;
	return { max: value('max') - RESOLUTION, p99: value('p99') - RESOLUTION };
}

/** Seconds that a process's main thread has run, and has been ready to run without getting a core (Linux: /proc). */
async function mainThread(pid: number): Promise<{ ran: number; waited: number }> {
	const [ran, waited] = (await readFile(`/proc/${pid}/task/${pid}/schedstat`, 'utf8')).split(' ').map((text) => Number(text) / 1e9);
	return { ran: ran ?? NaN, waited: waited ?? NaN };
}

async function ask(base: string, cookie: string, body: string): Promise<string> {
	const response = await fetch(`${base}/api/v1/optimize?seconds=${SECONDS}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', cookie },
		body,
	});
	const answer: unknown = await response.json();
	if (!response.ok) return `${response.status}: ${problem.parse(answer).errors?.[0]?.message ?? 'refused'}`;
	const { summary } = planSolution.parse(answer);
	return `${summary?.routes} routes, ${summary?.unassigned} unassigned, read in ${summary?.computing_times?.loading} ms`;
}

export async function optimizeLoop(): Promise<void> {
	const folder = tempFolder('bench');
	const [http, broker] = [await freePort(), await freePort()];
	const args = ['--http-port', String(http), '--mqtt-port', String(broker), '--data-dir', folder.path];
	const server = junkai(['server', ...args, '--demo-vans', String(VANS), '--log-level', 'warn']);
	try {
		const base = `http://127.0.0.1:${http}`;
		await until('the server', async () => (await fetch(`${base}/healthz`)).status === 200);
		const { cookie } = await Api.signIn(http, demoUser(folder.path, 'dispatcher'));
		const secrets = JSON.parse(readFileSync(join(folder.path, 'demo-vans.json'), 'utf8')) as {
			vehicle: string;
			password: string;
		}[];
		console.log(
			`\nThe event loop while the planner works (${VANS} vans send ${VANS * PACE * BATCH} records/s; promised: at most ${LONGEST_HOLD} ms)`,
		);
		const vans = await drive(`mqtt://127.0.0.1:${broker}`, secrets);
		// Code that runs for the first time is compiled: not what is measured here.
		await new Promise((resolve) => setTimeout(resolve, 5000));
		const measure = async (name: string, step: () => Promise<string>): Promise<void> => {
			await loopDelay(http);
			vans.latencies.length = 0;
			let most = 0;
			const watch = setInterval(() => void residentMegabytes(server.pid).then((now) => (most = Math.max(most, now))), 50);
			const before = await mainThread(server.pid);
			const began = performance.now();
			const result = await step();
			const took = (performance.now() - began) / 1000;
			clearInterval(watch);
			const after = await mainThread(server.pid);
			const { max, p99 } = await loopDelay(http);
			console.log(`  ${name}: ${took.toFixed(2)} s, ${result}`);
			console.log(
				`    loop held at most ${max.toFixed(1)} ms (p99 ${p99.toFixed(1)})${max > LONGEST_HOLD ? ', MORE THAN PROMISED' : ''}; memory up to ${most.toFixed(0)} MB; main thread ran ${(after.ran - before.ran).toFixed(2)} s and waited ${(after.waited - before.waited).toFixed(2)} s for a core; ack ms: ${shown(distribution(vans.latencies), 1)}`,
			);
		};
		await measure('no job', async () => {
			await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
			return 'vans alone';
		});
		for (const one of cases) {
			const body = problemText(one);
			await measure(`${one.name}, ${(body.length / 1e6).toFixed(1)} MB`, () => ask(base, cookie, body));
		}
		await vans.stop();
	} finally {
		await server.kill('SIGTERM');
		folder.dispose();
	}
}
