/** What has just happened, told in a few clicks; the plan is mended from there. Nothing waits for anything. */
import { useId, useState, type ReactNode } from 'react';
import { Link } from '../../../app/router.tsx';
import { dayApi } from '../../../shared/api/day.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { momentOf } from '../../../shared/records/dates.ts';
import { useDay, useDayActions, useDirectory } from './day-context.tsx';
import { PendingNote } from './pending-note.tsx';
import { findVisit, type RouteView } from './route-view.ts';
import { useSelection } from './selection.ts';
import { openTool } from './tool.ts';
import { ToolHead } from './tool-head.tsx';
import { useNames } from './use-names.ts';

interface Props {
	views: ReadonlyMap<string, RouteView>;
	/** Service time. */
	now: number;
}

export function IncidentPanel({ views, now }: Props) {
	const { t } = useTexts();
	return (
		<section className="inspector tool" aria-label={t('day.incident.title')} data-testid="incident-panel">
			<ToolHead title={t('day.incident.title')} />
			<p className="quiet">{t('day.incident.lead')}</p>
			<PendingNote />
			<BreakDown now={now} />
			<FallIll now={now} />
			<Cancel views={views} />
			<h3>{t('day.incident.more')}</h3>
			<ul className="tool-links">
				<li>
					<button type="button" onClick={() => openTool('draw')}>
						{t('shell.action.draw')}
					</button>
				</li>
				<li>
					<button type="button" onClick={() => openTool('rain')}>
						{t('shell.action.rain')}
					</button>
				</li>
				<li>
					<button type="button" onClick={() => openTool('roads')}>
						{t('shell.action.roads')}
					</button>
				</li>
				<li>
					<Link to="/dispatch/requests?new=urgent" className="button">
						{t('shell.action.urgent')}
					</Link>
				</li>
			</ul>
		</section>
	);
}

interface FormProps {
	title: string;
	button: string;
	/** Rejects when it could not be recorded. */
	send: () => Promise<unknown>;
	disabled: boolean;
	done: string;
	children: ReactNode;
}

function IncidentForm({ title, button, send, disabled, done, children }: FormProps) {
	const { t } = useTexts();
	const [state, setState] = useState<'idle' | 'sending' | 'done' | 'failed'>('idle');
	const run = async () => {
		setState('sending');
		setState(
			await send().then(
				() => 'done' as const,
				() => 'failed' as const,
			),
		);
	};
	return (
		<>
			<h3>{title}</h3>
			<form
				className="panel-form"
				onSubmit={(event) => {
					event.preventDefault();
					void run();
				}}
			>
				{children}
				<button type="submit" disabled={disabled || state === 'sending'}>
					{button}
				</button>
				<p className={state === 'failed' ? 'trouble' : 'quiet'} role={state === 'failed' ? 'alert' : 'status'}>
					{state === 'done' ? done : state === 'failed' ? t('day.incident.failed') : ''}
				</p>
			</form>
		</>
	);
}

function BreakDown({ now }: { now: number }) {
	const { t } = useTexts();
	const { fleet } = useDirectory();
	const selection = useSelection();
	const id = useId();
	const [chosen, setChosen] = useState<string | null>(null);
	const [reason, setReason] = useState('');
	const going = [...fleet.values()].filter(
		({ outages }) => !outages.some(({ from, until }) => from <= now && (until === null || until > now)),
	);
	// One that was just taken out is not among them any more: the next is offered.
	const wanted = [chosen, selection?.kind === 'van' ? selection.id : null];
	const record = wanted.map((one) => going.find(({ vehicle: each }) => each === one)).find((one) => one !== undefined) ?? going[0];
	const vehicle = record?.vehicle ?? '';
	return (
		<IncidentForm
			title={t('day.incident.vehicle')}
			button={t('day.incident.vehicleSend')}
			done={t('day.incident.recorded')}
			disabled={record === undefined}
			send={async () => {
				if (record !== undefined) await dayApi.breakDown(record.id, Math.round(now), reason.trim() || t('day.incident.broken'));
			}}
		>
			<label htmlFor={`${id}v`}>{t('inspector.title')}</label>
			<select id={`${id}v`} value={vehicle} onChange={(event) => setChosen(event.target.value)}>
				{going.map((one) => (
					<option key={one.vehicle} value={one.vehicle}>
						{one.name}
					</option>
				))}
			</select>
			<label htmlFor={`${id}r`}>{t('day.incident.reason')}</label>
			<input
				id={`${id}r`}
				maxLength={300}
				value={reason}
				placeholder={t('day.incident.broken')}
				onChange={(event) => setReason(event.target.value)}
			/>
		</IncidentForm>
	);
}

