/** Plans that breed: feasible ones and others apart, both judged by cost and by how much they differ (Vidal and others, 2012). */
import type { Random } from '../../random.ts';

/** Fewest and most plans of a kind, those protected for their cost, and the neighbours that diversity is measured by. */
const FEWEST = 25;
const MOST = 65;
const ELITE = 4;
const CLOSE = 5;

export interface Individual {
	readonly routes: readonly (readonly number[])[];
	/** Successor of each customer, 0 for the depot; entry 0 is not used. */
	readonly succ: Int32Array;
	readonly cost: number;
	readonly warp: number;
	readonly excess: number;
}

interface Member {
	readonly individual: Individual;
	/** Share of customers with another successor, by other member. */
	readonly distances: Map<Member, number>;
	/** The smallest of the distances, in order, and their mean. */
	closest: Float64Array;
	diversity: number;
	penalised: number;
	fitness: number;
}

export interface Population {
	add(individual: Individual): void;
	/** Two parents by tournament; undefined while there are fewer than two plans. */
	parents(): readonly [Individual, Individual] | undefined;
	/** Any feasible one. */
	sample(): Individual | undefined;
}

/** `penalised` is the cost with penalties as they now stand. */
export function createPopulation(penalised: (individual: Individual) => number, random: Random): Population {
	const feasible: Member[] = [];
	const infeasible: Member[] = [];

	function distance(a: Int32Array, b: Int32Array): number {
		let differ = 0;
		for (let c = 1; c < a.length; c++) if (a[c] !== b[c]) differ++;
		return differ / a.length;
	}

	function measure(member: Member): void {
		member.closest = Float64Array.from(member.distances.values()).toSorted().slice(0, CLOSE);
		const { closest } = member;
		let sum = 0;
		for (let k = 0; k < closest.length; k++) sum += closest[k]!;
		member.diversity = closest.length === 0 ? 1 : sum / closest.length;
	}

	/** Takes note of a new distance. */
	function approach(member: Member, apart: number): void {
		const { closest } = member;
		if (closest.length < CLOSE) return measure(member);
		let at = CLOSE - 1;
		if (apart >= closest[at]!) return;
		member.diversity += (apart - closest[at]!) / CLOSE;
		for (; at > 0 && closest[at - 1]! > apart; at--) closest[at] = closest[at - 1]!;
		closest[at] = apart;
	}

	/** Ranks by cost and by diversity, the latter weighing less the fewer members there are. */
	function rate(members: Member[]): void {
		for (const member of members) member.penalised = penalised(member.individual);
		members.sort((a, b) => a.penalised - b.penalised);
		const last = Math.max(1, members.length - 1);
		for (let rank = 0; rank < members.length; rank++) members[rank]!.fitness = rank / last;
		if (members.length <= ELITE) return;
		const byDiversity = members.toSorted((a, b) => b.diversity - a.diversity);
		const weight = 1 - ELITE / members.length;
		for (let rank = 0; rank < members.length; rank++) byDiversity[rank]!.fitness += (weight * rank) / last;
	}

	function shrink(members: Member[]): void {
		while (members.length > FEWEST) {
			rate(members);
			let worst = members.length - 1;
			let worstKey = -Infinity;
			for (let k = 1; k < members.length; k++) {
				const isClone = members[k]!.closest[0] === 0;
				const key = members[k]!.fitness + (isClone ? 10 : 0);
				if (key > worstKey) {
					worstKey = key;
					worst = k;
				}
			}
			const [removed] = members.splice(worst, 1);
			for (const member of members) {
				const apart = member.distances.get(removed!)!;
				member.distances.delete(removed!);
				if (apart <= member.closest.at(-1)!) measure(member);
			}
		}
	}

	function tournament(): Member {
		const draw = (): Member => {
			const at = random.below(feasible.length + infeasible.length);
			return at < feasible.length ? feasible[at]! : infeasible[at - feasible.length]!;
		};
		const a = draw();
		const b = draw();
		return a.fitness < b.fitness ? a : b;
	}

	return {
		add(individual) {
			const members = individual.warp === 0 && individual.excess === 0 ? feasible : infeasible;
			const member: Member = {
				individual,
				distances: new Map(),
				closest: new Float64Array(),
				diversity: 1,
				penalised: 0,
				fitness: 0,
			};
			for (const other of members) {
				const apart = distance(individual.succ, other.individual.succ);
				member.distances.set(other, apart);
				other.distances.set(member, apart);
				approach(other, apart);
			}
			measure(member);
			members.push(member);
			if (members.length > MOST) shrink(members);
		},
		parents() {
			if (feasible.length + infeasible.length < 2) return undefined;
			rate(feasible);
			rate(infeasible);
			const a = tournament();
			let b = tournament();
			for (let attempt = 0; attempt < 10; attempt++) {
				if (a !== b && a.distances.get(b) !== 0) break;
				b = tournament();
			}
			return [a.individual, b.individual];
		},
		sample: () => (feasible.length > 0 ? feasible[random.below(feasible.length)]!.individual : undefined),
	};
}
