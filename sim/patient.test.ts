import { describe, expect, test } from 'vitest';
import { patientCases, SimulatedPatient } from './patient.ts';

const since = 1_000_000_000;
const make = (patientCase: (typeof patientCases)[number], seed = 5) => new SimulatedPatient({ case: patientCase, seed, since });

/** Times of R peaks in lead II: highest sample above a threshold, at 250 samples a second. */
function peaks(patient: SimulatedPatient, seconds: number): number[] {
	const found: number[] = [];
	let [best, bestAt] = [-Infinity, 0];
	for (let i = 0; i < seconds * 250; i++) {
		const t = since + i * 4;
		const v = patient.ecg('II', t);
		if (v > 0.55 && v > best) [best, bestAt] = [v, i / 250];
		else if (v < 0.3 && best > 0) {
			found.push(bestAt);
			best = -Infinity;
		}
	}
	return found;
}

describe.each([...new Set(patientCases)])('%s', (patientCase) => {
	test('limb leads agree with each other', () => {
		const patient = make(patientCase);
		for (let t = since; t < since + 3000; t += 4) {
			const [one, two] = [patient.ecg('I', t), patient.ecg('II', t)];
			expect(patient.ecg('III', t)).toBeCloseTo(two - one, 9);
			expect(patient.ecg('aVR', t)).toBeCloseTo(-(one + two) / 2, 9);
			expect(patient.ecg('aVL', t)).toBeCloseTo(one - two / 2, 9);
			expect(patient.ecg('aVF', t)).toBeCloseTo(two - one / 2, 9);
		}
	});

	test('the heart rate is what the ECG shows', () => {
		const patient = make(patientCase);
		const seen = peaks(patient, 40);
		for (const second of [15, 25, 39]) {
			const last = seen.filter((p) => p <= second - 0.2).slice(-9);
			const rate = (60 * (last.length - 1)) / (last.at(-1)! - last[0]!);
			expect(Math.abs(patient.numerics(since + second * 1000).heartRate - rate)).toBeLessThan(rate * 0.06 + 2);
		}
	});

	test('signals stay in their range and a pulse follows each beat', () => {
		const patient = make(patientCase);
		let [low, high] = [1, 0];
		for (let t = since; t < since + 20_000; t += 13) {
			const p = patient.pleth(t);
			[low, high] = [Math.min(low, p), Math.max(high, p)];
			expect(Math.abs(patient.respiration(t))).toBeLessThanOrEqual(1);
			for (const lead of ['I', 'II', 'V'] as const) expect(Math.abs(patient.ecg(lead, t))).toBeLessThan(2.4);
		}
		expect(low).toBeGreaterThanOrEqual(0);
		expect(high).toBeLessThanOrEqual(1);
		expect(high - low).toBeGreaterThan(0.3);
	});

	test('is the same for the same seed, however it is asked', () => {
		const [a, b] = [make(patientCase), make(patientCase)];
		const late = since + 300_000;
		for (let t = since; t < late; t += 997) a.ecg('I', t);
		expect(a.ecg('II', late)).toBe(b.ecg('II', late));
		expect(a.numerics(late)).toEqual(b.numerics(late));
		expect(make(patientCase, 6).ecg('II', late)).not.toBe(b.ecg('II', late));
	});
});

const intervals = (patientCase: (typeof patientCases)[number]) => {
	const seen = peaks(make(patientCase), 60);
	const rr = seen.slice(1).map((p, i) => p - seen[i]!);
	const mean = rr.reduce((s, v) => s + v, 0) / rr.length;
	return { rr, mean, spread: Math.sqrt(rr.reduce((s, v) => s + (v - mean) ** 2, 0) / rr.length) / mean };
};

test('cases are told apart by their beats', () => {
	expect(intervals('normal').spread).toBeLessThan(0.06);
	expect(intervals('atrial-fibrillation').spread).toBeGreaterThan(0.12);
	expect(60 / intervals('tachycardia').mean).toBeGreaterThan(118);
	const { rr, mean } = intervals('ectopics');
	expect(rr.filter((v) => v < mean * 0.75).length).toBeGreaterThan(2);
	expect(rr.filter((v) => v > mean * 1.25).length).toBeGreaterThan(2);
	expect(make('low-spo2').numerics(since + 5000).spo2).toBeLessThan(91);
	expect(make('normal').numerics(since + 5000).spo2).toBeGreaterThan(94);
});

test('the pulse comes after the R wave and has a notch', () => {
	const patient = make('normal');
	const [first, second] = peaks(patient, 6).slice(2, 4) as [number, number];
	const wave = Array.from({ length: Math.floor((second - first) * 250) + 50 }, (_, i) =>
		patient.pleth(since + first * 1000 + i * 4),
	);
	const top = wave.indexOf(Math.max(...wave));
	expect(top / 250).toBeGreaterThan(0.25);
	expect(top / 250).toBeLessThan(0.5);
	const falling = wave.slice(top);
	const notch = falling.findIndex((v, i) => i > 10 && v < falling[i - 1]! && v <= falling[i + 1]!);
	expect(notch).toBeGreaterThan(10);
	expect(Math.max(...falling.slice(notch, notch + 50))).toBeGreaterThan(falling[notch]!);
});
