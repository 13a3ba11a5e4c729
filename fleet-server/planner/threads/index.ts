/** Searches on worker threads, for benches that go round the planner's JSON. */
export type { ClassicProblem } from '../search/classic/problem.ts';
export { runIslands } from './islands.ts';
