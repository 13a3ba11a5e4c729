import type { RadioGap, Region } from './schema.ts';

/** Mobile signal at a place on the road. */
export type RadioState = 'good' | 'weak' | 'none';

/** Tells the signal at a place: road edge, and fraction (0 to 1) of its length in the edge's own direction. */
export type Coverage = (edge: string, fraction: number) => { state: RadioState; gap: RadioGap | null };

const covered = { state: 'good', gap: null } as const;

export function coverageOf(region: Region): Coverage {
	const parts = new Map<string, { from: number; to: number; gap: RadioGap }[]>();
	for (const gap of region.radioGaps) {
		for (const entry of gap.edges) {
			const part = typeof entry === 'string' ? { edge: entry, from: 0, to: 1 } : entry;
			const list = parts.get(part.edge) ?? [];
			list.push({ from: part.from, to: part.to, gap });
			parts.set(part.edge, list);
		}
	}
	return (edge, fraction) => {
		const hits = parts.get(edge)?.filter((part) => fraction >= part.from && fraction <= part.to);
		const worst = hits?.find((hit) => hit.gap.state === 'none') ?? hits?.[0];
		return worst ? { state: worst.gap.state, gap: worst.gap } : covered;
	};
}
