/** Tries one way of putting a task into a route, and what would have to change for it. */
import type { Blocking } from '@junkai/contracts';
import {
	drive,
	intersect,
	type Limits,
	type Miss,
	type Openings,
	schedule,
	type Span,
	spans,
	type Timing,
} from '../check/clock.ts';
import { HUNDREDTHS, type Task } from '../check/facts.ts';
import { type Breach, measure, type Measured, type Stop } from '../check/simulate.ts';
import { type Change, effortOf, span } from './changes.ts';
import { anyOf, type DoctorRules, fittingDoctors, freeTimes, type PlanView, type VanPlan } from './view.ts';

/** A way to do it: stops of the route with the task in it. */
export interface Variant {
	readonly stops: readonly Stop[];
	readonly windows: Openings;
	readonly consults: Openings;
	/** Where the new stops are. */
	readonly own: readonly number[];
}

/** A rule that keeps the task out of a route, alone (`change` says what would let it in) or with others. */
export interface Obstacle {
	readonly blocking: Blocking;
	readonly effort: number;
	readonly change: Change | undefined;
	/** How many rules are broken at once here. */
	readonly rules: number;
	readonly variant: Variant;
}

export type Verdict =
	{ readonly fits: true } | { readonly fits: false; readonly overloaded: boolean; readonly obstacles: readonly Obstacle[] };

/** Whether an obstacle of this rule would be news; most are not, and need no words. */
export type Wanted = (rule: Blocking['rule'] | 'precedence', rules: number, effort: number) => boolean;

/** Free times of the doctors who may hold the new consult, by which of their bounds count. */
export class Doctors {
	readonly #view: PlanView;
	readonly #plan: VanPlan;
	readonly task: Task;
	readonly #known = new Map<string, readonly Span[] | undefined>();

	constructor(view: PlanView, plan: VanPlan, task: Task) {
		this.#view = view;
		this.#plan = plan;
		this.task = task;
	}

