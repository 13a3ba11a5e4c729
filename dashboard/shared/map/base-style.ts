/** Base map without any server of tiles or glyphs: coast from open data, all text drawn locally. */
import type { StyleSpecification } from 'maplibre-gl';
import coastUrl from '../../.generated/coast.json?url';
import type { Palette } from './palette.ts';

export function baseStyle(palette: Palette): StyleSpecification {
	return {
		version: 8,
		sources: { coast: { type: 'geojson', data: coastUrl, tolerance: 0.2, attribution: 'Natural Earth' } },
		layers: [
			{ id: 'sea', type: 'background', paint: { 'background-color': palette.sea } },
			{ id: 'land', type: 'fill', source: 'coast', paint: { 'fill-color': palette.land, 'fill-antialias': true } },
			{
				id: 'coast',
				type: 'line',
				source: 'coast',
				layout: { 'line-join': 'round' },
				// Natural Earth is coarse here: a soft shore claims no more than is known.
				paint: { 'line-color': palette.coast, 'line-width': ['interpolate', ['linear'], ['zoom'], 6, 0.8, 12, 5], 'line-blur': 2 },
			},
		],
	};
}
