import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Read } from './cell.ts';
import { addDays, inEra, readDate, yearsBetween } from './dates.ts';
import { readDays, readWeekdays } from './days.ts';
import { readHours } from './hours.ts';
import { kanaKey, readAge, readKana, readName, readPhone } from './person.ts';
import { readRecurrence } from './recurrence.ts';
import { readConsent, readEquipment, readMinutes, readNeed, readSex, readSpecialty, readUrgency } from './words.ts';

const TODAY = '2026-11-23';
/** The value, or the kind of fault. */
const said = <T>(read: Read<T>): T | string => (read.ok ? read.value : read.kind);

describe('dates', () => {
	test.each([
		['2026/11/24', '2026-11-24'],
		['2026-11-24', '2026-11-24'],
		['2026.1.4', '2026-01-04'],
		['２０２６年１１月２４日', '2026-11-24'],
		['20261124', '2026-11-24'],
		['2026-11-24T00:00:00', '2026-11-24'],
		['2026/11/24 0:00:00', '2026-11-24'],
		['2026/11/24(火)', '2026-11-24'],
		['S12.3.4', '1937-03-04'],
		['s12/3/4', '1937-03-04'],
		['Ｓ１２．３．４', '1937-03-04'],
		['S120304', '1937-03-04'],
		['昭和12年3月4日', '1937-03-04'],
		['昭和12年3月4日生', '1937-03-04'],
		['昭和 12 年 3 月 4 日', '1937-03-04'],
		['昭12.3.4', '1937-03-04'],
		['㍼12年3月4日', '1937-03-04'],
		['令和8年11月24日', '2026-11-24'],
		['R8.11.24', '2026-11-24'],
		// First years, and the days on which eras end and begin.
		['昭和元年12月25日', '1926-12-25'],
		['大正15年12月25日', '1926-12-25'],
		['明治45年7月30日', '1912-07-30'],
		['大正元年7月30日', '1912-07-30'],
		['昭和64年1月7日', '1989-01-07'],
		['平成元年1月8日', '1989-01-08'],
		['平成31年4月30日', '2019-04-30'],
		['令和元年5月1日', '2019-05-01'],
		['昭和64年1月8日', 'date-impossible'],
		['平成元年1月7日', 'date-impossible'],
		['平成31年5月1日', 'date-impossible'],
		['令和元年4月30日', 'date-impossible'],
		['大正元年7月29日', 'date-impossible'],
		['昭和元年12月24日', 'date-impossible'],
		['昭和65年1月1日', 'date-impossible'],
		['昭和0年1月1日', 'date-impossible'],
		['2026/2/29', 'date-impossible'],
		['2024/2/29', '2024-02-29'],
		['2026/13/1', 'date-impossible'],
		['昭和12年4月31日', 'date-impossible'],
		['12/3/4', 'not-a-date'],
		['昭和十年ごろ', 'not-a-date'],
		['不明', 'not-a-date'],
		['46350', 'not-a-date'],
	])('%s: %s', (text, expected) => expect(said(readDate(text))).toBe(expected));

	test('a day out of its era is told with the right one', () => {
		expect(readDate('昭和64年1月8日')).toMatchObject({ expected: '平成元年1月8日' });
		expect(inEra('2026-11-24')).toBe('令和8年11月24日');
	});

	test('every day since 1926 is read back from its era', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 36_600 }), (days) => {
				const date = addDays('1926-12-25', days);
				expect(said(readDate(inEra(date)))).toBe(date);
			}),
		);
	});

	test('years of age', () => {
		expect(yearsBetween('1937-11-23', TODAY)).toBe(89);
		expect(yearsBetween('1937-11-24', TODAY)).toBe(88);
	});
});

