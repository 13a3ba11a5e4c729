import type { AbsentReason } from '@junkai/contracts';
import type { Emit } from '../driver.ts';

/** Technical state of one sensor of a device; an event tells of each change, not of each packet. */
export class SensorStatus {
	readonly #sensor: string;
	readonly #emit: Emit;
	#reason: AbsentReason | undefined;

	constructor(sensor: string, emit: Emit) {
		this.#sensor = sensor;
		this.#emit = emit;
	}

	/** What is wrong with the sensor, or undefined when nothing is. */
	get reason(): AbsentReason | undefined {
		return this.#reason;
	}

	set(reason: AbsentReason | undefined, at: number): void {
		if (reason === this.#reason) return;
		this.#reason = reason;
		this.#emit(
			{
				type: 'event',
				class: 'technical',
				code: 'sensor-status',
				active: reason !== undefined,
				detail: { sensor: this.#sensor, status: reason ?? 'ok' },
			},
			at,
		);
	}
}
