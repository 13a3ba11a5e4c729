/** Changes that are made together or not at all: gathered, checked, and made ready to be written. */
import type { KeptKind } from '@junkai/contracts';
import type { Calendar } from './calendar.ts';
import { faultsOf, type RegionFacts } from './facts.ts';
import { gently } from './gentle.ts';
import { bodyOf, kinds, type BodyOf, type RecordOf } from './kinds.ts';
import type { Reader } from './reader.ts';
import { RecordsError } from './records-error.ts';
import { inWords, referencesOf, referrersOf, vehiclesOf, type VehicleReference } from './references.ts';
import { tables } from './tables.ts';
import type { Write } from './writer.ts';

type ChangeOf<K extends KeptKind> =
	/** `id` is one that was reserved, so that other changes of the batch can name it; a new number when absent. */
	| { readonly kind: K; readonly op: 'create'; readonly body: BodyOf<K>; readonly id?: number }
	| { readonly kind: K; readonly op: 'update'; readonly id: number; readonly version: number; readonly body: BodyOf<K> }
	| { readonly kind: K; readonly op: 'delete'; readonly id: number; readonly version: number };
export type Change = { [K in KeptKind]: ChangeOf<K> }[KeptKind];

/** A record as it is after a commit; null when it was taken out. */
export type Committed = {
	[K in KeptKind]: { readonly kind: K; readonly id: number; readonly record: RecordOf<K> | null };
}[KeptKind];

interface Entry<K extends KeptKind = KeptKind> {
	readonly kind: K;
	readonly id: number;
	readonly before: RecordOf<K> | null;
	after: RecordOf<K> | null;
	/** Place of the change among those that were asked for; of the one that it follows from, otherwise. */
	readonly change: number;
}

export interface BatchOptions {
	readonly reader: Reader;
	readonly calendar: Calendar;
	readonly facts: RegionFacts;
	/** Service time, ms. */
	readonly at: number;
	readonly by: string;
	readonly reserve: (kind: KeptKind) => number;
}

export class Batch {
	readonly #options: BatchOptions;
	readonly #entries = new Map<string, Entry>();
	readonly #nextDays = new Map<number, string | null>();

	constructor(options: BatchOptions) {
		this.#options = options;
	}

	get at(): number {
		return this.#options.at;
	}

