/** Messages between a van's gateway and the server, one schema a topic. All are JSON; an {@link UplinkBatch} may be gzip. */
import { z } from 'zod';
import { signals } from './codes.ts';
import { vehicleId } from './topics.ts';
import { clockQuality, portName, shortId, timestamp, uplinkRecord } from './records.ts';

const version = z.literal(1);

/** Random id made with the spool file; seq counts within it. */
export const epochId = z.uuid().meta({ id: 'EpochId' });
/** Random id of one connection life: shared by the birth and the last will, so that an old will cannot end a new session. */
export const sessionId = z.uuid().meta({ id: 'SessionId' });

const seqRange = z
	.tuple([z.int().min(1), z.int().min(1)])
	.refine(([from, to]) => from <= to, 'a range is [first, last] with first ≤ last')
	.meta({ id: 'SeqRange', description: '[first, last], both included.' });
export type SeqRange = z.infer<typeof seqRange>;

/**
 * Envelope of a batch. Its records are checked one by one (`uplinkRecord`), so that a bad one is refused and the rest are kept.
 */
export const uplinkEnvelope = z
	.object({
		v: version,
		epoch: epochId,
		boot: shortId.meta({ description: 'Run of the gateway program that stamped these records; a clock correction names it.' }),
		historical: z.boolean().meta({ description: 'True when the records were not sent as they happened.' }),
		sent: timestamp.optional().meta({ description: "When the batch left, by the gateway's clock; for measuring delay." }),
		records: z.array(z.unknown()).min(1).max(5000),
	})
	.meta({ id: 'UplinkEnvelope' });
export type UplinkEnvelope = z.infer<typeof uplinkEnvelope>;

/** A batch whose records are all sound. What a gateway sends. */
export const uplinkBatch = uplinkEnvelope.extend({ records: z.array(uplinkRecord).min(1).max(5000) }).meta({ id: 'UplinkBatch' });
export type UplinkBatch = z.infer<typeof uplinkBatch>;

/** What the server has stored durably, or will never store; only then may the gateway forget it. */
export const uplinkAck = z
	.object({
		v: version,
		epoch: epochId,
		ranges: z.array(seqRange).max(5000),
		refused: z
			.array(z.object({ seq: z.int().min(1), reason: z.string().max(500) }))
			.max(5000)
			.optional()
			.meta({ description: 'Records that break the schema: final. The gateway sets them aside.' }),
	})
	.meta({ id: 'UplinkAck' });
export type UplinkAck = z.infer<typeof uplinkAck>;

/** One device as configured on a port. */
export const deviceInfo = z
	.object({
		port: portName,
		driver: z.string().max(32).meta({ description: 'Driver id, for example "nmea", "nonin", "pm6750".' }),
		label: z.string().max(64).meta({ description: 'Maker and model as a person would say it.' }),
	})
	.meta({ id: 'DeviceInfo' });
export type DeviceInfo = z.infer<typeof deviceInfo>;

/** State of one port. */
export const portStatus = deviceInfo
	.extend({
		state: z
			.enum(['opening', 'open', 'silent', 'lost'])
			.meta({ description: 'silent: open, but nothing has come for too long; lost: cannot be opened or was unplugged.' }),
		reason: z.string().max(200).optional(),
		since: timestamp,
		lastData: timestamp.optional(),
		bytes: z.int().min(0),
		frames: z.int().min(0),
		discardedBytes: z.int().min(0),
		badChecksums: z.int().min(0),
		reopened: z.int().min(0),
	})
	.meta({ id: 'PortStatus' });
export type PortStatus = z.infer<typeof portStatus>;

/** State of the spool. Counts are records that the server has not acknowledged. */
export const spoolStatus = z
	.object({
		pending: z.object({ urgent: z.int().min(0), numeric: z.int().min(0), waveform: z.int().min(0) }),
		oldest: timestamp.optional(),
		bytes: z.int().min(0).meta({ description: 'Size of the spool on disk.' }),
		free: z.int().min(0).optional().meta({ description: 'Bytes that it may still grow.' }),
		shed: z.int().min(0).meta({ description: 'Waveform records given up for want of space, since this epoch began.' }),
		refused: z.int().min(0),
	})
	.meta({ id: 'SpoolStatus' });
export type SpoolStatus = z.infer<typeof spoolStatus>;

export const birth = z
	.object({
		v: version,
		session: sessionId,
		epoch: epochId,
		boot: shortId,
		time: timestamp,
		clock: clockQuality,
		name: z.string().min(1).max(64).meta({ description: 'Name of the van, as staff call it.' }),
		software: z.string().max(64),
		devices: z.array(deviceInfo).max(64),
	})
	.meta({ id: 'Birth' });
export type Birth = z.infer<typeof birth>;

export const death = z
	.object({
		v: version,
		session: sessionId,
		cause: z.enum(['will', 'farewell']).meta({ description: 'will: the broker lost the van; farewell: the gateway was stopped.' }),
	})
	.meta({ id: 'Death' });
export type Death = z.infer<typeof death>;

export const gatewayStatus = z
	.object({
		v: version,
		session: sessionId,
		time: timestamp,
		clock: clockQuality,
		uptime: z.number().min(0).meta({ description: 'Seconds since the gateway program started.' }),
		spool: spoolStatus,
		ports: z.array(portStatus).max(64),
		rtt: z.number().min(0).optional().meta({ description: 'Publish to durable ack of recent live batches, ms, median.' }),
	})
	.meta({ id: 'GatewayStatus' });
export type GatewayStatus = z.infer<typeof gatewayStatus>;

/** Orders to a van. A watch is a lease: the server renews it while someone looks, and it ends by itself when the server dies. */
export const command = z
	.discriminatedUnion('type', [
		z.object({
			v: version,
			type: z.literal('watch'),
			signals: z.array(z.enum(signals)).max(signals.length),
			lease: z.number().min(0).max(600).meta({ description: 'Seconds for which waveforms are to come live; 0 ends it.' }),
		}),
	])
	.meta({ id: 'Command' });
export type Command = z.infer<typeof command>;

/** Who may use the broker, as the gateway's configuration names it: the vehicle id is the MQTT user name. */
export const vanCredentials = z.object({ vehicle: vehicleId, password: z.string().min(16).max(200) });
export type VanCredentials = z.infer<typeof vanCredentials>;
