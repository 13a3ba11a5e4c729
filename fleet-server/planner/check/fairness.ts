/** What jobs left out cost a municipality. */
import type { Facts } from './facts.ts';

/** Per group: weight × (jobs left out)² / need, rounded. @param left ids of the jobs left out */
export function fairnessCost(facts: Facts, left: ReadonlySet<number>): number {
	const { fairness, jobs } = facts.problem;
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
