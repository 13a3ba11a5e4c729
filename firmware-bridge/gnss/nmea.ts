/**
 * NMEA 0183 driver: sentences in, one fix an epoch out.
 *
 * An epoch is closed when a sentence with another time comes, when the sentence arrives that has ended the last bursts (so
 * that at 10 Hz a fix is not a whole period old before it is given out), or when the line falls quiet.
 */
import type { Driver, DriverCounters, DriverFacts, Emit } from '../driver.ts';
import { newCounters } from '../link/counters.ts';
import { SentenceScanner, type Sentence } from '../link/sentence-scanner.ts';
import { BurstEnd } from './burst-end.ts';
import { Epoch } from './epoch.ts';
import { timeOfDay } from './fields.ts';
import { readAddress, sentences, timeField, type SentenceKind } from './sentences.ts';

const DAY = 86_400_000;
const HALF_DAY = DAY / 2;

/** A burst is over when nothing came for a fifth of the epochs' distance, within these bounds, ms. */
const QUIET_MIN = 25;
const QUIET_MAX = 250;

/** A mode that GSA gave in an earlier epoch holds this many epochs without GSA. */
const MODE_HOLDS = 20;

/** A date is not carried over a pause longer than this, ms: midnight could pass unseen. */
const DATE_HOLDS = 3_600_000;

export class NmeaDriver implements Driver {
	readonly counters: DriverCounters = newCounters();
	readonly #emit: Emit;
	readonly #scanner: SentenceScanner;
	readonly #burstEnd = new BurstEnd();
	/** Kinds of sentence that came with a checksum: one without is then a damaged one. */
	readonly #checkedKinds = new Set<SentenceKind>();
	#epoch: Epoch | undefined;
	/** Time of the epoch that was given out last: what still comes for it is late. */
	#closedTime: number | undefined;
	/** When the burst was last held to be over because of its sentences. */
	#endedAt: number | undefined;
	#lastByteAt = 0;
	#lastIdleAt = -1;
	#lastEpochAt: number | undefined;
	#period = 1000;
	#day: number | undefined;
	#dayTime = 0;
	#mode: 2 | 3 | undefined;
	#modeAge = 0;

	constructor(emit: Emit) {
		this.#emit = emit;
		this.#scanner = new SentenceScanner(this.counters, (sentence) => this.#take(sentence));
	}

	push(bytes: Uint8Array, at: number): void {
		if (bytes.length === 0) return;
		this.#lastByteAt = at;
		this.#scanner.push(bytes, at);
	}

	idle(at: number): void {
		const quiet = at - this.#lastByteAt;
		// After a stall of the program, time has passed and bytes wait unread: one look at the clock does not mean quiet.
		const watched = this.#lastIdleAt >= this.#lastByteAt || quiet >= QUIET_MAX;
		this.#lastIdleAt = at;
		if (this.#epoch !== undefined && quiet >= this.#quiet() && watched) {
			this.#scanner.flush();
			this.#close();
		}
	}

	reset(): void {
		this.#scanner.reset();
		this.#epoch = undefined;
		this.#closedTime = undefined;
		this.#endedAt = undefined;
		this.#lastEpochAt = undefined;
		// Nobody knows how long the line was away: the next date must come from the receiver.
		this.#day = undefined;
		this.#burstEnd.forget();
		this.#mode = undefined;
	}

	end(): void {
		this.#scanner.flush();
		this.#close();
	}

