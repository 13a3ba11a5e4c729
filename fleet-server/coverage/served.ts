/** People within some minutes of a planned stop, and visits against need: by settlement, municipality and month. */
import type { CalendarDate, CoverageReport, FairnessTable, Visit } from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import { carriesConsult, signalMap, type SignalMap } from '../dispatch/signal.ts';
import type { Records } from '../registry/index.ts';
import type { Roads } from '../roads/port.ts';
import { RoadsError } from '../roads/roads-error.ts';
import { placedVisits } from './placed-visits.ts';
import { inTwoLanguages, type PlaceIndex } from './places.ts';
import type { PlannedPlace, PlannedStops } from './planned-stops.ts';
import type { Reach } from './reach.ts';

type Area = CoverageReport['areas'][number];

/** Areas that are remembered, each a few kilobytes. */
const AREAS_KEPT = 2000;
/** The map may be replaced: an area is drawn anew after this long, ms. */
const AREAS_FOR = 600_000;
/** Areas that are drawn: more hide the map. */
const AREAS_DRAWN = 300;
/** Stops of one table. */
const STOPS_AT_ONCE = 200;
const AT_ONCE = 4;

export interface ServedParts {
	readonly region: Region;
	readonly roads: Roads;
	readonly reach: Reach;
	readonly records: Records;
	readonly places: PlaceIndex;
	readonly stops: PlannedStops;
}

export class Served {
	readonly #parts: ServedParts;
	readonly #signal: SignalMap;
	/** By place and minutes, least recently used first; null: nothing is within reach. */
	readonly #areas = new Map<string, Promise<Area | null>>();

	constructor(parts: ServedParts) {
		this.#parts = parts;
		this.#signal = signalMap(parts.region);
	}

	/** Rejects with a RoadsError when the roads cannot tell. */
	async coverage(from: CalendarDate, until: CalendarDate, minutes: number): Promise<CoverageReport> {
		const { region, records, places, stops } = this.#parts;
		const { days, places: planned } = await stops.between(from, until);
		const nearest = await this.#minutesFrom(planned);
		const drawn = planned.toSorted((a, b) => b.visits - a.visits).slice(0, AREAS_DRAWN);
		const areas = await this.#areasOf(drawn, minutes);
		const visits = await placedVisits(records, places, await records.visits.between(from, until));
		const settlements = region.settlements.map((one, i) => ({
			id: one.id,
			name: inTwoLanguages(one),
			municipality: one.municipality,
			location: [one.lon, one.lat] as [number, number],
			population: one.population,
			over65: one.over65,
			minutes: Number.isFinite(nearest[i]) ? Math.round(nearest[i]! * 10) / 10 : null,
			signal: this.#signal.at(one),
		}));
		const within = (one: (typeof settlements)[number]) => one.minutes !== null && one.minutes <= minutes;
		const bySettlement = Map.groupBy(settlements, ({ municipality }) => municipality);
		const byMunicipality = Map.groupBy(visits, ({ settlement }) => settlement?.municipality ?? '');
		const municipalities = region.municipalities.flatMap((municipality) => {
			const own = bySettlement.get(municipality.id) ?? [];
			const made = (byMunicipality.get(municipality.id) ?? []).map(({ visit }) => visit);
			if (own.length === 0 && made.length === 0) return [];
			return [
				{
					id: municipality.id,
					name: inTwoLanguages(municipality),
					...peopleOf(own, within),
					visits: made.filter((visit) => isPlanned(visit) && between(visit.planned?.date, from, until)).length,
					done: made.filter(({ state }) => state === 'done').length,
					need: made.filter(({ state }) => state !== 'cancelled').length,
					radioGaps: own.filter(({ signal }) => !carriesConsult(signal)).length,
				},
			];
		});
		return {
			from,
			until,
			minutes,
			basis: areas === null ? 'table' : 'areas',
			planned: days,
			stops: planned.map(({ location, name, visits: count }) => ({ location, name, visits: count })),
			areas: areas ?? [],
			municipalities,
			settlements: settlements.toSorted((a, b) => a.municipality.localeCompare(b.municipality)),
			total: peopleOf(settlements, within),
		};
	}

