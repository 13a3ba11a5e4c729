import { useEffect, useRef, type PointerEvent as ReactPointerEvent, type RefObject } from 'react';
import { placeAt, type Target } from './aim.ts';
import { timeAt, type Axis, type View } from './axis.ts';
import type { TimelineData } from './model.ts';
import type { TimelineEditing } from './props.ts';
import { labelWidth } from './use-view.ts';

/** So many pixels of movement tell a drag from a click. */
const dragFrom = 5;
/** So near to the end of a pane it scrolls by itself while something is in the hand, pixels. */
const edge = 26;

interface Held {
	pointer: number;
	x: number;
	y: number;
	/** Null: the axis itself is dragged. */
	visit: number | null;
	/** From the begin of the visit to where it was taken, ms. */
	grab: number;
	shift: number;
	moved: boolean;
}

interface Options {
	root: RefObject<HTMLElement | null>;
	body: RefObject<HTMLElement | null>;
	data: TimelineData;
	axis: Axis;
	view: View;
	editing: TimelineEditing | undefined;
	panTo: (shift: number) => void;
}

/**
 * Dragging by mouse, pen or finger: a visit to a place, an empty stretch to another time of day. With a finger a visit must be
 * selected before it can be dragged, so that a finger can scroll everywhere.
 */
export function useHand(options: Options): {
	onPointerDown: (event: ReactPointerEvent) => void;
	/** True once after a drag: the click that follows it means nothing. */
	wasDrag: () => boolean;
	/** Where the pointer is, for the bubble. */
	at: RefObject<{ x: number; y: number }>;
} {
	const latest = useRef(options);
	latest.current = options;
	const held = useRef<Held | null>(null);
	const dragged = useRef(false);
	const at = useRef({ x: 0, y: 0 });

	useEffect(() => {
		let frame = 0;
		const aim = () => {
			frame = 0;
			const hold = held.current;
			const { editing } = latest.current;
			if (hold === null || hold.visit === null || !hold.moved || editing === undefined) return;
			const { x, y } = at.current;
			const scrolled = scrollAtEdge(latest.current.root.current, x, y);
			const target = targetUnder(latest.current, hold, x, y);
			editing.onAim({ visit: hold.visit, by: 'pointer', target });
			if (target === null) editing.onPass?.(document.elementFromPoint(x, y));
			if (scrolled) frame = requestAnimationFrame(aim);
		};
		const move = (event: PointerEvent) => {
			const hold = held.current;
			if (hold === null || event.pointerId !== hold.pointer) return;
			at.current = { x: event.clientX, y: event.clientY };
			if (!hold.moved && Math.hypot(event.clientX - hold.x, event.clientY - hold.y) < dragFrom) return;
			hold.moved = true;
			event.preventDefault();
			if (hold.visit === null) latest.current.panTo(hold.shift + hold.x - event.clientX);
			else if (frame === 0) frame = requestAnimationFrame(aim);
		};
		const end = (event: PointerEvent) => {
			const hold = held.current;
			if (hold === null || event.pointerId !== hold.pointer) return;
			held.current = null;
			cancelAnimationFrame(frame);
			frame = 0;
			dragged.current = hold.moved;
			if (!hold.moved || hold.visit === null) return;
			const { editing } = latest.current;
			if (event.type === 'pointercancel') editing?.onCancel();
			else editing?.onDrop(hold.visit, targetUnder(latest.current, hold, event.clientX, event.clientY));
		};
		const escape = (event: KeyboardEvent) => {
			if (event.key !== 'Escape' || held.current === null) return;
			held.current = null;
			dragged.current = true;
			latest.current.editing?.onCancel();
		};
		window.addEventListener('pointermove', move);
		window.addEventListener('pointerup', end);
		window.addEventListener('pointercancel', end);
		window.addEventListener('keydown', escape, true);
		return () => {
			cancelAnimationFrame(frame);
			window.removeEventListener('pointermove', move);
			window.removeEventListener('pointerup', end);
			window.removeEventListener('pointercancel', end);
			window.removeEventListener('keydown', escape, true);
		};
	}, []);

	return {
		at,
		wasDrag() {
			const was = dragged.current;
			dragged.current = false;
			return was;
		},
		onPointerDown(event) {
			if (event.button !== 0 || !(event.target instanceof Element)) return;
			dragged.current = false;
			const { editing, view } = latest.current;
			const taken = event.target.closest<HTMLElement>('[data-take]');
			const finger = event.pointerType === 'touch';
			const common = { pointer: event.pointerId, x: event.clientX, y: event.clientY, shift: view.shift, moved: false };
			if (taken !== null) {
				if (editing === undefined || (finger && taken.dataset['chosen'] !== 'true')) return;
				const inLane = taken.closest('[data-lane]') !== null;
				const grab = inLane ? timeUnder(latest.current, event.clientX) - Number(taken.dataset['from']) : 0;
				held.current = { ...common, visit: Number(taken.dataset['take']), grab };
				event.preventDefault();
				(taken.closest<HTMLElement>('[tabindex]') ?? taken).focus({ preventScroll: true });
			} else if (!finger && view.zoom > 1 && event.target.closest('.tl-track, .tl-axis') !== null) {
				held.current = { ...common, visit: null, grab: 0 };
			}
		},
	};
}

function timeUnder({ body, axis, view }: Options, clientX: number): number {
	const left = (body.current?.getBoundingClientRect().left ?? 0) + labelWidth;
	return timeAt(clientX - left, axis, view);
}

function targetUnder(options: Options, { visit, grab }: Held, x: number, y: number): Target | null {
	const under = document.elementFromPoint(x, y);
	if (under === null || !options.root.current?.contains(under) || visit === null) return null;
	if (under.closest('[data-tray]') !== null) return { kind: 'tray' };
	const row = under.closest<HTMLElement>('[data-lane]');
	const lane = options.data.vehicles.find(({ vehicle }) => vehicle === row?.dataset['lane']);
	if (lane === undefined) return null;
	const start = timeUnder(options, x) - grab;
	return placeAt(lane, visit, Math.max(options.axis.from, start));
}

/** Scrolls the pane under the pointer when it is near its end; true when it did. */
function scrollAtEdge(root: HTMLElement | null, x: number, y: number): boolean {
	const pane = root?.querySelector('.tl-vans');
	if (pane == null) return false;
	const { left, right, top, bottom } = pane.getBoundingClientRect();
	if (x < left || x > right || y < top || y > bottom) return false;
	const by = y < top + edge ? -8 : y > bottom - edge ? 8 : 0;
	const before = pane.scrollTop;
	pane.scrollTop += by;
	return pane.scrollTop !== before;
}
