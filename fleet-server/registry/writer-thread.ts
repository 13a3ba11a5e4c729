/** The thread that writes records, as the rest sees it. */
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { FleetServerError, messageOf } from '../errors.ts';
import type { WriterCall, WriterReply } from './worker.ts';
import type { Stamp, Write } from './writer.ts';

/** Records handed over at once. */
const PART = 200;

export class WriterThread {
	readonly #path: string;
	#worker: Worker | null = null;
	#waiting: { resolve: () => void; reject: (error: Error) => void } | null = null;

	/** @param path of a database whose tables are there */
	constructor(path: string) {
		this.#path = path;
		this.#start();
	}

	/**
	 * Resolves after all of a batch is on disk; rejects with a FleetServerError of code `store` when nothing of it is. One at a time.
	 */
	async write(writes: readonly Write[], stamp: Stamp): Promise<void> {
		const worker = this.#worker ?? this.#start();
		const done = this.#reply();
		this.#post(worker, { step: 'begin', stamp });
		for (let at = 0; at < writes.length; at += PART) {
			if (at > 0) await setImmediate();
			this.#post(worker, { step: 'apply', writes: writes.slice(at, at + PART) });
		}
		this.#post(worker, { step: 'commit' });
		return done;
	}

	async close(): Promise<void> {
		const worker = this.#worker;
		if (worker === null) return;
		const done = this.#reply();
		this.#post(worker, { step: 'close' });
		await done;
		await worker.terminate();
	}

	/** Whoever waits for an answer keeps the process alive; the thread by itself does not. */
	#reply(): Promise<void> {
		this.#worker?.ref();
		const done = new Promise<void>((resolve, reject) => (this.#waiting = { resolve, reject }));
		// It may be refused before anybody waits for it.
		done.catch(() => undefined);
		return done;
	}

	#post(worker: Worker, call: WriterCall): void {
		worker.postMessage(call);
	}

	/** A thread that died is replaced when there is something to write; what it had not finished is not on disk. */
	#start(): Worker {
		const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { path: this.#path } });
		worker.on('message', ({ error }: WriterReply) => this.#settle(error));
		worker.on('error', (error) => this.#lost(worker, messageOf(error)));
		worker.on('exit', () => this.#lost(worker, 'its thread ended'));
		worker.unref();
		return (this.#worker = worker);
	}

	#lost(worker: Worker, reason: string): void {
		if (this.#worker === worker) this.#worker = null;
		this.#settle(reason);
	}

	#settle(error: string | null): void {
		this.#worker?.unref();
		const waiting = this.#waiting;
		this.#waiting = null;
		if (error === null) waiting?.resolve();
		else waiting?.reject(new FleetServerError('store', `the records could not be written: ${error}`));
	}
}
