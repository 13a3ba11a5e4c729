/** Isolation as it is now or would be at a rainfall; asked anew when closures change, and as time goes by. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Isolation } from '@junkai/contracts';
import { coverageApi, type Rain } from '../../../shared/api/coverage.ts';
import { ApiError } from '../../../shared/api/rest.ts';
import { useLiveMessages, useSubscription } from '../../../shared/live/live-context.tsx';
import type { ClosedStretch } from './area-map.tsx';

/** A slider that is being moved settles for so long before the server is asked, ms. */
const SETTLE_MS = 250;
/** Closures begin and end by themselves, and vans move on, ms. */
const AGAIN_MS = 30_000;

export interface IsolationView {
	found: Isolation | null;
	closed: readonly ClosedStretch[];
	/** What is shown is not yet of what is asked for. */
	working: boolean;
	/** Why it could not be had; what was found before is not shown then. */
	trouble: string | null;
	retry: () => void;
}

const nothing: readonly ClosedStretch[] = [];

export function useIsolation(rain: Rain): IsolationView {
	const [state, setState] = useState<Omit<IsolationView, 'retry'>>({ found: null, closed: nothing, working: true, trouble: null });
	const asked = useRef(0);
	const key = JSON.stringify(rain);
	const load = useCallback(async () => {
		const number = ++asked.current;
		setState((before) => ({ ...before, working: true }));
		try {
			const wanted = JSON.parse(key) as Rain;
			const [found, roads] = await Promise.all([coverageApi.isolation(wanted), coverageApi.closedRoads(wanted)]);
			if (number !== asked.current) return;
			const closed = roads.lines.map(({ coordinates, ref, name }) => ({ coordinates, label: ref ?? name }));
			setState({ found, closed, working: false, trouble: null });
		} catch (error) {
			if (number !== asked.current) return;
			const said = error instanceof ApiError ? (error.problem?.detail ?? '') : '';
			// A picture of before would pass for one of now.
			setState({ found: null, closed: nothing, working: false, trouble: said });
		}
	}, [key]);
	useEffect(() => {
		setState((before) => ({ ...before, working: true }));
		const settling = setTimeout(() => void load(), SETTLE_MS);
		const again = setInterval(() => void load(), AGAIN_MS);
		return () => {
			clearTimeout(settling);
			clearInterval(again);
		};
	}, [load]);
	useSubscription([{ vehicles: [], kinds: ['record'] }], () => void load());
	useLiveMessages(['records'], ({ changes, more }) => {
		if (more || changes.some(({ kind }) => kind === 'closure' || kind === 'patient' || kind === 'fleet-vehicle')) void load();
	});
	return { ...state, retry: () => void load() };
}
