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
		n.take({ clock: 'gnss', code: 'spo2', time: t0, value: 97, port: 'oximeter' }, t0);
		expect(n.at('spo2', t0 + 1000)).toMatchObject({ value: 97, freshness: 'fresh' });
		expect(n.at('spo2', t0 + 6000)).toMatchObject({ value: 97, freshness: 'aging' });
		expect(n.at('spo2', t0 + 34_000)).toMatchObject({ value: null, absent: null, freshness: 'none', time: t0 });
	});

	test('a reason replaces the value at once', () => {
		const n = new Numerics();
		n.take({ clock: 'gnss', code: 'spo2', time: t0, value: 97, port: 'oximeter' }, t0);
		n.take({ clock: 'gnss', code: 'spo2', time: t0 + 1000, absent: 'no-finger', port: 'oximeter' }, t0 + 1000);
		expect(n.at('spo2', t0 + 1000)).toMatchObject({ value: null, absent: 'no-finger' });
	});

	test('what comes late or from memory does not replace what is newer', () => {
		const n = new Numerics();
		n.take({ clock: 'gnss', code: 'spo2', time: t0, value: 97, port: 'oximeter' }, t0);
		n.take({ clock: 'gnss', code: 'spo2', time: t0 - 60_000, value: 88, port: 'oximeter' }, t0 - 60_000);
		n.take({ clock: 'gnss', code: 'spo2', time: t0 + 5, value: 70, port: 'oximeter', stored: true }, t0 + 5);
		expect(n.at('spo2', t0 + 10)).toMatchObject({ value: 97, time: t0 });
	});

	test('of two devices the one with a fresh value is shown, the other is named, and it does not flicker', () => {
		const n = new Numerics();
		n.take({ clock: 'gnss', code: 'spo2', time: t0, value: 97, port: 'oximeter' }, t0);
		n.take({ clock: 'gnss', code: 'spo2', time: t0 + 10, value: 96, port: 'monitor' }, t0 + 10);
		const first = n.at('spo2', t0 + 20)!.port;
		n.take(
			{ clock: 'gnss', code: 'spo2', time: t0 + 1000, value: 97, port: first === 'monitor' ? 'oximeter' : 'monitor' },
			t0 + 1000,
		);
		expect(n.at('spo2', t0 + 1010)).toMatchObject({ port: first, others: [{ value: 97 }] });
		n.take({ clock: 'gnss', code: 'spo2', time: t0 + 2000, absent: 'no-finger', port: first! }, t0 + 2000);
		expect(n.at('spo2', t0 + 2010)).toMatchObject({ value: 97 });
		expect(n.at('spo2', t0 + 2010)!.port).not.toBe(first);
	});

	test('a clock that is ahead does not keep a value young, one that was never set counts by its coming', () => {
		const n = new Numerics();
		n.take({ clock: 'ntp', code: 'spo2', time: t0 + 3_600_000, value: 97, port: 'oximeter' }, t0);
		expect(n.at('spo2', t0 + 16_000)).toMatchObject({ value: null, freshness: 'none' });
		n.take({ clock: 'gnss', code: 'spo2', time: t0 + 20_000, value: 96, port: 'oximeter' }, t0 + 20_050);
		expect(n.at('spo2', t0 + 20_100)).toMatchObject({ value: 96 });
		n.take({ clock: 'unsynchronised', code: 'heart-rate', time: 5000, value: 70, port: 'monitor' }, t0);
		expect(n.at('heart-rate', t0 + 1000)).toMatchObject({ value: 70, freshness: 'fresh' });
	});
});
