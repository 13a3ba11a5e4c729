/** Bytes to JSON; what is wrong with them is told by field, line and column. */
import { fieldOf, inputError, unusable, type OptimizeError } from './errors.ts';

/** Levels of objects and arrays, one within another, that are read. A problem has eight. */
const MOST_LEVELS = 100;

/** How much JSON is read: small objects by the million would take the reader minutes and gigabytes. */
export interface JsonLimits {
	/** Objects and arrays. */
	readonly containers: number;
	readonly keys: number;
}

/** What a problem of so many tasks may hold, several times what it needs; on the command line there is no limit of tasks. */
export const limitsFor = (tasks: number): JsonLimits => {
	const counted = Math.min(tasks, 1_000_000);
	return { containers: 100_000 + 20 * counted, keys: 200_000 + 100 * counted };
};

/** Throws an OptimizeError that names the place of the first fault. */
export function readJson(bytes: Uint8Array, limits: JsonLimits): unknown {
	weigh(bytes, limits);
	let text: string;
	try {
		text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch (cause) {
		throw notUtf8(bytes, cause);
	}
	try {
		return JSON.parse(text);
	} catch (cause) {
		const fault = findFault(text) ?? { offset: 0, field: 'body', message: 'no JSON' };
		throw faulty('The body is not JSON.', text, fault, cause);
	}
}

/** Counts what JSON will be made of, in one pass over its bytes. Its syntax is checked later. */
function weigh(bytes: Uint8Array, most: JsonLimits): void {
	let containers = 0;
	let keys = 0;
	let levels = 0;
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at]!;
		if (byte === 0x22) at = closingQuote(bytes, at);
		else if (byte === 0x3a) keys++;
		else if (byte === 0x5b || byte === 0x7b) {
			containers++;
			if (++levels > MOST_LEVELS) throw tooMuch(`more than ${MOST_LEVELS} objects and arrays, one within another`, bytes, at);
		} else if (byte === 0x5d || byte === 0x7d) levels--;
	}
	if (containers > most.containers) throw tooMuch(`${containers} objects and arrays; at most ${most.containers} are read`);
	if (keys > most.keys) throw tooMuch(`${keys} keys; at most ${most.keys} are read`);
}

function closingQuote(bytes: Uint8Array, start: number): number {
	let at = start + 1;
	while (at < bytes.length && bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1;
	return at;
}

function tooMuch(message: string, bytes?: Uint8Array, at?: number): OptimizeError {
	const field = bytes && at !== undefined ? scan(new TextDecoder().decode(bytes.subarray(0, at)), at).field : 'body';
	return unusable('The body holds too much.', [{ field, message }]);
}

interface Fault {
	offset: number;
	field: string;
	message: string;
}

function faulty(detail: string, text: string, { offset, field, message }: Fault, cause: unknown): OptimizeError {
	let line = 1;
	let start = 0;
	for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
		line++;
		start = end + 1;
	}
	const where = `line ${line}, column ${offset - start + 1}`;
	return inputError(detail, [{ field, message: `${message} (${where})` }], cause);
}

/** Halves what is left until the first byte is found at which decoding goes wrong. */
function notUtf8(bytes: Uint8Array, cause: unknown): OptimizeError {
	const sound = (length: number): boolean => {
		try {
			new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
			return true;
		} catch {
			return false;
		}
	};
	let good = 0;
	let bad = bytes.length + 1;
	while (bad - good > 1) {
		const middle = Math.floor((good + bad) / 2);
		if (sound(middle)) good = middle;
		else bad = middle;
	}
	const text = new TextDecoder().decode(bytes.subarray(0, good), { stream: true });
	const { field } = scan(text, text.length);
	return faulty('The body is not UTF-8.', text, { offset: text.length, field, message: 'these bytes are not UTF-8' }, cause);
}

const findFault = (text: string): Fault | null => {
	const { field, offset, message } = scan(text, Infinity);
	return message === null ? null : { field, offset, message };
};

/** An open object or array: where in it we are. */
interface Level {
	readonly array: boolean;
	/** Null before the first key and between two. */
	key: PropertyKey | null;
}

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';
const inWords: Record<Expected, string> = {
	value: 'a value',
	'value or end': 'a value or ]',
	key: 'a key in quotes',
	'key or end': 'a key in quotes or }',
	colon: 'a colon',
	'comma or end': 'a comma, or the end of the list or object',
	nothing: 'nothing more',
};

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /[A-Za-z_+-][\w.+-]{0,20}/y;

function match(pattern: RegExp, text: string, at: number): string | null {
	pattern.lastIndex = at;
	return pattern.exec(text)?.[0] ?? null;
}

/** Reads JSON until `end`, or to the first fault, and tells the field there. */
function scan(text: string, end: number): { field: string; offset: number; message: string | null } {
	const levels: Level[] = [];
	let expected: Expected = 'value';
	let at = 0;
	const stop = (message: string | null) => ({
		field: fieldOf(levels.flatMap(({ key }) => (key === null ? [] : [key]))),
		offset: at,
		message,
	});
	const closed = (): Expected => (levels.length === 0 ? 'nothing' : 'comma or end');
	for (;;) {
		while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++;
		if (at >= end) return stop(null);
		const char = text[at];
		if (char === undefined) return stop(expected === 'nothing' ? null : `the text ends where ${inWords[expected]} is expected`);
		const level = levels.at(-1);
		if (char === '"' && (expected.startsWith('value') || expected.startsWith('key'))) {
			const close = endOfString(text, at);
			if (close < 0) {
				at = -close - 1;
				return at >= end ? stop(null) : stop('the string is not closed, or holds what must be escaped');
			}
			if (close > end) return stop(null);
			if (expected.startsWith('key')) {
				level!.key = text.slice(at + 1, Math.min(close - 1, at + 201));
				expected = 'colon';
			} else expected = closed();
			at = close;
		} else if (char === ':' && expected === 'colon') {
			expected = 'value';
			at++;
		} else if (char === ',' && expected === 'comma or end') {
			level!.key = level!.array ? Number(level!.key) + 1 : null;
			expected = level!.array ? 'value' : 'key';
			at++;
		} else if ((char === '{' || char === '[') && expected.startsWith('value')) {
			levels.push({ array: char === '[', key: char === '[' ? 0 : null });
			expected = char === '[' ? 'value or end' : 'key or end';
			at++;
		} else if ((char === '}' || char === ']') && expected.endsWith('or end') && level?.array === (char === ']')) {
			levels.pop();
			expected = closed();
			at++;
		} else {
			const figure = match(number, text, at);
			const token = figure ?? match(word, text, at) ?? JSON.stringify(char);
			const isValue = figure !== null || ['true', 'false', 'null'].includes(token);
			if (!isValue || !expected.startsWith('value')) return stop(`${token} stands where ${inWords[expected]} is expected`);
			expected = closed();
			at += token.length;
		}
	}
}

/** Offset after the closing quote; negative (of the place + 1) where the string goes wrong. */
function endOfString(text: string, start: number): number {
	for (let at = start + 1; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === 0x22) return at + 1;
		if (code < 0x20) return -at - 1;
		if (code !== 0x5c) continue;
		const escape = text[at + 1] ?? '';
		if (escape === 'u' ? !/^[\da-f]{4}$/i.test(text.slice(at + 2, at + 6)) : !'"\\/bfnrt'.includes(escape) || escape === '')
			return -at - 1;
		at++;
	}
	return -text.length - 1;
}
