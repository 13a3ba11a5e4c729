import type { PlanBoard, PlanComparison } from '@junkai/contracts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { planningApi } from '../../../shared/api/planning.ts';

export type ComparisonState = { phase: 'loading' | 'failed'; comparison: null } | { phase: 'ready'; comparison: PlanComparison };

/** What differs from another plan, asked anew when either is another version. */
export function useComparison(board: string, other: string, key: string): ComparisonState & { reload: () => void } {
	const [state, setState] = useState<ComparisonState>({ phase: 'loading', comparison: null });
	const turn = useRef(0);
	const load = useCallback(async () => {
		const mine = ++turn.current;
		try {
			const comparison = await planningApi.compare(board, other);
			if (mine === turn.current) setState({ phase: 'ready', comparison });
		} catch {
			if (mine === turn.current) setState({ phase: 'failed', comparison: null });
		}
	}, [board, other]);
	const asked = useRef<string | null>(null);
	useEffect(() => {
		if (asked.current === `${board} ${other} ${key}`) return;
		asked.current = `${board} ${other} ${key}`;
		void load();
	}, [load, board, other, key]);
	return { ...state, reload: () => void load() };
}

/** The other plan with its days; null when there is none that can be shown. */
export function useOtherBoard(id: string | null): PlanBoard | null {
	const [board, setBoard] = useState<PlanBoard | null>(null);
	useEffect(() => {
		let wanted = true;
		setBoard(null);
		if (id !== null)
			planningApi.board(id).then(
				(found) => wanted && setBoard(found),
				() => undefined,
			);
		return () => {
			wanted = false;
		};
	}, [id]);
	return board;
}
