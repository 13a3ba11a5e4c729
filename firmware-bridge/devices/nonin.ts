/**
 * Nonin oximeters (OEM III, Xpod, WristOx2) in data formats 2 and 7: pleth at 75 Hz, SpO2 and pulse rate three times a second.
 *
 * Only the values that follow the finger are read (slots 1 to 3). Those meant for a display are held for ten seconds after the
 * finger has gone and must never pass for live ones.
 */
import { GAP_SAMPLE, type AbsentReason } from '@junkai/contracts';
import type { Driver, DriverCounters, DriverFacts, DriverReading, Emit } from '../driver.ts';
import { newCounters } from '../link/counters.ts';
import { WaveformBuilder } from '../link/waveform-builder.ts';
import { NoninFraming, PACKET, type NoninFormat } from './nonin-framing.ts';
import { absent, measured } from './reading.ts';
import { SensorStatus } from './sensor-status.ts';

/** Bits of the status byte. */
const DISCONNECTED = 0x40;
const ARTIFACT = 0x20;
const OUT_OF_TRACK = 0x10;
const ALARM = 0x08;
const PERFUSION = 0x06;
const RED = 0x04;
const SYNC = 0x01;

/** Frames (counted from 0) whose slot is read. */
const HR_HIGH = 0;
const HR_LOW = 1;
const SPO2 = 2;
const STAT2 = 7;
const LOW_BATTERY = 0x01;

/** One bit for each frame of a packet. */
const ALL = (1 << PACKET) - 1;

const HR_MISSING = 511;
const SPO2_MISSING = 127;
/** Pulse rates that these oximeters can measure, /min. */
const PULSE_MIN = 18;
const PULSE_MAX = 321;

export class NoninDriver implements Driver {
	readonly counters: DriverCounters = newCounters();
	readonly #emit: Emit;
	readonly #framing: NoninFraming;
	readonly #waves: Readonly<Record<NoninFormat, WaveformBuilder>>;
	readonly #sensor: SensorStatus;
	readonly #slots = new Uint8Array(PACKET);
	/** Number of the next frame in the packet; {@link PACKET} when the next SYNC is due, -1 until one was seen. */
	#frame = -1;
	/** The frames of this packet whose slot came undamaged, one bit each. */
	#known = 0;
	#allStatus = 0;
	#lastStatus = 0;
	#packetAt = 0;
	#lowBattery = false;
	/** Format of the last frame. */
	#format: NoninFormat | undefined;
	/** A damaged frame was stepped over: what follows is in the same packet. */
	#skipped = false;

