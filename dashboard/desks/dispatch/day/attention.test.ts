import { describe, expect, test } from 'vitest';
import type { Vehicle } from '@junkai/contracts';
import { attentionOf, byUrgency, lookOf, opacityOf } from './attention.ts';

const now = Date.UTC(2026, 10, 22, 5, 5);
const gnss: Vehicle['devices'][number] = {
	port: 'gnss',
	driver: 'nmea',
	label: 'GNSS',
	state: 'open',
	since: now - 60_000,
	bytes: 1,
	frames: 1,
	discardedBytes: 0,
	badChecksums: 0,
	reopened: 0,
};
const van = (changes: Partial<Vehicle> = {}): Vehicle => ({
	id: 'van-1',
	name: '1号車',
	position: { time: now - 1000, clock: 'gnss', lat: 33.8, lon: 135.7, mode: 3, speed: 12, track: 90 },
	link: { state: 'online', since: now - 60_000, lastSeen: now - 500 },
	clock: 'gnss',
	devices: [gnss],
	spool: { pending: { urgent: 0, numeric: 0, waveform: 0 }, bytes: 1e6, free: 1e9, shed: 0, refused: 0 },
	statusTime: now - 2000,
	software: 'junkai 0.1.0',
	...changes,
});
const kinds = (v: Vehicle) => attentionOf(v, now).map((a) => a.kind);

describe('attention', () => {
	test('a healthy van needs none', () => expect(kinds(van())).toEqual([]));

	test('a lost link is urgent, a van that said farewell is not', () => {
		const gone = { state: 'offline', since: now - 720_000, lastSeen: now - 720_000 } as const;
		expect(attentionOf(van({ link: { ...gone, cause: 'will' } }), now)).toEqual([
			{ kind: 'link-lost', urgency: 'urgent', since: now - 720_000 },
		]);
		expect(attentionOf(van({ link: { ...gone, cause: 'farewell' } }), now)[0]).toMatchObject({
			kind: 'stopped',
			urgency: 'notice',
		});
	});

	test('online but not heard is silent', () => {
		expect(kinds(van({ link: { state: 'online', since: now - 90_000, lastSeen: now - 21_000 } }))).toEqual(['silent']);
	});

	test('ports are named while the van is online, and say nothing once it is gone', () => {
		const devices = [gnss, { ...gnss, port: 'ox', driver: 'nonin', label: 'Oximeter', state: 'lost' as const }];
		expect(attentionOf(van({ devices }), now)[0]).toMatchObject({ kind: 'port-lost', device: 'Oximeter', urgency: 'warning' });
		expect(kinds(van({ devices, link: { state: 'offline', since: now, lastSeen: now, cause: 'will' } }))).toEqual(['link-lost']);
	});

	test('an old fix counts when the receiver is talking', () => {
		expect(kinds(van({ position: { time: now - 31_000, clock: 'gnss', lat: 33.8, lon: 135.7, mode: 3 } }))).toEqual(['no-fix']);
		expect(kinds(van({ position: null, devices: [] }))).toEqual([]);
	});

	test('a full spool and lost waveforms, worst first', () => {
		const spool = { pending: { urgent: 0, numeric: 9, waveform: 9 }, bytes: 9e8, free: 1e8, shed: 12, refused: 1 };
		expect(kinds(van({ spool }))).toEqual(['spool-shed', 'spool-filling', 'refused']);
		expect(attentionOf(van({ spool: { ...spool, free: 9e9 } }), now)[0]).toMatchObject({ kind: 'spool-shed', urgency: 'warning' });
	});
});

test('the list is by urgency, then by name as people count', () => {
	const list = [
		van({ id: 'a', name: '10号車' }),
		van({ id: 'b', name: '2号車' }),
		van({ id: 'c', name: '3号車', link: { state: 'offline', since: now, lastSeen: now, cause: 'will' } }),
	];
	expect(list.toSorted(byUrgency(now)).map((v) => v.name)).toEqual(['3号車', '2号車', '10号車']);
});

test('looks: moving, still, old, offline', () => {
	expect(lookOf(van(), now)).toBe('moving');
	expect(lookOf(van({ position: { ...van().position!, speed: 0.3 } }), now)).toBe('still');
	expect(lookOf(van(), now + 60_000)).toBe('old');
	expect(lookOf(van({ link: { state: 'offline', since: now, lastSeen: now } }), now)).toBe('offline');
	expect(lookOf(van({ link: { state: 'offline', since: now, lastSeen: now, cause: 'farewell' } }), now)).toBe('off');
});

test('a van pales with age and never disappears', () => {
	expect(opacityOf(0)).toBe(1);
	expect(opacityOf(60_000)).toBeLessThan(opacityOf(29_000));
	expect(opacityOf(86_400_000)).toBeGreaterThanOrEqual(0.45);
});
