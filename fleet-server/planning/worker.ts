/** The planning thread: one job at a time, far from the thread that serves vans and browsers. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { PlanningPoint } from '@junkai/contracts';
import { messageOf } from '../errors.ts';
import { PlannerError } from '../planner/errors.ts';
import { RoadsError } from '../roads/roads-error.ts';
import { PlanningError } from './errors.ts';
import type { Answers, Failure, FromThread, RoadsQuestion, ToThread } from './protocol.ts';
import { work, type Ask } from './work.ts';

/** So often the desk is told how a search goes, ms. */
const TELL_MS = 250;
/** Nicer than the server's other threads, so that vans and browsers go first when the cores are busy. */
const NICENESS = 5;

const port = parentPort!;
const { nice } = workerData as { nice: boolean };
// Linux knows priorities of threads, and threads inherit them; elsewhere this would be the whole server's.
if (nice && process.platform === 'linux') setPriority(NICENESS);

let controller = new AbortController();
let questions = 0;
const waiting = new Map<number, { resolve: (answer: Answers[keyof Answers]) => void; reject: (error: Error) => void }>();
const tell = (message: FromThread, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

/** The roads live on the main thread, in the server's one connection to them. */
const ask = ((question: RoadsQuestion) =>
	new Promise((resolve, reject) => {
		const id = ++questions;
		waiting.set(id, { resolve: resolve as (answer: Answers[keyof Answers]) => void, reject });
		tell({ type: 'roads', id, question });
	})) as Ask;

port.on('message', (message: ToThread) => {
	if (message.type === 'job') {
		void run(message);
		return;
	}
	if (message.type === 'enough') {
		controller.abort();
		return;
	}
	const asked = waiting.get(message.id);
	waiting.delete(message.id);
	if (message.type === 'answer') asked?.resolve(message.answer);
	else
		asked?.reject(
			new RoadsError(message.failure.fault ?? 'unavailable', message.failure.message, { places: message.failure.places }),
		);
});

async function run({ job, began }: Extract<ToThread, { type: 'job' }>): Promise<void> {
	controller = new AbortController();
	let held: PlanningPoint | null = null;
	let told = -Infinity;
	const flush = (): void => {
		if (held === null) return;
		tell({ type: 'progress', point: held });
		told = performance.now();
		held = null;
	};
	try {
		const planned = await work(job, {
			ask,
			signal: controller.signal,
			onState: (state, seconds) => {
				flush();
				tell({ type: 'state', state, seconds });
			},
			onPoint: (point) => {
				held = point;
				if (performance.now() - told >= TELL_MS) flush();
			},
			elapsed: () => performance.timeOrigin + performance.now() - began,
		});
		const transfer =
			planned === null ? [] : [planned.frame, planned.solution, planned.days].flatMap((bytes) => bytes?.buffer ?? []);
		tell({ type: 'done', planned }, transfer as ArrayBuffer[]);
	} catch (error) {
		tell({ type: 'failed', failure: failureOf(error) });
	}
}

function failureOf(error: unknown): Failure {
	if (error instanceof PlannerError && error.code === 'cancelled') {
		return { message: 'stopped before there was any plan', status: 409, fault: null, places: [] };
	}
	return {
		message: messageOf(error),
		status: error instanceof PlanningError ? error.status : null,
		fault: error instanceof RoadsError ? error.fault : null,
		places: error instanceof RoadsError ? error.places : [],
	};
}
