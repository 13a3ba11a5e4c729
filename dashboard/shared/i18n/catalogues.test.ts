import { expect, test } from 'vitest';
import { absentReasons, eventCodes } from '@junkai/contracts';
import { attentionKinds } from '../../desks/dispatch/day/attention.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

const leaves = (node: object, path = ''): [string, string][] =>
	Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
		typeof value === 'object' && value !== null ? leaves(value, `${path}${key}.`) : [[path + key, String(value)]],
	);
const blanks = (text: string) =>
	[...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => String(m[1])).toSorted((a, b) => a.localeCompare(b));

test('both languages have the same keys', () => {
	expect(leaves(ja).map(([key]) => key)).toEqual(leaves(en).map(([key]) => key));
});

test('both languages have the same blanks to fill in, and no text is empty', () => {
	const english = new Map(leaves(en));
	for (const [key, text] of leaves(ja)) {
		expect(text.trim(), key).not.toBe('');
		expect(blanks(text), key).toEqual(blanks(english.get(key)!));
	}
});

test('every code of the contracts that is shown has its words', () => {
	expect(Object.keys(en.absent)).toEqual([...absentReasons]);
	expect(Object.keys(en.event)).toEqual([...eventCodes]);
	for (const kind of attentionKinds) expect(en.dispatch.attention).toHaveProperty(kind);
});
