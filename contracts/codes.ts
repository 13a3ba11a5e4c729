/**
 * Codes of what is measured: one row a numeric or waveform, with the standard codes that name it outside Junkai.
 * LOINC, UCUM and MDC (IEEE 11073-10101) values as collected in the project's device reference; `null` where no source was seen.
 */

/** What one numeric reading measures. */
export const readingCodes = {
	'heart-rate': { unit: '/min', loinc: '8867-4', mdc: 147842, en: 'Heart rate', ja: '心拍数' },
	'pulse-rate': { unit: '/min', loinc: '8867-4', mdc: 149530, en: 'Pulse rate', ja: '脈拍数' },
	spo2: { unit: '%', loinc: '2708-6', mdc: 150456, en: 'SpO2', ja: 'SpO2' },
	'respiratory-rate': { unit: '/min', loinc: '9279-1', mdc: 151562, en: 'Respiratory rate', ja: '呼吸数' },
	'body-temperature': { unit: 'Cel', loinc: '8310-5', mdc: 150344, en: 'Temperature', ja: '体温' },
	'nibp-systolic': { unit: 'mm[Hg]', loinc: '8480-6', mdc: 150021, en: 'Systolic pressure', ja: '収縮期血圧' },
	'nibp-diastolic': { unit: 'mm[Hg]', loinc: '8462-4', mdc: 150022, en: 'Diastolic pressure', ja: '拡張期血圧' },
	'nibp-mean': { unit: 'mm[Hg]', loinc: '8478-0', mdc: 150023, en: 'Mean pressure', ja: '平均血圧' },
	'cuff-pressure': { unit: 'mm[Hg]', loinc: null, mdc: null, en: 'Cuff pressure', ja: 'カフ圧' },
	'st-level': { unit: 'mV', loinc: null, mdc: null, en: 'ST level', ja: 'STレベル' },
} as const;

export type ReadingCode = keyof typeof readingCodes;

/** Names of the reading codes, as a tuple for schemas. */
export const readingCodeNames = Object.keys(readingCodes) as [ReadingCode, ...ReadingCode[]];

/** Why a device gave no number. A reading is one value or one of these, never a made-up number. */
export const absentReasons = [
	'sensor-disconnected',
	'sensor-off',
	'no-finger',
	'lead-off',
	'cuff-loose',
	'cuff-wrong-size',
	'searching',
	'search-timeout',
	'out-of-track',
	'weak-signal',
	'artifact',
	'motion',
	'over-pressure',
	'out-of-range',
	'timeout',
	'stopped',
	'measuring',
	'initialising',
	'device-error',
	'not-given',
] as const;
export type AbsentReason = (typeof absentReasons)[number];

/** Waveform signals and what their channels are called. */
export const signals = ['ecg', 'pleth', 'respiration'] as const;
export type Signal = (typeof signals)[number];

/** Rhythm statements of a monitor, in one vocabulary for all devices. */
export const rhythms = [
	'analysing',
	'normal',
	'asystole',
	'ventricular-fibrillation-tachycardia',
	'r-on-t',
	'multiform-pvc',
	'couplet',
	'pvc',
	'bigeminy',
	'trigeminy',
	'tachycardia',
	'bradycardia',
	'missed-beat',
] as const;
export type Rhythm = (typeof rhythms)[number];

/**
 * What can happen on a van, apart from measuring. `technical` is about devices and the gateway, `physiological` is a
 * device's own statement about the patient, `system` is about the gateway's life. The three are never mixed.
 */
export const eventCodes = [
	'gateway-started',
	'gateway-stopped',
	'clock-synchronised',
	'clock-lost',
	'port-opened',
	'port-lost',
	'port-silent',
	'port-resumed',
	'spool-corrupt',
	'spool-shed',
	'spool-nearly-full',
	'records-refused',
	'sensor-status',
	'low-battery',
	'rhythm',
] as const;
export type EventCode = (typeof eventCodes)[number];
