/** Records as InfluxDB points and back. */
import type { IPoint } from 'influx';
import { recordKinds, uplinkRecord, type RecordKind, type UplinkRecord, type VehicleId } from '@junkai/contracts';
import type { TelemetryBatch } from './store.ts';

/** A point with the place of its record in the batches that were to be written. */
export interface RecordPoint extends IPoint {
	batch: number;
	seq: number;
	vehicle: VehicleId;
	epoch: string;
}

/** Longest text in one field; longer sample data goes on in `data1`, `data2` … InfluxDB's documented limit is 64 KB. */
const FIELD_LENGTH = 60_000;

/**
 * Nanoseconds of a record's point. A point is known by series and time alone, so records of one microsecond must not share
 * the time: the microsecond is the record's, the nanoseconds are the end of its sequence number.
 */
export function pointTime(time: number, seq: number): string {
	return String(BigInt(Math.round(time * 1000)) * 1000n + BigInt(seq % 1000));
}

/** First nanosecond of the microsecond that holds a time in ms; a bound of queries. */
export const boundTime = (time: number): string => String(BigInt(Math.round(time * 1000)) * 1000n);

/**
 * The point of a record. All numbers are floats, so that no field ever changes its type; `at` keeps the time as it was sent.
 * How it came (`historical`, `received`) is no part of its identity, since a record that is sent again comes late.
 */
export function toPoint(record: UplinkRecord, batch: Omit<TelemetryBatch, 'records'>, index: number): RecordPoint {
	const { kind, seq, time, clock, ...rest } = record;
	const tags: Record<string, string> = { vehicle: batch.vehicle, epoch: batch.epoch, boot: batch.boot, clock };
	const fields: Record<string, number | string | boolean> = {
		seq,
		at: time,
		historical: batch.historical,
		received: batch.received,
	};
	for (const [name, value] of Object.entries(rest)) {
		if (value === undefined) continue;
		if (name === 'code' || name === 'signal' || name === 'class') tags[name] = String(value);
		else if (name === 'data') splitData(String(value), fields);
		else if (typeof value === 'object') fields[name] = JSON.stringify(value);
		else fields[name] = value;
	}
	for (const [name, value] of Object.entries(fields)) if (typeof value === 'string') fields[name] = armour(value);
	const place = { batch: index, seq, vehicle: batch.vehicle, epoch: batch.epoch };
	return { measurement: kind, tags, fields, timestamp: pointTime(time, seq), ...place };
}

function splitData(data: string, fields: Record<string, number | string | boolean>): void {
	for (let part = 0; part * FIELD_LENGTH < data.length || part === 0; part++) {
		fields[part === 0 ? 'data' : `data${part}`] = data.slice(part * FIELD_LENGTH, (part + 1) * FIELD_LENGTH);
	}
}

/** Backslashes do not survive the line protocol unharmed, and a line end would end the point. */
const armour = (text: string): string => text.replace(/[%\\\r\n]/g, (character) => encodeURIComponent(character));
const disarm = (text: string): string => text.replace(/%(25|5C|0D|0A)/g, (code) => decodeURIComponent(code));

/** What one row of `SELECT *` holds. */
export interface ReadPoint {
	record: UplinkRecord;
	/** Nanoseconds since 1970. */
	time: string;
	epoch: string;
	boot: string;
	historical: boolean;
	received: number;
}

const ownFields = new Set(['time', 'at', 'vehicle', 'epoch', 'boot', 'historical', 'received']);
const jsonFields = new Set(['channels', 'range', 'questionable', 'detail']);

/** Null when the row is no record of ours, for example because someone else wrote it. */
export function fromRow(kind: RecordKind, columns: readonly string[], row: readonly unknown[]): ReadPoint | null {
	const cells = new Map(columns.map((column, index) => [column, row[index]]));
	const record: Record<string, unknown> = { kind, time: cells.get('at') };
	for (const [name, value] of cells) {
		if (value === null || ownFields.has(name) || /^data\d+$/.test(name)) continue;
		if (typeof value !== 'string') record[name] = value;
		else record[name] = jsonFields.has(name) ? (JSON.parse(disarm(value)) as unknown) : disarm(value);
	}
	for (let part = 1; typeof cells.get(`data${part}`) === 'string'; part++) {
		record['data'] = String(record['data']) + String(cells.get(`data${part}`));
	}
	const parsed = uplinkRecord.safeParse(record);
	const time = cells.get('time');
	if (!parsed.success || typeof time !== 'string') return null;
	return {
		record: parsed.data,
		time: nanoseconds(time),
		epoch: String(cells.get('epoch')),
		boot: String(cells.get('boot')),
		historical: cells.get('historical') === true,
		received: Number(cells.get('received')),
	};
}

/** RFC 3339 with up to nine decimals, as InfluxDB prints it, to nanoseconds. A JSON number would lose the last digits. */
export function nanoseconds(text: string): string {
	const [seconds = '', fraction = ''] = text.replace('Z', '').split('.');
	return String(BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0')));
}

/** Vehicle and boot of series keys such as `position,boot=a,clock=gnss,epoch=b,vehicle=c`; none of the values needs escapes. */
export function bootsOfSeries(keys: readonly string[]): { vehicle: VehicleId; boot: string }[] {
	const boots = new Map<string, { vehicle: VehicleId; boot: string }>();
	for (const key of keys) {
		const tags = new Map(key.split(',').map((pair) => pair.split('=', 2) as [string, string]));
		const vehicle = tags.get('vehicle');
		const boot = tags.get('boot');
		if (vehicle !== undefined && boot !== undefined) boots.set(`${vehicle} ${boot}`, { vehicle, boot });
	}
	return [...boots.values()];
}

export const measurements = recordKinds.map((kind) => `"${kind}"`).join(', ');
