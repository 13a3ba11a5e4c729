/** Writes records to SQLite: a batch is one transaction. Synchronous: it lives in a worker thread. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { KeptKind } from '@junkai/contracts';
import { tables, type Column } from './tables.ts';

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

	begin(): void {
		this.#database.exec('BEGIN IMMEDIATE');
	}

	/** Returns after all since `begin` is on disk. */
	commit(): void {
		this.#database.exec('COMMIT');
	}

	/** Nothing since `begin` is kept. */
	rollback(): void {
		if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
	}

	apply(write: Write, { batch, at, by }: Stamp): void {
		if (write.op === 'next-day') {
			this.#run('UPDATE requests SET next_day = ? WHERE id = ?', [write.day, write.id]);
			return;
		}
		const { kind, id, before } = write;
		const { table, columns } = tables[kind];
		if (write.op === 'drop') this.#run(`DELETE FROM ${table} WHERE id = ?`, [id]);
		else {
			const all = ['version', 'updated', 'updated_by', 'body', ...columns];
			this.#run(
				`INSERT INTO ${table} (id, ${all.join(', ')}) VALUES (?${', ?'.repeat(all.length)})
				ON CONFLICT (id) DO UPDATE SET ${all.map((name) => `${name} = excluded.${name}`).join(', ')}`,
				[id, write.version, at, by, write.body, ...write.columns],
			);
		}
		this.#run('INSERT INTO history (batch, kind, id, version, at, by, before) VALUES (?, ?, ?, ?, ?, ?, ?)', [
			batch,
			kind,
			id,
			write.op === 'drop' ? null : write.version,
			at,
			by,
			before,
		]);
	}

	close(): void {
		this.#database.close();
	}

	#run(sql: string, values: readonly SQLInputValue[]): void {
		let statement = this.#statements.get(sql);
		if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
		statement.run(...values);
	}
}
