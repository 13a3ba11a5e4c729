/** The clock by which the service runs, reckoned from the server's own clock. */
import type { ServiceClock } from '@junkai/contracts';

/** Service time at a wall-clock time of the server, ms. */
export const serviceTime = ({ startedWall, startedService, speed }: ServiceClock, wall: number): number =>
	startedService + (wall - startedWall) * speed;

/** The reverse: the server's wall clock at a service time, ms. */
export const wallTime = ({ startedWall, startedService, speed }: ServiceClock, service: number): number =>
	startedWall + (service - startedService) / speed;
