/**
 * A day as lanes: one for each van, one for each doctor, joined by their consults. It draws what it is given and tells what a hand
 * does; it fetches nothing. See {@link TimelineProps}.
 */
import { useEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type MouseEvent } from 'react';
import { formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { aimKeys, likelyStart, placeOf, stepped } from './aim.ts';
import { percent, pixelsPerMs, ticks, xOf } from './axis.ts';
import { cellIds, cellsOf } from './cells.ts';
import { DoctorRow, VehicleRow, type Ghost } from './lanes.tsx';
import { Links } from './links.tsx';
import { findVisit } from './model.ts';
import { Bubble, Key, Rows, Scrollbar } from './parts.tsx';
import type { TimelineProps, TimelineSelection } from './props.ts';
import { Tray } from './tray.tsx';
import { useCells } from './use-cells.ts';
import { useHand } from './use-hand.ts';
import { usePanes } from './use-panes.ts';
import { useView } from './use-view.ts';
import type { Speech } from './words.ts';
import './timeline.css';

const noVisits: ReadonlySet<number> = new Set();
/** Rows lower than this have a smaller text, pixels. */
const denseBelow = 27;

export function Timeline(props: TimelineProps) {
	const { data, label, mode, now, selection, onSelect, names, pinned, locked, marked, editing, tools } = props;
	const { t, language } = useTexts();
	const root = useRef<HTMLElement>(null);
	const body = useRef<HTMLDivElement>(null);
	const box = useRef<HTMLDivElement>(null);
	const axis = useMemo(() => ({ from: data.from, to: data.to }), [data.from, data.to]);
	const { view, zoomBy, panTo, reset } = useView(body);
	const panes = usePanes(box, data.vehicles.length, data.doctors.length);
	const hand = useHand({ root, body, data, axis, view, editing, panTo });
	const [hover, setHover] = useState<number | null>(null);
	const speech = useMemo((): Speech => ({ t, language, names, data, pinned }), [t, language, names, data, pinned]);
	const rows = useMemo(() => cellsOf(data), [data]);
	const { active, walk, settle } = useCells(root, rows, panes);

	const chosen = selection?.kind === 'visit' ? selection.visit : null;
	const lit = useMemo(() => new Set([hover, chosen].filter((visit) => visit !== null)), [hover, chosen]);
	const aim = editing?.aim ?? null;
	const place = aim?.target?.kind === 'lane' ? aim.target : null;

	// What is aimed at, or chosen elsewhere, is brought into sight.
	const { vans, doctors } = panes;
	const wanted =
		place?.vehicle ??
		(selection?.kind === 'vehicle' ? selection.vehicle : null) ??
		(chosen === null ? null : findVisit(data, chosen)?.lane.vehicle);
	const wantedRow = aim?.by === 'pointer' ? -1 : data.vehicles.findIndex(({ vehicle }) => vehicle === wanted);
	const { reveal } = vans;
	useEffect(() => {
		if (wantedRow >= 0) reveal(wantedRow);
	}, [wantedRow, reveal]);

	const ghost = useMemo((): Ghost | null => {
		if (aim === null || place === null || editing === undefined) return null;
		const own = findVisit(data, aim.visit)?.visit;
		const from = likelyStart(data, aim.visit, place);
		const length = own === undefined ? 30 * 60_000 : own.to - own.from;
		return { visit: aim.visit, route: editing.ghost, forbidden: editing.forbidden, likely: { from, to: from + length } };
	}, [aim, place, editing, data]);

	const carrying = aim?.by === 'keyboard';
	useEffect(() => {
		if (carrying) root.current?.focus({ preventScroll: true });
	}, [carrying]);
	const letGo = (done: () => void) => {
		const visit = aim?.visit;
		done();
		if (visit !== undefined) settle(cellIds.visit(visit));
	};

	const onKeyDown = (event: KeyboardEvent) => {
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		const { key } = event;
		let handled = true;
		if (aim?.by === 'keyboard' && editing !== undefined) {
			if ((aimKeys as readonly string[]).includes(key)) editing.onAim({ ...aim, target: stepped(data, aim, key, event.shiftKey) });
			else if (key === 'Enter') letGo(() => editing.onDrop(aim.visit, aim.target));
			else if (key === 'Escape') letGo(editing.onCancel);
			else handled = false;
		} else if (key === '+' || key === ';') zoomBy(1.5);
		else if (key === '-') zoomBy(1 / 1.5);
		else if (key === '0') reset();
		else if (key === 'Escape' && selection !== null) onSelect(null);
		else if (key === 'm' && editing !== undefined) {
			const visit = visitOf(event.target) ?? chosen;
			if (visit === null) return;
			onSelect({ kind: 'visit', visit });
			editing.onAim({ visit, by: 'keyboard', target: placeOf(data, visit) });
		} else if (
			(key === 'Enter' || key === ' ') &&
			event.target instanceof HTMLElement &&
			event.target.dataset['cell'] !== undefined
		) {
			onSelect(selectionOf(event.target));
		} else handled = event.target instanceof HTMLElement && event.target.dataset['cell'] !== undefined && walk(key);
		if (handled) event.preventDefault();
	};
	const onClick = (event: MouseEvent) => {
		if (hand.wasDrag()) return;
		const found = selectionOf(event.target);
		if (found !== null) onSelect(found);
		else if (event.target instanceof Element && event.target.closest('.tl-track') !== null) onSelect(null);
	};

	const scale = pixelsPerMs(axis, view);
	const common = (id: string) => ({
		axis,
		scale,
		marked,
		speech,
		active: rows[0] && active !== null && ownsCell(rows, id, active) ? active : null,
	});
	const whole =
		selection?.kind === 'vehicle'
			? { vehicle: selection.vehicle }
			: selection?.kind === 'doctor'
				? { doctor: selection.doctor }
				: null;
	const lines = ticks(axis, view);
	return (
		<section
			ref={root}
			className={`tl${vans.row < denseBelow ? ' tl-dense' : ''}${aim === null ? '' : ' tl-carrying'}`}
			aria-label={label}
			tabIndex={-1}
			data-testid="timeline"
			style={{ '--zoom': view.zoom, '--shift': `${-view.shift}px` } as CSSProperties}
			onKeyDown={onKeyDown}
			onClick={onClick}
			onPointerDown={hand.onPointerDown}
			onPointerOver={(event) => setHover(visitOf(event.target))}
			onPointerLeave={() => setHover(null)}
		>
			<div className="tl-bar">
				<div className="tl-zoom" role="group" aria-label={t('timeline.zoom')}>
					<button type="button" aria-label={t('timeline.out')} disabled={view.zoom <= 1} onClick={() => zoomBy(1 / 1.5)}>
						−
					</button>
					<button type="button" aria-label={t('timeline.in')} onClick={() => zoomBy(1.5)}>
						＋
					</button>
					<button type="button" disabled={view.zoom === 1} onClick={reset}>
						{t('timeline.whole')}
					</button>
				</div>
				<Key live={mode === 'live'} />
				{tools}
			</div>
			<div ref={body} className="tl-body">
				<div className="tl-axis" aria-hidden="true">
					<div className="tl-inner">
						{lines.map(({ at, strong }) => (
							<span key={at} className={strong ? 'tl-hour' : ''} style={{ left: percent(at, axis) }}>
								{strong ? Number(formatTime(at).slice(0, 2)) : formatTime(at)}
							</span>
						))}
					</div>
				</div>
				<div
					ref={box}
					className="tl-box"
					role="grid"
					aria-label={label}
					aria-rowcount={rows.length}
					aria-readonly={editing === undefined}
				>
					<div className="tl-lines" aria-hidden="true" style={{ height: vans.height + doctors.height }}>
						<div className="tl-inner">
							{lines.map(({ at, strong }) => (
								<i key={at} className={strong ? 'tl-hour' : ''} style={{ left: percent(at, axis) }} />
							))}
						</div>
					</div>
					<Rows pane={vans} name="tl-vans" label={t('timeline.vans')}>
						{data.vehicles.slice(vans.first, vans.last).map((lane, index) => {
							const row = vans.first + index;
							return (
								<VehicleRow
									key={lane.vehicle}
									{...common(cellIds.vehicle(lane.vehicle))}
									lane={lane}
									name={names.vehicle(lane.vehicle)}
									row={row}
									top={row * vans.row}
									height={vans.row}
									lit={litIn(lane.visits, lit)}
									selected={selection?.kind === 'vehicle' && selection.vehicle === lane.vehicle}
									locked={locked?.has(lane.vehicle) ?? false}
									ghost={place?.vehicle === lane.vehicle ? ghost : null}
									held={aim !== null && lane.visits.some(({ visit }) => visit === aim.visit) ? aim.visit : null}
									canMove={editing !== undefined}
								/>
							);
						})}
					</Rows>
					<Rows pane={doctors} name="tl-doctors" label={t('timeline.doctors')}>
						{data.doctors.slice(doctors.first, doctors.last).map((lane, index) => {
							const row = doctors.first + index;
							return (
								<DoctorRow
									key={lane.doctor}
									{...common(cellIds.doctor(lane.doctor))}
									lane={lane}
									row={data.vehicles.length + row}
									top={row * doctors.row}
									height={doctors.row}
									lit={litIn(lane.consults, lit)}
									selected={selection?.kind === 'doctor' && selection.doctor === lane.doctor}
								/>
							);
						})}
					</Rows>
					<Links data={data} axis={axis} view={view} vans={vans} doctors={doctors} lit={lit} whole={whole} />
					{now !== null && now >= data.from && now <= data.to && xOf(now, axis, view) >= 0 && (
						<div className="tl-now" aria-hidden="true" style={{ height: vans.height + doctors.height }}>
							<div className="tl-inner">
								<i style={{ left: percent(now, axis) }} />
							</div>
						</div>
					)}
				</div>
				{view.zoom > 1 && <Scrollbar shift={view.shift} width={view.width * view.zoom} onPan={panTo} />}
			</div>
			<Tray
				speech={speech}
				selected={chosen}
				held={aim?.visit ?? null}
				aimed={aim?.target?.kind === 'tray'}
				canMove={editing !== undefined}
			/>
			{aim !== null && editing !== undefined && (
				<Bubble root={root} at={aim.by === 'pointer' ? hand.at.current : null} lane={place?.vehicle ?? null}>
					{editing.bubble}
				</Bubble>
			)}
		</section>
	);
}

function litIn(list: readonly { visit: number }[], lit: ReadonlySet<number>): ReadonlySet<number> {
	if (lit.size === 0) return noVisits;
	const own = list.filter(({ visit }) => lit.has(visit)).map(({ visit }) => visit);
	return own.length === 0 ? noVisits : new Set(own);
}

const ownsCell = (rows: ReturnType<typeof cellsOf>, first: string, id: string): boolean =>
	rows.find((cells) => cells[0]!.id === first)?.some((cell) => cell.id === id) ?? false;

function visitOf(target: EventTarget): number | null {
	const found = target instanceof Element ? target.closest<HTMLElement>('[data-visit]')?.dataset['visit'] : undefined;
	return found === undefined ? null : Number(found);
}

function selectionOf(target: EventTarget): TimelineSelection | null {
	const visit = visitOf(target);
	if (visit !== null) return { kind: 'visit', visit };
	const label = target instanceof Element ? target.closest<HTMLElement>('[data-vehicle], [data-doctor]') : null;
	if (label?.dataset['vehicle'] !== undefined) return { kind: 'vehicle', vehicle: label.dataset['vehicle'] };
	if (label?.dataset['doctor'] !== undefined) return { kind: 'doctor', doctor: Number(label.dataset['doctor']) };
	return null;
}
