/**
 * Cuts binary frames out of a stream of bytes. Nothing but a sound frame (header, length, checksum) moves it forward by more
 * than one byte, so an intact frame is found whatever stands before it, also when that looked like the start of a frame.
 */
import type { DriverCounters } from '../driver.ts';

export interface FrameFormat {
	/** Longest frame in bytes. */
	readonly maxLength: number;
	/** Looks at what begins at `start`. */
	measure(bytes: Uint8Array, start: number, end: number): FrameLook;
}

/** Length of a sound frame, or why there is none. */
export type FrameLook = number;
/** More bytes are needed to tell. */
export const INCOMPLETE: FrameLook = 0;
/** No frame begins here. */
export const NO_FRAME: FrameLook = -1;
/** A whole frame with a wrong checksum. */
export const BAD_CHECKSUM: FrameLook = -2;

/**
 * Receives a sound frame at `bytes[start … start + length)`; the bytes are only lent. `damaged` says that bytes between this
 * frame and the one before were discarded.
 */
export type OnFrame = (bytes: Uint8Array, start: number, length: number, at: number, damaged: boolean) => void;

/** A started frame that got no further for this long, ms, is not waited for when an intact one stands behind its start. */
const STUCK_AFTER = 250;

export class FrameScanner {
	readonly #format: FrameFormat;
	readonly #counters: DriverCounters;
	readonly #onFrame: OnFrame;
	/** What is left from earlier calls, and when each byte of it came. */
	#rest: Uint8Array;
	readonly #restAt: Float64Array;
	#restLength = 0;
	#lastAt = 0;
	#damaged = false;

	constructor(format: FrameFormat, counters: DriverCounters, onFrame: OnFrame) {
		this.#format = format;
		this.#counters = counters;
		this.#onFrame = onFrame;
		this.#rest = new Uint8Array(format.maxLength + CHUNK);
		this.#restAt = new Float64Array(format.maxLength);
	}

	push(bytes: Uint8Array, at: number): void {
		this.#counters.bytes += bytes.length;
		if (bytes.length > 0) this.#lastAt = at;
		for (let offset = 0; offset < bytes.length; offset += CHUNK) {
			const part = bytes.length <= CHUNK ? bytes : bytes.subarray(offset, offset + CHUNK);
			this.#rest.set(part, this.#restLength);
			this.#scan(this.#restLength + part.length, at, false);
		}
	}

	/** Lets a frame that stopped halfway go when a whole one is waiting behind it. */
	idle(at: number): void {
		if (this.#restLength === 0 || at - this.#lastAt < STUCK_AFTER) return;
		for (let start = 1; start < this.#restLength; start++) {
			if (this.#format.measure(this.#rest, start, this.#restLength) <= 0) continue;
			this.#drop(start);
			this.#scan(this.#restLength, at, false);
			return;
		}
	}

	/** Nothing more will come: gives out what is whole and discards the rest. */
	end(at: number): void {
		this.#scan(this.#restLength, at, true);
	}

	/** Forgets a started frame; the next one does not join the one before. */
	reset(): void {
		this.#counters.discardedBytes += this.#restLength;
		this.#restLength = 0;
		this.#damaged = true;
	}

	#drop(count: number): void {
		this.#counters.discardedBytes += count;
		this.#damaged = true;
		this.#rest.copyWithin(0, count, this.#restLength);
		this.#restAt.copyWithin(0, count, this.#restLength);
		this.#restLength -= count;
	}

	#scan(end: number, at: number, last: boolean): void {
		const bytes = this.#rest;
		const old = this.#restLength;
		let start = 0;
		while (start < end) {
			const look = this.#format.measure(bytes, start, end);
			if (look > 0) {
				const damaged = this.#damaged;
				this.#damaged = false;
				this.#counters.frames++;
				this.#onFrame(bytes, start, look, start < old ? this.#restAt[start]! : at, damaged);
				start += look;
				continue;
			}
			if (look === INCOMPLETE && !last) break;
			if (look === BAD_CHECKSUM) this.#counters.badChecksums++;
			this.#counters.discardedBytes++;
			this.#damaged = true;
			start++;
		}
		this.#keep(start, end, old, at);
	}

	#keep(start: number, end: number, old: number, at: number): void {
		const length = end - start;
		if (length > 0) {
			if (start > 0) {
				this.#rest.copyWithin(0, start, end);
				if (start < old) this.#restAt.copyWithin(0, start, old);
			}
			this.#restAt.fill(at, Math.max(0, old - start), length);
		}
		this.#restLength = length;
	}
}

/** Bytes looked at in one go. */
const CHUNK = 2048;
