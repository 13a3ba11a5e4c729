/**
 * Spreadsheets between being read and being taken in. Nothing is kept of them before a person accepts: they wait in memory, an hour
 * at most and not many of them, each for the one who brought it. Accepting takes all rows that were not left out, or none.
 */
import { randomUUID } from 'node:crypto';
import type { IntakeFixes, IntakePreview, IntakeResult, IntakeRow, Problem } from '@junkai/contracts';
import type { ServiceClock } from '../clock.ts';
import { calendarOf, type Calendar, type Change, type Records } from '../registry/index.ts';
import type { Region } from '@junkai/regions';
import { IntakeError } from './intake-error.ts';
import { KnownPeople, personKeys } from './known.ts';
import type { Places } from './places/find.ts';
import type { Grid } from './reader/grid.ts';
import { Readers } from './reader/start.ts';
import { readSheet } from './sheet.ts';

const KEPT_MS = 3_600_000;
const MOST_OF_ONE = 4;
/** Letters of all that wait; two bytes each. */
const MOST_LETTERS = 60_000_000;

interface Waiting {
	readonly id: string;
	readonly by: string;
	readonly grid: Grid;
	readonly letters: number;
	readonly until: number;
	fixes: IntakeFixes;
}

export interface IntakesOptions {
	readonly region: Region;
	readonly places: Places;
	readonly records: Records;
	readonly clock: ServiceClock;
	/** Wall clock, ms. */
	readonly wall?: () => number;
}

/** The body broke its schema: `errors` names each field. */
export interface InvalidBody {
	readonly invalid: NonNullable<Problem['errors']>;
}

export class Intakes {
	readonly #options: IntakesOptions;
	readonly #calendar: Calendar;
	readonly #people: KnownPeople;
	readonly #readers = new Readers();
	readonly #waiting = new Map<string, Waiting>();
	readonly #wall: () => number;
	readonly #sweep: NodeJS.Timeout;
	/** One acceptance after the other: each knows whom the one before it has taken in. */
	#acceptance: Promise<unknown> = Promise.resolve();

	constructor(options: IntakesOptions) {
		this.#options = options;
		this.#calendar = calendarOf(options.region.timeZone);
		this.#people = new KnownPeople(options.records);
		this.#wall = options.wall ?? Date.now;
		this.#sweep = setInterval(() => this.#forgetOld(), 60_000);
		this.#sweep.unref();
	}

	/** How many wait to be accepted. */
	get waiting(): number {
		this.#forgetOld();
		return this.#waiting.size;
	}

