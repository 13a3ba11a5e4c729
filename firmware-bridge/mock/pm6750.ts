/**
 * A PM6750-type board with everything attached. ECG waves are sent as 125 counts + 50 counts a millivolt: a scale of this
 * emulator, for no document gives the board's own.
 */
import { GAP_SAMPLE, rhythms } from '@junkai/contracts';
import { PM6750_LEADS } from '../devices/pm6750.ts';
import { frameType, pm6750Frame } from '../devices/pm6750-frame.ts';
import { newCounters } from '../link/counters.ts';
import { BAD_CHECKSUM, FrameScanner, INCOMPLETE, NO_FRAME } from '../link/frame-scanner.ts';
import { type Emulator, Line, type LineFaults, noLineFaults, type SampleTap, Ticker } from './emulator.ts';
import { CuffEmulator, type CuffFaults } from './pm6750-cuff.ts';
import { constantPatient, type PatientSource } from './sources.ts';

/** Counts a millivolt in the emulator's ECG waves. */
export const PM6750_COUNTS_PER_MV = 50;
/** Count of 0 mV. */
export const PM6750_BASELINE = 125;

export interface Pm6750Faults extends LineFaults, CuffFaults {
	leadsOff: boolean;
	weakEcg: boolean;
	spo2: 'fine' | 'sensor-off' | 'no-finger' | 'searching' | 'search-timeout';
	temperatureSensorOff: boolean;
}

const spo2Codes = { fine: 0, 'sensor-off': 1, 'no-finger': 2, searching: 3, 'search-timeout': 4 } as const;

/** Samples of the ECG between two of pleth and respiration; between two packets of numerics; between two of the cuff. */
const SLOW_WAVES = 5;
const NUMERICS = 250;
const CUFF_RUNNING = 50;

export interface Pm6750EmulatorOptions {
	source?: PatientSource;
	/** A cuff measurement begins every so many ms; none by itself if absent. */
	nibpEvery?: number;
}

export class Pm6750Emulator implements Emulator {
	readonly id = 'pm6750';
	onSamples?: SampleTap | undefined;
	readonly faults: Pm6750Faults = {
		...noLineFaults(),
		leadsOff: false,
		weakEcg: false,
		spo2: 'fine',
		temperatureSensorOff: false,
		cuffLoose: false,
		cuffMotion: false,
	};
	readonly #source: PatientSource;
	readonly #ticker = new Ticker(4);
	readonly #line = new Line(this.faults);
	readonly #cuff: CuffEmulator;
	readonly #commands: FrameScanner;
	readonly #waves = { ecg: true, pleth: true, respiration: true };
	readonly #nibpEvery: number | undefined;
	readonly #sample: number[] = [];
	#ecgStatus = 0;
	#spo2Status = 0;

