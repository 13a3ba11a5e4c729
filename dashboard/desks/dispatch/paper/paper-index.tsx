/** Which sheets there are. */
import { useEffect, useId, useState } from 'react';
import type { CalendarDate, DaySheets } from '@junkai/contracts';
import { Link, setQueryPart, useQueryPart } from '../../../app/router.tsx';
import { coverageApi } from '../../../shared/api/coverage.ts';
import { planBoards } from './boards.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { addDays, addMonths, daysBetween } from '../../../shared/records/dates.ts';
import { Day, isDay, PeriodFields, useToday, type Period } from '../coverage/period-fields.tsx';
import { useAnswer } from '../coverage/use-answer.ts';
import { CalendarFeeds } from './calendar-feeds.tsx';

const MOST_DAYS = 366;

export function PaperIndex() {
	const { t } = useTexts();
	const today = useToday();
	return (
		<main className="paper-page">
			<h1>{t('paper.title')}</h1>
			{today === null ? (
				<p className="quiet">{t('paper.working')}</p>
			) : (
				<div className="paper-columns">
					<DayPart today={today} />
					<div>
						<ReportPart today={today} />
						<CalendarFeeds />
					</div>
				</div>
			)}
		</main>
	);
}

function DayPart({ today }: { today: CalendarDate }) {
	const { t } = useTexts();
	const id = useId();
	const asked = useQueryPart('date');
	const [date, setDate] = useState(asked !== null && isDay(asked) ? asked : today);
	const [board, setBoard] = useState<string | null>(useQueryPart('board'));
	useEffect(() => setQueryPart('date', date === today ? null : date), [date, today]);
	const boards = useAnswer(isDay(date) ? date : null, () => planBoards(date));
	const { found, working, trouble, retry } = useAnswer(isDay(date) ? `${date} ${board}` : null, () =>
		coverageApi.sheets(date, board),
	);
	const fixed = new URLSearchParams({ date, ...(board !== null && { board }) }).toString();
	return (
		<section aria-labelledby={`${id}h`}>
			<h2 id={`${id}h`}>{t('paper.day.title')}</h2>
			<form className="paper-controls" onSubmit={(event) => event.preventDefault()}>
				<Day label={t('paper.day.date')} value={date} today={today} onChange={setDate} />
				<div>
					<label htmlFor={`${id}p`}>{t('paper.day.plan')}</label>
					<select
						id={`${id}p`}
						value={board ?? ''}
						onChange={(event) => setBoard(event.target.value === '' ? null : event.target.value)}
					>
						<option value="">{t('paper.day.published')}</option>
						{boards.found?.map((one) => (
							<option key={one.id} value={one.id}>
								{one.name}
							</option>
						))}
					</select>
				</div>
			</form>
			{working && <p className="quiet">{t('paper.working')}</p>}
			{trouble !== null && (
				<div role="alert">
					<p>
						{t('paper.failed')} {trouble}
					</p>
					<button type="button" onClick={retry}>
						{t('paper.retry')}
					</button>
				</div>
			)}
			{found === null && !working && trouble === null && isDay(date) && <p className="paper-empty">{t('paper.day.none')}</p>}
			{found !== null && <Sheets found={found} fixed={fixed} />}
		</section>
	);
}

function Sheets({ found, fixed }: { found: DaySheets; fixed: string }) {
	const { t, language } = useTexts();
	const visitsOf = (sheet: DaySheets['vehicles'][number]) => sheet.stops.reduce((sum, { visits }) => sum + visits.length, 0);
	return (
		<>
			<p className="paper-warning">{t('paper.day.privacy')}</p>
			{found.unassigned > 0 && <p className="paper-warning">{t('paper.day.unassigned', { count: found.unassigned })}</p>}
			<h3>
				{t('paper.day.vans')} <small>{t('paper.day.pages', { count: found.vehicles.length })}</small>
				<Link to={`/dispatch/paper/vans?${fixed}`} className="button">
					{t('paper.day.all')}
				</Link>
			</h3>
			<ul className="paper-list">
				{found.vehicles.map((sheet) => (
					<li key={sheet.vehicle}>
						<Link to={`/dispatch/paper/vans?${fixed}&only=${sheet.vehicle}`}>{sheet.name}</Link>
						<small>{t('paper.day.visits', { count: visitsOf(sheet) })}</small>
						<small>{[sheet.driver?.name, sheet.nurse?.name].filter(Boolean).join(' · ')}</small>
					</li>
				))}
			</ul>
			<h3>
				{t('paper.day.doctors')} <small>{t('paper.day.pages', { count: found.doctors.length })}</small>
				<Link to={`/dispatch/paper/doctors?${fixed}`} className="button">
					{t('paper.day.all')}
				</Link>
			</h3>
			<ul className="paper-list">
				{found.doctors.map((sheet) => (
					<li key={sheet.doctor}>
						<Link to={`/dispatch/paper/doctors?${fixed}&only=${sheet.doctor}`}>{sheet.name[language]}</Link>
						<small>{t('paper.day.calls', { count: sheet.calls.length })}</small>
						<small>{sheet.institution}</small>
					</li>
				))}
			</ul>
		</>
	);
}

/** From the first day of this month, half a year. */
const halfYear = (today: CalendarDate): Period => ({
	from: `${today.slice(0, 7)}-01`,
	until: addDays(`${addMonths(today.slice(0, 7), 6)}-01`, -1),
});

function ReportPart({ today }: { today: CalendarDate }) {
	const { t } = useTexts();
	const id = useId();
	const [period, setPeriod] = useState(() => halfYear(today));
	const good = isDay(period.from) && isDay(period.until);
	const days = good ? daysBetween(period.from, period.until) + 1 : 0;
	const fits = days >= 1 && days <= MOST_DAYS;
	return (
		<section aria-labelledby={`${id}h`}>
			<h2 id={`${id}h`}>{t('paper.report.title')}</h2>
			<p className="quiet">{t('paper.report.text')}</p>
			<form className="paper-controls" onSubmit={(event) => event.preventDefault()}>
				<PeriodFields period={period} today={today} onChange={setPeriod} />
				{good && fits && (
					<Link to={`/dispatch/paper/operator?from=${period.from}&until=${period.until}`} className="button primary">
						{t('paper.report.open')}
					</Link>
				)}
			</form>
			{good && !fits && <p role="alert">{t('paper.report.badPeriod')}</p>}
		</section>
	);
}
