/** Plans are asked for, made one at a time, mended, published. */
import type { DatabaseSync } from 'node:sqlite';
import type { CalendarDate, DraftDay, PlanBoardSummary, PlanningOptions, PublishedPlan, VehicleEstimate } from '@junkai/contracts';
import { loadRegion } from '@junkai/regions';
import type { Logger } from 'pino';
import type { ServiceClock } from '../clock.ts';
import { FleetServerError, messageOf } from '../errors.ts';
import { addDays, type Calendar } from '../registry/calendar.ts';
import { factsOf } from '../registry/facts.ts';
import type { Roads } from '../roads/port.ts';
import { RoadsError } from '../roads/roads-error.ts';
import type { VehicleRegistry } from '../store/vehicle-registry.ts';
import { Boards } from './boards.ts';
import { closuresWithin } from './closures.ts';
import { PlanningError } from './errors.ts';
import type { Promised } from './frame.ts';
import { placedVisits } from './measures.ts';
import { measuresOfVan, type ProblemOptions } from './problem.ts';
import type { Planned } from './protocol.ts';
import type { RecordsSource } from './records.ts';
import { staleness } from './stale.ts';
import { PlanningThread } from './thread.ts';

/** The publications room, as far as planning needs it. */
export interface Publisher {
	/** Revision of the newest publication; null when there is none. */
	readonly newest: number | null;
	planOf(date: CalendarDate): PublishedPlan | null;
	publish(request: {
		days: readonly { date: CalendarDate; draft: PublishedPlan | Omit<PublishedPlan, 'id' | 'revision' | 'published'> }[];
		by: string;
		note?: string;
		board?: string | null;
		mend?: boolean;
		base: number | null;
	}): { revision: number };
}

export interface PlanningParts {
	readonly database: DatabaseSync;
	readonly region: string;
	readonly calendar: Calendar;
	readonly clock: ServiceClock;
	readonly records: RecordsSource;
	readonly publications: Publisher;
	readonly registry: VehicleRegistry;
	readonly roads: Roads;
	/** Of one search. */
	readonly threads: number;
	readonly log: Logger;
	/** How vans come to stand, by what is known now. */
	readonly estimates: () => readonly VehicleEstimate[];
}

/** Plans that wait. */
const MOST_WAITING = 8;
/** An older position does not tell where a van is, ms of service time. */
const FRESH_MS = 10 * 60_000;
/** A mend is there within so many seconds when the search is asked for one second. */
const MEND_WITHIN = 1.9;

interface Waiting {
	readonly id: string;
	readonly options: PlanningOptions;
}

export class Planning {
	readonly boards: Boards;
	readonly #parts: PlanningParts;
	/** For plans, which take long. */
	readonly #planner: PlanningThread;
	/** For mends and for drawing what was changed by hand, which people wait for; one after the other. */
	readonly #quick: PlanningThread;
	#quickly: Promise<unknown> = Promise.resolve();
	readonly #queue: Waiting[] = [];
	#making: string | null = null;
	#stopped = false;
	#wanted = false;
	#preparing = false;

