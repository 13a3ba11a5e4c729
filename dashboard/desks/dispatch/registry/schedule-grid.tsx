/** Rows of vans or people, columns of days; what stands in a cell can be opened, an empty one filled. */
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTexts } from '../../../shared/i18n/index.ts';
import { formatShortDay, weekdayName, weekdayOf } from '../../../shared/records/dates.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';

export interface CellItem {
	key: string;
	kind: 'shift' | 'out' | 'absence' | 'hours' | 'extra' | 'consult';
	text: string;
	small?: string;
	conflict: 'error' | 'warning' | null;
	onOpen: () => void;
}

export interface GridRow {
	key: string;
	name: string;
	/** Under the name. */
	detail: ReactNode;
	/** Total of the period, if there is one. */
	total?: string;
	band?: boolean;
	onOpen: () => void;
	items: (day: string) => CellItem[];
	/** Conflict of a day that belongs to no item of it. */
	conflict: (day: string) => 'error' | 'warning' | null;
	onAdd: (day: string) => void;
	selected: boolean;
}

interface Props {
	label: string;
	days: readonly string[];
	today: string;
	rows: readonly GridRow[];
	/** Narrow columns whose items are marks without words. */
	narrow: boolean;
	totals: boolean;
}

export function ScheduleGrid({ label, days, today, rows, narrow, totals }: Props) {
	const { t, language } = useTexts();
	const body = useRef<HTMLTableSectionElement>(null);
	const [[atRow, atDay], setAt] = useState<readonly [number, number]>([0, 0]);
	const move = (row: number, day: number) => {
		const to = [Math.max(0, Math.min(rows.length - 1, row)), Math.max(0, Math.min(days.length - 1, day))] as const;
		setAt(to);
		const cell = body.current?.rows[to[0]]?.cells[to[1] + 1];
		cell?.focus();
		cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
	};
	const walk = (event: KeyboardEvent, row: number, day: number) => {
		const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
		if (by !== undefined) {
			event.preventDefault();
			move(row + by[0]!, day + by[1]!);
		} else if ((event.key === 'Enter' || event.key === ' ') && event.target === event.currentTarget) {
			event.preventDefault();
			const date = days[day]!;
			const [first] = rows[row]!.items(date);
			if (first !== undefined) first.onOpen();
			else rows[row]!.onAdd(date);
		} else if ((event.key === '+' || event.key === 'Insert') && event.target === event.currentTarget) {
			event.preventDefault();
			rows[row]!.onAdd(days[day]!);
		}
	};
	return (
		<div className={narrow ? 'schedule schedule-narrow' : 'schedule'}>
			<table role="grid" aria-label={label}>
				<thead>
					<tr>
						<th scope="col" className="schedule-corner">
							<span className="visually-hidden">{label}</span>
						</th>
						{days.map((day) => (
							<th
								key={day}
								scope="col"
								className={dayClass(day, today)}
								{...(day === today && { 'aria-current': 'date' as const })}
							>
								{narrow ? (
									<>
										{Number(day.slice(8))}
										<small>{weekdayName(weekdayOf(day), language)}</small>
									</>
								) : (
									formatShortDay(day, language)
								)}
							</th>
						))}
						{totals && (
							<th scope="col" className="schedule-total">
								{t('registry.resources.total')}
							</th>
						)}
					</tr>
				</thead>
				<tbody ref={body}>
					{rows.map((row, rowAt) => (
						<tr key={row.key} className={row.band === true ? 'surge-band' : undefined} data-row={row.key}>
							<th scope="row" data-selected={row.selected || undefined}>
								<button type="button" onClick={row.onOpen} aria-label={t('registry.resources.rowOpen', { name: row.name })}>
									{row.name}
								</button>
								<small>{row.detail}</small>
							</th>
							{days.map((day, dayAt) => {
								const here = rowAt === atRow && dayAt === atDay;
								return (
									<td
										key={day}
										role="gridcell"
										tabIndex={here ? 0 : -1}
										className={dayClass(day, today)}
										data-day={day}
										onKeyDown={(event) => walk(event, rowAt, dayAt)}
										onFocus={() => setAt([rowAt, dayAt])}
									>
										<Cell row={row} day={day} reachable={here} narrow={narrow} />
									</td>
								);
							})}
							{totals && <td className="schedule-total">{row.total}</td>}
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

const dayClass = (day: string, today: string): string =>
	[day === today ? 'is-today' : '', weekdayOf(day) === 0 ? 'is-sunday' : weekdayOf(day) === 6 ? 'is-saturday' : '']
		.filter(Boolean)
		.join(' ');

function Cell({ row, day, reachable, narrow }: { row: GridRow; day: string; reachable: boolean; narrow: boolean }) {
	const { t, language } = useTexts();
	const items = row.items(day);
	const own = row.conflict(day);
	return (
		<div className="cell">
			{items.map((item) => (
				<button
					key={item.key}
					type="button"
					tabIndex={reachable ? 0 : -1}
					className={`item item-${item.kind}`}
					data-conflict={item.conflict ?? undefined}
					title={[item.text, item.small].filter(Boolean).join(' ')}
					onClick={item.onOpen}
				>
					{item.conflict !== null && <ConflictMark severity={item.conflict} />}
					<span className={narrow ? 'visually-hidden' : undefined}>{item.text}</span>
					{item.small !== undefined && <small className={narrow ? 'visually-hidden' : undefined}>{item.small}</small>}
				</button>
			))}
			{own !== null && items.every(({ conflict }) => conflict === null) && (
				<span className="cell-conflict">
					<ConflictMark severity={own} />
				</span>
			)}
			<button
				type="button"
				tabIndex={-1}
				className="cell-add"
				aria-label={t('registry.resources.cellAdd', { row: row.name, day: formatShortDay(day, language) })}
				onClick={() => row.onAdd(day)}
			>
				<span aria-hidden="true">＋</span>
			</button>
		</div>
	);
}

function ConflictMark({ severity }: { severity: 'error' | 'warning' }) {
	const { t } = useTexts();
	return (
		<>
			<StateMark kind={severity === 'error' ? 'bad' : 'warn'} />
			<span className="visually-hidden">{t('registry.resources.legend.conflict')}</span>
		</>
	);
}
