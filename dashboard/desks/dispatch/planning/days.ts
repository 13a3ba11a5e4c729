/** Days of a plan in words. */
import type { PlanBoardSummary } from '@junkai/contracts';
import type { TFunction } from 'i18next';
import { formatDateTime, formatDay, type Language } from '../../../shared/i18n/format.ts';
import { addDays } from '../../../shared/records/dates.ts';

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

export const boardName = (
	{ name, options }: Pick<PlanBoardSummary, 'name' | 'options'>,
	t: TFunction,
	language: Language,
): string => (name === '' ? t('planning.list.untitled', { period: periodWords(options, t, language) }) : name);

/** Who and when. */
export const byAt = (by: string, at: number, t: TFunction, language: Language): string =>
	t('planning.list.byAt', { by, time: formatDateTime(at, language) });
