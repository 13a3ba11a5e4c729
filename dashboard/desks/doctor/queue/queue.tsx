/** Today's consults of the doctor: who is next, where, and when by now. */
import { useId } from 'react';
import { navigate } from '../../../app/router.tsx';
import { formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { isOver, minutesLate, standingOf, turnOf, type Consult } from './standing.ts';
import { useQueue } from './use-queue.ts';
import './queue.css';

/** @param chosen the van that is looked at */
export function Queue({ chosen }: { chosen: string | null }) {
	const { t } = useTexts();
	const { queue, failed, reload } = useQueue();
	const id = useId();
	const turn = queue === null ? null : turnOf(queue.consults);
	return (
		<section className="queue" aria-labelledby={`${id}-title`} data-testid="queue">
			<h2 id={`${id}-title`}>{t('queue.title')}</h2>
			{queue === null && !failed && <p className="quiet">{t('app.loading')}</p>}
			{failed && (
				<p className="queue-failed" role="alert">
					{t(queue === null ? 'queue.failed' : 'queue.old')}{' '}
					<button type="button" onClick={reload}>
						{t('app.retry')}
					</button>
				</p>
			)}
			{queue !== null && queue.consults.length === 0 && (
				<Empty hasDoctor={queue.doctor !== null} hasPlan={queue.revision !== null} />
			)}
			{queue !== null && queue.consults.length > 0 && (
				<>
					<ol>
						{queue.consults.map((consult) => (
							<li key={consult.visit}>
								<Row
									consult={consult}
									mark={turn?.visit === consult.visit ? turn.mark : null}
									isOpen={consult.vehicle.id === chosen}
									hint={`${id}-hint`}
								/>
							</li>
						))}
					</ol>
					<p className="queue-note" id={`${id}-hint`}>
						{t('queue.hint')}
					</p>
				</>
			)}
			{queue?.doctor && queue.revision !== null && queue.published !== null && (
				<p className="queue-note">
					{t('queue.plan', { revision: queue.revision, time: formatTime(queue.published), by: queue.by ?? '' })}
				</p>
			)}
		</section>
	);
}

function Empty({ hasDoctor, hasPlan }: { hasDoctor: boolean; hasPlan: boolean }) {
	const { t } = useTexts();
	if (!hasDoctor) {
		return (
			<div className="queue-empty">
				<p>{t('queue.noDoctor')}</p>
				<p className="quiet">{t('queue.noDoctorHint')}</p>
			</div>
		);
	}
	return <p className="queue-empty">{t(hasPlan ? 'queue.empty' : 'queue.noPlan')}</p>;
}

interface RowProps {
	consult: Consult;
	mark: 'now' | 'next' | null;
	isOpen: boolean;
	hint: string;
}

function Row({ consult, mark, isOpen, hint }: RowProps) {
	const { t, language } = useTexts();
	const { visit, patient, need, vehicle, place, municipality, from } = consult;
	const late = minutesLate(consult);
	const classes = ['queue-row', isOver(consult) && 'queue-over', isOpen && 'queue-open', mark !== null && `queue-${mark}`];
	return (
		<button
			type="button"
			className={classes.filter(Boolean).join(' ')}
			data-consult={visit}
			aria-current={mark === null ? undefined : 'step'}
			aria-describedby={hint}
			onClick={() => navigate(`/doctor/${encodeURIComponent(vehicle.id)}`)}
		>
			<span className="queue-time">
				{formatTime(from)}
				{late !== null && late !== 0 && (
					<b>{late > 0 ? t('queue.late', { minutes: late }) : t('queue.early', { minutes: -late })}</b>
				)}
			</span>
			<span className="queue-who">
				<b>{patient === null ? t('queue.unknown', { number: visit }) : `${patient.name.family} ${patient.name.given}`}</b>
				{mark !== null && <span className="queue-mark">{t(`queue.mark.${mark}`)}</span>}
			</span>
			<span className="queue-what">
				{patient !== null && `${t('queue.age', { age: patient.age })} ${t(`registry.sex.${patient.sex}`)} · `}
				{t(`plan.need.${need}`)}
			</span>
			<span className="queue-where">
				<span>
					{vehicle.name} · {(municipality ?? place)[language]}
				</span>
				<span className="queue-state">{t(`queue.state.${standingOf(consult)}`)}</span>
			</span>
			{mark !== null && <Turn consult={consult} />}
		</button>
	);
}

/** More of the one that the doctor turns to. */
function Turn({ consult: { patient, estimate, place, municipality } }: { consult: Consult }) {
	const { t, language } = useTexts();
	const waits = estimate === null ? 0 : Math.round(estimate.patientWait / 60);
	return (
		<span className="queue-turn">
			{patient?.kana && (
				<span lang="ja">
					{patient.kana.family} {patient.kana.given}
				</span>
			)}
			{municipality !== null && <span>{place[language]}</span>}
			{estimate === null ? (
				<span>{t('queue.noExpected')}</span>
			) : (
				estimate.state === 'later' && (
					<span>
						{t('queue.expected', {
							time: formatTime(estimate.eta),
							from: formatTime(estimate.low),
							to: formatTime(estimate.high),
						})}
					</span>
				)
			)}
			{waits > 0 && <span>{t('queue.patientWaits', { minutes: waits })}</span>}
		</span>
	);
}
