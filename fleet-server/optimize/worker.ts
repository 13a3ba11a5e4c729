/** Thread of one job: reads, checks and solves one problem, far from the thread that serves vehicles and browsers. */
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { OptimizeProgress } from '@junkai/contracts';
import type { Place, VehicleClass } from '../roads/port.ts';
import { RoadsError } from '../roads/roads-error.ts';
import type { FromJob, JobData, RoadsQuestion, ToJob } from './protocol.ts';
import type { RoadConditions, RoadsAnswers, SquareTable, Way } from './road-answers.ts';
import { refusalOf, solve } from './solve.ts';

const TELL_MS = 250;
/** Nicer than the server's other threads, so that vehicles and browsers go first when the cores are busy. */
const NICENESS = 5;

const port = parentPort!;
let controller = new AbortController();
const waiting = new Map<number, { resolve: (answer: SquareTable | Way) => void; reject: (error: Error) => void }>();

// Linux knows priorities of threads, and threads inherit them; elsewhere this would be the whole server's.
if (process.platform === 'linux') setPriority(NICENESS);

const tell = (message: FromJob, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

port.on('message', (message: ToJob) => {
	if (message.type === 'job') {
		void run(message.data);
		return;
	}
	if (message.type === 'cancel') {
		controller.abort();
		return;
	}
	const asked = waiting.get(message.id);
	waiting.delete(message.id);
	if ('answer' in message) asked?.resolve(message.answer);
	else {
		const { fault, message: reason, places } = message.failure;
		asked?.reject(fault === null ? new Error(reason) : new RoadsError(fault, reason, { places }));
	}
});

/** The roads live on the main thread, in the server's one connection to them. */
function roads(conditions: RoadConditions): RoadsAnswers {
	let next = 1;
	const ask = <T extends SquareTable | Way>(
		what: RoadsQuestion['ask'],
		vehicle: VehicleClass,
		places: readonly Place[],
	): Promise<T> =>
		new Promise((resolve, reject) => {
			const id = next++;
			waiting.set(id, { resolve: resolve as (answer: SquareTable | Way) => void, reject });
			tell({ type: 'roads', id, ask: what, vehicle, places, conditions });
		});
	return {
		table: (vehicle, places) => ask<SquareTable>('table', vehicle, places),
		way: (vehicle, places) => ask<Way>('way', vehicle, places),
	};
}

/** Not more often than somebody can look at; the newest always comes. */
function throttled(send: (progress: OptimizeProgress) => void) {
	let last = -Infinity;
	let held: OptimizeProgress | null = null;
	let timer: NodeJS.Timeout | undefined;
	const flush = (): void => {
		clearTimeout(timer);
		timer = undefined;
		if (held === null) return;
		last = performance.now();
		send(held);
		held = null;
	};
	const offer = (progress: OptimizeProgress): void => {
		held = progress;
		const wait = last + TELL_MS - performance.now();
		if (wait <= 0) flush();
		else timer ??= setTimeout(flush, wait);
	};
	return { offer, flush };
}

/** Ends the thread after a search; a problem that is refused at sight leaves it ready for the next. */
async function run({ body, options, began }: JobData): Promise<void> {
	controller = new AbortController();
	const { signal } = controller;
	let searching = false;
	const progress = throttled((newest) => tell({ type: 'progress', progress: newest }));
	try {
		const solution = await solve(
			body,
			{ ...options, spent: Math.max(0, Date.now() - began) / 1000 },
			{
				roads,
				signal,
				onRead: (tasks) => tell({ type: 'read', tasks }),
				onReady: () => {
					searching = true;
					tell({ type: 'ready' });
				},
				onProgress: progress.offer,
			},
		);
		progress.flush();
		const answer = new TextEncoder().encode(JSON.stringify(solution));
		tell({ type: 'done', answer }, [answer.buffer]);
	} catch (error) {
		const idle = !searching && !signal.aborted;
		tell({ type: 'failed', refusal: refusalOf(error), idle });
		if (idle) return;
	}
	port.close();
}
