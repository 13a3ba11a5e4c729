/** Alerts that come by what vans tell as it happens: alarms of devices, and records that are lost. */
import type { EventRecord, UplinkRecord, VehicleId } from '@junkai/contracts';
import type { Origin } from '../store/vehicle-registry.ts';
import type { AlertBook } from './alerts/book.ts';

export interface VanEventsOptions {
	book: AlertBook;
	/** A visit is being made on this van. */
	hasVisit: (vehicle: VehicleId) => boolean;
	/** Name of the device at a port. */
	deviceAt: (vehicle: VehicleId, port: string | undefined) => string | null;
}

/** Ports of which the newest alarm is remembered; a fleet has some hundreds. */
const MOST_PORTS = 5000;

export class VanEvents {
	readonly #options: VanEventsOptions;
	/** When the newest word of a port's alarm was said: what comes late may be older than what is known. */
	readonly #newest = new Map<string, number>();

	constructor(options: VanEventsOptions) {
		this.#options = options;
	}

	/** Takes a record that a van sent. */
	record({ vehicle }: Origin, record: UplinkRecord): void {
		if (record.kind !== 'event') return;
		if (record.class === 'physiological') this.#alarm(vehicle, record);
		else this.#loss(vehicle, record);
	}

	/** A van left its stop: nobody is attached to its devices any more. */
	left(vehicle: VehicleId): void {
		for (const { kind, vehicle: of, detail } of this.#options.book.open()) {
			if (kind === 'device-alarm' && of === vehicle) this.#options.book.end(kind, subjectOf(vehicle, detail ?? undefined));
		}
	}

	/** THAT there is an alarm is told, never what it says: that is for those who care for the patient. */
	#alarm(vehicle: VehicleId, { port, time, active }: EventRecord): void {
		const { book, hasVisit, deviceAt } = this.#options;
		const key = `${vehicle} ${port ?? ''}`;
		if (active === undefined || time < (this.#newest.get(key) ?? 0)) return;
		if (this.#newest.size > MOST_PORTS) this.#newest.clear();
		this.#newest.set(key, time);
		const detail = deviceAt(vehicle, port);
		const subject = subjectOf(vehicle, detail ?? undefined);
		if (!active) book.end('device-alarm', subject);
		else {
			const urgency = hasVisit(vehicle) ? 'high' : 'medium';
			book.raise({ kind: 'device-alarm', subject, vehicle, firm: true, urgency, detail });
		}
	}

	#loss(vehicle: VehicleId, { code, detail }: EventRecord): void {
		if (code !== 'spool-shed' && code !== 'records-refused' && code !== 'spool-corrupt') return;
		const count = detail?.['records'] ?? detail?.['count'];
		const words = typeof count === 'number' ? `${code} ${count}` : code;
		const urgency = code === 'spool-shed' ? 'medium' : 'high';
		this.#options.book.raise({ kind: 'records-lost', subject: `${vehicle} ${code}`, vehicle, firm: true, urgency, detail: words });
	}
}

const subjectOf = (vehicle: VehicleId, device: string | undefined): string => `${vehicle} ${device ?? ''}`;
