/**
 * Uplink records: what a van's gateway writes to its spool and the server to its telemetry store, one by one and once only.
 * A record is known by (vehicle, epoch, seq) for ever; its fields never change after it was written to the spool.
 */
import { z } from 'zod';
import { absentReasons, eventCodes, readingCodeNames, signals } from './codes.ts';

/** UTC, in milliseconds since 1970-01-01T00:00:00Z; fractions are allowed. */
export const timestamp = z
	.number()
	.min(0)
	.max(8_640_000_000_000)
	.meta({ id: 'Timestamp', description: 'UTC, milliseconds since 1970-01-01T00:00:00Z; fractions allowed.' });

/**
 * How far a gateway's clock could be trusted when it stamped something: anchored to GNSS, running on a past GNSS anchor,
 * the operating system's synchronised clock, or nothing at all.
 */
export const clockQuality = z.enum(['gnss', 'holdover', 'ntp', 'unsynchronised']).meta({ id: 'ClockQuality' });
export type ClockQuality = z.infer<typeof clockQuality>;

/** Short random id of one run of a gateway program, or of a waveform stream. */
export const shortId = z.string().regex(/^[A-Za-z0-9_-]{4,32}$/, 'an id of 4 to 32 letters, digits, "-" or "_"');

/** Name of a serial port in the gateway's configuration. */
export const portName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'a port name is 1 to 32 of a-z, 0-9, "-" and "_"');

const common = {
	/** Position of the record in its spool; starts at 1, never reused within an epoch. */
	seq: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
	/** When its first byte (of a waveform: its first sample) arrived, by the gateway's clock. */
	time: timestamp,
	clock: clockQuality,
	/** Port that it came from; absent for the gateway's own events. */
	port: portName.optional(),
	/** The device's own time, where it has a clock. Never used for order or age. */
	deviceTime: timestamp.optional(),
};

/** One GNSS fix. With mode 1 (no fix) there is no latitude and no longitude. */
export const positionRecord = z
	.object({
		...common,
		kind: z.literal('position'),
		lat: z.number().min(-90).max(90).optional().meta({ description: 'Latitude, degrees north, WGS 84.' }),
		lon: z.number().min(-180).max(180).optional().meta({ description: 'Longitude, degrees east, WGS 84.' }),
		alt: z.number().min(-1000).max(100_000).optional().meta({ description: 'Metres above mean sea level.' }),
		mode: z.literal([1, 2, 3]).meta({ description: '1 no fix, 2 two-dimensional, 3 three-dimensional.' }),
		satellitesUsed: z.int().min(0).max(255).optional(),
		speed: z.number().min(0).max(600).optional().meta({ description: 'Over ground, m/s.' }),
		track: z.number().min(0).max(360).optional().meta({ description: 'Course over ground, degrees from true north.' }),
		hdop: z.number().min(0).max(1000).optional(),
		accuracy: z.number().min(0).optional().meta({ description: 'Horizontal standard deviation, m (NMEA GST).' }),
		untrusted: z
			.string()
			.max(64)
			.optional()
			.meta({ description: 'Why the receiver itself does not vouch for this fix (for example "estimated", "simulated").' }),
	})
	.refine((p) => (p.lat === undefined) === (p.lon === undefined), 'lat and lon go together')
	.refine((p) => p.mode !== 1 || p.lat === undefined, 'without a fix (mode 1) there is no lat and lon')
	.meta({ id: 'PositionRecord' });
export type PositionRecord = z.infer<typeof positionRecord>;

/** One numeric, or the reason there is none. */
export const readingRecord = z
	.object({
		...common,
		kind: z.literal('reading'),
		code: z.enum(readingCodeNames),
		value: z.number().optional().meta({ description: 'In the unit that the code fixes (UCUM).' }),
		absent: z.enum(absentReasons).optional().meta({ description: 'Why there is no value.' }),
		questionable: z
			.array(z.enum(absentReasons))
			.max(8)
			.optional()
			.meta({ description: 'The device gave a value and at the same time doubted it, for these reasons.' }),
		group: z.string().max(64).optional().meta({ description: 'Readings of one measurement (systolic, mean, diastolic) share it.' }),
		stored: z.boolean().optional().meta({ description: "True when it comes from the device's memory: never shown as live." }),
	})
	.refine((r) => (r.value === undefined) !== (r.absent === undefined), 'a reading has either a value or a reason for its absence')
	.meta({ id: 'ReadingRecord' });
export type ReadingRecord = z.infer<typeof readingRecord>;

/** Sample value that stands for "no signal here" in waveform data. */
export const GAP_SAMPLE = -32768;

/** A stretch of one waveform: `channels.length × count` samples. Several leads that were sampled together travel together. */
export const waveformRecord = z
	.object({
		...common,
		kind: z.literal('waveform'),
		signal: z.enum(signals),
		channels: z.array(z.string().min(1).max(16)).min(1).max(16).meta({ description: 'For example ["I","II","III"]; ["pleth"].' }),
		rate: z.number().gt(0).max(10_000).meta({ description: 'Samples per second and channel.' }),
		unit: z.enum(['count', 'mV', '%']).meta({ description: '"count" where the device documents no calibration.' }),
		perCount: z.number().gt(0).optional().meta({ description: 'Unit per count, where known; absent for "count".' }),
		range: z.tuple([z.int(), z.int()]).optional().meta({ description: 'Lowest and highest count that the device can send.' }),
		stream: shortId.meta({
			description: 'New whenever the sample count starts anew (port reopened, samples known to be missing).',
		}),
		index: z.int().min(0).meta({ description: 'Number of the first sample since the stream began: blocks join without a seam.' }),
		count: z.int().min(1).max(20_000).meta({ description: 'Samples per channel.' }),
		data: z.base64().max(2_000_000).meta({ description: 'int16 little-endian, channel after channel, base64. -32768 is a gap.' }),
	})
	.refine((w) => base64Bytes(w.data) === w.count * w.channels.length * 2, 'data must hold count × channels samples of 2 bytes')
	.meta({ id: 'WaveformRecord' });
export type WaveformRecord = z.infer<typeof waveformRecord>;

/** Something that happened. `active` opens (true) and closes (false) a lasting condition; absent for a moment. */
export const eventRecord = z
	.object({
		...common,
		kind: z.literal('event'),
		class: z.enum(['system', 'technical', 'physiological']),
		code: z.enum(eventCodes),
		active: z.boolean().optional(),
		detail: z
			.record(z.string().max(32), z.union([z.string().max(512), z.number(), z.boolean()]))
			.optional()
			.meta({ description: 'Facts of the event; never a name or anything else that identifies a patient.' }),
	})
	.meta({ id: 'EventRecord' });
export type EventRecord = z.infer<typeof eventRecord>;

/** Any uplink record. */
export const uplinkRecord = z
	.discriminatedUnion('kind', [positionRecord, readingRecord, waveformRecord, eventRecord])
	.meta({ id: 'UplinkRecord' });
export type UplinkRecord = z.infer<typeof uplinkRecord>;
export type RecordKind = UplinkRecord['kind'];
export const recordKinds = ['position', 'reading', 'waveform', 'event'] as const satisfies readonly RecordKind[];

/** Lane on which a kind of record travels. */
export const laneOfKind = { position: 'urgent', event: 'urgent', reading: 'numeric', waveform: 'waveform' } as const;

function base64Bytes(text: string): number {
	const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
	return (text.length / 4) * 3 - padding;
}
