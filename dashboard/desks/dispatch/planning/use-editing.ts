import type { EditConsequence, PlanBoard, PlanEdit } from '@junkai/contracts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { planningApi } from '../../../shared/api/planning.ts';
import { ApiError } from '../../../shared/api/rest.ts';
import type { Aim, Target } from '../timeline/aim.ts';

/** So long a hand must rest on a place before the server is asked what it brings, ms. */
const rest = 90;

/** What a change brings, as far as it is known. */
export type Preview =
	| { state: 'nowhere' }
	| { state: 'asking' }
	| { state: 'known'; consequence: EditConsequence }
	/** The server will not have it, and does not say why in figures. */
	| { state: 'refused' }
	/** No answer: it may be tried all the same. */
	| { state: 'failed' };

export type Notice =
	/** Why it cannot be. */
	| { kind: 'refused'; forbidden: EditConsequence['forbidden'] }
	/** Somebody else was faster. */
	| { kind: 'conflict'; by: string | null; at: number }
	| { kind: 'offline' }
	| { kind: 'failed'; detail: string | null };

interface Options {
	board: PlanBoard | null;
	/** The day that is shown. */
	date: string;
	/** The answer of the server, to be shown. */
	take: (board: PlanBoard) => void;
}

export function editOf(visit: number, target: Target, date: string): PlanEdit {
	if (target.kind === 'tray') return { type: 'move', visit, to: null };
	const { vehicle, before, at } = target;
	return { type: 'move', visit, to: { date, vehicle, before, ...(at !== null && { at }) } };
}

/** A hand that moves visits: asks what a place brings before it lets go, and says why when it cannot be. */
export function useEditing({ board, date, take }: Options) {
	const [aim, setAim] = useState<Aim | null>(null);
	const [preview, setPreview] = useState<Preview>({ state: 'nowhere' });
	const [notice, setNotice] = useState<Notice | null>(null);
	const [busy, setBusy] = useState(false);
	const queue = useRef(Promise.resolve());
	/** What the next change is made on: the plan on the screen, or what the last answer made of it. */
	const newest = useRef<{ id: string; version: number } | null>(null);
	if (board !== null && (newest.current?.id !== board.id || newest.current.version < board.version)) newest.current = board;
	const id = board?.id ?? null;
	const version = board?.version ?? null;
	const wanted = aim === null || aim.target === null ? null : JSON.stringify(editOf(aim.visit, aim.target, date));

	useEffect(() => {
		if (id === null || version === null || wanted === null) {
			setPreview({ state: 'nowhere' });
			return;
		}
		setPreview({ state: 'asking' });
		const abort = new AbortController();
		const timer = setTimeout(() => {
			planningApi.preview(id, version, JSON.parse(wanted) as PlanEdit, abort.signal).then(
				(consequence) => setPreview({ state: 'known', consequence }),
				(cause: unknown) => {
					if (abort.signal.aborted) return;
					setPreview({ state: cause instanceof ApiError && cause.status === 422 ? 'refused' : 'failed' });
				},
			);
		}, rest);
		return () => {
			clearTimeout(timer);
			abort.abort();
		};
	}, [id, version, wanted]);

	/** Makes a change; one after the other, each on what the one before has made of the plan. */
	const change = useCallback(
		(make: (id: string, version: number) => Promise<PlanBoard>, one: PlanEdit | null): Promise<void> => {
			const turn = async () => {
				const on = newest.current;
				if (on === null) return;
				setBusy(true);
				setNotice(null);
				const keep = (made: PlanBoard) => {
					newest.current = made;
					take(made);
				};
				try {
					keep(await make(on.id, on.version));
				} catch (error) {
					setNotice(await noticeOf(error, on.id, on.version, one, keep));
				} finally {
					setBusy(false);
				}
			};
			queue.current = queue.current.then(turn);
			return queue.current;
		},
		[take],
	);
	const edit = useCallback((one: PlanEdit) => change((board_, version_) => planningApi.edit(board_, version_, one), one), [change]);

	const aimAt = useCallback((next: Aim) => {
		setNotice(null);
		setAim((before) => (before !== null && JSON.stringify(before) === JSON.stringify(next) ? before : next));
	}, []);
	const cancel = useCallback(() => setAim(null), []);
	const drop = (visit: number, target: Target | null) => {
		const shown =
			preview.state === 'known' && wanted !== null && target !== null && wanted === JSON.stringify(editOf(visit, target, date));
		if (target === null) return cancel();
		if (shown && !preview.consequence.possible) {
			setNotice({ kind: 'refused', forbidden: preview.consequence.forbidden });
			return cancel();
		}
		if (preview.state === 'refused') {
			setNotice({ kind: 'refused', forbidden: [] });
			return cancel();
		}
		// The hand stays where it let go until the server has answered: nothing jumps back and forth.
		void edit(editOf(visit, target, date)).finally(cancel);
	};
	return {
		aim,
		preview,
		notice,
		busy,
		aimAt,
		cancel,
		drop,
		edit,
		undo: () => change(planningApi.undo, null),
		redo: () => change(planningApi.redo, null),
		dismiss: () => setNotice(null),
	};
}

async function noticeOf(
	cause: unknown,
	id: string,
	version: number,
	edit: PlanEdit | null,
	take: (board: PlanBoard) => void,
): Promise<Notice> {
	if (!(cause instanceof ApiError)) return { kind: 'failed', detail: null };
	if (cause.code === 'offline') return { kind: 'offline' };
	if (cause.status === 409) {
		const now = await planningApi.board(id).catch(() => null);
		if (now !== null) take(now);
		if (now !== null && now.version !== version) return { kind: 'conflict', by: now.updatedBy, at: now.updated };
	}
	if (cause.status === 422 && edit !== null) {
		// Refused though nothing was said before the drop: ask why.
		const why = await planningApi.preview(id, version, edit, new AbortController().signal).catch(() => null);
		if (why !== null && !why.possible) return { kind: 'refused', forbidden: why.forbidden };
	}
	return { kind: 'failed', detail: cause.problem?.detail ?? null };
}
