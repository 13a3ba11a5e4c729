/** The planner's desk: plans are asked for, looked at, stopped, dropped, published, mended. Edits by hand are in `plan-edits.ts`. */
import type { PlanBoardSummary } from '@junkai/contracts';
import type { Response } from 'express';
import type { Planning } from '../planning/index.ts';
import { PlanningError } from '../planning/index.ts';
import { RoadsError } from '../roads/roads-error.ts';
import type { Handlers } from './handlers.ts';
import { ProblemError } from './problem.ts';

type PlanningHandlers = Pick<
	Handlers,
	'listPlanBoards' | 'startPlanning' | 'getPlanBoard' | 'stopPlanning' | 'dropPlanBoard' | 'publishPlanBoard' | 'startMend'
>;

/** Errors of planning and of the roads as problem documents. */
export async function refusing<T>(step: () => T | Promise<T>): Promise<T> {
	try {
		return await step();
	} catch (error) {
		if (error instanceof PlanningError) throw new ProblemError(error.status, error.message, { cause: error });
		if (error instanceof RoadsError) {
			const theirs = ['timeout', 'unavailable', 'no-tiles', 'build', 'answer', 'aborted'].includes(error.fault);
			throw new ProblemError(theirs ? 503 : 422, `The roads gave no answer: ${error.message}`, { cause: error });
		}
		throw error;
	}
}

/** A board with its days, which are kept as text. */
export async function sendBoard({ boards }: Planning, summary: PlanBoardSummary, response: Response): Promise<void> {
	const days = await boards.daysText(summary.id);
	response.status(200).type('application/json');
	response.end(`${JSON.stringify(summary).slice(0, -1)},"days":${days}}`);
}

export function planningHandlers(planning: Planning): PlanningHandlers {
	const { boards } = planning;
	return {
		listPlanBoards: () => boards.list(),
		startPlanning: ({ body, session, response }) =>
			refusing(() => {
				const board = planning.start(body, session!.username);
				response.status(202).location(`/api/v1/plan-boards/${board.id}`).json(board);
			}),
		getPlanBoard: ({ params, response }) => refusing(() => sendBoard(planning, boards.summary(params.board), response)),
		stopPlanning: ({ params }) => refusing(() => planning.stopPlan(params.board)),
		dropPlanBoard: ({ params }) => refusing(() => planning.drop(params.board)),
		publishPlanBoard: ({ params, query, body, session }) =>
			refusing(() => planning.publish(params.board, query.version, body, session!.username)),
		startMend: ({ body, session, response }) =>
			refusing(async () => sendBoard(planning, await planning.mend(body, session!.username), response)),
	};
}
