/** The days on which each visit of a request may be. */
import type { CalendarDate, RequestBody } from '@junkai/contracts';
import { dateOfDayNumber, dayNumber } from './calendar.ts';

/** Both days included. */
export interface VisitWindow {
	/** Which one of its series, from 1. */
	readonly nth: number;
	readonly from: CalendarDate;
	readonly until: CalendarDate;
}

type Rhythm = Pick<RequestBody, 'from' | 'until' | 'recurrence'>;

/**
 * The windows of a request, in order, without an end where it names none. The first is the request's own; each further one lies so
 * many days later and is wider by the tolerance at both ends. Where two would overlap they share the days between them by halves,
 * so that no visit can overtake the one before it.
 */
export function* windowsOf({ from, until, recurrence }: Rhythm): Generator<VisitWindow> {
	if (recurrence === null) {
		yield { nth: 1, from, until };
		return;
	}
	const { everyDays, tolerance, times } = recurrence;
	const [first, last] = [dayNumber(from), dayNumber(until)];
	const end = recurrence.until === null ? Infinity : dayNumber(recurrence.until);
	/** Last day of window n where it would run into the next one. */
	const share = Math.floor((first + last + everyDays) / 2);
	const overlaps = last + tolerance >= first + everyDays - tolerance;
	for (let n = 0, most = times ?? Infinity; n < most; n++) {
		const shift = n * everyDays;
		if (first + shift > end) return;
		const begin = overlaps ? share + shift - everyDays + 1 : first + shift - tolerance;
		const close = overlaps ? share + shift : last + shift + tolerance;
		const a = n === 0 ? first : begin;
		const b = Math.min(n === 0 ? Math.min(last, close) : close, end);
		if (a > b) return;
		yield { nth: n + 1, from: dateOfDayNumber(a), until: dateOfDayNumber(b) };
	}
}

/** Whether a window holds one of these days of the week; any day does when there are none. */
export function holdsWeekday(window: Pick<VisitWindow, 'from' | 'until'>, weekdays: readonly number[]): boolean {
	if (weekdays.length === 0) return true;
	const [from, until] = [dayNumber(window.from), dayNumber(window.until)];
	// 1970-01-01 was a Thursday.
	for (let day = from; day <= Math.min(until, from + 6); day++) if (weekdays.includes((day + 4) % 7)) return true;
	return false;
}

/** Number of the first visit for which there is no day of the week that is allowed; null when all have one. */
export function windowsWithoutDay(request: Rhythm & Pick<RequestBody, 'weekdays'>): number | null {
	// After the first, windows are alike but for the day of the week, which returns after seven of them.
	const { recurrence } = request;
	// Where the series is cut off, its last visit may be left without a day; it is not made then.
	for (const window of windowsOf({ ...request, recurrence: recurrence && { ...recurrence, until: null } })) {
		if (window.nth > 8) break;
		if (!holdsWeekday(window, request.weekdays)) return window.nth;
	}
	return null;
}
