/** One browser on the live channel. What it cannot take at once is replaced by what is newer, never queued up. */
import { liveRoles, type LiveKind, type LiveMessage, type LiveRequest, type VehicleId } from '@junkai/contracts';
import type { WebSocket } from 'ws';
import type { SignedIn } from '../access/users.ts';

/** Bytes that may lie in the socket's buffer before messages are held back. */
export const HOLD_BACK_BYTES = 64 * 1024;
/** Waveform blocks held back for each vehicle and signal; some seconds, then the oldest go. */
const HELD_BLOCKS = 8;

export type Subscriptions = Extract<LiveRequest, { type: 'subscribe' }>['subscriptions'];
export type Payload = string | Uint8Array;

interface Held {
	/** Null for what is of no vehicle. */
	vehicle: VehicleId | null;
	kind: LiveKind;
	payloads: Payload[];
}

export class LiveClient {
	readonly session: SignedIn;
	readonly socket: WebSocket;
	/** Answered the last ping. */
	alive = true;
	/** Requests in the current second. */
	requests = 0;
	#subscriptions: { vehicles: '*' | ReadonlySet<VehicleId>; kinds: ReadonlySet<LiveKind> }[] = [];
	readonly #held = new Map<string, Held>();
	readonly #dropped = new Map<string, { vehicle: VehicleId; kind: LiveKind; count: number }>();
	readonly #onDrop: (kind: LiveKind) => void;

	constructor(socket: WebSocket, session: SignedIn, onDrop: (kind: LiveKind) => void) {
		this.socket = socket;
		this.session = session;
		this.#onDrop = onDrop;
	}

	/** Replaces the subscriptions; returns the kinds that the role may not hear and that were left out. */
	subscribe(subscriptions: Subscriptions): LiveKind[] {
		const refused = new Set<LiveKind>();
		this.#subscriptions = subscriptions.map(({ vehicles, kinds }) => {
			const allowed = kinds.filter((kind) => liveRoles[kind].includes(this.session.role));
			for (const kind of kinds) if (!allowed.includes(kind)) refused.add(kind);
			return { vehicles: vehicles === '*' ? '*' : new Set(vehicles), kinds: new Set(allowed) };
		});
		for (const [key, { kind, vehicle }] of this.#held) {
			if (!(vehicle === null ? this.hears(kind) : this.wants(kind, vehicle))) this.#held.delete(key);
		}
		return [...refused];
	}

	wants(kind: LiveKind, vehicle: VehicleId): boolean {
		return this.#subscriptions.some(({ vehicles, kinds }) => kinds.has(kind) && (vehicles === '*' || vehicles.has(vehicle)));
	}

	/** Whether a kind is subscribed, of whichever vehicle. */
	hears(kind: LiveKind): boolean {
		return this.#subscriptions.some(({ kinds }) => kinds.has(kind));
	}

	/** Whether any kind of this vehicle is subscribed. */
	follows(vehicle: VehicleId): boolean {
		return this.#subscriptions.some(({ vehicles, kinds }) => kinds.size > 0 && (vehicles === '*' || vehicles.has(vehicle)));
	}

	/** Whether it takes less than it is offered: what comes now is held back. */
	get behind(): boolean {
		return this.#held.size > 0 || this.socket.bufferedAmount >= HOLD_BACK_BYTES;
	}

	/** Bytes in the socket's buffer and held back. */
	get waitingBytes(): number {
		let bytes = this.socket.bufferedAmount;
		for (const { payloads } of this.#held.values()) for (const payload of payloads) bytes += payload.length;
		return bytes;
	}

	/** Sends an answer or a notice. */
	tell(message: LiveMessage): void {
		this.socket.send(JSON.stringify(message));
	}

	/** Sends one of a stream of values; `slot` names what a newer one replaces (a code, a signal, a job). */
	offer(kind: LiveKind, vehicle: VehicleId | null, slot: string, payload: Payload): void {
		if (!this.behind) {
			this.socket.send(payload);
			return;
		}
		const key = `${kind} ${vehicle ?? ''} ${slot}`;
		const held = this.#held.get(key) ?? { vehicle, kind, payloads: [] };
		// Set anew: what was updated last is sent last.
		this.#held.delete(key);
		this.#held.set(key, held);
		held.payloads.push(payload);
		if (held.payloads.length <= (kind === 'waveform' ? HELD_BLOCKS : 1)) return;
		held.payloads.shift();
		// What is of no vehicle is a whole state: nothing of it is missed when a newer one comes.
		if (vehicle !== null) this.#drop(kind, vehicle);
	}

	/** Sends what was held back, as far as the socket takes it. */
	flush(): void {
		for (const [key, { payloads }] of this.#held) {
			if (this.socket.bufferedAmount >= HOLD_BACK_BYTES) return;
			this.#held.delete(key);
			for (const payload of payloads) this.socket.send(payload);
		}
		for (const [key, { vehicle, kind, count }] of this.#dropped) {
			this.#dropped.delete(key);
			this.tell({ type: 'dropped', vehicle, kind, count });
		}
	}

	#drop(kind: LiveKind, vehicle: VehicleId): void {
		const key = `${kind} ${vehicle}`;
		const dropped = this.#dropped.get(key) ?? { vehicle, kind, count: 0 };
		dropped.count++;
		this.#dropped.set(key, dropped);
		this.#onDrop(kind);
	}
}
