/** A visit put elsewhere by hand: whether that can be, what it brings about, and the plan with it. */
import type { Blocking, PlanProblem, PlanRoute, PlanSolution } from '@junkai/contracts';
import { asOrdered, blockingsAt, fairnessCost, PlannerError } from '../../planner/index.ts';
import { extractOf, ordersOf, seriesVehicles, stepsOf, type Extract, type ExtractOptions } from './extract.ts';

export interface Ground {
	/** Without matrices. */
	readonly problem: PlanProblem;
	readonly solution: PlanSolution;
	/** Matrices between some of its places, for every profile of its vehicles. */
	readonly matrices: (places: readonly number[]) => Promise<NonNullable<PlanProblem['matrices']>>;
	/** Visits that keep van and time. */
	readonly pinned: ReadonlySet<number>;
}

export interface Move {
	readonly job: number;
	/** Null takes it out of the plan. */
	readonly to: { readonly vehicle: number; readonly before: number | null; readonly notBefore?: number | undefined } | null;
}

export type Moved =
	| { readonly possible: false; readonly blockings: readonly Blocking[]; readonly pinned: readonly number[] }
	| {
			readonly possible: true;
			/** The whole plan with the change. */
			readonly solution: PlanSolution;
			/** Vehicles whose routes may be others now. */
			readonly vehicles: readonly number[];
	  };

/** A pinned visit begins at its time to within this, seconds. */
const PIN = 300;

/**
 * @throws {PlannerError} `input` when the visit or the vehicle is not in the problem, or `before` not in that route
 */
export async function moveVisit(ground: Ground, move: Move): Promise<Moved> {
	const orders = affected(ground, move);
	const planned = stepsOf(ground.solution);
	const before = await asItIs(ground, orders);
	const wanted = reordered(orders, move);
	const options = { orders: wanted, free: move.job, placed: move.to !== null, notBefore: move.to?.notBefore };
	const found = await firstThatWorks(ground, options);
	if (!('blocked' in found)) {
		const slipped = [...ground.pinned].filter((id) => id !== move.job && hasSlipped(id, planned, stepsOf(found.solution)));
		if (slipped.length > 0) return { possible: false, blockings: [], pinned: slipped };
		return { possible: true, solution: merged(ground, move, before.solution, found.solution), vehicles: [...orders.keys()] };
	}
	return { possible: false, blockings: move.to ? await reasons(ground, orders, move.job, move.to) : [], pinned: [] };
}

/** The touched routes as they are, timed as the changed ones will be. */
async function asItIs(ground: Ground, orders: ReadonlyMap<number, readonly number[]>): Promise<Part> {
	const found = await firstThatWorks(ground, { orders, free: null, placed: false });
	if ('blocked' in found) throw new PlannerError('internal', 'the routes of this plan cannot be timed again as they are');
	return found;
}

type To = NonNullable<Move['to']>;

/** The routes that a move touches, as they are. */
function affected({ problem, solution }: Ground, { job, to }: Move): Map<number, number[]> {
	if (!problem.jobs?.some(({ id }) => id === job)) throw new PlannerError('input', `there is no visit ${job} in this plan`);
	const orders = ordersOf(problem, solution);
	if (to && !orders.has(to.vehicle)) throw new PlannerError('input', `there is no vehicle ${to.vehicle} in this plan`);
	const from = stepsOf(solution).get(job)?.vehicle;
	const touched = new Set([
		...(from === undefined ? [] : [from]),
		...(to ? [to.vehicle] : []),
		...seriesVehicles(problem, solution, job),
	]);
	return new Map([...touched].map((vehicle) => [vehicle, orders.get(vehicle)!]));
}

function reordered(orders: ReadonlyMap<number, readonly number[]>, { job, to }: Move): Map<number, number[]> {
	const result = new Map([...orders].map(([vehicle, jobs]) => [vehicle, jobs.filter((id) => id !== job)]));
	if (to === null) return result;
	const route = result.get(to.vehicle)!;
	const at = to.before === null ? route.length : route.indexOf(to.before);
	if (at < 0) throw new PlannerError('input', `visit ${to.before} is not in the route of vehicle ${to.vehicle}`);
	route.splice(at, 0, job);
	return result;
}

