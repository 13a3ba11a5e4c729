/** What an emulator sends, its driver reads: the same samples, the same numbers, the same reasons. */
import { GAP_SAMPLE, uplinkRecord } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import type { DriverPosition } from '../driver.ts';
import { Bench, hex } from '../link/testing.ts';
import { drivers } from '../registry.ts';
import type { Emulator } from './emulator.ts';
import { constantPatient, constantPlace, NmeaEmulator, NoninEmulator, Pm6750Emulator } from './index.ts';

/** Runs a device on its driver for so long, ms, in steps of the given length. */
function run(emulator: Emulator, bench: Bench, from: number, to: number, step = 20): void {
	for (let t = from; t <= to; t += step) {
		bench.driver.push(emulator.advance(t), t);
		bench.driver.idle(t + 1);
	}
}

/** First channel of what was sent, by signal. */
function tap(emulator: Emulator): Record<string, number[]> {
	const sent: Record<string, number[]> = {};
	emulator.onSamples = (signal, values) => (sent[signal] ??= []).push(values[0]!);
	return sent;
}

describe('receiver', () => {
	test.each([1, 5, 10])('drives a van along at %i Hz', (rate) => {
		const start = Date.UTC(2026, 2, 31, 23, 59, 50);
		const source = {
			at: (t: number) => ({
				...constantPlace().at(0),
				utc: start + t,
				lat: 33.9 + t * 1e-7,
				lon: 135.5 - t * 1e-7,
				alt: 250.3,
				speed: 13.89,
				track: 315.5,
				satellites: 17,
				hdop: 0.7,
			}),
		};
		const bench = new Bench(drivers['nmea']!);
		run(new NmeaEmulator({ source, rate }), bench, 0, 20_000);
		bench.end(20_020);
		const found = bench.outputs as DriverPosition[];
		expect(found).toHaveLength(20 * rate);
		for (const [i, fix] of found.entries()) {
			const t = ((i + 1) * 1000) / rate;
			expect(fix.time).toBe(new Date(start + t).toISOString());
			expect(fix.lat).toBeCloseTo(33.9 + t * 1e-7, 6);
			expect(fix.lon).toBeCloseTo(135.5 - t * 1e-7, 6);
			expect(fix).toMatchObject({ mode: 3, alt: 250.3, track: 315.5, hdop: 0.7, satellitesUsed: 17 });
			expect(fix.speed).toBeCloseTo(13.89, 2);
			const { type: _, time: __, ...rest } = fix;
			expect(uplinkRecord.safeParse({ ...rest, kind: 'position', seq: 1, time: 1, clock: 'gnss' }).success).toBe(true);
		}
	});

	test('cold start, no fix, damage', () => {
		const emulator = new NmeaEmulator({ rate: 1, coldStart: 3500 });
		const bench = new Bench(drivers['nmea']!);
		run(emulator, bench, 0, 5000);
		emulator.faults.noFix = true;
		emulator.faults.zeroPosition = true;
		run(emulator, bench, 5020, 7000);
		emulator.faults.noFix = false;
		Object.assign(emulator.faults, { damaged: 2, truncated: 1, noise: 40, joined: 2 });
		run(emulator, bench, 7020, 9000);
		bench.end(9000);
		const found = bench.outputs as DriverPosition[];
		expect(found.map((f) => [f.mode, f.time === null])).toEqual([
			...[1, 2, 3].map(() => [1, true]),
			...[4, 5].map(() => [3, false]),
			...[6, 7].map(() => [1, false]),
			...[8, 9].map(() => [3, false]),
		]);
		expect(found.every((f) => (f.mode === 1) === (f.lat === undefined))).toBe(true);
		expect(bench.driver.counters.badChecksums).toBeGreaterThan(0);
	});
});

describe.each([2, 7] as const)('oximeter in format %i', (format) => {
	test('samples and numbers arrive as they were sent', () => {
		const emulator = new NoninEmulator({ format });
		const bench = new Bench(drivers['nonin']!);
		const sent = tap(emulator);
		run(emulator, bench, 0, 10_000, 37);
		bench.end(10_000);
		expect(bench.samples('pleth')).toEqual(sent['pleth']);
		expect(bench.samples('pleth').length).toBeGreaterThan(740);
		expect(new Set(bench.readings().map((r) => `${r.code} ${r.value}`))).toEqual(new Set(['spo2 97', 'pulse-rate 72']));
		expect(bench.waveforms().some((w) => w.discontinuity)).toBe(false);
	});

	test('each fault is told as what it is', () => {
		const emulator = new NoninEmulator({ format });
		const bench = new Bench(drivers['nonin']!);
		const phase = (fault: keyof NoninEmulator['faults'], from: number): unknown[] => {
			Object.assign(emulator.faults, { [fault]: true });
			run(emulator, bench, from, from + 980);
			const before = bench.outputs.length;
			run(emulator, bench, from + 1000, from + 1980);
			Object.assign(emulator.faults, { [fault]: false });
			return [
				...new Set(
					bench.outputs
						.slice(before)
						.flatMap((o) => (o.type === 'reading' && o.code === 'spo2' ? [o.absent ?? o.questionable?.[0]] : [])),
				),
			];
		};
		run(emulator, bench, 0, 980);
		expect(phase('sensorOff', 1000)).toEqual(['no-finger']);
		expect(phase('sensorDisconnected', 4000)).toEqual(['sensor-disconnected']);
		expect(phase('artifact', 7000)).toEqual(['artifact']);
		expect(phase('outOfTrack', 10_000)).toEqual(['out-of-track']);
		run(emulator, bench, 13_000, 14_000);
		expect(bench.readings('spo2').at(-1)).toEqual({ type: 'reading', code: 'spo2', value: 97 });
	});
});

