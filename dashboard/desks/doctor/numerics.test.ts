import { describe, expect, test } from 'vitest';
import { freshness } from './freshness.ts';
import { Numerics } from './numerics.ts';

const t0 = Date.UTC(2026, 10, 22, 5, 5);

describe('freshness', () => {
	test('a pulse dims at 5 s and is gone at 15 s', () => {
		expect([0, 4999, 5000, 14_999, 15_000].map((age) => freshness('spo2', age))).toEqual([
			'fresh',
			'fresh',
			'aging',
			'aging',
			'none',
		]);
	});
	test('a cuff value stands for its moment', () => {
		expect(freshness('nibp-systolic', 14 * 60_000)).toBe('fresh');
		expect(freshness('nibp-systolic', 61 * 60_000)).toBe('none');
	});
	test('a reading from a clock slightly ahead is fresh', () => {
		expect(freshness('heart-rate', -800)).toBe('fresh');
	});
});

describe('numerics', () => {
	test('nothing was ever heard', () => {
		expect(new Numerics().at('spo2', t0)).toBeNull();
	});

	test('a value grows old and gives way; it is never shown as current', () => {
		const n = new Numerics();
		n.take({ code: 'spo2', time: t0, value: 97, port: 'oximeter' });
		expect(n.at('spo2', t0 + 1000)).toMatchObject({ value: 97, freshness: 'fresh' });
		expect(n.at('spo2', t0 + 6000)).toMatchObject({ value: 97, freshness: 'aging' });
		expect(n.at('spo2', t0 + 34_000)).toMatchObject({ value: null, absent: null, freshness: 'none', time: t0 });
	});

	test('a reason replaces the value at once', () => {
		const n = new Numerics();
		n.take({ code: 'spo2', time: t0, value: 97, port: 'oximeter' });
		n.take({ code: 'spo2', time: t0 + 1000, absent: 'no-finger', port: 'oximeter' });
		expect(n.at('spo2', t0 + 1000)).toMatchObject({ value: null, absent: 'no-finger' });
	});

	test('what comes late or from memory does not replace what is newer', () => {
		const n = new Numerics();
		n.take({ code: 'spo2', time: t0, value: 97, port: 'oximeter' });
		n.take({ code: 'spo2', time: t0 - 60_000, value: 88, port: 'oximeter' });
		n.take({ code: 'spo2', time: t0 + 5, value: 70, port: 'oximeter', stored: true });
		expect(n.at('spo2', t0 + 10)).toMatchObject({ value: 97, time: t0 });
	});

	test('of two devices the one with a fresh value is shown, the other is named, and it does not flicker', () => {
		const n = new Numerics();
		n.take({ code: 'spo2', time: t0, value: 97, port: 'oximeter' });
		n.take({ code: 'spo2', time: t0 + 10, value: 96, port: 'monitor' });
		const first = n.at('spo2', t0 + 20)!.port;
		n.take({ code: 'spo2', time: t0 + 1000, value: 97, port: first === 'monitor' ? 'oximeter' : 'monitor' });
		expect(n.at('spo2', t0 + 1010)).toMatchObject({ port: first, others: [{ value: 97 }] });
		n.take({ code: 'spo2', time: t0 + 2000, absent: 'no-finger', port: first! });
		expect(n.at('spo2', t0 + 2010)).toMatchObject({ value: 97 });
		expect(n.at('spo2', t0 + 2010)!.port).not.toBe(first);
	});
});
