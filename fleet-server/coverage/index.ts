/** Who is reached, who is cut off, who is served. */
import type { CalendarDate, CoverageReport, FairnessTable, FleetVehicle, Isolation } from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import type { ServiceClock } from '../clock.ts';
import type { Publications } from '../day/publications.ts';
import { closuresWithin } from '../planning/closures.ts';
import type { Records } from '../registry/index.ts';
import { vehicleClasses, type Closure, type Place, type Roads, type VehicleProfile } from '../roads/port.ts';
import type { VehicleRegistry } from '../store/vehicle-registry.ts';
import { Homes } from './homes.ts';
import { IsolationStudy, type VanPlace } from './isolation.ts';
import { placeIndex } from './places.ts';
import { PlannedStops } from './planned-stops.ts';
import { Reach } from './reach.ts';
import { Served } from './served.ts';

export { Scenarios } from './scenarios.ts';

export interface CoverageParts {
	readonly region: Region;
	readonly roads: Roads;
	readonly records: Records;
	readonly registry: VehicleRegistry;
	readonly publications: Publications;
	readonly clock: ServiceClock;
}

export interface IsolationQuery {
	/** Service time; now when absent. */
	readonly at?: number | undefined;
	/** As if so much rain had fallen, beside what is closed: since it began, and within an hour. */
	readonly mm?: number | undefined;
	readonly hourMm?: number | undefined;
}

export class Coverage {
	readonly #parts: CoverageParts;
	readonly #study: IsolationStudy;
	readonly #homes: Homes;
	readonly #served: Served;

	constructor(parts: CoverageParts) {
		this.#parts = parts;
		const { region, roads, records, publications } = parts;
		const reach = new Reach(region, roads);
		const places = placeIndex(region);
		this.#study = new IsolationStudy(roads, reach);
		this.#homes = new Homes(records, places);
		const stops = new PlannedStops(publications, records.calendar);
		this.#served = new Served({ region, roads, reach, records, places, stops });
	}

	/** Rejects with a RoadsError when the roads cannot tell. */
	async isolation({ at, mm, hourMm }: IsolationQuery): Promise<Isolation> {
		const { region, records, clock } = this.#parts;
		const moment = Math.round(at ?? clock.now());
		const inForce = await records.closures.between(moment);
		const closures: Closure[] = closuresWithin(records.facts, inForce, moment, moment);
		if (mm !== undefined || hourMm !== undefined) {
			closures.push({ id: 'rain asked for', rain: { ...(mm !== undefined && { mm }), ...(hourMm !== undefined && { hourMm }) } });
		}
		const [vans, patients] = await Promise.all([this.#vans(moment), this.#homes.all()]);
		const found = await this.#study.study({ at: moment, closures, vans, patients });
		// A rule that was chosen by hand for a road which the map does not hold closes nothing there; it must be told all the same.
		const chosen = inForce.flatMap(({ shape }) => (shape.kind === 'rules' ? shape.rules : []));
		const empty = chosen.filter((id) => region.closures.find((rule) => rule.id === id)?.edges.length === 0);
		return { ...found, unmatched: [...new Set([...found.unmatched, ...empty])] };
	}

	coverage(from: CalendarDate, until: CalendarDate, minutes: number): Promise<CoverageReport> {
		return this.#served.coverage(from, until, minutes);
	}

	fairness(from: CalendarDate, until: CalendarDate): Promise<FairnessTable> {
		return this.#served.fairness(from, until);
	}

	async #vans(at: number): Promise<VanPlace[]> {
		const { region, records, registry } = this.#parts;
		const facilities = new Map(region.facilities.map(({ id, lon, lat }): [string, Place] => [id, [lon, lat]]));
		return (await records.fleet.all()).map((one): VanPlace => {
			const fix = registry.view(one.vehicle)?.position;
			const heard = fix?.lon !== undefined && fix.lat !== undefined;
			return {
				vehicle: one.vehicle,
				name: one.name,
				base: facilities.get(one.base) ?? null,
				position: heard ? { place: [fix.lon!, fix.lat!], time: fix.time } : null,
				profile: profileOf(one),
				inService: !one.outages.some(({ from, until }) => from <= at && (until === null || until > at)),
			};
		});
	}
}

const profileOf = ({ class: of, size }: FleetVehicle): VehicleProfile => ({ ...vehicleClasses[of], ...size });
