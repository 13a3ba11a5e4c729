import type { Texts } from '../texts.ts';
import type { queue as english } from './queue.en.ts';

/** Japanese words of the doctor’s queue. */
export const queue: Texts<typeof english> = {
	title: '本日の診察',
	failed: '診察の一覧を読み込めませんでした。',
	old: '最新の一覧を読み込めません。表示は古い可能性があります。',
	noDoctor: 'このユーザー名は、どの医師の情報にも登録されていません。',
	noDoctorHint: '運行管理の担当者に登録を依頼してください。登録されると、ここに診察が表示されます。',
	noPlan: '本日の計画は公開されていません。',
	empty: '本日の診察はありません。',
	hint: '開くのは車両の今の画面です。別の患者のこともあります。',
	plan: '計画 第{{revision}}版 {{time}} {{by}}',
	age: '{{age}}歳',
	unknown: '患者不明（訪問{{number}}）',
	late: '+{{minutes}}分',
	early: '−{{minutes}}分',
	expected: '見込み {{from}}～{{to}}',
	noExpected: '見込みはまだありません',
	patientWaits: '患者の待ち {{minutes}}分',
	mark: { now: '今', next: '次' },
	state: {
		planned: '予定',
		preparing: '準備中',
		now: '診察の時刻',
		done: '済',
		'not-done': '実施せず',
		cancelled: '取消',
		off: '予定どおり不可',
	},
};
