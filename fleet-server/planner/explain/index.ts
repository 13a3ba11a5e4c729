/**
 * Why tasks are left out of a plan, and what would let them in. Each is put into every route at every place, with the other
 * routes as they are, by the exact rules of the checker; what is told is the rule that keeps it out where it comes nearest.
 */
import type { Blocking, PlanProblem, PlanSolution, UnassignedTask } from '@junkai/contracts';
import { type Facts, readFacts, spotOf, type Task } from '../check/facts.ts';
import type { Change } from './changes.ts';
import { seriesGap } from './series-gap.ts';
import { Doctors, type Obstacle, tryVariant, type Variant, type Wanted } from './trial.ts';
import { fittingDoctors, type PlanView, type VanPlan, viewPlan } from './view.ts';
import { swaps, variantsOf, withReload } from './variants.ts';

/** Why a unit is left out, with the change behind `nearest`. */
export interface Explanation {
	readonly reasons: readonly Blocking[];
	readonly nearest: Blocking | undefined;
	/** The change that `nearest` tells of (none: it fits as it is), and the route in which the unit fits then. */
	readonly change: Change | undefined;
	readonly variant: Variant | undefined;
}

/** After so many trials (about a second) the tasks that are left get only reasons that hold everywhere: memory and time are bounded. */
const MOST_TRIALS = 100_000;

/**
 * The tasks left out, each with `reasons` and, where a single change would do, `nearest`.
 * @param solution a right plan of the problem
 * @throws {PlannerError} `internal` when the plan cannot be read
 */
export function explainUnassigned(problem: PlanProblem, solution: PlanSolution): UnassignedTask[] {
	const explained = explainAll(problem, solution);
	return (solution.unassigned ?? []).map((task) => {
		const { reasons, nearest } = explained.get(`${task.type} ${task.id}`) ?? {};
		return { ...task, ...(reasons?.length ? { reasons: [...reasons] } : {}), ...(nearest ? { nearest } : {}) };
	});
}

/** By key of the task; both ends of a shipment have the same one. */
export function explainAll(problem: PlanProblem, solution: PlanSolution): Map<string, Explanation> {
	const facts = readFacts(problem);
	const view = viewPlan(facts, solution);
	const explained = new Map<string, Explanation>();
	for (const { type, id } of solution.unassigned ?? []) {
		const task = facts.tasks.get(`${type} ${id}`);
		if (!task || explained.has(task.key)) continue;
		const other = task.partner === undefined ? undefined : facts.tasks.get(task.partner);
		const unit = other ? (task.kind === 'pickup' ? [task, other] : [other, task]) : [task];
		const explanation = explainUnit(view, unit);
		for (const { key } of unit) explained.set(key, explanation);
	}
	return explained;
}

function explainUnit(view: PlanView, unit: readonly Task[]): Explanation {
	const [task] = unit;
	if (!task) return { reasons: [], nearest: undefined, change: undefined, variant: undefined };
	const nobody = nobodyCan(view.facts, unit);
	if (view.work.trials > MOST_TRIALS)
		return { reasons: nobody ? [nobody] : [], nearest: undefined, change: undefined, variant: undefined };
	const ways = view.vans.map((plan) => bestObstacles(view, plan, unit));
	const free = ways.findIndex((way) => 'stops' in way);
	const fits = ways[free];
	if (fits && 'stops' in fits) return fitting(view.vans[free], fits, unit);
	const all = ways.flatMap((way) => ('stops' in way ? [] : way));
	const nearest = least(all.filter((obstacle) => obstacle.change && obstacle.rules === 1));
	const reasons = nobody ? [nobody] : (everywhere(view, unit, nearest) ?? reasonsOf(ways));
	const priority = nobody ? undefined : heldBack(view, task, unit);
	return {
		reasons: priority ? [...reasons, priority] : reasons,
		nearest: nearest && { ...nearest.blocking, message: promise(nearest, unit) },
		change: nearest?.change,
		variant: nearest?.variant,
	};
}

