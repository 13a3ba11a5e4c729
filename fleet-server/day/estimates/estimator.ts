/** ETAs of every van under way, from where it was last, the roads, its plan and what its crew tells. */
import { EventEmitter } from 'node:events';
import type { PlannedRoute, PublishedPlan, VehicleEstimate, VehicleId } from '@junkai/contracts';
import type { LonLat } from '@junkai/regions';
import type { ServiceClock } from '../../clock.ts';
import type { VehicleRegistry } from '../../store/vehicle-registry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Publications } from '../publications.ts';
import { along } from './along.ts';
import { assumptions, type Assumptions } from './assumptions.ts';
import { roughly, type Detours } from './detours.ts';
import { afterDrive, plus, stillToCome, sure, type Moment } from './moment.ts';
import { roll, type VanNow } from './roll.ts';
import { visiblyOther } from './visible.ts';

export interface EstimatorOptions {
	publications: Publications;
	registry: VehicleRegistry;
	ledger: Ledger;
	clock: ServiceClock;
	detours: Detours;
	isCancelled: (visit: number) => boolean;
	/** Whether a closure in force cuts the way to a stop, behind a share of it. */
	isCut: (route: PlannedRoute, index: number, share: number) => boolean;
	assumed?: Assumptions;
}

/** So far beside its planned way a driving van has left it, km; and so near it is back on it. */
const OFF_KM = 0.5;
const BACK_KM = 0.3;
/** Slower than this it does not drive, m/s. */
const DRIVING = 2;
/** A position is old when it is older than both, ms: of service time, and of the wall clock. */
const OLD_SERVICE_MS = 120_000;
const OLD_WALL_MS = 15_000;
const SECOND = 1000;

/** What is remembered of a van between two positions. */
interface Track {
	/** Plan and stop that it is about. */
	leg: string;
	share: number;
	offRoute: boolean;
	/** Position, service time, of `share`. */
	at: number;
}

interface Standing {
	readonly basis: VehicleEstimate['basis'];
	readonly age: number;
	readonly offRoute: boolean;
	readonly arrival: Moment | null;
}

export class Estimator extends EventEmitter<{ estimate: [estimate: VehicleEstimate] }> {
	readonly #options: EstimatorOptions;
	readonly #assumed: Assumptions;
	readonly #tracks = new Map<VehicleId, Track>();
	#estimates = new Map<VehicleId, VehicleEstimate>();
	readonly #told = new Map<VehicleId, VehicleEstimate>();

