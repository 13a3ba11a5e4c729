/** What the signs of the map mean. */
import type { ReactNode } from 'react';
import { useTexts } from '../../../shared/i18n/index.ts';
import type { View } from './coverage-page.tsx';

export function Key({ view }: { view: View }) {
	const { t } = useTexts();
	const word = (name: Parameters<typeof t>[0]) => t(name as 'coverage.map.label');
	const entries: readonly (readonly [sign: ReactNode, key: Parameters<typeof t>[0]])[] = {
		isolation: [
			[dot('var(--bad)'), 'coverage.map.cutOff'],
			[dot('var(--warn)'), 'coverage.map.longer'],
			[
				<line key="c" x1="2" y1="7" x2="26" y2="7" stroke="var(--bad)" strokeWidth="5" strokeDasharray="4 2" />,
				'coverage.map.closed',
			],
		] as const,
		reach: [
			[dot('var(--map-van)'), 'coverage.map.reached'],
			[dot('var(--map-old)'), 'coverage.map.unreached'],
			[<circle key="r" cx="14" cy="7" r="5" fill="none" stroke="var(--map-late)" strokeWidth="2.5" />, 'coverage.map.noSignal'],
			[<circle key="s" cx="14" cy="7" r="4" fill="var(--surface)" stroke="var(--text)" strokeWidth="2" />, 'coverage.map.stop'],
		] as const,
		fairness: [
			[dot('var(--map-van)'), 'coverage.map.planned'],
			[dot('var(--warn)'), 'coverage.map.partly'],
			[dot('var(--bad)'), 'coverage.map.unplanned'],
		] as const,
	}[view];
	return (
		<ul className="reach-key">
			{entries.map(([sign, key]) => (
				<li key={String(key)}>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						{sign}
					</svg>
					{word(key)}
				</li>
			))}
			{view === 'fairness' && <li>{t('coverage.fairness.map')}</li>}
		</ul>
	);
}

const dot = (colour: string) => (
	<circle cx="14" cy="7" r="5.5" fill={colour} fillOpacity="0.62" stroke={colour} strokeWidth="1.5" />
);
