/** The planner's operations: a problem goes to a job as the bytes it came in, a plan comes back as bytes. */
import type { OptimizeJob } from '@junkai/contracts';
import type { Request, Response } from 'express';
import { OptimizeError, type Refusal } from '../optimize/errors.ts';
import type { OptimizeJobs, Outcome } from '../optimize/jobs.ts';
import type { Handlers } from './handlers.ts';
import { readLargeBody } from './large-body.ts';
import { ProblemError } from './problem.ts';

const PATH = '/api/v1/optimize';

type OptimizeHandlers = Pick<
	Handlers,
	'optimize' | 'listOptimizeJobs' | 'getOptimizeJob' | 'getOptimizeSolution' | 'cancelOptimizeJob'
>;

export function optimizeHandlers(jobs: OptimizeJobs): OptimizeHandlers {
	const asProblem = ({ status, detail, errors }: Refusal): ProblemError =>
		new ProblemError(status, detail, {
			...(errors && { errors }),
			...(status === 503 && { headers: { 'retry-after': String(jobs.retryAfter) } }),
		});
	/** Refusals of the queue as problems. */
	const refusing = <T>(step: () => T): T => {
		try {
			return step();
		} catch (error) {
			throw error instanceof OptimizeError ? asProblem(error.refusal) : error;
		}
	};
	const known = <T>(job: T | null, id: string): T => {
		if (job === null) throw new ProblemError(404, `There is no job ${id}; ended jobs are kept for an hour at most.`);
		return job;
	};
	const sendPlan = (response: Response, { job, answer, refusal }: Outcome): void => {
		if (answer === null) throw asProblem(refusal!);
		response.status(200).type('application/json').set('content-location', `${PATH}/${job.id}/solution`);
		response.end(answer);
	};
	return {
		optimize: async ({ query, session, request, response }) => {
			refusing(() => jobs.admit());
			const { maxBytes } = jobs.limits;
			const body = await readLargeBody(request, { maxBytes, reserve: (bytes) => refusing(() => jobs.reserve(bytes)) });
			const id = refusing(() => jobs.submit(body, query, session!.username));
			if (query.wait === false || prefersAsync(request)) {
				response.status(202).location(`${PATH}/${id}`).set('preference-applied', 'respond-async').json(jobs.get(id));
				return;
			}
			const outcome = await endedOrLeft(jobs, id, response);
			if (outcome !== null) sendPlan(response, outcome);
		},
		listOptimizeJobs: () => jobs.list(),
		getOptimizeJob: ({ params }) => known(jobs.get(params.job), params.job),
		getOptimizeSolution: ({ params, response }) => {
			const outcome = known(jobs.outcome(params.job), params.job);
			if (outcome.job.finished === null) throw new ProblemError(409, `The job is ${outcome.job.state}; there is no plan yet.`);
			sendPlan(response, outcome);
		},
		cancelOptimizeJob: async ({ params }): Promise<OptimizeJob> => known(await jobs.cancel(params.job), params.job),
	};
}

const prefersAsync = (request: Request): boolean => /(?:^|[\s,])respond-async(?:$|[\s,;])/i.test(request.get('prefer') ?? '');

/** Waits for the end of a job; null when whoever waited went away, whose job is ended then. */
async function endedOrLeft(jobs: OptimizeJobs, id: string, response: Response): Promise<Outcome | null> {
	let left = false;
	const leave = (): void => {
		left = true;
		void jobs.cancel(id);
	};
	if (response.destroyed) leave();
	response.once('close', leave);
	const outcome = await jobs.ended(id);
	response.off('close', leave);
	return left ? null : outcome;
}
