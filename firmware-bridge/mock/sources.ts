/** What the emulated sensors are attached to: a patient and a place on the road, as functions of the emulator's clock (ms). */
import type { Rhythm } from '@junkai/contracts';

export type EcgLead = 'I' | 'II' | 'III' | 'aVR' | 'aVL' | 'aVF' | 'V';

export interface PatientNumerics {
	/** Beats per minute. */
	heartRate: number;
	/** Percent. */
	spo2: number;
	/** Breaths per minute. */
	respiratoryRate: number;
	/** Degrees Celsius. */
	temperature: number;
	/** What a cuff would measure now, mmHg. */
	nibp?: { systolic: number; mean: number; diastolic: number };
	/** What a monitor would say about the rhythm; "normal" if absent. */
	rhythm?: Rhythm;
	/** mV; 0 if absent. */
	stLevel?: number;
}

export interface PatientSource {
	/** mV. */
	ecg(lead: EcgLead, t: number): number;
	/** 0 to 1. */
	pleth(t: number): number;
	/** −1 (out) to 1 (in). */
	respiration(t: number): number;
	numerics(t: number): PatientNumerics;
}

export interface GnssMoment {
	/** True time, ms since 1970. */
	utc: number;
	/** 1 no fix, 2 two-dimensional, 3 three-dimensional. */
	mode: 1 | 2 | 3;
	/** Degrees north. */
	lat: number;
	/** Degrees east. */
	lon: number;
	/** Metres above mean sea level. */
	alt: number;
	/** m/s */
	speed: number;
	/** Degrees from true north. */
	track: number;
	/** Satellites in use. */
	satellites: number;
	hdop: number;
}

export interface GnssSource {
	at(t: number): GnssMoment;
}

/** Share of lead II that each lead sees in the default patient; Einthoven's and Goldberger's equations hold. */
const share: Readonly<Record<EcgLead, number>> = { I: 0.6, II: 1, III: 0.4, aVR: -0.8, aVL: 0.1, aVF: 0.7, V: 0.9 };

/** Waves of one beat: centre and width as parts of a beat, height in mV. */
const beat: readonly (readonly [number, number, number])[] = [
	[0.18, 0.025, 0.12],
	[0.285, 0.009, -0.12],
	[0.31, 0.011, 1.1],
	[0.335, 0.009, -0.25],
	[0.55, 0.045, 0.28],
];

/** A calm patient whose values never change. */
export function constantPatient(
	numerics: PatientNumerics = {
		heartRate: 72,
		spo2: 97,
		respiratoryRate: 15,
		temperature: 36.6,
		nibp: { systolic: 124, mean: 94, diastolic: 79 },
	},
): PatientSource {
	const phase = (t: number, perMinute: number): number => {
		const turns = (t / 60_000) * perMinute;
		return turns - Math.floor(turns);
	};
	return {
		ecg(lead, t) {
			const at = phase(t, numerics.heartRate);
			let sum = 0;
			for (const [centre, width, height] of beat) sum += height * Math.exp(-(((at - centre) / width) ** 2) / 2);
			return sum * share[lead];
		},
		pleth(t) {
			const at = phase(t, numerics.heartRate);
			const wave = Math.exp(-(((at - 0.45) / 0.11) ** 2) / 2) + 0.35 * Math.exp(-(((at - 0.72) / 0.1) ** 2) / 2);
			return Math.min(1, 0.1 + 0.8 * wave);
		},
		respiration: (t) => Math.sin(2 * Math.PI * phase(t, numerics.respiratoryRate)),
		numerics: () => numerics,
	};
}

/** A van standing at one spot (Wakayama city by default), its receiver's clock right. */
export function constantPlace(place: Partial<GnssMoment> = {}, clock: () => number = Date.now): GnssSource {
	const origin: { t?: number; utc: number } = { utc: place.utc ?? clock() };
	return {
		at(t) {
			origin.t ??= t;
			return {
				mode: 3,
				lat: 34.226,
				lon: 135.1675,
				alt: 12,
				speed: 0,
				track: 0,
				satellites: 14,
				hdop: 0.8,
				...place,
				utc: origin.utc + (t - origin.t),
			};
		},
	};
}
