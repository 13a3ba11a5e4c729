/** Whether the server and its parts are up. */
import type { Health } from '@junkai/contracts';
import type { BrokerLink } from './broker/link.ts';
import { FleetServerError, messageOf } from './errors.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { Metrics } from './metrics.ts';
import type { Roads } from './roads/port.ts';
import { RoadsError } from './roads/roads-error.ts';
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
	roads: Roads;
}

/** Reasons for which the server is not up; empty when it is. */
export async function troublesOf({ link, ingest, telemetry }: HealthParts): Promise<string[]> {
	const reasons = [link.trouble(), ingest.trouble, await troubleOf(telemetry)];
	return reasons.filter((reason) => reason !== null);
}

export async function healthOf({ link, telemetry, ingest, registry, metrics, roads }: HealthParts): Promise<Health> {
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
	const road = await roadsTrouble(roads);
	const vehicles = registry.list();
	const { stored, duplicates, refused } = metrics.totals;
	return {
		// A server without a map is whole: it only cannot plan. One whose engine is ill is not.
		status: parts.every(({ up }) => up) && !road.ill ? 'up' : 'degraded',
		version: VERSION,
		uptime: (Date.now() - processStart) / 1000,
		parts: [...parts, part(`roads (${roads.engine})`, road.trouble)],
		vehicles: { known: vehicles.length, online: vehicles.filter((vehicle) => vehicle.link.state === 'online').length },
		ingest: { records: stored, duplicates, refused, queued: ingest.queued },
	};
}

async function roadsTrouble(roads: Roads): Promise<{ trouble: string | null; ill: boolean }> {
	try {
		await withTimeout(
			roads.ready(),
			PATIENCE_MS,
			() => new RoadsError('timeout', `the roads do not answer within ${PATIENCE_MS} ms`),
		);
		return { trouble: null, ill: false };
	} catch (error) {
		return { trouble: messageOf(error), ill: !(error instanceof RoadsError && error.fault === 'no-tiles') };
	}
}

/** A store that hangs is as good as one that is away. */
async function troubleOf(telemetry: TelemetryStore): Promise<string | null> {
	try {
		await withTimeout(
			telemetry.check(),
			PATIENCE_MS,
			() => new FleetServerError('telemetry', `the telemetry store does not answer within ${PATIENCE_MS} ms`),
		);
		return null;
	} catch (error) {
		return messageOf(error);
	}
}

/** Rejects after `ms` when the promise has not settled. */
function withTimeout<T>(promise: Promise<T>, ms: number, late: () => FleetServerError): Promise<T> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(late()), ms);
		promise.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}
