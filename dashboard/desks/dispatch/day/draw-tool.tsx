/** Closes what a drawn area touches. The corners are set on the map; by keys alone roads are chosen from the list instead. */
import type { Drawing } from '../../../shared/map/closure-layers.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { ClosureForm } from './closure-form.tsx';
import { openTool } from './tool.ts';
import { ToolHead } from './tool-head.tsx';
import { ClosureTabs } from './closure-tabs.tsx';

interface Props {
	drawing: Drawing;
	onRing: () => void;
	onBack: () => void;
	now: number;
}

export function DrawTool({ drawing, onRing, onBack, now }: Props) {
	const { t } = useTexts();
	const { corners, closed } = drawing;
	return (
		<section className="inspector tool" aria-label={t('day.closure.draw.title')} data-testid="draw-tool">
			<ToolHead title={t('day.closure.new')} />
			<ClosureTabs tool="draw" />
			<p className="tool-lead" role="status">
				{closed ? t('day.closure.draw.closed', { count: corners.length }) : t('day.closure.draw.lead', { count: corners.length })}
			</p>
			<div className="panel-actions">
				<button type="button" onClick={onRing} disabled={closed || corners.length < 3}>
					{t('day.closure.draw.ring')}
				</button>
				<button type="button" onClick={onBack} disabled={corners.length === 0}>
					{t('day.closure.draw.back')}
				</button>
				<button type="button" onClick={() => openTool('roads')}>
					{t('day.closure.draw.instead')}
				</button>
			</div>
			<ClosureForm
				shape={closed ? { kind: 'polygon', ring: corners.map(([lon, lat]) => [lon, lat]) } : null}
				missing={t('day.closure.draw.missing')}
				source="drawn"
				suggested={t('day.closure.draw.name')}
				now={now}
			/>
		</section>
	);
}
