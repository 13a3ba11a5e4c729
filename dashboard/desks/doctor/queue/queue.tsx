/** Today's consults of the doctor: who is next, where, and when by now. */
import { useEffect, useId, useRef } from 'react';
import { navigate } from '../../../app/router.tsx';
import { formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useServiceClock, useServiceNow } from '../../../shared/live/live-context.tsx';
import { isOver, minutesLate, standingOf, turnOf, type Consult } from './standing.ts';
import { useQueue } from './use-queue.ts';
import './queue.css';

/** So many minutes beside the plan are told; less is within what drives and visits vary. */
const worthTelling = 2;

/** @param chosen the van that is looked at */
export function Queue({ chosen }: { chosen: string | null }) {
	const { t } = useTexts();
	const { queue, failed, reload } = useQueue();
	const id = useId();
	const turn = queue === null ? null : turnOf(queue.consults);
	return (
		<section className="queue" aria-labelledby={`${id}-title`} data-testid="queue">
			<h2 id={`${id}-title`}>{t('queue.title')}</h2>
			<SimulatedClock />
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
					<p className="queue-note" id={`${id}-hint`}>
						{t('queue.hint')}
					</p>
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

/** Where the day is not today's, the time by which it goes: the clock of the desk is that of the vans' devices. */
function SimulatedClock() {
	const { t } = useTexts();
	const clock = useServiceClock();
	const now = useServiceNow();
	if (clock === null || now === null || !clock.simulated) return null;
	return (
		<p className="queue-note">
			<b>{formatTime(now)}</b> {t('shell.clock.simulated', { speed: clock.speed })}
		</p>
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
	const row = useRef<HTMLButtonElement>(null);
	// Once, when the list is there: what was done in the morning is above it.
	useEffect(() => {
		if (row.current?.ariaCurrent === 'step') row.current.scrollIntoView({ block: 'nearest' });
	}, []);
	const over = isOver(consult);
	const classes = ['queue-row', over && 'queue-over', isOpen && !over && 'queue-open', mark !== null && `queue-${mark}`];
	return (
		<button
			ref={row}
			type="button"
			className={classes.filter(Boolean).join(' ')}
			data-consult={visit}
			aria-current={mark === null ? undefined : 'step'}
			aria-describedby={hint}
			onClick={() => navigate(`/doctor/${encodeURIComponent(vehicle.id)}`)}
		>
			<span className="queue-time">
				{formatTime(from)}
				{late !== null && Math.abs(late) >= worthTelling && (
					<b>{late > 0 ? t('queue.late', { minutes: late }) : t('queue.early', { minutes: -late })}</b>
				)}
			</span>
			<span className="queue-who">
				<b>{patient === null ? t('queue.unknown', { number: visit }) : `${patient.name.family} ${patient.name.given}`}</b>
				{mark === null ? (
					<span className="queue-state">{t(`queue.state.${standingOf(consult)}`)}</span>
				) : (
					<span className="queue-mark">{t(`queue.mark.${mark}`)}</span>
				)}
			</span>
			<span className="queue-what">
				{patient !== null && `${t('queue.age', { age: patient.age })} ${t(`registry.sex.${patient.sex}`)} · `}
				{t(`plan.need.${need}`)}
			</span>
			<span className="queue-where">
				{vehicle.name} · {(municipality ?? place)[language]}
			</span>
			{mark !== null && <Turn consult={consult} />}
		</button>
	);
}

/** More of the one that the doctor turns to. */
function Turn({ consult }: { consult: Consult }) {
	const { patient, estimate, place, municipality } = consult;
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
			<span>{t(`queue.state.${standingOf(consult)}`)}</span>
			{estimate === null ? (
				<span>{t('queue.noExpected')}</span>
			) : (
				estimate.state === 'later' && (
					<span>
						{t('queue.expected', {
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