	constructor(options: Pm6750EmulatorOptions = {}) {
		this.#source = options.source ?? constantPatient();
		this.#nibpEvery = options.nibpEvery;
		this.#cuff = new CuffEmulator(this.#source, this.faults);
		this.#commands = new FrameScanner(commandFormat, newCounters(), (bytes, start) =>
			this.#obey(bytes[start + 3]!, bytes[start + 4]!),
		);
	}

	advance(t: number): Uint8Array {
		this.#ticker.advance(t, (number, time) => this.#tick(number, time));
		return this.#line.take();
	}

	receive(bytes: Uint8Array): void {
		this.#commands.push(bytes, 0);
	}

	#obey(type: number, argument: number): void {
		const on = argument !== 0;
		if (type === frameType.ecgNumerics) this.#cuff.command(on);
		else if (type === 0xfb) this.#waves.ecg = on;
		else if (type === frameType.plethWave) this.#waves.pleth = on;
		else if (type === frameType.respirationWave) this.#waves.respiration = on;
	}

	#tick(number: number, time: number): void {
		const numericsDue = number % NUMERICS === 0;
		if (this.#nibpEvery !== undefined && number > 0 && (number * 4) % this.#nibpEvery < 4) this.#cuff.command(true);
		// A lead that comes off is told at once, so that no sample of an open input passes for ECG.
		const ecgStatus = 0xc4 | (this.faults.leadsOff ? 0x02 : 0) | (this.faults.weakEcg ? 0x01 : 0);
		const spo2Status = spo2Codes[this.faults.spo2];
		if (numericsDue || ecgStatus !== this.#ecgStatus) this.#ecgNumerics(ecgStatus, time);
		if (numericsDue || spo2Status !== this.#spo2Status) this.#spo2(spo2Status, time);
		this.#ecgStatus = ecgStatus;
		this.#spo2Status = spo2Status;
		if (numericsDue) this.#temperature(time);
		const cuff = this.#cuff.packet(time, numericsDue || number % CUFF_RUNNING === 0, numericsDue);
		if (cuff) this.#line.send(pm6750Frame(frameType.nibp, cuff));
		if (this.#waves.ecg) this.#ecg(time);
		if (number % SLOW_WAVES === 0) this.#slowWaves(time);
	}

	#ecg(time: number): void {
		const off = this.faults.leadsOff;
		for (const [i, lead] of PM6750_LEADS.entries()) {
			const count = off ? PM6750_BASELINE : PM6750_BASELINE + this.#source.ecg(lead, time) * PM6750_COUNTS_PER_MV;
			this.#sample[i] = clamp(count, 250);
		}
		this.#line.send(pm6750Frame(frameType.ecgWave, this.#sample));
		this.onSamples?.('ecg', off ? this.#sample.map(() => GAP_SAMPLE) : [...this.#sample], time);
	}

	#slowWaves(time: number): void {
		if (this.#waves.pleth) {
			const off = this.faults.spo2 === 'sensor-off' || this.faults.spo2 === 'no-finger';
			const value = off ? 0 : clamp(this.#source.pleth(time) * 100, 100);
			this.#line.send(pm6750Frame(frameType.plethWave, [value]));
			this.onSamples?.('pleth', [off ? GAP_SAMPLE : value], time);
		}
		if (this.#waves.respiration) {
			const value = clamp(125 + this.#source.respiration(time) * 100, 250);
			this.#line.send(pm6750Frame(frameType.respirationWave, [value]));
			this.onSamples?.('respiration', [this.faults.leadsOff ? GAP_SAMPLE : value], time);
		}
	}

	#ecgNumerics(status: number, time: number): void {
		const { heartRate, respiratoryRate, rhythm, stLevel } = this.#source.numerics(time);
		const off = this.faults.leadsOff;
		this.#line.send(
			pm6750Frame(frameType.ecgNumerics, [
				status,
				off ? 0 : clamp(heartRate, 254),
				off ? 0 : clamp(respiratoryRate, 254),
				Math.round((stLevel ?? 0) * 100) & 0xff,
				off ? 0 : rhythms.indexOf(rhythm ?? 'normal'),
			]),
		);
	}

	#spo2(status: number, time: number): void {
		const { spo2, heartRate } = this.#source.numerics(time);
		this.#line.send(pm6750Frame(frameType.spo2, status === 0 ? [0, clamp(spo2, 100), clamp(heartRate, 254)] : [status, 127, 255]));
	}

	#temperature(time: number): void {
		const tenths = Math.round(this.#source.numerics(time).temperature * 10);
		const data = this.faults.temperatureSensorOff ? [1, 0, 0] : [0, Math.floor(tenths / 10), tenths % 10];
		this.#line.send(pm6750Frame(frameType.temperature, data));
	}
}

const clamp = (value: number, max: number): number => Math.min(Math.max(Math.round(value), 0), max);

/** Commands: `55 AA 04` · type · argument · checksum. */
const commandFormat = {
	maxLength: 6,
	measure(bytes: Uint8Array, start: number, end: number): number {
		if (bytes[start] !== 0x55) return NO_FRAME;
		if (start + 6 > end) return INCOMPLETE;
		if (bytes[start + 1] !== 0xaa || bytes[start + 2] !== 0x04) return NO_FRAME;
		return (~(0x04 + bytes[start + 3]! + bytes[start + 4]!) & 0xff) === bytes[start + 5] ? 6 : BAD_CHECKSUM;
	},
};
