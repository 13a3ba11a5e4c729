import type { RegionMap } from '@junkai/contracts';
import { partOfLine, type LonLat } from './geometry.ts';
import type { Region } from './schema.ts';

type Feature = RegionMap['roads']['features'][number];

/** The region as a map needs it. */
export function regionMap(region: Region): RegionMap {
	const lines = new Map(region.roads.map((road) => [road.id, road.line]));
	return {
		id: region.id,
		name: region.name,
		bounds: region.bounds,
		credits: [...new Set(region.licences.map((entry) => withLicence(entry.credit, entry.licence)))],
		roads: collection(
			region.roads.map((road) =>
				line(road.id, road.line, {
					id: road.id,
					ref: road.ref,
					name: road.name,
					class: road.class,
					narrow: road.narrow,
					// Metres and tonnes; null: no limit is known.
					maxWidth: road.maxWidth ?? (road.narrow ? (region.narrowMaxWidth ?? null) : null),
					maxHeight: road.maxHeight ?? null,
					maxWeight: road.maxWeight ?? null,
					// Which edge a tunnel lies on is not known, only the stretch: no line may claim to be the tunnel.
					tunnel: false,
					km: road.km,
				}),
			),
		),
		places: collection([
			...region.municipalities.map((m) =>
				point(m.id, m.hall, { kind: 'municipality', name: m.name, romaji: m.romaji, pop: m.population }),
			),
			...region.settlements.map((s) =>
				point(s.id, s, {
					kind: 'settlement',
					name: s.name,
					kana: s.kana ?? null,
					romaji: s.romaji ?? null,
					pop: s.population,
					municipality: s.municipality,
					stop: s.stop ?? null,
				}),
			),
			...region.facilities.map((f) =>
				point(f.id, f, {
					kind: f.kind.endsWith('hospital') ? 'hospital' : 'clinic',
					name: f.name,
					romaji: null,
					roles: f.roles,
					municipality: f.municipality,
				}),
			),
		]),
		radioGaps: collection(
			region.radioGaps.flatMap((gap) =>
				gap.edges.map((entry) => {
					const part = typeof entry === 'string' ? { edge: entry, from: 0, to: 1 } : entry;
					const whole = lines.get(part.edge) ?? [];
					return line(`${gap.id}:${part.edge}:${part.from}`, partOfLine(whole, part.from, part.to), {
						gap: gap.id,
						state: gap.state,
						name: gap.name.ja,
						nameEn: gap.name.en,
						edge: part.edge,
					});
				}),
			),
		),
	};
}

const withLicence = (credit: string, licence: string) => (licence.startsWith('free') ? credit : `${credit} (${licence})`);

const collection = (features: Feature[]): RegionMap['roads'] => ({ type: 'FeatureCollection', features });

function point(id: string, at: { lat: number; lon: number }, properties: Record<string, unknown>): Feature {
	return { type: 'Feature', id, properties: { id, ...properties }, geometry: { type: 'Point', coordinates: [at.lon, at.lat] } };
}

function line(id: string, coordinates: readonly LonLat[], properties: Record<string, unknown>): Feature {
	return { type: 'Feature', id, properties, geometry: { type: 'LineString', coordinates: [...coordinates] } };
}
