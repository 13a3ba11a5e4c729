/** Closed roads as the dispatcher keeps them: drawn, chosen by rain, or told by a feed; and what they mean on the map. */
import { z } from 'zod';
import { coordinates } from '../optimize.ts';
import { timestamp } from '../records.ts';
import type { Operation } from '../operation.ts';
import { kept, recordOperations } from './record.ts';

const words = z.string().trim().max(300);

export const closureShape = z
	.discriminatedUnion('kind', [
		z.object({ kind: z.literal('polygon'), ring: z.array(coordinates).min(3).max(200) }),
		z
			.object({ kind: z.literal('edges'), edges: z.array(z.string().max(100)).min(1).max(500) })
			.meta({ description: 'Edges of the region’s roads.' }),
		z
			.object({ kind: z.literal('rules'), rules: z.array(z.string().max(100)).min(1).max(500) })
			.meta({ description: 'Sections of the region’s rain rules, by id.' }),
		z
			.object({
				kind: z.literal('rain'),
				mm: z.number().min(0).max(5000).nullable(),
				hourMm: z.number().min(0).max(500).nullable(),
			})
			.meta({ description: 'All sections that this much rain closes: since it began, or within an hour.' }),
	])
	.meta({ id: 'ClosureShape' });
export type ClosureShape = z.infer<typeof closureShape>;

export const roadClosureBody = z
	.object({
		name: z.string().trim().min(1).max(200),
		shape: closureShape,
		from: timestamp,
		until: timestamp.nullable().meta({ description: 'Null: until it is lifted.' }),
		source: z.enum(['drawn', 'rain', 'feed']),
		reason: words,
	})
	.refine(({ from, until }) => until === null || from < until, { message: 'it ends before it begins', path: ['until'] })
	.meta({ id: 'RoadClosureBody' });
export type RoadClosureBody = z.infer<typeof roadClosureBody>;
export const roadClosure = z.object({ ...kept, ...roadClosureBody.shape }).meta({ id: 'RoadClosure' });
export type RoadClosure = z.infer<typeof roadClosure>;

/** A section that the region closes by rain, for choosing. */
export const rainRule = z
	.object({
		id: z.string(),
		road: z.string(),
		section: z.string(),
		mm: z.number().nullable(),
		hourMm: z.number().nullable(),
		edges: z.int().meta({ description: 'Edges of the road network that it closes; 0: the network does not hold this road.' }),
	})
	.meta({ id: 'RainRule' });

/** What is closed at a moment, for the map and for a list. */
export const closedRoads = z
	.object({
		lines: z.array(
			z.object({
				edge: z.string(),
				name: z.string(),
				ref: z.string().nullable(),
				coordinates: z.array(coordinates),
				by: z.array(z.string()).meta({ description: 'Names of the closures that hold here.' }),
			}),
		),
		unmatched: z.array(z.string()).meta({ description: 'Rules in force for roads that the network does not hold.' }),
	})
	.meta({ id: 'ClosedRoads' });
export type ClosedRoads = z.infer<typeof closedRoads>;

/** What a feed tells: the sections that are closed now, all of them; those it does not name any more are open again. */
export const closureFeed = z
	.object({ source: z.string().trim().min(1).max(100), time: timestamp, closed: z.array(z.string().max(100)).max(1000) })
	.meta({ id: 'ClosureFeed' });

const planners = ['dispatcher', 'admin'] as const;
export const closureOperations = {
	...recordOperations({
		one: 'closure',
		many: 'closures',
		path: '/closures',
		noun: 'closure',
		body: roadClosureBody,
		stored: roadClosure,
		query: z.object({ at: z.coerce.number().optional().meta({ description: 'Only those in force at this time, ms.' }) }),
		read: ['dispatcher', 'admin', 'crew'],
		write: planners,
	}),
	listRainRules: {
		method: 'get',
		path: '/rain-rules',
		id: 'listRainRules',
		summary: 'The sections of the region that rain closes, and at how much',
		roles: planners,
		responses: { 200: { description: 'Rules', schema: z.array(rainRule) } },
	},
	getClosedRoads: {
		method: 'get',
		path: '/closed-roads',
		id: 'getClosedRoads',
		summary: 'What is closed at a moment, or would be at a rainfall',
		roles: ['dispatcher', 'admin', 'crew'],
		query: z.object({
			at: z.coerce.number().optional().meta({ description: 'Service time, ms; now when absent.' }),
			mm: z.coerce
				.number()
				.min(0)
				.max(5000)
				.optional()
				.meta({ description: 'Beside what is closed: as if so much rain had fallen.' }),
			hourMm: z.coerce.number().min(0).max(500).optional(),
		}),
		responses: { 200: { description: 'Closed roads', schema: closedRoads } },
	},
	putClosureFeed: {
		method: 'put',
		path: '/closure-feed',
		id: 'putClosureFeed',
		summary: 'Tell which sections a road office has closed now',
		roles: planners,
		body: closureFeed,
		bodyLimit: 256 * 1024,
		problems: [409, 422],
		responses: { 200: { description: 'The closures of this feed that are kept now', schema: z.array(roadClosure) } },
	},
} as const satisfies Record<string, Operation>;
