/** The whole of Junkai on one machine: server and simulator as processes of their own, as they would be for real. */
import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { demoUsers } from './demo-api.ts';
import { dawnOf, dayAfter, DemoDays, workday } from './demo-day.ts';
import { CliError, number, stopOnSignal, whole } from './shared.ts';

interface Options {
	vans: number;
	speed: number;
	seed: number;
	dataDir: string;
	httpPort: string;
	mqttPort: string;
}

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const READY_WITHIN = 60_000;
const STOP_WITHIN = 12_000;

const ready = z.object({ type: z.literal('ready'), httpPort: z.number().optional(), mqttPort: z.number().nullish() });
const lastDay = z.object({ date: z.iso.date() });

export function addDemo(program: Command): void {
	program
		.command('demo')
		.description('run the whole system on this machine, with simulated vans (what `npm start` does)')
		.addOption(new Option('--vans <n>', 'simulated vans').argParser(whole(1, 200)).default(3).env('JUNKAI_VANS'))
		.option('--speed <x>', 'the day passes so many times as fast', number(0.1, 100), 1)
		.option('--seed <s>', 'the same journeys and patients for the same seed', whole(0, 0x7fff_ffff), 1)
		.addOption(new Option('--data-dir <folder>', 'data folder').default('./data').env('JUNKAI_DATA_DIR'))
		.addOption(new Option('--http-port <port>', 'desks and REST; 0 takes a free one').default('8080').env('JUNKAI_HTTP_PORT'))
		.addOption(new Option('--mqtt-port <port>', 'broker; 0 takes a free one').default('1883').env('JUNKAI_MQTT_PORT'))
		.action(run);
}

async function run(options: Options): Promise<void> {
	const began = performance.now();
	const dataDir = resolve(options.dataDir);
	mkdirSync(dataDir, { recursive: true, mode: 0o700 });
	const children: Child[] = [];
	const stop = async (): Promise<void> => {
		// Vans first: their farewells reach a server that still listens.
		for (const child of children.toReversed()) await child.stop();
	};
	let stopping = false;
	stopOnSignal(() => {
		stopping = true;
		console.log('\nstopping …');
		return stop();
	});
	const start = async (name: string, args: string[]): Promise<z.infer<typeof ready>> => {
		const child = new Child(name, args, join(dataDir, `${name}.log`));
		children.push(child);
		child.onExit = (how) => {
			if (stopping) return;
			stopping = true;
			console.error(`junkai: the ${name} ended (${how}); its last lines:\n${child.lastLines()}`);
			void stop().then(() => process.exit(1));
		};
		return await child.ready();
	};
	await makeMap(dataDir);
	const { vans, seed, speed } = options;
	const date = dayToShow(dataDir);
	console.log('starting the fleet server …');
	// Whatever the environment says: a demonstration with printed passwords listens on this machine only.
	const ports = ['--host', '127.0.0.1', '--http-port', options.httpPort, '--mqtt-port', options.mqttPort];
	const clock = ['--clock-start', dawnOf(date), '--clock-speed', String(speed)];
	const people = ['--demo-vans', String(vans), '--demo-seed', String(seed)];
	const server = await start('server', ['server', '--data-dir', dataDir, ...people, ...clock, ...ports]);
	const broker = process.env['MQTT_URL'] || `mqtt://127.0.0.1:${server.mqttPort ?? 1883}`;
	const desks = `http://127.0.0.1:${server.httpPort ?? 8080}`;
	console.log(`planning the day of ${inWords(vans)} …`);
	const manifest = await beginDay(desks, date, options);
	console.log(`starting ${inWords(vans)} …`);
	const drive = [...manifest, '--vans', String(vans), '--speed', String(speed), '--seed', String(seed)];
	await start('sim', ['sim', '--data-dir', dataDir, '--mqtt-url', broker, ...drive]);
	announce(dataDir, server.httpPort ?? 8080, broker, performance.now() - began);
}

const inWords = (vans: number): string => `${vans} ${vans === 1 ? 'van' : 'vans'}`;

/** A working day that no earlier run on this folder has shown: what has happened on a day has happened. */
function dayToShow(dataDir: string): string {
	const file = join(dataDir, 'demo-day.json');
	const known = existsSync(file) ? lastDay.safeParse(JSON.parse(readFileSync(file, 'utf8'))) : null;
	const today = workday(Date.now());
	const date = known?.success && known.data.date >= today ? dayAfter(known.data.date) : today;
	writeFileSync(file, JSON.stringify({ date }), { mode: 0o600 });
	return date;
}

