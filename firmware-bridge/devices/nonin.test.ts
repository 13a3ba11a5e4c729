import { GAP_SAMPLE } from '@junkai/contracts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bench, doHarm, harm, hex, join, splits, survivesAnything } from '../link/testing.ts';
import { nonin } from './nonin.ts';

interface Packet {
	hr?: number;
	spo2?: number;
	shown?: number;
	/** Added to the status of every frame. */
	status?: number;
	stat2?: number;
	pleth?: (frame: number) => number;
}

/** The 25 frames of a packet. */
function frames(
	format: 2 | 7,
	{ hr = 72, spo2 = 97, shown = 97, status = 0, stat2 = 0, pleth = (i) => i * 3 }: Packet = {},
): Uint8Array[] {
	const slots = new Uint8Array(25);
	slots.set([hr >> 7, hr & 0x7f, spo2, 0x30, 0, 0, 1, stat2, shown]);
	slots.set([shown >> 7, shown & 0x7f], 19);
	return Array.from(slots, (slot, i) => {
		const state = 0x80 | status | (i === 0 ? 1 : 0);
		const value = pleth(i);
		const head = format === 2 ? [0x01, state, value & 0xff, slot] : [state, value >> 8, value & 0xff, slot];
		return Uint8Array.of(...head, head.reduce((sum, byte) => sum + byte, 0) & 0xff);
	});
}

const packet = (format: 2 | 7, options?: Packet) => join(...frames(format, options));
const bench = () => new Bench(nonin);
const pairs = (b: Bench) => b.readings().map((r) => [r.code, r.value ?? r.absent]);

describe.each([2, 7] as const)('data format %i', (format) => {
	test.each([18, 72, 127, 128, 255, 256, 321])('pulse rate %i', (hr) => {
		expect(pairs(bench().push(packet(format, { hr })).end())).toEqual([
			['spo2', 97],
			['pulse-rate', hr],
		]);
	});

	test('missing values are reasons', () => {
		expect(
			pairs(
				bench()
					.push(packet(format, { hr: 511, spo2: 127 }))
					.end(),
			),
		).toEqual([
			['spo2', 'not-given'],
			['pulse-rate', 'not-given'],
		]);
	});

	test('values held for the display are never live ones', () => {
		const b = bench()
			.push(packet(format, { hr: 511, spo2: 127, shown: 97, status: 0x08 }))
			.end();
		expect(b.readings().every((r) => r.value === undefined)).toBe(true);
		expect(pairs(b)[0]).toEqual(['spo2', 'no-finger']);
	});

	test('without the sensor there is neither value nor wave', () => {
		const b = bench()
			.push(packet(format, { status: 0x40, pleth: () => 0x40 }))
			.end();
		expect(pairs(b).map(([, reason]) => reason)).toEqual(['sensor-disconnected', 'sensor-disconnected']);
		expect(new Set(b.samples('pleth'))).toEqual(new Set([GAP_SAMPLE]));
		expect(b.outputs.filter((o) => o.type === 'event')).toMatchObject([
			{ class: 'technical', code: 'sensor-status', active: true },
		]);
	});

	test('artifact and lost track make doubtful', () => {
		const b = bench()
			.push(packet(format, { status: 0x30 }))
			.end();
		expect(b.readings('spo2')).toEqual([{ type: 'reading', code: 'spo2', value: 97, questionable: ['out-of-track', 'artifact'] }]);
	});

	test('the battery is told when it gets low and when it is well again', () => {
		const b = bench();
		for (const stat2 of [0, 1, 1, 0]) b.push(packet(format, { stat2 }));
		const events = b.end().outputs.filter((o) => o.type === 'event');
		expect(events.map((e) => [e.code, e.active])).toEqual([
			['low-battery', true],
			['low-battery', false],
		]);
	});

	test('readings come three times a second, with the frame that proves their packet whole', () => {
		const b = bench();
		for (let i = 0; i < 5; i++) b.push(packet(format), i);
		expect(b.readings('spo2')).toHaveLength(4);
		expect(b.push(packet(format).subarray(0, 5), 5).readings('spo2')).toHaveLength(5);
		expect(b.times.filter((_, i) => b.outputs[i]!.type === 'reading').slice(-2)).toEqual([4, 4]);
	});

	test('a lost or a doubled frame never moves the slots: the packet is dropped', () => {
		for (let n = 0; n < 50; n++) {
			// A packet that begins twice is whole from its second beginning on.
			if (n === 25) continue;
			const other = frames(format, { hr: 130, spo2: 96 });
			const wrong = n < 25 ? other.toSpliced(n, 1) : other.toSpliced(n - 25, 0, other[n - 25]!);
			const b = bench()
				.push(join(packet(format), packet(format), ...wrong, packet(format), packet(format)))
				.end();
			expect(pairs(b).map(([, value]) => value)).not.toContain(96);
			expect(new Set(b.readings('pulse-rate').map((r) => r.value))).toEqual(new Set([72]));
		}
	});

	test('a damaged frame breaks the wave and costs what stood in it', () => {
		const hurt = frames(format);
		hurt[1]![3] = hurt[1]![3]! ^ 1;
		const b = bench()
			.push(join(packet(format), ...hurt, packet(format)))
			.end();
		expect(b.readings('spo2')).toHaveLength(3);
		expect(b.readings('pulse-rate')).toHaveLength(2);
		expect(b.waveforms().map((w) => [w.discontinuity, w.samples[0]!.length])).toEqual([
			[false, 26],
			[true, 48],
		]);
		expect(b.driver.counters).toMatchObject({ frames: 74, badChecksums: 1, discardedBytes: 5 });
	});

	test('found in the middle of a packet and after an answer of the device', () => {
		const all = join(...frames(format).slice(9), hex('06'), packet(format), packet(format));
		const b = bench().push(all.subarray(2)).end();
		expect(b.readings('spo2')).toHaveLength(2);
		// Format 7 is believed only when a SYNC was among its frames.
		expect(b.driver.counters.frames).toBe(format === 2 ? 65 : 50);
	});

	test.each([0, 0x40, 0x7f, 0x80, 0xff])('a flat pleth of %i does not make it the other format', (flat) => {
		for (const status of [0, 0x08, 0x40]) {
			const level = format === 2 ? flat : flat * 257;
			const one = packet(format, { hr: 511, spo2: 127, shown: 127, status, pleth: () => level });
			const b = bench()
				.pushSplit(join(one, one, one, one), [7, 3])
				.end();
			const expected = status === 0x40 ? GAP_SAMPLE : format === 2 ? level : level >> 1;
			expect(new Set(b.samples('pleth'))).toEqual(new Set([expected]));
			expect(b.samples('pleth')).toHaveLength(100);
		}
	});
});

