/** First users and vans of an installation. What is there already is kept. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { role, roles, vehicleId, type Role, type VehicleId } from '@junkai/contracts';
import { pino } from 'pino';
import { z } from 'zod';
import { FleetServerError, messageOf } from '../errors.ts';
import { openRecords } from '../store/database.ts';
import { vanStore } from '../store/vans.ts';
import { Access } from './users.ts';

export interface UserSecret {
	username: string;
	password: string;
	role: Role;
}
export interface VanSecret {
	vehicle: VehicleId;
	name: string;
	password: string;
}

/** Files of the demo in the data folder; they hold passwords and are readable by their owner only. */
export const DEMO_USERS_FILE = 'demo-users.json';
export const DEMO_VANS_FILE = 'demo-vans.json';
/** The server's own records within the data folder. */
export const RECORDS_FILE = 'junkai.db';

const userList = z.array(z.object({ username: z.string().min(1).max(64), password: z.string().min(8).max(200), role }));
const vanList = z.array(z.object({ vehicle: vehicleId, name: z.string().min(1).max(64), password: z.string().min(16).max(200) }));

/**
 * Creates users and vans that are missing in the data folder's records; those that exist keep their passwords. A server may
 * be running on the same folder meanwhile; it lets the new ones in at once. `databaseUrl` as in the server's options.
 * Returns the names of those that were created.
 */
export async function provision(
	dataDir: string,
	{ users = [], vans = [] }: { users?: readonly UserSecret[]; vans?: readonly VanSecret[] },
	{ databaseUrl }: { databaseUrl?: string | undefined } = {},
): Promise<{ users: string[]; vans: VehicleId[] }> {
	const checked = { users: userList.safeParse(users), vans: vanList.safeParse(vans) };
	const fault = checked.users.error?.issues[0] ?? checked.vans.error?.issues[0];
	if (fault) throw new FleetServerError('config', `cannot provision: ${fault.path.join('.')}: ${fault.message}`);
	mkdirSync(dataDir, { recursive: true, mode: 0o700 });
	const database = openRecords(databaseUrl === undefined ? join(dataDir, RECORDS_FILE) : databaseUrl.replace(/^sqlite:/, ''));
	const access = new Access(database, pino({ level: 'silent' }));
	const created: { users: string[]; vans: VehicleId[] } = { users: [], vans: [] };
	try {
		for (const { username, password, role: userRole } of users) {
			if (access.hasUser(username)) continue;
			await access.putUser(username, password, userRole);
			created.users.push(username);
		}
		const store = vanStore(database);
		for (const { vehicle, name, password } of vans) {
			if (store.has(vehicle)) continue;
			store.put(vehicle, name, password);
			created.vans.push(vehicle);
		}
		return created;
	} finally {
		access.stop();
		database.close();
	}
}

/**
 * One user for each role and `vans` vans (van-1, van-2 …) with random passwords, kept in the demo files of the data folder
 * so that a restart finds the same ones. `names[i]` is the name of van i + 1; default `1号車`, `2号車` …
 */
export async function provisionDemo(
	dataDir: string,
	{ vans, names = [] }: { vans: number; names?: readonly string[] },
): Promise<{ users: UserSecret[]; vans: VanSecret[] }> {
	mkdirSync(dataDir, { recursive: true, mode: 0o700 });
	const users: UserSecret[] = readList(join(dataDir, DEMO_USERS_FILE), userList);
	for (const name of roles) {
		if (!users.some((user) => user.role === name)) {
			users.push({ username: name, password: randomBytes(9).toString('base64url'), role: name });
		}
	}
	const fleet: VanSecret[] = readList(join(dataDir, DEMO_VANS_FILE), vanList);
	for (let number = 1; number <= vans; number++) {
		const vehicle = `van-${number}`;
		if (fleet.some((van) => van.vehicle === vehicle)) continue;
		fleet.push({ vehicle, name: names[number - 1] ?? `${number}号車`, password: randomBytes(24).toString('base64url') });
	}
	// Written first: if the program dies in between, the next start provisions what stands in the files.
	writeSecret(join(dataDir, DEMO_USERS_FILE), users);
	writeSecret(join(dataDir, DEMO_VANS_FILE), fleet);
	await provision(dataDir, { users, vans: fleet });
	return { users, vans: fleet };
}

function readList<T extends z.ZodType>(path: string, schema: T): z.infer<T> {
	if (!existsSync(path)) return schema.parse([]);
	try {
		return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
	} catch (error) {
		const reason = error instanceof z.ZodError ? (error.issues[0]?.message ?? 'wrong content') : messageOf(error);
		throw new FleetServerError('config', `${path} cannot be read (${reason}); mend it or delete it to get new passwords`, {
			cause: error,
		});
	}
}

function writeSecret(path: string, value: unknown): void {
	const draft = `${path}.new`;
	writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
	renameSync(draft, path);
}
