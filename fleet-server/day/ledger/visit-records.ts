/** Brings what is planned, and what became of it, into the records of the visits. Each step can be made twice without harm. */
import type { CalendarDate, PublishedPlan, Visit } from '@junkai/contracts';
import type { Logger } from 'pino';
import { messageOf } from '../../errors.ts';
import { addDays, bodyOf, RecordsError, type Records, type VisitBody } from '../../registry/index.ts';
import type { LedgerEntry } from './store.ts';

type Planned = NonNullable<Visit['planned']>;

export interface VisitRecordsOptions {
	records: Records;
	/** Days from this one on that have a plan, and their plans. */
	days: () => CalendarDate[];
	planOf: (date: CalendarDate) => PublishedPlan | null;
	today: () => CalendarDate;
	log: Logger;
}

/** Visits that were planned further ahead than any plan reaches are not looked for. */
const AHEAD_DAYS = 60;
/** Steps that wait to be tried again; a disk that is full for longer is found by the next start. */
const MOST_FAILED = 1000;
const BY = 'day';

export class VisitRecords {
	readonly #options: VisitRecordsOptions;
	/** One step after the other: what was told last is written last. */
	#work: Promise<void> = Promise.resolve();
	/** What could not be written is tried again. */
	#failed: (() => Promise<void>)[] = [];

	constructor(options: VisitRecordsOptions) {
		this.#options = options;
	}

	/** Sets `planned` of all visits as the plans from today on have it; who was planned and is no longer is open again. */
	plan(by: string): Promise<void> {
		return this.#do(async () => {
			const { records, today } = this.#options;
			const planned = await this.#planned();
			const before = await records.visits.between(today(), addDays(today(), AHEAD_DAYS), { state: 'planned' });
			const numbers = new Set([...planned.keys(), ...before.map(({ id }) => id)]);
			await records.revise('visit', [...numbers], (visit) => planStep(visit, planned.get(visit.id), today()), by);
		});
	}

	/** Writes what became of a visit; null: it is to be tried again. */
	tell(visit: number, entry: LedgerEntry | null, date: CalendarDate, note: string | undefined): Promise<void> {
		return this.#do(async () => {
			const { records } = this.#options;
			const by = entry?.source === 'position' ? BY : (entry?.vehicle ?? BY);
			await records.revise('visit', [visit], (record) => entryStep(record, entry, date, note), by);
		});
	}

	/** Tries again what could not be written. */
	retry(): void {
		for (const step of this.#failed.splice(0)) void this.#do(step);
	}

	/** Settles when all that was asked for has been tried. */
	idle(): Promise<void> {
		return this.#work;
	}

	#do(step: () => Promise<void>): Promise<void> {
		this.#work = this.#work.then(step).catch((error: unknown) => {
			const refused = error instanceof RecordsError;
			const words = refused ? 'a record of a visit was refused' : 'the records of visits could not be written; trying again';
			this.#options.log.error({ reason: messageOf(error) }, words);
			if (!refused && this.#failed.length < MOST_FAILED) this.#failed.push(step);
		});
		return this.#work;
	}

	/** A plan may name vehicles and doctors that the records have not: of a demonstration, or taken out since. */
	async #planned(): Promise<Map<number, Planned>> {
		const { days, planOf, records } = this.#options;
		const fleet = new Set((await records.fleet.all()).map(({ vehicle }) => vehicle));
		const doctors = new Set((await records.doctors.all()).map(({ id }) => id));
		const planned = new Map<number, Planned>();
		for (const date of days()) {
			for (const { vehicle, stops } of planOf(date)?.routes ?? []) {
				if (!fleet.has(vehicle)) continue;
				for (const { visit, from, to, consult } of stops.flatMap(({ visits }) => visits)) {
					if (!planned.has(visit))
						planned.set(visit, { date, vehicle, from, to, doctor: consult && doctors.has(consult.doctor) ? consult.doctor : null });
				}
			}
		}
		return planned;
	}
}

function planStep(visit: Visit, planned: Planned | undefined, today: CalendarDate): VisitBody | null {
	if (visit.state !== 'open' && visit.state !== 'planned') return null;
	if (!planned) {
		// One of a day that is over is settled with that day.
		if (visit.planned === null || visit.planned.date < today) return null;
		return { ...bodyOf<'visit'>(visit), state: 'open', planned: null };
	}
	const { state, planned: before } = visit;
	if (state === 'planned' && before && JSON.stringify(ordered(before)) === JSON.stringify(ordered(planned))) return null;
	return { ...bodyOf<'visit'>(visit), state: 'planned', planned };
}

const ordered = ({ date, vehicle, from, to, doctor }: Planned) => [date, vehicle, from, to, doctor];

function entryStep(visit: Visit, entry: LedgerEntry | null, date: CalendarDate, note: string | undefined): VisitBody | null {
	const body = bodyOf<'visit'>(visit);
	if (entry === null) {
		const isOurs = visit.state === 'under-way' || visit.state === 'not-done';
		return isOurs ? { ...body, state: visit.planned ? 'planned' : 'open', reason: null, actual: null } : null;
	}
	// Called off is called off, unless it was done all the same; and what is known of a visit outlives the guess at the end of its day.
	if (visit.state === 'cancelled' && (entry.state !== 'done' || entry.source === 'position')) return null;
	const isGuess = entry.reason === 'other' && entry.state === 'not-done' && entry.ended === null;
	if (isGuess && (visit.state === 'done' || visit.state === 'not-done' || (visit.planned !== null && visit.planned.date > date)))
		return null;
	if (isGuess && visit.state === 'open') return null;
	const { vehicle, state, reason, began, ended, source } = entry;
	const from = began ?? ended;
	return {
		...body,
		state,
		reason,
		actual: from === null ? null : { vehicle, from, to: ended, source },
		note: note === undefined || note === '' ? body.note : note,
	};
}
