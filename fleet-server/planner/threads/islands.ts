/**
 * Runs a search on several worker threads that exchange their best plans. The calling thread only passes plans on, so that its
 * event loop stays free.
 */
import { Worker } from 'node:worker_threads';
import { PlannerError } from '../errors.ts';
import { compareScores, type Found, type Routes, type Score } from '../search/search.ts';
import { kinds, type Kind } from './kinds.ts';
import type { IslandData, IslandNews, IslandReport } from './protocol.ts';

export interface IslandJob {
	/** A kind of search, or the module of another one. */
	readonly kind: Kind | URL;
	/** What the kind's `createSearch` takes; it must survive a structured clone. Large typed arrays are shared, not copied a thread. */
	readonly problem: object;
	/** A feasible plan to begin with; the outcome is never worse. */
	readonly start?: Routes;
}

export interface IslandOptions {
	/** Worker threads; 1 by default. With one thread and `maxSteps` the outcome depends on the seed alone. */
	readonly threads?: number;
	/** Wall time in all, start of the threads included. Needed unless `maxSteps` is given. */
	readonly seconds?: number;
	/** Steps of each thread after which it ends. */
	readonly maxSteps?: number;
	readonly seed?: number;
	/** Called for the first plan, each better one, and some times a second. An error thrown here rejects the run. */
	readonly onProgress?: (progress: IslandProgress) => void;
	/** Ends the run early with the best plan so far. */
	readonly signal?: AbortSignal;
}

export interface IslandProgress {
	/** Since the call, milliseconds. */
	readonly elapsed: number;
	/** Of all threads together. */
	readonly steps: number;
	/** The best so far. */
	readonly best: Found;
	/** Whether `best` is better than at the last call. */
	readonly better: boolean;
}

export interface IslandResult {
	readonly best: Found;
	readonly steps: number;
	/** Milliseconds. */
	readonly elapsed: number;
	/** Whether the signal ended it. */
	readonly cancelled: boolean;
	/** Threads that died on the way; the plan is the best of all. */
	readonly failures: readonly Error[];
}

/** Typed arrays from this size on are shared between threads. */
const SHARED_FROM = 65_536;
/** Milliseconds between calls of `onProgress` when nothing got better. */
const PROGRESS_EVERY = 250;
/** Milliseconds that threads get to tell their last plan once they shall stop. */
const GRACE = 70;
/** Distance of the seeds of two islands. */
const SEED_STEP = 7919;

/**
 * Resolves with the best plan when time or steps are used up or the signal aborts. Rejects with a PlannerError: 'input' for
 * options out of range or a problem that a search refuses, 'threads' when every thread died without a plan, 'cancelled' when
 * there was none yet.
 */
export async function runIslands(job: IslandJob, options: IslandOptions = {}): Promise<IslandResult> {
	const { seconds = Infinity, maxSteps = Infinity, threads = 1, signal } = options;
	if (!(Number.isInteger(threads) && threads >= 1)) throw new PlannerError('input', `threads is ${threads}: expected 1 or more`);
	if (!(seconds > 0) || !(maxSteps >= 0)) throw new PlannerError('input', 'seconds and maxSteps must be above 0');
	if (seconds === Infinity && maxSteps === Infinity) throw new PlannerError('input', 'neither seconds nor maxSteps is given');
	if (signal?.aborted === true) throw new PlannerError('cancelled', 'cancelled before there was a plan', { cause: signal.reason });
	return new Islands(job, options, seconds, maxSteps, threads).run();
}

class Islands {
	readonly #options: IslandOptions;
	readonly #data: Omit<IslandData, 'seed' | 'options'>;
	readonly #job: IslandJob;
	readonly #threads: number;
	readonly #begin = performance.now();
	readonly #stop = new SharedArrayBuffer(4);
	readonly #workers = new Set<Worker>();
	readonly #steps: number[];
	readonly #failures: Error[] = [];
	readonly #ended = Promise.withResolvers<void>();
	#best: Found | null = null;
	#progressAt = -Infinity;
	#cancelled = false;

