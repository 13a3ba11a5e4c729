/**
 * Finds Nonin frames (5 bytes, data formats 2 and 7) in a stream of bytes and tells the two formats apart.
 *
 *     format 2:  01 · status · pleth · slot · sum of the four
 *     format 7:  status · pleth high · pleth low · slot · sum of the four
 *
 * One frame proves little: with a flat pleth and empty slots, frames of format 2 read one byte later are sound frames of
 * format 7. So a place in the stream is believed only for a run of frames: few of format 2 (its `01` and two checks make it
 * hard to mistake), more of format 7, with a mark of the packet's first frame among them and no rival alignment.
 */
import type { DriverCounters } from '../driver.ts';

export type NoninFormat = 2 | 7;

export const FRAME = 5;
/** Frames in a packet; the first carries SYNC. */
export const PACKET = 25;
const SYNC = 0x01;

/** Frames in a row that settle the format when nothing is known. */
const RUN_FORMAT_2 = 5;
const RUN_FORMAT_7 = 10;
/** Frames in a row that settle the alignment when the format is the one read before. */
const RUN_KNOWN = 3;
/** So many of the last {@link PACKET} frames may be damaged in their place before the alignment is given up. */
const MAX_DAMAGED = 6;

/** Bytes kept while searching: two packets and a few frames are more than enough to settle anything. */
const WINDOW = FRAME * 60;

export interface NoninFrameSink {
	/** A sound frame. `joined`: the frame before it in the stream was given too. */
	frame(status: number, pleth: number, slot: number, format: NoninFormat, joined: boolean, at: number): void;
	/** A damaged frame in its place: one frame is missing, the count goes on. */
	missing(): void;
}

export class NoninFraming {
	readonly #counters: DriverCounters;
	readonly #sink: NoninFrameSink;
	readonly #buffer = new Uint8Array(WINDOW);
	readonly #at = new Float64Array(WINDOW);
	#length = 0;
	/** Format in which frames are being read from the start of the buffer; undefined while searching. */
	#format: NoninFormat | undefined;
	#lastFormat: NoninFormat | undefined;
	#joined = false;
	#damage = 0;

	constructor(counters: DriverCounters, sink: NoninFrameSink) {
		this.#counters = counters;
		this.#sink = sink;
	}

	push(bytes: Uint8Array, at: number): void {
		this.#counters.bytes += bytes.length;
		let offset = 0;
		while (offset < bytes.length) {
			const take = Math.min(WINDOW - this.#length, bytes.length - offset);
			this.#buffer.set(take === bytes.length ? bytes : bytes.subarray(offset, offset + take), this.#length);
			this.#at.fill(at, this.#length, this.#length + take);
			this.#length += take;
			offset += take;
			this.#work(false);
		}
	}

	end(): void {
		this.#work(true);
		this.#discard(this.#length);
	}

	/** The line was opened anew. The device is likely the same, its format may have been changed. */
	reset(): void {
		this.#discard(this.#length);
		this.#lose();
	}

	#lose(): void {
		this.#format = undefined;
		this.#joined = false;
		this.#damage = 0;
	}

