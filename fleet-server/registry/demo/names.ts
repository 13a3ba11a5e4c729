/** Names for people who do not exist: usual family and given names of Japan, put together by chance. */
import type { PersonName } from '@junkai/contracts';
import type { Random } from '../../planner/random.ts';

/** How it is written, and in katakana. */
type Written = readonly [name: string, kana: string];
const list = (text: string): readonly Written[] => text.split('/').map((both) => both.split(' ') as [string, string]);

const families = list(
	'田中 タナカ/山本 ヤマモト/中村 ナカムラ/井上 イノウエ/林 ハヤシ/森 モリ/清水 シミズ/岡田 オカダ/松本 マツモト/山口 ヤマグチ/前田 マエダ/' +
		'藤田 フジタ/坂本 サカモト/池田 イケダ/橋本 ハシモト/石川 イシカワ/小川 オガワ/谷口 タニグチ/西村 ニシムラ/松田 マツダ/中川 ナカガワ/' +
		'原田 ハラダ/竹内 タケウチ/和田 ワダ/中山 ナカヤマ/上田 ウエダ/森田 モリタ/原 ハラ/柴田 シバタ/酒井 サカイ/宮本 ミヤモト/横山 ヨコヤマ/' +
		'玉置 タマキ/榎本 エノモト/湯川 ユカワ/野田 ノダ/岩本 イワモト/平田 ヒラタ/大谷 オオタニ/北野 キタノ/南 ミナミ/辻 ツジ/寺本 テラモト/' +
		'岡本 オカモト/吉田 ヨシダ/山下 ヤマシタ/木村 キムラ/鈴木 スズキ/佐藤 サトウ/高橋 タカハシ/渡辺 ワタナベ/伊藤 イトウ/小林 コバヤシ/' +
		'加藤 カトウ/山田 ヤマダ/斎藤 サイトウ/浜口 ハマグチ/下村 シモムラ/川口 カワグチ/尾崎 オザキ/中井 ナカイ/久保 クボ/西 ニシ/東 ヒガシ',
);
const women = list(
	'花子 ハナコ/和子 カズコ/幸子 サチコ/節子 セツコ/洋子 ヨウコ/恵子 ケイコ/京子 キョウコ/弘子 ヒロコ/美代子 ミヨコ/文子 フミコ/トシ子 トシコ/' +
		'千代 チヨ/キヨ キヨ/ミツ ミツ/ハル ハル/すゑ スエ/初枝 ハツエ/静江 シズエ/政子 マサコ/敏子 トシコ/芳子 ヨシコ/久子 ヒサコ/光子 ミツコ/' +
		'昭子 アキコ/良子 リョウコ/悦子 エツコ/貞子 サダコ/喜代子 キヨコ/八重子 ヤエコ/富美子 フミコ/照子 テルコ/栄子 エイコ/君子 キミコ/登美子 トミコ',
);
const men = list(
	'清 キヨシ/勇 イサム/茂 シゲル/実 ミノル/正 タダシ/弘 ヒロシ/進 ススム/勝 マサル/博 ヒロシ/昭 アキラ/三郎 サブロウ/正一 ショウイチ/義雄 ヨシオ/' +
		'和夫 カズオ/幸雄 ユキオ/武 タケシ/明 アキラ/隆 タカシ/健一 ケンイチ/修 オサム/利夫 トシオ/昇 ノボル/良一 リョウイチ/久雄 ヒサオ/保 タモツ/' +
		'忠 タダシ/秀雄 ヒデオ/辰男 タツオ/馨 カオル/善一 ゼンイチ',
);
const youngWomen = list(
	'美咲 ミサキ/彩 アヤ/愛 アイ/真由美 マユミ/由美 ユミ/恵 メグミ/智子 トモコ/陽子 ヨウコ/香織 カオリ/裕子 ユウコ/千尋 チヒロ/奈々 ナナ/優子 ユウコ',
);
const youngMen = list(
	'翔太 ショウタ/大輔 ダイスケ/拓也 タクヤ/直樹 ナオキ/誠 マコト/健太 ケンタ/亮 リョウ/浩二 コウジ/健 ケン/隆志 タカシ/学 マナブ',
);

export interface NamedPerson {
	readonly name: PersonName;
	readonly kana: PersonName;
}

const pick = (from: readonly Written[], random: Random): Written => from[random.below(from.length)]!;

function named([family, familyKana]: Written, [given, givenKana]: Written): NamedPerson {
	return { name: { family, given }, kana: { family: familyKana, given: givenKana } };
}

/** Given names are those of a generation. */
export function person(sex: 'female' | 'male', generation: 'old' | 'young', random: Random): NamedPerson {
	const given = sex === 'female' ? (generation === 'old' ? women : youngWomen) : generation === 'old' ? men : youngMen;
	return named(pick(families, random), pick(given, random));
}

export const worker = (random: Random): NamedPerson => person(random.below(2) === 0 ? 'female' : 'male', 'young', random);

/** A son or daughter of the same family. */
export function child({ family }: PersonName, random: Random): { name: string; relation: string } {
	const female = random.below(2) === 0;
	const [given] = pick(female ? youngWomen : youngMen, random);
	return { name: `${family} ${given}`, relation: female ? '長女' : '長男' };
}
