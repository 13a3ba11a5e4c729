/** The cuff of an emulated PM6750: pumps up, lets go in steps, says what it found and goes on saying it. */
import type { PatientSource } from './sources.ts';

export interface CuffFaults {
	cuffLoose: boolean;
	cuffMotion: boolean;
}

/** Result codes, in bits 2 to 5 of the status. */
const DONE = 0;
const RUNNING = 1;
const STOPPED = 2;
const LOOSE = 4;
const MOTION = 7;

/** ms */
const INFLATION = 6000;
const DEFLATION = 12_000;
/** A loose cuff is noticed when the pressure does not rise. */
const LOOSE_AFTER = 3000;

export class CuffEmulator {
	readonly #source: PatientSource;
	readonly #faults: CuffFaults;
	#startedAt: number | undefined;
	#wanted: boolean | undefined;
	#result = DONE;
	#values: readonly [number, number, number] = [0, 0, 0];
	#changed = false;

	constructor(source: PatientSource, faults: CuffFaults) {
		this.#source = source;
		this.#faults = faults;
	}

	/** Starts (true) or stops a measurement with the next packet. */
	command(start: boolean): void {
		this.#wanted = start;
	}

	/** Data of the packet that is due now, if one is: `running` and `idle` say whether it is the moment for either kind. */
	packet(time: number, running: boolean, idle: boolean): number[] | undefined {
		if (this.#wanted === true && this.#startedAt === undefined) {
			this.#startedAt = time;
			this.#result = RUNNING;
			this.#changed = true;
		} else if (this.#wanted === false && this.#startedAt !== undefined) this.#finish(STOPPED);
		this.#wanted = undefined;
		const pressure = this.#startedAt === undefined ? 0 : this.#measure(time - this.#startedAt, time);
		const due = this.#changed || (this.#result === RUNNING ? running : idle);
		this.#changed = false;
		return due ? [this.#result << 2, Math.round(pressure / 2), ...this.#values] : undefined;
	}

	/** Cuff pressure in mmHg, so long after the start. */
	#measure(elapsed: number, time: number): number {
		const found = this.#source.numerics(time).nibp ?? { systolic: 124, mean: 94, diastolic: 79 };
		const top = found.systolic + 40;
		const loose = this.#faults.cuffLoose;
		if (loose && elapsed >= LOOSE_AFTER) return this.#finish(LOOSE);
		if (elapsed < INFLATION) return ((loose ? 0.1 : 1) * top * elapsed) / INFLATION;
		if (this.#faults.cuffMotion) return this.#finish(MOTION);
		const part = (elapsed - INFLATION) / DEFLATION;
		if (part < 1) return top - part * (top - found.diastolic + 15);
		this.#values = [Math.round(found.systolic), Math.round(found.mean), Math.round(found.diastolic)];
		return this.#finish(DONE);
	}

	#finish(result: number): number {
		this.#startedAt = undefined;
		this.#result = result;
		this.#changed = true;
		if (result !== DONE) this.#values = [0, 0, 0];
		return 0;
	}
}
