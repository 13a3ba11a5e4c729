/** Two plans side by side: figures, both timelines, and what changed for whom. */
import { useMemo, useState } from 'react';
import type { DraftDay, PlanBoard, PlanBoardSummary, Publication } from '@junkai/contracts';
import { Link, navigate } from '../../../app/router.tsx';
import { useTexts } from '../../../shared/i18n/index.ts';
import type { TimelineData } from '../timeline/model.ts';
import type { TimelineSelection } from '../timeline/props.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { addressOfBoard, addressOfComparison } from './addresses.ts';
import { changedVisits, ComparisonList } from './comparison-list.tsx';
import { DayTabs } from './day-tabs.tsx';
import { boardName, dayWords, lastDay } from './days.ts';
import { MeasuresDifference } from './measures-difference.tsx';
import { useBoard, useBoards } from './use-boards.ts';
import { useComparison, useOtherBoard } from './use-comparison.ts';
import { useShownDay, useTimelineOf } from './use-day.ts';
import { usePlanNames, type PlanNames } from './use-names.ts';

export function ComparePage({ board: id, other }: { board: string; other: string }) {
	const { t, language } = useTexts();
	const { board, phase } = useBoard(id, null);
	const { boards, publications } = useBoards();
	const { date, show } = useShownDay(board);
	const comparing = useComparison(id, other, `${board?.version} ${publications[0]?.revision}`);
	const beforeId = other === 'published' ? publishedBoard(publications, date) : other;
	const before = useOtherBoard(beforeId);
	const period = useMemo(() => (board === null ? null : { from: board.options.from, until: lastDay(board.options) }), [board]);
	const doctors = useMemo(
		() => [...(board?.days ?? []), ...(before?.days ?? [])].flatMap(({ draft }) => draft.doctors),
		[board, before],
	);
	const names = usePlanNames(period, doctors);
	const [selection, setSelection] = useState<TimelineSelection | null>(null);
	if (board === null)
		return <p className="plan-blank quiet">{t(phase === 'loading' ? 'planning.board.loading' : 'planning.board.gone')}</p>;
	const title = other === 'published' ? t('planning.compare.published') : nameOf(boards, other, before, t, language);
	return (
		<main className="compare">
			<header className="board-head">
				<Link to={addressOfBoard(id)} className="board-back">
					{t('planning.compare.back')}
				</Link>
				<h1>{t('planning.compare.title')}</h1>
				<label className="compare-with">
					{t('planning.compare.with')}
					<select value={other} onChange={(event) => navigate(addressOfComparison(id, event.target.value))}>
						<option value="published">{t('planning.compare.published')}</option>
						{boards
							.filter((one) => one.id !== id && one.measures !== null)
							.map((one) => (
								<option key={one.id} value={one.id}>
									{boardName(one, t, language)}
								</option>
							))}
					</select>
				</label>
			</header>
			{comparing.phase === 'loading' && <p className="plan-blank quiet">{t('planning.compare.loading')}</p>}
			{comparing.phase === 'failed' && (
				<div className="plan-blank" role="alert">
					<p>{t('planning.compare.failed')}</p>
					<button type="button" onClick={comparing.reload}>
						{t('app.retry')}
					</button>
				</div>
			)}
			{comparing.phase === 'ready' && (
				<div className="compare-body">
					<div className="compare-lanes">
						<div className="work-bar">
							<DayTabs days={board.days} shown={date} onShow={show} />
							<span className="quiet">{t('planning.compare.stacked')}</span>
						</div>
						<Lanes
							title={t('planning.compare.beforeOf', { name: title })}
							day={before?.days.find((one) => one.date === date) ?? null}
							marked={changedVisits(comparing.comparison)}
							{...{ names, selection, onSelect: setSelection }}
						/>
						<Lanes
							title={t('planning.compare.afterOf', { name: boardName(board, t, language) })}
							day={board.days.find((one) => one.date === date) ?? null}
							marked={changedVisits(comparing.comparison)}
							{...{ names, selection, onSelect: setSelection }}
						/>
					</div>
					<div className="compare-side" tabIndex={0} role="region" aria-label={t('planning.compare.difference')}>
						{other === 'published' && publications.length === 0 && (
							<p className="plan-notice">{t('planning.compare.noPublished')}</p>
						)}
						<MeasuresDifference
							before={comparing.comparison.before}
							after={comparing.comparison.after}
							names={[t('planning.compare.before'), t('planning.compare.after')]}
						/>
						<ComparisonList
							comparison={comparing.comparison}
							names={names}
							selected={selection?.kind === 'visit' ? selection.visit : null}
							onSelect={(visit) => {
								const change = comparing.comparison.changes.find((one) => one.visit === visit);
								const there = change?.after?.date ?? change?.before?.date;
								if (there !== undefined && there !== date) show(there);
								setSelection({ kind: 'visit', visit });
							}}
						/>
					</div>
				</div>
			)}
		</main>
	);
}

/** The newest publication of a day tells from which plan it came. */
const publishedBoard = (publications: readonly Publication[], date: string): string | null =>
	publications.find(({ days }) => days.includes(date))?.board ?? null;

function nameOf(
	boards: readonly PlanBoardSummary[],
	id: string,
	board: PlanBoard | null,
	...words: [Parameters<typeof boardName>[1], Parameters<typeof boardName>[2]]
): string {
	const found = boards.find((one) => one.id === id) ?? board;
	return found === null ? '' : boardName(found, ...words);
}

interface LanesProps {
	title: string;
	day: DraftDay | null;
	names: PlanNames;
	marked: ReadonlySet<number>;
	selection: TimelineSelection | null;
	onSelect: (selection: TimelineSelection | null) => void;
}

function Lanes({ title, day, ...rest }: LanesProps) {
	const { t, language } = useTexts();
	const data: TimelineData | null = useTimelineOf(day);
	return (
		<section className="compare-half" aria-label={title}>
			<h2>{title}</h2>
			{data === null || day === null ? (
				<p className="plan-blank quiet">{t('planning.compare.noDay')}</p>
			) : (
				<Timeline data={data} label={`${title} ${dayWords(day.date, language)}`} mode="plan" now={null} {...rest} />
			)}
		</section>
	);
}
