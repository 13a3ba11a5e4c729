/** The plan of the rest of the day, made anew: what it changes and for whom; published or dropped. */
import { useId, useState } from 'react';
import type { PlanChange, PlanComparison } from '@junkai/contracts';
import { formatDistance, formatDuration } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { useDay } from './day-context.tsx';
import { useIncidents } from './incidents.ts';
import { changeText } from './mend.ts';
import { incidentName } from './pending-note.tsx';
import { select, useSelection } from './selection.ts';
import { openTool } from './tool.ts';
import { ToolHead } from './tool-head.tsx';
import type { Mend } from './use-mend.ts';
import { useNames } from './use-names.ts';

export function MendPanel({ mend }: { mend: Mend }) {
	const { t } = useTexts();
	const { plan } = useDay();
	const { state, comparison, problem } = mend;
	const close = () => {
		if (mend.board !== null) mend.drop();
		openTool(null);
	};
	return (
		<section className="inspector tool" aria-label={t('day.mend.title')} data-testid="mend-panel" data-state={state}>
			<ToolHead title={t('day.mend.title')} onClose={close} />
			{plan === null && <p className="panel-warn">{t('day.mend.noPlan')}</p>}
			{plan !== null && (state === 'idle' || state === 'failed') && mend.board === null && <Begin mend={mend} />}
			{state === 'planning' && (
				<p role="status" className="tool-lead">
					{t('day.mend.planning')}
				</p>
			)}
			{state === 'failed' && (
				<p className="trouble" role="alert">
					{t('day.mend.failed')} {problem}
				</p>
			)}
			{state === 'overtaken' && (
				<p className="trouble" role="alert">
					{t('day.mend.overtaken')}
				</p>
			)}
			{mend.board !== null && comparison !== null && <Difference comparison={comparison} />}
			{mend.board !== null && <Decide mend={mend} />}
		</section>
	);
}

/** Why, so that all who read the publication know; what happened is proposed. */
function Begin({ mend }: { mend: Mend }) {
	const { t } = useTexts();
	const incidents = useIncidents();
	const names = useNames();
	const id = useId();
	const proposed = incidents
		.map((incident) => t(`day.incident.kind.${incident.kind}`, { name: incidentName(incident, names) }))
		.join('、');
	const [reason, setReason] = useState<string | null>(null);
	const shown = (reason ?? proposed).slice(0, 300);
	return (
		<>
			<p className="tool-lead">{t('day.mend.lead')}</p>
			<form
				className="panel-form"
				onSubmit={(event) => {
					event.preventDefault();
					mend.start(shown.trim());
				}}
			>
				<label htmlFor={id}>{t('day.mend.reason')}</label>
				<input id={id} maxLength={300} value={shown} onChange={(event) => setReason(event.target.value)} />
				<button type="submit" className="strong" autoFocus>
					{t('day.mend.start')}
				</button>
			</form>
			<p className="quiet">
				<button type="button" className="link" onClick={() => openTool('incident')}>
					{t('day.mend.record')}
				</button>
			</p>
		</>
	);
}

const order: Readonly<Record<PlanChange['kind'], number>> = { removed: 0, added: 1, day: 2, vehicle: 3, doctor: 4, time: 5 };

/** What is otherwise, the weightiest first. */
function Difference({ comparison: { before, after, changes, same } }: { comparison: PlanComparison }) {
	const { t, language } = useTexts();
	const names = useNames();
	const selection = useSelection();
	const rows = changes.toSorted(
		(a, b) => order[a.kind] - order[b.kind] || (a.after?.from ?? a.before?.from ?? 0) - (b.after?.from ?? b.before?.from ?? 0),
	);
	const figures =
		before === null || after === null
			? []
			: [
					t('day.mend.unassigned', { before: before.unassigned, after: after.unassigned }),
					t('day.mend.distance', { more: signed(after.distance - before.distance, formatDistance) }),
					t('day.mend.travel', { more: signed((after.travel - before.travel) * 1000, (ms) => formatDuration(ms, language)) }),
				];
	return (
		<>
			<p className="mend-sum" role="status">
				<b>{t('day.mend.changes', { count: changes.length })}</b> {t('day.mend.same', { count: same })}
			</p>
			<p className="quiet">{figures.join('・')}</p>
			{changes.length === 0 && <p className="tool-lead">{t('day.mend.nothing')}</p>}
			<ul className="changes">
				{rows.map((change) => {
					const text = changeText(change, names.van, t('day.mend.noVan'));
					return (
						<li key={change.visit} data-change={change.kind}>
							<button
								type="button"
								aria-current={selection?.kind === 'visit' && selection.id === change.visit}
								onClick={() => select({ kind: 'visit', id: change.visit })}
							>
								<StateMark kind={change.kind === 'removed' ? 'bad' : change.kind === 'added' ? 'good' : 'warn'} />
								<b>{names.visit(change.visit)}</b>
								<span className="change-kind">{t(`day.mend.kind.${change.kind}`)}</span>
								<span className="change-way">
									{text.before} <span aria-hidden="true">→</span>
									<span className="visually-hidden">{t('day.mend.becomes')}</span> {text.after}
								</span>
								{change.before !== null && change.after !== null && change.before.doctor !== change.after.doctor && (
									<span className="change-way">
										{doctorOf(change.before.doctor, names, t)} → {doctorOf(change.after.doctor, names, t)}
									</span>
								)}
							</button>
						</li>
					);
				})}
			</ul>
		</>
	);
}

const doctorOf = (id: number | null, names: ReturnType<typeof useNames>, t: ReturnType<typeof useTexts>['t']): string =>
	id === null ? t('day.mend.noDoctor') : names.doctor(id);

const signed = (value: number, write: (value: number) => string): string => `${value < 0 ? '−' : '+'}${write(Math.abs(value))}`;

function Decide({ mend }: { mend: Mend }) {
	const { t } = useTexts();
	const busy = mend.state === 'publishing';
	return (
		<div className="panel-actions mend-decide">
			<button
				type="button"
				className="strong"
				disabled={busy || mend.state === 'overtaken'}
				onClick={() => mend.publish(mend.board?.name ?? '')}
			>
				{t(busy ? 'day.mend.publishing' : 'day.mend.publish')}
			</button>
			<button type="button" disabled={busy} onClick={() => mend.drop()}>
				{t('day.mend.drop')}
			</button>
		</div>
	);
}
