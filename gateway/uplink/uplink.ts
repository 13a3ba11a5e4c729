/**
 * From the spool to the server. Live records go up as they come, most urgent lane first; what was not sent in time is the
 * backlog, and drains beside them, paced, marked historical and never in front. A record is forgotten only when the server
 * has said that it is durable; whatever is not acknowledged in time is sent again, and the server stores it once.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Logger } from 'pino';
import { command, lanes, topics, uplinkAck, type Command, type Lane, type VehicleId } from '@junkai/contracts';
import type { Clock } from '../clock/clock.ts';
import type { SpoolEntry } from '../spool/database.ts';
import type { Spool } from '../spool/spool.ts';
import { InFlight, type Batch } from './in-flight.ts';
import type { Link } from './link.ts';
import type { Watch } from './watch.ts';

const compress = promisify(gzip);

const LIVE_RECORDS = 500;
const LIVE_BYTES = 128 * 1024;
const LIVE_IN_FLIGHT = 512 * 1024;
/** Live records waiting for a slow line, a lane; above it they are left to the backlog. */
const LIVE_WAITING = 256 * 1024;
const BACKLOG_RECORDS = 1000;
const BACKLOG_BYTES = 128 * 1024;
const BACKLOG_IN_FLIGHT = 4;
const COMPRESS_FROM = 2048;
const SOCKET_FULL = 64 * 1024;
const ACK_PATIENCE = 8_000;
const TICK = 100;
/** Unwatched waveforms are gathered for this long, so that they travel in few large batches. */
const LINGER = 2_000;

export interface UplinkOptions {
	vehicle: VehicleId;
	clock: Clock;
	spool: Spool;
	link: Link;
	watch: Watch;
	log: Logger;
	epoch: () => string;
	backlogBytesPerSecond: number;
	/** Somebody begins to look at the waveforms: what is gathered is to be given out. */
	onWatch: () => void;
	/** Records that the server refuses for ever. */
	onRefused: (count: number, reason: string) => void;
}

interface LaneState {
	/** Committed records to be sent as they come. */
	live: SpoolEntry[];
	liveBytes: number;
	/** Records below are backlog; those from here on are live (waiting or in flight). */
	liveFrom: number;
	/** The backlog up to here has been sent in this session. */
	cursor: number;
	/** Monotonic time before which the backlog need not be looked at: it was empty. */
	lookAgain: number;
}

export class Uplink {
	readonly #options: UplinkOptions;
	readonly #inFlight = new InFlight();
	readonly #lanes: Record<Lane, LaneState>;
	readonly #roundTrips: number[] = [];
	#timer: NodeJS.Timeout | undefined;
	#draining = false;
	#allowance = 0;
	#refilled = 0;
	#generation = 0;
	#patience = ACK_PATIENCE;

	constructor(options: UplinkOptions) {
		this.#options = options;
		this.#lanes = Object.fromEntries(lanes.map((lane) => [lane, idleLane()])) as Record<Lane, LaneState>;
	}

