/** Titles of columns: which field each of them is, and in which row of a spreadsheet they stand. */
import type { IntakeField } from '@junkai/contracts';

/** Titles as offices write them, without spaces, brackets and the honorific before them. */
const titles: Readonly<Record<IntakeField, readonly string[]>> = {
	name: [
		'氏名',
		'名前',
		'患者名',
		'患者氏名',
		'利用者名',
		'利用者氏名',
		'対象者',
		'対象者名',
		'対象者氏名',
		'受診者',
		'受診者氏名',
		'姓名',
		'漢字氏名',
		'氏名漢字',
		'name',
		'patient',
	],
	kana: [
		'フリガナ',
		'ふりがな',
		'カナ',
		'かな',
		'氏名カナ',
		'氏名かな',
		'カナ氏名',
		'ヨミ',
		'よみ',
		'よみがな',
		'ヨミガナ',
		'読み仮名',
		'氏名フリガナ',
		'氏名ふりがな',
		'kana',
	],
	birthDate: ['生年月日', '誕生日', '生年月日和暦', '生年月日西暦', 'birthdate', 'dateofbirth', 'dob'],
	age: ['年齢', '年令', '満年齢', 'age'],
	sex: ['性別', '男女', '男女別', 'sex', 'gender'],
	phone: [
		'電話',
		'電話番号',
		'tel',
		'連絡先',
		'連絡先電話',
		'連絡先電話番号',
		'自宅電話',
		'自宅電話番号',
		'携帯',
		'携帯電話',
		'携帯番号',
		'電話番号自宅',
		'phone',
	],
	address: ['住所', '現住所', '居住地', '自宅住所', '所在地', '住まい', '患者住所', '訪問先住所', 'address'],
	chart: ['カルテ番号', '患者番号', '診察券番号', '患者id', 'id', 'カルテno', '診察券no', 'chart'],
	insurance: ['被保険者番号', '保険者番号', '保険証', '保険証番号', '被保険者証', '記号番号', '保険証記号番号', 'insurance'],
	need: [
		'診療内容',
		'用件',
		'希望内容',
		'希望診療',
		'診察内容',
		'内容',
		'目的',
		'相談内容',
		'主訴',
		'受診内容',
		'依頼内容',
		'希望する診療',
		'診療目的',
		'希望する内容',
		'診療希望内容',
		'need',
	],
	specialty: ['診療科', '科', '希望診療科', '専門科', '診療科目', 'specialty'],
	equipment: ['必要機器', '機器', '検査機器', '必要な機器', '設備', '装備', '必要設備', 'equipment'],
	days: [
		'希望日',
		'希望期間',
		'期間',
		'日程',
		'希望日程',
		'訪問希望日',
		'日付',
		'希望月日',
		'希望年月日',
		'訪問希望期間',
		'希望時期',
		'days',
		'dates',
	],
	weekdays: ['曜日', '希望曜日', '訪問希望曜日', 'weekdays'],
	hours: ['時間帯', '希望時間', '希望時間帯', '時間', '訪問時間', '訪問希望時間', '希望時刻', 'hours'],
	minutes: ['所要時間', '滞在時間', '診療時間', '所要分', '分数', 'minutes'],
	recurrence: ['頻度', '間隔', '訪問頻度', '回数', '周期', '繰り返し', '希望頻度', '訪問間隔', '頻度間隔', 'recurrence'],
	urgency: ['緊急度', '優先度', '緊急', '急ぎ', '緊急性', 'urgency', 'priority'],
	place: ['場所', '診療場所', '訪問場所', '実施場所', '訪問先', '会場', '希望場所', '受診場所', 'place'],
	consent: [
		'同意',
		'同意有無',
		'同意の有無',
		'遠隔診療同意',
		'遠隔診療の同意',
		'オンライン診療同意',
		'オンライン診療の同意',
		'同意書',
		'consent',
	],
	requestedBy: [
		'依頼者',
		'依頼者名',
		'依頼者氏名',
		'紹介元',
		'申込者',
		'申込者名',
		'申込者氏名',
		'紹介者',
		'依頼元',
		'担当者',
		'担当',
		'担当者名',
		'requestedby',
	],
	organisation: [
		'所属',
		'依頼機関',
		'機関',
		'事業所',
		'施設名',
		'担当課',
		'紹介機関',
		'依頼者所属',
		'機関名',
		'事業所名',
		'organisation',
		'organization',
	],
	note: ['備考', '特記事項', '注意事項', 'メモ', 'その他', '連絡事項', '摘要', '注意点', 'note', 'notes'],
};

