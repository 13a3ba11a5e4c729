/** All crews of a simulation by the service clock: orders come, roads close, vans break down, and every van's day follows. */
import type { CrewReport, PlannedRoute, ServiceClock } from '@junkai/contracts';
import type { Coverage, LonLat, Region } from '@junkai/regions';
import { carryOn, crewWorld, newCrew, reportsOf, type Crew, type CrewWorld } from './crews.ts';
import type { DayPlan } from './journey.ts';
import { seedOf } from './random.ts';

/** A day that does not repeat, s. */
const ONCE = 1e9;
const DAY_MS = 86_400_000;

/** What a van is told to do: its route in a plan, null when it has none there. */
export interface Orders {
	readonly revision: number;
	readonly route: PlannedRoute | null;
}

export interface FleetAtWorkOptions {
	readonly region: Region;
	readonly coverage: Coverage;
	readonly clock: ServiceClock;
	readonly seed: number;
	/** Wall clock, ms since 1970. */
	readonly now?: () => number;
	/** The days of vans changed. */
	readonly onDays: (days: ReadonlyMap<string, DayPlan>) => void;
}

export class FleetAtWork {
	readonly #options: FleetAtWorkOptions;
	readonly #wall: () => number;
	#world: CrewWorld;
	#clock: ServiceClock;
	#crews: Crew[] = [];
	/** Up to when each crew's reports were given out, seconds of the schedule. */
	readonly #told = new Map<string, number>();

	constructor(options: FleetAtWorkOptions) {
		this.#options = options;
		this.#wall = options.now ?? Date.now;
		this.#clock = options.clock;
		// The schedule begins a day before the clock: plans that began some hours ago have room in it.
		this.#world = crewWorld(options.region, options.coverage, options.clock.startedService - DAY_MS);
	}

	get crews(): readonly Crew[] {
		return this.#crews;
	}

	/** Service time of second 0 of the crews' legs and events, ms since 1970. */
	get origin(): number {
		return this.#world.origin;
	}

	/** Service time now, ms since 1970. */
	get now(): number {
		const { startedWall, startedService, speed } = this.#clock;
		return startedService + (this.#wall() - startedWall) * speed;
	}

	/** Adds a van that stands somewhere; with orders it is where they say that it is by now. */
	add(vehicle: string, at: LonLat, name: string, orders: Orders | null): void {
		const crew = newCrew(vehicle, seedOf(this.#options.seed, vehicle), at, name, this.#world);
		const told = orders?.route ? this.#second(Math.min(this.now, orders.route.stops[0]!.arrival)) : this.#second(this.now);
		this.#told.set(vehicle, told);
		this.#crews.push({ ...crew, ...orders });
	}

	/** Works all days out from the beginning of the plan: everyone has kept to the orders until now. */
	begin(): void {
		const first = Math.min(...this.#told.values());
		this.#follow(first);
	}

	/** A van got other orders; with its first ones it stands where they begin. */
	order(vehicle: string, orders: Orders): void {
		const start = orders.route?.stops[0];
		if (start && !this.#crews.some((crew) => crew.vehicle === vehicle)) this.add(vehicle, start.location, start.name.ja, null);
		this.#change(vehicle, (crew) => ({ ...crew, ...orders }));
	}

	/** A van stands where it is and goes no further. */
	breakDown(vehicle: string): void {
		this.#change(vehicle, (crew) => ({ ...crew, broken: true }));
	}

	/** Barriers stand on these edges from now on, and on no others. */
	close(edges: readonly string[]): void {
		const before = this.#world.closed;
		if (edges.length === before.size && edges.every((edge) => before.has(edge))) return;
		this.#world = { ...this.#world, closed: new Set(edges) };
		this.#follow(this.#second(this.now));
	}

	/** The clock was set, or runs at another speed. */
	setClock(clock: ServiceClock): void {
		const { startedWall, startedService, speed } = this.#clock;
		if (clock.startedWall === startedWall && clock.startedService === startedService && clock.speed === speed) return;
		this.#clock = clock;
		this.#tell();
	}

	/** What a crew has to tell since this was asked for the last time; it is given out once. */
	takeReports(vehicle: string): CrewReport[] {
		const crew = this.#crews.find((one) => one.vehicle === vehicle);
		const until = this.#second(this.now);
		const after = this.#told.get(vehicle) ?? until;
		this.#told.set(vehicle, until);
		return crew ? reportsOf(crew, after, until, this.#world.origin) : [];
	}

	#second(ms: number): number {
		return (ms - this.#world.origin) / 1000;
	}

	#change(vehicle: string, change: (crew: Crew) => Crew): void {
		this.#crews = this.#crews.map((crew) => (crew.vehicle === vehicle ? change(crew) : crew));
		this.#follow(this.#second(this.now));
	}

	#follow(from: number): void {
		this.#crews = carryOn(this.#crews, from, this.#world);
		this.#tell();
	}

	#tell(): void {
		const { startedWall, startedService, speed } = this.#clock;
		const startedAt = startedWall + (this.#world.origin - startedService) / speed;
		this.#options.onDays(
			new Map(
				this.#crews.map(({ vehicle, seed, legs }): [string, DayPlan] => [
					vehicle,
					{ seed, round: null, startedAt, offset: 0, speedUp: speed, period: ONCE, legs: [...legs] },
				]),
			),
		);
	}
}
