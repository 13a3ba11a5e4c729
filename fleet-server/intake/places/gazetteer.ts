/** The places of a region as they are looked up: by every name and reading that an address may use. */
import type { Facility, Municipality, OldMunicipality, Region, Settlement } from '@junkai/regions';
import { foldKana, foldLatin, foldName } from './fold.ts';

/** A name in the three ways in which it is compared. */
export interface Forms {
	readonly name: string;
	readonly kana: string;
	readonly latin: string;
}

export interface KnownMunicipality {
	readonly facts: Municipality;
	/** As addresses begin with it: 田辺市, たなべ市. */
	readonly names: readonly string[];
	/** Without 市, 町, 村; compared only where what follows is a place in it. */
	readonly stem: string;
	readonly kana: readonly string[];
	readonly latin: readonly string[];
	readonly settlements: readonly KnownSettlement[];
}

export interface FormerMunicipality {
	readonly facts: OldMunicipality;
	readonly municipality: KnownMunicipality;
	readonly names: readonly string[];
	readonly kana: readonly string[];
}

export interface KnownSettlement {
	readonly facts: Settlement;
	readonly municipality: Municipality;
	readonly whole: Forms;
	/** Without the name of the former municipality with which it begins today; null when it stands alone. */
	readonly rest: Forms | null;
	/** The former municipality whose name it keeps. */
	readonly former: OldMunicipality | null;
	readonly stop: string | null;
}

export interface Gazetteer {
	readonly region: Region;
	readonly municipalities: readonly KnownMunicipality[];
	readonly former: readonly FormerMunicipality[];
	readonly settlements: readonly KnownSettlement[];
	readonly facilities: readonly { facts: Facility; name: string; municipality: Municipality | null }[];
	/** 郡 of today and of before the mergers, with what belongs or belonged to them. */
	readonly districts: readonly { name: string; municipalities: ReadonlySet<string> }[];
	/** Begins of addresses outside of the region. */
	readonly outside: readonly { name: string; prefecture: string }[];
}

const SUFFIX = /(?:市|町|村)$/;
const KANA_SUFFIX = /(?:ちょう|まち|むら|そん|し)$/;

/** 有田川町 is said ありだがわちょう, and some say まち; 村 is むら or そん. */
const readings = (kana: string): string[] => {
	const stem = kana.replace(KANA_SUFFIX, '');
	if (kana.endsWith('し')) return [kana];
	return kana.endsWith('ちょう') || kana.endsWith('まち') ? [`${stem}ちょう`, `${stem}まち`] : [`${stem}むら`, `${stem}そん`];
};

const spellings = (name: string, kana: string): string[] => [
	foldName(name),
	foldName(kana.replace(KANA_SUFFIX, '') + (SUFFIX.exec(name)?.[0] ?? '')),
];

export function createGazetteer(region: Region): Gazetteer {
	const settlements = region.settlements.map((facts) => settlementOf(facts, region));
	const municipalities = region.municipalities.map((facts): KnownMunicipality => {
		const latin = foldLatin(facts.romaji);
		return {
			facts,
			names: spellings(facts.name, facts.kana),
			stem: foldName(facts.name.replace(SUFFIX, '')),
			kana: readings(facts.kana).map(foldKana),
			latin: [latin, foldLatin(facts.romaji.replace(/-\w+$/, ''))],
			settlements: settlements.filter((settlement) => settlement.municipality.id === facts.id),
		};
	});
	const byId = new Map(municipalities.map((municipality) => [municipality.facts.id, municipality]));
	return {
		region,
		municipalities,
		former: region.oldMunicipalities.map((facts) => ({
			facts,
			municipality: byId.get(facts.into)!,
			names: [...spellings(facts.name, facts.kana), ...(facts.keeps === undefined ? [] : [foldName(facts.keeps)])],
			kana: [...readings(facts.kana), ...(facts.keepsKana === undefined ? [] : [facts.keepsKana])].map(foldKana),
		})),
		settlements,
		facilities: region.facilities.map((facts) => ({
			facts,
			name: foldName(facts.name),
			municipality: byId.get(facts.municipality)?.facts ?? null,
		})),
		districts: districtsOf(region),
		outside: [...PREFECTURES.map((name) => ({ name, prefecture: name })), ...region.neighbours]
			.map(({ name, prefecture }) => ({ name: foldName(name), prefecture }))
			.filter(({ name }) => name !== foldName(region.name.ja)),
	};
}

function settlementOf(facts: Settlement, region: Region): KnownSettlement {
	const municipality = region.municipalities.find(({ id }) => id === facts.municipality)!;
	const former =
		region.oldMunicipalities.find(
			({ into, keeps }) => into === facts.municipality && keeps !== undefined && facts.name.startsWith(keeps),
		) ?? null;
	const kana = facts.kana ?? '';
	const latin = facts.romaji ?? '';
	const rest = former?.keeps === undefined ? null : facts.name.slice(former.keeps.length);
	const readsOn = former?.keepsKana !== undefined && kana.startsWith(former.keepsKana);
	return {
		facts,
		municipality,
		former,
		whole: { name: foldName(facts.name), kana: foldKana(kana), latin: foldLatin(latin) },
		rest:
			rest === null
				? null
				: {
						name: foldName(rest),
						kana: readsOn ? foldKana(kana.slice(former.keepsKana!.length)) : '',
						latin: foldLatin(latin.includes(' ') ? latin.slice(latin.indexOf(' ')) : ''),
					},
		stop: facts.stop === undefined ? null : foldName(facts.stop),
	};
}

function districtsOf(region: Region): Gazetteer['districts'] {
	const members = new Map<string, Set<string>>();
	const add = (name: string | undefined, id: string) => {
		if (name !== undefined) members.set(name, (members.get(name) ?? new Set()).add(id));
	};
	for (const { id, district } of region.municipalities) add(district, id);
	for (const { into, district } of region.oldMunicipalities) add(district, into);
	return [...members].map(([name, municipalities]) => ({ name: foldName(name), municipalities }));
}

const PREFECTURES = (
	'北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 ' +
	'愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 ' +
	'宮崎県 鹿児島県 沖縄県'
).split(' ');
