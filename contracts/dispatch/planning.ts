/**
 * A plan in the making: asked for with one button, improved while one watches, changed by hand, compared, published. It covers one
 * day or a week; each of its days is a {@link PlanDraft}. Times are those of the service clock (`clock.ts`), UTC milliseconds.
 */
import { z } from 'zod';
import { blocking, blockingRules, costKinds } from '../optimize.ts';
import type { Operation } from '../operation.ts';
import { planDraft, specialty } from '../plan.ts';
import { timestamp } from '../records.ts';
import { vehicleId } from '../topics.ts';
import { calendarDate } from './calendar.ts';
import { recordNumber } from './record.ts';

const seconds = z.number();
const metres = z.number();
const count = z.int().min(0);

/** How a plan is to be made. */
export const planningOptions = z
	.object({
		from: calendarDate,
		days: z.int().min(1).max(7).default(1),
		seconds: z
			.number()
			.min(1)
			.max(600)
			.optional()
			.meta({ description: 'Time to improve it; as the size of the plan asks when absent.' }),
		vehicles: z.array(vehicleId).max(500).optional().meta({ description: 'Only these; all with a shift when absent.' }),
		surge: z.boolean().default(false).meta({ description: 'With the surge roster.' }),
		fairness: z.number().min(0).max(10).default(1).meta({ description: 'Weight of serving municipalities alike; 0: not at all.' }),
		keep: z.enum(['nothing', 'published', 'pinned']).default('published').meta({
			description:
				'published: appointments of the plan that holds have a price; pinned: those of the plan in `start` that are pinned stay.',
		}),
		start: z.uuid().optional().meta({ description: 'Begin with this plan in the making.' }),
		name: z.string().trim().max(100).optional(),
	})
	.meta({ id: 'PlanningOptions' });
export type PlanningOptions = z.infer<typeof planningOptions>;

/** Figures of a plan, and of each of its days, by which two plans are compared. */
export const planMeasures = z
	.object({
		visits: count.meta({ description: 'That are in it.' }),
		unassigned: count,
		distance: metres,
		travel: seconds,
		waiting: seconds.meta({ description: 'Of crews at a stop.' }),
		service: seconds,
		doctorBusy: seconds,
		doctorHours: seconds.meta({ description: 'That doctors offer.' }),
		doctorGaps: seconds.meta({ description: 'Between two consults of a doctor, within offered hours.' }),
		changed: count.meta({ description: 'Appointments of the plan that holds, that another time, van or doctor makes now.' }),
		cost: z.number(),
		costs: z.partialRecord(z.enum(costKinds), z.number()),
		vehicles: z.array(
			z.object({
				vehicle: vehicleId,
				visits: count,
				travel: seconds,
				distance: metres,
				waiting: seconds,
				service: seconds,
				duration: seconds,
			}),
		),
		doctors: z.array(z.object({ doctor: recordNumber, consults: count, busy: seconds, offered: seconds, gaps: seconds })),
		municipalities: z
			.array(z.object({ id: z.string(), name: z.object({ ja: z.string(), en: z.string() }), need: count, planned: count }))
			.meta({ description: 'Visits that could be made in these days, and those that are planned.' }),
	})
	.meta({ id: 'PlanMeasures' });
export type PlanMeasures = z.infer<typeof planMeasures>;

/** One point of the curve that is drawn while a plan improves. */
export const planningPoint = z.object({ elapsed: seconds, cost: z.number(), unassigned: count }).meta({ id: 'PlanningPoint' });
export type PlanningPoint = z.infer<typeof planningPoint>;

export const planningStates = ['queued', 'reading', 'roads', 'searching', 'drawing', 'ready', 'failed', 'stopped'] as const;
export const planningProgress = z
	.object({
		state: z.enum(planningStates).meta({ description: 'stopped: ended before there was any plan.' }),
		elapsed: seconds,
		seconds: seconds.meta({ description: 'That the search has.' }),
		curve: z.array(planningPoint).max(400),
		problem: z.string().nullable().meta({ description: 'Why it failed, in English.' }),
	})
	.meta({ id: 'PlanningProgress' });
