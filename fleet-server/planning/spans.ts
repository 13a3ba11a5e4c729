/** Spans of time: `[from, to)`, in order and apart when in a list. What joins and takes away is in `registry/calendar.ts`. */
import type { Span } from '../registry/calendar.ts';

export type { Span };

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
