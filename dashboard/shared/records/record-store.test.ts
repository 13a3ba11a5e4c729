import { expect, test } from 'vitest';
import { ApiError } from '../api/rest.ts';
import { RecordStore, type RecordSource } from './record-store.ts';
import { changedKeys, mergedDraft } from './merge.ts';

interface Thing {
	id: number;
	version: number;
	text: string;
}

/** A server of the test whose answers wait until they are let go. */
function source(things: Thing[]) {
	const kept = new Map(things.map((thing) => [thing.id, thing]));
	const waiting: (() => void)[] = [];
	const asked: string[] = [];
	const wait = <T>(what: string, read: () => T): Promise<T> => {
		asked.push(what);
		return new Promise((resolve, reject) =>
			waiting.push(() => {
				try {
					resolve(read());
				} catch (error) {
					reject(error);
				}
			}),
		);
	};
	const of: RecordSource<Thing> = {
		list: () => {
			const answer = [...kept.values()];
			return wait('list', () => answer);
		},
		get: (id) =>
			wait(`get ${id}`, () => {
				const thing = kept.get(id);
				if (thing === undefined) throw new ApiError('refused', 'gone', { status: 404 });
				return thing;
			}),
	};
	const answer = async () => {
		for (const go of waiting.splice(0)) go();
		await new Promise((resolve) => setTimeout(resolve, 0));
	};
	return { kept, of, answer, asked };
}

const change = (id: number, version: number | null, kind = 'staff' as const) => ({
	type: 'records' as const,
	changes: [{ kind, id, version }],
	by: 'x',
	more: false,
});
const thing = (id: number, version: number, text: string): Thing => ({ id, version, text });

test('fetches once, and then only what is named', async () => {
	const server = source([thing(1, 1, 'a'), thing(2, 1, 'b')]);
	const store = new RecordStore('staff', {}, server.of);
	store.subscribe(() => undefined);
	void store.ensure();
	await server.answer();
	expect(store.snapshot().items.map(({ text }) => text)).toEqual(['a', 'b']);
	server.kept.set(2, thing(2, 2, 'B'));
	store.take(change(2, 2));
	await server.answer();
	expect(store.snapshot().items.map(({ text }) => text)).toEqual(['a', 'B']);
	store.take(change(2, 2));
	store.take(change(1, null));
	expect(store.snapshot().items.map(({ text }) => text)).toEqual(['B']);
	await store.ensure();
	expect(server.asked).toEqual(['list', 'get 2']);
});

test('a list that was on its way does not bring back what was saved or taken out meanwhile', async () => {
	const server = source([thing(1, 1, 'old'), thing(2, 1, 'gone')]);
	const store = new RecordStore('staff', {}, server.of);
	void store.reload();
	store.saved(thing(1, 2, 'new'));
	store.drop(2);
	store.saved(thing(3, 1, 'added'));
	await server.answer();
	expect(store.snapshot().items).toEqual([thing(1, 2, 'new'), thing(3, 1, 'added')]);
});

test('an older answer never replaces a newer record; one that is gone is dropped', async () => {
	const server = source([thing(1, 1, 'one')]);
	const store = new RecordStore('staff', {}, server.of);
	void store.reload();
	await server.answer();
	store.take(change(1, 2));
	store.saved(thing(1, 3, 'three'));
	await server.answer();
	expect(store.snapshot().byId.get(1)?.text).toBe('three');
	server.kept.clear();
	store.take(change(1, 4));
	await server.answer();
	expect(store.snapshot().items).toEqual([]);
});

test('a failure at first says so; a later one keeps what was there and calls it old', async () => {
	let fails = true;
	const store = new RecordStore<Thing>(
		'staff',
		{},
		{
			list: () => (fails ? Promise.reject(new ApiError('offline', 'no answer')) : Promise.resolve([thing(1, 1, 'a')])),
			get: () => Promise.reject(new ApiError('offline', 'no answer')),
		},
	);
	await store.reload();
	expect(store.snapshot().phase).toBe('failed');
	fails = false;
	await store.reload();
	expect(store.snapshot()).toMatchObject({ phase: 'ready', stale: false });
	fails = true;
	await store.reload();
	expect(store.snapshot()).toMatchObject({ phase: 'ready', stale: true, items: [thing(1, 1, 'a')] });
});

test('two people: what only one touched is taken from that one, what both touched from me', () => {
	const base = { note: 'a', urgency: 'routine', hours: [['09:00', '12:00']] };
	const mine = { ...base, note: 'mine' };
	const theirs = { ...base, note: 'theirs', urgency: 'soon' };
	expect(changedKeys(base, theirs)).toEqual(['note', 'urgency']);
	expect(mergedDraft(base, mine, theirs)).toEqual({ note: 'mine', urgency: 'soon', hours: [['09:00', '12:00']] });
	expect(changedKeys(base, structuredClone(base))).toEqual([]);
});
