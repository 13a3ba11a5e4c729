/** Which record refers to which: what is referred to must be there, and cannot be taken out. */
import type { KeptKind } from '@junkai/contracts';
import { kinds, type BodyOf } from './kinds.ts';
import type { Reader } from './reader.ts';
import { tables } from './tables.ts';

export interface Reference {
	readonly field: string;
	readonly kind: KeptKind;
	readonly id: number;
}

const reference = (field: string, kind: KeptKind, id: number | null | undefined): Reference[] =>
	id === null || id === undefined ? [] : [{ field, kind, id }];

/** Records that one refers to by number. */
export const referencesOf: { readonly [K in KeptKind]: (body: BodyOf<K>) => readonly Reference[] } = {
	patient: () => [],
	request: (body) => [...reference('patient', 'patient', body.patient), ...reference('doctor', 'doctor', body.doctor)],
	visit: (body) => [
		...reference('request', 'request', body.request),
		...reference('patient', 'patient', body.patient),
		...reference('planned.doctor', 'doctor', body.planned?.doctor),
	],
	'fleet-vehicle': () => [],
	staff: () => [],
	shift: (body) => [...reference('driver', 'staff', body.driver), ...reference('nurse', 'staff', body.nurse)],
	doctor: () => [],
	closure: () => [],
};

export interface VehicleReference {
	readonly field: string;
	readonly vehicle: string;
}

/** Vehicles of the fleet that one refers to by their name on the wire. */
export const vehiclesOf: { readonly [K in KeptKind]?: (body: BodyOf<K>) => readonly VehicleReference[] } = {
	visit: ({ planned }) => (planned === null ? [] : [{ field: 'planned.vehicle', vehicle: planned.vehicle }]),
	shift: ({ vehicle }) => [{ field: 'vehicle', vehicle }],
};

interface Referrer {
	readonly kind: KeptKind;
	/** Over the columns of its table; `?` is the number, or the name of the vehicle. */
	readonly where: string;
}

const referrers: { readonly [K in KeptKind]?: readonly Referrer[] } = {
	patient: [
		{ kind: 'request', where: 'patient = ?' },
		{ kind: 'visit', where: 'patient = ?' },
	],
	request: [{ kind: 'visit', where: 'request = ?' }],
	staff: [{ kind: 'shift', where: '? IN (driver, nurse)' }],
	doctor: [
		{ kind: 'request', where: 'doctor = ?' },
		{ kind: 'visit', where: 'doctor = ?' },
	],
	'fleet-vehicle': [
		{ kind: 'shift', where: 'vehicle = ?' },
		{ kind: 'visit', where: 'vehicle = ?' },
	],
};

/** Enough to say by what a record is held; the rest is counted. */
const MOST = 1000;

/** Who refers to a record in the store: numbers by kind, at most a thousand of each. */
export function referrersOf(reader: Reader, kind: KeptKind, key: number | string): { kind: KeptKind; ids: number[] }[] {
	return (referrers[kind] ?? []).map(({ kind: by, where }) => ({
		kind: by,
		ids: reader
			.rows(`SELECT id FROM ${tables[by].table} WHERE ${where} ORDER BY id LIMIT ${MOST}`, [key])
			.map(([id]) => Number(id)),
	}));
}

/** `request 5, request 7, shift 2 and 12 more`. */
export function inWords(found: readonly { kind: KeptKind; ids: readonly number[] }[]): string {
	const names = found.flatMap(({ kind, ids }) => ids.map((id) => `${kinds[kind].noun} ${id}`));
	const shown = names.slice(0, 3).join(', ');
	return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
