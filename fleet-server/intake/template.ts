/** A spreadsheet to be filled in: all titles, and two invented rows that are passed over when it comes back. */
import XLSX from '@e965/xlsx';
import type { IntakeField, TemplateFormat } from '@junkai/contracts';
import iconv from 'iconv-lite';
import { fieldTitles } from './header.ts';

const columns: readonly IntakeField[] = [
	'name',
	'kana',
	'birthDate',
	'sex',
	'address',
	'phone',
	'need',
	'days',
	'weekdays',
	'hours',
	'recurrence',
	'urgency',
	'place',
	'consent',
	'requestedBy',
	'organisation',
	'note',
];

const examples: readonly Partial<Record<IntakeField, string>>[] = [
	{
		name: '（記入例）山本 花子',
		kana: 'ヤマモト ハナコ',
		birthDate: '昭和12年3月4日',
		sex: '女',
		address: '田辺市本宮町切畑123',
		phone: '0735-00-0000',
		need: '定期診察',
		days: '2026/11/24～2026/11/28',
		weekdays: '月水金',
		hours: '午前',
		recurrence: '月1回',
		urgency: '通常',
		place: '自宅',
		consent: '有',
		requestedBy: '中村 一郎',
		organisation: '田辺市健康増進課',
		note: '耳が遠い。玄関は裏手',
	},
	{
		name: '（記入例）和田 太郎',
		kana: 'ワダ タロウ',
		birthDate: 'S15.10.1',
		sex: '男',
		address: '古座川町高池2-3',
		need: '採血',
		days: '11月25日',
		hours: '9:00～12:00',
		recurrence: '1回のみ',
		urgency: '早め',
		place: '集会所',
		consent: '有',
		requestedBy: '古座川町地域包括支援センター',
	},
];

const rows = (): string[][] => [
	columns.map((field) => fieldTitles[field]),
	...examples.map((row) => columns.map((field) => row[field] ?? '')),
];

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
/** Rows as CSV, as Excel writes it. */
export const toCsv = (table: readonly (readonly string[])[]): string =>
	table.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');

export interface TemplateFile {
	readonly name: string;
	readonly type: string;
	readonly bytes: Buffer;
}

export function templateFile(format: TemplateFormat): TemplateFile {
	if (format === 'xlsx') {
		const book = XLSX.utils.book_new();
		const sheet = XLSX.utils.aoa_to_sheet(rows());
		sheet['!cols'] = columns.map((field) => ({ wch: field === 'address' || field === 'days' || field === 'note' ? 26 : 16 }));
		XLSX.utils.book_append_sheet(book, sheet, '訪問希望');
		const bytes = XLSX.write(book, { type: 'buffer', bookType: 'xlsx', compression: true }) as Buffer;
		return { name: 'junkai-template.xlsx', type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', bytes };
	}
	const text = toCsv(rows());
	const shiftJis = format === 'csv-shift-jis';
	const bytes = shiftJis ? iconv.encode(text, 'cp932') : Buffer.from(`\uFEFF${text}`, 'utf8');
	const name = `junkai-template-${shiftJis ? 'shift-jis' : 'utf-8'}.csv`;
	return { name, type: `text/csv; charset=${shiftJis ? 'shift_jis' : 'utf-8'}`, bytes };
}
