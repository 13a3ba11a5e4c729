/** The day under way: who has the plan, when everyone will arrive, what needs a hand, and what crews tell. */
import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { publishedPlan, plannedRoute, planPerson } from '../plan.ts';
import { timestamp } from '../records.ts';
import { vehicleId } from '../topics.ts';
import { calendarDate } from './calendar.ts';
import { recordNumber } from './record.ts';
import { notDoneReasons, visitState } from './visits.ts';

const words = z.string().trim().max(500);

/**
 * The clock by which the service runs: the wall clock, unless the server was started as a demonstration, whose day begins when it
 * is told to and may run faster. `service = startedService + (wall - startedWall) × speed`. Plans, ETAs and records of visits are in
 * service time; what devices and vans send keeps the wall clock.
 */
export const serviceClock = z
	.object({ startedWall: timestamp, startedService: timestamp, speed: z.number().positive().max(1000), simulated: z.boolean() })
	.meta({ id: 'ServiceClock' });
export type ServiceClock = z.infer<typeof serviceClock>;

/** A publication: some days of a plan, made to hold at once. */
export const publication = z
	.object({
		revision: z.int().min(1),
		published: timestamp,
		by: z.string(),
		note: words,
		board: z.uuid().nullable().meta({ description: 'The plan in the making that it came from.' }),
		mend: z.boolean(),
		days: z.array(calendarDate),
		/**
		 * Which vans have it, service time. `changed` is false for a van whose route is the same as before: `sent` and `received` are
		 * then those of the manifest that it was told its route by. `sent` null: it is not due yet, or the broker is away.
		 */
		receipts: z.array(
			z.object({ vehicle: vehicleId, changed: z.boolean(), sent: timestamp.nullable(), received: timestamp.nullable() }),
		),
	})
	.meta({ id: 'Publication' });
export type Publication = z.infer<typeof publication>;

/** What a van gets of a plan, by MQTT. It names visits by number; who the patient is never goes this way. Service time. */
export const manifest = z
	.object({
		v: z.literal(1),
		revision: z.int().min(1),
		published: timestamp,
		date: calendarDate,
		clock: serviceClock,
		route: plannedRoute.nullable().meta({ description: 'Null: this van has no route on this day any more.' }),
		doctors: z.array(planPerson).max(500),
	})
	.meta({ id: 'Manifest' });
export type Manifest = z.infer<typeof manifest>;

/** A van has a manifest and keeps it over a power cut. Wall clock. */
export const manifestReceipt = z
	.object({ v: z.literal(1), revision: z.int().min(1), date: calendarDate, received: timestamp })
	.meta({ id: 'ManifestReceipt' });
export type ManifestReceipt = z.infer<typeof manifestReceipt>;

/** How a stop or consult comes to stand, with honest bounds: with nine chances of ten it lies within `low` and `high`. */
const estimate = { eta: timestamp, low: timestamp, high: timestamp };
export const stopEstimate = z
	.object({
		stop: z.int().min(0).meta({ description: 'Place in the stops of the route.' }),
		state: z.enum(['done', 'here', 'next', 'later']),
		...estimate,
		late: z.number().meta({ description: 'Seconds behind the plan; negative: ahead of it.' }),
		departure: timestamp,
	})
	.meta({ id: 'StopEstimate' });
export const consultEstimate = z
	.object({
		visit: recordNumber,
		doctor: recordNumber,
		planned: timestamp,
		...estimate,
		doctorWait: z.number().meta({ description: 'Seconds that the doctor waits for the patient.' }),
		patientWait: z.number().meta({ description: 'Seconds that the patient, prepared, waits for the doctor.' }),
		state: z.enum(['done', 'now', 'later', 'off']).meta({ description: 'off: it cannot be held as planned.' }),
	})
	.meta({ id: 'ConsultEstimate' });
export const vehicleEstimate = z
	.object({
		vehicle: vehicleId,
		computed: timestamp,
		basis: z.enum(['position', 'old-position', 'crew', 'plan']).meta({ description: 'What it rests on.' }),
		age: z.number().meta({ description: 'Of the position, seconds of the wall clock.' }),
		offRoute: z.boolean(),
		stops: z.array(stopEstimate).max(200),
		consults: z.array(consultEstimate).max(500),
	})
	.meta({ id: 'VehicleEstimate' });
export type VehicleEstimate = z.infer<typeof vehicleEstimate>;
export type StopEstimate = z.infer<typeof stopEstimate>;
export type ConsultEstimate = z.infer<typeof consultEstimate>;

/** What a person has to look at. The desk says it in words. */
export const alertKinds = [
	'vehicle-silent',
	'vehicle-off-route',
	'stop-late',
	'consult-late',
	'doctor-not-joined',
	'doctor-waits',
	'device-alarm',
	'device-lost',
	'spool-filling',
	'records-lost',
	'manifest-not-received',
	'visit-not-done',
	'road-closed-ahead',
	'resource-conflict',
] as const;
export const alertUrgencies = ['high', 'medium', 'low'] as const;
export const alert = z
	.object({
		id: z.uuid(),
		kind: z.enum(alertKinds),
		urgency: z.enum(alertUrgencies),
		vehicle: vehicleId.nullable(),
		visit: recordNumber.nullable(),
		doctor: recordNumber.nullable(),
		since: timestamp.meta({ description: 'Service time; so are the next two.' }),
		over: timestamp.nullable().meta({ description: 'When the cause was gone; null: it is there.' }),
		at: timestamp.nullable().meta({ description: 'The moment that it is about, such as that of a late consult.' }),
		minutes: z.number().nullable().meta({ description: 'By how much, or for how long.' }),
		detail: z.string().max(200).nullable().meta({ description: 'A name: of a device, a road.' }),
		acknowledged: z.object({ by: z.string(), at: timestamp, note: words }).nullable(),
	})
	.meta({ id: 'Alert' });
