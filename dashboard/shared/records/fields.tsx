/** The plain controls of forms: text, number, choice from a few, ticks, days of the week. */
import type { ReactNode } from 'react';
import { useTexts } from '../i18n/index.ts';
import { weekdayName } from './dates.ts';
import { Field } from './form.tsx';

interface Common {
	name: string;
	label: string;
	hint?: ReactNode;
	required?: boolean;
}

interface TextProps extends Common {
	value: string;
	onChange: (value: string) => void;
	lines?: number;
	/** Width of the control in characters of full width; the whole row when absent. */
	size?: number;
	type?: 'text' | 'tel';
	placeholder?: string;
	/** Put right when the field is left, such as full-width digits. */
	tidy?: (value: string) => string;
	autoComplete?: 'off';
}

export function TextField({ value, onChange, lines, size, type = 'text', placeholder, tidy, ...common }: TextProps) {
	return (
		<Field {...common}>
			{({ onBlur, ...control }) => {
				const props = {
					...control,
					value,
					placeholder,
					autoComplete: 'off',
					onChange: (event: { target: { value: string } }) => onChange(event.target.value),
					onBlur: () => {
						const tidied = tidy?.(value);
						if (tidied !== undefined && tidied !== value) onChange(tidied);
						onBlur();
					},
				};
				return lines === undefined ? (
					<input type={type} {...props} {...(size !== undefined && { style: { maxWidth: `${size + 2}em` } })} />
				) : (
					<textarea rows={lines} {...props} />
				);
			}}
		</Field>
	);
}

/** Digits, hyphens and signs of full width as they are meant. */
export const toHalfWidth = (text: string): string =>
	text
		.normalize('NFKC')
		.replace(/[‐‑‒–—―−ー](?=\d)/g, '-')
		.trim();

interface NumberProps extends Common {
	/** As typed: what is no number stays to be seen, and is said to be none. */
	value: string;
	onChange: (value: string) => void;
	unit?: string;
	placeholder?: string;
}

export function NumberField({ value, onChange, unit, placeholder, ...common }: NumberProps) {
	return (
		<Field {...common}>
			{({ onBlur, ...control }) => (
				<span className="with-unit">
					<input
						{...control}
						type="text"
						inputMode="decimal"
						className="number"
						autoComplete="off"
						value={value}
						placeholder={placeholder}
						onChange={(event) => onChange(event.target.value)}
						onBlur={() => {
							onChange(toHalfWidth(value));
							onBlur();
						}}
					/>
					{unit !== undefined && <span>{unit}</span>}
				</span>
			)}
		</Field>
	);
}

/** The number that was typed; null for nothing, and the text itself when it is none, for the schema to refuse. */
export function numberOf(text: string): number | string | null {
	const plain = text.normalize('NFKC').trim();
	if (plain === '') return null;
	const number = Number(plain);
	return Number.isFinite(number) ? number : plain;
}

export interface Option<V extends string | number> {
	value: V;
	text: string;
}

interface ChoiceProps<V extends string | number> extends Common {
	options: readonly Option<V>[];
	value: V | null;
	onChange: (value: V) => void;
}

/** One of a few that are all seen: radio buttons drawn as a row. */
export function ChoiceField<V extends string | number>({ options, value, onChange, ...common }: ChoiceProps<V>) {
	return (
		<Field {...common} group>
			{({ id, onBlur, disabled }) => (
				<span className="segments">
					{options.map((option, index) => (
						<label key={option.value} className="segment">
							<input
								type="radio"
								name={id}
								{...(index === 0 && { id })}
								checked={option.value === value}
								disabled={disabled}
								onChange={() => onChange(option.value)}
								onBlur={onBlur}
							/>
							<span>{option.text}</span>
						</label>
					))}
				</span>
			)}
		</Field>
	);
}

interface SelectProps<V extends string | number> extends Common {
	options: readonly Option<V>[];
	value: V | null;
	onChange: (value: V | null) => void;
	/** What stands for no choice. */
	none: string;
}

/** One of a short list. */
export function SelectField<V extends string | number>({ options, value, onChange, none, ...common }: SelectProps<V>) {
	return (
		<Field {...common}>
			{(control) => (
				<select
					{...control}
					value={value ?? ''}
					onChange={(event) => onChange(options.find((one) => String(one.value) === event.target.value)?.value ?? null)}
				>
					<option value="">{none}</option>
					{options.map((option) => (
						<option key={option.value} value={option.value}>
							{option.text}
						</option>
					))}
				</select>
			)}
		</Field>
	);
}

interface TicksProps<V extends string | number> extends Common {
	options: readonly Option<V>[];
	value: readonly V[];
	onChange: (value: V[]) => void;
}

/** Any of a few. */
export function TicksField<V extends string | number>({ options, value, onChange, ...common }: TicksProps<V>) {
	return (
		<Field {...common} deep group>
			{({ id, onBlur, disabled }) => (
				<span className="ticks">
					{options.map((option, index) => (
						<label key={option.value}>
							<input
								type="checkbox"
								{...(index === 0 && { id })}
								checked={value.includes(option.value)}
								disabled={disabled}
								onChange={(event) =>
									onChange(
										options.flatMap(({ value: one }) =>
											(one === option.value ? event.target.checked : value.includes(one)) ? [one] : [],
										),
									)
								}
								onBlur={onBlur}
							/>
							<span>{option.text}</span>
						</label>
					))}
				</span>
			)}
		</Field>
	);
}

/** Yes or no. */
export function TickField({
	value,
	onChange,
	text,
	...common
}: Common & { value: boolean; onChange: (value: boolean) => void; text: string }) {
	return (
		<Field {...common} group>
			{({ id, onBlur, disabled }) => (
				<span className="ticks">
					<label>
						<input
							id={id}
							type="checkbox"
							checked={value}
							disabled={disabled}
							onChange={(event) => onChange(event.target.checked)}
							onBlur={onBlur}
						/>
						<span>{text}</span>
					</label>
				</span>
			)}
		</Field>
	);
}

const week = [1, 2, 3, 4, 5, 6, 0] as const;

/** Days of the week, from Monday. */
export function WeekdaysField(props: Common & { value: readonly number[]; onChange: (value: number[]) => void }) {
	const { language } = useTexts();
	return <TicksField {...props} options={week.map((day) => ({ value: day, text: weekdayName(day, language) }))} />;
}
