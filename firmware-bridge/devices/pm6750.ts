/**
 * PM6750-type multi-parameter board: ECG (seven leads, 250 Hz), respiration and pleth waves, heart and respiratory rate, ST,
 * rhythm, SpO2, temperature and cuff pressure on one line.
 *
 * What one ECG count is in millivolts, no document says: the waves are given in counts.
 */
import { GAP_SAMPLE, rhythms, type AbsentReason, type Rhythm } from '@junkai/contracts';
import type { Driver, DriverCounters, DriverFacts, DriverReading, Emit } from '../driver.ts';
import { newCounters } from '../link/counters.ts';
import { FrameScanner } from '../link/frame-scanner.ts';
import { WaveformBuilder } from '../link/waveform-builder.ts';
import { frameType, pm6750Format } from './pm6750-frame.ts';
import { NibpMeasurement } from './pm6750-nibp.ts';
import { absent, measured } from './reading.ts';
import { SensorStatus } from './sensor-status.ts';

/** Leads of an ECG packet, in its order. */
export const PM6750_LEADS = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V'] as const;

const WEAK = 0x01;
const LEAD_OFF = 0x02;
const WAVE_MAX = 250;
const PLETH_MAX = 100;

const spo2States: Readonly<Record<number, AbsentReason>> = { 1: 'sensor-off', 2: 'no-finger', 3: 'searching', 4: 'search-timeout' };

export class Pm6750Driver implements Driver {
	readonly counters: DriverCounters = newCounters();
	readonly #emit: Emit;
	readonly #scanner: FrameScanner;
	readonly #ecg: WaveformBuilder;
	readonly #oneLead: WaveformBuilder;
	readonly #pleth: WaveformBuilder;
	readonly #respiration: WaveformBuilder;
	readonly #waves: readonly WaveformBuilder[];
	readonly #leads: SensorStatus;
	readonly #oximeter: SensorStatus;
	readonly #thermometer: SensorStatus;
	readonly #nibp: NibpMeasurement;
	/** The rhythm code told last; none while the leads are off. */
	#rhythm: number | undefined;

