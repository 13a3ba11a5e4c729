/** Problems for this room's tests and benches. */
import type { PlanProblemInput } from '@junkai/contracts';

/** Numbers that are the same everywhere for a seed (Park and Miller). */
function numbers(seed: number): () => number {
	let state = seed;
	return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Jobs scattered over a square of an hour's drive, with matrices; place 0 is the base. */
export function scattered({ jobs, vehicles, seed = 1 }: { jobs: number; vehicles: number; seed?: number }): PlanProblemInput {
	const random = numbers(seed);
	const places = Array.from({ length: jobs + 1 }, () => [random() * 3600, random() * 3600] as const);
	const durations = places.map(([x, y]) => places.map(([toX, toY]) => Math.round(Math.hypot(toX - x, toY - y))));
	return {
		vehicles: Array.from({ length: vehicles }, (_, at) => ({
			id: at + 1,
			start_index: 0,
			end_index: 0,
			time_window: [28_800, 61_200] as [number, number],
		})),
		jobs: Array.from({ length: jobs }, (_, at) => {
			const from = 28_800 + Math.floor(random() * 6) * 3600;
			return { id: at + 1, location_index: at + 1, service: 600, time_windows: [[from, from + 10_800]] as [number, number][] };
		}),
		matrices: { car: { durations } },
	};
}

/** Two jobs and a van, with whatever is to be different: the second job, the van, the whole. No search is needed for it. */
export const small = ({ job = {}, vehicle = {}, ...problem }: { job?: object; vehicle?: object; [key: string]: unknown } = {}) => ({
	vehicles: [{ id: 1, start_index: 0, end_index: 0, ...vehicle }],
	jobs: [
		{ id: 1, location_index: 1 },
		{ id: 2, location_index: 2, ...job },
	],
	matrices: matrixOf([0, 10, 20], [10, 0, 15], [20, 15, 0]),
	...problem,
});

/** Matrices of the one profile. */
export const matrixOf = (...durations: unknown[]) => ({ car: { durations } });
