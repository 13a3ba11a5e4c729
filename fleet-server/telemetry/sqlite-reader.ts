/** Reads telemetry from SQLite. Synchronous: it lives in a worker thread. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { readingCodeNames, type StoredPosition, type StoredReading } from '@junkai/contracts';
import { openSqlite } from '../store/database.ts';
import type { SelectRequest } from './sqlite-protocol.ts';
import { fromRow, telemetryMigrations, type Row } from './sqlite-tables.ts';
import { readCorrections } from './sqlite-writer.ts';
import { CursorError, type ClockCorrection, type Latest } from './store.ts';

export class SqliteReader {
	readonly #database: DatabaseSync;

	constructor(path: string) {
		this.#database = openSqlite(path, telemetryMigrations, 'FULL');
	}

	select(request: SelectRequest): { items: Record<string, unknown>[]; next: string | null } {
		const { kind, query } = request;
		const where = ['r.vehicle = (SELECT id FROM names WHERE text = ?)', 'r.time >= ?', 'r.time < ?'];
		const values: SQLInputValue[] = [request.vehicle, query.from, query.to];
		if (request.match) {
			where.push(`r.${request.match.column} = ?`);
			values.push(request.match.value);
		}
		if (request.classes) {
			where.push(`r.class IN (${request.classes.map(() => '?').join(', ')})`);
			values.push(...request.classes);
		}
		if (query.after !== undefined) {
			where.push('r.time >= ? AND (r.time, r.epoch, r.seq) > (?, ?, ?)');
			const cursor = parseCursor(query.after);
			values.push(cursor[0], ...cursor);
		}
		const rows = this.#database
			.prepare(
				`SELECT r.*, e.text AS epoch_text FROM ${kind} r JOIN names e ON e.id = r.epoch
				WHERE ${where.join(' AND ')} ORDER BY r.time, r.epoch, r.seq LIMIT ?`,
			)
			.all(...values, query.limit + 1);
		const page = rows.slice(0, query.limit);
		const last = page.at(-1);
		return { items: page.map((row) => fromRow(kind, row)), next: rows.length > query.limit && last ? cursorOf(last) : null };
	}

	/** Newest position and newest live reading of each code, of every vehicle. */
	latest(): Latest[] {
		const vehicles = this.#database
			.prepare(
				`SELECT id, text FROM names n
				WHERE EXISTS (SELECT 1 FROM position WHERE vehicle = n.id) OR EXISTS (SELECT 1 FROM reading WHERE vehicle = n.id)`,
			)
			.all();
		const position = this.#database.prepare(
			`SELECT r.*, e.text AS epoch_text FROM position r JOIN names e ON e.id = r.epoch
			WHERE r.vehicle = ? AND r.lat IS NOT NULL ORDER BY r.time DESC LIMIT 1`,
		);
		const reading = this.#database.prepare(
			`SELECT r.*, e.text AS epoch_text FROM reading r JOIN names e ON e.id = r.epoch
			WHERE r.vehicle = ? AND r.code = ? AND r.stored IS NOT 1 ORDER BY r.time DESC LIMIT 1`,
		);
		return vehicles.map(({ id, text }) => {
			const newest = position.get(id!);
			const readings = readingCodeNames.flatMap((code) => {
				const row = reading.get(id!, code);
				return row ? [fromRow('reading', row) as unknown as StoredReading] : [];
			});
			return {
				vehicle: String(text),
				...(newest && { position: fromRow('position', newest) as unknown as StoredPosition }),
				readings,
			};
		});
	}

	corrections(): ClockCorrection[] {
		return readCorrections(this.#database);
	}

	check(): void {
		this.#database.prepare('SELECT 1').get();
	}

	close(): void {
		this.#database.close();
	}
}

const cursorOf = (row: Row): string => Buffer.from(JSON.stringify([row['time'], row['epoch'], row['seq']])).toString('base64url');

function parseCursor(text: string): [number, number, number] {
	try {
		const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
		if (Array.isArray(parts) && parts.length === 3 && parts.every((part) => Number.isFinite(part))) {
			return parts as [number, number, number];
		}
	} catch {
		// Not JSON: answered below like any other foreign cursor.
	}
	throw new CursorError('"after" must be the "next" of the previous page');
}
