/** Visits against need, by municipality and month. */
import { useEffect, useId, useMemo, useState } from 'react';
import type { FairnessTable } from '@junkai/contracts';
import { coverageApi } from '../../../shared/api/coverage.ts';
import { formatCount, type Language } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { addDays, addMonths, daysBetween, formatMonth } from '../../../shared/records/dates.ts';
import { csv, save } from './csv.ts';
import type { Shown } from './isolation-panel.tsx';
import { Trouble } from './panel-parts.tsx';
import { isDay, PeriodFields, useToday, type Period } from './period-fields.tsx';
import { useAnswer } from './use-answer.ts';

type Cell = FairnessTable['rows'][number]['cells'][number];
const MOST_DAYS = 740;
const sumOf = (cells: readonly Cell[]): Cell =>
	cells.reduce(
		(sum, { need, planned, done }) => ({ need: sum.need + need, planned: sum.planned + planned, done: sum.done + done }),
		{
			need: 0,
			planned: 0,
			done: 0,
		},
	);

/** This month and the two before and after it. */
function around(today: string): Period {
	const month = today.slice(0, 7);
	return { from: `${addMonths(month, -1)}-01`, until: addDays(`${addMonths(month, 2)}-01`, -1) };
}

export default function FairnessPanel({ onShown }: { onShown: (shown: Shown) => void }) {
	const { t, language } = useTexts();
	const id = useId();
	const today = useToday();
	const [chosen, setChosen] = useState<Period | null>(null);
	const period = chosen ?? (today === null ? null : around(today));
	const good = period !== null && isDay(period.from) && isDay(period.until);
	const days = good ? daysBetween(period.from, period.until) + 1 : 0;
	const fits = days >= 1 && days <= MOST_DAYS;
	const { found, working, trouble, retry } = useAnswer(good && fits ? `${period.from} ${period.until}` : null, () =>
		coverageApi.fairness(period!.from, period!.until),
	);
	const shown = useMemo(() => shownOf(found, language), [found, language]);
	useEffect(() => onShown(shown), [onShown, shown]);
	if (period === null || today === null) return <p className="quiet">{t('coverage.working')}</p>;
	return (
		<>
			<form className="reach-controls" onSubmit={(event) => event.preventDefault()}>
				<PeriodFields period={period} today={today} onChange={setChosen} />
			</form>
			{good && !fits && <p role="alert">{t('coverage.fairness.badPeriod')}</p>}
			{trouble !== null && <Trouble said={trouble} onRetry={retry} />}
			{working && <p className="quiet">{t('coverage.working')}</p>}
			{found !== null && (
				<section className="reach-found" aria-labelledby={`${id}h`} data-testid="fairness">
					<header>
						<h2 id={`${id}h`}>{t('coverage.fairness.legend')}</h2>
						<button type="button" onClick={() => window.print()}>
							{t('coverage.print')}
						</button>
						<button
							type="button"
							aria-label={t('coverage.csvLabel')}
							onClick={() => save(`visits-${period.from}-${period.until}.csv`, fairnessCsv(found))}
						>
							{t('coverage.csv')}
						</button>
					</header>
					{found.rows.every(({ cells }) => sumOf(cells).need === 0) && found.elsewhere === null ? (
						<p className="reach-empty">{t('coverage.fairness.nothing')}</p>
					) : (
						<Table found={found} />
					)}
					<p className="reach-note">{t('coverage.fairness.note')}</p>
				</section>
			)}
		</>
	);
}

function Table({ found }: { found: FairnessTable }) {
	const { t, language } = useTexts();
	const rows = found.rows.filter(({ cells }) => sumOf(cells).need > 0);
	const all = [...rows.map(({ cells }) => cells), ...(found.elsewhere ? [found.elsewhere] : [])];
	const totals = found.months.map((_, i) => sumOf(all.map((cells) => cells[i]!)));
	return (
		<div className="reach-scroll" tabIndex={0} role="group" aria-label={t('coverage.views.fairness')}>
			<table className="reach-table fairness-table">
				<thead>
					<tr>
						<th scope="col">{t('coverage.columns.municipality')}</th>
						{found.months.map((month) => (
							<th key={month} scope="col">
								{formatMonth(month, language)}
							</th>
						))}
						<th scope="col">{t('coverage.total')}</th>
					</tr>
				</thead>
				<tbody>
					{rows.map(({ id, name, cells }) => (
						<Row key={id} name={name[language]} cells={cells} />
					))}
					{found.elsewhere && <Row name={t('coverage.elsewhere')} cells={found.elsewhere} />}
				</tbody>
				<tfoot>
					<Row name={t('coverage.total')} cells={totals} />
				</tfoot>
			</table>
		</div>
	);
}

function Row({ name, cells }: { name: string; cells: readonly Cell[] }) {
	return (
		<tr>
			<th scope="row">{name}</th>
			{[...cells, sumOf(cells)].map((cell, i) => (
				<CellOf key={i} cell={cell} />
			))}
		</tr>
	);
}

function CellOf({ cell }: { cell: Cell }) {
	const { t } = useTexts();
	const { done, planned, need } = cell;
	if (need === 0) return <td className="quiet">{t('coverage.none')}</td>;
	return (
		<td {...(planned === 0 && { 'data-tone': 'bad', title: t('coverage.fairness.unserved') })}>
			<span className="visually-hidden">{t('coverage.fairness.cell', { done, planned, need })}</span>
			<span aria-hidden="true">
				{formatCount(done)} / {formatCount(planned)} / <b>{formatCount(need)}</b>
			</span>
		</td>
	);
}

function shownOf(found: FairnessTable | null, language: Language): Shown {
	const dots = (found?.rows ?? []).flatMap(({ id, name, location, cells }) => {
		const { need, planned } = sumOf(cells);
		if (need === 0) return [];
		const tone = planned === 0 ? ('bad' as const) : planned < need ? ('warn' as const) : ('good' as const);
		return [{ id, location, tone, size: need, filled: planned / need, name: name[language] }];
	});
	const most = Math.max(1, ...dots.map(({ size }) => size));
	// The largest circle is always as large as the map bears.
	return { picture: { dots, scale: 2100 / most, areas: [], stops: [] }, closed: [], vans: [] };
}

export function fairnessCsv({ months, rows, elsewhere }: FairnessTable): string {
	const lines = [
		...rows.map(({ name, over65, cells }) => ({ name: name.ja, over65: over65 as number | null, cells })),
		...(elsewhere ? [{ name: '地域外', over65: null, cells: elsewhere }] : []),
	];
	return csv(
		['市町村', '65歳以上', '月', '需要', '計画', '実施'],
		lines.flatMap(({ name, over65, cells }) =>
			months.map((month, i) => [name, over65, month, cells[i]!.need, cells[i]!.planned, cells[i]!.done]),
		),
	);
}
