/** Municipalities, settlements, facilities and narrow roads of the region, by their ids. */
import { useMemo } from 'react';
import type { CarePlace, Patient, VisitPlace } from '@junkai/contracts';
import type { Region } from '../../../shared/api/rest.ts';
import type { Language } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useRegion } from '../../../shared/map/use-region.ts';

export interface Named {
	id: string;
	name: string;
	/** As written in the language of the page. */
	text: string;
	kana: string | null;
	municipality: string | null;
	/** Public building of a settlement where a van can stand. */
	stop: string | null;
	location: readonly [number, number];
}

export interface RegionFacts {
	name: string;
	municipalities: ReadonlyMap<string, Named>;
	settlements: ReadonlyMap<string, Named>;
	facilities: ReadonlyMap<string, Named>;
	/** Stretches of road that not every vehicle passes; metres and tonnes. */
	limits: readonly { name: string; km: number; width: number | null; height: number | null; weight: number | null }[];
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function factsOf(region: Region, language: Language): RegionFacts {
	const facts = {
		name: region.name[language],
		municipalities: new Map<string, Named>(),
		settlements: new Map<string, Named>(),
		facilities: new Map<string, Named>(),
		limits: region.roads.features.flatMap(({ properties: p }) => {
			const [width, height, weight] = [number(p['maxWidth']), number(p['maxHeight']), number(p['maxWeight'])];
			if (width === null && height === null && weight === null) return [];
			return [{ name: text(p['name']) ?? text(p['ref']) ?? '', km: number(p['km']) ?? 0, width, height, weight }];
		}),
	};
	for (const { properties: p, geometry } of region.places.features) {
		const [lon, lat] = geometry.coordinates;
		const id = text(p['id']);
		const name = text(p['name']);
		if (id === null || name === null || typeof lon !== 'number' || typeof lat !== 'number') continue;
		const named: Named = {
			id,
			name,
			text: language === 'en' ? (text(p['romaji']) ?? name) : name,
			kana: text(p['kana']),
			municipality: text(p['municipality']),
			stop: text(p['stop']),
			location: [lon, lat],
		};
		const kind = p['kind'];
		if (kind === 'municipality') facts.municipalities.set(id, named);
		else if (kind === 'settlement') facts.settlements.set(id, named);
		else facts.facilities.set(id, named);
	}
	return facts;
}

const nothing: RegionFacts = { name: '', municipalities: new Map(), settlements: new Map(), facilities: new Map(), limits: [] };

/** Empty while the region is on its way; `failed` when it could not be had. */
export function useRegionFacts(): RegionFacts & { failed: boolean } {
	const { region } = useRegion();
	const { language } = useTexts();
	return useMemo(
		() => ({ ...(region === null || region === undefined ? nothing : factsOf(region, language)), failed: region === null }),
		[region, language],
	);
}

/** The settlement in which a visit is made, and whether it is its meeting place. */
export function placeOf(
	place: VisitPlace,
	patient: Patient | undefined,
	facts: RegionFacts,
): { settlement: Named | null; address: string; kind: VisitPlace['kind'] } {
	const at: CarePlace | null = place.kind === 'elsewhere' ? place.place : place.kind === 'home' ? (patient?.home ?? null) : null;
	const id = place.kind === 'stop' ? place.settlement : (at?.settlement ?? null);
	return { settlement: id === null ? null : (facts.settlements.get(id) ?? null), address: at?.address ?? '', kind: place.kind };
}
