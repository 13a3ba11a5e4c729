/** Who somebody is: names, readings, telephone, age. */
import type { PersonName } from '@junkai/contracts';
import { bad, good, isGarbled, plain, tight, type Read } from './cell.ts';

/**
 * Family names of one and of three letters that are common here. Where no space parts a name, two letters are taken for the family
 * unless one of these says otherwise; a person is asked to look in any case.
 */
const SHORT = new Set('林森原辻東西南北堀谷岡浜畑榎楠泉関菅柳島星牧乾橘桂梶杉栗滝峯峰秦丸角平宮芝峠玉前庄塩幸城湊沖奥坂脇栄片');
const LONG = new Set(
	'佐々木 長谷川 五十嵐 久保田 大久保 小笠原 佐久間 宇都宮 長谷部 波多野 曽我部 小松原 東海林 宇治田 小野田 大河内 木ノ下 井ノ上 和佐田 御前崎 瓜生田 三ツ村 小谷口 久保井 榎本田'.split(
		' ',
	),
);
const NAME_EXAMPLE = '山本 花子';
const KANA_EXAMPLE = 'ヤマモト ハナコ';

/** Family name and given name. Titles such as 様 are not part of it. */
export function readName(text: string): Read<PersonName> {
	if (isGarbled(text)) return bad('garbled', NAME_EXAMPLE);
	const cell = plain(text).replace(/\s*(?:様|さん|殿|氏)$/, '');
	// Two people in a cell are not one.
	if (/[0-9@]|[、/]/.test(cell)) return bad('garbled', NAME_EXAMPLE);
	const parts = cell.split(/[ ・]/).filter((part) => part !== '');
	if (parts.length === 2) return sized({ family: parts[0]!, given: parts[1]! });
	// Names of other countries: the family comes first in these lists.
	if (parts.length > 2) return sized({ family: parts[0]!, given: parts.slice(1).join(' ') });
	const letters = Array.from(cell);
	if (letters.length < 2) return bad('missing', NAME_EXAMPLE);
	const count = familyLetters(letters);
	const name = { family: letters.slice(0, count).join(''), given: letters.slice(count).join('') };
	return good(name, `${name.family} ${name.given}`);
}

function familyLetters(letters: readonly string[]): number {
	if (letters.length > 3 && LONG.has(letters.slice(0, 3).join(''))) return 3;
	if (letters.length === 2 || (letters.length === 3 && SHORT.has(letters[0]!))) return 1;
	return 2;
}

const sized = (name: PersonName): Read<PersonName> =>
	name.family.length > 60 || name.given.length > 60 ? bad('too-long', NAME_EXAMPLE) : good(name);

const toKatakana = (text: string): string =>
	text.replaceAll(/[ぁ-ゖ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60));

/** A reading in katakana; null where it cannot be parted into family and given name. */
export function readKana(text: string): Read<PersonName | null> {
	if (isGarbled(text)) return bad('garbled', KANA_EXAMPLE);
	const cell = toKatakana(plain(text)).replace(/ー?(?:サマ|様)$/, '');
	if (!/^[ァ-ヶー・ ]+$/.test(cell)) return bad('unknown-word', KANA_EXAMPLE);
	const parts = cell.split(/[ ・]/).filter((part) => part !== '');
	if (parts.length === 0) return bad('missing', KANA_EXAMPLE);
	if (parts.length === 1) return good(null, parts[0]);
	const kana = { family: parts[0]!, given: parts.slice(1).join(' ') };
	return kana.family.length > 60 || kana.given.length > 60 ? bad('too-long', KANA_EXAMPLE) : good(kana);
}

/** A reading as one text, by which the same person is known again. */
export const kanaKey = (text: string): string => toKatakana(tight(text)).replaceAll(/[^ァ-ヶー]/g, '');

const PHONE_EXAMPLE = '0735-21-0000';

export function readPhone(text: string): Read<string> {
	const cell = tight(text)
		.replace(/^(?:tel|電話|携帯|自宅)[.:]?/i, '')
		.replaceAll(/[()（）]/g, '-')
		.replaceAll(/[.・ー]/g, '-')
		.replaceAll(/-+/g, '-')
		.replaceAll(/^-|-$/g, '');
	if (!/^\+?[\d-]+$/.test(cell)) return bad('not-a-phone', PHONE_EXAMPLE);
	const digits = cell.replaceAll(/\D/g, '');
	if (cell.startsWith('+'))
		return /^81\d{9,10}$/.test(digits) || digits.length >= 8 ? good(cell) : bad('not-a-phone', PHONE_EXAMPLE);
	if (/^0\d{9}$/.test(digits) || /^0[5-9]0\d{8}$/.test(digits)) return good(cell);
	// A spreadsheet that took it for a number has lost the nought in front.
	if (/^[1-9]\d{8}$/.test(digits) || /^[5-9]0\d{8}$/.test(digits)) return good(`0${cell}`, `0${cell}`);
	return bad('not-a-phone', PHONE_EXAMPLE);
}

export function readAge(text: string): Read<number> {
	const age = /^(?:満)?(\d{1,3})[歳才]?$/.exec(tight(text));
	if (age === null) return bad('not-a-number', '84, 84歳');
	return Number(age[1]) > 120 ? bad('out-of-range', '0~120') : good(Number(age[1]));
}
