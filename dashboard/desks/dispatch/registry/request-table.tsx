/** The table of requests: thousands of rows, of which only those in sight are drawn. */
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { FleetVehicle } from '@junkai/contracts';
import { formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { formatShortDay } from '../../../shared/records/dates.ts';
import { StateMark, type MarkKind } from '../../../shared/ui/state-mark.tsx';
import { kanaText, patientName, rhythmText, spanText, vehicleName } from './record-words.ts';
import type { RequestRow, RowState } from './request-rows.ts';

export const rowMarks: Readonly<Record<RowState, MarkKind>> = {
	overdue: 'warn',
	open: 'wait',
	planned: 'good',
	'under-way': 'good',
	done: 'off',
	'not-done': 'bad',
	closed: 'off',
	cancelled: 'off',
};

const columns = ['id', 'patient', 'place', 'need', 'when', 'rhythm', 'state', 'planned'] as const;
const rowHeight = 48;

interface Props {
	rows: readonly RequestRow[];
	fleet: readonly FleetVehicle[];
	selected: number | null;
	/** All that decides on the order is there. */
	settled: boolean;
	onOpen: (id: number) => void;
}

export function RequestTable({ rows, fleet, selected, settled, onOpen }: Props) {
	const { t } = useTexts();
	const scroll = useRef<HTMLDivElement>(null);
	const virtual = useVirtualizer({
		count: rows.length,
		getScrollElement: () => scroll.current,
		estimateSize: () => rowHeight,
		overscan: 8,
		getItemKey: (index) => rows[index]?.request.id ?? index,
	});
	const at = rows.findIndex(({ request }) => request.id === selected);
	useEffect(() => {
		if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
		// Only when another one is chosen: the list must not jump while it is read.
		// oxlint-disable-next-line react/exhaustive-deps
	}, [selected, settled]);

	const focusRow = (index: number) => {
		const bounded = Math.max(0, Math.min(rows.length - 1, index));
		virtual.scrollToIndex(bounded, { align: 'auto' });
		requestAnimationFrame(() => scroll.current?.querySelector<HTMLElement>(`[data-index="${bounded}"]`)?.focus());
	};
	const walk = (event: KeyboardEvent<HTMLDivElement>) => {
		const from = Number((event.target as HTMLElement).dataset['index'] ?? Number.NaN);
		if (Number.isNaN(from)) return;
		const page = Math.floor((scroll.current?.clientHeight ?? 0) / rowHeight) - 1;
		const to = {
			ArrowDown: from + 1,
			ArrowUp: from - 1,
			PageDown: from + page,
			PageUp: from - page,
			Home: 0,
			End: rows.length - 1,
		}[event.key];
		if (to !== undefined) {
			event.preventDefault();
			focusRow(to);
		} else if (event.key === 'Enter' || event.key === ' ') {
			event.preventDefault();
			const row = rows[from];
			if (row !== undefined) onOpen(row.request.id);
		}
	};
	const items = virtual.getVirtualItems();
	const tabAt = at >= 0 ? at : (items[0]?.index ?? 0);
	return (
		<div className="request-table" role="grid" aria-label={t('registry.requests.table')} aria-rowcount={rows.length + 1}>
			<div role="rowgroup">
				<div role="row" aria-rowindex={1} className="request-row request-head">
					{columns.map((column) => (
						<span key={column} role="columnheader" className={`col-${column}`}>
							{t(`registry.requests.col.${column}`)}
						</span>
					))}
				</div>
			</div>
			<div ref={scroll} className="request-scroll" role="rowgroup" onKeyDown={walk}>
				<div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
					{items.map((item) => {
						const row = rows[item.index];
						if (row === undefined) return null;
						return (
							<div
								key={item.key}
								role="row"
								aria-rowindex={item.index + 2}
								aria-selected={item.index === at}
								data-index={item.index}
								data-request={row.request.id}
								tabIndex={item.index === tabAt ? 0 : -1}
								className={`request-row urgency-${row.request.urgency} state-${row.state}`}
								style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
								onClick={() => onOpen(row.request.id)}
							>
								<Cells row={row} fleet={fleet} />
							</div>
						);
					})}
				</div>
			</div>
		</div>
	);
}

function Cells({ row, fleet }: { row: RequestRow; fleet: readonly FleetVehicle[] }) {
	const { t, language } = useTexts();
	const { request, patient, age, place, municipality, visit, state } = row;
	const placeText = place.settlement?.text ?? (place.address === '' ? t('inspector.unknown') : place.address);
	return (
		<>
			<span role="gridcell" className="col-id">
				{request.id}
			</span>
			<span role="gridcell" className="col-patient">
				<b>{patient === undefined ? t('registry.requests.unknownPatient', { id: request.patient }) : patientName(patient)}</b>
				{age !== null && <span className="age"> {t('registry.requests.age', { age })}</span>}
				{patient !== undefined && <small>{kanaText(patient)}</small>}
			</span>
			<span role="gridcell" className="col-place">
				{placeText}
				<small>
					{municipality !== undefined && `${municipality.text} · `}
					{place.kind === 'stop' ? place.settlement?.stop : t(`registry.request.placeKind.${place.kind}`)}
				</small>
			</span>
			<span role="gridcell" className="col-need">
				{t(`plan.need.${request.need}`)}
				{request.urgency !== 'routine' && (
					<small className={`urgency-word-${request.urgency}`}>
						{request.urgency === 'urgent' && '▲ '}
						{t(`registry.urgency.${request.urgency}`)}
					</small>
				)}
			</span>
			<span role="gridcell" className="col-when">
				{spanText(t, language, visit?.from ?? request.from, visit?.until ?? request.until)}
			</span>
			<span role="gridcell" className="col-rhythm">
				{rhythmText(t, language, request.recurrence)}
			</span>
			<span role="gridcell" className="col-state">
				<StateMark kind={rowMarks[state]} /> {t(`registry.visitState.${state}`)}
			</span>
			<span role="gridcell" className="col-planned">
				{visit?.planned != null && state !== 'cancelled' && (
					<>
						{formatShortDay(visit.planned.date, language)} {formatTime(visit.planned.from)}
						<small>{vehicleName(visit.planned.vehicle, fleet)}</small>
					</>
				)}
			</span>
		</>
	);
}
