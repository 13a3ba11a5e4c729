/** People within some minutes of a planned stop in a period, by municipality. */
import { useEffect, useId, useMemo, useState } from 'react';
import type { CoverageReport } from '@junkai/contracts';
import { coverageApi } from '../../../shared/api/coverage.ts';
import { formatCount, type Language } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { addDays, daysBetween, mondayOf } from '../../../shared/records/dates.ts';
import { csv, save } from './csv.ts';
import type { Shown } from './isolation-panel.tsx';
import { Figure, Trouble } from './panel-parts.tsx';
import { isDay, PeriodFields, useToday, type Period } from './period-fields.tsx';
import { useAnswer } from './use-answer.ts';

const MINUTES = [5, 10, 15, 20, 30, 45, 60];
const MOST_DAYS = 190;

export default function ReachPanel({ onShown }: { onShown: (shown: Shown) => void }) {
	const { t, language } = useTexts();
	const id = useId();
	const today = useToday();
	const [chosen, setChosen] = useState<Period | null>(null);
	const [minutes, setMinutes] = useState(15);
	const period = chosen ?? (today === null ? null : { from: mondayOf(today), until: addDays(mondayOf(today), 6) });
	const good = period !== null && isDay(period.from) && isDay(period.until);
	const days = good ? daysBetween(period.from, period.until) + 1 : 0;
	const fits = days >= 1 && days <= MOST_DAYS;
	const { found, working, trouble, retry } = useAnswer(good && fits ? `${period.from} ${period.until} ${minutes}` : null, () =>
		coverageApi.coverage(period!.from, period!.until, minutes),
	);
	const shown = useMemo(() => shownOf(found, language), [found, language]);
	useEffect(() => onShown(shown), [onShown, shown]);
	if (period === null || today === null) return <p className="quiet">{t('coverage.working')}</p>;
	const share = (part: number, all: number) => (all === 0 ? t('coverage.none') : `${((part / all) * 100).toFixed(1)}%`);
	return (
		<>
			<form className="reach-controls" onSubmit={(event) => event.preventDefault()}>
				<PeriodFields period={period} today={today} onChange={setChosen} />
				<div>
					<label htmlFor={`${id}m`}>{t('coverage.reach.minutes')}</label>
					<select id={`${id}m`} value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
						{MINUTES.map((one) => (
							<option key={one} value={one}>
								{t('coverage.minutes', { count: one })}
							</option>
						))}
					</select>
				</div>
			</form>
			{good && !fits && <p role="alert">{t('coverage.reach.badPeriod')}</p>}
			{trouble !== null && <Trouble said={trouble} onRetry={retry} />}
			{working && <p className="quiet">{t('coverage.working')}</p>}
			{found !== null && (
				<section className="reach-found" aria-labelledby={`${id}h`} data-testid="coverage">
					<header>
						<h2 id={`${id}h`}>{t('coverage.reach.reached', { minutes: found.minutes })}</h2>
						<button type="button" onClick={() => window.print()}>
							{t('coverage.print')}
						</button>
						<button
							type="button"
							aria-label={t('coverage.csvLabel')}
							onClick={() => save(`coverage-${found.from}-${found.until}-${found.minutes}min.csv`, coverageCsv(found))}
						>
							{t('coverage.csv')}
						</button>
					</header>
					<p className="quiet">
						{found.planned === 0
							? t('coverage.reach.noPlan')
							: t('coverage.reach.planned', { count: found.planned, stops: formatCount(found.stops.length) })}
					</p>
					<dl className="reach-figures">
						<Figure word={t('coverage.columns.population')} value={share(found.total.reached, found.total.population)}>
							<span>{t('coverage.reach.ofPeople', figures(found.total.reached, found.total.population))}</span>
						</Figure>
						<Figure word={t('coverage.columns.over65')} value={share(found.total.reachedOver65, found.total.over65)}>
							<span>{t('coverage.reach.ofPeople', figures(found.total.reachedOver65, found.total.over65))}</span>
						</Figure>
					</dl>
					<table className="reach-table">
						<thead>
							<tr>
								<th scope="col">{t('coverage.columns.municipality')}</th>
								<th scope="col">{t('coverage.columns.over65')}</th>
								<th scope="col">{t('coverage.columns.reachedOver65')}</th>
								<th scope="col">{t('coverage.columns.share')}</th>
								<th scope="col">{t('coverage.columns.need')}</th>
								<th scope="col">{t('coverage.columns.visits')}</th>
								<th scope="col">{t('coverage.columns.done')}</th>
								<th scope="col">{t('coverage.columns.radioGaps')}</th>
							</tr>
						</thead>
						<tbody>
							{found.municipalities.map((row) => (
								<tr key={row.id}>
									<th scope="row">{row.name[language]}</th>
									<td>{formatCount(row.over65)}</td>
									<td>{formatCount(row.reachedOver65)}</td>
									<td>{share(row.reachedOver65, row.over65)}</td>
									<td>{formatCount(row.need)}</td>
									<td>{formatCount(row.visits)}</td>
									<td>{formatCount(row.done)}</td>
									<td>{row.radioGaps === 0 ? t('coverage.none') : row.radioGaps}</td>
								</tr>
							))}
						</tbody>
					</table>
					<p className="reach-note">
						{t(found.basis === 'table' ? 'coverage.reach.tableBasis' : 'coverage.reach.areaNote')}{' '}
						{t('coverage.isolation.estimate')}
					</p>
				</section>
			)}
		</>
	);
}

const figures = (reached: number, all: number) => ({ reached: formatCount(reached), all: formatCount(all) });

function shownOf(found: CoverageReport | null, language: Language): Shown {
	const dots = (found?.settlements ?? []).map((one) => ({
		id: one.id,
		location: one.location,
		tone: one.minutes !== null && one.minutes <= found!.minutes ? ('good' as const) : ('quiet' as const),
		ring: one.signal !== 'good',
		size: one.population,
		name: one.name[language],
	}));
	const stops = (found?.stops ?? []).map(({ location }) => location);
	return { picture: { dots, scale: 0.25, areas: found?.areas ?? [], stops }, closed: noClosures, vans: noVans };
}
const noClosures: Shown['closed'] = [];
const noVans: Shown['vans'] = [];

const signals = { good: 'あり', weak: '弱い', none: 'なし' } as const;

/** By settlement, with its municipality: what an office sums up in its own way. */
export function coverageCsv(found: CoverageReport): string {
	const names = new Map(found.municipalities.map(({ id, name }) => [id, name.ja]));
	return csv(
		[
			'期間開始',
			'期間終了',
			'市町村',
			'集落番号',
			'集落',
			'人口',
			'65歳以上',
			'最寄りの訪問先から(分)',
			`${found.minutes}分以内`,
			'診察の電波',
		],
		found.settlements.map((one) => [
			found.from,
			found.until,
			names.get(one.municipality) ?? one.municipality,
			one.id,
			one.name.ja,
			one.population,
			one.over65,
			one.minutes,
			one.minutes !== null && one.minutes <= found.minutes ? '○' : '×',
			signals[one.signal],
		]),
	);
}
