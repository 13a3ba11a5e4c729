/** Waveform watches: while someone looks, each van is told again and again to send waveforms live; each order is a lease. */
import { signals, topics, type Command, type VehicleId } from '@junkai/contracts';

export const LEASE_SECONDS = 30;
const RENEW_MS = 10_000;
const GRACE_MS = 3000;

export class Watches {
	readonly #send: (topic: string, payload: string) => void;
	readonly #watched = new Set<VehicleId>();
	readonly #leaving = new Map<VehicleId, NodeJS.Timeout>();
	readonly #timer: NodeJS.Timeout;

	/** `send` publishes to a van; `wanted` tells whom someone looks at. */
	constructor(send: (topic: string, payload: string) => void, wanted: () => ReadonlySet<VehicleId>) {
		this.#send = send;
		this.#timer = setInterval(() => {
			this.update(wanted());
			for (const vehicle of this.#watched) this.#order(vehicle, LEASE_SECONDS);
		}, RENEW_MS);
		this.#timer.unref();
	}

	/** Takes the set of vehicles that someone looks at now. */
	update(wanted: ReadonlySet<VehicleId>): void {
		for (const vehicle of wanted) {
			const leaving = this.#leaving.get(vehicle);
			clearTimeout(leaving);
			this.#leaving.delete(vehicle);
			if (this.#watched.has(vehicle) && leaving === undefined) continue;
			this.#watched.add(vehicle);
			this.#order(vehicle, LEASE_SECONDS);
		}
		for (const vehicle of this.#watched) {
			if (wanted.has(vehicle) || this.#leaving.has(vehicle)) continue;
			// A page that is loaded anew comes back at once: the trace need not stop for that.
			this.#leaving.set(vehicle, setTimeout(() => this.#end(vehicle), GRACE_MS).unref());
		}
	}

	/** A van that has just come back has no lease. */
	returned(vehicle: VehicleId): void {
		if (this.#watched.has(vehicle)) this.#order(vehicle, LEASE_SECONDS);
	}

	stop(): void {
		clearInterval(this.#timer);
		for (const timer of this.#leaving.values()) clearTimeout(timer);
	}

	#end(vehicle: VehicleId): void {
		this.#leaving.delete(vehicle);
		this.#watched.delete(vehicle);
		this.#order(vehicle, 0);
	}

	#order(vehicle: VehicleId, lease: number): void {
		const command: Command = { v: 1, type: 'watch', signals: [...signals], lease };
		this.#send(topics.command(vehicle), JSON.stringify(command));
	}
}
