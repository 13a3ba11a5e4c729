import { deflateRawSync } from 'node:zlib';
import XLSX from '@e965/xlsx';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { IntakeError } from '../intake-error.ts';
import { parseCsv } from './csv.ts';
import { decodeText } from './decode.ts';
import { readGrid } from './grid.ts';

const LIST =
	'氏名,生年月日,住所,診療内容,希望日\r\n髙橋 花子,S12.3.4,田辺市本宮町切畑①,定期診察（㈱の紹介）,11/24\r\n山﨑 正,S15.1.1,古座川町高池,採血,11/25\r\n';
const sjis = (text: string) => iconv.encode(text, 'cp932');
const refusal = (step: () => unknown): string => {
	try {
		step();
	} catch (error) {
		if (error instanceof IntakeError) return `${error.refusal}: ${error.message}`;
		throw error;
	}
	return 'none';
};
const grid = (bytes: Uint8Array, more = {}) => readGrid(bytes, { file: 'list', encoding: 'auto', ...more });

describe('encodings', () => {
	test.each([
		['UTF-8', Buffer.from(LIST), 'utf-8', 'certain'],
		['UTF-8 with its mark', Buffer.from(`\uFEFF${LIST}`), 'utf-8', 'certain'],
		['Shift_JIS with ①, ㈱, 髙 and 﨑', sjis(LIST), 'shift_jis', 'certain'],
		['UTF-16, Excel’s "Unicode text"', Buffer.from(`\uFEFF${LIST}`, 'utf16le'), 'utf-16le', 'certain'],
		['EUC-JP', iconv.encode(LIST.replaceAll(/[髙﨑①㈱]/g, '山'), 'euc-jp'), 'euc-jp', 'certain'],
		['letters of every computer', Buffer.from('name,date\r\na,b\r\n'), 'utf-8', 'certain'],
	])('%s', (_, bytes, encoding, certainty) => {
		const decoded = decodeText(bytes, 'auto');
		expect([decoded.encoding, decoded.certainty]).toEqual([encoding, certainty]);
		if (encoding !== 'euc-jp' && encoding !== 'utf-8') expect(decoded.text.replace('\uFEFF', '')).toBe(LIST);
	});

	test('the wrong one that was chosen is told, not shown as mojibake', () => {
		expect(refusal(() => decodeText(sjis(LIST), 'utf-8'))).toMatch(/^encoding: Line 1 is not UTF-8\. It reads as Shift_JIS\./);
		expect(refusal(() => decodeText(Buffer.from(LIST), 'shift_jis'))).toMatch(/^encoding: .*UTF-8/);
		expect(refusal(() => decodeText(Buffer.from(`\uFEFF${LIST}`), 'shift_jis'))).toMatch(/^encoding: /);
	});

	test('a line in another encoding than the rest is named', () => {
		const mixed = Buffer.concat([
			sjis(LIST),
			Buffer.from('吉田 実,S10.1.1,古座川町月野瀬,採血,11/26\r\n'),
			Buffer.from([0xff, 0x0a]),
		]);
		expect(refusal(() => decodeText(mixed, 'auto'))).toMatch(/^encoding: .*line [45]/);
	});
});

describe('CSV', () => {
	test.each([
		['commas', 'a,b\r\n1,2\r\n'],
		['tabs', 'a\tb\n1\t2\n'],
		['semicolons', 'a;b\r1;2\r'],
	])('%s', (_, text) =>
		expect(parseCsv(text, 10)).toEqual([
			['a', 'b'],
			['1', '2'],
		]),
	);

	test('quotes, and line ends and commas within them', () => {
		expect(parseCsv('a,b\r\n"山本, 花子","一行目\n""二""行目"\r\n', 10)).toEqual([
			['a', 'b'],
			['山本, 花子', '一行目\n"二"行目'],
		]);
	});

	test('a quote that is not closed is told with its line', () => {
		expect(refusal(() => parseCsv('a,b\r\n"1,2\r\n3,4\r\n', 10))).toMatch(/^damaged: .*line \d/);
	});
});

