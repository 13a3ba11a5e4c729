/**
 * The spool's room on the disk. Once a disk is full nothing can be had from it, so the spool lives on what it already
 * holds: its file grows ahead of use, in steps that are taken only while there is room, and never by itself; its log is
 * made long enough at the start and then only overwritten. What a neighbour does with the last free byte no longer matters.
 */
import { statSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

export const PAGE = 4096;
/** Pages by which the file grows; the log gets as long by it. */
const STEP_PAGES = 256;
const STEP_BYTES = STEP_PAGES * PAGE;
/** The log is folded into the file from here on: well before its length, so that a transaction always fits behind it. */
const FOLD_PAGES = 100;
/** Bytes of records in one transaction, so that it fits into the log. */
export const TRANSACTION_BYTES = 64 * PAGE;

export interface SpaceOptions {
	path: string;
	maxBytes: number;
	/** Room that the file always holds ready for alarms and numerics. */
	reserveBytes: number;
}

export class Space {
	readonly #db: DatabaseSync;
	readonly #options: SpaceOptions;
	/** Pages in the log since it was folded, by estimate. */
	#unfolded = 0;

	/** Sets up a file that has just been opened. */
	constructor(db: DatabaseSync, options: SpaceOptions) {
		this.#db = db;
		this.#options = options;
		db.exec(`
			PRAGMA wal_autocheckpoint=0;
			CREATE TABLE IF NOT EXISTS scratch (data BLOB);
			CREATE TABLE IF NOT EXISTS reserve (data BLOB);
			DELETE FROM scratch;
		`);
		this.#hold();
		try {
			this.fold();
			if (this.#logBytes < STEP_BYTES && !this.ensure(STEP_BYTES)) return;
			// Through the log once in its whole length: from now on it is overwritten, and needs no more of the disk.
			if (this.#logBytes < STEP_BYTES) this.#writeThrough('scratch');
			while (this.topUp());
		} catch {
			// The disk is full already: what room there is has to do.
		}
	}

	/** Bytes that can be written without anything from the disk, apart from the reserve. */
	get room(): number {
		return this.#number('PRAGMA freelist_count', 'freelist_count') * PAGE;
	}

	/** Bytes by which the file could still grow. */
	get growth(): number {
		const disk = statfsSync(dirname(this.#options.path));
		return Math.max(0, Math.min(this.#options.maxBytes - this.#pages * PAGE, disk.bavail * disk.bsize - 2 * STEP_BYTES));
	}

	/** Grows the file until there is that much room, or as far as disk and bound allow; true when there is. */
	ensure(bytes: number): boolean {
		while (this.room < bytes) {
			const before = this.room;
			if (!this.#grow('scratch') || this.room <= before) return false;
		}
		return true;
	}

	/** Gives a piece of the reserve up for use; false when nothing is left of it. */
	release(): boolean {
		return Number(this.#db.prepare('DELETE FROM reserve WHERE rowid = (SELECT max(rowid) FROM reserve)').run().changes) > 0;
	}

	/** Puts a piece into the reserve if one is missing and the disk has room for it; true when it did. */
	topUp(): boolean {
		const held = this.#number('SELECT count(*) AS n FROM reserve', 'n') * STEP_BYTES;
		return held < this.#options.reserveBytes && this.#grow('reserve');
	}

	/** Folds the log into the file but leaves it its length. */
	fold(): void {
		this.#db.exec('PRAGMA wal_checkpoint(RESTART)');
		this.#unfolded = 0;
	}

	/** Folds the log if `pages` more make it long. Meant for the moment after a commit was told: nobody waits for it then. */
	foldLater(pages: number): void {
		this.#unfolded += pages;
		if (this.#unfolded >= FOLD_PAGES) this.fold();
	}

	/** Makes the file a step larger; false when bound or disk forbid it. */
	#grow(table: 'scratch' | 'reserve'): boolean {
		// Twice the step: once for the file, once for the log, should it not be long enough.
		if (this.growth < 2 * STEP_BYTES) return false;
		this.#allow(this.#pages + STEP_PAGES + 16);
		try {
			this.#writeThrough(table);
		} finally {
			this.#hold();
		}
		return true;
	}

	/** Writes a step's worth of pages for real: a page that is allotted but not written would promise nothing. */
	#writeThrough(table: 'scratch' | 'reserve'): void {
		this.#db.exec(`INSERT INTO ${table} (data) VALUES (zeroblob(${STEP_BYTES}))`);
		this.fold();
		if (table === 'reserve') return;
		this.#db.exec('DELETE FROM scratch');
		this.fold();
	}

	get #logBytes(): number {
		return statSync(`${this.#options.path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
	}

	get #pages(): number {
		return this.#number('PRAGMA page_count', 'page_count');
	}

	#hold(): void {
		this.#allow(Math.max(1, this.#pages));
	}

	#allow(pages: number): void {
		const most = Math.max(this.#pages, Math.floor(this.#options.maxBytes / PAGE));
		this.#db.exec(`PRAGMA max_page_count=${Math.min(pages, most)}`);
	}

	#number(sql: string, column: string): number {
		return Number(this.#db.prepare(sql).get()?.[column] ?? 0);
	}
}
