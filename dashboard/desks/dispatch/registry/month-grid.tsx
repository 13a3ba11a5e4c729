/** A month as a small calendar whose days carry marks. */
import type { ReactNode } from 'react';
import { useTexts } from '../../../shared/i18n/index.ts';
import { formatMonth, weekdayName, weeksOf } from '../../../shared/records/dates.ts';

interface Props {
	month: string;
	today: string;
	/** What a day looks like: a class for its ground and something in it. */
	day: (day: string) => { className: string; title: string; mark: ReactNode } | null;
}

export function MonthGrid({ month, today, day }: Props) {
	const { language } = useTexts();
	const weeks = weeksOf(month);
	return (
		<table className="month-grid">
			<caption>{formatMonth(month, language)}</caption>
			<thead>
				<tr>
					{[1, 2, 3, 4, 5, 6, 0].map((n) => (
						<th key={n} scope="col">
							{weekdayName(n, language)}
						</th>
					))}
				</tr>
			</thead>
			<tbody>
				{weeks.map((week) => (
					<tr key={week[0]}>
						{week.map((date) => {
							if (!date.startsWith(month)) return <td key={date} />;
							const look = day(date);
							return (
								<td
									key={date}
									className={look?.className}
									title={look?.title}
									{...(date === today && { 'aria-current': 'date' as const })}
								>
									{Number(date.slice(8))}
									{look !== null && (
										<>
											{look.mark}
											<span className="visually-hidden">{look.title}</span>
										</>
									)}
								</td>
							);
						})}
					</tr>
				))}
			</tbody>
		</table>
	);
}
