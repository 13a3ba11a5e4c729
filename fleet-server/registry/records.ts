/** Records that people keep: looked up on shelves by kind, changed by batches that are made whole or not at all. */
import { EventEmitter } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { keptKinds, type KeptKind } from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import type { ServiceClock } from '../clock.ts';
import { openSqlite } from '../store/database.ts';
import { Batch, type Change, type Committed } from './batch.ts';
import { calendarOf, type Calendar } from './calendar.ts';
import { factsOf, type RegionFacts } from './facts.ts';
import type { BodyOf, RecordOf } from './kinds.ts';
import { Reader } from './reader.ts';
import { ClosureShelf, DoctorShelf, FleetShelf, PatientShelf, RequestShelf, Shelf, VisitShelf } from './shelves.ts';
import { registryMigrations } from './tables.ts';
import { Writer } from './writer.ts';

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
	readonly #writer: Writer;
	readonly #databases: readonly DatabaseSync[];
	readonly #last = new Map<KeptKind, number>();
	#batch: number;
	/** One batch at a time: each is checked against what the one before it has left. */
	#queue: Promise<unknown> = Promise.resolve();

	/** Opens or makes the database. Throws a FleetServerError of code `store`. */
	constructor({ path, region, clock }: RecordsOptions) {
		super();
		const writing = openSqlite(path, registryMigrations, 'FULL');
		// Reads what was committed last, never the half of a batch.
		const reading = new DatabaseSync(path, { readOnly: true });
		this.#databases = [reading, writing];
		this.#reader = new Reader(reading);
		this.#writer = new Writer(writing);
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
		this.#batch = Number(this.#reader.value('SELECT max(batch) FROM history') ?? 0);
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

	/** Waits for the batch that is being written, then closes. */
	async close(): Promise<void> {
		await this.#next(() => Promise.resolve());
		for (const database of this.#databases) database.close();
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

	async #commit(changes: readonly Change[], by: string): Promise<Committed[]> {
		const at = this.#clock.now();
		const batch = new Batch({
			reader: this.#reader,
			calendar: this.calendar,
			facts: this.#facts,
			at,
			by,
			reserve: (kind) => this.#number(kind),
		});
		await batch.take(changes);
		await batch.check();
		const writes = await batch.writes();
		const committed = batch.committed();
		if (writes.length === 0) return committed;
		this.#writer.write(writes, { batch: ++this.#batch, at, by });
		this.emit(
			'change',
			committed.map(({ kind, id, record }) => ({ kind, id, version: record?.version ?? null })),
			by,
		);
		return committed;
	}
}
