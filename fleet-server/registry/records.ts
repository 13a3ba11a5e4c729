/** Records that people keep: looked up on shelves by kind, changed by batches that are made whole or not at all. */
import { EventEmitter } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import { keptKinds, type KeptKind } from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import type { Logger } from 'pino';
import type { ServiceClock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { openSqlite } from '../store/database.ts';
import { Batch, type Change, type Committed } from './batch.ts';
import { addDays, calendarOf, type Calendar } from './calendar.ts';
import { factsOf, type RegionFacts } from './facts.ts';
import type { BodyOf, RecordOf } from './kinds.ts';
import { extendRequests, followRequests, type Days } from './materialise.ts';
import { Reader } from './reader.ts';
import { ClosureShelf, DoctorShelf, FleetShelf, PatientShelf, RequestShelf, Shelf, VisitShelf } from './shelves.ts';
import { registryMigrations } from './tables.ts';
import { WriterThread } from './writer-thread.ts';

export interface RecordChange {
	readonly kind: KeptKind;
	readonly id: number;
	/** Null: it was taken out. */
	readonly version: number | null;
}

export interface RecordEvents {
	/** After a batch is on disk: all that it changed, also what followed from it. */
	change: [changes: readonly RecordChange[], by: string];
}

/** A record before one of its changes. */
export interface PastRecord<K extends KeptKind> {
	/** The version that the change made; null: it took the record out. */
	readonly version: number | null;
	readonly at: number;
	readonly by: string;
	/** Null: the record was new. */
	readonly before: BodyOf<K> | null;
}

export interface RecordsOptions {
	/** File of the database. */
	readonly path: string;
	readonly region: Region;
	readonly clock: ServiceClock;
}

/** Days beyond today for which visits of repeated requests are made. */
export const HORIZON_DAYS = 100;
/** Requests whose visits are made ahead in one batch. */
const AT_ONCE = 200;
const EXTENDED_BY = 'junkai';
/** How often is looked whether another day has begun. */
const LOOK_MS = 30_000;

export class Records extends EventEmitter<RecordEvents> {
	readonly calendar: Calendar;
	readonly patients: PatientShelf;
	readonly requests: RequestShelf;
	readonly visits: VisitShelf;
	readonly fleet: FleetShelf;
	readonly staff: Shelf<'staff'>;
	readonly shifts: Shelf<'shift'>;
	readonly doctors: DoctorShelf;
	readonly closures: ClosureShelf;
	readonly #facts: RegionFacts;
	readonly #clock: ServiceClock;
	readonly #reader: Reader;
	readonly #writer: WriterThread;
	readonly #database: DatabaseSync;
	readonly #last = new Map<KeptKind, number>();
	#batch: number;
	#timer: NodeJS.Timeout | undefined;
	#closed = false;
	/** One batch at a time: each is checked against what the one before it has left. */
	#queue: Promise<unknown> = Promise.resolve();

	/** Opens or makes the database. Throws a FleetServerError of code `store`. */
	constructor({ path, region, clock }: RecordsOptions) {
		super();
		// Reads what was committed last, never the half of a batch.
		this.#database = openSqlite(path, registryMigrations, 'FULL');
		this.#database.exec('PRAGMA query_only = ON');
		this.#reader = new Reader(this.#database);
		this.#writer = new WriterThread(path);
		this.#clock = clock;
		this.#facts = factsOf(region);
		this.calendar = calendarOf(region.timeZone);
		this.patients = new PatientShelf(this.#reader, 'patient');
		this.requests = new RequestShelf(this.#reader, 'request');
		this.visits = new VisitShelf(this.#reader, 'visit');
		this.fleet = new FleetShelf(this.#reader, 'fleet-vehicle');
		this.staff = new Shelf(this.#reader, 'staff');
		this.shifts = new Shelf(this.#reader, 'shift');
		this.doctors = new DoctorShelf(this.#reader, 'doctor');
		this.closures = new ClosureShelf(this.#reader, 'closure');
		// A number is never given twice, whatever was taken out.
		for (const kind of keptKinds) {
			this.#last.set(kind, Number(this.#reader.value('SELECT max(id) FROM history WHERE kind = ?', [kind]) ?? 0));
		}
		this.#batch = Number(this.#reader.value('SELECT batch FROM history ORDER BY rowid DESC LIMIT 1') ?? 0);
	}

	/** Facts of the region by name. */
	get facts(): RegionFacts {
		return this.#facts;
	}

	/** Numbers for records that are about to be created, so that others of the same batch can refer to them. */
	reserve(kind: KeptKind, count = 1): Promise<number[]> {
		return Promise.resolve(Array.from({ length: count }, () => this.#number(kind)));
	}

	/**
	 * Makes all changes or none. Resolves, when they are on disk, with the records as they are then: first those of `changes`, in
	 * their order, then those that follow from them (a request's visits).
	 *
	 * @throws {RecordsError} code `conflict` when a version is not the present one, `records` when something cannot be kept;
	 * its `change` is the place in `changes`.
	 */
	commit(changes: readonly Change[], by: string): Promise<Committed[]> {
		return this.#next(() => this.#commit(changes, by));
	}

	/** {@link commit} of a single record that is new or changed. */
	async keep<K extends KeptKind>(
		change: { kind: K; op: 'create'; body: BodyOf<K> } | { kind: K; op: 'update'; id: number; version: number; body: BodyOf<K> },
		by: string,
	): Promise<RecordOf<K>> {
		const [first] = await this.commit([change as unknown as Change], by);
		return first!.record as RecordOf<K>;
	}

	/** {@link commit} of a single record that is taken out. */
	async remove(kind: KeptKind, id: number, version: number, by: string): Promise<void> {
		await this.commit([{ kind, op: 'delete', id, version }], by);
	}

	/** Those of them that there are, by number: what the shelves do, for a kind that is not known beforehand. */
	find<K extends KeptKind>(kind: K, ids: readonly number[]): Promise<RecordOf<K>[]> {
		return this.#reader.find(kind, ids);
	}

	/**
	 * Changes records as they are at that moment, whoever changed them last: for what follows from facts, not for what a person saw on
	 * a screen. `step` gives the new body, or null to leave a record as it is. Numbers that are not there are passed over.
	 */
	revise<K extends KeptKind>(
		kind: K,
		ids: readonly number[],
		step: (record: RecordOf<K>) => BodyOf<K> | null,
		by: string,
	): Promise<RecordOf<K>[]> {
		return this.#next(async () => {
			const changes: Change[] = [];
			for (const record of await this.#reader.find(kind, ids)) {
				const body = step(record);
				if (body === null) continue;
				changes.push({ kind, op: 'update', id: record.id, version: record.version, body } as unknown as Change);
			}
			const committed = await this.#commit(changes, by);
			return committed.slice(0, changes.length).map(({ record }) => record as RecordOf<K>);
		});
	}

	/** Makes the visits of repeated requests that have come within the horizon as time went by. Resolves with how many. */
	async extend(): Promise<number> {
		let made = 0;
		while (!this.#closed) {
			const step = await this.#next(() => this.#extend());
			made += step.made;
			if (step.requests < AT_ONCE) break;
		}
		return made;
	}

	async #extend(): Promise<{ requests: number; made: number }> {
		if (this.#closed) return { requests: 0, made: 0 };
		const at = this.#clock.now();
		const days = this.#days(at);
		const requests = await this.#reader.select('request', { where: 'next_day <= ?', values: [days.horizon], limit: AT_ONCE });
		if (requests.length === 0) return { requests: 0, made: 0 };
		const batch = this.#newBatch(at, EXTENDED_BY);
		await extendRequests(batch, this.#reader, requests, days);
		const committed = await this.#finish(batch, at, EXTENDED_BY);
		return { requests: requests.length, made: committed.length };
	}

	/** Every change of a record, the newest last. */
	history<K extends KeptKind>(kind: K, id: number): Promise<PastRecord<K>[]> {
		const rows = this.#reader.rows('SELECT version, at, by, before FROM history WHERE kind = ? AND id = ? ORDER BY batch', [
			kind,
			id,
		]);
		return Promise.resolve(
			rows.map(([version, at, by, before]) => ({
				version: version === null ? null : Number(version),
				at: Number(at),
				by: String(by),
				before: typeof before === 'string' ? (JSON.parse(before) as BodyOf<K>) : null,
			})),
		);
	}

	/** From now on makes visits ahead each day, beginning with today. */
	keepAhead(log: Logger): void {
		let done: string | null = null;
		const look = async (): Promise<void> => {
			const { today } = this.#days(this.#clock.now());
			if (today === done) return;
			done = today;
			try {
				const visits = await this.extend();
				if (visits > 0) log.info({ visits }, 'visits of repeated requests were made ahead');
			} catch (error) {
				done = null;
				log.error({ reason: messageOf(error) }, 'visits of repeated requests could not be made ahead; trying again');
			}
		};
		void look();
		this.#timer = setInterval(() => void look(), LOOK_MS);
		this.#timer.unref();
	}

	/** Waits for the batch that is being written, then closes. */
	async close(): Promise<void> {
		this.#closed = true;
		clearInterval(this.#timer);
		await this.#next(() => this.#writer.close());
		this.#database.close();
	}

	#number(kind: KeptKind): number {
		const next = this.#last.get(kind)! + 1;
		this.#last.set(kind, next);
		return next;
	}

	#next<T>(step: () => Promise<T>): Promise<T> {
		const result = this.#queue.then(step);
		this.#queue = result.catch(() => undefined);
		return result;
	}

	#newBatch(at: number, by: string): Batch {
		return new Batch({
			reader: this.#reader,
			calendar: this.calendar,
			facts: this.#facts,
			at,
			by,
			reserve: (kind) => this.#number(kind),
		});
	}

	#days(at: number): Days {
		const today = this.calendar.dateOf(at);
		return { today, horizon: addDays(today, HORIZON_DAYS) };
	}

	async #commit(changes: readonly Change[], by: string): Promise<Committed[]> {
		const at = this.#clock.now();
		const batch = this.#newBatch(at, by);
		await batch.take(changes);
		await followRequests(batch, this.#reader, this.#days(at));
		return this.#finish(batch, at, by);
	}

	async #finish(batch: Batch, at: number, by: string): Promise<Committed[]> {
		await batch.check();
		const writes = await batch.writes();
		const committed = batch.committed();
		if (writes.length === 0) return committed;
		await this.#writer.write(writes, { batch: ++this.#batch, at, by });
		this.emit(
			'change',
			committed.map(({ kind, id, record }) => ({ kind, id, version: record?.version ?? null })),
			by,
		);
		return committed;
	}
}