	constructor(parts: PlanningParts) {
		this.#parts = parts;
		this.#planner = new PlanningThread(parts.roads, { nice: true });
		this.#quick = new PlanningThread(parts.roads, { nice: false });
		const { database, clock, roads } = parts;
		this.boards = new Boards({
			database,
			clock,
			roads,
			draw: async (frame, solution) => (await this.#soon({ kind: 'draw', frame, solution }))!,
		});
	}

	/**
	 * Takes an order for a plan; it is made when those before it are. Throws a PlanningError: 422 for days that are over, 409 when the
	 * plan of today is under way (mend it), 503 when too many wait.
	 */
	start(options: PlanningOptions, by: string): PlanBoardSummary {
		const { clock, calendar, publications } = this.#parts;
		const now = clock.now();
		const today = calendar.dateOf(now);
		if (this.#stopped) throw new PlanningError(503, 'the server is stopping');
		if (options.from < today) throw new PlanningError(422, `${options.from} is over: today is ${today}`);
		const current = publications.planOf(today);
		if (options.from === today && current && current.from <= now) {
			throw new PlanningError(409, 'the plan of today is under way: mend it, or begin with tomorrow');
		}
		if (options.start !== undefined) this.boards.summary(options.start);
		if (this.#queue.length >= MOST_WAITING)
			throw new PlanningError(503, `${this.#queue.length} plans wait already; try again later`);
		const name = options.name ?? defaultName(options);
		const board = this.boards.create({ name, options, by, base: publications.newest, mend: false });
		this.#queue.push({ id: board.id, options });
		void this.#next();
		return board;
	}

	/** Ends the search and keeps the best plan so far; a plan that waits is not made. */
	stopPlan(id: string): PlanBoardSummary {
		const board = this.boards.summary(id);
		const waiting = this.#queue.findIndex((one) => one.id === id);
		if (waiting >= 0) {
			this.#queue.splice(waiting, 1);
			this.boards.progress(id, { state: 'stopped', problem: 'stopped before there was any plan' });
		} else if (this.#making === id) this.#planner.enough();
		else return board;
		return this.boards.summary(id);
	}

	drop(id: string): void {
		const { published } = this.boards.summary(id);
		if (published === null) this.stopPlan(id);
		this.boards.drop(id);
	}

	/**
	 * Makes the days of a plan hold. Rejects with a PlanningError (409 when the plan or what holds was changed meanwhile, 422 when it is
	 * not one that can be published).
	 */
	async publish(
		id: string,
		version: number,
		{ base, note }: { base: number | null; note: string },
		by: string,
	): Promise<PlanBoardSummary> {
		const { publications, clock, calendar } = this.#parts;
		const board = this.boards.summary(id);
		if (board.version !== version) {
			throw new PlanningError(
				409,
				`${board.updatedBy} has changed this plan meanwhile (version ${board.version}); look at it again`,
			);
		}
		if (board.progress.state !== 'ready')
			throw new PlanningError(409, `the plan is ${board.progress.state}: there is nothing to publish yet`);
		const drawn = await this.boards.days(id);
		const today = calendar.dateOf(clock.now());
		const days = drawn.filter(({ date }) => date >= today).map(({ date, draft }) => ({ date, draft }));
		if (days.length === 0) throw new PlanningError(422, 'the days of this plan are over');
		const stale = await this.#staleness(
			id,
			drawn.filter(({ date }) => date >= today),
		);
		if (stale !== null) throw new PlanningError(409, stale);
		if (this.boards.summary(id).version !== version)
			throw new PlanningError(409, 'the plan was changed meanwhile; look at it again');
		try {
			const { revision } = publications.publish({ days, by, note, board: id, mend: board.mend, base });
			return this.boards.published(id, revision, by);
		} catch (error) {
			throw error instanceof FleetServerError && error.code === 'conflict'
				? new PlanningError(409, error.message, { cause: error })
				: error;
		}
	}

	async #staleness(id: string, days: readonly DraftDay[]): Promise<string | null> {
		const { records, region } = this.#parts;
		const content = await this.boards.content(id);
		const read = await records.read(days[0]!.date, days.at(-1)!.date);
		return content && (await staleness(loadRegion(region), content.frame, days, read));
	}

	/**
	 * The rest of today, planned anew from where everyone is, with what is known now. Rejects with a PlanningError (409 when nothing is
	 * published for today, 422 when no van or visit is left) or a RoadsError.
	 */
	async mend({ seconds, reason }: { seconds: number; reason: string }, by: string): Promise<PlanBoardSummary> {
		const { clock, calendar, publications, records, region, threads } = this.#parts;
		const now = clock.now();
		const date = calendar.dateOf(now);
		const plan = publications.planOf(date);
		if (!plan) throw new PlanningError(409, `no plan is published for today (${date}): make one`);
		const base = publications.newest;
		const options: PlanningOptions = {
			from: date,
			days: 1,
			seconds: Math.max(1, seconds),
			surge: false,
			fairness: 1,
			keep: 'published',
		};
		const board = this.boards.create({ name: reason || `Mend of ${date}`, options, by, base, mend: true, reason });
		// A single thread searches in the one that waits for it: none has to be started.
		const quick = seconds <= 1;
		const job = {
			kind: 'mend' as const,
			region,
			records: await records.read(date, date),
			mend: { now, date, plan, positions: this.#positions(), leaving: this.#leaving() },
			search: { seconds, threads: quick && threads === 1 ? 0 : threads, ...(quick && { within: MEND_WITHIN }) },
		};
		try {
			const planned = await this.#soon(job, board.id);
			this.#log(board.id, planned!);
			return this.boards.made(board.id, planned!) ?? this.boards.summary(board.id);
		} catch (error) {
			this.#failed(board.id, error);
			throw error;
		}
	}

	/**
	 * Makes ready for a mend of today, if there is a plan: loads the thread, and the roads as they are without what is closed. To be
	 * called when a plan holds, and when something was closed or opened.
	 */
	prepare(): void {
		this.#wanted = true;
		if (this.#preparing) return;
		this.#preparing = true;
		void this.#prepare().finally(() => (this.#preparing = false));
	}

	async #prepare(): Promise<void> {
		while (this.#wanted && !this.#stopped) {
			this.#wanted = false;
			try {
				await this.#makeReady();
			} catch (error) {
				// A mend says itself what is wrong when it is asked for.
				this.#parts.log.info({ reason: messageOf(error) }, 'the roads could not be made ready for a mend');
			}
		}
	}

	async #makeReady(): Promise<void> {
		const { clock, calendar, publications, records, roads, region: id } = this.#parts;
		const now = clock.now();
		const date = calendar.dateOf(now);
		const plan = publications.planOf(date);
		if (!plan || plan.to < now) return;
		await this.#soon({ kind: 'warm', region: id });
		const { fleet, closures } = await records.ways(now, plan.to);
		const region = loadRegion(id);
		const closed = closuresWithin(factsOf(region), closures, now, plan.to);
		// Any way will do: to answer, the engine opens the roads that are left.
		const places = region.settlements.slice(0, 2).map(({ lon, lat }) => [lon, lat] as const);
		const kinds = new Map(fleet.map((van) => [JSON.stringify(measuresOfVan(van)), measuresOfVan(van)]));
		for (const vehicle of kinds.values()) await roads.table({ places, vehicle, closures: closed });
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		this.#queue.splice(0);
		await Promise.all([this.#planner.stop(), this.#quick.stop()]);
	}

	async #next(): Promise<void> {
		if (this.#making !== null || this.#stopped) return;
		const waiting = this.#queue.shift();
		if (!waiting) return;
		this.#making = waiting.id;
		try {
			await this.#make(waiting);
		} catch (error) {
			this.#failed(waiting.id, error);
		}
		this.#making = null;
		void this.#next();
	}

	async #make({ id, options }: Waiting): Promise<void> {
		const { region, records, threads, clock } = this.#parts;
		this.boards.progress(id, { state: 'reading' });
		const { from, days, vehicles, surge, fairness, keep, seconds } = options;
		const { pinned = [], ...begin } = await this.#begin(options);
		const read = await records.read(from, addDays(from, days - 1));
		const planned = await this.#planner.run(
			{
				kind: 'plan',
				region,
				records: read,
				options: { from, days, surge, fairness, keep, vehicles, now: clock.now(), ...begin },
				search: { seconds, threads },
			},
			this.#listener(id),
		);
		this.#log(id, planned!);
		this.boards.made(id, planned!, pinned, begin.locked ?? []);
	}

	/** Of the plan to begin with: its order, and what is pinned and locked. */
	async #begin({
		start,
		keep,
		from,
		days,
	}: PlanningOptions): Promise<Pick<ProblemOptions, 'start' | 'pins' | 'locked'> & { pinned?: number[] }> {
		if (start === undefined || keep === 'nothing') return {};
		const content = await this.boards.content(start);
		if (!content) return {};
		const last = addDays(from, days - 1);
		const placed = placedVisits(content.frame, content.solution).filter(({ date }) => from <= date && date <= last);
		const { pinned, locked } = this.boards.summary(start);
		const isLocked = (one: Promised): boolean => locked.some(({ date, vehicle }) => date === one.date && vehicle === one.vehicle);
		const pins = placed.filter((one) => pinned.includes(one.visit) || isLocked(one));
		return { start: placed, pins, locked, pinned: pins.flatMap(({ visit }) => (pinned.includes(visit) ? [visit] : [])) };
	}

