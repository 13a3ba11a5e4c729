/** The days on which the visits of a request may be, as the server makes them, for showing them before it is saved. */
import type { CalendarDate, Recurrence } from '@junkai/contracts';
import { addDays, daysBetween, weekdayOf } from '../../../shared/records/dates.ts';

export interface VisitSpan {
	nth: number;
	from: CalendarDate;
	until: CalendarDate;
}

/**
 * Spans of the first so many visits. Each after the first is wider by the tolerance at both ends; where two would overlap they
 * share the days between them by halves.
 */
export function spansOf(
	{ from, until, recurrence }: { from: CalendarDate; until: CalendarDate; recurrence: Recurrence | null },
	most: number,
): VisitSpan[] {
	if (recurrence === null) return [{ nth: 1, from, until }];
	const { everyDays, tolerance, times } = recurrence;
	const length = daysBetween(from, until);
	const share = Math.floor((daysBetween('1970-01-01', from) * 2 + length + everyDays) / 2) - daysBetween('1970-01-01', from);
	const overlaps = length + tolerance >= everyDays - tolerance;
	const spans: VisitSpan[] = [];
	for (let n = 0; n < Math.min(times ?? most, most); n++) {
		const shift = n * everyDays;
		const first = n === 0 ? 0 : overlaps ? share + shift - everyDays + 1 : shift - tolerance;
		const close =
			n === 0 ? Math.min(length, overlaps ? share : length + tolerance) : overlaps ? share + shift : length + shift + tolerance;
		let last = addDays(from, close);
		if (recurrence.until !== null) {
			if (addDays(from, shift) > recurrence.until) break;
			if (last > recurrence.until) last = recurrence.until;
		}
		const begin = addDays(from, first);
		if (begin > last) break;
		spans.push({ nth: n + 1, from: begin, until: last });
	}
	return spans;
}

/** Days of a span that are allowed by the days of the week; any is when there are none. */
export function allowedDays({ from, until }: VisitSpan, weekdays: readonly number[]): CalendarDate[] {
	const days: CalendarDate[] = [];
	for (let day = from; day <= until && days.length < 400; day = addDays(day, 1)) {
		if (weekdays.length === 0 || weekdays.includes(weekdayOf(day))) days.push(day);
	}
	return days;
}
