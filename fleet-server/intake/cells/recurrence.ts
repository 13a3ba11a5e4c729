/** How often a visit returns. */
import type { z } from 'zod';
import type { recurrence } from '@junkai/contracts';
import { bad, good, tight, type Read } from './cell.ts';
import { readDays } from './days.ts';

export type Recurrence = z.infer<typeof recurrence>;
export const RECURRENCE_EXAMPLES = '毎週, 隔週, 2週間ごと, 月1回, 3か月ごと, 毎週(全6回), 1回のみ';

const NUMERALS = '〇一二三四五六七八九十';
const digits = (text: string): string => text.replaceAll(/[一二三四五六七八九十]/g, (letter) => String(NUMERALS.indexOf(letter)));
/** A month of care is four weeks: the day of the week stays. */
const MONTH = 28;

/** null: it does not return. */
export function readRecurrence(text: string, today: string): Read<Recurrence | null> {
	const cell = digits(tight(text).toLowerCase());
	if (/^(?:1回(?:のみ|だけ|限り)?|単発|今回のみ|なし|不定期|都度|once|-|0)$/.test(cell)) return good(null);
	const times = /(?:全|計|合計|x|×)(\d{1,3})回/.exec(cell);
	const until = /[(、,]?([^(、,]*\d[^(、,]*?)まで\)?$/.exec(cell);
	const rhythm = cell
		.replace(times?.[0] ?? '', '')
		.replace(until?.[0] ?? '', '')
		.replaceAll(/[()、,]/g, '')
		.replace(/程度$|くらい$|ぐらい$|の訪問$/, '');
	const everyDays = daysOf(rhythm);
	if (everyDays === null) return bad('unknown-word', RECURRENCE_EXAMPLES);
	if (everyDays < 1 || everyDays > 366) return bad('out-of-range', RECURRENCE_EXAMPLES);
	const end = until === null ? null : readDays(until[1]!, today);
	if (end?.ok === false) return end;
	const count = times === null ? null : Number(times[1]);
	if (count !== null && (count < 2 || count > 200)) return bad('out-of-range', RECURRENCE_EXAMPLES);
	return good({ everyDays, times: count, until: end?.value.until ?? null, tolerance: Math.min(7, Math.floor(everyDays / 5)) });
}

function daysOf(rhythm: string): number | null {
	if (/^毎日$|^daily$/.test(rhythm)) return 1;
	if (/^毎週$|^weekly$/.test(rhythm)) return 7;
	if (/^隔週$|^biweekly$/.test(rhythm)) return 14;
	if (/^毎月$|^monthly$/.test(rhythm)) return MONTH;
	if (/^隔月$/.test(rhythm)) return 2 * MONTH;
	if (/^毎年$/.test(rhythm)) return 364;
	const every = /^(\d{1,3})(日|週間?|[かカヶケ箇ヵ]?月|年)(?:間)?(?:ごと|毎|おき|に1回|に1度|間隔)$/.exec(rhythm);
	// Every second day has one day between, 1日おき.
	if (every !== null) return (Number(every[1]) + (rhythm.endsWith('日おき') ? 1 : 0)) * unit(every[2]!);
	const often = /^(日|週|[1]?[かカヶケヵ]?月|年)(?:に|間)?(\d{1,2})[回度]$/.exec(rhythm);
	if (often !== null && Number(often[2]) > 0) return Math.max(1, Math.round(unit(often[1]!) / Number(often[2])));
	return null;
}

const unit = (word: string): number => (word === '日' ? 1 : word.startsWith('週') ? 7 : word === '年' ? 364 : MONTH);
