/** What the server knows of each vehicle now: link, devices, newest position and newest reading of each kind. */
import { EventEmitter } from 'node:events';
import type {
	Birth,
	Death,
	GatewayStatus,
	PositionRecord,
	ReadingRecord,
	StoredPosition,
	StoredReading,
	UplinkRecord,
	Vehicle,
	VehicleId,
} from '@junkai/contracts';
import type { Logger } from 'pino';
import { messageOf } from '../errors.ts';
import { bootKey, corrected, type ClockCorrection, type Latest } from '../telemetry/store.ts';
import type { VanStore } from './vans.ts';
import type { VehicleFacts, VehicleStore } from './vehicle-store.ts';

/** Where a record came from. */
export interface Origin {
	vehicle: VehicleId;
	epoch: string;
	boot: string;
	historical: boolean;
}

/** A newest value with its origin; the boot is not known of what was read back from the store. */
export interface Newest<T> {
	epoch: string;
	boot: string | null;
	historical: boolean;
	record: T;
}

interface State extends VehicleFacts {
	position?: Newest<PositionRecord>;
	/** By code and port: two devices may measure the same thing. */
	readings: Map<string, Newest<ReadingRecord>>;
	/** The link was seen in this run of the server; what an earlier run knew says nothing of now. */
	confirmed: boolean;
	unsaved: boolean;
}

/** `state`: link, devices, spool or clock changed; `position`: only the position did. */
export type VehicleChange = 'state' | 'position';

const SAVE_EVERY_MS = 5000;

export class VehicleRegistry extends EventEmitter<{ change: [VehicleId, VehicleChange]; birth: [VehicleId] }> {
	readonly #vehicles = new Map<VehicleId, State>();
	readonly #names = new Map<VehicleId, string>();
	readonly #store: VehicleStore;
	readonly #vans: VanStore;
	readonly #log: Logger;
	readonly #timer: NodeJS.Timeout;

	constructor(store: VehicleStore, vans: VanStore, log: Logger) {
		super();
		this.#log = log;
		this.#store = store;
		this.#vans = vans;
		for (const [vehicle, facts] of store.load()) {
			this.#vehicles.set(vehicle, { ...facts, readings: new Map(), confirmed: false, unsaved: false });
		}
		this.refreshVans();
		this.#timer = setInterval(() => this.save(), SAVE_EVERY_MS);
		this.#timer.unref();
	}

	/** Takes in vans that were given credentials since. */
	refreshVans(): void {
		for (const { vehicle, name } of this.#vans.list()) {
			this.#names.set(vehicle, name);
			this.#state(vehicle);
		}
	}

	/** Newest values that the telemetry store held at start. */
	restore(latest: readonly Latest[]): void {
		for (const { vehicle, position, readings } of latest) {
			const state = this.#state(vehicle);
			const epoch = state.birth?.message.epoch;
			if (position && isNewer(fromStore<StoredPosition>(position), state.position, epoch))
				state.position = fromStore<StoredPosition>(position);
			for (const reading of readings) {
				const newest = fromStore<StoredReading>(reading);
				if (isNewer(newest, state.readings.get(slotOf(reading)), epoch)) state.readings.set(slotOf(reading), newest);
			}
		}
	}

	/** The server heard of the van just now. */
	seen(vehicle: VehicleId): void {
		const state = this.#state(vehicle);
		state.lastSeen = Date.now();
		state.unsaved = true;
	}

	birth(vehicle: VehicleId, message: Birth): void {
		const state = this.#state(vehicle);
		const again = state.birth?.message.session === message.session;
		state.birth = { message, received: again ? state.birth!.received : Date.now() };
		state.confirmed = true;
		this.#save(vehicle, state);
		this.emit('birth', vehicle);
		this.emit('change', vehicle, 'state');
	}

	/** An old will does not end a new session, nor does it bring back one that has ended. */
	death(vehicle: VehicleId, message: Death): void {
		const state = this.#state(vehicle);
		const current = state.birth?.message.session;
		if (current !== undefined && state.death?.message.session === current && message.session !== current) return;
		const again = state.death?.message.session === message.session;
		if (!again) state.death = { message, received: Date.now() };
		if (message.session === current) state.confirmed = true;
		this.#save(vehicle, state);
		this.emit('change', vehicle, 'state');
	}

	status(vehicle: VehicleId, message: GatewayStatus): void {
		const state = this.#state(vehicle);
		state.status = message;
		state.unsaved = true;
		if (state.birth?.message.session === message.session) state.confirmed = true;
		this.emit('change', vehicle, 'state');
	}

