/** What sheets share. */
import type { ReactNode } from 'react';
import type { DaySheets } from '@junkai/contracts';
import { formatDateTime } from '../../../shared/i18n/format.ts';

/** Which plan it is of: a sheet of an older one must be known for it. */
export function SheetFoot({ day: { source, made } }: { day: DaySheets }) {
	const plan =
		source.kind === 'published'
			? `計画 第${source.revision}版（${formatDateTime(source.published, 'ja')} 公開）`
			: `検討中の計画「${source.name}」変更${source.version}：公開前`;
	return (
		<footer className="sheet-foot">
			<span>{plan}</span>
			<span>{formatDateTime(made, 'ja')} 作成</span>
			<span>個人情報：担当者以外に渡さず、終業後に裁断</span>
		</footer>
	);
}

/** Heads of columns, with whose sheet it is: the printer repeats both on each page, so that a loose page is known. */
export function SheetThead({ columns, words, children }: { columns: number; words: string; children: ReactNode }) {
	return (
		<thead>
			<tr className="sheet-again">
				<th colSpan={columns} scope="colgroup">
					{words}
				</th>
			</tr>
			{children}
		</thead>
	);
}
