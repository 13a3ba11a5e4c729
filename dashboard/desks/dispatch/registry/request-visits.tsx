/** The visits that a request has become: as a calendar and as a list, to be called off and taken up again. */
import { useState } from 'react';
import type { DoctorRecord, FleetVehicle, Visit } from '@junkai/contracts';
import { registryApi } from '../../../shared/api/registry.ts';
import { formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { addMonths, formatShortDay, zonedOf } from '../../../shared/records/dates.ts';
import { FormSection } from '../../../shared/records/form.tsx';
import type { Doings } from '../../../shared/records/undo-bar.tsx';
import { useRecordChanges } from '../../../shared/records/use-records.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { MonthGrid } from './month-grid.tsx';
import { doctorName, spanText, vehicleName } from './record-words.ts';
import { visitNow, type RowState } from './request-rows.ts';
import { rowMarks } from './request-table.tsx';

interface Props {
	visits: readonly Visit[];
	fleet: readonly FleetVehicle[];
	doctors: readonly DoctorRecord[];
	today: string;
	doings: Doings;
}

const lookOf = (visit: Visit, today: string): RowState => (visit.state === 'open' && visit.until < today ? 'overdue' : visit.state);
/** Visits in the list before the one that is next, and all in all. */
const before = 2;
const most = 12;

export function RequestVisits({ visits, fleet, doctors, today, doings }: Props) {
	const { t, language } = useTexts();
	const next = visitNow(visits);
	const [month, setMonth] = useState((next?.planned?.date ?? next?.from ?? today).slice(0, 7));
	const [shift, setShift] = useState(0);
	if (visits.length === 0) {
		return (
			<FormSection title={t('registry.request.visits')}>
				<p className="quiet">{t('registry.request.noVisits')}</p>
			</FormSection>
		);
	}
	const ordered = visits.toSorted((a, b) => a.nth - b.nth);
	const at = Math.max(0, ordered.findIndex(({ id }) => id === next?.id) - before + shift);
	const dayLook = (day: string) => {
		const found = ordered.filter((visit) => exactDay(visit) === day);
		const window = ordered.find(({ from, until, state }) => state === 'open' && from <= day && day <= until);
		const visit = found[0] ?? window;
		if (visit === undefined) return null;
		const look = lookOf(visit, today);
		const title = `${t('registry.visit.nth', { nth: visit.nth })} ${t(`registry.visitState.${look}`)}`;
		return {
			className: found.length > 0 ? `day-visit day-${look}` : `day-window day-${look}`,
			title,
			mark: found.length > 0 ? <StateMark kind={rowMarks[look]} /> : null,
		};
	};
	return (
		<FormSection
			title={t('registry.request.visits')}
			extra={
				<span>
					<button
						type="button"
						className="quiet-button"
						aria-label={t('registry.request.earlierMonth')}
						onClick={() => setMonth(addMonths(month, -1))}
					>
						◀
					</button>
					<button
						type="button"
						className="quiet-button"
						aria-label={t('registry.request.laterMonth')}
						onClick={() => setMonth(addMonths(month, 1))}
					>
						▶
					</button>
				</span>
			}
		>
			<div className="months">
				<MonthGrid month={month} today={today} day={dayLook} />
				<MonthGrid month={addMonths(month, 1)} today={today} day={dayLook} />
			</div>
			<ol className="request-visits" data-testid="visits">
				{ordered.slice(at, at + most).map((visit) => (
					<VisitLine key={visit.id} visit={visit} fleet={fleet} doctors={doctors} today={today} doings={doings} />
				))}
			</ol>
			{ordered.length > most && (
				<p className="visit-pages">
					<button type="button" className="quiet-button" disabled={at === 0} onClick={() => setShift(shift - most)}>
						◀
					</button>
					<span>
						{at + 1}–{Math.min(ordered.length, at + most)} / {ordered.length}
					</span>
					<button
						type="button"
						className="quiet-button"
						disabled={at + most >= ordered.length}
						onClick={() => setShift(shift + most)}
					>
						▶
					</button>
					<span className="visually-hidden">{language}</span>
				</p>
			)}
		</FormSection>
	);
}

/** The day on which it was or is planned; null while it only has a span. */
function exactDay({ planned, actual, from, until, state }: Visit): string | null {
	if (actual !== null) return zonedOf(actual.from).day;
	if (planned !== null) return planned.date;
	return from === until || state !== 'open' ? from : null;
}

function VisitLine({ visit, fleet, doctors, today, doings }: Omit<Props, 'visits'> & { visit: Visit }) {
	const { t, language } = useTexts();
	const { saved } = useRecordChanges();
	const [asking, setAsking] = useState(false);
	const [note, setNote] = useState('');
	const look = lookOf(visit, today);
	const doctor = doctors.find(({ id }) => id === visit.planned?.doctor);
	const step = async (version: number, cancel: boolean, why = '') => {
		const kept = cancel ? await registryApi.cancelVisit(visit.id, version, why) : await registryApi.reopenVisit(visit.id, version);
		saved('visit', kept);
		return kept;
	};
	const act = async (cancel: boolean) => {
		setAsking(false);
		try {
			const kept = await step(visit.version, cancel, note);
			doings.did({
				text: t(cancel ? 'registry.visit.cancelled' : 'registry.visit.reopened', { nth: visit.nth }),
				undo: async () => void (await step(kept.version, !cancel)),
			});
		} catch {
			doings.did({ text: t('registry.visit.failed') });
		}
	};
	return (
		<li data-visit={visit.nth}>
			<span className="visit-nth">{visit.nth}</span>
			<span className="visit-when">
				{visit.planned === null
					? spanText(t, language, visit.from, visit.until)
					: t('registry.visit.planned', {
							day: formatShortDay(visit.planned.date, language),
							from: formatTime(visit.planned.from),
							to: formatTime(visit.planned.to),
							vehicle: vehicleName(visit.planned.vehicle, fleet),
						})}
				{doctor !== undefined && <small> {t('registry.visit.withDoctor', { doctor: doctorName(doctor, language) })}</small>}
				{visit.reason !== null && <small> {t(`registry.notDone.${visit.reason}`)}</small>}
				{visit.note !== '' && <small> {visit.note}</small>}
			</span>
			<span className="visit-state">
				<StateMark kind={rowMarks[look]} /> {t(`registry.visitState.${look}`)}
			</span>
			{(visit.state === 'open' || visit.state === 'planned') && !asking && (
				<button
					type="button"
					className="quiet-button"
					aria-label={`${t('registry.visit.nth', { nth: visit.nth })}: ${t('registry.visit.cancel')}`}
					onClick={() => setAsking(true)}
				>
					{t('registry.visitState.cancelled')}
				</button>
			)}
			{(visit.state === 'cancelled' || visit.state === 'not-done') && (
				<button type="button" className="quiet-button" onClick={() => void act(false)}>
					{t('registry.visit.reopen')}
				</button>
			)}
			{asking && (
				<span className="visit-ask">
					<input
						type="text"
						autoFocus
						maxLength={500}
						aria-label={t('registry.visit.cancelAsk')}
						placeholder={t('registry.visit.cancelAsk')}
						value={note}
						onChange={(event) => setNote(event.target.value)}
						onKeyDown={(event) => {
							if (event.key === 'Enter') {
								event.preventDefault();
								void act(true);
							}
							if (event.key === 'Escape') {
								event.preventDefault();
								setAsking(false);
							}
						}}
					/>
					<button type="button" className="danger" onClick={() => void act(true)}>
						{t('registry.visit.cancel')}
					</button>
					<button type="button" onClick={() => setAsking(false)}>
						{t('registry.form.keep')}
					</button>
				</span>
			)}
		</li>
	);
}
