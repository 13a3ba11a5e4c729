/** Plans in the making of which a day can be printed. */
import { planBoardSummary, type CalendarDate } from '@junkai/contracts';
import { z } from 'zod';
import { call } from '../../../shared/api/rest.ts';
import { addDays } from '../../../shared/records/dates.ts';

/** Those that have a plan for the day and are not published. */
export async function planBoards(date: CalendarDate): Promise<{ id: string; name: string }[]> {
	const all = await call(z.array(planBoardSummary), '/plan-boards');
	return all.filter(
		({ options: { from, days }, progress, published }) =>
			published === null && progress.state === 'ready' && from <= date && date <= addDays(from, days - 1),
	);
}
