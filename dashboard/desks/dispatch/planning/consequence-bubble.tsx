import { formatTime } from '../../../shared/i18n/format.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import type { Aim } from '../timeline/aim.ts';
import { consequenceWords } from './consequence.ts';
import { forbiddenSentence, type SentenceWords } from './sentences.ts';
import type { Preview } from './use-editing.ts';

interface Props {
	aim: Aim;
	preview: Preview;
	busy: boolean;
	words: SentenceWords;
}

/** At the pointer: where it would go, and what comes of it. */
export function ConsequenceBubble({ aim, preview, busy, words }: Props) {
	const { t, names } = words;
	const { target } = aim;
	const own = preview.state === 'known' ? preview.consequence.route.find(({ visit }) => visit === aim.visit) : undefined;
	const where =
		target === null
			? t('planning.consequence.nowhere')
			: target.kind === 'tray'
				? t('planning.consequence.toTray')
				: t('planning.consequence.to', {
						vehicle: names.vehicle(target.vehicle),
						time: own !== undefined ? formatTime(own.from) : target.at === null ? '' : formatTime(target.at),
					});
	return (
		<div className="consequence" data-testid="consequence" data-state={preview.state}>
			<p className="consequence-head">
				<b>{names.person(aim.visit)}</b> {where}
			</p>
			{busy ? (
				<p className="quiet">{t('planning.board.saving')}</p>
			) : (
				target !== null && <Outcome preview={preview} words={words} />
			)}
		</div>
	);
}

function Outcome({ preview, words }: { preview: Preview; words: SentenceWords }) {
	const { t } = words;
	if (preview.state === 'asking') return <p className="quiet">{t('planning.consequence.asking')}</p>;
	if (preview.state === 'failed') return <p className="quiet">{t('planning.consequence.failed')}</p>;
	if (preview.state === 'nowhere') return null;
	if (preview.state === 'refused') {
		return (
			<p className="consequence-no">
				<StateMark kind="bad" /> {t('planning.consequence.refused')}
			</p>
		);
	}
	const { consequence } = preview;
	if (!consequence.possible) {
		return (
			<>
				<p className="consequence-no">
					<StateMark kind="bad" /> {t('planning.consequence.impossible')}
				</p>
				<ForbiddenList forbidden={consequence.forbidden} words={words} />
			</>
		);
	}
	const said = consequenceWords(consequence, words);
	if (said.length === 0) return <p>{t('planning.consequence.none')}</p>;
	return (
		<ul className="consequence-list">
			{said.map(({ text, worse }) => (
				<li key={text} className={worse ? 'worse' : ''}>
					{text}
				</li>
			))}
		</ul>
	);
}

type Forbidden = Parameters<typeof forbiddenSentence>[0];

export function ForbiddenList({ forbidden, words }: { forbidden: readonly Forbidden[]; words: SentenceWords }) {
	const said = [...new Set(forbidden.map((one) => forbiddenSentence(one, words)))];
	return (
		<ul className="forbidden">
			{said.map((sentence) => (
				<li key={sentence}>{sentence}</li>
			))}
		</ul>
	);
}