	async fairness(from: CalendarDate, until: CalendarDate): Promise<FairnessTable> {
		const { region, records, places } = this.#parts;
		const months = monthsOf(from, until);
		const all = await records.visits.between(from, null);
		// A visit counts once, in the month of its first day, so that needed, planned and done go together.
		const due = all.filter((visit) => between(visit.from, from, until) && visit.state !== 'cancelled');
		const visits = await placedVisits(records, places, due);
		const byMunicipality = Map.groupBy(visits, ({ settlement }) => settlement?.municipality ?? '');
		const cellsOf = (id: string) =>
			months.map((month) => {
				const own = (byMunicipality.get(id) ?? []).filter(({ visit }) => visit.from.startsWith(month));
				return {
					need: own.length,
					planned: own.filter(({ visit }) => isPlanned(visit)).length,
					done: own.filter(({ visit }) => visit.state === 'done').length,
				};
			});
		const served = new Set(region.settlements.map(({ municipality }) => municipality));
		const rows = region.municipalities
			.filter(({ id }) => served.has(id) || byMunicipality.has(id))
			.map((municipality) => ({
				id: municipality.id,
				name: inTwoLanguages(municipality),
				over65: region.settlements.reduce((sum, one) => sum + (one.municipality === municipality.id ? one.over65 : 0), 0),
				location: [municipality.hall.lon, municipality.hall.lat] as [number, number],
				cells: cellsOf(municipality.id),
			}));
		return { months, rows, elsewhere: byMunicipality.has('') ? cellsOf('') : null };
	}

	/** Minutes from the nearest stop to each settlement, in the region's order. */
	async #minutesFrom(planned: readonly PlannedPlace[]): Promise<Float64Array> {
		const { region, roads, reach } = this.#parts;
		const least = new Float64Array(region.settlements.length).fill(Infinity);
		if (planned.length === 0) return least;
		const checked = await roads.check(planned.map(({ location }) => location));
		const from = planned.filter((_, i) => checked[i]!.waypoint !== null).map(({ location }) => location);
		for (let begin = 0; begin < from.length; begin += STOPS_AT_ONCE) {
			const part = from.slice(begin, begin + STOPS_AT_ONCE);
			const minutes = await reach.minutes(part, region.settlements, []);
			for (const [at, value] of minutes.entries()) {
				const column = at % least.length;
				if (value < least[column]!) least[column] = value;
			}
		}
		return least;
	}

	/** Null when the road engine draws no areas. */
	async #areasOf(planned: readonly PlannedPlace[], minutes: number): Promise<Area[] | null> {
		const found: (Area | null)[] = [];
		const queue = [...planned.entries()];
		const worker = async (): Promise<void> => {
			for (let next = queue.shift(); next; next = queue.shift()) found[next[0]] = await this.#area(next[1].location, minutes);
		};
		try {
			await Promise.all(Array.from({ length: AT_ONCE }, worker));
		} catch (error) {
			if (error instanceof RoadsError && error.fault === 'unsupported') return null;
			throw error;
		}
		return found.filter((area) => area !== null);
	}

	#area(location: readonly [number, number], minutes: number): Promise<Area | null> {
		const key = `${Math.floor(performance.now() / AREAS_FOR)} ${minutes} ${location[0]},${location[1]}`;
		const known = this.#areas.get(key) ?? this.#draw(location, minutes);
		this.#areas.delete(key);
		this.#areas.set(key, known);
		known.catch(() => this.#areas.delete(key));
		for (const oldest of this.#areas.keys()) {
			if (this.#areas.size <= AREAS_KEPT) break;
			this.#areas.delete(oldest);
		}
		return known;
	}

	async #draw(place: readonly [number, number], minutes: number): Promise<Area | null> {
		try {
			return (await this.#parts.roads.isochrone({ place, minutes: [minutes] })).features[0]?.geometry ?? null;
		} catch (error) {
			if (error instanceof RoadsError && error.fault === 'off-road') return null;
			throw error;
		}
	}
}

/** It has its place in a plan, whatever became of it. */
const isPlanned = ({ planned, state }: Visit): boolean => planned !== null && state !== 'cancelled' && state !== 'open';

const between = (date: CalendarDate | undefined, from: CalendarDate, until: CalendarDate): boolean =>
	date !== undefined && date >= from && date <= until;

function peopleOf<T extends { population: number; over65: number }>(list: readonly T[], within: (one: T) => boolean) {
	const total = { population: 0, over65: 0, reached: 0, reachedOver65: 0 };
	for (const one of list) {
		total.population += one.population;
		total.over65 += one.over65;
		if (!within(one)) continue;
		total.reached += one.population;
		total.reachedOver65 += one.over65;
	}
	return total;
}

/** `2026-11` for each month that a period touches. */
function monthsOf(from: CalendarDate, until: CalendarDate): string[] {
	const months: string[] = [];
	for (let [year, month] = from.split('-').map(Number) as [number, number]; ; month++) {
		if (month > 12) [year, month] = [year + 1, 1];
		const text = `${year}-${String(month).padStart(2, '0')}`;
		if (text > until.slice(0, 7)) return months;
		months.push(text);
	}
}
