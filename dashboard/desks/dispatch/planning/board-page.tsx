/** A plan in the making: watched while it improves, then changed by hand until it is published. */
import { useState } from 'react';
import type { PlanBoard } from '@junkai/contracts';
import { Link, navigate } from '../../../app/router.tsx';
import { planningApi } from '../../../shared/api/planning.ts';
import { formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { Modal } from '../frame/modal.tsx';
import { addressOfComparison, addressOfList } from './addresses.ts';
import { BoardWork } from './board-work.tsx';
import { boardName, byAt } from './days.ts';
import { PlanDrawer } from './plan-drawer.tsx';
import { ProgressPanel } from './progress-panel.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { BoardState } from './state-words.tsx';
import { isRunning, useBoard } from './use-boards.ts';
import { useMe } from './use-me.ts';

type Open = 'again' | 'publish' | 'drop' | null;

export function BoardPage({ id }: { id: string }) {
	const { t, language } = useTexts();
	const me = useMe();
	const state = useBoard(id, me);
	const { phase, board, stale, changed, reload, take, seen } = state;
	const [open, setOpen] = useState<Open>(null);
	const close = () => setOpen(null);
	if (board === null || phase === 'gone') {
		return (
			<main className="room plans">
				<Link to={addressOfList}>{t('planning.board.back')}</Link>
				<div className="plan-blank" role={phase === 'loading' ? undefined : 'alert'}>
					<p>
						{t(phase === 'gone' ? 'planning.board.gone' : phase === 'failed' ? 'planning.board.failed' : 'planning.board.loading')}
					</p>
					{phase === 'failed' && (
						<button type="button" onClick={() => void reload()}>
							{t('app.retry')}
						</button>
					)}
				</div>
			</main>
		);
	}
	const running = isRunning(board);
	return (
		<main className="board">
			<header className="board-head">
				<Link to={addressOfList} className="board-back">
					{t('planning.board.back')}
				</Link>
				<h1>{boardName(board, t, language)}</h1>
				<BoardState board={board} />
				<small>{byAt(board.updatedBy, board.updated, t, language)}</small>
				<div className="board-actions">
					{!running && (
						<button type="button" onClick={() => setOpen('again')}>
							{t('planning.board.again')}
						</button>
					)}
					{board.days.length > 0 && !running && (
						<Link to={addressOfComparison(board.id, 'published')} className="button">
							{t('planning.board.compare')}
						</Link>
					)}
					{board.published === null && !running && (
						<button type="button" onClick={() => setOpen('drop')}>
							{t('planning.board.drop')}
						</button>
					)}
					<button
						type="button"
						className="primary"
						disabled={running || board.days.length === 0}
						onClick={() => setOpen('publish')}
					>
						{t('planning.board.publish')}
					</button>
				</div>
			</header>
			<div className="board-notices">
				{stale && (
					<p className="plan-notice plan-notice-warn" role="status">
						{t('planning.board.stale')}
						<button type="button" onClick={() => void reload()}>
							{t('app.retry')}
						</button>
					</p>
				)}
				{changed !== null && (
					<p className="plan-notice" role="status" data-testid="changed-by">
						{t('planning.board.changedBy', { name: changed.by, time: formatTime(changed.at) })}
						<button type="button" onClick={seen}>
							{t('planning.board.seen')}
						</button>
					</p>
				)}
			</div>
			{running ? (
				<ProgressPanel board={board} />
			) : board.progress.state === 'failed' || board.progress.state === 'stopped' ? (
				<Ended board={board} onAgain={() => setOpen('again')} />
			) : (
				<BoardWork board={board} take={take} />
			)}
			{open === 'again' && <PlanDrawer board={board} onClose={close} />}
			{open === 'publish' && <PublishDialog board={board} onClose={close} />}
			{open === 'drop' && <DropDialog board={board} onClose={close} />}
		</main>
	);
}

function Ended({ board: { progress }, onAgain }: { board: PlanBoard; onAgain: () => void }) {
	const { t } = useTexts();
	const stopped = progress.state === 'stopped';
	return (
		<div className="plan-blank" role="alert">
			<p>{t(stopped ? 'planning.progress.stopped' : 'planning.progress.failed')}</p>
			{!stopped && progress.problem !== null && <p className="quiet">{progress.problem}</p>}
			<button type="button" onClick={onAgain}>
				{t('planning.progress.again')}
			</button>
		</div>
	);
}

function DropDialog({ board, onClose }: { board: PlanBoard; onClose: () => void }) {
	const { t } = useTexts();
	const [failed, setFailed] = useState(false);
	const drop = async () => {
		try {
			await planningApi.drop(board.id);
			navigate(addressOfList);
		} catch {
			setFailed(true);
		}
	};
	return (
		<Modal title={t('planning.board.drop')} className="publish" onClose={onClose}>
			<p>{t('planning.board.dropAsk')}</p>
			{failed && (
				<p className="plan-notice plan-notice-bad" role="alert">
					{t('planning.edit.failed')}
				</p>
			)}
			<div className="drawer-buttons">
				<button type="button" className="primary" onClick={() => void drop()}>
					{t('planning.board.dropYes')}
				</button>
				<button type="button" onClick={onClose}>
					{t('planning.options.cancel')}
				</button>
			</div>
		</Modal>
	);
}
