/** Boards changed by hand, and compared. */
import type { PlanComparison } from '@junkai/contracts';
import type { Publications } from '../day/publications.ts';
import { compareDays, type ComparedDay } from '../planning/edits/compare.ts';
import { makeEdit, previewEdit } from '../planning/edits/edits.ts';
import type { Planning } from '../planning/index.ts';
import type { Records } from '../registry/index.ts';
import type { Handlers } from './handlers.ts';
import { refusing, sendBoard } from './planning.ts';

export interface PlanEditParts {
	planning: Planning;
	plans: Publications;
	records: Records;
}

type PlanEditHandlers = Pick<Handlers, 'previewPlanEdit' | 'editPlanBoard' | 'undoPlanEdit' | 'redoPlanEdit' | 'comparePlanBoards'>;

export function planEditHandlers(parts: PlanEditParts): PlanEditHandlers {
	const { planning } = parts;
	const { boards } = planning;
	return {
		previewPlanEdit: ({ params, query, body }) => refusing(() => previewEdit(boards, params.board, query.version, body)),
		editPlanBoard: ({ params, query, body, session, response }) =>
			refusing(async () => {
				const summary = await makeEdit(boards, params.board, query.version, body, session!.username);
				await sendBoard(planning, summary, response);
			}),
		undoPlanEdit: ({ params, query, session, response }) =>
			refusing(() => sendBoard(planning, boards.undo(params.board, query.version, session!.username), response)),
		redoPlanEdit: ({ params, query, session, response }) =>
			refusing(() => sendBoard(planning, boards.redo(params.board, query.version, session!.username), response)),
		comparePlanBoards: ({ params, query }) => refusing(() => compare(parts, params.board, query.with)),
	};
}

async function compare(
	{ planning: { boards }, plans, records }: PlanEditParts,
	id: string,
	other: string,
): Promise<PlanComparison> {
	const [after, measures] = [await boards.days(id), boards.summary(id).measures];
	const dates = new Set(after.map(({ date }) => date));
	const holding = [...dates].flatMap((date) => {
		const draft = plans.planOf(date);
		return draft ? [{ date, draft }] : [];
	});
	const before: readonly ComparedDay[] = other === 'published' ? holding : await boards.days(other);
	const numbers = [...before, ...after].flatMap(({ draft }) =>
		draft.routes.flatMap(({ stops }) => stops.flatMap(({ visits }) => visits.map(({ visit }) => visit))),
	);
	const visits = await records.visits.find([...new Set(numbers)]);
	const patients = new Map(visits.map(({ id: visit, patient }) => [visit, patient]));
	// Figures of the plan that holds are those of the board from which all of it was published, where that is still kept.
	const [revision, ...more] = new Set(holding.map(({ draft }) => draft.revision));
	const origin = more.length > 0 ? undefined : boards.list().find(({ published }) => published !== null && published === revision);
	return {
		...compareDays(before, after, dates, (visit) => patients.get(visit) ?? null),
		before: other === 'published' ? (origin?.measures ?? null) : boards.summary(other).measures,
		after: measures,
	};
}
