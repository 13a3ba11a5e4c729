/**
 * The rich search: ruin and recreate with annealing (after Christiaens and Vanden Berghe, "Slack induction by string removals",
 * 2020) over whatever `Model` can say. A step takes some tasks out, puts them and those left out so far back where they cost
 * least, and keeps the result when it is not much worse.
 */
import type { Model } from '../../model/model.ts';
import { createRandom } from '../../random.ts';
import { type Budget, compareScores, type Found, type Score, type Search } from '../search.ts';
import { chooseCrossing, cross } from './cross.ts';
import { createInserter, type Spot } from './insert.ts';
import { createKernel, type Kernel } from './kernel.ts';
import {
	assign,
	createPlan,
	groupCost,
	mend,
	putIn,
	restore,
	scoreOf,
	seriesCost,
	type Snapshot,
	snapshot,
	strip,
	takeOut,
} from './plan.ts';
import type { Route } from './route.ts';
import { createRuiner } from './ruin.ts';

/** A route as it was before a step. */
interface Saved {
	readonly vehicle: number;
	readonly version: number;
	readonly nodes: number[];
	/** Task, doctor and beginning of each consult. */
	readonly consults: readonly number[];
}

/** How often a task is put back with an eye shut. */
const BLINK = 0.05;
/** How often two vehicles exchange the rest of their rounds instead of a ruin. */
const CROSS = 0.08;
/** How often a task that was left out before is tried in the changed routes only. */
const NARROW = 0.9;
/** How often tasks are put back strictly by priority, and up to which draw roughly by it. */
const STRICT = 0.45;
const LOOSE = 0.85;
/** Steps between two looks at temperature and prices. */
const ROUND = 32;
/** A stretch of the search: when it begins, how warm (in parts of what a task costs), whether from a plan of its own. */
interface Phase {
	readonly from: number;
	readonly warmth: number;
	readonly fresh: boolean;
}

const LONG: readonly Phase[] = [
	{ from: 0, warmth: 3, fresh: false },
	{ from: 0.5, warmth: 0.15, fresh: false },
	{ from: 0.75, warmth: 0.15, fresh: false },
];
/** Where there are few steps, there is no time to warm up. */
const SHORT: readonly Phase[] = [{ from: 0, warmth: 0.25, fresh: false }];
/** Steps a task below which a search is short. */
const FEW = 150;
/** Steps a task after which a stretch of search has given what it can. */
const ENOUGH = 350;
/** Hundredths of a second. */
const HOUR = 360_000;

/** Where there is time for many stretches, they begin anew or from the best plan in turn. */
function plannedPhases(steps: number, tasks: number): readonly Phase[] {
	if (steps < FEW * tasks) return SHORT;
	const count = Math.min(200, Math.floor(steps / Math.min(ENOUGH * tasks, 40 * tasks * tasks)));
	if (count < 5) return LONG;
	return Array.from({ length: count }, (_, k) => ({
		from: k / count,
		warmth: k % 3 === 2 ? 0.2 : 3,
		fresh: k % 3 !== 2 && k > 0,
	}));
}

const COLDEST = 0.005;
/** Below this a plan from elsewhere is gone on with. */
const COOL = 0.03;