	#listener(id: string) {
		return {
			state: (state: 'reading' | 'roads' | 'searching' | 'drawing', seconds: number): void =>
				this.boards.progress(id, { state, ...(state === 'searching' && { seconds }) }),
			progress: (point: Parameters<Boards['progress']>[1]['point'] & object): void => this.boards.progress(id, { point }),
		};
	}

	/** After what the quick thread is at. */
	#soon(job: Parameters<PlanningThread['run']>[0], board?: string): Promise<Planned | null> {
		const listener = board === undefined ? { state: () => {}, progress: () => {} } : this.#listener(board);
		const result = this.#quickly.then(() => this.#quick.run(job, listener));
		this.#quickly = result.catch(() => undefined);
		return result;
	}

	/** Where vans are, as far as that is known and fresh. */
	#positions(): Record<string, readonly [number, number]> {
		const found: Record<string, readonly [number, number]> = {};
		const { clock, registry } = this.#parts;
		const oldest = clock.now() - FRESH_MS;
		for (const { id, position } of registry.list()) {
			if (!position || clock.toService(position.time) < oldest || position.lat === undefined || position.lon === undefined)
				continue;
			found[id] = [position.lon, position.lat];
		}
		return found;
	}

	/** When vans leave the stop where they are. */
	#leaving(): Record<string, number> {
		const known = this.#parts.estimates().flatMap(({ vehicle, stops }): [string, number][] => {
			const here = stops.find(({ state }) => state === 'here');
			return here ? [[vehicle, here.departure]] : [];
		});
		return Object.fromEntries(known);
	}

	#failed(id: string, error: unknown): void {
		const reason = error instanceof RoadsError ? `the roads gave no answer: ${error.message}` : messageOf(error);
		const stopped = error instanceof PlanningError && error.status === 409;
		const problem = error instanceof PlanningError || error instanceof RoadsError ? reason : `the planner failed: ${reason}`;
		this.#parts.log.warn({ board: id, reason }, 'a plan was not made');
		if (!this.#stopped) this.boards.progress(id, { state: stopped ? 'stopped' : 'failed', problem });
	}

	#log(id: string, { times, measures }: Planned): void {
		const { visits, unassigned } = measures;
		const ms = Object.fromEntries(Object.entries(times).map(([what, time]) => [what, Math.round(time)]));
		this.#parts.log.info({ board: id, visits, unassigned, ...ms }, 'a plan was made');
	}
}

const defaultName = ({ from, days }: PlanningOptions): string => (days === 1 ? from : `${from} – ${addDays(from, days - 1)}`);
