/** Who is where on which day: shifts, hours, absences, as the records say. Times of a day are minutes since midnight. */
import type { CalendarDate, DoctorBody, ShiftBody } from '@junkai/contracts';
import { addDays, daysBetween, minutesOf, momentOf, weekdayOf } from '../../../shared/records/dates.ts';

export type Minutes = readonly [from: number, to: number];
const DAY = 1440;

export const shiftOn = (shift: Pick<ShiftBody, 'from' | 'until' | 'weekdays' | 'except'>, day: CalendarDate): boolean =>
	shift.from <= day && day <= shift.until && shift.weekdays.includes(weekdayOf(day)) && !shift.except.includes(day);

/** Length of a shift, and of the work in it without the rest. */
export const shiftMinutes = ({ hours: [from, to] }: Pick<ShiftBody, 'hours'>): number => minutesOf(to) - minutesOf(from);
export const workMinutes = (shift: Pick<ShiftBody, 'hours' | 'rest'>): number => shiftMinutes(shift) - shift.rest.minutes;

/** Rest that the law asks for: over 6 hours of work 45 minutes, over 8 hours 60 (Labour Standards Act, article 34). */
export const legalRest = (work: number): number => (work > 480 ? 60 : work > 360 ? 45 : 0);

/** The part of a span of moments that lies in a day; null when none does. */
export function partOfDay(span: { from: number; until: number | null }, day: CalendarDate): Minutes | null {
	const start = momentOf(day, '00:00');
	const from = Math.max(0, Math.round((span.from - start) / 60_000));
	const to = Math.min(DAY, span.until === null ? DAY : Math.round((span.until - start) / 60_000));
	return from < to ? [from, to] : null;
}

export const isWholeDay = ([from, to]: Minutes): boolean => from === 0 && to === DAY;
export const overlap = (a: Minutes, b: Minutes): boolean => a[0] < b[1] && b[0] < a[1];
export const minutesOfHours = ([from, to]: readonly [string, string]): Minutes => [minutesOf(from), minutesOf(to)];

/** Hours that a doctor offers on a day, absences not yet taken off; `extra` are those beyond the weekly ones. */
export function doctorHours(
	doctor: Pick<DoctorBody, 'weekly' | 'extra' | 'span'>,
	day: CalendarDate,
): { hours: Minutes; extra: boolean }[] {
	const { span } = doctor;
	if (span !== null && (day < span.from || day > span.until)) return [];
	const weekly = doctor.weekly.filter(({ weekdays }) => weekdays.includes(weekdayOf(day))).flatMap(({ hours }) => hours);
	const extra = doctor.extra.filter(({ date }) => date === day).flatMap(({ hours }) => hours);
	return [
		...weekly.map((hours) => ({ hours: minutesOfHours(hours), extra: false })),
		...extra.map((hours) => ({ hours: minutesOfHours(hours), extra: true })),
	].toSorted((a, b) => a.hours[0] - b.hours[0]);
}

export const daysOf = (from: CalendarDate, until: CalendarDate): CalendarDate[] =>
	Array.from({ length: Math.max(0, daysBetween(from, until) + 1) }, (_, i) => addDays(from, i));
