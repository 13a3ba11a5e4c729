/** From and until, as an office types days. */
import { useId } from 'react';
import type { CalendarDate } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useServiceNow } from '../../../shared/live/live-context.tsx';
import { DateInput } from '../../../shared/records/date-field.tsx';
import { zonedOf } from '../../../shared/records/dates.ts';
import '../../../shared/records/records.css';

export interface Period {
	from: string;
	until: string;
}

/** Today by the service clock; null until the server has greeted. */
export function useToday(): CalendarDate | null {
	const now = useServiceNow(60_000);
	return now === null ? null : zonedOf(now).day;
}

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

interface Props {
	period: Period;
	today: CalendarDate;
	onChange: (period: Period) => void;
}

export function PeriodFields({ period, today, onChange }: Props) {
	const { t } = useTexts();
	return (
		<>
			<Day label={t('coverage.reach.from')} value={period.from} today={today} onChange={(from) => onChange({ ...period, from })} />
			<Day
				label={t('coverage.reach.until')}
				value={period.until}
				today={today}
				onChange={(until) => onChange({ ...period, until })}
			/>
		</>
	);
}

interface DayProps {
	label: string;
	value: string;
	today: CalendarDate;
	onChange: (value: string) => void;
}

export function Day({ label, value, today, onChange }: DayProps) {
	const { t } = useTexts();
	const id = useId();
	const bad = !isDay(value);
	const control = {
		id,
		'aria-describedby': bad ? `${id}f` : undefined,
		'aria-invalid': bad ? (true as const) : undefined,
		'aria-required': true as const,
		disabled: false,
		onBlur: () => undefined,
	};
	return (
		<div className="period-day">
			<label htmlFor={id}>{label}</label>
			<div className="form-control">
				<DateInput control={control} label={label} value={value} onChange={onChange} today={today} />
			</div>
			{bad && (
				<p id={`${id}f`} role="alert">
					{t('coverage.reach.badDay')}
				</p>
			)}
		</div>
	);
}
