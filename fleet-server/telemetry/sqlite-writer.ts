/** Writes telemetry to SQLite. Synchronous: it lives in a worker thread. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { recordKinds, type RecordKind, type UplinkRecord } from '@junkai/contracts';
import { openSqlite } from '../store/database.ts';
import { insertSql, ownValues, telemetryMigrations } from './sqlite-tables.ts';
import { bootKey, corrected, correctionOf, type ClockCorrection, type TelemetryBatch, type WriteOutcome } from './store.ts';

/** Names kept in memory; an epoch or boot is used for days and then never again. */
const NAMES_KEPT = 10_000;

export class SqliteWriter {
	readonly #database: DatabaseSync;
	readonly #insert: Record<RecordKind, StatementSync>;
	readonly #correct: StatementSync[];
	readonly #addName: StatementSync;
	readonly #findName: StatementSync;
	readonly #addCorrection: StatementSync;
	#names = new Map<string, number>();
	readonly #corrections = new Map<string, ClockCorrection>();

	/** Opens or makes the file; throws a FleetServerError of code `store` when that fails. */
	constructor(path: string) {
		this.#database = openSqlite(path, telemetryMigrations, 'FULL');
		const prepare = (sql: string) => this.#database.prepare(sql);
		this.#insert = {
			position: prepare(insertSql('position')),
			reading: prepare(insertSql('reading')),
			waveform: prepare(insertSql('waveform')),
			event: prepare(insertSql('event')),
		};
		this.#correct = recordKinds.map((kind) =>
			prepare(`UPDATE ${kind} SET time = max(0, time + ?), clock = ? WHERE vehicle = ? AND boot = ? AND clock = 'unsynchronised'`),
		);
		this.#addName = prepare('INSERT INTO names (text) VALUES (?) ON CONFLICT (text) DO NOTHING');
		this.#findName = prepare('SELECT id FROM names WHERE text = ?');
		this.#addCorrection = prepare('INSERT INTO corrections (vehicle, boot, delta, clock) VALUES (?, ?, ?, ?)');
		for (const correction of readCorrections(this.#database)) {
			this.#corrections.set(bootKey(correction.vehicle, correction.boot), correction);
		}
	}

	/** One transaction for all batches; returns after it is on disk. */
	write(batches: readonly TelemetryBatch[]): WriteOutcome {
		const outcome: WriteOutcome = { stored: 0, duplicates: 0, refused: [], deferred: [], corrections: [] };
		this.#database.exec('BEGIN IMMEDIATE');
		try {
			batches.forEach((batch, index) => this.#writeBatch(batch, index, outcome));
			this.#database.exec('COMMIT');
		} catch (error) {
			if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
			// Names and corrections of this transaction were never stored.
			this.#names = new Map();
			for (const { vehicle, boot } of outcome.corrections) this.#corrections.delete(bootKey(vehicle, boot));
			throw error;
		}
		return outcome;
	}

	check(): void {
		this.#findName.get('');
	}

	close(): void {
		this.#database.close();
	}

	#writeBatch(batch: TelemetryBatch, index: number, outcome: WriteOutcome): void {
		for (const record of batch.records) {
			const correction = correctionOf(batch.vehicle, record);
			if (correction) this.#applyCorrection(correction, outcome);
		}
		const known = this.#corrections.get(bootKey(batch.vehicle, batch.boot));
		const ids = [this.#name(batch.vehicle), this.#name(batch.epoch), this.#name(batch.boot)] as const;
		for (const record of batch.records) {
			const own = columnsOf(record);
			if (own === null) {
				outcome.refused.push({ batch: index, seq: record.seq, reason: 'its data cannot be read' });
				continue;
			}
			const changes = this.#insertRecord(corrected(record, known), own, ids, batch);
			if (changes === 0) outcome.duplicates++;
			else outcome.stored++;
		}
	}

	#insertRecord(
		record: UplinkRecord,
		own: readonly SQLInputValue[],
		[vehicle, epoch, boot]: readonly [number, number, number],
		batch: TelemetryBatch,
	): number {
		const head = [vehicle, epoch, record.seq, boot, record.time, record.clock, Number(batch.historical), batch.received];
		return Number(this.#insert[record.kind].run(...head, ...own).changes);
	}

	/** The first correction of a boot counts; the same one again, after a resend, changes nothing. */
	#applyCorrection(correction: ClockCorrection, outcome: WriteOutcome): void {
		const key = bootKey(correction.vehicle, correction.boot);
		if (this.#corrections.has(key)) return;
		const vehicle = this.#name(correction.vehicle);
		const boot = this.#name(correction.boot);
		this.#addCorrection.run(vehicle, boot, correction.delta, correction.clock);
		for (const update of this.#correct) update.run(correction.delta, correction.clock, vehicle, boot);
		this.#corrections.set(key, correction);
		outcome.corrections.push(correction);
	}

	#name(text: string): number {
		const known = this.#names.get(text);
		if (known !== undefined) return known;
		this.#addName.run(text);
		const id = Number(this.#findName.get(text)!['id']);
		if (this.#names.size >= NAMES_KEPT) this.#names.clear();
		this.#names.set(text, id);
		return id;
	}
}

/** One record that cannot be taken apart must not hold up all the others for ever. */
function columnsOf(record: UplinkRecord): SQLInputValue[] | null {
	try {
		return ownValues(record);
	} catch {
		return null;
	}
}

export function readCorrections(database: DatabaseSync): ClockCorrection[] {
	return database
		.prepare(
			`SELECT v.text AS vehicle, b.text AS boot, c.delta AS delta, c.clock AS clock
			FROM corrections c JOIN names v ON v.id = c.vehicle JOIN names b ON b.id = c.boot`,
		)
		.all()
		.map((row) => ({
			vehicle: String(row['vehicle']),
			boot: String(row['boot']),
			delta: Number(row['delta']),
			clock: String(row['clock']) as ClockCorrection['clock'],
		}));
}
