/** Days on which a visit may be, and days of the week. */
import { bad, good, plain, tight, type Read } from './cell.ts';
import { addDays, dateOf, lastOfMonth, readDate, slashed, weekdayOf } from './dates.ts';

export interface WantedDays {
	readonly from: string;
	readonly until: string;
	/** When single days were named instead of a span. */
	readonly weekdays: readonly number[] | null;
}

export const DAYS_EXAMPLES = '2026/11/24~2026/11/28, 11/24~28, 11月24日';
/** Without a year it is the next such day; one that was a short while ago is still that of this year. */
const JUST_NOW_DAYS = 60;
/** A span whose end has no year is not longer. */
const LONGEST_SPAN_DAYS = 180;

/** A day whose year, and whose month after another day, may be left out. `after` is the day before it in the cell. */
function readDay(text: string, today: string, after: string | null): Read<string> {
	const full = readDate(text);
	if (full.ok || full.kind === 'date-impossible') return full;
	const short = /^(?:(\d{1,2})[-/.月])?(\d{1,2})日?(?:\([月火水木金土日](?:曜日?)?\))?$/.exec(tight(text));
	if (short === null) return full;
	if (short[1] === undefined && after === null) return bad('not-a-date', DAYS_EXAMPLES);
	const month = short[1] === undefined ? Number(after!.slice(5, 7)) : Number(short[1]);
	const start = after ?? addDays(today, -JUST_NOW_DAYS);
	const sameYear = dateOf(Number(start.slice(0, 4)), month, Number(short[2]));
	if (sameYear !== null && sameYear >= start) return good(sameYear);
	const nextYear = dateOf(Number(start.slice(0, 4)) + 1, month, Number(short[2]));
	// 12/28~1/8 goes over the end of the year; 11/24~11/20 is turned round.
	if (after !== null && sameYear !== null && (nextYear === null || nextYear > addDays(after, LONGEST_SPAN_DAYS)))
		return good(sameYear);
	return nextYear === null ? bad('date-impossible', DAYS_EXAMPLES) : good(nextYear);
}

/** 11月, 11月中, 12月上旬. */
function readMonth(text: string, today: string): WantedDays | null {
	const month = /^(?:(\d{4})年?[/.]?)?(\d{1,2})月(中|上旬|中旬|下旬|初め|末)?$/.exec(tight(text));
	if (month === null) return null;
	const number = Number(month[2]);
	if (number < 1 || number > 12) return null;
	const thisYear = Number(today.slice(0, 4));
	const over = month[1] === undefined && lastOfMonth(thisYear, number) < today;
	const year = month[1] === undefined ? thisYear + (over ? 1 : 0) : Number(month[1]);
	const [from, until] = { 上旬: [1, 10], 初め: [1, 10], 中旬: [11, 20], 下旬: [21, 31], 末: [21, 31] }[month[3] ?? ''] ?? [1, 31];
	const last = lastOfMonth(year, number);
	const end = dateOf(year, number, until!) ?? last;
	return { from: dateOf(year, number, from!)!, until: end, weekdays: null };
}

/**
 * The first and the last day: a span, one day, single days of one week, a month or a third of one. `today` is needed where the year
 * is left out.
 */
export function readDays(text: string, today: string): Read<WantedDays> {
	const cell = plain(text)
		.replaceAll(/から|より/g, '~')
		.replaceAll(/(?:まで|の間|のあいだ|中に|ごろ|頃)$/g, '')
		.replaceAll(/\s*~\s*/g, '~');
	const month = readMonth(cell, today);
	if (month !== null) return good(month);
	const pieces = spansOf(cell);
	if (pieces.length > 7) return bad('not-a-date', DAYS_EXAMPLES);
	const days: string[] = [];
	for (const piece of pieces) {
		const day = readDay(piece, today, days.at(-1) ?? null);
		if (!day.ok) return day.kind === 'not-a-date' ? bad('not-a-date', DAYS_EXAMPLES) : day;
		days.push(day.value);
	}
	const [from, until] = [days[0]!, days.at(-1)!];
	if (days.some((day, at) => at > 0 && day < days[at - 1]!)) return bad('date-order', `${slashed(until)}~${slashed(from)}`);
	// 11/24、11/26: these days and not those between them.
	const single = days.length > 1 && !cell.includes('~') && /[、,・]/.test(cell);
	if (!single) return days.length > 2 ? bad('not-a-date', DAYS_EXAMPLES) : good({ from, until, weekdays: null });
	if (addDays(from, 6) < until) return bad('not-a-date', DAYS_EXAMPLES);
	return good({ from, until, weekdays: [...new Set(days.map(weekdayOf))].toSorted((a, b) => a - b) });
}

/** A minus between two whole dates parts them, one within a date does not. */
function spansOf(cell: string): string[] {
	if (/[~、,・]/.test(cell)) return cell.split(/[~、,・]/).filter((piece) => piece.trim() !== '');
	const dashed = /^(.*(?:\/|月).*?)-(.*)$/.exec(cell);
	if (dashed !== null) return [dashed[1]!, dashed[2]!];
	const spaced = cell.split(' ').filter((piece) => /\d/.test(piece));
	return spaced.length === 2 && spaced.every((piece) => /\d\D+\d|^\d{8}$/.test(piece)) ? spaced : [cell];
}

const NAMES = '日月火水木金土';
const ENGLISH = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
export const WEEKDAY_EXAMPLES = '月水金, 月~金, 平日, 土日以外';

/** Days of the week, 0 Sunday; none of them means any. */
export function readWeekdays(text: string): Read<number[]> {
	const cell = tight(text).toLowerCase();
	if (/^(?:いつでも|指定なし|なし|可|毎日|全日|問わず|不問|any|-)$/.test(cell)) return good([]);
	if (/^(?:平日|土日(?:祝)?以外|月曜?日?[~-]金曜?日?)$/.test(cell)) return good([1, 2, 3, 4, 5]);
	const except = /^(.+?)(?:以外|は不可|を除く)$/.exec(cell);
	const named = namedDays(except?.[1] ?? cell);
	if (named === null) return bad('unknown-word', WEEKDAY_EXAMPLES);
	if (except === null) return good(named);
	return good([0, 1, 2, 3, 4, 5, 6].filter((day) => !named.includes(day)));
}

function namedDays(cell: string): number[] | null {
	const english = ENGLISH.map((name, day) => (cell.includes(name) ? day : -1)).filter((day) => day >= 0);
	if (english.length > 0 && /^[a-z,/ ・、.]+$/.test(cell)) return english;
	const letters = cell.replaceAll(/曜日?|[・、,/&と.-]|または|又は|か(?=[日月火水木金土])/g, (mark) => (mark === '-' ? '~' : ''));
	const range = new RegExp(`^([${NAMES}])~([${NAMES}])$`).exec(letters);
	if (range !== null) {
		const [first, last] = [NAMES.indexOf(range[1]!), NAMES.indexOf(range[2]!)];
		const days = Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, at) => (first + at) % 7);
		return days.toSorted((a, b) => a - b);
	}
	if (letters === '' || !new RegExp(`^[${NAMES}]+$`).test(letters)) return null;
	return [...new Set(Array.from(letters, (letter) => NAMES.indexOf(letter)))].toSorted((a, b) => a - b);
}
