/** The server's own records (`junkai.db`): who may sign in, which vans may speak, what each vehicle last said of itself, which plans were published. */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FleetServerError, messageOf } from '../errors.ts';

/** Each entry lifts the schema by one version; entries are never changed once released, only added. */
const migrations: readonly string[] = [
	`CREATE TABLE users (
		username TEXT PRIMARY KEY, password_hash TEXT NOT NULL, role TEXT NOT NULL, created REAL NOT NULL
	) STRICT;
	CREATE TABLE sessions (
		token_hash TEXT PRIMARY KEY, username TEXT NOT NULL REFERENCES users(username) ON DELETE CASCADE,
		created REAL NOT NULL, expires REAL NOT NULL
	) STRICT, WITHOUT ROWID;
	CREATE TABLE vans (
		vehicle TEXT PRIMARY KEY, name TEXT NOT NULL, password_hash BLOB NOT NULL, created REAL NOT NULL
	) STRICT;
	CREATE TABLE vehicles (
		vehicle TEXT PRIMARY KEY, birth TEXT, birth_received REAL, death TEXT, death_received REAL,
		status TEXT, last_seen REAL
	) STRICT;`,
	`CREATE TABLE plans (
		id TEXT PRIMARY KEY, revision INTEGER NOT NULL UNIQUE, published REAL NOT NULL, published_by TEXT NOT NULL, body TEXT NOT NULL
	) STRICT;
	CREATE TABLE plan_progress (
		plan TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE, vehicle TEXT NOT NULL, next INTEGER NOT NULL, reached INTEGER NOT NULL,
		PRIMARY KEY (plan, vehicle)
	) STRICT, WITHOUT ROWID;`,
	// Plans of before were of Wakayama, where it is always nine hours later than UTC.
	`CREATE TABLE publications (
		revision INTEGER PRIMARY KEY, published REAL NOT NULL, published_by TEXT NOT NULL, note TEXT NOT NULL, board TEXT,
		mend INTEGER NOT NULL
	) STRICT;
	CREATE TABLE published_plans (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
	CREATE TABLE published_days (
		revision INTEGER NOT NULL, date TEXT NOT NULL, plan TEXT NOT NULL, PRIMARY KEY (date, revision)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE published_routes (
		revision INTEGER NOT NULL, date TEXT NOT NULL, vehicle TEXT NOT NULL, manifest INTEGER NOT NULL, changed INTEGER NOT NULL,
		PRIMARY KEY (date, vehicle, revision)
	) STRICT, WITHOUT ROWID;
	CREATE INDEX published_routes_of ON published_routes (revision);
	CREATE TABLE manifests (
		revision INTEGER NOT NULL, date TEXT NOT NULL, vehicle TEXT NOT NULL, sent REAL, received REAL,
		PRIMARY KEY (date, vehicle, revision)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE route_progress (
		plan TEXT NOT NULL, vehicle TEXT NOT NULL, next INTEGER NOT NULL, reached INTEGER NOT NULL, PRIMARY KEY (plan, vehicle)
	) STRICT, WITHOUT ROWID;
	INSERT INTO publications SELECT revision, published, published_by, '', NULL, 0 FROM plans;
	INSERT INTO published_plans SELECT id, revision, body FROM plans;
	INSERT INTO published_days SELECT revision, date(json_extract(body, '$.from') / 1000 + 32400, 'unixepoch'), id FROM plans;
	INSERT INTO route_progress SELECT plan, vehicle, next, reached FROM plan_progress;
	DROP TABLE plan_progress;
	DROP TABLE plans;`,
	`CREATE TABLE alerts (
		id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, urgency TEXT NOT NULL, vehicle TEXT, visit INTEGER, doctor INTEGER,
		since REAL NOT NULL, over REAL, at REAL, minutes REAL, detail TEXT, acknowledged_by TEXT, acknowledged_at REAL, note TEXT
	) STRICT;
	CREATE UNIQUE INDEX open_alerts ON alerts (kind, subject) WHERE over IS NULL;
	CREATE INDEX alerts_since ON alerts (since);
	-- What became of the visits of a day; no row for one of which nothing was heard.
	CREATE TABLE visit_ledger (
		date TEXT NOT NULL, visit INTEGER NOT NULL, vehicle TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, began REAL, ended REAL,
		source TEXT NOT NULL, PRIMARY KEY (date, visit)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE crew_reports (
		id INTEGER PRIMARY KEY, date TEXT NOT NULL, vehicle TEXT NOT NULL, state TEXT NOT NULL, stop INTEGER, visit INTEGER, time REAL NOT NULL,
		told REAL NOT NULL, told_by TEXT NOT NULL, reason TEXT, minutes REAL, note TEXT
	) STRICT;
	CREATE INDEX crew_reports_of_day ON crew_reports (date, vehicle);
	-- A stop keeps its name when a plan is mended: that of its first visit, or of what is done there and when.
	CREATE TABLE stop_times (
		date TEXT NOT NULL, vehicle TEXT NOT NULL, stop TEXT NOT NULL, arrived REAL, left_at REAL, PRIMARY KEY (date, vehicle, stop)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE settled_days (date TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`,
	`CREATE TABLE calendar_feeds (
		doctor INTEGER PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, created REAL NOT NULL, created_by TEXT NOT NULL, used REAL
	) STRICT;
	CREATE TABLE calendar_events (
		visit INTEGER NOT NULL, doctor INTEGER NOT NULL, date TEXT NOT NULL, starts REAL NOT NULL, ends REAL NOT NULL,
		vehicle TEXT NOT NULL, town TEXT NOT NULL, revision INTEGER NOT NULL, changed REAL NOT NULL, cancelled INTEGER NOT NULL,
		PRIMARY KEY (visit, doctor)
	) STRICT, WITHOUT ROWID;
	CREATE INDEX calendar_events_of_day ON calendar_events (date);`,
	`CREATE TABLE plan_boards (
		id TEXT PRIMARY KEY, created REAL NOT NULL, published INTEGER, body TEXT NOT NULL, frame BLOB
	) STRICT;
	CREATE TABLE plan_board_states (
		board TEXT NOT NULL REFERENCES plan_boards(id) ON DELETE CASCADE, place INTEGER NOT NULL, body TEXT NOT NULL,
		solution BLOB NOT NULL, days BLOB NOT NULL, PRIMARY KEY (board, place)
	) STRICT;`,
];

