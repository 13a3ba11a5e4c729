/** Who is reached, who is cut off, who is served: by settlement and municipality. */
import { z } from 'zod';
import { coordinates } from '../optimize.ts';
import type { Operation } from '../operation.ts';
import { timestamp } from '../records.ts';
import { vehicleId } from '../topics.ts';
import { calendarDate } from './calendar.ts';
import { recordNumber } from './record.ts';

const people = z.int().min(0);
const name = z.object({ ja: z.string(), en: z.string() });
const geometry = z.object({ type: z.enum(['Polygon', 'MultiPolygon']), coordinates: z.array(z.unknown()) });

/** A settlement under a set of closures. */
export const settlementReach = z
	.object({
		settlement: z.string(),
		name,
		municipality: z.string(),
		location: coordinates,
		population: people,
		over65: people,
		base: z
			.object({ facility: z.string(), name, minutes: z.number() })
			.nullable()
			.meta({ description: 'Nearest base by road; null: none can be reached.' }),
		hospital: z.object({ facility: z.string(), name, minutes: z.number() }).nullable(),
		before: z
			.number()
			.nullable()
			.meta({ description: 'Minutes to the nearest hospital without the closures; null: never by road.' }),
		vehicles: z
			.array(z.object({ vehicle: vehicleId, minutes: z.number() }))
			.max(5)
			.meta({ description: 'Vans that can come from where they are now, nearest first.' }),
		patients: z.array(recordNumber).meta({ description: 'Who lives there.' }),
	})
	.meta({ id: 'SettlementReach' });
export type SettlementReach = z.infer<typeof settlementReach>;
export const isolation = z
	.object({
		at: timestamp.meta({ description: 'Service time whose closures count.' }),
		closed: z.int().meta({ description: 'Closed stretches of road.' }),
		unmatched: z
			.array(z.string())
			.meta({ description: 'Rules that are set off for roads which the map does not hold: what they cut off is not known.' }),
		cutOff: z
			.array(settlementReach)
			.meta({ description: 'No base and no hospital can be reached; those that never could are not in it.' }),
		longer: z
			.array(settlementReach)
			.meta({ description: 'The way to a hospital is ten minutes longer or more, or only bases can be reached.' }),
		never: z.int().meta({ description: 'Settlements that no road of the map joins to any base or hospital, closures or not.' }),
		people: z.object({ cutOff: people, over65: people, longer: people, patients: people }),
		stranded: z.array(vehicleId).meta({ description: 'Vans that cannot get back to their base.' }),
		vans: z
			.array(
				z.object({
					vehicle: vehicleId,
					name: z.string(),
					location: coordinates,
					from: z.enum(['position', 'base']),
					time: timestamp
						.nullable()
						.meta({ description: 'Of the position, wall clock; null: it was never heard, its base counts.' }),
					usable: z
						.boolean()
						.meta({ description: 'False: it is out of service then, or stands off any road, and reaches nobody.' }),
				}),
			)
			.meta({ description: 'Where each van is taken to be.' }),
	})
	.meta({ id: 'Isolation' });
export type Isolation = z.infer<typeof isolation>;

/** What a planning reaches. */
export const coverageRow = z
	.object({
		id: z.string(),
		name,
		population: people,
		over65: people,
		reached: people,
		reachedOver65: people,
		visits: z.int(),
		done: z.int(),
		need: z.int(),
		radioGaps: z.int().meta({ description: 'Settlements without a signal that carries a consult.' }),
	})
	.meta({ id: 'CoverageRow' });
export const coverageReport = z
	.object({
		from: calendarDate,
		until: calendarDate,
		minutes: z.number(),
		basis: z.enum(['areas', 'table']).meta({
			description: 'table: the road engine draws no areas; settlements are counted all the same, by their way to a stop.',
		}),
		planned: z.int().meta({ description: 'Days of the period for which a plan was published.' }),
		stops: z.array(z.object({ location: coordinates, name, visits: z.int() })),
		areas: z.array(geometry).meta({ description: 'Within so many minutes of a planned stop; they overlap.' }),
		municipalities: z.array(coverageRow),
		settlements: z
			.array(
				z.object({
					id: z.string(),
					name,
					municipality: z.string(),
					location: coordinates,
					population: people,
					over65: people,
					minutes: z.number().nullable().meta({ description: 'From the nearest stop by road; null: no stop reaches it.' }),
					signal: z.enum(['good', 'weak', 'none']),
				}),
			)
			.meta({ description: 'All of the region, by municipality.' }),
		total: z.object({ population: people, over65: people, reached: people, reachedOver65: people }),
	})
	.meta({ id: 'CoverageReport' });
