/** Days and hours of the region as moments of service time, and back: by the rules of its time zone, whatever the machine's is. */
import type { CalendarDate, Hours, TimeOfDay } from '@junkai/contracts';

/** From, included, to, excluded; ms since 1970. */
export type Span = readonly [from: number, to: number];

export interface Calendar {
	readonly timeZone: string;
	/** Day at a moment. */
	dateOf(ms: number): CalendarDate;
	/** Moment of a time of a day; `24:00` is the first one of the next day. */
	at(date: CalendarDate, time: TimeOfDay): number;
	/** A whole day, 23 to 25 hours long where clocks are changed. */
	dayOf(date: CalendarDate): Span;
	spanOf(date: CalendarDate, hours: Hours): Span;
}

/** @throws {RangeError} for a time zone that is not known. */
export function calendarOf(timeZone: string): Calendar {
	// Made once: each costs much more than a use of it.
	const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
	const at = (date: CalendarDate, time: TimeOfDay): number => {
		const [hour = 0, minute = 0] = time.split(':').map(Number);
		const day = hour === 24 ? addDays(date, 1) : date;
		return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone, plainTime: new Temporal.PlainTime(hour % 24, minute) })
			.epochMilliseconds;
	};
	return {
		timeZone,
		at,
		dateOf: (ms) => format.format(ms),
		dayOf: (date) => [at(date, '00:00'), at(date, '24:00')],
		spanOf: (date, [from, to]) => [at(date, from), at(date, to)],
	};
}

const DAY_MS = 86_400_000;
const utc = (date: CalendarDate): number => Date.parse(`${date}T00:00:00Z`);

/** Days since 1970-01-01. */
export const dayNumber = (date: CalendarDate): number => utc(date) / DAY_MS;
export const dateOfDayNumber = (day: number): CalendarDate => new Date(day * DAY_MS).toISOString().slice(0, 10);
export const addDays = (date: CalendarDate, days: number): CalendarDate => dateOfDayNumber(dayNumber(date) + days);

/** 0 Sunday to 6 Saturday. */
export const weekdayOf = (date: CalendarDate): number => new Date(utc(date)).getUTCDay();

/** Each day of a period, both ends included. */
export function datesOf(from: CalendarDate, until: CalendarDate): CalendarDate[] {
	const first = dayNumber(from);
	return Array.from({ length: Math.max(0, dayNumber(until) - first + 1) }, (_, index) => dateOfDayNumber(first + index));
}

/** What is left of spans when others are taken away; in order, joined where they touch. */
export function without(spans: readonly Span[], taken: readonly Span[]): Span[] {
	let left = joined(spans);
	for (const [from, to] of taken) {
		left = left.flatMap(([a, b]): Span[] => {
			if (to <= a || from >= b) return [[a, b]];
			const parts: Span[] = [];
			if (a < from) parts.push([a, from]);
			if (to < b) parts.push([to, b]);
			return parts;
		});
	}
	return left;
}

/** In order, joined where they touch or overlap. */
export function joined(spans: readonly Span[]): Span[] {
	const result: [number, number][] = [];
	for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
		const last = result.at(-1);
		if (last && from <= last[1]) last[1] = Math.max(last[1], to);
		else result.push([from, to]);
	}
	return result;
}
