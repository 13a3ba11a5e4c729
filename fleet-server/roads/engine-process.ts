/** Keeps one engine process alive: hands it one request after the other, watches the clock, and replaces it when it dies. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { z } from 'zod';
import { RoadsError } from './roads-error.ts';

export const engineMethods = ['route', 'locate', 'matrix', 'isochrone', 'traceRoute'] as const;
export type EngineMethod = (typeof engineMethods)[number];

const PROGRAM = fileURLToPath(new URL('./valhalla-process.ts', import.meta.url));
const answer = z.union([
	z.object({ ready: z.literal(true) }),
	z.object({ id: z.number(), body: z.string() }),
	z.object({ id: z.number(), error: z.string() }),
]);

/** A new process has so long to load its tiles, ms. */
const READY_WITHIN = 30_000;
/** Requests that may wait; more would only time out. */
const QUEUE = 1000;
const BACKOFF = { first: 100, most: 30_000 };

interface Job {
	readonly id: number;
	readonly method: EngineMethod;
	readonly query: string;
	readonly resolve: (body: string) => void;
	readonly reject: (error: Error) => void;
	/** Processes that died over it. */
	deaths: number;
	settled: boolean;
	/** Takes back timer and listener. */
	release: () => void;
}

export interface EngineOptions {
	readonly configPath: string;
	/** From the question to the answer, waiting in the queue included, ms. */
	readonly deadline: number;
	readonly log: Logger;
}

export class EngineProcess {
	/** Processes that were replaced since they died. */
	restarts = 0;
	/** It was replaced: nothing new is to be asked. */
	leaving = false;
	readonly #options: EngineOptions;
	readonly #queue: Job[] = [];
	#child: ChildProcess | null = null;
	#ready = false;
	#current: Job | null = null;
	#ids = 0;
	#closed = false;
	/** Deaths without an answer in between. */
	#deaths = 0;
	#restart: NodeJS.Timeout | null = null;
	#holds = 0;
	#onIdle: (() => void) | null = null;

	constructor(options: EngineOptions) {
		this.#options = options;
	}

	/** Of the running process; null between two. */
	get pid(): number | null {
		return this.#child?.pid ?? null;
	}

	/** Why it cannot answer now; null when it can. */
	trouble(): string | null {
		return this.#deaths >= 3 ? `the road engine died ${this.#deaths} times in a row` : null;
	}

