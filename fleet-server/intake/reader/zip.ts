/** Looks into a ZIP before anything unpacks it: one that would fill the memory is refused. */
import { inflateRawSync } from 'node:zlib';
import { IntakeError } from '../intake-error.ts';

const MOST_ENTRIES = 2000;
/** Unpacked; a sheet of 5,000 rows takes a few megabytes. */
const MOST_BYTES = 150 * 1024 * 1024;

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

/**
 * Unpacks every entry once, each within what it says of itself and all within bounds.
 * @throws {IntakeError} `too-large`, or `damaged` when it is no whole ZIP
 */
export function checkZip(bytes: Uint8Array): void {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const end = endOf(view);
	const count = view.getUint16(end + 10, true);
	if (count > MOST_ENTRIES) throw tooLarge();
	let at = view.getUint32(end + 16, true);
	let total = 0;
	for (let entry = 0; entry < count; entry++) {
		if (at + 46 > view.byteLength || view.getUint32(at, true) !== ENTRY) throw damaged();
		const [method, packed, unpacked, start] = [
			view.getUint16(at + 10, true),
			view.getUint32(at + 20, true),
			view.getUint32(at + 24, true),
			view.getUint32(at + 42, true),
		];
		total += unpacked;
		if (total > MOST_BYTES) throw tooLarge();
		checkEntry(bytes, view, { method, packed, unpacked, start });
		at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
	}
}

/** The directory's end stands before a comment of 64 KiB at the most. */
function endOf(view: DataView): number {
	for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65_535); at--) {
		if (view.getUint32(at, true) === END) return at;
	}
	throw damaged();
}

function checkEntry(
	bytes: Uint8Array,
	view: DataView,
	{ method, packed, unpacked, start }: { method: number; packed: number; unpacked: number; start: number },
): void {
	if (start + 30 > view.byteLength || view.getUint32(start, true) !== LOCAL) throw damaged();
	const from = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
	if (from + packed > view.byteLength) throw damaged();
	if (method === 0) {
		if (packed !== unpacked) throw damaged();
		return;
	}
	if (method !== 8) throw damaged();
	if (unpacked === 0) return;
	try {
		// It may say less of itself than it holds.
		inflateRawSync(bytes.subarray(from, from + packed), { maxOutputLength: unpacked });
	} catch (error) {
		if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
		throw damaged();
	}
}

const tooLarge = (): IntakeError =>
	new IntakeError(
		'too-large',
		'Unpacked, the workbook is far larger than any list. Copy the list into a new workbook and save that.',
	);
const damaged = (): IntakeError =>
	new IntakeError('damaged', 'The workbook is damaged. Open it in the program that made it and save it anew as XLSX.');
