/** One live channel and one fleet for everything below. */
import {
	createContext,
	use,
	useEffect,
	useLayoutEffect,
	useMemo,
	useRef,
	useState,
	useSyncExternalStore,
	type ReactNode,
} from 'react';
import type { LiveMessage, ServiceClock } from '@junkai/contracts';
import { api } from '../api/rest.ts';
import { FleetStore, type FleetState } from './fleet-store.ts';
import { createLiveClient, type LiveClient, type LiveState } from './live-client.ts';
import { serviceTime } from './service-clock.ts';
import type { Subscriptions } from './wants.ts';

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

interface Watched {
	subscribeState: (watcher: () => void) => () => void;
	lost: () => Lost;
	subscribeService: (watcher: () => void) => () => void;
	service: () => ServiceClock | null;
}

function open(): Live & Watched {
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
	let service: ServiceClock | null = null;
	const serviceWatchers = new Set<() => void>();
	client.listen({
		message(message) {
			if (message.type === 'hello' || message.type === 'clock') {
				service = message.clock;
				for (const watcher of serviceWatchers) watcher();
			} else fleet.take(message);
		},
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
		subscribeService(watcher) {
			serviceWatchers.add(watcher);
			return () => serviceWatchers.delete(watcher);
		},
		service: () => service,
	};
}

type Opened = Live & Watched;

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

/**
 * Subscribes for as long as the caller is on the screen, beside all that others want.
 * @param confirmed called each time that the server holds it, after a reconnection too: fetch then, and nothing is missed between
 */
export function useSubscription(subscriptions: Subscriptions, confirmed?: () => void): void {
	const { client } = useLive();
	const text = JSON.stringify(subscriptions);
	const wanted = useMemo(() => JSON.parse(text) as Subscriptions, [text]);
	const newest = useNewest(confirmed);
	useEffect(() => client.want(wanted, () => newest.current?.()), [client, wanted, newest]);
}

/** Hands each message of these types to the caller for as long as it is on the screen; it must also be subscribed. */
export function useLiveMessages<T extends LiveMessage['type']>(
	types: readonly T[],
	take: (message: Extract<LiveMessage, { type: T }>) => void,
): void {
	const { client } = useLive();
	const newest = useNewest({ types, take });
	useEffect(
		() =>
			client.listen({
				message(message) {
					const { types: wanted, take: to } = newest.current;
					if ((wanted as readonly string[]).includes(message.type)) to(message as Extract<LiveMessage, { type: T }>);
				},
			}),
		[client, newest],
	);
}

/** A ref that always holds what was given last: a listener that lives long calls what is on the screen now. */
function useNewest<T>(value: T): { readonly current: T } {
	const ref = useRef(value);
	useLayoutEffect(() => {
		ref.current = value;
	});
	return ref;
}

/** How the service's clock goes, from the server's greeting; `null` before it. */
export function useServiceClock(): ServiceClock | null {
	const live = useLive() as Opened;
	return useSyncExternalStore(live.subscribeService, live.service);
}

/**
 * Service time, renewed each `every` ms of the wall clock: by it plans, ETAs, alerts and visits are reckoned. `null` until the
 * server has greeted. What vans and devices sent has wall-clock times; those are compared with {@link useServerNow}.
 */
export function useServiceNow(every = 1000): number | null {
	const facts = useServiceClock();
	const now = useServerNow(every);
	return facts === null ? null : serviceTime(facts, now);
}
