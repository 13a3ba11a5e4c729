import { expect, test } from 'vitest';
import { find, fit, numberOf, type Found } from './find.ts';

const van = (n: number): Found => ({
	key: `van-${n}`,
	kind: 'van',
	label: `${n}号車`,
	detail: `van-${n}`,
	number: String(n),
});
const vans = Array.from({ length: 500 }, (_, at) => van(at + 1));

test('any of 500 vans is on the list after two keys', () => {
	for (const { label, number } of vans) {
		const shown = find(vans, number!.slice(0, 2)).map((found) => found.label);
		expect(shown, label).toContain(label);
	}
	expect(find(vans, '12')[0]?.label).toBe('12号車');
	expect(find(vans, '１２')[0]?.label).toBe('12号車');
});

test('digits alone are the number of a van, never a part of it', () => {
	expect(find(vans, '34').map(({ label }) => label)).toEqual(['34号車', ...Array.from({ length: 10 }, (_, n) => `34${n}号車`)]);
});

test('people are found by kanji, by kana of either kind, by family or given name', () => {
	const people: Found[] = [
		{ key: 'patient-1', kind: 'patient', label: '山本 花子', detail: '本宮町', also: ['ヤマモト ハナコ', '0735-42-0001'] },
		{ key: 'patient-2', kind: 'patient', label: '中村 健', detail: '古座川町', also: ['ナカムラ ケン'] },
	];
	for (const text of ['山本', '花子', 'やまもと', 'ハナコ', '0735-42', '本宮']) {
		expect(
			find(people, text).map(({ key }) => key),
			text,
		).toEqual(['patient-1']);
	}
	expect(find(people, '鈴木')).toEqual([]);
});

test('the better a name fits, the further up it stands', () => {
	const place = (label: string): Found => ({ key: label, kind: 'place', label, detail: '' });
	const shown = find([place('上本宮'), place('本宮'), place('本宮町')], '本宮').map(({ label }) => label);
	expect(shown).toEqual(['本宮', '本宮町', '上本宮']);
	expect(fit(place('本宮'), '新宮')).toBeNull();
});

test('nothing typed shows where one can go, and no patients', () => {
	const shown = find(
		[...vans, { key: 'p', kind: 'patient', label: '山本', detail: '' }, { key: 'd', kind: 'page', label: '計画', detail: '' }],
		'',
	);
	expect(shown.map(({ kind }) => kind)).toEqual(['van', 'van', 'van', 'van', 'van', 'page']);
});

test('the number of a van is the first in its name', () => {
	expect(numberOf('12号車')).toBe('12');
	expect(numberOf('ひまわり')).toBeUndefined();
});
