/** Name, reason and end of a closure; what it closes is chosen above it. */
import { useId, useState } from 'react';
import type { ClosureShape } from '@junkai/contracts';
import { dayApi } from '../../../shared/api/day.ts';
import { ApiError } from '../../../shared/api/rest.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { momentOf, readTime, zonedOf } from '../../../shared/records/dates.ts';
import { select } from './selection.ts';
import { openTool } from './tool.ts';

interface Props {
	/** Null as long as nothing is chosen. */
	shape: ClosureShape | null;
	/** Said instead of the button's work while there is no shape. */
	missing: string;
	source: 'drawn' | 'rain';
	suggested: string;
	/** Service time. */
	now: number;
}

export function ClosureForm({ shape, missing, source, suggested, now }: Props) {
	const { t } = useTexts();
	const id = useId();
	const [name, setName] = useState<string | null>(null);
	const [reason, setReason] = useState('');
	const [until, setUntil] = useState('');
	const [trouble, setTrouble] = useState<string | null>(null);
	const [sending, setSending] = useState(false);
	const shown = name ?? suggested;
	const send = async () => {
		if (shape === null) return setTrouble(missing);
		if (shown.trim() === '') return setTrouble(t('day.closure.noName'));
		const time = until.trim() === '' ? null : readTime(until);
		const end = time === null ? null : momentOf(zonedOf(now).day, time);
		if (until.trim() !== '' && (end === null || end <= now)) return setTrouble(t('day.closure.badUntil'));
		setSending(true);
		setTrouble(null);
		try {
			const body = { name: shown.trim(), shape, from: Math.round(now), until: end, source, reason: reason.trim() };
			const closure = await dayApi.closeRoads(body);
			openTool(null);
			select({ kind: 'closure', id: closure.id });
		} catch (error) {
			setTrouble((error instanceof ApiError && error.problem?.detail) || t('day.closure.failed'));
			setSending(false);
		}
	};
	return (
		<form
			className="panel-form"
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				void send();
			}}
		>
			<label htmlFor={`${id}n`}>{t('day.closure.name')}</label>
			<input id={`${id}n`} maxLength={200} value={shown} onChange={(event) => setName(event.target.value)} />
			<label htmlFor={`${id}r`}>{t('day.closure.reason')}</label>
			<input id={`${id}r`} maxLength={300} value={reason} onChange={(event) => setReason(event.target.value)} />
			<label htmlFor={`${id}u`}>{t('day.closure.untilTime')}</label>
			<input
				id={`${id}u`}
				inputMode="numeric"
				value={until}
				placeholder={t('day.closure.open')}
				onChange={(event) => setUntil(event.target.value)}
			/>
			<button type="submit" className="strong" disabled={sending}>
				{t('day.closure.close')}
			</button>
			<p className="trouble" role="alert">
				{trouble}
			</p>
		</form>
	);
}
