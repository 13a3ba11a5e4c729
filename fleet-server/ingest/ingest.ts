/** From uplink messages to stored and acknowledged records. */
import { setTimeout as delay } from 'node:timers/promises';
import {
	birth,
	death,
	gatewayStatus,
	manifestReceipt,
	parseTopic,
	topics,
	type ManifestReceipt,
	type SeqRange,
	type UplinkAck,
	type UplinkRecord,
	type VanTopic,
	type VehicleId,
} from '@junkai/contracts';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { BrokerMessage } from '../broker/link.ts';
import { FleetServerError, messageOf } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import type { Origin, VehicleRegistry } from '../store/vehicle-registry.ts';
import { bootKey, corrected, type ClockCorrection, type TelemetryBatch, type TelemetryStore } from '../telemetry/store.ts';
import { decodeBatch, describe, parseJson, unpack, type DecodedBatch, type RefusedRecord } from './decode.ts';
import { RecentSeqs, toRanges } from './ranges.ts';

/** Hears of records as they arrive, before they are stored; each once as far as the last thousands tell. */
export interface LiveSink {
	record(origin: Origin, record: UplinkRecord): void;
	/** A batch sent as it happened: its delay from van to server, ms; null when the van's clock cannot tell. */
	batch(vehicle: VehicleId, clock: UplinkRecord['clock'] | null, delayMs: number | null): void;
}

export interface IngestOptions {
	telemetry: TelemetryStore;
	registry: VehicleRegistry;
	live: LiveSink;
	metrics: Metrics;
	log: Logger;
	/** Publishes an ack to its van. */
	publish: (topic: string, payload: string, qos: 0 | 1) => Promise<void>;
	/** A van keeps a manifest. */
	onReceipt?: (vehicle: VehicleId, receipt: ManifestReceipt) => void;
	/** How long a commit waits for company, ms. */
	gatherMs?: number;
	/** A commit does not wait any longer from this many records on, nor does it take many more. */
	gatherRecords?: number;
	/** Most bytes (unpacked) that may wait to be stored. */
	maxQueuedBytes?: number;
}

interface Waiting {
	batch: TelemetryBatch;
	bytes: number;
	refused: RefusedRecord[];
	/** Sequence numbers that are not to be acknowledged now. */
	deferred: Set<number>;
	arrived: number;
	resolve: () => void;
	reject: (error: Error) => void;
}

const REMEMBERED_SEQS = 20_000;
const REMEMBERED_EPOCHS = 200;
const RETRY_MS = [100, 250, 500, 1000, 2000, 5000];
const MAX_SEQS_AN_ACK = 5000;

export class Ingest {
	readonly #options: IngestOptions;
	readonly #gatherMs: number;
	readonly #gatherRecords: number;
	readonly #maxBytes: number;
	readonly #corrections = new Map<string, ClockCorrection>();
	readonly #recent = new Map<string, RecentSeqs>();
	#queue: Waiting[] = [];
	#queuedRecords = 0;
	#queuedBytes = 0;
	#running: Promise<void> | null = null;
	#stopped = false;
	readonly #stop = new AbortController();
	#wake = new AbortController();
	#trouble: string | null = null;

	constructor(options: IngestOptions) {
		this.#options = options;
		this.#gatherMs = options.gatherMs ?? 20;
		this.#gatherRecords = options.gatherRecords ?? 2000;
		this.#maxBytes = options.maxQueuedBytes ?? 64 * 1024 * 1024;
	}

	/** Clock corrections of the time before this run. */
	restore(corrections: readonly ClockCorrection[]): void {
		for (const correction of corrections) this.#corrections.set(bootKey(correction.vehicle, correction.boot), correction);
	}

	/** Records waiting to be stored. */
	get queued(): number {
		return this.#queuedRecords;
	}

	/** Null while storing works; else why not. */
	get trouble(): string | null {
		return this.#trouble;
	}

	/**
	 * Takes a message of a van. Settles when it is durable or will never be; rejects with code `overloaded` when too much is
	 * waiting already. Never rejects for bad content: that is counted and logged by reason.
	 */
	async accept({ topic, payload, retained }: BrokerMessage): Promise<void> {
		const parsed = parseTopic(topic);
		if (parsed === null) return this.#refuseMessage('topic', 'not a topic of ours', null);
		try {
			if (parsed.kind === 'up') await this.#acceptBatch(parsed.vehicle, payload);
			else this.#acceptState(parsed, payload, retained);
		} catch (error) {
			if (!(error instanceof FleetServerError) || error.code !== 'batch') throw error;
			this.#refuseMessage(parsed.kind, error.message, parsed.vehicle);
		}
	}