export type PlanningProgress = z.infer<typeof planningProgress>;

/**
 * Why a visit was not even given to the planner: the patient has not consented to a doctor from afar whom it needs; its place lies
 * too far from any road; the doctor whom it names is not kept any more.
 */
export const withheldCauses = ['no-consent', 'off-road', 'no-such-doctor'] as const;
const van = z.object({ vehicle: vehicleId, date: calendarDate });

/** What an unassigned visit lacks, and what would let it in; figures for a sentence in either language. */
export const unassignedReason = z
	.object({
		visit: recordNumber,
		withheld: z.enum(withheldCauses).nullable().meta({ description: 'It was not given to the planner; no rule then.' }),
		blocking: blocking.nullable().meta({ description: 'The rule that keeps it out; `vehicle` counts within the problem.' }),
		blockingVan: van.nullable().meta({ description: 'The vehicle of `blocking`.' }),
		remedy: blocking.nullable().meta({ description: 'The smallest change that would let it in.' }),
		remedyVan: van.nullable().meta({ description: 'The vehicle of `remedy`.' }),
		equipment: z.array(z.string()).meta({ description: 'That a van needs for it.' }),
		specialty: specialty.nullable(),
		nearest: z
			.object({ vehicle: vehicleId, date: calendarDate, minutes: z.number() })
			.nullable()
			.meta({ description: 'The nearest van that could do it by its equipment, and its way from there.' }),
		before: timestamp.nullable().meta({ description: 'Latest start that the patient accepts.' }),
	})
	.meta({ id: 'UnassignedReason' });
export type UnassignedReason = z.infer<typeof unassignedReason>;

export const draftDay = z
	.object({
		date: calendarDate,
		draft: planDraft,
		reasons: z.array(unassignedReason).meta({ description: 'One for each of `draft.unassigned`.' }),
		measures: planMeasures,
		/** Shifts and doctors' hours, for the lanes of a timeline. */
		lanes: z.object({
			vehicles: z.array(
				z.object({
					vehicle: vehicleId,
					from: timestamp,
					until: timestamp,
					driver: z.string().nullable(),
					nurse: z.string().nullable(),
				}),
			),
			doctors: z.array(z.object({ doctor: recordNumber, hours: z.array(z.tuple([timestamp, timestamp])) })),
		}),
	})
	.meta({ id: 'DraftDay' });
export type DraftDay = z.infer<typeof draftDay>;

const summary = {
	id: z.uuid(),
	version: z.int().min(1).meta({ description: 'Counts the changes; an edit names the one that it was made on.' }),
	name: z.string(),
	options: planningOptions,
	created: timestamp,
	createdBy: z.string(),
	updated: timestamp,
	updatedBy: z.string(),
	/** Revision of the publication that held when it was begun. */
	base: z.int().nullable(),
	published: z.int().nullable().meta({ description: 'Revision under which it was published; null: not yet.' }),
	mend: z.boolean().meta({ description: 'It is a change of the day under way.' }),
	progress: planningProgress,
	pinned: z.array(recordNumber).meta({ description: 'Visits that keep van and time.' }),
	locked: z.array(z.object({ date: calendarDate, vehicle: vehicleId })).meta({ description: 'Routes that nothing may change.' }),
	undo: count.meta({ description: 'Steps that can be undone.' }),
	redo: count,
};

/** Without its days: for a list, and for the live channel. */
export const planBoardSummary = z.object({ ...summary, measures: planMeasures.nullable() }).meta({ id: 'PlanBoardSummary' });
export type PlanBoardSummary = z.infer<typeof planBoardSummary>;
export const planBoard = z
	.object({ ...summary, measures: planMeasures.nullable(), days: z.array(draftDay).max(7) })
	.meta({ id: 'PlanBoard', description: 'A plan in the making; without days until there is a first plan.' });
export type PlanBoard = z.infer<typeof planBoard>;

