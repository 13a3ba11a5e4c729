import type { Texts } from '../texts.ts';
import type { shell as english } from './shell.en.ts';

/** Japanese words of the frame around the dispatcher’s pages. */
export const shell: Texts<typeof english> = {
	nav: {
		label: '画面の切り替え',
		day: '本日',
		plan: '計画',
		requests: '依頼',
		intake: '取り込み',
		resources: '人と車',
		coverage: '医療の届く範囲',
		paper: '帳票',
	},
};
