/** One van's gateway: a real process with a real configuration file, restarted when it dies. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import type { Logger } from 'pino';

const cli = join(import.meta.dirname, '..', 'cli', 'junkai.mjs');
const RETRY_FIRST = 500;
const RETRY_MOST = 30_000;
/** After so long a life the next death is taken for a new trouble, ms. */
const SETTLED = 60_000;
const STOP_WITHIN = 8000;

export interface VanPort {
	name: string;
	path: string;
	device: string;
	/** How the device is called on screens. */
	label: string;
}

export interface VanProcessOptions {
	vehicle: string;
	name: string;
	password: string;
	/** Broker as this van reaches it. */
	mqttUrl: string;
	/** Holds configuration, spool and log of this van. */
	directory: string;
	ports: VanPort[];
	log: Logger;
}

export class VanProcess {
	readonly #options: VanProcessOptions;
	readonly #config: string;
	#child: ChildProcess | null = null;
	#exited: Promise<void> = Promise.resolve();
	#stopping = false;
	#retry = RETRY_FIRST;
	#timer: NodeJS.Timeout | undefined;
	#restarts = 0;

	constructor(options: VanProcessOptions) {
		this.#options = options;
		this.#config = join(options.directory, 'gateway.yaml');
	}

	get pid(): number | null {
		return this.#child?.pid ?? null;
	}

	/** Times that it was started again after it had died. */
	get restarts(): number {
		return this.#restarts;
	}

	/** Writes the configuration, ends a gateway that an earlier simulator left behind, and starts its own. */
	async start(): Promise<void> {
		const { vehicle, name, password, mqttUrl, directory, ports } = this.#options;
		mkdirSync(directory, { recursive: true, mode: 0o700 });
		const config = {
			vehicle,
			name,
			mqtt: { url: mqttUrl, password },
			spool: { path: 'spool.db' },
			waveforms: { keep: 'always' },
			ports,
		};
		writeFileSync(this.#config, `# Written by the simulator at each start.\n${stringify(config)}`, { mode: 0o600 });
		await this.#endLeftover();
		this.#spawn();
	}

	/** Ends it as a person would who switches the box off properly; by force after some seconds. */
	async stop(): Promise<void> {
		this.#stopping = true;
		clearTimeout(this.#timer);
		const child = this.#child;
		if (!child) return;
		child.kill('SIGTERM');
		const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN);
		await this.#exited;
		clearTimeout(force);
	}

	/** Ends it without warning, as a power cut does; it comes back by itself. */
	kill(): void {
		this.#child?.kill('SIGKILL');
	}

	#spawn(): void {
		const { directory, log, vehicle } = this.#options;
		const output = openSync(join(directory, 'gateway.log'), 'a', 0o600);
		const child = spawn(process.execPath, [cli, 'gateway', this.#config], {
			cwd: directory,
			stdio: ['ignore', output, output],
			// A group of its own: Ctrl-C reaches the simulator alone, which then stops its vans in order.
			detached: true,
		});
		closeSync(output);
		this.#child = child;
		const began = performance.now();
		this.#exited = new Promise((resolve) => {
			const ended = (how: string) => {
				resolve();
				if (this.#child === child) this.#child = null;
				if (this.#stopping) return;
				if (performance.now() - began > SETTLED) this.#retry = RETRY_FIRST;
				log.warn({ vehicle, how, again: this.#retry }, 'a gateway ended; it is started again');
				this.#restarts++;
				this.#timer = setTimeout(() => this.#spawn(), this.#retry);
				this.#retry = Math.min(RETRY_MOST, this.#retry * 2);
			};
			child.once('error', (error) => ended(error.message));
			child.once('exit', (code, signal) => ended(signal ?? `code ${code}`));
		});
		if (child.pid !== undefined) writeFileSync(this.#pidFile, String(child.pid));
	}

	get #pidFile(): string {
		return join(this.#options.directory, 'gateway.pid');
	}

	/** A simulator that was killed could not stop its gateways, and two of them must not share a spool. */
	async #endLeftover(): Promise<void> {
		let pid: number;
		try {
			pid = Number(readFileSync(this.#pidFile, 'utf8'));
		} catch {
			return;
		}
		// The number may belong to another program by now: only a gateway with this very configuration is ours.
		for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
			for (let i = 0; i < 40; i++) {
				if (!(await commandOf(pid)).includes(this.#config)) return;
				if (i === 0) sendSignal(pid, signal);
				await pause(100);
			}
		}
	}
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch {
		// It went by itself.
	}
}

async function commandOf(pid: number): Promise<string> {
	if (!Number.isInteger(pid) || pid < 2) return '';
	try {
		// Linux without procps has no `ps`; macOS has no /proc. A zombie's command line is empty.
		if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
		const { stdout } = await promisify(execFile)('ps', ['-p', String(pid), '-ww', '-o', 'args=']);
		return stdout;
	} catch {
		return '';
	}
}