export type Alert = z.infer<typeof alert>;

/** What a crew (or the dispatcher for it, by phone) tells of a stop or visit. */
export const crewReportStates = ['departed', 'arrived', 'started', 'done', 'not-done', 'delayed'] as const;
export const crewReport = z
	.object({
		state: z.enum(crewReportStates),
		stop: z.int().min(0).optional().meta({ description: 'Place in the stops; for departed, arrived.' }),
		revision: z
			.int()
			.min(1)
			.optional()
			.meta({ description: 'Of the manifest in whose stops `stop` counts; that which holds when absent.' }),
		visit: recordNumber.optional().meta({ description: 'For started, done, not-done.' }),
		time: timestamp.meta({ description: 'Service time at which it happened; it may be told later.' }),
		reason: z.enum(notDoneReasons).optional(),
		minutes: z.number().min(0).max(600).optional().meta({ description: 'For delayed: so much later than it looks.' }),
		note: words.optional(),
	})
	.refine(({ state, reason }) => state !== 'not-done' || reason !== undefined, {
		message: 'a visit not done needs its reason',
		path: ['reason'],
	})
	.refine(({ state, visit }) => !['started', 'done', 'not-done'].includes(state) || visit !== undefined, {
		message: 'which visit?',
		path: ['visit'],
	})
	.refine(({ state, minutes }) => state !== 'delayed' || minutes !== undefined, {
		message: 'by how many minutes?',
		path: ['minutes'],
	})
	.meta({ id: 'CrewReport' });
export type CrewReport = z.infer<typeof crewReport>;

/** How the day stands. */
export const dayBoard = z
	.object({
		date: calendarDate,
		now: timestamp,
		clock: serviceClock,
		plan: publishedPlan.nullable(),
		publication: publication.nullable(),
		estimates: z.array(vehicleEstimate),
		alerts: z.array(alert),
		visits: z.array(z.object({ visit: recordNumber, state: visitState })).meta({ description: 'Of the plan of this day.' }),
	})
	.meta({ id: 'DayBoard' });
export type DayBoard = z.infer<typeof dayBoard>;

const planners = ['dispatcher', 'admin'] as const;
export const dayOperations = {
	getServiceClock: {
		method: 'get',
		path: '/clock',
		id: 'getServiceClock',
		summary: 'The clock by which the service runs',
		roles: ['dispatcher', 'crew', 'doctor', 'admin'],
		responses: { 200: { description: 'The clock', schema: serviceClock } },
	},
	getDayBoard: {
		method: 'get',
		path: '/day',
		id: 'getDayBoard',
		summary: 'How today stands: plan, ETAs, alerts',
		roles: planners,
		responses: { 200: { description: 'The day', schema: dayBoard } },
	},
	listPublications: {
		method: 'get',
		path: '/publications',
		id: 'listPublications',
		summary: 'Who published what and when, and which vans have it; newest first',
		roles: planners,
		responses: { 200: { description: 'Publications', schema: z.array(publication) } },
	},
	listAlerts: {
		method: 'get',
		path: '/alerts',
		id: 'listAlerts',
		summary: 'Alerts of a day, the most urgent first',
		roles: planners,
		query: z.object({ date: calendarDate.optional() }),
		responses: { 200: { description: 'Alerts', schema: z.array(alert) } },
	},
	acknowledgeAlert: {
		method: 'post',
		path: '/alerts/{alert}/acknowledgement',
		id: 'acknowledgeAlert',
		summary: 'A person has seen an alert and says what is done',
		roles: planners,
		params: z.object({ alert: z.uuid() }),
		body: z.object({ note: words.default('') }),
		problems: [409],
		responses: { 200: { description: 'The alert', schema: alert } },
	},
	reportFromCrew: {
		method: 'post',
		path: '/vehicles/{vehicle}/reports',
		id: 'reportFromCrew',
		summary: 'What a crew tells: departed, arrived, started, done, not done, delayed',
		roles: ['dispatcher', 'crew', 'admin'],
		params: z.object({ vehicle: vehicleId }),
		body: crewReport,
		problems: [409, 422],
		responses: { 200: { description: 'The estimate of this vehicle now', schema: vehicleEstimate } },
	},
} as const satisfies Record<string, Operation>;

/** A presentation jumps to noon or lets a day pass in ten minutes; a real service has no such hand on its clock. */
export const clockOperations = {
	setServiceClock: {
		method: 'put',
		path: '/clock',
		id: 'setServiceClock',
		summary: 'Set the clock of a demonstration forward, or make it faster or slower',
		roles: planners,
		body: z.object({ now: timestamp.optional(), speed: z.number().min(0.1).max(1000).optional() }),
		problems: [409],
		responses: { 200: { description: 'The clock as it runs now', schema: serviceClock } },
	},
} as const satisfies Record<string, Operation>;
