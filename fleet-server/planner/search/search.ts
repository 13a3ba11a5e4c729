/**
 * What every search in this folder offers, so that the islands (`../threads`) can run, exchange and stop any of them.
 * A search is single-threaded and deterministic: the same problem, seed and number of steps give the same plan; time only
 * decides how many steps there are.
 */

/** Routes as a search knows them: one array a vehicle (index of the vehicle in the compiled problem), of node or task numbers. */
export type Routes = readonly (readonly number[])[];

/**
 * What a plan is worth: compared from left to right, smaller is better. VROOM's order of goals: priority that is left out,
 * tasks that are left out, cost (integer units of the compiled problem).
 */
export type Score = readonly [priorityLeftOut: number, tasksLeftOut: number, cost: number];

/** Negative when `a` is the better plan. */
export function compareScores(a: Score, b: Score): number {
	return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** A feasible plan and what it is worth. */
export interface Found {
	readonly score: Score;
	readonly routes: Routes;
}

export interface Search {
	/** The best feasible plan so far; never worse than the start that was given. */
	readonly best: Found;
	/** Steps done since the start; the unit is the search's own, monotone. */
	readonly steps: number;
	/** Whether nothing better can be found: the problem is trivial. */
	readonly finished?: boolean;
	/**
	 * Goes on until about `deadline` (milliseconds of `performance.now()`), looked at often enough that it is overrun by at
	 * most 20 ms, or until `maxSteps` in total. `progress` in 0..1 tells how much of the whole budget is used, for cooling; it
	 * is a function of steps when `maxSteps` is finite.
	 */
	run(budget: Budget): void;
	/** Takes a feasible plan found elsewhere; a worse or equal one may be used or ignored. */
	adopt(found: Found): void;
}

export interface Budget {
	/** When this call returns at the latest. */
	readonly deadline: number;
	/** When the whole search began and will end, same clock; for cooling. */
	readonly begin: number;
	readonly end: number;
	/** Total steps after which the search stops by itself; `Infinity` when only time counts. */
	readonly maxSteps: number;
}
