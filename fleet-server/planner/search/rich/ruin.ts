/** Which tasks a step takes out: strings of neighbouring stops as in SISR, and other sets that hang together. */
import { BLOCKED, type Model } from '../../model/model.ts';
import type { Random } from '../../random.ts';
import type { Kernel } from './kernel.ts';
import type { Plan } from './plan.ts';

const NEAR = 100;

export interface Ruiner {
	/** Marks tasks to take out and returns them; pinned ones never are among them. The array is used again by the next call. */
	choose(plan: Plan): readonly number[];
}

/** The nearest tasks of each task, by the time from and to it, nearest first. */
function nearLists(model: Model): { near: Int32Array; count: number } {
	const { tasks, nodesOf, nodePlace, places } = model;
	const arcs = model.arcs[0]!;
	const count = Math.min(NEAR, Math.max(0, tasks - 1));
	const near = new Int32Array(tasks * count);
	const place = Int32Array.from({ length: tasks }, (_, task) => {
		const node = nodesOf.items[nodesOf.at[task]!];
		return nodesOf.at[task] === nodesOf.at[task + 1] || node === undefined ? model.nowhere : nodePlace[node]!;
	});
	const keys = new Float64Array(tasks);
	for (let i = 0; i < tasks; i++) {
		for (let j = 0; j < tasks; j++) {
			const away = Math.min(BLOCKED, arcs[3 * (place[i]! * places + place[j]!)]! + arcs[3 * (place[j]! * places + place[i]!)]!);
			// Key and number in one float: typed arrays sort without a comparator.
			keys[j] = i === j ? Infinity : away * tasks + j;
		}
		keys.sort();
		for (let k = 0; k < count; k++) near[i * count + k] = keys[k]! % tasks;
	}
	return { near, count };
}

