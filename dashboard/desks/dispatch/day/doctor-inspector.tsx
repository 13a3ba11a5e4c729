/** One doctor today: hours, consults with their expected times, who waits for whom; falls ill. */
import { useState } from 'react';
import type { ConsultEstimate, PlannedVisit } from '@junkai/contracts';
import { Link } from '../../../app/router.tsx';
import { dayApi } from '../../../shared/api/day.ts';
import { formatDuration, formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { momentOf } from '../../../shared/records/dates.ts';
import { useDay, useDirectory } from './day-context.tsx';
import { Expected } from './expected.tsx';
import { Fact, PanelHead } from './panel.tsx';
import type { RouteView } from './route-view.ts';
import { select } from './selection.ts';
import { useNames } from './use-names.ts';

interface Consult {
	vehicle: string;
	visit: PlannedVisit;
	from: number;
	estimate: ConsultEstimate | null;
}

interface Props {
	id: number;
	views: ReadonlyMap<string, RouteView>;
	/** Service time. */
	now: number;
	onClose: () => void;
}

/** Waits shorter than this are nobody's concern, s. */
const waitShown = 120;

export function DoctorInspector({ id, views, now, onClose }: Props) {
	const { t } = useTexts();
	const { estimates } = useDay();
	const { doctors } = useDirectory();
	const names = useNames();
	const record = doctors.get(id);
	const away = record?.absences.find(({ from, until }) => from <= now && now < until);
	const consults = [...views.values()]
		.flatMap(({ route: { vehicle, stops } }) =>
			stops.flatMap(({ visits }) =>
				visits.flatMap((visit): Consult[] => {
					if (visit.consult?.doctor !== id) return [];
					const estimate = estimates.get(vehicle)?.consults.find((one) => one.visit === visit.visit) ?? null;
					return [{ vehicle, visit, from: visit.consult.from, estimate }];
				}),
			),
		)
		.toSorted((a, b) => (a.estimate?.eta ?? a.from) - (b.estimate?.eta ?? b.from));
	return (
		<section className="inspector" aria-label={names.doctor(id)} data-testid="doctor-inspector">
			<PanelHead title={names.doctor(id)} mark={away === undefined ? 'good' : 'bad'} onClose={onClose}>
				{away !== undefined && <p>{t('day.doctor.away', { time: formatTime(away.until), reason: away.reason })}</p>}
			</PanelHead>
			<dl>
				{record !== undefined && (
					<Fact name={t('day.doctor.specialties')}>{record.specialties.map((one) => t(`day.specialty.${one}`)).join('・')}</Fact>
				)}
				{record?.phone != null && (
					<Fact name={t('day.visit.phone')}>
						<a href={`tel:${record.phone}`}>{record.phone}</a>
					</Fact>
				)}
			</dl>
			<h3>{t('day.doctor.consults', { count: consults.length })}</h3>
			{consults.length === 0 && <p className="quiet">{t('day.doctor.none')}</p>}
			<ol className="consults">
				{consults.map((consult) => (
					<Row key={consult.visit.visit} {...consult} />
				))}
			</ol>
			{record !== undefined && away === undefined && <FallIll id={id} now={now} />}
			<p className="footnote">
				<Link to="/dispatch/resources">{t('day.doctor.record')}</Link>
			</p>
		</section>
	);
}

function Row({ vehicle, visit, from, estimate }: Consult) {
	const { t, language } = useTexts();
	const names = useNames();
	const doctorWaits = estimate !== null && estimate.doctorWait >= waitShown;
	const patientWaits = estimate !== null && estimate.patientWait >= waitShown;
	return (
		<li className={estimate?.state === 'done' ? 'consult consult-done' : 'consult'}>
			<time>{formatTime(estimate?.eta ?? from)}</time>
			<div>
				<p>
					<button type="button" className="link" onClick={() => select({ kind: 'visit', id: visit.visit })}>
						{names.visit(visit.visit)}
					</button>{' '}
					<small>
						{names.van(vehicle)} · {t(`plan.need.${visit.need}`)}
					</small>
				</p>
				{estimate !== null && estimate.state === 'later' && <Expected {...estimate} planned={estimate.planned} boundsOnly />}
				{estimate?.state === 'now' && <span className="stop-word">{t('day.doctor.now')}</span>}
				{estimate?.state === 'off' && <b className="stop-late">{t('day.consultOff')}</b>}
				{doctorWaits && (
					<b className="stop-late">{t('day.doctorWaits', { age: formatDuration(estimate.doctorWait * 1000, language) })}</b>
				)}
				{patientWaits && (
					<b className="stop-late">{t('day.patientWaits', { age: formatDuration(estimate.patientWait * 1000, language) })}</b>
				)}
			</div>
		</li>
	);
}

/** Away from now until the end of the day. */
function FallIll({ id, now }: { id: number; now: number }) {
	const { t } = useTexts();
	const { date } = useDay();
	const names = useNames();
	const [state, setState] = useState<'idle' | 'asking' | 'failed'>('idle');
	const send = async () => {
		if (date === null) return;
		try {
			await dayApi.beAway(id, Math.round(now), momentOf(date, '24:00'), t('day.incident.ill'));
			setState('idle');
		} catch {
			setState('failed');
		}
	};
	return (
		<div className="panel-actions">
			{state === 'idle' ? (
				<button type="button" onClick={() => setState('asking')}>
					{t('day.doctor.ill')}
				</button>
			) : (
				<>
					<p>{t('day.doctor.illSure', { name: names.doctor(id) })}</p>
					<button type="button" className="danger" onClick={() => void send()}>
						{t('day.doctor.illNow')}
					</button>
					<button type="button" onClick={() => setState('idle')}>
						{t('day.cancel')}
					</button>
				</>
			)}
			{state === 'failed' && (
				<p className="trouble" role="alert">
					{t('day.incident.failed')}
				</p>
			)}
		</div>
	);
}
