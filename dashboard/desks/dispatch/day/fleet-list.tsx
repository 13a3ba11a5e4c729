import { memo, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { Vehicle } from '@junkai/contracts';
import { formatDuration, formatTime, toKilometresPerHour } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import type { FleetState } from '../../../shared/live/fleet-store.ts';
import { useFleet, useLive, useServerNow } from '../../../shared/live/live-context.tsx';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { attentionOf, byUrgency, fixOldAfter, lookOf, worst } from './attention.ts';
import { lateness, nextOf, type RouteView } from './route-view.ts';
import { select } from './selection.ts';
import { attentionText, urgencyMark, vanMark, vanState } from './words.ts';

interface Props {
	/** The vans' routes in the plan that holds. */
	views: ReadonlyMap<string, RouteView>;
	/** Service time, by which routes go. */
	serviceNow: number;
	selected: string | null;
}

/** More vans than this and the list gets a field to find one. */
const findFrom = 8;

export function FleetList({ views, serviceNow, selected }: Props) {
	const { t } = useTexts();
	const { reload } = useLive();
	const now = useServerNow();
	const { vehicles, phase } = useFleetEachSecond(now);
	const [text, setText] = useState('');
	const rows = useMemo(() => {
		const wanted = text.trim().toLowerCase();
		return vehicles.filter((v) => v.name.toLowerCase().includes(wanted) || v.id.includes(wanted)).toSorted(byUrgency(now));
	}, [vehicles, now, text]);
	const online = vehicles.filter((v) => v.link.state === 'online').length;
	const minuteNow = Math.floor(serviceNow / 60_000) * 60_000;

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
			{phase === 'loading' && vehicles.length === 0 && <p className="quiet">{t('app.loading')}</p>}
			{phase === 'failed' && (
				<div className="quiet" role="alert">
					<p>{t('dispatch.loadFailed')}</p>
					<button type="button" onClick={reload}>
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
						serviceNow={minuteNow}
						selected={vehicle.id === selected}
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

/** Fifty vans tell of themselves ten times a second: a list is read once a second. The first vans show at once. */
function useFleetEachSecond(now: number): FleetState {
	const fleet = useFleet();
	const held = useRef({ at: now, fleet });
	const known = held.current.fleet;
	if (held.current.at !== now || known.phase !== fleet.phase || known.vehicles.length !== fleet.vehicles.length) {
		held.current = { at: now, fleet };
	}
	return held.current.fleet;
}

interface RowProps {
	vehicle: Vehicle;
	view: RouteView | null;
	/** Wall clock of the server. */
	now: number;
	/** Service time, to the minute. */
	serviceNow: number;
	selected: boolean;
}

const Row = memo(function Row({ vehicle, view, now, serviceNow, selected }: RowProps) {
	const { t, language } = useTexts();
	const items = attentionOf(vehicle, now);
	const next = view === null ? null : nextOf(view);
	const late = Math.max(0, ...(view?.stops.map((stop) => lateness(stop, serviceNow)) ?? []));
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
				onClick={() => select({ kind: 'van', id: vehicle.id })}
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
										: t('plan.to', { time: formatTime(next.estimate?.eta ?? next.stop.arrival), place: next.stop.name[language] })}
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
					{late > 0 && (
						<span className="attention attention-warning">
							<StateMark kind="warn" />
							{t('day.willBeLate', { age: formatDuration(late, language) })}
						</span>
					)}
				</span>
			</button>
		</li>
	);
});
