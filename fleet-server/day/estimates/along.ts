/** How far along its planned way a van is, and how far beside it. */
import type { LonLat } from '@junkai/regions';

/** A line in the plane of its middle, km, with the way run at each corner. */
interface Plan {
	readonly xs: Float64Array;
	readonly ys: Float64Array;
	readonly run: Float64Array;
	readonly scale: number;
}

const KM_A_DEGREE = 111.195;
const plans = new WeakMap<readonly LonLat[], Plan>();

function planOf(line: readonly LonLat[]): Plan {
	const known = plans.get(line);
	if (known) return known;
	const scale = Math.cos((line[Math.floor(line.length / 2)]![1] * Math.PI) / 180);
	const xs = Float64Array.from(line, ([lon]) => lon * scale * KM_A_DEGREE);
	const ys = Float64Array.from(line, ([, lat]) => lat * KM_A_DEGREE);
	const run = new Float64Array(line.length);
	for (let i = 1; i < line.length; i++) run[i] = run[i - 1]! + Math.hypot(xs[i]! - xs[i - 1]!, ys[i]! - ys[i - 1]!);
	const plan = { xs, ys, run, scale };
	plans.set(line, plan);
	return plan;
}

export interface Along {
	/** Of the line's length, 0 to 1. */
	readonly share: number;
	/** Beside the line, km. */
	readonly km: number;
}

/** Two parts of a line that are equally near to within this, km, cannot be told apart by a position. */
const SAME_KM = 0.02;

/** The nearest point of a line; of several equally near, as at a hairpin or on a way that comes back, the first behind `from`. */
export function along(line: readonly LonLat[], [lon, lat]: LonLat, from = 0): Along {
	const { xs, ys, run, scale } = planOf(line);
	const [x, y] = [lon * scale * KM_A_DEGREE, lat * KM_A_DEGREE];
	const total = run.at(-1)!;
	const distances = new Float64Array(xs.length);
	const places = new Float64Array(xs.length);
	let [least, nearest] = [Infinity, 0];
	for (let i = 1; i < xs.length; i++) {
		const [ax, ay] = [xs[i - 1]!, ys[i - 1]!];
		const [dx, dy] = [xs[i]! - ax, ys[i]! - ay];
		const square = dx * dx + dy * dy;
		const t = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square));
		distances[i] = Math.hypot(x - ax - t * dx, y - ay - t * dy);
		places[i] = run[i - 1]! + t * (run[i]! - run[i - 1]!);
		if (distances[i]! < least) [least, nearest] = [distances[i]!, places[i]!];
	}
	if (total === 0) return { share: 1, km: least };
	const passed = from * total - SAME_KM;
	if (nearest >= passed) {
		// An earlier part of the line that is as near, still ahead of where the van was, is the likelier one.
		for (let i = 1; i < xs.length && places[i]! < nearest; i++) {
			if (places[i]! >= passed && distances[i]! <= least + SAME_KM) return { share: places[i]! / total, km: distances[i]! };
		}
		return { share: nearest / total, km: least };
	}
	for (let i = 1; i < xs.length; i++) {
		if (places[i]! >= passed && distances[i]! <= least + SAME_KM) return { share: places[i]! / total, km: distances[i]! };
	}
	return { share: nearest / total, km: least };
}