function FallIll({ now }: { now: number }) {
	const { t, language } = useTexts();
	const { doctors } = useDirectory();
	const { date, plan } = useDay();
	const id = useId();
	const [chosen, setChosen] = useState<number | null>(null);
	// Those who are in today's plan come first: the others leave no gap.
	const planned = new Set(plan?.doctors.map((doctor) => doctor.id));
	const all = [...doctors.values()].toSorted((a, b) => Number(planned.has(b.id)) - Number(planned.has(a.id)));
	const doctor = chosen ?? all[0]?.id;
	return (
		<IncidentForm
			title={t('day.incident.doctor')}
			button={t('day.incident.doctorSend')}
			done={t('day.incident.recorded')}
			disabled={doctor === undefined || date === null}
			send={async () => {
				if (doctor !== undefined && date !== null) {
					await dayApi.beAway(doctor, Math.round(now), momentOf(date, '24:00'), t('day.incident.ill'));
				}
			}}
		>
			<label htmlFor={id}>{t('desk.doctor')}</label>
			<select id={id} value={doctor} onChange={(event) => setChosen(Number(event.target.value))}>
				{all.map(({ id: number, name }) => (
					<option key={number} value={number}>
						{t('day.doctorName', { name: name[language] })}
					</option>
				))}
			</select>
		</IncidentForm>
	);
}

function Cancel({ views }: { views: ReadonlyMap<string, RouteView> }) {
	const { t } = useTexts();
	const { visits } = useDirectory();
	const { directory, day } = useDayActions();
	const names = useNames();
	const id = useId();
	const selection = useSelection();
	const [chosen, setChosen] = useState<number | null>(null);
	const [note, setNote] = useState('');
	const open = [...visits.values()]
		.filter(({ id: number, state }) => (state === 'planned' || state === 'open') && findVisit(views, number) !== null)
		.map((visit) => ({ visit, label: names.visit(visit.id) }))
		.toSorted((a, b) => a.label.localeCompare(b.label, 'ja'));
	const wanted = [chosen, selection?.kind === 'visit' ? selection.id : null];
	const visit = (wanted.map((one) => open.find((each) => each.visit.id === one)).find((one) => one !== undefined) ?? open[0])
		?.visit;
	const number = visit?.id;
	return (
		<IncidentForm
			title={t('day.incident.visit')}
			button={t('day.visit.cancelNow')}
			done={t('day.incident.recorded')}
			disabled={visit === undefined}
			send={async () => {
				if (visit === undefined) return;
				const changed = await dayApi.cancelVisit(visit.id, visit.version, note.trim());
				directory.put(changed);
				day.visitIs(changed.id, changed.state);
			}}
		>
			<label htmlFor={`${id}v`}>{t('day.incident.whichVisit')}</label>
			<select id={`${id}v`} value={number} onChange={(event) => setChosen(Number(event.target.value))}>
				{open.map((one) => (
					<option key={one.visit.id} value={one.visit.id}>
						{one.label}
					</option>
				))}
			</select>
			<label htmlFor={`${id}n`}>{t('day.visit.cancelWhy')}</label>
			<input id={`${id}n`} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
		</IncidentForm>
	);
}
