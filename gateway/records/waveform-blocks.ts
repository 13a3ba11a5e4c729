/**
 * Samples to waveform records: gathers what a driver gave out into blocks, numbers the samples so that blocks join without
 * a seam, and places them in time by counting (time = anchor + n / rate), since arrivals jitter and samples do not.
 */
import { randomBytes } from 'node:crypto';
import { encodeSamples } from '@junkai/contracts';
import type { DriverWaveform } from '@junkai/firmware-bridge';
import type { NewRecord } from '../spool/spool.ts';
import type { Stamp } from '../clock/clock.ts';

/** Arrival may stray this far from the count before samples are taken to be missing, ms. */
const ASTRAY = 400;
/** The share of a late arrival that moves the anchor: follows a device whose crystal is slow, ignores jitter. */
const FOLLOW = 0.002;

export interface BlockSink {
	stamp: (at: number) => Stamp;
	append: (record: NewRecord) => void;
	/** Length of a block now, ms: short while somebody watches. */
	blockLength: () => number;
}

/** Builds the blocks of one signal of one port. */
export class WaveformBlocks {
	readonly #port: string;
	readonly #sink: BlockSink;
	#shape: DriverWaveform | undefined;
	#stream = '';
	#index = 0;
	/** Monotonic time of sample 0 of the stream, ms. */
	#anchor = 0;
	#parts: Int16Array[][] = [];
	#gathered = 0;

	constructor(port: string, sink: BlockSink) {
		this.#port = port;
		this.#sink = sink;
	}

	/** Takes a stretch; `at` is the monotonic arrival of its first sample. */
	add(stretch: DriverWaveform, at: number): void {
		const count = stretch.samples[0]?.length ?? 0;
		if (count === 0) return;
		const shape = this.#shape;
		const changed = shape === undefined || shape.rate !== stretch.rate || shape.channels.join() !== stretch.channels.join();
		const next = this.#index + this.#gathered;
		const error = at - (this.#anchor + (next * 1000) / stretch.rate);
		if (changed || stretch.discontinuity || Math.abs(error) > ASTRAY) {
			this.#begin(stretch, at);
		} else if (error < 0) {
			// Nothing arrives before it was sampled: the anchor was late by this much.
			this.#anchor += error;
		} else {
			this.#anchor += error * FOLLOW;
		}
		this.#parts.push(stretch.samples);
		this.#gathered += count;
		if (this.#gathered * 1000 >= this.#sink.blockLength() * stretch.rate) this.flush();
	}

	/** Makes a record of what is gathered. */
	flush(): void {
		const shape = this.#shape;
		if (shape === undefined || this.#gathered === 0) return;
		const samples = shape.channels.map((_, channel) => join(this.#parts, channel, this.#gathered));
		const { time, clock } = this.#sink.stamp(this.#anchor + (this.#index * 1000) / shape.rate);
		this.#sink.append({
			kind: 'waveform',
			time,
			clock,
			port: this.#port,
			signal: shape.signal,
			channels: [...shape.channels],
			rate: shape.rate,
			unit: shape.unit,
			...(shape.perCount === undefined ? {} : { perCount: shape.perCount }),
			...(shape.range === undefined ? {} : { range: [shape.range[0], shape.range[1]] }),
			stream: this.#stream,
			index: this.#index,
			count: this.#gathered,
			data: encodeSamples(samples),
		});
		this.#index += this.#gathered;
		this.#gathered = 0;
		this.#parts = [];
	}

	/** The line was interrupted: the next sample begins a new stream. */
	interrupt(): void {
		this.flush();
		this.#shape = undefined;
	}

	#begin(stretch: DriverWaveform, at: number): void {
		this.flush();
		this.#shape = stretch;
		this.#stream = randomBytes(6).toString('base64url');
		this.#index = 0;
		this.#anchor = at;
	}
}

function join(parts: readonly Int16Array[][], channel: number, count: number): Int16Array {
	const joined = new Int16Array(count);
	let offset = 0;
	for (const part of parts) {
		const samples = part[channel];
		if (samples === undefined) continue;
		joined.set(samples, offset);
		offset += samples.length;
	}
	return joined;
}
