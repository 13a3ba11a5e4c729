/** A place as GeoJSON has it: longitude, latitude; degrees, WGS 84. */
export type LonLat = readonly [lon: number, lat: number];

const radiusKm = 6371.0088;
const radians = Math.PI / 180;

/** Great-circle distance, km. */
export function distanceKm(a: LonLat, b: LonLat): number {
	const lat = Math.sin(((b[1] - a[1]) * radians) / 2);
	const lon = Math.sin(((b[0] - a[0]) * radians) / 2);
	return 2 * radiusKm * Math.asin(Math.sqrt(lat * lat + Math.cos(a[1] * radians) * Math.cos(b[1] * radians) * lon * lon));
}

/** Course from a to b, degrees from true north, 0 to below 360. */
export function course(a: LonLat, b: LonLat): number {
	const dLon = (b[0] - a[0]) * radians;
	const [from, to] = [a[1] * radians, b[1] * radians];
	const y = Math.sin(dLon) * Math.cos(to);
	const x = Math.cos(from) * Math.sin(to) - Math.sin(from) * Math.cos(to) * Math.cos(dLon);
	return (Math.atan2(y, x) / radians + 360) % 360;
}

/** Length of a line as drawn, km. */
export function lineKm(line: readonly LonLat[]): number {
	let sum = 0;
	for (let i = 1; i < line.length; i++) sum += distanceKm(line[i - 1]!, line[i]!);
	return sum;
}

/** The point at a fraction (0 to 1) of a line's length, and the course of the line there. */
export function pointAlong(line: readonly LonLat[], fraction: number): { point: LonLat; course: number } {
	let rest = lineKm(line) * Math.min(1, Math.max(0, fraction));
	for (let i = 1; i < line.length; i++) {
		const [a, b] = [line[i - 1]!, line[i]!];
		const length = distanceKm(a, b);
		if ((rest <= length && length > 0) || i === line.length - 1) {
			const t = length > 0 ? Math.min(1, rest / length) : 0;
			return { point: [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t], course: course(a, b) };
		}
		rest -= length;
	}
	return { point: line[0] ?? [0, 0], course: 0 };
}

/** The part of a line between two fractions of its length. */
export function partOfLine(line: readonly LonLat[], from: number, to: number): LonLat[] {
	const total = lineKm(line);
	const inner: LonLat[] = [];
	let run = 0;
	for (let i = 1; i < line.length; i++) {
		run += distanceKm(line[i - 1]!, line[i]!);
		if (i < line.length - 1 && run > from * total && run < to * total) inner.push(line[i]!);
	}
	return [pointAlong(line, from).point, ...inner, pointAlong(line, to).point];
}
