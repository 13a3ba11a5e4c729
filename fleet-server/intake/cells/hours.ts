/** Times of day and spans of them. */
import type { Hours } from '@junkai/contracts';
import { bad, good, tight, type Read } from './cell.ts';

export interface WantedHours {
	/** Only then; null: whenever vans drive. */
	readonly hours: Hours[] | null;
	/** Rather then. */
	readonly preferred: Hours | null;
}

export const HOURS_EXAMPLES = '9:00~12:00, 午前, 13時半~15時, いつでも';
const ANY = { hours: null, preferred: null };
/** What offices mean by these words. */
const NAMED: Readonly<Record<string, Hours>> = {
	午前: ['09:00', '12:00'],
	午前中: ['09:00', '12:00'],
	朝: ['08:00', '10:00'],
	朝方: ['08:00', '10:00'],
	昼: ['11:00', '14:00'],
	昼前: ['10:00', '12:00'],
	昼過ぎ: ['12:00', '15:00'],
	午後: ['13:00', '17:00'],
	夕方: ['15:00', '18:00'],
	am: ['09:00', '12:00'],
	pm: ['13:00', '17:00'],
};
/** A single time is a wish, so much before and after it, minutes. */
const AROUND = 30;

const clock = (minutes: number): string =>
	`${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const TIME = /^(午前|午後|am|pm)?(\d{1,2})(?::(\d{2})(?::\d{2})?|時(?:(\d{1,2})分?|(半))?)?$/;

/** Minutes since midnight, and whether it said 午前 or 午後. */
export function readTime(text: string, half: string | null = null): Read<{ minutes: number; half: string | null }> {
	const time = TIME.exec(tight(text).toLowerCase());
	if (time === null) return bad('not-a-time', HOURS_EXAMPLES);
	const said = time[1] ?? null;
	const hour = Number(time[2]);
	const minute = time[5] === undefined ? Number(time[3] ?? time[4] ?? 0) : 30;
	if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return bad('not-a-time', HOURS_EXAMPLES);
	if (said !== null && hour > 12) return bad('not-a-time', HOURS_EXAMPLES);
	const effective = said ?? (hour <= 12 ? half : null);
	const afternoon = effective === '午後' || effective === 'pm';
	return good({ minutes: (afternoon && hour < 12 ? hour + 12 : hour) * 60 + minute, half: effective });
}

export function readHours(text: string): Read<WantedHours> {
	const cell = tight(text).toLowerCase();
	if (/^(?:いつでも(?:可|よい|良い)?|終日|指定なし|なし|問わず|不問|全日|any|-)$/.test(cell)) return good(ANY);
	const wish = /^(?:できれば|なるべく|希望は?)(.+)$/.exec(cell) ?? /^(.+?)(?:希望|が良い|がよい)$/.exec(cell);
	if (wish !== null) {
		const wished = readHours(wish[1]!);
		if (!wished.ok) return wished;
		return good({ hours: null, preferred: wished.value.hours?.[0] ?? wished.value.preferred });
	}
	const around = /^(.+?)(?:頃|ごろ|前後)$/.exec(cell)?.[1] ?? (/[~、,/]|から|以降|まで|以前|-/.test(cell) ? null : cell);
	const moment = around === null ? null : readTime(around);
	if (moment?.ok === true) {
		const { minutes } = moment.value;
		return good({ hours: null, preferred: [clock(Math.max(0, minutes - AROUND)), clock(Math.min(24 * 60, minutes + AROUND))] });
	}
	const spans: Hours[] = [];
	for (const piece of cell.split(/[、,/]|と|または|及び/)) {
		const span = readSpan(piece);
		if (!span.ok) return span;
		spans.push(span.value);
	}
	spans.sort(([a], [b]) => (a < b ? -1 : 1));
	if (spans.some(([from], at) => at > 0 && from < spans[at - 1]![1])) return bad('not-a-time', HOURS_EXAMPLES);
	return good({ hours: spans, preferred: null });
}

function readSpan(text: string): Read<Hours> {
	// A cell may say `constructor`, which every object has.
	const named = Object.hasOwn(NAMED, text) ? NAMED[text] : undefined;
	if (named !== undefined) return good(named);
	const after = /^(.+?)(?:以降|から|~|-|以後)$/.exec(text);
	if (after !== null) {
		const from = readTime(after[1]!);
		return from.ok ? ordered(from.value.minutes, 24 * 60, text) : from;
	}
	const before = /^(?:~|-)?(.+?)(?:まで|以前|前に)?$/.exec(text);
	const ends = text.replace(/(?:まで|の間)$/, '').split(/~|-|から/);
	if (ends.length === 1 || ends[0] === '') {
		if (ends.length === 1 && !/まで$|以前$|前に$/.test(text)) return bad('not-a-time', HOURS_EXAMPLES);
		const until = readTime((before?.[1] ?? '').replace(/^[~-]/, ''));
		return until.ok ? ordered(0, until.value.minutes, text) : until;
	}
	if (ends.length !== 2) return bad('not-a-time', HOURS_EXAMPLES);
	const from = readTime(ends[0]!);
	if (!from.ok) return from;
	const until = readTime(ends[1]!, from.value.half);
	if (!until.ok) return until;
	// 午前10時~1時 ends after noon.
	const late = from.value.half === '午前' && !/午前|am/.test(ends[1]!) && until.value.minutes <= from.value.minutes ? 12 * 60 : 0;
	return ordered(from.value.minutes, until.value.minutes + late, text);
}

const ordered = (from: number, until: number, text: string): Read<Hours> =>
	from < until
		? good([clock(from), clock(until)])
		: bad('time-order', text === '' ? HOURS_EXAMPLES : `${clock(until)}~${clock(from)}`);