	/** Stores what is waiting, as far as the store takes it, and takes nothing more. */
	async stop(): Promise<void> {
		this.#stopped = true;
		this.#stop.abort();
		this.#wake.abort();
		await this.#running;
	}

	#acceptState(topic: VanTopic, payload: Uint8Array, retained: boolean): void {
		const { vehicle, kind } = topic;
		// An empty retained message is how a broker is told to forget.
		if (payload.length === 0) return;
		const { registry } = this.#options;
		// A death is told by the broker, not by the van.
		if (!retained && kind !== 'death') registry.seen(vehicle);
		if (kind === 'birth') registry.birth(vehicle, parse(birth, payload));
		else if (kind === 'death') registry.death(vehicle, parse(death, payload));
		else if (kind === 'status') registry.status(vehicle, parse(gatewayStatus, payload));
		else if (kind === 'receipt') this.#options.onReceipt?.(vehicle, parse(manifestReceipt, payload));
	}

	#acceptBatch(vehicle: VehicleId, payload: Uint8Array): Promise<void> {
		const decoded = decodeBatch(payload);
		const arrived = Date.now();
		this.#options.registry.seen(vehicle);
		this.#countRefused(vehicle, decoded.refused);
		this.#goLive(vehicle, decoded, arrived);
		const { epoch, boot, historical } = decoded.envelope;
		const batch: TelemetryBatch = { vehicle, epoch, boot, historical, received: arrived, records: decoded.records };
		if (this.#stopped || (this.#queuedBytes > 0 && this.#queuedBytes + decoded.bytes > this.#maxBytes)) {
			this.#options.metrics.dropped.inc();
			return Promise.reject(new FleetServerError('overloaded', 'too much is waiting to be stored'));
		}
		return new Promise((resolve, reject) => {
			this.#queue.push({ batch, bytes: decoded.bytes, refused: decoded.refused, deferred: new Set(), arrived, resolve, reject });
			this.#queuedBytes += decoded.bytes;
			this.#queuedRecords += batch.records.length;
			if (this.#queuedRecords >= this.#gatherRecords) this.#wake.abort();
			this.#running ??= this.#run().finally(() => (this.#running = null));
		});
	}

	#goLive(vehicle: VehicleId, { envelope, records }: DecodedBatch, arrived: number): void {
		const { live, registry, metrics } = this.#options;
		const { epoch, boot, historical } = envelope;
		const origin: Origin = { vehicle, epoch, boot, historical };
		const correction = this.#corrections.get(bootKey(vehicle, boot));
		const recent = this.#recentOf(vehicle, epoch);
		for (const raw of records) {
			metrics.records.inc({ kind: raw.kind });
			if (!recent.add(raw.seq)) continue;
			const record = corrected(raw, correction);
			registry.record(origin, record);
			live.record(origin, record);
		}
		if (historical) return;
		const clock = records.at(-1)?.clock ?? null;
		const trusted = envelope.sent !== undefined && clock !== null && clock !== 'unsynchronised';
		// A batch cannot arrive before it was sent: then the two clocks disagree, and the delay is not known.
		live.batch(vehicle, clock, trusted && arrived >= envelope.sent! ? arrived - envelope.sent! : null);
	}

	#recentOf(vehicle: VehicleId, epoch: string): RecentSeqs {
		const key = `${vehicle} ${epoch}`;
		const recent = this.#recent.get(key) ?? new RecentSeqs(REMEMBERED_SEQS);
		// Set anew, so that the order of the map is that of last use.
		this.#recent.delete(key);
		this.#recent.set(key, recent);
		if (this.#recent.size > REMEMBERED_EPOCHS) this.#recent.delete(this.#recent.keys().next().value!);
		return recent;
	}

	async #run(): Promise<void> {
		while (this.#queue.length > 0) {
			await this.#gather();
			const group = this.#take();
			if (!(await this.#store(group))) {
				// Stopped while the store was down: unacknowledged, so the vans keep it.
				for (const waiting of [...group, ...this.#queue])
					waiting.reject(new FleetServerError('overloaded', 'stopped before it was stored'));
				this.#queue = [];
				return;
			}
		}
	}

	async #gather(): Promise<void> {
		if (this.#queuedRecords < this.#gatherRecords && !this.#stopped) {
			await delay(this.#gatherMs, undefined, { signal: this.#wake.signal }).catch(() => undefined);
		}
		if (this.#wake.signal.aborted) this.#wake = new AbortController();
	}

	#take(): Waiting[] {
		let records = 0;
		let count = 0;
		while (count < this.#queue.length && records < this.#gatherRecords * 2) records += this.#queue[count++]!.batch.records.length;
		return this.#queue.splice(0, count);
	}

	/** Tries until the store has it. False when the server was stopped meanwhile. */
	async #store(group: readonly Waiting[]): Promise<boolean> {
		const { telemetry, metrics, log } = this.#options;
		for (let attempt = 0; ; attempt++) {
			try {
				const stop = metrics.commit.startTimer();
				const outcome = await telemetry.write(group.map(({ batch }) => batch));
				stop();
				this.#trouble = null;
				metrics.stored.inc(outcome.stored);
				metrics.duplicates.inc(outcome.duplicates);
				metrics.totals.stored += outcome.stored;
				metrics.totals.duplicates += outcome.duplicates;
				for (const { batch, seq, reason } of outcome.refused) {
					const refused = { seq, reason };
					group[batch]!.refused.push(refused);
					this.#countRefused(group[batch]!.batch.vehicle, [refused]);
				}
				for (const { batch, seq } of outcome.deferred) group[batch]!.deferred.add(seq);
				this.restore(outcome.corrections);
				this.#options.registry.correct(outcome.corrections);
				this.#settle(group);
				return true;
			} catch (error) {
				this.#trouble = messageOf(error);
				metrics.storeFailures.inc();
				log.error({ reason: this.#trouble, attempt }, 'the telemetry store failed; nothing is acknowledged until it works again');
				if (this.#stopped) return false;
				const pause = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]!;
				await delay(pause, undefined, { signal: this.#stop.signal }).catch(() => undefined);
			}
		}
	}

	#settle(group: readonly Waiting[]): void {
		const acks = new Map<
			string,
			{ vehicle: VehicleId; epoch: string; seqs: number[]; refused: { seq: number; reason: string }[] }
		>();
		for (const { batch, refused, deferred, bytes } of group) {
			this.#queuedBytes -= bytes;
			this.#queuedRecords -= batch.records.length;
			const key = `${batch.vehicle} ${batch.epoch}`;
			const ack = acks.get(key) ?? { vehicle: batch.vehicle, epoch: batch.epoch, seqs: [], refused: [] };
			acks.set(key, ack);
			const bad = new Set(deferred);
			for (const { seq, reason } of refused) {
				if (seq === null) continue;
				bad.add(seq);
				ack.refused.push({ seq, reason });
			}
			for (const { seq } of batch.records) if (!bad.has(seq)) ack.seqs.push(seq);
		}
		for (const { vehicle, epoch, seqs, refused } of acks.values()) this.#acknowledge(vehicle, epoch, toRanges(seqs), refused);
		const now = Date.now();
		for (const waiting of group) {
			this.#options.metrics.ack.observe((now - waiting.arrived) / 1000);
			waiting.resolve();
		}
	}

	#acknowledge(vehicle: VehicleId, epoch: string, ranges: SeqRange[], refused: { seq: number; reason: string }[]): void {
		for (let at = 0; at < Math.max(ranges.length, refused.length); at += MAX_SEQS_AN_ACK) {
			const final = refused.slice(at, at + MAX_SEQS_AN_ACK);
			const ack: UplinkAck = {
				v: 1,
				epoch,
				ranges: ranges.slice(at, at + MAX_SEQS_AN_ACK),
				...(final.length > 0 && { refused: final }),
			};
			this.#options.publish(topics.ack(vehicle), JSON.stringify(ack), 1).catch((error: unknown) => {
				// The van sends again and is acknowledged then.
				this.#options.log.warn({ vehicle, reason: messageOf(error) }, 'an acknowledgement could not be sent');
			});
		}
	}

	#countRefused(vehicle: VehicleId, refused: readonly RefusedRecord[]): void {
		const { metrics, log } = this.#options;
		for (const { reason } of refused) {
			metrics.totals.refused++;
			metrics.refused.inc({ what: 'record', reason: label(reason) });
		}
		const first = refused[0];
		if (first) log.warn({ vehicle, count: refused.length, reason: first.reason }, 'records refused; the rest of the batch is kept');
	}

	#refuseMessage(what: string, reason: string, vehicle: VehicleId | null): void {
		const { metrics, log } = this.#options;
		metrics.totals.refused++;
		metrics.refused.inc({ what, reason: label(reason) });
		log.warn({ vehicle, what, reason }, 'message refused');
	}
}

/** A reason as a label of few values: places in lists are left out and names that a sender made up cannot add to it without end. */
const labels = new Set<string>();
function label(reason: string): string {
	const short = reason.replace(/\d+/g, 'n').slice(0, 80);
	if (!labels.has(short) && labels.size >= 200) return 'other';
	labels.add(short);
	return short;
}

/** Throws a FleetServerError of code `batch`. */
function parse<T extends z.ZodType>(schema: T, payload: Uint8Array): z.infer<T> {
	const parsed = schema.safeParse(parseJson(unpack(payload)));
	if (parsed.success) return parsed.data;
	throw new FleetServerError('batch', describe(parsed.error));
}
