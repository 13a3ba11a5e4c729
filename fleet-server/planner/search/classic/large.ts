/** More customers than can be bred on at once: one long anneal, then breeding on parts of the plan. */
import type { Random } from '../../random.ts';
import type { Routes } from '../search.ts';
import { createGenetic, type Genetic } from './genetic.ts';
import type { Engine } from './hybrid.ts';
import { mergePlans, routeCost } from './merge.ts';
import { partOf, pickRoutes, type Part } from './part.ts';
import type { Compiled } from './problem.ts';
import { createRuinRecreate } from './ruin-recreate.ts';

export const L = { frac: 0.6, target: 200, gens: 300, hot: 0.6, cold: 0.03, gran: 20, init: 10, cost: 150 };

export function createLarge(compiled: Compiled, random: Random, start: Routes | undefined): Engine {
	const ruin = createRuinRecreate(compiled, random);
	if (start !== undefined) ruin.load(start);
	ruin.construct();
	let bestCost = ruin.bestCost;
	let bestLeftOut = ruin.bestLeftOut;
	let best: Routes = ruin.bestRoutes();
	let annealed = false;
	let part: Part | null = null;
	let genetic: Genetic | null = null;
	let partBest = 0;
	let partRoutes: Routes = [];
	let generation = 0;
	const pending: Routes[] = [];

	function anneal(limit: number, progress: number): number {
		const count = Math.min(50, limit);
		const scale = bestCost / compiled.nodes;
		ruin.run(count, scale * L.hot * (L.cold / L.hot) ** progress);
		if (ruin.bestLeftOut < bestLeftOut || (ruin.bestLeftOut === bestLeftOut && ruin.bestCost < bestCost)) {
			bestCost = ruin.bestCost;
			bestLeftOut = ruin.bestLeftOut;
			best = ruin.bestRoutes();
		}
		return count;
	}

	function setBest(routes: number[][]): void {
		best = routes;
		bestCost = routes.reduce((sum, route) => sum + routeCost(compiled, route), 0);
		bestLeftOut = compiled.nodes - 1 - routes.reduce((sum, route) => sum + route.length, 0);
	}

	function nextPart(): void {
		for (const other of pending.splice(0)) setBest(mergePlans(compiled, best, other));
		const members = pickRoutes(compiled, random, best, L.target);
		const empty = best.filter((route) => route.length === 0).length;
		part = partOf(compiled, best, members, members.length + Math.min(empty, 3), 40);
		genetic = createGenetic(part.compiled, random, L.gran);
		genetic.add(part.routes);
		partBest = part.routes.reduce((sum, route) => sum + routeCost(part!.compiled, route), 0);
		partRoutes = [];
		generation = 0;
	}

	function breed(): number {
		if (part === null || genetic === null) {
			nextPart();
			return L.cost;
		}
		const child = generation < L.init ? genetic.addRandom() : genetic.generation()!;
		generation++;
		if (child.warp === 0 && child.excess === 0 && child.cost < partBest) {
			partBest = child.cost;
			partRoutes = child.routes;
		}
		if (generation >= L.gens) {
			if (partRoutes.length > 0) {
				const routes = best.map((route, r) => (part!.members.includes(r) ? [] : [...route]));
				const free = [...routes.keys()].filter((r) => routes[r]!.length === 0);
				for (const route of partRoutes) if (route.length > 0) routes[free.shift()!] = route.map((c) => part!.whole[c]!);
				setBest(routes);
			}
			part = null;
		}
		return L.cost;
	}

	return {
		work(limit, progress) {
			if (progress < L.frac) return anneal(limit, progress / L.frac);
			if (!annealed) annealed = true;
			return breed();
		},
		get bestCost() {
			return bestCost;
		},
		get bestLeftOut() {
			return bestLeftOut;
		},
		bestRoutes: () => best,
		adopt(routes) {
			pending.push(routes);
			if (pending.length > 4) pending.shift();
		},
	};
}
