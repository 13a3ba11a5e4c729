/** Starts threads that read files, not more of them at once than the machine bears. */
import { Worker } from 'node:worker_threads';
import { IntakeError } from '../intake-error.ts';
import type { ReaderAnswer } from './protocol.ts';

const AT_ONCE = 2;
const QUEUE = 8;
const MOST_MS = 30_000;
/** Of each thread; a workbook of 10 MB needs about a third of it. */
const MEGABYTES = 768;

export class Readers {
	#running = 0;
	readonly #queue: (() => void)[] = [];
	readonly #workers = new Set<Worker>();

	/**
	 * Reads the JSON body of a request for a preview.
	 * @throws {IntakeError} `busy` when too many wait, `too-large` when time or memory does not suffice
	 */
	async read(body: Uint8Array): Promise<ReaderAnswer> {
		if (this.#running >= AT_ONCE) {
			if (this.#queue.length >= QUEUE) throw new IntakeError('busy', 'Too many files are being read. Try again in a minute.');
			await new Promise<void>((go) => this.#queue.push(go));
		}
		this.#running++;
		try {
			return await this.#inThread(body);
		} finally {
			this.#running--;
			this.#queue.shift()?.();
		}
	}

	#inThread(body: Uint8Array): Promise<ReaderAnswer> {
		return new Promise((resolve, reject) => {
			const worker = new Worker(new URL('./worker.ts', import.meta.url), {
				workerData: body,
				resourceLimits: { maxOldGenerationSizeMb: MEGABYTES, maxYoungGenerationSizeMb: 64 },
			});
			this.#workers.add(worker);
			const tooMuch = () =>
				new IntakeError(
					'too-large',
					'The file takes too much time or memory to be read. Copy the list into a new workbook and save that.',
				);
			const timer = setTimeout(() => void worker.terminate(), MOST_MS);
			worker.once('message', resolve);
			worker.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch() : error));
			worker.once('exit', () => {
				clearTimeout(timer);
				this.#workers.delete(worker);
				reject(tooMuch());
			});
		});
	}

	async stop(): Promise<void> {
		await Promise.all([...this.#workers].map((worker) => worker.terminate()));
	}
}
