/** Days of a plan in words. */
import type { PlanBoardSummary } from '@junkai/contracts';
import type { TFunction } from 'i18next';
import { formatDateTime, formatDay, type Language } from '../../../shared/i18n/format.ts';
import { addDays, weekdayName, weekdayOf } from '../../../shared/records/dates.ts';

/** Noon of a day where the fleet works; it is that day in every office of the country. */
const noonOf = (date: string): number => Date.parse(`${date}T12:00:00+09:00`);

/** `11月24日(火)`. */
export const dayWords = (date: string, language: Language): string => formatDay(noonOf(date), language);

export const lastDay = ({ from, days }: { from: string; days: number }): string => addDays(from, days - 1);

/** `11月24日(火)`, or `11月24日(火)～11月30日(月)`. */
export function periodWords(options: { from: string; days?: number | undefined }, t: TFunction, language: Language): string {
	const days = options.days ?? 1;
	const from = dayWords(options.from, language);
	return days === 1 ? from : t('planning.list.days', { from, until: dayWords(lastDay({ from: options.from, days }), language) });
}

/** A name that the server gave for want of one: days, as they are kept. */
const dated = /^\d{4}-\d{2}-\d{2}(?:\D+\d{4}-\d{2}-\d{2})?$/;

export const boardName = (
	{ name, options }: Pick<PlanBoardSummary, 'name' | 'options'>,
	t: TFunction,
	language: Language,
): string => (name === '' || dated.test(name) ? t('planning.list.untitled', { period: periodWords(options, t, language) }) : name);

/** Hours and minutes, however many: sums of a week are told in hours, as duty rosters do. */
export function minutesWords(seconds: number, language: Language): string {
	const minutes = Math.round(seconds / 60);
	const hours = Math.floor(minutes / 60);
	const rest = minutes % 60;
	if (language === 'ja') return hours === 0 ? `${rest}分` : rest === 0 ? `${hours}時間` : `${hours}時間${rest}分`;
	return hours === 0 ? `${rest} min` : rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** `11/24(火)` or `Tue 24`: for a row of days. */
export function shortDay(date: string, language: Language): string {
	const day = Number(date.slice(8));
	const weekday = weekdayName(weekdayOf(date), language);
	return language === 'ja' ? `${Number(date.slice(5, 7))}/${day}(${weekday})` : `${weekday} ${day}`;
}

/** Who and when. */
export const byAt = (by: string, at: number, t: TFunction, language: Language): string =>
	t('planning.list.byAt', { by, time: formatDateTime(at, language) });
