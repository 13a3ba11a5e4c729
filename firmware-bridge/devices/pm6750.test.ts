import { GAP_SAMPLE } from '@junkai/contracts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bench, doHarm, harm, hex, join, splits, survivesAnything } from '../link/testing.ts';
import { pm6750 } from './pm6750.ts';
import { pm6750Frame } from './pm6750-frame.ts';

const bench = () => new Bench(pm6750);
const nibp = (result: number, cuff: number, sys: number, mean: number, dia: number) =>
	pm6750Frame(0x03, [result << 2, cuff, sys, mean, dia]);
const ecg = (...leads: number[]) => pm6750Frame(0x01, leads.length === 1 ? Array.from({ length: 7 }, () => leads[0]!) : leads);

describe('worked frames', () => {
	test('SpO2 and pulse', () => {
		expect(bench().push(hex('55 AA 06 04 00 61 48 4C')).outputs).toEqual([
			{ type: 'reading', code: 'spo2', value: 97 },
			{ type: 'reading', code: 'pulse-rate', value: 72 },
		]);
	});

	test('no finger', () => {
		expect(bench().push(hex('55 AA 06 04 02 7F FF 75')).readings()).toEqual([
			{ type: 'reading', code: 'spo2', absent: 'no-finger' },
			{ type: 'reading', code: 'pulse-rate', absent: 'no-finger' },
		]);
	});

	test('temperature', () => {
		expect(bench().push(hex('55 AA 06 05 00 25 05 CA')).outputs).toEqual([
			{ type: 'reading', code: 'body-temperature', value: 37.5 },
		]);
	});

	test('a flat ECG', () => {
		expect(bench().push(hex('55 AA 0A 01 7D 7D 7D 7D 7D 7D 7D 89')).outputs).toEqual([
			{
				type: 'waveform',
				signal: 'ecg',
				channels: ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V'],
				rate: 250,
				unit: 'count',
				range: [0, 250],
				samples: Array.from({ length: 7 }, () => Int16Array.of(125)),
				discontinuity: false,
			},
		]);
	});

	test('a pressure that was there before anyone listened is from the memory', () => {
		const found = bench().push(hex('55 AA 08 03 00 00 78 5D 50 CF')).readings();
		expect(found.map((r) => [r.code, r.value, r.stored])).toEqual([
			['nibp-systolic', 120, true],
			['nibp-mean', 93, true],
			['nibp-diastolic', 80, true],
		]);
	});
});

describe('numerics', () => {
	test('no reading is a reason, never a number', () => {
		const b = bench();
		b.push(pm6750Frame(0x04, [0, 127, 255]));
		b.push(pm6750Frame(0x05, [1, 0, 0]));
		b.push(pm6750Frame(0x05, [0, 0, 0]));
		b.push(pm6750Frame(0x02, [0xc4, 0, 0, 0, 0]));
		b.push(pm6750Frame(0x02, [0xc6, 72, 15, 3, 1]));
		b.push(pm6750Frame(0x04, [3, 97, 72]));
		expect(b.readings().map((r) => r.value)).not.toContain(0);
		expect(b.readings().every((r) => r.value === undefined && r.absent !== undefined)).toBe(true);
		expect(b.readings().map((r) => r.absent)).toEqual([
			'not-given',
			'not-given',
			'sensor-off',
			'not-given',
			'not-given',
			'not-given',
			'not-given',
			'lead-off',
			'lead-off',
			'lead-off',
			'searching',
			'searching',
		]);
	});

	test('ST is signed hundredths of a millivolt; a weak signal makes doubtful', () => {
		const b = bench().push(pm6750Frame(0x02, [0xc5, 72, 15, 0xf4, 1]));
		expect(b.readings('st-level')).toEqual([{ type: 'reading', code: 'st-level', value: -0.12, questionable: ['weak-signal'] }]);
	});

	test('rhythm and sensors are told when they change', () => {
		const b = bench();
		for (const code of [0, 1, 1, 1, 3, 3, 1]) b.push(pm6750Frame(0x02, [0xc4, 72, 15, 0, code]));
		expect(b.outputs.filter((o) => o.type === 'event')).toEqual(
			[
				['analysing', false],
				['normal', false],
				['ventricular-fibrillation-tachycardia', true],
				['normal', false],
			].map(([rhythm, active]) => ({ type: 'event', class: 'physiological', code: 'rhythm', active, detail: { rhythm } })),
		);
		for (const status of [0, 1, 1, 2, 0]) b.push(pm6750Frame(0x04, [status, 97, 72]));
		expect(
			b.outputs.filter((o) => o.type === 'event' && o.class === 'technical').map((o) => o.type === 'event' && o.detail),
		).toEqual(['sensor-off', 'no-finger', 'ok'].map((status) => ({ sensor: 'spo2', status })));
	});
});

