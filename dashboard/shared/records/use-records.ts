/** Records on the screen: always as the server has them, whoever changed them. */
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { KeptKind } from '@junkai/contracts';
import { registryApi, type RecordQuery, type Stored } from '../api/registry.ts';
import type { LiveClient } from '../live/live-client.ts';
import { useLive, useServiceNow, useSubscription } from '../live/live-context.tsx';
import { zonedOf } from './dates.ts';
import { RecordStores, type RecordList } from './record-store.ts';

/** By session: nothing that one user saw is left for the next. */
const sessions = new WeakMap<LiveClient, RecordStores>();

function storesOf(client: LiveClient): RecordStores {
	let stores = sessions.get(client);
	if (stores === undefined) {
		const made = new RecordStores((kind) => ({
			list: (asked) => registryApi.list(kind, asked),
			get: (id) => registryApi.get(kind, id),
		}));
		client.listen({ message: (message) => (message.type === 'records' ? made.take(message) : undefined) });
		sessions.set(client, made);
		stores = made;
	}
	return stores;
}

const hearsRecords: Parameters<typeof useSubscription>[0] = [{ vehicles: [], kinds: ['record'] }];
const noRecords = { phase: 'loading', items: [], byId: new Map<number, never>(), stale: false } as const;

/**
 * Records of a kind that fit a query, kept up by the live channel. Several callers with the same query share one list.
 * @param asked as the operation's query; null asks for nothing yet
 */
export function useRecords<K extends KeptKind>(
	kind: K,
	asked: RecordQuery | null = {},
): RecordList<Stored<K>> & { reload: () => void } {
	const { client } = useLive();
	const text = JSON.stringify(asked);
	const store = useMemo(
		() => (text === 'null' ? null : storesOf(client).of(kind, JSON.parse(text) as RecordQuery)),
		[client, kind, text],
	);
	const subscribe = useCallback((watcher: () => void) => store?.subscribe(watcher) ?? (() => undefined), [store]);
	const list = useSyncExternalStore(subscribe, () => store?.snapshot() ?? (noRecords as RecordList<Stored<K>>));
	const reload = useCallback(() => void store?.reload(), [store]);
	// Fetched once the server has promised to tell of changes, and again after each break, so that none falls between.
	const confirmed = useRef(false);
	const ensured = useRef<unknown>(null);
	const begin = () => {
		if (ensured.current === store) reload();
		else void store?.ensure();
		ensured.current = store;
	};
	useSubscription(hearsRecords, () => {
		confirmed.current = true;
		begin();
	});
	useEffect(() => {
		if (!confirmed.current || ensured.current === store) return;
		ensured.current = store;
		void store?.ensure();
	}, [store]);
	return useMemo(() => ({ ...list, reload }), [list, reload]);
}

/** What this session has changed itself, told to every list at once. */
export function useRecordChanges() {
	const { client } = useLive();
	return useMemo(() => {
		const stores = storesOf(client);
		return {
			saved: <K extends KeptKind>(kind: K, record: Stored<K>) => stores.saved(kind, record),
			dropped: (kind: KeptKind, id: number) => stores.dropped(kind, id),
		};
	}, [client]);
}

/** Today by the service's clock; null until the server has greeted. */
export function useToday(): string | null {
	const now = useServiceNow(5000);
	return now === null ? null : zonedOf(now).day;
}
