import { useTexts } from '../../../shared/i18n/index.ts';
import { openTool } from './tool.ts';

/** Title of a tool, and the way out of it. */
export function ToolHead({ title, onClose = () => openTool(null) }: { title: string; onClose?: () => void }) {
	const { t } = useTexts();
	return (
		<header className="tool-head">
			<h2>{title}</h2>
			<button type="button" className="close" onClick={onClose} aria-label={t('day.closeTool')}>
				✕
			</button>
		</header>
	);
}
