/**
 * Cuff measurements of a PM6750. The board repeats its last result in packet after packet, so each must be told once:
 * - A result belongs to a new measurement when the cuff was seen at work since the last one was told.
 * - Without that (packets lost), other numbers than those told before are a new result.
 * - What the board says first after the line was opened may be of any age: it is given as stored, never as live.
 */
import type { AbsentReason, ReadingCode } from '@junkai/contracts';
import type { DriverReading, Emit } from '../driver.ts';
import { absent, measured } from './reading.ts';
import type { SensorStatus } from './sensor-status.ts';

const DONE = 0;
const RUNNING = 1;

/** Result codes 2 to 8: the measurement ended without numbers. */
const failures: Readonly<Record<number, AbsentReason>> = {
	2: 'stopped',
	3: 'over-pressure',
	4: 'cuff-loose',
	5: 'timeout',
	6: 'device-error',
	7: 'motion',
	8: 'out-of-range',
};
const INITIALISING = 9;

const pressures: readonly ReadingCode[] = ['nibp-systolic', 'nibp-mean', 'nibp-diastolic'];

export class NibpMeasurement {
	readonly #emit: Emit;
	readonly #sensor: SensorStatus;
	#running = false;
	/** Whether anything was heard since the line was opened. */
	#heard = false;
	#told: string | undefined;
	#count = 0;

	constructor(emit: Emit, sensor: SensorStatus) {
		this.#emit = emit;
		this.#sensor = sensor;
	}

	/** The line was interrupted: what ended meanwhile, nobody saw. */
	reset(): void {
		this.#heard = false;
		this.#running = false;
	}

	take(status: number, cuff: number, systolic: number, mean: number, diastolic: number, at: number): void {
		const result = (status >> 2) & 0x0f;
		const first = !this.#heard;
		this.#heard = true;
		if (result === RUNNING) {
			this.#running = true;
			this.#sensor.set(undefined, at);
			this.#emit(measured('cuff-pressure', cuff * 2), at);
			return;
		}
		if (this.#running) this.#emit(absent('cuff-pressure', 'not-given'), at);
		const ran = this.#running;
		this.#running = false;
		const failure = failures[result];
		if (result === DONE) {
			this.#sensor.set(undefined, at);
			this.#done(ran, first, [systolic, mean, diastolic], at);
		} else if (failure !== undefined) {
			this.#failed(ran, first, failure, at);
		} else {
			this.#sensor.set(result === INITIALISING ? 'initialising' : undefined, at);
		}
	}

	#done(ran: boolean, first: boolean, values: readonly [number, number, number], at: number): void {
		const key = values.join('/');
		if (values.every((value) => value === 0)) {
			// A board that has measured nothing yet.
			if (ran) this.#tell(`absent#${++this.#count}`, () => pressures.map((code) => absent(code, 'not-given')), at);
			return;
		}
		if (!ran && key === this.#told) return;
		this.#told = key;
		this.#count++;
		const sound = plausible(values);
		this.#give(
			pressures.map((code, i) => (sound ? measured(code, values[i]!) : absent(code, 'out-of-range'))),
			first && !ran,
			at,
		);
	}

	#failed(ran: boolean, first: boolean, reason: AbsentReason, at: number): void {
		this.#sensor.set(reason === 'stopped' ? undefined : reason, at);
		// How a measurement ended that nobody saw begin is of no use.
		if (first && !ran) {
			this.#told = reason;
			return;
		}
		if (!ran && this.#told === reason) return;
		this.#tell(reason, () => pressures.map((code) => absent(code, reason)), at);
	}

	#tell(key: string, readings: () => DriverReading[], at: number): void {
		this.#told = key;
		this.#count++;
		this.#give(readings(), false, at);
	}

	#give(readings: readonly DriverReading[], stored: boolean, at: number): void {
		for (const reading of readings) {
			reading.group = `nibp-${this.#count}`;
			if (stored) reading.stored = true;
			this.#emit(reading, at);
		}
	}
}

/** Diastolic, mean and systolic stand in this order in any artery. */
function plausible([systolic, mean, diastolic]: readonly [number, number, number]): boolean {
	return diastolic > 0 && diastolic < systolic && mean >= diastolic && mean <= systolic;
}
