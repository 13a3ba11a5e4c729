/** The tables of the records (`registry.db`). A body is JSON by its contract; what is looked up stands beside it in columns. */
import type { KeptKind } from '@junkai/contracts';

/** Of each kind: its table, and the columns beside the body. */
export const tables = {
	patient: { table: 'patients', columns: ['settlement', 'search'] },
	request: { table: 'requests', columns: ['patient', 'doctor', 'state'] },
	visit: { table: 'visits', columns: ['request', 'patient', 'state', 'first_day', 'last_day', 'vehicle', 'doctor'] },
	'fleet-vehicle': { table: 'fleet_vehicles', columns: ['vehicle'] },
	staff: { table: 'staff', columns: [] },
	shift: { table: 'shifts', columns: ['vehicle', 'driver', 'nurse'] },
	doctor: { table: 'doctors', columns: ['user_name'] },
	closure: { table: 'closures', columns: ['begins', 'ends'] },
} as const satisfies Record<KeptKind, { table: string; columns: readonly string[] }>;
export type Column = string | number | null;

const keptColumns =
	'id INTEGER PRIMARY KEY, version INTEGER NOT NULL, updated REAL NOT NULL, updated_by TEXT NOT NULL, body TEXT NOT NULL';

/** Each entry lifts the schema by one version; entries are never changed once released, only added. */
export const registryMigrations: readonly string[] = [
	`CREATE TABLE patients (${keptColumns}, settlement TEXT, search TEXT NOT NULL) STRICT;
	CREATE INDEX patients_by_settlement ON patients (settlement);
	-- Searched from end to end, which is quick as it holds nothing else.
	CREATE INDEX patients_by_search ON patients (search);
	CREATE TABLE requests (${keptColumns}, patient INTEGER NOT NULL REFERENCES patients (id) DEFERRABLE INITIALLY DEFERRED, doctor INTEGER, state TEXT NOT NULL,
		next_day TEXT) STRICT;
	CREATE INDEX requests_by_patient ON requests (patient);
	CREATE INDEX requests_by_state ON requests (state);
	CREATE INDEX requests_by_doctor ON requests (doctor) WHERE doctor IS NOT NULL;
	CREATE INDEX requests_by_next_day ON requests (next_day) WHERE next_day IS NOT NULL;
	CREATE TABLE visits (${keptColumns}, request INTEGER NOT NULL REFERENCES requests (id) DEFERRABLE INITIALLY DEFERRED, patient INTEGER NOT NULL REFERENCES patients (id) DEFERRABLE INITIALLY DEFERRED,
		state TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL, vehicle TEXT, doctor INTEGER) STRICT;
	CREATE INDEX visits_by_request ON visits (request);
	CREATE INDEX visits_by_patient ON visits (patient);
	CREATE INDEX visits_by_days ON visits (last_day, first_day, state, patient);
	CREATE INDEX visits_by_state ON visits (state, last_day, first_day);
	CREATE INDEX visits_by_vehicle ON visits (vehicle) WHERE vehicle IS NOT NULL;
	CREATE INDEX visits_by_doctor ON visits (doctor) WHERE doctor IS NOT NULL;
	CREATE TABLE fleet_vehicles (${keptColumns}, vehicle TEXT NOT NULL UNIQUE) STRICT;
	CREATE TABLE staff (${keptColumns}) STRICT;
	CREATE TABLE shifts (${keptColumns}, vehicle TEXT NOT NULL, driver INTEGER, nurse INTEGER) STRICT;
	CREATE INDEX shifts_by_vehicle ON shifts (vehicle);
	CREATE TABLE doctors (${keptColumns}, user_name TEXT UNIQUE) STRICT;
	CREATE TABLE closures (${keptColumns}, begins REAL NOT NULL, ends REAL) STRICT;
	CREATE INDEX closures_by_end ON closures (ends);
	-- What a record was before each change; nothing for one that was new.
	CREATE TABLE history (batch INTEGER NOT NULL, kind TEXT NOT NULL, id INTEGER NOT NULL, version INTEGER, at REAL NOT NULL, by TEXT NOT NULL,
		before TEXT) STRICT;
	CREATE INDEX history_of_record ON history (kind, id);`,
];
