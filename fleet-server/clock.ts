/** The clock by which the service runs: the wall clock, or that of a demonstration, whose day begins when it is told to. */
import type { ServiceClock as ClockFacts } from '@junkai/contracts';
import type { ServerOptions } from './config.ts';

export interface ServiceClock {
	/** How it goes, for those who reckon with it elsewhere. */
	readonly facts: ClockFacts;
	/** Service time now, ms since 1970. */
	now(): number;
	/** Service time at a wall-clock time, and the reverse. */
	toService(wall: number): number;
	toWall(service: number): number;
	/** Wall-clock milliseconds that so many of the service's take, for timers. */
	wallSpan(service: number): number;
}

/** @param wall reads the wall clock, ms since 1970 */
export function createServiceClock(
	{ clockStart, clockSpeed, clockFrom }: Pick<ServerOptions, 'clockStart' | 'clockSpeed' | 'clockFrom'>,
	wall: () => number = Date.now,
): ServiceClock {
	const simulated = clockStart !== undefined;
	const startedWall = clockFrom === undefined ? wall() : Date.parse(clockFrom);
	const startedService = clockStart === undefined ? startedWall : Date.parse(clockStart);
	const facts: ClockFacts = { startedWall, startedService, speed: simulated ? clockSpeed : 1, simulated };
	const toService = (ms: number): number => startedService + (ms - startedWall) * facts.speed;
	return {
		facts,
		now: () => toService(wall()),
		toService,
		toWall: (service) => startedWall + (service - startedService) / facts.speed,
		wallSpan: (service) => service / facts.speed,
	};
}
