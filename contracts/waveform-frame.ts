/**
 * Waveform data as bytes: base64 in an uplink record, and a binary frame on the live channel so that a browser need not
 * parse samples as text.
 *
 * Frame: `4A 01` · header length u16 LE · header (JSON, UTF-8, padded with spaces to an even total) · samples int16 LE,
 * channel after channel.
 */
import { z } from 'zod';
import { GAP_SAMPLE, waveformRecord, type WaveformRecord } from './records.ts';
import { vehicleId } from './topics.ts';
import { epochId } from './uplink.ts';

/** Header of a frame: the record without its data, and whose it is. */
const { data: _data, kind: _kind, ...headerShape } = waveformRecord.shape;
export const waveformFrameHeader = z
	.object({
		vehicle: vehicleId,
		epoch: epochId,
		historical: z.boolean(),
		...headerShape,
	})
	.meta({ id: 'WaveformFrameHeader' });
export type WaveformFrameHeader = z.infer<typeof waveformFrameHeader>;

export interface WaveformFrame {
	header: WaveformFrameHeader;
	/** One array a channel, `header.count` long. {@link GAP_SAMPLE} is a gap. */
	samples: Int16Array[];
}

const MAGIC = 0x4a;
const VERSION = 1;

/** Samples (one array a channel, all of one length) to the base64 of an uplink record. */
export function encodeSamples(channels: readonly Int16Array[]): string {
	return planar(channels).toBase64();
}

/** Base64 of an uplink record to samples, one array a channel. Throws a RangeError when the length does not fit. */
export function decodeSamples(record: Pick<WaveformRecord, 'channels' | 'count' | 'data'>): Int16Array[] {
	return split(Uint8Array.fromBase64(record.data), record.channels.length, record.count);
}

/** Frame for the live channel. `data` is the record's base64, or its bytes where they are at hand. */
export function encodeWaveformFrame(header: WaveformFrameHeader, data: string | Uint8Array): Uint8Array<ArrayBuffer> {
	const bytes = typeof data === 'string' ? Uint8Array.fromBase64(data) : data;
	let text = new TextEncoder().encode(JSON.stringify(header));
	if (text.length % 2 === 1) {
		const padded = new Uint8Array(text.length + 1).fill(0x20);
		padded.set(text);
		text = padded;
	}
	const frame = new Uint8Array(4 + text.length + bytes.length);
	frame[0] = MAGIC;
	frame[1] = VERSION;
	frame[2] = text.length & 0xff;
	frame[3] = text.length >> 8;
	frame.set(text, 4);
	frame.set(bytes, 4 + text.length);
	return frame;
}

/** Reads a frame; throws an Error that says what is wrong with it. */
export function decodeWaveformFrame(frame: Uint8Array): WaveformFrame {
	if (frame.length < 4 || frame[0] !== MAGIC) throw new Error('not a waveform frame: it must begin with 4A');
	if (frame[1] !== VERSION) throw new Error(`waveform frame version ${frame[1]}, this program reads version ${VERSION}`);
	const length = frame[2]! | (frame[3]! << 8);
	if (frame.length < 4 + length) throw new Error('waveform frame is cut off within its header');
	const header = waveformFrameHeader.parse(JSON.parse(new TextDecoder().decode(frame.subarray(4, 4 + length))));
	return { header, samples: split(frame.subarray(4 + length), header.channels.length, header.count) };
}

/** Whether a sample is a gap. */
export const isGap = (sample: number): boolean => sample === GAP_SAMPLE;

function planar(channels: readonly Int16Array[]): Uint8Array {
	const count = channels[0]?.length ?? 0;
	const bytes = new Uint8Array(channels.length * count * 2);
	const view = new DataView(bytes.buffer);
	let offset = 0;
	for (const channel of channels) {
		if (channel.length !== count) throw new RangeError('all channels of a block must have the same number of samples');
		for (const sample of channel) {
			view.setInt16(offset, sample, true);
			offset += 2;
		}
	}
	return bytes;
}

function split(bytes: Uint8Array, channels: number, count: number): Int16Array[] {
	if (bytes.length !== channels * count * 2) {
		throw new RangeError(`waveform data has ${bytes.length} bytes, expected ${channels} channels × ${count} samples × 2`);
	}
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return Array.from({ length: channels }, (_, channel) => {
		const samples = new Int16Array(count);
		for (let i = 0; i < count; i++) samples[i] = view.getInt16((channel * count + i) * 2, true);
		return samples;
	});
}