	constructor(emit: Emit) {
		this.#emit = emit;
		const signal = { signal: 'pleth', channels: ['pleth'], rate: 75 } as const;
		this.#waves = {
			2: new WaveformBuilder({ ...signal, range: [0, 255] }, emit),
			// 16 bits without a sign do not fit a sample: the lowest bit is given up.
			7: new WaveformBuilder({ ...signal, range: [0, 32_767] }, emit),
		};
		this.#sensor = new SensorStatus('spo2', emit);
		this.#framing = new NoninFraming(this.counters, {
			frame: (status, pleth, slot, format, joined, at) => this.#take(status, pleth, slot, format, joined, at),
			missing: () => this.#missing(),
		});
	}

	push(bytes: Uint8Array, at: number): void {
		this.#framing.push(bytes, at);
		this.#flush();
	}

	idle(): void {}

	end(): void {
		this.#framing.end();
		// Behind the last packet of a recording nothing can come; it is believed when it is undamaged.
		if (this.#frame === PACKET && this.#known === ALL) this.#packet();
		this.#frame = -1;
		this.#flush();
	}

	reset(): void {
		this.#framing.reset();
		this.#breakPacket();
	}

	#flush(): void {
		this.#waves[2].flush();
		this.#waves[7].flush();
	}

	#breakPacket(): void {
		this.#frame = -1;
		this.#waves[2].break();
		this.#waves[7].break();
	}

	#missing(): void {
		this.#waves[2].break();
		this.#waves[7].break();
		// Was it the first of a packet, then neither that packet nor the end of the one before can be made out.
		if (this.#frame >= 0) this.#frame = this.#frame < PACKET ? this.#frame + 1 : -1;
		this.#skipped = true;
	}

	#take(status: number, pleth: number, slot: number, format: NoninFormat, joined: boolean, at: number): void {
		if (!joined && !this.#skipped) this.#breakPacket();
		this.#skipped = false;
		const wave = this.#waves[format];
		// Counts of the two formats are not of one size: they never stand in one stretch.
		if (this.#format !== undefined && this.#format !== format) wave.break(true);
		this.#format = format;
		wave.next(at);
		wave.set(0, (status & DISCONNECTED) !== 0 ? GAP_SAMPLE : format === 2 ? pleth : pleth >> 1);
		this.#slot(status, slot, at);
	}

	#slot(status: number, slot: number, at: number): void {
		if ((status & SYNC) !== 0) {
			// Only a SYNC right behind the 25th frame proves that none was lost or doubled, and so which slot is which.
			if (this.#frame === PACKET) this.#packet();
			this.#frame = 0;
			this.#known = 0;
			this.#allStatus = 0;
			this.#packetAt = at;
		} else if (this.#frame < 0 || this.#frame === PACKET) {
			this.#frame = -1;
			return;
		}
		this.#slots[this.#frame] = slot;
		this.#known |= 1 << this.#frame;
		this.#lastStatus = status;
		// Perfusion shows for an instant at each beat; "red" is the bit without its companion.
		this.#allStatus |= (status & PERFUSION) === RED ? status : status & ~PERFUSION;
		this.#frame++;
	}

	#has(...frames: number[]): boolean {
		return frames.every((frame) => (this.#known & (1 << frame)) !== 0);
	}

	#packet(): void {
		const at = this.#packetAt;
		const status = this.#allStatus;
		const gone: AbsentReason | undefined =
			(status & DISCONNECTED) !== 0 ? 'sensor-disconnected' : (this.#lastStatus & ALARM) !== 0 ? 'no-finger' : undefined;
		const doubts: AbsentReason[] = [];
		if ((status & ALARM) !== 0 || (status & RED) !== 0) doubts.push('weak-signal');
		if ((status & OUT_OF_TRACK) !== 0) doubts.push('out-of-track');
		if ((status & ARTIFACT) !== 0) doubts.push('artifact');
		this.#sensor.set(gone, at);
		if (this.#has(SPO2)) this.#emit(oxygen(this.#slots[SPO2]! & 0x7f, gone, doubts), at);
		if (this.#has(HR_HIGH, HR_LOW)) {
			const rate = ((this.#slots[HR_HIGH]! & 0x03) << 7) | (this.#slots[HR_LOW]! & 0x7f);
			this.#emit(pulse(rate, gone, doubts), at);
		}
		if (this.#has(STAT2)) this.#battery((this.#slots[STAT2]! & LOW_BATTERY) !== 0, at);
	}

	#battery(low: boolean, at: number): void {
		if (low === this.#lowBattery) return;
		this.#lowBattery = low;
		this.#emit({ type: 'event', class: 'technical', code: 'low-battery', active: low, detail: { sensor: 'spo2' } }, at);
	}
}

/** Why the device left a value out, as far as its status says. */
const missing = (doubts: readonly AbsentReason[]): AbsentReason => doubts.at(-1) ?? 'not-given';

function oxygen(value: number, gone: AbsentReason | undefined, doubts: readonly AbsentReason[]): DriverReading {
	if (gone !== undefined) return absent('spo2', gone);
	if (value === SPO2_MISSING) return absent('spo2', missing(doubts));
	return value > 100 ? absent('spo2', 'out-of-range') : measured('spo2', value, doubts);
}

function pulse(value: number, gone: AbsentReason | undefined, doubts: readonly AbsentReason[]): DriverReading {
	if (gone !== undefined) return absent('pulse-rate', gone);
	if (value === HR_MISSING) return absent('pulse-rate', missing(doubts));
	return value < PULSE_MIN || value > PULSE_MAX ? absent('pulse-rate', 'out-of-range') : measured('pulse-rate', value, doubts);
}

export const nonin: DriverFacts = {
	id: 'nonin',
	label: 'Pulse oximeter (Nonin OEM III, Xpod, WristOx2)',
	line: { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
	silentAfter: 3000,
	create: (emit) => new NoninDriver(emit),
};
