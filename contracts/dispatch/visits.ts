/**
 * Requests for care and the visits that they become. A request says what is needed, where and how often; each time that a van
 * has to come for it is a visit, which the planner sees as a job and the plan names by its number.
 */
import { z } from 'zod';
import { careNeed, equipmentKind, specialty, type CareNeed, type EquipmentKind, type Specialty } from '../plan.ts';
import { timestamp } from '../records.ts';
import { vehicleId } from '../topics.ts';
import { calendarDate, dayHours, hours, weekdays } from './calendar.ts';
import { carePlace } from './patients.ts';
import { atVersion, byId, kept, recordNumber, recordOperations } from './record.ts';
import type { Operation } from '../operation.ts';

const words = z.string().trim().max(500);

export const urgencies = ['routine', 'soon', 'urgent'] as const;
export const urgency = z.enum(urgencies);
export type Urgency = z.infer<typeof urgency>;

/**
 * What a need takes where a request does not say otherwise: which doctor joins (null: the nurse is enough), what the van must carry,
 * and the whole stay, minutes.
 */
export const needFacts = {
	'follow-up': { specialty: 'general', equipment: [], minutes: 25 },
	'heart-failure': { specialty: 'cardiology', equipment: [], minutes: 32 },
	breathing: { specialty: 'respiratory', equipment: [], minutes: 30 },
	skin: { specialty: 'dermatology', equipment: [], minutes: 30 },
	memory: { specialty: 'neurology', equipment: [], minutes: 38 },
	'blood-test': { specialty: null, equipment: [], minutes: 15 },
	medication: { specialty: null, equipment: [], minutes: 15 },
	vaccination: { specialty: null, equipment: [], minutes: 10 },
	ultrasound: { specialty: 'general', equipment: ['ultrasound'], minutes: 35 },
	'x-ray': { specialty: null, equipment: ['x-ray'], minutes: 25 },
} as const satisfies Record<CareNeed, { specialty: Specialty | null; equipment: readonly EquipmentKind[]; minutes: number }>;

/** Where the van meets the patient. */
export const visitPlace = z
	.discriminatedUnion('kind', [
		z.object({ kind: z.literal('home') }),
		z
			.object({ kind: z.literal('stop'), settlement: z.string().max(64) })
			.meta({ description: 'The named meeting place of a settlement.' }),
		z.object({ kind: z.literal('elsewhere'), place: carePlace }),
	])
	.meta({ id: 'VisitPlace' });
export type VisitPlace = z.infer<typeof visitPlace>;

/** How often it returns. `times` and `until` both bound it; one without an end goes on as far as is planned. */
export const recurrence = z
	.object({
		everyDays: z.int().min(1).max(366),
		times: z.int().min(2).max(200).nullable(),
		until: calendarDate.nullable(),
		tolerance: z.int().min(0).max(60).meta({ description: 'Days that a visit may be earlier or later than it says.' }),
	})
	.meta({ id: 'Recurrence' });
export type Recurrence = z.infer<typeof recurrence>;

export const requestStates = ['open', 'closed', 'cancelled'] as const;
export const requestFields = z.object({
	patient: recordNumber,
	need: careNeed,
	specialty: specialty.nullable().meta({ description: 'Of the doctor who joins; null: as the need says.' }),
	equipment: z.array(equipmentKind).max(10).meta({ description: 'Beyond what the need itself takes.' }),
	doctor: recordNumber.nullable().meta({ description: 'A doctor by name; null: any who fits.' }),
	institution: z.string().max(64).nullable().meta({ description: 'The doctor belongs to this facility of the region.' }),
	place: visitPlace,
	from: calendarDate.meta({ description: 'First day on which the (first) visit may be.' }),
	until: calendarDate.meta({ description: 'Last day for it.' }),
	weekdays: weekdays.meta({ description: 'Only on these; empty: any day.' }),
	hours: dayHours.nullable().meta({ description: 'Only then; null: whenever vans drive.' }),
	preferred: hours.nullable().meta({ description: 'Rather then.' }),
	minutes: z.int().min(5).max(240).nullable().meta({ description: 'Whole stay; null: as the need says. A doctor’s part is kept.' }),
	urgency,
	recurrence: recurrence.nullable(),
	requestedBy: z.object({ name: z.string().trim().min(1).max(100), organisation: words.optional(), phone: words.optional() }),
	note: words,
	state: z.enum(requestStates),
});
export const requestBody = requestFields
	.refine(({ from, until }) => from <= until, { message: 'the last day is before the first', path: ['until'] })
	.meta({ id: 'RequestBody' });
