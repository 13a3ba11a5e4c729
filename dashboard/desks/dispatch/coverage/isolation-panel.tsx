/** Under what is closed, or would be: who is cut off, whom to call, and which van can still come. */
import { useEffect, useId, useMemo, useState } from 'react';
import type { Isolation, SettlementReach } from '@junkai/contracts';
import type { Rain } from '../../../shared/api/coverage.ts';
import { formatCount, formatMoment, type Language } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useServiceClock } from '../../../shared/live/live-context.tsx';
import type { MapVan } from '../../../shared/map/van-layers.ts';
import type { Picture } from './area-layers.ts';
import type { ClosedStretch } from './area-map.tsx';
import { csv, save } from './csv.ts';
import { IsolationTable } from './isolation-table.tsx';
import { Figure, Trouble } from './panel-parts.tsx';
import { RainControl } from './rain-control.tsx';
import { ScenarioBox } from './scenario-box.tsx';
import { SettlementCard } from './settlement-card.tsx';
import { useIsolation } from './use-isolation.ts';
import { usePatients, type Patients } from './use-patients.ts';

export type Names = ReadonlyMap<string, { ja: string; en: string }>;

export interface Shown {
	picture: Picture;
	closed: readonly ClosedStretch[];
	vans: readonly MapVan[];
}

interface Props {
	names: Names;
	chosen: string | null;
	onChoose: (id: string | null) => void;
	onShown: (shown: Shown) => void;
}

export default function IsolationPanel({ names, chosen, onChoose, onShown }: Props) {
	const { t, language } = useTexts();
	const id = useId();
	const [rain, setRain] = useState<Rain | null>(null);
	const [list, setList] = useState<'cutOff' | 'longer'>('cutOff');
	const { found, closed, working, trouble, retry } = useIsolation(rain ?? {});
	const clock = useServiceClock();
	const shown = useMemo(() => shownOf(found, closed, language), [found, closed, language]);
	useEffect(() => onShown(shown), [onShown, shown]);
	const patients = usePatients(found);
	const vanNames = useMemo(() => new Map(found?.vans.map((van) => [van.vehicle, van]) ?? []), [found]);
	const row = found && [...found.cutOff, ...found.longer].find(({ settlement }) => settlement === chosen);
	return (
		<>
			<RainControl rain={rain} onChange={setRain} />
			{clock?.simulated === true && <ScenarioBox />}
			{trouble !== null && <Trouble said={trouble} onRetry={retry} />}
			{found === null && trouble === null && <p className="quiet">{t('coverage.working')}</p>}
			{found !== null && (
				<section className="reach-found" aria-labelledby={`${id}h`} aria-busy={working} data-testid="isolation">
					<header>
						<h2 id={`${id}h`}>{t('coverage.isolation.asOf', { time: formatMoment(found.at, found.at, language) })}</h2>
						<small>{working ? t('coverage.working') : t('coverage.isolation.stretches', { count: found.closed })}</small>
						<button type="button" onClick={() => window.print()}>
							{t('coverage.print')}
						</button>
						<button
							type="button"
							aria-label={t('coverage.csvLabel')}
							onClick={() => save(`isolation-${fileTime(found.at)}.csv`, isolationCsv(found, { names, patients }))}
						>
							{t('coverage.csv')}
						</button>
					</header>
					<dl className="reach-figures">
						<Figure
							word={t('coverage.isolation.cutOff')}
							value={t('coverage.isolation.settlements', { count: found.cutOff.length })}
							{...(found.cutOff.length > 0 && { tone: 'bad' as const })}
						>
							<span>{t('coverage.people', { count: found.people.cutOff })}</span>
							<span>{t('coverage.over65', { count: found.people.over65 })}</span>
							<span>{t('coverage.isolation.patients', { count: found.people.patients })}</span>
						</Figure>
						<Figure
							word={t('coverage.isolation.longer')}
							value={t('coverage.isolation.settlements', { count: found.longer.length })}
							{...(found.longer.length > 0 && { tone: 'warn' as const })}
						>
							<span>{t('coverage.people', { count: found.people.longer })}</span>
						</Figure>
					</dl>
					<Notes found={found} />
					{row && <SettlementCard row={row} names={names} vans={vanNames} patients={patients} onClose={() => onChoose(null)} />}
					<div className="reach-lists" role="group" aria-label={t('coverage.columns.state')}>
						{(['cutOff', 'longer'] as const).map((name) => (
							<button key={name} type="button" aria-pressed={list === name} onClick={() => setList(name)}>
								{t(`coverage.isolation.${name}`)} {formatCount(found[name].length)}
							</button>
						))}
					</div>
					<IsolationTable
						key={list}
						rows={found[list]}
						empty={t(list === 'cutOff' ? 'coverage.isolation.nobody' : 'coverage.isolation.nobodyLonger')}
						names={names}
						vans={vanNames}
						chosen={chosen}
						onChoose={onChoose}
					/>
					<PatientList rows={found.cutOff} patients={patients} names={names} />
					<p className="reach-note">
						{t('coverage.isolation.hint')} {t('coverage.isolation.estimate')}
						{found.never > 0 && ` ${t('coverage.isolation.never', { count: found.never })}`}
					</p>
				</section>
			)}
		</>
	);
}

