/** Whether the server and its parts are up. */
import type { Health } from '@junkai/contracts';
import type { BrokerLink } from './broker/link.ts';
import { FleetServerError, messageOf } from './errors.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { Metrics } from './metrics.ts';
import type { VehicleRegistry } from './store/vehicle-registry.ts';
import type { TelemetryStore } from './telemetry/store.ts';

const VERSION = '0.1.0';
const PATIENCE_MS = 3000;
const processStart = Date.now();

export interface HealthParts {
	link: BrokerLink;
	telemetry: TelemetryStore;
	ingest: Ingest;
	registry: VehicleRegistry;
	metrics: Metrics;
}

/** Reasons for which the server is not up; empty when it is. */
export async function troublesOf({ link, ingest, telemetry }: HealthParts): Promise<string[]> {
	const reasons = [link.trouble(), ingest.trouble, await troubleOf(telemetry)];
	return reasons.filter((reason) => reason !== null);
}

export async function healthOf({ link, telemetry, ingest, registry, metrics }: HealthParts): Promise<Health> {
	const part = (name: string, trouble: string | null) => ({
		name,
		up: trouble === null,
		...(trouble !== null && { detail: trouble }),
	});
	const parts = [
		part(`broker (${link.kind})`, link.trouble()),
		part('records', null),
		part(`telemetry (${telemetry.name})`, ingest.trouble ?? (await troubleOf(telemetry))),
	];
	const vehicles = registry.list();
	const { stored, duplicates, refused } = metrics.totals;
	return {
		status: parts.every(({ up }) => up) ? 'up' : 'degraded',
		version: VERSION,
		uptime: (Date.now() - processStart) / 1000,
		parts,
		vehicles: { known: vehicles.length, online: vehicles.filter((vehicle) => vehicle.link.state === 'online').length },
		ingest: { records: stored, duplicates, refused, queued: ingest.queued },
	};
}

/** A store that hangs is as good as one that is away. */
async function troubleOf(telemetry: TelemetryStore): Promise<string | null> {
	try {
		await withTimeout(telemetry.check(), PATIENCE_MS);
		return null;
	} catch (error) {
		return messageOf(error);
	}
}

/** Rejects after `ms` when the promise has not settled. */
function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(
			() => reject(new FleetServerError('telemetry', `the telemetry store does not answer within ${ms} ms`)),
			ms,
		);
		promise.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}
