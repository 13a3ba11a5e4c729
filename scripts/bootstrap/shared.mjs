/**
 * What every part of the bootstrap needs. Plain JavaScript on `node:` modules alone: it runs before anything is installed,
 * on whatever Node (20 or newer) the machine has.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The Node that the project's code runs on; it comes with the install. */
export const NODE_MAJOR = 26;

/** Something that the user can mend; its message says what is wrong and how. Shown without a stack. */
export class BootstrapError extends Error {
	/** @param {string} message @param {number} [exitCode] */
	constructor(message, exitCode = 1) {
		super(message);
		this.name = 'BootstrapError';
		this.exitCode = exitCode;
	}
}

/** Progress goes to stderr, so that a command's own output stays clean. @param {string} text */
export const say = (text) => void process.stderr.write(`junkai: ${text}\n`);

/** @param {string} name of a program in node_modules/.bin */
export const bin = (name) => join(root, 'node_modules', '.bin', name);

/** Node 26 from the install, or this very process where it is new enough. */
export function projectNode() {
	const installed = bin('node');
	if (existsSync(installed)) return installed;
	return Number.parseInt(process.versions.node, 10) >= NODE_MAJOR ? process.execPath : installed;
}

/** Environment of everything that is started: the project's programs come first on PATH. */
const projectEnvironment = () => ({ ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? ''}` });

/**
 * Runs a program quietly and tells how it went. A signal that comes meanwhile ends the program first and then this process.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number, output: string, stdout: string, seconds: number }>} `output` is stdout and stderr as they came
 */
export function capture(file, args, options = {}) {
	return new Promise((resolve, reject) => {
		const began = performance.now();
		const child = spawn(file, args, {
			cwd: options.cwd ?? root,
			env: options.env ?? projectEnvironment(),
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		const signals = passSignals(child);
		/** @type {Buffer[]} */
		const all = [];
		/** @type {Buffer[]} */
		const out = [];
		child.stdout.on('data', (chunk) => {
			all.push(chunk);
			out.push(chunk);
		});
		child.stderr.on('data', (chunk) => void all.push(chunk));
		child.once('error', (error) => {
			signals.stop();
			reject(error);
		});
		child.once('close', (code, signal) => {
			signals.stop();
			const received = signals.received();
			if (received !== null) process.kill(process.pid, received);
			resolve({
				code: code ?? (signal === null ? 1 : 128),
				output: Buffer.concat(all).toString().trimEnd(),
				stdout: Buffer.concat(out).toString().trimEnd(),
				seconds: (performance.now() - began) / 1000,
			});
		});
	});
}

/**
 * Runs a program in the foreground: its input and output are ours, signals reach it, and its end is told back.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
export function foreground(file, args, options = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(file, args, { cwd: options.cwd, env: options.env ?? projectEnvironment(), stdio: 'inherit' });
		const signals = passSignals(child);
		child.once('error', (error) => {
			signals.stop();
			reject(error);
		});
		child.once('exit', (code, signal) => {
			signals.stop();
			resolve({ code, signal });
		});
	});
}

/** Ends this process as the child ended: same exit code, or same signal. @param {{ code: number | null, signal: NodeJS.Signals | null }} end */
export function endLike(end) {
	if (end.signal !== null) process.kill(process.pid, end.signal);
	process.exitCode = end.code ?? 1;
}

/**
 * Hands signals on to a child, until `stop`.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function passSignals(child) {
	let lastInterrupt = Number.NEGATIVE_INFINITY;
	/** @type {NodeJS.Signals | null} */
	let received = null;
	/** @param {NodeJS.Signals} signal */
	const handle = (signal) => {
		received = signal;
		if (signal === 'SIGINT') {
			// On a terminal, Ctrl-C goes to the child as well as to us; and npm hands it on once more. One is enough: to many
			// programs a second one means "at once, without tidying up".
			if (process.stdin.isTTY || performance.now() - lastInterrupt < 1000) return;
			lastInterrupt = performance.now();
		}
		child.kill(signal);
	};
	for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, handle);
	return {
		stop() {
			for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, handle);
		},
		received: () => received,
	};
}
