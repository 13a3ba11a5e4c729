/** What changed between two plans and for whom: patient, from → to. For comparing, publishing and mending. */
import { useMemo, useState } from 'react';
import type { PlanChange, PlanComparison } from '@junkai/contracts';
import { formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { dayWords } from './days.ts';
import type { PlanNames } from './use-names.ts';

interface Props {
	comparison: PlanComparison;
	names: Pick<PlanNames, 'vehicle' | 'doctor' | 'person' | 'patientOf'>;
	/** The visit that is selected elsewhere. */
	selected: number | null;
	onSelect: (visit: number) => void;
	/** Only changes that touch this day; null: all. */
	date?: string | null;
}

type Kind = PlanChange['kind'];
const kinds: readonly Kind[] = ['added', 'removed', 'day', 'vehicle', 'doctor', 'time'];

/** Visits that differ, for painting. */
export const changedVisits = ({ changes }: PlanComparison): ReadonlySet<number> => new Set(changes.map(({ visit }) => visit));

/** Vans whose routes differ. */
export const changedVehicles = ({ changes }: PlanComparison): string[] =>
	[
		...new Set(changes.flatMap(({ before, after }) => [before?.vehicle, after?.vehicle].filter((van) => van !== undefined))),
	].toSorted((a, b) => a.localeCompare(b, 'ja', { numeric: true }));

export function ComparisonList({ comparison, names, selected, onSelect, date = null }: Props) {
	const { t } = useTexts();
	const [kind, setKind] = useState<Kind | 'all'>('all');
	const here = useMemo(
		() => comparison.changes.filter(({ before, after }) => date === null || before?.date === date || after?.date === date),
		[comparison, date],
	);
	const shown = here.filter((change) => kind === 'all' || change.kind === kind);
	return (
		<section className="comparison" aria-label={t('planning.compare.changes', { count: here.length })} data-testid="comparison">
			<header>
				<h3>{t('planning.compare.changes', { count: here.length })}</h3>
				<span className="quiet">{t('planning.compare.same', { count: comparison.same })}</span>
				{here.length > 1 && (
					<label>
						<span className="visually-hidden">{t('planning.compare.filter')}</span>
						<select value={kind} onChange={(event) => setKind(kinds.find((one) => one === event.target.value) ?? 'all')}>
							<option value="all">{t('planning.compare.all')}</option>
							{kinds
								.filter((one) => here.some((change) => change.kind === one))
								.map((one) => (
									<option key={one} value={one}>
										{t(`planning.compare.kinds.${one}`)} ({here.filter((change) => change.kind === one).length})
									</option>
								))}
						</select>
					</label>
				)}
			</header>
			{here.length === 0 ? (
				<p className="quiet">{t('planning.compare.none')}</p>
			) : (
				<ol>
					{shown.map((change) => (
						<Change key={change.visit} change={change} names={names} selected={change.visit === selected} onSelect={onSelect} />
					))}
				</ol>
			)}
		</section>
	);
}

function Change({
	change,
	names,
	selected,
	onSelect,
}: { change: PlanChange; selected: boolean } & Pick<Props, 'names' | 'onSelect'>) {
	const { t } = useTexts();
	const { visit, patient, kind, before, after } = change;
	const name = patient === null ? null : names.patientOf(patient);
	return (
		<li data-visit={visit} className={selected ? 'chosen' : ''}>
			<button type="button" className="plain-link" aria-pressed={selected} onClick={() => onSelect(visit)}>
				{name === null ? names.person(visit) : t('planning.person', { name })}
			</button>
			<span className={`change-kind change-${kind}`}>{t(`planning.compare.kinds.${kind}`)}</span>
			<span className="change-way">
				<Placed placed={before} other={after} names={names} was />
				<span aria-hidden="true"> → </span>
				<Placed placed={after} other={before} names={names} />
			</span>
		</li>
	);
}

/** Only what differs is written out beside the time. */
function Placed({
	placed,
	other,
	names,
	was = false,
}: {
	placed: PlanChange['before'];
	other: PlanChange['before'];
	names: Props['names'];
	was?: boolean;
}) {
	const { t, language } = useTexts();
	const label = <span className="visually-hidden">{t(was ? 'planning.compare.from' : 'planning.compare.to')} </span>;
	if (placed === null) {
		return (
			<span className="quiet">
				{label}
				{t('planning.compare.nothing')}
			</span>
		);
	}
	const parts = [
		other === null || other.date !== placed.date ? dayWords(placed.date, language) : null,
		formatTime(placed.from),
		other === null || other.vehicle !== placed.vehicle ? names.vehicle(placed.vehicle) : null,
		placed.doctor !== null && (other === null || other.doctor !== placed.doctor) ? names.doctor(placed.doctor) : null,
	];
	return (
		<span className={was ? 'quiet' : ''}>
			{label}
			{parts.filter((part) => part !== null).join(' ')}
		</span>
	);
}
