/** Who is kept already, for knowing people of a spreadsheet again. Read anew when records were changed. */
import type { VisitRequest } from '@junkai/contracts';
import type { Records } from '../registry/index.ts';
import { kanaKey } from './cells/person.ts';
import { plain } from './cells/cell.ts';

export interface KnownPatient {
	readonly id: number;
	readonly address: string;
	readonly settlement: string | null;
	readonly requests: readonly Pick<VisitRequest, 'id' | 'need' | 'from' | 'until' | 'place'>[];
}
/** By the keys of a person: reading and date of birth, and name and date of birth. */
export type KnownPatients = ReadonlyMap<string, KnownPatient>;

export const personKeys = (kana: string, name: string, birthDate: string): string[] =>
	[kanaKey(kana), plain(name).replaceAll(' ', '')].filter((key) => key !== '').map((key) => `${key} ${birthDate}`);

export class KnownPeople {
	readonly #records: Records;
	#read: Promise<KnownPatients> | null = null;

	constructor(records: Records) {
		this.#records = records;
		records.on('change', (changes) => {
			if (changes.length === 0 || changes.some(({ kind }) => kind === 'patient' || kind === 'request')) this.#read = null;
		});
	}

	/** As they are now. */
	now(): Promise<KnownPatients> {
		this.#read ??= this.#fetch().catch((error: unknown) => {
			this.#read = null;
			throw error;
		});
		return this.#read;
	}

	async #fetch(): Promise<KnownPatients> {
		const [patients, requests] = await Promise.all([
			this.#records.patients.all(),
			this.#records.requests.list({ state: 'open', limit: 1_000_000 }),
		]);
		const byPatient = new Map<number, VisitRequest[]>();
		for (const request of requests) byPatient.set(request.patient, [...(byPatient.get(request.patient) ?? []), request]);
		const known = new Map<string, KnownPatient>();
		for (const { id, name, kana, birthDate, home } of patients) {
			const person: KnownPatient = { id, address: home.address, settlement: home.settlement, requests: byPatient.get(id) ?? [] };
			const reading = kana === null ? '' : kana.family + kana.given;
			for (const key of personKeys(reading, name.family + name.given, birthDate)) known.set(key, person);
		}
		return known;
	}
}
