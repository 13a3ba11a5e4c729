/** An address taken apart: what names a settlement, and where numbers, buildings and notes begin. */
import { foldKana, foldLatin, foldName, hasKanji } from './fold.ts';

export interface AddressParts {
	/** Everything before the numbers, folded; separators are gone. */
	readonly name: string;
	/** Places in `name` before which a separator, 字 or 大字 stood. */
	readonly breaks: ReadonlySet<number>;
	/** The same as a reading; empty when there are kanji in it. */
	readonly kana: string;
	/** Words in Latin letters, folded; empty when there is Japanese in the address. */
	readonly latin: readonly string[];
}

const NUMERAL = '〇一二三四五六七八九十百千';
/** Where lot numbers begin: digits, or 十二番地, 三丁目. */
const NUMBERS = new RegExp(`[0-9]|[${NUMERAL}]+(?:番|丁目|号|の[${NUMERAL}])|無?番外?地|番外`);

export function partsOf(address: string): AddressParts {
	const plain = address
		.normalize('NFKC')
		.replace(/^\s*〒?\s*\d{3}-?\d{4}(?!\d)/, '')
		// Notes such as (旧本宮町) stand beside the address.
		.replaceAll(/[(（[【〔][^)）\]】〕]*[)）\]】〕]/g, ' ')
		.trim();
	const latin = /[a-z]/i.test(plain) && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(plain);
	if (latin) return { name: '', breaks: new Set(), kana: '', latin: latinWords(plain) };
	const at = NUMBERS.exec(plain)?.index ?? plain.length;
	const named = at === 0 ? '' : plain.slice(0, at);
	const pieces = named
		.replaceAll(/(?:大字|小字|字|(?<![\p{Script=Hiragana}])おおあざ|あざ(?=[\p{Script=Hiragana}]))/gu, ' ')
		.split(/[\s、。,.・/]+/u)
		.map((piece) => foldName(piece))
		.filter((piece) => piece !== '');
	const breaks = new Set<number>();
	// Folding again as one text lets 々 and の at the seams be what they are.
	let name = '';
	for (const piece of pieces) {
		if (name !== '') breaks.add(name.length);
		name += piece;
	}
	return { name, breaks, kana: hasKanji(name) ? '' : foldKana(name), latin: [] };
}

const latinWords = (text: string): string[] =>
	text
		.split(/[\s,]+/)
		.filter((word) => !/\d/.test(word))
		.map(foldLatin)
		.filter(
			(word) =>
				word !== '' && !['wakayama', 'wakayamaken', 'prefecture', 'pref', 'japan', 'gun', 'city', 'town', 'village'].includes(word),
		);
