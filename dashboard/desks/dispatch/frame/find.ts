/** Finding things by a few letters. Pure. */
export interface Found {
	/** Unique among all that can be found. */
	key: string;
	kind: 'van' | 'patient' | 'doctor' | 'place' | 'page' | 'action';
	label: string;
	/** What tells it from others of the same name. */
	detail: string;
	/** Other words by which it is known: readings, numbers, ids. */
	also?: readonly string[];
	/** Vans have one; whole digits find it first. */
	number?: string;
}

/** As many of a kind as are shown. A van's first two digits then always show it: itself or one of ten that begin so. */
export const shownOf: Readonly<Record<Found['kind'], number>> = { van: 12, patient: 6, doctor: 4, place: 5, page: 7, action: 6 };

/** Full width, capitals, and the two kana alike. */
export const plain = (text: string): string =>
	text
		.normalize('NFKC')
		.trim()
		.toLowerCase()
		.replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));

/** The number in a van's name or id: `12` of `12号車`. */
export const numberOf = (name: string): string | undefined => /\d+/.exec(name.normalize('NFKC'))?.[0];

/** How well it fits, 0 best; null when it does not. */
export function fit(found: Found, text: string): number | null {
	const wanted = plain(text);
	if (wanted === '') return 5;
	const { number } = found;
	const digits = /^\d+/.exec(wanted)?.[0];
	if (number !== undefined && digits === wanted) {
		if (number === wanted) return 0;
		if (number.startsWith(wanted)) return 1;
		return null;
	}
	const names = [found.label, ...(found.also ?? [])].map(plain);
	if (names.includes(wanted)) return 1;
	if (names.some((name) => name.startsWith(wanted) || name.split(/[\s　]/).some((part) => part.startsWith(wanted)))) return 2;
	if (names.some((name) => name.includes(wanted))) return 3;
	return plain(found.detail).includes(wanted) ? 4 : null;
}

const kinds = ['van', 'patient', 'doctor', 'place', 'page', 'action'] as const;

/** The best of each kind, kinds in a fixed order; without a text the pages, the actions and the first vans. */
export function find(all: readonly Found[], text: string): Found[] {
	const empty = plain(text) === '';
	const fitting = all.flatMap((found) => {
		const score = fit(found, text);
		return score === null ? [] : [{ found, score }];
	});
	return kinds.flatMap((kind) => {
		if (empty && (kind === 'patient' || kind === 'place')) return [];
		const most = empty && kind === 'van' ? 5 : shownOf[kind];
		return fitting
			.filter(({ found }) => found.kind === kind)
			.toSorted((a, b) => a.score - b.score || a.found.label.localeCompare(b.found.label, 'ja', { numeric: true }) || compare(a, b))
			.slice(0, most)
			.map(({ found }) => found);
	});
}

const compare = (a: { found: Found }, b: { found: Found }): number => a.found.key.localeCompare(b.found.key);
