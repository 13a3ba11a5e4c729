/** Days and hours of a region's time zone on the time line. Instants are milliseconds since 1970. */
import type { CalendarDate, TimeOfDay } from '@junkai/contracts';

const DAY_MS = 86_400_000;

export interface Calendar {
	/** The day on which an instant lies. */
	dateOf(instant: number): CalendarDate;
	/** The instant of a time of day; `24:00` is the end of the day. */
	instant(date: CalendarDate, time: TimeOfDay): number;
}

/** Of an IANA time zone such as `Asia/Tokyo`. Where clocks are put forward a time that does not exist is the one an hour later. */
export function calendarOf(timeZone: string): Calendar {
	const parts = new Intl.DateTimeFormat('en-CA', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
		hourCycle: 'h23',
	});
	const local = (instant: number): string => {
		const of = Object.fromEntries(parts.formatToParts(instant).map(({ type, value }) => [type, value]));
		return `${of['year']}-${of['month']}-${of['day']}T${of['hour']}:${of['minute']}:${of['second']}Z`;
	};
	/** How far the zone's clock is ahead of UTC. */
	const ahead = (instant: number): number => Date.parse(local(instant)) - Math.floor(instant / 1000) * 1000;
	const noons = new Map<string, number>();
	/** Of a day's noon, remembered: most zones keep one offset the whole day. */
	const aheadAtNoon = (date: CalendarDate): number => {
		let known = noons.get(date);
		if (known === undefined) {
			if (noons.size > 1000) noons.clear();
			const noon = Date.parse(`${date}T12:00:00Z`);
			noons.set(date, (known = ahead(noon - ahead(noon))));
		}
		return known;
	};
	return {
		dateOf: (instant) => local(instant).slice(0, 10),
		instant(date, time) {
			const [hour, minute] = time.split(':').map(Number) as [number, number];
			const wanted = Date.parse(`${date}T00:00:00Z`) + (hour * 60 + minute) * 60_000;
			const guess = wanted - aheadAtNoon(date);
			return wanted - ahead(guess);
		},
	};
}

/** 0 Sunday to 6 Saturday. */
export const weekdayOf = (date: CalendarDate): number => new Date(`${date}T00:00:00Z`).getUTCDay();

export const addDays = (date: CalendarDate, days: number): CalendarDate =>
	new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** From one day to another; negative when that is earlier. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number =>
	Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

/** `[first, first + 1 …]`. */
export const datesFrom = (first: CalendarDate, days: number): CalendarDate[] =>
	Array.from({ length: days }, (_, day) => addDays(first, day));
