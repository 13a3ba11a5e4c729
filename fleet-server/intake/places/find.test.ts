import { loadRegion } from '@junkai/regions';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distortions, type Subject } from './distort.ts';
import { createPlaces } from './find.ts';
import { foldKana, foldName, slips } from './fold.ts';

const region = loadRegion();
const places = createPlaces(region);
const subjects: Subject[] = region.settlements.map((settlement, at) => ({
	settlement,
	at,
	municipality: region.municipalities.find(({ id }) => id === settlement.municipality)!,
	former:
		region.oldMunicipalities.find(
			({ into, keeps }) => into === settlement.municipality && keeps !== undefined && settlement.name.startsWith(keeps),
		) ?? null,
}));
const said = (address: string) => {
	const { verdict, matches, prefecture } = places.find(address);
	const [first] = matches;
	return [verdict, prefecture ?? (first === undefined ? null : first.municipality.ja + first.name.ja), first?.how];
};

describe('every settlement of the region', () => {
	test('is found by its own name', () => {
		for (const { settlement, municipality } of subjects) {
			const { verdict, matches } = places.find(municipality.name + settlement.name);
			expect([verdict, matches[0]!.place.settlement, matches[0]!.how], settlement.name).toEqual(['found', settlement.id, 'exact']);
			expect(matches[0]!.place.location).toEqual([settlement.lon, settlement.lat]);
		}
	});

	test.each(Object.entries(distortions))('is the first answer when written %s', (name, distort) => {
		let asked = 0;
		let first = 0;
		const taken: string[] = [];
		for (const subject of subjects) {
			const address = distort(subject);
			// A slip that makes another settlement's name is that settlement.
			const other = address === null ? null : foldName(address.slice(subject.municipality.name.length).replace(/[0-9].*/, ''));
			if (
				address === null ||
				subjects.some((s) => s !== subject && s.municipality === subject.municipality && foldName(s.settlement.name) === other)
			)
				continue;
			asked++;
			const { verdict, matches } = places.find(address);
			if (matches[0]?.place.settlement === subject.settlement.id) first++;
			else if (verdict === 'found') taken.push(address);
			expect(matches[0]?.municipality.id, address).toBe(subject.municipality.id);
		}
		expect(asked).toBeGreaterThan(0);
		expect(taken).toEqual([]);
		expect(first / asked, `${first} of ${asked}: ${name}`).toBeGreaterThan(0.97);
	});

	test('by its name alone it is found only when it is the only one', () => {
		for (const { settlement } of subjects) {
			const { verdict, matches } = places.find(settlement.name);
			if (verdict !== 'found') continue;
			expect(matches[0]!.place.settlement, settlement.name).toBe(settlement.id);
		}
	});
});

