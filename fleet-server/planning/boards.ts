/**
 * Plans in the making: kept, versioned, with the states that edits made, and told to whoever listens (`change`, `drop`).
 *
 * A board's `version` counts every change of it; its *states* are what edits by hand go back and forth in:
 *
 * - `ground(id, version)`: all that an edit is reckoned on: frame (problem and what its numbers mean), problem, solution, what is
 *   pinned and locked, and matrices between chosen places, which the roads remember. Refuses another version than the present one.
 * - `apply(id, version, change, by)`: makes `change.solution` the newest state; it is drawn (drafts, reasons, figures) in the planning
 *   thread first. States that were undone are gone then. Refuses (409) when somebody was faster.
 * - `undo(id, version, by)`, `redo(id, version, by)`: the state before, or after; 409 when there is none.
 *
 * A solution that is applied need not carry reasons for what is unassigned: they are found when it is drawn.
 */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import {
	planProblem,
	type DraftDay,
	type PlanBoardSummary,
	type PlanEdit,
	type PlanMeasures,
	type PlanningOptions,
	type PlanningPoint,
	type PlanningProgress,
	type PlanProblem,
	type PlanSolution,
} from '@junkai/contracts';
import type { ServiceClock } from '../clock.ts';
import type { Matrices } from '../dispatch/frame.ts';
import { tablesOf } from '../dispatch/matrices.ts';
import type { Roads } from '../roads/port.ts';
import { boardStore, type BoardFacts, type BoardStore, type StateBodies, type StateFacts } from './board-store.ts';
import { PlanningError } from './errors.ts';
import type { PlanningFrame } from './frame.ts';
import type { Planned } from './protocol.ts';

const unpack = promisify(inflateRaw);
const MOST_POINTS = 400;

export interface BoardEvents {
	change: [board: PlanBoardSummary];
	drop: [id: string];
}

/** What a change by hand is reckoned on. */
export interface BoardGround {
	readonly summary: PlanBoardSummary;
	readonly frame: PlanningFrame;
	/** Checked, with defaults, without matrices. */
	readonly problem: PlanProblem;
	readonly solution: PlanSolution;
	/** Between places of the problem (`location_index`), for every profile; row and column i are that of `places[i]`. */
	matrices(places: readonly number[]): Promise<Matrices>;
}

export interface BoardChange {
	readonly edit: PlanEdit;
	/** Null when only pins or locks change. */
	readonly solution: PlanSolution | null;
	/** As before when absent. */
	readonly pinned?: readonly number[];
	readonly locked?: PlanBoardSummary['locked'];
}

/** Draws a solution in the planning thread. */
export type Draw = (frame: PlanningFrame, solution: PlanSolution) => Promise<Planned>;

export interface BoardsOptions {
	readonly database: DatabaseSync;
	readonly clock: ServiceClock;
	readonly roads: Roads;
	readonly draw: Draw;
}

export interface NewBoard {
	readonly name: string;
	readonly options: PlanningOptions;
	readonly by: string;
	readonly base: number | null;
	readonly mend: boolean;
	readonly reason?: string;
}

interface Board {
	facts: BoardFacts;
	state: StateFacts | null;
	undo: number;
	redo: number;
	/** An edit is being drawn. */
	busy: boolean;
}

const underWay: readonly PlanningProgress['state'][] = ['queued', 'reading', 'roads', 'searching', 'drawing'];

export class Boards extends EventEmitter<BoardEvents> {
	readonly #options: BoardsOptions;
	readonly #store: BoardStore;
	/** Oldest first. */
	readonly #boards = new Map<string, Board>();

	constructor(options: BoardsOptions) {
		super();
		this.#options = options;
		this.#store = boardStore(options.database);
		for (const facts of this.#store.list().toReversed()) {
			this.#boards.set(facts.id, { facts, ...this.#stateOf(facts), busy: false });
			if (!underWay.includes(facts.progress.state)) continue;
			this.progress(facts.id, { state: 'failed', problem: 'the server stopped while the plan was being made; start it again' });
		}
	}

