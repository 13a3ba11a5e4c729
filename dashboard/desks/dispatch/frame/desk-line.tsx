/** What every page of the desk shows: the plan that holds, what it leaves out, what waits for a hand, and the way to find anything. */
import { lazy, Suspense, useEffect, useState } from 'react';
import { Link } from '../../../app/router.tsx';
import { formatDateTime, formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { useDay } from '../day/day-context.tsx';
import { waiting } from '../day/alerts.ts';
import { ShortcutHelp } from './shortcut-help.tsx';
import { useShortcuts } from './shortcuts.ts';

const Palette = lazy(() => import('./palette.tsx'));

/** The key that opens the palette beside Ctrl or ⌘. */
const findKey = 'k';
const apple = /Mac|iPhone|iPad/.test(navigator.platform);

export function DeskLine() {
	const { t } = useTexts();
	const [finding, setFinding] = useState(false);
	const [helping, setHelping] = useState(false);
	useShortcuts({ '/': () => setFinding(true), '?': () => setHelping(true) });
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			if (event.key.toLowerCase() !== findKey || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return;
			event.preventDefault();
			setFinding(true);
		};
		window.addEventListener('keydown', onKey);
		return () => window.removeEventListener('keydown', onKey);
	}, []);
	return (
		<div className="desk-line">
			<PlanState />
			<button
				type="button"
				className="find"
				onClick={() => setFinding(true)}
				aria-haspopup="dialog"
				aria-keyshortcuts="Control+K Meta+K /"
			>
				{t('shell.find.open')}
				<kbd>{apple ? '⌘K' : 'Ctrl+K'}</kbd>
			</button>
			<button
				type="button"
				className="help"
				onClick={() => setHelping(true)}
				aria-haspopup="dialog"
				aria-label={t('shell.help.title')}
			>
				?
			</button>
			{finding && (
				<Suspense>
					<Palette
						onClose={() => setFinding(false)}
						onHelp={() => {
							setFinding(false);
							setHelping(true);
						}}
					/>
				</Suspense>
			)}
			{helping && <ShortcutHelp onClose={() => setHelping(false)} />}
		</div>
	);
}

function PlanState() {
	const { t, language } = useTexts();
	const { phase, plan, publication, alerts, date } = useDay();
	if (phase === 'loading') return null;
	if (phase === 'failed') return <p className="desk-plan">{t('shell.plan.unknown')}</p>;
	const urgent = waiting(alerts).filter(({ urgency }) => urgency === 'high').length;
	const missing = publication?.receipts.filter(({ received, changed }) => changed && received === null).length ?? 0;
	return (
		<>
			{urgent > 0 && (
				<p className="desk-urgent">
					<StateMark kind="bad" />
					<Link to="/dispatch">{t('shell.plan.urgent', { count: urgent })}</Link>
				</p>
			)}
			{plan === null ? (
				<p className="desk-plan">
					<StateMark kind="off" /> {t('shell.plan.none')} <Link to="/dispatch/plan">{t('shell.plan.make')}</Link>
				</p>
			) : (
				<p
					className="desk-plan"
					data-testid="plan-revision"
					title={publication === null ? formatDateTime(plan.published, language) : publishedWords(t, publication, language)}
				>
					{t('shell.plan.published', { revision: plan.revision, time: formatTime(plan.published) })}
					{missing > 0 && <span className="desk-missing">{t('shell.plan.missing', { count: missing })}</span>}
				</p>
			)}
			{plan !== null && plan.unassigned.length > 0 && (
				<p className="desk-unassigned">
					<StateMark kind="warn" />
					<Link to={date === null ? '/dispatch/plan' : `/dispatch?list=unassigned`}>
						{t('shell.plan.unassigned', { count: plan.unassigned.length })}
					</Link>
				</p>
			)}
		</>
	);
}

function publishedWords(
	t: ReturnType<typeof useTexts>['t'],
	{ by, published, note }: { by: string; published: number; note: string },
	language: 'ja' | 'en',
): string {
	return `${t('shell.plan.by', { name: by, time: formatDateTime(published, language) })}${note === '' ? '' : ` · ${note}`}`;
}
