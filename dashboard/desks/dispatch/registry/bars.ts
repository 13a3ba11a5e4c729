/** Which roads a vehicle is too wide, too high or too heavy for. */
import type { T } from './record-words.ts';
import type { RegionFacts } from './region-facts.ts';

interface Size {
	width: number;
	height: number;
	weight: number;
}

export const barredBy = (size: Size, limits: RegionFacts['limits']): RegionFacts['limits'] =>
	limits.filter(
		({ width, height, weight }) =>
			size.width > (width ?? Infinity) || size.height > (height ?? Infinity) || size.weight > (weight ?? Infinity),
	);

const kilometres = (roads: RegionFacts['limits']): string => String(Math.round(roads.reduce((sum, { km }) => sum + km, 0)));

/** In a sentence, with the longest of them by name. */
export function barsText(t: T, size: Size, barred: RegionFacts['limits']): string {
	if (barred.length === 0) return t('registry.resources.barsNone');
	const byName = new Map<string, number>();
	for (const { name, km } of barred) if (name !== '') byName.set(name, (byName.get(name) ?? 0) + km);
	const names = [...byName].toSorted((a, b) => b[1] - a[1]).slice(0, 3);
	return t('registry.resources.barsLong', {
		width: size.width,
		count: barred.length,
		km: kilometres(barred),
		names: names.map(([name]) => name).join('、'),
	});
}

export const barsShort = (t: T, barred: RegionFacts['limits']): string =>
	barred.length === 0 ? t('registry.resources.barsNothing') : t('registry.resources.bars', { km: kilometres(barred) });
