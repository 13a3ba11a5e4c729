/**
 * A day as lanes: one for each van, one for each doctor, joined by their consults. It draws what it is given and tells what a hand
 * does; it fetches nothing. See {@link TimelineProps}.
 */
import { useEffect, useMemo, useRef, useState, type MouseEvent } from 'react';
import { useTexts } from '../../../shared/i18n/index.ts';
import { cellsOf } from './cells.ts';
import { Grid } from './grid.tsx';
import { findVisit } from './model.ts';
import { Bubble, Key, Ruler, Scrollbar, Zoom } from './parts.tsx';
import { selectionOf, visitOf } from './pointed.ts';
import type { TimelineProps } from './props.ts';
import { Tray } from './tray.tsx';
import { useCells } from './use-cells.ts';
import { useHand } from './use-hand.ts';
import { useKeys } from './use-keys.ts';
import { usePanes } from './use-panes.ts';
import { useTrackStyle, useView } from './use-view.ts';
import type { Speech } from './words.ts';
import './timeline.css';

/** Rows lower than this have a smaller text, pixels. */
const denseBelow = 27;

export function Timeline(props: TimelineProps) {
	const { data, label, mode, selection, onSelect, names, pinned, editing, tools } = props;
	const { t, language } = useTexts();
	const root = useRef<HTMLElement>(null);
	const body = useRef<HTMLDivElement>(null);
	const box = useRef<HTMLDivElement>(null);
	const axis = useMemo(() => ({ from: data.from, to: data.to }), [data.from, data.to]);
	const { view, zoomBy, panTo, reset } = useView(body);
	const panes = usePanes(box, data.vehicles.length, data.doctors.length);
	const hand = useHand({ root, body, data, axis, view, editing, panTo });
	const speech = useMemo((): Speech => ({ t, language, names, data, pinned }), [t, language, names, data, pinned]);
	const rows = useMemo(() => cellsOf(data), [data]);
	const { active, walk, settle } = useCells(root, rows, panes);
	const onKeyDown = useKeys({ root, props, zoomBy, reset, walk, settle });
	useTrackStyle(root, view);

	const [hover, setHover] = useState<number | null>(null);
	const chosen = selection?.kind === 'visit' ? selection.visit : null;
	const lit = useMemo(() => new Set([hover, chosen].filter((visit) => visit !== null)), [hover, chosen]);
	const aim = editing?.aim ?? null;
	const aimed = aim?.target?.kind === 'lane' ? aim.target.vehicle : null;
	useInSight(props, panes.vans.reveal);

	const onClick = (event: MouseEvent) => {
		if (hand.wasDrag()) return;
		const found = selectionOf(event.target);
		if (found !== null) onSelect(found);
		else if (event.target instanceof Element && event.target.closest('.tl-track') !== null) onSelect(null);
	};
	const look = [panes.vans.row < denseBelow && 'tl-dense', aim !== null && 'tl-carrying'];
	return (
		<section
			ref={root}
			className={['tl', ...look].filter(Boolean).join(' ')}
			aria-label={label}
			tabIndex={-1}
			data-testid="timeline"
			onKeyDown={onKeyDown}
			onClick={onClick}
			onPointerDown={hand.onPointerDown}
			onPointerOver={(event) => setHover(visitOf(event.target))}
			onPointerLeave={() => setHover(null)}
		>
			<div className="tl-bar">
				<Zoom zoom={view.zoom} zoomBy={zoomBy} reset={reset} />
				<Key live={mode === 'live'} />
				{tools}
			</div>
			<div ref={body} className="tl-body">
				<Ruler axis={axis} view={view} />
				<Grid given={props} {...{ box, axis, view, panes, rows, active, lit, speech }} />
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
				<Bubble root={root} at={aim.by === 'pointer' ? hand.at.current : null} lane={aimed}>
					{editing.bubble}
				</Bubble>
			)}
		</section>
	);
}

/** What the keyboard aims at, or was selected elsewhere, is scrolled into sight. A pointer is where it is. */
function useInSight({ data, selection, editing }: TimelineProps, reveal: (row: number) => void): void {
	const aim = editing?.aim ?? null;
	const target = aim?.target?.kind === 'lane' ? aim.target.vehicle : null;
	const selected =
		selection?.kind === 'vehicle'
			? selection.vehicle
			: selection?.kind === 'visit'
				? (findVisit(data, selection.visit)?.lane.vehicle ?? null)
				: null;
	const wanted = aim?.by === 'pointer' ? null : (target ?? selected);
	const row = data.vehicles.findIndex(({ vehicle }) => vehicle === wanted);
	useEffect(() => {
		if (row >= 0) reveal(row);
	}, [row, reveal]);
}