	constructor(job: IslandJob, options: IslandOptions, seconds: number, maxSteps: number, threads: number) {
		this.#job = job;
		this.#options = options;
		this.#threads = threads;
		this.#steps = Array.from({ length: threads }, () => 0);
		const begin = performance.timeOrigin + this.#begin;
		this.#data = {
			module: (job.kind instanceof URL ? job.kind : kinds[job.kind]).href,
			problem: shareLarge(job.problem),
			begin,
			end: begin + seconds * 1000,
			maxSteps,
			stop: this.#stop,
		};
	}

	async run(): Promise<IslandResult> {
		const { signal } = this.#options;
		const abort = (): void => this.#cancel();
		signal?.addEventListener('abort', abort, { once: true });
		try {
			for (let island = 0; island < this.#threads; island++) this.#start(island);
			await this.#ended.promise;
		} finally {
			signal?.removeEventListener('abort', abort);
			Atomics.store(new Int32Array(this.#stop), 0, 1);
			for (const worker of this.#workers) void worker.terminate();
		}
		return this.#result();
	}

	#result(): IslandResult {
		if (this.#best === null) {
			if (this.#cancelled) {
				throw new PlannerError('cancelled', 'cancelled before there was a plan', { cause: this.#options.signal?.reason });
			}
			const [first] = this.#failures;
			if (first instanceof PlannerError) throw first;
			throw new PlannerError('threads', `no search thread could work: ${first?.message ?? 'all ended without a plan'}`, {
				cause: first,
			});
		}
		return {
			best: this.#best,
			steps: this.#totalSteps(),
			elapsed: performance.now() - this.#begin,
			cancelled: this.#cancelled,
			failures: this.#failures,
		};
	}

	#start(island: number): void {
		const { seed = 1 } = this.#options;
		const { start } = this.#job;
		const data: IslandData = {
			...this.#data,
			seed: seed + island * SEED_STEP,
			options: { island, islands: this.#threads, ...(start && { start }) },
		};
		const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: data });
		this.#workers.add(worker);
		worker.on('message', (report: IslandReport) => {
			try {
				this.#hear(worker, island, report);
			} catch (error) {
				this.#ended.reject(error);
			}
		});
		worker.on('error', (error) => this.#failures.push(asError(error)));
		worker.on('messageerror', (error) => this.#failures.push(error));
		worker.on('exit', () => {
			this.#workers.delete(worker);
			if (this.#workers.size === 0) this.#ended.resolve();
		});
	}

	#hear(from: Worker, island: number, report: IslandReport): void {
		this.#steps[island] = report.steps;
		const better = report.found !== undefined && this.#isBetter(report.found.score);
		if (report.found !== undefined && better) {
			this.#best = report.found;
			for (const worker of this.#workers) {
				// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
				if (worker !== from) worker.postMessage(report.found satisfies IslandNews);
			}
		}
		const elapsed = performance.now() - this.#begin;
		if (this.#best === null || !(better || elapsed - this.#progressAt >= PROGRESS_EVERY)) return;
		this.#progressAt = elapsed;
		this.#options.onProgress?.({ elapsed, steps: this.#totalSteps(), best: this.#best, better });
	}

	#isBetter(score: Score): boolean {
		return this.#best === null || compareScores(score, this.#best.score) < 0;
	}

	#totalSteps(): number {
		return this.#steps.reduce((sum, steps) => sum + steps, 0);
	}

	/** Threads see the flag between two slices; one that is late is ended by force. */
	#cancel(): void {
		this.#cancelled = true;
		Atomics.store(new Int32Array(this.#stop), 0, 1);
		setTimeout(() => this.#ended.resolve(), GRACE).unref();
	}
}

/** What a worker threw comes as a copy without its class; a refusal of the problem is made ours again. */
function asError(error: unknown): Error {
	if (!(error instanceof Error)) return new Error(String(error));
	if (error.name === 'PlannerError') return new PlannerError('input', error.message, { cause: error });
	return error;
}

/** The same object with its large typed arrays in shared memory. */
function shareLarge(problem: object): object {
	const shared = Object.entries(problem).map(([key, value]): [string, unknown] => [
		key,
		value instanceof Int32Array && value.byteLength >= SHARED_FROM && value.buffer instanceof ArrayBuffer ? shared32(value) : value,
	]);
	return Object.fromEntries(shared);
}

function shared32(values: Int32Array): Int32Array {
	const copy = new Int32Array(new SharedArrayBuffer(values.byteLength));
	copy.set(values);
	return copy;
}
