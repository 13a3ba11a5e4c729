/** What each vehicle last said of itself, so that a server that was restarted still knows it. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { z } from 'zod';
import { birth, death, gatewayStatus, type Birth, type Death, type GatewayStatus, type VehicleId } from '@junkai/contracts';

export interface VehicleFacts {
	birth?: { message: Birth; received: number };
	death?: { message: Death; received: number };
	status?: GatewayStatus;
	lastSeen?: number;
}

export interface VehicleStore {
	load(): Map<VehicleId, VehicleFacts>;
	save(vehicle: VehicleId, facts: VehicleFacts): void;
}

export function vehicleStore(database: DatabaseSync): VehicleStore {
	const select = database.prepare('SELECT * FROM vehicles');
	const upsert = database.prepare(
		`INSERT INTO vehicles (vehicle, birth, birth_received, death, death_received, status, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (vehicle) DO UPDATE SET birth = excluded.birth, birth_received = excluded.birth_received, death = excluded.death,
		death_received = excluded.death_received, status = excluded.status, last_seen = excluded.last_seen`,
	);
	return {
		load() {
			const vehicles = new Map<VehicleId, VehicleFacts>();
			for (const row of select.all()) {
				const facts: VehicleFacts = {};
				const born = read(birth, row['birth']);
				const died = read(death, row['death']);
				const status = read(gatewayStatus, row['status']);
				if (born) facts.birth = { message: born, received: Number(row['birth_received']) };
				if (died) facts.death = { message: died, received: Number(row['death_received']) };
				if (status) facts.status = status;
				if (row['last_seen'] !== null) facts.lastSeen = Number(row['last_seen']);
				vehicles.set(String(row['vehicle']), facts);
			}
			return vehicles;
		},
		save(vehicle, facts) {
			const text = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
			upsert.run(
				vehicle,
				text(facts.birth?.message),
				facts.birth?.received ?? null,
				text(facts.death?.message),
				facts.death?.received ?? null,
				text(facts.status),
				facts.lastSeen ?? null,
			);
		},
	};
}

/** A row that an older program wrote by another schema counts as not known. */
function read<T extends z.ZodType>(schema: T, text: SQLOutputValue | undefined): z.infer<T> | undefined {
	if (typeof text !== 'string') return undefined;
	const parsed = schema.safeParse(JSON.parse(text));
	return parsed.success ? parsed.data : undefined;
}
