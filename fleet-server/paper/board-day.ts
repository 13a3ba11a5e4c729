/** A day of a plan in the making, for its sheets. */
import type { Boards } from '../planning/boards.ts';
import type { BoardDayOf } from './index.ts';

export const boardDayOf =
	(boards: Pick<Boards, 'list' | 'days'>): BoardDayOf =>
	async (id, date) => {
		const board = boards.list().find((one) => one.id === id);
		if (!board) return null;
		const day = (await boards.days(id)).find((one) => one.date === date);
		if (!day) return null;
		return { draft: day.draft, source: { kind: 'board', board: id, name: board.name, version: board.version } };
	};
