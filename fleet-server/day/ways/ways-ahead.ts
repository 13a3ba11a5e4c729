/** What lies on the ways of today's plan: closed roads, and valleys without signal. Looked up anew when the plan or a closure changes. */
import { setImmediate } from 'node:timers/promises';
import type { PlannedRoute, PublishedPlan, VehicleId } from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import type { Logger } from 'pino';
import type { ServiceClock } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import type { Records } from '../../registry/index.ts';
import { forRoads } from '../../registry/closures.ts';
import type { Closure } from '../../roads/port.ts';
import { closedLines, LineIndex, silentLines, type Stretch } from './line-index.ts';

export interface WaysOptions {
	region: Region;
	records: Records;
	clock: ServiceClock;
	plan: () => PublishedPlan | null;
	log: Logger;
	/** What is closed, or the plan, is another one. */
	onChange: () => void;
}

const none: readonly Stretch[] = [];

export class WaysAhead {
	readonly #options: WaysOptions;
	readonly #silent: LineIndex;
	#closed = new LineIndex([]);
	#closures: readonly Closure[] = [];
	#names = '';
	/** By vehicle, a list a stop. */
	#closedOn = new Map<VehicleId, readonly (readonly Stretch[])[]>();
	#silentOn = new Map<VehicleId, readonly (readonly Stretch[])[]>();
	#routes: readonly string[] = [];
	#refreshing: Promise<void> | null = null;

	constructor(options: WaysOptions) {
		this.#options = options;
		this.#silent = new LineIndex(silentLines(options.region));
	}

	/** What is closed now. */
	get closures(): readonly Closure[] {
		return this.#closures;
	}

	/** Closed stretches of the way to a stop. */
	closedOn(vehicle: VehicleId, stop: number): readonly Stretch[] {
		return this.#closedOn.get(vehicle)?.[stop] ?? none;
	}

	/** Stretches without signal of the way to a stop. */
	silentOn(vehicle: VehicleId, stop: number): readonly Stretch[] {
		return this.#silentOn.get(vehicle)?.[stop] ?? none;
	}

	/** Looks what is in force now, and on which ways it lies. */
	refresh(): Promise<void> {
		this.#refreshing ??= this.#refresh()
			.catch((error: unknown) => this.#options.log.error({ reason: messageOf(error) }, 'the closures could not be looked up'))
			.finally(() => (this.#refreshing = null));
		return this.#refreshing;
	}

	/** Settles when nothing is being looked up. */
	async idle(): Promise<void> {
		await this.#refreshing;
	}

	async #refresh(): Promise<void> {
		const { records, clock, region, plan, onChange } = this.#options;
		const kept = await records.closures.between(clock.now());
		const names = kept.map(({ id, version }) => `${id}.${version}`).join(' ');
		const routes = (plan()?.routes ?? []).map(({ vehicle }) => `${plan()!.id} ${vehicle}`);
		const newClosures = names !== this.#names;
		if (!newClosures && routes.length === this.#routes.length && routes.every((one, at) => one === this.#routes[at])) return;
		if (newClosures) {
			this.#closures = forRoads(kept, records.facts);
			this.#closed = new LineIndex(closedLines(region, this.#closures));
		}
		const today = plan()?.routes ?? [];
		const closedOn = await this.#lookUp(today, this.#closed);
		const silentOn = await this.#lookUp(today, this.#silent);
		[this.#closedOn, this.#silentOn, this.#names, this.#routes] = [closedOn, silentOn, names, routes];
		onChange();
	}

	async #lookUp(routes: readonly PlannedRoute[], index: LineIndex) {
		const found = new Map<VehicleId, readonly (readonly Stretch[])[]>();
		for (const { vehicle, stops } of routes) {
			found.set(
				vehicle,
				stops.map(({ way }) => (way ? index.stretches(way.geometry.coordinates) : none)),
			);
			await setImmediate();
		}
		return found;
	}
}
