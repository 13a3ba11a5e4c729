/** What goes out on paper and to other programs: run sheets, call sheets, the operator's plan and record, calendars, positions. */
import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { coordinates } from '../optimize.ts';
import { careNeed, equipmentKind, specialty, stopKinds } from '../plan.ts';
import { timestamp } from '../records.ts';
import { vehicleId } from '../topics.ts';
import { calendarDate } from './calendar.ts';
import { personName } from './patients.ts';
import { recordNumber } from './record.ts';
import { vehicleClassNames } from './resources.ts';

const name = z.object({ ja: z.string(), en: z.string() });
const person = z.object({ name: z.string(), phone: z.string().nullable() });

/** A patient as a crew needs one on paper. */
const sheetPatient = z.object({
	id: recordNumber,
	name: personName,
	kana: personName.nullable(),
	age: z.int(),
	sex: z.enum(['male', 'female', 'other', 'unknown']),
	phone: z.string().nullable(),
	contact: person.extend({ relation: z.string() }).nullable(),
	address: z.string(),
	note: z.string(),
});
const sheetVisit = z.object({
	visit: recordNumber,
	need: careNeed,
	from: timestamp,
	to: timestamp,
	consult: z.object({ doctor: recordNumber, name, from: timestamp, to: timestamp }).nullable(),
	equipment: z.array(equipmentKind),
	note: z.string().meta({ description: 'Of the request.' }),
	patient: sheetPatient.nullable().meta({ description: 'Null: the records know nothing of this visit (any more).' }),
});
const sheetStop = z.object({
	kind: z.enum(stopKinds),
	name,
	municipality: name.nullable(),
	arrival: timestamp,
	departure: timestamp,
	distance: z.number().meta({ description: 'Of the drive that ends here, metres.' }),
	drive: z.number().meta({ description: 'Of that drive, seconds.' }),
	location: coordinates,
	meetingPoint: z.boolean(),
	signal: z.enum(['good', 'weak', 'none']).nullable().meta({ description: 'At the stop; null: it is no place of the region.' }),
	gaps: z
		.array(z.object({ name, state: z.enum(['weak', 'none']) }))
		.meta({ description: 'Stretches of this drive without a good signal.' }),
	visits: z.array(sheetVisit),
});
export const vehicleSheet = z
	.object({
		vehicle: vehicleId,
		name: z.string(),
		driver: person.nullable(),
		nurse: person.nullable(),
		equipment: z.array(equipmentKind),
		distance: z.number(),
		stops: z.array(sheetStop),
		way: z.array(coordinates).meta({ description: 'The whole way, for a sketch.' }),
	})
	.meta({ id: 'VehicleSheet' });
export type VehicleSheet = z.infer<typeof vehicleSheet>;
export const doctorSheet = z
	.object({
		doctor: recordNumber,
		name,
		specialties: z.array(specialty),
		institution: z.string(),
		phone: z.string().nullable(),
		calls: z.array(
			z.object({
				visit: recordNumber,
				from: timestamp,
				to: timestamp,
				need: careNeed,
				patient: sheetPatient.pick({ id: true, name: true, kana: true, age: true, sex: true, note: true }).nullable(),
				note: z.string(),
				vehicle: vehicleId,
				vehicleName: z.string(),
				nurse: person.nullable().meta({ description: 'Whom to call when the line fails.' }),
				place: name,
				municipality: name.nullable(),
			}),
		),
	})
	.meta({ id: 'DoctorSheet' });
export type DoctorSheet = z.infer<typeof doctorSheet>;
export const daySheets = z
	.object({
		date: calendarDate,
		source: z.discriminatedUnion('kind', [
			z.object({ kind: z.literal('published'), revision: z.int(), published: timestamp }),
			z.object({ kind: z.literal('board'), board: z.uuid(), name: z.string(), version: z.int() }),
		]),
		made: timestamp.meta({ description: 'Service time.' }),
		vehicles: z.array(vehicleSheet),
		doctors: z.array(doctorSheet),
		unassigned: z.int(),
	})
	.meta({ id: 'DaySheets' });
export type DaySheets = z.infer<typeof daySheets>;