describe('cuff', () => {
	const values = (b: Bench) => b.readings('nibp-systolic').map((r) => r.value ?? r.absent);

	test('a measurement is told once, though the board repeats it', () => {
		const b = bench().push(nibp(0, 0, 0, 0, 0));
		for (const cuff of [10, 40, 80, 60]) b.push(nibp(1, cuff, 90, 90, 90));
		for (let i = 0; i < 5; i++) b.push(nibp(0, 0, 120, 93, 80));
		expect(b.readings('cuff-pressure').map((r) => r.value ?? r.absent)).toEqual([20, 80, 160, 120, 'not-given']);
		expect(values(b)).toEqual([120]);
		const groups = b.readings().flatMap((r) => r.group ?? []);
		expect(groups).toEqual(['nibp-1', 'nibp-1', 'nibp-1']);
		expect(b.readings().some((r) => r.stored)).toBe(false);
	});

	test('the same numbers again are a new measurement when the cuff was at work', () => {
		const b = bench();
		for (let i = 0; i < 2; i++)
			b.push(nibp(1, 10, 0, 0, 0))
				.push(nibp(0, 0, 120, 93, 80))
				.push(nibp(0, 0, 120, 93, 80));
		expect(values(b)).toEqual([120, 120]);
		expect(new Set(b.readings().flatMap((r) => r.group ?? []))).toEqual(new Set(['nibp-1', 'nibp-2']));
	});

	test('other numbers are a new measurement though its packets were lost', () => {
		const b = bench()
			.push(nibp(1, 10, 0, 0, 0))
			.push(nibp(0, 0, 120, 93, 80))
			.push(nibp(0, 0, 130, 98, 82));
		expect(values(b)).toEqual([120, 130]);
	});

	test('each way to fail is a reason', () => {
		const reasons = ['stopped', 'over-pressure', 'cuff-loose', 'timeout', 'device-error', 'motion', 'out-of-range'];
		for (const [i, reason] of reasons.entries()) {
			const b = bench().push(nibp(1, 10, 0, 0, 0));
			for (let n = 0; n < 3; n++) b.push(nibp(i + 2, 0, 120, 93, 80));
			expect(
				b
					.readings()
					.filter((r) => r.code.startsWith('nibp-'))
					.map((r) => r.absent ?? r.value),
			).toEqual([reason, reason, reason]);
		}
	});

	test('pressures in the wrong order are no pressures', () => {
		expect(
			values(
				bench()
					.push(nibp(1, 9, 0, 0, 0))
					.push(nibp(0, 0, 80, 93, 120)),
			),
		).toEqual(['out-of-range']);
	});

	test('after the line was away, an old result is not told as new', () => {
		const b = bench()
			.push(nibp(1, 9, 0, 0, 0))
			.push(nibp(0, 0, 120, 93, 80));
		b.driver.reset();
		b.push(nibp(0, 0, 120, 93, 80));
		expect(values(b)).toEqual([120]);
		b.driver.reset();
		b.push(nibp(0, 0, 140, 99, 85));
		expect(b.readings('nibp-systolic').map((r) => [r.value, r.stored ?? false])).toEqual([
			[120, false],
			[140, true],
		]);
	});
});

describe('waves', () => {
	test('samples of one push are one block; a lead that is off is a gap', () => {
		const b = bench();
		b.push(join(ecg(1, 2, 3, 4, 5, 6, 7), ecg(9), pm6750Frame(0xfe, [40]), pm6750Frame(0xff, [250])), 5);
		expect(b.waveforms().map((w) => [w.signal, w.rate, w.samples.map((s) => Array.from(s))])).toEqual([
			['ecg', 250, [1, 2, 3, 4, 5, 6, 7].map((v) => [v, 9])],
			['pleth', 50, [[40]]],
			['respiration', 50, [[250]]],
		]);
		b.push(join(pm6750Frame(0x02, [0xc6, 0, 0, 0, 0]), ecg(125), pm6750Frame(0x02, [0xc4, 70, 14, 0, 1]), ecg(126)), 9);
		expect(b.samples('ecg').slice(2)).toEqual([GAP_SAMPLE, 126]);
	});

	test('a damaged frame breaks the waves, and only there', () => {
		const damaged = ecg(3);
		damaged[6] = damaged[6]! ^ 1;
		const b = bench().push(join(ecg(1), ecg(2), damaged, ecg(4), ecg(5)));
		expect(b.waveforms('ecg').map((w) => [w.discontinuity, ...w.samples[0]!])).toEqual([
			[false, 1, 2],
			[true, 4, 5],
		]);
		expect(b.driver.counters).toMatchObject({ frames: 4, badChecksums: 1, discardedBytes: 12 });
	});

	test('a block begins when its first sample came', () => {
		const frame = ecg(1);
		const b = bench()
			.push(frame.subarray(0, 3), 10)
			.push(join(frame.subarray(3), ecg(2)), 14);
		expect(b.times).toEqual([10]);
		expect(b.samples('ecg')).toEqual([1, 2]);
	});
});

describe('any line', () => {
	const frames = fc.array(
		fc.oneof(
			fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 7, maxLength: 7 }).map((data) => pm6750Frame(0x01, data)),
			fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 5, maxLength: 5 }).map((data) => pm6750Frame(0x02, data)),
			fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 5, maxLength: 5 }).map((data) => pm6750Frame(0x03, data)),
			fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 3, maxLength: 3 }).map((data) => pm6750Frame(0x04, data)),
			fc.integer({ min: 0, max: 255 }).map((value) => pm6750Frame(0xfe, [value])),
		),
		{ minLength: 8, maxLength: 24 },
	);

	test('whatever comes, it lives on', () => survivesAnything(pm6750, [0x55, 0xaa, 0x0a, 0x01, 0x06, 0x04]));

	test('the pieces in which bytes come make no difference', () => {
		fc.assert(
			fc.property(frames, splits, (all, lengths) => {
				const bytes = join(...all);
				expect(bench().pushSplit(bytes, lengths).end().summary()).toEqual(bench().push(bytes).end().summary());
			}),
			{ numRuns: 60 },
		);
	});

	test('every whole frame after a damaged one is found', () => {
		fc.assert(
			fc.property(frames, fc.nat(), harm, splits, (all, n, damage, lengths) => {
				const hurt = n % all.length;
				const harmed = doHarm(all[hurt]!, damage);
				const b = bench()
					.pushSplit(join(...all.slice(0, hurt), harmed, ...all.slice(hurt + 1)), lengths)
					.end();
				// The damaged one may by chance still be, or have become, a frame.
				expect(b.driver.counters.frames).toBeGreaterThanOrEqual(all.length - 1);
			}),
			{ numRuns: 150 },
		);
	});
});
