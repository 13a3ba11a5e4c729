/**
 * How records lie in SQLite: a table a kind, known by (vehicle, epoch, seq), indexed by time. Texts that repeat on every
 * row (vehicle, epoch, boot, stream) are kept once in `names` and stand as numbers.
 */
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { RecordKind, UplinkRecord } from '@junkai/contracts';

export type Row = Record<string, SQLOutputValue>;

interface Column {
	name: string;
	type: string;
	/** Value to store, null where the record has none. */
	write: (record: Readonly<Record<string, unknown>>) => SQLInputValue;
	/** Field of the record and its value, from a value that is not null. */
	field: string;
	read: (value: SQLOutputValue) => unknown;
}

const plain = (name: string, type: 'TEXT' | 'REAL' | 'INTEGER', field = name): Column => ({
	name,
	type,
	field,
	write: (record) => (record[field] ?? null) as SQLInputValue,
	read: (value) => value,
});
const flag = (name: string): Column => ({
	...plain(name, 'INTEGER'),
	write: (record) => (record[name] === undefined ? null : Number(record[name])),
	read: (value) => value === 1,
});
const json = (name: string, field = name): Column => ({
	...plain(name, 'TEXT', field),
	write: (record) => (record[field] === undefined ? null : JSON.stringify(record[field])),
	read: (value) => JSON.parse(String(value)) as unknown,
});
const bytes = (name: string): Column => ({
	...plain(name, 'TEXT'),
	type: 'BLOB',
	write: (record) => Uint8Array.fromBase64(String(record[name])),
	read: (value) => (value instanceof Uint8Array ? value.toBase64() : ''),
});

const shared = [plain('port', 'TEXT'), plain('device_time', 'REAL', 'deviceTime')];

/** Columns of each kind beside the common ones. */
export const columns: Readonly<Record<RecordKind, readonly Column[]>> = {
	position: [
		plain('lat', 'REAL'),
		plain('lon', 'REAL'),
		plain('alt', 'REAL'),
		plain('mode', 'INTEGER'),
		plain('satellites_used', 'INTEGER', 'satellitesUsed'),
		plain('speed', 'REAL'),
		plain('track', 'REAL'),
		plain('hdop', 'REAL'),
		plain('accuracy', 'REAL'),
		plain('untrusted', 'TEXT'),
		...shared,
	],
	reading: [
		plain('code', 'TEXT'),
		plain('value', 'REAL'),
		plain('absent', 'TEXT'),
		json('questionable'),
		plain('measurement', 'TEXT', 'group'),
		flag('stored'),
		...shared,
	],
	waveform: [
		plain('signal', 'TEXT'),
		json('channels'),
		plain('rate', 'REAL'),
		plain('unit', 'TEXT'),
		plain('per_count', 'REAL', 'perCount'),
		json('range'),
		plain('stream', 'TEXT'),
		plain('sample_index', 'INTEGER', 'index'),
		plain('count', 'INTEGER'),
		bytes('data'),
		...shared,
	],
	event: [plain('class', 'TEXT'), plain('code', 'TEXT'), flag('active'), json('detail'), ...shared],
};

const common = ['vehicle', 'epoch', 'seq', 'boot', 'time', 'clock', 'historical', 'received'] as const;

function createTable(kind: RecordKind): string {
	const own = columns[kind].map((column) => `${column.name} ${column.type}`).join(', ');
	// Rows with sample data are too big to live inside an index tree.
	const layout = kind === 'waveform' ? 'STRICT' : 'STRICT, WITHOUT ROWID';
	return `CREATE TABLE ${kind} (
		vehicle INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, boot INTEGER NOT NULL,
		time REAL NOT NULL, clock TEXT NOT NULL, historical INTEGER NOT NULL, received REAL NOT NULL,
		${own}, PRIMARY KEY (vehicle, epoch, seq)
	) ${layout};
	CREATE INDEX ${kind}_time ON ${kind} (vehicle, time);
	CREATE INDEX ${kind}_unsynchronised ON ${kind} (vehicle, boot) WHERE clock = 'unsynchronised';`;
}

/** Schema by version; see `store/database.ts`. */
export const telemetryMigrations: readonly string[] = [
	`CREATE TABLE names (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
	CREATE TABLE corrections (
		vehicle INTEGER NOT NULL, boot INTEGER NOT NULL, delta REAL NOT NULL, clock TEXT NOT NULL, PRIMARY KEY (vehicle, boot)
	) STRICT, WITHOUT ROWID;
	${(['position', 'reading', 'waveform', 'event'] as const).map(createTable).join('\n')}
	CREATE INDEX reading_code ON reading (vehicle, code, time);`,
];

/** Takes a record once; the second time nothing changes. */
export function insertSql(kind: RecordKind): string {
	const names = [...common, ...columns[kind].map((column) => column.name)];
	return `INSERT INTO ${kind} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
		ON CONFLICT (vehicle, epoch, seq) DO NOTHING`;
}

/** Values of the kind's own columns, in the order of {@link insertSql}. */
export function ownValues(record: UplinkRecord): SQLInputValue[] {
	return columns[record.kind].map((column) => column.write(record));
}

/** A stored record from a row that has the epoch's text in `epoch_text`. */
export function fromRow(kind: RecordKind, row: Row): Record<string, unknown> {
	const record: Record<string, unknown> = {
		seq: row['seq'],
		time: row['time'],
		clock: row['clock'],
		kind,
		epoch: row['epoch_text'],
		historical: row['historical'] === 1,
		received: row['received'],
	};
	for (const column of columns[kind]) {
		const value = row[column.name];
		if (value !== null && value !== undefined) record[column.field] = column.read(value);
	}
	return record;
}
