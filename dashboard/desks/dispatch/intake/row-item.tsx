/** A row of the spreadsheet in the list: the line, and below it what is to be put right. */
import type { IntakeField, IntakeRow } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark, type MarkKind } from '../../../shared/ui/state-mark.tsx';
import { FaultLine } from './fault-line.tsx';
import type { Intake } from './use-intake.ts';

export type RowLook = 'faulty' | 'doubtful' | 'fine' | 'skipped';
export function lookOf({ skipped, faults }: IntakeRow): RowLook {
	if (skipped) return 'skipped';
	if (faults.some(({ severity }) => severity === 'error')) return 'faulty';
	return faults.length > 0 ? 'doubtful' : 'fine';
}
const marks: Readonly<Record<RowLook, MarkKind>> = { faulty: 'bad', doubtful: 'warn', fine: 'good', skipped: 'off' };

interface Props {
	row: IntakeRow;
	selected: boolean;
	edit: Intake['edit'];
	onSelect: () => void;
}

export function RowItem({ row, selected, edit, onSelect }: Props) {
	const { t } = useTexts();
	const look = lookOf(row);
	const wrong = (field: IntakeField) => row.faults.find((fault) => fault.field === field)?.severity;
	const cell = (...fields: IntakeField[]) => (
		<span className="row-cell" data-fault={fields.map(wrong).find((one) => one !== undefined)}>
			{fields.every((field) => (row.values[field] ?? '') === '') && '–'}
			{fields.map((field) => row.values[field] !== undefined && <span key={field}>{row.values[field]} </span>)}
		</span>
	);
	const faults = row.skipped ? [] : row.faults;
	return (
		<div className="row-item" data-row={row.row} data-look={look} data-selected={selected || undefined}>
			<div className="row-line">
				<input
					type="checkbox"
					checked={!row.skipped}
					aria-label={t('intake.row.take', { row: row.row })}
					onChange={(event) => edit.skip([row.row], !event.target.checked)}
				/>
				<button
					type="button"
					className="row-number"
					aria-pressed={selected}
					aria-label={t('intake.row.number', { row: row.row })}
					onClick={onSelect}
				>
					<StateMark kind={marks[look]} /> {row.row}
				</button>
				<span className="row-name">
					{cell('name')} <small>{row.values.kana}</small>
					{row.known !== null && <small className="row-known">{t('intake.row.known')}</small>}
				</span>
				{cell('birthDate')}
				{cell('address')}
				{cell('need')}
				{cell('days', 'hours')}
			</div>
			{faults.length > 0 && (
				<ul className="row-faults">
					{faults.map((fault, at) => (
						<FaultLine key={`${at} ${fault.field} ${fault.kind}`} row={row} fault={fault} edit={edit} />
					))}
				</ul>
			)}
		</div>
	);
}
