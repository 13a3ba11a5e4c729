/** How far the gaps of a series forbid a van its day. */
import type { Task, Van } from '../check/facts.ts';
import type { SeriesGap } from './trial.ts';
import type { PlanView } from './view.ts';

/** Undefined when the task may be done on the day of this van. */
export function seriesGap(view: PlanView, van: Van, task: Task): SeriesGap | undefined {
	if (task.kind !== 'job') return undefined;
	const day = van.vehicle.day ?? 0;
	for (const series of view.facts.problem.series ?? []) {
		const place = series.jobs.indexOf(task.id);
		if (place < 0) continue;
		let [least, most] = series.gap;
		let possible = true;
		for (const [other, days] of daysOf(view)) {
			const steps = place - series.jobs.indexOf(other);
			if (!series.jobs.includes(other) || other === task.id) continue;
			const apart = (day - days) / steps;
			if (apart < 0) possible = false;
			least = Math.min(least, Math.floor(apart));
			most = Math.max(most, Math.ceil(apart));
		}
		const by = Math.max(series.gap[0] - least, most - series.gap[1]);
		if (by <= 0) continue;
		const message = `series ${series.id} has its visits on other days than vehicle ${van.vehicle.id} drives`;
		return { id: series.id, by, change: possible ? { kind: 'series', series: series.id, least, most } : undefined, message };
	}
	return undefined;
}

function daysOf(view: PlanView): Map<number, number> {
	const days = new Map<number, number>();
	for (const { van, stops } of view.vans) {
		for (const stop of stops) if (stop.kind === 'task' && stop.task.kind === 'job') days.set(stop.task.id, van.vehicle.day ?? 0);
	}
	return days;
}
