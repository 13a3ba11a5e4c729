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
const MODE_HOLDS = 10;

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
		const enough = Math.min(Math.max(this.#period / 5, QUIET_MIN), QUIET_MAX);
		// After a stall of the program, time has passed and bytes wait unread: one look at the clock does not mean quiet.
		const watched = this.#lastIdleAt >= this.#lastByteAt || quiet >= QUIET_MAX;
		this.#lastIdleAt = at;
		if (this.#epoch !== undefined && quiet >= enough && watched) {
			this.#scanner.flush();
			this.#close();
		}
	}

	reset(): void {
		this.#scanner.reset();
		this.#epoch = undefined;
		this.#closedTime = undefined;
		this.#lastEpochAt = undefined;
		this.#burstEnd.forget();
		this.#mode = undefined;
	}

	end(): void {
		this.#scanner.flush();
		this.#close();
	}

	#take(sentence: Sentence): void {
		const fields = sentence.text.split(',');
		const address = readAddress(fields[0]!);
		if (!address) return;
		const { kind, talker } = address;
		if (sentence.checked) this.#checkedKinds.add(kind);
		else if (this.#checkedKinds.has(kind)) {
			this.counters.frames--;
			this.counters.discardedBytes += sentence.text.length + 1;
			return;
		}
		if (kind === 'GSV') return;
		const epoch = this.#epochFor(kind, fields, sentence);
		if (!epoch) return;
		sentences[kind](epoch, fields, talker);
		if (this.#burstEnd.reached(fields[0]!)) this.#close();
	}

	/** The epoch that a sentence belongs to, after closing the one before where need be. */
	#epochFor(kind: SentenceKind, fields: readonly string[], sentence: Sentence): Epoch | undefined {
		const field = timeField[kind];
		const time = field === undefined ? undefined : timeOfDay(fields[field]);
		let epoch = this.#epoch;
		if (epoch && time !== undefined && epoch.time !== undefined && time !== epoch.time) {
			this.#close();
			epoch = undefined;
		} else if (
			epoch &&
			field !== undefined &&
			(time === undefined || epoch.time === undefined) &&
			epoch.addresses.has(fields[0]!)
		) {
			// A receiver without a clock: the same sentence again is the next epoch.
			this.#close();
			epoch = undefined;
		}
		if (!epoch) {
			if (time !== undefined && time === this.#closedTime) {
				this.#burstEnd.tooEarly();
				return undefined;
			}
			epoch = new Epoch(sentence.at);
			this.#epoch = epoch;
		}
		if (field !== undefined) epoch.addresses.add(fields[0]!);
		epoch.time ??= time;
		return epoch;
	}

	#close(): void {
		const epoch = this.#epoch;
		this.#epoch = undefined;
		if (!epoch) return;
		this.#burstEnd.closed();
		if (epoch.addresses.size === 0) return;
		this.#closedTime = epoch.time;
		if (this.#lastEpochAt !== undefined && epoch.at > this.#lastEpochAt)
			this.#period = Math.min(epoch.at - this.#lastEpochAt, 5000);
		this.#lastEpochAt = epoch.at;
		const day = this.#dayOf(epoch);
		this.#emit(epoch.fix(day, this.#rememberMode(epoch)), epoch.at);
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

	#rememberMode(epoch: Epoch): 2 | 3 | undefined {
		if (epoch.gsaMode !== undefined) {
			this.#mode = epoch.gsaMode === 1 ? undefined : epoch.gsaMode;
			this.#modeAge = 0;
		} else if (++this.#modeAge > MODE_HOLDS) this.#mode = undefined;
		return this.#mode;
	}
}

export const nmea: DriverFacts = {
	id: 'nmea',
	label: 'GNSS receiver (NMEA 0183)',
	line: { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
	silentAfter: 5000,
	create: (emit) => new NmeaDriver(emit),
};
