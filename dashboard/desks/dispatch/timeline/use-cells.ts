import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import { nextCell, type Cell } from './cells.ts';
import type { Pane } from './use-panes.ts';

/** Which cell the keyboard is at. Only that one is in the order of tabs; its row is brought into sight before it is focused. */
export function useCells(
	root: RefObject<HTMLElement | null>,
	rows: readonly (readonly Cell[])[],
	panes: { vans: Pane; doctors: Pane },
): {
	active: string | null;
	/** Follows a key; false when it leads nowhere. */
	walk: (key: string) => boolean;
	/** Focuses a cell when it is drawn next. */
	settle: (id: string) => void;
} {
	const [active, setActive] = useState<string | null>(null);
	const [, setAsked] = useState(0);
	const wanted = useRef<string | null>(null);
	const known = rows.some((cells) => cells.some(({ id }) => id === active));
	const shown = known ? active : (rows[0]?.[0]?.id ?? null);
	const { vans, doctors } = panes;
	const reach = useRef({ vans, doctors });
	reach.current = { vans, doctors };

	useEffect(() => {
		const target = wanted.current;
		if (target === null) return;
		const cell = rows.flat().find(({ id }) => id === target);
		if (cell === undefined) return;
		const { vans: above, doctors: below } = reach.current;
		if (cell.row < above.count) above.reveal(cell.row);
		else below.reveal(cell.row - above.count);
		const element = root.current?.querySelector<HTMLElement>(`[data-cell="${CSS.escape(target)}"]`);
		if (element == null) return;
		element.focus({ preventScroll: true });
		wanted.current = null;
		// After every drawing, for it may be the next one that has its row.
	});

	useEffect(() => {
		const element = root.current;
		if (element === null) return;
		const focused = (event: FocusEvent) => {
			const id = event.target instanceof HTMLElement ? event.target.dataset['cell'] : undefined;
			if (id !== undefined) setActive(id);
		};
		element.addEventListener('focusin', focused);
		return () => element.removeEventListener('focusin', focused);
	}, [root]);

	const settle = useCallback((id: string) => {
		wanted.current = id;
		setActive(id);
		setAsked((count) => count + 1);
	}, []);
	const walk = (key: string): boolean => {
		const next = nextCell(rows, shown, key);
		if (next === undefined) return false;
		settle(next.id);
		return true;
	};
	return { active: shown, walk, settle };
}