/** Plans and publishes the day, so that crews have orders. Without one they drive the region's rounds. @returns flags of `sim` */
async function beginDay(server: string, date: string, { dataDir, seed, speed }: Options): Promise<string[]> {
	const days = new DemoDays(server, resolve(dataDir));
	try {
		const { visits, unassigned } = await days.begin(date, { seed, speed });
		console.log(`  ${visits} visits${unassigned === 0 ? ', all of them assigned' : `; ${unassigned} more find no place`}`);
	} catch (error) {
		console.error(`no day was planned: ${error instanceof Error ? error.message : String(error)}; the vans drive their rounds`);
		return [];
	}
	days.goOn();
	return ['--server', server];
}

/** Routes need a map. Without one everything else still runs, so a failure is told and no more. */
async function makeMap(dataDir: string): Promise<void> {
	if (process.env['OSRM_URL']) return;
	try {
		const { ensureMap } = await import('@junkai/fleet-server/map');
		await ensureMap(process.env['JUNKAI_REGION'] || 'wakayama', dataDir, (line) => console.log(line));
	} catch (error) {
		console.error(`no map, so no routes: ${error instanceof Error ? error.message : String(error)}`);
	}
}

function announce(dataDir: string, httpPort: number, broker: string, took: number): void {
	const users = demoUsers(dataDir);
	const width = Math.max(...users.map((user) => user.username.length));
	console.log(
		[
			'',
			`Junkai runs (${(took / 1000).toFixed(1)} s). This is a demonstration: vans, patients and values are simulated.`,
			'',
			`  desks    http://127.0.0.1:${httpPort}`,
			`  health   http://127.0.0.1:${httpPort}/healthz`,
			`  API      http://127.0.0.1:${httpPort}/api/v1/openapi.json`,
			`  broker   ${broker.replace(/\/\/[^@/]*@/, '//')}`,
			`  logs     ${dataDir}`,
			'',
			'  sign in as',
			...users.map((user) => `    ${user.username.padEnd(width)}  ${user.password}`),
			'',
			'Ctrl-C stops everything.',
			'',
		].join('\n'),
	);
}

/** A part of the demo, in a process of its own; it ends by itself when this process is gone. */
class Child {
	onExit: (how: string) => void = () => {};
	readonly #process: ChildProcess;
	readonly #name: string;
	readonly #exited: Promise<void>;
	readonly #last: string[] = [];
	readonly #ready: Promise<z.infer<typeof ready>>;

	constructor(name: string, args: readonly string[], logFile: string) {
		this.#name = name;
		const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
		// A group of its own: Ctrl-C reaches this process alone, which then stops the parts in order.
		this.#process = fork(MAIN, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
		for (const stream of [this.#process.stdout, this.#process.stderr]) {
			stream?.on('data', (chunk: Buffer) => {
				log.write(chunk);
				this.#last.push(...chunk.toString('utf8').split('\n').filter(Boolean));
				this.#last.splice(0, Math.max(0, this.#last.length - 12));
			});
		}
		this.#exited = new Promise((done) => {
			this.#process.once('exit', (code, signal) => {
				done();
				this.onExit(signal ?? `code ${code}`);
			});
		});
		this.#ready = new Promise((done) => {
			this.#process.on('message', (message) => {
				const parsed = ready.safeParse(message);
				if (parsed.success) done(parsed.data);
			});
		});
	}

	lastLines(): string {
		return this.#last.join('\n');
	}

	async ready(): Promise<z.infer<typeof ready>> {
		const late = new Promise<never>((_, reject) => {
			setTimeout(
				() => reject(new CliError(`the ${this.#name} was not ready within ${READY_WITHIN / 1000} s; see its log`)),
				READY_WITHIN,
			).unref();
		});
		const ended = this.#exited.then(() => new Promise<never>(() => {}));
		return await Promise.race([this.#ready, late, ended]);
	}

	async stop(): Promise<void> {
		if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
		this.#process.kill('SIGTERM');
		const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_WITHIN);
		await this.#exited;
		clearTimeout(timer);
	}
}
