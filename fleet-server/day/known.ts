/** What of the records the day has at hand each second: vehicles, doctors, visits that were called off, conflicts. */
import type { DoctorRecord, ResourceConflict, VehicleId } from '@junkai/contracts';
import type { Logger } from 'pino';
import type { ServiceClock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { conflictsBetween } from '../registry/conflicts/index.ts';
import type { Records } from '../registry/index.ts';
import { vehicleClasses, type Travel } from '../roads/port.ts';
import type { Publications } from './publications.ts';

export interface KnownOptions {
	records: Records;
	publications: Publications;
	clock: ServiceClock;
	log: Logger;
}

export class Known {
	readonly #options: KnownOptions;
	#profiles = new Map<VehicleId, Travel['vehicle']>();
	#doctors = new Map<number, DoctorRecord>();
	/** By the number of their records. */
	#vehicles = new Map<number, VehicleId>();
	#cancelled = new Set<number>();
	#conflicts: readonly ResourceConflict[] = [];
	#refreshing: Promise<void> | null = null;
	#again = false;

	constructor(options: KnownOptions) {
		this.#options = options;
	}

	profileOf(vehicle: VehicleId): Travel['vehicle'] {
		return this.#profiles.get(vehicle);
	}

	doctor(id: number): DoctorRecord | undefined {
		return this.#doctors.get(id);
	}

	/** The name on the wire of a vehicle of the fleet. */
	vehicleOf(record: number): VehicleId | undefined {
		return this.#vehicles.get(record);
	}

	isCancelled(visit: number): boolean {
		return this.#cancelled.has(visit);
	}

	/** Of today. */
	get conflicts(): readonly ResourceConflict[] {
		return this.#conflicts;
	}

	/** Visits changed, nothing else: which of them were called off. */
	async refreshVisits(): Promise<void> {
		try {
			await this.#readVisits();
		} catch (error) {
			this.#options.log.error({ reason: messageOf(error) }, 'the records of visits could not be read');
		}
	}

	/** Reads all of it anew; once more when asked for meanwhile. */
	refresh(): Promise<void> {
		this.#again = this.#refreshing !== null;
		this.#refreshing ??= this.#refresh()
			.catch((error: unknown) => this.#options.log.error({ reason: messageOf(error) }, 'the records could not be read for the day'))
			.finally(() => {
				this.#refreshing = null;
				if (this.#again) void this.refresh();
			});
		return this.#refreshing;
	}

	/** Settles when nothing is being read; nothing is begun any more. */
	async idle(): Promise<void> {
		this.#again = false;
		await this.#refreshing;
	}

	async #refresh(): Promise<void> {
		const { records, publications } = this.#options;
		const [fleet, doctors] = [await records.fleet.all(), await records.doctors.all()];
		this.#profiles = new Map(
			fleet.map((one) => [one.vehicle, one.size ? { ...one.size, speedFactor: vehicleClasses[one.class].speedFactor } : one.class]),
		);
		this.#vehicles = new Map(fleet.map(({ id, vehicle }) => [id, vehicle]));
		this.#doctors = new Map(doctors.map((doctor) => [doctor.id, doctor]));
		await this.#readVisits();
		const { today } = publications;
		this.#conflicts = (await conflictsBetween(records, today, today, false)).filter(({ date }) => date === today);
	}

	async #readVisits(): Promise<void> {
		const { records, publications } = this.#options;
		const planned = (publications.current()?.routes ?? []).flatMap(({ stops }) => stops.flatMap(({ visits }) => visits));
		const visits = await records.visits.find(planned.map(({ visit }) => visit));
		this.#cancelled = new Set(visits.filter(({ state }) => state === 'cancelled').map(({ id }) => id));
	}
}
