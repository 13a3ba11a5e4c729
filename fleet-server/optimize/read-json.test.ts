import { describe, expect, test } from 'vitest';
import { OptimizeError } from './errors.ts';
import { limitsFor, readJson } from './read-json.ts';

/** 160,000 objects and arrays, 500,000 keys. */
const LIMITS = limitsFor(3000);
const bytes = (text: string) => new TextEncoder().encode(text);
/** Field and message of what is wrong. */
function faultOf(input: Uint8Array | string): string {
	try {
		readJson(typeof input === 'string' ? bytes(input) : input, LIMITS);
	} catch (error) {
		if (!(error instanceof OptimizeError)) throw error;
		const [fault] = error.refusal.errors ?? [];
		return `${fault?.field}: ${fault?.message}`;
	}
	throw new Error('nothing was wrong');
}

test('JSON comes through', () => {
	const value = { jobs: [{ id: 1, description: '巡回 "1"\n', service: 1.5e3 }], none: null, yes: true, empty: [{}, [], ''] };
	expect(readJson(bytes(JSON.stringify(value, null, '\t')), LIMITS)).toEqual(value);
});

describe('what is wrong is told by field, line and column', () => {
	test.each([
		['', 'body: the text ends where a value is expected (line 1, column 1)'],
		['  ', 'body: the text ends where a value is expected (line 1, column 3)'],
		['jobs', 'body: jobs stands where a value is expected (line 1, column 1)'],
		['{"jobs":[{"id":1},\n{"id":2,"service":NaN}]}', 'jobs[1].service: NaN stands where a value is expected (line 2, column 19)'],
		['{"a":[1,-Infinity]}', 'a[1]: -Infinity stands where a value is expected (line 1, column 9)'],
		['{"a":[1,2', 'a[1]: the text ends where a comma, or the end of the list or object is expected (line 1, column 10)'],
		['{"a":{"b":', 'a.b: the text ends where a value is expected (line 1, column 11)'],
		['{"a":1,}', 'body: "}" stands where a key in quotes is expected (line 1, column 8)'],
		['[1,]', '[1]: "]" stands where a value is expected (line 1, column 4)'],
		['{"a":01}', 'a: 1 stands where a comma, or the end of the list or object is expected (line 1, column 7)'],
		["{'a':1}", 'body: "\'" stands where a key in quotes or } is expected (line 1, column 2)'],
		['{"a" 1}', 'a: 1 stands where a colon is expected (line 1, column 6)'],
		['{"a":"x\ny"}', 'a: the string is not closed, or holds what must be escaped (line 1, column 8)'],
		['{"a":"\\x"}', 'a: the string is not closed, or holds what must be escaped (line 1, column 7)'],
		['{"a":"never closed', 'a: the string is not closed, or holds what must be escaped (line 1, column 19)'],
		['{"a":1} {"b":2}', 'body: "{" stands where nothing more is expected (line 1, column 9)'],
		['[1}', '[0]: "}" stands where a comma, or the end of the list or object is expected (line 1, column 3)'],
		['{"my car":[undefined]}', '["my car"][0]: undefined stands where a value or ] is expected (line 1, column 12)'],
		['{"__proto__":{"x":+1}}', '__proto__.x: +1 stands where a value is expected (line 1, column 19)'],
	])('%j', (text, expected) => {
		expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
		expect(faultOf(text)).toBe(expected);
	});

	test('bytes that are not UTF-8, after a replacement character that was sent as one', () => {
		const before = bytes('{"jobs":[{"id":1,"description":"\uFFFD ok ');
		expect(faultOf(new Uint8Array([...before, 0xff, 0x22, 0x7d]))).toMatch(
			/^jobs\[0\]\.description: .*not UTF-8 \(line 1, column 38\)/,
		);
		expect(faultOf(new Uint8Array([...bytes('{"a":"'), 0xe5, 0xb7]))).toMatch(/^a: .*not UTF-8/);
	});

	test('length and width do not matter', () => {
		expect(faultOf(`{"${'k'.repeat(1_000_000)}":?}`).length).toBeLessThan(400);
		expect(faultOf(`{"a":"${'s'.repeat(2_000_000)}" oops}`)).toMatch(/^a: oops stands/);
		expect(faultOf(`[${'1,'.repeat(500_000)}x]`)).toMatch(/^\[500000\]: x stands/);
	});
});

describe('what would take the reader minutes and gigabytes is refused at sight', () => {
	test.each([
		['levels without end', '['.repeat(1_000_000), /^(\[0\])+.*: more than 100 objects and arrays, one within another/],
		['levels', `{"jobs":[{"a":${'{"b":'.repeat(99)}1${'}'.repeat(99)}}]}`, /^jobs\[0\]\.a\.b\.b.*: more than 100 objects/],
		['objects', `{"jobs":[${'{},'.repeat(160_000)}{}]}`, /^body: 160003 objects and arrays; at most 160000 are read/],
		['arrays', `[${'[0],'.repeat(160_000)}[0]]`, /^body: 160002 objects and arrays/],
		['keys', `{"a":[${'{"a":1,"a":2,"a":3,"a":4,"a":5},'.repeat(100_001)}0]}`, /^body: 500006 keys; at most 500000 are read/],
	])('%s', (_, text, expected) => {
		expect(faultOf(text)).toMatch(expected);
	});

	test('but not what stands in a text', () => {
		const description = `${'['.repeat(1000)}${'{"a\\":'.repeat(1000)}`;
		expect(readJson(bytes(JSON.stringify({ description })), LIMITS)).toEqual({ description });
	});
});
