import { intakePreview, patientBody, requestFields, type IntakeFixes } from '@junkai/contracts';
import { loadRegion } from '@junkai/regions';
import { expect, test } from 'vitest';
import type { KnownPatients } from './known.ts';
import { createPlaces } from './places/find.ts';
import { readGrid } from './reader/grid.ts';
import { readSheet } from './sheet.ts';

const places = createPlaces(loadRegion());
const nobody: KnownPatients = new Map();
const TITLES =
	'氏名,フリガナ,生年月日,年齢,性別,住所,電話番号,診療内容,希望日,希望曜日,時間帯,頻度,緊急度,場所,同意,依頼者,所属,備考';
const whole = {
	氏名: '山本 花子',
	フリガナ: 'ヤマモト ハナコ',
	生年月日: '昭和12年3月4日',
	年齢: '89',
	性別: '女',
	住所: '和歌山県田辺市本宮町切畑１２３',
	電話番号: '0735-21-0000',
	診療内容: '定期診察',
	希望日: '11/24～11/28',
	希望曜日: '火木',
	時間帯: '午前',
	頻度: '月1回',
	緊急度: '早め',
	場所: '自宅',
	同意: '有',
	依頼者: '中村 一郎',
	所属: '田辺市健康増進課',
	備考: '耳が遠い',
};
type Row = Partial<typeof whole>;
const sheet = (rows: readonly Row[], fixes: IntakeFixes = {}, known = nobody) => {
	const lines = rows.map((row) => {
		const cells: Row = { ...whole, ...row };
		return TITLES.split(',')
			.map((title) => `"${cells[title as keyof Row]}"`)
			.join(',');
	});
	const grid = readGrid(Buffer.from([TITLES, ...lines].join('\r\n')), { file: 'list.csv', encoding: 'auto' });
	const id = '6f2c1f7e-8a55-4c39-9f0e-1d2f3a4b5c6d';
	return readSheet(id, grid, fixes, { places, known, today: '2026-11-23' });
};
const faultsOf = async (row: Row) => {
	const [read] = (await sheet([row])).rows;
	return read!.faults.map(({ field, kind, severity }) => `${severity} ${field} ${kind}`);
};

test('a whole row is a patient and a request, as their contracts have them', async () => {
	const preview = intakePreview.parse(await sheet([{}]));
	expect([preview.faulty, preview.doubtful]).toEqual([0, 0]);
	const [row] = preview.rows;
	expect(patientBody.parse(row!.patient)).toMatchObject({
		name: { family: '山本', given: '花子' },
		kana: { family: 'ヤマモト', given: 'ハナコ' },
		birthDate: '1937-03-04',
		sex: 'female',
		phone: '0735-21-0000',
		home: { address: '和歌山県田辺市本宮町切畑１２３', settlement: 'S30206-015', precision: 'settlement' },
		consents: [{ scope: 'remote-care', state: 'given', date: '2026-11-23', by: 'patient' }],
		note: '耳が遠い',
	});
	expect(requestFields.omit({ patient: true }).parse(row!.request)).toMatchObject({
		need: 'follow-up',
		place: { kind: 'home' },
		from: '2026-11-24',
		until: '2026-11-28',
		weekdays: [2, 4],
		hours: [['09:00', '12:00']],
		urgency: 'soon',
		recurrence: { everyDays: 28 },
		requestedBy: { name: '中村 一郎', organisation: '田辺市健康増進課' },
		state: 'open',
	});
});

