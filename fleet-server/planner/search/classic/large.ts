/**
 * More customers than can be bred on at once: a short anneal of the whole, then breeding on parts of the plan, each made of
 * neighbouring routes. Islands work in different places and put their plans together.
 */
import { createRandom, type Random } from '../../random.ts';
import type { Routes } from '../search.ts';
import { ANNEAL_CHUNK, CHILD_STEPS, betterOfRuin, isBetter, temperature, type Engine, type Plan } from './engine.ts';
import { createGenetic, type Genetic } from './genetic.ts';
import { mergePlans, routeCost } from './merge.ts';
import { partOf, pickRoutes, type Part } from './part.ts';
import type { Compiled } from './problem.ts';
import { createRuinRecreate } from './ruin-recreate.ts';

/** Anneal of the whole: share of the budget, temperatures in units of the mean arc. Customers of a part. */
interface Manner {
	readonly share: number;
	readonly hot: number;
	readonly cold: number;
	readonly part: number;
}
/** Ruin and recreate is at its best on short routes, breeding on long ones; a part should have some routes to exchange. */
const SHORT_ROUTES: Manner = { share: 0.55, hot: 0.6, cold: 0.04, part: 100 };
const LONG_ROUTES: Manner = { share: 0.12, hot: 0.3, cold: 0.03, part: 200 };
/** Customers of a route, on average, from which routes are long; and steps a customer of an anneal, however short the time. */
const LONG = 18;
const LEAST_STEPS = 150;
/** Plans bred on a part, the random ones among them, and vehicles it may use more than it does. */
const PLANS = 300;
const RANDOM_PLANS = 10;
const SPARE_VEHICLES = 3;
/** Good arcs listed and tried a customer. */
const ARCS = 40;
const GRANULAR = 20;
/** How often in a budget the places of the islands are drawn anew. */
const EPOCHS = 12;
/** Plans of other islands kept for merging. */
const PENDING = 4;

interface Breeding {
	readonly part: Part;
	readonly genetic: Genetic;
	plans: number;
	cost: number;
	/** The best plan of the part when it is better than what was there. */
	routes: Routes | null;
}

export interface LargeOptions {
	readonly start: Routes | undefined;
	readonly island: number;
	readonly islands: number;
	/** Anneals to the end: for problems that breeding cannot deal with. */
	readonly annealOnly: boolean;
}

export function createLarge(compiled: Compiled, random: Random, options: LargeOptions): Engine {
	const { start, island, islands } = options;
	const ruin = createRuinRecreate(compiled, random);
	if (start !== undefined) ruin.load(start);
	ruin.construct();
	let best: Plan = { cost: ruin.bestCost, leftOut: ruin.bestLeftOut, routes: ruin.bestRoutes() };
	const { share, hot, cold, part: partSize } = meanLength(best.routes) < LONG ? SHORT_ROUTES : LONG_ROUTES;
	const annealShare = options.annealOnly ? 1 : share;
	const pending: Routes[] = [];
	let annealed = 0;
	let breeding: Breeding | null = null;

	function anneal(limit: number, progress: number): number {
		const count = Math.min(ANNEAL_CHUNK, limit);
		ruin.run(count, temperature(best.cost / compiled.nodes, hot, cold, Math.min(1, progress)));
		annealed += count;
		best = betterOfRuin(best, ruin);
		return count;
	}

	function takeIfBetter(routes: Routes): void {
		const cost = routes.reduce((sum, route) => sum + routeCost(compiled, route), 0);
		const leftOut = compiled.nodes - 1 - routes.reduce((sum, route) => sum + route.length, 0);
		if (isBetter({ cost, leftOut }, best)) best = { cost, leftOut, routes };
	}

	function mergePending(): void {
		for (const other of pending.splice(0)) takeIfBetter(mergePlans(compiled, best.routes, other));
	}

	/** A customer nearer to this island's place than to any other's; the places are the same for all islands. */
	function seedCustomer(progress: number): number {
		const { cost } = compiled.problem;
		const places = createRandom(Math.floor(progress * EPOCHS));
		const pivots = Array.from({ length: islands }, () => 1 + places.below(compiled.nodes - 1));
		for (let attempt = 0; ; attempt++) {
			const seed = 1 + random.below(compiled.nodes - 1);
			const own = cost[seed * compiled.nodes + pivots[island]!]!;
			if (attempt === 20 || pivots.every((pivot) => own <= cost[seed * compiled.nodes + pivot]!)) return seed;
		}
	}

	function begin(progress: number): Breeding {
		mergePending();
		const { routes } = best;
		const members = pickRoutes(compiled, routes, seedCustomer(progress), partSize);
		const unused = routes.filter((route) => route.length === 0).length;
		const part = partOf(compiled, routes, members, members.length + Math.min(unused, SPARE_VEHICLES), ARCS);
		const genetic = createGenetic(part.compiled, random, GRANULAR);
		genetic.add(part.routes);
		const cost = part.routes.reduce((sum, route) => sum + routeCost(part.compiled, route), 0);
		return { part, genetic, plans: 0, cost, routes: null };
	}

	function breed(progress: number): number {
		breeding ??= begin(progress);
		const { part, genetic } = breeding;
		const child = breeding.plans < RANDOM_PLANS ? genetic.addRandom() : genetic.generation();
		if (child !== undefined && child.warp === 0 && child.excess === 0 && child.cost < breeding.cost) {
			breeding.cost = child.cost;
			breeding.routes = child.routes;
		}
		if (++breeding.plans === PLANS) {
			if (breeding.routes !== null) takeIfBetter(withPart(part, breeding.routes));
			breeding = null;
		}
		return CHILD_STEPS;
	}

	/** The whole plan with a part of it replaced; the part took no more vehicles than were free. */
	function withPart(part: Part, routes: Routes): Routes {
		const whole = best.routes.map((route, r) => (part.members.includes(r) ? [] : route));
		let at = 0;
		for (const route of routes) {
			if (route.length === 0) continue;
			while (whole[at]!.length > 0) at++;
			whole[at] = route.map((c) => part.whole[c]!);
		}
		return whole;
	}

	return {
		work(limit, progress) {
			// Parts are made of those served: whoever is left out has to find room by annealing.
			if (best.leftOut > 0) return anneal(limit, progress);
			const raw = annealed < LEAST_STEPS * compiled.nodes;
			return raw || progress < annealShare ? anneal(limit, progress / annealShare) : breed(progress);
		},
		get best() {
			return best;
		},
		adopt(routes) {
			pending.push(routes);
			if (pending.length > PENDING) pending.shift();
			if (breeding === null) mergePending();
		},
	};
}

/** Customers of a route that drives. */
function meanLength(routes: Routes): number {
	let used = 0;
	let served = 0;
	for (const route of routes) {
		if (route.length > 0) used++;
		served += route.length;
	}
	return served / Math.max(1, used);
}
