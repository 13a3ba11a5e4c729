/**
 * Frames of the PM6750 family of boards: `55 AA` · length (of itself to the checksum) · type · data · checksum, which is the
 * inverted sum from the length to the last byte of data.
 */
import { BAD_CHECKSUM, INCOMPLETE, NO_FRAME, type FrameFormat } from '../link/frame-scanner.ts';

export const frameType = {
	ecgWave: 0x01,
	ecgNumerics: 0x02,
	nibp: 0x03,
	spo2: 0x04,
	temperature: 0x05,
	beatEcg: 0x30,
	beatPleth: 0x31,
	firmware: 0xfc,
	hardware: 0xfd,
	plethWave: 0xfe,
	respirationWave: 0xff,
} as const;

/**
 * Number of data bytes, lowest and highest. A length that does not go with its type is a false start: so a false start never
 * makes the scanner wait for bytes that are not coming.
 */
const dataBytes: Readonly<Record<number, readonly [number, number]>> = {
	[frameType.ecgNumerics]: [5, 5],
	[frameType.nibp]: [5, 5],
	[frameType.spo2]: [3, 3],
	[frameType.temperature]: [3, 3],
	[frameType.beatEcg]: [0, 4],
	[frameType.beatPleth]: [0, 4],
	[frameType.plethWave]: [1, 1],
	[frameType.respirationWave]: [1, 1],
};
const MAX_DATA = 48;

export const pm6750Format: FrameFormat = {
	maxLength: MAX_DATA + 5,
	measure(bytes, start, end) {
		if (bytes[start] !== 0x55) return NO_FRAME;
		if (start + 1 >= end) return INCOMPLETE;
		if (bytes[start + 1] !== 0xaa) return NO_FRAME;
		if (start + 3 >= end) return INCOMPLETE;
		const length = bytes[start + 2]!;
		if (length < 3 || !fits(bytes[start + 3]!, length - 3)) return NO_FRAME;
		if (start + 2 + length > end) return INCOMPLETE;
		const last = start + 1 + length;
		let sum = 0;
		for (let i = start + 2; i < last; i++) sum += bytes[i]!;
		return (~sum & 0xff) === bytes[last] ? length + 2 : BAD_CHECKSUM;
	},
};

function fits(type: number, count: number): boolean {
	// The Bluetooth edition sends one lead.
	if (type === frameType.ecgWave) return count === 7 || count === 1;
	const bounds = dataBytes[type];
	return bounds === undefined ? count <= MAX_DATA : count >= bounds[0] && count <= bounds[1];
}

/** One frame, ready to send. */
export function pm6750Frame(type: number, data: readonly number[]): Uint8Array {
	const frame = new Uint8Array(data.length + 5);
	frame.set([0x55, 0xaa, data.length + 3, type, ...data]);
	let sum = 0;
	for (let i = 2; i < frame.length - 1; i++) sum += frame[i]!;
	frame[frame.length - 1] = ~sum & 0xff;
	return frame;
}