	/** Takes in what was asked for: checked by schema, and against the versions that were seen. */
	async take(changes: readonly Change[]): Promise<void> {
		const present = await this.#present(changes);
		await gently(changes, (change, index) => {
			const { kind } = change;
			const id = change.op === 'create' ? (change.id ?? this.#options.reserve(kind)) : change.id;
			const before = present.get(keyOf(kind, id)) ?? null;
			if (this.#entries.has(keyOf(kind, id))) {
				throw new RecordsError('invalid', `${kinds[kind].noun} ${id} is changed twice in one batch`, { kind, change: index });
			}
			if (change.op !== 'create') checkVersion(change, before, index);
			if (change.op === 'delete') this.#set({ kind, id, before, after: null, change: index });
			else this.#put(kind, id, before, checked(kind, change.body, index), index);
		});
	}

	/** A change that follows from others; it is of the store's own making and names no version. `null` takes the record out. */
	follow<K extends KeptKind>(kind: K, before: RecordOf<K> | null, body: BodyOf<K> | null, change: number): void {
		const id = before?.id ?? this.#options.reserve(kind);
		const known = this.#entries.get(keyOf(kind, id));
		if (known !== undefined) known.after = body === null ? null : this.#record(kind, id, known.before, body);
		else if (body === null) this.#set({ kind, id, before, after: null, change });
		else this.#put(kind, id, before, body, change);
	}

	/** Until which day the visits of a request are made; null: all are. */
	nextDay(request: number, day: string | null): void {
		this.#nextDays.set(request, day);
	}

	/** Entries of a kind, as they are now. */
	of<K extends KeptKind>(kind: K): Entry<K>[] {
		return [...this.#entries.values()].filter((entry): entry is Entry & Entry<K> => entry.kind === kind);
	}

	/** Checks references and facts. Throws a RecordsError that names the change, its fields and what is wrong. */
	async check(): Promise<void> {
		const entries = [...this.#entries.values()];
		const { facts, calendar, at } = this.#options;
		const today = calendar.dateOf(at);
		await gently(entries, ({ kind, before, after, change }) => {
			if (after === null) return;
			const old = before === null ? null : bodyOf(before);
			const errors = faultsOf(kind, bodyOf(after), old, facts, today);
			if (errors.length > 0) throw refers(kind, change, errors);
		});
		await this.#checkReferences(entries);
		this.#checkUnique();
		this.#checkClosures();
		await gently(entries, (entry) => this.#checkReferrers(entry));
	}

	async writes(): Promise<Write[]> {
		const writes = await gently([...this.#entries.values()], ({ kind, id, before, after }): Write | null => {
			const old = before === null ? null : JSON.stringify(bodyOf(before));
			if (after === null) return old === null ? null : { op: 'drop', kind, id, before: old };
			const body = bodyOf(after);
			const columns = (kinds[kind].values as (body: BodyOf, calendar: Calendar) => (string | number | null)[])(
				body,
				this.#options.calendar,
			);
			return { op: 'put', kind, id, version: after.version, body: JSON.stringify(body), columns, before: old };
		});
		const days = [...this.#nextDays].map(([id, day]): Write => ({ op: 'next-day', id, day }));
		return [...writes.filter((write) => write !== null), ...days];
	}

	/** What it brings about: first what was asked for, in that order, then what follows from it. */
	committed(): Committed[] {
		return [...this.#entries.values()].map(({ kind, id, after }) => ({ kind, id, record: after }) as Committed);
	}

	/** Records that the changes name, as they are kept now. */
	async #present(changes: readonly Change[]): Promise<Map<string, RecordOf>> {
		const present = new Map<string, RecordOf>();
		const named = changes.filter((change) => change.op !== 'create');
		for (const [kind, all] of Map.groupBy(named, (change) => change.kind)) {
			const records = await this.#options.reader.find(
				kind,
				all.map(({ id }) => id),
			);
			for (const record of records) present.set(keyOf(kind, record.id), record);
		}
		return present;
	}

	#set(entry: Entry): void {
		this.#entries.set(keyOf(entry.kind, entry.id), entry);
	}

	#put(kind: KeptKind, id: number, before: RecordOf | null, body: BodyOf, change: number): void {
		this.#set({ kind, id, before, after: this.#record(kind, id, before, body), change });
	}

	#record<K extends KeptKind>(_kind: K, id: number, before: RecordOf | null, body: BodyOf<K>): RecordOf<K> {
		const { at, by } = this.#options;
		return { id, version: (before?.version ?? 0) + 1, updated: at, updatedBy: by, ...body } as RecordOf<K>;
	}

	/** What records refer to is there, after all of the changes. */
	async #checkReferences(entries: readonly Entry[]): Promise<void> {
		const wanted = await gently(entries, ({ kind, before, after, change }) => {
			if (after === null) return [];
			const read = referencesOf[kind] as (body: BodyOf) => ReturnType<(typeof referencesOf)['shift']>;
			const old = new Set(before === null ? [] : read(bodyOf(before)).map(({ field, id }) => `${field} ${id}`));
			return read(bodyOf(after))
				.filter(({ field, id }) => !old.has(`${field} ${id}`) || this.#entries.get(keyOf(kind, id))?.after === null)
				.map((one) => ({ ...one, of: kind, change }));
		});
		const open = wanted.flat().filter(({ kind, id, field, of, change }) => {
			const staged = this.#entries.get(keyOf(kind, id));
			if (staged?.after === null) throw refers(of, change, [{ field, message: `${kinds[kind].noun} ${id} is taken out` }]);
			return staged === undefined;
		});
		for (const [kind, all] of Map.groupBy(open, (one) => one.kind)) {
			const ids = JSON.stringify([...new Set(all.map(({ id }) => id))]);
			const found = this.#options.reader.rows(`SELECT id FROM ${tables[kind].table} WHERE id IN (SELECT value FROM json_each(?))`, [
				ids,
			]);
			const there = new Set(found.map(([id]) => Number(id)));
			const missing = all.find(({ id }) => !there.has(id));
			if (missing) {
				throw refers(missing.of, missing.change, [
					{ field: missing.field, message: `there is no ${kinds[kind].noun} ${missing.id}` },
				]);
			}
		}
		this.#checkVehicles(entries);
	}

	/** Vehicles that records name are in the fleet. */
	#checkVehicles(entries: readonly Entry[]): void {
		const known = new Map<string, boolean>();
		const isKnown = (vehicle: string): boolean => {
			if (this.of('fleet-vehicle').some(({ after }) => after?.vehicle === vehicle)) return true;
			return this.#options.reader.value('SELECT 1 FROM fleet_vehicles WHERE vehicle = ?', [vehicle]) !== undefined;
		};
		for (const { kind, before, after, change } of entries) {
			const read = vehiclesOf[kind] as ((body: BodyOf) => readonly VehicleReference[]) | undefined;
			if (after === null || read === undefined) continue;
			const old = new Set(before === null ? [] : read(bodyOf(before)).map(({ vehicle }) => vehicle));
			for (const { field, vehicle } of read(bodyOf(after))) {
				if (old.has(vehicle)) continue;
				if (!known.has(vehicle)) known.set(vehicle, isKnown(vehicle));
				if (known.get(vehicle) === true) continue;
				throw refers(kind, change, [{ field, message: `the fleet has no vehicle "${vehicle}"` }]);
			}
		}
	}

	/** No two vehicles of one name, no two doctors who sign in by one name. */
	#checkUnique(): void {
		this.#checkUniqueIn('fleet-vehicle', 'vehicle', ({ vehicle }) => vehicle);
		this.#checkUniqueIn('doctor', 'user', ({ user }) => user);
	}

	#checkUniqueIn<K extends 'fleet-vehicle' | 'doctor'>(kind: K, field: string, read: (record: RecordOf<K>) => string | null): void {
		const { noun } = kinds[kind];
		const { table, columns } = tables[kind];
		const seen = new Map<string, number>();
		for (const { id, after, change } of this.of(kind)) {
			const value = after === null ? null : read(after);
			if (value === null) continue;
			const kept = this.#options.reader.value(`SELECT id FROM ${table} WHERE ${columns[0]} = ?`, [value]);
			const other = seen.get(value) ?? (kept === undefined ? undefined : Number(kept));
			const changed = other !== undefined && this.#entries.has(keyOf(kind, other)) && !seen.has(value);
			if (other !== undefined && other !== id && !changed) {
				throw refers(kind, change, [{ field, message: `"${value}" is the name of ${noun} ${other} already` }]);
			}
			seen.set(value, id);
		}
	}

	/** The roads take only so many at once, and refuse every way when there are more: rather refuse the one that is too many. */
	#checkClosures(): void {
		const staged = this.of('closure');
		const added = staged.find(({ before, after }) => before === null && after !== null);
		if (added === undefined) return;
		const rows = this.#options.reader.rows('SELECT id, body FROM closures WHERE ends IS NULL OR ends > ?', [this.#options.at]);
		const kept = rows
			.filter(([id]) => !staged.some((one) => one.id === id))
			.map(([, body]) => (JSON.parse(String(body)) as BodyOf<'closure'>).shape);
		const shapes = [...kept, ...staged.flatMap(({ after }) => (after === null ? [] : [after.shape]))];
		const corners = shapes.reduce((sum, shape) => sum + (shape.kind === 'polygon' ? shape.ring.length : 0), 0);
		if (shapes.length > MOST_CLOSURES || corners > MOST_CORNERS) {
			const message = `the roads take ${MOST_CLOSURES} closures with ${MOST_CORNERS} corners at once; lift some first`;
			throw refers('closure', added.change, [{ field: 'shape', message }]);
		}
	}

	/** What is taken out, or a vehicle whose name changes, is not referred to by anything that stays. */
	#checkReferrers({ kind, id, before, after, change }: Entry): void {
		if (before === null) return;
		const name = kind === 'fleet-vehicle' ? (before as RecordOf<'fleet-vehicle'>).vehicle : null;
		if (after !== null && (name === null || (after as RecordOf<'fleet-vehicle'>).vehicle === name)) return;
		const found = referrersOf(this.#options.reader, kind, name ?? id).map((one) => ({
			...one,
			ids: one.ids.filter((by) => !this.#entries.has(keyOf(one.kind, by))),
		}));
		if (found.every(({ ids }) => ids.length === 0)) return;
		const done = after === null ? 'be taken out' : 'have another vehicle id';
		throw new RecordsError('in-use', `${kinds[kind].noun} ${id} cannot ${done}: ${inWords(found)} refer to it`, {
			kind,
			change,
			current: before,
		});
	}
}

