/**
 * The best times of a route in a given order: least sum of violations, then the shortest time on the way, then the earliest
 * begins (VROOM's order of aims, docs/API.md and its `choose_ETA`). Found by dynamic programming over the candidate times, one
 * moment after the other; on legs with breaks also over the time at which the leg began, since travel may be split.
 */
import { PlannerError } from '../errors.ts';
import { candidateTimes } from './candidates.ts';
import { type Chain, violationAt } from './chain.ts';

/** Pairs of times held for one leg with breaks. */
const MOST_PAIRS = 10_000_000;

/** Violations, time on the way, sum of begins: compared from left to right. All three add up along the route. */
type Worth = readonly [number, number, number];

const NEVER: Worth = [Infinity, Infinity, Infinity];

function better(one: Worth, other: Worth): boolean {
	if (one[0] !== other[0]) return one[0] < other[0];
	if (one[1] !== other[1]) return one[1] < other[1];
	return one[2] < other[2];
}

/** The best plan up to a moment, for each of its candidate times; `before[i]` leads back to the candidates of the leg's other moments. */
interface Layer {
	readonly worth: readonly Worth[];
	/** Candidate index of each moment since the last place, that place first. */
	readonly back: (candidate: number) => readonly number[];
}

/** Begin of each moment, hundredths. Undefined: the hard times contradict each other. @throws {PlannerError} `input`: too long. */
export function chooseTimes(chain: Chain): number[] | undefined {
	const candidates = candidateTimes(chain);
	const base = Math.min(...chain.moments.flatMap(({ wished, hard }) => [...(wished ?? []).flat(), hard[0]].filter((t) => t > 0)));
	const origin = Number.isFinite(base) ? base : 0;
	const last = chain.moments.length - 1;
	const costs = chain.moments.map((moment, at) => (time: number): Worth => {
		const { by } = violationAt(moment, time);
		if (at === 0) return [by, origin - time, 0];
		return at === last ? [by, time - origin, 0] : [by, 0, time - origin];
	});
	const own = (at: number) => Array.from(candidates[at] ?? [], (time) => costs[at]?.(time) ?? NEVER);
	const layers: Layer[] = [{ worth: own(0), back: () => [] }];
	for (const leg of chain.legs) {
		const before = layers.at(-1)?.worth ?? [];
		layers.push(
			leg.to === leg.from + 1 ? plainLeg(chain, leg, candidates, before, own) : brokenLeg(chain, leg, candidates, before, own),
		);
	}
	return trace(chain, candidates, layers);
}

function trace(chain: Chain, candidates: readonly Float64Array[], layers: readonly Layer[]): number[] | undefined {
	const times = chain.moments.map(() => 0);
	const ends = layers.at(-1)?.worth ?? [];
	let best = -1;
	for (const [at, worth] of ends.entries()) if (better(worth, ends[best] ?? NEVER)) best = at;
	if (best < 0) return undefined;
	for (let number = chain.legs.length; number > 0; number--) {
		const leg = chain.legs[number - 1];
		if (!leg) break;
		times[leg.to] = candidates[leg.to]?.[best] ?? 0;
		const back = layers[number]?.back(best) ?? [];
		for (const [offset, candidate] of back.entries()) times[leg.from + offset] = candidates[leg.from + offset]?.[candidate] ?? 0;
		best = back[0] ?? 0;
	}
	if (chain.legs.length === 0) times[0] = candidates[0]?.[best] ?? 0;
	return times;
}

type Own = (at: number) => readonly Worth[];
type LegOf = Chain['legs'][number];

function add(one: Worth, other: Worth): Worth {
	return [one[0] + other[0], one[1] + other[1], one[2] + other[2]];
}

