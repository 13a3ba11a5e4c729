/** What every device emulator offers: the device's own bytes, errors included, on a clock that the caller turns. */
import type { Signal } from '@junkai/contracts';

/**
 * One sample of one signal as it was sent: a value a channel, in the counts in which the driver gives them. `t` is the
 * emulator's clock, ms.
 */
export type SampleTap = (signal: Signal, values: readonly number[], t: number) => void;

export interface Emulator {
	/** Id of the driver that reads this device. */
	readonly id: string;
	/**
	 * All bytes that the device sends between its last call and time `t` (ms, monotonic, any origin). The first call starts
	 * the device's clock and gives nothing. After a pause longer than {@link LONGEST_PAUSE} the older part is left out, as a
	 * line that nobody read would have lost it.
	 */
	advance(t: number): Uint8Array;
	/** Bytes from the host. */
	receive(bytes: Uint8Array): void;
	/** What is wrong with the device just now; may be changed at any time. */
	readonly faults: object;
	/** Called for each sample sent, for those who compare. */
	onSamples?: SampleTap | undefined;
}

/** ms */
export const LONGEST_PAUSE = 10_000;

/** Faults of the line that any device can have. */
export interface LineFaults {
	/** Nothing is sent, though the device lives on. */
	silent: boolean;
	/** So many of the next frames are sent with a bit flipped. */
	damaged: number;
	/** So many of the next frames lose their last byte. */
	truncated: number;
	/** Bytes of noise to put before the next frame. */
	noise: number;
}

export function noLineFaults(): LineFaults {
	return { silent: false, damaged: 0, truncated: 0, noise: 0 };
}

/** Ticks of a device's sampling clock, without drift however the calls fall. */
export class Ticker {
	readonly #period: number;
	#origin: number | undefined;
	#done = 0;

	/** `period` in ms. */
	constructor(period: number) {
		this.#period = period;
	}

	/** Calls `tick(number, time)` for each tick in (last call, t]; the first call sets the origin. */
	advance(t: number, tick: (number: number, time: number) => void): void {
		if (this.#origin === undefined) {
			this.#origin = t;
			return;
		}
		const due = Math.floor((t - this.#origin) / this.#period + 1e-9);
		const first = Math.max(this.#done + 1, due - Math.floor(LONGEST_PAUSE / this.#period) + 1);
		for (let number = first; number <= due; number++) tick(number - 1, this.#origin + number * this.#period);
		this.#done = Math.max(this.#done, due);
	}
}

/** Gathers frames into the bytes of one call, doing to them what the line's faults say. */
export class Line {
	readonly #faults: LineFaults;
	#bytes = new Uint8Array(1024);
	#length = 0;
	/** Noise must be the same in every run. */
	#random = 0x2545f491;

	constructor(faults: LineFaults) {
		this.#faults = faults;
	}

	send(frame: Uint8Array): void {
		const faults = this.#faults;
		if (faults.silent) return;
		for (; faults.noise > 0; faults.noise--) this.#put(Uint8Array.of(this.#next()));
		if (faults.damaged > 0) {
			faults.damaged--;
			const damaged = Uint8Array.from(frame);
			const at = frame.length >> 1;
			damaged[at] = damaged[at]! ^ 0x04;
			this.#put(damaged);
		} else if (faults.truncated > 0) {
			faults.truncated--;
			this.#put(frame.subarray(0, -1));
		} else this.#put(frame);
	}

	take(): Uint8Array {
		const bytes = this.#bytes.slice(0, this.#length);
		this.#length = 0;
		return bytes;
	}

	#put(bytes: Uint8Array): void {
		if (this.#length + bytes.length > this.#bytes.length) {
			const grown = new Uint8Array((this.#length + bytes.length) * 2);
			grown.set(this.#bytes.subarray(0, this.#length));
			this.#bytes = grown;
		}
		this.#bytes.set(bytes, this.#length);
		this.#length += bytes.length;
	}

	#next(): number {
		this.#random ^= this.#random << 13;
		this.#random ^= this.#random >>> 17;
		this.#random ^= this.#random << 5;
		return this.#random & 0xff;
	}
}
