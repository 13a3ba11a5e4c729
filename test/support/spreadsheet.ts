/**
 * A town office's list of visits that are wished for, on the region's real settlements, with invented people: some rows of it are
 * faulty, each in its own way. The same seed makes the same list.
 */
import { generateDay } from '@junkai/fleet-server/dispatch';
import type { CareNeed, IntakeFaultKind, IntakeField } from '@junkai/contracts';
import { loadRegion, type Municipality, type Settlement } from '@junkai/regions';
import iconv from 'iconv-lite';

export interface SpreadsheetOptions {
	seed: number;
	rows: number;
	faulty: number;
	/** First day on which visits are wished for, and how many days from then on. */
	date: string;
	days: number;
	/** Visits lie near the bases of so many vans, and ask for nothing that so many doctors do not offer. */
	vans?: number;
	doctors?: number;
}

export interface Spreadsheet {
	/** CSV in Shift_JIS, as Excel writes it on an office's computer. */
	bytes: Uint8Array;
	/** The same cells, titles included. */
	table: string[][];
	/** As the spreadsheet counts, in order. */
	faultyRows: number[];
	faults: { row: number; field: IntakeField | null; kind: IntakeFaultKind }[];
}

const TITLES = [
	'No.',
	'氏　名',
	'フリガナ',
	'生年月日',
	'年齢',
	'性別',
	'住所',
	'電話番号',
	'診療内容',
	'希望日',
	'希望曜日',
	'希望時間帯',
	'頻度',
	'緊急度',
	'場所',
	'遠隔診療の同意',
	'依頼者',
	'所属',
	'備考',
] as const;
type Title = (typeof TITLES)[number];
type Row = Record<Title, string>;
/** The list's name and an empty row stand above the titles. */
const ABOVE = [['令和８年度　巡回診療　訪問希望者名簿'], []];

/** Deterministic numbers from 0 to 1 (mulberry32). */
function randomOf(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const families =
	'田中 タナカ/山本 ヤマモト/中村 ナカムラ/井上 イノウエ/林 ハヤシ/森 モリ/清水 シミズ/岡田 オカダ/松本 マツモト/山口 ヤマグチ/前田 マエダ/藤田 フジタ/坂本 サカモト/池田 イケダ/橋本 ハシモト/石川 イシカワ/小川 オガワ/谷口 タニグチ/西村 ニシムラ/佐々木 ササキ/髙橋 タカハシ/山﨑 ヤマザキ/和田 ワダ/榎本 エノモト/玉置 タマキ/榊原 サカキバラ'
		.split('/')
		.map((both) => both.split(' ') as [string, string]);
const women =
	'花子 ハナコ/文子 フミコ/ミヨ ミヨ/千代 チヨ/和子 カズコ/静子 シズコ/トシ子 トシコ/八重子 ヤエコ/光江 ミツエ/サダ子 サダコ/芳子 ヨシコ/美智子 ミチコ/キヨ キヨ/幸枝 ユキエ/久子 ヒサコ/良江 ヨシエ'
		.split('/')
		.map((both) => both.split(' ') as [string, string]);
const men =
	'太郎 タロウ/正 タダシ/一郎 イチロウ/清 キヨシ/勝 マサル/実 ミノル/茂 シゲル/博 ヒロシ/昭夫 アキオ/義雄 ヨシオ/幸男 ユキオ/武 タケシ/進 ススム/稔 ミノル/良一 リョウイチ/利夫 トシオ'
		.split('/')
		.map((both) => both.split(' ') as [string, string]);

const wishes: Readonly<Record<CareNeed, readonly string[]>> = {
	'follow-up': ['定期診察', '経過観察', '往診', '再診'],
	'heart-failure': ['心不全の経過観察', '循環器', '不整脈の診察'],
	breathing: ['呼吸器', '在宅酸素の診察', '喘息'],
	skin: ['皮膚', '褥瘡の処置', '湿疹'],
	memory: ['もの忘れ相談', '認知症の診察'],
	'blood-test': ['採血', '血液検査'],
	medication: ['服薬確認', '残薬の整理', '処方'],
	vaccination: ['予防接種', 'インフルエンザ予防接種'],
	ultrasound: ['腹部エコー', '超音波検査'],
	'x-ray': ['レントゲン', '胸部Ｘ線'],
};

const addDays = (date: string, days: number): string =>
	new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const parted = (date: string): [number, number, number] => date.split('-').map(Number) as [number, number, number];
const slashed = (date: string): string => parted(date).join('/');
const wide = (text: string): string => text.replaceAll(/[0-9-]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));

