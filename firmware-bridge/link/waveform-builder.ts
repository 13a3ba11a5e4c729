/**
 * Gathers the samples of one signal that come within one push, without an allocation a sample.
 */
import type { Signal } from '@junkai/contracts';
import type { DriverWaveform, Emit } from '../driver.ts';

export interface SignalFacts {
	signal: Signal;
	channels: readonly string[];
	/** Samples per second and channel. */
	rate: number;
	/** Lowest and highest count. */
	range: readonly [number, number];
}

/** Samples after a pause longer than this, ms, do not join those before, whatever the frames say. */
const PAUSE = 1000;

/** Samples in one block; far below what one uplink record may hold. */
const MAX_COUNT = 8192;

export class WaveformBuilder {
	readonly #facts: SignalFacts;
	readonly #emit: Emit;
	#buffers: Int16Array[];
	#count = 0;
	#at = 0;
	#lastAt: number | undefined;
	#broken = false;
	#discontinuity = false;

	constructor(facts: SignalFacts, emit: Emit) {
		this.#facts = facts;
		this.#emit = emit;
		this.#buffers = facts.channels.map(() => new Int16Array(64));
	}

	/**
	 * Samples were lost before the next one. Before the first one of all there is nothing to lose, unless the signal took
	 * another form before (`anyway`).
	 */
	break(anyway = false): void {
		this.flush();
		this.#broken = anyway || this.#lastAt !== undefined;
	}

	/** Opens the next sample, to be filled by {@link set}; returns nothing to keep. */
	next(at: number): void {
		if (this.#lastAt !== undefined && at - this.#lastAt > PAUSE) this.break();
		this.#lastAt = at;
		if (this.#count === 0) {
			this.#at = at;
			this.#discontinuity = this.#broken;
			this.#broken = false;
		}
		if (this.#count === this.#buffers[0]!.length) this.#grow(at);
		this.#count++;
	}

	set(channel: number, value: number): void {
		this.#buffers[channel]![this.#count - 1] = value;
	}

	flush(): void {
		const count = this.#count;
		if (count === 0) return;
		this.#count = 0;
		const waveform: DriverWaveform = {
			type: 'waveform',
			signal: this.#facts.signal,
			channels: this.#facts.channels,
			rate: this.#facts.rate,
			unit: 'count',
			range: this.#facts.range,
			samples: this.#buffers.map((buffer) => buffer.slice(0, count)),
			discontinuity: this.#discontinuity,
		};
		this.#emit(waveform, this.#at);
	}

	#grow(at: number): void {
		const { length } = this.#buffers[0]!;
		if (length >= MAX_COUNT) {
			this.flush();
			this.#at = at;
			this.#discontinuity = false;
			return;
		}
		this.#buffers = this.#buffers.map((buffer) => {
			const grown = new Int16Array(length * 2);
			grown.set(buffer);
			return grown;
		});
	}
}
