/** The clock by which the service runs: the wall clock, or that of a demonstration, whose day begins when it is told to. */
import { EventEmitter } from 'node:events';
import type { ServiceClock as ClockFacts } from '@junkai/contracts';
import type { ServerOptions } from './config.ts';
import { FleetServerError } from './errors.ts';

export interface ServiceClock extends EventEmitter<{ change: [facts: ClockFacts] }> {
	/** How it goes, for those who reckon with it elsewhere. Of a demonstration it changes when the clock is set. */
	readonly facts: ClockFacts;
	/** Service time now, ms since 1970. */
	now(): number;
	/** Service time at a wall-clock time, and the reverse. */
	toService(wall: number): number;
	toWall(service: number): number;
	/** Wall-clock milliseconds that so many of the service's take, for timers. */
	wallSpan(service: number): number;
	/**
	 * Sets a demonstration's clock forward, or changes its speed; tells `change`.
	 * @throws {FleetServerError} `conflict` when the service runs by the wall clock, or when time would go back
	 */
	set(wanted: { now?: number | undefined; speed?: number | undefined }): ClockFacts;
}

/** @param wall reads the wall clock, ms since 1970 */
export const createServiceClock = (
	options: Pick<ServerOptions, 'clockStart' | 'clockSpeed' | 'clockFrom'>,
	wall: () => number = Date.now,
): ServiceClock => new Clock(options, wall);

class Clock extends EventEmitter<{ change: [facts: ClockFacts] }> implements ServiceClock {
	readonly #wall: () => number;
	#facts: ClockFacts;
	/** How it went before it was set; the oldest first. What vans sent then keeps the time that it had then. */
	readonly #before: ClockFacts[] = [];

	constructor({ clockStart, clockSpeed, clockFrom }: Parameters<typeof createServiceClock>[0], wall: () => number) {
		super();
		this.#wall = wall;
		const simulated = clockStart !== undefined;
		const startedWall = clockFrom === undefined ? wall() : Date.parse(clockFrom);
		const startedService = clockStart === undefined ? startedWall : Date.parse(clockStart);
		this.#facts = { startedWall, startedService, speed: simulated ? clockSpeed : 1, simulated };
	}

	get facts(): ClockFacts {
		return this.#facts;
	}

	now(): number {
		return this.toService(this.#wall());
	}

	toService(ms: number): number {
		const { startedWall, startedService, speed } = this.#at((facts) => facts.startedWall <= ms);
		return startedService + (ms - startedWall) * speed;
	}

	toWall(service: number): number {
		const { startedWall, startedService, speed } = this.#at((facts) => facts.startedService <= service);
		return startedWall + (service - startedService) / speed;
	}

	wallSpan(service: number): number {
		return service / this.#facts.speed;
	}

	set({ now, speed }: { now?: number | undefined; speed?: number | undefined }): ClockFacts {
		if (!this.#facts.simulated)
			throw new FleetServerError('conflict', 'the service runs by the wall clock; only the clock of a demonstration can be set');
		const startedWall = this.#wall();
		const present = this.toService(startedWall);
		if (now !== undefined && now < present)
			throw new FleetServerError('conflict', 'the clock of a demonstration goes forward only: what has happened has happened');
		this.#before.push(this.#facts);
		this.#facts = { startedWall, startedService: now ?? present, speed: speed ?? this.#facts.speed, simulated: true };
		this.emit('change', this.#facts);
		return this.#facts;
	}

	/** The stretch of the clock in which a moment lies; the first one for what was before it. */
	#at(hasBegun: (facts: ClockFacts) => boolean): ClockFacts {
		if (hasBegun(this.#facts)) return this.#facts;
		return this.#before.findLast(hasBegun) ?? this.#before[0] ?? this.#facts;
	}
}
