/** Plans in the making as the server has them, whoever changes them. */
import type { PlanBoard, PlanBoardSummary, Publication } from '@junkai/contracts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { planningApi } from '../../../shared/api/planning.ts';
import { ApiError } from '../../../shared/api/rest.ts';
import { useLiveMessages, useSubscription } from '../../../shared/live/live-context.tsx';

const hearsBoards: Parameters<typeof useSubscription>[0] = [{ vehicles: '*', kinds: ['board', 'day'] }];

export type Phase = 'loading' | 'ready' | 'failed';

export const isRunning = ({ progress }: Pick<PlanBoardSummary, 'progress'>): boolean =>
	!['ready', 'failed', 'stopped'].includes(progress.state);

/** All of them, newest first, and what was published. `stale`: a later fetch failed, the lists may be old. */
export function useBoards() {
	const [state, setState] = useState<{ phase: Phase; boards: PlanBoardSummary[]; publications: Publication[]; stale: boolean }>({
		phase: 'loading',
		boards: [],
		publications: [],
		stale: false,
	});
	const load = useCallback(async () => {
		try {
			const [boards, publications] = await Promise.all([planningApi.boards(), planningApi.publications()]);
			setState({ phase: 'ready', boards, publications, stale: false });
		} catch {
			setState((before) => (before.phase === 'ready' ? { ...before, stale: true } : { ...before, phase: 'failed' }));
		}
	}, []);
	useSubscription(hearsBoards, () => void load());
	useLiveMessages(['board', 'board-dropped', 'publication'], (message) =>
		setState((before) => {
			if (message.type === 'publication') {
				const { publication } = message;
				const others = before.publications.filter(({ revision }) => revision !== publication.revision);
				return { ...before, publications: [publication, ...others].toSorted((a, b) => b.revision - a.revision) };
			}
			if (message.type === 'board-dropped') return { ...before, boards: before.boards.filter(({ id }) => id !== message.board) };
			const { board } = message;
			const known = before.boards.some(({ id }) => id === board.id);
			return {
				...before,
				boards: known ? before.boards.map((one) => (one.id === board.id ? board : one)) : [board, ...before.boards],
			};
		}),
	);
	return { ...state, reload: () => void load() };
}

export interface BoardState {
	/** `gone`: there is none of this id, or it was dropped. */
	phase: Phase | 'gone';
	board: PlanBoard | null;
	/** What is shown may be old: the last fetch failed. */
	stale: boolean;
	/** The newest change that somebody else made while it was on the screen. */
	changed: { by: string; at: number; version: number } | null;
}

/**
 * One of them, kept up by the live channel. Progress comes with the message itself; the days are fetched when their version is
 * another one.
 * @param me whose own changes need not be told
 */
export function useBoard(id: string, me: string | null) {
	const [state, setState] = useState<BoardState>(blank);
	const turn = useRef(0);
	const load = useCallback(async () => {
		const mine = ++turn.current;
		try {
			const board = await planningApi.board(id);
			if (mine === turn.current) setState((before) => taken(before, board, me));
		} catch (error) {
			if (mine !== turn.current) return;
			const gone = error instanceof ApiError && error.status === 404;
			setState((before) =>
				gone ? { ...before, phase: 'gone' } : before.board === null ? { ...before, phase: 'failed' } : { ...before, stale: true },
			);
		}
	}, [id, me]);
	useEffect(() => {
		setState((before) => (before.board?.id === id ? before : blank));
		void load();
	}, [id, load]);
	useSubscription(hearsBoards, () => void load());
	const latest = useRef(state);
	latest.current = state;
	useLiveMessages(['board', 'board-dropped'], (message) => {
		if (message.type === 'board-dropped') {
			if (message.board === id) setState((before) => ({ ...before, phase: 'gone' }));
			return;
		}
		const { board: news } = message;
		const known = latest.current.board;
		if (news.id !== id) return;
		const ended = !isRunning(news) && (known === null || isRunning(known));
		if (known === null || ended || news.version > known.version) void load();
		// A message may be overtaken by the answer to this browser's own change.
		if (known !== null && news.version >= known.version && isRunning(news))
			setState((before) => (before.board === null ? before : { ...before, board: { ...before.board, ...news } }));
	});
	/** The answer to a change that this browser made. */
	const take = useCallback((board: PlanBoard) => {
		turn.current++;
		setState((before) => ({ ...before, phase: 'ready', board, stale: false }));
	}, []);
	const seen = useCallback(() => setState((before) => ({ ...before, changed: null })), []);
	return { ...state, reload: load, take, seen };
}

const blank: BoardState = { phase: 'loading', board: null, stale: false, changed: null };

function taken(before: BoardState, board: PlanBoard, me: string | null): BoardState {
	const { board: known } = before;
	if (known !== null && known.version > board.version) return before;
	const other = known !== null && !isRunning(known) && board.version > known.version && board.updatedBy !== me;
	const changed = other ? { by: board.updatedBy, at: board.updated, version: board.version } : before.changed;
	return { phase: 'ready', board, stale: false, changed };
}
