/** Why visits found no place in a plan, with the figures for a sentence in either language. */
import { NO_WAY, type Blocking, type PlanSolution, type UnassignedReason } from '@junkai/contracts';
import type { Matrices } from '../dispatch/frame.ts';
import { withheldRules, type PlanningFrame, type PlanningVisit } from './frame.ts';
import { skillOf } from './jobs.ts';

export interface LeftOut {
	/** Under which day a visit that found no place is shown: the last on which it may be made. */
	readonly date: string;
	readonly rule: Blocking['rule'] | null;
	readonly reason: UnassignedReason;
}

/** One for each visit without a place. `solution` has the planner's explanations. */
export function reasonsOf(frame: PlanningFrame, solution: PlanSolution, matrices: Matrices): LeftOut[] {
	const explained = new Map((solution.unassigned ?? []).map((task) => [task.id, task]));
	const planned = new Set(
		(solution.routes ?? []).flatMap(({ steps }) => steps.flatMap((step) => (step.type === 'job' ? [step.id!] : []))),
	);
	return frame.visits.flatMap((visit): LeftOut[] => {
		if (planned.has(visit.id)) return [];
		const task = explained.get(visit.id);
		const blocking = weightiest(task?.reasons ?? []);
		const remedy = task?.nearest ?? null;
		const reason: UnassignedReason = {
			visit: visit.id,
			withheld: visit.withheld,
			blocking: inVans(frame, blocking),
			blockingVan: vanOf(frame, blocking),
			remedy: inVans(frame, remedy),
			remedyVan: vanOf(frame, remedy),
			equipment: [...visit.equipment],
			specialty: visit.specialty,
			nearest: visit.withheld === 'off-road' ? null : nearestVan(frame, visit, solution, matrices),
			before: visit.before === null ? null : visit.before * 1000,
		};
		const rule = visit.withheld ? withheldRules[visit.withheld] : (remedy?.rule ?? blocking?.rule ?? null);
		return [{ date: visit.dates.at(-1)!, rule, reason }];
	});
}

/** What holds everywhere; else the smallest that stands in the way of a van. */
function weightiest(reasons: readonly Blocking[]): Blocking | null {
	const everywhere = reasons.find(({ vehicle }) => vehicle === undefined);
	if (everywhere) return everywhere;
	let best: Blocking | null = null;
	for (const one of reasons) if (best === null || (one.by ?? Infinity) < (best.by ?? Infinity)) best = one;
	return best;
}

function vanOf({ vehicles }: PlanningFrame, blocking: Blocking | null): UnassignedReason['blockingVan'] {
	const van = vehicles.find(({ id }) => id === blocking?.vehicle);
	return van ? { vehicle: van.vehicle, date: van.date } : null;
}

/** The planner's words name vehicles by number; the reader knows vans. */
function inVans({ vehicles }: PlanningFrame, blocking: Blocking | null): Blocking | null {
	if (!blocking) return null;
	const names = new Map(vehicles.map(({ id, vehicle, date }) => [String(id), `${vehicle} on ${date}`]));
	const message = blocking.message
		.replaceAll(/\bvehicle (\d+)\b/g, (whole, id: string) => names.get(id) ?? whole)
		.replaceAll(/\bjob (\d+)\b/g, 'visit $1');
	return { ...blocking, message };
}

/** Of the vans that carry what the visit needs the one with the shortest way to it, from its base or any of its stops. */
function nearestVan(
	frame: PlanningFrame,
	visit: PlanningVisit,
	solution: PlanSolution,
	matrices: Matrices,
): UnassignedReason['nearest'] {
	const { problem, vehicles } = frame;
	const routes = new Map((solution.routes ?? []).map((route) => [route.vehicle, route]));
	const skills = visit.equipment.map(skillOf);
	let best: { id: number; seconds: number } | null = null;
	for (const van of problem.vehicles) {
		const { date } = vehicles.find(({ id }) => id === van.id)!;
		if (!visit.dates.includes(date) || skills.some((skill) => !van.skills?.includes(skill))) continue;
		const durations = matrices[van.profile!]?.durations;
		if (!durations) continue;
		const places = (routes.get(van.id)?.steps ?? []).flatMap(({ location_index: index }) => index ?? []);
		for (const from of [van.start_index!, ...places]) {
			const seconds = durations[from]?.[visit.spot] ?? NO_WAY;
			if (seconds < NO_WAY && (best === null || seconds < best.seconds)) best = { id: van.id, seconds };
		}
	}
	if (best === null) return null;
	const { vehicle, date } = vehicles.find(({ id }) => id === best.id)!;
	return { vehicle, date, minutes: Math.round(best.seconds / 6) / 10 };
}
