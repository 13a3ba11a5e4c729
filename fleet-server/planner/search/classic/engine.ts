/** What the ways of searching have in common: small portions of work, and the best plan so far. */
import type { Routes } from '../search.ts';
import type { Individual } from './population.ts';
import type { RuinRecreate } from './ruin-recreate.ts';

export interface Plan {
	readonly cost: number;
	readonly leftOut: number;
	readonly routes: Routes;
}

export interface Engine {
	/**
	 * Works for some milliseconds at most and returns the steps done, about `limit` at most. `progress` in 0..1 tells how much of
	 * the whole budget is used.
	 */
	work(limit: number, progress: number): number;
	/** Another object as soon as there is a better plan. */
	readonly best: Plan;
	/** Takes over what is good in a plan found elsewhere. */
	adopt(routes: Routes): void;
}

/** Steps of ruin and recreate done at once: about a millisecond. */
export const ANNEAL_CHUNK = 50;
/** Steps that breeding one child counts as; it takes about as long. */
export const CHILD_STEPS = 150;

export const isBetter = (a: { cost: number; leftOut: number }, b: Plan): boolean =>
	a.leftOut < b.leftOut || (a.leftOut === b.leftOut && a.cost < b.cost);

/** The better of a plan and the best that ruin and recreate has come across. */
export function betterOfRuin(best: Plan, ruin: RuinRecreate): Plan {
	const found = { cost: ruin.bestCost, leftOut: ruin.bestLeftOut };
	return isBetter(found, best) ? { ...found, routes: ruin.bestRoutes() } : best;
}

/** The child's plan when it is feasible and better than `best`, else `best`. */
export function betterOfChild(best: Plan, child: Individual | undefined): Plan {
	if (child === undefined || child.warp > 0 || child.excess > 0) return best;
	return isBetter({ cost: child.cost, leftOut: 0 }, best) ? { cost: child.cost, leftOut: 0, routes: child.routes } : best;
}

/** Temperature on a geometric way from `hot` to `cold`, in units of the plan's mean arc. */
export const temperature = (meanArc: number, hot: number, cold: number, progress: number): number =>
	meanArc * hot * (cold / hot) ** progress;