	start(): void {
		this.#timer = setInterval(() => this.#tick(), TICK);
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	/** Median time from publish to durable ack of recent live batches, ms. */
	get roundTrip(): number | undefined {
		const sorted = this.#roundTrips.toSorted((a, b) => a - b);
		return sorted[Math.floor(sorted.length / 2)];
	}

	/** A session began: all that is in the spool is backlog, what comes from now on is live. */
	up(): void {
		this.#generation += 1;
		this.#inFlight.clear();
		for (const lane of lanes) this.#lanes[lane] = { ...idleLane(), liveFrom: this.#options.spool.nextSeq };
		this.#roundTrips.length = 0;
		this.#patience = ACK_PATIENCE;
		this.#tick();
	}

	down(): void {
		this.#generation += 1;
		this.#inFlight.clear();
		for (const lane of lanes) this.#lanes[lane] = idleLane();
	}

	/** A new spool file was begun: what is under way belongs to the old one. */
	restart(): void {
		if (this.#options.link.online) this.up();
		else this.down();
	}

	/** Records that are on the disk now. */
	committed(entries: readonly SpoolEntry[]): void {
		if (!this.#options.link.online) return;
		const watched = this.#options.watch.active(this.#options.clock.now());
		for (const entry of entries) {
			const state = this.#lanes[entry.lane];
			if (entry.seq < state.liveFrom) {
				// Appended before the session began, on the disk only now: backlog that an earlier look could not see.
				state.lookAgain = 0;
				continue;
			}
			if (entry.lane === 'waveform' && !watched) {
				state.liveFrom = entry.seq + 1;
				if (state.lookAgain === Infinity) state.lookAgain = this.#options.clock.now() + LINGER;
				continue;
			}
			state.live.push(entry);
			state.liveBytes += entry.body.length;
		}
		this.#sendLive();
	}

	/** A message on the van's ack or command topic; a bad one is dropped and logged. */
	message(topic: string, payload: Buffer): void {
		const { vehicle, log } = this.#options;
		const schema = topic === topics.ack(vehicle) ? uplinkAck : command;
		let json: unknown;
		try {
			json = JSON.parse(payload.toString('utf8'));
		} catch {
			log.warn({ topic }, 'message dropped: not JSON');
			return;
		}
		if (schema === uplinkAck) {
			const ack = uplinkAck.safeParse(json);
			if (ack.success) this.#acknowledged(ack.data);
			else log.warn({ topic, reason: ack.error.issues[0]?.message }, 'ack dropped: it breaks its schema');
			return;
		}
		const order = command.safeParse(json);
		if (order.success) this.#watch(order.data);
		else log.warn({ topic, reason: order.error.issues[0]?.message }, 'command dropped: it breaks its schema');
	}

	#watch(order: Command): void {
		const { watch, clock, spool } = this.#options;
		if (!watch.active(clock.now())) {
			// What was gathered in long blocks is history to whoever begins to look; short ones follow at once.
			this.#options.onWatch();
			this.#lanes.waveform.liveFrom = Math.max(this.#lanes.waveform.liveFrom, spool.nextSeq);
		}
		watch.order(order, clock.now());
	}

	#acknowledged(ack: { epoch: string; ranges: [number, number][]; refused?: { seq: number; reason: string }[] | undefined }): void {
		// An ack for another spool file speaks of other records.
		if (ack.epoch !== this.#options.epoch()) return;
		const refused = ack.refused ?? [];
		if (refused.length > 0) {
			this.#options.spool.refuse(refused);
			this.#options.onRefused(refused.length, refused[0]!.reason);
		}
		const final = [...ack.ranges, ...refused.map(({ seq }): [number, number] => [seq, seq])];
		const now = this.#options.clock.now();
		for (const batch of this.#inFlight.acknowledge(final)) {
			if (batch.historical) continue;
			this.#roundTrips.push(now - batch.sentAt);
			if (this.#roundTrips.length > 50) this.#roundTrips.shift();
		}
		this.#options.spool.acknowledge(ack.ranges);
		this.#patience = ACK_PATIENCE;
		this.#sendLive();
		void this.#drain();
	}

	#tick(): void {
		if (!this.#options.link.online) return;
		const now = this.#options.clock.now();
		for (const batch of this.#inFlight.overdue(now - this.#patience)) {
			// Not acknowledged: the server was away, or the message was lost. It becomes backlog and goes again.
			const state = this.#lanes[batch.lane];
			state.cursor = Math.min(state.cursor, batch.seqs[0]! - 1);
			state.liveFrom = Math.max(state.liveFrom, state.live[0]?.seq ?? batch.seqs.at(-1)! + 1);
			state.lookAgain = 0;
			this.#patience = Math.min(60_000, this.#patience * 1.5);
		}
		this.#sendLive();
		void this.#drain();
	}

	#sendLive(): void {
		const { link } = this.#options;
		if (!link.online) return;
		for (const lane of lanes) {
			const state = this.#lanes[lane];
			while (state.live.length > 0 && this.#inFlight.bytes(false) < LIVE_IN_FLIGHT && link.backlog < SOCKET_FULL) {
				const { entries, bytes } = takeFront(state);
				this.#publish(lane, this.#options.clock.boot, entries, bytes, false);
			}
			if (state.liveBytes <= LIVE_WAITING) continue;
			// The line is too slow to keep up: a late value is worth less than the newest one, and none is lost.
			state.liveFrom = Math.max(state.liveFrom, state.live.at(-1)!.seq + 1);
			state.live = [];
			state.liveBytes = 0;
			state.lookAgain = 0;
		}
	}

	/** Sends backlog while the pace, the window and the line allow it. */
	async #drain(): Promise<void> {
		if (this.#draining) return;
		this.#draining = true;
		try {
			const generation = this.#generation;
			while (this.#mayDrain() && (await this.#drainOne()) && generation === this.#generation);
		} catch (error) {
			this.#options.log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'backlog cannot be read');
		} finally {
			this.#draining = false;
		}
	}

	#mayDrain(): boolean {
		const { link, clock, backlogBytesPerSecond: pace } = this.#options;
		const now = clock.now();
		this.#allowance = Math.min(pace, this.#allowance + ((now - this.#refilled) * pace) / 1000);
		this.#refilled = now;
		return (
			link.online &&
			this.#allowance > 0 &&
			this.#inFlight.count(true) < BACKLOG_IN_FLIGHT &&
			link.backlog < SOCKET_FULL / 2 &&
			lanes.every((lane) => this.#lanes[lane].liveBytes === 0)
		);
	}

	/** Sends the next backlog batch of the most urgent lane that has one; false when there is none. */
	async #drainOne(): Promise<boolean> {
		const { clock, spool } = this.#options;
		const generation = this.#generation;
		for (const lane of lanes) {
			const state = this.#lanes[lane];
			if (clock.now() < state.lookAgain) continue;
			const { cursor, liveFrom } = state;
			const { boot, entries } = await spool.read(lane, cursor, liveFrom, BACKLOG_RECORDS, BACKLOG_BYTES);
			if (generation !== this.#generation) return false;
			// A batch came overdue while the spool was read: the cursor stands further back now, and must not be moved past it.
			if (state.cursor < cursor) return true;
			const last = entries.at(-1);
			if (last === undefined) {
				// Unless more has become backlog meanwhile, which this look could not see.
				if (state.liveFrom === liveFrom) state.lookAgain = Infinity;
				continue;
			}
			state.cursor = Math.max(state.cursor, last.seq);
			const unsent = entries.filter((entry) => !this.#inFlight.has(entry.seq));
			if (unsent.length === 0) return true;
			const bytes = unsent.reduce((sum, entry) => sum + entry.body.length, 0);
			this.#allowance -= bytes;
			this.#publish(lane, boot, unsent, bytes, true);
			return true;
		}
		return false;
	}

	#publish(lane: Lane, boot: string, entries: readonly SpoolEntry[], bytes: number, historical: boolean): void {
		const { vehicle, link, clock, log } = this.#options;
		const batch: Batch = { lane, historical, seqs: entries.map((entry) => entry.seq), bytes, sentAt: clock.now() };
		this.#inFlight.add(batch);
		const head = { v: 1, epoch: this.#options.epoch(), boot, historical, sent: clock.stamp().time };
		// The records are on the disk as JSON: the batch is put together as text instead of being parsed and written again.
		const text = `${JSON.stringify(head).slice(0, -1)},"records":[${entries.map((entry) => entry.body).join(',')}]}`;
		const topic = topics.up(vehicle, lane);
		if (text.length < COMPRESS_FROM || !historical) {
			link.publish(topic, text, 1);
			return;
		}
		const { session } = link;
		compress(text, { level: 1 })
			.then((packed) => {
				if (link.session === session) link.publish(topic, packed, 1);
			})
			.catch((error: unknown) => log.warn({ reason: String(error) }, 'batch cannot be compressed'));
	}
}

function idleLane(): LaneState {
	return { live: [], liveBytes: 0, liveFrom: 0, cursor: 0, lookAgain: 0 };
}

function takeFront(state: LaneState): { entries: SpoolEntry[]; bytes: number } {
	let bytes = 0;
	let count = 0;
	while (count < state.live.length && count < LIVE_RECORDS && (count === 0 || bytes < LIVE_BYTES)) {
		bytes += state.live[count]!.body.length;
		count += 1;
	}
	state.liveBytes -= bytes;
	return { entries: state.live.splice(0, count), bytes };
}
