/** Chooses the telemetry store by configuration. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ServerOptions } from '../config.ts';
import { sqliteTelemetry } from './sqlite.ts';
import type { ClockCorrection, Latest, TelemetryStore } from './store.ts';

/** Name of the telemetry file within the data folder. */
export const TELEMETRY_FILE = 'telemetry.db';

/** A store that says when it can first be read. */
export interface OpenedTelemetry extends TelemetryStore {
	/** Calls back with what was stored before this run. */
	ready(use: (past: { corrections: ClockCorrection[]; latest: Latest[] }) => void): Promise<void>;
}

export async function openTelemetry(_options: ServerOptions, dataDir: string, _log: Logger): Promise<OpenedTelemetry> {
	const store = await sqliteTelemetry(join(dataDir, TELEMETRY_FILE));
	return {
		...store,
		ready: async (use) => use({ corrections: await store.corrections(), latest: await store.latest() }),
	};
}
