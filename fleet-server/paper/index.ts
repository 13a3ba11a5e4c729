/** What is printed: sheets of a day, and the operator's plan and record. */
import type { CalendarDate, DaySheets, OperatorReport } from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import type { ServiceClock } from '../clock.ts';
import type { Publications } from '../day/publications.ts';
import { signalMap, type SignalMap } from '../dispatch/signal.ts';
import type { Records } from '../registry/index.ts';
import { operatorReport } from './operator-report.ts';
import { daySheets, type SheetsInput } from './sheets.ts';

/** A day of a plan in the making; null when there is no such plan, or it has not this day. */
export type BoardDayOf = (
	board: string,
	date: CalendarDate,
) => Promise<(Pick<SheetsInput, 'draft'> & { source: Extract<DaySheets['source'], { kind: 'board' }> }) | null>;

export interface PaperParts {
	readonly region: Region;
	readonly records: Records;
	readonly publications: Publications;
	readonly clock: ServiceClock;
	readonly boardDay: BoardDayOf;
}

export class Paper {
	readonly #parts: PaperParts;
	readonly #signal: SignalMap;

	constructor(parts: PaperParts) {
		this.#parts = parts;
		this.#signal = signalMap(parts.region);
	}

	/** Null: no plan has this day. */
	async sheets(date: CalendarDate, board?: string): Promise<DaySheets | null> {
		const { region, records, clock } = this.#parts;
		const found = board === undefined ? this.#published(date) : await this.#parts.boardDay(board, date);
		if (found === null) return null;
		return daySheets({ date, ...found, made: Math.round(clock.now()) }, { region, records, signal: this.#signal });
	}

	report(from: CalendarDate, until: CalendarDate): Promise<OperatorReport> {
		const { region, records, clock } = this.#parts;
		return operatorReport({ from, until, made: Math.round(clock.now()) }, { region, records });
	}

	#published(date: CalendarDate): Pick<SheetsInput, 'draft' | 'source'> | null {
		const plan = this.#parts.publications.planOf(date);
		if (plan === null) return null;
		const { calendar } = this.#parts.records;
		// A plan may cover several days; on paper a day stands alone.
		const routes = plan.routes.filter(({ stops }) => stops.some(({ arrival }) => calendar.dateOf(arrival) === date));
		const source = { kind: 'published', revision: plan.revision, published: plan.published } as const;
		return { draft: { ...plan, routes }, source };
	}
}