	#discard(count: number): void {
		if (count === 0) return;
		this.#counters.discardedBytes += count;
		this.#joined = false;
		this.#consume(count);
	}

	#consume(count: number): void {
		this.#buffer.copyWithin(0, count, this.#length);
		this.#at.copyWithin(0, count, this.#length);
		this.#length -= count;
	}

	#work(last: boolean): void {
		for (;;) {
			if (this.#format !== undefined) this.#read(this.#format, last);
			if (this.#format !== undefined) return;
			if (!this.#search(last)) return;
		}
	}

	/** Gives out frames while they stand where they should. */
	#read(format: NoninFormat, last: boolean): void {
		let start = 0;
		while (start + FRAME <= this.#length) {
			if (sound(this.#buffer, start, format)) {
				this.#give(start, format);
				start += FRAME;
				continue;
			}
			// To tell a frame that was damaged in its place from bytes that were lost or added, the frames behind it are needed.
			if (start + (1 + RUN_KNOWN) * FRAME > this.#length && !last) break;
			this.#counters.badChecksums++;
			this.#damage += PACKET;
			if (this.#damage > MAX_DAMAGED * PACKET || !this.#inPlace(start, format)) {
				this.#lose();
				break;
			}
			this.#counters.discardedBytes += FRAME;
			this.#joined = false;
			this.#sink.missing();
			start += FRAME;
		}
		if (start > 0) this.#consume(start);
	}

	/** Whether the frames behind a damaged one stand where they would without any loss, rather than anywhere else. */
	#inPlace(start: number, format: NoninFormat): boolean {
		const behind = this.#run(start + FRAME, format, RUN_KNOWN).frames;
		if (behind === 0) return false;
		for (let shift = 1; shift < 2 * FRAME; shift++) {
			if (shift !== FRAME && this.#run(start + shift, format, RUN_KNOWN).frames > behind) return false;
		}
		return true;
	}

	#give(start: number, format: NoninFormat): void {
		const bytes = this.#buffer;
		const at = this.#at[start]!;
		this.#counters.frames++;
		if (this.#damage > 0) this.#damage--;
		if (format === 2) this.#sink.frame(bytes[start + 1]!, bytes[start + 2]!, bytes[start + 3]!, 2, this.#joined, at);
		else this.#sink.frame(bytes[start]!, (bytes[start + 1]! << 8) | bytes[start + 2]!, bytes[start + 3]!, 7, this.#joined, at);
		this.#joined = true;
	}

	/** Looks for a run of frames; true when one was found and is to be read from the start of the buffer. */
	#search(last: boolean): boolean {
		const found = this.#find(last);
		if (found) {
			this.#discard(found.start);
			this.#format = found.format;
			this.#lastFormat = found.format;
			return true;
		}
		if (this.#length === WINDOW) this.#discard(FRAME);
		return false;
	}

	#find(last: boolean): { start: number; format: NoninFormat } | undefined {
		const two = this.#best(2, last);
		if (two) return two;
		return this.#best(7, last);
	}

	/** The earliest run that is long enough, if no other alignment could be meant as well. */
	#best(format: NoninFormat, last: boolean): { start: number; format: NoninFormat } | undefined {
		const known = this.#lastFormat === format;
		const needed = known ? RUN_KNOWN : format === 2 ? RUN_FORMAT_2 : RUN_FORMAT_7;
		for (let start = 0; start + needed * FRAME <= this.#length; start++) {
			const run = this.#run(start, format);
			if (run.frames < needed) continue;
			if (format === 7 && !known && !run.synced && !last) continue;
			if (format === 7 && this.#rival(start, run.frames, needed)) continue;
			return { start, format };
		}
		// At the end of a file, what is left is read as what it looks like.
		if (last && !known) {
			for (let start = 0; start + 2 * FRAME <= this.#length; start++) {
				if (this.#run(start, format).frames >= 2 && (format === 2 || this.#run(start, 7).synced)) return { start, format };
			}
		}
		return undefined;
	}

	/** Sound frames from `start` on; those of a run with SYNC in the wrong distance do not count. */
	#run(start: number, format: NoninFormat, most = Infinity): { frames: number; synced: boolean } {
		let frames = 0;
		let lastSync = -1;
		for (let at = start; frames < most && at + FRAME <= this.#length && sound(this.#buffer, at, format); at += FRAME) {
			const status = this.#buffer[format === 2 ? at + 1 : at]!;
			if ((status & SYNC) !== 0) {
				if (lastSync >= 0 && frames - lastSync !== PACKET) break;
				lastSync = frames;
			}
			frames++;
		}
		return { frames, synced: lastSync >= 0 };
	}

	/** Another alignment over the same bytes that is as good, or format 2 showing through. */
	#rival(start: number, frames: number, needed: number): boolean {
		for (let shift = 1; shift < FRAME; shift++) {
			const other = this.#run(start + shift, 7);
			if (other.frames >= Math.min(needed, frames - 1) && (other.synced || !this.#run(start, 7).synced)) return true;
			if (this.#run(start + shift, 2).frames >= 2) return true;
		}
		return this.#run(start, 2).frames >= 2;
	}
}

function sound(bytes: Uint8Array, at: number, format: NoninFormat): boolean {
	const first = bytes[at]!;
	if (format === 2 ? first !== 0x01 || bytes[at + 1]! < 0x80 : first < 0x80) return false;
	// Slots hold seven bits.
	const slot = bytes[at + 3]!;
	return slot < 0x80 && ((first + bytes[at + 1]! + bytes[at + 2]! + slot) & 0xff) === bytes[at + 4];
}
