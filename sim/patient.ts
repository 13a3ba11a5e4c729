/**
 * A patient that is not there: heartbeats, and from the same beats ECG, pulse wave and numerics, so that what the screens show
 * belongs together. The ECG is a sum of Gaussian bumps placed round each R wave, after P. E. McSharry, G. D. Clifford,
 * L. Tarassenko and L. A. Smith, "A dynamical model for generating synthetic electrocardiogram signals", IEEE Trans. Biomed.
 * Eng. 50 (2003) 289–294; here each bump is a vector in the frontal plane, which makes the limb leads agree with each other.
 */
import type { EcgLead, PatientNumerics, PatientSource } from '@junkai/firmware-bridge/mock';
import { HeartBeats, type Beat } from './heart.ts';
import { noiseAt, randomFrom, seedOf } from './random.ts';

export const patientCases = ['normal', 'normal', 'atrial-fibrillation', 'tachycardia', 'low-spo2', 'ectopics'] as const;
export type PatientCase = (typeof patientCases)[number];

/** Bump of one beat: seconds after R, width in seconds, mV, and its direction in the frontal plane (degrees, 0 = lead I, 60 = lead II). */
type Bump = readonly [centre: number, width: number, height: number, direction: number];

const atria: readonly Bump[] = [[-0.16, 0.022, 0.14, 55]];
const ventricles: readonly Bump[] = [
	[-0.028, 0.009, -0.12, 40],
	[0, 0.011, 1.15, 50],
	[0.028, 0.01, -0.24, 75],
];
const recovery: readonly Bump[] = [[0.27, 0.05, 0.3, 45]];
/** A beat from the ventricle: wide, tall, no P wave, T the other way round. */
const ectopic: readonly Bump[] = [
	[-0.02, 0.035, 1.35, 70],
	[0.06, 0.04, -0.75, 60],
	[0.29, 0.065, -0.45, 60],
];

/** Time from the R wave to the foot of the pulse at the finger, s. */
const PULSE_DELAY = 0.2;

const radians = Math.PI / 180;
const rates = { heartRate: [58, 84], tachycardia: [124, 142], 'atrial-fibrillation': [82, 108] } as const;

/** One patient for one visit; the same seed gives the same one. Times are ms of the caller's clock, not before `since`. */
export class SimulatedPatient implements PatientSource {
	readonly #case: PatientCase;
	readonly #seed: number;
	readonly #since: number;
	readonly #heart: HeartBeats;
	readonly #breathsPerMinute: number;
	readonly #base: { spo2: number; temperature: number; systolic: number; diastolic: number; amplitude: number; axis: number };
	#vector = { t: NaN, x: 0, y: 0 };
	#numerics: { at: number; value: PatientNumerics } | undefined;

