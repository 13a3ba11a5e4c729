/** The planner as the command line uses it: in its own process, without a server. */
import type { Logger } from 'pino';
import type { Roads } from '../roads/port.ts';

export type { Refusal } from './errors.ts';
export { roadAnswers, type RoadConditions, type RoadsAnswers } from './road-answers.ts';
export { refusalOf, solve, type SolveOptions } from './solve.ts';

/**
 * The roads as a server with these environment variables would have them; loaded only when they are needed. Rejects with a
 * RoadsError when there are none, and a FleetServerError of code `config` when a variable is wrong.
 */
export async function roadsOf(env: NodeJS.ProcessEnv, dataDir: string, log: Logger): Promise<Roads> {
	const [{ optionsFromEnv }, { openRoads }] = await Promise.all([import('../config.ts'), import('../roads/open.ts')]);
	const options = optionsFromEnv(env, { dataDir });
	return openRoads({ ...options, osrmRainMm: options.osrmRain, log });
}