	constructor(emit: Emit) {
		this.#emit = emit;
		this.#scanner = new FrameScanner(pm6750Format, this.counters, (bytes, start, length, at, damaged) =>
			this.#take(bytes, start, length, at, damaged),
		);
		const range = [0, WAVE_MAX] as const;
		this.#ecg = new WaveformBuilder({ signal: 'ecg', channels: PM6750_LEADS, rate: 250, range }, emit);
		this.#oneLead = new WaveformBuilder({ signal: 'ecg', channels: ['ECG'], rate: 250, range }, emit);
		this.#pleth = new WaveformBuilder({ signal: 'pleth', channels: ['pleth'], rate: 50, range: [0, PLETH_MAX] }, emit);
		this.#respiration = new WaveformBuilder({ signal: 'respiration', channels: ['respiration'], rate: 50, range }, emit);
		this.#waves = [this.#ecg, this.#oneLead, this.#pleth, this.#respiration];
		this.#leads = new SensorStatus('ecg', emit);
		this.#oximeter = new SensorStatus('spo2', emit);
		this.#thermometer = new SensorStatus('temperature', emit);
		this.#nibp = new NibpMeasurement(emit, new SensorStatus('nibp', emit));
	}

	push(bytes: Uint8Array, at: number): void {
		this.#scanner.push(bytes, at);
		this.#flush();
	}

	idle(at: number): void {
		this.#scanner.idle(at);
		this.#flush();
	}

	end(at: number): void {
		this.#scanner.end(at);
		this.#flush();
	}

	reset(): void {
		this.#scanner.reset();
		this.#nibp.reset();
		for (const wave of this.#waves) wave.break();
	}

	#flush(): void {
		for (const wave of this.#waves) wave.flush();
	}

	#take(bytes: Uint8Array, start: number, length: number, at: number, damaged: boolean): void {
		// Which wave lost a sample with the damaged bytes cannot be told: none of them is joined over the spot.
		if (damaged) for (const wave of this.#waves) wave.break();
		const data = start + 4;
		switch (bytes[start + 3]) {
			case frameType.ecgWave:
				return this.#ecgSample(bytes, data, length - 5, at);
			case frameType.plethWave:
				return this.#sample(this.#pleth, bytes[data]!, PLETH_MAX, this.#noPleth(), at);
			case frameType.respirationWave:
				return this.#sample(this.#respiration, bytes[data]!, WAVE_MAX, this.#leads.reason === 'lead-off', at);
			case frameType.ecgNumerics:
				return this.#ecgNumerics(bytes[data]!, bytes[data + 1]!, bytes[data + 2]!, bytes[data + 3]!, bytes[data + 4]!, at);
			case frameType.nibp:
				return this.#nibp.take(bytes[data]!, bytes[data + 1]!, bytes[data + 2]!, bytes[data + 3]!, bytes[data + 4]!, at);
			case frameType.spo2:
				return this.#spo2(bytes[data]!, bytes[data + 1]!, bytes[data + 2]!, at);
			case frameType.temperature:
				return this.#temperature(bytes[data]!, bytes[data + 1]!, bytes[data + 2]!, at);
			default:
				// Beat marks, versions and what newer boards may add carry no reading.
				return undefined;
		}
	}

	#ecgSample(bytes: Uint8Array, data: number, channels: number, at: number): void {
		const wave = channels === 1 ? this.#oneLead : this.#ecg;
		const off = this.#leads.reason === 'lead-off';
		wave.next(at);
		for (let i = 0; i < channels; i++) {
			const value = bytes[data + i]!;
			wave.set(i, off || value > WAVE_MAX ? GAP_SAMPLE : value);
		}
	}

	#sample(wave: WaveformBuilder, value: number, max: number, off: boolean, at: number): void {
		wave.next(at);
		wave.set(0, off || value > max ? GAP_SAMPLE : value);
	}

	#noPleth(): boolean {
		return this.#oximeter.reason === 'sensor-off' || this.#oximeter.reason === 'no-finger';
	}

	#ecgNumerics(status: number, heartRate: number, respiratoryRate: number, st: number, rhythm: number, at: number): void {
		const off = (status & LEAD_OFF) !== 0;
		const weak = (status & WEAK) !== 0;
		this.#leads.set(off ? 'lead-off' : weak ? 'weak-signal' : undefined, at);
		if (off) {
			for (const code of ['heart-rate', 'respiratory-rate', 'st-level'] as const) this.#emit(absent(code, 'lead-off'), at);
			// What the board says about the rhythm without leads is about noise.
			this.#rhythm = undefined;
			return;
		}
		const doubts: AbsentReason[] = weak ? ['weak-signal'] : [];
		const none = weak ? 'weak-signal' : 'not-given';
		const noHeart = heartRate === 0 || heartRate === 255;
		this.#emit(noHeart ? absent('heart-rate', none) : measured('heart-rate', heartRate, doubts), at);
		const noBreath = respiratoryRate === 0 || respiratoryRate === 255;
		this.#emit(noBreath ? absent('respiratory-rate', none) : measured('respiratory-rate', respiratoryRate, doubts), at);
		// ST is measured on beats: without a heart rate there is none.
		const hundredths = (st << 24) >> 24;
		this.#emit(noHeart ? absent('st-level', none) : measured('st-level', hundredths / 100, doubts), at);
		this.#sayRhythm(rhythm, at);
	}

	#sayRhythm(code: number, at: number): void {
		if (code === this.#rhythm) return;
		this.#rhythm = code;
		// The vocabulary stands in the order of the board's codes.
		const name: Rhythm | undefined = rhythms[code];
		this.#emit(
			{
				type: 'event',
				class: 'physiological',
				code: 'rhythm',
				active: name !== 'normal' && name !== 'analysing',
				detail: name === undefined ? { rhythm: 'unknown', deviceCode: code } : { rhythm: name },
			},
			at,
		);
	}

	#spo2(status: number, saturation: number, pulse: number, at: number): void {
		const reason = status === 0 ? undefined : (spo2States[status] ?? 'device-error');
		this.#oximeter.set(reason, at);
		this.#emit(oxygen(saturation, reason), at);
		const noPulse = pulse === 0 || pulse === 255;
		this.#emit(reason !== undefined || noPulse ? absent('pulse-rate', reason ?? 'not-given') : measured('pulse-rate', pulse), at);
	}

	#temperature(status: number, degrees: number, tenths: number, at: number): void {
		const reason = status === 0 ? undefined : status === 1 ? 'sensor-off' : 'device-error';
		this.#thermometer.set(reason, at);
		this.#emit(celsius(degrees, tenths, reason), at);
	}
}

function oxygen(saturation: number, reason: AbsentReason | undefined): DriverReading {
	if (reason !== undefined) return absent('spo2', reason);
	if (saturation === 0 || saturation === 127) return absent('spo2', 'not-given');
	return saturation > 100 ? absent('spo2', 'out-of-range') : measured('spo2', saturation);
}

function celsius(degrees: number, tenths: number, reason: AbsentReason | undefined): DriverReading {
	if (reason !== undefined) return absent('body-temperature', reason);
	if (degrees === 0 && tenths === 0) return absent('body-temperature', 'not-given');
	return tenths > 9 ? absent('body-temperature', 'out-of-range') : measured('body-temperature', (degrees * 10 + tenths) / 10);
}

export const pm6750: DriverFacts = {
	id: 'pm6750',
	label: 'Multi-parameter board (BerryMed PM6750 type)',
	line: { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
	silentAfter: 3000,
	create: (emit) => new Pm6750Driver(emit),
};