	/** Starts the process and waits until its tiles are loaded. */
	async start(): Promise<void> {
		this.#spawn();
		const child = this.#child!;
		await new Promise<void>((resolve, reject) => {
			const timer = setTimeout(
				() => done(new RoadsError('timeout', `the road engine was not ready within ${READY_WITHIN / 1000} s`)),
				READY_WITHIN,
			);
			const done = (error?: RoadsError): void => {
				clearTimeout(timer);
				child.off('exit', onExit).off('message', onMessage);
				if (error) reject(error);
				else resolve();
			};
			const onExit = (code: number | null, signal: string | null) =>
				done(new RoadsError('unavailable', `the road engine ended at its start (${signal ?? `code ${code}`})`));
			const onMessage = (): void => {
				if (this.#ready) done();
			};
			child.on('exit', onExit).on('message', onMessage);
		});
	}

	/** The engine's answer, as it gave it. Rejects with `answer` and the engine's own text when it refused. */
	ask(method: EngineMethod, query: unknown, signal?: AbortSignal): Promise<string> {
		if (this.#closed) return Promise.reject(new RoadsError('unavailable', 'the road engine is closed'));
		if (this.#queue.length >= QUEUE) {
			return Promise.reject(new RoadsError('unavailable', `${QUEUE} requests wait for the road engine already`));
		}
		if (signal?.aborted) return Promise.reject(gaveUp());
		return new Promise((resolve, reject) => {
			const job: Job = {
				id: ++this.#ids,
				method,
				query: JSON.stringify(query),
				resolve,
				reject,
				deaths: 0,
				settled: false,
				release: () => {},
			};
			const onAbort = (): void => this.#settle(job, gaveUp());
			signal?.addEventListener('abort', onAbort, { once: true });
			const timer = setTimeout(() => this.#expire(job), this.#options.deadline);
			job.release = () => {
				clearTimeout(timer);
				signal?.removeEventListener('abort', onAbort);
			};
			this.#queue.push(job);
			this.#next();
		});
	}

	/** Does several questions as one: the process does not leave in between. */
	async hold<T>(work: (engine: this) => Promise<T>): Promise<T> {
		this.#holds++;
		try {
			return await work(this);
		} finally {
			this.#holds--;
			if (this.#holds === 0) this.#onIdle?.();
		}
	}

	/** Ends the process when nobody holds it any more. */
	async drain(): Promise<void> {
		this.leaving = true;
		if (this.#holds > 0) await new Promise<void>((done) => (this.#onIdle = done));
		await this.close();
	}

	/** Ends the process; what was asked is refused. */
	async close(): Promise<void> {
		this.#closed = true;
		if (this.#restart) clearTimeout(this.#restart);
		const error = new RoadsError('unavailable', 'the road engine is closed');
		for (const job of [this.#current, ...this.#queue.splice(0)]) if (job) this.#settle(job, error);
		const child = this.#child;
		if (child === null || child.exitCode !== null || child.signalCode !== null) return;
		const ended = new Promise((done) => child.once('exit', done));
		child.kill('SIGKILL');
		await ended;
	}

	#spawn(): void {
		this.#ready = false;
		// stdout and stderr are the library's; whatever it may print is no answer.
		const child = fork(PROGRAM, [this.#options.configPath], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
		this.#child = child;
		child.on('message', (message) => this.#hear(message));
		child.on('error', (error) => this.#options.log.warn({ reason: error.message }, 'road engine'));
		child.once('exit', (code, signal) => {
			if (this.#child === child) this.#died(signal ?? `code ${code}`);
		});
	}

	#hear(message: unknown): void {
		const parsed = answer.safeParse(message);
		if (!parsed.success) return;
		if ('ready' in parsed.data) {
			this.#ready = true;
			this.#next();
			return;
		}
		const job = this.#current;
		if (job?.id !== parsed.data.id) return;
		this.#current = null;
		this.#deaths = 0;
		if ('error' in parsed.data) this.#settle(job, new RoadsError('answer', parsed.data.error));
		else this.#settle(job, parsed.data.body);
		this.#next();
	}

	#next(): void {
		if (this.#current || !this.#ready || !this.#child?.connected) return;
		let job = this.#queue.shift();
		while (job?.settled) job = this.#queue.shift();
		if (job === undefined) return;
		this.#current = job;
		this.#child.send({ id: job.id, method: job.method, query: job.query }, (error) => {
			// The process is going; its exit is what counts.
			if (error) this.#options.log.debug({ reason: error.message }, 'road engine did not take a request');
		});
	}

	#settle(job: Job, result: string | Error): void {
		if (job.settled) return;
		job.settled = true;
		job.release();
		if (typeof result === 'string') job.resolve(result);
		else job.reject(result);
	}

	/** Out of time. When the engine is at it, it may be stuck: only a new process is sure to answer the others. */
	#expire(job: Job): void {
		this.#settle(job, new RoadsError('timeout', `the road engine did not answer within ${this.#options.deadline / 1000} s`));
		if (this.#current === job) this.#child?.kill('SIGKILL');
	}

	#died(how: string): void {
		this.#child = null;
		this.#ready = false;
		const job = this.#current;
		this.#current = null;
		if (this.#closed) return;
		this.#deaths++;
		this.restarts++;
		if (job && !job.settled) {
			job.deaths++;
			// Once may be chance; what kills two processes would kill the third.
			if (job.deaths > 1)
				this.#settle(job, new RoadsError('unavailable', `the road engine died over this request, twice (${how})`));
			else this.#queue.unshift(job);
		}
		const wait = this.#deaths === 1 ? 0 : Math.min(BACKOFF.most, BACKOFF.first * 2 ** (this.#deaths - 1));
		this.#options.log.warn({ how, wait }, 'the road engine died; a new one is started');
		this.#restart = setTimeout(() => this.#spawn(), wait);
	}
}

const gaveUp = () => new RoadsError('aborted', 'the request was given up');
