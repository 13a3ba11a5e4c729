/** One document on the screen as it will be on paper. */
import { useEffect, type ReactNode } from 'react';
import { Link, useQueryPart } from '../../../app/router.tsx';
import { coverageApi } from '../../../shared/api/coverage.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useRegion } from '../../../shared/map/use-region.ts';
import { isDay } from '../coverage/period-fields.tsx';
import { useAnswer, type Answer } from '../coverage/use-answer.ts';
import { CallSheet } from './call-sheet.tsx';
import { OperatorDocument } from './operator-document.tsx';
import { RunSheet } from './run-sheet.tsx';

export function SheetsView({ kind }: { kind: 'vans' | 'doctors' }) {
	const { t } = useTexts();
	const { region } = useRegion();
	const [date, board, only] = [useQueryPart('date'), useQueryPart('board'), useQueryPart('only')];
	const key = date !== null && isDay(date) ? `${date} ${board}` : null;
	const answer = useAnswer(key, () => coverageApi.sheets(date!, board));
	const day = answer.found;
	const back = `/dispatch/paper${date === null ? '' : `?date=${date}`}`;
	return (
		<Frame answer={answer} back={back} title={t(`paper.day.${kind}`)}>
			{day === null && !answer.working && answer.trouble === null && <p>{t('paper.day.none')}</p>}
			{day !== null &&
				region !== undefined &&
				kind === 'vans' &&
				day.vehicles
					.filter(({ vehicle }) => only === null || vehicle === only)
					.map((sheet) => <RunSheet key={sheet.vehicle} sheet={sheet} day={day} region={region} />)}
			{day !== null &&
				kind === 'doctors' &&
				day.doctors
					.filter(({ doctor }) => only === null || String(doctor) === only)
					.map((sheet) => <CallSheet key={sheet.doctor} sheet={sheet} day={day} />)}
		</Frame>
	);
}

export function OperatorView() {
	const { t } = useTexts();
	const [from, until] = [useQueryPart('from'), useQueryPart('until')];
	const key = from !== null && until !== null && isDay(from) && isDay(until) ? `${from} ${until}` : null;
	const answer = useAnswer(key, () => coverageApi.operatorReport(from!, until!));
	return (
		<Frame answer={answer} back="/dispatch/paper" title={t('paper.report.title')}>
			{answer.found !== null && <OperatorDocument report={answer.found} />}
		</Frame>
	);
}

interface FrameProps {
	answer: Pick<Answer<unknown>, 'working' | 'trouble' | 'retry'>;
	back: string;
	title: string;
	children: ReactNode;
}

function Frame({ answer: { working, trouble, retry }, back, title, children }: FrameProps) {
	const { t } = useTexts();
	// The name that the browser offers for a PDF.
	useEffect(() => {
		const before = document.title;
		document.title = title;
		return () => {
			document.title = before;
		};
	}, [title]);
	return (
		<main className="paper-view" data-theme="light">
			<div className="paper-tools">
				<Link to={back} className="button">
					{t('paper.back')}
				</Link>
				<h1>{title}</h1>
				<button type="button" className="primary" onClick={() => window.print()}>
					{t('paper.print')}
				</button>
			</div>
			{working && <p className="paper-note">{t('paper.working')}</p>}
			{trouble !== null && (
				<div className="paper-note" role="alert">
					<p>
						{t('paper.failed')} {trouble}
					</p>
					<button type="button" onClick={retry}>
						{t('paper.retry')}
					</button>
				</div>
			)}
			{children}
		</main>
	);
}
