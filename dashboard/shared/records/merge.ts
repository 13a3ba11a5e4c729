/** Two versions of a draft against the one that both began with. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What differs, key by key. */
export const changedKeys = <D extends object>(before: D, after: D): (keyof D & string)[] =>
	(Object.keys(before) as (keyof D & string)[]).filter((key) => !same(before[key], after[key]));

/** Mine, but with theirs where I have touched nothing. */
export function mergedDraft<D extends object>(base: D, mine: D, theirs: D): D {
	const merged = { ...theirs };
	for (const key of changedKeys(base, mine)) merged[key] = mine[key];
	return merged;
}

/** What they have changed, and which of it I have changed otherwise. */
export function theirChanges<D extends object>(
	base: D,
	mine: D,
	theirs: D,
): { changed: (keyof D & string)[]; both: (keyof D & string)[] } {
	const changed = changedKeys(base, theirs);
	const touched = new Set(changedKeys(base, mine));
	return { changed, both: changed.filter((key) => touched.has(key) && !same(mine[key], theirs[key])) };
}