/** Fewer than the roads take, so that a rainfall can be tried on top. */
const MOST_CLOSURES = 400;
const MOST_CORNERS = 1900;

const keyOf = (kind: KeptKind, id: number): string => `${kind} ${id}`;

const refers = (kind: KeptKind, change: number, errors: readonly { field: string; message: string }[]): RecordsError =>
	new RecordsError('refers', `The ${kinds[kind].noun} cannot be kept so: ${errors[0]!.field}: ${errors[0]!.message}.`, {
		kind,
		change,
		errors: errors.slice(0, 20),
	});

function checked<K extends KeptKind>(kind: K, body: BodyOf<K>, change: number): BodyOf<K> {
	const parsed = kinds[kind].body.safeParse(body);
	if (parsed.success) return parsed.data;
	const errors = parsed.error.issues
		.slice(0, 20)
		.map(({ path, message }) => ({ field: path.map(String).join('.') || 'body', message }));
	throw new RecordsError('invalid', `The ${kinds[kind].noun} breaks its schema.`, { kind, change, errors });
}

function checkVersion(
	{ kind, id, version }: { kind: KeptKind; id: number; version: number },
	present: RecordOf | null,
	change: number,
): void {
	const { noun } = kinds[kind];
	if (present === null) throw new RecordsError('unknown', `There is no ${noun} ${id}.`, { kind, change });
	if (present.version === version) return;
	throw new RecordsError('stale', `${noun} ${id} was changed meanwhile by ${present.updatedBy}: look at it as it is now.`, {
		kind,
		change,
		current: present,
	});
}