/** A change by hand. */
export const planEdit = z
	.discriminatedUnion('type', [
		z
			.object({
				type: z.literal('move'),
				visit: recordNumber,
				to: z
					.object({
						date: calendarDate,
						vehicle: vehicleId,
						before: recordNumber.nullable().meta({ description: 'Goes before this visit of that route; null: to its end.' }),
						at: timestamp.optional().meta({ description: 'Not before this time; the earliest that is possible when absent.' }),
					})
					.nullable()
					.meta({ description: 'Null takes it out of the plan.' }),
			})
			.meta({ description: 'Another van, day, place in the order or time.' }),
		z.object({ type: z.literal('pin'), visit: recordNumber, pinned: z.boolean() }),
		z.object({ type: z.literal('lock'), date: calendarDate, vehicle: vehicleId, locked: z.boolean() }),
	])
	.meta({ id: 'PlanEdit' });
export type PlanEdit = z.infer<typeof planEdit>;

/** What an edit brings about. Nothing of it is kept by a preview. */
export const editConsequence = z
	.object({
		possible: z.boolean(),
		forbidden: z
			.array(
				z.object({
					cause: z.enum([...blockingRules, 'pinned-visit', 'locked-route', 'not-that-day', 'no-shift']),
					visit: recordNumber.nullable(),
					vehicle: vehicleId.nullable(),
					doctor: recordNumber.nullable(),
					by: z.number().nullable().meta({ description: 'Seconds, or metres for a distance.' }),
				}),
			)
			.meta({ description: 'Why it is impossible; empty when it is possible.' }),
		travel: seconds.meta({ description: 'More than before; less when negative. So are the next ones.' }),
		distance: metres,
		waiting: seconds,
		cost: z.number(),
		shifted: z
			.array(z.object({ visit: recordNumber, by: seconds, vehicle: vehicleId }))
			.meta({ description: 'Other visits that begin later (or, negative, earlier) by more than a minute.' }),
		doctors: z
			.array(z.object({ doctor: recordNumber, by: seconds }))
			.meta({ description: 'Gaps of doctors that grow or shrink, seconds.' }),
		route: z
			.array(
				z.object({
					visit: recordNumber,
					from: timestamp,
					to: timestamp,
					consult: z.object({ doctor: recordNumber, from: timestamp, to: timestamp }).nullable(),
				}),
			)
			.meta({ description: 'The changed route, for a shadow on the timeline.' }),
	})
	.meta({ id: 'EditConsequence' });
export type EditConsequence = z.infer<typeof editConsequence>;

/** One visit that differs between two plans. */
const placed = z
	.object({ date: calendarDate, vehicle: vehicleId, from: timestamp, to: timestamp, doctor: recordNumber.nullable() })
	.meta({ id: 'PlacedVisit' });
export const planChange = z
	.object({
		visit: recordNumber,
		patient: recordNumber.nullable(),
		kind: z.enum(['added', 'removed', 'day', 'vehicle', 'doctor', 'time']).meta({ description: 'The weightiest difference.' }),
		before: placed.nullable(),
		after: placed.nullable(),
	})
	.meta({ id: 'PlanChange' });
export type PlanChange = z.infer<typeof planChange>;
export const planComparison = z
	.object({
		before: planMeasures.nullable(),
		after: planMeasures.nullable(),
		changes: z.array(planChange),
		same: count.meta({ description: 'Visits that stay as they are, to within five minutes.' }),
	})
	.meta({ id: 'PlanComparison' });
export type PlanComparison = z.infer<typeof planComparison>;

const planners = ['dispatcher', 'admin'] as const;
const byBoard = z.object({ board: z.uuid() });
const onVersion = z.object({ version: z.coerce.number().int().min(1) });

