/** Geometry that every adapter needs. */
import { distanceKm } from '@junkai/regions';
import type { Place, Waypoint } from './port.ts';

/** The point of some lines that is nearest to a place; null when all are farther than `limit` metres. */
export function locate(place: Place, lines: readonly (readonly Place[])[], limit: number): Waypoint | null {
	let best: Waypoint | null = null;
	for (const line of lines) {
		for (let i = 1; i < line.length; i++) {
			const at = nearestOnPiece(place, line[i - 1]!, line[i]!);
			const distance = distanceKm(place, at) * 1000;
			if (distance <= limit && distance < (best?.distance ?? Infinity)) best = { location: at, distance, name: '' };
		}
	}
	return best;
}

/** On a plane, which is exact enough over some kilometres. */
export function nearestOnPiece(point: Place, a: Place, b: Place): Place {
	const scale = Math.cos((point[1] * Math.PI) / 180);
	const [bx, by, px, py] = [(b[0] - a[0]) * scale, b[1] - a[1], (point[0] - a[0]) * scale, point[1] - a[1]];
	const t = Math.min(1, Math.max(0, (px * bx + py * by) / (bx * bx + by * by || 1)));
	return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
}

/** Lengths of a line's pieces, metres. */
export function pieces(line: readonly Place[]): number[] {
	return line.slice(1).map((point, i) => distanceKm(line[i]!, point) * 1000);
}

/** Google's polyline code, as OSRM and Valhalla write it; `precision` 5 or 6 decimals. */
export function decodePolyline(text: string, precision: 5 | 6): Place[] {
	const line: Place[] = [];
	const scale = 10 ** precision;
	let [at, lat, lon] = [0, 0, 0];
	const next = (): number => {
		let [bits, shift, byte] = [0, 0, 0];
		do {
			byte = text.charCodeAt(at++) - 63;
			bits += (byte & 0x1f) * 2 ** shift;
			shift += 5;
		} while (byte >= 0x20);
		return bits % 2 === 1 ? -(bits + 1) / 2 : bits / 2;
	};
	while (at < text.length) {
		lat += next();
		lon += next();
		line.push([lon / scale, lat / scale]);
	}
	return line;
}