/** Parts of one field in columns of their own; they are joined in their order. */
const parts: Readonly<Partial<Record<IntakeField, readonly string[]>>> = {
	name: ['姓', '名', '氏'],
	kana: ['セイ', 'メイ', 'せい', 'めい', '姓カナ', '名カナ', '姓フリガナ', '名フリガナ'],
	address: ['市町村', '市町村名', '地区', '大字', '字', '番地', '町名', '地区名', '集落', '住所1', '住所2', '建物名'],
	days: [
		'開始日',
		'終了日',
		'希望日開始',
		'希望日終了',
		'希望開始日',
		'希望終了日',
		'自',
		'至',
		'希望日自',
		'希望日至',
		'開始',
		'終了',
	],
};

/** Numbers that nobody here may keep: their cells are emptied before anything is looked at. */
export const isForbidden = (title: string): boolean => /マイナンバー|個人番号|my ?number/i.test(title.normalize('NFKC'));

/** Of somebody else than the patient. */
const OTHERS = /緊急連絡|家族|続柄|保護者|キーパーソン|介護者|ケアマネ/;

const fold = (title: string): string =>
	title
		.normalize('NFKC')
		.toLowerCase()
		.replaceAll(/[(（[【〔].*?[)）\]】〕]/g, '')
		.replaceAll(/[\s※*:：・_.\-/]|必須|任意|記入欄|欄$/g, '')
		.replace(/^(?:お|ご|御)(?=[\p{Script=Han}])/u, '');

export const fieldTitles: Readonly<Record<IntakeField, string>> = Object.fromEntries(
	Object.entries(titles).map(([field, list]) => [field, list[0]!]),
) as Record<IntakeField, string>;

const whole = new Map(
	Object.entries(titles).flatMap(([field, list]) => list.map((title) => [fold(title), field as IntakeField] as const)),
);
const partial = new Map(
	Object.entries(parts).flatMap(([field, list]) => list.map((title) => [fold(title), field as IntakeField] as const)),
);

function fieldOf(title: string): { field: IntakeField; part: boolean } | null {
	const key = fold(title);
	if (key === '' || OTHERS.test(title) || isForbidden(title)) return null;
	const exact = whole.get(key);
	if (exact !== undefined) return { field: exact, part: false };
	const part = partial.get(key);
	if (part !== undefined) return { field: part, part: true };
	// 「希望する診療内容をお書きください」: the longest title that it begins or ends with.
	let best: { field: IntakeField; length: number } | null = null;
	for (const [known, field] of whole) {
		if (known.length < 3 || !(key.startsWith(known) || key.endsWith(known))) continue;
		if (best === null || known.length > best.length) best = { field, length: known.length };
	}
	return best === null ? null : { field: best.field, part: false };
}

/** What each column is. The first of two of one kind is taken, unless they are parts of one field. */
export function mapHeaders(row: readonly string[]): (IntakeField | null)[] {
	const found = row.map(fieldOf);
	const taken = new Set<IntakeField>(found.flatMap((one) => (one !== null && !one.part ? [one.field] : [])));
	const used = new Set<IntakeField>();
	return found.map((one) => {
		if (one === null) return null;
		if (one.part) return taken.has(one.field) ? null : one.field;
		if (used.has(one.field)) return null;
		used.add(one.field);
		return one.field;
	});
}

export interface HeaderPlace {
	/** Index of the first row of data. */
	readonly data: number;
	/** Index of the (last) row of titles. */
	readonly row: number;
	readonly titles: string[];
	readonly fields: (IntakeField | null)[];
}

/** So far down titles are looked for: below the name of the list, its date, remarks. */
export const HEADER_SEARCH_ROWS = 20;

/** Where the titles are: the row, or two rows of which the upper one groups, that name the most fields. */
export function findHeader(rows: readonly (readonly string[])[]): HeaderPlace {
	let best: (HeaderPlace & { score: number }) | null = null;
	const consider = (at: number, row: number, names: string[]) => {
		const fields = mapHeaders(names);
		const score = new Set(fields.filter((field) => field !== null)).size;
		if (score > (best?.score ?? 1)) best = { data: row + 1, row, titles: names, fields, score };
		return at;
	};
	for (const [at, row] of rows.slice(0, HEADER_SEARCH_ROWS).entries()) {
		consider(at, at, [...row]);
		const below = rows[at + 1];
		if (below !== undefined) consider(at, at + 1, joined(row, below));
	}
	if (best !== null) return best;
	const first = Math.max(
		0,
		rows.findIndex((row) => row.filter((cell) => cell.trim() !== '').length > 1),
	);
	const names = [...(rows[first] ?? [])];
	return { data: first + 1, row: first, titles: names, fields: names.map(() => null) };
}

/** 希望 above 日 and 時間 makes 希望日 and 希望時間. */
function joined(upper: readonly string[], lower: readonly string[]): string[] {
	return Array.from({ length: Math.max(upper.length, lower.length) }, (_, at) => {
		const [above, below] = [(upper[at] ?? '').trim(), (lower[at] ?? '').trim()];
		if (below === '' || above === below) return above;
		if (above === '') return below;
		return fieldOf(above + below) === null && fieldOf(below) !== null ? below : above + below;
	});
}
