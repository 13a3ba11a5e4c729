/** Words of offices for what has a code here. */
import type { CareNeed, Patient, Specialty, Urgency } from '@junkai/contracts';
import type { z } from 'zod';
import type { equipmentKind } from '@junkai/contracts';
import { bad, good, tight, type Read } from './cell.ts';

type Equipment = z.infer<typeof equipmentKind>;
/** The first word of each is the one that is shown as known. */
type Words<T extends string> = Readonly<Record<T, readonly string[]>>;

const needs: Words<CareNeed> = {
	'heart-failure': ['心不全', '心臓', '循環器', '不整脈', '高血圧', '心疾患', '狭心症', '血圧', '動悸', '心電図'],
	breathing: ['呼吸', '喘息', 'ぜんそく', 'copd', '在宅酸素', '息切れ', '肺', '酸素'],
	skin: ['皮膚', '褥瘡', '床ずれ', 'じょくそう', '湿疹', '傷', '創', '爪', 'かぶれ', '発疹'],
	memory: ['もの忘れ', '物忘れ', '認知', '神経内科', 'パーキンソン', '脳神経'],
	'blood-test': ['採血', '血液検査', '血液'],
	medication: ['服薬', '薬', '処方', '残薬'],
	vaccination: ['予防接種', 'ワクチン', 'インフルエンザ', '接種', '肺炎球菌'],
	ultrasound: ['エコー', '超音波'],
	'x-ray': ['レントゲン', 'x線', '胸写', '胸部写真', '骨密度'],
	'follow-up': [
		'定期診察',
		'経過観察',
		'定期',
		'再診',
		'診察',
		'往診',
		'健康相談',
		'受診',
		'経過',
		'健診',
		'健康診断',
		'糖尿病',
		'内科',
	],
};

const specialties: Words<Specialty> = {
	general: ['内科', '総合', '一般', '総合診療'],
	cardiology: ['循環器', '循環器内科', '心臓'],
	respiratory: ['呼吸器', '呼吸器内科'],
	dermatology: ['皮膚科', '皮膚', '皮フ科'],
	neurology: ['神経内科', '脳神経内科', '脳神経', '神経', 'もの忘れ外来'],
};

const equipment: Words<Equipment> = {
	ecg: ['心電図', '心電計'],
	ultrasound: ['エコー', '超音波'],
	'x-ray': ['レントゲン', 'x線'],
	spirometer: ['スパイロ', '肺機能', '呼吸機能'],
	'blood-analyser': ['血液分析', '血液検査', '採血'],
	'wheelchair-lift': ['車いす', '車椅子', 'リフト', '車イス'],
};

const urgencies: Words<Urgency> = {
	routine: ['通常', '普通', '定期', '低', '急がない', '急ぎません', '一般', 'c'],
	soon: ['早め', 'やや急', '準緊急', '中', '早期', 'なるべく早く', 'b'],
	urgent: ['緊急', '至急', '急', '高', '大至急', '急ぎ', 'a'],
};

const sexes: Words<Patient['sex']> = {
	male: ['男', '男性', 'm', 'male', '♂', '1'],
	female: ['女', '女性', 'f', 'female', '♀', '2'],
	other: ['その他', 'other'],
	unknown: ['不明', '不詳', '無回答', '-', 'unknown'],
};

const known = <T extends string>(words: Words<T>): string =>
	Object.values<readonly string[]>(words)
		.map(([first]) => first)
		.join(', ');

const entries = <T extends string>(words: Words<T>): [T, readonly string[]][] => Object.entries(words) as [T, readonly string[]][];

/** The code whose word stands there, and nothing else. */
function exactly<T extends string>(words: Words<T>, cell: string): T | null {
	for (const [code, list] of entries(words)) if (code === cell || list.includes(cell)) return code;
	return null;
}

/** Codes whose words occur; a word within another one that occurs does not count: 血 of 血液検査. */
function within<T extends string>(words: Words<T>, cell: string): T[] {
	const found = entries(words).flatMap(([code, list]) =>
		list.filter((word) => cell.includes(word)).map((word) => ({ code, word })),
	);
	const own = found.filter(({ word }) => !found.some((other) => other.word !== word && other.word.includes(word)));
	return [...new Set(own.map(({ code }) => code))];
}

function choice<T extends string>(words: Words<T>, text: string): Read<T> {
	const code = exactly(words, tight(text).toLowerCase());
	return code === null ? bad('unknown-word', known(words)) : good(code);
}

export const readUrgency = (text: string): Read<Urgency> => choice(urgencies, text);
export const readSex = (text: string): Read<Patient['sex']> => choice(sexes, text);

