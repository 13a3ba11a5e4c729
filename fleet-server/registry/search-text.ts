/** Words by which a patient is found, whatever way they are written. */
import type { PatientBody } from '@junkai/contracts';

/** Width, case, hiragana or katakana, spaces and hyphens make no difference. */
export function searchable(text: string): string {
	return text
		.normalize('NFKC')
		.toLowerCase()
		.replace(/[ぁ-ゖ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60))
		.replace(/[\s\-‐‑‒–—−ー・]/g, '');
}

/** Name, kana, address, phone and numbers; a part of one of them never runs over into the next. */
export function searchText({ name, kana, home, phone, identifiers, contact }: PatientBody): string {
	return [
		name.family + name.given,
		kana === null ? '' : kana.family + kana.given,
		home.address,
		phone ?? '',
		contact?.phone ?? '',
		...identifiers.map(({ value }) => value),
	]
		.filter((part) => part !== '')
		.map(searchable)
		.join('\n');
}
