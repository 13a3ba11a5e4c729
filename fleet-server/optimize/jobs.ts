/** The planner's jobs: a few run, some wait, and those that ended are kept for a while. All of it is bounded. */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { STATUS_CODES } from 'node:http';
import type { Worker } from 'node:worker_threads';
import type { OptimizeJob, OptimizeQuery, Problem } from '@junkai/contracts';
import type { Roads } from '../roads/port.ts';
import { OptimizeError, type Refusal } from './errors.ts';
import { JobThread, startWorker, type JobEnd } from './job-thread.ts';
import type { JobData } from './protocol.ts';

/** Ended jobs that are kept, for how long, and how many bytes of plans. */
export const KEEP_JOBS = 50;
export const KEEP_MS = 60 * 60_000;
export const KEEP_BYTES = 64 * 1024 * 1024;
const MAX_VEHICLES = 1000;
/** Bodies that wait or are being received, in bodies of the largest size. */
const WAITING_BODIES = 4;
/** Jobs that do not end by themselves when the server stops are ended, ms. */
const STOP_MS = 1000;

export interface OptimizeLimits {
	/** Jobs that run at once. */
	readonly atOnce: number;
	/** Threads that one job searches with. */
	readonly threads: number;
	/** Jobs that wait. */
	readonly queue: number;
	/** Jobs (two for each shipment) of one problem. */
	readonly maxTasks: number;
	/** Of one body. */
	readonly maxBytes: number;
}

interface Entry {
	view: OptimizeJob;
	data: Omit<JobData, 'began'> | null;
	thread: JobThread | null;
	answer: Uint8Array | null;
	refusal: Refusal | null;
	/** It was told to end. */
	cancelled: boolean;
	readonly ended: PromiseWithResolvers<void>;
}

/** What a caller gets of a job that ended. */
export interface Outcome {
	readonly job: OptimizeJob;
	/** JSON of a PlanSolution. */
	readonly answer: Uint8Array | null;
	readonly refusal: Refusal | null;
}

/** `change` tells the new state of a job. */
export class OptimizeJobs extends EventEmitter<{ change: [OptimizeJob] }> {
	readonly limits: OptimizeLimits;
	readonly #roads: () => Promise<Roads>;
	/** In order of arrival. */
	readonly #entries = new Map<string, Entry>();
	readonly #timer: NodeJS.Timeout;
	/** Loaded while nobody waits for it: the next job begins at once. */
	#spare: Worker | null = null;
	#bytes = 0;
	#stopped = false;

	constructor(limits: OptimizeLimits, roads: () => Promise<Roads>) {
		super();
		this.limits = limits;
		this.#roads = roads;
		this.#timer = setInterval(() => this.#forget(), 60_000);
		this.#timer.unref();
	}

