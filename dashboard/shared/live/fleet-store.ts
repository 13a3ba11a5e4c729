/** What this browser knows of the vans: the list by REST, kept up by the live channel. */
import type { LiveMessage, PositionRecord, Vehicle } from '@junkai/contracts';

export interface FleetState {
	phase: 'loading' | 'ready' | 'failed';
	vehicles: readonly Vehicle[];
	/** Van to server, ms, of the newest live batch. */
	delays: ReadonlyMap<string, number | null>;
}

/** Screens are told at most this often, ms: fifty vans at 10 Hz are more than eyes or React need. */
const tellEvery = 200;

export class FleetStore {
	private vehicles = new Map<string, Vehicle>();
	private delays = new Map<string, number | null>();
	private touched = new Set<string>();
	private leading = new Map<string, { stamped: number; seen: number }>();
	private phase: FleetState['phase'] = 'loading';
	private state: FleetState = { phase: 'loading', vehicles: [], delays: new Map() };
	private timer: ReturnType<typeof setTimeout> | null = null;
	private readonly listeners = new Set<() => void>();
	private readonly now: () => number;

	/** @param now Server clock, ms. */
	constructor(now: () => number) {
		this.now = now;
	}

	subscribe = (listener: () => void): (() => void) => {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	};
	snapshot = (): FleetState => this.state;

	/** Call before the list is fetched: what comes live from then on is newer than the list. */
	beginLoad(): void {
		this.touched.clear();
	}
	loaded(list: readonly Vehicle[]): void {
		const known = new Set(list.map((v) => v.id));
		for (const id of this.vehicles.keys()) if (!known.has(id) && !this.touched.has(id)) this.vehicles.delete(id);
		for (const vehicle of list) if (!this.touched.has(vehicle.id)) this.put(vehicle);
		this.phase = 'ready';
		this.tell();
	}
	failed(): void {
		if (this.phase !== 'ready') this.phase = 'failed';
		this.tell();
	}

	take(message: LiveMessage): void {
		if (message.type === 'vehicle') {
			this.touched.add(message.vehicle.id);
			this.put(message.vehicle);
		} else if (message.type === 'position') {
			if (message.historical) return;
			this.move(message.vehicle, message.record);
		} else if (message.type === 'link') {
			this.delays.set(message.vehicle, message.delay);
			const vehicle = this.vehicles.get(message.vehicle);
			if (vehicle !== undefined) this.vehicles.set(message.vehicle, { ...vehicle, clock: message.clock });
		} else return;
		this.tellSoon();
	}

	/** A fix stamped ahead of the server's clock is as old as its first coming, and grows old from there. */
	private aged<T extends { time: number }>(id: string, fix: T): T {
		if (fix.time <= this.now() && this.leading.get(id)?.stamped !== fix.time) return fix;
		let known = this.leading.get(id);
		if (known?.stamped !== fix.time) this.leading.set(id, (known = { stamped: fix.time, seen: this.now() }));
		return { ...fix, time: known.seen };
	}

	/** A whole state may carry an older fix than the one that came by itself. */
	private put(given: Vehicle): void {
		const vehicle = given.position === null ? given : { ...given, position: this.aged(given.id, given.position) };
		const before = this.vehicles.get(vehicle.id)?.position ?? null;
		const newer = before !== null && (vehicle.position === null || vehicle.position.time < before.time);
		this.vehicles.set(vehicle.id, newer ? { ...vehicle, position: before } : vehicle);
	}

	private move(id: string, given: PositionRecord): void {
		const record = this.aged(id, given);
		const vehicle = this.vehicles.get(id);
		if (vehicle === undefined) return;
		const link = { ...vehicle.link, lastSeen: Math.max(vehicle.link.lastSeen ?? 0, this.now()) };
		const newer = record.lat !== undefined && (vehicle.position === null || record.time >= vehicle.position.time);
		this.vehicles.set(id, { ...vehicle, link, position: newer ? record : vehicle.position });
	}

	private tellSoon(): void {
		this.timer ??= setTimeout(() => this.tell(), tellEvery);
	}
	private tell(): void {
		if (this.timer !== null) clearTimeout(this.timer);
		this.timer = null;
		this.state = { phase: this.phase, vehicles: [...this.vehicles.values()], delays: new Map(this.delays) };
		for (const listener of this.listeners) listener();
	}
}
