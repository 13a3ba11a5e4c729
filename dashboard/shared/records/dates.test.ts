import { describe, expect, test } from 'vitest';
import {
	addDays,
	ageOn,
	formatBirth,
	formatDate,
	formatMonth,
	formatShortDay,
	momentOf,
	mondayOf,
	readDate,
	readTime,
	weeksOf,
	zonedOf,
} from './dates.ts';

const today = '2026-11-23';

describe('a day as it is typed', () => {
	test.each([
		['令和8年11月24日', '2026-11-24'],
		['令和８年１１月２４日（火）', '2026-11-24'],
		['R8.11.24', '2026-11-24'],
		['r8/11/24', '2026-11-24'],
		['Ｒ８．１１．２４', '2026-11-24'],
		['2026/11/24', '2026-11-24'],
		['2026-11-24', '2026-11-24'],
		['２０２６年１１月２４日', '2026-11-24'],
		['2026年11月24日火曜日', '2026-11-24'],
		['20261124', '2026-11-24'],
		['11/24', '2026-11-24'],
		['11月24日', '2026-11-24'],
		['1/5', '2027-01-05'],
		['10/1', '2026-10-01'],
		['明日', '2026-11-24'],
		['昭和16年3月2日', '1941-03-02'],
		['S16.3.2', '1941-03-02'],
		['昭和元年12月25日', '1926-12-25'],
		['平成31年4月30日', '2019-04-30'],
		['令和元年5月1日', '2019-05-01'],
		['大正15年12月24日', '1926-12-24'],
		['明治45年7月29日', '1912-07-29'],
		['2028-02-29', '2028-02-29'],
	])('%s is %s', (text, day) => expect(readDate(text, today)).toBe(day));

	test.each([
		'',
		'来週',
		'2026/2/30',
		'令和8年13月1日',
		'昭和70年1月1日',
		'平成31年5月1日',
		'令和元年4月30日',
		'2027-02-29',
		'24日',
		'8.11',
	])('%s is none, or the one that is meant', (text) => expect(readDate(text, today)).toBe(text === '8.11' ? '2027-08-11' : null));
});

test('days as an office writes them', () => {
	expect(formatDate('2026-11-24', 'ja')).toBe('令和8年11月24日(火)');
	expect(formatDate('2019-05-01', 'ja')).toBe('令和元年5月1日(水)');
	expect(formatDate('2026-11-24', 'en')).toBe('Tue 24 Nov 2026');
	expect(formatBirth('1941-03-02', 'ja')).toBe('昭和16年3月2日');
	expect(formatBirth('1941-03-02', 'en')).toBe('2 Mar 1941');
	expect(formatShortDay('2026-11-24', 'ja')).toBe('11/24(火)');
	expect(formatMonth('2026-11', 'ja')).toBe('令和8年11月');
	expect(formatDate('typed wrong', 'ja')).toBe('typed wrong');
});

test('what is written is read again', () => {
	for (let day = '1912-07-28'; day < '2030-01-01'; day = addDays(day, 97)) expect(readDate(formatDate(day, 'ja'), today)).toBe(day);
});

test('ages turn on the birthday', () => {
	expect(ageOn('1941-11-23', today)).toBe(85);
	expect(ageOn('1941-11-24', today)).toBe(84);
	expect(ageOn('2026-11-24', today)).toBeNull();
});

test('weeks begin on Monday and hold the whole month', () => {
	expect(mondayOf('2026-11-22')).toBe('2026-11-16');
	const weeks = weeksOf('2026-11');
	expect(weeks[0]![0]).toBe('2026-10-26');
	expect(weeks.at(-1)!.at(-1)).toBe('2026-12-06');
});

describe('a time as it is typed', () => {
	test.each([
		['9', '09:00'],
		['9:30', '09:30'],
		['０９：３０', '09:30'],
		['930', '09:30'],
		['1330', '13:30'],
		['9時半', '09:30'],
		['9時', '09:00'],
		['午後1時30分', '13:30'],
		['24:00', '24:00'],
		['24:01', null],
		['9:60', null],
		['朝', null],
	])('%s is %s', (text, time) => expect(readTime(text)).toBe(time));
});

test('moments and times of day of the region', () => {
	const ms = momentOf('2026-11-24', '08:30');
	expect(new Date(ms).toISOString()).toBe('2026-11-23T23:30:00.000Z');
	expect(zonedOf(ms)).toEqual({ day: '2026-11-24', time: '08:30' });
});
