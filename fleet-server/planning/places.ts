/** Places of a plan in words, each once; and where a consult can be held. */
import type { CarePlace, PlannedStop } from '@junkai/contracts';
import { distanceKm, type Region, type Settlement } from '@junkai/regions';
import { carriesConsult, signalMap, type SignalMap } from '../dispatch/signal.ts';
import type { Bilingual, Spot } from '../dispatch/frame.ts';
import { FleetServerError } from '../errors.ts';
import type { Place } from '../roads/port.ts';

/** Where a visit is made. */
export interface VisitSpot {
	/** In `list`. */
	readonly index: number;
	/** Id of the municipality. */
	readonly municipality: string;
	/** Whether a consult can be held there. */
	readonly signal: boolean;
	readonly near: Settlement;
}

export class Spots {
	readonly list: Spot[] = [];
	readonly #region: Region;
	readonly #signal: SignalMap;
	readonly #index = new Map<string, number>();
	readonly #settlements: ReadonlyMap<string, Settlement>;
	readonly #municipalities: ReadonlyMap<string, Bilingual>;

	constructor(region: Region) {
		this.#region = region;
		this.#signal = signalMap(region);
		this.#settlements = new Map(region.settlements.map((one) => [one.id, one]));
		this.#municipalities = new Map(region.municipalities.map((one) => [one.id, { ja: one.name, en: one.romaji }]));
	}

	/** Throws a FleetServerError of code `config` when the region has no such facility. */
	base(id: string): number {
		const facility = this.#region.facilities.find((one) => one.id === id);
		if (!facility) throw new FleetServerError('config', `the region has no facility "${id}"`);
		const name = { ja: facility.name, en: facility.name };
		return this.#put([facility.lon, facility.lat], name, facility.municipality);
	}

	/** A home, or another address: the stop has the name of its settlement, never an address. */
	care({ settlement: id, location }: Pick<CarePlace, 'settlement' | 'location'>): VisitSpot {
		const near = this.#settlements.get(id ?? '') ?? this.nearest(location);
		return this.#visitSpot(near, this.#put(location, nameOf(near), near.municipality));
	}

	/** The meeting place of a settlement; null when the region has no such settlement. */
	stop(id: string): VisitSpot | null {
		const near = this.#settlements.get(id);
		return near ? this.#visitSpot(near, this.meeting(near)) : null;
	}

	/** A building where a van can stand. */
	meeting(settlement: Settlement): number {
		const { lon, lat, stop, municipality } = settlement;
		const name = nameOf(settlement);
		return this.#put([lon, lat], { ja: stop ?? name.ja, en: name.en }, municipality);
	}

	meetingPoints(near: Settlement, count: number, withinKm: number): number[] {
		return this.#signal.meetingPoints(near, count, withinKm).map((one) => this.meeting(one));
	}

	/** A place of a plan that was published. */
	of({ location, name, municipality }: Pick<PlannedStop, 'location' | 'name' | 'municipality'>): number {
		return this.#add({ location, name, municipality });
	}

	nearest([lon, lat]: Place): Settlement {
		let [best, least] = [this.#region.settlements[0]!, Infinity];
		for (const one of this.#region.settlements) {
			const km = distanceKm([lon, lat], [one.lon, one.lat]);
			if (km < least) [best, least] = [one, km];
		}
		return best;
	}

	municipality(id: string): Bilingual {
		return this.#municipalities.get(id) ?? { ja: id, en: id };
	}

	#visitSpot(near: Settlement, index: number): VisitSpot {
		return { index, near, municipality: near.municipality, signal: carriesConsult(this.#signal.at(near)) };
	}

	#put(location: Place, name: Bilingual, municipality: string): number {
		return this.#add({ location, name, municipality: this.#municipalities.get(municipality) ?? null });
	}

	#add(spot: Spot): number {
		const key = `${spot.location.join()} ${spot.name.ja}`;
		let index = this.#index.get(key);
		if (index === undefined) {
			index = this.list.push(spot) - 1;
			this.#index.set(key, index);
		}
		return index;
	}
}

/** A machine made the Latin names of settlements. */
const nameOf = ({ name, romaji }: Settlement): Bilingual => ({ ja: name, en: romaji ?? name });
