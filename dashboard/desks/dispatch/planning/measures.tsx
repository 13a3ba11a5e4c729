/** Figures of a plan: a line of them, and who carries how much. */
import type { PlanMeasures } from '@junkai/contracts';
import { formatCount, formatDistance, type Language } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { minutesWords } from './days.ts';
import type { PlanNames } from './use-names.ts';

export const figureNames = [
	'visits',
	'unassigned',
	'travel',
	'distance',
	'waiting',
	'service',
	'doctorUse',
	'doctorGaps',
	'changed',
	'cost',
] as const;
export type FigureName = (typeof figureNames)[number];

/** Those of which less is better; of the others more is, or neither. */
export const lessIsBetter: ReadonlySet<FigureName> = new Set([
	'unassigned',
	'travel',
	'distance',
	'waiting',
	'doctorGaps',
	'changed',
	'cost',
]);

/** The figure by itself; the doctors' use in per cent, null when none offers hours. */
export function figureOf(measures: PlanMeasures, name: FigureName): number | null {
	if (name !== 'doctorUse') return measures[name];
	return measures.doctorHours > 0 ? (measures.doctorBusy / measures.doctorHours) * 100 : null;
}

export function figureWords(name: FigureName, value: number | null, language: Language): string {
	if (value === null) return '–';
	switch (name) {
		case 'travel':
		case 'waiting':
		case 'service':
		case 'doctorGaps':
			return minutesWords(value, language);
		case 'distance':
			return formatDistance(value);
		case 'doctorUse':
			return `${Math.round(value)}%`;
		default:
			return formatCount(Math.round(value));
	}
}

export function Figures({ measures }: { measures: PlanMeasures }) {
	const { t, language } = useTexts();
	return (
		<dl className="figures" data-testid="figures">
			{figureNames.map((name) => {
				const value = figureOf(measures, name);
				return (
					<div key={name} data-figure={name}>
						<dt>{t(`planning.measures.${name}`)}</dt>
						<dd className={name === 'unassigned' && measures.unassigned > 0 ? 'some-unassigned' : ''}>
							{figureWords(name, value, language)}
						</dd>
					</div>
				);
			})}
		</dl>
	);
}

const share = (part: number, whole: number): string => `${whole > 0 ? Math.min(100, (part / whole) * 100).toFixed(1) : 0}%`;

const byNumber = (a: { vehicle: string }, b: { vehicle: string }): number =>
	a.vehicle.localeCompare(b.vehicle, 'en', { numeric: true });

export function Loads({ measures, names }: { measures: PlanMeasures; names: PlanNames }) {
	const { t, language } = useTexts();
	const { municipalities, vehicles, doctors } = measures;
	const mostNeed = Math.max(1, ...municipalities.map(({ need, planned }) => Math.max(need, planned)));
	const longest = Math.max(1, ...vehicles.map(({ duration }) => duration));
	const time = (seconds: number) => minutesWords(seconds, language);
	return (
		<div className="loads">
			<h3>{t('planning.measures.municipalities')}</h3>
			<ul className="bars">
				{municipalities
					.toSorted((a, b) => b.need - b.planned - (a.need - a.planned) || b.need - a.need)
					.map(({ id, name, need, planned }) => (
						<li key={id} data-municipality={id}>
							<span>{name[language]}</span>
							<span className="bar" aria-hidden="true">
								<i className="bar-need" style={{ width: share(need, mostNeed) }} />
								<i className={planned < need ? 'bar-short' : 'bar-full'} style={{ width: share(planned, mostNeed) }} />
							</span>
							<span className="number">{t('planning.measures.ofNeed', { planned, need })}</span>
						</li>
					))}
			</ul>
			<h3>{t('planning.measures.vans')}</h3>
			<ul className="bars">
				{vehicles.toSorted(byNumber).map(({ vehicle, visits, travel, waiting, service, duration }) => (
					<li
						key={vehicle}
						title={`${t('planning.van.travel')} ${time(travel)}\n${t('planning.van.service')} ${time(service)}\n${t('planning.van.waiting')} ${time(waiting)}`}
					>
						<span>{names.vehicle(vehicle)}</span>
						<span className="bar" aria-hidden="true">
							<i className="bar-part bar-travel" style={{ width: share(travel, longest) }} />
							<i className="bar-part bar-service" style={{ width: share(service, longest) }} />
							<i className="bar-part bar-waiting" style={{ width: share(waiting, longest) }} />
						</span>
						<span className="number">
							{t('planning.measures.count', { count: visits })} · {time(duration)}
						</span>
					</li>
				))}
			</ul>
			<p className="bars-key">
				<i className="bar-travel" />
				{t('planning.van.travel')} <i className="bar-service" />
				{t('planning.van.service')} <i className="bar-waiting" />
				{t('planning.van.waiting')}
			</p>
			<h3>{t('planning.measures.doctors')}</h3>
			<ul className="bars">
				{doctors.map(({ doctor, consults, busy, offered, gaps }) => (
					<li key={doctor} title={`${t('planning.doctor.offered')} ${time(offered)}\n${t('planning.doctor.gaps')} ${time(gaps)}`}>
						<span>{names.doctor(doctor)}</span>
						<span className="bar" aria-hidden="true">
							<i className="bar-need" style={{ width: '100%' }} />
							<i className="bar-full" style={{ width: share(busy, offered) }} />
						</span>
						<span className="number">
							{t('planning.measures.count', { count: consults })} · {offered > 0 ? `${Math.round((busy / offered) * 100)}%` : '–'}
						</span>
					</li>
				))}
			</ul>
		</div>
	);
}
