/** What does not go together in a period, as the server finds it; asked again after each change of a record. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { registryApi, type Conflict } from '../../../shared/api/registry.ts';
import { useLiveMessages, useSubscription } from '../../../shared/live/live-context.tsx';

export type Severity = Conflict['severity'];

export interface Conflicts {
	phase: 'loading' | 'ready' | 'failed';
	items: readonly Conflict[];
	/** The gravest one about a record on a day. */
	of: (kind: Conflict['about'][number]['kind'], id: number, day: string) => Severity | null;
	reload: () => void;
}

/** Several records are often changed in one go. */
const settle = 200;

export function useConflicts(from: string, until: string, surge: boolean): Conflicts {
	const [state, setState] = useState<{ phase: Conflicts['phase']; items: readonly Conflict[] }>({ phase: 'loading', items: [] });
	const newest = useRef(0);
	const reload = useCallback(() => {
		const mine = ++newest.current;
		registryApi.conflicts(from, until, surge).then(
			(items) => mine === newest.current && setState({ phase: 'ready', items }),
			() => mine === newest.current && setState({ phase: 'failed', items: [] }),
		);
	}, [from, until, surge]);
	useEffect(reload, [reload]);
	const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
	const soon = useCallback(() => {
		clearTimeout(timer.current);
		timer.current = setTimeout(reload, settle);
	}, [reload]);
	useEffect(() => () => clearTimeout(timer.current), []);
	useSubscription([{ vehicles: [], kinds: ['record', 'plan'] }], soon);
	useLiveMessages(['records', 'plan'], soon);
	const index = useMemo(() => {
		const found = new Map<string, Severity>();
		for (const { about, date, severity } of state.items) {
			for (const { kind, id } of about) {
				const key = `${kind} ${id} ${date ?? ''}`;
				if (severity === 'error' || !found.has(key)) found.set(key, severity);
			}
		}
		return found;
	}, [state.items]);
	const of = useCallback<Conflicts['of']>(
		(kind, id, day) => index.get(`${kind} ${id} ${day}`) ?? index.get(`${kind} ${id} `) ?? null,
		[index],
	);
	return useMemo(() => ({ ...state, of, reload }), [state, of, reload]);
}
