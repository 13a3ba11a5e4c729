/** Why a change was not made. */
import { formatTime } from '../../../shared/i18n/format.ts';
import { ForbiddenList } from './consequence-bubble.tsx';
import type { SentenceWords } from './sentences.ts';
import type { Notice } from './use-editing.ts';

export function EditNotice({ notice, words, onClose }: { notice: Notice; words: SentenceWords; onClose: () => void }) {
	const { t } = words;
	return (
		<div className="plan-notice plan-notice-bad" role="alert" data-notice={notice.kind}>
			<div>
				{notice.kind === 'refused' && (
					<>
						<b>{t('planning.edit.refused')}</b>
						{notice.forbidden.length === 0 ? (
							<p>{t('planning.consequence.refused')}</p>
						) : (
							<ForbiddenList forbidden={notice.forbidden} words={words} />
						)}
					</>
				)}
				{notice.kind === 'conflict' &&
					(notice.by === null
						? t('planning.edit.conflictUnknown')
						: t('planning.edit.conflict', { name: notice.by, time: formatTime(notice.at) }))}
				{notice.kind === 'offline' && t('planning.edit.offline')}
				{notice.kind === 'failed' && `${t('planning.edit.failed')}${notice.detail === null ? '' : ` (${notice.detail})`}`}
			</div>
			<button type="button" onClick={onClose}>
				{t('planning.edit.close')}
			</button>
		</div>
	);
}
