/**
 * What a device driver is: bytes in, records out, nothing else. A driver opens no port, knows no time of day and keeps no
 * unbounded buffer; whoever owns the port feeds it and stamps what comes out. It never throws, whatever the bytes.
 */
import type { AbsentReason, EventCode, ReadingCode, Signal } from '@junkai/contracts';

/** One GNSS fix; also the form that `junkai decode nmea` prints. What the receiver did not say is left out. */
export interface DriverPosition {
	type: 'position';
	/** The receiver's UTC as ISO 8601 with milliseconds, or null when it did not know date and time. */
	time: string | null;
	/** Degrees north, WGS 84; absent without a fix. */
	lat?: number;
	/** Degrees east, WGS 84; absent without a fix. */
	lon?: number;
	/** Metres above mean sea level. */
	alt?: number;
	/** 1 no fix, 2 two-dimensional, 3 three-dimensional. */
	mode: 1 | 2 | 3;
	satellitesUsed?: number;
	/** Over ground, m/s. */
	speed?: number;
	/** Course over ground, degrees from true north. */
	track?: number;
	hdop?: number;
	/** Horizontal standard deviation in metres, from GST. */
	accuracy?: number;
	/** Why the receiver does not vouch for the fix: "estimated", "manual", "simulated", "not-safe". */
	untrusted?: string;
}

/** One numeric value, or the reason there is none. Exactly one of `value` and `absent` is set. */
export interface DriverReading {
	type: 'reading';
	code: ReadingCode;
	/** In the unit that contracts' `readingCodes` fixes for the code. */
	value?: number;
	absent?: AbsentReason;
	/** The device gave a value and doubted it, for these reasons. */
	questionable?: AbsentReason[];
	/** Readings of one measurement share it (systolic, mean, diastolic). */
	group?: string;
	/** From the device's memory, not live. */
	stored?: boolean;
	/** The device's own time of the measurement, ms since 1970. */
	deviceTime?: number;
}

/** Consecutive samples of one signal, as many as came in one push. */
export interface DriverWaveform {
	type: 'waveform';
	signal: Signal;
	channels: readonly string[];
	/** Samples per second and channel. */
	rate: number;
	unit: 'count' | 'mV' | '%';
	perCount?: number;
	/** Lowest and highest count that the device can send. */
	range?: readonly [number, number];
	/** One array a channel, all of one length. `GAP_SAMPLE` where the device said that there is no signal. */
	samples: Int16Array[];
	/** Samples were lost before this stretch (damaged frame, jump of a counter): it does not join the one before. */
	discontinuity: boolean;
}

/** Technical status or a device's own statement about the patient; `active` opens and closes a condition. */
export interface DriverEvent {
	type: 'event';
	class: 'technical' | 'physiological';
	code: EventCode;
	active?: boolean;
	detail?: Record<string, string | number | boolean>;
}

export type DriverOutput = DriverPosition | DriverReading | DriverWaveform | DriverEvent;

/**
 * Receives what a driver found. `at` is the arrival of its first byte (of a waveform: of its first sample) on the
 * monotonic clock of the caller, ms.
 */
export type Emit = (output: DriverOutput, at: number) => void;

/** What a driver counted since it was made. */
export interface DriverCounters {
	/** Bytes taken in. */
	bytes: number;
	/** Sound frames (sentences, packets) read. */
	frames: number;
	/** Bytes that belonged to no sound frame. */
	discardedBytes: number;
	/** Frames dropped for a wrong checksum. */
	badChecksums: number;
}

export interface Driver {
	readonly counters: Readonly<DriverCounters>;
	/** Takes bytes in any split. `at` is the caller's monotonic clock in ms and never runs backwards. */
	push(bytes: Uint8Array, at: number): void;
	/** To be called some twenty times a second: lets time pass, so that what waits for a quiet line is given out. */
	idle(at: number): void;
	/** The line was interrupted (port reopened): forgets half frames, keeps the counters. */
	reset(): void;
	/** Gives out what is pending; for the end of a file. */
	end(at: number): void;
}

/** Serial line settings. */
export interface LineSettings {
	baud: number;
	dataBits: 7 | 8;
	parity: 'none' | 'even' | 'odd';
	stopBits: 1 | 2;
}

/** What is fixed about a driver: its id, line and facts; documentation and detection are made from it. */
export interface DriverFacts {
	/** Stands in configurations and on the command line. */
	id: string;
	/** Maker and model as a person would say it. */
	label: string;
	line: LineSettings;
	/** After this long without a sound frame the line counts as silent, ms. */
	silentAfter: number;
	create(emit: Emit): Driver;
}
