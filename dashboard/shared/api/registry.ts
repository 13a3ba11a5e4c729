/** Calls for the records that people keep: patients, requests, visits, vans, staff, shifts, doctors, closures. */
import {
	conflict,
	doctorRecord,
	fleetVehicle,
	patient,
	roadClosure,
	shift,
	staffMember,
	visit,
	visitRequest,
	type CalendarDate,
	type KeptKind,
} from '@junkai/contracts';
import { z } from 'zod';
import { call, json, query } from './rest.ts';

const kinds = {
	patient: { path: '/patients', stored: patient },
	request: { path: '/requests', stored: visitRequest },
	visit: { path: '/visits', stored: visit },
	'fleet-vehicle': { path: '/fleet', stored: fleetVehicle },
	staff: { path: '/staff', stored: staffMember },
	shift: { path: '/shifts', stored: shift },
	doctor: { path: '/doctors', stored: doctorRecord },
	closure: { path: '/closures', stored: roadClosure },
} as const satisfies Record<KeptKind, { path: string; stored: z.ZodType }>;

/** A record of a kind as it is kept. */
export type Stored<K extends KeptKind> = z.infer<(typeof kinds)[K]['stored']>;
export type RecordQuery = Readonly<Record<string, string | number | undefined>>;
export type Conflict = z.infer<typeof conflict>;

const conflicts = z.array(conflict);
const stored = <K extends KeptKind>(kind: K) => kinds[kind].stored as unknown as z.ZodType<Stored<K>>;
const at = (version: number): string => `?${query({ version })}`;

/** Each rejects with an `ApiError`; a change that was made on an older version is refused with 409. */
export const registryApi = {
	list: <K extends KeptKind>(kind: K, asked: RecordQuery): Promise<Stored<K>[]> =>
		call(z.array(stored(kind)), `${kinds[kind].path}?${query({ ...asked })}`),
	get: <K extends KeptKind>(kind: K, id: number): Promise<Stored<K>> => call(stored(kind), `${kinds[kind].path}/${id}`),
	create: <K extends KeptKind>(kind: K, body: unknown): Promise<Stored<K>> => call(stored(kind), kinds[kind].path, json(body)),
	update: <K extends KeptKind>(kind: K, id: number, version: number, body: unknown): Promise<Stored<K>> =>
		call(stored(kind), `${kinds[kind].path}/${id}${at(version)}`, json(body, 'PUT')),
	remove: (kind: KeptKind, id: number, version: number): Promise<unknown> =>
		call(null, `${kinds[kind].path}/${id}${at(version)}`, { method: 'DELETE' }),
	cancelVisit: (id: number, version: number, note: string) => call(visit, `/visits/${id}/cancel${at(version)}`, json({ note })),
	reopenVisit: (id: number, version: number) => call(visit, `/visits/${id}/reopen${at(version)}`, { method: 'POST' }),
	conflicts: (from: CalendarDate, until: CalendarDate, surge: boolean): Promise<Conflict[]> =>
		call(conflicts, `/conflicts?${query({ from, until, surge: String(surge) })}`),
};
