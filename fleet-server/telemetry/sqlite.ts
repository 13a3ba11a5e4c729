/** Telemetry in an SQLite file: the embedded default. The database lives in worker threads, so no flush stops the server. */
import { Worker } from 'node:worker_threads';
import type { StoredEvent, StoredPosition, StoredReading, StoredWaveform } from '@junkai/contracts';
import { FleetServerError, messageOf } from '../errors.ts';
import type { Call, Reply, RequestName, Requests, SelectRequest } from './sqlite-protocol.ts';
import { CursorError, type Page, type TelemetryStore } from './store.ts';

type Role = 'writer' | 'reader';

/** One worker thread; started anew at the next call when it died. */
class Thread {
	readonly #path: string;
	readonly #role: Role;
	readonly #waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
	#worker: Worker | null = null;
	#next = 1;
	#closed = false;

	constructor(path: string, role: Role) {
		this.#path = path;
		this.#role = role;
	}

	call<N extends RequestName>(name: N, request: Requests[N]['request']): Promise<Requests[N]['answer']> {
		if (this.#closed) return Promise.reject(new FleetServerError('telemetry', 'the telemetry database is closed'));
		return new Promise((resolve, reject) => {
			const call: Call<N> = { id: this.#next++, name, request };
			this.#waiting.set(call.id, { resolve: resolve as (answer: unknown) => void, reject });
			// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
			(this.#worker ??= this.#start()).postMessage(call);
		});
	}

	async stop(): Promise<void> {
		if (this.#closed) return;
		const worker = this.#worker;
		const closed = worker === null ? null : this.call('close', null);
		this.#closed = true;
		await closed;
		await worker?.terminate();
	}

	#start(): Worker {
		const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
			workerData: { path: this.#path, role: this.#role },
		});
		worker.on('message', (reply: Reply) => this.#settle(reply));
		let reason = 'its thread ended';
		worker.on('error', (error) => (reason = messageOf(error)));
		worker.on('exit', () => {
			if (this.#worker === worker) this.#worker = null;
			const waiting = [...this.#waiting.values()];
			this.#waiting.clear();
			for (const { reject } of waiting) reject(new FleetServerError('telemetry', `the telemetry database failed: ${reason}`));
		});
		return worker;
	}

	#settle(reply: Reply): void {
		const waiting = this.#waiting.get(reply.id);
		this.#waiting.delete(reply.id);
		if (waiting === undefined) return;
		if ('answer' in reply) waiting.resolve(reply.answer);
		else if (reply.cursor) waiting.reject(new CursorError(reply.error));
		else waiting.reject(new FleetServerError('telemetry', `the telemetry database failed: ${reply.error}`));
	}
}

/** Opens (or makes) the telemetry file at `path`. Rejects with a FleetServerError when it cannot. */
export async function sqliteTelemetry(path: string): Promise<TelemetryStore> {
	const writer = new Thread(path, 'writer');
	// The writer makes the schema; the reader opens only what is there.
	await writer.call('check', null);
	const reader = new Thread(path, 'reader');
	await reader.call('check', null);
	const select = async <T>(request: SelectRequest) => (await reader.call('select', request)) as Page<unknown> as Page<T>;
	return {
		name: 'sqlite',
		write: (batches) => writer.call('write', batches),
		positions: (vehicle, query) => select<StoredPosition>({ kind: 'position', vehicle, query }),
		readings: (vehicle, { code, ...query }) =>
			select<StoredReading>({ kind: 'reading', vehicle, query, ...(code && { match: { column: 'code', value: code } }) }),
		waveforms: (vehicle, { signal, ...query }) =>
			select<StoredWaveform>({ kind: 'waveform', vehicle, query, ...(signal && { match: { column: 'signal', value: signal } }) }),
		events: (vehicle, { classes, ...query }) => select<StoredEvent>({ kind: 'event', vehicle, query, ...(classes && { classes }) }),
		latest: () => reader.call('latest', null),
		corrections: () => reader.call('corrections', null),
		check: async () => {
			await writer.call('check', null);
		},
		close: async () => {
			await reader.stop();
			await writer.stop();
		},
	};
}
