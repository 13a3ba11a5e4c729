/**
 * Drives other than planned: of a van that has left its planned way, and of ways that a closure cuts. The roads are asked seldom and
 * never waited for: until they answer, what was known before holds.
 */
import type { CalendarDate, PlannedRoute, VehicleId } from '@junkai/contracts';
import { distanceKm, type LonLat } from '@junkai/regions';
import type { Logger } from 'pino';
import { messageOf } from '../../errors.ts';
import type { Closure, Roads, Travel } from '../../roads/port.ts';

export interface DetoursOptions {
	roads: Roads;
	/** What is closed from now on, at a service time. */
	closures: () => readonly Closure[];
	/** What the vehicle asks of a road. */
	vehicleOf: (vehicle: VehicleId) => Travel['vehicle'];
	log: Logger;
}

interface Asked {
	readonly from: LonLat;
	readonly to: LonLat;
	readonly at: number;
	/** Seconds of driving; null while nothing was answered. */
	readonly duration: number | null;
	readonly pending: boolean;
}

/** A van off its way is asked for again when it is so far from where it was, km, or after so long, ms of wall clock. */
const ASK_AGAIN_KM = 2;
const ASK_AGAIN_MS = 60_000;
/** And not sooner than this. */
const ASK_LEAST_MS = 5000;
/** Questions under way at once: the planner asks the same roads. */
const AT_ONCE = 4;
/** Until the roads answer: so much longer than straight, at so many km/h. Mountain roads. */
const WINDING = 1.5;
const KMH = 35;

export class Detours {
	readonly #options: DetoursOptions;
	readonly #vans = new Map<VehicleId, Asked>();
	/** Seconds of a planned drive under the closures of now; null while it is asked for, or where there is no way. */
	#legs = new Map<string, number | null>();
	#running = 0;

	constructor(options: DetoursOptions) {
		this.#options = options;
	}

	/** Closures or the plan changed: drives are to be asked for again. */
	forget(): void {
		this.#legs = new Map();
		for (const [vehicle, asked] of this.#vans) this.#vans.set(vehicle, { ...asked, at: -Infinity });
	}

	/** Seconds that a van off its way drives to a place, from the newest answer; undefined before there was one. */
	remaining(vehicle: VehicleId, here: LonLat, to: LonLat): number | undefined {
		const asked = this.#vans.get(vehicle);
		const same = asked && distanceKm(asked.to, to) < 0.01 ? asked : undefined;
		const now = performance.now();
		const moved = same ? distanceKm(same.from, here) : Infinity;
		const due = !same || (now - same.at > ASK_LEAST_MS && (moved > ASK_AGAIN_KM || now - same.at > ASK_AGAIN_MS));
		if (due && !same?.pending && this.#running < AT_ONCE) void this.#ask(vehicle, here, to, same?.duration ?? null);
		if (same?.duration == null) return undefined;
		// As much less as it has come nearer since, straight.
		const whole = distanceKm(same.from, to);
		return whole === 0 ? 0 : same.duration * Math.min(1.5, distanceKm(here, to) / whole);
	}

	/** Seconds of the drive to a stop whose planned way is cut; undefined while that is not known. */
	leg(date: CalendarDate, route: PlannedRoute, index: number): number | undefined {
		const key = `${date} ${route.vehicle} ${index}`;
		const known = this.#legs.get(key);
		if (known !== undefined) return known ?? undefined;
		if (this.#running >= AT_ONCE) return undefined;
		this.#legs.set(key, null);
		void this.#leg(key, route, index);
		return undefined;
	}

	async #leg(key: string, route: PlannedRoute, index: number): Promise<void> {
		const legs = this.#legs;
		const duration = await this.#route(route.vehicle, route.stops[index - 1]!.location, route.stops[index]!.location);
		if (duration !== null) legs.set(key, duration);
	}

	async #ask(vehicle: VehicleId, from: LonLat, to: LonLat, before: number | null): Promise<void> {
		const at = performance.now();
		this.#vans.set(vehicle, { from, to, at, duration: before, pending: true });
		const duration = await this.#route(vehicle, from, to);
		this.#vans.set(vehicle, { from, to, at, duration: duration ?? before, pending: false });
	}

	async #route(vehicle: VehicleId, from: LonLat, to: LonLat): Promise<number | null> {
		const { roads, closures, vehicleOf, log } = this.#options;
		this.#running++;
		try {
			const profile = vehicleOf(vehicle);
			const route = await roads.route({
				places: [from, to],
				closures: closures(),
				...(profile !== undefined && { vehicle: profile }),
			});
			return route.duration;
		} catch (error) {
			log.info({ vehicle, reason: messageOf(error) }, 'the roads give no way for an ETA');
			return null;
		} finally {
			this.#running--;
		}
	}
}

/** Seconds from one place to another, without having asked any road. */
export const roughly = (here: LonLat, to: LonLat): number => ((distanceKm(here, to) * WINDING) / KMH) * 3600;