	constructor(options: { case: PatientCase; seed: number; since: number }) {
		const random = randomFrom(options.seed);
		const within = ([low, high]: readonly [number, number]) => low + (high - low) * random();
		this.#case = options.case;
		this.#seed = seedOf(options.seed, 'noise');
		this.#since = options.since;
		const rate = options.case === 'tachycardia' || options.case === 'atrial-fibrillation' ? rates[options.case] : rates.heartRate;
		const ill = options.case === 'low-spo2';
		this.#breathsPerMinute = ill ? within([22, 27]) : within([12, 18]);
		this.#heart = new HeartBeats({
			rhythm: options.case,
			rate: within(rate) + (ill ? 14 : 0),
			seed: seedOf(options.seed, 'heart'),
			breath: (t) => this.#breath(t),
		});
		this.#base = {
			spo2: ill ? within([85, 89]) : within([95.5, 98.6]),
			temperature: ill ? within([37.4, 38.3]) : within([36.1, 36.9]),
			systolic: within([112, 158]),
			diastolic: within([64, 90]),
			amplitude: within([0.85, 1.15]),
			axis: within([-12, 12]),
		};
	}

	/** mV. The limb leads follow Einthoven and Goldberger: III = II − I, aVR = −(I + II) / 2, and so on. */
	ecg(lead: EcgLead, t: number): number {
		const { x, y } = this.#heartVector(t);
		const one = x;
		const two = x * 0.5 + y * (Math.sqrt(3) / 2);
		switch (lead) {
			case 'I':
				return one;
			case 'II':
				return two;
			case 'III':
				return two - one;
			case 'aVR':
				return -(one + two) / 2;
			case 'aVL':
				return one - two / 2;
			case 'aVF':
				return two - one / 2;
			case 'V':
				return 0.9 * two + 0.15 * one;
		}
	}

	/** Pulse wave at the finger, 0 to 1: a quick rise after each beat, a notch and a second wave. */
	pleth(t: number): number {
		const at = this.#seconds(t);
		let sum = 0;
		for (const beat of this.#heart.around(at, 1.8, 0)) sum += pulse(at - beat.at - PULSE_DELAY, beat);
		const breathing = 1 + 0.06 * this.#breath(at);
		return Math.min(1, Math.max(0, 0.12 + 0.72 * sum * breathing + 0.03 * this.#breath(at - 0.4)));
	}

	/** −1 (out) to 1 (in). */
	respiration(t: number): number {
		const at = this.#seconds(t);
		return Math.max(-1, Math.min(1, this.#breath(at) + 0.015 * noiseAt(this.#seed, Math.floor(at * 25))));
	}

	numerics(t: number): PatientNumerics {
		// Devices ask with each sample; what they show changes no faster than this.
		const slot = Math.floor(t / 200);
		if (this.#numerics?.at !== slot) this.#numerics = { at: slot, value: this.#measure(this.#seconds(slot * 200)) };
		return this.#numerics.value;
	}

	#measure(at: number): PatientNumerics {
		const recent = this.#heart.before(at, 9);
		const rate = recent.length < 2 ? 0 : (60 * (recent.length - 1)) / (recent.at(-1)!.at - recent[0]!.at);
		const slow = Math.sin(at / 47 + (this.#seed % 7)) * 0.5 + Math.sin(at / 19) * 0.3;
		const { spo2, temperature, systolic, diastolic } = this.#base;
		const [high, low] = [Math.round(systolic + 4 * slow), Math.round(diastolic + 2.5 * slow)];
		const lately = recent.some((beat) => beat.ectopic && at - beat.at < 4);
		return {
			heartRate: Math.round(rate),
			spo2: Math.round(spo2 + (this.#case === 'low-spo2' ? 1.6 : 0.5) * slow),
			respiratoryRate: Math.round(this.#breathsPerMinute + 0.6 * slow),
			temperature: Math.round((temperature + 0.04 * slow) * 10) / 10,
			nibp: { systolic: high, diastolic: low, mean: Math.round(low + (high - low) / 3) },
			rhythm: lately ? 'pvc' : rate > 120 ? 'tachycardia' : 'normal',
			stLevel: 0,
		};
	}

	/** Seconds since the devices were attached; beats are counted from there, and shortly before. */
	#seconds(t: number): number {
		return Math.max(0, (t - this.#since) / 1000) + 12;
	}

	/** In faster than out. */
	#breath(at: number): number {
		const turns = (at * this.#breathsPerMinute) / 60 + 0.03 * Math.sin(at / 11);
		const phase = turns - Math.floor(turns);
		return phase < 0.4 ? -Math.cos((Math.PI * phase) / 0.4) : Math.cos((Math.PI * (phase - 0.4)) / 0.6);
	}

	#heartVector(t: number): { x: number; y: number } {
		if (this.#vector.t === t) return this.#vector;
		const at = this.#seconds(t);
		const vector = { t, x: 0, y: 0 };
		for (const beat of this.#heart.around(at, 0.75, 0.45)) this.#addBeat(vector, at - beat.at, beat);
		if (this.#case === 'atrial-fibrillation') {
			// Fibrillating atria: a fine, uneven ripple of 5 to 7 a second.
			const ripple = 0.035 * Math.sin(at * 38) + 0.025 * Math.sin(at * 44.3 + 1) * Math.sin(at * 1.7);
			vector.x += ripple * 0.6;
			vector.y += ripple * 0.9;
		}
		const breath = this.#breath(at);
		const index = Math.floor(at * 500);
		vector.x += 0.03 * breath + 0.006 * noiseAt(this.#seed + 1, index);
		vector.y += 0.04 * breath + 0.006 * noiseAt(this.#seed + 2, index);
		return (this.#vector = vector);
	}

	#addBeat(vector: { x: number; y: number }, since: number, beat: Beat): void {
		const { amplitude, axis } = this.#base;
		// The QT time shortens with the root of the RR interval (Bazett).
		const stretch = Math.sqrt(Math.min(1.2, Math.max(0.35, beat.rr)));
		const add = ([centre, width, height, direction]: Bump, scale: number) => {
			const distance = (since - centre * scale) / (width * scale);
			if (distance > 5 || distance < -5) return;
			const value = amplitude * height * Math.exp((-distance * distance) / 2);
			vector.x += value * Math.cos((direction + axis) * radians);
			vector.y += value * Math.sin((direction + axis) * radians);
		};
		if (beat.ectopic) {
			for (const bump of ectopic) add(bump, 1);
			return;
		}
		if (this.#case !== 'atrial-fibrillation') for (const bump of atria) add(bump, Math.min(1, stretch + 0.1));
		for (const bump of ventricles) add(bump, 1);
		for (const bump of recovery) add(bump, stretch);
	}
}

/** One beat's pulse, `since` seconds after its foot. A heart that had little time to fill throws less. */
function pulse(since: number, beat: Beat): number {
	if (since < 0) return 0;
	// The bumps have tails: without this the wave would begin with a step.
	const foot = since >= 0.09 ? 1 : (since / 0.09) ** 2 * (3 - (2 * since) / 0.09);
	const filling = Math.min(1.1, Math.max(0.25, 0.35 + 0.75 * beat.rr)) * (beat.ectopic ? 0.45 : 1);
	const systole = Math.exp(-(((since - 0.15) / 0.075) ** 2) / 2);
	const second = 0.42 * Math.exp(-(((since - 0.4) / 0.085) ** 2) / 2);
	const runoff = since > 0.15 ? 0.3 * Math.exp(-(since - 0.15) / 0.28) : 0.3 * Math.exp(-(((since - 0.15) / 0.075) ** 2) / 2);
	return filling * foot * 0.8 * (systole + second + runoff);
}
