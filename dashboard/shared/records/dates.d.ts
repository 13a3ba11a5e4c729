/** Days as Japanese offices write and read them. A day is `2026-11-24` everywhere else. */
import type { CalendarDate } from '@junkai/contracts';
import { type Language } from '../i18n/format.ts';
/**
 * A day as people type it: `令和8年11月24日`, `R8.11.24`, `2026/11/24`, `20261124`, `11/24`, in full width too, with a day of the
 * week behind it or not; `今日`, `明日`. Null when it is none: a day outside of its era is none either.
 * @param today for days without a year, which mean the nearest one that is not more than two months ago
 */
export declare function readDate(text: string, today: CalendarDate): CalendarDate | null;
/** 0 Sunday to 6 Saturday. */
export declare const weekdayOf: (day: CalendarDate) => number;
export declare const weekdayName: (weekday: number, language: Language) => string;
export declare const addDays: (day: CalendarDate, days: number) => CalendarDate;
/** Days from the first to the second; negative when the second is earlier. */
export declare const daysBetween: (from: CalendarDate, to: CalendarDate) => number;
/** Monday of its week. */
export declare const mondayOf: (day: CalendarDate) => CalendarDate;
/** `令和8年11月24日(火)` or `Tue 24 Nov 2026`. What is no day comes back as it is. */
export declare function formatDate(day: CalendarDate, language: Language): string;
/** For births: `昭和16年3月2日` or `2 Mar 1941`, without a day of the week. */
export declare function formatBirth(day: CalendarDate, language: Language): string;
/** `11/24(火)` or `Tue 24 Nov`, for tables. */
export declare function formatShortDay(day: CalendarDate, language: Language): string;
/** `令和8年11月` or `November 2026`, of `2026-11`. */
export declare const formatMonth: (month: string, language: Language) => string;
/** Days of a month in whole weeks from Monday to Sunday; days of its neighbours fill the ends. */
export declare function weeksOf(month: string): CalendarDate[][];
export declare const addMonths: (month: string, count: number) => string;
/** Years that a person born on a day has lived; null when that day is to come or is none. */
export declare function ageOn(birth: CalendarDate, today: CalendarDate): number | null;
/** The day and the time of day in the fleet's region at a moment. */
export declare function zonedOf(ms: number): {
	day: CalendarDate;
	time: string;
};
/** The moment of a time of day in the fleet's region, which knows no summer time. */
export declare const momentOf: (day: CalendarDate, time: string) => number;
/** `08:30` as minutes since midnight. */
export declare const minutesOf: (time: string) => number;
export declare const timeOf: (minutes: number) => string;
/** A time as people type it: `9`, `9:30`, `0930`, `9時半`, `午後1時30分`, in full width too; `24:00` is the end of the day. */
export declare function readTime(text: string): string | null;
