/** The rows, those to be put right first; only the ones in sight are drawn. */
import { useRef } from 'react';
import type { IntakeRow } from '@junkai/contracts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useTexts } from '../../../shared/i18n/index.ts';
import { RowItem } from './row-item.tsx';
import type { Intake } from './use-intake.ts';

interface Props {
	rows: readonly IntakeRow[];
	selected: number | null;
	edit: Intake['edit'];
	onSelect: (row: number) => void;
	/** What an empty list says. */
	none: string;
}

const LINE_PX = 41;
const FAULT_PX = 46;

export function RowList({ rows, selected, edit, onSelect, none }: Props) {
	const { t } = useTexts();
	const scroller = useRef<HTMLDivElement>(null);
	// Nothing here is memoised by a compiler.
	// oxlint-disable-next-line react/incompatible-library
	const virtual = useVirtualizer({
		count: rows.length,
		getScrollElement: () => scroller.current,
		estimateSize: (at) => LINE_PX + (rows[at]?.skipped === true ? 0 : (rows[at]?.faults.length ?? 0) * FAULT_PX),
		getItemKey: (at) => rows[at]?.row ?? at,
		overscan: 6,
	});
	return (
		<div className="intake-rows">
			<div className="row-line row-titles" aria-hidden="true">
				<span />
				<span />
				<span>{t('intake.field.name')}</span>
				<span>{t('intake.field.birthDate')}</span>
				<span>{t('intake.field.address')}</span>
				<span>{t('intake.field.need')}</span>
				<span>{`${t('intake.field.days')} · ${t('intake.field.hours')}`}</span>
			</div>
			<div ref={scroller} className="row-scroller" tabIndex={-1}>
				{rows.length === 0 && <p className="row-none">{none}</p>}
				<div role="list" aria-label={t('intake.filter.label')} style={{ height: virtual.getTotalSize(), position: 'relative' }}>
					{virtual.getVirtualItems().map(({ key, index, start }) => {
						const row = rows[index]!;
						return (
							<div
								key={key}
								ref={virtual.measureElement}
								role="listitem"
								data-index={index}
								aria-setsize={rows.length}
								aria-posinset={index + 1}
								className="row-slot"
								style={{ transform: `translateY(${start}px)` }}
							>
								<RowItem row={row} selected={row.row === selected} edit={edit} onSelect={() => onSelect(row.row)} />
							</div>
						);
					})}
				</div>
			</div>
		</div>
	);
}
