/** Days and times of day as they are typed; what cannot be read stays to be seen, and is said to be none. */
import { useRef, useState, type ReactNode } from 'react';
import { useTexts } from '../i18n/index.ts';
import { formatBirth, formatDate, readDate, readTime } from './dates.ts';
import { Field, type ControlProps } from './form.tsx';

interface Common {
	name: string;
	label: string;
	hint?: ReactNode;
	required?: boolean;
}

interface DateProps extends Common {
	/** `2026-11-24`, nothing, or what was typed and is no day. */
	value: string;
	onChange: (value: string) => void;
	today: string;
	/** Shown without the day of the week. */
	birth?: boolean;
	/** After the control, such as an age. */
	after?: ReactNode;
}

export function DateField({ value, onChange, today, birth = false, after, ...common }: DateProps) {
	return (
		<Field {...common}>
			{(control) => (
				<span className="with-unit">
					<DateInput control={control} label={common.label} value={value} onChange={onChange} today={today} birth={birth} />
					{after}
				</span>
			)}
		</Field>
	);
}

interface InputProps {
	control: ControlProps;
	label: string;
	value: string;
	onChange: (value: string) => void;
	today: string;
	birth?: boolean;
}

/** A field to type a day into, and the browser's own calendar beside it. */
export function DateInput({ control: { onBlur, ...control }, label, value, onChange, today, birth = false }: InputProps) {
	const { t, language } = useTexts();
	const write = birth ? formatBirth : formatDate;
	const [typed, setTyped] = useState<string | null>(null);
	const picker = useRef<HTMLInputElement>(null);
	const settle = () => {
		if (typed !== null) onChange(typed.trim() === '' ? '' : (readDate(typed, today) ?? typed));
		setTyped(null);
		onBlur();
	};
	return (
		<span className="date-input">
			<input
				{...control}
				type="text"
				autoComplete="off"
				placeholder={birth ? t('registry.form.birthPlaceholder') : t('registry.form.datePlaceholder')}
				value={typed ?? (value === '' ? '' : write(value, language))}
				onChange={(event) => setTyped(event.target.value)}
				onFocus={(event) => event.target.select()}
				onKeyDown={(event) => {
					if (event.key === 'Enter') settle();
				}}
				onBlur={settle}
			/>
			<button
				type="button"
				className="date-open"
				aria-label={t('registry.form.calendarOf', { label })}
				disabled={control.disabled}
				onClick={() => picker.current?.showPicker()}
			>
				{t('registry.form.calendar')}
			</button>
			<input
				ref={picker}
				className="date-picker"
				type="date"
				tabIndex={-1}
				aria-hidden="true"
				value={/^\d{4}-\d{2}-\d{2}$/.test(value) ? value : ''}
				onChange={(event) => {
					setTyped(null);
					onChange(event.target.value);
				}}
			/>
		</span>
	);
}

interface TimeProps {
	value: string;
	onChange: (value: string) => void;
	label: string;
	control?: Partial<ControlProps>;
}

/** `08:30`, nothing, or what was typed and is no time. */
export function TimeInput({ value, onChange, label, control = {} }: TimeProps) {
	const [typed, setTyped] = useState<string | null>(null);
	const settle = () => {
		if (typed !== null) onChange(typed.trim() === '' ? '' : (readTime(typed) ?? typed));
		setTyped(null);
	};
	return (
		<input
			{...control}
			className="time"
			type="text"
			inputMode="numeric"
			autoComplete="off"
			aria-label={label}
			placeholder="--:--"
			value={typed ?? value}
			onChange={(event) => setTyped(event.target.value)}
			onFocus={(event) => event.target.select()}
			onKeyDown={(event) => {
				if (event.key === 'Enter') settle();
			}}
			onBlur={() => {
				settle();
				control.onBlur?.();
			}}
		/>
	);
}

export type TimePair = readonly [from: string, to: string];

/** From and to on one day. */
export function TimeRangeField({
	value,
	onChange,
	after,
	...common
}: Common & { value: TimePair; onChange: (value: TimePair) => void; after?: ReactNode }) {
	return (
		<Field {...common} deep group>
			{(control) => (
				<>
					<TimePairInput label={common.label} control={control} value={value} onChange={onChange} />
					{after}
				</>
			)}
		</Field>
	);
}

export function TimePairInput({
	label,
	control,
	value: [from, to],
	onChange,
}: {
	label: string;
	control: ControlProps;
	value: TimePair;
	onChange: (value: TimePair) => void;
}) {
	const { t } = useTexts();
	const { id, ...rest } = control;
	return (
		<span className="time-range">
			<TimeInput
				control={{ ...rest, id }}
				label={t('registry.form.fromOf', { label })}
				value={from}
				onChange={(next) => onChange([next, to])}
			/>
			<span aria-hidden="true">{t('registry.form.to')}</span>
			<TimeInput control={rest} label={t('registry.form.toOf', { label })} value={to} onChange={(next) => onChange([from, next])} />
		</span>
	);
}

/** Several spans of hours of a day; none of them means no limit. */
export function HoursField({
	value,
	onChange,
	...common
}: Common & { value: readonly TimePair[]; onChange: (value: TimePair[]) => void }) {
	const { t } = useTexts();
	const rows: readonly TimePair[] = value.length === 0 ? [['', '']] : value;
	return (
		<Field {...common} deep group>
			{(control) => (
				<span className="hours-rows">
					{rows.map((row, index) => (
						<span key={index} className="hours-row">
							<TimePairInput
								label={common.label}
								control={index === 0 ? control : { ...control, id: `${control.id}-${index}` }}
								value={row}
								onChange={(next) => onChange(rows.map((old, at) => (at === index ? next : old)))}
							/>
							{rows.length > 1 && (
								<button
									type="button"
									className="quiet-button"
									disabled={control.disabled}
									aria-label={t('registry.form.removeHours', { n: index + 1 })}
									onClick={() => onChange(rows.filter((_, at) => at !== index))}
								>
									✕
								</button>
							)}
						</span>
					))}
					{rows.length < 4 && rows.some(([from, to]) => from !== '' || to !== '') && (
						<button
							type="button"
							className="quiet-button"
							disabled={control.disabled}
							onClick={() => onChange([...rows, ['', '']])}
						>
							{t('registry.form.addHours')}
						</button>
					)}
				</span>
			)}
		</Field>
	);
}

/** Spans that were filled in; half a span stays, for the schema to refuse. */
export const filledPairs = (pairs: readonly TimePair[]): TimePair[] => pairs.filter(([from, to]) => from !== '' || to !== '');
