/** Days of care for those who plan without a server: the demonstration and the benchmark. */
import { pino } from 'pino';
import { openRoads } from '../roads/open.ts';
import type { Roads } from '../roads/port.ts';

export * from './care.ts';
export { drawDraft, type DraftOptions } from './draft.ts';
export { legsBy } from './matrices.ts';
export type { Frame, Spot } from './frame.ts';
export { changesOf, replanOf, type Replan, type ReplanOptions } from './replan.ts';
export { generateDay, type DayOptions } from './generate.ts';
export { matricesOf, placeOf, problemOfDay, type DayProblem, type RoadOptions } from './problem.ts';
export type { Closure, Roads } from '../roads/port.ts';
export { optimize, parseProblem } from '../planner/index.ts';
export { checkPlan } from '../planner/check/index.ts';

/** The roads of a data folder or of an OSRM server, for a program without a log of its own: warnings go to standard error. */
export const roadsOf = (dataDir: string, osrmUrl: string | undefined): Promise<Roads> =>
	openRoads({ dataDir, osrmUrl, log: pino({ name: 'roads', level: 'warn' }, pino.destination(2)) });
