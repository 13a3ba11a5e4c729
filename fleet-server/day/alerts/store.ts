/** Alerts in the server's own records: each as it came, what became of it, and who saw it. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Alert } from '@junkai/contracts';

/** An alert with the name of what it is about: of one kind and subject at most one is open. */
export interface KeptAlert extends Alert {
	readonly subject: string;
}

export interface AlertStore {
	open(): KeptAlert[];
	/** Those that were there at some time of a period (from included, to excluded), and with `open` those whose cause lasts. */
	between(from: number, to: number): KeptAlert[];
	get(id: string): KeptAlert | null;
	save(alert: KeptAlert): void;
	/** Alerts that were over before. */
	forget(before: number): void;
}

/** More alerts of one day are a fault elsewhere; the newest are listed. */
const LISTED = 2000;

export function alertStore(database: DatabaseSync): AlertStore {
	const open = database.prepare('SELECT * FROM alerts WHERE over IS NULL');
	const between = database.prepare(
		'SELECT * FROM alerts WHERE since < ? AND (over IS NULL OR over >= ?) ORDER BY since DESC LIMIT ?',
	);
	const one = database.prepare('SELECT * FROM alerts WHERE id = ?');
	const upsert = database.prepare(
		`INSERT INTO alerts (id, kind, subject, urgency, vehicle, visit, doctor, since, over, at, minutes, detail, acknowledged_by,
		acknowledged_at, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET urgency = excluded.urgency, over = excluded.over, at = excluded.at, minutes = excluded.minutes,
		visit = excluded.visit, doctor = excluded.doctor, detail = excluded.detail, acknowledged_by = excluded.acknowledged_by,
		acknowledged_at = excluded.acknowledged_at, note = excluded.note`,
	);
	const forget = database.prepare('DELETE FROM alerts WHERE over < ?');
	return {
		open: () => open.all().map(alertOf),
		between: (from, to) => between.all(to, from, LISTED).map(alertOf),
		get: (id) => {
			const row = one.get(id);
			return row === undefined ? null : alertOf(row);
		},
		save({ id, kind, subject, urgency, vehicle, visit, doctor, since, over, at, minutes, detail, acknowledged }) {
			const seen = acknowledged ? [acknowledged.by, acknowledged.at, acknowledged.note] : [null, null, null];
			upsert.run(id, kind, subject, urgency, vehicle, visit, doctor, since, over, at, minutes, detail, ...seen);
		},
		forget: (before) => void forget.run(before),
	};
}

type Row = Record<string, SQLOutputValue>;
const numberOf = (value: SQLOutputValue | undefined): number | null => (value === null ? null : Number(value));
const textOf = (value: SQLOutputValue | undefined): string | null => (value === null ? null : String(value));

/** Rows are of our own making: the columns' types are held by the database. */
function alertOf(row: Row): KeptAlert {
	const by = textOf(row['acknowledged_by']);
	return {
		id: String(row['id']),
		kind: String(row['kind']) as Alert['kind'],
		subject: String(row['subject']),
		urgency: String(row['urgency']) as Alert['urgency'],
		vehicle: textOf(row['vehicle']),
		visit: numberOf(row['visit']),
		doctor: numberOf(row['doctor']),
		since: Number(row['since']),
		over: numberOf(row['over']),
		at: numberOf(row['at']),
		minutes: numberOf(row['minutes']),
		detail: textOf(row['detail']),
		acknowledged: by === null ? null : { by, at: Number(row['acknowledged_at']), note: String(row['note']) },
	};
}
