/** All ways to put a task, or both ends of a shipment, into a route. */
import type { Openings } from '../check/clock.ts';
import type { Task } from '../check/facts.ts';
import { spans } from '../check/clock.ts';
import { placed } from '../check/write.ts';
import type { Stop } from '../check/simulate.ts';
import type { Variant } from './trial.ts';
import type { VanPlan } from './view.ts';

type Route = Pick<VanPlan, 'stops' | 'windows' | 'consults'>;

function insert(route: Route, at: number, stop: Stop): Route {
	const put = <T>(list: readonly T[], value: T): T[] => [...list.slice(0, at), value, ...list.slice(at)];
	const windows = stop.kind === 'task' ? spans(stop.task.windows) : undefined;
	return {
		stops: put(route.stops, stop),
		windows: put<Openings[number]>(route.windows, windows),
		consults: put<Openings[number]>(route.consults, undefined),
	};
}

/** @param unit a job, or pickup and delivery */
export function* variantsOf(plan: VanPlan, unit: readonly Task[]): Generator<Variant> {
	const [first, second] = unit;
	if (!first) return;
	const points = [undefined, ...(first.job?.meeting_points ?? []).keys()];
	for (let at = plan.pinned; at <= plan.stops.length; at++) {
		for (const point of points) {
			const route = insert(plan, at, placed(first, point, undefined));
			if (!second) {
				yield { ...route, own: [at] };
				continue;
			}
			for (let later = at + 1; later <= route.stops.length; later++) {
				yield { ...insert(route, later, placed(second, undefined, undefined)), own: [at, later] };
			}
		}
	}
}

/** The same with one more reload just before or somewhere after the new stop: for a van that would be overloaded. */
export function* withReload(plan: VanPlan, variant: Variant): Generator<Variant> {
	const { reload } = plan.van;
	const [first = 0] = variant.own;
	if (reload === undefined) return;
	for (let at = Math.max(plan.pinned, first - 1); at <= Math.min(variant.stops.length, first + 2); at++) {
		if (variant.stops[at]?.kind === 'reload' || variant.stops[at - 1]?.kind === 'reload') continue;
		const own = variant.own.map((place) => (place >= at ? place + 1 : place));
		yield { ...insert(variant, at, { kind: 'reload', place: reload }), own };
	}
}

/** The task in place of another one: one route for each stop that may go. */
export function* swaps(plan: VanPlan, task: Task): Generator<{ readonly out: Task; readonly variant: Variant }> {
	for (const [at, stop] of plan.stops.entries()) {
		if (at < plan.pinned || stop.kind !== 'task' || stop.task.kind !== 'job') continue;
		const without = {
			stops: plan.stops.toSpliced(at, 1),
			windows: plan.windows.toSpliced(at, 1),
			consults: plan.consults.toSpliced(at, 1),
		};
		for (const point of [undefined, ...(task.job?.meeting_points ?? []).keys()]) {
			yield { out: stop.task, variant: { ...insert(without, at, placed(task, point, undefined)), own: [at] } };
		}
	}
}
