/** Writes records to SQLite: a batch is one transaction. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { KeptKind } from '@junkai/contracts';
import { FleetServerError, messageOf } from '../errors.ts';
import { gently } from './gentle.ts';
import { kinds, type Column } from './kinds.ts';

/** What is to be written, ready for the tables. */
export type Write =
	| {
			readonly op: 'put';
			readonly kind: KeptKind;
			readonly id: number;
			readonly version: number;
			readonly body: string;
			readonly columns: readonly Column[];
			/** Body until now; null when it is new. */
			readonly before: string | null;
	  }
	| { readonly op: 'drop'; readonly kind: KeptKind; readonly id: number; readonly before: string }
	/** Up to which day the visits of a request are not made yet; null: all of them are. */
	| { readonly op: 'next-day'; readonly id: number; readonly day: string | null };

export interface Stamp {
	readonly batch: number;
	/** Service time, ms. */
	readonly at: number;
	readonly by: string;
}

export class Writer {
	readonly #database: DatabaseSync;
	readonly #statements = new Map<string, StatementSync>();

	constructor(database: DatabaseSync) {
		this.#database = database;
	}

	/**
	 * Resolves after all of it is on disk; rejects with a FleetServerError of code `store` when nothing of it is. One batch at a time:
	 * the transaction stays open while others work in between, and nobody else writes to this file.
	 */
	async write(writes: readonly Write[], stamp: Stamp): Promise<void> {
		this.#database.exec('BEGIN IMMEDIATE');
		try {
			await gently(writes, (write) => this.#apply(write, stamp));
			this.#database.exec('COMMIT');
		} catch (error) {
			if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
			throw new FleetServerError('store', `the records could not be written: ${messageOf(error)}`, { cause: error });
		}
	}

	#apply(write: Write, { batch, at, by }: Stamp): void {
		if (write.op === 'next-day') {
			this.#run('UPDATE requests SET next_day = ? WHERE id = ?', [write.day, write.id]);
			return;
		}
		const { kind, id, before } = write;
		const { table, columns } = kinds[kind];
		if (write.op === 'drop') this.#run(`DELETE FROM ${table} WHERE id = ?`, [id]);
		else {
			const all = ['version', 'updated', 'updated_by', 'body', ...columns];
			this.#run(
				`INSERT INTO ${table} (id, ${all.join(', ')}) VALUES (?${', ?'.repeat(all.length)})
				ON CONFLICT (id) DO UPDATE SET ${all.map((name) => `${name} = excluded.${name}`).join(', ')}`,
				[id, write.version, at, by, write.body, ...write.columns],
			);
		}
		const version = write.op === 'drop' ? null : write.version;
		this.#run('INSERT INTO history (batch, kind, id, version, at, by, before) VALUES (?, ?, ?, ?, ?, ?, ?)', [
			batch,
			kind,
			id,
			version,
			at,
			by,
			before,
		]);
	}

	#run(sql: string, values: readonly SQLInputValue[]): void {
		let statement = this.#statements.get(sql);
		if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
		statement.run(...values);
	}
}
