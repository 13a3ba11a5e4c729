/** What jobs left out cost a municipality. */
import type { PlanProblem } from '@junkai/contracts';

/** Per group: weight × (jobs left out)² / need, rounded. @param left ids of the jobs left out */
export function fairnessCost({ fairness, jobs }: Pick<PlanProblem, 'fairness' | 'jobs'>, left: ReadonlySet<number>): number {
	if (!fairness) return 0;
	const groups = new Map<string, { jobs: number; left: number }>();
	for (const job of jobs ?? []) {
		if (job.group === undefined) continue;
		const group = groups.get(job.group) ?? { jobs: 0, left: 0 };
		group.jobs++;
		if (left.has(job.id)) group.left++;
		groups.set(job.group, group);
	}
	let cost = 0;
	for (const [name, group] of groups)
		cost += Math.round((fairness.weight * group.left ** 2) / (fairness.need?.[name] ?? group.jobs));
	return cost;
}
