/** Whether a job fits at one place of one route, and what keeps it out there. */
import type { Blocking, PlanProblem, PlanSolution } from '@junkai/contracts';
import { readFacts } from '../check/facts.ts';
import type { Stop } from '../check/simulate.ts';
import { PlannerError } from '../errors.ts';
import { seriesGap } from './series-gap.ts';
import { Doctors, type Obstacle, tryVariant, type Variant } from './trial.ts';
import { variantsOf } from './variants.ts';
import { viewPlan } from './view.ts';

export interface Placement {
	/** Left out of `solution`. */
	readonly job: number;
	readonly vehicle: number;
	/** Directly before this job of the route, or after its last one; breaks may stand in between. */
	readonly before: number | null;
}

/**
 * What keeps a job out of a place in the order of a route, with all other routes as they are: one blocking for each rule that is
 * broken where the fewest are; empty when it fits.
 * @throws {PlannerError} `input` when job, vehicle or `before` are not in the plan as said
 */
export function blockingsAt(problem: PlanProblem, solution: PlanSolution, { job, vehicle, before }: Placement): Blocking[] {
	const facts = readFacts(problem);
	const view = viewPlan(facts, solution);
	const task = facts.tasks.get(`job ${job}`);
	const plan = view.vans.find(({ van }) => van.vehicle.id === vehicle);
	if (!task || !plan) throw new PlannerError('input', `there is no ${task ? `vehicle ${vehicle}` : `job ${job}`}`);
	const isBefore = (stop: Stop): boolean => stop.kind === 'task' && stop.task.kind === 'job' && stop.task.id === before;
	if (before !== null && !plan.stops.some(isBefore))
		throw new PlannerError('input', `job ${before} is not in the route of vehicle ${vehicle}`);
	const doctors = new Doctors(view, plan, task);
	const series = seriesGap(view, plan.van, task);
	let best: readonly Obstacle[] | undefined;
	for (const variant of variantsOf(plan, [task])) {
		if (!standsBefore(variant, isBefore, before)) continue;
		const verdict = tryVariant(view, plan, variant, doctors, series, () => true);
		if (verdict.fits) return [];
		if (!best || effort(verdict.obstacles) < effort(best)) best = verdict.obstacles;
	}
	if (!best) throw new PlannerError('input', `the stops of vehicle ${vehicle} up to there are pinned`);
	return best.map(({ blocking }) => blocking);
}

/** Rules first, then how far off the nearest is. */
const effort = (obstacles: readonly Obstacle[]): number =>
	obstacles.length === 0 ? Infinity : Math.min(...obstacles.map(({ rules, effort: own }) => rules * 1e12 + Math.min(own, 1e11)));

/** Whether the next job after the new stop is the wanted one. */
function standsBefore({ stops, own }: Variant, isBefore: (stop: Stop) => boolean, before: number | null): boolean {
	const next = stops.slice((own[0] ?? 0) + 1).find((stop) => stop.kind === 'task');
	return before === null ? next === undefined : next !== undefined && isBefore(next);
}
