/** Visits that return: gaps in days that must hold, and what a change of crew or weekday costs. */
import type { Facts, Van } from './facts.ts';
import type { Stop } from './simulate.ts';

export function seriesOf(
	facts: Facts,
	routes: readonly { readonly van: Van; readonly stops: readonly Stop[] }[],
): { readonly faults: readonly string[]; readonly broken: ReadonlySet<number>; readonly cost: number } {
	const vans = new Map<number, Van>();
	for (const { van, stops } of routes) {
		for (const stop of stops) if (stop.kind === 'task' && stop.task.kind === 'job') vans.set(stop.task.id, van);
	}
	const faults: string[] = [];
	const broken = new Set<number>();
	let cost = 0;
	for (const series of facts.problem.series ?? []) {
		const done = series.jobs.flatMap((job, place) => {
			const vehicle = vans.get(job)?.vehicle;
			return vehicle ? [{ job, place, day: vehicle.day ?? 0, crew: vehicle.crew ?? '' }] : [];
		});
		for (const [at, later] of done.entries()) {
			for (const earlier of done.slice(0, at)) {
				const steps = later.place - earlier.place;
				const days = later.day - earlier.day;
				if (days >= steps * series.gap[0] && days <= steps * series.gap[1]) continue;
				broken.add(later.job);
				faults.push(`series ${series.id}: job ${later.job} is ${days} days after job ${earlier.job}`);
			}
			const before = done[at - 1];
			if (!before) continue;
			if (before.crew !== later.crew) cost += series.other_crew_cost;
			if (before.day % 7 !== later.day % 7) cost += series.other_weekday_cost;
		}
	}
	return { faults, broken, cost };
}
