/** Who is reached, who is cut off, who is served: by settlement and municipality. */
import { z } from 'zod';
import { coordinates } from '../optimize.ts';
import type { Operation } from '../operation.ts';
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
		closed: z.int().meta({ description: 'Closed stretches of road.' }),
		cutOff: z
			.array(settlementReach)
			.meta({ description: 'No base and no hospital can be reached; those that never could are not in it.' }),
		longer: z
			.array(settlementReach)
			.meta({ description: 'The way to a hospital is ten minutes longer or more, or only bases can be reached.' }),
		people: z.object({ cutOff: people, over65: people, longer: people, patients: people }),
		stranded: z.array(vehicleId).meta({ description: 'Vans that cannot get back to their base.' }),
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
		stops: z.array(z.object({ location: coordinates, name, visits: z.int() })),
		areas: z.array(geometry).meta({ description: 'Within so many minutes of a planned stop; they overlap.' }),
		municipalities: z.array(coverageRow),
		total: z.object({ population: people, over65: people, reached: people, reachedOver65: people }),
	})
	.meta({ id: 'CoverageReport' });
export type CoverageReport = z.infer<typeof coverageReport>;

/** Visits against need, by municipality and month. */
export const fairnessTable = z
	.object({
		months: z.array(z.string().regex(/^\d{4}-\d{2}$/)),
		rows: z.array(
			z.object({
				id: z.string(),
				name,
				over65: people,
				cells: z.array(z.object({ need: z.int(), planned: z.int(), done: z.int() })),
			}),
		),
	})
	.meta({ id: 'FairnessTable' });
export type FairnessTable = z.infer<typeof fairnessTable>;

const planners = ['dispatcher', 'admin'] as const;
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
		responses: { 200: { description: 'The table', schema: fairnessTable } },
	},
} as const satisfies Record<string, Operation>;
