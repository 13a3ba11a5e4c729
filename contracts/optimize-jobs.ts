/** The planner as a service: options of a request, the jobs that it becomes, and their operations. */
import { z } from 'zod';
import { problem, type Operation } from './operation.ts';
import { planProblem, planSolution } from './optimize.ts';
import { timestamp } from './records.ts';

/** Longest time that may be asked for, seconds. */
export const MAX_OPTIMIZE_SECONDS = 120;

const flag = (description: string) =>
	z
		.enum(['true', 'false'])
		.optional()
		.transform((text) => (text === undefined ? undefined : text === 'true'))
		.meta({ description });

/** How a problem is to be solved. */
export const optimizeQuery = z.object({
	seconds: z.coerce.number().min(0.1).max(MAX_OPTIMIZE_SECONDS).default(5).meta({
		description: 'Time to improve the plan; all of it is used, unless nothing can be better. Asking the roads does not count.',
	}),
	threads: z.coerce
		.number()
		.int()
		.min(1)
		.max(64)
		.optional()
		.meta({ description: 'Threads that search; at most, and by default, as many as the server allows.' }),
	seed: z.coerce.number().int().min(0).max(0xffffffff).default(0),
	steps: z.coerce.number().int().min(1).max(1e12).optional().meta({
		description: 'Stops after so many steps of each thread; with `threads=1` and time enough the same seed gives the same plan.',
	}),
	mode: z.enum(['optimize', 'plan']).default('optimize').meta({
		description: "`plan`: VROOM's `-c`. The routes are those of `vehicles[].steps`; times are chosen and violations reported.",
	}),
	geometry: flag("VROOM's `-g`: each route with its way on the road, as an encoded polyline, and with its distance."),
	wait: flag('`false`, as the header `Prefer: respond-async`: answers 202 with the job at once. Otherwise waits for the plan.'),
	rain: z.coerce.number().min(0).max(5000).optional().meta({
		description: 'Millimetres since the rain began: roads that are closed at this much are closed in matrices and geometries.',
	}),
	departure: z.iso.datetime({ offset: true }).optional().meta({
		description:
			'When the vehicles leave, with zone: chooses the speeds of the hour and the closures in force. Mean speeds when absent.',
	}),
});
export type OptimizeQuery = z.infer<typeof optimizeQuery>;

export const optimizeProgress = z
	.object({
		elapsed: z.number().meta({ description: 'Seconds since the search began.' }),
		seconds: z.number().meta({ description: 'Seconds that it has.' }),
		cost: z.number().meta({ description: 'Of the best plan so far.' }),
		unassigned: z.int().meta({ description: 'Tasks that the best plan so far leaves out.' }),
		priority: z.number().meta({ description: 'Sum of the priorities of the tasks left out.' }),
		steps: z.number(),
	})
	.meta({ id: 'OptimizeProgress' });
export type OptimizeProgress = z.infer<typeof optimizeProgress>;

export const optimizeStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export const optimizeJob = z
	.object({
		id: z.uuid(),
		state: z.enum(optimizeStates),
		mode: z.enum(['optimize', 'plan']),
		owner: z.string().meta({ description: 'User name of who asked.' }),
		position: z.int().nullable().meta({ description: 'Place in the queue, 1 is next; null when not queued.' }),
		created: timestamp,
		started: timestamp.nullable(),
		finished: timestamp.nullable(),
		expires: timestamp.nullable().meta({ description: 'When an ended job is forgotten at the latest; sooner when many follow.' }),
		seconds: z.number().meta({ description: 'Time asked for.' }),
		tasks: z.int().nullable().meta({ description: 'Jobs, and two for each shipment; null until the problem was read.' }),
		progress: optimizeProgress.nullable().meta({ description: 'Null until there is a first plan.' }),
		solution: z.boolean().meta({ description: 'There is a plan to be read; of a cancelled job the best until then.' }),
		problem: problem.optional().meta({ description: 'Why it failed.' }),
	})
	.meta({ id: 'OptimizeJob', description: 'A routing problem that is being solved, or was.' });
export type OptimizeJob = z.infer<typeof optimizeJob>;

export const optimizeJobList = z.array(optimizeJob).meta({ id: 'OptimizeJobList' });

const planners = ['dispatcher', 'admin'] as const;
const byJob = z.object({ job: z.uuid() });

export const optimizeOperations = {
	optimize: {
		method: 'post',
		path: '/optimize',
		id: 'optimize',
		summary: 'Solve a routing problem; waits for the plan unless told otherwise',
		roles: planners,
		query: optimizeQuery,
		body: planProblem,
		largeBody: true,
		problems: [413, 422, 503],
		responses: {
			200: { description: 'The plan', schema: planSolution },
			202: { description: 'The job, whose address is in `Location`', schema: optimizeJob },
		},
	},
	listOptimizeJobs: {
		method: 'get',
		path: '/optimize',
		id: 'listOptimizeJobs',
		summary: "The planner's jobs, newest first",
		roles: planners,
		responses: { 200: { description: 'Jobs', schema: optimizeJobList } },
	},
	getOptimizeJob: {
		method: 'get',
		path: '/optimize/{job}',
		id: 'getOptimizeJob',
		summary: 'State and progress of one job',
		roles: planners,
		params: byJob,
		responses: { 200: { description: 'The job', schema: optimizeJob } },
	},
	getOptimizeSolution: {
		method: 'get',
		path: '/optimize/{job}/solution',
		id: 'getOptimizeSolution',
		summary: 'The plan that a job found',
		roles: planners,
		params: byJob,
		problems: [409, 422, 503],
		responses: { 200: { description: 'The plan', schema: planSolution } },
	},
	cancelOptimizeJob: {
		method: 'delete',
		path: '/optimize/{job}',
		id: 'cancelOptimizeJob',
		summary: 'End a job; its best plan so far can be read. An ended job stays as it is',
		roles: planners,
		params: byJob,
		responses: { 200: { description: 'The job', schema: optimizeJob } },
	},
} as const satisfies Record<string, Operation>;
