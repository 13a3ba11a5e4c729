/** Minutes by road from the bases to every settlement, and from every settlement to the hospitals, under a set of closures. */
import type { Facility, Region, Settlement } from '@junkai/regions';
import type { Closure, Place, Roads, VehicleClass, VehicleProfile } from '../roads/port.ts';

export interface Nearest {
	readonly facility: Facility;
	readonly minutes: number;
}

/** Of a settlement: its nearest base and hospital; null where no way leads. */
export interface ReachOf {
	readonly settlement: Settlement;
	readonly base: Nearest | null;
	readonly hospital: Nearest | null;
}

/** Settlements of one table; with a region's facilities it stays within what the roads take. */
const AT_ONCE = 1000;

const placeOf = ({ lon, lat }: { lon: number; lat: number }): Place => [lon, lat];

export class Reach {
	readonly #region: Region;
	readonly #roads: Roads;
	/** What is being asked, by closures: two who ask the same at the same time wait for one answer. The roads remember it. */
	readonly #asked = new Map<string, Promise<readonly ReachOf[]>>();

	constructor(region: Region, roads: Roads) {
		this.#region = region;
		this.#roads = roads;
	}

	/** All settlements of the region, in its order. Rejects with a RoadsError when the roads cannot tell. */
	under(closures: readonly Closure[]): Promise<readonly ReachOf[]> {
		const key = closuresKey(closures);
		const asked = this.#asked.get(key);
		if (asked) return asked;
		const computing = this.#compute(closures).finally(() => this.#asked.delete(key));
		this.#asked.set(key, computing);
		return computing;
	}

	/** Minutes from places to settlements: row by row, `Infinity` where no way leads. Places must lie on a road. */
	async minutes(
		from: readonly Place[],
		to: readonly Settlement[],
		closures: readonly Closure[],
		vehicle: VehicleClass | VehicleProfile = 'van',
	): Promise<Float64Array> {
		const all = new Float64Array(from.length * to.length).fill(Infinity);
		const onRoad = await this.#onRoad();
		const reachable = to.flatMap((one, i) => (onRoad.has(one.id) ? [{ one, i }] : []));
		if (from.length === 0) return all;
		for (let begin = 0; begin < reachable.length; begin += AT_ONCE) {
			const part = reachable.slice(begin, begin + AT_ONCE);
			const places = [...from, ...part.map(({ one }) => placeOf(one))];
			const sources = [...from.keys()];
			const destinations = part.map((_, i) => from.length + i);
			const table = await this.#roads.table({ places, sources, destinations, closures, vehicle });
			for (const row of sources) {
				for (const [column, { i }] of part.entries()) {
					all[row * to.length + i] = table.durations[row * part.length + column]! / 60;
				}
			}
		}
		return all;
	}

	/** Ids of settlements and facilities that lie on a road of the map in use; it may be another one the next time. */
	async #onRoad(): Promise<ReadonlySet<string>> {
		const all = [...this.#region.settlements, ...this.#region.facilities];
		const checked = await this.#roads.check(all.map(placeOf));
		return new Set(all.flatMap(({ id }, i) => (checked[i]?.waypoint ? [id] : [])));
	}

	async #compute(closures: readonly Closure[]): Promise<readonly ReachOf[]> {
		const { settlements, facilities } = this.#region;
		const onRoad = await this.#onRoad();
		const bases = facilities.filter((one) => one.roles.includes('vehicle-base') && onRoad.has(one.id));
		const hospitals = facilities.filter((one) => one.kind === 'hospital' && onRoad.has(one.id));
		const fromBases = await this.minutes(bases.map(placeOf), settlements, closures);
		const toHospitals = await this.#toHospitals(hospitals, closures);
		return settlements.map((settlement, i) => ({
			settlement,
			base: nearest(bases, (row) => fromBases[row * settlements.length + i]!),
			hospital: nearest(hospitals, (column) => toHospitals[i * hospitals.length + column]!),
		}));
	}

	async #toHospitals(hospitals: readonly Facility[], closures: readonly Closure[]): Promise<Float64Array> {
		const { settlements } = this.#region;
		const all = new Float64Array(settlements.length * hospitals.length).fill(Infinity);
		const onRoad = await this.#onRoad();
		const from = settlements.flatMap((one, i) => (onRoad.has(one.id) ? [{ one, i }] : []));
		if (hospitals.length === 0) return all;
		for (let begin = 0; begin < from.length; begin += AT_ONCE) {
			const part = from.slice(begin, begin + AT_ONCE);
			const places = [...part.map(({ one }) => placeOf(one)), ...hospitals.map(placeOf)];
			const sources = [...part.keys()];
			const destinations = hospitals.map((_, i) => part.length + i);
			const table = await this.#roads.table({ places, sources, destinations, closures });
			for (const [row, { i }] of part.entries()) {
				for (const column of hospitals.keys()) {
					all[i * hospitals.length + column] = table.durations[row * hospitals.length + column]! / 60;
				}
			}
		}
		return all;
	}
}

function nearest(list: readonly Facility[], minutesOf: (index: number) => number): Nearest | null {
	let best: Nearest | null = null;
	for (const [i, facility] of list.entries()) {
		const minutes = minutesOf(i);
		if (minutes < (best?.minutes ?? Infinity)) best = { facility, minutes };
	}
	return best;
}

/** The same for closures that close the same, whatever they are called and however long they hold. */
export function closuresKey(closures: readonly Closure[]): string {
	const facts = closures.map((one) => ('edges' in one ? one.edges : 'polygon' in one ? one.polygon : one.rain));
	return JSON.stringify([...new Set(facts.map((one) => JSON.stringify(one)))].toSorted());
}
