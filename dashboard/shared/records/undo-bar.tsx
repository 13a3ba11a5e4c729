/** What was just done, in a line, with the way back. */
import { useCallback, useMemo, useState } from 'react';
import { useTexts } from '../i18n/index.ts';

export interface Done {
	text: string;
	/** Takes it back; rejects when that is not possible any more. */
	undo?: () => Promise<void>;
}

export interface Doings {
	last: Done | null;
	did: (done: Done) => void;
	clear: () => void;
}

export function useDoings(): Doings {
	const [last, setLast] = useState<Done | null>(null);
	const did = useCallback((done: Done) => setLast(done), []);
	const clear = useCallback(() => setLast(null), []);
	return useMemo(() => ({ last, did, clear }), [last, did, clear]);
}

export function UndoBar({ doings: { last, did, clear } }: { doings: Doings }) {
	const { t } = useTexts();
	const undo = async () => {
		try {
			await last?.undo?.();
			did({ text: t('registry.form.undone') });
		} catch {
			did({ text: t('registry.visit.failed') });
		}
	};
	return (
		<div className="undo-bar" data-empty={last === null || undefined}>
			<p role="status">{last?.text}</p>
			{last?.undo !== undefined && (
				<button type="button" onClick={() => void undo()}>
					{t('registry.form.undo')}
				</button>
			)}
			{last !== null && (
				<button type="button" className="quiet-button" aria-label={t('registry.form.close')} onClick={clear}>
					✕
				</button>
			)}
		</div>
	);
}
