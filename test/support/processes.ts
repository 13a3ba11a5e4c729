/** Processes that a test starts, kills by pid, and never leaves behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const JUNKAI = fileURLToPath(new URL('../../cli/junkai.mjs', import.meta.url));

/** A process with its output kept for the failure message. */
export class Running {
	readonly #process: ChildProcess;
	readonly #exited: Promise<void>;
	#output = '';

	constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
		this.#process = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
		for (const stream of [this.#process.stdout, this.#process.stderr]) {
			stream?.on('data', (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-20_000)));
		}
		this.#exited = new Promise((resolve) => {
			this.#process.once('exit', () => resolve());
			this.#process.once('error', (error) => {
				this.#output += String(error);
				resolve();
			});
		});
	}

	get pid(): number {
		return this.#process.pid ?? -1;
	}

	get output(): string {
		return this.#output;
	}

	get running(): boolean {
		return this.#process.exitCode === null && this.#process.signalCode === null && this.#process.pid !== undefined;
	}

	/** Ends it with a signal (default: kill -9) and waits until it is gone. */
	async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
		if (this.running) this.#process.kill(signal);
		await this.#exited;
	}
}

/** Our own command line as a process, as a user would run it. */
export const junkai = (args: readonly string[], env?: NodeJS.ProcessEnv): Running =>
	new Running(process.execPath, [JUNKAI, ...args], env);

/** A port nobody listens on now. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === 'string') throw new Error('no free port');
	return address.port;
}

/** Waits until `look` gives something other than undefined, false or null; throws with `what` after `within` ms. */
export async function until<T>(
	what: string,
	look: () => T | undefined | false | null | Promise<T | undefined | false | null>,
	within = 30_000,
): Promise<T> {
	const end = performance.now() + within;
	let last: unknown;
	for (;;) {
		try {
			const found = await look();
			if (found !== undefined && found !== false && found !== null) return found;
		} catch (error) {
			last = error;
		}
		if (performance.now() > end) throw new Error(`waited ${within / 1000} s in vain: ${what}`, { cause: last });
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

/** A temporary folder, removed by `dispose`. */
export function tempFolder(name: string): { path: string; dispose: () => void } {
	const path = mkdtempSync(join(tmpdir(), `junkai-${name}-`));
	return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}
