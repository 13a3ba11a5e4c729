/** One visit: who, where, when, by whom, how it stands; cancel it, or have it planned again. */
import { useId, useState } from 'react';
import type { Patient, Visit, VisitRequest } from '@junkai/contracts';
import { Link } from '../../../app/router.tsx';
import { dayApi } from '../../../shared/api/day.ts';
import { ApiError } from '../../../shared/api/rest.ts';
import { formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import type { MarkKind } from '../../../shared/ui/state-mark.tsx';
import { ageOn } from '../../../shared/records/dates.ts';
import { useDay, useDayActions, useDirectory } from './day-context.tsx';
import { Expected } from './expected.tsx';
import { Fact, PanelHead } from './panel.tsx';
import { findVisit, type RouteView } from './route-view.ts';
import { select } from './selection.ts';
import { useFetched } from './use-fetched.ts';
import { useNames } from './use-names.ts';

const marks: Readonly<Record<Visit['state'], MarkKind>> = {
	open: 'off',
	planned: 'wait',
	'under-way': 'good',
	done: 'good',
	'not-done': 'bad',
	cancelled: 'off',
};

interface Props {
	id: number;
	views: ReadonlyMap<string, RouteView>;
	onShow: (lon: number, lat: number) => void;
	onClose: () => void;
}

export function VisitInspector({ id, views, onShow, onClose }: Props) {
	const { t, language } = useTexts();
	const { plan, date } = useDay();
	const directory = useDirectory();
	const names = useNames();
	const known = directory.visits.get(id);
	const fetched = useFetched(known === undefined ? `visit ${id}` : null, () => dayApi.visit(id));
	const visit = known ?? fetched;
	const patient = usePatient(visit?.patient ?? null);
	const request = useFetched(visit ? `request ${visit.request} ${visit.version}` : null, () => dayApi.request(visit?.request ?? 0));
	const placed = findVisit(views, id);
	const left = plan?.unassigned.find((one) => one.visit === id);
	const at = placed?.stop.stop ?? left ?? null;
	const location = at?.location ?? patient?.home.location;
	const name = patient ? `${patient.name.family} ${patient.name.given}` : names.visit(id);
	return (
		<section className="inspector" aria-label={name} data-testid="visit-inspector">
			<PanelHead
				title={name}
				{...(visit && { mark: marks[visit.state] })}
				onShow={location === undefined ? undefined : () => onShow(location[0], location[1])}
				onClose={onClose}
			>
				{visit && <p>{stateWords(t, visit, placed !== null, left !== undefined)}</p>}
			</PanelHead>
			{visit === null && <p className="quiet">{t('day.visit.unknown')}</p>}
			<dl>
				{patient && <PatientFacts patient={patient} date={date} />}
				{at !== null && (
					<Fact name={t('day.visit.place')}>
						{at.name[language]}
						{at.municipality !== null && <small>{at.municipality[language]}</small>}
					</Fact>
				)}
				{at === null && patient && <Fact name={t('day.visit.place')}>{patient.home.address}</Fact>}
				{placed !== null && <Times id={id} views={views} />}
				{request && <RequestFacts request={request} />}
				{visit && visit.note !== '' && <Fact name={t('day.note')}>{visit.note}</Fact>}
			</dl>
			{left !== undefined && <p className="panel-warn">{t(`plan.rule.${left.rule ?? 'unknown'}`)}</p>}
			{visit && <Actions visit={visit} />}
			{visit && (
				<p className="footnote">
					<Link to={`/dispatch/requests?request=${visit.request}`}>{t('day.visit.record')}</Link>
				</p>
			)}
		</section>
	);
}

function usePatient(id: number | null): Patient | null | undefined {
	const { patients } = useDirectory();
	const known = id === null ? undefined : patients.get(id);
	const fetched = useFetched(id !== null && known === undefined ? `patient ${id}` : null, async () =>
		id === null ? null : ((await dayApi.patients([id]))[0] ?? null),
	);
	return known ?? fetched;
}

function stateWords(t: ReturnType<typeof useTexts>['t'], { state, reason }: Visit, placed: boolean, left: boolean): string {
	if (left && (state === 'open' || state === 'planned')) return t('day.visit.unassigned');
	const word = t(`day.visitState.${placed && state === 'open' ? 'planned' : state}`);
	return reason === null ? word : `${word}（${t(`day.report.reasons.${reason}`)}）`;
}

function PatientFacts({ patient, date }: { patient: Patient; date: string | null }) {
	const { t } = useTexts();
	const age = date === null ? null : ageOn(patient.birthDate, date);
	return (
		<>
			{age !== null && <Fact name={t('day.visit.age')}>{t('day.visit.years', { count: age })}</Fact>}
			<Fact name={t('day.visit.phone')}>
				{patient.phone === null ? t('inspector.unknown') : <a href={`tel:${patient.phone}`}>{patient.phone}</a>}
				{patient.contact !== null && (
					<small>
						{patient.contact.name} <a href={`tel:${patient.contact.phone}`}>{patient.contact.phone}</a>
					</small>
				)}
			</Fact>
			{patient.note !== '' && <Fact name={t('day.visit.about')}>{patient.note}</Fact>}
		</>
	);
}

/** Van, times and doctor, as they are expected now. */
function Times({ id, views }: { id: number; views: ReadonlyMap<string, RouteView> }) {
	const { t } = useTexts();
	const { estimates } = useDay();
	const names = useNames();
	const placed = findVisit(views, id);
	if (placed === null) return null;
	const { view, stop, visit } = placed;
	const consult = estimates.get(view.route.vehicle)?.consults.find((one) => one.visit === id);
	return (
		<>
			<Fact name={t('inspector.title')}>
				<button type="button" className="link" onClick={() => select({ kind: 'van', id: view.route.vehicle })}>
					{names.van(view.route.vehicle)}
				</button>
			</Fact>
			<Fact name={t('day.visit.arrival')}>
				{stop.estimate === null ? (
					t('day.planned', { time: formatTime(stop.stop.arrival) })
				) : (
					<Expected {...stop.estimate} planned={stop.stop.arrival} />
				)}
			</Fact>
			<Fact name={t('day.visit.time')}>{t('day.period', { from: formatTime(visit.from), to: formatTime(visit.to) })}</Fact>
			{visit.consult !== null && (
				<Fact name={t('day.visit.doctor')}>
					<button type="button" className="link" onClick={() => select({ kind: 'doctor', id: visit.consult!.doctor })}>
						{names.doctor(visit.consult.doctor)}
					</button>
					{consult === undefined ? (
						<span>{t('day.planned', { time: formatTime(visit.consult.from) })}</span>
					) : (
						<Expected {...consult} planned={consult.planned} />
					)}
					{consult?.state === 'off' && <b className="stop-late">{t('day.consultOff')}</b>}
				</Fact>
			)}
		</>
	);
}

function RequestFacts({ request }: { request: VisitRequest }) {
	const { t } = useTexts();
	return (
		<>
			<Fact name={t('day.visit.need')}>
				{t(`plan.need.${request.need}`)}
				{request.urgency !== 'routine' && <b className="panel-urgent">{t(`day.visit.urgency.${request.urgency}`)}</b>}
			</Fact>
			{request.note !== '' && <Fact name={t('day.visit.requestNote')}>{request.note}</Fact>}
		</>
	);
}

/** Cancel asks once; a cancelled one can be had back. */
function Actions({ visit }: { visit: Visit }) {
	const { t } = useTexts();
	const { directory, day } = useDayActions();
	const id = useId();
	const [asking, setAsking] = useState(false);
	const [note, setNote] = useState('');
	const [trouble, setTrouble] = useState<string | null>(null);
	const run = async (action: () => Promise<Visit>) => {
		setTrouble(null);
		try {
			const changed = await action();
			directory.put(changed);
			day.visitIs(changed.id, changed.state);
			setAsking(false);
		} catch (error) {
			const stale = error instanceof ApiError && error.status === 409;
			setTrouble(t(stale ? 'day.visit.stale' : 'day.visit.failed'));
		}
	};
	const again = visit.state === 'cancelled' || visit.state === 'not-done';
	return (
		<div className="panel-actions">
			{again && (
				<button type="button" onClick={() => void run(() => dayApi.reopenVisit(visit.id, visit.version))}>
					{t('day.visit.reopen')}
				</button>
			)}
			{(visit.state === 'open' || visit.state === 'planned') && !asking && (
				<button type="button" onClick={() => setAsking(true)}>
					{t('day.visit.cancel')}
				</button>
			)}
			{asking && (
				<form
					className="panel-form"
					onSubmit={(event) => {
						event.preventDefault();
						void run(() => dayApi.cancelVisit(visit.id, visit.version, note.trim()));
					}}
				>
					<label htmlFor={id}>{t('day.visit.cancelWhy')}</label>
					<input id={id} autoFocus maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
					<button type="submit" className="danger">
						{t('day.visit.cancelNow')}
					</button>
					<button type="button" onClick={() => setAsking(false)}>
						{t('day.visit.keep')}
					</button>
				</form>
			)}
			{trouble !== null && (
				<p className="trouble" role="alert">
					{trouble}
				</p>
			)}
		</div>
	);
}