test.each<[Row, string[]]>([
	[{ 氏名: '' }, ['error name missing']],
	[{ 氏名: '??? 花子' }, ['error name garbled']],
	[{ 氏名: '山本花子' }, ['warning name read-as']],
	[{ フリガナ: '山本 花子' }, ['error kana unknown-word']],
	[{ 生年月日: '昭和十年ごろ', 年齢: '' }, ['error birthDate not-a-date']],
	[{ 生年月日: '昭和64年1月8日', 年齢: '' }, ['error birthDate date-impossible']],
	[{ 生年月日: '2027/1/1', 年齢: '' }, ['error birthDate birth-in-future']],
	[{ 生年月日: 'M30.1.1', 年齢: '' }, ['error birthDate out-of-range']],
	[{ 年齢: '90' }, ['warning age age-differs']],
	[{ 年齢: '79' }, ['error age age-differs']],
	[{ 年齢: '八十' }, ['error age not-a-number']],
	[{ 性別: '婦人' }, ['error sex unknown-word']],
	[{ 住所: '' }, ['error address missing']],
	[{ 住所: '切畑45' }, ['error address address-ambiguous']],
	[{ 住所: '有田川町雲ノ上7' }, ['error address address-unknown']],
	[{ 住所: '串本町' }, ['error address address-unknown']],
	[{ 住所: '三重県熊野市有馬町1' }, ['error address address-outside']],
	[{ 住所: '田辺市中辺路町粟栖川12' }, ['warning address read-as']],
	[{ 電話番号: '0735-21' }, ['error phone not-a-phone']],
	[{ 電話番号: '735210000' }, ['warning phone read-as']],
	[{ 診療内容: 'お話し相手' }, ['error need unknown-word']],
	[{ 診療内容: '採血と予防接種' }, ['error need ambiguous-word']],
	[{ 希望日: '11月20日' }, ['error weekdays out-of-range', 'error days date-past']],
	[{ 希望日: '11/28～11/24' }, ['error days date-order']],
	[{ 希望日: 'いつか' }, ['error days not-a-date']],
	[{ 希望日: '2036/11/24', 希望曜日: '' }, ['error days out-of-range']],
	[{ 希望曜日: '日' }, ['error weekdays out-of-range']],
	[{ 希望曜日: '第2' }, ['error weekdays unknown-word']],
	[{ 時間帯: '12:00～9:00' }, ['error hours time-order']],
	[{ 時間帯: '25時' }, ['error hours not-a-time']],
	[{ 頻度: 'ときどき' }, ['error recurrence unknown-word']],
	[{ 頻度: '毎週(11/20まで)' }, ['error recurrence date-past']],
	[{ 緊急度: '今すぐ' }, ['error urgency unknown-word']],
	[{ 場所: '川のほとり' }, ['error place unknown-word']],
	[{ 場所: '集会所' }, []],
	[{ 場所: '集会所', 住所: '龍神村三ツ又1' }, ['error place no-stop']],
	[{ 場所: '龍神会館' }, []],
	[{ 同意: '無' }, ['error consent no-consent']],
	[{ 同意: '' }, ['warning consent no-consent']],
	[{ 同意: '', 診療内容: '採血' }, []],
	[{ 同意: 'たぶん' }, ['error consent unknown-word']],
	[{ 備考: 'あ'.repeat(301) }, ['error note too-long']],
])('%o: %o', async (row, faults) => {
	expect((await faultsOf(row)).toSorted()).toEqual([...faults].toSorted());
});

test('the same request of the same person twice is told, another one is welcome, another home is a question', async () => {
	const { rows } = await sheet([
		{},
		{},
		{ 診療内容: '採血' },
		{ 診療内容: '予防接種', 住所: '古座川町高池1' },
		{ 氏名: '森 実', フリガナ: 'モリ ミノル' },
	]);
	expect(rows.map(({ faults }) => faults.map(({ kind, expected }) => `${kind} ${expected}`))).toEqual([
		[],
		['duplicate-row 2'],
		[],
		['person-differs 2: 和歌山県田辺市本宮町切畑１２３'],
		[],
	]);
	// The first of the two left out, the second one is none too many.
	const other = await sheet([{}, {}], { skip: [2] });
	expect(other.rows.map(({ skipped, faults }) => [skipped, faults.length])).toEqual([
		[true, 0],
		[false, 0],
	]);
});

test('a person who is kept already is known again, and what is otherwise is told', async () => {
	const person = { id: 7, address: '古座川町高池1', settlement: 'S30424-028', requests: [] };
	const known: KnownPatients = new Map([['ヤマモトハナコ 1937-03-04', person]]);
	const { rows } = await sheet([{}, { 氏名: '森 実', フリガナ: 'モリ ミノル' }], {}, known);
	expect(rows.map((row) => row.known)).toEqual([7, null]);
	expect(rows[0]!.faults).toMatchObject([{ kind: 'person-differs', severity: 'warning', expected: '古座川町高池1' }]);
	const asked = { id: 9, need: 'follow-up', from: '2026-11-24', until: '2026-11-28', place: { kind: 'home' } } as const;
	const again = await sheet([{}], {}, new Map([['ヤマモトハナコ 1937-03-04', { ...person, requests: [asked] }]]));
	expect(again.rows[0]!.faults).toMatchObject([{ kind: 'duplicate-row', severity: 'error', expected: '#9' }]);
});

test('cells, places and columns are put right, rows left out', async () => {
	const wrong = [
		{ 氏名: '' },
		{ フリガナ: 'モリ ミノル', 氏名: '森 実', 住所: '切畑45' },
		{ フリガナ: 'ハラ ミノル', 電話番号: '0735-21' },
	];
	expect((await sheet(wrong)).faulty).toBe(3);
	const place = {
		address: '切畑45',
		settlement: 'S30208-001',
		location: [135.4, 34.3] as [number, number],
		precision: 'point' as const,
	};
	const fixed = await sheet(wrong, {
		cells: [{ row: 2, field: 'name', value: '和田 文' }],
		places: [{ row: 3, place }],
		skip: [4],
	});
	expect([fixed.faulty, fixed.rows.map(({ skipped }) => skipped)]).toEqual([0, [false, false, true]]);
	expect(fixed.rows[0]!.patient!.name).toEqual({ family: '和田', given: '文' });
	expect(fixed.rows[1]!.patient!.home).toEqual(place);
	const without = await sheet([{}], { columns: { 0: null } });
	expect([without.absent, without.faulty]).toEqual([['name'], 1]);
	const swapped = await sheet([{}], { columns: { 0: null, 15: 'name' } });
	expect(swapped.rows[0]!.patient!.name).toEqual({ family: '中村', given: '一郎' });
});
