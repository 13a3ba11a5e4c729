/** Who is cut off by closed roads: settlements, people, patients; and which van can still come to whom. */
import type { Isolation, SettlementReach } from '@junkai/contracts';
import type { Settlement } from '@junkai/regions';
import type { Closure, Place, Roads, VehicleClass, VehicleProfile } from '../roads/port.ts';
import type { Nearest, Reach, ReachOf } from './reach.ts';
import { inTwoLanguages } from './places.ts';

/** A van as it can be asked to go somewhere. */
export interface VanPlace {
	readonly vehicle: string;
	readonly name: string;
	/** As a facility of the region; null for one that the region has not. */
	readonly base: Place | null;
	/** Newest position and when it was taken, wall clock. */
	readonly position: { readonly place: Place; readonly time: number } | null;
	readonly profile: VehicleClass | VehicleProfile;
	/** It is in service at the moment that is asked for. */
	readonly inService: boolean;
}

export interface IsolationInput {
	readonly at: number;
	readonly closures: readonly Closure[];
	readonly vans: readonly VanPlace[];
	/** Who lives where. */
	readonly patients: readonly { readonly id: number; readonly settlement: string | null }[];
}

/** A way to hospital that grew by so much is told, minutes. */
const LONGER = 10;
const VANS_TOLD = 5;

export class IsolationStudy {
	readonly #roads: Roads;
	readonly #reach: Reach;

	constructor(roads: Roads, reach: Reach) {
		this.#roads = roads;
		this.#reach = reach;
	}

	/** Rejects with a RoadsError when the roads cannot tell: never a map on which nobody is cut off because nobody knows. */
	async study(input: IsolationInput): Promise<Isolation> {
		const { at, closures } = input;
		const [before, now] = await Promise.all([this.#reach.under([]), this.#reach.under(closures)]);
		const cutOff: [ReachOf, ReachOf][] = [];
		const longer: [ReachOf, ReachOf][] = [];
		let never = 0;
		for (const [i, open] of before.entries()) {
			const then = now[i]!;
			if (open.base === null && open.hospital === null) never++;
			else if (then.base === null && then.hospital === null) cutOff.push([open, then]);
			else if (isLonger(open.hospital, then.hospital)) longer.push([open, then]);
		}
		const affected = [...cutOff, ...longer].map(([, { settlement }]) => settlement);
		const vans = await this.#vans(input.vans, affected, closures);
		const patients = Map.groupBy(input.patients, ({ settlement }) => settlement);
		const row = ([open, then]: [ReachOf, ReachOf]): SettlementReach => ({
			...rowOf(open, then),
			vehicles: vans.toward(then.settlement),
			patients: (patients.get(then.settlement.id) ?? []).map(({ id }) => id),
		});
		const rows = { cutOff: cutOff.map(row).toSorted(byPeople), longer: longer.map(row).toSorted(byPeople) };
		const closed = this.#roads.closed({ closures });
		const sum = (list: readonly SettlementReach[], of: (one: SettlementReach) => number) =>
			list.reduce((total, one) => total + of(one), 0);
		return {
			at,
			closed: closed.edges.length,
			unmatched: closed.unmatchedRules,
			...rows,
			never,
			people: {
				cutOff: sum(rows.cutOff, (one) => one.population),
				over65: sum(rows.cutOff, (one) => one.over65),
				longer: sum(rows.longer, (one) => one.population),
				patients: sum(rows.cutOff, (one) => one.patients.length),
			},
			stranded: vans.stranded,
			vans: vans.places,
		};
	}

	async #vans(vans: readonly VanPlace[], affected: readonly Settlement[], closures: readonly Closure[]) {
		const placed = vans.flatMap((van) => {
			const place = van.position?.place ?? van.base;
			return place === null ? [] : [{ van, place }];
		});
		const checked = placed.length === 0 ? [] : await this.#roads.check(placed.map(({ place }) => place));
		const bases = await this.#basesOnRoad(placed);
		const known = placed.map((one, i) => ({
			...one,
			usable: one.van.inService && checked[i]!.waypoint !== null,
			minutes: new Float64Array(0) as Float64Array,
			stranded: false,
		}));
		const groups = Map.groupBy(
			known.filter(({ usable }) => usable),
			({ van }) => JSON.stringify(van.profile),
		);
		for (const group of groups.values()) {
			const { profile } = group[0]!.van;
			const from = group.map(({ place }) => place);
			const minutes = await this.#reach.minutes(from, affected, closures, profile);
			for (const [row, one] of group.entries()) {
				one.minutes = minutes.subarray(row * affected.length, (row + 1) * affected.length);
			}
			const away = group.flatMap((one) => {
				const base = bases.get(one.van.vehicle);
				return base ? [{ one, base }] : [];
			});
			const home = await this.#waysHome(away, closures, profile);
			for (const [i, { one }] of away.entries()) one.stranded = !home[i];
		}
		const column = new Map(affected.map(({ id }, i) => [id, i]));
		return {
			toward: (settlement: Settlement) =>
				known
					.map((one) => ({ vehicle: one.van.vehicle, minutes: one.minutes[column.get(settlement.id) ?? -1] ?? Infinity }))
					.filter(({ minutes }) => Number.isFinite(minutes))
					.toSorted((a, b) => a.minutes - b.minutes)
					.slice(0, VANS_TOLD)
					.map(({ vehicle, minutes }) => ({ vehicle, minutes: tenth(minutes) })),
			stranded: known.filter((one) => one.stranded).map(({ van }) => van.vehicle),
			places: known.map(({ van, place, usable }) => ({
				vehicle: van.vehicle,
				name: van.name,
				location: [place[0], place[1]] as [number, number],
				from: van.position ? ('position' as const) : ('base' as const),
				time: van.position?.time ?? null,
				usable,
			})),
		};
	}

	/** Bases that have a road: of the others nobody can say whether a van gets back to them. */
	async #basesOnRoad(placed: readonly { van: VanPlace }[]): Promise<ReadonlyMap<string, Place>> {
		const list = placed.flatMap(({ van }) => (van.base && van.position ? [{ vehicle: van.vehicle, base: van.base }] : []));
		if (list.length === 0) return new Map();
		const checked = await this.#roads.check(list.map(({ base }) => base));
		return new Map(list.flatMap(({ vehicle, base }, i) => (checked[i]!.waypoint ? [[vehicle, base] as const] : [])));
	}

