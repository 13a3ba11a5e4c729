/** Who published what and when, and which vans have it. */
import type { PlanBoardSummary, Publication } from '@junkai/contracts';
import { Link } from '../../../app/router.tsx';
import { formatDateTime, formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark, type MarkKind } from '../../../shared/ui/state-mark.tsx';
import { addressOfBoard } from './addresses.ts';
import { dayWords } from './days.ts';
import { usePlanNames } from './use-names.ts';

interface Props {
	publications: readonly Publication[];
	boards: readonly PlanBoardSummary[];
}

export function PublicationList({ publications, boards }: Props) {
	const { t } = useTexts();
	if (publications.length === 0) return <p className="plan-blank quiet">{t('planning.publications.empty')}</p>;
	return (
		<ol className="publications">
			{publications.map((publication) => (
				<One
					key={publication.revision}
					publication={publication}
					board={boards.some(({ id }) => id === publication.board) ? publication.board : null}
				/>
			))}
		</ol>
	);
}

function One({ publication, board }: { publication: Publication; board: string | null }) {
	const { t, language } = useTexts();
	const { revision, published, by, note, days, receipts, mend } = publication;
	const received = receipts.filter((receipt) => receipt.received !== null).length;
	const all = received === receipts.length;
	return (
		<li data-revision={revision}>
			<h2>
				{t('planning.publications.revision', { revision })}
				{mend && <small>{t('planning.state.mend')}</small>}
			</h2>
			<p>
				{t('planning.list.byAt', { by, time: formatDateTime(published, language) })}
				<span className="quiet"> · {days.map((day) => dayWords(day, language)).join(t('timeline.comma'))}</span>
			</p>
			{note !== '' && <p className="publication-note">{note}</p>}
			{receipts.length > 0 && (
				<details>
					<summary>
						<StateMark kind={all ? 'good' : 'wait'} />{' '}
						{all
							? t('planning.publications.all', { count: receipts.length })
							: t('planning.publications.some', { count: receipts.length, received })}
					</summary>
					<Receipts publication={publication} />
				</details>
			)}
			{board !== null && <Link to={addressOfBoard(board)}>{t('planning.publications.open')}</Link>}
		</li>
	);
}

const noDoctors: [] = [];

function Receipts({ publication: { receipts } }: { publication: Publication }) {
	const { t } = useTexts();
	const names = usePlanNames(null, noDoctors);
	return (
		<ul className="receipts" aria-label={t('planning.publications.vehicles')}>
			{receipts.map(({ vehicle, changed, sent, received }) => {
				const kind: MarkKind = received !== null ? 'good' : sent !== null ? 'wait' : 'off';
				return (
					<li key={vehicle} data-vehicle={vehicle}>
						<StateMark kind={kind} /> <b>{names.vehicle(vehicle)}</b>{' '}
						{received !== null
							? t('planning.publications.received', { time: formatTime(received) })
							: sent !== null
								? t('planning.publications.sent', { time: formatTime(sent) })
								: t('planning.publications.unsent')}
						{!changed && <small> {t('planning.publications.same')}</small>}
					</li>
				);
			})}
		</ul>
	);
}
