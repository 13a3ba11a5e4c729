/**
 * Hours that patients like, in a plan of several days. The planner knows one wished window for a job; for a job that may be on several
 * days it would be a wish for a day. So wishes are looked at when each visit has its day, which it then keeps.
 */
import type { PlanProblem, PlanSolution } from '@junkai/contracts';
import type { PlanningFrame } from './frame.ts';
import { wish } from './jobs.ts';

/** The problem with each planned visit of somebody who likes certain hours on its day, and the order that was found to begin with. */
export function withWishes(
	problem: PlanProblem,
	found: PlanSolution,
	{ visits, vehicles, dates, days }: PlanningFrame,
): PlanProblem {
	const likes = new Map(visits.flatMap((visit) => (visit.likes.length > 1 ? [[visit.id, visit] as const] : [])));
	const dateOf = new Map(vehicles.map(({ id, date }) => [id, date]));
	const routes = new Map((found.routes ?? []).map((route) => [route.vehicle, route.steps.filter(({ type }) => type === 'job')]));
	const placed = new Map([...routes].flatMap(([vehicle, steps]) => steps.map(({ id }) => [id!, dateOf.get(vehicle)!] as const)));
	return {
		...problem,
		jobs: (problem.jobs ?? []).map((job) => {
			const visit = likes.get(job.id);
			const date = placed.get(job.id);
			const at = visit?.dates.indexOf(date ?? '') ?? -1;
			if (!visit || date === undefined || at < 0) return job;
			const [from, until] = days[dates.indexOf(date)]!;
			const windows = job.time_windows?.filter(([begin]) => begin >= from && begin < until);
			return { ...job, preferred: wish(visit.likes[at]!), ...(windows && windows.length > 0 && { time_windows: windows }) };
		}),
		vehicles: problem.vehicles.map(({ steps: _steps, ...vehicle }) => {
			const order = routes.get(vehicle.id) ?? [];
			return order.length > 0 ? { ...vehicle, steps: order.map(({ id }) => ({ type: 'job' as const, id: id! })) } : vehicle;
		}),
	};
}

/** The figures without the price of wishes, so that they compare with those of the plan as it is asked for. */
export function withoutWishes(wished: PlanSolution, found: PlanSolution): PlanSolution {
	const { summary } = wished;
	if (!summary) return found;
	const { preferred = 0, ...costs } = summary.costs ?? {};
	return { ...wished, summary: { ...summary, cost: summary.cost - preferred, costs: { ...costs, preferred: 0 } } };
}
