/**
 * Ring of the newest samples of one waveform stream. Samples are placed by their index in the stream, so blocks join without a
 * seam whatever order they come in; what never came stays missing and is never drawn.
 */
import { GAP_SAMPLE, type WaveformFrameHeader } from '@junkai/contracts';

/** Nothing came for this sample (yet). */
export const MISSING = 0;
/** It came before it was due on the screen. */
export const ON_TIME = 1;
/** It came after the sweep had passed its place, or was sent as historical. */
export const LATE = 2;

/** What a stream is made of; from the header of its first block. */
export type StreamShape = Pick<WaveformFrameHeader, 'stream' | 'channels' | 'rate' | 'unit' | 'perCount' | 'range'>;

/** A stretch of samples without a missing one between them. */
export interface Run {
	startIndex: number;
	samples: number[];
}

export class TraceStream {
	readonly shape: StreamShape;
	readonly capacity: number;
	/** Time of sample 0, ms since 1970 by the van's clock. */
	private anchor: number;
	private readonly rings: Int16Array[];
	private readonly states: Uint8Array;
	/** Indices in the ring: `low` included, `high` excluded. */
	private low: number;
	private high: number;

	/** @param seconds How much is kept. */
	constructor(shape: StreamShape, firstIndex: number, firstTime: number, seconds: number) {
		this.shape = shape;
		this.capacity = Math.max(1, Math.ceil(shape.rate * seconds));
		this.anchor = firstTime - this.span(firstIndex);
		this.rings = shape.channels.map(() => new Int16Array(this.capacity).fill(GAP_SAMPLE));
		this.states = new Uint8Array(this.capacity);
		this.low = firstIndex;
		this.high = firstIndex;
	}

	get start(): number {
		return this.low;
	}
	get end(): number {
		return this.high;
	}
	/** Time just after the newest sample. */
	get endTime(): number {
		return this.timeOf(this.high);
	}

	private span(samples: number): number {
		return (samples * 1000) / this.shape.rate;
	}
	timeOf(index: number): number {
		return this.anchor + this.span(index);
	}
	/** Index of the first sample at or after a time; may lie outside what is held. */
	indexAt(time: number): number {
		return Math.ceil(((time - this.anchor) * this.shape.rate) / 1000 - 1e-6);
	}

	/** Whether a block can belong to this stream: same id, same layout, same rate. */
	fits(header: StreamShape): boolean {
		const { shape } = this;
		return (
			shape.stream === header.stream &&
			shape.rate === header.rate &&
			shape.unit === header.unit &&
			shape.channels.length === header.channels.length &&
			shape.channels.every((channel, i) => channel === header.channels[i])
		);
	}

	/**
	 * Fits the time axis to the block times. The samples are evenly spaced; a block can be stamped late (serial line, scheduling,
	 * a burst after a stall) but never early. So the axis follows an early block at once and a late one only slowly, as much as
	 * a device's own clock may run slow. A second or more off means that the van's clock was set; then it follows at once, too.
	 * @returns whether the axis jumped.
	 */
	align(index: number, time: number): boolean {
		const error = time - this.timeOf(index);
		const jumped = Math.abs(error) >= 1000;
		this.anchor += jumped || error < 0 ? error : error * (error > 250 ? 0.1 : 0.01);
		return jumped;
	}

	/**
	 * Puts a block in its place. A sample that is there already stays as it is.
	 * @param lateBefore Samples before this time are marked late; `Infinity` marks all.
	 * @param lateFrom Samples before this time are not: they are older than what the screen could have shown live.
	 * @returns the part that is new, as indices (end excluded), or `null`.
	 */
	write(
		index: number,
		channels: readonly Int16Array[],
		lateBefore: number,
		lateFrom = -Infinity,
	): { from: number; to: number } | null {
		const count = channels[0]?.length ?? 0;
		const end = index + count;
		if (end > this.high) this.advance(end, index);
		if (index < this.low) this.low = Math.max(index, this.high - this.capacity);
		const from = Math.max(index, this.low);
		const due = this.indexAt(lateBefore);
		const opened = this.indexAt(lateFrom);
		let first = -1;
		let last = -1;
		for (let i = from; i < end; i++) {
			const slot = i % this.capacity;
			if (this.states[slot] !== MISSING) continue;
			this.states[slot] = i < due && i >= opened ? LATE : ON_TIME;
			for (let c = 0; c < this.rings.length; c++) this.rings[c]![slot] = channels[c]![i - index]!;
			if (first < 0) first = i;
			last = i;
		}
		return first < 0 ? null : { from: first, to: last + 1 };
	}

	/** Makes room up to `end`, forgetting the oldest; slots that come round again are missing until written. */
	private advance(end: number, index: number): void {
		if (index - this.high >= this.capacity || this.high === this.low) {
			this.states.fill(MISSING);
			if (this.high === this.low) this.low = index;
		} else {
			const stop = Math.min(end, this.high + this.capacity);
			for (let i = this.high; i < stop; i++) this.states[i % this.capacity] = MISSING;
		}
		this.high = end;
		this.low = Math.max(this.low, end - this.capacity);
	}

	/** {@link MISSING}, {@link ON_TIME} or {@link LATE}. */
	stateAt(index: number): number {
		return index < this.low || index >= this.high ? MISSING : this.states[index % this.capacity]!;
	}

	/** Count of one channel at an index; {@link GAP_SAMPLE} when it is missing or the device had no signal. */
	valueAt(channel: number, index: number): number {
		return this.stateAt(index) === MISSING ? GAP_SAMPLE : this.rings[channel]![index % this.capacity]!;
	}

	/** Everything held of one channel, cut where samples are missing. */
	runs(channel: number): Run[] {
		const runs: Run[] = [];
		let open: Run | null = null;
		for (let i = this.low; i < this.high; i++) {
			if (this.stateAt(i) === MISSING) {
				open = null;
				continue;
			}
			if (open === null) runs.push((open = { startIndex: i, samples: [] }));
			open.samples.push(this.valueAt(channel, i));
		}
		return runs;
	}

	/** Lowest and highest count of one channel in a stretch of indices (end excluded), gaps left out. */
	extent(channel: number, from: number, to: number): [number, number] | null {
		let low = Infinity;
		let high = -Infinity;
		for (let i = Math.max(from, this.low); i < Math.min(to, this.high); i++) {
			const value = this.valueAt(channel, i);
			if (value === GAP_SAMPLE) continue;
			if (value < low) low = value;
			if (value > high) high = value;
		}
		return low <= high ? [low, high] : null;
	}
}
