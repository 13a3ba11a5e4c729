/** What the panels of the page share. */
import type { ReactNode } from 'react';
import { useTexts } from '../../../shared/i18n/index.ts';
import type { Region } from '../../../shared/api/rest.ts';

export function Trouble({ said, onRetry }: { said: string; onRetry: () => void }) {
	const { t } = useTexts();
	return (
		<div className="reach-trouble" role="alert">
			<p>{t('coverage.failed')}</p>
			{said !== '' && <p className="quiet">{said}</p>}
			<button type="button" onClick={onRetry}>
				{t('coverage.retry')}
			</button>
		</div>
	);
}

/** A figure that is to be seen first, with its word above and what it means below. */
export function Figure({
	word,
	value,
	tone,
	children,
}: {
	word: string;
	value: string;
	tone?: 'bad' | 'warn';
	children?: ReactNode;
}) {
	return (
		<div className="reach-figure" {...(tone !== undefined && { 'data-tone': tone })}>
			<dt>{word}</dt>
			<dd>
				<b>{value}</b>
				{children}
			</dd>
		</div>
	);
}

/** Names of municipalities by id, in both languages. */
export function municipalityNames(region: Region | null | undefined): ReadonlyMap<string, { ja: string; en: string }> {
	const features = region?.places.features ?? [];
	return new Map(
		features.flatMap(({ properties: p }) =>
			p['kind'] === 'municipality'
				? [[String(p['id']), { ja: String(p['name']), en: String(p['romaji'] ?? p['name']) }] as const]
				: [],
		),
	);
}