describe('days', () => {
	const span = (from: string, until = from, weekdays: number[] | null = null) => ({ from, until, weekdays });
	test.each([
		['2026/11/24', span('2026-11-24')],
		['11/24', span('2026-11-24')],
		['11月24日', span('2026-11-24')],
		['１１月２４日（火）', span('2026-11-24')],
		['令和8年11月24日', span('2026-11-24')],
		['1/10', span('2027-01-10')],
		['11/20', span('2026-11-20')],
		['2026/11/24~2026/11/28', span('2026-11-24', '2026-11-28')],
		['2026/11/24 〜 2026/11/28', span('2026-11-24', '2026-11-28')],
		['11/24～28', span('2026-11-24', '2026-11-28')],
		['11/24-11/28', span('2026-11-24', '2026-11-28')],
		['11月24日から28日', span('2026-11-24', '2026-11-28')],
		['11月24日から12月4日まで', span('2026-11-24', '2026-12-04')],
		['12/28～1/8', span('2026-12-28', '2027-01-08')],
		['2026-11-24 2026-11-28', span('2026-11-24', '2026-11-28')],
		['11/24、11/26', span('2026-11-24', '2026-11-26', [2, 4])],
		['12月', span('2026-12-01', '2026-12-31')],
		['12月中', span('2026-12-01', '2026-12-31')],
		['12月上旬', span('2026-12-01', '2026-12-10')],
		['2月下旬', span('2027-02-21', '2027-02-28')],
		['2026/12/4～2026/11/30', 'date-order'],
		['11/24～11/20', 'date-order'],
		['2026/11/31', 'date-impossible'],
		['13/1', 'date-impossible'],
		['来週', 'not-a-date'],
		['なるべく早く', 'not-a-date'],
		['11/24、11/26、12/9', 'not-a-date'],
		['24日', 'not-a-date'],
	])('%s', (text, expected) => expect(said(readDays(text, TODAY))).toEqual(expected));

	test.each([
		['月水金', [1, 3, 5]],
		['月・水・金', [1, 3, 5]],
		['月曜日、金曜日', [1, 5]],
		['火曜', [2]],
		['月～金', [1, 2, 3, 4, 5]],
		['金～月', [0, 1, 5, 6]],
		['平日', [1, 2, 3, 4, 5]],
		['土日以外', [1, 2, 3, 4, 5]],
		['水曜以外', [0, 1, 2, 4, 5, 6]],
		['いつでも', []],
		['Mon, Wed', [1, 3]],
		['第2火曜', 'unknown-word'],
		['明日', 'unknown-word'],
	])('%s', (text, expected) => expect(said(readWeekdays(text))).toEqual(expected));
});

describe('hours', () => {
	const only = (...hours: [string, string][]) => ({ hours, preferred: null });
	test.each([
		['9:00~12:00', only(['09:00', '12:00'])],
		['９：００〜１２：００', only(['09:00', '12:00'])],
		['9時～12時', only(['09:00', '12:00'])],
		['9時半～11時15分', only(['09:30', '11:15'])],
		['9-12', only(['09:00', '12:00'])],
		['9:00-12:00、14:00-16:00', only(['09:00', '12:00'], ['14:00', '16:00'])],
		['午前', only(['09:00', '12:00'])],
		['午前中', only(['09:00', '12:00'])],
		['午後', only(['13:00', '17:00'])],
		['午後1時～3時', only(['13:00', '15:00'])],
		['午後1時～4時半', only(['13:00', '16:30'])],
		['午前10時～午後1時', only(['10:00', '13:00'])],
		['午前11時～1時', only(['11:00', '13:00'])],
		['13時以降', only(['13:00', '24:00'])],
		['15時まで', only(['00:00', '15:00'])],
		['10時～', only(['10:00', '24:00'])],
		['いつでも', { hours: null, preferred: null }],
		['終日', { hours: null, preferred: null }],
		['10時頃', { hours: null, preferred: ['09:30', '10:30'] }],
		['10:00', { hours: null, preferred: ['09:30', '10:30'] }],
		['できれば午前', { hours: null, preferred: ['09:00', '12:00'] }],
		['12:00～9:00', 'time-order'],
		['9:00～9:00', 'time-order'],
		['9:00-12:00、11:00-13:00', 'not-a-time'],
		['25:00～26:00', 'not-a-time'],
		['9:70～10:00', 'not-a-time'],
		['昼ごはんのあと', 'not-a-time'],
		['午後13時～15時', 'not-a-time'],
	])('%s', (text, expected) => expect(said(readHours(text))).toEqual(expected));
});

