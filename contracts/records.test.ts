import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { laneOfKind, recordKinds, uplinkRecord } from './records.ts';
import { lanes } from './topics.ts';
import { command, uplinkAck, uplinkBatch, uplinkEnvelope } from './uplink.ts';

const common = { seq: 1, time: 1_763_800_000_000, clock: 'gnss' };
const position = { ...common, kind: 'position', mode: 3, lat: 33.7, lon: 135.4, speed: 12.5, track: 271 };
const reading = { ...common, kind: 'reading', code: 'spo2', value: 97, port: 'oximeter' };
const waveform = {
	...common,
	kind: 'waveform',
	signal: 'pleth',
	channels: ['pleth'],
	rate: 75,
	unit: 'count',
	stream: 'abcd',
	index: 0,
	count: 2,
	data: 'AQACAA==',
};
const event = { ...common, kind: 'event', class: 'system', code: 'gateway-started', detail: { version: '0.1.0' } };
const epoch = '0195a1de-0000-7000-8000-000000000001';

/** What the schema says against a value: path and message of each fault, in one text. */
function faults(schema: z.ZodType, value: unknown): string {
	const result = schema.safeParse(value);
	return result.success ? '' : z.prettifyError(result.error);
}

describe('records', () => {
	test.each([position, reading, waveform, event])('a sound $kind is taken as it is', (record) => {
		expect(uplinkRecord.parse(record)).toEqual(record);
	});

	test('every kind has a lane', () => {
		for (const kind of recordKinds) expect(lanes).toContain(laneOfKind[kind]);
	});

	test('no fix has no coordinates, and a fix has both', () => {
		expect(faults(uplinkRecord, { ...common, kind: 'position', mode: 1 })).toBe('');
		expect(faults(uplinkRecord, { ...position, mode: 1 })).toContain('without a fix (mode 1) there is no lat and lon');
		expect(faults(uplinkRecord, { ...position, lon: undefined })).toContain('lat and lon go together');
	});

	test('a reading has either a value or a reason, never both and never neither', () => {
		const rule = 'a reading has either a value or a reason for its absence';
		expect(faults(uplinkRecord, { ...reading, value: undefined, absent: 'no-finger' })).toBe('');
		expect(faults(uplinkRecord, { ...reading, absent: 'no-finger' })).toContain(rule);
		expect(faults(uplinkRecord, { ...reading, value: undefined })).toContain(rule);
	});

	test('a value of 0 is a value', () => {
		expect(faults(uplinkRecord, { ...reading, value: 0 })).toBe('');
	});

	test.each([
		['a latitude off the globe', { ...position, lat: 90.1 }, 'lat'],
		['a longitude off the globe', { ...position, lon: -180.1 }, 'lon'],
		['a mode that GNSS has not', { ...position, mode: 4 }, 'mode'],
		['a negative speed', { ...position, speed: -1 }, 'speed'],
		['seq 0', { ...reading, seq: 0 }, 'seq'],
		['a fraction of a seq', { ...reading, seq: 1.5 }, 'seq'],
		['a time before 1970', { ...reading, time: -1 }, 'time'],
		['a time in microseconds', { ...reading, time: 1_763_800_000_000_000 }, 'time'],
		['a clock quality of its own', { ...reading, clock: 'sundial' }, 'clock'],
		['a number that is none', { ...reading, value: Number.NaN }, 'value'],
		['an infinite number', { ...reading, value: Number.POSITIVE_INFINITY }, 'value'],
		['a number as text', { ...reading, value: '97' }, 'value'],
		['an unknown code', { ...reading, code: 'mood' }, 'code'],
		['an unknown reason', { ...reading, value: undefined, absent: 'because' }, 'absent'],
		['a port with a path in it', { ...reading, port: '/dev/ttyUSB0' }, 'a port name is 1 to 32 of a-z, 0-9, "-" and "_"'],
		['samples that do not fill the block', { ...waveform, count: 3 }, 'data must hold count × channels samples of 2 bytes'],
		['samples that are not base64', { ...waveform, data: '!!!' }, 'data'],
		['a waveform without channels', { ...waveform, channels: [] }, 'channels'],
		['a rate of nothing', { ...waveform, rate: 0 }, 'rate'],
		['an unknown event', { ...event, code: 'party' }, 'code'],
		['an essay within an event', { ...event, detail: { text: 'x'.repeat(513) } }, 'detail'],
		['a kind of its own', { ...common, kind: 'poem' }, 'kind'],
		['no object', 'reading', 'expected object'],
	])('refuses %s and names it', (_, record, named) => {
		expect(faults(uplinkRecord, record)).toContain(named);
	});
});

describe('batches', () => {
	const envelope = { v: 1, epoch, boot: 'boot1', historical: false };

	test('the envelope lets a bad record through, so that the good ones beside it can be kept', () => {
		const { records } = uplinkEnvelope.parse({ ...envelope, records: [reading, { ...reading, value: 'high' }, event] });
		expect(records.map((record) => uplinkRecord.safeParse(record).success)).toEqual([true, false, true]);
	});

	test('what a gateway sends has none', () => {
		expect(faults(uplinkBatch, { ...envelope, records: [reading, { ...reading, value: 'high' }] })).toContain('records[1].value');
	});

	test.each([
		['another version', { ...envelope, v: 2, records: [reading] }, 'v'],
		['no epoch', { ...envelope, epoch: undefined, records: [reading] }, 'epoch'],
		['no record', { ...envelope, records: [] }, 'records'],
		['too many records', { ...envelope, records: Array.from({ length: 5001 }, () => reading) }, 'records'],
	])('refuses %s', (_, batch, named) => {
		expect(faults(uplinkEnvelope, batch)).toContain(named);
	});
});

describe('acks and commands', () => {
	test('a range runs from first to last', () => {
		expect(
			faults(uplinkAck, {
				v: 1,
				epoch,
				ranges: [
					[1, 1],
					[3, 9],
				],
			}),
		).toBe('');
		expect(faults(uplinkAck, { v: 1, epoch, ranges: [[9, 3]] })).toContain('a range is [first, last] with first ≤ last');
		expect(faults(uplinkAck, { v: 1, epoch, ranges: [[0, 3]] })).toContain('ranges[0][0]');
	});

	test('a watch is a lease of ten minutes at most', () => {
		const watch = { v: 1, type: 'watch', signals: ['ecg'], lease: 15 };
		expect(faults(command, watch)).toBe('');
		expect(faults(command, { ...watch, lease: 601 })).toContain('lease');
		expect(faults(command, { ...watch, type: 'explode' })).toContain('type');
	});
});
