/** Reads records from SQLite, each checked by its schema. */
import { setImmediate } from 'node:timers/promises';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { KeptKind } from '@junkai/contracts';
import { FleetServerError } from '../errors.ts';
import { gently } from './gentle.ts';
import { kinds, type RecordOf } from './kinds.ts';
import { tables } from './tables.ts';

/** What stands after `FROM table`; values are never written into it. */
export interface Selection {
	readonly where?: string;
	readonly values?: readonly SQLInputValue[];
	readonly limit?: number;
}

/** Rows that are taken over at once; their text alone may be some megabytes. */
const PAGE = 4000;

type Row = [id: number, version: number, updated: number, by: string, body: string];

export class Reader {
	readonly #database: DatabaseSync;
	/** By their text: there are few. */
	readonly #statements = new Map<string, StatementSync>();

	constructor(database: DatabaseSync) {
		this.#database = database;
	}

	/** By number. Resolves in slices; each page of some thousands is of one moment. */
	async select<K extends KeptKind>(kind: K, { where, values = [], limit = Infinity }: Selection = {}): Promise<RecordOf<K>[]> {
		const { table } = tables[kind];
		// Apart, or SQLite would rather walk through the whole table in the order of its numbers than look into an index.
		const found = where === undefined ? '' : `id IN (SELECT id FROM ${table} WHERE ${where}) AND `;
		const sql = `SELECT id, version, updated, updated_by, body FROM ${table} WHERE ${found}id > ? ORDER BY id LIMIT ?`;
		const records: RecordOf<K>[] = [];
		for (let last = 0; ; last = records.at(-1)!.id) {
			const most = Math.min(PAGE, limit - records.length);
			const rows = this.rows(sql, [...values, last, most]) as Row[];
			for (const record of await gently(rows, (row) => parsed(kind, row))) records.push(record);
			if (rows.length < PAGE || records.length >= limit) return records;
			await setImmediate();
		}
	}

	/** In any order and number. */
	find<K extends KeptKind>(kind: K, ids: readonly number[]): Promise<RecordOf<K>[]> {
		return this.select(kind, { where: 'id IN (SELECT value FROM json_each(?))', values: [JSON.stringify(ids)] });
	}

	count(kind: KeptKind): Promise<number> {
		return Promise.resolve(Number(this.value(`SELECT count(*) FROM ${tables[kind].table}`)));
	}

	/** Rows of any query, as arrays. */
	rows(sql: string, values: readonly SQLInputValue[] = []): unknown[][] {
		let statement = this.#statements.get(sql);
		if (statement === undefined) {
			statement = this.#database.prepare(sql);
			statement.setReturnArrays(true);
			this.#statements.set(sql, statement);
		}
		return statement.all(...values) as unknown as unknown[][];
	}

	/** The first column of the first row. */
	value(sql: string, values: readonly SQLInputValue[] = []): unknown {
		return this.rows(sql, values)[0]?.[0];
	}
}

function parsed<K extends KeptKind>(kind: K, [id, version, updated, updatedBy, text]: Row): RecordOf<K> {
	const { stored, noun } = kinds[kind];
	const result = stored.safeParse({ ...(JSON.parse(text) as object), id, version, updated, updatedBy });
	if (result.success) return result.data;
	// Names the field, not what stands in it: that may be about a patient.
	const field = result.error.issues[0]?.path.map(String).join('.') ?? '';
	throw new FleetServerError('store', `${noun} ${id} does not fit its schema at "${field}"; was it written by another version?`);
}
