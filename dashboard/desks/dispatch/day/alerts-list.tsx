/** What needs a hand, by urgency: told in words, with what to do, and who looks after it. */
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import type { Alert } from '@junkai/contracts';
import { dayApi } from '../../../shared/api/day.ts';
import { formatDuration, formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { useShortcuts } from '../frame/shortcuts.ts';
import { alertWords } from './alert-words.ts';
import { alertMark, inHand, past, waiting } from './alerts.ts';
import { useDay, useDayActions } from './day-context.tsx';
import { select, useSelection } from './selection.ts';
import { useNames } from './use-names.ts';
import './alerts.css';

export function AlertsList({ now }: { now: number }) {
	const { t } = useTexts();
	const { alerts, phase } = useDay();
	const selection = useSelection();
	const [noting, setNoting] = useState<string | null>(null);
	const selected = selection?.kind === 'alert' ? selection.id : null;
	const open = waiting(alerts);
	const held = inHand(alerts);
	const over = past(alerts);
	const step = (by: number) => {
		const at = open.findIndex(({ id }) => id === selected);
		const next = open[at < 0 ? (by > 0 ? 0 : open.length - 1) : at + by];
		if (next !== undefined) select({ kind: 'alert', id: next.id });
	};
	useShortcuts({
		a: () => {
			const alert = open.find(({ id }) => id === selected) ?? open[0];
			if (alert === undefined) return;
			select({ kind: 'alert', id: alert.id });
			setNoting(alert.id);
		},
		j: () => step(1),
		k: () => step(-1),
	});
	const row = (alert: Alert) => (
		<AlertRow
			key={alert.id}
			alert={alert}
			now={now}
			selected={alert.id === selected}
			noting={alert.id === noting}
			onNote={(wanted) => setNoting(wanted ? alert.id : null)}
		/>
	);
	return (
		<section className="alerts" aria-label={t('day.alerts')} data-testid="alerts">
			<h2>
				{t('day.alerts')}
				{open.length > 0 && <b>{open.length}</b>}
			</h2>
			{phase === 'ready' && open.length === 0 && (
				<p className="alerts-quiet">
					<StateMark kind="good" /> {t('day.quiet')}
				</p>
			)}
			{phase === 'loading' && <p className="quiet">{t('app.loading')}</p>}
			{phase === 'failed' && <Failed />}
			<ul aria-live="polite" aria-relevant="additions">
				{open.map(row)}
			</ul>
			<Folded title={t('day.inHand', { count: held.length })} of={held} row={row} />
			<Folded title={t('day.past', { count: over.length })} of={over} row={row} />
		</section>
	);
}

function Failed() {
	const { t } = useTexts();
	const { reload } = useDayActions();
	return (
		<div className="quiet" role="alert">
			<p>{t('day.loadFailed')}</p>
			<button type="button" onClick={reload}>
				{t('app.retry')}
			</button>
		</div>
	);
}

/** Folded away, not lost. */
function Folded({ title, of, row }: { title: string; of: readonly Alert[]; row: (alert: Alert) => ReactNode }) {
	const [open, setOpen] = useState(false);
	if (of.length === 0) return null;
	return (
		<details className="alerts-folded" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary>{title}</summary>
			{open && <ul>{of.map(row)}</ul>}
		</details>
	);
}

interface RowProps {
	alert: Alert;
	now: number;
	selected: boolean;
	/** Its note is being written. */
	noting: boolean;
	onNote: (wanted: boolean) => void;
}

function AlertRow({ alert, now, selected, noting, onNote }: RowProps) {
	const { t, language } = useTexts();
	const names = useNames();
	const { subject, what, figures, hint } = alertWords(t, alert, names);
	const { acknowledged, over, since, urgency } = alert;
	const row = useRef<HTMLLIElement>(null);
	useEffect(() => {
		if (selected) row.current?.scrollIntoView({ block: 'nearest' });
	}, [selected]);
	return (
		<li
			ref={row}
			className={`alert alert-${urgency}${acknowledged !== null || over !== null ? ' alert-done' : ''}`}
			data-alert={alert.id}
		>
			<button type="button" className="alert-row" aria-current={selected} onClick={() => select({ kind: 'alert', id: alert.id })}>
				<StateMark kind={over !== null ? 'off' : alertMark[urgency]} />
				<span className="alert-what">
					<span className="visually-hidden">{t(`day.urgency.${urgency}`)} </span>
					<b>{subject}</b> {what}
				</span>
				<span className="alert-facts">
					{figures.map((figure) => (
						<b key={figure}>{figure}</b>
					))}
					<span>
						{over === null
							? t('day.since', { time: formatTime(since), age: formatDuration(now - since, language) })
							: t('day.over', { from: formatTime(since), to: formatTime(over) })}
					</span>
				</span>
				{acknowledged === null && over === null && (urgency === 'high' || selected) && <span className="alert-hint">{hint}</span>}
				{acknowledged !== null && <Acknowledged {...acknowledged} />}
			</button>
			{acknowledged === null && over === null && !noting && (
				<button type="button" className="alert-take" onClick={() => onNote(true)} aria-label={t('day.takeOf', { subject, what })}>
					{t('day.take')}
				</button>
			)}
			{acknowledged === null && noting && <NoteForm alert={alert.id} onEnd={() => onNote(false)} />}
		</li>
	);
}

function Acknowledged({ by, at, note }: { by: string; at: number; note: string }) {
	const { t } = useTexts();
	return (
		<span className="alert-by">
			{t('day.takenBy', { name: by, time: formatTime(at) })}
			{note !== '' && <q>{note}</q>}
		</span>
	);
}

/** What is being done about it, in a few words; they may be left out. */
function NoteForm({ alert, onEnd }: { alert: string; onEnd: () => void }) {
	const { t } = useTexts();
	const { day } = useDayActions();
	const id = useId();
	const [note, setNote] = useState('');
	const [state, setState] = useState<'open' | 'sending' | 'failed'>('open');
	const send = async () => {
		setState('sending');
		try {
			day.take({ type: 'alert', alert: await dayApi.acknowledge(alert, note.trim()) });
			onEnd();
		} catch {
			setState('failed');
		}
	};
	return (
		<form
			className="alert-note"
			onSubmit={(event) => {
				event.preventDefault();
				void send();
			}}
			onKeyDown={(event) => {
				if (event.key !== 'Escape') return;
				event.stopPropagation();
				onEnd();
			}}
		>
			<label htmlFor={id}>{t('day.note')}</label>
			<input id={id} autoFocus maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
			<button type="submit" className="strong" disabled={state === 'sending'}>
				{t('day.take')}
			</button>
			<button type="button" onClick={onEnd}>
				{t('day.cancel')}
			</button>
			{state === 'failed' && (
				<p className="trouble" role="alert">
					{t('day.takeFailed')}
				</p>
			)}
		</form>
	);
}
