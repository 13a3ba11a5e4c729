/** Plans in the making: asked for, made in a thread from the records, changed, mended, published. */
export { Planning, type PlanningParts } from './planning.ts';
export { PlanningError } from './errors.ts';
export type { PlanningFrame, PlanningVisit, Promised } from './frame.ts';
export { recordsSource } from './source.ts';
