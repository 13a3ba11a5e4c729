import { useState } from 'react';
import { useTexts } from '../../../shared/i18n/index.ts';

/** The two lines of a track, beside it for as long as one is drawn. */
export function TrackKey({ late }: { late: boolean }) {
	const { t } = useTexts();
	return (
		<p className="track-key">
			<span>
				<svg viewBox="0 0 28 14" aria-hidden="true">
					<path d="M1 7h26" stroke="var(--map-van)" strokeWidth="3" />
				</svg>
				{t('map.track')}
			</span>
			{late && (
				<span>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<path d="M1 7h26" stroke="var(--map-late)" strokeWidth="3" strokeDasharray="5 3.5" />
					</svg>
					{t('map.trackLate')}
				</span>
			)}
		</p>
	);
}

/** What the signs on the map mean. */
export function Legend() {
	const { t } = useTexts();
	const [open, setOpen] = useState(false);
	return (
		<details className="legend" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary>{t('map.legend')}</summary>
			<ul>
				<li>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<path d="M14 0.5 18 6a5.5 5.5 0 1 1-8 0Z" fill="var(--map-van)" />
					</svg>
					{t('map.moving')}
				</li>
				<li>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<circle cx="14" cy="7" r="5.5" fill="var(--map-van)" />
						<circle cx="14" cy="7" r="1.8" fill="var(--surface)" />
					</svg>
					{t('map.still')}
				</li>
				<li>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<circle cx="14" cy="7" r="4.3" fill="none" stroke="var(--map-old)" strokeWidth="2.6" />
					</svg>
					{t('map.old')}
				</li>
				<li>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<circle cx="14" cy="7" r="5.5" fill="none" stroke="var(--bad)" strokeWidth="1.5" strokeDasharray="3 2" />
						<path d="m11.8 4.8 4.4 4.4m0-4.4-4.4 4.4" stroke="var(--bad)" strokeWidth="1.8" />
					</svg>
					{t('map.offline')}
				</li>
				<li>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<circle cx="14" cy="7" r="5.5" fill="none" stroke="var(--map-old)" strokeWidth="1.5" strokeDasharray="3 2" />
					</svg>
					{t('map.off')}
				</li>
				<li>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<path d="M1 7h26" stroke="var(--map-van)" strokeWidth="3" />
					</svg>
					{t('map.track')}
				</li>
				<li>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<path d="M1 7h26" stroke="var(--map-late)" strokeWidth="3" strokeDasharray="5 3.5" />
					</svg>
					{t('map.trackLate')}
				</li>
				<li>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<path d="M1 7h26" stroke="var(--map-route)" strokeWidth="3" />
						<circle cx="14" cy="7" r="5" fill="var(--surface)" stroke="var(--map-route)" strokeWidth="1.6" />
					</svg>
					{t('map.route')}
				</li>
				<li>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<circle cx="14" cy="7" r="4.5" fill="var(--surface)" stroke="var(--text)" strokeWidth="2" />
					</svg>
					{t('map.unassigned')}
				</li>
				<li>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<path d="M5 7h18" stroke="var(--map-radio-none)" strokeOpacity="0.5" strokeWidth="10" strokeLinecap="round" />
					</svg>
					{t('map.radioNone')}
				</li>
				<li>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<path d="M5 7h18" stroke="var(--map-radio-weak)" strokeOpacity="0.5" strokeWidth="10" strokeLinecap="round" />
					</svg>
					{t('map.radioWeak')}
				</li>
				<li>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<rect x="8.5" y="1.5" width="11" height="11" rx="2" fill="none" stroke="var(--map-hospital)" strokeWidth="1.3" />
						<path d="M14 4v6M11 7h6" stroke="var(--map-hospital)" strokeWidth="2" />
					</svg>
					{t('map.hospital')}
				</li>
				<li>
					<svg viewBox="0 0 28 14" aria-hidden="true">
						<circle cx="14" cy="7" r="5.5" fill="none" stroke="var(--map-clinic)" strokeWidth="1.3" />
						<path d="M14 4v6M11 7h6" stroke="var(--map-clinic)" strokeWidth="2" />
					</svg>
					{t('map.clinic')}
				</li>
			</ul>
		</details>
	);
}
