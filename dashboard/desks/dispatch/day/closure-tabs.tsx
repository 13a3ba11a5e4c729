import { useTexts } from '../../../shared/i18n/index.ts';
import { openTool } from './tool.ts';

const ways = ['draw', 'rain', 'roads'] as const;

/** Three ways to close roads. */
export function ClosureTabs({ tool }: { tool: (typeof ways)[number] }) {
	const { t } = useTexts();
	return (
		<div className="tabs" role="group" aria-label={t('day.closure.way')}>
			{ways.map((way) => (
				<button key={way} type="button" aria-pressed={way === tool} onClick={() => openTool(way)}>
					{t(`day.closure.ways.${way}`)}
				</button>
			))}
		</div>
	);
}
