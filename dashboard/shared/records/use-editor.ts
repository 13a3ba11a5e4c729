/**
 * One record in a form. Two people may have it open: what another has saved meanwhile is shown, never written over, and what only
 * one of them has touched is kept from both.
 */
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeptKind } from '@junkai/contracts';
import type { z } from 'zod';
import { registryApi, type Stored } from '../api/registry.ts';
import { ApiError } from '../api/rest.ts';
import { faultsOf, serverFaults, type Fault } from './faults.ts';
import type { FormFrame } from './form.tsx';
import { changedKeys, mergedDraft, theirChanges } from './merge.ts';
import { useRecordChanges } from './use-records.ts';

export interface EditorOptions<K extends KeptKind, D extends object> {
	kind: K;
	/** The record as it is known now; null for a new one. Give the editor a key of its own for each record. */
	record: Stored<K> | null;
	empty: () => D;
	toDraft: (record: Stored<K>) => D;
	/** What is sent; the schema says what is wrong with it. */
	toBody: (draft: D) => unknown;
	schema: z.ZodType;
	onSaved: (record: Stored<K>, created: boolean) => void;
}

/** Why it could not be saved, beside faults of fields. */
export type SaveFailure = 'offline' | 'broken' | 'refused' | 'gone' | 'in-use';

export interface Editor<D extends object> {
	draft: D;
	set: (patch: Partial<D>) => void;
	frame: FormFrame;
	faults: ReadonlyMap<string, Fault>;
	/** How many faults are said by now. */
	said: number;
	dirty: boolean;
	busy: boolean;
	failure: SaveFailure | null;
	/** What somebody else has made of it since; null when nobody has. */
	theirs: { by: string; draft: D; changed: (keyof D & string)[]; both: (keyof D & string)[] } | null;
	/** Taken out by somebody else. */
	gone: boolean;
	save: () => Promise<boolean>;
	takeTheirs: () => void;
	keepMine: () => void;
	/** Back to what is kept. */
	reset: () => void;
}

export function useEditor<K extends KeptKind, D extends object>(options: EditorOptions<K, D>): Editor<D> {
	const { kind, record, empty, toDraft, toBody, schema } = options;
	const [base, setBase] = useState<Stored<K> | null>(record);
	const baseDraft = useMemo(() => (base === null ? null : toDraft(base)), [base, toDraft]);
	const [blank] = useState(empty);
	const [draft, setDraft] = useState<D>(() => (record === null ? blank : toDraft(record)));
	const [newer, setNewer] = useState<Stored<K> | null>(null);
	const [phase, setPhase] = useState<'idle' | 'saving'>('idle');
	const [failure, setFailure] = useState<SaveFailure | null>(null);
	const checks = useChecks(draft, toBody, schema, phase === 'saving');
	const { saved } = useRecordChanges();
	const seen = useRef(false);
	if (record !== null) seen.current = true;
	const start = baseDraft ?? blank;
	const dirty = changedKeys(start, draft).length > 0;

	const take = useCallback(
		(fresh: Stored<K>) => {
			setBase(fresh);
			setDraft(toDraft(fresh));
			setNewer(null);
		},
		[toDraft],
	);
	useEffect(() => {
		if (record === null || base === null || record.version <= Math.max(base.version, newer?.version ?? 0)) return;
		if (phase === 'saving') return;
		if (!dirty) take(record);
		else setNewer(record);
	}, [record, base, newer, dirty, phase, take]);

	const save = useCallback(async (): Promise<boolean> => {
		const body = checks.check();
		if (body === undefined || newer !== null) return false;
		setPhase('saving');
		setFailure(null);
		try {
			const kept =
				base === null ? await registryApi.create(kind, body) : await registryApi.update(kind, base.id, base.version, body);
			take(kept);
			checks.clear();
			saved(kind, kept);
			options.onSaved(kept, base === null);
			return true;
		} catch (error) {
			if (!(error instanceof ApiError)) throw error;
			if (error.status === 409 && base !== null) {
				const now = await registryApi.get(kind, base.id).catch(() => null);
				if (now !== null && now.version > base.version) setNewer(now);
				else setFailure(now === null ? 'gone' : 'in-use');
			} else if (error.status === 404) setFailure('gone');
			else {
				const found = serverFaults(error.problem);
				checks.told(found);
				setFailure(
					error.code === 'offline' ? 'offline' : error.code === 'broken' || error.code === 'garbled' ? 'broken' : 'refused',
				);
			}
			return false;
		} finally {
			setPhase('idle');
		}
	}, [base, checks, kind, newer, options, saved, take]);

	const theirDraft = useMemo(() => (newer === null ? null : toDraft(newer)), [newer, toDraft]);
	const theirs = useMemo(() => {
		if (newer === null || theirDraft === null) return null;
		return { by: newer.updatedBy, draft: theirDraft, ...theirChanges(start, draft, theirDraft) };
	}, [newer, theirDraft, start, draft]);
	return {
		draft,
		set: (patch) => {
			setDraft((old) => ({ ...old, ...patch }));
			checks.touched();
		},
		frame: checks.frame,
		faults: checks.faults,
		said: checks.said,
		dirty,
		busy: phase === 'saving',
		failure,
		theirs,
		gone: seen.current && record === null,
		save,
		takeTheirs: () => newer !== null && take(newer),
		keepMine: () => {
			if (newer === null || theirDraft === null) return;
			setDraft(mergedDraft(start, draft, theirDraft));
			setBase(newer);
			setNewer(null);
		},
		reset: () => {
			setDraft(start);
			checks.clear();
			setFailure(null);
		},
	};
}

