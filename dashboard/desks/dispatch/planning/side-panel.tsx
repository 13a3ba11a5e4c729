/** Beside the timeline: what is selected, what found no place, and the figures. */
import { useState } from 'react';
import type { DraftDay, PlanBoard } from '@junkai/contracts';
import { formatDistance, formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { findVisit, type TimelineData } from '../timeline/model.ts';
import type { TimelineSelection } from '../timeline/props.ts';
import { minutesWords } from './days.ts';
import { Figures, Loads } from './measures.tsx';
import { explain, type SentenceWords } from './sentences.ts';
import type { PlanNames } from './use-names.ts';

export type SideTab = 'selected' | 'unassigned' | 'measures';

export interface SideActions {
	pin: (visit: number, pinned: boolean) => void;
	lock: (vehicle: string, locked: boolean) => void;
	carry: (visit: number) => void;
	takeOut: (visit: number) => void;
	select: (selection: TimelineSelection) => void;
}

interface Props {
	board: PlanBoard;
	day: DraftDay;
	data: TimelineData;
	names: PlanNames;
	words: SentenceWords;
	selection: TimelineSelection | null;
	tab: SideTab;
	onTab: (tab: SideTab) => void;
	canEdit: boolean;
	actions: SideActions;
}

const tabs: readonly SideTab[] = ['selected', 'unassigned', 'measures'];

export function SidePanel(props: Props) {
	const { day, tab, onTab } = props;
	const { t } = useTexts();
	return (
		<aside className="side" aria-label={t('planning.side.label')}>
			<div className="segments" role="group" aria-label={t('planning.side.label')}>
				{tabs.map((name) => (
					<button key={name} type="button" aria-pressed={tab === name} onClick={() => onTab(name)}>
						{t(`planning.side.${name}`)}
						{name === 'unassigned' && day.draft.unassigned.length > 0 && <b className="count">{day.draft.unassigned.length}</b>}
					</button>
				))}
			</div>
			<div className="side-body" tabIndex={0} role="region" aria-label={t(`planning.side.${tab}`)}>
				{tab === 'selected' && <Selected {...props} />}
				{tab === 'unassigned' && <UnassignedList {...props} />}
				{tab === 'measures' && <Measured {...props} />}
			</div>
		</aside>
	);
}

/** Of the day that is shown, or of all days: what belongs to no day alone is in these. */
function Measured({ board, day, names }: Props) {
	const { t } = useTexts();
	const [scope, setScope] = useState<'whole' | 'day'>('whole');
	const measures = (scope === 'whole' ? board.measures : null) ?? day.measures;
	return (
		<>
			{board.days.length > 1 && (
				<div className="segments scope" role="group" aria-label={t('planning.measures.scope')}>
					{(['whole', 'day'] as const).map((name) => (
						<button key={name} type="button" aria-pressed={scope === name} onClick={() => setScope(name)}>
							{t(`planning.measures.${name}`)}
						</button>
					))}
				</div>
			)}
			<Figures measures={measures} />
			<Loads measures={measures} names={names} />
		</>
	);
}

function Selected(props: Props) {
	const { t } = useTexts();
	const { selection } = props;
	if (selection === null) return <p className="quiet">{t('planning.side.choose')}</p>;
	if (selection.kind === 'visit') return <VisitDetail {...props} visit={selection.visit} />;
	if (selection.kind === 'vehicle') return <VanDetail {...props} vehicle={selection.vehicle} />;
	return <DoctorDetail {...props} doctor={selection.doctor} />;
}

function VisitDetail({ visit, board, day, data, names, words, canEdit, actions }: Props & { visit: number }) {
	const { t, language } = useTexts();
	const found = findVisit(data, visit);
	const spare = data.unassigned.find((one) => one.visit === visit);
	if (found === null && spare === undefined) return <p className="quiet">{t('planning.side.choose')}</p>;
	const pinned = board.pinned.includes(visit);
	const place = found?.visit ?? spare!;
	return (
		<div className="detail" data-testid="visit-detail">
			<h3>{names.person(visit)}</h3>
			<dl className="facts">
				<dt>{t('planning.visit.need')}</dt>
				<dd>{t(`plan.need.${place.need}`)}</dd>
				<dt>{t('planning.visit.place')}</dt>
				<dd>
					{place.municipality?.[language]} {place.place[language]}
					{found?.visit.meetingPoint && <small>{t('planning.visit.meetingPoint')}</small>}
				</dd>
				{found !== null && (
					<>
						<dt>{t('planning.visit.time')}</dt>
						<dd>{t('timeline.period', { from: formatTime(found.visit.from), to: formatTime(found.visit.to) })}</dd>
						<dt>{t('planning.visit.vehicle')}</dt>
						<dd>
							<button
								type="button"
								className="plain-link"
								onClick={() => actions.select({ kind: 'vehicle', vehicle: found.lane.vehicle })}
							>
								{names.vehicle(found.lane.vehicle)}
							</button>
						</dd>
						<dt>{t('planning.visit.doctor')}</dt>
						<dd>
							{found.visit.consult === null
								? t('planning.visit.nurseOnly')
								: t('planning.visit.consultAt', {
										doctor: names.doctor(found.visit.consult.doctor),
										from: formatTime(found.visit.consult.from),
										to: formatTime(found.visit.consult.to),
									})}
						</dd>
					</>
				)}
			</dl>
			{spare !== undefined && <Why day={day} visit={visit} words={words} />}
			{canEdit && (
				<div className="detail-buttons">
					<button type="button" onClick={() => actions.carry(visit)}>
						{t(spare === undefined ? 'planning.visit.move' : 'planning.unassigned.place')}
						<kbd>m</kbd>
					</button>
					{found !== null && (
						<>
							<button type="button" aria-pressed={pinned} onClick={() => actions.pin(visit, !pinned)}>
								{t(pinned ? 'planning.visit.unpin' : 'planning.visit.pin')}
								<kbd>p</kbd>
							</button>
							<button type="button" onClick={() => actions.takeOut(visit)}>
								{t('planning.visit.out')}
							</button>
						</>
					)}
				</div>
			)}
		</div>
	);
}

function Why({ day, visit, words }: { day: DraftDay; visit: number; words: SentenceWords }) {
	const { t } = words;
	const reason = day.reasons.find((one) => one.visit === visit);
	if (reason === undefined) return <p>{t('planning.why.unknown')}</p>;
	const { why, remedy } = explain(reason, words);
	return (
		<div className="why" data-rule={reason.blocking?.rule ?? reason.withheld ?? ''}>
			<p>{why.join(words.language === 'ja' ? '' : ' ')}</p>
			<p className="remedy">
				<b>{t('planning.unassigned.remedy')}</b> {remedy ?? t('planning.unassigned.noRemedy')}
			</p>
		</div>
	);
}

function UnassignedList({ day, data, names, words, actions, selection }: Props) {
	const { t, language } = useTexts();
	if (data.unassigned.length === 0) return <p className="quiet">{t('planning.unassigned.none')}</p>;
	return (
		<ul className="unassigned-list" data-testid="unassigned">
			{data.unassigned.map(({ visit, need, place, municipality }) => (
				<li key={visit} data-visit={visit} className={selection?.kind === 'visit' && selection.visit === visit ? 'chosen' : ''}>
					<h3>
						<button type="button" className="plain-link" onClick={() => actions.select({ kind: 'visit', visit })}>
							{names.person(visit)}
						</button>
						<small>
							{municipality?.[language]} {place[language]} · {t(`plan.need.${need}`)}
						</small>
					</h3>
					<Why day={day} visit={visit} words={words} />
				</li>
			))}
		</ul>
	);
}

function VanDetail({ vehicle, board, day, data, names, canEdit, actions }: Props & { vehicle: string }) {
	const { t, language } = useTexts();
	const lane = data.vehicles.find((one) => one.vehicle === vehicle);
	const measured = day.measures.vehicles.find((one) => one.vehicle === vehicle);
	if (lane === undefined) return <p className="quiet">{t('planning.side.choose')}</p>;
	const locked = board.locked.some((one) => one.vehicle === vehicle && one.date === day.date);
	const time = (seconds: number) => minutesWords(seconds, language);
	return (
		<div className="detail">
			<h3>{names.vehicle(vehicle)}</h3>
			<dl className="facts">
				{lane.crew.length > 0 && (
					<>
						<dt>{t('planning.van.crew')}</dt>
						<dd>{lane.crew.join(t('timeline.comma'))}</dd>
					</>
				)}
				{lane.shift !== null && (
					<>
						<dt>{t('planning.van.shift')}</dt>
						<dd>{t('timeline.period', { from: formatTime(lane.shift[0]), to: formatTime(lane.shift[1]) })}</dd>
					</>
				)}
				<dt>{t('planning.van.visits')}</dt>
				<dd>{t('timeline.visits', { count: lane.visits.length })}</dd>
				{measured !== undefined && (
					<>
						<dt>{t('planning.van.travel')}</dt>
						<dd>{time(measured.travel)}</dd>
						<dt>{t('planning.van.distance')}</dt>
						<dd>{formatDistance(measured.distance)}</dd>
						<dt>{t('planning.van.waiting')}</dt>
						<dd>{time(measured.waiting)}</dd>
						<dt>{t('planning.van.duration')}</dt>
						<dd>{time(measured.duration)}</dd>
					</>
				)}
			</dl>
			{canEdit && (
				<div className="detail-buttons">
					<button type="button" aria-pressed={locked} onClick={() => actions.lock(vehicle, !locked)}>
						{t(locked ? 'planning.van.unlock' : 'planning.van.lock')}
						<kbd>l</kbd>
					</button>
				</div>
			)}
			{lane.visits.length === 0 ? (
				<p className="quiet">{t('planning.van.none')}</p>
			) : (
				<ol className="visit-list">
					{lane.visits.map(({ visit, from, place, need }) => (
						<li key={visit}>
							<time>{formatTime(from)}</time>
							<button type="button" className="plain-link" onClick={() => actions.select({ kind: 'visit', visit })}>
								{names.person(visit)}
							</button>
							<small>
								{place[language]} · {t(`plan.need.${need}`)}
							</small>
						</li>
					))}
				</ol>
			)}
		</div>
	);
}

function DoctorDetail({ doctor, day, data, names, actions }: Props & { doctor: number }) {
	const { t, language } = useTexts();
	const lane = data.doctors.find((one) => one.doctor === doctor);
	const measured = day.measures.doctors.find((one) => one.doctor === doctor);
	if (lane === undefined) return <p className="quiet">{t('planning.side.choose')}</p>;
	const time = (seconds: number) => minutesWords(seconds, language);
	return (
		<div className="detail">
			<h3>{names.doctor(doctor)}</h3>
			<dl className="facts">
				<dt>{t('planning.doctor.offered')}</dt>
				<dd>
					{lane.hours
						.map(([from, to]) => t('timeline.period', { from: formatTime(from), to: formatTime(to) }))
						.join(t('timeline.comma')) || '–'}
				</dd>
				<dt>{t('planning.doctor.consults')}</dt>
				<dd>{t('timeline.consults', { count: lane.consults.length })}</dd>
				{measured !== undefined && (
					<>
						<dt>{t('planning.doctor.busy')}</dt>
						<dd>{time(measured.busy)}</dd>
						<dt>{t('planning.doctor.gaps')}</dt>
						<dd>{time(measured.gaps)}</dd>
					</>
				)}
			</dl>
			<ol className="visit-list">
				{lane.consults.map(({ visit, vehicle, from }) => (
					<li key={visit}>
						<time>{formatTime(from)}</time>
						<button type="button" className="plain-link" onClick={() => actions.select({ kind: 'visit', visit })}>
							{names.person(visit)}
						</button>
						<small>{names.vehicle(vehicle)}</small>
					</li>
				))}
			</ol>
		</div>
	);
}
