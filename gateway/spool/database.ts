/**
 * The spool's file: records of three lanes in SQLite, in the order of their seq, until the server has acknowledged them.
 * Runs in the spool's worker thread; every call is synchronous and every change is on the disk when `commit` returns.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { lanes, type Lane, type SeqRange } from '@junkai/contracts';
import { GatewayError } from '../errors.ts';
import { SQLITE_CORRUPT, isCorrupt, isFull } from './sqlite-errors.ts';
import { PAGE, Space, TRANSACTION_BYTES, type SpaceOptions } from './space.ts';

export type SpoolFileOptions = SpaceOptions;

/** A record on its way to the disk. `body` is its whole JSON, seq included. */
export interface SpoolEntry {
	seq: number;
	lane: Lane;
	time: number;
	body: string;
}

/** A stretch of waveforms that was given up for want of space. */
export interface Loss {
	id: number;
	records: number;
	from: number;
	to: number;
}

export interface SpoolCounts {
	pending: Record<Lane, number>;
	oldest: number | null;
	bytes: number;
	free: number;
	shed: number;
	refused: number;
}

/** What {@link SpoolFile.open} found. */
export interface SpoolOpened {
	epoch: string;
	nextSeq: number;
	/** Where a corrupt file was set aside, and what was wrong with it. */
	setAside?: { path: string; reason: string };
}

/** A record takes more than its text: row, index and half-filled pages. */
const OVERHEAD = 1.5;
/** Above this size a whole check at start would keep the van waiting; damage is then found when it is read. */
const CHECK_BELOW = 256 * 1024 * 1024;

const schema = `
	CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
	CREATE TABLE IF NOT EXISTS loss (id INTEGER PRIMARY KEY, records INTEGER, first REAL, last REAL, reported INTEGER DEFAULT 0);
	CREATE TABLE IF NOT EXISTS refused (seq INTEGER PRIMARY KEY, boot TEXT, body TEXT, reason TEXT);
	${lanes.map((lane) => `CREATE TABLE IF NOT EXISTS ${lane} (seq INTEGER PRIMARY KEY, boot TEXT NOT NULL, time REAL NOT NULL, body TEXT NOT NULL);`).join('\n\t')}
`;

export class SpoolFile {
	readonly #options: SpoolFileOptions;
	readonly #statements = new Map<string, StatementSync>();
	#db!: DatabaseSync;
	#space!: Space;
	#epoch = '';
	#nextSeq = 1;
	#pending: Record<Lane, number> = { urgent: 0, numeric: 0, waveform: 0 };
	#shed = 0;
	#refused = 0;

	constructor(options: SpoolFileOptions) {
		this.#options = options;
	}

