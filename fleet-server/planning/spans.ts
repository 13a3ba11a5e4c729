/** Spans of time: `[from, until)`, in order and apart when in a list. */
export type Span = readonly [from: number, until: number];

/** What is left of spans without others. */
export function without(spans: readonly Span[], taken: readonly Span[]): Span[] {
	let left = [...spans];
	for (const [from, until] of taken) {
		left = left.flatMap(([begin, end]): Span[] => {
			if (until <= begin || from >= end) return [[begin, end]];
			return [...(from > begin ? [[begin, from] as Span] : []), ...(until < end ? [[until, end] as Span] : [])];
		});
	}
	return left;
}

/** In order, those that touch made one. */
export function union(spans: readonly Span[]): Span[] {
	const merged: [number, number][] = [];
	for (const [from, until] of spans.toSorted((a, b) => a[0] - b[0])) {
		const last = merged.at(-1);
		if (last && from <= last[1]) last[1] = Math.max(last[1], until);
		else merged.push([from, until]);
	}
	return merged;
}

/** The parts that lie within a span. */
export const within = (spans: readonly Span[], [from, until]: Span): Span[] =>
	spans.flatMap(([begin, end]): Span[] =>
		Math.max(begin, from) < Math.min(end, until) ? [[Math.max(begin, from), Math.min(end, until)]] : [],
	);

export const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, [from, until]) => sum + until - from, 0);

/** The longest; the first of those alike. */
export function longest(spans: readonly Span[]): Span | null {
	let best: Span | null = null;
	for (const span of spans) if (best === null || span[1] - span[0] > best[1] - best[0]) best = span;
	return best;
}
