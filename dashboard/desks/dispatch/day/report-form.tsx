/** What a crew tells by phone, put down by the dispatcher for it. */
import { useId, useState } from 'react';
import { crewReportStates, notDoneReasons, type CrewReport } from '@junkai/contracts';
import { dayApi } from '../../../shared/api/day.ts';
import { ApiError } from '../../../shared/api/rest.ts';
import { formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { momentOf, readTime, zonedOf } from '../../../shared/records/dates.ts';
import { useDayActions } from './day-context.tsx';
import type { RouteView } from './route-view.ts';
import { useNames } from './use-names.ts';

type State = (typeof crewReportStates)[number];
type Reason = (typeof notDoneReasons)[number];
const ofStop: readonly State[] = ['departed', 'arrived'];
const ofVisit: readonly State[] = ['started', 'done', 'not-done'];

interface Props {
	view: RouteView;
	/** Service time. */
	now: number;
}

export function ReportForm({ view, now }: Props) {
	const { t } = useTexts();
	const [open, setOpen] = useState(false);
	return (
		<details className="report" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary>{t('day.report.title')}</summary>
			{open && <Form key={view.route.vehicle} view={view} now={now} />}
		</details>
	);
}

function Form({ view, now }: Props) {
	const { t, language } = useTexts();
	const { day } = useDayActions();
	const names = useNames();
	const id = useId();
	const { vehicle, next, reached, stops } = view.route;
	const visits = stops.flatMap((stop) => stop.visits);
	const here = stops[next]?.visits[0]?.visit ?? visits[0]?.visit;
	const [state, setState] = useState<State>(reached ? 'done' : 'arrived');
	const [stop, setStop] = useState(next);
	const [visit, setVisit] = useState(here);
	const [time, setTime] = useState(() => formatTime(now));
	const [reason, setReason] = useState<Reason>('patient-absent');
	const [minutes, setMinutes] = useState('15');
	const [note, setNote] = useState('');
	const [told, setTold] = useState<{ kind: 'sending' | 'sent' } | { kind: 'failed'; why: string } | null>(null);

	const send = async () => {
		const read = readTime(time);
		if (read === null) return setTold({ kind: 'failed', why: t('day.report.badTime') });
		const late = Number(minutes.normalize('NFKC'));
		if (state === 'delayed' && !(late >= 0 && late <= 600)) return setTold({ kind: 'failed', why: t('day.report.badMinutes') });
		const report: CrewReport = {
			state,
			time: momentOf(zonedOf(now).day, read),
			...(ofStop.includes(state) && { stop }),
			...(ofVisit.includes(state) && visit !== undefined && { visit }),
			...(state === 'not-done' && { reason }),
			...(state === 'delayed' && { minutes: late }),
			...(note.trim() !== '' && { note: note.trim() }),
		};
		setTold({ kind: 'sending' });
		try {
			day.take({ type: 'estimate', estimate: await dayApi.report(vehicle, report) });
			setTold({ kind: 'sent' });
			setNote('');
		} catch (error) {
			setTold({ kind: 'failed', why: (error instanceof ApiError && error.problem?.detail) || t('day.report.failed') });
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
			<label htmlFor={`${id}s`}>{t('day.report.what')}</label>
			<select
				id={`${id}s`}
				value={state}
				onChange={(e) => setState(crewReportStates.find((one) => one === e.target.value) ?? state)}
			>
				{crewReportStates.map((one) => (
					<option key={one} value={one}>
						{t(`day.report.state.${one}`)}
					</option>
				))}
			</select>
			{ofStop.includes(state) && (
				<>
					<label htmlFor={`${id}p`}>{t('day.report.stop')}</label>
					<select id={`${id}p`} value={stop} onChange={(e) => setStop(Number(e.target.value))}>
						{stops.map((one, at) => (
							<option key={at} value={at}>
								{formatTime(one.arrival)} {one.kind === 'visits' ? one.name[language] : t(`plan.kind.${one.kind}`)}
							</option>
						))}
					</select>
				</>
			)}
			{ofVisit.includes(state) && (
				<>
					<label htmlFor={`${id}v`}>{t('day.report.visit')}</label>
					<select id={`${id}v`} value={visit} onChange={(e) => setVisit(Number(e.target.value))}>
						{visits.map((one) => (
							<option key={one.visit} value={one.visit}>
								{formatTime(one.from)} {names.visit(one.visit)}
							</option>
						))}
					</select>
				</>
			)}
			{state === 'not-done' && (
				<>
					<label htmlFor={`${id}r`}>{t('day.report.reason')}</label>
					<select
						id={`${id}r`}
						value={reason}
						onChange={(e) => setReason(notDoneReasons.find((one) => one === e.target.value) ?? reason)}
					>
						{notDoneReasons.map((one) => (
							<option key={one} value={one}>
								{t(`day.report.reasons.${one}`)}
							</option>
						))}
					</select>
				</>
			)}
			{state === 'delayed' && (
				<>
					<label htmlFor={`${id}m`}>{t('day.report.minutes')}</label>
					<input id={`${id}m`} inputMode="numeric" value={minutes} onChange={(e) => setMinutes(e.target.value)} />
				</>
			)}
			<label htmlFor={`${id}t`}>{t('day.report.time')}</label>
			<input id={`${id}t`} inputMode="numeric" value={time} onChange={(e) => setTime(e.target.value)} />
			<label htmlFor={`${id}n`}>{t('day.note')}</label>
			<input id={`${id}n`} maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} />
			<button type="submit" className="strong" disabled={told?.kind === 'sending'}>
				{t('day.report.send')}
			</button>
			<p className={told?.kind === 'failed' ? 'trouble' : 'quiet'} role={told?.kind === 'failed' ? 'alert' : 'status'}>
				{told?.kind === 'sent' ? t('day.report.sent') : told?.kind === 'failed' ? told.why : ''}
			</p>
		</form>
	);
}
