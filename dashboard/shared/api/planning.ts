/** Calls of plans in the making: made, watched, changed by hand, compared, published. */
import {
	editConsequence,
	planBoard,
	planBoardSummary,
	planComparison,
	publication,
	type PlanEdit,
	type planningOptions,
} from '@junkai/contracts';
import { z } from 'zod';
import { call, json, query } from './rest.ts';

export type PlanningOptionsInput = z.input<typeof planningOptions>;

const at = (board: string, what = ''): string => `/plan-boards/${board}${what}`;
const on = (version: number): string => `?${query({ version })}`;

/** Each rejects with an `ApiError`: 409 when the plan was changed, or another one published, since the version that is named. */
export const planningApi = {
	boards: () => call(z.array(planBoardSummary), '/plan-boards'),
	board: (board: string) => call(planBoard, at(board)),
	start: (options: PlanningOptionsInput) => call(planBoardSummary, '/plan-boards', json(options)),
	stop: (board: string) => call(planBoardSummary, at(board, '/stop'), { method: 'POST' }),
	drop: (board: string) => call(null, at(board), { method: 'DELETE' }),
	preview: (board: string, version: number, edit: PlanEdit, signal: AbortSignal) =>
		call(editConsequence, at(board, `/preview${on(version)}`), { ...json(edit), signal }),
	edit: (board: string, version: number, edit: PlanEdit) => call(planBoard, at(board, `/edits${on(version)}`), json(edit)),
	undo: (board: string, version: number) => call(planBoard, at(board, `/undo${on(version)}`), { method: 'POST' }),
	redo: (board: string, version: number) => call(planBoard, at(board, `/redo${on(version)}`), { method: 'POST' }),
	/** @param other another plan in the making, or `published` for the one that holds */
	compare: (board: string, other: string) => call(planComparison, at(board, `/comparison?${query({ with: other })}`)),
	publish: (board: string, version: number, base: number | null, note: string) =>
		call(planBoardSummary, at(board, `/publication${on(version)}`), json({ base, note })),
	publications: () => call(z.array(publication), '/publications'),
};
