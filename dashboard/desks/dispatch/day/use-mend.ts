/** One mending of today's plan: asked for, looked at, published or dropped. */
import { useCallback, useEffect, useState } from 'react';
import type { PlanBoard, PlanComparison } from '@junkai/contracts';
import { dayApi } from '../../../shared/api/day.ts';
import { ApiError } from '../../../shared/api/rest.ts';
import { useLiveMessages, useSubscription } from '../../../shared/live/live-context.tsx';
import { openMendBoard, openTool, useMendBoard } from './tool.ts';

export interface Mend {
	state: 'idle' | 'planning' | 'ready' | 'publishing' | 'failed' | 'overtaken';
	board: PlanBoard | null;
	comparison: PlanComparison | null;
	/** What the server said of a failure. */
	problem: string | null;
	start: (reason: string) => void;
	publish: (note: string) => void;
	drop: () => void;
}

interface Held {
	state: Mend['state'];
	board: PlanBoard | null;
	comparison: PlanComparison | null;
	problem: string | null;
}
const idle: Held = { state: 'idle', board: null, comparison: null, problem: null };

const problemOf = (error: unknown): string | null => (error instanceof ApiError ? (error.problem?.detail ?? null) : null);

export function useMend(revision: number | null): Mend {
	const id = useMendBoard();
	const [held, setHeld] = useState<Held>(idle);
	useSubscription([{ vehicles: '*', kinds: ['board'] }]);

	const look = useCallback(async (board: PlanBoard) => {
		const comparison = await dayApi.comparison(board.id);
		setHeld({
			...idle,
			state: board.published === null ? 'ready' : 'idle',
			board: board.published === null ? board : null,
			comparison,
		});
	}, []);
	// A reload, a link or another page's change comes back to the board of the address.
	useEffect(() => {
		if (id === null) return setHeld((before) => (before.state === 'ready' ? idle : before));
		let wanted = true;
		dayApi
			.planBoard(id)
			.then((board) => (wanted ? look(board) : undefined))
			.catch((error: unknown) => wanted && setHeld({ ...idle, state: 'failed', problem: problemOf(error) }));
		return () => {
			wanted = false;
		};
	}, [id, look]);
	useLiveMessages(['board', 'board-dropped'], (message) => {
		const gone =
			message.type === 'board-dropped' ? message.board === id : message.board.id === id && message.board.published !== null;
		if (gone) openMendBoard(null);
	});

	const start = useCallback((reason: string) => {
		setHeld({ ...idle, state: 'planning' });
		dayApi.mend(reason).then(
			(board) => openMendBoard(board.id),
			(error: unknown) => setHeld({ ...idle, state: 'failed', problem: problemOf(error) }),
		);
	}, []);
	const publish = useCallback(
		(note: string) => {
			const { board } = held;
			if (board === null) return;
			setHeld({ ...held, state: 'publishing' });
			dayApi.publish(board.id, board.version, revision, note).then(
				() => openTool(null),
				(error: unknown) => {
					const overtaken = error instanceof ApiError && error.status === 409;
					setHeld({ ...held, state: overtaken ? 'overtaken' : 'failed', problem: problemOf(error) });
				},
			);
		},
		[held, revision],
	);
	const drop = useCallback(() => {
		const { board } = held;
		openMendBoard(null);
		setHeld(idle);
		if (board !== null) void dayApi.dropBoard(board.id).catch(() => undefined);
	}, [held]);
	return { ...held, start, publish, drop };
}