describe('a list', () => {
	test('title lines and two rows of titles', () => {
		const text =
			'令和8年度 名簿,,,,\r\n,,,,\r\n氏名,生年月日,住所,希望,\r\n,,,内容,日\r\n山本 花子,S12.3.4,田辺市本宮町切畑,採血,11/24\r\n';
		const { headerRow, fields, rows } = grid(Buffer.from(text));
		expect(headerRow).toBe(4);
		expect(fields.slice(0, 4)).toEqual(['name', 'birthDate', 'address', 'need']);
		expect(rows.map(({ row }) => row)).toEqual([5]);
	});

	test('variants of titles; parts of one field; what is nobody’s business here', () => {
		const text =
			'№,患者氏名（漢字）,ふりがな,ご住所,お電話番号,緊急連絡先,個人番号,訪問希望日,ご用件\r\n1,a b,c,d,e,f,123456789012,11/24,採血\r\n';
		const { fields, rows } = grid(Buffer.from(text));
		expect(fields).toEqual([null, 'name', 'kana', 'address', 'phone', null, null, 'days', 'need']);
		expect(rows[0]!.cells.join()).not.toContain('123456789012');
		const parts = grid(
			Buffer.from('姓,名,セイ,メイ,市町村,大字,開始日,終了日\r\n山本,花子,ヤマモト,ハナコ,田辺市,本宮町切畑,11/24,11/28\r\n'),
		);
		expect(parts.fields).toEqual(['name', 'name', 'kana', 'kana', 'address', 'address', 'days', 'days']);
	});

	test('empty rows and the template’s examples are passed over, numbers are the spreadsheet’s', () => {
		const { rows } = grid(Buffer.from('氏名,住所\r\n（記入例）山本 花子,x\r\n\r\n和田 太郎,y\r\n,\r\n'));
		expect(rows.map(({ row, cells }) => [row, cells[0]])).toEqual([[4, '和田 太郎']]);
	});

	test.each([
		['an empty file', Buffer.alloc(0), /^empty/],
		['titles alone', Buffer.from('氏名,住所\r\n'), /^empty/],
		['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]), /^not-a-spreadsheet/],
		['too many rows', Buffer.from(`氏名,住所\r\n${'山本 花子,田辺市\r\n'.repeat(5001)}`), /^too-many-rows/],
		['too many bytes', Buffer.alloc(10 * 1024 * 1024 + 1, 0x61), /^too-large/],
		['the old Excel', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]), /^old-excel: .*\.xlsx/],
		[
			'a password',
			Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.alloc(600), Buffer.from('EncryptedPackage', 'utf16le')]),
			/^password/,
		],
		['a broken workbook', Buffer.from('PK\u0003\u0004 nothing more'), /^damaged/],
	])('%s is refused in words', (_, bytes, said) => expect(refusal(() => grid(bytes))).toMatch(said));

	test('5,000 rows are not too many', () => {
		expect(grid(Buffer.from(`氏名,住所\r\n${'山本 花子,田辺市\r\n'.repeat(5000)}`)).rows).toHaveLength(5000);
	});
});

