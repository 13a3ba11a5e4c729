/** Parts that the panels on the right have in common. */
import type { ReactNode } from 'react';
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark, type MarkKind } from '../../../shared/ui/state-mark.tsx';

interface HeadProps {
	title: string;
	mark?: MarkKind;
	/** Below the title. */
	children?: ReactNode;
	/** Brings it to the middle of the map; absent when it has no place there. */
	onShow?: (() => void) | undefined;
	onClose: () => void;
}

export function PanelHead({ title, mark, children, onShow, onClose }: HeadProps) {
	const { t } = useTexts();
	return (
		<header>
			<h2>
				{mark !== undefined && <StateMark kind={mark} />}
				{title}
			</h2>
			{children}
			<button type="button" onClick={onShow} disabled={onShow === undefined}>
				{t('inspector.showOnMap')}
			</button>
			<button type="button" className="close" onClick={onClose} aria-label={t('inspector.close')}>
				✕
			</button>
		</header>
	);
}

export function Fact({ name, children, quiet = false }: { name: string; children: ReactNode; quiet?: boolean }) {
	return (
		<div className={quiet ? 'fact fact-old' : 'fact'}>
			<dt>{name}</dt>
			<dd>{children}</dd>
		</div>
	);
}
