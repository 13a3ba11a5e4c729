/** For tests: a settlement's address, written as people write it. Deterministic. */
import type { Municipality, OldMunicipality, Settlement } from '@junkai/regions';

export interface Subject {
	readonly settlement: Settlement;
	readonly municipality: Municipality;
	/** The former municipality whose name the settlement keeps. */
	readonly former: OldMunicipality | null;
	/** A number that differs from settlement to settlement. */
	readonly at: number;
}

const wide = (text: string): string => text.replaceAll(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
const katakana = (text: string): string => text.replaceAll(/[ぁ-ゖ]/g, (l) => String.fromCharCode(l.charCodeAt(0) + 0x60));
const OTHERS: readonly (readonly [string, string])[] = [
	['龍', '竜'],
	['辺', '邊'],
	['澤', '沢'],
	['廣', '広'],
	['瀧', '滝'],
	['滝', '瀧'],
	['嶋', '島'],
	['島', '嶋'],
	['峯', '峰'],
	['渕', '淵'],
	['浜', '濱'],
	['国', '國'],
	['ケ', 'ヶ'],
	['ノ', 'の'],
	['ツ', 'つ'],
	['々', ''],
	['徳', '德'],
	['瀬', '瀨'],
	['畑', '畠'],
	['桧', '檜'],
	['檜', '桧'],
	['富', '冨'],
	['野', '埜'],
	['栄', '榮'],
	['高', '髙'],
	['恵', '惠'],
];
const oldSpelling = (text: string): string =>
	OTHERS.reduce((changed, [from, to]) => (to === '' ? changed.replaceAll(/(.)々/g, '$1$1') : changed.replaceAll(from, to)), text);

const whole = ({ settlement, municipality }: Subject): string => municipality.name + settlement.name;
const bare = ({ settlement, former }: Subject): string => settlement.name.slice(former?.keeps?.length ?? 0);
const lot = ({ at }: Subject): string => `${(at % 900) + 1}-${(at % 7) + 1}`;
const TELLING = /[上下中東西南北大小奥口前後新古本元内外左右一二三四五六七八九十百千]/;

/** Changes one letter of the settlement's own name, which must be long enough to bear it. */
function slip(subject: Subject, change: (letters: string[], at: number) => void): string | null {
	const letters = Array.from(bare(subject));
	if (letters.length < 3) return null;
	const at = 1 + (subject.at % (letters.length - 2 || 1));
	if (TELLING.test(letters[at]!) || TELLING.test(letters[at + 1] ?? '')) return null;
	change(letters, at);
	const prefix = subject.settlement.name.slice(0, subject.former?.keeps?.length ?? 0);
	return subject.municipality.name + prefix + letters.join('') + lot(subject);
}

/** Ways of writing that mean the place without doubt; null where one does not apply. */
export const distortions: Readonly<Record<string, (subject: Subject) => string | null>> = {
	'with prefecture and lot': (s) => `和歌山県${s.municipality.district ?? ''}${whole(s)}${lot(s)}`,
	'with district': (s) => (s.municipality.district === undefined ? null : s.municipality.district + whole(s)),
	'full-width lot': (s) => whole(s) + wide(lot(s)),
	'lot in kanji': (s) => `${whole(s)}百二十三番地`,
	'大字 and 番地': (s) => `${s.municipality.name}${s.former?.keeps ?? ''}大字${bare(s)}${(s.at % 900) + 1}番地の${(s.at % 7) + 1}`,
	字: (s) => `${whole(s)}字中ノ谷${(s.at % 900) + 1}`,
	'spaces between': (s) => `和歌山県　${s.municipality.name} ${s.settlement.name}　${lot(s)}`,
	'postal code before': (s) => `〒649-0000 ${whole(s)}${lot(s)}`,
	'a house and its owner': (s) => `${whole(s)}${lot(s)} コーポ熊野 201号（山本方）`,
	'old spelling': (s) => oldSpelling(whole(s)) + lot(s),
	'ヶ small': (s) => (s.settlement.name.includes('ケ') ? whole(s).replaceAll('ケ', 'が') : null),
	'ノ left out': (s) => (/.[ノ之]./.test(s.settlement.name) ? whole(s).replaceAll(/[ノ之]/g, '') : null),
	hiragana: (s) => (s.settlement.kana === undefined ? null : s.municipality.kana + s.settlement.kana),
	katakana: (s) => (s.settlement.kana === undefined ? null : katakana(s.municipality.kana + s.settlement.kana)),
	'reading of the settlement': (s) => (s.settlement.kana === undefined ? null : s.municipality.name + s.settlement.kana),
	'without the former name': (s) => (s.former === null ? null : s.municipality.name + bare(s) + lot(s)),
	'former name alone': (s) => (s.former === null ? null : s.former.district + s.former.name + bare(s) + lot(s)),
	'a letter lost': (s) => slip(s, (letters, at) => letters.splice(at, 1)),
	'a letter doubled': (s) => slip(s, (letters, at) => letters.splice(at, 0, letters[at]!)),
	'two letters exchanged': (s) => slip(s, (letters, at) => letters.splice(at, 2, ...letters.slice(at, at + 2).toReversed())),
	'another letter': (s) => slip(s, (letters, at) => letters.splice(at, 1, '癸')),
	'a slip in the municipality': (s) => {
		const letters = Array.from(s.municipality.name);
		return letters.length < 4 ? null : letters.with(1, '癸').join('') + s.settlement.name + lot(s);
	},
	'in Latin letters': (s) =>
		s.settlement.romaji === undefined ? null : `${lot(s)} ${s.settlement.romaji}, ${s.municipality.romaji}, Wakayama, Japan`,
};
