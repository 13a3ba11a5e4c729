/** What stands around the lanes. */
import { useEffect, useLayoutEffect, useRef, type ReactNode, type RefObject } from 'react';
import { formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { mostZoom, percent, ticks, type Axis, type View } from './axis.ts';
import { labelWidth } from './use-view.ts';
import type { Pane } from './use-panes.ts';

/** One of the two panes, with only those rows in it that are near its window. */
export function Rows({ pane, name, label, children }: { pane: Pane; name: string; label: string; children: ReactNode }) {
	return (
		<div
			ref={pane.ref}
			className={`tl-pane ${name}`}
			role="rowgroup"
			aria-label={label}
			style={{ height: pane.height }}
			onScroll={pane.onScroll}
		>
			<div className="tl-rows" role="presentation" style={{ height: pane.count * pane.row }}>
				{children}
			</div>
		</div>
	);
}

/** The browser's own bar: it can be dragged, stepped and seen as everywhere. */
export function Scrollbar({ shift, width, onPan }: { shift: number; width: number; onPan: (shift: number) => void }) {
	const ref = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const element = ref.current;
		if (element !== null && Math.abs(element.scrollLeft - shift) > 1) element.scrollLeft = shift;
	});
	return (
		<div
			ref={ref}
			className="tl-scrollbar"
			aria-hidden="true"
			onScroll={(event) => {
				if (Math.abs(event.currentTarget.scrollLeft - shift) > 1) onPan(event.currentTarget.scrollLeft);
			}}
		>
			<div style={{ width }} />
		</div>
	);
}

export function Zoom({ zoom, zoomBy, reset }: { zoom: number; zoomBy: (factor: number) => void; reset: () => void }) {
	const { t } = useTexts();
	return (
		<div className="tl-zoom" role="group" aria-label={t('timeline.zoom')}>
			<button type="button" aria-label={t('timeline.out')} disabled={zoom <= 1} onClick={() => zoomBy(1 / 1.5)}>
				−
			</button>
			<button type="button" aria-label={t('timeline.in')} disabled={zoom >= mostZoom} onClick={() => zoomBy(1.5)}>
				＋
			</button>
			<button type="button" disabled={zoom === 1} onClick={reset}>
				{t('timeline.whole')}
			</button>
		</div>
	);
}

/** Whole hours in full, what is between them quieter. */
export function Ruler({ axis, view }: { axis: Axis; view: View }) {
	return (
		<div className="tl-axis" aria-hidden="true">
			<div className="tl-inner">
				{ticks(axis, view).map(({ at, strong }) => (
					<span key={at} className={strong ? 'tl-hour' : ''} style={{ left: percent(at, axis) }}>
						{strong ? Number(formatTime(at).slice(0, 2)) : formatTime(at)}
					</span>
				))}
			</div>
		</div>
	);
}

/** What each shape means. */
export function Key({ live }: { live: boolean }) {
	const { t } = useTexts();
	const kinds = live
		? (['visit', 'consult', 'drive', 'wait', 'break', 'shadow', 'bounds'] as const)
		: (['visit', 'consult', 'drive', 'wait', 'break'] as const);
	return (
		<ul className="tl-key" aria-label={t('timeline.key.label')}>
			{kinds.map((kind) => (
				<li key={kind}>
					<i className={`tl-key-${kind}`} />
					{t(`timeline.key.${kind}`)}
				</li>
			))}
		</ul>
	);
}

/** The consequence, at the pointer; for the keyboard at the lane. It stays within the window. */
export function Bubble({
	root,
	at,
	lane,
	children,
}: {
	root: RefObject<HTMLElement | null>;
	at: { x: number; y: number } | null;
	lane: string | null;
	children: ReactNode;
}) {
	const ref = useRef<HTMLDivElement>(null);
	useLayoutEffect(() => {
		const element = ref.current;
		const frame = root.current?.getBoundingClientRect();
		if (element === null || frame === undefined) return;
		let { x, y } = at ?? { x: frame.left + labelWidth + 40, y: frame.top + 40 };
		if (at === null && lane !== null) {
			const row = root.current?.querySelector(`[data-lane="${CSS.escape(lane)}"]`)?.getBoundingClientRect();
			const ghost = root.current?.querySelector('.tl-ghost-own')?.getBoundingClientRect();
			if (row !== undefined) y = row.bottom;
			if (ghost !== undefined && ghost.left > 0) x = ghost.left;
		}
		const { width, height } = element.getBoundingClientRect();
		const left = Math.max(8, Math.min(x + 14, window.innerWidth - width - 8));
		const top = y + 18 + height > window.innerHeight - 8 ? y - height - 14 : y + 18;
		element.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(8, top))}px)`;
	});
	return (
		<div ref={ref} className="tl-bubble" role="status">
			{children}
		</div>
	);
}