export type RequestBody = z.infer<typeof requestBody>;
export const visitRequest = z.object({ ...kept, ...requestBody.shape }).meta({ id: 'VisitRequest' });
export type VisitRequest = z.infer<typeof visitRequest>;

/**
 * `open` no van comes yet · `planned` in the plan that holds · `under-way` a crew is there · `done` · `not-done` it was tried or
 * given up on its day, with the reason · `cancelled` nobody wants it any more.
 */
export const visitStates = ['open', 'planned', 'under-way', 'done', 'not-done', 'cancelled'] as const;
export const visitState = z.enum(visitStates).meta({ id: 'VisitState' });
export type VisitState = z.infer<typeof visitState>;

/** Why a visit was not done. */
export const notDoneReasons = [
	'patient-absent',
	'patient-refused',
	'patient-in-hospital',
	'road-closed',
	'vehicle-broken',
	'doctor-absent',
	'no-time',
	'device-failed',
	'other',
] as const;

export const visit = z
	.object({
		...kept,
		request: recordNumber,
		patient: recordNumber,
		nth: z.int().min(1).meta({ description: 'Which one of its request, from 1.' }),
		from: calendarDate,
		until: calendarDate,
		state: visitState,
		reason: z.enum(notDoneReasons).nullable(),
		note: words,
		withRequest: z.boolean().optional().meta({ description: 'It was cancelled because its request was, and comes back with it.' }),
		planned: z
			.object({ date: calendarDate, vehicle: vehicleId, from: timestamp, to: timestamp, doctor: recordNumber.nullable() })
			.nullable()
			.meta({ description: 'By the plan that holds.' }),
		actual: z
			.object({
				vehicle: vehicleId,
				from: timestamp,
				to: timestamp.nullable(),
				source: z.enum(['crew', 'position', 'dispatcher']).meta({ description: 'Who or what told of it.' }),
			})
			.nullable(),
	})
	.meta({ id: 'Visit' });
export type Visit = z.infer<typeof visit>;

export const visitCancelBody = z.object({ note: words }).meta({ id: 'VisitCancelBody' });

const planners = ['dispatcher', 'admin'] as const;
export const visitOperations = {
	...recordOperations({
		one: 'request',
		many: 'requests',
		path: '/requests',
		noun: 'request',
		body: requestBody,
		stored: visitRequest,
		query: z.object({
			patient: z.coerce.number().pipe(recordNumber).optional(),
			state: z.enum(requestStates).optional(),
			limit: z.coerce.number().int().min(1).max(10_000).default(5000),
		}),
		read: planners,
		write: planners,
	}),
	listVisits: {
		method: 'get',
		path: '/visits',
		id: 'listVisits',
		summary: 'Visits that may be made in a period, or are planned or were made in it, by number',
		roles: planners,
		query: z.object({
			from: calendarDate.optional(),
			until: calendarDate.optional(),
			state: visitState.optional(),
			patient: z.coerce.number().pipe(recordNumber).optional(),
			limit: z.coerce.number().int().min(1).max(20_000).default(10_000),
		}),
		responses: { 200: { description: 'The visits', schema: z.array(visit) } },
	},
	getVisit: {
		method: 'get',
		path: '/visits/{id}',
		id: 'getVisit',
		summary: 'One visit',
		roles: planners,
		params: byId,
		responses: { 200: { description: 'The visit', schema: visit } },
	},
	cancelVisit: {
		method: 'post',
		path: '/visits/{id}/cancel',
		id: 'cancelVisit',
		summary: 'Nobody is to come any more; its request goes on',
		roles: planners,
		params: byId,
		query: atVersion,
		body: visitCancelBody,
		problems: [409],
		responses: { 200: { description: 'The visit', schema: visit } },
	},
	reopenVisit: {
		method: 'post',
		path: '/visits/{id}/reopen',
		id: 'reopenVisit',
		summary: 'A visit that was cancelled or not done is to be planned again; the undo of a cancel',
		roles: planners,
		params: byId,
		query: atVersion,
		problems: [409],
		responses: { 200: { description: 'The visit', schema: visit } },
	},
} as const satisfies Record<string, Operation>;
