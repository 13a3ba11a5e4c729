/** A generated day of care as a problem for the planner: places on the road, matrices of each vehicle class, skills, doctors, coverage. */
import type { PlanProblemInput } from '@junkai/contracts';
import type { Facility, Region, Settlement } from '@junkai/regions';
import { FleetServerError } from '../errors.ts';
import type { Closure, Place, Roads } from '../roads/port.ts';
import { equipment, LUNCH_SECONDS, treatments, type CareDay, type CareVan, type CareVisit } from './care.ts';
import { MEETING_COST, MEETING_POINTS, MEETING_WITHIN_KM, VEHICLE_COSTS } from './costs.ts';
import type { Bilingual, Frame, Matrices, RoadProfile, Spot } from './frame.ts';
import { tablesOf } from './matrices.ts';
import { carriesConsult, signalMap, type SignalMap } from './signal.ts';

/** The problem, matrices and all, and what its numbers mean. Seconds since midnight. */
export interface DayProblem extends Frame {
	readonly day: CareDay;
	/** Time that the roads took for the matrices, ms. */
	readonly tableMs: number;
}

export interface RoadOptions {
	readonly roads: Roads;
	readonly closures?: readonly Closure[];
}

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
	return {
		day,
		problem,
		spots: spots.list,
		profiles: profilesOf(day, options),
		vehicles: day.vans.map(({ id, vehicle, base, shift }) => ({
			id,
			vehicle,
			base: spots.base(base),
			date: '',
			hours: shift,
			driver: null,
			nurse: null,
		})),
		doctors: day.doctors,
		visits: day.visits.map(({ id, need, settlement }) => ({ id, need, spot: spots.settlement(settlement) })),
		tableMs: performance.now() - began,
	};
}

export const placeOf = ({ location }: Spot): Place => location;

const profilesOf = (day: CareDay, { closures = [] }: Pick<RoadOptions, 'closures'>): Record<string, RoadProfile> =>
	Object.fromEntries([...new Set(day.vans.map((van) => van.class))].map((vehicle) => [vehicle, { vehicle, closures }]));

/** Durations and distances between all places, by vehicle class; rounded, and `NO_WAY` where the roads know none. */
export const matricesOf = (day: CareDay, places: readonly Place[], options: RoadOptions): Promise<Matrices> =>
	tablesOf(options.roads, profilesOf(day, options), places);

/** The places of a problem, each once. */
class Spots {
	readonly list: Spot[] = [];
	readonly #index = new Map<string, number>();
	readonly #facilities: ReadonlyMap<string, Facility>;
	readonly #settlements: ReadonlyMap<string, Settlement>;
	readonly #municipalities: ReadonlyMap<string, Bilingual>;

	constructor(region: Region) {
		this.#facilities = new Map(region.facilities.map((one) => [one.id, one]));
		this.#settlements = new Map(region.settlements.map((one) => [one.id, one]));
		this.#municipalities = new Map(region.municipalities.map(({ id, name, romaji }) => [id, { ja: name, en: romaji }]));
	}

	/** Bases have Japanese names only. */
	base(id: string): number {
		const { lon, lat, name, municipality } = known(this.#facilities, id, 'facility');
		return this.#put(id, [lon, lat], { ja: name, en: name }, municipality);
	}

	/** A machine made the Latin names of settlements. */
	settlement(id: string): number {
		const { lon, lat, name, romaji, municipality } = this.of(id);
		return this.#put(id, [lon, lat], { ja: name, en: romaji ?? name }, municipality);
	}

	/** Where patients come to a public building of the settlement. */
	building(id: string): number {
		const { lon, lat, name, romaji, stop, municipality } = this.of(id);
		return this.#put(`${id} building`, [lon, lat], { ja: stop ?? name, en: romaji ?? name }, municipality);
	}

	of(id: string): Settlement {
		return known(this.#settlements, id, 'settlement');
	}

	#put(id: string, location: Place, name: Bilingual, municipality: string): number {
		let index = this.#index.get(id);
		if (index === undefined) {
			index = this.list.push({ location, name, municipality: this.#municipalities.get(municipality) ?? null }) - 1;
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
		costs: VEHICLE_COSTS,
	};
}

function jobOf(visit: CareVisit, spots: Spots, signal: SignalMap): Job {
	const { service, consult, equipment: needed } = treatments[visit.need];
	const settlement = spots.of(visit.settlement);
	const job: Job = {
		id: visit.id,
		location_index: spots.settlement(visit.settlement),
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
			location_index: spots.building(one.id),
			cost: MEETING_COST,
		})),
	};
}