test('the 16 bits of format 7 lose their lowest one', () => {
	const b = bench()
		.push(packet(7, { pleth: (i) => (i % 2 === 0 ? 0xffff : 0x0001) }))
		.end();
	expect(b.samples('pleth').slice(0, 2)).toEqual([32_767, 0]);
	expect(b.waveforms()[0]!.range).toEqual([0, 32_767]);
});

test('worked frames of the reference', () => {
	const two = bench().push(hex('01 81 01 00 83 · 01 80 01 48 CA · 01 80 01 61 E3 · 01 80 01 30 B2')).end();
	expect(two.driver.counters).toMatchObject({ frames: 4, discardedBytes: 0 });
	expect(two.waveforms()[0]).toMatchObject({ signal: 'pleth', rate: 75, range: [0, 255] });
	const seven = bench().push(hex('81 7F 00 01 01 · 80 7F 10 07 16')).end();
	expect(seven.samples('pleth')).toEqual([0x7f00 >> 1, 0x7f10 >> 1]);
});

test('a device that changes its format is followed; the packet before the change cannot be proved', () => {
	const wavy = { pleth: (i: number) => 100 + i * 5 };
	const two = Array.from({ length: 4 }, () => packet(2, wavy));
	const seven = Array.from({ length: 4 }, () => packet(7, { ...wavy, hr: 80 }));
	const b = bench()
		.push(join(...two, hex('06'), ...seven, hex('06'), ...two))
		.end();
	expect(b.readings('pulse-rate').map((r) => r.value)).toEqual([72, 72, 72, 80, 80, 80, 72, 72, 72, 72]);
	expect(b.waveforms().map((w) => [w.range![1], w.discontinuity])).toEqual([
		[255, false],
		[32_767, true],
		[255, true],
	]);
});

describe('any line', () => {
	test('whatever comes, it lives on', () => survivesAnything(nonin, [0x01, 0x80, 0x81, 0x00]));

	const stream = fc.record({
		format: fc.constantFrom(2 as const, 7 as const),
		hr: fc.integer({ min: 18, max: 321 }),
		spo2: fc.integer({ min: 1, max: 100 }),
		levels: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 25, maxLength: 25 }),
	});

	test('every whole frame after a damaged one is found, and no reading is ever wrong', () => {
		fc.assert(
			fc.property(
				stream,
				fc.integer({ min: 30, max: 110 }),
				harm,
				splits,
				({ format, hr, spo2, levels }, hurt, damage, lengths) => {
					const pleth = (i: number) => (format === 2 ? levels[i]! : levels[i]! * 250 + i);
					const all = Array.from({ length: 6 }, () => frames(format, { hr, spo2, pleth })).flat();
					const harmed = doHarm(all[hurt]!, damage);
					const b = bench()
						.pushSplit(join(...all.slice(0, hurt), harmed, ...all.slice(hurt + 1)), lengths)
						.end();
					expect(b.driver.counters.frames).toBeGreaterThanOrEqual(all.length - 1);
					expect(new Set(b.readings('pulse-rate').map((r) => r.value))).toEqual(new Set([hr]));
					expect(new Set(b.readings('spo2').map((r) => r.value))).toEqual(new Set([spo2]));
				},
			),
			{ numRuns: 200 },
		);
	});
});
