/** Changes of a board by hand: what one would bring about, and making it so. */
import type { EditConsequence, PlanBoardSummary, PlanEdit, PlanSolution } from '@junkai/contracts';
import { PlannerError } from '../../planner/index.ts';
import type { BoardChange, BoardGround, Boards } from '../boards.ts';
import { PlanningError } from '../errors.ts';
import { withheldRules, type PlanningFrame } from '../frame.ts';
import { measuresOf } from '../measures.ts';
import { stepsOf } from './extract.ts';
import { moveVisit, type Moved } from './move.ts';

type Forbidden = EditConsequence['forbidden'][number];
type Move = Extract<PlanEdit, { type: 'move' }>;
type Target = NonNullable<Move['to']>;

/** An edit, worked out: what it brings about, and the change of the board when it is possible. */
interface Worked {
	readonly consequence: EditConsequence;
	readonly change: BoardChange | null;
}

/** Others begin as before when they do to within this, seconds. */
const SAME_TIME = 60;

/** Throws a PlanningError: 404, 409 when the board is another by now, 422 when the edit names what is not in the plan. */
export async function previewEdit(boards: Boards, id: string, version: number, edit: PlanEdit): Promise<EditConsequence> {
	return (await workOut(await boards.ground(id, version), edit)).consequence;
}

/** As the preview; an edit that is impossible is refused with 422, saying the first rule against it. */
export async function makeEdit(boards: Boards, id: string, version: number, edit: PlanEdit, by: string): Promise<PlanBoardSummary> {
	const { change, consequence } = await workOut(await boards.ground(id, version), edit);
	if (change === null) throw new PlanningError(422, `this cannot be: ${consequence.forbidden.map(inWords).join('; ')}`);
	return await boards.apply(id, version, change, by);
}

const inWords = ({ cause, visit, vehicle, by }: Forbidden): string =>
	[cause, visit === null ? '' : `visit ${visit}`, vehicle ?? '', by === null ? '' : `by ${by}`].filter(Boolean).join(' ');

async function workOut(ground: BoardGround, edit: PlanEdit): Promise<Worked> {
	const { solution, summary } = ground;
	if (edit.type === 'pin') {
		known(ground, edit.visit);
		if (edit.pinned && !stepsOf(solution).has(edit.visit))
			throw new PlanningError(422, `visit ${edit.visit} is in no route of this plan, so it has no time to keep`);
		const others = summary.pinned.filter((visit) => visit !== edit.visit);
		return { consequence: nothing, change: { edit, solution, pinned: edit.pinned ? [...others, edit.visit] : others } };
	}
	if (edit.type === 'lock') {
		const { date, vehicle } = edit;
		if (!ground.frame.vehicles.some((one) => one.date === date && one.vehicle === vehicle))
			throw new PlanningError(422, `${vehicle} has no shift on ${date} in this plan`);
		const others = summary.locked.filter((one) => one.date !== date || one.vehicle !== vehicle);
		return { consequence: nothing, change: { edit, solution, locked: edit.locked ? [...others, { date, vehicle }] : others } };
	}
	return await workOutMove(ground, edit);
}

function known({ frame }: BoardGround, visit: number): PlanningFrame['visits'][number] {
	const found = frame.visits.find(({ id }) => id === visit);
	if (!found) throw new PlanningError(422, `there is no visit ${visit} in this plan`);
	return found;
}

async function workOutMove(ground: BoardGround, edit: Move): Promise<Worked> {
	const visit = known(ground, edit.visit);
	const vehicle = edit.to && vehicleFor(ground, edit.to);
	const refused = forbiddenAtOnce(ground, edit, visit, vehicle);
	if (refused.length > 0) return { consequence: { ...nothing, possible: false, forbidden: refused }, change: null };
	const to = edit.to && { vehicle: vehicle!.id, before: edit.to.before, notBefore: notBefore(edit.to) };
	const { problem, solution, summary } = ground;
	// A route that is locked keeps all of its visits, as do pinned ones.
	const held = new Set([...summary.pinned, ...lockedVisits(ground)]);
	const moved = await moved422(() =>
		moveVisit({ problem, solution, pinned: held, matrices: (places) => ground.matrices(places) }, { job: edit.visit, to }),
	);
	if (!moved.possible) {
		const forbidden = against(ground, moved, edit);
		return { consequence: { ...nothing, possible: false, forbidden }, change: null };
	}
	return {
		consequence: consequenceOf(ground, moved.solution, edit, vehicle?.id ?? null),
		change: { edit, solution: moved.solution },
	};
}

const notBefore = ({ at }: Target): number | undefined => (at === undefined ? undefined : Math.ceil(at / 1000));

async function moved422(move: () => Promise<Moved>): Promise<Moved> {
	try {
		return await move();
	} catch (error) {
		if (error instanceof PlannerError && error.code === 'input') throw new PlanningError(422, error.message, { cause: error });
		throw error;
	}
}

type FrameVehicle = PlanningFrame['vehicles'][number];

