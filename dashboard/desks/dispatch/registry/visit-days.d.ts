/** The days on which the visits of a request may be, as the server makes them, for showing them before it is saved. */
import type { CalendarDate, Recurrence } from '@junkai/contracts';
export interface VisitSpan {
	nth: number;
	from: CalendarDate;
	until: CalendarDate;
}
/**
 * Spans of the first so many visits. Each after the first is wider by the tolerance at both ends; where two would overlap they
 * share the days between them by halves.
 */
export declare function spansOf(
	{
		from,
		until,
		recurrence,
	}: {
		from: CalendarDate;
		until: CalendarDate;
		recurrence: Recurrence | null;
	},
	most: number,
): VisitSpan[];
/** Days of a span that are allowed by the days of the week; any is when there are none. */
export declare function allowedDays({ from, until }: VisitSpan, weekdays: readonly number[]): CalendarDate[];