describe('how often', () => {
	const every = (everyDays: number, tolerance: number, more = {}) => ({ everyDays, tolerance, times: null, until: null, ...more });
	test.each([
		['毎週', every(7, 1)],
		['隔週', every(14, 2)],
		['2週間ごと', every(14, 2)],
		['二週に一回', every(14, 2)],
		['２週間毎', every(14, 2)],
		['月1回', every(28, 5)],
		['月に１回', every(28, 5)],
		['月2回', every(14, 2)],
		['毎月', every(28, 5)],
		['3か月ごと', every(84, 7)],
		['３ヶ月に１回', every(84, 7)],
		['1日おき', every(2, 0)],
		['年1回', every(364, 7)],
		['毎週（全6回）', every(7, 1, { times: 6 })],
		['隔週、12月25日まで', every(14, 2, { until: '2026-12-25' })],
		['1回のみ', null],
		['単発', null],
		['なし', null],
		['ときどき', 'unknown-word'],
		['400日ごと', 'out-of-range'],
	])('%s', (text, expected) => expect(said(readRecurrence(text, TODAY))).toEqual(expected));
});

describe('words', () => {
	test.each([
		['定期診察', 'follow-up'],
		['心不全の定期診察', 'heart-failure'],
		['循環器', 'heart-failure'],
		['在宅酸素の診察', 'breathing'],
		['褥瘡の処置', 'skin'],
		['もの忘れ相談', 'memory'],
		['認知症の診察', 'memory'],
		['採血', 'blood-test'],
		['血液検査', 'blood-test'],
		['お薬の相談', 'medication'],
		['インフルエンザ予防接種', 'vaccination'],
		['腹部エコー', 'ultrasound'],
		['胸部Ｘ線', 'x-ray'],
		['ﾚﾝﾄｹﾞﾝ', 'x-ray'],
		['follow-up', 'follow-up'],
		['採血と予防接種', 'ambiguous-word'],
		['採血なし', 'ambiguous-word'],
		['お話し相手', 'unknown-word'],
	])('%s: %s', (text, need) => expect(said(readNeed(text))).toBe(need));

	test('words around the known one that say more are to be looked at', () => {
		expect(readNeed('もの忘れ相談')).toEqual({ ok: true, value: 'memory' });
		expect(readNeed('転んでから爪が痛い')).toEqual({ ok: true, value: 'skin', readAs: '皮膚' });
	});

	test.each([
		[readSex, '女', 'female'],
		[readSex, '男性', 'male'],
		[readSex, 'Ｆ', 'female'],
		[readSex, '婦人', 'unknown-word'],
		[readUrgency, '至急', 'urgent'],
		[readUrgency, '早め', 'soon'],
		[readUrgency, '通常', 'routine'],
		[readUrgency, '今すぐ', 'unknown-word'],
		[readSpecialty, '循環器内科', 'cardiology'],
		[readSpecialty, '神経内科', 'neurology'],
		[readSpecialty, '小児科', 'unknown-word'],
		[readMinutes, '30', 30],
		[readMinutes, '４５分', 45],
		[readMinutes, '1時間半', 90],
		[readMinutes, '5時間', 'out-of-range'],
		[readMinutes, '少し', 'not-a-number'],
		[readAge, '84歳', 84],
		[readAge, '８４', 84],
		[readAge, '130', 'out-of-range'],
		[readAge, '八十', 'not-a-number'],
	] as const)('%o %s: %s', (read, text, expected) => expect(said(read(text) as Read<unknown>)).toBe(expected));

	test('equipment', () => {
		expect(said(readEquipment('心電図、車いす'))).toEqual(['ecg', 'wheelchair-lift']);
		expect(said(readEquipment('なし'))).toEqual([]);
		expect(said(readEquipment('何か'))).toBe('unknown-word');
	});

	test.each([
		['有', 'given', 'patient'],
		['○', 'given', 'patient'],
		['同意済', 'given', 'patient'],
		['家族同意', 'given', 'family'],
		['後見人の同意あり', 'given', 'guardian'],
		['無', 'refused', 'patient'],
		['×', 'refused', 'patient'],
		['未確認', null, 'patient'],
	])('consent %s: %s by %s', (text, state, by) => expect(said(readConsent(text))).toEqual({ state, by }));
	test('consent in other words is not guessed', () => expect(said(readConsent('たぶん'))).toBe('unknown-word'));
});

