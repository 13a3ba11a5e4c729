import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GAP_SAMPLE, waveformRecord } from './records.ts';
import {
	decodeSamples,
	decodeWaveformFrame,
	encodeSamples,
	encodeWaveformFrame,
	isGap,
	type WaveformFrameHeader,
} from './waveform-frame.ts';

const sample = fc.integer({ min: -32768, max: 32767 });
/** One to eight channels of equal length. */
const block = fc
	.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 300 }))
	.chain(([channels, count]) =>
		fc.array(fc.int16Array({ minLength: count, maxLength: count }), { minLength: channels, maxLength: channels }),
	)
	.map((arrays) => arrays.map((array) => Int16Array.from(array)));

function headerFor(channels: readonly Int16Array[], label = 'ch'): WaveformFrameHeader {
	return {
		vehicle: 'van-1',
		epoch: '0195a1de-0000-7000-8000-000000000001',
		historical: false,
		seq: 7,
		time: 1_763_800_000_000.25,
		clock: 'gnss',
		port: 'monitor',
		signal: 'ecg',
		rate: 250,
		unit: 'count',
		stream: 'stream1',
		index: 500,
		channels: channels.map((_, i) => `${label}${i}`),
		count: channels[0]?.length ?? 0,
	};
}

describe('samples of an uplink record', () => {
	test('come back as they went in', () => {
		fc.assert(
			fc.property(block, (channels) => {
				const names = channels.map((_, i) => `ch${i}`);
				const data = encodeSamples(channels);
				expect(decodeSamples({ channels: names, count: channels[0]!.length, data })).toEqual(channels);
			}),
		);
	});

	test('are int16 little-endian, channel after channel', () => {
		expect(Buffer.from(encodeSamples([Int16Array.of(1, -2), Int16Array.of(256, GAP_SAMPLE)]), 'base64').toString('hex')).toBe(
			'0100feff00010080',
		);
	});

	test('make a record that the schema takes', () => {
		fc.assert(
			fc.property(block, (channels) => {
				const { vehicle: _vehicle, epoch: _epoch, historical: _historical, ...header } = headerFor(channels);
				expect(waveformRecord.safeParse({ ...header, kind: 'waveform', data: encodeSamples(channels) }).success).toBe(true);
			}),
		);
	});

	test('are refused when the channels differ in length', () => {
		expect(() => encodeSamples([Int16Array.of(1, 2), Int16Array.of(1)])).toThrow(
			'all channels of a block must have the same number of samples',
		);
	});

	test('are refused when there are more or fewer than the record says', () => {
		const data = encodeSamples([Int16Array.of(1, 2, 3)]);
		expect(() => decodeSamples({ channels: ['I'], count: 2, data })).toThrow(
			'waveform data has 6 bytes, expected 1 channels × 2 samples × 2',
		);
		expect(() => decodeSamples({ channels: ['I', 'II'], count: 3, data })).toThrow(RangeError);
	});

	test('know a gap from a low value', () => {
		expect(isGap(GAP_SAMPLE)).toBe(true);
		fc.assert(fc.property(sample, (value) => isGap(value) === (value === -32768)));
	});
});

describe('frames of the live channel', () => {
	test('come back as they went in, whatever the header holds and wherever they lie in memory', () => {
		fc.assert(
			fc.property(block, fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }), fc.nat(7), (channels, label, offset) => {
				const header = headerFor(channels, label.slice(0, 12));
				const frame = encodeWaveformFrame(header, encodeSamples(channels));
				// A WebSocket library may hand out a view into a larger buffer, at any offset.
				const elsewhere = new Uint8Array(frame.length + offset + 3);
				elsewhere.set(frame, offset);
				expect(decodeWaveformFrame(elsewhere.subarray(offset, offset + frame.length))).toEqual({ header, samples: channels });
			}),
		);
	});

	test('are the same from base64 and from bytes', () => {
		const channels = [Int16Array.of(1, 2, 3)];
		const data = encodeSamples(channels);
		expect(encodeWaveformFrame(headerFor(channels), data)).toEqual(
			encodeWaveformFrame(headerFor(channels), Buffer.from(data, 'base64')),
		);
	});

	test('begin with 4A 01 and have an even header, so that samples are aligned', () => {
		for (const label of ['a', 'ab']) {
			const channels = [Int16Array.of(1)];
			const frame = encodeWaveformFrame(headerFor(channels, label), encodeSamples(channels));
			expect([frame[0], frame[1]]).toEqual([0x4a, 1]);
			expect((frame[2]! | (frame[3]! << 8)) % 2).toBe(0);
		}
	});

	test.each([
		['nothing', (_: Uint8Array) => new Uint8Array(), 'not a waveform frame: it must begin with 4A'],
		['other bytes', (_: Uint8Array) => new TextEncoder().encode('{"type":"hello"}'), 'not a waveform frame'],
		['a later version', (frame: Uint8Array) => frame.with(1, 9), 'waveform frame version 9, this program reads version 1'],
		['a cut within the header', (frame: Uint8Array) => frame.subarray(0, 20), 'cut off within its header'],
		[
			'a cut within the samples',
			(frame: Uint8Array) => frame.subarray(0, -1),
			'waveform data has 5 bytes, expected 1 channels × 3 samples × 2',
		],
	])('refuse %s and say why', (_, spoil, message) => {
		const channels = [Int16Array.of(1, 2, 3)];
		const frame = encodeWaveformFrame(headerFor(channels), encodeSamples(channels));
		expect(() => decodeWaveformFrame(spoil(frame))).toThrow(message);
	});

	test('throw an Error, and nothing else happens, for any bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				expect(() => decodeWaveformFrame(Uint8Array.of(0x4a, 1, ...bytes))).toThrow(Error);
			}),
		);
	});
});