	/** Newest first. */
	list(): PlanBoardSummary[] {
		return [...this.#boards.values()].map(summaryOf).toReversed();
	}

	/** Throws a PlanningError of status 404. */
	summary(id: string): PlanBoardSummary {
		return summaryOf(this.#board(id));
	}

	/** JSON of the DraftDays of a board; `[]` until there is a first plan. */
	async daysText(id: string): Promise<string> {
		const { facts } = this.#board(id);
		const bodies = facts.state === null ? null : this.#store.bodies(id, facts.state);
		return bodies ? (await unpack(bodies.days)).toString() : '[]';
	}

	async days(id: string): Promise<DraftDay[]> {
		return JSON.parse(await this.daysText(id)) as DraftDay[];
	}

	/** A plan's frame and solution; null until there is a first plan. */
	async content(id: string): Promise<{ frame: PlanningFrame; solution: PlanSolution } | null> {
		const { facts } = this.#board(id);
		const bodies = facts.state === null ? null : this.#store.bodies(id, facts.state);
		const frame = this.#store.frame(id);
		if (!bodies || !frame) return null;
		const [problem, solution] = await Promise.all([unpack(frame), unpack(bodies.solution)]);
		return { frame: JSON.parse(problem.toString()) as PlanningFrame, solution: JSON.parse(solution.toString()) as PlanSolution };
	}

	/** Throws a PlanningError: 404, or 409 when the version is not the present one or there is no plan yet. */
	async ground(id: string, version: number): Promise<BoardGround> {
		const summary = summaryOf(this.#changeable(id, version));
		const content = await this.content(id);
		if (!content) throw new PlanningError(409, 'there is no plan yet that could be changed');
		const { frame, solution } = content;
		return {
			summary,
			frame,
			solution,
			problem: planProblem.parse(frame.problem),
			matrices: (places) =>
				tablesOf(
					this.#options.roads,
					frame.profiles,
					places.map((at) => frame.spots[at]!.location),
				),
		};
	}

	create({ name, options, by, base, mend, reason = '' }: NewBoard): PlanBoardSummary {
		const now = Math.round(this.#options.clock.now());
		const facts: BoardFacts = {
			id: randomUUID(),
			version: 1,
			name,
			options,
			created: now,
			createdBy: by,
			updated: now,
			updatedBy: by,
			base,
			published: null,
			mend,
			progress: { state: 'queued', elapsed: 0, seconds: options.seconds ?? 0, curve: [], problem: null },
			reason,
			state: null,
		};
		this.#boards.set(facts.id, { facts, state: null, undo: 0, redo: 0, busy: false });
		this.#store.save(facts);
		for (const old of this.#store.surplus()) this.#remove(old);
		return this.#tell(facts.id);
	}

	/** How the making of a plan goes on. Only changes of state are written down. */
	progress(id: string, change: Partial<Omit<PlanningProgress, 'curve'>> & { readonly point?: PlanningPoint }): void {
		const board = this.#boards.get(id);
		if (!board) return;
		const { point, ...rest } = change;
		const before = board.facts.progress;
		const curve = point ? thinned([...before.curve, point]) : before.curve;
		const elapsed = point?.elapsed ?? rest.elapsed ?? before.elapsed;
		board.facts = { ...board.facts, progress: { ...before, ...rest, elapsed, curve } };
		if (rest.state !== undefined) this.#store.save(board.facts);
		this.#tell(id);
	}

	/** The plan is made. Does nothing when the board was dropped meanwhile. */
	made(id: string, planned: Planned, pinned: readonly number[] = [], locked: StateFacts['locked'] = []): PlanBoardSummary | null {
		const board = this.#boards.get(id);
		if (!board) return null;
		const { createdBy: by } = board.facts;
		this.#store.saveFrame(id, planned.frame!);
		this.#put(board, 0, { edit: null, by, pinned, locked, measures: planned.measures }, planned);
		board.facts = { ...board.facts, progress: { ...board.facts.progress, state: 'ready' } };
		this.#store.save(board.facts);
		return this.#tell(id);
	}

	/** Throws a PlanningError: 404, 409. Rejects with a RoadsError when the roads give no way. */
	async apply(id: string, version: number, change: BoardChange, by: string): Promise<PlanBoardSummary> {
		const board = this.#changeable(id, version);
		const before = await this.#exclusive(board, () => this.content(id));
		if (!before || !board.state) throw new PlanningError(409, 'there is no plan yet that could be changed');
		const { solution, pinned = board.state.pinned, locked = board.state.locked, edit } = change;
		const drawn = solution === null ? null : await this.#exclusive(board, () => this.#options.draw(before.frame, solution));
		if (!this.#boards.has(id)) throw gone(id);
		const place = board.facts.state!;
		const bodies = drawn ?? this.#store.bodies(id, place)!;
		this.#put(board, place + 1, { edit, by, pinned, locked, measures: drawn?.measures ?? board.state.measures }, bodies);
		return this.#saved(board, by);
	}

	undo(id: string, version: number, by: string): PlanBoardSummary {
		return this.#go(id, version, by, -1);
	}

	redo(id: string, version: number, by: string): PlanBoardSummary {
		return this.#go(id, version, by, 1);
	}

	/** The board is what a publication came from. */
	published(id: string, revision: number, by: string): PlanBoardSummary {
		const board = this.#board(id);
		board.facts = { ...board.facts, published: revision };
		return this.#saved(board, by);
	}

	drop(id: string): void {
		if (this.#board(id).facts.published !== null) throw new PlanningError(409, 'a plan that was published is kept');
		this.#remove(id);
	}

	/** Throws a PlanningError: 404, or 409 when another version is the present one, it was published, or an edit is being made. */
	#changeable(id: string, version: number): Board {
		const board = this.#board(id);
		const { facts } = board;
		if (facts.version !== version) {
			throw new PlanningError(
				409,
				`${facts.updatedBy} has changed this plan meanwhile (version ${facts.version}); look at it again`,
			);
		}
		if (facts.published !== null) {
			throw new PlanningError(409, 'a plan that was published is not changed any more: begin a new one with it');
		}
		if (board.busy) throw new PlanningError(409, 'somebody is changing this plan at this moment; look at it again');
		return board;
	}

	#board(id: string): Board {
		const board = this.#boards.get(id);
		if (!board) throw gone(id);
		return board;
	}

	async #exclusive<T>(board: Board, step: () => Promise<T>): Promise<T> {
		board.busy = true;
		try {
			return await step();
		} finally {
			board.busy = false;
		}
	}

	#put(board: Board, place: number, facts: Omit<StateFacts, 'at'>, { solution, days }: StateBodies): void {
		const state = { ...facts, at: Math.round(this.#options.clock.now()) };
		this.#store.putState(board.facts.id, place, state, { solution, days });
		board.facts = { ...board.facts, state: place };
		Object.assign(board, this.#stateOf(board.facts));
	}

	#go(id: string, version: number, by: string, step: -1 | 1): PlanBoardSummary {
		const board = this.#changeable(id, version);
		if ((step < 0 ? board.undo : board.redo) === 0) {
			throw new PlanningError(
				409,
				step < 0 ? 'there is no edit that could be undone' : 'there is no edit that could be made again',
			);
		}
		board.facts = { ...board.facts, state: board.facts.state! + step };
		Object.assign(board, this.#stateOf(board.facts));
		return this.#saved(board, by);
	}

	#saved(board: Board, by: string): PlanBoardSummary {
		const { facts } = board;
		board.facts = { ...facts, version: facts.version + 1, updated: Math.round(this.#options.clock.now()), updatedBy: by };
		this.#store.save(board.facts);
		return this.#tell(facts.id);
	}

	#stateOf({ id, state: place }: BoardFacts): Pick<Board, 'state' | 'undo' | 'redo'> {
		const places = this.#store.places(id);
		if (place === null || places === null) return { state: null, undo: 0, redo: 0 };
		return { state: this.#store.state(id, place), undo: place - places.first, redo: places.last - place };
	}

	#remove(id: string): void {
		this.#store.remove(id);
		if (this.#boards.delete(id)) this.emit('drop', id);
	}

	#tell(id: string): PlanBoardSummary {
		const summary = summaryOf(this.#board(id));
		this.emit('change', summary);
		return summary;
	}
}

const gone = (id: string): PlanningError => new PlanningError(404, `There is no plan ${id}.`);

function summaryOf({ facts, state, undo, redo }: Board): PlanBoardSummary {
	const { reason: _reason, state: _place, ...rest } = facts;
	const measures: PlanMeasures | null = state?.measures ?? null;
	return { ...rest, measures, pinned: [...(state?.pinned ?? [])], locked: [...(state?.locked ?? [])], undo, redo };
}

/** Every second point of the older half goes when there are too many: the newest matter most. */
function thinned(curve: PlanningPoint[]): PlanningPoint[] {
	if (curve.length <= MOST_POINTS) return curve;
	const half = Math.floor(curve.length / 2);
	return curve.filter((_, at) => at >= half || at % 2 === 0);
}