/** What must be known before the figures are believed. */
function Notes({ found }: { found: Isolation }) {
	const { t } = useTexts();
	const nameOf = (vehicle: string) => found.vans.find((van) => van.vehicle === vehicle)?.name ?? vehicle;
	return (
		<>
			{found.stranded.length > 0 && (
				<p className="reach-warning">{t('coverage.isolation.stranded', { vans: found.stranded.map(nameOf).join('、') })}</p>
			)}
			{found.unmatched.length > 0 && (
				<details className="reach-warning">
					<summary>{t('coverage.isolation.unmatched', { count: found.unmatched.length })}</summary>
					{t('coverage.isolation.unmatchedNames')}: {found.unmatched.join(', ')}
				</details>
			)}
		</>
	);
}

/** Everyone who is cut off, to be called one after the other. */
function PatientList({ rows, patients, names }: { rows: readonly SettlementReach[]; patients: Patients; names: Names }) {
	const { t, language } = useTexts();
	const inhabited = rows.filter((row) => row.patients.length > 0);
	return (
		<section className="reach-calls">
			<h3>{t('coverage.isolation.callList')}</h3>
			{patients.failed && <p role="alert">{t('coverage.isolation.namesFailed')}</p>}
			{patients.working && <p className="quiet">{t('coverage.working')}</p>}
			{inhabited.length === 0 && <p className="quiet">{t('coverage.isolation.noPatients')}</p>}
			<ul>
				{inhabited.flatMap((row) =>
					row.patients.map((number) => {
						const one = patients.byId.get(number);
						if (one === undefined) return null;
						return (
							<li key={number}>
								<span>
									{one.name.family} {one.name.given}
								</span>
								<small>
									{names.get(row.municipality)?.[language]} {row.name[language]}
								</small>
								{one.phone === null ? (
									<small>{t('coverage.isolation.noPhone')}</small>
								) : (
									<a href={`tel:${one.phone}`}>{one.phone}</a>
								)}
								{one.contact !== null && (
									<small>
										{t('coverage.isolation.contact')} {one.contact.name}{' '}
										<a href={`tel:${one.contact.phone}`}>{one.contact.phone}</a>
									</small>
								)}
							</li>
						);
					}),
				)}
			</ul>
		</section>
	);
}

function shownOf(found: Isolation | null, closed: readonly ClosedStretch[], language: Language): Shown {
	const dots = [
		...(found?.longer ?? []).map((row) => ({ row, tone: 'warn' as const })),
		...(found?.cutOff ?? []).map((row) => ({ row, tone: 'bad' as const })),
	].map(({ row, tone }) => ({
		id: row.settlement,
		location: row.location,
		tone,
		size: row.population,
		name: row.name[language],
	}));
	const vans = (found?.vans ?? []).map((van, order): MapVan => ({
		id: van.vehicle,
		lon: van.location[0],
		lat: van.location[1],
		heading: null,
		look: van.usable ? 'still' : 'off',
		opacity: van.from === 'position' ? 1 : 0.6,
		name: van.name,
		detail: '',
		order,
	}));
	return { picture: { dots, scale: 0.9, areas: [], stops: [] }, closed, vans };
}

const fileTime = (at: number): string =>
	new Date(at + 9 * 3_600_000).toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-');

/** The column heads are Japanese whatever the screen's language: the file goes to offices. */
export function isolationCsv(found: Isolation, { names, patients }: { names: Names; patients: Patients }): string {
	const nameOf = (vehicle: string) => found.vans.find((van) => van.vehicle === vehicle)?.name ?? vehicle;
	const line = (state: string) => (row: SettlementReach) => [
		state,
		names.get(row.municipality)?.ja ?? row.municipality,
		row.settlement,
		row.name.ja,
		row.population,
		row.over65,
		row.before,
		row.hospital?.name.ja ?? '到達不可',
		row.hospital?.minutes ?? null,
		row.base?.name.ja ?? '到達不可',
		row.base?.minutes ?? null,
		row.vehicles.map(({ vehicle, minutes }) => `${nameOf(vehicle)} ${minutes}`).join('・'),
		row.patients.length,
		row.patients
			.flatMap((number) => {
				const one = patients.byId.get(number);
				return one ? [`${one.name.family} ${one.name.given} ${one.phone ?? '番号なし'}`] : [`患者${number}`];
			})
			.join('・'),
	];
	const header = ['状態', '市町村', '集落番号', '集落', '人口', '65歳以上', '規制前の病院まで(分)', '最寄りの病院', '病院まで(分)'];
	const more = ['最寄りの拠点', '拠点まで(分)', '行ける車両(分)', '患者数', '患者と電話'];
	return csv([...header, ...more], [...found.cutOff.map(line('孤立')), ...found.longer.map(line('遠回り'))]);
}