// oxlint-disable-next-line max-lines-per-function -- a closure over the marks.
export function createRuiner(model: Model, kernel: Kernel, random: Random): Ruiner {
	const { tasks, nodes, nodeTask, mate, pinnedTo } = model;
	const { near, count: nearCount } = nearLists(model);
	const marks = new Int32Array(tasks);
	const ruined = new Int32Array(model.vehicles.length);
	const positions = new Int32Array(tasks);
	let stamp = 0;
	const chosen: number[] = [];
	const withDoctor = Array.from({ length: tasks }, (_, task) => task).filter((task) => model.consult[task]! > 0);
	const inSeries = Array.from({ length: tasks }, (_, task) => task).filter(
		(task) => model.seriesOf.at[task + 1]! > model.seriesOf.at[task]!,
	);

	function fixed(task: number): boolean {
		return pinnedTo[task]! >= 0 || (mate[task]! >= 0 && pinnedTo[mate[task]!]! >= 0);
	}

	function mark(plan: Plan, task: number): void {
		if (marks[task] === stamp || plan.vehicleOf[task]! < 0 || fixed(task)) return;
		marks[task] = stamp;
		chosen.push(task);
		const other = mate[task]!;
		if (other >= 0 && marks[other] !== stamp) {
			marks[other] = stamp;
			chosen.push(other);
		}
	}

	function locate(plan: Plan, vehicle: number): void {
		const { seq, n } = plan.routes[vehicle]!;
		for (let k = 1; k <= n; k++) if (seq[k]! < nodes) positions[nodeTask[seq[k]!]!] = k;
	}

	/** A string of `length` stops around a task; with `kept` in its middle left standing. */
	function string(plan: Plan, task: number, length: number, kept: number): void {
		const vehicle = plan.vehicleOf[task]!;
		const { seq, n } = plan.routes[vehicle]!;
		locate(plan, vehicle);
		const at = positions[task]!;
		const whole = Math.min(n, length + kept);
		const least = Math.max(1, at - whole + 1);
		const most = Math.min(at, n - whole + 1);
		const first = least + random.below(Math.max(1, most - least + 1));
		const gap = kept > 0 && whole > kept ? first + random.below(whole - kept) : first + whole;
		for (let k = first; k < first + whole && k <= n; k++) {
			if (k >= gap && k < gap + kept && k !== at) continue;
			if (seq[k]! < nodes) mark(plan, nodeTask[seq[k]!]!);
		}
	}

	function strings(plan: Plan, seed: number, mean: number): void {
		let assigned = 0;
		let used = 0;
		for (const route of plan.routes) {
			assigned += route.tasks;
			if (route.tasks > 0) used++;
		}
		if (assigned === 0) return;
		const longest = Math.min(10, Math.max(1, assigned / used));
		const most = (4 * mean) / (1 + longest) - 1;
		const number = Math.floor(random.real() * Math.max(0, most)) + 1;
		let taken = 0;
		for (let i = -1; i < nearCount && taken < number; i++) {
			const task = i < 0 ? seed : near[seed * nearCount + i]!;
			const vehicle = plan.vehicleOf[task]!;
			if (vehicle < 0 || marks[task] === stamp || ruined[vehicle] === stamp || fixed(task)) continue;
			ruined[vehicle] = stamp;
			taken++;
			const length = 1 + random.below(Math.max(1, Math.min(longest, plan.routes[vehicle]!.tasks)));
			let kept = 0;
			if (length > 1 && random.real() < 0.5) {
				kept = 1;
				while (length + kept < plan.routes[vehicle]!.tasks && random.real() > 0.01) kept++;
				if (length + kept > plan.routes[vehicle]!.n) kept = 0;
			}
			string(plan, task, length, kept);
		}
	}

	function anywhere(plan: Plan, mean: number): void {
		const number = 1 + random.below(Math.max(1, Math.min(tasks, 2 * mean)));
		for (let i = 0; i < number; i++) mark(plan, random.below(tasks));
	}

	/** All of one vehicle, and some neighbours of one of its stops. */
	function wholeRoute(plan: Plan, seed: number, mean: number): void {
		const vehicle = plan.vehicleOf[seed]!;
		if (vehicle < 0) return strings(plan, seed, mean);
		const { seq, n } = plan.routes[vehicle]!;
		if (n > 4 * mean) return strings(plan, seed, mean);
		for (let k = 1; k <= n; k++) if (seq[k]! < nodes) mark(plan, nodeTask[seq[k]!]!);
		const more = Math.min(nearCount, random.below(1 + mean));
		for (let i = 0; i < more; i++) mark(plan, near[seed * nearCount + i]!);
	}

	/** Consecutive consults of one doctor. */
	function byDoctor(plan: Plan, mean: number): void {
		const doctor = random.below(model.doctors);
		const booked = kernel.doctors.tasks(doctor);
		if (booked.length === 0) return anywhere(plan, mean);
		const first = random.below(booked.length);
		const length = 1 + random.below(mean);
		for (let i = first; i < Math.min(booked.length, first + length); i++) mark(plan, booked[i]!);
		const near0 = booked[first]! * nearCount;
		for (let i = 0; i < Math.min(nearCount, random.below(mean)); i++) mark(plan, near[near0 + i]!);
	}

	/** Stops that are served at about the same time, whoever drives. */
	function byTime(plan: Plan, seed: number, mean: number): void {
		const vehicle = plan.vehicleOf[seed]!;
		if (vehicle < 0) return strings(plan, seed, mean);
		locate(plan, vehicle);
		const own = plan.routes[vehicle]!;
		const when = own.depart[positions[seed]! * own.layers + own.layers - 1]!;
		for (const route of plan.routes) {
			if (route.tasks === 0 || random.real() < 0.3) continue;
			let best = -1;
			let least = Infinity;
			for (let k = 1; k <= route.n; k++) {
				const away = Math.abs(route.depart[k * route.layers + route.layers - 1]! - when);
				if (away < least) {
					least = away;
					best = k;
				}
			}
			for (let k = best; k <= Math.min(route.n, best + random.below(2)); k++) {
				if (route.seq[k]! < nodes) mark(plan, nodeTask[route.seq[k]!]!);
			}
			if (chosen.length >= 2 * mean) break;
		}
	}

	function bySeries(plan: Plan, mean: number): void {
		const task = inSeries[random.below(inSeries.length)]!;
		const { at, items } = model.seriesOf;
		const { tasks: members } = model.series[items[at[task]! + random.below(at[task + 1]! - at[task]!)]!]!;
		for (const member of members) {
			mark(plan, member);
			if (chosen.length >= 2 * mean) break;
		}
		mark(plan, near[task * nearCount + random.below(Math.max(1, Math.min(5, nearCount)))] ?? task);
	}

	return {
		choose(plan) {
			stamp++;
			chosen.length = 0;
			const mean = Math.min(8, Math.max(5, Math.ceil(0.4 * tasks)));
			const seed = random.below(tasks);
			const draw = random.real();
			if (withDoctor.length > 0 && draw < 0.2) byDoctor(plan, mean);
			else if (inSeries.length > 0 && draw < 0.3) bySeries(plan, mean);
			else if (draw > 0.97) wholeRoute(plan, seed, mean);
			else if (draw > 0.92) anywhere(plan, mean);
			else if (draw > 0.87) byTime(plan, seed, mean);
			else strings(plan, seed, mean);
			return chosen;
		},
	};
}
