/** Conflicts in words, each with its cure. */
import type { Conflict } from '../../../shared/api/registry.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { formatShortDay } from '../../../shared/records/dates.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import type { T } from './record-words.ts';
import type { Conflicts } from './use-conflicts.ts';

/** The names of those that it is about, by what they are. */
export function conflictText(
	t: T,
	{ kind, about, minutes }: Pick<Conflict, 'kind' | 'about' | 'minutes'>,
): { text: string; cure: string } {
	const names = (wanted: Conflict['about'][number]['kind']) =>
		[...new Set(about.filter((one) => one.kind === wanted).map(({ name }) => name))].join('・');
	const blanks = {
		staff: names('staff'),
		vehicle: names('vehicle') || names('shift'),
		doctor: names('doctor'),
		minutes: minutes ?? 0,
	};
	return { text: t(`registry.conflict.${kind}.text`, blanks), cure: t(`registry.conflict.${kind}.cure`) };
}

/** One line for what is alike on several days, with the first of them and how many; errors first, then by day. */
function grouped(items: readonly Conflict[]): [Conflict, number][] {
	const alike = Map.groupBy(items, ({ kind, severity, minutes, about }) => JSON.stringify([kind, severity, minutes, about]));
	return [...alike.values()]
		.map((all): [Conflict, number] => [all.reduce((a, b) => ((b.date ?? '') < (a.date ?? '') ? b : a)), all.length])
		.toSorted(
			([a], [b]) =>
				Number(a.severity === 'warning') - Number(b.severity === 'warning') || (a.date ?? '').localeCompare(b.date ?? ''),
		);
}

interface Props {
	conflicts: Conflicts;
	period: string;
	onShow: (conflict: Conflict) => void;
}

export function ConflictList({ conflicts: { phase, items, reload }, period, onShow }: Props) {
	const { t, language } = useTexts();
	const errors = items.filter(({ severity }) => severity === 'error').length;
	const ordered = grouped(items);
	return (
		<details className="conflicts" open={items.length > 0 || phase === 'failed'}>
			<summary>
				<b>{t('registry.resources.conflicts')}</b> <span className="quiet">{period}</span>
				<span className="conflict-count" role="status" data-testid="conflict-count">
					{phase === 'ready' && items.length === 0 && (
						<>
							<StateMark kind="good" /> {t('registry.resources.noConflicts')}
						</>
					)}
					{errors > 0 && (
						<span>
							<StateMark kind="bad" /> {t('registry.resources.errors', { count: errors })}
						</span>
					)}
					{items.length > errors && (
						<span>
							<StateMark kind="warn" /> {t('registry.resources.warnings', { count: items.length - errors })}
						</span>
					)}
				</span>
			</summary>
			{phase === 'failed' && (
				<p role="alert">
					{t('registry.resources.conflictsFailed')}{' '}
					<button type="button" onClick={reload}>
						{t('app.retry')}
					</button>
				</p>
			)}
			<ul>
				{ordered.map(([conflict, days], index) => {
					const { text, cure } = conflictText(t, conflict);
					return (
						<li key={index} data-conflict={conflict.kind}>
							<span className="conflict-day">
								{conflict.date !== null && formatShortDay(conflict.date, language)}
								{days > 1 && <small>{t('registry.shift.moreDays', { count: days - 1 })}</small>}
							</span>
							<span>
								<StateMark kind={conflict.severity === 'error' ? 'bad' : 'warn'} /> {text}
								<small>{t('registry.resources.cure', { text: cure })}</small>
							</span>
							<button type="button" className="quiet-button" onClick={() => onShow(conflict)}>
								{t('registry.resources.show')}
							</button>
						</li>
					);
				})}
			</ul>
		</details>
	);
}