/** What is wrong with a draft, and which of it may be said: fields that were left, and all after a try to save. */
function useChecks<D extends object>(draft: D, toBody: (draft: D) => unknown, schema: z.ZodType, busy: boolean) {
	const id = useId();
	const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
	const [all, setAll] = useState(false);
	const [server, setServer] = useState<ReadonlyMap<string, Fault>>(new Map());
	const body = useMemo(() => toBody(draft), [draft, toBody]);
	const own = useMemo(() => {
		const parsed = schema.safeParse(body);
		return parsed.success ? new Map<string, Fault>() : faultsOf(parsed.error, body);
	}, [body, schema]);
	const faults = useMemo(() => new Map([...server, ...own]), [server, own]);
	const tries = useRef(0);
	const shown = useCallback(
		(path: string, deep = false): Fault | null => {
			const key = [...faults.keys()].find((one) => one === path || (deep && one.startsWith(`${path}.`)));
			if (key === undefined || !(all || left.has(path) || server.has(key))) return null;
			return faults.get(key) ?? null;
		},
		[faults, all, left, server],
	);
	const frame = useMemo<FormFrame>(
		() => ({ id, shown, busy, leave: (path) => setLeft((old) => (old.has(path) ? old : new Set([...old, path]))) }),
		[id, shown, busy],
	);
	const [wantFocus, setWantFocus] = useState(0);
	useEffect(() => {
		if (wantFocus > 0) focusFirstFault();
	}, [wantFocus]);
	return {
		frame,
		faults,
		said: all || server.size > 0 ? faults.size : 0,
		/** The body when nothing is wrong with it. */
		check(): unknown {
			setAll(true);
			const parsed = schema.safeParse(body);
			if (!parsed.success) setWantFocus(++tries.current);
			return parsed.success ? parsed.data : undefined;
		},
		told(found: ReadonlyMap<string, Fault>) {
			setServer(found);
			if (found.size > 0) setWantFocus(++tries.current);
		},
		touched() {
			if (server.size > 0) setServer(new Map());
		},
		clear() {
			setAll(false);
			setLeft(new Set());
			setServer(new Map());
		},
	};
}

/** The first field that is said to be wrong gets the focus, so that nobody has to look for it. */
function focusFirstFault(): void {
	const field = document.querySelector('[data-faulty]');
	field?.querySelector<HTMLElement>('input:not([tabindex="-1"]), select, textarea, button')?.focus();
	field?.scrollIntoView({ block: 'nearest' });
}
