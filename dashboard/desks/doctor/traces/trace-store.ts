/** All waveforms of the van on the screen: one lane a signal and port, its streams in order of time. */
import type { Signal, WaveformFrame } from '@junkai/contracts';
import { Playout } from './playout.ts';
import { TraceStream } from './trace-stream.ts';

/** Seconds of samples kept: the widest sweep at 12.5 mm/s on a large screen, and then some. */
const keptSeconds = 60;
/** Streams kept a lane; a port that reopens every second must not fill the memory. */
const keptStreams = 8;

export interface Lane {
	key: string;
	signal: Signal;
	port: string | null;
	streams: TraceStream[];
	/** Van time of the first live sample: what is older was before one looked. `Infinity` while there is none. */
	opened: number;
	/** When the newest live block came, by the local clock given to {@link TraceStore.take}. */
	heard: number | null;
}

export interface TraceDump {
	vehicle: string;
	signal: Signal;
	port: string | null;
	channel: string;
	stream: string;
	startIndex: number;
	samples: number[];
}

/** A part of the screen that must be drawn again: a stretch of van time of one lane. */
export type Repair = { lane: string; from: number; to: number };

export class TraceStore {
	readonly vehicle: string;
	readonly playout = new Playout();
	readonly lanes = new Map<string, Lane>();
	blocks = 0;
	lateBlocks = 0;
	private repairs: Repair[] = [];
	private readonly laneListeners = new Set<() => void>();

	constructor(vehicle: string) {
		this.vehicle = vehicle;
	}

	/**
	 * Takes a block of this van as it comes; one of any other van is left alone.
	 * @param now Local time, ms, of a clock that only runs forward.
	 */
	take(frame: WaveformFrame, now: number): void {
		const { header } = frame;
		if (header.vehicle !== this.vehicle) return;
		this.blocks++;
		const { lane, stream } = this.streamFor(header);
		if (!header.historical) {
			const startTime = stream.timeOf(header.index);
			lane.heard = now;
			lane.opened = Math.min(lane.opened, header.time);
			this.playout.arrived(now, startTime, startTime + (header.count * 1000) / header.rate);
			if (stream.align(header.index, header.time)) this.playout.reset();
		}
		this.write(frame, lane, stream, header.historical ? Infinity : this.dueBefore());
	}

	/**
	 * Takes a block out of the server's store.
	 * @param missed Whether it fills what this screen should have had live: then it is marked late.
	 */
	takeStored(frame: WaveformFrame, missed: boolean): void {
		if (frame.header.vehicle !== this.vehicle) return;
		const { lane, stream } = this.streamFor(frame.header);
		const late = frame.header.historical ? Infinity : missed ? this.dueBefore() : -Infinity;
		this.write(frame, lane, stream, late);
	}

	/** What is before this came too late for the sweep; nothing does while the sweep has not found its pace. */
	private dueBefore(): number {
		return this.playout.settled() ? (this.playout.head() ?? -Infinity) : -Infinity;
	}

	private streamFor(header: WaveformFrame['header']): { lane: Lane; stream: TraceStream } {
		const lane = this.laneOf(header.signal, header.port ?? null);
		const found = lane.streams.find((s) => s.fits(header));
		if (found !== undefined) return { lane, stream: found };
		const stream = new TraceStream(header, header.index, header.time, keptSeconds);
		this.open(lane, stream);
		for (const listener of this.laneListeners) listener();
		return { lane, stream };
	}

	private write({ header, samples }: WaveformFrame, lane: Lane, stream: TraceStream, lateBefore: number): void {
		const head = this.playout.head();
		const written = stream.write(header.index, samples, lateBefore, lane.opened);
		if (written === null || head === null) return;
		const from = stream.timeOf(written.from);
		if (from >= head) return;
		if (lateBefore !== -Infinity) this.lateBlocks++;
		this.repairs.push({ lane: lane.key, from, to: stream.timeOf(written.to) });
	}

	private laneOf(signal: Signal, port: string | null): Lane {
		const key = `${signal}/${port ?? ''}`;
		let lane = this.lanes.get(key);
		if (lane === undefined) this.lanes.set(key, (lane = { key, signal, port, streams: [], opened: Infinity, heard: null }));
		return lane;
	}

	private open(lane: Lane, stream: TraceStream): void {
		lane.streams.push(stream);
		lane.streams.sort((a, b) => a.timeOf(a.start) - b.timeOf(b.start));
		if (lane.streams.length > keptStreams) lane.streams.shift();
	}

	/** Calls back when a lane or a stream is new: the screen may need another row or another list of leads. */
	onLanes(listener: () => void): () => void {
		this.laneListeners.add(listener);
		return () => this.laneListeners.delete(listener);
	}

	/** Stretches that changed behind the sweep since the last call. */
	takeRepairs(): Repair[] {
		if (this.repairs.length === 0) return this.repairs;
		const taken = this.repairs;
		this.repairs = [];
		return taken;
	}

	/** What the buffers hold, for diagnosis: one entry a channel and unbroken run of samples. */
	dump(): TraceDump[] {
		const { vehicle } = this;
		return [...this.lanes.values()].flatMap(({ signal, port, streams }) =>
			streams.flatMap((stream) =>
				stream.shape.channels.flatMap((channel, i) =>
					stream.runs(i).map((run) => ({ vehicle, signal, port, channel, stream: stream.shape.stream, ...run })),
				),
			),
		);
	}
}