export const planningOperations = {
	listPlanBoards: {
		method: 'get',
		path: '/plan-boards',
		id: 'listPlanBoards',
		summary: 'Plans in the making and those that were published, newest first',
		roles: planners,
		responses: { 200: { description: 'Plans', schema: z.array(planBoardSummary) } },
	},
	startPlanning: {
		method: 'post',
		path: '/plan-boards',
		id: 'startPlanning',
		summary: 'Make a plan for a day or a week; its progress comes by the live channel',
		roles: planners,
		body: planningOptions,
		problems: [409, 422, 503],
		responses: { 202: { description: 'The plan, still without days', schema: planBoardSummary } },
	},
	getPlanBoard: {
		method: 'get',
		path: '/plan-boards/{board}',
		id: 'getPlanBoard',
		summary: 'A plan with its days',
		roles: planners,
		params: byBoard,
		responses: { 200: { description: 'The plan', schema: planBoard } },
	},
	stopPlanning: {
		method: 'post',
		path: '/plan-boards/{board}/stop',
		id: 'stopPlanning',
		summary: 'Stop the search and keep the best plan so far',
		roles: planners,
		params: byBoard,
		responses: { 200: { description: 'The plan', schema: planBoardSummary } },
	},
	dropPlanBoard: {
		method: 'delete',
		path: '/plan-boards/{board}',
		id: 'dropPlanBoard',
		summary: 'Throw a plan in the making away',
		roles: planners,
		params: byBoard,
		problems: [409],
		responses: { 204: { description: 'It is gone' } },
	},
	publishPlanBoard: {
		method: 'post',
		path: '/plan-boards/{board}/publication',
		id: 'publishPlanBoard',
		summary: 'Publish a plan to vans and doctors; refused when another plan was published meanwhile',
		roles: planners,
		params: byBoard,
		query: onVersion,
		body: z.object({
			base: z.int().nullable().meta({ description: 'Revision that holds in the eyes of who publishes; null: none.' }),
			note: z.string().trim().max(500).default(''),
		}),
		problems: [409, 422],
		responses: { 200: { description: 'The plan, published', schema: planBoardSummary } },
	},
	startMend: {
		method: 'post',
		path: '/mends',
		id: 'startMend',
		summary: 'Plan the rest of today anew from where everyone is, with what is known now',
		roles: planners,
		body: z.object({ seconds: z.number().min(0.2).max(60).default(1), reason: z.string().trim().max(300).default('') }),
		problems: [409, 422, 503],
		responses: { 200: { description: 'The changed plan, to be published or dropped', schema: planBoard } },
	},
} as const satisfies Record<string, Operation>;

/** Changes of a board by hand. */
export const planEditOperations = {
	previewPlanEdit: {
		method: 'post',
		path: '/plan-boards/{board}/preview',
		id: 'previewPlanEdit',
		summary: 'What an edit would bring about; changes nothing',
		roles: planners,
		params: byBoard,
		query: onVersion,
		body: planEdit,
		problems: [409, 422],
		responses: { 200: { description: 'The consequence', schema: editConsequence } },
	},
	editPlanBoard: {
		method: 'post',
		path: '/plan-boards/{board}/edits',
		id: 'editPlanBoard',
		summary: 'Change a plan by hand; refused when it is impossible or the plan was changed meanwhile',
		roles: planners,
		params: byBoard,
		query: onVersion,
		body: planEdit,
		problems: [409, 422],
		responses: { 200: { description: 'The changed plan', schema: planBoard } },
	},
	undoPlanEdit: {
		method: 'post',
		path: '/plan-boards/{board}/undo',
		id: 'undoPlanEdit',
		summary: 'Take the last edit back',
		roles: planners,
		params: byBoard,
		query: onVersion,
		problems: [409],
		responses: { 200: { description: 'The plan as it was before', schema: planBoard } },
	},
	redoPlanEdit: {
		method: 'post',
		path: '/plan-boards/{board}/redo',
		id: 'redoPlanEdit',
		summary: 'Make the edit again that was taken back',
		roles: planners,
		params: byBoard,
		query: onVersion,
		problems: [409],
		responses: { 200: { description: 'The plan', schema: planBoard } },
	},
	comparePlanBoards: {
		method: 'get',
		path: '/plan-boards/{board}/comparison',
		id: 'comparePlanBoards',
		summary: 'What differs from another plan, or from the one that holds',
		roles: planners,
		params: byBoard,
		query: z.object({ with: z.union([z.uuid(), z.literal('published')]).default('published') }),
		responses: { 200: { description: 'The differences', schema: planComparison } },
	},
} as const satisfies Record<string, Operation>;
