/**
 * Manifests: each van gets its own route of the day by MQTT, retained, so that one which was off has it when it comes back. In the
 * evening, when a van is through, it gets that of its next day.
 */
import { gzipSync } from 'node:zlib';
import {
	topics,
	type CalendarDate,
	type Manifest,
	type ManifestReceipt,
	type PublishedPlan,
	type VehicleId,
} from '@junkai/contracts';
import type { Logger } from 'pino';
import type { ServiceClock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Publications } from './publications.ts';
import { doctorsOf } from './route-digest.ts';

export interface ManifestsOptions {
	publications: Publications;
	clock: ServiceClock;
	log: Logger;
	/** Hands a retained message to the broker. */
	publish: (topic: string, payload: Buffer) => Promise<void>;
	/** Messages can go to the broker. */
	isUp: () => boolean;
}

const TICK_MS = 1000;
/** Who is due for what is looked at so often at least: vans come to the end of their day. */
const LOOK_EVERY_MS = 10_000;
/** A van that is not back so long after the end of its route gets its next day's all the same, ms of service time. */
const OVERDUE_MS = 3 * 3_600_000;

interface Due {
	readonly vehicle: VehicleId;
	readonly date: CalendarDate;
	readonly revision: number;
	/** Day and revision. */
	readonly key: string;
}

export class ManifestSender {
	readonly #options: ManifestsOptions;
	/** What the broker holds for each van, as far as this run of the server put it there: day and revision. */
	readonly #held = new Map<VehicleId, string>();
	/** Vans whose manifest is on its way to the broker. */
	readonly #sending = new Set<VehicleId>();
	readonly #timer: NodeJS.Timeout;
	#wasUp = false;
	#due: readonly Due[] = [];
	#lookedAt = -Infinity;

	constructor(options: ManifestsOptions) {
		this.#options = options;
		const { publications } = options;
		const lookAgain = () => {
			this.#lookedAt = -Infinity;
			this.refresh();
		};
		options.clock.on('change', () => {
			// Vans reckon with the clock that came with their manifest.
			this.#held.clear();
			lookAgain();
		});
		publications.on('published', lookAgain);
		publications.on('day', lookAgain);
		this.#timer = setInterval(() => this.refresh(), TICK_MS);
		this.#timer.unref();
	}

	/** Hands out what is due and was not handed out yet. */
	refresh(): void {
		const isUp = this.#options.isUp();
		// A broker that was away may have lost what it held, and what was published meanwhile did not reach it.
		if (isUp && !this.#wasUp) this.#held.clear();
		this.#wasUp = isUp;
		if (!isUp) return;
		if (performance.now() - this.#lookedAt > LOOK_EVERY_MS) {
			this.#lookedAt = performance.now();
			this.#due = this.#look();
		}
		for (const due of this.#due) {
			if (this.#held.get(due.vehicle) !== due.key && !this.#sending.has(due.vehicle)) void this.#send(due);
		}
	}

	/** A van says which manifest it keeps. */
	received(vehicle: VehicleId, { date, revision, received }: ManifestReceipt): void {
		const { publications, clock } = this.#options;
		const sent = publications.manifest(date, vehicle)?.sent ?? 0;
		// The van's clock may be wrong before it is synchronised.
		publications.received(date, vehicle, revision, Math.round(Math.min(Math.max(clock.toService(received), sent), clock.now())));
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	/** The manifest that each van is to have now. */
	#look(): Due[] {
		const { publications, clock } = this.#options;
		const { today } = publications;
		const due = new Map<VehicleId, CalendarDate>();
		const over = new Set<VehicleId>();
		const plan = publications.current();
		for (const date of publications.daysFrom(today)) {
			for (const vehicle of publications.vehiclesOf(date)) {
				if (due.has(vehicle) && !over.has(vehicle)) continue;
				due.set(vehicle, date);
				over.delete(vehicle);
				if (date === today && isOver(plan, vehicle, clock.now())) over.add(vehicle);
			}
		}
		return [...due].flatMap(([vehicle, date]) => {
			const state = publications.manifest(date, vehicle);
			return state ? [{ vehicle, date, revision: state.revision, key: `${date} ${state.revision}` }] : [];
		});
	}

	async #send({ vehicle, date, revision, key }: Due): Promise<void> {
		const { publications, clock, publish, log } = this.#options;
		const plan = publications.planOf(date);
		if (plan === null) return;
		this.#sending.add(vehicle);
		try {
			const sent = Math.round(clock.now());
			await publish(topics.manifest(vehicle), gzipSync(JSON.stringify(manifestOf(plan, date, vehicle, revision, clock))));
			this.#held.set(vehicle, key);
			publications.sent(date, vehicle, sent);
		} catch (error) {
			log.warn({ vehicle, revision, reason: messageOf(error) }, 'a manifest could not be handed to the broker; trying again');
		} finally {
			this.#sending.delete(vehicle);
		}
	}
}

function isOver(plan: PublishedPlan | null, vehicle: VehicleId, now: number): boolean {
	const route = plan?.routes.find((one) => one.vehicle === vehicle);
	const end = route?.stops.at(-1)?.departure;
	if (!route || end === undefined) return false;
	return now > end + OVERDUE_MS || (now > end && route.reached && route.next === route.stops.length - 1);
}

function manifestOf(plan: PublishedPlan, date: CalendarDate, vehicle: VehicleId, revision: number, clock: ServiceClock): Manifest {
	const route = plan.routes.find((one) => one.vehicle === vehicle) ?? null;
	return { v: 1, revision, published: plan.published, date, clock: clock.facts, route, doctors: doctorsOf(plan, vehicle) };
}
