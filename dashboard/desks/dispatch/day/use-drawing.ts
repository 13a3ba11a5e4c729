/** A polygon drawn on the map, corner by corner. */
import { useCallback, useEffect, useState } from 'react';
import type { Drawing } from '../../../shared/map/closure-layers.ts';
import { isTyping } from '../frame/shortcuts.ts';

type Corner = readonly [number, number];

export const emptyDrawing: Drawing = { corners: [], closed: false };
/** As many corners as the server takes. */
const mostCorners = 200;

/** Six places after the point are a tenth of a metre. */
const rounded = ([lon, lat]: Corner): Corner => [Number(lon.toFixed(6)), Number(lat.toFixed(6))];
const same = (a: Corner | undefined, b: Corner | undefined): boolean =>
	a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];

export function withCorner(drawing: Drawing, at: Corner): Drawing {
	const corner = rounded(at);
	// The two clicks of a double click set one corner.
	if (drawing.closed || drawing.corners.length >= mostCorners || same(drawing.corners.at(-1), corner)) return drawing;
	return { ...drawing, corners: [...drawing.corners, corner] };
}

/** Three corners make a ring; with fewer it stays open. */
export const withRing = (drawing: Drawing): Drawing => (drawing.corners.length < 3 ? drawing : { ...drawing, closed: true });

/** Takes the last step back: opens the ring, or takes out the last corner. */
export const withoutLast = (drawing: Drawing): Drawing =>
	drawing.closed ? { ...drawing, closed: false } : { ...drawing, corners: drawing.corners.slice(0, -1) };

/** @param active Enter closes the ring, Backspace takes the last corner back, Escape cancels; not while somebody types */
export function useDrawing(active: boolean, onCancel: () => void) {
	const [drawing, setDrawing] = useState(emptyDrawing);
	const corner = useCallback((at: Corner) => setDrawing((before) => withCorner(before, at)), []);
	const ring = useCallback(() => setDrawing(withRing), []);
	const back = useCallback(() => setDrawing(withoutLast), []);
	const clear = useCallback(() => setDrawing(emptyDrawing), []);
	useEffect(() => {
		if (!active) return clear();
		const onKey = (event: KeyboardEvent) => {
			if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
			if (document.querySelector('dialog[open]') !== null) return;
			if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) ring();
			else if (event.key === 'Backspace') back();
			else if (event.key === 'Escape') onCancel();
			else return;
			event.preventDefault();
			event.stopPropagation();
		};
		window.addEventListener('keydown', onKey, true);
		return () => window.removeEventListener('keydown', onKey, true);
	}, [active, ring, back, clear, onCancel]);
	return { drawing, corner, ring, back, clear };
}
