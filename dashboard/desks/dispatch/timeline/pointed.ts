/** What lies under a pointer or has the focus. */
import type { TimelineSelection } from './props.ts';

export function visitOf(target: EventTarget): number | null {
	const found = target instanceof Element ? target.closest<HTMLElement>('[data-visit]')?.dataset['visit'] : undefined;
	return found === undefined ? null : Number(found);
}

export function selectionOf(target: EventTarget): TimelineSelection | null {
	const visit = visitOf(target);
	if (visit !== null) return { kind: 'visit', visit };
	const label = target instanceof Element ? target.closest<HTMLElement>('[data-vehicle], [data-doctor]') : null;
	if (label?.dataset['vehicle'] !== undefined) return { kind: 'vehicle', vehicle: label.dataset['vehicle'] };
	if (label?.dataset['doctor'] !== undefined) return { kind: 'doctor', doctor: Number(label.dataset['doctor']) };
	return null;
}

export const isCell = (target: EventTarget): target is HTMLElement =>
	target instanceof HTMLElement && target.dataset['cell'] !== undefined;
