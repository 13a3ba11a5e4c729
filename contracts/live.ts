/**
 * The live channel: a WebSocket at `/api/v1/live`, opened with the session cookie. Text messages are JSON by these schemas,
 * binary ones are waveform frames (`waveform-frame.ts`). A browser that cannot keep up gets the newest of each kind and is
 * told what it missed; nothing queues up for it.
 */
import { z } from 'zod';
import { clockQuality, eventRecord, positionRecord, readingRecord, timestamp } from './records.ts';
import { role } from './operation.ts';
import { optimizeJob } from './optimize-jobs.ts';
import { alert, publication, serviceClock, vehicleEstimate } from './dispatch/day.ts';
import { planBoardSummary } from './dispatch/planning.ts';
import { recordNumber, recordVersion } from './dispatch/record.ts';
import { routeProgress } from './plan.ts';
import { vehicle } from './rest.ts';
import { vehicleId } from './topics.ts';
import { epochId } from './uplink.ts';

/**
 * What can be subscribed to. `vehicle` is the state of the van itself: link, devices, spool, newest position. `optimize` is the
 * planner's jobs, whatever `vehicles` says; `plan` that another plan holds, and how far each van has come on its route; `record`
 * that records which people keep were changed; `board` plans in the making; `day` ETAs, alerts and who has the plan;
 * `queue` that the own consults of a doctor come to stand otherwise, and of nobody else's.
 */
export const liveKinds = [
	'vehicle',
	'position',
	'reading',
	'waveform',
	'event',
	'optimize',
	'plan',
	'record',
	'board',
	'day',
	'queue',
] as const;
export const liveKind = z.enum(liveKinds).meta({ id: 'LiveKind' });
export type LiveKind = z.infer<typeof liveKind>;

/** Which roles may hear which kind. */
export const liveRoles: Readonly<Record<LiveKind, readonly z.infer<typeof role>[]>> = {
	vehicle: ['dispatcher', 'crew', 'doctor', 'admin'],
	position: ['dispatcher', 'admin'],
	event: ['dispatcher', 'crew', 'doctor', 'admin'],
	reading: ['doctor', 'crew'],
	waveform: ['doctor', 'crew'],
	optimize: ['dispatcher', 'admin'],
	plan: ['dispatcher', 'crew', 'admin'],
	record: ['dispatcher', 'admin'],
	board: ['dispatcher', 'admin'],
	day: ['dispatcher', 'admin'],
	queue: ['doctor'],
};

/** Kinds of records that people keep. */
export const keptKinds = ['patient', 'request', 'visit', 'fleet-vehicle', 'staff', 'shift', 'doctor', 'closure'] as const;
export type KeptKind = (typeof keptKinds)[number];

/** Browser to server. A subscription replaces the one before it. */
export const liveRequest = z
	.discriminatedUnion('type', [
		z.object({
			type: z.literal('subscribe'),
			subscriptions: z
				.array(
					z.object({
						vehicles: z.union([z.literal('*'), z.array(vehicleId).max(500)]),
						kinds: z.array(liveKind).min(1).max(liveKinds.length),
					}),
				)
				.max(32),
		}),
		z.object({ type: z.literal('ping'), id: z.number() }),
	])
	.meta({ id: 'LiveRequest' });
export type LiveRequest = z.infer<typeof liveRequest>;

const of = { vehicle: vehicleId, epoch: epochId, historical: z.boolean() };

/** Server to browser. */
export const liveMessage = z
	.discriminatedUnion('type', [
		z.object({
			type: z.literal('hello'),
			time: timestamp.meta({ description: 'Server clock.' }),
			role,
			username: z.string(),
			clock: serviceClock,
		}),
		z.object({ type: z.literal('subscribed') }),
		z.object({ type: z.literal('vehicle'), vehicle, time: timestamp }),
		z.object({ type: z.literal('position'), ...of, record: positionRecord }),
		z.object({ type: z.literal('reading'), ...of, record: readingRecord }),
		z.object({ type: z.literal('event'), ...of, record: eventRecord }),
		z.object({
			type: z.literal('plan'),
			revision: z.int().min(1).meta({ description: 'Of the plan that holds from now on; fetch it.' }),
		}),
		z.object({ type: z.literal('progress'), progress: routeProgress }),
		z.object({
			type: z.literal('link'),
			vehicle: vehicleId,
			clock: clockQuality.nullable(),
			delay: z.number().nullable().meta({ description: 'Van to server, ms, of the newest live batch.' }),
		}),
		z.object({
			type: z.literal('dropped'),
			vehicle: vehicleId,
			kind: liveKind,
			count: z.int().min(1).meta({ description: 'Messages this browser was too slow for.' }),
		}),
		z
			.object({ type: z.literal('optimize'), job: optimizeJob })
			.meta({ description: 'A job of the planner began, went on or ended; the newest state replaces older ones.' }),
		z
			.object({
				type: z.literal('records'),
				changes: z
					.array(z.object({ kind: z.enum(keptKinds), id: recordNumber, version: recordVersion.nullable() }))
					.max(500)
					.meta({ description: 'Version null: it was taken out.' }),
				by: z.string(),
				more: z.boolean().meta({ description: 'More records were changed at once than are named: fetch them all.' }),
			})
			.meta({ description: 'Somebody changed records; fetch what is on the screen.' }),
		z.object({ type: z.literal('clock'), clock: serviceClock }).meta({ description: 'The clock of a demonstration was set.' }),
		z.object({ type: z.literal('board'), board: planBoardSummary }),
		z.object({ type: z.literal('board-dropped'), board: z.uuid() }),
		z.object({ type: z.literal('estimate'), estimate: vehicleEstimate }),
		z.object({ type: z.literal('alert'), alert }),
		z.object({ type: z.literal('publication'), publication }),
		z
			.object({ type: z.literal('queue') })
			.meta({ description: 'The queue of the doctor who is signed in has changed; fetch it. At most once in five seconds.' }),
		z.object({ type: z.literal('pong'), id: z.number(), time: timestamp }),
		z.object({ type: z.literal('refused'), reason: z.string() }),
		z.object({ type: z.literal('signed-out') }),
	])
	.meta({ id: 'LiveMessage' });
export type LiveMessage = z.infer<typeof liveMessage>;