/** Plan and record of a period as an operator of 巡回診療 has to keep it. What is null or empty here has to be filled in by hand. */
export const operatorReport = z
	.object({
		from: calendarDate,
		until: calendarDate,
		made: timestamp.meta({ description: 'Service time.' }),
		region: name,
		places: z
			.array(
				z.object({
					municipality: name,
					name: z.string().meta({ description: 'Settlement; never a patient’s own address.' }),
					stop: z.string().nullable().meta({ description: 'The building where the van stands; null: at the patients’ homes.' }),
					dates: z.array(
						z.object({
							date: calendarDate,
							from: timestamp,
							to: timestamp,
							vehicles: z.array(z.string()),
							visits: z.int(),
							done: z.int(),
						}),
					),
					open: z.int().meta({ description: 'Visits that are asked for in the period and not planned yet.' }),
				}),
			)
			.meta({ description: 'By municipality.' }),
		services: z.array(z.object({ need: careNeed, planned: z.int(), done: z.int(), withDoctor: z.int() })),
		vehicles: z.array(
			z.object({
				vehicle: vehicleId,
				name: z.string(),
				class: z.enum(vehicleClassNames),
				equipment: z.array(equipmentKind),
				base: z.string(),
				days: z.int(),
			}),
		),
		staff: z.array(z.object({ name: z.string(), roles: z.array(z.enum(['driver', 'nurse'])), base: z.string() })),
		doctors: z.array(
			z.object({ name, specialties: z.array(specialty), institution: z.string(), outside: z.boolean(), consults: z.int() }),
		),
		totals: z.object({
			days: z.int().meta({ description: 'On which at least one visit is planned or was made.' }),
			patients: z.int(),
			planned: z.int(),
			done: z.int(),
			notDone: z.int(),
			cancelled: z.int(),
			open: z.int(),
		}),
	})
	.meta({ id: 'OperatorReport' });
export type OperatorReport = z.infer<typeof operatorReport>;

/** A doctor's calendar, to be subscribed to by a secret address. */
export const calendarFeed = z
	.object({
		doctor: recordNumber,
		created: timestamp,
		createdBy: z.string(),
		used: timestamp.nullable().meta({ description: 'When it was last fetched, wall clock.' }),
	})
	.meta({ id: 'CalendarFeed' });
export type CalendarFeed = z.infer<typeof calendarFeed>;

const planners = ['dispatcher', 'admin'] as const;
const byDoctor = z.object({ doctor: z.coerce.number().pipe(recordNumber) });

export const documentOperations = {
	getDaySheets: {
		method: 'get',
		path: '/sheets',
		id: 'getDaySheets',
		summary: 'Run sheets of the vans and call sheets of the doctors for a day, of the published plan or of one in the making',
		roles: planners,
		query: z.object({ date: calendarDate, board: z.uuid().optional() }),
		responses: { 200: { description: 'The sheets', schema: daySheets.nullable() } },
	},
	getOperatorReport: {
		method: 'get',
		path: '/operator-report',
		id: 'getOperatorReport',
		summary: 'Plan and record of a period as an operator of rounds has to keep it',
		roles: planners,
		query: z.object({ from: calendarDate, until: calendarDate }),
		problems: [422],
		responses: { 200: { description: 'The document', schema: operatorReport } },
	},
	listCalendarFeeds: {
		method: 'get',
		path: '/calendar-feeds',
		id: 'listCalendarFeeds',
		summary: 'Doctors whose calendar can be subscribed to',
		roles: planners,
		responses: { 200: { description: 'The calendars; their secret addresses are not kept', schema: z.array(calendarFeed) } },
	},
	createCalendarFeed: {
		method: 'post',
		path: '/doctors/{doctor}/calendar-feed',
		id: 'createCalendarFeed',
		summary: 'Make a secret address for a doctor’s calendar; an older one ends',
		roles: planners,
		params: byDoctor,
		responses: {
			201: {
				description: 'The address, told this once',
				schema: z.object({ feed: calendarFeed, path: z.string().meta({ description: 'On this server.' }) }),
			},
		},
	},
	revokeCalendarFeed: {
		method: 'delete',
		path: '/doctors/{doctor}/calendar-feed',
		id: 'revokeCalendarFeed',
		summary: 'End the address of a doctor’s calendar',
		roles: planners,
		params: byDoctor,
		responses: { 204: { description: 'It is gone' } },
	},
	getDoctorCalendar: {
		method: 'get',
		path: '/feeds/calendars/{token}',
		id: 'getDoctorCalendar',
		summary: 'A doctor’s consults as iCalendar (RFC 5545), by the secret of the address; names no patient',
		roles: 'public',
		params: z.object({ token: z.string().max(100) }),
		responses: { 200: { description: 'text/calendar' } },
	},
	getVehiclePositionsFeed: {
		method: 'get',
		path: '/feeds/gtfs-realtime/vehicle-positions.pb',
		id: 'getVehiclePositionsFeed',
		summary: 'Where the vans are, as GTFS Realtime 2.0; off unless the server was told to offer it',
		roles: 'public',
		responses: { 200: { description: 'application/x-protobuf: a FeedMessage' } },
	},
	getVehiclePositionsJson: {
		method: 'get',
		path: '/feeds/gtfs-realtime/vehicle-positions.json',
		id: 'getVehiclePositionsJson',
		summary: 'The same as JSON',
		roles: 'public',
		responses: { 200: { description: 'A FeedMessage in the JSON form of protocol buffers', schema: z.unknown() } },
	},
} as const satisfies Record<string, Operation>;
