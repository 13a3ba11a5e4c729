/** Days of care for those who plan without a server: the demonstration and the benchmark. */
export * from './care.ts';
export { draftOfPlan, type DraftOptions } from './draft.ts';
export { changesOf, replanOf, type Replan, type ReplanOptions } from './replan.ts';
export { generateDay, type DayOptions } from './generate.ts';
export { matricesOf, placeOf, problemOfDay, type DayProblem, type RoadOptions, type Spot } from './problem.ts';
export { openRoads } from '../roads/open.ts';
export type { Closure, Roads } from '../roads/port.ts';
export { optimize, parseProblem } from '../planner/index.ts';
export { checkPlan } from '../planner/check/index.ts';