// oxlint-disable-next-line max-lines-per-function -- one closure over one plan.
export function createRichSearch(model: Model, seed: number, start?: Pick<Snapshot, 'routes'>): Search {
	const random = createRandom(seed);
	const kernel = createKernel(model);
	const inserter = createInserter(model, kernel, random);
	const ruiner = createRuiner(model, kernel, random);
	const plan = createPlan(model);
	const keys = orderKeys(model);
	const leftOut: number[] = [];
	const saved: Saved[] = [];
	const wish = new Float64Array(model.tasks);
	/** Tasks taken out in this step, and vehicles whose routes it changes. */
	const ruined = new Set<number>();
	const changed = new Set<number>();
	let steps = 0;

	restore(model, kernel, plan, start ?? { routes: [] });
	fillPool();
	let best: Found = snapshot(model, plan, scoreOf(model, plan));
	const prices = priceOfLeavingOut(model);
	let temperature = 0;
	let present = 0;
	/** Progress at the first step. */
	let since = 0;
	let phases: readonly Phase[] | undefined;
	let taskPrice = prices.task;
	let priorityPrice = prices.lastPriority;
	let worth = valueOf();
	sortPool(0);
	insertAll(0);
	keepBest();
	worth = valueOf();

	/** Nothing but what is pinned. */
	function begin(): void {
		for (const route of plan.routes) {
			let n = 0;
			for (let k = 1; k <= route.n; k++) {
				const node = route.seq[k]!;
				const task = node < model.nodes ? model.nodeTask[node]! : -1;
				const other = task >= 0 ? model.mate[task]! : -1;
				if (task < 0 || model.pinnedTo[task]! >= 0 || (other >= 0 && model.pinnedTo[other]! >= 0)) route.seq[++n] = node;
				else assign(model, plan, task, -1);
			}
			route.n = n;
		}
		for (const route of plan.routes) {
			refresh(route);
			dropReloads(route);
		}
		fillPool();
	}

	function fillPool(): void {
		leftOut.length = 0;
		for (let task = 0; task < model.tasks; task++) if (plan.vehicleOf[task]! < 0) leftOut.push(task);
	}

	/** Cost plus a price for each task left out: what annealing goes by. */
	function valueOf(): number {
		let value = 0;
		for (const route of plan.routes) value += route.hard + route.extra;
		for (const task of leftOut) value += taskPrice + priorityPrice * model.priority[task]!;
		for (let group = 0; group < plan.leftOut.length; group++) value += groupCost(model, group, plan.leftOut[group]!);
		for (let series = 0; series < model.series.length; series++) value += seriesCost(model, plan, series);
		return value;
	}

	function scoreNow(): Score {
		let priority = 0;
		for (const task of leftOut) priority += model.priority[task]!;
		let cost = 0;
		for (const route of plan.routes) cost += route.hard + route.extra;
		for (let group = 0; group < plan.leftOut.length; group++) cost += groupCost(model, group, plan.leftOut[group]!);
		for (let series = 0; series < model.series.length; series++) cost += seriesCost(model, plan, series);
		return [priority, leftOut.length, cost];
	}

	function keepBest(): boolean {
		const score = scoreNow();
		if (compareScores(score, best.score) >= 0) return false;
		best = snapshot(model, plan, score);
		return true;
	}

	function save(vehicle: number): void {
		if (saved.some((one) => one.vehicle === vehicle)) return;
		const route = plan.routes[vehicle]!;
		const consults: number[] = [];
		if (route.consults > 0) {
			for (let k = 1; k <= route.n; k++)
				if (route.doctor[k]! >= 0) consults.push(route.seq[k]!, route.doctor[k]!, route.start[k]!, route.action[k]!);
		}
		changed.add(vehicle);
		saved.push({ vehicle, version: route.version, nodes: Array.from(route.seq.subarray(1, route.n + 1)), consults });
	}

	function refresh(route: Route): void {
		mend(model, kernel, plan, route);
		kernel.book(route);
	}

	function drop(task: number): void {
		assign(model, plan, task, -1);
		leftOut.push(task);
	}

	function ruin(): void {
		const chosen = ruiner.choose(plan);
		ruined.clear();
		changed.clear();
		for (const task of chosen) ruined.add(task);
		for (const task of chosen) save(plan.vehicleOf[task]!);
		for (const task of chosen) drop(task);
		for (const { vehicle } of saved) {
			const route = plan.routes[vehicle]!;
			strip(model, plan, route);
			refresh(route);
			dropReloads(route);
		}
	}

	/** Two vehicles exchange the rest of their rounds; false when chance found nothing to exchange. */
	function exchange(): boolean {
		const crossing = chooseCrossing(model, plan, random);
		if (!crossing) return false;
		const { one, other } = crossing;
		ruined.clear();
		changed.clear();
		for (const { vehicle } of [one, other]) save(vehicle);
		for (const { vehicle } of [one, other]) kernel.doctors.release(vehicle);
		cross(model, plan, crossing, (task) => {
			ruined.add(task);
			drop(task);
		});
		for (const route of [one, other]) {
			refresh(route);
			dropReloads(route);
		}
		fillPool();
		return true;
	}

	/** A trip to the stock that nobody needs any more. */
	function dropReloads(route: Route): void {
		for (let k = route.n; k > 0 && route.reloads > 0; k--) {
			const node = route.seq[k]!;
			if (node < model.nodes) continue;
			const cost = route.hard + route.extra;
			takeOut(route, k);
			if (!kernel.update(route) || route.hard + route.extra > cost) putIn(model, route, k - 1, node);
			refresh(route);
			k = Math.min(k, route.n + 1);
		}
	}

	function put(task: number, spot: Spot): void {
		const route = plan.routes[spot.vehicle]!;
		save(spot.vehicle);
		if (spot.second >= 0) putIn(model, route, spot.secondPosition, spot.second);
		putIn(model, route, spot.position, spot.node);
		if (spot.reload >= 0) putIn(model, route, spot.reload, model.nodes + spot.vehicle);
		assign(model, plan, task, spot.vehicle);
		if (spot.second >= 0) assign(model, plan, model.mate[task]!, spot.vehicle);
		refresh(route);
	}

	/** Orders the tasks left out: by chance, or by one of the keys; those of higher priority mostly first. */
	function sortPool(blink: number): void {
		inserter.shuffle();
		for (let i = leftOut.length - 1; i > 0; i--) {
			const j = random.below(i + 1);
			const swap = leftOut[i]!;
			leftOut[i] = leftOut[j]!;
			leftOut[j] = swap;
		}
		const key = blink === 0 ? keys.tight : (keys.all[random.below(keys.all.length + 2)] ?? undefined);
		if (key) leftOut.sort((a, b) => key[a]! - key[b]!);
		if (!keys.prioritised) return;
		const draw = random.real();
		if (draw < STRICT) leftOut.sort((a, b) => model.priority[b]! - model.priority[a]!);
		else if (draw < LOOSE) {
			for (const task of leftOut) wish[task] = (model.priority[task]! + 5) * (0.4 + random.real());
			leftOut.sort((a, b) => wish[b]! - wish[a]!);
		}
	}

	function insertAll(blink: number): void {
		const waiting = leftOut.slice();
		leftOut.length = 0;
		for (const task of waiting) {
			// Shipments go by their pickups; an assigned one came in with its mate, or was dropped again and is in the pool.
			if (plan.vehicleOf[task]! >= 0 || model.kind[task] === 2) continue;
			// Where consults bind, what fitted nowhere before mostly fits nowhere now but in the routes that have changed.
			const narrow = model.doctors > 0 && !ruined.has(task) && steps > 0 && random.real() < NARROW;
			const spot = inserter.find(plan, task, blink, narrow ? changed : undefined);
			if (spot.vehicle >= 0) put(task, spot);
		}
		fillPool();
	}

	function undo(): void {
		if (model.doctors > 0) for (const { vehicle } of saved) kernel.doctors.release(vehicle);
		for (const { vehicle, consults } of saved) {
			for (let i = 0; i + 3 < consults.length; i += 4) rebook(model, kernel, vehicle, consults.slice(i, i + 4));
		}
		for (const { vehicle } of saved) {
			const route = plan.routes[vehicle]!;
			for (let k = 1; k <= route.n; k++) {
				if (route.seq[k]! < model.nodes) assign(model, plan, model.nodeTask[route.seq[k]!]!, -1);
			}
		}
		for (const { vehicle, version, nodes } of saved) {
			const route = plan.routes[vehicle]!;
			route.n = nodes.length;
			for (let k = 0; k < nodes.length; k++) {
				route.seq[k + 1] = nodes[k]!;
				if (nodes[k]! < model.nodes) assign(model, plan, model.nodeTask[nodes[k]!]!, vehicle);
			}
			refresh(route);
			// What was known of it holds again, unless its times hang on other vehicles.
			if (route.consults === 0) route.version = version;
		}
		fillPool();
	}

	/** Sets temperature and prices for a moment of the search; warms up again at each phase. */
	function cool(progress: number, exact: boolean): void {
		// How many steps there will be is known only when the machine has warmed up.
		if (steps === 0) since = progress;
		if (!phases && steps > 0 && (exact || progress - since > 0.06)) {
			phases = plannedPhases((steps / Math.max(progress - since, 1e-9)) * (1 - since), model.tasks);
		}
		const all = phases ?? SHORT;
		let phase = 0;
		while (phase < all.length - 1 && progress >= all[phase + 1]!.from) phase++;
		const { from, warmth, fresh } = all[phase]!;
		const until = all[phase + 1]?.from ?? 1;
		const part = Math.min(1, (progress - from) / (until - from));
		temperature = prices.scale * warmth * (COLDEST / warmth) ** part;
		// Leaving out weighs little at first, so that better choices of tasks can be reached by way of worse ones.
		const dear = 1 - (1 - part) * Math.min(1, warmth / LONG[0]!.warmth);
		taskPrice = prices.first * (prices.task / prices.first) ** dear;
		priorityPrice = prices.firstPriority * (prices.lastPriority / prices.firstPriority) ** dear;
		if (phase !== present) {
			present = phase;
			if (fresh) {
				restore(model, kernel, plan, best);
				begin();
				sortPool(1);
				insertAll(1);
			} else {
				restore(model, kernel, plan, best);
				fillPool();
			}
		}
		worth = valueOf();
	}

	function step(warmth: number): void {
		saved.length = 0;
		if (random.real() >= CROSS || !exchange()) ruin();
		sortPool(BLINK);
		insertAll(BLINK);
		steps++;
		const value = valueOf();
		// A better plan is kept even where its value, at the prices of the moment, is not.
		if (keepBest() || value < worth - warmth * Math.log(Math.max(1e-12, random.real()))) {
			worth = value;
		} else {
			undo();
			worth = valueOf();
		}
	}

	const trivial = model.tasks === 0;
	return {
		get best() {
			return best;
		},
		get steps() {
			return steps;
		},
		run({ deadline, begin: begun, end, maxSteps }: Budget) {
			if (trivial) return;
			while (steps < maxSteps) {
				const now = performance.now();
				if (now >= deadline) break;
				if (steps % ROUND === 0) {
					const progress = Number.isFinite(maxSteps) ? steps / maxSteps : Math.min(1, (now - begun) / Math.max(1, end - begun));
					cool(progress, Number.isFinite(maxSteps));
				}
				step(temperature);
			}
		},
		adopt(found) {
			if (compareScores(found.score, best.score) >= 0) return;
			best = found;
			// While it is warm, the search goes its own way and comes back to the best plan with the next phase.
			if (temperature > COOL * prices.scale) return;
			restore(model, kernel, plan, best);
			fillPool();
			worth = valueOf();
		},
	};
}