	constructor(options: EstimatorOptions) {
		super();
		this.#options = options;
		this.#assumed = options.assumed ?? assumptions;
		options.publications.on('plan', () => this.#tracks.clear());
	}

	/** The newest of each van with a route today, by vehicle. */
	list(): VehicleEstimate[] {
		return [...this.#estimates.values()];
	}

	of(vehicle: VehicleId): VehicleEstimate | undefined {
		return this.#estimates.get(vehicle);
	}

	/** How far a van has come on the way to its next stop, 0 to 1, as far as its positions tell. */
	share(vehicle: VehicleId): number {
		return this.#tracks.get(vehicle)?.share ?? 0;
	}

	/** Reckons all of today's vans anew and tells what people would see to be other than before. */
	compute(): void {
		const { publications, ledger, clock } = this.#options;
		const plan = publications.current();
		const now = clock.now();
		const standings = (plan?.routes ?? []).map((route) => this.#standing(plan!, route, now));
		const vans = (plan?.routes ?? []).map((route, index): VanNow => {
			return {
				route,
				arrival: standings[index]!.arrival,
				delay: ledger.delay(route.vehicle) * 60 * SECOND,
				times: (stop) => ledger.times(route.vehicle, stop),
				drive: (stop) => this.#detour(route, stop),
			};
		});
		const { isCancelled } = this.#options;
		const rolled = roll(vans, { now, entry: (visit) => ledger.entry(visit), isCancelled, assumed: this.#assumed });
		this.#estimates = new Map(
			vans.map(({ route: { vehicle } }, index) => {
				const { basis, age, offRoute } = standings[index]!;
				return [vehicle, { vehicle, computed: Math.round(now), basis, age, offRoute, ...rolled[index]! }];
			}),
		);
		for (const [vehicle, estimate] of this.#estimates) {
			const before = this.#told.get(vehicle);
			if (before && !visiblyOther(before, estimate)) continue;
			this.#told.set(vehicle, estimate);
			this.emit('estimate', estimate);
		}
		for (const vehicle of this.#told.keys()) if (!this.#estimates.has(vehicle)) this.#told.delete(vehicle);
	}

	/** Drive to a stop, ms, when its planned way is cut by a closure and another one is known. */
	#detour(route: PlannedRoute, index: number): number | undefined {
		const { detours, isCut, publications } = this.#options;
		if (!isCut(route, index, 0)) return undefined;
		const seconds = detours.leg(publications.today, route, index);
		return seconds === undefined ? undefined : seconds * SECOND;
	}

	/** Where a van is on its way, and when it will be at its next stop. */
	#standing(plan: PublishedPlan, route: PlannedRoute, now: number): Standing {
		const { registry, clock, ledger } = this.#options;
		const { vehicle, stops, next, reached } = route;
		const position = registry.view(vehicle)?.position;
		const fix: LonLat | null = position?.lat === undefined || position.lon === undefined ? null : [position.lon, position.lat];
		const at = position ? Math.min(clock.toService(position.time), now) : 0;
		const age = position ? Math.max(0, (now - at) / clock.facts.speed) : 0;
		const isOld = now - at > OLD_SERVICE_MS && age > OLD_WALL_MS;
		const left = next > 0 ? ledger.times(vehicle, stops[next - 1]!).left : null;
		const seconds = Math.round(age / SECOND);
		if (reached) {
			this.#tracks.delete(vehicle);
			return { basis: fix === null ? 'plan' : isOld ? 'old-position' : 'position', age: seconds, offRoute: false, arrival: null };
		}
		const way = stops[next]!.way;
		const planned = (way?.duration ?? 0) * SECOND;
		const delay = ledger.delay(vehicle) * 60 * SECOND;
		// A position from before it left says nothing of the drive.
		if (fix === null || (left !== null && at < left) || at < plan.published - 24 * 3_600_000) {
			const drive = this.#detour(route, next) ?? planned;
			const began = left ?? Math.max(stops[next - 1]?.departure ?? stops[0]!.departure, 0);
			const arrival = this.#arrival(sure(began), drive, delay, now);
			return { basis: left === null ? 'plan' : 'crew', age: seconds, offRoute: false, arrival };
		}
		const track = this.#track(plan, route, fix, position!.speed, at);
		const drive = this.#remaining(route, fix, track) ?? planned * (1 - track.share);
		const silent = isOld ? plus(sure(at), 0, this.#assumed.age * (now - at)) : sure(at);
		const arrival = this.#arrival(silent, drive, delay, now);
		return { basis: isOld ? 'old-position' : 'position', age: seconds, offRoute: track.offRoute, arrival };
	}

	/** Drive that is left to a van which cannot go on by its planned way, ms; undefined for one that can, or while it is asked for. */
	#remaining(route: PlannedRoute, fix: LonLat, { offRoute, share }: Track): number | undefined {
		const { detours, isCut } = this.#options;
		if (!offRoute && !isCut(route, route.next, share)) return undefined;
		const to = route.stops[route.next]!.location;
		const seconds = detours.remaining(route.vehicle, fix, to) ?? (offRoute ? roughly(fix, to) : undefined);
		return seconds === undefined ? undefined : seconds * SECOND;
	}

	#arrival(from: Moment, drive: number, delay: number, now: number): Moment {
		const { driveAlone, arrivalSeconds, toldDelay, driveTogether } = this.#assumed;
		const driven = plus(afterDrive(from, drive, driveAlone), delay, arrivalSeconds * SECOND + toldDelay * delay);
		return stillToCome(driven, now, driveTogether);
	}

	#track(plan: PublishedPlan, { vehicle, stops, next }: PlannedRoute, fix: LonLat, speed: number | undefined, at: number): Track {
		const leg = `${plan.id} ${next}`;
		const known = this.#tracks.get(vehicle);
		const before: Track = known?.leg === leg ? known : { leg, share: 0, offRoute: known?.offRoute ?? false, at: 0 };
		if (before.at === at) return before;
		const line = stops[next]!.way?.geometry.coordinates;
		if (!line) return { ...before, at };
		const { share, km } = along(line, fix, before.share);
		const driving = speed === undefined || speed > DRIVING;
		const offRoute = before.offRoute ? km > BACK_KM : km > OFF_KM && driving;
		const track: Track = { leg, share: km > OFF_KM ? before.share : share, offRoute, at };
		this.#tracks.set(vehicle, track);
		return track;
	}
}