function plainLeg(chain: Chain, leg: LegOf, candidates: readonly Float64Array[], before: readonly Worth[], own: Own): Layer {
	const froms = candidates[leg.from] ?? new Float64Array();
	const away = (chain.moments[leg.from]?.action ?? 0) + leg.travel;
	const chosen: number[] = [];
	let next = 0;
	let best = -1;
	const worth = own(leg.to).map((cost, at) => {
		const time = candidates[leg.to]?.[at] ?? 0;
		for (; next < froms.length && (froms[next] ?? 0) + away <= time; next++) {
			if (better(before[next] ?? NEVER, before[best] ?? NEVER)) best = next;
		}
		chosen.push(best);
		return best < 0 ? NEVER : add(before[best] ?? NEVER, cost);
	});
	return { worth, back: (candidate) => [chosen[candidate] ?? 0] };
}

/** For each begin of the leg its breaks one after the other; the next place waits for the last break and for the whole travel. */
function brokenLeg(chain: Chain, leg: LegOf, candidates: readonly Float64Array[], before: readonly Worth[], own: Own): Layer {
	const froms = candidates[leg.from] ?? new Float64Array();
	let least = leg.travel;
	for (let at = leg.from; at < leg.to; at++) {
		least += chain.moments[at]?.action ?? 0;
		if (froms.length * (candidates[at + 1]?.length ?? 0) > MOST_PAIRS) {
			throw new PlannerError('input', 'plan mode cannot take a route with so many steps and breaks');
		}
	}
	const ends = candidates[leg.to] ?? new Float64Array();
	const costs = own(leg.to);
	const worth: Worth[] = costs.map(() => NEVER);
	const chosen: (readonly number[])[] = costs.map(() => []);
	for (let from = 0; from < froms.length; from++) {
		const begun = before[from] ?? NEVER;
		if (begun[0] === Infinity) continue;
		const breaks = breakChain(chain, leg, candidates, froms[from] ?? 0, begun, own);
		const lastTimes = candidates[leg.to - 1] ?? new Float64Array();
		const lastAction = chain.moments[leg.to - 1]?.action ?? 0;
		let next = 0;
		for (let at = 0; at < ends.length; at++) {
			const time = ends[at] ?? 0;
			while (next < lastTimes.length && (lastTimes[next] ?? 0) + lastAction <= time) next++;
			if (time < (froms[from] ?? 0) + least || next === 0) continue;
			const { worth: sofar = NEVER, path = [] } = breaks[next - 1] ?? {};
			const total = add(sofar, costs[at] ?? NEVER);
			if (!better(total, worth[at] ?? NEVER)) continue;
			worth[at] = total;
			chosen[at] = [from, ...path];
		}
	}
	return { worth, back: (candidate) => chosen[candidate] ?? [] };
}

interface Way {
	readonly worth: Worth;
	readonly path: readonly number[];
}

/** Best way through the breaks of a leg that begins at `begin`; entry i: with the last break at its candidate i at the latest. */
function breakChain(
	chain: Chain,
	leg: LegOf,
	candidates: readonly Float64Array[],
	begin: number,
	begun: Worth,
	own: Own,
): readonly Way[] {
	let ways: readonly Way[] = [{ worth: begun, path: [] }];
	let times: ArrayLike<number> = [begin];
	for (let at = leg.from + 1; at < leg.to; at++) {
		const action = chain.moments[at - 1]?.action ?? 0;
		const here = candidates[at] ?? new Float64Array();
		const costs = own(at);
		const reached: Way[] = [];
		let next = 0;
		let best: Way = { worth: NEVER, path: [] };
		for (let candidate = 0; candidate < here.length; candidate++) {
			const time = here[candidate] ?? 0;
			while (next < times.length && (times[next] ?? 0) + action <= time) next++;
			const way = ways[next - 1];
			if (way && way.worth[0] !== Infinity) {
				const worth = add(way.worth, costs[candidate] ?? NEVER);
				if (better(worth, best.worth)) best = { worth, path: [...way.path, candidate] };
			}
			reached.push(best);
		}
		ways = reached;
		times = here;
	}
	return ways;
}