test('an oximeter obeys the command for its format and is followed', () => {
	const emulator = new NoninEmulator({ format: 2 });
	const bench = new Bench(drivers['nonin']!);
	run(emulator, bench, 0, 1000);
	emulator.receive(hex('02 70 02 02 07 03'));
	const answer = emulator.advance(1001);
	expect(answer[0]).toBe(0x06);
	bench.driver.push(answer, 1001);
	run(emulator, bench, 1020, 3000);
	bench.end(3000);
	expect(bench.waveforms().at(-1)!.range).toEqual([0, 32_767]);
	expect(new Set(bench.readings('pulse-rate').map((r) => r.value))).toEqual(new Set([72]));
	emulator.receive(hex('02 70 02 02 09 03'));
	expect(emulator.advance(3001)[0]).toBe(0x15);
});

describe('board', () => {
	test('all waves and numbers arrive as they were sent', () => {
		const emulator = new Pm6750Emulator();
		const bench = new Bench(drivers['pm6750']!);
		const sent = tap(emulator);
		run(emulator, bench, 0, 10_000, 13);
		bench.end(10_000);
		for (const signal of ['ecg', 'pleth', 'respiration']) expect(bench.samples(signal)).toEqual(sent[signal]);
		expect(sent['ecg']!.length).toBe(2499);
		expect(bench.driver.counters.discardedBytes).toBe(0);
		const last = new Map(bench.readings().map((r) => [r.code, r.value]));
		expect(Object.fromEntries(last)).toEqual({
			'heart-rate': 72,
			'respiratory-rate': 15,
			'st-level': 0,
			spo2: 97,
			'pulse-rate': 72,
			'body-temperature': 36.6,
		});
	});

	test('a lead that is off, and a finger that is out, are gaps from the first sample on', () => {
		const emulator = new Pm6750Emulator();
		const bench = new Bench(drivers['pm6750']!);
		const sent = tap(emulator);
		run(emulator, bench, 0, 1000);
		emulator.faults.leadsOff = true;
		emulator.faults.spo2 = 'no-finger';
		run(emulator, bench, 1020, 2000);
		emulator.faults.leadsOff = false;
		run(emulator, bench, 2020, 3000);
		for (const signal of ['ecg', 'pleth', 'respiration']) {
			expect(bench.samples(signal)).toEqual(sent[signal]);
			expect(sent[signal]).toContain(GAP_SAMPLE);
		}
	});

	test('the cuff on command: pressures on the way, one result', () => {
		const emulator = new Pm6750Emulator({ source: constantPatient() });
		const bench = new Bench(drivers['pm6750']!);
		run(emulator, bench, 0, 2000);
		emulator.receive(hex('55 AA 04 02 01 F8'));
		run(emulator, bench, 2020, 30_000);
		const cuff = bench.readings('cuff-pressure').flatMap((r) => r.value ?? []);
		expect(Math.max(...cuff)).toBeGreaterThan(150);
		const result = bench.readings().filter((r) => r.code.startsWith('nibp-'));
		expect(result.map((r) => [r.code, r.value, r.group, r.stored])).toEqual([
			['nibp-systolic', 124, 'nibp-1', undefined],
			['nibp-mean', 94, 'nibp-1', undefined],
			['nibp-diastolic', 79, 'nibp-1', undefined],
		]);
	});

	test.each([
		['cuffLoose', 'cuff-loose'],
		['cuffMotion', 'motion'],
	] as const)('%s', (fault, reason) => {
		const emulator = new Pm6750Emulator();
		const bench = new Bench(drivers['pm6750']!);
		run(emulator, bench, 0, 1000);
		emulator.faults[fault] = true;
		emulator.receive(hex('55 AA 04 02 01 F8'));
		run(emulator, bench, 1020, 12_000);
		expect(bench.readings('nibp-systolic').map((r) => r.absent)).toEqual([reason]);
	});

	test('stopped by command; waves off by command; damage', () => {
		const emulator = new Pm6750Emulator();
		const bench = new Bench(drivers['pm6750']!);
		run(emulator, bench, 0, 1000);
		emulator.receive(hex('55 AA 04 02 01 F8'));
		run(emulator, bench, 1020, 3000);
		emulator.receive(hex('55 AA 04 02 00 F9 55 AA 04 FB 00 00'));
		run(emulator, bench, 3020, 4000);
		expect(bench.readings('nibp-systolic').map((r) => r.absent)).toEqual(['stopped']);
		const { frames } = bench.driver.counters;
		const ecg = bench.samples('ecg').length;
		Object.assign(emulator.faults, { damaged: 1, truncated: 1, noise: 20 });
		run(emulator, bench, 4020, 5000);
		expect(bench.samples('ecg')).toHaveLength(ecg);
		expect(bench.driver.counters.frames).toBeGreaterThan(frames + 95);
		expect(bench.driver.counters.discardedBytes).toBeGreaterThan(20);
	});
});