	/**
	 * Reads the JSON body of a request for a preview.
	 * @throws {IntakeError} that says what is wrong with the file
	 */
	async preview(body: Uint8Array, by: string): Promise<IntakePreview | InvalidBody> {
		const answer = await this.#readers.read(body);
		if (answer.kind === 'invalid') return { invalid: answer.errors };
		if (answer.kind === 'refused') throw new IntakeError(answer.refusal, answer.message);
		const { grid } = answer;
		const letters = grid.rows.reduce((sum, { cells }) => sum + cells.reduce((length, cell) => length + cell.length, 0), 0);
		const waiting: Waiting = { id: randomUUID(), by, grid, letters, until: this.#wall() + KEPT_MS, fixes: {} };
		this.#makeRoom(waiting);
		this.#waiting.set(waiting.id, waiting);
		return this.#read(waiting);
	}

	/** Reads again with these cells, places and columns; they replace earlier ones. */
	async fix(id: string, fixes: IntakeFixes, by: string): Promise<IntakePreview> {
		const waiting = this.#of(id, by);
		waiting.fixes = fixes;
		return this.#read(waiting);
	}

	/**
	 * Takes all rows in that are not left out.
	 * @throws {IntakeError} `faulty` while one of them is; its `rows` names them
	 */
	takeIn(id: string, by: string): Promise<IntakeResult> {
		const taken = this.#acceptance.then(() => this.#takeIn(id, by));
		this.#acceptance = taken.catch(() => undefined);
		return taken;
	}

	async stop(): Promise<void> {
		clearInterval(this.#sweep);
		this.#waiting.clear();
		await this.#readers.stop();
	}

	async #takeIn(id: string, by: string): Promise<IntakeResult> {
		const waiting = this.#of(id, by);
		// Read anew: a day may have passed, and others take people in as well.
		const { rows, absent } = await this.#read(waiting);
		const wanted = rows.filter((row) => !row.skipped);
		const faulty = wanted.filter((row) => row.patient === null || row.request === null).map(({ row }) => row);
		if (faulty.length > 0) {
			const without = absent.length === 0 ? '' : ` No column gives ${absent.join(', ')}.`;
			throw new IntakeError(
				'faulty',
				`${faulty.length} rows cannot be taken in as they are. Put them right or leave them out.${without}`,
				{ rows: faulty },
			);
		}
		if (wanted.length === 0) throw new IntakeError('nothing-left', 'All rows are left out: there is nothing to take in.');
		const { changes, patients, knownPatients } = await this.#changesOf(wanted);
		const committed = await this.#options.records.commit(changes, by);
		this.#waiting.delete(id);
		return {
			patients,
			knownPatients,
			requests: wanted.length,
			visits: committed.filter(({ kind }) => kind === 'visit').length,
			skipped: rows.length - wanted.length,
		};
	}

	/** A patient for each person who is not kept yet, and a request for each row. */
	async #changesOf(rows: readonly IntakeRow[]): Promise<{ changes: Change[]; patients: number; knownPatients: number }> {
		const numbers = await this.#options.records.reserve('patient', rows.length);
		const byPerson = new Map<string, number>();
		const changes: Change[] = [];
		const known = new Set<number>();
		for (const [at, { patient, request, known: kept, values }] of rows.entries()) {
			const keys = personKeys(values.kana ?? '', values.name ?? '', patient!.birthDate);
			let id = kept ?? keys.map((key) => byPerson.get(key)).find((one) => one !== undefined) ?? null;
			if (kept !== null) known.add(kept);
			if (id === null) {
				id = numbers[at]!;
				changes.push({ kind: 'patient', op: 'create', id, body: patient! });
				for (const key of keys) byPerson.set(key, id);
			}
			changes.push({ kind: 'request', op: 'create', body: { ...request!, patient: id } });
		}
		return { changes, patients: changes.length - rows.length, knownPatients: known.size };
	}

	async #read({ id, grid, fixes }: Waiting): Promise<IntakePreview> {
		const { places, clock } = this.#options;
		const known = await this.#people.now();
		return readSheet(id, grid, fixes, { places, known, today: this.#calendar.dateOf(clock.now()) });
	}

	#of(id: string, by: string): Waiting {
		this.#forgetOld();
		const waiting = this.#waiting.get(id);
		// Whose it is not, to him it is not there.
		if (waiting === undefined || waiting.by !== by) {
			throw new IntakeError(
				'gone',
				'This preview is not kept any more: it was taken in, or an hour has passed. Choose the file again.',
			);
		}
		return waiting;
	}

	#forgetOld(): void {
		for (const { id, until } of this.#waiting.values()) if (until <= this.#wall()) this.#waiting.delete(id);
	}

	/** The oldest of the same person go first; others' stay. */
	#makeRoom({ by, letters }: Waiting): void {
		this.#forgetOld();
		const own = [...this.#waiting.values()].filter((one) => one.by === by);
		const total = () => [...this.#waiting.values()].reduce((sum, one) => sum + one.letters, letters);
		while (own.length > 0 && (own.length >= MOST_OF_ONE || total() > MOST_LETTERS)) this.#waiting.delete(own.shift()!.id);
		if (total() > MOST_LETTERS) throw new IntakeError('busy', 'Too many files wait to be taken in. Try again later.');
	}
}
