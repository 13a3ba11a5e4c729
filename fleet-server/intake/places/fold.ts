/**
 * Spellings of one name brought to one form: widths, old and variant kanji, katakana and hiragana, particles that come and go.
 * What is made here is compared and never shown.
 */

/** Characters that stand for each other in names; the first of a group is the form that is compared. */
const variants = (
	'竜龍 辺邊邉 沢澤 島嶋嶌 広廣 滝瀧 国國 高髙 崎﨑碕嵜埼 浜濱濵 薮藪 桧檜 円圓 桜櫻 真眞 県縣 峰峯 岳嶽 塩鹽 条條 淵渕渊 恵惠 旧舊 万萬 ' +
	'与與 豊豐 実實 寿壽 栄榮 鉄鐵鐡 斎齋 斉齊 仏佛 来來 野埜 村邨 畑畠 富冨 館舘 弥彌 曽曾 当當 台臺 亀龜 鶴靏鸖 桑桒 姉姊 蔵藏 静靜 ' +
	'浄淨 祢禰 徳德 瀬瀨 頼賴 横橫 黒黑 黄黃 青靑 清淸 関關 歓歡 楽樂 湾灣 土圡 吉𠮷 鞆靹 麦麥 霊靈 穂穗 籠篭 園薗 柏栢 乗乘 緑綠 戸戶 ' +
	'内內 巣巢 晩晚 双雙 団團 鉱鑛 郷鄕 即卽 既旣 尭堯 槙槇 遥遙 渓溪 檪櫟 芦蘆 莱萊 鴎鷗 帰歸 気氣 闘鬪'
)
	.split(' ')
	.map((group) => Array.from(group));
const folded = new Map(variants.flatMap(([first, ...others]) => others.map((other) => [other, first!] as const)));

/** Pairs that a hurried hand, an eye or a wrong conversion takes for each other, after folding. */
const confusable = new Set(
	(
		'太大 土士 末未 千干 井丼 熊態 徳得 阪坂 原腹 岡丘 川河 河側 山由 田由 日目 目自 白自 吉告 鳥島 烏鳥 鳥鴨 爪瓜 牛午 矢失 天夫 ' +
		'宮官 官宜 石右 侍待 持待 輪論 網綱 緑縁 若苦 栗粟 栗粟 粟要 柿杮 名各 貝見 賀質 賀貿 敷數 瀬頼 椎推 根恨 楠桶 植值 棚柵 裏浦 ' +
		'津つ 津っ 之の 乃の 茂繁 蔵倉 倉食 糸系 治冶 堀掘 堂當 堂常 皆背 皆階 温湯 渡度 武式 請清 請晴 栖西 真直 直値 寺等 郷卿 鮎鯰 鮎占 桑柔 ' +
		'畝畦 鹿塵 鶴鶏 滝竜 荷何 附付 房防 樫堅 須順 江紅 衣依 網鋼 修條 理里 里黒 印卵 串中 藤籐 早草 玄去 姫始 岬甲 桃挑 '
	)
		.trim()
		.split(' ')
		.flatMap((pair) => [pair, Array.from(pair).toReversed().join('')]),
);

const KANJI = /[\p{Script=Han}々]/u;
export const hasKanji = (text: string): boolean => /\p{Script=Han}/u.test(text);

/** Katakana become hiragana, ヶ and small letters the large ones that they are read as. */
const toHiragana = (text: string): string =>
	text
		.replaceAll(/[ァ-ヶ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60))
		.replaceAll('ゖ', 'け')
		.replaceAll('ゕ', 'か');