/**
 * Opens (or makes) an SQLite file readable by its owner only and brings its schema up to date.
 * `synchronous` FULL survives a power cut after each commit, NORMAL may lose the last moments but never tears.
 */
export function openSqlite(path: string, steps: readonly string[], synchronous: 'FULL' | 'NORMAL'): DatabaseSync {
	let database: DatabaseSync | undefined;
	try {
		mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
		closeSync(openSync(path, 'a', 0o600));
		chmodSync(path, 0o600);
		database = new DatabaseSync(path);
		database.exec(
			`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;`,
		);
		migrate(database, steps);
		return database;
	} catch (error) {
		database?.close();
		throw new FleetServerError('store', `cannot open the database ${path}: ${messageOf(error)}`, { cause: error });
	}
}

function migrate(database: DatabaseSync, steps: readonly string[]): void {
	const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
	if (version > steps.length) {
		throw new Error(`its schema is version ${version}, this program knows up to ${steps.length}; use the newer program`);
	}
	for (let next = version; next < steps.length; next++) {
		database.exec('BEGIN IMMEDIATE');
		try {
			database.exec(steps[next]!);
			database.exec(`PRAGMA user_version = ${next + 1}`);
			database.exec('COMMIT');
		} catch (error) {
			database.exec('ROLLBACK');
			throw error;
		}
	}
}

/** Opens the server's own records. */
export const openRecords = (path: string): DatabaseSync => openSqlite(path, migrations, 'NORMAL');
