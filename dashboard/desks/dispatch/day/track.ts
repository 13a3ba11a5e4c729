/** The way a van has come: fixes in order of time, cut into lines that claim no more than was measured. */
import type { PositionRecord } from '@junkai/contracts';
import { distance } from '../../../shared/map/nearest-place.ts';

export interface TrackPart {
	/** It came late: the van had no link when it was there. */
	late: boolean;
	points: [number, number][];
}

interface Point {
	key: string;
	time: number;
	lon: number;
	lat: number;
	late: boolean;
}

export const trackLength = 3_600_000;
/** Between fixes further apart than this nobody knows the way, ms. */
const longestStep = 30_000;
/** Faster than this no van drives, m/s: the receiver or the van's clock has leapt, and nobody knows the way. */
const fastest = 80;
/** Fixes nearer than this add nothing to a line, m. */
const shortestStep = 6;

function joins(a: Point, b: Point): boolean {
	const elapsed = b.time - a.time;
	if (elapsed > longestStep) return false;
	return distance(a.lon, a.lat, b.lon, b.lat) <= Math.max(50, (elapsed / 1000) * fastest);
}

export class Track {
	private points: Point[] = [];
	private keys = new Set<string>();

	/** @returns whether the point was new and had a place. */
	add(record: PositionRecord, epoch: string, historical: boolean): boolean {
		const key = `${epoch}/${record.seq}`;
		if (record.lat === undefined || record.lon === undefined || this.keys.has(key)) return false;
		this.keys.add(key);
		const point = { key, time: record.time, lon: record.lon, lat: record.lat, late: historical };
		let at = this.points.length;
		while (at > 0 && this.points[at - 1]!.time > point.time) at--;
		if (at === this.points.length) this.points.push(point);
		else this.points.splice(at, 0, point);
		return true;
	}

	/** Forgets what is older than an hour and returns the lines. */
	parts(now: number): TrackPart[] {
		const first = this.points.findIndex((p) => p.time >= now - trackLength);
		const old = first < 0 ? this.points.length : first;
		for (const { key } of this.points.splice(0, old)) this.keys.delete(key);
		const parts: TrackPart[] = [];
		let open: TrackPart | null = null;
		let last: Point | null = null;
		let drawn: Point | null = null;
		for (const point of this.points) {
			const broken: boolean = last === null || !joins(last, point);
			if (open === null || broken || open.late !== point.late) {
				// A line that only changes its kind goes on from where the other ended.
				if (open !== null && last !== null && last !== drawn) open.points.push([last.lon, last.lat]);
				open = { late: point.late, points: broken || last === null ? [] : [[last.lon, last.lat]] };
				parts.push(open);
				drawn = null;
			}
			if (drawn === null || distance(drawn.lon, drawn.lat, point.lon, point.lat) >= shortestStep) {
				open.points.push([point.lon, point.lat]);
				drawn = point;
			}
			last = point;
		}
		if (open !== null && last !== null && last !== drawn) open.points.push([last.lon, last.lat]);
		return parts.filter((part) => part.points.length > 1);
	}
}