describe('people', () => {
	test.each([
		['山本 花子', ['山本', '花子']],
		['山本　花子', ['山本', '花子']],
		['髙橋 一郎 様', ['髙橋', '一郎']],
		['山本・花子', ['山本', '花子']],
		['山本花子', ['山本', '花子']],
		['佐々木花子', ['佐々木', '花子']],
		['林花子', ['林', '花子']],
		['スミス ジョン ポール', ['スミス', 'ジョン ポール']],
	])('%s', (text, [family, given]) => expect(said(readName(text))).toEqual({ family, given }));

	test('a name that no space parts is to be looked at, one with lost letters is none', () => {
		expect(readName('山本花子')).toMatchObject({ readAs: '山本 花子' });
		expect(readName('山本 花子')).not.toHaveProperty('readAs');
		expect(said(readName('??? 花子'))).toBe('garbled');
		expect(said(readName('山\uFFFD 花子'))).toBe('garbled');
		expect(said(readName('山本花子、山本太郎'))).toBe('garbled');
	});

	test('readings', () => {
		expect(said(readKana('やまもと はなこ'))).toEqual({ family: 'ヤマモト', given: 'ハナコ' });
		expect(said(readKana('ﾔﾏﾓﾄ ﾊﾅｺ'))).toEqual({ family: 'ヤマモト', given: 'ハナコ' });
		expect(readKana('ヤマモトハナコ')).toEqual({ ok: true, value: null, readAs: 'ヤマモトハナコ' });
		expect(said(readKana('山本 花子'))).toBe('unknown-word');
		expect(kanaKey('ﾔﾏﾓﾄ　はなこ')).toBe('ヤマモトハナコ');
	});

	test.each([
		['0735-21-0000', '0735-21-0000'],
		['０７３５－２１－００００', '0735-21-0000'],
		['0735(21)0000', '0735-21-0000'],
		['0735 21 0000', '0735210000'],
		['090-1234-5678', '090-1234-5678'],
		['TEL:0735-21-0000', '0735-21-0000'],
		['+81-735-21-0000', '+81-735-21-0000'],
		['735210000', '0735210000'],
		['9012345678', '09012345678'],
		['0735-21', 'not-a-phone'],
		['なし', 'not-a-phone'],
		['0735-21-00000', 'not-a-phone'],
	])('%s: %s', (text, expected) => expect(said(readPhone(text))).toBe(expected));
	test('a nought that a spreadsheet lost is put back before the eyes of a person', () => {
		expect(readPhone('735210000')).toMatchObject({ readAs: '0735210000' });
	});
});

test('no text makes a reader throw', () => {
	const readers = [
		readDate,
		(t: string) => readDays(t, TODAY),
		readWeekdays,
		readHours,
		(t: string) => readRecurrence(t, TODAY),
		readNeed,
		readSex,
	];
	const more = [readUrgency, readSpecialty, readEquipment, readConsent, readMinutes, readName, readKana, readPhone, readAge];
	const text = fc.oneof(
		fc.string({ unit: 'grapheme' }),
		fc.stringMatching(/^[0-9年月日時分半午前後～~、,/.:()SHRT昭和平成令和毎週回か月まで全 -]{0,24}$/),
	);
	fc.assert(
		fc.property(text, (value) => {
			for (const read of [...readers, ...more]) expect(typeof read(value).ok).toBe('boolean');
		}),
		{ numRuns: 1000, seed: 20261123, examples: [['__proto__'], ['constructor'], ['toString']] },
	);
});
