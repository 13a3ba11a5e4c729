/** Time across: which part of the day is seen, where its hours stand. Pure. */

/** `zoom` 1 shows the whole axis in `width` pixels; `shift` is how far its beginning lies left of the window, pixels. */
export interface View {
	zoom: number;
	shift: number;
	width: number;
}

export interface Axis {
	from: number;
	to: number;
}

export const mostZoom = 16;

const minute = 60_000;

export const pixelsPerMs = ({ from, to }: Axis, { zoom, width }: View): number => (width * zoom) / (to - from);

/** Pixels from the left end of the window. */
export const xOf = (ms: number, axis: Axis, view: View): number => (ms - axis.from) * pixelsPerMs(axis, view) - view.shift;

export const timeAt = (x: number, axis: Axis, view: View): number => axis.from + (x + view.shift) / pixelsPerMs(axis, view);

/** Per cent of the whole axis, for a style. */
export const percent = (ms: number, { from, to }: Axis): string => `${(((ms - from) / (to - from)) * 100).toFixed(4)}%`;

/** Nothing is seen before the axis or after it. */
export function clamped(view: View): View {
	const zoom = Math.min(mostZoom, Math.max(1, view.zoom));
	return { ...view, zoom, shift: Math.min(Math.max(0, view.shift), view.width * (zoom - 1)) };
}

/** Nearer or farther; what is under `x` stays there. */
export function zoomed(view: View, factor: number, x: number): View {
	const zoom = Math.min(mostZoom, Math.max(1, view.zoom * factor));
	return clamped({ ...view, zoom, shift: ((view.shift + x) * zoom) / view.zoom - x });
}

const steps = [5, 10, 15, 30, 60, 120, 180];

/** Times at which a line stands, at least `apart` pixels from each other; `strong` on whole hours. */
export function ticks(axis: Axis, view: View, apart = 44): { at: number; strong: boolean }[] {
	const scale = pixelsPerMs(axis, view);
	const step = (steps.find((minutes) => minutes * minute * scale >= apart) ?? steps.at(-1)!) * minute;
	const list = [];
	for (let at = Math.ceil(axis.from / step) * step; at <= axis.to; at += step) list.push({ at, strong: at % (60 * minute) === 0 });
	return list;
}

/** To whole five minutes, as appointments are made. */
export const snapped = (ms: number): number => Math.round(ms / (5 * minute)) * 5 * minute;
