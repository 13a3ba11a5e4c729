/** A day of care as a problem for the planner: places on the road, matrices of each vehicle class, skills, doctors, coverage. */
import { NO_WAY, type PlanProblemInput } from '@junkai/contracts';
import type { Facility, Region, Settlement } from '@junkai/regions';
import { FleetServerError } from '../errors.ts';
import type { Closure, Place, Roads, Table } from '../roads/port.ts';
import { equipment, LUNCH_SECONDS, treatments, type CareDay, type CareVan, type CareVisit } from './care.ts';
import { carriesConsult, signalMap, type SignalMap } from './signal.ts';

/** Asking a patient to come to a covered place costs so much, in the money of the plan (yen). */
const MEETING_COST = 800;
const MEETING_POINTS = 3;
const MEETING_WITHIN_KM = 12;
/** Crew and fuel, yen; assumptions of the demonstration. */
const COSTS = { per_hour: 3600, per_km: 40 };

/** Where a place of the problem is, for people and maps. */
export type Spot = { readonly kind: 'base'; readonly of: Facility } | { readonly kind: 'settlement'; readonly of: Settlement };

/** The problem, and what its indexes mean. */
export interface DayProblem {
	readonly day: CareDay;
	readonly problem: PlanProblemInput;
	/** By `location_index`. */
	readonly spots: readonly Spot[];
	/** Time that the roads took for the matrices, ms. */
	readonly tableMs: number;
}

export interface RoadOptions {
	readonly roads: Roads;
	readonly closures?: readonly Closure[];
}

export const placeOf = ({ of }: Spot): Place => [of.lon, of.lat];

/**
 * The problem of a day. Rejects with a RoadsError when the roads give no answer, and with a FleetServerError of code `config`
 * when the day names a place that the region has not.
 */
export async function problemOfDay(region: Region, day: CareDay, options: RoadOptions): Promise<DayProblem> {
	const spots = new Spots(region);
	const signal = signalMap(region);
	const problem: PlanProblemInput = {
		vehicles: day.vans.map((van) => vehicleOf(van, spots)),
		jobs: day.visits.map((visit) => jobOf(visit, spots, signal)),
		doctors: day.doctors.map(({ id, name, specialties, institution, hours }) => ({
			id,
			description: name.en,
			specialties: [...specialties],
			institution,
			time_windows: hours.map(([from, to]): [number, number] => [from, to]),
		})),
	};
	const began = performance.now();
	problem.matrices = await matricesOf(day, spots.list.map(placeOf), options);
	return { day, problem, spots: spots.list, tableMs: performance.now() - began };
}

/** Durations and distances between all places, by vehicle class; rounded, and `NO_WAY` where the roads know none. */
export async function matricesOf(
	day: CareDay,
	places: readonly Place[],
	{ roads, closures = [] }: RoadOptions,
): Promise<NonNullable<PlanProblemInput['matrices']>> {
	const classes = [...new Set(day.vans.map((van) => van.class))];
	const matrices: NonNullable<PlanProblemInput['matrices']> = {};
	for (const vehicle of classes) {
		const table = await roads.table({ places, vehicle, closures });
		matrices[vehicle] = { durations: square(table, table.durations), distances: square(table, table.distances) };
	}
	return matrices;
}

function square({ rows, columns }: Table, cells: Float64Array): number[][] {
	return Array.from({ length: rows }, (_, row) =>
		Array.from({ length: columns }, (__, column) => {
			const cell = cells[row * columns + column]!;
			return Number.isFinite(cell) ? Math.round(cell) : NO_WAY;
		}),
	);
}

/** The places of a problem, each once. */
class Spots {
	readonly list: Spot[] = [];
	readonly #index = new Map<string, number>();
	readonly #facilities: ReadonlyMap<string, Facility>;
	readonly #settlements: ReadonlyMap<string, Settlement>;

	constructor(region: Region) {
		this.#facilities = new Map(region.facilities.map((one) => [one.id, one]));
		this.#settlements = new Map(region.settlements.map((one) => [one.id, one]));
	}

	base(id: string): number {
		return this.#put(id, () => ({ kind: 'base', of: known(this.#facilities, id, 'facility') }));
	}

	settlement(id: string): number {
		return this.#put(id, () => ({ kind: 'settlement', of: known(this.#settlements, id, 'settlement') }));
	}

	settlementAt(index: number): Settlement {
		const spot = this.list[index];
		if (spot?.kind !== 'settlement') throw new RangeError(`place ${index} is no settlement`);
		return spot.of;
	}

	#put(id: string, make: () => Spot): number {
		let index = this.#index.get(id);
		if (index === undefined) {
			index = this.list.push(make()) - 1;
			this.#index.set(id, index);
		}
		return index;
	}
}

function known<T>(things: ReadonlyMap<string, T>, id: string, what: string): T {
	const thing = things.get(id);
	if (thing === undefined) throw new FleetServerError('config', `the region has no ${what} "${id}"`);
	return thing;
}

type Vehicle = PlanProblemInput['vehicles'][number];
type Job = NonNullable<PlanProblemInput['jobs']>[number];

function vehicleOf(van: CareVan, spots: Spots): Vehicle {
	const base = spots.base(van.base);
	return {
		id: van.id,
		description: van.vehicle,
		profile: van.class,
		start_index: base,
		end_index: base,
		skills: van.equipment.map((one) => equipment[one]),
		time_window: [...van.shift],
		breaks: [{ id: van.id, description: 'lunch', time_windows: [[...van.lunch]], service: LUNCH_SECONDS }],
		costs: COSTS,
	};
}

function jobOf(visit: CareVisit, spots: Spots, signal: SignalMap): Job {
	const { service, consult, equipment: needed } = treatments[visit.need];
	const at = spots.settlement(visit.settlement);
	const settlement = spots.settlementAt(at);
	const job: Job = {
		id: visit.id,
		location_index: at,
		time_windows: [[...visit.window]],
		group: settlement.municipality,
		...(needed === null ? {} : { skills: [equipment[needed]] }),
	};
	if (consult === null) return { ...job, service };
	const { preparation, duration, rest, specialty } = consult;
	const withDoctor: Job = { ...job, consult: { preparation, duration, rest, specialties: [specialty] } };
	if (carriesConsult(signal.at(settlement))) return withDoctor;
	return {
		...withDoctor,
		signal: false,
		meeting_points: signal.meetingPoints(settlement, MEETING_POINTS, MEETING_WITHIN_KM).map((one) => ({
			location_index: spots.settlement(one.id),
			cost: MEETING_COST,
		})),
	};
}
