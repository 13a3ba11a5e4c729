/** What became of the visits of each day, when vans came to their stops and left, and what crews told. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { CalendarDate, CrewReport, VehicleId, Visit } from '@junkai/contracts';

type Actual = NonNullable<Visit['actual']>;

/** One visit of a day; service time. */
export interface LedgerEntry {
	readonly visit: number;
	readonly vehicle: VehicleId;
	readonly state: 'under-way' | 'done' | 'not-done';
	readonly reason: Visit['reason'];
	readonly began: number | null;
	readonly ended: number | null;
	readonly source: Actual['source'];
}

export interface StopTimes {
	readonly arrived: number | null;
	readonly left: number | null;
}

export interface LedgerStore {
	entries(date: CalendarDate): Map<number, LedgerEntry>;
	save(date: CalendarDate, entry: LedgerEntry): void;
	remove(date: CalendarDate, visit: number): void;
	stops(date: CalendarDate): Map<string, StopTimes>;
	saveStop(date: CalendarDate, vehicle: VehicleId, stop: string, times: StopTimes): void;
	addReport(date: CalendarDate, vehicle: VehicleId, report: CrewReport, told: number, by: string): void;
	/** The newest delay that a crew told of since its last arrival; null when there is none. */
	delay(date: CalendarDate, vehicle: VehicleId): { minutes: number; time: number } | null;
	/** Days before this one that have a plan and were not settled. */
	unsettled(before: CalendarDate): CalendarDate[];
	settled(date: CalendarDate): void;
}

/** Names a stop of a van in {@link LedgerStore.stops}. */
export const stopName = (vehicle: VehicleId, stop: string): string => `${vehicle} ${stop}`;

const numberOf = (value: SQLOutputValue | undefined): number | null => (value === null ? null : Number(value));

export function ledgerStore(database: DatabaseSync): LedgerStore {
	const entries = database.prepare('SELECT * FROM visit_ledger WHERE date = ?');
	const upsert = database.prepare(
		`INSERT INTO visit_ledger (date, visit, vehicle, state, reason, began, ended, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (date, visit) DO UPDATE SET vehicle = excluded.vehicle, state = excluded.state, reason = excluded.reason,
		began = excluded.began, ended = excluded.ended, source = excluded.source`,
	);
	const remove = database.prepare('DELETE FROM visit_ledger WHERE date = ? AND visit = ?');
	const stops = database.prepare('SELECT vehicle, stop, arrived, left_at FROM stop_times WHERE date = ?');
	const putStop = database.prepare(
		`INSERT INTO stop_times (date, vehicle, stop, arrived, left_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (date, vehicle, stop) DO UPDATE SET arrived = excluded.arrived, left_at = excluded.left_at`,
	);
	const insert = database.prepare(
		`INSERT INTO crew_reports (date, vehicle, state, stop, visit, time, told, told_by, reason, minutes, note)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const lastWord = database.prepare(
		`SELECT state, minutes, time FROM crew_reports WHERE date = ? AND vehicle = ? AND state IN ('delayed', 'arrived', 'started', 'done')
		ORDER BY time DESC, id DESC LIMIT 1`,
	);
	const unsettled = database.prepare(
		`SELECT DISTINCT date FROM published_days WHERE date < ? AND date NOT IN (SELECT date FROM settled_days) ORDER BY date`,
	);
	const settle = database.prepare('INSERT OR IGNORE INTO settled_days (date) VALUES (?)');
	return {
		entries(date) {
			const list = entries.all(date).map((row): [number, LedgerEntry] => {
				const visit = Number(row['visit']);
				const entry: LedgerEntry = {
					visit,
					vehicle: String(row['vehicle']),
					state: String(row['state']) as LedgerEntry['state'],
					reason: row['reason'] === null ? null : (String(row['reason']) as LedgerEntry['reason']),
					began: numberOf(row['began']),
					ended: numberOf(row['ended']),
					source: String(row['source']) as LedgerEntry['source'],
				};
				return [visit, entry];
			});
			return new Map(list);
		},
		save: (date, { visit, vehicle, state, reason, began, ended, source }) =>
			void upsert.run(date, visit, vehicle, state, reason, began, ended, source),
		remove: (date, visit) => void remove.run(date, visit),
		stops: (date) =>
			new Map(
				stops
					.all(date)
					.map((row): [string, StopTimes] => [
						stopName(String(row['vehicle']), String(row['stop'])),
						{ arrived: numberOf(row['arrived']), left: numberOf(row['left_at']) },
					]),
			),
		saveStop: (date, vehicle, stop, { arrived, left }) => void putStop.run(date, vehicle, stop, arrived, left),
		addReport(date, vehicle, report, told, by) {
			const { state, stop = null, visit = null, time, reason = null, minutes = null, note = null } = report;
			insert.run(date, vehicle, state, stop, visit, time, told, by, reason, minutes, note);
		},
		delay(date, vehicle) {
			const row = lastWord.get(date, vehicle);
			return row?.['state'] === 'delayed' ? { minutes: Number(row['minutes']), time: Number(row['time']) } : null;
		},
		unsettled: (before) => unsettled.all(before).map((row) => String(row['date'])),
		settled: (date) => void settle.run(date),
	};
}
