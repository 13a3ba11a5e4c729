/** Puts together what is made of plans and records beside planning: coverage, rain scenarios, paper, calendars. */
import type { DatabaseSync } from 'node:sqlite';
import type { Region } from '@junkai/regions';
import type { Logger } from 'pino';
import type { ServiceClock } from '../clock.ts';
import type { Publications } from '../day/publications.ts';
import { Calendars } from '../feeds/calendars.ts';
import { Paper, type BoardDayOf } from '../paper/index.ts';
import type { Records } from '../registry/index.ts';
import type { Roads } from '../roads/port.ts';
import type { VehicleRegistry } from '../store/vehicle-registry.ts';
import { Coverage, Scenarios } from './index.ts';

export interface ReachOptions {
	readonly region: Region;
	readonly roads: Roads;
	readonly records: Records;
	readonly registry: VehicleRegistry;
	readonly publications: Publications;
	readonly clock: ServiceClock;
	/** The server's own records. */
	readonly database: DatabaseSync;
	readonly boardDay: BoardDayOf;
	/** Positions are told to everyone who asks. */
	readonly openPositions: boolean;
	readonly log: Logger;
}

export function openReach(options: ReachOptions) {
	const scenarios = new Scenarios(options);
	return {
		coverage: new Coverage(options),
		scenarios,
		paper: new Paper(options),
		calendars: new Calendars(options),
		openPositions: options.openPositions ? options.region.facilities : null,
		close: () => scenarios.close(),
	};
}
