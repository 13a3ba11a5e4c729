/** Brings a map's source of points to a new list by telling its worker only what changed. */
import type { GeoJSONFeatureDiff, GeoJSONSourceDiff } from 'maplibre-gl';

type Values = Readonly<Record<string, string | number | boolean | null>>;

export interface DiffPoint<P extends Values> {
	/** MapLibre wants numbers as ids of features that change. */
	number: number;
	lon: number;
	lat: number;
	properties: P;
}

const feature = <P extends Values>({ number, lon, lat, properties }: DiffPoint<P>): GeoJSON.Feature => ({
	type: 'Feature',
	id: number,
	properties,
	geometry: { type: 'Point', coordinates: [lon, lat] },
});

function change<P extends Values>(before: DiffPoint<P>, after: DiffPoint<P>): GeoJSONFeatureDiff | null {
	const moved = before.lon !== after.lon || before.lat !== after.lat;
	const changed = Object.keys(after.properties).filter((key) => before.properties[key] !== after.properties[key]);
	if (!moved && changed.length === 0) return null;
	return {
		id: after.number,
		...(moved && { newGeometry: { type: 'Point', coordinates: [after.lon, after.lat] } }),
		...(changed.length > 0 && { addOrUpdateProperties: changed.map((key) => ({ key, value: after.properties[key] })) }),
	};
}

/** Null when nothing is different. */
export function pointDiff<P extends Values>(
	before: ReadonlyMap<number, DiffPoint<P>>,
	after: ReadonlyMap<number, DiffPoint<P>>,
): GeoJSONSourceDiff | null {
	const add: GeoJSON.Feature[] = [];
	const update: GeoJSONFeatureDiff[] = [];
	const remove: number[] = [];
	for (const [number, point] of after) {
		const known = before.get(number);
		if (known === undefined) add.push(feature(point));
		else if (known !== point) {
			const found = change(known, point);
			if (found !== null) update.push(found);
		}
	}
	for (const number of before.keys()) if (!after.has(number)) remove.push(number);
	return add.length + update.length + remove.length === 0 ? null : { add, update, remove };
}
