/** What the map is asked to show, by whoever asks: a list, the palette, a key. The map takes the newest request once. */
import { useSyncExternalStore } from 'react';

export type Focus =
	| { kind: 'point'; lon: number; lat: number }
	| { kind: 'points'; points: readonly (readonly [number, number])[] }
	| { kind: 'all' };

const changed = new EventTarget();
let newest: Focus | null = null;

export function showOnMap(focus: Focus): void {
	newest = { ...focus };
	changed.dispatchEvent(new Event('change'));
}

function subscribe(listener: () => void): () => void {
	changed.addEventListener('change', listener);
	return () => changed.removeEventListener('change', listener);
}

/** Another object with each request. */
export const useFocus = (): Focus | null => useSyncExternalStore(subscribe, () => newest);
/** The request is done: it is not to be done again by a map that comes later. */
export function focused(focus: Focus): void {
	if (newest === focus) newest = null;
}
