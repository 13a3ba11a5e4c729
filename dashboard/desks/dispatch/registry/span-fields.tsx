/** Times away: outages of a van, absences of people. Each from a day and time to another. */
import { useEffect, useRef } from 'react';
import { useTexts } from '../../../shared/i18n/index.ts';
import { DateInput, TimeInput } from '../../../shared/records/date-field.tsx';
import { addDays, formatDate, momentOf, zonedOf } from '../../../shared/records/dates.ts';
import { noMoment } from '../../../shared/records/faults.ts';
import { TextField } from '../../../shared/records/fields.tsx';
import { Field, FormSection } from '../../../shared/records/form.tsx';

export interface SpanDraft {
	from: { day: string; time: string };
	until: { day: string; time: string };
	reason: string;
}

interface Moment {
	day: string;
	time: string;
}

const midnight = '00:00';

/** A moment in the form: midnight needs no time. */
const momentDraft = (ms: number | null): Moment => {
	if (ms === null) return { day: '', time: '' };
	const { day, time } = zonedOf(ms);
	return { day, time: time === midnight ? '' : time };
};

/** Null when nothing was filled in. */
function momentBody({ day, time }: Moment): number | string | null {
	if (day === '') return time === '' ? null : noMoment;
	const ms = momentOf(day, time === '' ? midnight : time);
	return Number.isNaN(ms) ? noMoment : ms;
}

export const spanDrafts = (spans: readonly { from: number; until: number | null; reason: string }[]): SpanDraft[] =>
	spans.map(({ from, until, reason }) => ({ from: momentDraft(from), until: momentDraft(until), reason }));

export const spanBodies = (spans: readonly SpanDraft[]): unknown[] =>
	spans.map(({ from, until, reason }) => ({ from: momentBody(from), until: momentBody(until), reason }));

const newSpan = (day: string, until: string): SpanDraft => ({
	from: { day, time: '' },
	until: { day: until, time: '' },
	reason: '',
});

interface Props {
	/** Path of the list in the body. */
	name: string;
	today: string;
	words: { title: string; from: string; until: string; reason: string; add: string; remove: (n: number) => string; open?: string };
	value: readonly SpanDraft[];
	disabled: boolean;
	onChange: (value: SpanDraft[]) => void;
}

export function SpanFields({ name, today, words, value, disabled, onChange }: Props) {
	const change = (at: number, patch: Partial<SpanDraft>) =>
		onChange(value.map((one, index) => (index === at ? { ...one, ...patch } : one)));
	return (
		<FormSection
			title={words.title}
			extra={
				<button type="button" className="quiet-button" disabled={disabled} onClick={() => onChange([...value, newSpan('', '')])}>
					{words.add}
				</button>
			}
		>
			{value.map((span, at) => (
				<div key={at} className="form-row">
					<MomentField
						name={`${name}.${at}.from`}
						label={words.from}
						required
						today={today}
						value={span.from}
						onChange={(from) => change(at, { from })}
					/>
					<MomentField
						name={`${name}.${at}.until`}
						label={words.until}
						required={words.open === undefined}
						{...(words.open !== undefined && span.until.day === '' && { hint: words.open })}
						today={today}
						value={span.until}
						onChange={(until) => change(at, { until })}
					/>
					<TextField
						name={`${name}.${at}.reason`}
						label={words.reason}
						value={span.reason}
						onChange={(reason) => change(at, { reason })}
					/>
					<button
						type="button"
						className="quiet-button"
						disabled={disabled}
						aria-label={words.remove(at + 1)}
						onClick={() => onChange(value.filter((_, index) => index !== at))}
					>
						✕
					</button>
				</div>
			))}
		</FormSection>
	);
}

interface MomentProps {
	name: string;
	label: string;
	hint?: string;
	required: boolean;
	today: string;
	value: Moment;
	onChange: (value: Moment) => void;
}

function MomentField({ name, label, hint, required, today, value, onChange }: MomentProps) {
	const { t } = useTexts();
	return (
		<Field name={name} label={label} required={required} {...(hint !== undefined && { hint })}>
			{(control) => (
				<span className="with-unit">
					<DateInput
						control={control}
						label={label}
						today={today}
						value={value.day}
						onChange={(day) => onChange({ ...value, day })}
					/>
					<TimeInput
						control={{ disabled: control.disabled }}
						label={t('registry.form.timeOf', { label })}
						value={value.time}
						onChange={(time) => onChange({ ...value, time })}
					/>
				</span>
			)}
		</Field>
	);
}

/** Begins the form with one more day of absence, when it was opened for that. */
export function useAbsenceOn(day: string | null, add: (span: SpanDraft) => void): void {
	const done = useRef<string | null>(null);
	useEffect(() => {
		if (day === null || done.current === day) return;
		done.current = day;
		add(newSpan(day, addDays(day, 1)));
	}, [day, add]);
}

/** For what somebody else has changed. */
export const spansText = (spans: readonly SpanDraft[], language: 'ja' | 'en', none: string): string =>
	spans.length === 0
		? none
		: spans
				.map(({ from, until, reason }) => `${formatDate(from.day, language)} – ${formatDate(until.day, language)} ${reason}`.trim())
				.join('、');