	/** Whether each van gets back to its base. */
	async #waysHome(
		away: readonly { one: { place: Place }; base: Place }[],
		closures: readonly Closure[],
		vehicle: VanPlace['profile'],
	): Promise<boolean[]> {
		if (away.length === 0) return [];
		const places = [...away.map(({ one }) => one.place), ...away.map(({ base }) => base)];
		const sources = [...away.keys()];
		const destinations = away.map((_, i) => away.length + i);
		const table = await this.#roads.table({ places, sources, destinations, closures, vehicle });
		return away.map((_, i) => Number.isFinite(table.durations[i * away.length + i]));
	}
}

const isLonger = (open: Nearest | null, then: Nearest | null): boolean =>
	open !== null && (then === null || then.minutes >= open.minutes + LONGER);

const tenth = (minutes: number): number => Math.round(minutes * 10) / 10;

function rowOf(open: ReachOf, { settlement, base, hospital }: ReachOf): Omit<SettlementReach, 'vehicles' | 'patients'> {
	const told = (nearest: Nearest | null) =>
		nearest && { facility: nearest.facility.id, name: nameOfFacility(nearest), minutes: tenth(nearest.minutes) };
	return {
		settlement: settlement.id,
		name: inTwoLanguages(settlement),
		municipality: settlement.municipality,
		location: [settlement.lon, settlement.lat],
		population: settlement.population,
		over65: settlement.over65,
		base: told(base),
		hospital: told(hospital),
		before: open.hospital && tenth(open.hospital.minutes),
	};
}

const nameOfFacility = ({ facility }: Nearest) => ({ ja: facility.name, en: facility.name });

const byPeople = (a: SettlementReach, b: SettlementReach): number =>
	a.municipality.localeCompare(b.municipality) || b.population - a.population;
