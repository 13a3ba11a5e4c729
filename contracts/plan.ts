/**
 * The plan of a day as crews, desks and maps read it: which van goes where, when, by which road, and which doctor joins. It names
 * visits by their number; who the patient is stands elsewhere. Times are UTC milliseconds, distances metres, durations seconds.
 */
import { z } from 'zod';
import { blockingRules, coordinates } from './optimize.ts';
import type { Operation } from './operation.ts';
import { timestamp } from './records.ts';
import { vehicleId } from './topics.ts';

const words = z.string().min(1).max(200);
const inTwoLanguages = z.object({ ja: words, en: words });
const seconds = z.number().min(0).max(10_000_000);
const metres = z.number().min(0).max(100_000_000);
const number = z.int().min(0).max(1_000_000_000);

export const specialties = ['general', 'cardiology', 'respiratory', 'dermatology', 'neurology'] as const;
export const specialty = z.enum(specialties).meta({ id: 'Specialty' });
export type Specialty = z.infer<typeof specialty>;

/** Why the van comes. */
export const careNeeds = [
	'follow-up',
	'heart-failure',
	'breathing',
	'skin',
	'memory',
	'blood-test',
	'medication',
	'vaccination',
	'ultrasound',
	'x-ray',
] as const;
export const careNeed = z.enum(careNeeds).meta({ id: 'CareNeed' });
export type CareNeed = z.infer<typeof careNeed>;

/** What a van carries beyond the usual, and a visit may need. */
export const equipmentKinds = ['ecg', 'ultrasound', 'x-ray', 'spirometer', 'blood-analyser', 'wheelchair-lift'] as const;
export const equipmentKind = z.enum(equipmentKinds).meta({ id: 'EquipmentKind' });
export type EquipmentKind = z.infer<typeof equipmentKind>;

export const lineString = z
	.object({ type: z.literal('LineString'), coordinates: z.array(coordinates).min(2).max(20_000) })
	.meta({ id: 'LineString', description: 'GeoJSON, WGS 84, longitude before latitude.' });

/** A doctor as a plan names one. */
export const planPerson = z
	.object({ id: number, name: inTwoLanguages, specialties: z.array(specialty).max(10) })
	.meta({ id: 'PlanPerson' });
export type PlanPerson = z.infer<typeof planPerson>;

/** Where a stop is, in words. */
const place = {
	location: coordinates,
	name: inTwoLanguages.meta({ description: 'Settlement, base, or building where the van stands.' }),
	municipality: inTwoLanguages.nullable(),
};

export const plannedVisit = z
	.object({
		visit: number.meta({ description: 'Number of the request.' }),
		need: careNeed,
		from: timestamp,
		to: timestamp,
		consult: z
			.object({ doctor: number, from: timestamp, to: timestamp })
			.nullable()
			.meta({ description: 'When the doctor joins; null when the nurse is enough.' }),
	})
	.meta({ id: 'PlannedVisit' });
export type PlannedVisit = z.infer<typeof plannedVisit>;

/** The van leaves its base (`start`), sees patients at one place (`visits`), rests (`break`), is back (`end`). */
export const stopKinds = ['start', 'visits', 'break', 'end'] as const;
export const plannedStop = z
	.object({
		kind: z.enum(stopKinds),
		...place,
		arrival: timestamp,
		departure: timestamp,
		visits: z.array(plannedVisit).max(100),
		meetingPoint: z.boolean().meta({ description: 'The patient comes here because there is no signal at home.' }),
		way: z
			.object({ distance: metres, duration: seconds, geometry: lineString })
			.nullable()
			.meta({ description: 'The drive that ends at this stop; null when the van is there already.' }),
	})
	.meta({ id: 'PlannedStop' });
export type PlannedStop = z.infer<typeof plannedStop>;

export const plannedRoute = z
	.object({
		vehicle: vehicleId,
		distance: metres,
		stops: z.array(plannedStop).min(1).max(200),
		next: z
			.int()
			.min(0)
			.meta({ description: 'Place in `stops` of the one where the van is or to which it drives; all before it are done.' }),
		reached: z.boolean().meta({ description: 'It is there.' }),
	})
	.meta({ id: 'PlannedRoute' });
export type PlannedRoute = z.infer<typeof plannedRoute>;

/** A request that found no place in the day, and the rule that keeps it out. */
export const unplannedVisit = z
	.object({
		visit: number,
		need: careNeed,
		...place,
		rule: z.enum(blockingRules).nullable().meta({ description: 'Null when the planner gave none.' }),
	})
	.meta({ id: 'UnplannedVisit' });

const oneRouteAVan = (routes: readonly { vehicle: string }[]): boolean =>
	new Set(routes.map((route) => route.vehicle)).size === routes.length;

/** What a dispatcher publishes. */
export const planDraft = z
	.object({
		from: timestamp,
		to: timestamp,
		doctors: z.array(planPerson).max(500),
		routes: z.array(plannedRoute).max(500).refine(oneRouteAVan, 'a van has one route'),
		unassigned: z.array(unplannedVisit).max(5000),
	})
	.refine((draft) => draft.routes.every((route) => route.next < route.stops.length), {
		message: '`next` is the place of a stop in `stops`',
		path: ['routes'],
	})
	.meta({ id: 'PlanDraft' });
export type PlanDraft = z.infer<typeof planDraft>;

/** The plan that holds. `next` and `reached` follow the vans as their positions come in. */
export const publishedPlan = z
	.object({
		...planDraft.shape,
		id: z.uuid(),
		revision: z.int().min(1).meta({ description: 'Counts up with each plan that is published.' }),
		published: timestamp,
	})
	.meta({ id: 'PublishedPlan' });
export type PublishedPlan = z.infer<typeof publishedPlan>;

export const routeProgress = z
	.object({ vehicle: vehicleId, next: z.int().min(0), reached: z.boolean() })
	.meta({ id: 'RouteProgress' });
export type RouteProgress = z.infer<typeof routeProgress>;

export const planOperations = {
	getCurrentPlan: {
		method: 'get',
		path: '/plans/current',
		id: 'getCurrentPlan',
		summary: 'The plan that holds now, with how far each van has come; null when none was published',
		roles: ['dispatcher', 'crew', 'admin'],
		responses: { 200: { description: 'The plan', schema: publishedPlan.nullable() } },
	},
	publishPlan: {
		method: 'put',
		path: '/plans/current',
		id: 'publishPlan',
		summary: 'Publish a plan; it replaces the one that held until now',
		roles: ['dispatcher'],
		body: planDraft,
		bodyLimit: 16 * 1024 * 1024,
		responses: { 200: { description: 'The plan as it holds now', schema: publishedPlan } },
	},
} as const satisfies Record<string, Operation>;