describe('XLSX', () => {
	const workbook = (sheets: Record<string, XLSX.WorkSheet>): Buffer => {
		const book = XLSX.utils.book_new();
		for (const [name, sheet] of Object.entries(sheets)) XLSX.utils.book_append_sheet(book, sheet, name);
		return XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
	};
	const titles = ['氏名', '生年月日', '住所', '診療内容', '希望日', '時間帯', '電話番号', '備考'];

	test('dates are serial numbers, times fractions, telephone numbers numbers, formulas what they gave', () => {
		const sheet = XLSX.utils.aoa_to_sheet([titles, ['山本 花子', null, '田辺市本宮町切畑', '採血', null, null, null, null]]);
		Object.assign(sheet, {
			B2: { t: 'n', v: 13_578, z: '[$-411]ge.m.d' },
			E2: { t: 'n', v: 46_350, z: 'm/d' },
			F2: { t: 'n', v: 0.395_833_333, z: 'h:mm' },
			G2: { t: 'n', v: 735_210_000, z: 'General' },
			H2: { t: 's', v: '犬がいます', f: 'VLOOKUP(A2,X:Y,2,0)' },
		});
		expect(grid(workbook({ 名簿: sheet })).rows[0]!.cells).toEqual([
			'山本 花子',
			'1937-03-04',
			'田辺市本宮町切畑',
			'採血',
			'2026-11-24',
			'9:30',
			'735210000',
			'犬がいます',
		]);
	});

	test('days are counted from 1904 where the workbook says so', () => {
		const book = XLSX.utils.book_new();
		const sheet = XLSX.utils.aoa_to_sheet([titles, ['山本 花子', null, 'x', '採血', null, null, null, null]]);
		Object.assign(sheet, { B2: { t: 'n', v: 13_578 - 1462, z: 'yyyy/m/d' } });
		XLSX.utils.book_append_sheet(book, sheet, 'a');
		book.Workbook = { WBProps: { date1904: true } };
		const bytes = XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
		expect(grid(bytes).rows[0]!.cells[1]).toBe('1937-03-04');
	});

	test('a merged title line, merged titles over two rows, values merged down', () => {
		const sheet = XLSX.utils.aoa_to_sheet([
			['令和8年度 訪問希望者名簿'],
			[],
			['氏名', '生年月日', '住所', '希望', null, null],
			[null, null, null, '診療内容', '日', '時間帯'],
			['山本 花子', 'S12.3.4', '田辺市本宮町切畑1', '採血', '11/24', '午前'],
			['山本 太郎', 'S10.3.4', null, '採血', '11/24', '午前'],
		]);
		sheet['!merges'] = ['A1:F1', 'A3:A4', 'B3:B4', 'C3:C4', 'D3:F3', 'C5:C6'].map((range) => XLSX.utils.decode_range(range));
		const { headerRow, fields, rows } = grid(workbook({ a: sheet }));
		expect(headerRow).toBe(4);
		expect(fields).toEqual(['name', 'birthDate', 'address', 'need', 'days', 'hours']);
		expect(rows.map(({ row, cells }) => [row, cells[2]])).toEqual([
			[5, '田辺市本宮町切畑1'],
			[6, '田辺市本宮町切畑1'],
		]);
	});

	test('the sheet with the list is found among several, and another one can be chosen', () => {
		const list = XLSX.utils.aoa_to_sheet([titles, ['山本 花子', 'S12.3.4', 'x', '採血', '11/24']]);
		const notes = XLSX.utils.aoa_to_sheet([['注意'], ['提出は金曜まで']]);
		const bytes = workbook({ 説明: notes, 名簿: list });
		expect(grid(bytes)).toMatchObject({ sheet: '名簿', sheets: ['説明', '名簿'] });
		expect(grid(bytes, { sheet: '説明' })).toMatchObject({ sheet: '説明' });
		expect(refusal(() => grid(bytes, { sheet: '別' }))).toMatch(/^no-such-sheet/);
	});

	test('a broken formula is lost letters, not a value', () => {
		const sheet = XLSX.utils.aoa_to_sheet([titles, ['山本 花子', 'S12.3.4', 'x', '採血', '11/24', null, null, null]]);
		Object.assign(sheet, { H2: { t: 'e', v: 0x17, w: '#REF!' } });
		expect(grid(workbook({ a: sheet })).rows[0]!.cells[7]).toBe('#REF!');
	});

	test('a workbook that would fill the memory is refused before it is unpacked', () => {
		expect(refusal(() => grid(zipOf('xl/worksheets/sheet1.xml', 400 * 1024 * 1024, 400 * 1024 * 1024)))).toMatch(/^too-large/);
		// One that says less of itself than it holds.
		expect(refusal(() => grid(zipOf('xl/worksheets/sheet1.xml', 40 * 1024 * 1024, 1000)))).toMatch(/^too-large/);
	});
});

/** A ZIP of one entry of so many zeros, which claims to hold so many. */
function zipOf(name: string, bytes: number, claimed: number): Buffer {
	const packed = deflateRawSync(Buffer.alloc(bytes));
	const local = Buffer.alloc(30);
	local.writeUInt32LE(0x04034b50, 0);
	local.writeUInt16LE(8, 8);
	local.writeUInt32LE(packed.length, 18);
	local.writeUInt32LE(claimed, 22);
	local.writeUInt16LE(name.length, 26);
	const entry = Buffer.alloc(46);
	entry.writeUInt32LE(0x02014b50, 0);
	entry.writeUInt16LE(8, 10);
	entry.writeUInt32LE(packed.length, 20);
	entry.writeUInt32LE(claimed, 24);
	entry.writeUInt16LE(name.length, 28);
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(1, 8);
	end.writeUInt16LE(1, 10);
	end.writeUInt32LE(46 + name.length, 12);
	end.writeUInt32LE(30 + name.length + packed.length, 16);
	return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}
