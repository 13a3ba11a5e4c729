/**
 * Finds NMEA 0183 sentences in a stream of bytes: `$` or `!`, printable characters, `*` and two hex digits, line end.
 * Whatever stands between sentences (binary protocols, line noise, remarks) is discarded and counted; a sentence whose end
 * was lost never swallows the one that follows it.
 */
import type { DriverCounters } from '../driver.ts';

/** Text between the start character and the checksum. */
export interface Sentence {
	text: string;
	/** False when the sender gave none (old receivers do so). A wrong checksum never gets this far. */
	checked: boolean;
	/** Arrival of the start character, ms of the caller's clock. */
	at: number;
}

/** Takes a sentence; false when one without a checksum is not to be believed, it is then counted as noise. */
export type OnSentence = (sentence: Sentence) => boolean;

/** Longer than any sentence of the field (some receivers pass the standard's 82 by far), short enough to be no burden. */
export const MAX_SENTENCE = 1024;

const DOLLAR = 0x24;
const BANG = 0x21;
const STAR = 0x2a;
const CR = 0x0d;
const LF = 0x0a;

export class SentenceScanner {
	readonly #counters: DriverCounters;
	readonly #onSentence: OnSentence;
	readonly #buffer = new Uint8Array(MAX_SENTENCE);
	#length = 0;
	#inside = false;
	#startedAt = 0;

	constructor(counters: DriverCounters, onSentence: OnSentence) {
		this.#counters = counters;
		this.#onSentence = onSentence;
	}

	push(bytes: Uint8Array, at: number): void {
		this.#counters.bytes += bytes.length;
		for (let i = 0; i < bytes.length; i++) {
			const byte = bytes[i]!;
			if (byte === DOLLAR || byte === BANG) {
				if (this.#inside) this.#finish(false);
				this.#inside = true;
				this.#length = 0;
				this.#startedAt = at;
			} else if (!this.#inside) {
				if (byte !== CR && byte !== LF) this.#counters.discardedBytes++;
			} else if (byte === CR || byte === LF) {
				this.#finish(true);
			} else if (byte < 0x20 || byte > 0x7e || this.#length === MAX_SENTENCE) {
				this.#abandon(1);
			} else {
				this.#buffer[this.#length++] = byte;
			}
		}
	}

	/** A complete sentence at the end of a file or before a long silence needs no line end. */
	flush(): void {
		if (this.#inside) this.#finish(false);
	}

	reset(): void {
		if (this.#inside) this.#abandon(0);
	}

	#abandon(more: number): void {
		this.#counters.discardedBytes += this.#length + 1 + more;
		this.#inside = false;
	}

	/** `lineEnd`: a CR or LF followed. Without it, only a sentence with its checksum is known to be whole. */
	#finish(lineEnd: boolean): void {
		const buffer = this.#buffer;
		let end = 0;
		let sum = 0;
		while (end < this.#length && buffer[end] !== STAR) sum ^= buffer[end++]!;
		const given = end + 2 < this.#length ? hex(buffer[end + 1]!) * 16 + hex(buffer[end + 2]!) : -1;
		const unchecked = end === this.#length && lineEnd && end > 0;
		if (given !== sum && !unchecked) {
			if (given >= 0) this.#counters.badChecksums++;
			this.#abandon(0);
			return;
		}
		let text = '';
		for (let i = 0; i < end; i++) text += String.fromCharCode(buffer[i]!);
		if (!this.#onSentence({ text, checked: !unchecked, at: this.#startedAt }) && unchecked) {
			this.#abandon(0);
			return;
		}
		this.#inside = false;
		this.#counters.frames++;
		if (!unchecked) this.#counters.discardedBytes += this.#length - (end + 3);
	}
}

/** Value of a hex digit; far below nought for anything else, so that a sum with it never looks like a byte. */
function hex(code: number): number {
	if (code >= 0x30 && code <= 0x39) return code - 0x30;
	const letter = code | 0x20;
	return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1000;
}
