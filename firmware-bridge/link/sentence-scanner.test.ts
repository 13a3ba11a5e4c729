import { describe, expect, test } from 'vitest';
import { newCounters } from './counters.ts';
import { MAX_SENTENCE, SentenceScanner, type Sentence } from './sentence-scanner.ts';

function scan(...chunks: string[]) {
	const found: Sentence[] = [];
	const counters = newCounters();
	const scanner = new SentenceScanner(counters, (sentence) => found.push(sentence) > 0);
	for (const [i, chunk] of chunks.entries()) scanner.push(Buffer.from(chunk, 'latin1'), i);
	return { found, texts: found.map((s) => s.text), counters, scanner };
}

describe('SentenceScanner', () => {
	test('takes a sentence with its checksum in either case of letters', () => {
		const { found, counters } = scan('$GPGLL,,,,,,V,N*64\r\n$GPTXT,ha*6a\r\n$GPTXT,ha*6A\n$GPTXT,x*00\r\n');
		expect(found.map((s) => s.checked)).toEqual([true, true, true]);
		expect(counters.frames).toBe(3);
		expect(counters.badChecksums).toBe(1);
	});

	test('gives the arrival of the first byte', () => {
		expect(scan('\r\n', '$GPG', 'LL,,,,,,V,N*6', '4\r', '\n').found).toEqual([{ text: 'GPGLL,,,,,,V,N', checked: true, at: 1 }]);
	});

	test('a sentence that lost its end does not take the next one with it', () => {
		const { texts, counters } = scan('$GPGSV,4,1,13,01,53,280,36,03$GPGLL,,,,,,V,N*64\r\n');
		expect(texts).toEqual(['GPGLL,,,,,,V,N']);
		expect(counters.discardedBytes).toBe(29);
	});

	test('what its taker does not know and has no checksum is noise', () => {
		const counters = newCounters();
		new SentenceScanner(counters, () => false).push(Buffer.from('$x\r\n$GPTXT*00\r\n$GPGLL,,,,,,V,N*64\r\n'), 0);
		expect(counters).toMatchObject({ frames: 1, badChecksums: 1, discardedBytes: 2 + 9 });
	});

	test('two whole sentences without a line end between them are both read', () => {
		expect(scan('$GPGLL,,,,,,V,N*64$GPGLL,,,,,,V,N*64\r\n').texts).toHaveLength(2);
	});

	test('without a checksum, only a line end shows that a sentence is whole', () => {
		expect(scan('$GPGLL,,,,,,V,N\r\n').found).toMatchObject([{ text: 'GPGLL,,,,,,V,N', checked: false }]);
		expect(scan('$GPGLL,,,,,,V,N$').texts).toEqual([]);
	});

	test('a binary protocol between sentences is skipped, also when it has a dollar sign in it', () => {
		const { texts } = scan('\xb5\x62\x01$\x00\xff\x0d\x24$GPGLL,,,,,,V,N*64\r\n\xa0\xa2$GP\x80$GPGLL,,,,,,V,N*64\r\n');
		expect(texts).toHaveLength(2);
	});

	test('overlong sentences are read, endless ones are given up', () => {
		const long = `GPTXT,${'x'.repeat(500)}`;
		const sum = Array.from(long).reduce((value, c) => value ^ c.charCodeAt(0), 0);
		const whole = `$${long}*${sum.toString(16).padStart(2, '0')}\r\n`;
		const { texts, counters } = scan(whole, `$${'A'.repeat(1_000_000)}`, whole);
		expect(texts).toEqual([long, long]);
		expect(counters.discardedBytes).toBeGreaterThan(1_000_000 - MAX_SENTENCE);
	});

	test('the last sentence of a file needs no line end', () => {
		const { found, scanner } = scan('$GPGLL,,,,,,V,N*64');
		expect(found).toHaveLength(0);
		scanner.flush();
		expect(found).toHaveLength(1);
	});
});
