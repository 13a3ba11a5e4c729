/** One live channel and one fleet for everything below. */
import { createContext, use, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { api } from '../api/rest.ts';
import { FleetStore, type FleetState } from './fleet-store.ts';
import { createLiveClient, type LiveClient, type LiveState } from './live-client.ts';

export interface Live {
	client: LiveClient;
	fleet: FleetStore;
	/** Fetches the list of vans anew. */
	reload: () => void;
}

export interface Lost extends LiveState {
	/** When the channel was last good, by the browser's clock. */
	lostAt: number;
}

const Context = createContext<Live | null>(null);

function open(): Live & { subscribeState: (f: () => void) => () => void; lost: () => Lost } {
	const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
	const client = createLiveClient(`${scheme}://${location.host}/api/v1/live`);
	const fleet = new FleetStore(() => client.clock.now());
	const load = async () => {
		fleet.beginLoad();
		try {
			fleet.loaded(await api.vehicles());
		} catch {
			fleet.failed();
		}
	};
	let lost: Lost = { ...client.state(), lostAt: Date.now() };
	const watchers = new Set<() => void>();
	client.listen({
		message: (message) => fleet.take(message),
		ready: () => void load(),
		state(state) {
			const lostAt =
				state.phase === 'stale' || (lost.phase === 'live' && state.phase !== 'live')
					? Math.max(client.heard(), lost.lostAt)
					: lost.lostAt;
			lost = { ...state, lostAt };
			for (const watcher of watchers) watcher();
		},
	});
	return {
		client,
		fleet,
		reload: () => void load(),
		subscribeState(watcher) {
			watchers.add(watcher);
			return () => watchers.delete(watcher);
		},
		lost: () => lost,
	};
}

type Opened = ReturnType<typeof open>;

export function LiveProvider({ children, onEnded }: { children: ReactNode; onEnded: () => void }) {
	const [live, setLive] = useState<Opened | null>(null);
	useEffect(() => {
		const opened = open();
		setLive(opened);
		const retry = () => {
			if (document.visibilityState === 'visible') opened.client.retryNow();
		};
		window.addEventListener('online', retry);
		document.addEventListener('visibilitychange', retry);
		return () => {
			window.removeEventListener('online', retry);
			document.removeEventListener('visibilitychange', retry);
			opened.client.close();
		};
	}, []);
	useEffect(
		() => live?.client.listen({ refused: onEnded, state: (s) => (s.phase === 'signed-out' ? onEnded() : undefined) }),
		[live, onEnded],
	);
	return live === null ? null : <Context value={live}>{children}</Context>;
}

export function useLive(): Live {
	const live = use(Context);
	if (live === null) throw new Error('useLive outside of LiveProvider');
	return live;
}

export function useLiveState(): Lost {
	const live = useLive() as Opened;
	return useSyncExternalStore(live.subscribeState, live.lost);
}

export function useFleet(): FleetState {
	const { fleet } = useLive();
	return useSyncExternalStore(fleet.subscribe, fleet.snapshot);
}

/** The server's time, renewed each `every` ms: what shows an age uses this. */
export function useServerNow(every = 1000): number {
	const { client } = useLive();
	const [now, setNow] = useState(() => client.clock.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(client.clock.now()), every);
		return () => clearInterval(timer);
	}, [client, every]);
	return now;
}

/** Subscribes for as long as the caller is on the screen. */
export function useSubscription(subscriptions: Parameters<LiveClient['subscribe']>[0]): void {
	const { client } = useLive();
	const text = JSON.stringify(subscriptions);
	const wanted = useMemo(() => JSON.parse(text) as typeof subscriptions, [text]);
	useEffect(() => {
		client.subscribe(wanted);
		return () => client.subscribe([]);
	}, [client, wanted]);
}
