/**
 * The spool as the rest of the gateway sees it: records go in, come back once they are on the disk, and stay until the
 * server has acknowledged them. The work is done in a thread of its own (`worker.ts`); commits are gathered for about
 * 20 ms, because one costs a disk flush however small it is.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { laneOfKind, type Lane, type SeqRange, type UplinkRecord } from '@junkai/contracts';
import { GatewayError } from '../errors.ts';
import type { Loss, SpoolCounts, SpoolEntry, SpoolFileOptions, SpoolOpened } from './database.ts';
import type { SpoolReplies, SpoolReply, SpoolRequest, SpoolWorkerData } from './messages.ts';

const GATHER = 20;
/** Waveforms that may wait in memory for a stuck disk; above it they are shed, the rest never is. */
const WAVEFORMS_IN_MEMORY = 16 * 1024 * 1024;

/** A record without its seq: the spool gives it one. */
export type NewRecord = UplinkRecord extends infer R ? (R extends UplinkRecord ? Omit<R, 'seq'> : never) : never;

export interface SpoolListener {
	/** These are on the disk now, in order of seq. */
	committed(entries: SpoolEntry[]): void;
	/** The file is open, or a new one was begun because the old one was corrupt. */
	opened(opened: SpoolOpened): void;
	/** Waveforms were given up; to be told in an event, whose seq is handed to {@link Spool.reported}. */
	lost(loss: Loss): void;
	/** A commit failed (disk gone, not full): it is tried again. */
	trouble(message: string): void;
}

export class Spool {
	readonly #worker: Worker;
	readonly #listener: SpoolListener;
	readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
	readonly #told = new Set<number>();
	#gathered: SpoolEntry[] = [];
	#waveformBytes = 0;
	#acked: SeqRange[] = [];
	#refused: { seq: number; reason: string }[] = [];
	#reportedLosses: number[] = [];
	#nextSeq = 1;
	#requestId = 1;
	#timer: NodeJS.Timeout | undefined;
	#committing = false;
	#closed = false;
	/** Waveform records shed in memory, before they reached the file. */
	#shedInMemory: { records: number; from: number; to: number } | undefined;

	private constructor(worker: Worker, listener: SpoolListener) {
		this.#worker = worker;
		this.#listener = listener;
	}

	/** Opens the file. Rejects with a GatewayError (code `spool`) when it can be neither opened nor made. */
	static async open(options: SpoolFileOptions, boot: string, listener: SpoolListener): Promise<Spool> {
		mkdirSync(dirname(options.path), { recursive: true });
		const worker = new Worker(new URL('./worker.ts', import.meta.url), {
			workerData: { options, boot } satisfies SpoolWorkerData,
			// It holds one commit at a time: without bounds V8 would let it take the memory of a much larger program.
			resourceLimits: { maxYoungGenerationSizeMb: 4 },
		});
		const spool = new Spool(worker, listener);
		await new Promise<void>((resolve, reject) => {
			worker.on('message', (reply: SpoolReply) => {
				if (reply.type === 'opened') resolve();
				if (reply.type === 'unusable') reject(new GatewayError('spool', reply.message));
				spool.#receive(reply);
			});
			worker.on('error', (cause: Error) => {
				reject(new GatewayError('spool', `the spool's thread failed: ${cause.message}`, { cause }));
				listener.trouble(`the spool's thread failed: ${cause.message}`);
			});
		});
		return spool;
	}

	/** Seq that the next record will get. */
	get nextSeq(): number {
		return this.#nextSeq;
	}

	/** Takes a record; it is published (by the listener's `committed`) only after it is on the disk. */
	append(record: NewRecord): number {
		const seq = this.#nextSeq++;
		const lane = laneOfKind[record.kind];
		const body = JSON.stringify({ seq, ...record });
		if (lane === 'waveform') {
			if (this.#waveformBytes + body.length > WAVEFORMS_IN_MEMORY) {
				this.#shedInMemory = {
					records: (this.#shedInMemory?.records ?? 0) + 1,
					from: this.#shedInMemory?.from ?? record.time,
					to: record.time,
				};
				return seq;
			}
			this.#waveformBytes += body.length;
		}
		this.#gathered.push({ seq, lane, time: record.time, body });
		this.#schedule(GATHER);
		return seq;
	}

	/** The server has stored these: they may be forgotten. */
	acknowledge(ranges: readonly SeqRange[]): void {
		this.#acked.push(...ranges);
		this.#schedule(GATHER * 5);
	}

