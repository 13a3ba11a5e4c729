/** How a plan is to be made, and the one button. */
import { useId, useState, type ReactNode } from 'react';
import type { PlanBoard } from '@junkai/contracts';
import { navigate } from '../../../app/router.tsx';
import { planningApi, type PlanningOptionsInput } from '../../../shared/api/planning.ts';
import { ApiError } from '../../../shared/api/rest.ts';
import { formatDuration } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { DateInput } from '../../../shared/records/date-field.tsx';
import { useRecords, useToday } from '../../../shared/records/use-records.ts';
import { addressOfBoard } from './addresses.ts';
import { dayWords } from './days.ts';
import { Drawer } from './drawer.tsx';

type Keep = NonNullable<PlanningOptionsInput['keep']>;

interface Choice {
	from: string | null;
	days: number;
	vehicles: ReadonlySet<string> | null;
	surge: boolean;
	fairness: number;
	keep: Keep;
	seconds: number | null;
	name: string;
}

const secondsOffered = [10, 30, 60, 180, 600];
const daysOffered = [1, 2, 5, 7];

interface Props {
	/** The plan that is open: it can be begun with. */
	board: PlanBoard | null;
	onClose: () => void;
}

export function PlanDrawer({ board, onClose }: Props) {
	const { t } = useTexts();
	const today = useToday();
	const [choice, setChoice] = useState<Choice>(() => choiceOf(board));
	const [state, setState] = useState<{ busy: boolean; problem: string | null }>({ busy: false, problem: null });
	const set = (part: Partial<Choice>) => setChoice((before) => ({ ...before, ...part }));
	const from = choice.from ?? today ?? '';

	const start = async () => {
		if (!/^\d{4}-\d{2}-\d{2}$/.test(from)) return setState({ busy: false, problem: t('planning.options.badDate') });
		if (choice.vehicles?.size === 0) return setState({ busy: false, problem: t('planning.options.chooseVan') });
		setState({ busy: true, problem: null });
		try {
			const made = await planningApi.start(optionsOf(choice, from, board));
			onClose();
			navigate(addressOfBoard(made.id));
		} catch (error) {
			setState({ busy: false, problem: problemOf(error, t('planning.edit.offline'), t('planning.progress.failed')) });
		}
	};

	return (
		<Drawer title={t('planning.options.title')} onClose={onClose}>
			<form
				className="plan-options"
				onSubmit={(event) => {
					event.preventDefault();
					void start();
				}}
			>
				<Fields choice={choice} set={set} from={from} today={today ?? from} board={board} busy={state.busy} />
				{state.problem !== null && (
					<p className="plan-notice plan-notice-bad" role="alert">
						{state.problem}
					</p>
				)}
				<div className="drawer-buttons">
					<button type="submit" className="primary" disabled={state.busy}>
						{t(state.busy ? 'planning.options.starting' : 'planning.options.start')}
					</button>
					<button type="button" onClick={onClose}>
						{t('planning.options.cancel')}
					</button>
				</div>
			</form>
		</Drawer>
	);
}

interface FieldsProps {
	choice: Choice;
	set: (part: Partial<Choice>) => void;
	/** First day, as chosen or offered. */
	from: string;
	today: string;
	board: PlanBoard | null;
	busy: boolean;
}

function Fields({ choice, set, from, today, board, busy }: FieldsProps) {
	const { t, language } = useTexts();
	const id = useId();
	return (
		<>
			<div className="option">
				<label htmlFor={`${id}-from`}>{t('planning.options.from')}</label>
				<div className="form-control">
					<DateInput
						control={{
							id: `${id}-from`,
							'aria-describedby': undefined,
							'aria-invalid': undefined,
							'aria-required': true,
							disabled: busy,
							onBlur: () => undefined,
						}}
						label={t('planning.options.from')}
						value={from}
						onChange={(value) => set({ from: value })}
						today={today}
					/>
				</div>
			</div>
			<Choose label={t('planning.options.length')}>
				{(name) =>
					[...new Set([...daysOffered, choice.days])]
						.toSorted((a, b) => a - b)
						.map((days) => (
							<Radio key={days} name={name} checked={choice.days === days} onChoose={() => set({ days })}>
								{days === 1
									? t('planning.options.day')
									: days === 7
										? t('planning.options.week')
										: t('planning.options.daysMany', { count: days })}
							</Radio>
						))
				}
			</Choose>
			<How choice={choice} set={set} board={board} />
			<label className="option">
				<span>{t('planning.options.name')}</span>
				<input
					type="text"
					maxLength={100}
					value={choice.name}
					placeholder={/^\d{4}-/.test(from) ? t('planning.list.untitled', { period: dayWords(from, language) }) : ''}
					onChange={(event) => set({ name: event.target.value })}
				/>
			</label>
		</>
	);
}

