/** Addresses of this page: the list, a plan, a plan beside another one. */
export type PlanningPlace = { page: 'list' } | { page: 'board'; board: string } | { page: 'compare'; board: string; other: string };

const base = '/dispatch/plan';
const uuid = /^[0-9a-f-]{36}$/i;

export const addressOfList = base;
export const addressOfBoard = (board: string): string => `${base}/${board}`;
/** @param other another plan, or `published` */
export const addressOfComparison = (board: string, other: string): string => `${base}/${board}/compare/${other}`;

export function placeOfPath(path: string): PlanningPlace {
	const [, , , board = '', what = '', other = ''] = path.split('/');
	if (!uuid.test(board)) return { page: 'list' };
	if (what === 'compare' && (other === 'published' || uuid.test(other))) return { page: 'compare', board, other };
	return { page: 'board', board };
}
