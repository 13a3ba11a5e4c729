/** One picture of the day for all pages of the desk: plan, ETAs, alerts, and the names behind their numbers. */
import { createContext, use, useCallback, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { dayApi } from '../../../shared/api/day.ts';
import { useLiveMessages, useServiceNow, useSubscription } from '../../../shared/live/live-context.tsx';
import { zonedOf } from '../../../shared/records/dates.ts';
import { DayStore, type DayState } from './day-store.ts';
import { Directory, type DirectoryState } from './directory.ts';
import { clearIncidents, incidentsBetween, noteIncident } from './incidents.ts';

interface Day {
	day: DayStore;
	directory: Directory;
	/** Fetches everything anew. */
	reload: () => void;
}

const Context = createContext<Day | null>(null);
/** How often it is looked whether another day has begun, ms. */
const midnightEvery = 5000;

export function DayProvider({ children }: { children: ReactNode }) {
	const { day, directory } = useMemo(() => ({ day: new DayStore(), directory: new Directory() }), []);
	const reload = useCallback(() => {
		const load = async () => {
			const turn = day.beginLoad();
			try {
				const board = await dayApi.board();
				// The board has what is open; what is over is kept for the record, and may be had without.
				const all = await dayApi.alerts(board.date).catch(() => []);
				day.loaded(turn, { ...board, alerts: [...all, ...board.alerts] });
				await directory.load(board.date);
			} catch {
				day.failed(turn);
			}
		};
		void load();
	}, [day, directory]);

	useSubscription([{ vehicles: '*', kinds: ['plan', 'day', 'record'] }], reload);
	useLiveMessages(['plan', 'progress', 'estimate', 'alert', 'publication', 'records'], (message) => {
		if (message.type === 'plan') {
			clearIncidents();
			reload();
		} else if (message.type === 'records') {
			const before = directory.snapshot();
			void directory.changed(message.changes, message.more).then((visits) => {
				for (const { id, state } of visits) day.visitIs(id, state);
				if (day.snapshot().plan === null) return;
				for (const incident of incidentsBetween(before, directory.snapshot())) noteIncident(incident);
			});
		} else day.take(message);
	});

	const now = useServiceNow(midnightEvery);
	const { date } = useSyncExternalStore(day.subscribe, day.snapshot);
	const over = now !== null && date !== null && zonedOf(now).day > date;
	useEffect(() => {
		if (over) reload();
	}, [over, reload]);

	const value = useMemo(() => ({ day, directory, reload }), [day, directory, reload]);
	return <Context value={value}>{children}</Context>;
}

function useContextOfDay(): Day {
	const found = use(Context);
	if (found === null) throw new Error('outside of DayProvider');
	return found;
}

/** How today stands. */
export function useDay(): DayState {
	const { day } = useContextOfDay();
	return useSyncExternalStore(day.subscribe, day.snapshot);
}

/** Names and records behind the numbers of the day. */
export function useDirectory(): DirectoryState {
	const { directory } = useContextOfDay();
	return useSyncExternalStore(directory.subscribe, directory.snapshot);
}

/** What changes them by hand. */
export function useDayActions(): { directory: Directory; day: DayStore; reload: () => void } {
	return useContextOfDay();
}