export type CoverageReport = z.infer<typeof coverageReport>;

/** Visits against need, by municipality and month. A visit counts in the month in which it was to be made at the earliest. */
export const fairnessTable = z
	.object({
		months: z.array(z.string().regex(/^\d{4}-\d{2}$/)),
		rows: z.array(
			z.object({
				id: z.string(),
				name,
				over65: people,
				location: coordinates,
				cells: z.array(z.object({ need: z.int(), planned: z.int(), done: z.int() })),
			}),
		),
		elsewhere: z
			.array(z.object({ need: z.int(), planned: z.int(), done: z.int() }))
			.nullable()
			.meta({ description: 'Visits near no settlement of the region, by month; null: there are none.' }),
	})
	.meta({ id: 'FairnessTable' });
export type FairnessTable = z.infer<typeof fairnessTable>;

/** A day of rain that a demonstration can play: what has fallen, and what it closes and when. */
export const rainScenario = z
	.object({
		id: z.string(),
		name,
		about: name,
		hours: z
			.array(z.object({ hour: z.int().min(0), mm: z.number(), hourMm: z.number() }))
			.meta({ description: 'By hours since it began to rain: what has fallen since, and within that hour.' }),
		steps: z
			.array(
				z.object({
					hour: z.int().min(0),
					closes: z.array(z.string()).meta({ description: 'Rules by id.' }),
					opens: z.array(z.string()),
				}),
			)
			.meta({ description: 'Hours at which sections close, or are opened again.' }),
		running: z
			.object({ began: timestamp, hour: z.number(), mm: z.number(), hourMm: z.number(), closed: z.int() })
			.nullable()
			.meta({ description: 'Hours since it began, by the service clock; null: it does not run.' }),
	})
	.meta({ id: 'RainScenario' });
export type RainScenario = z.infer<typeof rainScenario>;

const planners = ['dispatcher', 'admin'] as const;
const byScenario = z.object({ scenario: z.string().max(64) });
export const coverageOperations = {
	getIsolation: {
		method: 'get',
		path: '/isolation',
		id: 'getIsolation',
		summary: 'Who is cut off by what is closed, or would be at a rainfall',
		roles: planners,
		query: z.object({
			at: z.coerce.number().optional(),
			mm: z.coerce.number().min(0).max(5000).optional(),
			hourMm: z.coerce.number().min(0).max(500).optional(),
		}),
		problems: [422, 503],
		responses: { 200: { description: 'Settlements, people, patients, vans', schema: isolation } },
	},
	getCoverage: {
		method: 'get',
		path: '/coverage',
		id: 'getCoverage',
		summary: 'People within some minutes of a planned stop, by municipality',
		roles: planners,
		query: z.object({ from: calendarDate, until: calendarDate, minutes: z.coerce.number().min(5).max(60).default(15) }),
		problems: [422, 503],
		responses: { 200: { description: 'The coverage', schema: coverageReport } },
	},
	getFairness: {
		method: 'get',
		path: '/fairness',
		id: 'getFairness',
		summary: 'Visits against need, by municipality and month',
		roles: planners,
		query: z.object({ from: calendarDate, until: calendarDate }),
		problems: [422],
		responses: { 200: { description: 'The table', schema: fairnessTable } },
	},
	listScenarios: {
		method: 'get',
		path: '/scenarios',
		id: 'listScenarios',
		summary: 'Days of rain that a demonstration can play',
		roles: planners,
		responses: { 200: { description: 'The scenarios', schema: z.array(rainScenario) } },
	},
	startScenario: {
		method: 'post',
		path: '/scenarios/{scenario}/start',
		id: 'startScenario',
		summary: 'Let it rain: as service time passes, roads are closed and opened again; only while the clock is simulated',
		roles: planners,
		params: byScenario,
		body: z.object({
			hour: z.number().min(0).max(200).default(0).meta({ description: 'Begin so many hours into the rain.' }),
		}),
		problems: [409, 422],
		responses: { 200: { description: 'The scenario, running', schema: rainScenario } },
	},
	stopScenario: {
		method: 'post',
		path: '/scenarios/{scenario}/stop',
		id: 'stopScenario',
		summary: 'Let it be dry again: what the scenario closed is opened',
		roles: planners,
		params: byScenario,
		problems: [409],
		responses: { 200: { description: 'The scenario', schema: rainScenario } },
	},
} as const satisfies Record<string, Operation>;