function rebook(
	model: Model,
	kernel: Kernel,
	vehicle: number,
	[node = 0, doctor = 0, start = 0, action = 0]: readonly number[],
): void {
	const task = model.nodeTask[node]!;
	const { type } = model.vehicles[vehicle]!;
	const begin = start + action - model.service[type * model.tasks + task]! + model.preparation[task]!;
	kernel.doctors.book(doctor, vehicle, task, begin, begin + model.consult[task]!);
}

interface OrderKeys {
	readonly tight: Float64Array;
	readonly all: readonly Float64Array[];
	readonly prioritised: boolean;
}

/** Numbers by which tasks are put back in, smallest first. */
function orderKeys(model: Model): OrderKeys {
	const { tasks, windows, dimensions, nodesOf, nodePlace, places } = model;
	const arcs = model.arcs[0]!;
	const first = model.vehicles[0]!;
	const base = first.start === model.nowhere ? first.end : first.start;
	const tight = new Float64Array(tasks);
	const heavy = new Float64Array(tasks);
	const far = new Float64Array(tasks);
	const close = new Float64Array(tasks);
	const early = new Float64Array(tasks);
	for (let task = 0; task < tasks; task++) {
		for (let w = windows.at[task]!; w < windows.at[task + 1]!; w++) tight[task]! += windows.close[w]! - windows.open[w]!;
		early[task] = windows.open[windows.at[task]!]!;
		for (let d = 0; d < dimensions; d++)
			heavy[task]! -= model.pickup[task * dimensions + d]! + model.delivery[task * dimensions + d]!;
		const node = nodesOf.items[nodesOf.at[task]!];
		const place = node === undefined || nodesOf.at[task] === nodesOf.at[task + 1] ? base : nodePlace[node]!;
		close[task] = arcs[3 * (base * places + place)]!;
		far[task] = -close[task]!;
	}
	const all = [tight, far, close, early];
	if (dimensions > 0) all.push(heavy);
	return { tight, all, prioritised: model.priority.some((one) => one !== model.priority[0]) };
}

