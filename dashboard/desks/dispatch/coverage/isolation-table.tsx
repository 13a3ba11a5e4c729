/** Settlements by municipality; a municipality opens to show its settlements. */
import { useState } from 'react';
import type { Isolation, SettlementReach } from '@junkai/contracts';
import { formatCount } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import type { Names } from './isolation-panel.tsx';

export type VanNames = ReadonlyMap<string, Isolation['vans'][number]>;

interface Props {
	rows: readonly SettlementReach[];
	empty: string;
	names: Names;
	vans: VanNames;
	chosen: string | null;
	onChoose: (id: string | null) => void;
}

export function IsolationTable({ rows, empty, names, vans, chosen, onChoose }: Props) {
	const { t, language } = useTexts();
	const groups = [...Map.groupBy(rows, ({ municipality }) => municipality)];
	const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
	const holds = (own: readonly SettlementReach[]) => own.some(({ settlement }) => settlement === chosen);
	if (rows.length === 0) return <p className="reach-empty">{empty}</p>;
	const toggle = (id: string) =>
		setOpen((before) => {
			const next = new Set(before);
			if (!next.delete(id)) next.add(id);
			return next;
		});
	return (
		<table className="reach-table isolation-table">
			<thead>
				<tr>
					<th scope="col">{t('coverage.columns.settlement')}</th>
					<th scope="col">{t('coverage.columns.population')}</th>
					<th scope="col">{t('coverage.columns.over65')}</th>
					<th scope="col">{t('coverage.columns.patients')}</th>
					<th scope="col">{t('coverage.isolation.whoCan')}</th>
				</tr>
			</thead>
			{groups.map(([id, own]) => {
				const shown = open.has(id) || holds(own);
				const sum = (of: (row: SettlementReach) => number) => formatCount(own.reduce((total, row) => total + of(row), 0));
				return (
					<tbody key={id} data-open={shown}>
						<tr className="reach-group">
							<th scope="rowgroup">
								<button type="button" className="reach-open" aria-expanded={shown} onClick={() => toggle(id)}>
									<span aria-hidden="true">{shown ? '▾' : '▸'}</span> {names.get(id)?.[language] ?? id}{' '}
									<small>{formatCount(own.length)}</small>
								</button>
							</th>
							<td>{sum((row) => row.population)}</td>
							<td>{sum((row) => row.over65)}</td>
							<td>{sum((row) => row.patients.length)}</td>
							<td />
						</tr>
						{own.map((row) => (
							<tr key={row.settlement} className="reach-row" hidden={!shown} data-chosen={row.settlement === chosen}>
								<th scope="row">
									<button
										type="button"
										className="reach-name"
										aria-pressed={row.settlement === chosen}
										onClick={() => onChoose(row.settlement === chosen ? null : row.settlement)}
									>
										{row.name[language]}
									</button>
								</th>
								<td>{formatCount(row.population)}</td>
								<td>{formatCount(row.over65)}</td>
								<td>{row.patients.length || t('coverage.none')}</td>
								<td>
									<NearestVan row={row} vans={vans} />
								</td>
							</tr>
						))}
					</tbody>
				);
			})}
		</table>
	);
}

function NearestVan({ row, vans }: { row: SettlementReach; vans: VanNames }) {
	const { t } = useTexts();
	const [nearest] = row.vehicles;
	if (nearest === undefined) return <span className="quiet">{t('coverage.none')}</span>;
	return (
		<span>
			{vans.get(nearest.vehicle)?.name ?? nearest.vehicle} {t('coverage.minutes', { count: Math.round(nearest.minutes) })}
		</span>
	);
}
