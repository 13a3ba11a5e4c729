import type { PlanBoardSummary } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark, type MarkKind } from '../../../shared/ui/state-mark.tsx';
import { isRunning } from './use-boards.ts';

/** How a plan stands: a shape and a word. */
export function BoardState({ board }: { board: Pick<PlanBoardSummary, 'progress' | 'published' | 'mend'> }) {
	const { t } = useTexts();
	const { progress, published, mend } = board;
	const kind: MarkKind =
		progress.state === 'failed' ? 'bad' : isRunning(board) ? 'wait' : progress.state === 'stopped' ? 'off' : 'good';
	return (
		<span className="board-state" data-state={published === null ? progress.state : 'published'}>
			<StateMark kind={kind} />{' '}
			{published === null ? t(`planning.state.${progress.state}`) : t('planning.state.published', { revision: published })}
			{mend && <small> {t('planning.state.mend')}</small>}
		</span>
	);
}