	#quiet(): number {
		return Math.min(Math.max(this.#period / 5, QUIET_MIN), QUIET_MAX);
	}

	/** Whether the sentence is one that this driver reads, and sound. */
	#take(sentence: Sentence): boolean {
		const fields = sentence.text.split(',');
		const address = readAddress(fields[0]!);
		if (!address) return false;
		const { kind, talker } = address;
		if (sentence.checked) this.#checkedKinds.add(kind);
		else if (this.#checkedKinds.has(kind)) return false;
		if (kind === 'GSV') return true;
		const epoch = this.#epochFor(kind, fields, sentence);
		if (!epoch) return true;
		sentences[kind](epoch, fields, talker);
		if (!this.#burstEnd.reached(fields[0]!)) return true;
		this.#close();
		this.#endedAt = sentence.at;
		return true;
	}

	/** The epoch that a sentence belongs to, after closing the one before where need be. */
	#epochFor(kind: SentenceKind, fields: readonly string[], sentence: Sentence): Epoch | undefined {
		const field = timeField[kind];
		const time = field === undefined ? undefined : timeOfDay(fields[field]);
		const states = fixKinds.has(kind);
		if (this.#epoch && opensAnother(this.#epoch, fields[0]!, states, time)) this.#close();
		if (!this.#epoch && this.#late(states, time, sentence.at)) {
			this.#burstEnd.tooEarly();
			return undefined;
		}
		const epoch = (this.#epoch ??= new Epoch(sentence.at));
		if (states) epoch.addresses.add(fields[0]!);
		epoch.time ??= time;
		return epoch;
	}

	/** Whether a sentence still belongs to the epoch that was given out just now. */
	#late(states: boolean, time: number | undefined, at: number): boolean {
		if (time !== undefined) return time === this.#closedTime;
		return !states && this.#endedAt !== undefined && at - this.#endedAt < this.#quiet();
	}

	#close(): void {
		this.#endedAt = undefined;
		const epoch = this.#epoch;
		this.#epoch = undefined;
		if (!epoch) return;
		this.#burstEnd.closed();
		const pause = epoch.at - (this.#lastEpochAt ?? epoch.at);
		if (pause > DATE_HOLDS) this.#day = undefined;
		const day = this.#dayOf(epoch);
		// A date, a course or satellites by themselves are no word about the fix.
		if (epoch.addresses.size === 0) return;
		this.#closedTime = epoch.time;
		if (pause > 0) this.#period = Math.min(pause, 5000);
		this.#lastEpochAt = epoch.at;
		const fix = epoch.fix(day, this.#modeAge < MODE_HOLDS ? this.#mode : undefined);
		this.#rememberMode(epoch, fix.mode);
		this.#emit(fix, epoch.at);
	}

	/** Keeps the date over epochs that bring none, past midnight too. */
	#dayOf(epoch: Epoch): number | undefined {
		if (epoch.time === undefined) return undefined;
		if (epoch.day !== undefined) this.#day = epoch.day;
		else if (this.#day !== undefined) {
			if (epoch.time < this.#dayTime - HALF_DAY) this.#day++;
			else if (epoch.time > this.#dayTime + HALF_DAY) this.#day--;
		}
		if (this.#day !== undefined) this.#dayTime = epoch.time;
		return this.#day;
	}

	/** Epochs in which neither GSA nor an altitude came take the mode of those before. */
	#rememberMode(epoch: Epoch, mode: 1 | 2 | 3): void {
		if (mode === 1) this.#mode = undefined;
		else if (epoch.gsaMode !== undefined || epoch.alt !== undefined) {
			this.#mode = mode;
			this.#modeAge = 0;
		} else this.#modeAge++;
	}
}

/** Sentences that say whether there is a fix, and where. */
const fixKinds: ReadonlySet<SentenceKind> = new Set(['RMC', 'GGA', 'GNS', 'GLL']);

/** Whether a sentence belongs to another epoch than the one that is being gathered. */
function opensAnother(epoch: Epoch, address: string, states: boolean, time: number | undefined): boolean {
	if (time !== undefined && epoch.time !== undefined) return time !== epoch.time;
	if (!states || epoch.addresses.size === 0) return false;
	// One of the two has no time. A receiver without a clock repeats itself; one that gained or lost its clock has moved on.
	return epoch.addresses.has(address) || time !== epoch.time;
}

export const nmea: DriverFacts = {
	id: 'nmea',
	label: 'GNSS receiver (NMEA 0183)',
	line: { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
	silentAfter: 5000,
	create: (emit) => new NmeaDriver(emit),
};
