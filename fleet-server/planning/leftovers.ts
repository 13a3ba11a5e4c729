/**
 * Visits of a day under way that nobody was promised and that are not urgent. More visits go before fewer changes in the planner's
 * order of goals, so one more of these could turn the day of ten patients over. They are taken in when the others have their places, and
 * only where no promise changes.
 */
import type { PlanProblem, PlanSolution } from '@junkai/contracts';
import { TOLERANCE } from '../dispatch/costs.ts';
import type { PlanningFrame } from './frame.ts';
import { URGENCY } from './jobs.ts';

type Job = NonNullable<PlanProblem['jobs']>[number];

/** Numbers of the jobs that come last; none in a plan that is no mend. */
export function leftoversOf({ jobs = [] }: PlanProblem, { now, promised }: PlanningFrame): ReadonlySet<number> {
	if (now === null) return new Set();
	const promises = new Set(promised.map(({ visit }) => visit));
	return new Set(jobs.flatMap(({ id, priority = 0 }) => (promises.has(id) || priority >= URGENCY.urgent ? [] : [id])));
}

export function withoutLeftovers(problem: PlanProblem, leftovers: ReadonlySet<number>): PlanProblem {
	return {
		...problem,
		jobs: (problem.jobs ?? []).filter(({ id }) => !leftovers.has(id)),
		...(problem.series && { series: problem.series.filter(({ jobs }) => !jobs.some((id) => leftovers.has(id))) }),
	};
}

/** The whole problem with those who have a place bound to van, doctor and time. */
export function boundTo(problem: PlanProblem, found: PlanSolution): PlanProblem {
	const routes = new Map((found.routes ?? []).map((route) => [route.vehicle, route.steps.filter(({ type }) => type === 'job')]));
	const placed = new Map([...routes].flatMap(([vehicle, steps]) => steps.map((step) => [step.id!, { vehicle, step }] as const)));
	const bound = (job: Job): Job => {
		const place = placed.get(job.id);
		if (!place) return job;
		const begin = place.step.arrival + place.step.waiting_time;
		const promise = job.appointment?.start ?? begin;
		// As near to what was promised as it was found to be.
		const middle = Math.abs(begin - promise) <= TOLERANCE ? promise : begin;
		const windows = (job.time_windows ?? [[begin, begin]]).flatMap(([from, until]): [number, number][] => {
			const [a, b] = [Math.max(from, middle - TOLERANCE), Math.min(until, middle + TOLERANCE)];
			return a <= b ? [[a, b]] : [];
		});
		const doctor = place.step.consult?.doctor;
		return {
			...job,
			vehicles: [place.vehicle],
			time_windows: windows,
			...(job.consult && doctor !== undefined && { consult: { ...job.consult, doctors: [doctor] } }),
		};
	};
	return {
		...problem,
		jobs: (problem.jobs ?? []).map(bound),
		vehicles: problem.vehicles.map(({ steps: _steps, ...vehicle }) => {
			const order = routes.get(vehicle.id) ?? [];
			return order.length > 0 ? { ...vehicle, steps: order.map(({ id }) => ({ type: 'job' as const, id: id! })) } : vehicle;
		}),
	};
}
