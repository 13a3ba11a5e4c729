/** Which encoding a text is in, and the text. One that does not fit is told, never shown as mojibake. */
import { IntakeError } from '../intake-error.ts';

export type Encoding = 'utf-8' | 'shift_jis' | 'euc-jp' | 'iso-2022-jp' | 'utf-16le' | 'utf-16be';
export interface Decoded {
	readonly text: string;
	readonly encoding: Encoding;
	/** `certain` it says so itself, or it can be nothing else · `likely` it reads best so · `unsure` another one reads as well. */
	readonly certainty: 'certain' | 'likely' | 'unsure';
}

const NAMES: Readonly<Record<Encoding, string>> = {
	'utf-8': 'UTF-8',
	shift_jis: 'Shift_JIS',
	'euc-jp': 'EUC-JP',
	'iso-2022-jp': 'ISO-2022-JP',
	'utf-16le': 'UTF-16',
	'utf-16be': 'UTF-16',
};

/** The text, or null when the bytes are not of this encoding. Shift_JIS is the one of Windows, with ①, ㈱, 髙 and 﨑. */
function strictly(bytes: Uint8Array, encoding: Encoding): string | null {
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(bytes);
	} catch {
		return null;
	}
}

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

/** Where the bytes stop being of an encoding: the line, from 1. */
function faultyLine(bytes: Uint8Array, encoding: Encoding): number {
	const lines = splitLines(bytes);
	const at = lines.findIndex((line) => strictly(line, encoding) === null);
	return at + 1;
}

function splitLines(bytes: Uint8Array): Uint8Array[] {
	const lines: Uint8Array[] = [];
	let start = 0;
	for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
		lines.push(bytes.subarray(start, end));
		start = end + 1;
	}
	lines.push(bytes.subarray(start));
	return lines;
}

/** How much a text looks like Japanese: letters that are everyday, against half-width kana in rows and letters that hardly occur. */
function likeness(text: string): number {
	let usual = 0;
	let odd = 0;
	for (const letter of text) {
		const code = letter.codePointAt(0)!;
		if (code < 0x80) continue;
		if ((code >= 0x3041 && code <= 0x30fc) || '、。・（）　年月日市町村県番地号'.includes(letter)) usual += 1;
		else if (code >= 0xe000 && code <= 0xf8ff) odd += 3;
		else if (code >= 0xff61 && code <= 0xff9f) odd += 0.6;
		else if (code >= 0x4e00 && code <= 0x9fff) usual += 0.5;
		else if (code < 0x2000) odd += 1;
	}
	const all = usual + odd;
	return all === 0 ? 0 : usual / all;
}

/**
 * @param wanted the encoding that a person chose, or `auto`
 * @throws {IntakeError} `encoding` when the bytes are not of it, with the line and what they seem to be
 */
export function decodeText(bytes: Uint8Array, wanted: 'auto' | 'utf-8' | 'shift_jis'): Decoded {
	const marked = byMark(bytes);
	if (wanted === 'auto') return marked ?? guess(bytes);
	if (marked !== null && marked.encoding !== wanted) {
		throw new IntakeError(
			'encoding',
			`The file is ${NAMES[marked.encoding]} by its first bytes, not ${NAMES[wanted]}. Let the encoding be found, or choose it.`,
		);
	}
	if (marked !== null) return marked;
	const text = strictly(bytes, wanted);
	const other: Encoding = wanted === 'utf-8' ? 'shift_jis' : 'utf-8';
	const otherText = isAscii(bytes) ? null : strictly(bytes, other);
	if (text === null) {
		const hint = otherText === null ? '' : ` It reads as ${NAMES[other]}.`;
		throw new IntakeError('encoding', `Line ${faultyLine(bytes, wanted)} is not ${NAMES[wanted]}.${hint}`);
	}
	// What is UTF-8 by all its bytes is not Shift_JIS by chance.
	if (wanted === 'shift_jis' && otherText !== null) {
		throw new IntakeError(
			'encoding',
			'The file is UTF-8: as Shift_JIS its letters would be wrong. Let the encoding be found, or choose UTF-8.',
		);
	}
	return { text, encoding: wanted, certainty: isAscii(bytes) || wanted === 'utf-8' || likeness(text) > 0.8 ? 'certain' : 'unsure' };
}

function byMark(bytes: Uint8Array): Decoded | null {
	const [a, b, c] = bytes;
	const encoding: Encoding | null =
		a === 0xef && b === 0xbb && c === 0xbf
			? 'utf-8'
			: a === 0xff && b === 0xfe
				? 'utf-16le'
				: a === 0xfe && b === 0xff
					? 'utf-16be'
					: null;
	if (encoding === null) return null;
	const text = strictly(bytes, encoding);
	if (text === null)
		throw new IntakeError(
			'encoding',
			`The file says that it is ${NAMES[encoding]}, but line ${faultyLine(bytes, encoding)} is not. Save it anew.`,
		);
	return { text, encoding, certainty: 'certain' };
}

function guess(bytes: Uint8Array): Decoded {
	if (isAscii(bytes)) {
		const seven = bytes.includes(0x1b) ? strictly(bytes, 'iso-2022-jp') : null;
		if (seven !== null) return { text: seven, encoding: 'iso-2022-jp', certainty: 'certain' };
		return { text: strictly(bytes, 'utf-8')!, encoding: 'utf-8', certainty: 'certain' };
	}
	const unicode = strictly(bytes, 'utf-8');
	if (unicode !== null) return { text: unicode, encoding: 'utf-8', certainty: 'certain' };
	const readings = (['shift_jis', 'euc-jp'] as const)
		.map((encoding) => ({ encoding, text: strictly(bytes, encoding) }))
		.flatMap(({ encoding, text }) => (text === null ? [] : [{ encoding, text, likeness: likeness(text) }]))
		.toSorted((one, other) => other.likeness - one.likeness);
	const [first, second] = readings;
	if (first === undefined) {
		const line = Math.max(faultyLine(bytes, 'shift_jis'), faultyLine(bytes, 'utf-8'));
		throw new IntakeError(
			'encoding',
			`The file is neither UTF-8 nor Shift_JIS: line ${line} is damaged. Save it anew as "CSV UTF-8" or as XLSX.`,
		);
	}
	const { text, encoding } = first;
	const clear = first.likeness > 0.8 && (second === undefined || first.likeness - second.likeness > 0.2);
	return { text, encoding, certainty: clear ? (second === undefined ? 'certain' : 'likely') : 'unsure' };
}
