/** The plan that holds: published by a dispatcher, followed by positions as they come in, told to whoever listens. */
import { EventEmitter } from 'node:events';
import type { PlanDraft, PublishedPlan, RouteProgress, VehicleId } from '@junkai/contracts';
import type { Logger } from 'pino';
import { messageOf } from '../errors.ts';
import type { VehicleRegistry } from '../store/vehicle-registry.ts';
import type { PlanStore } from './plan-store.ts';
import { progressAfter } from './progress.ts';

export interface PlanEvents {
	/** Another plan holds. */
	plan: [revision: number];
	progress: [progress: RouteProgress];
}

export class Plans extends EventEmitter<PlanEvents> {
	readonly #store: PlanStore;
	readonly #registry: VehicleRegistry;
	readonly #log: Logger;
	#current: PublishedPlan | null;

	constructor(store: PlanStore, registry: VehicleRegistry, log: Logger) {
		super();
		this.#store = store;
		this.#registry = registry;
		this.#log = log;
		this.#current = store.current();
		registry.on('change', (vehicle, what) => {
			if (what === 'position') this.#follow(vehicle);
		});
	}

	/** The plan that holds, progress and all; null when none was published. */
	current(): PublishedPlan | null {
		return this.#current;
	}

	/** Makes a draft the plan that holds. Throws when it cannot be stored; then the old one holds on. */
	publish(draft: PlanDraft, by: string): PublishedPlan {
		const plan = this.#store.publish(draft, by);
		this.#current = plan;
		const { revision, routes, unassigned } = plan;
		this.#log.info({ revision, routes: routes.length, unassigned: unassigned.length, by }, 'a plan was published');
		this.emit('plan', revision);
		return plan;
	}

	#follow(vehicle: VehicleId): void {
		const plan = this.#current;
		const at = plan?.routes.findIndex((one) => one.vehicle === vehicle) ?? -1;
		const route = plan?.routes[at];
		const fix = this.#registry.view(vehicle)?.position;
		if (!plan || !route || !fix || fix.time < plan.published) return;
		const before: RouteProgress = { vehicle, next: route.next, reached: route.reached };
		const after = progressAfter(route, before, fix);
		if (after === before) return;
		const { next, reached } = after;
		this.#current = { ...plan, routes: plan.routes.with(at, { ...route, next, reached }) };
		try {
			this.#store.saveProgress(plan.id, after);
		} catch (error) {
			// A full disk must not stop the fleet from being followed; the next change tries again.
			this.#log.error({ vehicle, reason: messageOf(error) }, 'how far a van has come could not be written');
		}
		this.emit('progress', after);
	}
}
