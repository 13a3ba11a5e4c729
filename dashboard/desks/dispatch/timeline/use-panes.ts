import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { PaneLook } from './links.tsx';

export interface Pane extends PaneLook {
	ref: RefObject<HTMLDivElement | null>;
	onScroll: () => void;
	count: number;
	/** Rows that are drawn: those that are seen, and a few beyond. */
	first: number;
	last: number;
	/** Scrolls as little as is needed for a row to be seen. */
	reveal: (row: number) => void;
}

const beyond = 4;
/** Least and most height of a row, pixels: 20 still takes a line of text of 12. */
const vanRow = [20, 54] as const;
const doctorRow = [18, 30] as const;
/** Of the height, at most, for doctors. */
const doctorShare = 0.36;

const between = (value: number, [least, most]: readonly [number, number]) => Math.min(most, Math.max(least, Math.floor(value)));

/** The two panes of lanes share the height that there is; rows become lower as lanes become more, down to what can be read. */
export function usePanes(box: RefObject<HTMLElement | null>, vans: number, doctors: number): { vans: Pane; doctors: Pane } {
	const [height, setHeight] = useState(0);
	useEffect(() => {
		const element = box.current;
		if (element === null) return;
		const observer = new ResizeObserver(() => setHeight(element.clientHeight));
		observer.observe(element);
		return () => observer.disconnect();
	}, [box]);
	const low = between((height * doctorShare) / Math.max(1, doctors), doctorRow);
	const below = Math.min(doctors * low, Math.floor(height * doctorShare));
	const room = Math.max(0, height - below);
	const high = between(room / Math.max(1, vans), vanRow);
	const above = Math.min(room, vans * high);
	return {
		vans: usePane(vans, 0, above, high),
		doctors: usePane(doctors, above, below, low),
	};
}

function usePane(count: number, top: number, height: number, row: number): Pane {
	const ref = useRef<HTMLDivElement>(null);
	const [scroll, setScroll] = useState(0);
	const onScroll = useCallback(() => setScroll(ref.current?.scrollTop ?? 0), []);
	const reveal = useCallback(
		(index: number) => {
			const element = ref.current;
			if (element === null) return;
			const from = index * row;
			if (from < element.scrollTop) element.scrollTop = from;
			else if (from + row > element.scrollTop + height) element.scrollTop = from + row - height;
			setScroll(element.scrollTop);
		},
		[row, height],
	);
	const first = Math.max(0, Math.floor(scroll / row) - beyond);
	const last = Math.min(count, Math.ceil((scroll + height) / row) + beyond);
	return { ref, onScroll, count, top, height, scroll, row, first, last, reveal };
}
