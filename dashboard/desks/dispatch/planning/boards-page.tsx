/** All plans in the making, and what was published. */
import { useState } from 'react';
import type { PlanBoardSummary } from '@junkai/contracts';
import { Link, setQueryPart, useQueryPart } from '../../../app/router.tsx';
import { formatCount } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { addressOfBoard } from './addresses.ts';
import { boardName, byAt, minutesWords, periodWords } from './days.ts';
import { PlanDrawer } from './plan-drawer.tsx';
import { PublicationList } from './publication-list.tsx';
import { BoardState } from './state-words.tsx';
import { useBoards } from './use-boards.ts';

export function BoardsPage() {
	const { t } = useTexts();
	const { phase, boards, publications, stale, reload } = useBoards();
	const tab = useQueryPart('tab') === 'publications' ? 'publications' : 'boards';
	const [making, setMaking] = useState(false);
	return (
		<main className="room plans">
			<header className="plans-head">
				<h1>{t('planning.list.title')}</h1>
				<div className="segments" role="group" aria-label={t('planning.board.view')}>
					{(['boards', 'publications'] as const).map((name) => (
						<button
							key={name}
							type="button"
							aria-pressed={tab === name}
							onClick={() => setQueryPart('tab', name === 'boards' ? null : name)}
						>
							{t(`planning.list.${name}`)}
						</button>
					))}
				</div>
				<button type="button" className="primary" onClick={() => setMaking(true)}>
					{t('planning.make')}
				</button>
			</header>
			{stale && (
				<p className="plan-notice plan-notice-warn" role="status">
					{t('planning.list.stale')}
					<button type="button" onClick={reload}>
						{t('app.retry')}
					</button>
				</p>
			)}
			{phase === 'loading' && <p className="plan-blank quiet">{t('app.loading')}</p>}
			{phase === 'failed' && (
				<div className="plan-blank" role="alert">
					<p>{t('planning.list.failed')}</p>
					<button type="button" onClick={reload}>
						{t('app.retry')}
					</button>
				</div>
			)}
			{phase === 'ready' && tab === 'boards' && <BoardTable boards={boards} />}
			{phase === 'ready' && tab === 'publications' && <PublicationList publications={publications} boards={boards} />}
			{making && <PlanDrawer board={null} onClose={() => setMaking(false)} />}
		</main>
	);
}

function BoardTable({ boards }: { boards: readonly PlanBoardSummary[] }) {
	const { t, language } = useTexts();
	if (boards.length === 0) {
		return (
			<div className="plan-blank">
				<p>{t('planning.list.empty')}</p>
				<p className="quiet">{t('planning.list.emptyHint')}</p>
			</div>
		);
	}
	return (
		<table className="plan-table">
			<caption className="visually-hidden">{t('planning.list.boards')}</caption>
			<thead>
				<tr>
					<th scope="col">{t('planning.list.name')}</th>
					<th scope="col">{t('planning.list.period')}</th>
					<th scope="col">{t('planning.list.state')}</th>
					<th scope="col" className="number">
						{t('planning.list.visits')}
					</th>
					<th scope="col" className="number">
						{t('planning.list.unassigned')}
					</th>
					<th scope="col" className="number">
						{t('planning.list.travel')}
					</th>
					<th scope="col">{t('planning.list.changed')}</th>
				</tr>
			</thead>
			<tbody>
				{boards.map((board) => {
					const { measures } = board;
					return (
						<tr key={board.id}>
							<th scope="row">
								<Link to={addressOfBoard(board.id)}>{boardName(board, t, language)}</Link>
							</th>
							<td>{periodWords(board.options, t, language)}</td>
							<td>
								<BoardState board={board} />
							</td>
							<td className="number">{measures === null ? '–' : formatCount(measures.visits)}</td>
							<td className={`number${measures !== null && measures.unassigned > 0 ? ' some-unassigned' : ''}`}>
								{measures === null ? '–' : formatCount(measures.unassigned)}
							</td>
							<td className="number">{measures === null ? '–' : minutesWords(measures.travel, language)}</td>
							<td>{byAt(board.updatedBy, board.updated, t, language)}</td>
						</tr>
					);
				})}
			</tbody>
		</table>
	);
}
