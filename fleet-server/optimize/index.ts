/** The planner as the command line uses it: in its own process, without a server. */
import type { openRoads as open } from '../roads/open.ts';

export type { Refusal } from './errors.ts';
export { roadAnswers, type RoadConditions, type RoadsAnswers } from './road-answers.ts';
export { refusalOf, solve, type SolveOptions } from './solve.ts';

/** The roads of a data folder or of `OSRM_URL`; loaded only when they are needed. */
export const openRoads: typeof open = async (...options) => (await import('../roads/open.ts')).openRoads(...options);
