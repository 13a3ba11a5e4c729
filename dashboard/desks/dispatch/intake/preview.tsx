/** A file that was read: its rows, what is to be put right, and the way in. */
import { useMemo, useState } from 'react';
import type { IntakeRow } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { Columns } from './columns.tsx';
import { RowDetail } from './row-detail.tsx';
import { lookOf, type RowLook } from './row-item.tsx';
import { RowList } from './row-list.tsx';
import { TroubleText } from './trouble.tsx';
import type { Intake, IntakeState } from './use-intake.ts';

const filters = ['faulty', 'doubtful', 'all', 'skipped'] as const;
type Filter = (typeof filters)[number];

const urgency = { faulty: 0, doubtful: 1, fine: 2, skipped: 3 };
const fits = (row: IntakeRow, filter: Filter): boolean => filter === 'all' || lookOf(row) === filter;

interface Props {
	intake: Intake;
	state: Extract<IntakeState, { step: 'preview' }>;
}

export function Preview({ intake, state }: Props) {
	const { t } = useTexts();
	const { checking, accepting, trouble } = state;
	const { skip } = intake.corrections;
	// What is left out shows at once, before the server has read the rest again.
	const preview = useMemo(() => {
		const rows = state.preview.rows.map((row) => (row.skipped === skip.has(row.row) ? row : { ...row, skipped: !row.skipped }));
		return { ...state.preview, rows };
	}, [state.preview, skip]);
	const [selected, setSelected] = useState<number | null>(null);
	const list = useShown(preview.rows, preview.id);
	const by = Map.groupBy(preview.rows, lookOf);
	const size = (look: RowLook): number => by.get(look)?.length ?? 0;
	const faultyRows = by.get('faulty')?.map(({ row }) => row) ?? [];
	const [faulty, skipped] = [size('faulty'), size('skipped')];
	const counts: Record<Filter, number> = { faulty, doubtful: size('doubtful'), all: preview.rows.length, skipped };
	const count = preview.rows.length - skipped;
	return (
		<div className="intake-preview">
			<FileBar intake={intake} preview={preview} />
			<Columns key={preview.id} preview={preview} onChange={intake.edit.column} />
			<div className="intake-filter" role="group" aria-label={t('intake.filter.label')}>
				{filters.map((filter) => (
					<button
						key={filter}
						type="button"
						aria-pressed={list.filter === filter}
						data-filter={filter}
						onClick={() => list.show(filter)}
					>
						{t(`intake.filter.${filter}`)} <b>{counts[filter]}</b>
					</button>
				))}
				<span className="intake-checking" role="status">
					{checking ? t('intake.rechecking') : ''}
				</span>
			</div>
			<RowList
				rows={list.rows}
				selected={selected}
				edit={intake.edit}
				onSelect={setSelected}
				none={t(`intake.none.${list.filter}`)}
			/>
			<RowDetail preview={preview} corrections={intake.corrections} selected={selected} edit={intake.edit} onSelect={setSelected} />
			<footer className="intake-foot">
				<p role="alert" className="intake-trouble">
					{trouble !== null && (
						<>
							<StateMark kind="bad" /> <TroubleText trouble={trouble} />
						</>
					)}
				</p>
				{faulty > 0 && (
					<>
						<span className="intake-still">
							<StateMark kind="bad" /> {t('intake.stillFaulty', { count: faulty })}
						</span>
						<button type="button" onClick={() => intake.edit.skip(faultyRows, true)}>
							{t('intake.skipFaulty', { count: faulty })}
						</button>
					</>
				)}
				<button
					type="button"
					className="primary"
					data-testid="take-in"
					disabled={checking || accepting || count === 0}
					onClick={() => void intake.accept()}
				>
					{accepting
						? t('intake.accepting')
						: skipped === 0
							? t('intake.skippedNone', { count })
							: t('intake.accept', { skipped, count })}
				</button>
			</footer>
		</div>
	);
}

/**
 * Rows of a filter, the faulty ones first. What is shown stays in its place while it is being put right; it is chosen anew only when
 * the filter is.
 */
function useShown(rows: readonly IntakeRow[], file: string) {
	const pick = (filter: Filter) =>
		rows
			.filter((row) => fits(row, filter))
			.toSorted((a, b) => urgency[lookOf(a)] - urgency[lookOf(b)] || a.row - b.row)
			.map(({ row }) => row);
	const begin = (): { file: string; filter: Filter; shown: number[] } => ({ file, filter: 'all', shown: pick('all') });
	const [held, setHeld] = useState(begin);
	const now = held.file === file ? held : begin();
	if (now !== held) setHeld(now);
	const byNumber = useMemo(() => new Map(rows.map((row) => [row.row, row])), [rows]);
	return {
		filter: now.filter,
		rows: useMemo(() => now.shown.flatMap((row) => byNumber.get(row) ?? []), [now.shown, byNumber]),
		show: (filter: Filter) => setHeld({ file, filter, shown: pick(filter) }),
	};
}

function FileBar({ intake, preview }: { intake: Intake; preview: Props['state']['preview'] }) {
	const { t } = useTexts();
	const { file, sheet, sheets, encoding, certainty } = preview;
	return (
		<header className="intake-file">
			<h1>{file}</h1>
			{sheet !== null && sheets.length > 1 && (
				<label>
					{t('intake.sheet')}{' '}
					<select value={sheet} onChange={(event) => intake.again({ sheet: event.target.value })}>
						{sheets.map((name) => (
							<option key={name}>{name}</option>
						))}
					</select>
				</label>
			)}
			{sheet === null && (
				<label>
					{t('intake.encoding')}{' '}
					<select
						value={intake.encoding}
						onChange={(event) => intake.again({ encoding: event.target.value as 'auto' | 'utf-8' | 'shift_jis' })}
					>
						{(['auto', 'utf-8', 'shift_jis'] as const).map((one) => (
							<option key={one} value={one}>
								{t(`intake.encodings.${one}`)}
							</option>
						))}
					</select>
				</label>
			)}
			<small data-certainty={certainty}>
				{certainty === 'unsure' && <StateMark kind="warn" />}{' '}
				{t(`intake.certainty.${certainty}`, { encoding: encoding === 'shift_jis' ? 'Shift_JIS' : encoding.toUpperCase() })}
			</small>
			<button type="button" onClick={intake.close}>
				{t('intake.another')}
			</button>
		</header>
	);
}
