/** Chooses the telemetry store by configuration. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ServerOptions } from '../config.ts';
import { messageOf } from '../errors.ts';
import { influxTelemetry } from './influx.ts';
import { sqliteTelemetry } from './sqlite.ts';
import type { ClockCorrection, Latest, TelemetryStore } from './store.ts';

/** Name of the telemetry file within the data folder. */
export const TELEMETRY_FILE = 'telemetry.db';
const RETRY_MS = 2000;

/** What was stored before this run. */
export interface Past {
	corrections: ClockCorrection[];
	latest: Latest[];
}

export function openTelemetry(options: ServerOptions, dataDir: string): Promise<TelemetryStore> {
	if (options.influxUrl !== undefined) return Promise.resolve(influxTelemetry(options.influxUrl));
	return sqliteTelemetry(join(dataDir, TELEMETRY_FILE));
}

/**
 * Hands over what the store holds from before: at once, or, when it cannot be reached yet, as soon as it can. Returns a
 * function that ends the trying.
 */
export async function recall(store: TelemetryStore, use: (past: Past) => void, log: Logger): Promise<() => void> {
	let timer: NodeJS.Timeout | undefined;
	let ended = false;
	const attempt = async (): Promise<void> => {
		try {
			const past = { corrections: await store.corrections(), latest: await store.latest() };
			if (!ended) use(past);
		} catch (error) {
			log.warn({ reason: messageOf(error) }, 'the telemetry store cannot be read yet');
			if (!ended) timer = setTimeout(() => void attempt(), RETRY_MS).unref();
		}
	};
	await attempt();
	return () => {
		ended = true;
		clearTimeout(timer);
	};
}