test.each([
	// Former municipalities, with the districts of their time.
	['和歌山県日高郡南部川村晩稲1-2', 'found', 'みなべ町晩稲', 'old-name'],
	['有田郡清水町清水387-1', 'found', '有田川町清水', 'old-name'],
	['有田郡金屋町糸川', 'found', '有田川町糸川', 'old-name'],
	['有田郡吉備町水尻', 'found', '有田川町水尻', 'old-name'],
	['西牟婁郡大塔村鮎川100', 'found', '田辺市鮎川', 'old-name'],
	['東牟婁郡本宮町切畑', 'found', '田辺市本宮町切畑', 'old-name'],
	['日高郡龍神村龍神', 'found', '田辺市龍神村龍神', 'old-name'],
	['竜神村西376', 'found', '田辺市龍神村西', 'old-name'],
	['伊都郡花園村北寺', 'found', 'かつらぎ町花園北寺', 'old-name'],
	['かつらぎ町花園北寺', 'found', 'かつらぎ町花園北寺', 'exact'],
	['東牟婁郡古座町古座10', 'found', '串本町古座', 'old-name'],
	['日高郡美山村初湯川', 'found', '日高川町初湯川', 'old-name'],
	['西牟婁郡日置川町安居', 'found', '白浜町安居', 'old-name'],
	['海草郡下津町大崎', 'found', '海南市下津町大崎', 'old-name'],
	// Names that begin alike.
	['東牟婁郡古座川町高池', 'found', '古座川町高池', 'exact'],
	['日高川町串本', 'found', '日高川町串本', 'exact'],
	['古座川 高池', 'found', '古座川町高池', 'exact'],
	['田辺市中邊路町近露', 'found', '田辺市中辺路町近露', 'exact'],
	['田辺市近露1813', 'found', '田辺市中辺路町近露', 'exact'],
	['ﾀﾅﾍﾞｼ ﾎﾝｸﾞｳﾁｮｳ ｷﾘﾊﾀ', 'found', '田辺市本宮町切畑', 'kana'],
	// Buildings.
	['龍神会館', 'found', '田辺市龍神村龍神', 'exact'],
	['ひだか病院', 'found', '御坊市ひだか病院', 'exact'],
	// Two of one name, and two of one reading.
	['切畑', 'ambiguous', '紀の川市切畑', 'exact'],
	['紀美野町かまたき', 'ambiguous', '紀美野町釜滝', 'kana'],
	// Near a settlement that is known, but another one; or of a town whose settlements are not known.
	['紀の川市名手下12', 'unknown', '紀の川市名手上', 'fuzzy'],
	['串本町串本1800', 'unknown', '日高川町串本', 'fuzzy'],
	['和歌山市七番丁23', 'unknown', '和歌山市和歌山市', 'municipality'],
	['田辺市', 'unknown', '田辺市田辺市', 'municipality'],
	['山の中の家', 'unknown', '有田川町釜中', 'fuzzy'],
	['123', 'unknown', null, undefined],
	['', 'unknown', null, undefined],
	// Elsewhere.
	['大阪市北区梅田1', 'outside', '大阪府', undefined],
	['三重県熊野市有馬町', 'outside', '三重県', undefined],
	['南牟婁郡紀宝町鵜殿', 'outside', '三重県', undefined],
	['奈良県吉野郡十津川村平谷', 'outside', '奈良県', undefined],
	['東京都千代田区', 'outside', '東京都', undefined],
])('%s: %s, %s', (address, verdict, place, how) => {
	expect(said(address)).toEqual([verdict, place, how]);
});

test('a municipality that is named is never left for another one', () => {
	const suggested = places.find('田辺市高池').matches;
	expect(places.find('田辺市高池').verdict).toBe('unknown');
	expect(suggested.map(({ municipality }) => municipality.ja)).toContain('古座川町');
	for (const { settlement } of subjects) {
		for (const { name, id } of region.municipalities) {
			const { verdict, matches } = places.find(name + settlement.name);
			if (verdict === 'found') expect(matches[0]!.municipality.id, name + settlement.name).toBe(id);
		}
	}
}, 60_000);

test('what was typed stays the address', () => {
	expect(places.find('　和歌山県田辺市本宮町切畑１２３ ').matches[0]!.place).toMatchObject({
		address: '和歌山県田辺市本宮町切畑１２３',
		precision: 'settlement',
	});
});

test('any text has an answer', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
			const { verdict, matches } = places.find(text);
			expect(matches.length).toBeLessThanOrEqual(5);
			if (verdict === 'found') expect(matches.length).toBeGreaterThan(0);
		}),
		{ numRuns: 500 },
	);
});

test('the nearest settlements of a point, with their distance as score', () => {
	const kirihata = region.settlements.find(({ name }) => name === '本宮町切畑')!;
	const near = places.nearest(kirihata.lon, kirihata.lat, 3);
	expect(near[0]).toMatchObject({ name: { ja: '本宮町切畑' }, score: 1 });
	expect(near[1]!.score).toBeLessThan(1);
	expect(near).toHaveLength(3);
});

test('forms and slips', () => {
	expect(foldName('湯ノ又')).toBe(foldName('湯の又'));
	expect(foldName('松ヶ峰')).toBe(foldName('松ケ峯'));
	expect(foldName('佐々木')).toBe('佐佐木');
	expect(foldName('釜滝')).not.toBe(foldName('鎌滝'));
	expect(foldKana('おおとうむら')).toBe(foldKana('オートームラ'));
	expect(slips('上秋津', '下秋津')).toBeGreaterThan(1.5);
	expect(slips('切畑', '切畑')).toBe(0);
	expect(slips('栗栖川', '粟栖川')).toBeLessThan(0.5);
});