interface Part {
	readonly extract: Extract;
	readonly problem: PlanProblem;
	readonly solution: PlanSolution;
}

async function problemWithRoads(ground: Ground, extract: Extract): Promise<PlanProblem> {
	return { ...extract.problem, matrices: await ground.matrices(extract.places) };
}

async function evaluate(ground: Ground, options: ExtractOptions): Promise<Part> {
	const extract = extractOf(ground.problem, ground.solution, options);
	const problem = await problemWithRoads(ground, extract);
	return { extract, problem, solution: inWhole(extract, asOrdered(problem), ground, options) };
}

/** With the doctors as they are, and with any when that is the only way; of the places where the visit can be done the cheapest. */
async function firstThatWorks(ground: Ground, options: ExtractOptionsOfMove): Promise<Part | { readonly blocked: true }> {
	const job = ground.problem.jobs?.find(({ id }) => id === options.free);
	for (const sameDoctors of [true, false]) {
		let best: Part | undefined;
		for (const point of [null, ...(job?.meeting_points ?? []).keys()]) {
			const found = await feasible(ground, { ...options, sameDoctors, point });
			if (found && (!best || costOf(found) < costOf(best))) best = found;
			// Out of the plan it is at no place at all.
			if (!options.placed) break;
		}
		if (best) return best;
	}
	return { blocked: true };
}

type ExtractOptionsOfMove = Omit<ExtractOptions, 'sameDoctors' | 'point'> & {
	/** The visit is in the orders. */
	readonly placed: boolean;
};

const costOf = ({ solution }: Part): number => solution.summary?.cost ?? 0;

async function feasible(ground: Ground, options: ExtractOptions): Promise<Part | undefined> {
	try {
		return await evaluate(ground, options);
	} catch (error) {
		if (error instanceof PlannerError && error.code === 'input') return undefined;
		throw error;
	}
}

/** What keeps the visit out of its new place, where all others stay. */
async function reasons(ground: Ground, orders: ReadonlyMap<number, readonly number[]>, job: number, to: To): Promise<Blocking[]> {
	const without = reordered(orders, { job, to: null });
	const alone = await firstThatWorks(ground, { orders: without, free: null, placed: false });
	if ('blocked' in alone) return [noDoctorInOrder(to)];
	const options = { orders: reordered(orders, { job, to }), free: job, sameDoctors: false, notBefore: to.notBefore };
	const extract = extractOf(ground.problem, ground.solution, options);
	const problem = await problemWithRoads(ground, extract);
	const plan = asOrdered(alone.problem);
	const found = blockingsAt(withoutSteps(problem), localised(plan, alone.extract, extract), {
		job,
		vehicle: to.vehicle,
		before: to.before,
	});
	// By itself it would fit: what is in the way is that the doctors of the others cannot follow.
	return found.length > 0 ? found : [noDoctorInOrder(to)];
}

const noDoctorInOrder = ({ vehicle }: To): Blocking => ({
	rule: 'doctor_busy',
	vehicle,
	message: 'the doctors are with others at the times that this order leaves',
});

const withoutSteps = (problem: PlanProblem): PlanProblem => ({
	...problem,
	vehicles: problem.vehicles.map(({ steps: _steps, ...vehicle }) => vehicle),
});

/** Places of one part in the numbers of another one that has them all. */
function localised(solution: PlanSolution, from: Extract, to: Extract): PlanSolution {
	return placed(solution, (index) => to.places.indexOf(from.places[index]!));
}

function placed(solution: PlanSolution, to: (index: number) => number): PlanSolution {
	return {
		...solution,
		routes: (solution.routes ?? []).map((route) => ({
			...route,
			steps: route.steps.map((step) =>
				step.location_index === undefined ? step : { ...step, location_index: to(step.location_index) },
			),
		})),
	};
}