export function makeSpreadsheet({ seed, rows: count, faulty, date, days, vans = 8, doctors = 6 }: SpreadsheetOptions): Spreadsheet {
	const region = loadRegion();
	const random = randomOf(seed);
	const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
	const settlements = new Map(region.settlements.map((one) => [one.id, one]));
	const municipalities = new Map(region.municipalities.map((one) => [one.id, one]));
	const { visits } = generateDay(region, { seed, vans, doctors, visits: count, reachKm: 22 });
	const seen = new Set<string>();
	const list = visits.slice(0, count).map(({ settlement, need, window }, at): Row => {
		const where = settlements.get(settlement)!;
		const person = newPerson(random, pick, seen, date);
		return {
			'No.': String(at + 1),
			...person,
			住所: addressOf(where, municipalities.get(where.municipality)!, at, pick),
			電話番号: random() < 0.1 ? '' : phoneOf(random, pick),
			診療内容: pick(wishes[need]),
			希望日: daysOf(date, days, random, pick),
			希望曜日: random() < 0.12 ? pick(['平日', '月～金', '月火水木金']) : '',
			希望時間帯: hoursOf(window, pick),
			頻度: random() < 0.1 ? pick(['月1回', '隔週', '2週間ごと', '３か月ごと']) : pick(['', '', '1回のみ']),
			緊急度: random() < 0.06 ? pick(['早め', '至急']) : pick(['通常', '']),
			場所: where.stop !== undefined && random() < 0.15 ? '集会所' : pick(['自宅', '', '居宅']),
			遠隔診療の同意: pick(['有', '有', '○', '同意済', '家族同意']),
			依頼者: `${pick(families)[0]} ${pick(women)[0]}`,
			所属: `${municipalities.get(where.municipality)!.name}地域包括支援センター`,
			備考: random() < 0.15 ? pick(['耳が遠い', '玄関は裏手', '犬がいます', '坂道あり，"軽"なら可\n要連絡', '杖歩行']) : '',
		};
	});
	const broken = breakRows(list, faulty, { random, date, days });
	const table = [...ABOVE, [...TITLES], ...list.map((row) => TITLES.map((title) => row[title]))];
	const first = ABOVE.length + 2;
	const faults = broken.map(({ at, field, kind }) => ({ row: first + at, field, kind })).toSorted((a, b) => a.row - b.row);
	return { bytes: toShiftJis(table), table, faultyRows: faults.map(({ row }) => row), faults };
}

/** In the letters of Windows' Shift_JIS; a letter that it lacks would be lost, and is refused. */
function toShiftJis(table: readonly (readonly string[])[]): Uint8Array {
	const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
	const text = table.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
	const bytes = iconv.encode(text, 'cp932');
	if (iconv.decode(bytes, 'cp932') !== text) throw new Error('a letter of the list is not in Shift_JIS');
	return bytes;
}

type Choose = <T>(list: readonly T[]) => T;

function newPerson(
	random: () => number,
	pick: Choose,
	seen: Set<string>,
	date: string,
): Pick<Row, '氏　名' | 'フリガナ' | '生年月日' | '年齢' | '性別'> {
	for (;;) {
		const woman = random() < 0.62;
		const [family, given] = [pick(families), pick(woman ? women : men)];
		// From 66 to 98 years of age.
		const born = addDays(date, -Math.floor((66 + random() * 32) * 365.25));
		const key = `${family[1]}${given[1]}${born}`;
		if (seen.has(key)) continue;
		seen.add(key);
		const [year, month, day] = parted(born);
		const [thisYear] = parted(date);
		const age = thisYear - year - (born.slice(5) > date.slice(5) ? 1 : 0);
		const showa = year - 1925;
		const birth = pick([
			`昭和${showa}年${month}月${day}日`,
			`S${showa}.${month}.${day}`,
			slashed(born),
			wide(`${showa}`).replace(/^/, '昭') + `.${month}.${day}`,
		]);
		return {
			'氏　名': `${family[0]}${pick([' ', '　'])}${given[0]}`,
			フリガナ: `${family[1]} ${given[1]}`,
			生年月日: born >= '1926-12-25' ? birth : slashed(born),
			年齢: random() < 0.5 ? String(age) : '',
			性別: woman ? pick(['女', '女性']) : pick(['男', '男性']),
		};
	}
}

function addressOf({ name }: Settlement, municipality: Municipality, at: number, pick: Choose): string {
	const lot = `${(at * 37) % 900}-${(at % 9) + 1}`;
	return pick([
		`${municipality.name}${name}${lot}`,
		`和歌山県${municipality.district ?? ''}${municipality.name}${name}${wide(lot)}`,
		`${municipality.district ?? ''}${municipality.name}${name}${(at * 37) % 900}番地`,
		`和歌山県${municipality.name}　${name} ${lot}`,
	]);
}

function phoneOf(random: () => number, pick: Choose): string {
	const four = () => String(Math.floor(1000 + random() * 9000));
	const area = pick(['0735-2', '0739-4', '0738-2', '0737-5', '0736-6']);
	return pick([
		`${area}${Math.floor(random() * 10)}-${four()}`,
		wide(`${area}${Math.floor(random() * 10)}-${four()}`),
		`090-${four()}-${four()}`,
	]);
}