/** One for each vehicle; the nearest of what keeps the unit out of it. */
function reasonsOf(ways: readonly (readonly Obstacle[] | Variant)[]): Blocking[] {
	return ways.flatMap((way) => {
		const nearest = 'stops' in way ? undefined : least(way);
		return nearest ? [nearest.blocking] : [];
	});
}

/** Fewest rules first, then the smallest change. */
function least(obstacles: readonly Obstacle[]): Obstacle | undefined {
	let best: Obstacle | undefined;
	for (const obstacle of obstacles) {
		if (!best || obstacle.rules < best.rules || (obstacle.rules === best.rules && obstacle.effort < best.effort)) best = obstacle;
	}
	return best;
}

/** For each rule the nearest obstacle in this van; a way to do it when nothing at all keeps the unit out. */
function bestObstacles(view: PlanView, plan: VanPlan, unit: readonly Task[]): Obstacle[] | Variant {
	const [task] = unit;
	if (!task) return [];
	const doctors = new Doctors(view, plan, task);
	const series = seriesGap(view, plan.van, task);
	const best = new Map<string, Obstacle>();
	const wanted: Wanted = (rule, rules, effort) => {
		const known = best.get(rule);
		return !known || rules < known.rules || (rules === known.rules && effort < known.effort);
	};
	const attempt = (variant: Variant): 'fits' | 'overloaded' | 'no' => {
		const verdict = tryVariant(view, plan, variant, doctors, series, wanted);
		if (verdict.fits) return 'fits';
		for (const obstacle of verdict.obstacles) {
			if (wanted(obstacle.blocking.rule, obstacle.rules, obstacle.effort)) best.set(obstacle.blocking.rule, obstacle);
		}
		return verdict.overloaded ? 'overloaded' : 'no';
	};
	for (const variant of variantsOf(plan, unit)) {
		const found = attempt(variant);
		if (found === 'fits') return variant;
		if (found === 'no') continue;
		for (const reloading of withReload(plan, variant)) if (attempt(reloading) === 'fits') return reloading;
	}
	return [...best.values()];
}

/** Rules that no vehicle and no plan can keep: said once. */
function nobodyCan(facts: Facts, unit: readonly Task[]): Blocking | undefined {
	const vans = [...facts.vans.values()];
	for (const task of unit) {
		const missing = task.skills.filter((skill) => !vans.some((van) => van.skills.has(skill)));
		if (missing.length > 0) return { rule: 'skills', message: `no vehicle has skill ${missing.join(', ')}` };
		if (!vans.some((van) => task.skills.every((skill) => van.skills.has(skill)))) {
			return { rule: 'skills', message: `no vehicle has all skills of ${task.key}: ${task.skills.join(', ')}` };
		}
		if (task.job?.vehicles && !task.job.vehicles.some((id) => facts.vans.has(id))) {
			return { rule: 'vehicles', message: `none of the vehicles allowed for ${task.key} is there` };
		}
		if (!task.consult) continue;
		if (fittingDoctors(facts, task).length === 0)
			return { rule: 'doctor_missing', message: `no doctor may hold the consult of ${task.key}` };
		const spots = [undefined, ...(task.job?.meeting_points ?? []).keys()].map((point) => spotOf(task, point));
		if (!spots.some((spot) => spot?.signal))
			return { rule: 'signal', message: `no signal for the consult of ${task.key}, nor at a meeting point` };
	}
	return undefined;
}

