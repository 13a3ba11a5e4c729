/** The main thread's side of one job: starts its thread, answers its questions to the roads, and sees that it ends. */
import { Worker } from 'node:worker_threads';
import type { OptimizeProgress } from '@junkai/contracts';
import { messageOf } from '../errors.ts';
import type { Roads } from '../roads/port.ts';
import { RoadsError } from '../roads/roads-error.ts';
import type { Refusal } from './errors.ts';
import type { FromJob, JobData, RoadsQuestion, ToJob } from './protocol.ts';
import { roadAnswers } from './road-answers.ts';

/** Heap of a job's thread, MB; what the search shares between threads lies outside of it. */
export const JOB_HEAP_MB = 1024;
/** Longest time for reading the problem and asking the roads, and what a search may take beyond its seconds, ms. */
const LOADING_MS = 150_000;
const GRACE_MS = 60_000;
/** A job that was told to end and did not is ended, ms. */
const CANCEL_MS = 3000;

/** JSON of a PlanSolution, or why there is none. A thread that refused a problem at sight is as good as new, and given back. */
export type JobEnd = { readonly answer: Uint8Array } | { readonly refusal: Refusal; readonly idle?: Worker };

export interface JobListener {
	read(tasks: number): void;
	progress(progress: OptimizeProgress): void;
	/** Once, after which nothing comes any more. */
	end(end: JobEnd): void;
}

/** A thread for a job to come; its program is loaded meanwhile. It does not keep the process alive. */
export function startWorker(): Worker {
	const worker = new Worker(new URL('./worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: JOB_HEAP_MB } });
	worker.unref();
	return worker;
}

export class JobThread {
	readonly #worker: Worker;
	readonly #listener: JobListener;
	readonly #roads: () => Promise<Roads>;
	readonly #asking = new AbortController();
	readonly #seconds: number;
	#timer: NodeJS.Timeout;
	#ended = false;
	#cancelled = false;

	/** `body` is given away: the caller must not use it any more. `worker` comes from `startWorker`, or is idle. */
	constructor(worker: Worker, data: Omit<JobData, 'began'>, roads: () => Promise<Roads>, listener: JobListener) {
		this.#roads = roads;
		this.#listener = listener;
		this.#seconds = data.options.seconds;
		this.#worker = worker;
		this.#worker.on('message', this.#take);
		this.#worker.on('error', this.#fail);
		this.#worker.on('exit', this.#leave);
		const job: ToJob = { type: 'job', data: { ...data, began: Date.now() } };
		this.#worker.ref();
		this.#worker.postMessage(job, [data.body.buffer as ArrayBuffer]);
		this.#timer = this.#limit(LOADING_MS, 'reading the problem and asking the roads took too long');
	}

	/** Ends the search; the best plan so far comes as the end, or a refusal when there is none. */
	cancel(): void {
		if (this.#cancelled || this.#ended) return;
		this.#cancelled = true;
		this.#asking.abort();
		this.#say({ type: 'cancel' });
		clearTimeout(this.#timer);
		this.#timer = this.#limit(CANCEL_MS, 'cancelled before there was any plan');
	}

	/** Ends at once, whatever it was doing. */
	kill(): void {
		this.#cancelled = true;
		this.#end({ refusal: failed('cancelled before there was any plan') });
	}

	readonly #fail = (error: unknown): void => this.#end({ refusal: refusalOfThread(error) });
	readonly #leave = (): void => this.#end({ refusal: failed('its thread ended') });
	readonly #take = (message: FromJob): void => {
		if (this.#ended) return;
		switch (message.type) {
			case 'read':
				this.#listener.read(message.tasks);
				return;
			case 'ready':
				if (this.#cancelled) return;
				clearTimeout(this.#timer);
				this.#timer = this.#limit(this.#seconds * 1000 + GRACE_MS, 'the search did not end in time');
				return;
			case 'progress':
				this.#listener.progress(message.progress);
				return;
			case 'roads':
				void this.#askRoads(message);
				return;
			case 'done':
				this.#end({ answer: message.answer });
				return;
			case 'failed':
				this.#end({ refusal: message.refusal, ...(message.idle && !this.#cancelled && { idle: this.#worker }) });
		}
	};

	async #askRoads({ id, ask, vehicle, places, conditions }: RoadsQuestion): Promise<void> {
		try {
			const answer = await roadAnswers(await this.#roads(), conditions, this.#asking.signal)[ask](vehicle, places);
			this.#say({ type: 'roads', id, answer });
		} catch (error) {
			const ours = error instanceof RoadsError;
			const failure = { fault: ours ? error.fault : null, message: messageOf(error), places: ours ? error.places : [] };
			this.#say({ type: 'roads', id, failure });
		}
	}

	#say(message: ToJob): void {
		if (this.#ended) return;
		const transfer =
			'answer' in message && 'durations' in message.answer
				? [message.answer.durations.buffer as ArrayBuffer, message.answer.distances.buffer as ArrayBuffer]
				: [];
		this.#worker.postMessage(message, transfer);
	}

	#limit(milliseconds: number, reason: string): NodeJS.Timeout {
		return setTimeout(() => {
			this.#end({ refusal: failed(reason) });
		}, milliseconds);
	}

	#end(end: JobEnd): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#asking.abort();
		clearTimeout(this.#timer);
		if ('idle' in end) {
			this.#worker.off('message', this.#take).off('error', this.#fail).off('exit', this.#leave);
			this.#worker.unref();
		} else void this.#worker.terminate();
		this.#listener.end(end);
	}
}

const failed = (reason: string): Refusal => ({ code: 1, status: 500, detail: `The planner failed: ${reason}.` });

function refusalOfThread(error: unknown): Refusal {
	if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
		const detail = `The problem needs more memory than a job may use (${JOB_HEAP_MB} MB).`;
		return { code: 2, status: 422, detail, errors: [{ field: 'body', message: 'too large to be solved here: split it' }] };
	}
	return failed(messageOf(error));
}
