import type { Texts } from '../texts.ts';
import type { intake as english } from './intake.en.ts';

/** Japanese words of taking in spreadsheets, and finding places. */
export const intake: Texts<typeof english> = {
	title: '取り込み',
	place: {
		example: '例：田辺市本宮町切畑123',
		candidates: 'この住所にあたる場所',
		choose: '一覧から場所を選んでください。',
		differs: '住所は「{{place}}」と読めます。',
		takeIt: 'この場所にする',
		map: '場所の地図',
		mapHint: '地図をクリックするか、矢印キーで位置を直せます（Shiftで大きく動きます）。',
		near: 'もっとも近い集落：{{place}}',
		stop: '集合場所 {{stop}}',
		list: {
			looking: '探しています…',
			none: '地域内に当てはまる場所がありません。表記を確かめてください。',
			outside: '県外の住所です。',
			failed: 'いま場所を調べられません。',
		},
		precision: {
			point: '手で指定した位置',
			settlement: '集落の中心',
			municipality: '役場の位置のみ（集落が不明）',
		},
		how: {
			exact: '表記どおり',
			'old-name': '合併前の名前',
			kana: '読みから',
			fuzzy: '似た名前',
			municipality: '市町村のみ',
		},
	},
};