function How({ choice, set, board }: Pick<FieldsProps, 'choice' | 'set' | 'board'>) {
	const { t, language } = useTexts();
	return (
		<>
			<Vans chosen={choice.vehicles} onChoose={(vehicles) => set({ vehicles })} />
			<label className="option option-tick">
				<input type="checkbox" checked={choice.surge} onChange={(event) => set({ surge: event.target.checked })} />
				{t('planning.options.surge')}
			</label>
			<Choose label={t('planning.options.fairness')}>
				{(name) =>
					([0, 1, 4] as const).map((weight) => (
						<Radio key={weight} name={name} checked={choice.fairness === weight} onChoose={() => set({ fairness: weight })}>
							{t(
								weight === 0
									? 'planning.options.fairnessNone'
									: weight === 1
										? 'planning.options.fairnessUsual'
										: 'planning.options.fairnessStrong',
							)}
						</Radio>
					))
				}
			</Choose>
			<Choose label={t('planning.options.keep')} column>
				{(name) =>
					keeps(board).map((keep) => (
						<Radio key={keep} name={name} checked={choice.keep === keep} onChoose={() => set({ keep })}>
							{t(keepWords[keep])}
						</Radio>
					))
				}
			</Choose>
			<label className="option">
				<span>{t('planning.options.time')}</span>
				<select
					value={choice.seconds ?? ''}
					onChange={(event) => set({ seconds: event.target.value === '' ? null : Number(event.target.value) })}
				>
					<option value="">{t('planning.options.timeAuto')}</option>
					{secondsOffered.map((seconds) => (
						<option key={seconds} value={seconds}>
							{formatDuration(seconds * 1000, language)}
						</option>
					))}
				</select>
			</label>
		</>
	);
}

const keepWords = {
	nothing: 'planning.options.keepNothing',
	published: 'planning.options.keepPublished',
	pinned: 'planning.options.keepPinned',
} as const satisfies Record<Keep, string>;

const keeps = (board: PlanBoard | null): readonly Keep[] =>
	board !== null && board.days.length > 0 ? ['published', 'pinned', 'nothing'] : ['published', 'nothing'];

const choiceOf = (board: PlanBoard | null): Choice => ({
	from: board?.options.from ?? null,
	days: board?.options.days ?? 1,
	vehicles: board?.options.vehicles === undefined ? null : new Set(board.options.vehicles),
	surge: board?.options.surge ?? false,
	fairness: board?.options.fairness ?? 1,
	keep: board !== null && board.days.length > 0 ? 'pinned' : 'published',
	seconds: board?.options.seconds ?? null,
	name: '',
});

function optionsOf(
	{ days, vehicles, surge, fairness, keep, seconds, name }: Choice,
	from: string,
	board: PlanBoard | null,
): PlanningOptionsInput {
	return {
		from,
		days,
		surge,
		fairness,
		keep,
		...(seconds !== null && { seconds }),
		...(vehicles !== null && { vehicles: [...vehicles] }),
		...(keep === 'pinned' && board !== null && { start: board.id }),
		...(name.trim() !== '' && { name: name.trim() }),
	};
}

/** What a refused call says, in the server's words; what it cannot say, in ours. */
export function problemOf(error: unknown, offline: string, failed: string): string {
	if (!(error instanceof ApiError)) return failed;
	if (error.code === 'offline') return offline;
	const detail = error.problem?.detail ?? error.problem?.errors?.map(({ message }) => message).join(' ');
	return detail === undefined || detail === '' ? failed : `${failed} (${detail})`;
}

function Choose({ label, column = false, children }: { label: string; column?: boolean; children: (name: string) => ReactNode }) {
	const id = useId();
	return (
		<fieldset className={`option${column ? ' option-column' : ''}`}>
			<legend>{label}</legend>
			<div>{children(id)}</div>
		</fieldset>
	);
}

function Radio({
	name,
	checked,
	onChoose,
	children,
}: {
	name: string;
	checked: boolean;
	onChoose: () => void;
	children: ReactNode;
}) {
	return (
		<label className="radio">
			<input type="radio" name={name} checked={checked} onChange={onChoose} />
			{children}
		</label>
	);
}

function Vans({
	chosen,
	onChoose,
}: {
	chosen: ReadonlySet<string> | null;
	onChoose: (vehicles: ReadonlySet<string> | null) => void;
}) {
	const { t } = useTexts();
	const { phase, items } = useRecords('fleet-vehicle');
	return (
		<Choose label={t('planning.options.vans')} column>
			{(name) => (
				<>
					<Radio name={name} checked={chosen === null} onChoose={() => onChoose(null)}>
						{t('planning.options.allVans')}
					</Radio>
					<Radio name={name} checked={chosen !== null} onChoose={() => onChoose(new Set())}>
						{t('planning.options.someVans')}
					</Radio>
					{phase === 'failed' && <p className="quiet">{t('planning.options.noVans')}</p>}
					{chosen !== null && (
						<div className="option-vans">
							{items.map(({ vehicle, name: title }) => (
								<label key={vehicle} className="option-tick">
									<input
										type="checkbox"
										checked={chosen.has(vehicle)}
										onChange={(event) => {
											const next = new Set(chosen);
											if (event.target.checked) next.add(vehicle);
											else next.delete(vehicle);
											onChoose(next);
										}}
									/>
									{title}
								</label>
							))}
						</div>
					)}
				</>
			)}
		</Choose>
	);
}
