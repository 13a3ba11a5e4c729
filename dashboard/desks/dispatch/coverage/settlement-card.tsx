/** One settlement: the way to care before and now, every van that can come, and who is to be called. */
import type { Isolation, SettlementReach } from '@junkai/contracts';
import { formatCount, formatDuration } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useServerNow } from '../../../shared/live/live-context.tsx';
import type { Names } from './isolation-panel.tsx';
import type { VanNames } from './isolation-table.tsx';
import type { Patients } from './use-patients.ts';

/** An older position says where a van was, not where it is. */
const OLD_MS = 600_000;

interface Props {
	row: SettlementReach;
	names: Names;
	vans: VanNames;
	patients: Patients;
	onClose: () => void;
}

export function SettlementCard({ row, names, vans, patients, onClose }: Props) {
	const { t, language } = useTexts();
	const now = useServerNow(10_000);
	const minutes = (value: number | null | undefined) =>
		value === null || value === undefined
			? t('coverage.isolation.outOfReach')
			: t('coverage.minutes', { count: Math.round(value) });
	const fromWhere = (van: Isolation['vans'][number] | undefined) => {
		if (van === undefined || van.time === null) return t('coverage.isolation.fromBase');
		const age = now - van.time;
		if (age < OLD_MS) return t('coverage.isolation.fromPosition');
		return t('coverage.isolation.oldPosition', { age: formatDuration(age, language) });
	};
	return (
		<section className="settlement-card" aria-label={row.name[language]}>
			<header>
				<h3>
					{row.name[language]} <small>{names.get(row.municipality)?.[language]}</small>
				</h3>
				<button type="button" onClick={onClose}>
					{t('coverage.isolation.close')}
				</button>
			</header>
			<p>
				{t('coverage.people', { count: row.population })} · {t('coverage.over65', { count: row.over65 })} ·{' '}
				{t('coverage.isolation.hospitalNow', { before: minutes(row.before), now: minutes(row.hospital?.minutes) })}
			</p>
			<h4>{t('coverage.isolation.whoCan')}</h4>
			{row.vehicles.length === 0 && <p>{t('coverage.isolation.noVan')}</p>}
			<ul>
				{row.vehicles.map(({ vehicle, minutes: far }) => (
					<li key={vehicle}>
						<span>{vans.get(vehicle)?.name ?? vehicle}</span> <b>{t('coverage.minutes', { count: Math.round(far) })}</b>{' '}
						<small>{fromWhere(vans.get(vehicle))}</small>
					</li>
				))}
			</ul>
			<h4>
				{t('coverage.columns.patients')} {formatCount(row.patients.length)}
			</h4>
			<ul>
				{row.patients.map((number) => {
					const one = patients.byId.get(number);
					if (one === undefined) return null;
					return (
						<li key={number}>
							{one.name.family} {one.name.given}{' '}
							{one.phone === null ? <small>{t('coverage.isolation.noPhone')}</small> : <a href={`tel:${one.phone}`}>{one.phone}</a>}
						</li>
					);
				})}
			</ul>
		</section>
	);
}
