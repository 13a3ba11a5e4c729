/** Closed roads of today, and the ways to close more. */
import { formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { useDirectory } from './day-context.tsx';
import { select, useSelection } from './selection.ts';
import { openTool } from './tool.ts';

export function ClosuresList({ now }: { now: number }) {
	const { t } = useTexts();
	const { closures, closed } = useDirectory();
	const selection = useSelection();
	const holding = (closures ?? []).filter(({ until }) => until === null || until > now);
	return (
		<section className="closures" aria-label={t('day.closures')} data-testid="closures">
			<header>
				<h2>{t('day.closures')}</h2>
				<button type="button" onClick={() => openTool('rain')}>
					{t('day.closure.add')}
				</button>
			</header>
			{closures !== null && holding.length === 0 && <p className="quiet">{t('day.closure.none')}</p>}
			{closures === null && <p className="quiet">{t('day.closure.unknown')}</p>}
			<ul>
				{holding.map((closure) => (
					<li key={closure.id}>
						<button
							type="button"
							className="closure-row"
							aria-current={selection?.kind === 'closure' && selection.id === closure.id}
							onClick={() => select({ kind: 'closure', id: closure.id })}
						>
							<StateMark kind={closure.from > now ? 'wait' : 'bad'} />
							<span>{closure.name}</span>
							<small>
								{t(closure.from > now ? 'day.closure.fromTime' : 'day.closure.sinceTime', { time: formatTime(closure.from) })}
							</small>
						</button>
					</li>
				))}
			</ul>
			{closed !== null && closed.unmatched.length > 0 && (
				<p className="quiet closures-unmatched">{t('day.closure.unmatched', { count: closed.unmatched.length })}</p>
			)}
		</section>
	);
}