	/** The server will never take these: they are set aside for a person to look at. */
	refuse(refusals: readonly { seq: number; reason: string }[]): void {
		this.#refused.push(...refusals);
		this.#schedule(GATHER * 5);
	}

	/** An event about this loss has been appended: it need not be told again. */
	reported(loss: Loss): void {
		this.#reportedLosses.push(loss.id);
	}

	/** Oldest records of a lane with `after` < seq < `before`, all of one boot. */
	read(lane: Lane, after: number, before: number, maxRecords: number, maxBytes: number): Promise<SpoolReplies['read']> {
		return this.#ask({ type: 'read', id: 0, lane, after, before, maxRecords, maxBytes });
	}

	counts(): Promise<SpoolCounts> {
		return this.#ask({ type: 'counts', id: 0 });
	}

	/** Writes what is gathered and closes the file. */
	async close(): Promise<void> {
		if (this.#closed) return;
		clearTimeout(this.#timer);
		for (let tries = 0; tries < 50 && (this.#committing || this.#gathered.length > 0 || this.#acked.length > 0); tries++) {
			if (!this.#committing) await this.#commit();
			else await new Promise((resolve) => setTimeout(resolve, GATHER));
		}
		this.#closed = true;
		await this.#ask<'close'>({ type: 'close', id: 0 });
		await this.#worker.terminate();
	}

	#schedule(delay: number): void {
		if (this.#timer !== undefined || this.#closed) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			void this.#commit();
		}, delay);
	}

	async #commit(): Promise<void> {
		// One commit is under way at a time: what comes meanwhile is gathered for the next, however slow the disk.
		if (this.#committing) return;
		const entries = this.#gathered;
		const acked = this.#acked;
		const refused = this.#refused;
		const reportedLosses = this.#reportedLosses;
		if (entries.length === 0 && acked.length === 0 && refused.length === 0) return;
		this.#committing = true;
		this.#gathered = [];
		this.#acked = [];
		this.#refused = [];
		this.#reportedLosses = [];
		let pause = GATHER;
		try {
			const reply = await this.#ask<'commit'>({ type: 'commit', id: 0, entries, acked, refused, reportedLosses });
			for (const entry of entries) if (entry.lane === 'waveform') this.#waveformBytes -= entry.body.length;
			const dropped = new Set(reply.dropped);
			this.#listener.committed(dropped.size === 0 ? entries : entries.filter((entry) => !dropped.has(entry.seq)));
			this.#tellLosses(reply.losses);
		} catch (error) {
			// Nothing of it is on the disk: it waits in front of what came since, and is tried again.
			this.#gathered = [...entries, ...this.#gathered];
			this.#acked = [...acked, ...this.#acked];
			this.#refused = [...refused, ...this.#refused];
			this.#reportedLosses = [...reportedLosses, ...this.#reportedLosses];
			pause = 500;
			this.#listener.trouble(error instanceof Error ? error.message : String(error));
		} finally {
			this.#committing = false;
			if (this.#gathered.length > 0 || this.#acked.length > 0 || this.#refused.length > 0) this.#schedule(pause);
		}
	}

	#tellLosses(losses: readonly Loss[]): void {
		for (const loss of losses) {
			if (this.#told.has(loss.id)) continue;
			this.#told.add(loss.id);
			this.#listener.lost(loss);
		}
		if (this.#shedInMemory === undefined) return;
		const loss = { id: -1, ...this.#shedInMemory };
		this.#shedInMemory = undefined;
		this.#listener.lost(loss);
	}

	#ask<T extends keyof SpoolReplies>(request: SpoolRequest & { type: T }): Promise<SpoolReplies[T]> {
		const id = this.#requestId++;
		return new Promise((resolve, reject) => {
			this.#waiting.set(id, { resolve, reject });
			this.#worker.postMessage({ ...request, id });
		});
	}

	#receive(reply: SpoolReply): void {
		if (reply.type === 'opened') {
			this.#nextSeq = Math.max(this.#nextSeq, reply.opened.nextSeq);
			this.#told.clear();
			this.#listener.opened(reply.opened);
			this.#tellLosses(reply.losses);
			return;
		}
		if (reply.type === 'unusable') return;
		const waiting = this.#waiting.get(reply.id);
		this.#waiting.delete(reply.id);
		if (reply.type === 'failed') waiting?.reject(new GatewayError('spool', reply.message));
		else waiting?.resolve(reply.value as never);
	}
}