	/** Throws an OptimizeError of status 503 when no further job is taken now. */
	admit(): void {
		if (this.#stopped) throw busy('The server is stopping.');
		const waiting = this.#with('queued').length;
		if (waiting >= this.limits.queue) throw busy(`${waiting} jobs wait already, which is as many as may.`);
	}

	/**
	 * Sets memory aside for a body that is being received, or gives it back. Throws an OptimizeError of status 503 when bodies take
	 * as much as they may.
	 */
	reserve(bytes: number): void {
		if (bytes > 0 && this.#bytes > 0 && this.#bytes + bytes > this.limits.maxBytes * WAITING_BODIES) {
			throw busy('The problems that wait take as much memory as they may.');
		}
		this.#bytes += bytes;
	}

	/** Jobs in a state now. */
	count(state: OptimizeJob['state']): number {
		return this.#with(state).length;
	}

	/** Seconds until a place in the queue will be free, at a guess. */
	get retryAfter(): number {
		const [first] = this.#with('running');
		if (first === undefined) return 1;
		const left = first.view.seconds - (Date.now() - (first.view.started ?? 0)) / 1000;
		return Math.max(1, Math.ceil(left));
	}

	/** Takes a problem, whose bytes are reserved; they are given back when it begins. Throws as `admit`. */
	submit(body: Uint8Array, query: OptimizeQuery, owner: string): string {
		try {
			this.admit();
		} catch (error) {
			this.reserve(-body.byteLength);
			throw error;
		}
		const id = randomUUID();
		const { mode, seconds, seed, steps, geometry, rain, departure } = query;
		const threads = Math.min(query.threads ?? this.limits.threads, this.limits.threads);
		const { maxTasks } = this.limits;
		const options = { mode, seconds, threads, seed, maxSteps: steps, geometry: geometry === true, rain, departure, maxTasks };
		const entry: Entry = {
			view: {
				id,
				state: 'queued',
				mode,
				owner,
				position: null,
				created: Date.now(),
				started: null,
				finished: null,
				expires: null,
				seconds,
				tasks: null,
				progress: null,
				solution: false,
			},
			data: { body, options: { ...options, maxVehicles: MAX_VEHICLES } },
			thread: null,
			answer: null,
			refusal: null,
			cancelled: false,
			ended: Promise.withResolvers(),
		};
		this.#entries.set(id, entry);
		this.#next();
		if (entry.view.state === 'queued') this.#tellQueue();
		return id;
	}

	get(id: string): OptimizeJob | null {
		this.#forget();
		return this.#entries.get(id)?.view ?? null;
	}

	/** Newest first. */
	list(): OptimizeJob[] {
		this.#forget();
		return [...this.#entries.values()].map(({ view }) => view).toReversed();
	}

	/** What is there of a job now; null when there is no such job. */
	outcome(id: string): Outcome | null {
		const entry = this.#entries.get(id);
		return entry ? { job: entry.view, answer: entry.answer, refusal: entry.refusal } : null;
	}

	/** Waits until a job has ended. */
	async ended(id: string): Promise<Outcome> {
		const entry = this.#entries.get(id)!;
		await entry.ended.promise;
		return { job: entry.view, answer: entry.answer, refusal: entry.refusal };
	}

	/** Ends a job, if it has not ended: one that runs keeps its best plan so far. Settles when it has ended. */
	async cancel(id: string): Promise<OptimizeJob | null> {
		const entry = this.#entries.get(id);
		if (entry === undefined) return null;
		this.#cancel(entry);
		await entry.ended.promise;
		return entry.view;
	}

	/** Ends all jobs and takes no more. */
	async stop(): Promise<void> {
		this.#stopped = true;
		clearInterval(this.#timer);
		const running = this.#with('running');
		for (const entry of [...this.#with('queued'), ...running]) this.#cancel(entry);
		const timer = setTimeout(() => {
			for (const { thread } of running) thread?.kill();
		}, STOP_MS);
		await Promise.all(running.map(({ ended }) => ended.promise));
		clearTimeout(timer);
		await this.#spare?.terminate();
	}

	#with(state: OptimizeJob['state']): Entry[] {
		return [...this.#entries.values()].filter(({ view }) => view.state === state);
	}

	#set(entry: Entry, change: Partial<OptimizeJob>): void {
		entry.view = { ...entry.view, ...change };
		this.emit('change', entry.view);
	}

	/** Starts what may start. */
	#next(): void {
		const waiting = this.#with('queued');
		for (let free = this.limits.atOnce - this.#with('running').length; free > 0 && waiting.length > 0; free--) {
			this.#start(waiting.shift()!);
		}
	}

	#create(): Worker {
		const worker = startWorker();
		const drop = (): void => {
			if (this.#spare === worker) this.#spare = null;
		};
		return worker.on('error', drop).on('exit', drop);
	}

	#prepare(): void {
		this.#spare ??= this.#create();
	}

	/** A thread that is idle again is the next spare one. */
	#keep(worker: Worker): void {
		if (this.#spare === null && !this.#stopped) this.#spare = worker;
		else void worker.terminate();
	}

	#start(entry: Entry): void {
		const data = entry.data!;
		entry.data = null;
		this.reserve(-data.body.byteLength);
		const worker = this.#spare ?? this.#create();
		this.#spare = null;
		entry.thread = new JobThread(worker, data, this.#roads, {
			read: (tasks) => this.#set(entry, { tasks }),
			progress: (progress) => this.#set(entry, { progress }),
			end: (end) => this.#end(entry, end),
		});
		this.#set(entry, { state: 'running', position: null, started: Date.now() });
	}

	#cancel(entry: Entry): void {
		if (entry.view.finished !== null) return;
		entry.cancelled = true;
		if (entry.thread) entry.thread.cancel();
		else this.#end(entry, { refusal: withoutPlan });
	}

	#end(entry: Entry, end: JobEnd): void {
		if (entry.data) this.reserve(-entry.data.body.byteLength);
		const now = Date.now();
		const ended = { position: null, finished: now, expires: now + KEEP_MS };
		entry.data = null;
		entry.thread = null;
		if ('answer' in end) {
			entry.answer = end.answer;
			this.#set(entry, { ...ended, state: entry.cancelled ? 'cancelled' : 'done', solution: true });
		} else {
			entry.refusal = entry.cancelled ? withoutPlan : end.refusal;
			this.#set(entry, { ...ended, state: entry.cancelled ? 'cancelled' : 'failed', problem: problemOf(entry.refusal) });
		}
		entry.ended.resolve();
		this.#forget();
		if ('idle' in end && end.idle) this.#keep(end.idle);
		if (!this.#stopped) {
			this.#next();
			this.#prepare();
		}
		this.#tellQueue();
	}

	/** Tells those that wait when their place has changed. */
	#tellQueue(): void {
		for (const [at, entry] of this.#with('queued').entries()) {
			if (entry.view.position !== at + 1) this.#set(entry, { position: at + 1 });
		}
	}

	/** Drops ended jobs that are too old, too many or too large; the oldest first, never the newest. */
	#forget(): void {
		const now = Date.now();
		const ended = [...this.#entries.values()].filter(({ view }) => view.finished !== null);
		let bytes = ended.reduce((sum, { answer }) => sum + (answer?.byteLength ?? 0), 0);
		for (const [at, { view, answer }] of ended.entries()) {
			const left = ended.length - at;
			const old = (view.expires ?? now) <= now;
			if (!old && left <= KEEP_JOBS && (bytes <= KEEP_BYTES || left === 1)) continue;
			bytes -= answer?.byteLength ?? 0;
			this.#entries.delete(view.id);
		}
	}
}

const busy = (detail: string): OptimizeError => new OptimizeError({ code: 1, status: 503, detail: `${detail} Try again later.` });
const withoutPlan: Refusal = { code: 1, status: 409, detail: 'The job was cancelled before there was any plan.' };

const problemOf = ({ status, detail, errors }: Refusal): Problem => ({
	type: 'about:blank',
	title: STATUS_CODES[status] ?? 'Error',
	status,
	detail,
	...(errors && { errors: [...errors] }),
});
