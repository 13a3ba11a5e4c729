import { useEffect, type KeyboardEvent, type RefObject } from 'react';
import { aimKeys, placeOf, stepped, type Aim } from './aim.ts';
import { cellIds } from './cells.ts';
import { isCell, selectionOf, visitOf } from './pointed.ts';
import type { TimelineEditing, TimelineProps } from './props.ts';

interface Options {
	root: RefObject<HTMLElement | null>;
	props: Pick<TimelineProps, 'data' | 'selection' | 'onSelect' | 'editing'>;
	zoomBy: (factor: number) => void;
	reset: () => void;
	walk: (key: string) => boolean;
	settle: (id: string) => void;
}

const zoomStep = 1.5;

/** Arrows walk, Enter selects, m takes a visit into the hand; then arrows carry it, Enter lets go, Escape puts it back. */
export function useKeys({ root, props, zoomBy, reset, walk, settle }: Options): (event: KeyboardEvent) => void {
	const { editing } = props;
	const aim = editing?.aim ?? null;
	const carrying = aim?.by === 'keyboard';
	useEffect(() => {
		if (carrying) root.current?.focus({ preventScroll: true });
	}, [carrying, root]);

	/** True when the key was for what is carried. */
	const carry = (held: Aim, { onAim, onDrop, onCancel }: TimelineEditing, key: string, shift: boolean): boolean => {
		if ((aimKeys as readonly string[]).includes(key)) {
			onAim({ ...held, target: stepped(props.data, held, key, shift) });
			return true;
		}
		if (key !== 'Enter' && key !== 'Escape') return false;
		if (key === 'Enter') onDrop(held.visit, held.target);
		else onCancel();
		settle(cellIds.visit(held.visit));
		return true;
	};

	/** True when the key did something. */
	const press = ({ key, target }: KeyboardEvent): boolean => {
		const { data, selection, onSelect } = props;
		if (key === '+' || key === ';') zoomBy(zoomStep);
		else if (key === '-') zoomBy(1 / zoomStep);
		else if (key === '0') reset();
		else if (key === 'Escape' && selection !== null) onSelect(null);
		else if (key === 'm' && editing !== undefined) {
			const visit = visitOf(target) ?? (selection?.kind === 'visit' ? selection.visit : null);
			if (visit === null) return false;
			onSelect({ kind: 'visit', visit });
			editing.onAim({ visit, by: 'keyboard', target: placeOf(data, visit) });
		} else if (!isCell(target)) return false;
		else if (key === 'Enter' || key === ' ') onSelect(selectionOf(target));
		else return walk(key);
		return true;
	};

	return (event) => {
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		const handled = carrying && editing !== undefined ? carry(aim, editing, event.key, event.shiftKey) : press(event);
		if (handled) event.preventDefault();
	};
}
