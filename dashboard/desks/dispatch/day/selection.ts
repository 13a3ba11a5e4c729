/**
 * What is selected: one thing for map, lists, timeline and inspector alike. It stands in the address (`?sel=visit.123`), so that a
 * reload and a link keep it; other pages of the desk may link to it.
 */
import { useMemo } from 'react';
import { setQueryPart, useQueryPart } from '../../../app/router.tsx';

export type Selection =
	| { kind: 'van'; id: string }
	| { kind: 'visit'; id: number }
	/** Place in the stops of a van's route. */
	| { kind: 'stop'; vehicle: string; stop: number }
	| { kind: 'doctor'; id: number }
	| { kind: 'closure'; id: number }
	| { kind: 'alert'; id: string };

const name = 'sel';
const number = /^\d{1,10}$/;
const vehicle = /^[\w-]{1,64}$/;

/** `van.van-1`, `visit.123`, `stop.van-1.3`, `doctor.5`, `closure.2`, `alert.3f0c…`. */
export const selectionText = (selection: Selection): string =>
	selection.kind === 'stop' ? `stop.${selection.vehicle}.${selection.stop}` : `${selection.kind}.${selection.id}`;

/** Null for anything that is not of this form. */
export function parseSelection(text: string | null): Selection | null {
	const [kind, id = '', place = '', ...rest] = (text ?? '').split('.');
	if (rest.length > 0 || (kind !== 'stop' && place !== '')) return null;
	switch (kind) {
		case 'van':
		case 'alert':
			return vehicle.test(id) ? { kind, id } : null;
		case 'visit':
		case 'doctor':
		case 'closure':
			return number.test(id) ? { kind, id: Number(id) } : null;
		case 'stop':
			return vehicle.test(id) && number.test(place) ? { kind, vehicle: id, stop: Number(place) } : null;
		default:
			return null;
	}
}

/** Address of the day with something selected. */
export const addressOf = (selection: Selection): string => `/dispatch?${name}=${encodeURIComponent(selectionText(selection))}`;

/** Selects it everywhere on the page that is shown; null selects nothing. */
export const select = (selection: Selection | null): void =>
	setQueryPart(name, selection === null ? null : selectionText(selection));

export function useSelection(): Selection | null {
	const text = useQueryPart(name);
	return useMemo(() => parseSelection(text), [text]);
}
