/** Uplink messages from bytes: envelope first, then each record by itself, so that a bad one costs nothing but itself. */
import { gunzipSync } from 'node:zlib';
import { uplinkEnvelope, uplinkRecord, type UplinkEnvelope, type UplinkRecord } from '@junkai/contracts';
import { z } from 'zod';
import { FleetServerError, messageOf } from '../errors.ts';

/** Largest message after unpacking. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

export interface RefusedRecord {
	/** Null when not even that could be read. */
	seq: number | null;
	/** Names the field and the rule, never a value. */
	reason: string;
}

export interface DecodedBatch {
	envelope: Omit<UplinkEnvelope, 'records'>;
	records: UplinkRecord[];
	refused: RefusedRecord[];
	/** Size after unpacking. */
	bytes: number;
}

const seqOf = z.object({ seq: z.int().min(1) });

/** Throws a FleetServerError of code `batch` whose message holds no content. */
export function decodeBatch(payload: Uint8Array): DecodedBatch {
	const text = unpack(payload);
	const parsed = uplinkEnvelope.safeParse(parseJson(text));
	if (!parsed.success) throw new FleetServerError('batch', `the envelope breaks its schema: ${describe(parsed.error)}`);
	const { records: raw, ...envelope } = parsed.data;
	const records: UplinkRecord[] = [];
	const refused: RefusedRecord[] = [];
	for (const item of raw) {
		const record = uplinkRecord.safeParse(item);
		if (record.success) records.push(record.data);
		else refused.push({ seq: seqOf.safeParse(item).data?.seq ?? null, reason: describe(record.error) });
	}
	return { envelope, records, refused, bytes: text.length };
}

/** JSON from bytes that may be gzip (magic 1F 8B). Throws a FleetServerError of code `batch`. */
export function unpack(payload: Uint8Array): Buffer {
	if (payload.length > MAX_MESSAGE_BYTES) throw new FleetServerError('batch', `larger than ${MAX_MESSAGE_BYTES} bytes`);
	if (payload[0] !== 0x1f || payload[1] !== 0x8b) return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
	try {
		return gunzipSync(payload, { maxOutputLength: MAX_MESSAGE_BYTES });
	} catch (error) {
		const tooLarge = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
		const reason = tooLarge ? `unpacks to more than ${MAX_MESSAGE_BYTES} bytes` : `damaged gzip (${messageOf(error)})`;
		throw new FleetServerError('batch', reason, { cause: error });
	}
}

export function parseJson(text: Buffer): unknown {
	try {
		return JSON.parse(text.toString());
	} catch {
		// The parser's own message quotes what it read, which may be of a patient.
		throw new FleetServerError('batch', 'not JSON');
	}
}

/**
 * First fault of a schema error as field and rule. zod's messages name the expectation, not the value; the keys below
 * `detail` are the sender's own words and are left out like any other content.
 */
export function describe(error: z.ZodError): string {
	const issue = error.issues[0];
	if (issue === undefined) return 'unknown fault';
	const path = issue.path.map(String);
	const free = path.indexOf('detail');
	const field = (free === -1 ? path : path.slice(0, free + 1)).join('.');
	return `${field === '' ? 'message' : field}: ${issue.message}`.slice(0, 300);
}
