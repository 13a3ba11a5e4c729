/** The route of the chosen van: stop by stop, with place, time and the doctor who joins. */
import type { PlannedVisit, PublishedPlan } from '@junkai/contracts';
import { formatDistance, formatDuration, formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { lateness, type RouteView, type StopView } from './route-view.ts';
import './route.css';

interface Props {
	plan: PublishedPlan;
	view: RouteView;
	now: number;
	onShow: () => void;
}

export function RoutePanel({ plan, view, now, onShow }: Props) {
	const { t } = useTexts();
	const { route, stops, colour } = view;
	const visits = stops.filter(({ number }) => number !== null).length;
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
						{t('plan.back', { time: formatTime(route.stops.at(-1)!.arrival) })}
					</p>
					<ol>
						{stops.map((stop, index) => (
							<Stop key={index} plan={plan} view={stop} now={now} />
						))}
					</ol>
				</>
			)}
		</section>
	);
}

function Stop({ plan, view, now }: { plan: PublishedPlan; view: StopView; now: number }) {
	const { t, language } = useTexts();
	const { stop, number, state, reached } = view;
	const late = lateness(view, now);
	const word = state === 'next' ? t(reached ? 'plan.here' : 'plan.next') : state === 'done' ? t('plan.done') : null;
	return (
		<li className={`stop stop-${state} stop-${stop.kind}`} aria-current={state === 'next' ? 'step' : undefined}>
			<span className="stop-mark" aria-hidden="true">
				{number ?? ''}
			</span>
			<time>{formatTime(stop.arrival)}</time>
			<div>
				<p className="stop-place">
					{stop.kind === 'visits' ? stop.name[language] : t(`plan.kind.${stop.kind}`)}
					{stop.kind === 'visits' && stop.municipality !== null && <small>{stop.municipality[language]}</small>}
					{stop.kind === 'start' && <small>{stop.name[language]}</small>}
					{stop.kind === 'break' && <small>{t('plan.until', { time: formatTime(stop.departure) })}</small>}
					{word !== null && <span className={state === 'done' ? 'visually-hidden' : 'stop-word'}>{word}</span>}
				</p>
				{late > 0 && <p className="stop-late">{t('plan.late', { age: formatDuration(late, language) })}</p>}
				{stop.visits.map((visit) => (
					<Visit key={visit.visit} plan={plan} visit={visit} />
				))}
				{stop.meetingPoint && <p className="stop-note">{t('plan.meetingPoint')}</p>}
			</div>
		</li>
	);
}

function Visit({ plan, visit }: { plan: PublishedPlan; visit: PlannedVisit }) {
	const { t, language } = useTexts();
	const { consult } = visit;
	const doctor = consult === null ? undefined : plan.doctors.find(({ id }) => id === consult.doctor);
	return (
		<p className="stop-visit">
			{t(`plan.need.${visit.need}`)}
			{consult !== null && (
				<span>{t('plan.consult', { time: formatTime(consult.from), name: doctor?.name[language] ?? t('inspector.unknown') })}</span>
			)}
		</p>
	);
}
