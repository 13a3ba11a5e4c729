/** The route of the chosen van: stop by stop, with place, expected and planned time, and the doctor who joins. */
import type { ConsultEstimate, PlannedVisit, VehicleEstimate } from '@junkai/contracts';
import { formatDistance, formatDuration, formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { Expected } from './expected.tsx';
import { lateness, type RouteView, type StopView } from './route-view.ts';
import { select, useSelection } from './selection.ts';
import { useNames } from './use-names.ts';
import './route.css';

interface Props {
	view: RouteView;
	estimate: VehicleEstimate | null;
	/** Service time. */
	now: number;
	onShow: () => void;
}

export function RoutePanel({ view, estimate, now, onShow }: Props) {
	const { t } = useTexts();
	const { route, stops, colour } = view;
	const visits = stops.filter(({ number }) => number !== null).length;
	const last = stops.at(-1)!;
	return (
		<section className="route" aria-label={t('plan.route')} data-testid="route" style={{ '--route': colour } as object}>
			<h3>
				{t('plan.route')}
				{visits > 0 && (
					<button type="button" onClick={onShow}>
						{t('plan.showRoute')}
					</button>
				)}
			</h3>
			{visits === 0 ? (
				<p className="quiet">{t('plan.noVisits')}</p>
			) : (
				<>
					<p className="route-sum">
						{t('plan.stops', { count: visits })} · {formatDistance(route.distance)} ·{' '}
						{t('plan.back', { time: formatTime(last.estimate?.eta ?? last.stop.arrival) })}
					</p>
					{estimate !== null && <Basis estimate={estimate} />}
					<ol>
						{stops.map((stop, index) => (
							<Stop key={index} van={route.vehicle} at={index} view={stop} consults={estimate?.consults ?? []} now={now} />
						))}
					</ol>
				</>
			)}
		</section>
	);
}

/** What the times rest on, as long as that is not the van's own position of now. */
function Basis({ estimate: { basis, age, offRoute } }: { estimate: VehicleEstimate }) {
	const { t, language } = useTexts();
	if (basis === 'position' && !offRoute) return null;
	return (
		<p className="route-basis">
			{offRoute && <b>{t('day.offRoute')}</b>}
			{basis !== 'position' && t(`day.basis.${basis}`, { age: formatDuration(age * 1000, language) })}
		</p>
	);
}

interface StopProps {
	van: string;
	at: number;
	view: StopView;
	consults: readonly ConsultEstimate[];
	now: number;
}

function Stop({ van, at, view, consults, now }: StopProps) {
	const { t, language } = useTexts();
	const selection = useSelection();
	const { stop, number, state, reached, estimate } = view;
	const late = lateness(view, now);
	const word = state === 'next' ? t(reached ? 'plan.here' : 'plan.next') : state === 'done' ? t('plan.done') : null;
	const chosen = selection?.kind === 'stop' && selection.vehicle === van && selection.stop === at;
	const name = stop.kind === 'visits' ? stop.name[language] : t(`plan.kind.${stop.kind}`);
	return (
		<li
			className={`stop stop-${state} stop-${stop.kind}${chosen ? ' stop-chosen' : ''}`}
			aria-current={state === 'next' ? 'step' : undefined}
		>
			<span className="stop-mark" aria-hidden="true">
				{number ?? ''}
			</span>
			<time>{formatTime(estimate?.eta ?? stop.arrival)}</time>
			<div>
				<p className="stop-place">
					{stop.kind === 'visits' ? (
						<button type="button" className="link" onClick={() => select({ kind: 'stop', vehicle: van, stop: at })}>
							{name}
						</button>
					) : (
						name
					)}
					{stop.kind === 'visits' && stop.municipality !== null && <small>{stop.municipality[language]}</small>}
					{stop.kind === 'start' && <small>{stop.name[language]}</small>}
					{stop.kind === 'break' && <small>{t('plan.until', { time: formatTime(stop.departure) })}</small>}
					{word !== null && <span className={state === 'done' ? 'visually-hidden' : 'stop-word'}>{word}</span>}
				</p>
				{estimate !== null && state !== 'done' && !reached && (
					<p className="stop-expected">
						<Expected {...estimate} planned={stop.arrival} boundsOnly />
						{late > 0 && <b className="stop-late">{t('day.late', { age: formatDuration(late, language) })}</b>}
					</p>
				)}
				{estimate === null && late > 0 && <p className="stop-late">{t('plan.late', { age: formatDuration(late, language) })}</p>}
				{stop.visits.map((visit) => (
					<Visit key={visit.visit} visit={visit} consult={consults.find((one) => one.visit === visit.visit) ?? null} />
				))}
				{stop.meetingPoint && <p className="stop-note">{t('plan.meetingPoint')}</p>}
			</div>
		</li>
	);
}

function Visit({ visit, consult: expected }: { visit: PlannedVisit; consult: ConsultEstimate | null }) {
	const { t, language } = useTexts();
	const names = useNames();
	const { consult } = visit;
	const wait = expected === null ? 0 : Math.max(expected.doctorWait, expected.patientWait);
	return (
		<p className="stop-visit">
			<button type="button" className="link" onClick={() => select({ kind: 'visit', id: visit.visit })}>
				{names.patient(visit.visit) ?? t('day.visitNumber', { number: visit.visit })}
			</button>
			<span>{t(`plan.need.${visit.need}`)}</span>
			{consult !== null && (
				<span>{t('day.consultAt', { time: formatTime(expected?.eta ?? consult.from), name: names.doctor(consult.doctor) })}</span>
			)}
			{expected !== null && expected.state === 'off' && <b className="stop-late">{t('day.consultOff')}</b>}
			{expected !== null && expected.state === 'later' && wait >= 300 && (
				<b className="stop-late">
					{t(expected.doctorWait >= expected.patientWait ? 'day.doctorWaits' : 'day.patientWaits', {
						age: formatDuration(wait * 1000, language),
					})}
				</b>
			)}
		</p>
	);
}
