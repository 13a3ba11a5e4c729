/** Hybrid genetic search (Vidal and others, 2013; Kool and others, 2022): breed, educate by local search, keep penalties in balance. */
import type { Random } from '../../random.ts';
import type { Routes } from '../search.ts';
import { exchangeRoutes } from './crossover.ts';
import { createLocalSearch } from './local-search.ts';
import { createPopulation, type Individual } from './population.ts';
import type { Compiled } from './problem.ts';

/** Share of children that should come out feasible, and how penalties follow it. */
const FEASIBLE = 0.4;
const ADJUST_EVERY = 40;
const DEARER = 1.2;
const CHEAPER = 0.85;
/** A child that is not feasible is repaired with penalties so many times as high. */
const REPAIR = 10;

export interface Genetic {
	/** Adds a plan made elsewhere, feasible. */
	add(routes: Routes): void;
	/** Adds a random plan, educated. */
	addRandom(): Individual;
	/** Breeds one child; undefined while there are fewer than two plans. */
	generation(): Individual | undefined;
	/** Any feasible plan of the population. */
	sample(): Individual | undefined;
}

export function createGenetic(compiled: Compiled, random: Random, granular: number): Genetic {
	const { nodes, arcs, problem } = compiled;
	const search = createLocalSearch(compiled, random, granular);
	let longest = 1;
	for (let k = 0; k < arcs.length; k += 2) if (arcs[k]! > longest) longest = arcs[k]!;
	let heaviest = 1;
	for (let c = 1; c < nodes; c++) heaviest = Math.max(heaviest, compiled.load[c * compiled.dimensions]!);
	let warpPrice = 6;
	let excessPrice = Math.max(0.1, Math.min(1000, longest / heaviest));
	let bred = 0;
	let onTime = 0;
	let withinLoad = 0;

	const population = createPopulation(({ cost, warp, excess }) => cost + warpPrice * warp + excessPrice * excess, random);

	function individual(): Individual {
		const succ = search.succ.slice(0, nodes);
		for (let c = 1; c < nodes; c++) if (succ[c]! >= nodes) succ[c] = 0;
		return { routes: search.routes(), succ, cost: search.cost, warp: search.warp, excess: search.excess };
	}

	function adjust(): void {
		bred++;
		if (search.warp === 0) onTime++;
		if (search.excess === 0) withinLoad++;
		if (bred < ADJUST_EVERY) return;
		const follow = (price: number, share: number): number =>
			Math.max(
				0.01,
				Math.min(100_000, share < FEASIBLE - 0.05 ? price * DEARER : share > FEASIBLE + 0.05 ? price * CHEAPER : price),
			);
		warpPrice = follow(warpPrice, onTime / bred);
		excessPrice = follow(excessPrice, withinLoad / bred);
		bred = onTime = withinLoad = 0;
	}

	/** Local search on what is loaded; the outcome joins the population, and so does its repair. */
	function educate(): Individual {
		search.run();
		adjust();
		let child = individual();
		population.add(child);
		if ((child.warp > 0 || child.excess > 0) && random.below(2) === 0) {
			search.setPenalties(warpPrice * REPAIR, excessPrice * REPAIR);
			search.settleFeasible();
			search.run();
			const repaired = individual();
			if (repaired.warp === 0 && repaired.excess === 0) {
				population.add(repaired);
				child = repaired;
			}
		}
		return child;
	}

	function penalisedNow(): number {
		return search.cost + warpPrice * search.warp + excessPrice * search.excess;
	}

	return {
		add(routes) {
			search.setPenalties(warpPrice, excessPrice);
			search.load(routes);
			population.add(individual());
		},
		addRandom() {
			const routes: number[][] = Array.from({ length: problem.vehicles }, () => []);
			search.setPenalties(warpPrice, excessPrice);
			search.load(routes);
			return educate();
		},
		generation() {
			const parents = population.parents();
			if (parents === undefined) return undefined;
			const { children, settled } = exchangeRoutes(compiled, random, parents[0].routes, parents[1].routes);
			search.setPenalties(warpPrice, excessPrice);
			search.load(children[0], settled[0]);
			const first = penalisedNow();
			search.load(children[1], settled[1]);
			if (first < penalisedNow()) search.load(children[0], settled[0]);
			return educate();
		},
		sample: () => population.sample(),
	};
}
