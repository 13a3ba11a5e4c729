/** What is wrong with a cell: the cell to be put right, the reason in words, and for an address the places that it may mean. */
import { useId } from 'react';
import type { IntakeFault, IntakeRow } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { PlaceCandidate, matchKey } from '../../../shared/places/place-candidate.tsx';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { CellInput } from './cell-input.tsx';
import type { Intake } from './use-intake.ts';

export function FaultLine({ row, fault, edit }: { row: IntakeRow; fault: IntakeFault; edit: Intake['edit'] }) {
	const { t } = useTexts();
	const id = useId();
	const { field, kind, expected, severity } = fault;
	const asksForPlace = field === 'address' && (kind === 'address-unknown' || kind === 'address-ambiguous' || kind === 'read-as');
	return (
		<li className="fault-line" data-kind={kind} data-severity={severity}>
			{field !== null && (
				<CellInput
					label={t(`intake.field.${field}`)}
					value={row.values[field] ?? ''}
					faulty={severity === 'error'}
					describedBy={id}
					onChange={(value) => edit.cell(row.row, field, value)}
				/>
			)}
			<span className="fault-reason" id={id}>
				<StateMark kind={severity === 'error' ? 'bad' : 'warn'} /> {t(`intake.fault.${kind}`, { expected })}
			</span>
			{asksForPlace && row.places.length > 0 && (
				<span className="fault-places" role="group" aria-label={t('intake.row.candidates')}>
					{row.places.slice(0, 4).map((match) => (
						<button
							key={matchKey(match)}
							type="button"
							onClick={() => edit.place(row.row, { ...match.place, address: row.values.address ?? match.place.address })}
						>
							<PlaceCandidate match={match} />
						</button>
					))}
				</span>
			)}
		</li>
	);
}
