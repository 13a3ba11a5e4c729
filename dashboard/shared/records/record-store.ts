/**
 * Records of one kind as this browser knows them: fetched once, renewed by what the live channel names, and never older than what
 * this browser itself has saved.
 */
import type { KeptKind, LiveMessage } from '@junkai/contracts';
import { ApiError } from '../api/rest.ts';
import type { RecordQuery, Stored } from '../api/registry.ts';

export interface RecordList<T> {
	/** `failed`: there is nothing to show. Once `ready`, a later failure keeps what was there and says so in `stale`. */
	phase: 'loading' | 'ready' | 'failed';
	/** By number. */
	items: readonly T[];
	byId: ReadonlyMap<number, T>;
	stale: boolean;
}

interface Versioned {
	id: number;
	version: number;
}

export interface RecordSource<T> {
	list(asked: RecordQuery): Promise<T[]>;
	get(id: number): Promise<T>;
}

type Change = Extract<LiveMessage, { type: 'records' }>;

/** So many changed records are fetched one by one; for more of them the list comes anew. */
const fewChanges = 12;
/** A list that is narrowed by a query waits so long for further changes before it is fetched anew, ms. */
const settle = 120;

const empty: RecordList<never> = { phase: 'loading', items: [], byId: new Map<number, never>(), stale: false };

export class RecordStore<T extends Versioned> {
	private readonly kind: KeptKind;
	private readonly asked: RecordQuery;
	private readonly source: RecordSource<T>;
	private readonly watchers = new Set<() => void>();
	private state: RecordList<T> = empty;
	/** Counts the fetches: only the newest answer is taken. */
	private fetches = 0;
	/** Changes that were told or made while a list was on its way; its answer may not know of them. */
	private readonly meanwhile = new Map<number, T | null>();
	private fetching = false;
	private again = false;
	/** Changes may have been missed while nobody looked. */
	private lapsed = true;
	private timer: ReturnType<typeof setTimeout> | undefined;

	constructor(kind: KeptKind, asked: RecordQuery, source: RecordSource<T>) {
		this.kind = kind;
		this.asked = asked;
		this.source = source;
	}

	readonly snapshot = (): RecordList<T> => this.state;
	readonly subscribe = (watcher: () => void): (() => void) => {
		this.watchers.add(watcher);
		return () => {
			this.watchers.delete(watcher);
			if (this.watchers.size === 0) this.lapsed = true;
		};
	};

	/** Whether anybody shows it. */
	get watched(): boolean {
		return this.watchers.size > 0;
	}

	/** Fetches the list unless it is there already and was kept up since. */
	async ensure(): Promise<void> {
		if (this.lapsed || this.state.phase === 'failed') await this.reload();
	}

	/** Fetches the whole list. One at a time; a wish that comes meanwhile is done after it. */
	async reload(): Promise<void> {
		clearTimeout(this.timer);
		if (this.fetching) {
			this.again = true;
			return;
		}
		this.fetching = true;
		this.again = false;
		this.lapsed = false;
		this.meanwhile.clear();
		const mine = ++this.fetches;
		try {
			const found = await this.source.list(this.asked);
			if (mine !== this.fetches) return;
			const byId = new Map(found.map((record) => [record.id, record]));
			for (const [id, record] of this.meanwhile) {
				if (record === null) byId.delete(id);
				else if (byId.has(id) || this.whole) byId.set(id, newer(byId.get(id), record));
			}
			this.put('ready', byId, false);
		} catch {
			if (this.state.phase === 'ready') this.tell({ ...this.state, stale: true });
			else this.tell({ ...empty, phase: 'failed' });
		} finally {
			this.fetching = false;
			if (this.again) void this.reload();
		}
	}

	/** Takes a message of the live channel. */
	take(message: Change): void {
		const changes = message.changes.filter(({ kind }) => kind === this.kind);
		if (message.more) return void this.reload();
		const news = changes.filter(({ id, version }) => {
			const held = this.state.byId.get(id);
			return version === null ? held !== undefined : held === undefined || held.version < version;
		});
		for (const { id } of news.filter(({ version }) => version === null)) this.drop(id);
		const changed = news.filter(({ version }) => version !== null);
		if (changed.length === 0) return;
		if (this.whole && changed.length <= fewChanges) for (const { id } of changed) void this.fetchOne(id);
		else this.soon();
	}

	/** A record that this browser has just saved. */
	saved(record: T): void {
		this.meanwhile.set(record.id, record);
		if (this.state.phase !== 'ready') return;
		if (this.whole || this.state.byId.has(record.id)) {
			const byId = new Map(this.state.byId);
			byId.set(record.id, newer(byId.get(record.id), record));
			this.put('ready', byId, this.state.stale);
		}
		if (!this.whole) this.soon();
	}

	drop(id: number): void {
		this.meanwhile.set(id, null);
		if (!this.state.byId.has(id)) return;
		const byId = new Map(this.state.byId);
		byId.delete(id);
		this.put('ready', byId, this.state.stale);
	}

	/** Every record of the kind is in it: a changed one belongs to it for certain. */
	private get whole(): boolean {
		return Object.entries(this.asked).every(([key, value]) => key === 'limit' || value === undefined);
	}

	private soon(): void {
		clearTimeout(this.timer);
		this.timer = setTimeout(() => void this.reload(), settle);
	}

	private async fetchOne(id: number): Promise<void> {
		try {
			this.saved(await this.source.get(id));
		} catch (error) {
			if (error instanceof ApiError && error.status === 404) this.drop(id);
			else this.tell({ ...this.state, stale: true });
		}
	}

	private put(phase: 'ready', byId: Map<number, T>, stale: boolean): void {
		const items = [...byId.values()].toSorted((a, b) => a.id - b.id);
		this.tell({ phase, byId, items, stale });
	}

	private tell(state: RecordList<T>): void {
		this.state = state;
		for (const watcher of this.watchers) watcher();
	}
}

const newer = <T extends Versioned>(held: T | undefined, come: T): T =>
	held === undefined || come.version >= held.version ? come : held;

/** Every list that a session has asked for, by what was asked. */
export class RecordStores {
	private readonly stores = new Map<string, { kind: KeptKind; store: RecordStore<Versioned> }>();
	private readonly sourceOf: <K extends KeptKind>(kind: K) => RecordSource<Stored<K>>;

	constructor(sourceOf: <K extends KeptKind>(kind: K) => RecordSource<Stored<K>>) {
		this.sourceOf = sourceOf;
	}

	of<K extends KeptKind>(kind: K, asked: RecordQuery): RecordStore<Stored<K>> {
		const key = `${kind} ${JSON.stringify(asked)}`;
		let found = this.stores.get(key);
		if (found === undefined) {
			this.forgetIdle();
			const store = new RecordStore(kind, asked, this.sourceOf(kind));
			found = { kind, store: store as unknown as RecordStore<Versioned> };
			this.stores.set(key, found);
		}
		return found.store as unknown as RecordStore<Stored<K>>;
	}

	take(message: Change): void {
		for (const { store } of this.stores.values()) if (store.watched) store.take(message);
	}

	saved<K extends KeptKind>(kind: K, record: Stored<K>): void {
		for (const one of this.stores.values()) if (one.kind === kind) one.store.saved(record);
	}

	dropped(kind: KeptKind, id: number): void {
		for (const one of this.stores.values()) if (one.kind === kind) one.store.drop(id);
	}

	/** A day's walk through the calendar must not pile up lists without end. */
	private forgetIdle(): void {
		if (this.stores.size < 24) return;
		for (const [key, { store }] of this.stores) if (!store.watched) this.stores.delete(key);
	}
}
