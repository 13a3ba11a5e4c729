/** Up to a few hundred customers: anneals by ruin and recreate bring good plans early and keep new blood coming; breeding does the rest. */
import type { Random } from '../../random.ts';
import type { Routes } from '../search.ts';
import { createGenetic } from './genetic.ts';
import type { Individual } from './population.ts';
import type { Compiled } from './problem.ts';
import { createRuinRecreate } from './ruin-recreate.ts';

export const P = { s0: 40_000, s: 20_000, gens: 300, hot: 1, hot2: 0.3, cold: 0.01, gran: 20, init: 12, cost: 150 };

export interface Engine {
	/** Works for about one millisecond or a few; returns the steps done. */
	work(limit: number, progress: number): number;
	/** The best plan it has come across; `changed` is set when that is a new one. */
	readonly bestCost: number;
	readonly bestLeftOut: number;
	bestRoutes(): Routes;
	adopt(routes: Routes): void;
}

export function createHybrid(compiled: Compiled, random: Random, start: Routes | undefined, breeder: boolean): Engine {
	const ruin = createRuinRecreate(compiled, random);
	const genetic = createGenetic(compiled, random, P.gran);
	if (start !== undefined) ruin.load(start);
	ruin.construct();
	let bestCost = ruin.bestCost;
	let bestLeftOut = ruin.bestLeftOut;
	let best: Routes = ruin.bestRoutes();
	let annealTotal = breeder ? 0 : P.s0;
	let annealDone = 0;
	let hot = P.hot;
	let generations = 0;
	let initial = P.init;
	let scale = bestCost / compiled.nodes;

	function note(cost: number, leftOut: number, routes: () => Routes): void {
		if (leftOut > bestLeftOut || (leftOut === bestLeftOut && cost >= bestCost)) return;
		bestCost = cost;
		bestLeftOut = leftOut;
		best = routes();
	}

	function noteChild(child: Individual | undefined): void {
		if (child !== undefined && child.warp === 0 && child.excess === 0) note(child.cost, 0, () => child.routes);
	}

	function anneal(limit: number): number {
		const count = Math.min(50, limit, annealTotal - annealDone);
		ruin.run(count, scale * hot * (P.cold / hot) ** (annealDone / annealTotal));
		annealDone += count;
		note(ruin.bestCost, ruin.bestLeftOut, () => ruin.bestRoutes());
		if (annealDone === annealTotal) {
			genetic.add(ruin.bestRoutes());
			generations = 0;
		}
		return count;
	}

	function breed(): number {
		if (initial > 0) {
			initial--;
			noteChild(genetic.addRandom());
			return P.cost;
		}
		noteChild(genetic.generation());
		generations++;
		if (generations >= P.gens && P.s > 0) {
			const pick = genetic.sample();
			if (pick) {
				ruin.load(pick.routes);
				annealTotal = P.s;
				annealDone = 0;
				hot = P.hot2;
				scale = bestCost / compiled.nodes;
			}
			generations = 0;
		}
		return P.cost;
	}

	return {
		work: (limit) => (annealDone < annealTotal ? anneal(limit) : breed()),
		get bestCost() {
			return bestCost;
		},
		get bestLeftOut() {
			return bestLeftOut;
		},
		bestRoutes: () => best,
		adopt(routes) {
			genetic.add(routes);
		},
	};
}
