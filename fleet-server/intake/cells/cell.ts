/** What reading a cell gives: a value, or what is wrong in a form that either language can say. */
import type { IntakeFaultKind } from '@junkai/contracts';

export type Read<T> =
	| {
			readonly ok: true;
			readonly value: T;
			/** How it was read, when that is not plain from what stands there: a person is to look at it. */
			readonly readAs?: string;
	  }
	| { readonly ok: false; readonly kind: IntakeFaultKind; readonly expected: string };

export const good = <T>(value: T, readAs?: string): Read<T> => ({ ok: true, value, ...(readAs !== undefined && { readAs }) });
export const bad = (kind: IntakeFaultKind, expected: string): Read<never> => ({ ok: false, kind, expected });

/** Digits, letters and signs of half width, katakana of full width, one kind of hyphen and wave; the text without spaces around it. */
export const plain = (text: string): string =>
	text
		.normalize('NFKC')
		.replaceAll(/[‐‑‒–—―−]/g, '-')
		.replaceAll(/[~〜∼～]/g, '~')
		.replaceAll(/\s+/g, ' ')
		.trim();

/** The same without any space. */
export const tight = (text: string): string => plain(text).replaceAll(' ', '');

/** Characters that stand where another one was lost, or a formula that failed. */
export const isGarbled = (text: string): boolean =>
	/\uFFFD|[?？]{2,}|^#(?:REF!|VALUE!|NAME\?|N\/A|DIV\/0!|NULL!|NUM!|####*)/u.test(text);
