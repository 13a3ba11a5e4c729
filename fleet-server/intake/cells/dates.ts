/** Dates as offices write them: of the western count, of Japanese eras, with and without signs between. */
import { bad, good, tight, type Read } from './cell.ts';

/**
 * The eras since dates are kept by the sun, with their first and last days. The day on which an emperor died belonged to both of
 * its eras until 1926; since then the new one begins with the day after, or on the day that was made known before.
 */
const eras = [
	{ letter: 'm', name: '明治', first: '1868-10-23', last: '1912-07-30', before: 1867 },
	{ letter: 't', name: '大正', first: '1912-07-30', last: '1926-12-25', before: 1911 },
	{ letter: 's', name: '昭和', first: '1926-12-25', last: '1989-01-07', before: 1925 },
	{ letter: 'h', name: '平成', first: '1989-01-08', last: '2019-04-30', before: 1988 },
	{ letter: 'r', name: '令和', first: '2019-05-01', last: '9999-12-31', before: 2018 },
] as const;

const two = (number: number): string => String(number).padStart(2, '0');
const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** `2026-11-24` when there is such a day. */
export function dateOf(year: number, month: number, day: number): string | null {
	if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || year < 1868 || year > 2200) return null;
	return `${year}-${two(month)}-${two(day)}`;
}

/** As an office would write it: 令和8年11月24日. */
export function inEra(date: string): string {
	const [year, month, day] = date.split('-').map(Number) as [number, number, number];
	const era = eras.findLast(({ first }) => first <= date);
	if (era === undefined) return date;
	const count = year - era.before;
	return `${era.name}${count === 1 ? '元' : count}年${month}月${day}日`;
}

export const DATE_EXAMPLES = '1937/3/4, S12.3.4, 昭和12年3月4日';
const BETWEEN = String.raw`[-/.年]`;
const WESTERN = new RegExp(`^(\\d{4})${BETWEEN}(\\d{1,2})[-/.月](\\d{1,2})日?$`);
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const ERA = new RegExp(`^(明治|大正|昭和|平成|令和|[明大昭平令mtshr])[.]?(元|\\d{1,2})${BETWEEN}(\\d{1,2})[-/.月](\\d{1,2})日?$`);
const ERA_COMPACT = /^([mtshr])(\d{2})(\d{2})(\d{2})$/;

/** A date with its year. */
export function readDate(text: string): Read<string> {
	const cell = tight(text)
		.toLowerCase()
		.replace(/\((?:[月火水木金土日]|[月火水木金土日]曜日?)\)$/, '')
		.replace(/[月火水木金土日]曜日?$/, '')
		.replace(/(?:t|日)?0{1,2}:00(?::00)?(?:\.0+)?z?$/, (time) => (time.startsWith('日') ? '日' : ''))
		.replace(/生(?:まれ)?$/, '');
	const western = WESTERN.exec(cell) ?? COMPACT.exec(cell);
	if (western) {
		const [year, month, day] = western.slice(1).map(Number) as [number, number, number];
		const date = dateOf(year, month, day);
		return date === null ? bad('date-impossible', DATE_EXAMPLES) : good(date);
	}
	const japanese = ERA.exec(cell) ?? ERA_COMPACT.exec(cell);
	if (japanese === null) return bad('not-a-date', DATE_EXAMPLES);
	const [, sign, count, month, day] = japanese as unknown as [string, string, string, string, string];
	const era = eras.find(({ letter, name }) => sign === letter || name.startsWith(sign))!;
	const date = dateOf(era.before + (count === '元' ? 1 : Number(count)), Number(month), Number(day));
	if (date === null || Number(count) === 0) return bad('date-impossible', DATE_EXAMPLES);
	// 昭和64年1月8日 was never: that day was the first of 平成.
	if (date < era.first || date > era.last) return bad('date-impossible', inEra(date));
	return good(date);
}

/** Whole years between two days. */
export function yearsBetween(from: string, to: string): number {
	const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
	return to.slice(5) < from.slice(5) ? years - 1 : years;
}

export const addDays = (date: string, days: number): string =>
	new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();
export const lastOfMonth = (year: number, month: number): string => `${year}-${two(month)}-${two(daysIn(year, month))}`;
/** 2026/11/24. */
export const slashed = (date: string): string => date.split('-').map(Number).join('/');
