/**
 * The van's route of the day, as the server publishes it. It is kept on the disk before the server is told that the van has it;
 * what is no manifest is refused, and the one before stays.
 */
import { EventEmitter } from 'node:events';
import { rename } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { manifest, type Manifest, type ManifestReceipt } from '@junkai/contracts';
import type { Logger } from 'pino';
import { readManifest, writeManifest } from './file.ts';

const unzip = promisify(gunzip);

/** Largest manifest after unpacking: a day of two hundred stops on winding roads stays far below. */
const MAX_BYTES = 16 * 1024 * 1024;
/** A disk that could not be written is tried again after so long, ms. */
const TRY_AGAIN = 10_000;

export interface ManifestsOptions {
	/** Of the file. */
	path: string;
	log: Logger;
	/** Wall clock, ms since 1970. */
	now: () => number;
	/** Tells the server which manifest is kept; it is told again at each connection. */
	tell: (receipt: ManifestReceipt) => void;
}

export class Manifests extends EventEmitter<{ manifest: [manifest: Manifest] }> {
	readonly #options: ManifestsOptions;
	#kept: Manifest | null = null;
	#received = 0;
	/** One after the other: the newest is written last. */
	#work: Promise<void> = Promise.resolve();
	#arrived = 0;
	#retry: NodeJS.Timeout | undefined;

	constructor(options: ManifestsOptions) {
		super();
		this.#options = options;
	}

	/** The manifest that is kept; null before there was one. */
	get current(): Manifest | null {
		return this.#kept;
	}

	/** Reads what was kept. A file that is no manifest is set aside. */
	async open(): Promise<void> {
		const { path, log, now } = this.#options;
		try {
			this.#kept = await readManifest(path);
			this.#received = now();
			if (this.#kept) log.info({ revision: this.#kept.revision, date: this.#kept.date }, 'manifest read');
		} catch (error) {
			log.error({ path, reason: reasonOf(error) }, 'the kept manifest cannot be read; set aside');
			await rename(path, `${path}.broken`).catch(() => undefined);
		}
	}

	/** Takes a message of the manifest topic. Settles when it is kept or refused. */
	accept(payload: Buffer): Promise<void> {
		clearTimeout(this.#retry);
		const number = ++this.#arrived;
		this.#work = this.#work.then(() => this.#take(payload, number));
		return this.#work;
	}

	/** A session began: the server may not know yet what is kept here. */
	up(): void {
		if (this.#kept) this.#tell(this.#kept);
	}

	/** Lets a write that has begun end. */
	async stop(): Promise<void> {
		clearTimeout(this.#retry);
		await this.#work;
	}

	async #take(payload: Buffer, number: number): Promise<void> {
		// Another one came while this one waited, or the broker was told to forget what it had.
		if (number !== this.#arrived || payload.length === 0) return;
		const { path, log, now } = this.#options;
		let next: Manifest;
		try {
			next = await parse(payload);
		} catch (error) {
			log.warn({ reason: reasonOf(error) }, 'manifest refused; the one before is kept');
			return;
		}
		const same = this.#kept !== null && JSON.stringify(this.#kept) === JSON.stringify(next);
		if (!same) {
			try {
				await writeManifest(path, next);
			} catch (error) {
				log.error({ path, reason: reasonOf(error) }, 'the manifest cannot be written; trying again');
				this.#retry = setTimeout(() => void this.accept(payload), TRY_AGAIN);
				return;
			}
			this.#kept = next;
			this.#received = now();
			log.info({ revision: next.revision, date: next.date, stops: next.route?.stops.length ?? 0 }, 'manifest kept');
			this.emit('manifest', next);
		}
		this.#tell(next);
	}

	#tell({ revision, date }: Manifest): void {
		this.#options.tell({ v: 1, revision, date, received: this.#received });
	}
}

/** Rejects with what is wrong, never with content. */
async function parse(payload: Buffer): Promise<Manifest> {
	const packed = payload[0] === 0x1f && payload[1] === 0x8b;
	const text = packed ? await unzip(payload, { maxOutputLength: MAX_BYTES }) : payload;
	if (text.length > MAX_BYTES) throw new Error(`larger than ${MAX_BYTES} bytes`);
	let json: unknown;
	try {
		json = JSON.parse(text.toString('utf8'));
	} catch {
		throw new Error('not JSON');
	}
	const parsed = manifest.safeParse(json);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	throw new Error(`${issue?.path.map(String).join('.') || 'message'}: ${issue?.message ?? 'it breaks its schema'}`);
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);
