import { useMemo, useState, type KeyboardEvent } from 'react';
import type { PublishedPlan, Vehicle } from '@junkai/contracts';
import { formatDuration, formatTime, toKilometresPerHour } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import type { FleetState } from '../../../shared/live/fleet-store.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { attentionOf, byUrgency, fixOldAfter, lookOf, worst } from './attention.ts';
import { PlanNote } from './plan-note.tsx';
import { nextOf, type RouteView } from './route-view.ts';
import { attentionText, urgencyMark, vanMark, vanState } from './words.ts';

interface Props {
	fleet: FleetState;
	plan: PublishedPlan | null | undefined;
	/** The vans' routes in it. */
	views: ReadonlyMap<string, RouteView>;
	now: number;
	selected: string | null;
	onSelect: (id: string) => void;
	onRetry: () => void;
}

/** More vans than this and the list gets a field to find one. */
const findFrom = 8;

export function FleetList({ fleet, plan, views, now, selected, onSelect, onRetry }: Props) {
	const { t } = useTexts();
	const [text, setText] = useState('');
	const { vehicles, phase } = fleet;
	const rows = useMemo(() => {
		const wanted = text.trim().toLowerCase();
		return vehicles.filter((v) => v.name.toLowerCase().includes(wanted) || v.id.includes(wanted)).toSorted(byUrgency(now));
	}, [vehicles, now, text]);
	const online = vehicles.filter((v) => v.link.state === 'online').length;

	return (
		<nav className="fleet-list" aria-label={t('dispatch.vans')}>
			<header>
				<h2>{t('dispatch.vans')}</h2>
				{vehicles.length > 0 && <p>{t('dispatch.summary', { count: vehicles.length, online })}</p>}
				{vehicles.length >= findFrom && (
					<input
						type="search"
						value={text}
						placeholder={t('dispatch.find')}
						aria-label={t('dispatch.find')}
						onChange={(e) => setText(e.target.value)}
					/>
				)}
			</header>
			{vehicles.length > 0 && <PlanNote plan={plan} now={now} />}
			{phase === 'loading' && vehicles.length === 0 && <p className="quiet">{t('app.loading')}</p>}
			{phase === 'failed' && (
				<div className="quiet" role="alert">
					<p>{t('dispatch.loadFailed')}</p>
					<button type="button" onClick={onRetry}>
						{t('app.retry')}
					</button>
				</div>
			)}
			{phase === 'ready' && vehicles.length === 0 && (
				<div className="quiet">
					<p>{t('dispatch.none')}</p>
					<p>{t('dispatch.noneHint')}</p>
				</div>
			)}
			{vehicles.length > 0 && rows.length === 0 && <p className="quiet">{t('dispatch.noMatch', { text })}</p>}
			<ul onKeyDown={walk}>
				{rows.map((vehicle) => (
					<Row
						key={vehicle.id}
						vehicle={vehicle}
						view={views.get(vehicle.id) ?? null}
						now={now}
						selected={vehicle.id === selected}
						onSelect={onSelect}
					/>
				))}
			</ul>
		</nav>
	);
}

/** Arrow keys go from van to van. */
function walk(event: KeyboardEvent<HTMLUListElement>): void {
	if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
	const rows = [...event.currentTarget.querySelectorAll('button')];
	const at = rows.findIndex((row) => row === document.activeElement);
	rows[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
	event.preventDefault();
}

function Row({
	vehicle,
	view,
	now,
	selected,
	onSelect,
}: {
	vehicle: Vehicle;
	view: RouteView | null;
	now: number;
	selected: boolean;
	onSelect: (id: string) => void;
}) {
	const { t, language } = useTexts();
	const items = attentionOf(vehicle, now);
	const next = view === null ? null : nextOf(view);
	// A van that drives is no longer at its stop, though not yet far enough from it to be done there.
	const leaving = next !== null && next.reached && lookOf(vehicle, now) === 'moving';
	const fix = vehicle.position;
	const current = vehicle.link.state === 'online' && fix !== null && now - fix.time <= fixOldAfter;
	return (
		<li>
			<button
				type="button"
				className={`van-row van-row-${worst(items) ?? 'well'}`}
				aria-current={selected}
				onClick={() => onSelect(vehicle.id)}
				data-van={vehicle.id}
			>
				<StateMark kind={vanMark(vehicle, items)} />
				<span className="van-name">
					{vehicle.name}
					{view !== null && <i className="van-swatch" style={{ background: view.colour }} />}
				</span>
				<span className="van-figures">
					{current && fix.speed !== undefined && <span>{t('map.kmh', { speed: toKilometresPerHour(fix.speed) })}</span>}
					{fix !== null && <span className="age">{t('map.ago', { age: formatDuration(now - fix.time, language) })}</span>}
				</span>
				<span className="van-state">
					{items.length === 0 ? (
						<span className="van-next">
							{vanState(t, vehicle, now)}
							{view?.stops.length === 1 && ` · ${t('plan.free')}`}
							{next !== null && !leaving && (
								<>
									{' · '}
									{next.reached
										? t('plan.at', { place: next.stop.name[language] })
										: t('plan.to', { time: formatTime(next.stop.arrival), place: next.stop.name[language] })}
								</>
							)}
						</span>
					) : (
						items.map((item) => (
							<span key={`${item.kind}${item.device ?? ''}`} className={`attention attention-${item.urgency}`}>
								{items.length > 1 && <StateMark kind={urgencyMark[item.urgency]} />}
								{attentionText(t, item, now, language)}
							</span>
						))
					)}
				</span>
			</button>
		</li>
	);
}