/** Even vehicles with nothing else to do cannot: the nearest of their reasons, without a vehicle. */
function everywhere(view: PlanView, unit: readonly Task[], nearest: Obstacle | undefined): Blocking[] | undefined {
	const alone = { ...view, bookings: new Map() };
	const found: Obstacle[] = [];
	for (const plan of view.vans) {
		if (plan.pinned > 0) return undefined;
		const keep = plan.stops.flatMap((stop, at) => (stop.kind === 'break' ? [at] : []));
		const pick = <T>(list: readonly T[]): T[] => keep.map((at) => list[at]).filter((item): item is T => item !== undefined);
		const empty: VanPlan = {
			...plan,
			stops: pick(plan.stops),
			windows: keep.map((at) => plan.windows[at]),
			consults: keep.map(() => undefined),
		};
		const obstacles = bestObstacles(alone, empty, unit);
		if ('stops' in obstacles) return undefined;
		found.push(...obstacles);
	}
	const clock: readonly string[] = ['time_window', 'vehicle_hours', 'doctor_hours', 'no_way'];
	const best = least(found);
	if (!best || !clock.includes(best.blocking.rule)) return undefined;
	const { vehicle: _, ...blocking } = nearest && nearest.effort <= best.effort ? nearest.blocking : best.blocking;
	return [{ ...blocking, message: `no vehicle could, even with nothing else to do; at the nearest: ${blocking.message}` }];
}

/** A job of higher or equal priority has the place that this one could have. */
function heldBack(view: PlanView, task: Task, unit: readonly Task[]): Blocking | undefined {
	if (unit.length > 1) return undefined;
	let best: { out: Task; vehicle: number } | undefined;
	for (const plan of view.vans) {
		const doctors = new Doctors(view, plan, task);
		const series = seriesGap(view, plan.van, task);
		for (const { out, variant } of swaps(plan, task)) {
			if (out.priority < task.priority || (best && out.priority >= best.out.priority)) continue;
			if (tryVariant(view, plan, variant, doctors, series, () => false).fits) best = { out, vehicle: plan.van.vehicle.id };
		}
	}
	if (!best) return undefined;
	const { out, vehicle } = best;
	const message = `vehicle ${vehicle} could take it in place of ${out.key}, whose priority ${out.priority} is not lower`;
	return { rule: 'priority', vehicle, message };
}

/** It fits as it is: the search has not found that, and the reader shall know. */
function fitting(plan: VanPlan | undefined, variant: Variant, unit: readonly Task[]): Explanation {
	const vehicle = plan?.van.vehicle.id;
	const names = unit.map(({ key }) => key).join(' and ');
	const message = `nothing keeps ${names} out: vehicle ${vehicle} could take it; more time for the search would show it`;
	const blocking: Blocking = { rule: 'priority', ...(vehicle === undefined ? {} : { vehicle }), message };
	return { reasons: [blocking], nearest: blocking, change: undefined, variant };
}

/** The change in words. */
function promise({ blocking, change }: Obstacle, unit: readonly Task[]): string {
	const vehicle = `vehicle ${blocking.vehicle}`;
	const more = (by: number) => `${Math.ceil(by / 60)} min`;
	switch (change?.kind) {
		case 'hours':
			return `${vehicle} could take it if it worked ${more(change.by)} longer`;
		case 'window':
			return `${vehicle} could take it if ${change.task} might begin ${more(change.by)} ${change.side}`;
		case 'break':
			return `${vehicle} could take it if its break ${change.break} might begin ${more(change.by)} later`;
		case 'doctor_hours':
			return `${vehicle} could take it if doctor ${change.doctor} ${change.side === 'later' ? 'stayed' : 'began'} ${more(change.by)} ${change.side === 'later' ? 'longer' : 'earlier'}`;
		case 'capacity':
			return `${vehicle} could take it if it could load ${change.over.join(', ')} more`;
		case 'break_load':
			return `${vehicle} could take it if ${change.over.join(', ')} more might be on board at break ${change.break}`;
		case 'limit':
			return `${vehicle} could take it if its ${change.name} were higher by ${blocking.by} ${blocking.unit}`;
		case 'skills':
			return `${vehicle} could take it if it had skill ${change.skills.join(', ')}`;
		case 'vehicles':
			return `${vehicle} could take it if it were allowed to`;
		case 'signal':
			return `${vehicle} could take it if there were a signal at ${change.point === undefined ? '' : `meeting point ${change.point} of `}${unit[0]?.key}`;
		case 'series':
			return `${vehicle} could take it if the gap of series ${change.series} were ${change.least} to ${change.most} days`;
		case undefined:
			return blocking.message;
	}
}
