/** What runs in the emulator process: a device emulator, the van and the patient it is attached to. */
import { NmeaEmulator, NoninEmulator, Pm6750Emulator, type Emulator, type PatientSource } from '@junkai/firmware-bridge/mock';
import { incidentsOf, type Incident } from './incidents.ts';
import { vanAt, type DayPlan, type VanPlace } from './journey.ts';
import { SimulatedPatient } from './patient.ts';
import type { FaultSettings, SentSamples } from './pty/messages.ts';
import { SimError } from './sim-error.ts';

export const emulatedDevices = ['nmea', 'nonin', 'pm6750'] as const;
export type EmulatedDevice = (typeof emulatedDevices)[number];

/** Which device, on which van. Plain data: it crosses to the emulator process. */
export interface EmulatorSpec {
	device: EmulatedDevice;
	day: DayPlan;
	/** GNSS: fixes a second. */
	rate?: number;
	/** Keeps what is sent for `samples`, up to about ten minutes of it. For tests that compare. */
	recordSamples?: boolean;
}

export interface RunningEmulator {
	/** What the device says up to now; `now` is ms since 1970 on a clock that never runs backwards. */
	advance(now: number): Uint8Array;
	receive(bytes: Uint8Array): void;
	setFaults(faults: FaultSettings): void;
	/** The van's day goes on otherwise from now. */
	setDay(day: DayPlan): void;
	takeSamples(): SentSamples[];
}

const MAX_SAMPLES = 150_000;
/** First cuff measurement after the patient is attached, and the time from one to the next, ms. */
const CUFF_AFTER = 15_000;
const CUFF_EVERY = 180_000;
/** Starts a cuff measurement on the board: 55 AA 04, command 02, argument 01, checksum. */
const CUFF_START = Uint8Array.of(0x55, 0xaa, 0x04, 0x02, 0x01, 0xf8);

/** @throws {SimError} for a device that has no emulator. */
export function createEmulator(spec: EmulatorSpec): RunningEmulator {
	return new Run(spec);
}

class Run implements RunningEmulator {
	readonly #spec: EmulatorSpec;
	readonly #emulator: Emulator;
	readonly #bedside: Bedside;
	readonly #day: { current: DayPlan };
	readonly #samples = new Map<string, SentSamples>();
	#nextCuff = 0;
	/** Faults that were asked for; the bedside's own give way to them. */
	#asked: FaultSettings = {};

	constructor(spec: EmulatorSpec) {
		this.#spec = spec;
		this.#day = { current: spec.day };
		this.#bedside = new Bedside(this.#day);
		this.#emulator = make(spec, this.#bedside, this.#day);
		if (spec.recordSamples) this.#emulator.onSamples = (signal, values) => this.#record(signal, values);
	}

	advance(now: number): Uint8Array {
		if (this.#spec.device !== 'nmea') this.#attend(now);
		return this.#emulator.advance(now);
	}

	receive(bytes: Uint8Array): void {
		this.#emulator.receive(bytes);
	}

	setFaults(faults: FaultSettings): void {
		this.#asked = { ...this.#asked, ...faults };
		Object.assign(this.#emulator.faults, faults);
	}

	setDay(day: DayPlan): void {
		this.#day.current = day;
	}

	takeSamples(): SentSamples[] {
		const taken = [...this.#samples.values()];
		this.#samples.clear();
		return taken;
	}

	/** Between visits nobody is attached, and the devices say so; with a patient, the cuff is started now and then. */
	#attend(now: number): void {
		const began = this.#bedside.look(now);
		const away = !this.#bedside.attached;
		const incident = this.#bedside.incident(now);
		const [motion, finger, lead] = [incident === 'motion', away || incident === 'finger-off', away || incident === 'lead-off'];
		const own: FaultSettings =
			this.#spec.device === 'nonin'
				? { sensorOff: finger, artifact: motion }
				: { leadsOff: lead, weakEcg: motion, spo2: finger ? 'no-finger' : 'fine', temperatureSensorOff: away };
		Object.assign(this.#emulator.faults, own, this.#asked);
		if (this.#spec.device !== 'pm6750' || away) return;
		if (began) this.#nextCuff = Math.max(this.#bedside.since, now - 1000) + CUFF_AFTER;
		if (now < this.#nextCuff) return;
		this.#emulator.receive(CUFF_START);
		this.#nextCuff = now + CUFF_EVERY;
	}

	#record(signal: string, values: readonly number[]): void {
		const entry = this.#samples.get(signal) ?? { signal, channels: values.length, samples: [] };
		this.#samples.set(signal, entry);
		if (entry.samples.length < MAX_SAMPLES) entry.samples.push([...values]);
	}
}

function make(spec: EmulatorSpec, bedside: Bedside, day: { readonly current: DayPlan }): Emulator {
	switch (spec.device) {
		case 'nmea':
			return new NmeaEmulator({ source: { at: (t) => fix(day.current, t) }, rate: spec.rate ?? 1 });
		case 'nonin':
			return new NoninEmulator({ source: bedside });
		case 'pm6750':
			return new Pm6750Emulator({ source: bedside });
		default:
			throw new SimError('config', `no emulator for the device "${String(spec.device satisfies never)}"`);
	}
}

/** GNSS time is real, however fast the van's day runs. */
function fix(day: DayPlan, t: number) {
	const { lat, lon, alt, speed, track } = vanAt(day, t);
	return { utc: t, mode: 3 as const, lat, lon, alt, speed, track, satellites: 11 + (Math.floor(t / 40_000) % 4), hdop: 0.9 };
}

/** Whoever is attached to the van's devices now. */
class Bedside implements PatientSource {
	readonly #day: { readonly current: DayPlan };
	#place: VanPlace | undefined;
	#patient: SimulatedPatient;
	#incidents: Incident[] = [];
	#id = '';

	constructor(day: { readonly current: DayPlan }) {
		this.#day = day;
		const { seed, startedAt } = day.current;
		this.#patient = new SimulatedPatient({ case: 'normal', seed, since: startedAt });
	}

	get attached(): boolean {
		return this.#id !== '';
	}

	/** When the present patient was attached, ms since 1970. */
	get since(): number {
		return this.#place?.visitSince ?? 0;
	}

	/** Sees who is there; true when someone new is. */
	look(now: number): boolean {
		const place = vanAt(this.#day.current, now);
		this.#place = place;
		const id = place.visit ? `${place.visit.seed}-${place.lap}` : '';
		if (id === this.#id) return false;
		this.#id = id;
		if (!place.visit) return false;
		const { case: patientCase, seed } = place.visit;
		this.#patient = new SimulatedPatient({ case: patientCase, seed: seed + place.lap, since: place.visitSince });
		this.#incidents = incidentsOf(seed + place.lap);
		return true;
	}

	/** What is going wrong just now, if anything. */
	incident(now: number): Incident['kind'] | null {
		if (!this.attached) return null;
		const seconds = (now - this.since) / 1000;
		return this.#incidents.find(({ from, to }) => seconds >= from && seconds < to)?.kind ?? null;
	}

	ecg(...of: Parameters<PatientSource['ecg']>): number {
		return this.#patient.ecg(...of);
	}

	pleth(t: number): number {
		return this.#patient.pleth(t);
	}

	respiration(t: number): number {
		return this.#patient.respiration(t);
	}

	numerics(t: number): ReturnType<PatientSource['numerics']> {
		return this.#patient.numerics(t);
	}
}