/** One form of a name in kanji, without separators. */
export function foldName(text: string): string {
	const plain = toHiragana(text.normalize('NFKC').toLowerCase()).replaceAll(/[\s、。,.・･\-‐－ー~]/gu, (mark) =>
		mark === 'ー' ? mark : '',
	);
	let form = '';
	for (const letter of plain) form += letter === '々' ? (form.at(-1) ?? '') : (folded.get(letter) ?? letter);
	// 湯ノ又, 湯の又 and 湯又; 松ケ峯 and 松が峰: what stands between two kanji is written in many ways.
	return form
		.replaceAll(/(?<=\p{Script=Han})[のノ之](?=\p{Script=Han})/gu, '')
		.replaceAll(/(?<=\p{Script=Han})[がけ](?=\p{Script=Han})/gu, 'け')
		.replaceAll(/(?<=\p{Script=Han})っ(?=\p{Script=Han})/gu, 'つ');
}

const LARGE = new Map(Array.from('ぁぃぅぇぉっゃゅょゎ').map((small, at) => [small, 'あいうえおつやゆよわ'[at]!]));

/** One form of a reading: long vowels short, small letters large, ぢ and づ as they are said. */
export function foldKana(text: string): string {
	const plain = toHiragana(text.normalize('NFKC')).replaceAll(/[^ぁ-ゖー]/gu, '');
	return Array.from(plain)
		.map((letter) => LARGE.get(letter) ?? letter)
		.join('')
		.replaceAll('ー', '')
		.replaceAll('ぢ', 'じ')
		.replaceAll('づ', 'ず')
		.replaceAll('を', 'お')
		.replaceAll(/(?<=[おこそとのほもよろごぞどぼぽ])[うお]/gu, '')
		.replaceAll(/(?<=[うくすつぬふむゆるぐずぶぷ])う/gu, '');
}

/** One form of Latin letters: without signs, hyphens and long vowels. */
export const foldLatin = (text: string): string =>
	text
		.normalize('NFKD')
		.toLowerCase()
		.replaceAll(/[^a-z]/g, '')
		.replaceAll(/o[uo]/g, 'o')
		.replaceAll('uu', 'u')
		.replaceAll(/(?<=o)h(?![aiueo])/g, '');

/**
 * Letters that tell one settlement from its neighbour: 上秋津 is not 下秋津, and 東大谷 not 大谷. None of them is ever a slip of
 * the pen.
 */
const TELLING = new Set('上下中東西南北大小奥口前後新古本元内外左右一二三四五六七八九十百千');

/** What one letter instead of another costs. */
function substitution(a: string, b: string): number {
	if (a === b) return 0;
	if (confusable.has(a + b)) return TELLING.has(a) && TELLING.has(b) ? 2 : 0.35;
	if (TELLING.has(a) || TELLING.has(b)) return 2;
	if (!KANJI.test(a) && !KANJI.test(b)) return voiced(a) === voiced(b) ? 0.35 : 1;
	return 1;
}

/** か for が, は for ば and ぱ. */
const voiced = (letter: string): string => letter.normalize('NFD').charAt(0);

/** What a letter too many or too few costs. */
function gap(letter: string): number {
	if ('のけつがノ'.includes(letter)) return 0.25;
	return TELLING.has(letter) ? 1.6 : 0.7;
}

/** How far two forms are apart: letters changed, lost, doubled or exchanged with their neighbour, each at its price. */
export function slips(a: string, b: string): number {
	const [left, right] = [Array.from(a), Array.from(b)];
	let before: number[] = [];
	let last = [0];
	for (const letter of right) last.push(last.at(-1)! + gap(letter));
	for (const [i, letter] of left.entries()) {
		const row = [last[0]! + gap(letter)];
		for (const [j, other] of right.entries()) {
			let least = Math.min(last[j]! + substitution(letter, other), last[j + 1]! + gap(letter), row[j]! + gap(other));
			if (letter === right[j - 1] && left[i - 1] === other && letter !== other) least = Math.min(least, before[j - 1]! + 0.6);
			// The same key pressed twice.
			if (letter === left[i - 1]) least = Math.min(least, last[j + 1]! + 0.5);
			row.push(least);
		}
		before = last;
		last = row;
	}
	return last.at(-1)!;
}