	/** Takes a record that just arrived. What is older than the newest known changes nothing. */
	record({ vehicle, epoch, boot, historical }: Origin, record: UplinkRecord): void {
		if (record.kind !== 'position' && record.kind !== 'reading') return;
		const state = this.#state(vehicle);
		const currentEpoch = state.birth?.message.epoch;
		const origin = { epoch, boot, historical };
		if (record.kind === 'position') {
			if (record.lat === undefined || !isNewer({ ...origin, record }, state.position, currentEpoch)) return;
			state.position = { ...origin, record };
			this.emit('change', vehicle, 'position');
		} else if (!record.stored && isNewer({ ...origin, record }, state.readings.get(slotOf(record)), currentEpoch)) {
			// What a device had in its memory is no news of now.
			state.readings.set(slotOf(record), { ...origin, record });
		}
	}

	/** Puts the newest values right that a boot stamped before its clock was synchronised. */
	correct(corrections: readonly ClockCorrection[]): void {
		for (const correction of corrections) {
			const state = this.#vehicles.get(correction.vehicle);
			if (!state) continue;
			const key = bootKey(correction.vehicle, correction.boot);
			const applies = (newest: Newest<UplinkRecord>) => newest.boot !== null && bootKey(correction.vehicle, newest.boot) === key;
			if (state.position && applies(state.position)) {
				state.position = { ...state.position, record: corrected(state.position.record, correction) };
			}
			for (const [slot, newest] of state.readings) {
				if (applies(newest)) state.readings.set(slot, { ...newest, record: corrected(newest.record, correction) });
			}
			this.emit('change', correction.vehicle, 'position');
		}
	}

	has(vehicle: VehicleId): boolean {
		return this.#vehicles.has(vehicle);
	}

	view(vehicle: VehicleId): Vehicle | null {
		const state = this.#vehicles.get(vehicle);
		if (!state) return null;
		const { birth, status } = state;
		const statusIsCurrent = status !== undefined && (birth === undefined || status.session === birth.message.session);
		return {
			id: vehicle,
			name: birth?.message.name ?? this.#names.get(vehicle) ?? vehicle,
			position: state.position?.record ?? null,
			link: linkOf(state),
			clock: (statusIsCurrent ? status.clock : birth?.message.clock) ?? null,
			devices: status?.ports ?? [],
			spool: status?.spool ?? null,
			statusTime: status?.time ?? null,
			software: birth?.message.software ?? null,
		};
	}

	/** All vehicles, by id. */
	list(): Vehicle[] {
		return this.ids().map((vehicle) => this.view(vehicle)!);
	}

	ids(): VehicleId[] {
		return [...this.#vehicles.keys()].toSorted();
	}

	readings(vehicle: VehicleId): Newest<ReadingRecord>[] {
		return [...(this.#vehicles.get(vehicle)?.readings.values() ?? [])];
	}

	/** Writes what changed since the last time. */
	save(): void {
		for (const [vehicle, state] of this.#vehicles) {
			if (state.unsaved) this.#save(vehicle, state);
		}
	}

	stop(): void {
		clearInterval(this.#timer);
		this.save();
	}

	/** A full disk must not end the server: what could not be written is tried again with the next change. */
	#save(vehicle: VehicleId, state: State): void {
		try {
			this.#store.save(vehicle, state);
			state.unsaved = false;
		} catch (error) {
			state.unsaved = true;
			this.#log.error({ vehicle, reason: messageOf(error) }, 'the state of a vehicle could not be written');
		}
	}

	#state(vehicle: VehicleId): State {
		let state = this.#vehicles.get(vehicle);
		if (!state) {
			state = { readings: new Map(), confirmed: false, unsaved: false };
			this.#vehicles.set(vehicle, state);
		}
		return state;
	}
}

const slotOf = ({ code, port }: Pick<ReadingRecord, 'code' | 'port'>): string => `${code} ${port ?? ''}`;

function linkOf({ birth, death, confirmed, lastSeen }: State): Vehicle['link'] {
	const heard = { lastSeen: lastSeen ?? null };
	if (birth === undefined) return { state: 'unknown', since: null, ...heard };
	if (death?.message.session === birth.message.session) {
		return { state: 'offline', since: death.received, ...heard, cause: death.message.cause };
	}
	return { state: confirmed ? 'online' : 'unknown', since: birth.received, ...heard };
}

/**
 * Within an epoch the sequence number tells which of two came later at the van, whatever its clock did. Between epochs time
 * decides, except that what the running spool reports as it happens is newer than anything that another one had to tell late.
 */
function isNewer<T extends UplinkRecord>(
	candidate: Newest<T>,
	known: Newest<T> | undefined,
	currentEpoch: string | undefined,
): boolean {
	if (known === undefined) return true;
	if (candidate.epoch === known.epoch) return candidate.record.seq > known.record.seq;
	if (candidate.epoch === currentEpoch && !candidate.historical) return true;
	if (known.epoch === currentEpoch && !known.historical && candidate.historical) return false;
	return candidate.record.time > known.record.time;
}

function fromStore<T extends StoredPosition | StoredReading>(stored: T): Newest<Omit<T, 'epoch' | 'historical' | 'received'>> {
	const { epoch, historical, received: _received, ...record } = stored;
	return { epoch, historical, boot: null, record };
}
