/** The kinds of records that people keep: their schemas, and what of them is found by SQL. */
import {
	doctorBody,
	doctorRecord,
	fleetVehicle,
	fleetVehicleBody,
	patient,
	patientBody,
	requestBody,
	roadClosure,
	roadClosureBody,
	shift,
	shiftBody,
	staffBody,
	staffMember,
	visit,
	visitRequest,
	type DoctorBody,
	type DoctorRecord,
	type FleetVehicle,
	type FleetVehicleBody,
	type KeptKind,
	type Patient,
	type PatientBody,
	type RequestBody,
	type RoadClosure,
	type RoadClosureBody,
	type Shift,
	type ShiftBody,
	type StaffBody,
	type StaffMember,
	type Visit,
	type VisitRequest,
} from '@junkai/contracts';
import type { z } from 'zod';
import type { Calendar } from './calendar.ts';
import { searchText } from './search-text.ts';
import type { Column } from './tables.ts';

/** All of a visit that is not added by the store. */
export const visitBody = visit.omit({ id: true, version: true, updated: true, updatedBy: true });
export type VisitBody = z.infer<typeof visitBody>;

interface Kinds {
	patient: { body: PatientBody; record: Patient };
	request: { body: RequestBody; record: VisitRequest };
	visit: { body: VisitBody; record: Visit };
	'fleet-vehicle': { body: FleetVehicleBody; record: FleetVehicle };
	staff: { body: StaffBody; record: StaffMember };
	shift: { body: ShiftBody; record: Shift };
	doctor: { body: DoctorBody; record: DoctorRecord };
	closure: { body: RoadClosureBody; record: RoadClosure };
}
export type BodyOf<K extends KeptKind = KeptKind> = Kinds[K]['body'];
export type RecordOf<K extends KeptKind = KeptKind> = Kinds[K]['record'];

interface KindFacts<K extends KeptKind> {
	/** In words, for messages. */
	readonly noun: string;
	readonly body: z.ZodType<BodyOf<K>>;
	readonly stored: z.ZodType<RecordOf<K>>;
	/** Columns beside the body as `tables.ts` names them, for looking up. */
	readonly values: (body: BodyOf<K>, calendar: Calendar) => readonly Column[];
}

/** First and last day on which a visit may be, is planned or was. */
export function daysOfVisit(body: VisitBody, calendar: Calendar): readonly [first: string, last: string] {
	const { planned, actual, state } = body;
	if (actual !== null) return [calendar.dateOf(actual.from), calendar.dateOf(actual.to ?? actual.from)];
	if (planned === null) return [body.from, body.until];
	if (state !== 'planned') return [planned.date, planned.date];
	return [planned.date < body.from ? planned.date : body.from, planned.date > body.until ? planned.date : body.until];
}

export const kinds: { readonly [K in KeptKind]: KindFacts<K> } = {
	patient: {
		noun: 'patient',
		body: patientBody,
		stored: patient,
		values: (body) => [body.home.settlement, searchText(body)],
	},
	request: {
		noun: 'request',
		body: requestBody,
		stored: visitRequest,
		values: ({ patient: of, doctor, state }) => [of, doctor, state],
	},
	visit: {
		noun: 'visit',
		body: visitBody,
		stored: visit,
		values: (body, calendar) => {
			// Who came is kept as long as the visit is: reports name them.
			const by = body.state === 'cancelled' ? null : body.planned;
			const days = daysOfVisit(body, calendar);
			return [body.request, body.patient, body.state, ...days, by?.vehicle ?? null, by?.doctor ?? null];
		},
	},
	'fleet-vehicle': {
		noun: 'vehicle of the fleet',
		body: fleetVehicleBody,
		stored: fleetVehicle,
		values: ({ vehicle }) => [vehicle],
	},
	staff: { noun: 'member of staff', body: staffBody, stored: staffMember, values: () => [] },
	shift: {
		noun: 'shift',
		body: shiftBody,
		stored: shift,
		values: ({ vehicle, driver, nurse }) => [vehicle, driver, nurse],
	},
	doctor: {
		noun: 'doctor',
		body: doctorBody,
		stored: doctorRecord,
		values: ({ user }) => [user],
	},
	closure: {
		noun: 'closure',
		body: roadClosureBody,
		stored: roadClosure,
		values: ({ from, until }) => [from, until],
	},
};

/** What the store adds, taken off. */
export function bodyOf<K extends KeptKind>(record: RecordOf<K>): BodyOf<K> {
	const { id: _id, version: _version, updated: _updated, updatedBy: _by, ...body } = record as RecordOf<K> & { id: number };
	return body as unknown as BodyOf<K>;
}
