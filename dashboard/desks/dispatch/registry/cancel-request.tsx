/** Calls a request off with a note, or takes it up again. */
import { useState } from 'react';
import type { VisitRequest } from '@junkai/contracts';
import { registryApi } from '../../../shared/api/registry.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import type { Doings } from '../../../shared/records/undo-bar.tsx';
import { useRecordChanges } from '../../../shared/records/use-records.ts';

/** Either can be undone; the visits that are still to come go with it and come back with it. */
export function CancelRequest({ record, doings, disabled }: { record: VisitRequest; doings: Doings; disabled: boolean }) {
	const { t } = useTexts();
	const { saved } = useRecordChanges();
	const [asking, setAsking] = useState(false);
	const [why, setWhy] = useState('');
	const put = async (request: VisitRequest, change: Pick<VisitRequest, 'state' | 'note'>): Promise<VisitRequest> => {
		const { id, version, updated: _updated, updatedBy: _by, ...body } = request;
		const kept = await registryApi.update('request', id, version, { ...body, ...change });
		saved('request', kept);
		return kept;
	};
	const act = async (state: 'open' | 'cancelled') => {
		setAsking(false);
		const { note } = record;
		try {
			const reason = state === 'cancelled' && why.trim() !== '' ? `${t('registry.request.states.cancelled')}: ${why.trim()}` : '';
			const kept = await put(record, { state, note: [note, reason].filter((part) => part !== '').join('\n') });
			doings.did({
				text: t(state === 'open' ? 'registry.request.reopened' : 'registry.request.cancelled', { id: record.id }),
				undo: async () => void (await put(kept, { state: record.state, note })),
			});
		} catch {
			doings.did({ text: t('registry.request.failed') });
		}
	};
	if (record.state !== 'open') {
		return (
			<button type="button" disabled={disabled} onClick={() => void act('open')}>
				{t('registry.request.reopen')}
			</button>
		);
	}
	if (!asking) {
		return (
			<button type="button" className="danger" disabled={disabled} onClick={() => setAsking(true)}>
				{t('registry.request.cancel')}
			</button>
		);
	}
	return (
		<span className="visit-ask">
			<input
				type="text"
				autoFocus
				maxLength={200}
				aria-label={t('registry.visit.cancelAsk')}
				placeholder={t('registry.visit.cancelAsk')}
				value={why}
				onChange={(event) => setWhy(event.target.value)}
				onKeyDown={(event) => {
					if (event.key !== 'Enter' && event.key !== 'Escape') return;
					event.preventDefault();
					if (event.key === 'Enter') void act('cancelled');
					else setAsking(false);
				}}
			/>
			<button type="button" className="danger" onClick={() => void act('cancelled')}>
				{t('registry.request.cancel')}
			</button>
			<button type="button" onClick={() => setAsking(false)}>
				{t('registry.form.keep')}
			</button>
		</span>
	);
}
