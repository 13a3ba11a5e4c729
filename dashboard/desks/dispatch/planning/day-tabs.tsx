import type { DraftDay } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { dayWords, shortDay } from './days.ts';

/** The days of a plan. A visit that is held over one for a moment goes there. */
export function DayTabs({ days, shown, onShow }: { days: readonly DraftDay[]; shown: string; onShow: (date: string) => void }) {
	const { t, language } = useTexts();
	if (days.length < 2) return null;
	return (
		<div className="segments day-tabs" role="group" aria-label={t('planning.board.tabs')}>
			{days.map(({ date, draft }) => {
				const count = draft.unassigned.length;
				const day = dayWords(date, language);
				return (
					<button
						key={date}
						type="button"
						data-day={date}
						aria-pressed={date === shown}
						aria-label={count > 0 ? t('planning.board.dayTab', { day, count }) : day}
						onClick={() => onShow(date)}
					>
						{shortDay(date, language)}
						{count > 0 && <b className="count">{count}</b>}
					</button>
				);
			})}
		</div>
	);
}
