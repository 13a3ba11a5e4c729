/** Days and times of day as an office writes them. Both are of the region's own time zone, without one in the text. */
import { z } from 'zod';

/** `2026-11-24`. */
export const calendarDate = z.iso.date().meta({ id: 'CalendarDate', description: 'A day in the time zone of the region.' });
export type CalendarDate = z.infer<typeof calendarDate>;

/** `08:30`; `24:00` is the end of the day. */
export const timeOfDay = z
	.string()
	.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected a time such as 08:30')
	.meta({ id: 'TimeOfDay', description: 'Hours and minutes in the time zone of the region.' });
export type TimeOfDay = z.infer<typeof timeOfDay>;

/** From, included, to, excluded, on one day. `HH:MM` sorts as text. */
export const hours = z
	.tuple([timeOfDay, timeOfDay])
	.refine(([from, to]) => from < to, 'the hours end before they begin')
	.meta({ id: 'Hours' });
export type Hours = z.infer<typeof hours>;

/** In order and apart. */
export const dayHours = z
	.array(hours)
	.min(1)
	.max(12)
	.refine(
		(list) => list.every(([from], at) => at === 0 || from >= list[at - 1]![1]),
		'hours must be in order and must not overlap',
	);

/** 0 Sunday to 6 Saturday, as JavaScript counts. */
export const weekday = z.int().min(0).max(6);
export const weekdays = z
	.array(weekday)
	.max(7)
	.refine((list) => new Set(list).size === list.length, 'each day of the week once');

/** Both days included. */
export const dateSpan = z
	.object({ from: calendarDate, until: calendarDate })
	.refine(({ from, until }) => from <= until, { message: 'the last day is before the first', path: ['until'] })
	.meta({ id: 'DateSpan' });
export type DateSpan = z.infer<typeof dateSpan>;