	/** Consult begins; undefined: no consult, any time. */
	times(rules: DoctorRules): readonly Span[] | undefined {
		const { consult } = this.task;
		if (!consult) return undefined;
		const key = `${rules.hours},${rules.busy}`;
		const known = this.#known.get(key);
		if (known) return known;
		const fitting = fittingDoctors(this.#view.facts, this.task);
		const times = anyOf(fitting.map((doctor) => this.#of(doctor, rules)));
		this.#known.set(key, times);
		return times;
	}

	#of(doctor: Parameters<typeof freeTimes>[1], rules: DoctorRules): readonly Span[] {
		return freeTimes(this.#view.bookings, doctor, this.#plan.van.vehicle.id, this.task.consult?.duration ?? 0, rules);
	}

	/** The doctor whose hours are nearest to a consult begin, and how far they would have to reach. */
	nearestHours(begin: number) {
		const duration = (this.task.consult?.duration ?? 0) * HUNDREDTHS;
		let best: { doctor: number; at: number; side: 'earlier' | 'later'; by: number } | undefined;
		for (const doctor of fittingDoctors(this.#view.facts, this.task)) {
			const free = this.#of(doctor, { hours: false, busy: true });
			if (!free.some(([from, to]) => begin >= from && begin <= to)) continue;
			for (const [at, [from, to]] of (spans(doctor.time_windows) ?? []).entries()) {
				const [early, late] = [from - begin, begin + duration - to];
				// One side only: a consult longer than the hours would need both.
				if (early > 0 && late > 0) continue;
				const by = Math.ceil(Math.max(early, late) / HUNDREDTHS);
				if (by > 0 && by < (best?.by ?? Infinity)) best = { doctor: doctor.id, at, side: early > 0 ? 'earlier' : 'later', by };
			}
		}
		return best;
	}

	/** The doctor who is the shortest time short of being free for a consult begin. */
	nearestFree(begin: number): { doctor: number; by: number } | undefined {
		const duration = (this.task.consult?.duration ?? 0) * HUNDREDTHS;
		let best: { doctor: number; by: number } | undefined;
		for (const { id } of fittingDoctors(this.#view.facts, this.task)) {
			let by = 0;
			for (const { vehicle, start, end } of this.#view.bookings.get(id) ?? []) {
				if (vehicle !== this.#plan.van.vehicle.id) by += Math.max(0, Math.min(end, begin + duration) - Math.max(start, begin));
			}
			if (by > 0 && by < (best?.by ?? Infinity)) best = { doctor: id, by };
		}
		return best && { doctor: best.doctor, by: Math.ceil(best.by / HUNDREDTHS) };
	}
}

/** Tries a variant by the exact rules. @param series days by which the series forbids this van; undefined: it does not */
export function tryVariant(
	view: PlanView,
	plan: VanPlan,
	variant: Variant,
	doctors: Doctors,
	series: SeriesGap | undefined,
	wanted: Wanted,
): Verdict {
	view.work.trials++;
	const measured = measure(view.facts, plan.van, variant.stops);
	const broken = gather(measured.breaches);
	const trial = new Trial(plan, variant, measured, doctors);
	let rules = broken.size + (series ? 1 : 0);
	const miss = rules > 1 ? undefined : trial.run({});
	if (rules === 0) return miss ? { fits: false, overloaded: false, obstacles: trial.timely(miss) } : { fits: true };
	if (miss) rules++;
	const obstacles: Obstacle[] = [];
	for (const breach of broken.values()) {
		if (wanted(breach.rule, rules, effortOf(breach))) obstacles.push(trial.structural(breach, rules));
	}
	if (series && wanted('series', rules, effortOf({ by: series.by, unit: 'days' }))) obstacles.push(trial.series(series, rules));
	return { fits: false, overloaded: broken.has('load'), obstacles };
}

/** How a series would have to change. */
export interface SeriesGap {
	readonly id: number;
	readonly by: number;
	/** Undefined: no gap would do. */
	readonly change: Change | undefined;
	readonly message: string;
}

/** One breach a rule, the greatest; of loads the greatest in each dimension. */
function gather(breaches: readonly Breach[]): Map<string, Breach> {
	const found = new Map<string, Breach>();
	for (const breach of breaches) {
		// A break's max_load belongs to that break.
		const key = breach.rule === 'break' ? `break ${breach.stop}` : breach.rule;
		const other = found.get(key);
		if (!other) found.set(key, breach);
		else {
			const over = (breach.over ?? []).map((by, at) => Math.max(by, other.over?.[at] ?? 0));
			found.set(key, { ...breach, by: Math.max(breach.by, other.by), ...(over.length > 0 ? { over } : {}) });
		}
	}
	return found;
}

interface Relaxed {
	readonly doctors?: DoctorRules;
	/** Windows of this stop do not count. */
	readonly windows?: number;
	/** This stop begins from then to then (hundredths). */
	readonly between?: readonly [stop: number, from: number, to: number];
	readonly limits?: Partial<Limits>;
}

class Trial {
	readonly #plan: VanPlan;
	readonly #variant: Variant;
	readonly #measured: Measured;
	readonly #doctors: Doctors;
	#timing: Timing | undefined;

	constructor(plan: VanPlan, variant: Variant, measured: Measured, doctors: Doctors) {
		this.#plan = plan;
		this.#variant = variant;
		this.#measured = measured;
		this.#doctors = doctors;
	}

	get #vehicle(): number {
		return this.#plan.van.vehicle.id;
	}

	/** Earliest times under the rules that still count; undefined when all of them can be kept. */
	run(relaxed: Relaxed): Miss | undefined {
		const limits = { ...this.#plan.limits, ...relaxed.limits };
		const openings = this.#openings(relaxed);
		const first = drive(this.#measured, openings, limits, limits.hours[0]);
		const result = 'late' in first || limits.maxDuration === Infinity ? first : schedule(this.#measured, openings, limits);
		this.#timing = 'late' in first ? undefined : first;
		return 'late' in result ? result : undefined;
	}

	#openings({ doctors = { hours: true, busy: true }, windows: free, between }: Relaxed): Openings {
		const { stops, windows, consults, own } = this.#variant;
		return stops.map((stop, at) => {
			let open = at === free ? undefined : windows[at];
			if (between?.[0] === at) open = intersect(open, [[between[1], between[2]]]);
			if (stop.kind !== 'task' || !stop.task.consult) return open;
			const times = own.includes(at) ? this.#doctors.times(doctors) : consults[at];
			const lead = this.#lead(at);
			return intersect(
				open,
				times?.map(([from, to]): Span => [from - lead, to - lead]),
			);
		});
	}

	/** Hundredths from service start to the begin of the consult. */
	#lead(at: number): number {
		const stop = this.#variant.stops[at];
		const preparation = stop?.kind === 'task' ? (stop.task.consult?.preparation ?? 0) : 0;
		return ((this.#measured.setups[at] ?? 0) + preparation) * HUNDREDTHS;
	}

	#obstacle(blocking: Omit<Blocking, 'vehicle'>, change: Change | undefined, rules = 1): Obstacle {
		return { blocking: { vehicle: this.#vehicle, ...blocking }, effort: effortOf(blocking), change, rules, variant: this.#variant };
	}

	series(gap: SeriesGap | undefined, rules: number): Obstacle {
		return this.#obstacle({ rule: 'series', by: gap?.by ?? 0, unit: 'days', message: gap?.message ?? '' }, gap?.change, rules);
	}

	/** A rule that has nothing to do with the clock. */
	structural({ rule, by, unit, stop, over = [] }: Breach, rules: number): Obstacle {
		const vehicle = this.#vehicle;
		const { tasks, names } = this.#ownTasks();
		const amount = by > 0 && unit ? { by: unit === 's' ? Math.ceil(by) : by, unit } : {};
		switch (rule) {
			case 'skills': {
				const skills = [...new Set(tasks.flatMap((task) => task.skills))].filter((skill) => !this.#plan.van.skills.has(skill));
				const message = `vehicle ${vehicle} has no skill ${skills.join(', ')}`;
				return this.#obstacle({ rule, message }, { kind: 'skills', vehicle, skills }, rules);
			}
			case 'vehicles': {
				const ids = tasks.map(({ id }) => id);
				return this.#obstacle(
					{ rule, message: `vehicle ${vehicle} may not do ${names}` },
					{ kind: 'vehicles', vehicle, tasks: ids },
					rules,
				);
			}
			case 'signal': {
				const spot = this.#variant.stops[stop ?? -1];
				const point = spot?.kind === 'task' ? spot.point : undefined;
				const message = `no signal for the consult of ${names} ${point === undefined ? 'at the place' : `at meeting point ${point}`}`;
				return this.#obstacle({ rule, message }, { kind: 'signal', task: tasks[0]?.id ?? -1, point }, rules);
			}
			case 'load': {
				const message = `vehicle ${vehicle} would be overloaded by ${over.join(', ')}`;
				return this.#obstacle({ rule, ...amount, message }, { kind: 'capacity', vehicle, over }, rules);
			}
			case 'break': {
				const rest = this.#variant.stops[stop ?? -1];
				const id = rest?.kind === 'break' ? rest.rest.id : -1;
				const message = `too much on board of vehicle ${vehicle} at break ${id}, by ${over.join(', ')}`;
				return this.#obstacle({ rule, ...amount, message }, { kind: 'break_load', vehicle, break: id, over }, rules);
			}
			case 'max_tasks':
			case 'max_trips':
			case 'max_distance':
			case 'max_travel_time': {
				const much = unit === 's' ? span(by) : `${by} ${unit}`;
				const message = `vehicle ${vehicle} would pass its ${rule} by ${much}`;
				return this.#obstacle({ rule, ...amount, message }, { kind: 'limit', vehicle, name: rule, by: amount.by ?? by }, rules);
			}
			default: {
				const message =
					rule === 'no_way' ? `no way for vehicle ${vehicle} to ${names} and on` : `${rule} is broken in vehicle ${vehicle}`;
				return this.#obstacle({ rule: rule === 'precedence' ? 'load' : rule, message }, undefined, rules);
			}
		}
	}

	#ownTasks() {
		const tasks = this.#variant.own.flatMap((at) => {
			const stop = this.#variant.stops[at];
			return stop?.kind === 'task' ? [stop.task] : [];
		});
		return { tasks, names: tasks.map(({ key }) => key).join(' and ') };
	}

	/** The clock alone keeps it out: everything that, changed alone, would let it in; else where the clock stops. */
	timely(miss: Miss): Obstacle[] {
		const found = [...this.#doctorTimes(), ...this.#windowTimes(miss), ...this.#vehicleTimes(miss)];
		return found.length > 0 ? found : [this.#stopped(miss)];
	}

	#doctorTimes(): Obstacle[] {
		const at = this.#variant.own[0] ?? 0;
		const { task } = this.#doctors;
		if (!task.consult) return [];
		const found: Obstacle[] = [];
		if (!this.run({ doctors: { hours: true, busy: false } })) {
			const free = this.#doctors.nearestFree((this.#timing?.starts[at] ?? 0) + this.#lead(at));
			if (free) {
				const message = `every doctor for ${task.key} is with another patient; doctor ${free.doctor} for ${span(free.by)} of it`;
				found.push(this.#obstacle({ rule: 'doctor_busy', doctor: free.doctor, by: free.by, unit: 's', message }, undefined));
			}
		}
		if (!this.run({ doctors: { hours: false, busy: true } })) {
			const start = this.#timing?.starts[at] ?? 0;
			const hours = this.#doctors.nearestHours(start + this.#lead(at));
			// A promise is tried as it is made: with a longest duration, later begins were not told by the earliest times.
			if (hours && !this.run({ doctors: { hours: false, busy: true }, between: [at, start, start] })) {
				const { doctor, by } = hours;
				const message = `${task.key} would be ${span(by)} outside the hours of doctor ${doctor}`;
				found.push(this.#obstacle({ rule: 'doctor_hours', doctor, by, unit: 's', message }, { kind: 'doctor_hours', ...hours }));
			}
		}
		return found;
	}

	/** Windows of the new stops, and of the stop where the clock stops. */
	#windowTimes(miss: Miss): Obstacle[] {
		const found: Obstacle[] = [];
		for (const at of new Set([...this.#variant.own, ...(miss.rule === 'time' ? [miss.stop] : [])])) {
			const stop = this.#variant.stops[at];
			const windows = this.#variant.windows[at];
			if (!stop || !windows || stop.kind === 'reload' || this.run({ windows: at })) continue;
			const start = this.#timing?.starts[at] ?? 0;
			const last = windows.findLastIndex(([, to]) => to < start);
			if (last >= 0 && !this.run({ windows: at, between: [at, start, start] })) {
				const by = Math.ceil((start - (windows[last]?.[1] ?? 0)) / HUNDREDTHS);
				found.push(this.#windowObstacle(stop, { side: 'later', at: last, by }));
			}
			const next = windows.findIndex(([from]) => from > start);
			if (next >= 0 && stop.kind === 'task') {
				const by = this.#earlier(at, start, windows[next]?.[0] ?? 0);
				if (by !== undefined) found.push(this.#windowObstacle(stop, { side: 'earlier', at: next, by }));
			}
		}
		return found;
	}

	/** Least seconds by which a window must open earlier, when a begin at `first` works and one at `opens` is too late. */
	#earlier(at: number, first: number, opens: number): number | undefined {
		let [good, bad] = [first, opens];
		while (bad - good > HUNDREDTHS) {
			const middle = Math.floor((good + bad) / 2);
			if (this.run({ windows: at, between: [at, middle, Infinity] })) bad = middle;
			else good = middle;
		}
		const by = Math.ceil((opens - good) / HUNDREDTHS);
		const fits = !this.run({ windows: at, between: [at, opens - by * HUNDREDTHS, opens] });
		return by > 0 && fits ? by : undefined;
	}

	#windowObstacle(stop: Stop, change: { side: 'earlier' | 'later'; at: number; by: number }): Obstacle {
		const { side, by } = change;
		if (stop.kind === 'break') {
			const message = `break ${stop.rest.id} of vehicle ${this.#vehicle} would be ${span(by)} late`;
			const breakChange: Change = { kind: 'break', vehicle: this.#vehicle, break: stop.rest.id, by };
			return this.#obstacle({ rule: 'break', by, unit: 's', message }, breakChange);
		}
		const key = stop.kind === 'task' ? stop.task.key : '';
		const message = `${key} would have to begin ${span(by)} ${side} in vehicle ${this.#vehicle}`;
		return this.#obstacle({ rule: 'time_window', by, unit: 's', message }, { kind: 'window', task: key, ...change });
	}

	#vehicleTimes(miss: Miss): Obstacle[] {
		const { hours, driving, maxDuration } = this.#plan.limits;
		const vehicle = this.#vehicle;
		if (miss.rule === 'max_duration') {
			const by = Math.ceil(miss.late / HUNDREDTHS);
			if (!Number.isFinite(by) || this.run({ limits: { maxDuration: maxDuration + by * HUNDREDTHS } })) return [];
			const message = `vehicle ${vehicle} would be on the way ${span(by)} too long`;
			return [
				this.#obstacle({ rule: 'max_duration', by, unit: 's', message }, { kind: 'limit', vehicle, name: 'max_duration', by }),
			];
		}
		if (miss.rule === 'driving_limit' && driving) {
			const by = Math.ceil(miss.late / HUNDREDTHS);
			if (this.run({ limits: { driving: { ...driving, limit: driving.limit + by * HUNDREDTHS } } })) return [];
			const message = `vehicle ${vehicle} would drive ${span(by)} too long without a rest`;
			return [
				this.#obstacle({ rule: 'driving_limit', by, unit: 's', message }, { kind: 'limit', vehicle, name: 'driving_limit', by }),
			];
		}
		if (miss.rule === 'vehicle_hours') {
			if (this.run({ limits: { hours: [hours[0], Infinity] } })) return [];
			const by = Math.ceil(((this.#timing?.finish ?? 0) - hours[1]) / HUNDREDTHS);
			if (this.run({ limits: { hours: [hours[0], hours[1] + by * HUNDREDTHS] } })) return [];
			const message = `vehicle ${vehicle} would be back ${span(by)} late`;
			return [this.#obstacle({ rule: 'vehicle_hours', by, unit: 's', message }, { kind: 'hours', vehicle, side: 'later', by })];
		}
		return [];
	}

	/** No single change helps: where the clock stops, and by how much at the least. */
	#stopped({ stop, late, rule }: Miss): Obstacle {
		const at = this.#variant.stops[stop];
		const by = Number.isFinite(late) ? Math.ceil(late / HUNDREDTHS) : undefined;
		const much = by === undefined ? {} : { by, unit: 's' as const };
		const words = by === undefined ? '' : `, by ${span(by)} at the least`;
		if (rule !== 'time')
			return this.#obstacle({ rule, ...much, message: `${rule} of vehicle ${this.#vehicle} is broken${words}` }, undefined, 2);
		if (at?.kind === 'break') {
			const message = `break ${at.rest.id} of vehicle ${this.#vehicle} cannot be kept${words}`;
			return this.#obstacle({ rule: 'break', ...much, message }, undefined, 2);
		}
		const key = at?.kind === 'task' ? at.task.key : 'the stop';
		const message = `${key} would be too late in vehicle ${this.#vehicle}${words}`;
		return this.#obstacle({ rule: 'time_window', ...much, message }, undefined, 2);
	}
}