/** A price for leaving a task out that no detour outweighs, and the scale of costs for annealing. */
function priceOfLeavingOut(model: Model): {
	first: number;
	firstPriority: number;
	task: number;
	lastPriority: number;
	scale: number;
} {
	const { places, tasks, nodesOf, nodePlace } = model;
	let most = 0;
	let sum = 0;
	let count = 0;
	for (let task = 0; task < tasks; task++) {
		if (nodesOf.at[task] === nodesOf.at[task + 1]) continue;
		const place = nodePlace[nodesOf.items[nodesOf.at[task]!]!]!;
		let least = Infinity;
		let nearest = Infinity;
		for (const vehicle of model.vehicles) {
			const arcs = model.arcs[vehicle.profile]!;
			const price = (from: number, to: number): number => {
				const arc = 3 * (from * places + to);
				return arcs[arc + 1]! * vehicle.costFactor + arcs[arc + 2]! * vehicle.distanceFactor;
			};
			least = Math.min(least, vehicle.fixed + price(vehicle.start, place) + price(place, vehicle.end));
			if (vehicle !== model.vehicles[0]) continue;
			for (let other = 0; other < model.nodes; other++) {
				if (nodePlace[other] !== place) nearest = Math.min(nearest, price(place, nodePlace[other]!));
			}
		}
		if (least < 1e14) most = Math.max(most, least);
		if (nearest < 1e14) {
			sum += nearest + 0.2 * Math.min(least, 1e14) + 0.2 * model.promisedCost[task]! + 0.05 * HOUR * model.preferredRate[task]!;
			count++;
		}
	}
	const scale = count > 0 ? Math.max(1, sum / count) : 1;
	const greatest = (values: Iterable<number>): number => {
		let one = 0;
		for (const value of values) one = Math.max(one, value);
		return one;
	};
	const times = greatest(model.promisedCost) + 2 * HOUR * greatest(model.preferredRate);
	const task = Math.max(3 * most, scale) + times + 2 * greatest(model.series.map((one) => one.otherCrew + one.otherWeekday));
	return { first: scale, firstPriority: 0.05 * scale, task, lastPriority: task * Math.min(10, tasks), scale };
}
