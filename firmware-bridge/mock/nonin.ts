/** A Nonin oximeter in data format 2 or 7. */
import { GAP_SAMPLE } from '@junkai/contracts';
import { type Emulator, Line, type LineFaults, noLineFaults, type SampleTap, Ticker } from './emulator.ts';
import { constantPatient, type PatientSource } from './sources.ts';

export interface NoninEmulatorOptions {
	source?: PatientSource;
	format?: 2 | 7;
	/** ms after the start during which the host may choose the format; without it, always. */
	formatWindow?: number;
}

export interface NoninFaults extends LineFaults {
	/** The probe's plug is out. */
	sensorDisconnected: boolean;
	/** The probe is on no finger. */
	sensorOff: boolean;
	artifact: boolean;
	outOfTrack: boolean;
	lowPerfusion: boolean;
	lowBattery: boolean;
}

const PACKET = 25;
/** Display values stay this long after the finger has gone. */
const DISPLAY_HOLD = 10_000;

export class NoninEmulator implements Emulator {
	readonly id = 'nonin';
	onSamples?: SampleTap | undefined;
	readonly faults: NoninFaults = {
		...noLineFaults(),
		sensorDisconnected: false,
		sensorOff: false,
		artifact: false,
		outOfTrack: false,
		lowPerfusion: false,
		lowBattery: false,
	};
	readonly #source: PatientSource;
	readonly #ticker = new Ticker(1000 / 75);
	readonly #line = new Line(this.faults);
	readonly #formatWindow: number;
	#format: 2 | 7;
	#startedAt: number | undefined;
	#now = 0;
	/** Number of the next frame in the packet. */
	#frame = 0;
	#packets = 0;
	#slots = new Uint8Array(PACKET);
	#goneSince: number | undefined;
	#shown = { pulse: 511, spo2: 127 };
	#command: number[] = [];

	constructor(options: NoninEmulatorOptions = {}) {
		this.#source = options.source ?? constantPatient();
		this.#format = options.format ?? 2;
		this.#formatWindow = options.formatWindow ?? Infinity;
	}

	get format(): 2 | 7 {
		return this.#format;
	}

	advance(t: number): Uint8Array {
		this.#startedAt ??= t;
		this.#now = t;
		this.#ticker.advance(t, (_, time) => this.#tick(time));
		return this.#line.take();
	}

	/** Understands the command that sets the data format: `02 70 02 02 ff 03`. */
	receive(bytes: Uint8Array): void {
		for (const byte of bytes) {
			if (this.#command.length === 0 && byte !== 0x02) continue;
			this.#command.push(byte);
			if (this.#command.length === 6) {
				this.#obey(this.#command);
				this.#command = [];
			}
		}
	}

	#obey(command: readonly number[]): void {
		const format = command[4];
		const inTime = this.#startedAt === undefined || this.#now - this.#startedAt <= this.#formatWindow;
		const form = command[1] === 0x70 && command[2] === 0x02 && command[3] === 0x02 && command[5] === 0x03;
		if (!form || !inTime || (format !== 2 && format !== 7)) {
			this.#line.send(Uint8Array.of(0x15));
			return;
		}
		this.#line.send(Uint8Array.of(0x06));
		this.#format = format;
		this.#frame = 0;
	}

	#tick(time: number): void {
		const gone = this.faults.sensorDisconnected;
		const off = gone || this.faults.sensorOff;
		if (this.#frame === 0) this.#startPacket(time, off);
		const status = this.#status(time, off);
		const slot = this.#slots[this.#frame]!;
		const pleth = off ? 0 : Math.min(Math.max(this.#source.pleth(time), 0), 1);
		if (this.#format === 2) {
			const value = Math.round(pleth * 255);
			this.onSamples?.('pleth', [gone ? GAP_SAMPLE : value], time);
			this.#line.send(summed([0x01, status, value, slot]));
		} else {
			const value = Math.round(pleth * 65_535);
			this.onSamples?.('pleth', [gone ? GAP_SAMPLE : value >> 1], time);
			this.#line.send(summed([status, value >> 8, value & 0xff, slot]));
		}
		this.#frame = (this.#frame + 1) % PACKET;
	}

	#status(time: number, off: boolean): number {
		const { faults } = this;
		let status = 0x80 | (this.#frame === 0 ? 0x01 : 0);
		if (faults.sensorDisconnected) status |= 0x40;
		if (off) status |= 0x08;
		if (faults.artifact) status |= 0x20;
		if (faults.outOfTrack) status |= 0x10;
		// Perfusion shows for 160 ms at each beat, red or green.
		const beat = (time / 60_000) * this.#source.numerics(time).heartRate;
		const sinceBeat = ((beat - Math.floor(beat)) * 60_000) / this.#source.numerics(time).heartRate;
		if (!off && sinceBeat < 160) status |= faults.lowPerfusion ? 0x04 : 0x02;
		return status;
	}

	#startPacket(time: number, off: boolean): void {
		const { heartRate, spo2 } = this.#source.numerics(time);
		const pulse = off ? 511 : Math.round(heartRate);
		const oxygen = off ? 127 : Math.round(spo2);
		if (!off) {
			this.#goneSince = undefined;
			this.#shown = { pulse, spo2: oxygen };
		} else {
			this.#goneSince ??= time;
			if (time - this.#goneSince >= DISPLAY_HOLD) this.#shown = { pulse: 511, spo2: 127 };
		}
		const high = (value: number): number => (value >> 7) & 0x03;
		const low = (value: number): number => value & 0x7f;
		const timer = this.#packets++ & 0x3fff;
		const slots = this.#slots;
		slots.fill(0);
		slots.set([high(pulse), low(pulse), oxygen, 0x30], 0);
		slots.set([timer >> 7, timer & 0x7f, this.faults.lowBattery ? 0x01 : 0, this.#shown.spo2, oxygen, oxygen], 5);
		slots.set([high(pulse), low(pulse), oxygen, this.#shown.spo2], 13);
		slots.set([high(this.#shown.pulse), low(this.#shown.pulse), high(this.#shown.pulse), low(this.#shown.pulse)], 19);
	}
}

function summed(bytes: readonly number[]): Uint8Array {
	let sum = 0;
	for (const byte of bytes) sum += byte;
	return Uint8Array.of(...bytes, sum & 0xff);
}
