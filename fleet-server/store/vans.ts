/** Credentials of the vans. A password is long and random, so one SHA-256 of it is enough and costs nothing at connect. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { vanCredentials, type VehicleId } from '@junkai/contracts';

const digest = (password: string | Uint8Array): Buffer => createHash('sha256').update(password).digest();
const nobody = digest(randomBytes(32));

export interface VanStore {
	/** Whether a van with this id and password may connect. */
	verify(vehicle: string, password: Uint8Array): boolean;
	/** Adds a van or gives it a new password and name. Throws a ZodError when the password is shorter than 16 characters. */
	put(vehicle: VehicleId, name: string, password: string): void;
	has(vehicle: VehicleId): boolean;
	list(): { vehicle: VehicleId; name: string }[];
}

export function vanStore(database: DatabaseSync): VanStore {
	const select = database.prepare('SELECT password_hash FROM vans WHERE vehicle = ?');
	const upsert = database.prepare(
		`INSERT INTO vans (vehicle, name, password_hash, created) VALUES (?, ?, ?, ?)
		ON CONFLICT (vehicle) DO UPDATE SET name = excluded.name, password_hash = excluded.password_hash`,
	);
	const all = database.prepare('SELECT vehicle, name FROM vans ORDER BY vehicle');
	return {
		verify(vehicle, password) {
			const stored = select.get(vehicle)?.['password_hash'];
			const known = stored instanceof Uint8Array && stored.length === nobody.length;
			const same = timingSafeEqual(digest(password), known ? stored : nobody);
			return known && same;
		},
		put(vehicle, name, password) {
			vanCredentials.parse({ vehicle, password });
			upsert.run(vehicle, name, digest(password), Date.now());
		},
		has: (vehicle) => select.get(vehicle) !== undefined,
		list: () => all.all().map((row) => ({ vehicle: String(row['vehicle']), name: String(row['name']) })),
	};
}
