import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { emulatedDevices, type EmulatedDevice } from '../emulators.ts';
import { SimError } from '../sim-error.ts';
import { openOutput, type ReplayOutput } from './output.ts';
import { dueAt, timelineOf, type Timeline } from './pace.ts';

export interface ReplayOptions {
	/** The recorded log. */
	file: string;
	/** What recorded it: nmea, nonin or pm6750. */
	as: string;
	/** Path at which a reader finds the port: made as a link to a new pty, or a terminal that is there already. */
	port: string;
	/** So many times as fast as recorded; 1 by default. */
	pace?: number;
	/** Called with a line of text now and then. */
	onProgress?: (line: string) => void;
	/** Ends the replay early. */
	signal?: AbortSignal;
}

const TICK_MS = 10;
const REPORT_EVERY_MS = 5000;
const MAX_BYTES = 1_000_000_000;

/**
 * Plays a recorded log on a terminal byte by byte, at the pace at which it was recorded, once a reader has opened it. Resolves
 * when the reader has had the last byte, or the signal ended it.
 *
 * @throws {SimError} naming what is wrong with file, device, port or pace.
 */
export async function replay(options: ReplayOptions): Promise<void> {
	const { file, port, pace = 1, onProgress = () => {}, signal = new AbortController().signal } = options;
	const device = emulatedDevices.find((name) => name === options.as);
	if (!device) throw new SimError('replay', `--as ${options.as}: one of ${emulatedDevices.join(', ')} is expected`);
	if (!(pace > 0)) throw new SimError('replay', `--pace ${pace}: a number greater than 0 is expected`);
	const log = await readLog(file, device);
	const timeline = timelineOf(log, device);
	const output = openOutput(port);
	try {
		const skipped = timeline.comments > 0 ? `; ${timeline.comments} comment lines are left out` : '';
		onProgress(`${file}: ${log.length} bytes as ${device}, ${timeline.basis}${skipped}`);
		onProgress(`port: ${output.description}; ${duration(timeline.duration / pace)} at pace ${pace}`);
		onProgress('waiting for a reader to open the port …');
		await output.reader(signal);
		onProgress('a reader is there: playing');
		await play(log, timeline, output, { pace, onProgress, signal });
		onProgress('done');
	} catch (error) {
		if (!signal.aborted) throw error;
		onProgress('stopped');
	} finally {
		await output.close();
	}
}

async function readLog(file: string, device: EmulatedDevice): Promise<Buffer> {
	let log: Buffer;
	try {
		log = await readFile(file);
	} catch (cause) {
		throw new SimError('replay', `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
	}
	if (log.length === 0) throw new SimError('replay', `${file} is empty: a log recorded from a ${device} device is expected`);
	if (log.length > MAX_BYTES) throw new SimError('replay', `${file} is larger than ${MAX_BYTES} bytes: split it`);
	return log;
}

interface Playing {
	pace: number;
	onProgress: (line: string) => void;
	signal: AbortSignal;
}

async function play(log: Buffer, timeline: Timeline, output: ReplayOutput, { pace, onProgress, signal }: Playing): Promise<void> {
	const { stretches } = timeline;
	let position = { stretch: 0, byte: stretches[0]?.from ?? 0 };
	let began = performance.now();
	let reported = began;
	while (position.stretch < stretches.length) {
		signal.throwIfAborted();
		const now = performance.now();
		const due = dueAt(timeline, (now - began) * pace, position);
		await send(log, timeline, position, due, (bytes) => output.write(bytes, signal));
		position = due;
		// A reader that was away for a while gets the rest at the old pace, not in one burst.
		const late = performance.now() - now;
		if (late > 1000) began += late;
		if (now - reported >= REPORT_EVERY_MS) {
			reported = now;
			const at = (now - began) * pace;
			onProgress(`${duration(at)} of ${duration(timeline.duration)}, ${Math.round((100 * at) / timeline.duration)} %`);
		}
		if (position.stretch < stretches.length) await pause(TICK_MS, undefined, { signal });
	}
}

/** Sends what lies between two positions, leaving out what is in no stretch (comments). */
async function send(
	log: Buffer,
	{ stretches }: Timeline,
	from: { stretch: number; byte: number },
	to: { stretch: number; byte: number },
	write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
	const pieces: Uint8Array[] = [];
	for (let i = from.stretch; i <= to.stretch && i < stretches.length; i++) {
		const start = i === from.stretch ? Math.max(from.byte, stretches[i]!.from) : stretches[i]!.from;
		const end = i === to.stretch ? to.byte : stretches[i]!.to;
		if (end > start) pieces.push(log.subarray(start, end));
	}
	if (pieces.length > 0) await write(Buffer.concat(pieces));
}

function duration(ms: number): string {
	const seconds = Math.round(ms / 1000);
	const two = (n: number) => String(n).padStart(2, '0');
	return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