/** The van in the shift that is meant: that of the visit before which it goes, else the one whose hours hold the time, else the first. */
function vehicleFor({ frame, problem, solution }: BoardGround, { date, vehicle, before, at }: Target): FrameVehicle | null {
	const present = new Set(problem.vehicles.map(({ id }) => id));
	const shifts = frame.vehicles.filter((one) => one.date === date && one.vehicle === vehicle && present.has(one.id));
	if (before !== null) {
		const route = stepsOf(solution).get(before)?.vehicle;
		return shifts.find(({ id }) => id === route) ?? shifts[0] ?? null;
	}
	const time = at === undefined ? null : at / 1000;
	return shifts.find(({ hours: [from, until] }) => time !== null && from <= time && time < until) ?? shifts[0] ?? null;
}

const plain = { visit: null, vehicle: null, doctor: null, by: null };

/** What forbids a move whatever the times. */
function forbiddenAtOnce(
	{ summary, solution, frame }: BoardGround,
	{ visit: number, to }: Move,
	visit: PlanningFrame['visits'][number],
	vehicle: FrameVehicle | null,
): Forbidden[] {
	const found: Forbidden[] = [];
	if (summary.pinned.includes(number)) found.push({ ...plain, cause: 'pinned-visit', visit: number });
	const from = frame.vehicles.find(({ id }) => id === stepsOf(solution).get(number)?.vehicle);
	const routes = [from, to].filter((one) => one !== undefined && one !== null);
	const locked = routes.find((one) => summary.locked.some(({ date, vehicle: van }) => date === one.date && van === one.vehicle));
	if (locked) found.push({ ...plain, cause: 'locked-route', vehicle: locked.vehicle });
	if (to === null) return found;
	if (visit.withheld !== null) found.push({ ...plain, cause: withheldRules[visit.withheld], visit: number });
	if (!visit.dates.includes(to.date)) found.push({ ...plain, cause: 'not-that-day', visit: number });
	if (vehicle === null) found.push({ ...plain, cause: 'no-shift', vehicle: to.vehicle });
	return found;
}

function lockedVisits({ summary, frame, solution }: BoardGround): number[] {
	const locked = new Set(
		frame.vehicles
			.filter((one) => summary.locked.some(({ date, vehicle }) => date === one.date && vehicle === one.vehicle))
			.map(({ id }) => id),
	);
	return [...stepsOf(solution)].flatMap(([visit, { vehicle }]) => (locked.has(vehicle) ? [visit] : []));
}

/** The rules against a move, in the fleet's names. */
function against({ frame }: BoardGround, moved: Extract<Moved, { possible: false }>, { visit, to }: Move): Forbidden[] {
	if (moved.pinned.length > 0) return moved.pinned.map((one) => ({ ...plain, cause: 'pinned-visit' as const, visit: one }));
	const vanOf = (id: number | undefined) => frame.vehicles.find((one) => one.id === id)?.vehicle ?? to?.vehicle ?? null;
	return moved.blockings.map(({ rule, vehicle, doctor, by }) => ({
		cause: rule,
		visit,
		vehicle: vanOf(vehicle),
		doctor: doctor ?? null,
		by: by ?? null,
	}));
}

const nothing: EditConsequence = {
	possible: true,
	forbidden: [],
	travel: 0,
	distance: 0,
	waiting: 0,
	cost: 0,
	shifted: [],
	doctors: [],
	route: [],
};

function consequenceOf(
	{ frame, solution }: BoardGround,
	after: PlanSolution,
	{ visit }: Move,
	target: number | null,
): EditConsequence {
	const [was, is] = [measuresOf(frame, solution), measuresOf(frame, after)];
	const [before, now] = [stepsOf(solution), stepsOf(after)];
	const nameOf = new Map(frame.vehicles.map((one) => [one.id, one.vehicle]));
	const shifted = [...now].flatMap(([id, one]) => {
		const then = before.get(id);
		if (!then || id === visit) return [];
		const by = beginOf(one.step) - beginOf(then.step);
		return Math.abs(by) > SAME_TIME ? [{ visit: id, by, vehicle: nameOf.get(one.vehicle)! }] : [];
	});
	const gaps = new Map(was.doctors.map(({ doctor, gaps: own }) => [doctor, own]));
	const doctors = is.doctors.flatMap(({ doctor, gaps: own }) => {
		const by = own - (gaps.get(doctor) ?? 0);
		return Math.abs(by) > SAME_TIME ? [{ doctor, by }] : [];
	});
	return {
		possible: true,
		forbidden: [],
		travel: is.travel - was.travel,
		distance: is.distance - was.distance,
		waiting: is.waiting - was.waiting,
		cost: is.cost - was.cost,
		shifted: shifted.toSorted((a, b) => Math.abs(b.by) - Math.abs(a.by)),
		doctors,
		route: target === null ? [] : routeOf(after, target),
	};
}

type Step = NonNullable<PlanSolution['routes']>[number]['steps'][number];

const beginOf = (step: Step): number => step.arrival + step.waiting_time;

/** The visits of a route, ms. */
function routeOf({ routes = [] }: PlanSolution, vehicle: number): EditConsequence['route'] {
	const steps = routes.find((one) => one.vehicle === vehicle)?.steps ?? [];
	return steps.flatMap((step) => {
		if (step.type !== 'job') return [];
		const { consult } = step;
		return [
			{
				visit: step.id!,
				from: beginOf(step) * 1000,
				to: (beginOf(step) + step.setup + step.service) * 1000,
				consult: consult ? { doctor: consult.doctor, from: consult.start * 1000, to: consult.end * 1000 } : null,
			},
		];
	});
}
