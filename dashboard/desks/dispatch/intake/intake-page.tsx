/** Spreadsheets of town offices: read, shown row by row with what is wrong, taken in whole or not at all. */
import type { IntakeResult } from '@junkai/contracts';
import { Link } from '../../../app/router.tsx';
import { formatCount } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { DropZone } from './drop-zone.tsx';
import { Preview } from './preview.tsx';
import { useIntake } from './use-intake.ts';
import './intake.css';

export default function IntakePage() {
	const { t } = useTexts();
	const intake = useIntake();
	const { state } = intake;
	return (
		<main className="intake" data-step={state.step}>
			{state.step === 'empty' && <DropZone trouble={state.trouble} onFile={(file) => void intake.open(file)} />}
			{state.step === 'loading' && (
				<div className="intake-start" role="status">
					<p>{t(state.read === null ? 'intake.checking' : 'intake.loading', { file: state.file })}</p>
					<progress aria-label={t('intake.title')} {...(state.read !== null && { value: state.read, max: 1 })} />
				</div>
			)}
			{state.step === 'preview' && <Preview intake={intake} state={state} />}
			{state.step === 'done' && <Done result={state.result} onMore={intake.close} />}
		</main>
	);
}

function Done({ result, onMore }: { result: IntakeResult; onMore: () => void }) {
	const { t } = useTexts();
	const figures = [
		['requests', result.requests],
		['patients', result.patients],
		['known', result.knownPatients],
		['visits', result.visits],
		['skipped', result.skipped],
	] as const;
	return (
		<div className="intake-start" data-testid="intake-done" role="status">
			<h1>
				<StateMark kind="good" /> {t('intake.done.title')}
			</h1>
			<dl className="intake-figures">
				{figures.map(([name, count]) => (
					<div key={name}>
						<dt>{t(`intake.done.${name}`)}</dt>
						<dd>{formatCount(count)}</dd>
					</div>
				))}
			</dl>
			<p className="intake-next">
				<Link to="/dispatch/requests" className="button primary">
					{t('intake.done.see')}
				</Link>
				<button type="button" onClick={onMore}>
					{t('intake.done.more')}
				</button>
			</p>
		</div>
	);
}
