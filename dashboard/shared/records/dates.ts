/** Days as Japanese offices write and read them. A day is `2026-11-24` everywhere else. */
import type { CalendarDate } from '@junkai/contracts';
import { fleetTimeZone, type Language } from '../i18n/format.ts';

const DAY_MS = 86_400_000;

/** Eras since the calendar of today, the newest first; first days by the laws and edicts that named them. */
const eras = [
	{ name: '令和', letter: 'R', first: '2019-05-01' },
	{ name: '平成', letter: 'H', first: '1989-01-08' },
	{ name: '昭和', letter: 'S', first: '1926-12-25' },
	{ name: '大正', letter: 'T', first: '1912-07-30' },
	{ name: '明治', letter: 'M', first: '1873-01-01' },
] as const;

const two = (n: number): string => String(n).padStart(2, '0');
const utc = (day: CalendarDate): number => Date.parse(`${day}T00:00:00Z`);
const iso = (ms: number): CalendarDate => new Date(ms).toISOString().slice(0, 10);

/** The day that this makes, or null when there is none such as 30 February. */
function dayOf(year: number, month: number, date: number): CalendarDate | null {
	if (year < 1873 || year > 9999 || month < 1 || month > 12 || date < 1) return null;
	const text = `${year}-${two(month)}-${two(date)}`;
	const ms = utc(text);
	return Number.isNaN(ms) || iso(ms) !== text ? null : text;
}

function inEra(mark: string, yearText: string, month: number, date: number): CalendarDate | null {
	const at = eras.findIndex(({ name, letter }) => name === mark || letter === mark.toUpperCase());
	const era = eras[at];
	if (era === undefined) return null;
	const year = Number(era.first.slice(0, 4)) - 1 + (yearText === '元' ? 1 : Number(yearText));
	// 1873 was Meiji 6.
	const day = dayOf(era.letter === 'M' ? year - 5 : year, month, date);
	const next = eras[at - 1];
	return day === null || day < era.first || (next !== undefined && day >= next.first) ? null : day;
}

const words: Readonly<Record<string, number>> = {
	今日: 0,
	本日: 0,
	today: 0,
	明日: 1,
	あす: 1,
	tomorrow: 1,
	明後日: 2,
	あさって: 2,
};

/**
 * A day as people type it: `令和8年11月24日`, `R8.11.24`, `2026/11/24`, `20261124`, `11/24`, in full width too, with a day of the
 * week behind it or not; `今日`, `明日`. Null when it is none: a day outside of its era is none either.
 * @param today for days without a year, which mean the nearest one that is not more than two months ago
 */