/** Most may be on any of the days, some on a few of them, a few on one. */
function daysOf(date: string, days: number, random: () => number, pick: Choose): string {
	const kind = random();
	const length = kind < 0.7 ? days : kind < 0.92 ? Math.min(days, 3) : 1;
	const from = addDays(date, Math.floor(random() * (days - length + 1)));
	const until = addDays(from, length - 1);
	const [year, month, day] = parted(from);
	const [, lastMonth, lastDay] = parted(until);
	if (length === 1) return pick([slashed(from), `${month}月${day}日`, `令和${year - 2018}年${month}月${day}日`]);
	return pick([
		`${slashed(from)}～${slashed(until)}`,
		`${month}/${day}～${lastMonth}/${lastDay}`,
		`${month}月${day}日から${lastMonth}月${lastDay}日まで`,
	]);
}

const clock = (seconds: number): string =>
	`${Math.floor(seconds / 3600)}:${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')}`;

function hoursOf([from, to]: readonly [number, number], pick: Choose): string {
	if (to - from >= 8 * 3600) return pick(['', 'いつでも', '終日']);
	if (to <= 12 * 3600 && from <= 9 * 3600) return pick(['午前', '午前中', '9:00～12:00', '９時～１２時']);
	if (from >= 13 * 3600) return pick(['午後', '13:00～16:30', '午後1時～4時半']);
	return `${clock(from)}～${clock(to)}`;
}

interface Way {
	kind: IntakeFaultKind;
	field: IntakeField | null;
	change: (row: Row, earlier: Row, about: { date: string; days: number }) => void;
}

/** In this order; a list with more faulty rows than these begins anew. */
const ways: readonly Way[] = [
	{ kind: 'missing', field: 'name', change: (row) => Object.assign(row, { '氏　名': '' }) },
	{ kind: 'date-impossible', field: 'birthDate', change: (row) => Object.assign(row, { 生年月日: '昭和64年1月8日', 年齢: '' }) },
	{ kind: 'not-a-date', field: 'birthDate', change: (row) => Object.assign(row, { 生年月日: '昭和十年ごろ', 年齢: '' }) },
	{
		kind: 'address-outside',
		field: 'address',
		change: (row) => Object.assign(row, { 住所: '三重県熊野市有馬町123', 場所: '自宅' }),
	},
	{ kind: 'address-ambiguous', field: 'address', change: (row) => Object.assign(row, { 住所: '切畑45-2', 場所: '自宅' }) },
	{ kind: 'address-unknown', field: 'address', change: (row) => Object.assign(row, { 住所: '有田川町雲ノ上7', 場所: '自宅' }) },
	{ kind: 'unknown-word', field: 'need', change: (row) => Object.assign(row, { 診療内容: 'お話し相手' }) },
	{
		kind: 'date-order',
		field: 'days',
		change: (row, _, { date, days }) =>
			Object.assign(row, { 希望日: `${slashed(addDays(date, days - 1))}～${slashed(date)}`, 希望曜日: '' }),
	},
	{
		kind: 'date-past',
		field: 'days',
		change: (row, _, { date }) => Object.assign(row, { 希望日: slashed(addDays(date, -364)), 希望曜日: '' }),
	},
	{ kind: 'time-order', field: 'hours', change: (row) => Object.assign(row, { 希望時間帯: '12:00～9:00' }) },
	{ kind: 'not-a-phone', field: 'phone', change: (row) => Object.assign(row, { 電話番号: '0735-21' }) },
	{ kind: 'duplicate-row', field: null, change: (row, earlier) => Object.assign(row, { ...earlier, 'No.': row['No.'] }) },
	{ kind: 'not-a-time', field: 'hours', change: (row) => Object.assign(row, { 希望時間帯: '25:00～26:00' }) },
	{ kind: 'birth-in-future', field: 'birthDate', change: (row) => Object.assign(row, { 生年月日: '2031/3/4', 年齢: '' }) },
	{ kind: 'ambiguous-word', field: 'need', change: (row) => Object.assign(row, { 診療内容: '採血と予防接種' }) },
	{ kind: 'no-consent', field: 'consent', change: (row) => Object.assign(row, { 診療内容: '定期診察', 遠隔診療の同意: '無' }) },
	{ kind: 'garbled', field: 'name', change: (row) => Object.assign(row, { '氏　名': '??? 花子' }) },
];

/** Breaks rows that stand apart from each other; the first row stays whole, so that there is one to be repeated. */
function breakRows(
	list: Row[],
	count: number,
	{ random, ...about }: { random: () => number; date: string; days: number },
): { at: number; field: IntakeField | null; kind: IntakeFaultKind }[] {
	const step = Math.floor((list.length - 1) / Math.max(1, count));
	if (count > 0 && step < 1) throw new RangeError('more faulty rows than rows');
	return Array.from({ length: count }, (_, nth) => {
		const at = 1 + nth * step + Math.floor(random() * step);
		const { kind, field, change } = ways[nth % ways.length]!;
		change(list[at]!, list[0]!, about);
		return { at, field, kind };
	});
}