/** The part's answer in the whole plan's numbers: places, and the meeting points that visits keep. */
function inWhole({ places }: Extract, solution: PlanSolution, ground: Ground, { free, point }: ExtractOptions): PlanSolution {
	const planned = stepsOf(ground.solution);
	const whole = placed(solution, (index) => places[index]!);
	return {
		...whole,
		routes: (whole.routes ?? []).map((route) => ({
			...route,
			steps: route.steps.map((step) => {
				if (step.type !== 'job') return step;
				const { meeting_point: _point, ...rest } = step;
				const at = step.id === free ? (point ?? undefined) : planned.get(step.id!)?.step.meeting_point;
				return at === undefined ? rest : { ...rest, meeting_point: at };
			}),
		})),
	};
}

type Steps = ReturnType<typeof stepsOf>;

function hasSlipped(job: number, before: Steps, after: Steps): boolean {
	const [then, now] = [before.get(job), after.get(job)];
	if (!then || !now) return false;
	const begin = ({ step }: typeof then): number => step.arrival + step.waiting_time;
	return then.vehicle !== now.vehicle || Math.abs(begin(then) - begin(now)) > PIN;
}

const sums = ['cost', 'setup', 'service', 'duration', 'waiting_time', 'priority', 'distance'] as const;

/** The whole plan with a part of it exchanged. Sums change by what the part's sums change, fairness by who is left out. */
function merged({ problem, solution }: Ground, { job, to }: Move, before: PlanSolution, after: PlanSolution): PlanSolution {
	const was = new Map((before.routes ?? []).map((route) => [route.vehicle, route]));
	const is = new Map((after.routes ?? []).map((route) => [route.vehicle, route]));
	const changed = new Set([...was.keys(), ...is.keys()]);
	const others = (solution.routes ?? []).filter(({ vehicle }) => !changed.has(vehicle));
	const order = new Map(problem.vehicles.map(({ id }, at) => [id, at]));
	const routes = [...others, ...is.values()].toSorted((a, b) => order.get(a.vehicle)! - order.get(b.vehicle)!);
	const unassigned = (solution.unassigned ?? []).filter(({ id }) => id !== job);
	if (to === null) unassigned.push({ id: job, type: 'job' });
	const left = (list: typeof unassigned) => fairnessCost(problem, new Set(list.map(({ id }) => id)));
	const fairness = left(unassigned) - left(solution.unassigned ?? []);
	const summary = solution.summary && summed(solution.summary, before.summary, after.summary, fairness, routes, unassigned.length);
	return { ...solution, routes, unassigned, ...(summary && { summary }), doctors: consultsOf(problem, routes) };
}

type Summary = NonNullable<PlanSolution['summary']>;

function summed(
	whole: Summary,
	before: Summary | undefined,
	after: Summary | undefined,
	fairness: number,
	routes: readonly PlanRoute[],
	unassigned: number,
): Summary {
	const next: Summary = { ...whole, routes: routes.length, unassigned };
	for (const key of sums) next[key] = (whole[key] ?? 0) + (after?.[key] ?? 0) - (before?.[key] ?? 0);
	next.cost += fairness;
	const kinds = new Set([...Object.keys(whole.costs ?? {}), ...Object.keys(after?.costs ?? {})]) as Set<
		keyof NonNullable<Summary['costs']>
	>;
	next.costs = {};
	for (const kind of kinds) {
		const more = kind === 'fairness' ? fairness : (after?.costs?.[kind] ?? 0) - (before?.costs?.[kind] ?? 0);
		next.costs[kind] = (whole.costs?.[kind] ?? 0) + more;
	}
	return next;
}

function consultsOf(problem: PlanProblem, routes: readonly PlanRoute[]): NonNullable<PlanSolution['doctors']> {
	const consults = routes.flatMap(({ vehicle, steps }) =>
		steps.flatMap(({ id, consult }) => (consult ? [{ job: id!, vehicle, ...consult }] : [])),
	);
	return (problem.doctors ?? []).map(({ id }) => ({
		doctor: id,
		consults: consults
			.filter(({ doctor }) => doctor === id)
			.map(({ job, vehicle, start, end }) => ({ job, vehicle, start, end }))
			.toSorted((a, b) => a.start - b.start),
	}));
}
