/** The day under way, put together: manifests for the vans. */
import type { ManifestReceipt, VehicleId } from '@junkai/contracts';
import type { Logger } from 'pino';
import type { BrokerLink } from '../broker/link.ts';
import type { ServiceClock } from '../clock.ts';
import { ManifestSender } from './manifests.ts';
import type { Publications } from './publications.ts';

export interface DayOptions {
	publications: Publications;
	clock: ServiceClock;
	log: Logger;
	publish: BrokerLink['publish'];
	/** Messages can go to the broker. */
	isUp: () => boolean;
}

export class Day {
	readonly #manifests: ManifestSender;

	constructor({ publish, ...options }: DayOptions) {
		this.#manifests = new ManifestSender({ ...options, publish: (topic, payload) => publish(topic, payload, 1, true) });
	}

	/** A van keeps a manifest. */
	readonly receipt = (vehicle: VehicleId, receipt: ManifestReceipt): void => this.#manifests.received(vehicle, receipt);

	stop(): void {
		this.#manifests.stop();
	}
}
