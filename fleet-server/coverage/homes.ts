/** In which settlement each patient lives, kept in memory and brought up to date as records change. */
import type { Patient } from '@junkai/contracts';
import type { Records } from '../registry/index.ts';
import type { PlaceIndex } from './places.ts';

export interface Home {
	readonly id: number;
	/** Null: no settlement of the region is near. */
	readonly settlement: string | null;
}

export class Homes {
	readonly #records: Records;
	readonly #places: PlaceIndex;
	readonly #changed = new Set<number>();
	#known: Promise<Map<number, Home>> | undefined;

	constructor(records: Records, places: PlaceIndex) {
		this.#records = records;
		this.#places = places;
		records.on('change', (changes) => {
			for (const { kind, id } of changes) if (kind === 'patient') this.#changed.add(id);
		});
	}

	async all(): Promise<Home[]> {
		const known = await (this.#known ??= this.#read());
		const changed = [...this.#changed];
		this.#changed.clear();
		if (changed.length > 0) {
			for (const id of changed) known.delete(id);
			for (const patient of await this.#records.patients.find(changed)) known.set(patient.id, this.#homeOf(patient));
		}
		return [...known.values()];
	}

	#read(): Promise<Map<number, Home>> {
		const reading = this.#records.patients.all().then((all) => new Map(all.map((one) => [one.id, this.#homeOf(one)])));
		reading.catch(() => (this.#known = undefined));
		return reading;
	}

	#homeOf({ id, home }: Patient): Home {
		return { id, settlement: this.#places.settlementOf(home)?.id ?? null };
	}
}
