import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { clamped, zoomed, type View } from './axis.ts';

/** Of the strip with the names of the lanes, pixels; the style sheet has the same. */
export const labelWidth = 152;

export interface Viewing {
	view: View;
	zoomBy: (factor: number, x?: number) => void;
	panTo: (shift: number) => void;
	reset: () => void;
}

/**
 * Which part of the axis is seen. Wheel with ctrl (so also a pinch on a trackpad), wheel over the axis, and two fingers zoom;
 * a wheel to the side pans; a wheel down scrolls the lanes, as everywhere.
 */
export function useView(body: RefObject<HTMLElement | null>): Viewing {
	const [view, setView] = useState<View>({ zoom: 1, shift: 0, width: 0 });
	const current = useRef(view);
	current.current = view;

	useEffect(() => {
		const element = body.current;
		if (element === null) return;
		const observer = new ResizeObserver(() => {
			const width = Math.max(0, element.clientWidth - labelWidth);
			setView((v) => clamped({ ...v, width, shift: v.width > 0 ? (v.shift * width) / v.width : 0 }));
		});
		observer.observe(element);
		return () => observer.disconnect();
	}, [body]);

	const zoomBy = useCallback((factor: number, x?: number) => setView((v) => zoomed(v, factor, x ?? v.width / 2)), []);
	const panTo = useCallback((shift: number) => setView((v) => clamped({ ...v, shift })), []);
	const reset = useCallback(() => setView((v) => ({ ...v, zoom: 1, shift: 0 })), []);

	useEffect(() => {
		const element = body.current;
		if (element === null) return;
		const xIn = (clientX: number) => clientX - element.getBoundingClientRect().left - labelWidth;
		const wheel = (event: WheelEvent) => {
			const overAxis = event.target instanceof Element && event.target.closest('.tl-axis') !== null;
			const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
			if (event.ctrlKey || event.metaKey || overAxis) {
				event.preventDefault();
				zoomBy(Math.exp(-event.deltaY / 300), xIn(event.clientX));
			} else if (Math.abs(sideways) > 0 && current.current.zoom > 1) {
				event.preventDefault();
				panTo(current.current.shift + sideways);
			}
		};
		element.addEventListener('wheel', wheel, { passive: false });
		const endPinch = pinch(element, (factor, clientX) => zoomBy(factor, xIn(clientX)));
		return () => {
			element.removeEventListener('wheel', wheel);
			endPinch();
		};
	}, [body, zoomBy, panTo]);
	return { view, zoomBy, panTo, reset };
}

/** Two fingers: how far apart they are against before, and where their middle is. */
function pinch(element: HTMLElement, onPinch: (factor: number, clientX: number) => void): () => void {
	let apart = 0;
	const move = (event: TouchEvent) => {
		const [one, two] = [event.touches[0], event.touches[1]];
		if (one === undefined || two === undefined) {
			apart = 0;
			return;
		}
		event.preventDefault();
		const now = Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
		if (apart > 0 && now > 0) onPinch(now / apart, (one.clientX + two.clientX) / 2);
		apart = now;
	};
	const end = () => (apart = 0);
	element.addEventListener('touchmove', move, { passive: false });
	element.addEventListener('touchend', end);
	return () => {
		element.removeEventListener('touchmove', move);
		element.removeEventListener('touchend', end);
	};
}

/**
 * Moves what lies in the tracks. By hand on these few elements: a custom property would have the style of all below it reckoned
 * anew at each step. After every drawing, for rows come and go.
 */
export function useTrackStyle(root: RefObject<HTMLElement | null>, { zoom, shift }: View): void {
	useLayoutEffect(() => {
		const width = `${Number((zoom * 100).toFixed(2))}%`;
		const transform = `translateX(${Number((-shift).toFixed(1))}px)`;
		for (const inner of root.current?.querySelectorAll<HTMLElement>('.tl-inner') ?? []) {
			if (inner.style.width !== width) inner.style.width = width;
			if (inner.style.transform !== transform) inner.style.transform = transform;
		}
	});
}