/** Words beside the one that is known, that change nothing. */
const FILLERS =
	/^(?:の|を|・|等|など|希望|相談|診察|診療|定期|経過|観察|確認|処置|整理|検査|接種|治療|管理|指導|測定|フォロー|受診|再診|往診|外来|疾患|症|病|内科|腹部|胸部|実施|科|器|お願いします|[()])*$/;

/** Why the van comes. A general word beside a particular one says nothing more: 心不全の定期診察 is about the heart. */
export function readNeed(text: string): Read<CareNeed> {
	const cell = tight(text).toLowerCase();
	const exact = exactly(needs, cell);
	if (exact !== null) return good(exact);
	const found = within(needs, cell);
	const particular = found.filter((need) => need !== 'follow-up');
	const [first] = particular.length === 0 ? found : particular;
	if (first === undefined) return bad('unknown-word', known(needs));
	if (particular.length > 1) return bad('ambiguous-word', particular.map((need) => needs[need][0]).join(' / '));
	// Words around the one that is known may turn it: 採血なし, 薬は不要.
	if (/なし|不要|以外|中止|しない|ない/.test(cell)) return bad('ambiguous-word', `${needs[first][0]}?`);
	const rest = needs[first].toSorted((a, b) => b.length - a.length).reduce((left, word) => left.replaceAll(word, ''), cell);
	return FILLERS.test(rest) ? good(first) : good(first, needs[first][0]);
}

export function readSpecialty(text: string): Read<Specialty> {
	const cell = tight(text).toLowerCase();
	const exact = exactly(specialties, cell);
	if (exact !== null) return good(exact);
	const found = within(specialties, cell);
	return found.length === 1 ? good(found[0]!) : bad(found.length === 0 ? 'unknown-word' : 'ambiguous-word', known(specialties));
}

export function readEquipment(text: string): Read<Equipment[]> {
	const cell = tight(text).toLowerCase();
	if (/^(?:なし|無し?|不要|-|特になし)$/.test(cell)) return good([]);
	const kinds: Equipment[] = [];
	for (const word of cell.split(/[、,/・+]/).filter((one) => one !== '')) {
		const exact = exactly(equipment, word);
		const found = exact === null ? within(equipment, word) : [exact];
		if (found.length !== 1) return bad('unknown-word', known(equipment));
		kinds.push(found[0]!);
	}
	return good([...new Set(kinds)]);
}

export interface Consent {
	readonly state: 'given' | 'refused' | null;
	readonly by: 'patient' | 'family' | 'guardian';
}

const CONSENT_EXAMPLES = '有, 無, 家族同意, 未確認';

/** To a doctor who joins from afar. null: nobody has been asked yet. */
export function readConsent(text: string): Read<Consent> {
	const cell = tight(text).toLowerCase();
	const by = /家族|代理|代諾/.test(cell) ? 'family' : cell.includes('後見') ? 'guardian' : 'patient';
	const said = cell.replaceAll(/\(?(?:ご?家族|代理人?|代諾者?|後見人?|本人|遠隔診療|の)\)?(?:に?よる)?/g, '');
	if (/^(?:無し?|なし|×|x|不同意|同意なし|同意無し?|同意しない|拒否|いいえ|no|n|false|0|しない|否)$/.test(said))
		return good({ state: 'refused', by });
	if (/^(?:未|未確認|未取得|確認中|不明|-|これから|後日)$/.test(said)) return good({ state: null, by });
	if (/^(?:有り?|あり|○|〇|◯|o|レ|✓|✔|済み?|同意済み?|同意あり|同意有り?|同意|取得済み?|はい|yes|y|true|1|可)$/.test(said))
		return good({ state: 'given', by });
	if (said === '' && by !== 'patient') return good({ state: 'given', by }, '同意あり');
	return bad('unknown-word', CONSENT_EXAMPLES);
}

/** A length of time in minutes. */
export function readMinutes(text: string): Read<number> {
	const cell = tight(text);
	const span = /^(?:約)?(?:(\d{1,2})時間)?(?:(\d{1,3})分?|(半))?(?:程度|くらい|ぐらい)?$/.exec(cell);
	if (span === null || cell === '' || (span[1] === undefined && span[2] === undefined))
		return bad('not-a-number', '30, 30分, 1時間');
	const minutes = Number(span[1] ?? 0) * 60 + Number(span[2] ?? (span[3] === undefined ? 0 : 30));
	return minutes < 5 || minutes > 240 ? bad('out-of-range', '5~240') : good(minutes);
}