export function readDate(text: string, today: CalendarDate): CalendarDate | null {
	const plain = text
		.normalize('NFKC')
		.trim()
		.replace(/\s*\(?[日月火水木金土]\)?(?:曜日?)?$/u, (found) => (/[()曜]/.test(found) ? '' : found))
		.replace(/\s+/g, '');
	const ahead = words[plain.toLowerCase()];
	if (ahead !== undefined) return addDays(today, ahead);
	let m = /^(令和|平成|昭和|大正|明治|[RHSTM])[.\-/]?(\d{1,2}|元)[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?$/i.exec(plain);
	if (m) return inEra(m[1]!, m[2]!, Number(m[3]), Number(m[4]));
	m = /^(\d{4})[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?$/.exec(plain) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
	if (m) return dayOf(Number(m[1]), Number(m[2]), Number(m[3]));
	m = /^(\d{1,2})[月.\-/](\d{1,2})日?$/.exec(plain);
	if (m === null) return null;
	const year = Number(today.slice(0, 4));
	const earliest = addDays(today, -60);
	for (const candidate of [year - 1, year, year + 1]) {
		const day = dayOf(candidate, Number(m[1]), Number(m[2]));
		if (day !== null && day >= earliest) return day;
	}
	return null;
}

/** `令和8年`; the year of the western calendar before Meiji 6. */
function eraYear(day: CalendarDate): string {
	const era = eras.find(({ first }) => day >= first);
	const year = Number(day.slice(0, 4));
	if (era === undefined) return `${year}年`;
	const count = era.letter === 'M' ? year - 1867 : year - Number(era.first.slice(0, 4)) + 1;
	return `${era.name}${count === 1 ? '元' : count}年`;
}

const weekdayNames = {
	ja: ['日', '月', '火', '水', '木', '金', '土'],
	en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
} as const;
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** 0 Sunday to 6 Saturday. */
export const weekdayOf = (day: CalendarDate): number => new Date(utc(day)).getUTCDay();
export const weekdayName = (weekday: number, language: Language): string => weekdayNames[language][weekday] ?? '';
export const addDays = (day: CalendarDate, days: number): CalendarDate => iso(utc(day) + days * DAY_MS);
/** Days from the first to the second; negative when the second is earlier. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number => Math.round((utc(to) - utc(from)) / DAY_MS);
/** Monday of its week. */
export const mondayOf = (day: CalendarDate): CalendarDate => addDays(day, -((weekdayOf(day) + 6) % 7));

const isDay = (day: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(utc(day));
const partsOf = (day: CalendarDate) => ({ month: Number(day.slice(5, 7)), date: Number(day.slice(8)), weekday: weekdayOf(day) });

/** `令和8年11月24日(火)` or `Tue 24 Nov 2026`. What is no day comes back as it is. */
export function formatDate(day: CalendarDate, language: Language): string {
	if (!isDay(day)) return day;
	const { month, date, weekday } = partsOf(day);
	return language === 'ja'
		? `${eraYear(day)}${month}月${date}日(${weekdayNames.ja[weekday]})`
		: `${weekdayNames.en[weekday]} ${date} ${monthNames[month - 1]} ${day.slice(0, 4)}`;
}

/** For births: `昭和16年3月2日` or `2 Mar 1941`, without a day of the week. */
export function formatBirth(day: CalendarDate, language: Language): string {
	return formatDate(day, language)
		.replace(/\(.\)$/, '')
		.replace(/^[A-Z][a-z]{2} /, '');
}

/** `11/24(火)` or `Tue 24 Nov`, for tables. */
export function formatShortDay(day: CalendarDate, language: Language): string {
	if (!isDay(day)) return day;
	const { month, date, weekday } = partsOf(day);
	return language === 'ja'
		? `${month}/${date}(${weekdayNames.ja[weekday]})`
		: `${weekdayNames.en[weekday]} ${date} ${monthNames[month - 1]}`;
}

/** `令和8年11月` or `November 2026`, of `2026-11`. */
export const formatMonth = (month: string, language: Language): string =>
	language === 'ja'
		? `${eraYear(`${month}-28`)}${Number(month.slice(5, 7))}月`
		: new Date(utc(`${month}-01`)).toLocaleDateString('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' });

/** Days of a month in whole weeks from Monday to Sunday; days of its neighbours fill the ends. */
export function weeksOf(month: string): CalendarDate[][] {
	const weeks: CalendarDate[][] = [];
	for (let monday = mondayOf(`${month}-01`); monday.slice(0, 7) <= month; monday = addDays(monday, 7)) {
		weeks.push(Array.from({ length: 7 }, (_, i) => addDays(monday, i)));
	}
	return weeks;
}

export const addMonths = (month: string, count: number): string => {
	const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count;
	return `${Math.floor(index / 12)}-${two((index % 12) + 1)}`;
};

/** Years that a person born on a day has lived; null when that day is to come or is none. */
export function ageOn(birth: CalendarDate, today: CalendarDate): number | null {
	if (!isDay(birth) || birth > today) return null;
	return Number(today.slice(0, 4)) - Number(birth.slice(0, 4)) - (today.slice(5) < birth.slice(5) ? 1 : 0);
}

const zoned = new Intl.DateTimeFormat('en-CA', {
	timeZone: fleetTimeZone,
	year: 'numeric',
	month: '2-digit',
	day: '2-digit',
	hour: '2-digit',
	minute: '2-digit',
	hourCycle: 'h23',
});
/** The day and the time of day in the fleet's region at a moment. */
export function zonedOf(ms: number): { day: CalendarDate; time: string } {
	const p = Object.fromEntries(zoned.formatToParts(ms).map(({ type, value }) => [type, value]));
	return { day: `${p['year']}-${p['month']}-${p['day']}`, time: `${p['hour']}:${p['minute']}` };
}

/** The moment of a time of day in the fleet's region, which knows no summer time. */
export const momentOf = (day: CalendarDate, time: string): number => Date.parse(`${day}T00:00:00+09:00`) + minutesOf(time) * 60_000;

/** `08:30` as minutes since midnight. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
export const timeOf = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

/** A time as people type it: `9`, `9:30`, `0930`, `9時半`, `午後1時30分`, in full width too; `24:00` is the end of the day. */
export function readTime(text: string): string | null {
	const plain = text.normalize('NFKC').trim().replace(/\s+/g, '');
	const m = /^(午前|午後)?(\d{1,2})(?:[:時](?:(\d{1,2})分?|(半))?)?$/.exec(plain) ?? /^()(\d{1,2})(\d{2})$/.exec(plain);
	if (m === null) return null;
	const hour = Number(m[2]) + (m[1] === '午後' && Number(m[2]) < 12 ? 12 : 0);
	const minute = m[4] === undefined ? Number(m[3] ?? 0) : 30;
	const total = hour * 60 + minute;
	return minute > 59 || total > 1440 ? null : timeOf(total);
}
