/** The main thread's side of the planning thread: hands it a job, answers its questions to the roads, and sees that it ends. */
import { Worker } from 'node:worker_threads';
import type { PlanningPoint } from '@junkai/contracts';
import { legsBy, squareTable } from '../dispatch/matrices.ts';
import { messageOf } from '../errors.ts';
import type { Roads } from '../roads/port.ts';
import { RoadsError } from '../roads/roads-error.ts';
import { PlanningError } from './errors.ts';
import type { Answers, Failure, FromThread, Planned, PlanningJob, RoadsQuestion, ToThread } from './protocol.ts';

/** Heap of the thread, MB. */
const HEAP_MB = 1024;
/** Longest time without any sign of life beyond the seconds of the search, ms. */
const PATIENCE_MS = 120_000;

export interface ThreadListener {
	state(state: 'reading' | 'roads' | 'searching' | 'drawing', seconds: number): void;
	progress(point: PlanningPoint): void;
}

interface Running {
	readonly listener: ThreadListener;
	readonly ended: PromiseWithResolvers<Planned | null>;
	readonly asking: AbortController;
	timer: NodeJS.Timeout;
	state: 'reading' | 'roads' | 'searching' | 'drawing';
}

/** One job at a time. The thread is kept for the next one and does not keep the process alive. */
export class PlanningThread {
	readonly #roads: Roads;
	readonly #nice: boolean;
	#worker: Worker | null = null;
	#running: Running | null = null;

	/** @param nice gives way to all else on this machine */
	constructor(roads: Roads, { nice }: { nice: boolean }) {
		this.#roads = roads;
		this.#nice = nice;
	}

	/** Rejects with a PlanningError or a RoadsError; with status 409 when it was told to end before there was any plan. */
	async run(job: PlanningJob, listener: ThreadListener): Promise<Planned | null> {
		if (this.#running) throw new RangeError('the planning thread has a job');
		const worker = (this.#worker ??= this.#start());
		const ended = Promise.withResolvers<Planned | null>();
		this.#running = { listener, ended, asking: new AbortController(), timer: setTimeout(() => {}, 0), state: 'reading' };
		this.#patience(0);
		worker.ref();
		worker.postMessage({ type: 'job', job, began: performance.timeOrigin + performance.now() } satisfies ToThread);
		return await ended.promise;
	}

	/** Ends the search; the best plan so far comes. Before the search begins there is none. */
	enough(): void {
		if (!this.#running) return;
		const { state } = this.#running;
		if (state === 'searching') this.#say({ type: 'enough' });
		// What is being drawn is there already.
		else if (state !== 'drawing') this.#fail(new PlanningError(409, 'stopped before there was any plan'));
	}

	/** Ends the job, if any, and the thread. */
	async stop(): Promise<void> {
		const worker = this.#worker;
		// Whoever waits for its end keeps the process alive until then.
		worker?.ref();
		this.#fail(new PlanningError(503, 'the server is stopping'));
		await worker?.terminate();
	}

	#start(): Worker {
		const worker = new Worker(new URL('./worker.ts', import.meta.url), {
			workerData: { nice: this.#nice },
			resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
		});
		worker.on('message', (message: FromThread) => {
			if (this.#worker === worker) this.#hear(message);
		});
		const lost = (reason: string): void => {
			if (this.#worker === worker) this.#fail(new PlanningError(503, `the planner failed: ${reason}`));
		};
		worker.on('error', (error) => lost(messageOf(error)));
		worker.on('exit', () => lost('its thread ended'));
		worker.unref();
		return worker;
	}

	#hear(message: FromThread): void {
		const running = this.#running;
		if (!running) return;
		switch (message.type) {
			case 'state':
				running.state = message.state;
				this.#patience(message.seconds);
				running.listener.state(message.state, message.seconds);
				return;
			case 'progress':
				running.listener.progress(message.point);
				return;
			case 'roads':
				void this.#answer(running, message.id, message.question);
				return;
			case 'done':
				this.#end(() => running.ended.resolve(message.planned));
				return;
			case 'failed':
				this.#end(() => running.ended.reject(errorOf(message.failure)));
		}
	}

	async #answer({ asking }: Running, id: number, question: RoadsQuestion): Promise<void> {
		try {
			this.#say({ type: 'answer', id, answer: await this.#ask(question, asking.signal) });
		} catch (error) {
			const ours = error instanceof RoadsError;
			const failure = {
				message: messageOf(error),
				status: null,
				fault: ours ? error.fault : null,
				places: ours ? error.places : [],
			};
			this.#say({ type: 'refused', id, failure });
		}
	}

	async #ask(question: RoadsQuestion, signal: AbortSignal): Promise<Answers[keyof Answers]> {
		switch (question.ask) {
			case 'table':
				return await squareTable(this.#roads, question.profile, question.places, signal);
			case 'legs':
				return await legsBy(this.#roads)(question.profile, question.places);
			case 'check':
				return (await this.#roads.check(question.places)).map(({ waypoint }) => waypoint !== null);
			case 'closed':
				return this.#roads.closed({ closures: question.profile.closures }).edges;
		}
	}

	#say(message: ToThread): void {
		const table = message.type === 'answer' && 'durations' in message.answer ? message.answer : null;
		const transfer = table ? [table.durations.buffer as ArrayBuffer, table.distances.buffer as ArrayBuffer] : [];
		this.#worker?.postMessage(message, transfer);
	}

	#patience(seconds: number): void {
		const running = this.#running!;
		clearTimeout(running.timer);
		running.timer = setTimeout(
			() => this.#fail(new PlanningError(503, 'the planner gave no answer')),
			PATIENCE_MS + seconds * 1000,
		);
	}

	#end(settle: () => void): void {
		const running = this.#running!;
		clearTimeout(running.timer);
		running.asking.abort();
		this.#running = null;
		this.#worker?.unref();
		settle();
	}

	/** The thread goes too: it may be in the middle of anything. */
	#fail(error: PlanningError): void {
		const worker = this.#worker;
		this.#worker = null;
		void worker?.terminate();
		const running = this.#running;
		if (running) this.#end(() => running.ended.reject(error));
	}
}

const statuses = [404, 409, 422, 503] as const;

function errorOf({ message, status, fault, places }: Failure): Error {
	if (fault !== null) return new RoadsError(fault, message, { places });
	const known = statuses.find((one) => one === status);
	return new PlanningError(known ?? 503, known === undefined ? `the planner failed: ${message}` : message);
}