	/** Opens or makes the file; a corrupt one is set aside and a new one is begun, with a new epoch. */
	open(): SpoolOpened {
		try {
			this.#openFile();
			return { epoch: this.#epoch, nextSeq: this.#nextSeq };
		} catch (error) {
			if (!isCorrupt(error)) {
				throw new GatewayError('spool', `spool ${this.#options.path} cannot be opened: ${text(error)}`, { cause: error });
			}
			return this.setAside(text(error));
		}
	}

	/** Moves the present file away, for a person to look at, and begins a new one. Seq goes on where it was. */
	setAside(reason: string): SpoolOpened {
		try {
			this.#db.close();
		} catch {
			// Not open, or broken: the file is moved all the same.
		}
		const { path } = this.#options;
		const kept = `${path}.corrupt-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
		for (const suffix of ['', '-wal', '-shm']) {
			if (existsSync(path + suffix)) renameSync(path + suffix, kept + suffix);
		}
		const next = this.#nextSeq;
		this.#openFile();
		this.#nextSeq = Math.max(next, this.#nextSeq);
		return { epoch: this.#epoch, nextSeq: this.#nextSeq, setAside: { path: kept, reason } };
	}

	#openFile(): void {
		const { path } = this.#options;
		const size = existsSync(path) ? statSync(path).size : 0;
		const db = new DatabaseSync(path);
		this.#db = db;
		this.#statements.clear();
		db.exec(`PRAGMA page_size=${PAGE}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL`);
		if (size > 0 && size < CHECK_BELOW) {
			const verdict = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
			if (verdict !== 'ok')
				throw new GatewayError('spool', `quick_check says: ${JSON.stringify(verdict)}`, { cause: { errcode: SQLITE_CORRUPT } });
		}
		db.exec(schema);
		this.#space = new Space(db, this.#options);
		const epoch = this.#meta('epoch');
		this.#epoch = typeof epoch === 'string' ? epoch : this.#setMeta('epoch', randomUUID());
		this.#nextSeq = Number(this.#meta('next') ?? 1);
		this.#shed = Number(this.#meta('shed') ?? 0);
		for (const lane of lanes) this.#pending[lane] = this.#count(lane);
		this.#refused = this.#count('refused');
	}

	/**
	 * Inserts, and forgets what was acknowledged; on return it is on the disk. Where there is no room, waveforms make way
	 * for the rest, oldest first, and each loss is written down with the change that caused it.
	 * @returns seqs of the given entries that could not be kept (waveforms only).
	 */
	commit(boot: string, entries: readonly SpoolEntry[], acked: readonly SeqRange[], reportedLosses: readonly number[]): number[] {
		const dropped: number[] = [];
		let [ranges, losses] = [acked, reportedLosses];
		for (const part of parts(entries)) {
			dropped.push(...this.#commitPart(boot, part, ranges, losses));
			[ranges, losses] = [[], []];
		}
		return dropped;
	}

	#commitPart(
		boot: string,
		entries: readonly SpoolEntry[],
		acked: readonly SeqRange[],
		reportedLosses: readonly number[],
	): number[] {
		if (this.#makeRoom(sizeOf(entries), acked)) {
			for (const retry of [true, false]) {
				try {
					this.#transaction(boot, entries, acked, reportedLosses);
					return [];
				} catch (error) {
					if (!isFull(error)) throw error;
				}
				if (retry) this.#space.fold();
			}
		}
		// No waveform is left that could make way but those that are just coming. The rest may use the reserve.
		const kept = entries.filter((entry) => entry.lane !== 'waveform');
		const lost = entries.filter((entry) => entry.lane === 'waveform');
		while (this.#space.room < sizeOf(kept) && this.#space.release()) this.#space.fold();
		this.#transaction(boot, kept, acked, reportedLosses, lost);
		return lost.map((entry) => entry.seq);
	}

	/** Sees to room: by growing, by forgetting, by shedding the oldest waveforms, in this order. */
	#makeRoom(needed: number, acked: readonly SeqRange[]): boolean {
		if (this.#space.room >= needed || this.#space.ensure(needed)) return true;
		this.#space.fold();
		this.#change(() => {
			const removed = this.#forget(acked);
			return () => {
				for (const lane of lanes) this.#pending[lane] -= removed[lane];
			};
		});
		while (this.#space.room < needed && this.#pending.waveform > 0) {
			this.#space.fold();
			if (this.#shedOldest() === 0) break;
		}
		return this.#space.room >= needed;
	}

	/** One small transaction: on a full disk the log cannot grow. */
	#shedOldest(): number {
		const mean = Number(
			this.#sql('SELECT avg(length(body)) AS mean FROM (SELECT body FROM waveform LIMIT 100)').get()?.['mean'] ?? 1,
		);
		const oldest = this.#sql(
			'SELECT min(time) AS first, max(time) AS last, max(seq) AS seq FROM (SELECT seq, time FROM waveform ORDER BY seq LIMIT ?)',
		).get(Math.max(1, Math.floor(TRANSACTION_BYTES / mean)));
		const seq = oldest?.['seq'];
		if (typeof seq !== 'number') return 0;
		let shed = 0;
		this.#change(() => {
			shed = Number(this.#sql('DELETE FROM waveform WHERE seq <= ?').run(seq).changes);
			this.#writeLoss(shed, Number(oldest?.['first']), Number(oldest?.['last']));
			return () => {
				this.#pending.waveform -= shed;
				this.#shed += shed;
			};
		});
		return shed;
	}

	#transaction(
		boot: string,
		entries: readonly SpoolEntry[],
		acked: readonly SeqRange[],
		reportedLosses: readonly number[],
		lost: readonly SpoolEntry[] = [],
	): void {
		const added: Record<Lane, number> = { urgent: 0, numeric: 0, waveform: 0 };
		let next = this.#nextSeq;
		this.#change(() => {
			for (const entry of entries) {
				const insert = this.#sql(`INSERT OR IGNORE INTO ${entry.lane} (seq, boot, time, body) VALUES (?, ?, ?, ?)`);
				// A commit that failed half-way is tried again as a whole: what is there already stays as it is.
				added[entry.lane] += Number(insert.run(entry.seq, boot, entry.time, entry.body).changes);
				next = Math.max(next, entry.seq + 1);
			}
			if (lost.length > 0) this.#writeLoss(lost.length, lost[0]!.time, lost.at(-1)!.time);
			if (next !== this.#nextSeq) this.#setMeta('next', next);
			for (const id of reportedLosses) this.#sql('UPDATE loss SET reported = 1 WHERE id = ?').run(id);
			const removed = this.#forget(acked);
			return () => {
				for (const lane of lanes) this.#pending[lane] += added[lane] - removed[lane];
				this.#shed += lost.length;
				this.#nextSeq = next;
			};
		});
	}

	#forget(acked: readonly SeqRange[]): Record<Lane, number> {
		const removed: Record<Lane, number> = { urgent: 0, numeric: 0, waveform: 0 };
		for (const [from, to] of acked) {
			for (const lane of lanes) {
				removed[lane] += Number(this.#sql(`DELETE FROM ${lane} WHERE seq BETWEEN ? AND ?`).run(from, to).changes);
			}
		}
		return removed;
	}

	/** One transaction; the returned function runs after it is on the disk. */
	#change(work: () => () => void): void {
		this.#db.exec('BEGIN IMMEDIATE');
		try {
			const done = work();
			this.#db.exec('COMMIT');
			done();
		} catch (error) {
			this.#rollback();
			throw error;
		}
	}

	#writeLoss(records: number, from: number, to: number): void {
		this.#sql('INSERT INTO loss (records, first, last) VALUES (?, ?, ?)').run(records, from, to);
		this.#setMeta('shed', this.#shed + records);
	}

	/** Housekeeping after a commit of these entries was told: nobody waits for it. */
	tidy(entries: readonly SpoolEntry[], acked: readonly SeqRange[]): void {
		this.#space.foldLater(Math.ceil(sizeOf(entries) / PAGE) + 2 * acked.length);
	}

	/** Losses that no event has told of yet. */
	unreportedLosses(): Loss[] {
		return this.#sql('SELECT id, records, first, last FROM loss WHERE reported = 0 ORDER BY id')
			.all()
			.map((row) => ({
				id: Number(row['id']),
				records: Number(row['records']),
				from: Number(row['first']),
				to: Number(row['last']),
			}));
	}

	/** Moves records that the server will never take into a table of their own, with its reason. */
	refuse(refusals: readonly { seq: number; reason: string }[]): void {
		this.#change(() => {
			for (const { seq, reason } of refusals) {
				for (const lane of lanes) {
					this.#sql(
						`INSERT OR REPLACE INTO refused (seq, boot, body, reason) SELECT seq, boot, body, ? FROM ${lane} WHERE seq = ?`,
					).run(reason, seq);
					this.#sql(`DELETE FROM ${lane} WHERE seq = ?`).run(seq);
				}
			}
			return () => {
				for (const lane of lanes) this.#pending[lane] = this.#count(lane);
				this.#refused = this.#count('refused');
			};
		});
	}

	/** Oldest records of a lane with `after` < seq < `before`, of one boot, up to `maxRecords` and about `maxBytes`. */
	read(lane: Lane, after: number, before: number, maxRecords: number, maxBytes: number): { boot: string; entries: SpoolEntry[] } {
		const rows = this.#sql(`SELECT seq, boot, time, body FROM ${lane} WHERE seq > ? AND seq < ? ORDER BY seq LIMIT ?`).iterate(
			after,
			before,
			maxRecords,
		);
		const entries: SpoolEntry[] = [];
		let boot = '';
		let bytes = 0;
		for (const row of rows) {
			if (boot === '') boot = String(row['boot']);
			if (row['boot'] !== boot || (bytes > maxBytes && entries.length > 0)) break;
			const body = String(row['body']);
			bytes += body.length;
			entries.push({ seq: Number(row['seq']), lane, time: Number(row['time']), body });
		}
		return { boot, entries };
	}

	/** Figures for the status; takes the chance to fill up the reserve. */
	counts(): SpoolCounts {
		this.#space.topUp();
		const oldest = lanes
			.map((lane) => this.#sql(`SELECT time FROM ${lane} ORDER BY seq LIMIT 1`).get()?.['time'])
			.filter((time) => typeof time === 'number');
		const bytes = fileSize(this.#options.path) + fileSize(`${this.#options.path}-wal`);
		return {
			pending: { ...this.#pending },
			oldest: oldest.length === 0 ? null : Math.min(...oldest),
			bytes,
			free: this.#space.room + this.#space.growth,
			shed: this.#shed,
			refused: this.#refused,
		};
	}

	close(): void {
		this.#db.close();
	}

	/** Statements are kept: a commit happens fifty times a second. */
	#sql(text: string): StatementSync {
		let statement = this.#statements.get(text);
		if (statement === undefined) {
			statement = this.#db.prepare(text);
			this.#statements.set(text, statement);
		}
		return statement;
	}

	#rollback(): void {
		try {
			this.#db.exec('ROLLBACK');
		} catch {
			// SQLite rolls back by itself on a full disk.
		}
	}

	#meta(key: string): unknown {
		return this.#sql('SELECT value FROM meta WHERE key = ?').get(key)?.['value'];
	}

	#setMeta<T extends string | number>(key: string, value: T): T {
		this.#sql('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(key, value);
		return value;
	}

	#count(table: string): number {
		return Number(this.#sql(`SELECT count(*) AS n FROM ${table}`).get()?.['n'] ?? 0);
	}
}

/** Bytes that entries will take in the file, rather too many than too few. */
const sizeOf = (entries: readonly SpoolEntry[]): number =>
	entries.reduce((sum, entry) => sum + OVERHEAD * (entry.body.length + 64), 4 * PAGE);

/** Entries in portions that fit into one transaction; at least one portion, for what else a commit has to do. */
function parts(entries: readonly SpoolEntry[]): SpoolEntry[][] {
	const all: SpoolEntry[][] = [[]];
	let bytes = 0;
	for (const entry of entries) {
		if (bytes + entry.body.length > TRANSACTION_BYTES && bytes > 0) {
			all.push([]);
			bytes = 0;
		}
		all.at(-1)!.push(entry);
		bytes += entry.body.length;
	}
	return all;
}

const fileSize = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
