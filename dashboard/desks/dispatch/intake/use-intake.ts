/** A spreadsheet on its way in: read, put right row by row, accepted. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { CarePlace, IntakeField, IntakeFixes, IntakePreview, IntakeRefusal, IntakeResult } from '@junkai/contracts';
import { intakeRefusals } from '@junkai/contracts';
import { intakeApi, type IntakeFile } from '../../../shared/api/intake.ts';
import { ApiError } from '../../../shared/api/rest.ts';

export interface Trouble {
	kind: IntakeRefusal | 'offline' | 'other';
	detail: string;
}

/** What a person has put right so far. */
export interface Corrections {
	columns: Readonly<Record<string, IntakeField | null>>;
	cells: ReadonlyMap<number, Readonly<Partial<Record<IntakeField, string>>>>;
	places: ReadonlyMap<number, CarePlace>;
	skip: ReadonlySet<number>;
}
const none: Corrections = { columns: {}, cells: new Map(), places: new Map(), skip: new Set() };

export type IntakeState =
	| { step: 'empty'; trouble: Trouble | null }
	| { step: 'loading'; file: string; read: number | null }
	| { step: 'preview'; preview: IntakePreview; checking: boolean; accepting: boolean; trouble: Trouble | null }
	| { step: 'done'; result: IntakeResult };

/** Edits rest so long before they are read again, ms. */
const REST_MS = 200;

export function useIntake() {
	const [state, setState] = useState<IntakeState>({ step: 'empty', trouble: null });
	const [corrections, setCorrections] = useState<Corrections>(none);
	const source = useRef<IntakeFile | null>(null);
	const sent = useRef<Corrections>(none);
	const attempt = useRef(0);

	const read = useCallback(async (file: IntakeFile) => {
		const mine = ++attempt.current;
		source.current = file;
		setState({ step: 'loading', file: file.file, read: null });
		try {
			const preview = await intakeApi.preview(file);
			if (mine !== attempt.current) return;
			sent.current = none;
			setCorrections(none);
			setState({ step: 'preview', preview, checking: false, accepting: false, trouble: null });
		} catch (error) {
			if (mine === attempt.current) setState({ step: 'empty', trouble: troubleOf(error) });
		}
	}, []);

	const open = useCallback(
		async (file: File) => {
			const mine = ++attempt.current;
			setState({ step: 'loading', file: file.name, read: 0 });
			try {
				if (file.size > MOST_BYTES) throw new TooLarge();
				const content = await base64Of(file, (share) => {
					if (mine === attempt.current) setState({ step: 'loading', file: file.name, read: share });
				});
				if (mine === attempt.current) await read({ file: file.name.slice(-200), content, encoding: 'auto' });
			} catch (error) {
				if (mine === attempt.current) setState({ step: 'empty', trouble: troubleOf(error) });
			}
		},
		[read],
	);

	const id = state.step === 'preview' ? state.preview.id : null;
	useEffect(() => {
		if (id === null || corrections === sent.current) return;
		let wanted = true;
		setState((now) => (now.step === 'preview' ? { ...now, checking: true } : now));
		const timer = setTimeout(() => {
			intakeApi.fix(id, fixesOf(corrections)).then(
				(preview) => {
					if (!wanted) return;
					sent.current = corrections;
					setState((now) => (now.step === 'preview' ? { ...now, preview, checking: false, trouble: null } : now));
				},
				(error: unknown) => {
					if (wanted) setState((now) => (now.step === 'preview' ? { ...now, checking: false, trouble: troubleOf(error) } : now));
				},
			);
		}, REST_MS);
		return () => {
			wanted = false;
			clearTimeout(timer);
		};
	}, [id, corrections]);

	const accept = useCallback(async () => {
		if (id === null) return;
		setState((now) => (now.step === 'preview' ? { ...now, accepting: true, trouble: null } : now));
		try {
			setState({ step: 'done', result: await intakeApi.takeIn(id) });
		} catch (error) {
			setState((now) => (now.step === 'preview' ? { ...now, accepting: false, trouble: troubleOf(error) } : now));
		}
	}, [id]);

	return {
		state,
		corrections,
		open,
		accept,
		/** With another encoding or sheet: what was put right before is void. */
		again: (change: Partial<Pick<IntakeFile, 'encoding' | 'sheet'>>) => {
			if (source.current !== null) void read({ ...source.current, ...change });
		},
		encoding: source.current?.encoding ?? 'auto',
		close: () => {
			attempt.current++;
			setState({ step: 'empty', trouble: null });
		},
		edit: {
			column: (column: number, field: IntakeField | null) =>
				setCorrections((now) => ({ ...now, columns: withColumn(now.columns, column, field) })),
			cell: (row: number, field: IntakeField, value: string) =>
				setCorrections((now) => ({ ...now, cells: new Map(now.cells).set(row, { ...now.cells.get(row), [field]: value }) })),
			place: (row: number, place: CarePlace | null) =>
				setCorrections((now) => {
					const places = new Map(now.places);
					if (place === null) places.delete(row);
					else places.set(row, place);
					return { ...now, places };
				}),
			skip: (rows: readonly number[], out: boolean) =>
				setCorrections((now) => {
					const skip = new Set(now.skip);
					for (const row of rows) {
						if (out) skip.add(row);
						else skip.delete(row);
					}
					return { ...now, skip };
				}),
		},
	};
}
export type Intake = ReturnType<typeof useIntake>;

const withColumn = (columns: Corrections['columns'], column: number, field: IntakeField | null): Corrections['columns'] => ({
	...columns,
	[String(column)]: field,
});

const fixesOf = ({ columns, cells, places, skip }: Corrections): IntakeFixes => ({
	columns: { ...columns },
	cells: [...cells].flatMap(([row, fields]) =>
		Object.entries(fields).map(([field, value]) => ({ row, field: field as IntakeField, value })),
	),
	places: [...places].map(([row, place]) => ({ row, place })),
	skip: [...skip],
});

const MOST_BYTES = 10 * 1024 * 1024;
class TooLarge extends Error {}

function troubleOf(error: unknown): Trouble {
	if (error instanceof TooLarge) return { kind: 'too-large', detail: '' };
	if (!(error instanceof ApiError)) return { kind: 'other', detail: error instanceof Error ? error.message : String(error) };
	if (error.code === 'offline') return { kind: 'offline', detail: '' };
	const word = error.problem?.errors?.[0]?.message.split(':')[0];
	const kind = intakeRefusals.find((refusal) => refusal === word);
	const detail = error.problem?.detail ?? error.message;
	return { kind: kind ?? (error.status === 413 ? 'too-large' : 'other'), detail };
}

function base64Of(file: File, onProgress: (share: number) => void): Promise<string> {
	return new Promise((resolve, reject) => {
		const reader = new FileReader();
		reader.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total));
		reader.addEventListener('error', () => reject(reader.error ?? new Error('unreadable')));
		reader.addEventListener('load', () => {
			const text = reader.result as string;
			resolve(text.slice(text.indexOf(',') + 1));
		});
		reader.readAsDataURL(file);
	});
}
