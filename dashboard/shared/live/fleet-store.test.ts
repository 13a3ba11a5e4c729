import { expect, test } from 'vitest';
import type { PositionRecord, Vehicle } from '@junkai/contracts';
import { FleetStore } from './fleet-store.ts';

const epoch = '3f0c3a70-6f0e-4c1e-9a53-0a4f3c2b1d10';
const fix = (time: number, lat = 33.8): PositionRecord => ({
	kind: 'position',
	seq: 1,
	time,
	clock: 'gnss',
	lat,
	lon: 135.7,
	mode: 3,
});
const van = (id: string, time: number | null): Vehicle => ({
	id,
	name: id,
	position: time === null ? null : fix(time),
	link: { state: 'online', since: 1, lastSeen: 1 },
	clock: 'gnss',
	devices: [],
	spool: null,
	statusTime: null,
	software: null,
});
const store = () => new FleetStore(() => 9000);
const read = (s: FleetStore) => (s.failed(), s.snapshot().vehicles);

test('a list that was asked for before a live message does not undo it', () => {
	const s = store();
	s.beginLoad();
	s.take({ type: 'vehicle', time: 5, vehicle: van('a', 2000) });
	s.loaded([van('a', 1000), van('b', 1000)]);
	expect(s.snapshot().phase).toBe('ready');
	expect(s.snapshot().vehicles.map((v) => [v.id, v.position?.time])).toEqual([
		['a', 2000],
		['b', 1000],
	]);
});

test('positions move a van forward in time only; late ones and lost fixes leave it', () => {
	const s = store();
	s.loaded([van('a', 1000)]);
	s.take({ type: 'position', vehicle: 'a', epoch, historical: false, record: fix(3000, 33.9) });
	s.take({ type: 'position', vehicle: 'a', epoch, historical: false, record: fix(2000, 10) });
	s.take({ type: 'position', vehicle: 'a', epoch, historical: true, record: fix(5000, 20) });
	s.take({
		type: 'position',
		vehicle: 'a',
		epoch,
		historical: false,
		record: { kind: 'position', seq: 4, time: 6000, clock: 'gnss', mode: 1 },
	});
	const [a] = read(s);
	expect(a).toMatchObject({ position: { time: 3000, lat: 33.9 }, link: { lastSeen: 9000 } });
	s.take({ type: 'vehicle', time: 9, vehicle: van('a', 1500) });
	expect(read(s)[0]!.position?.time).toBe(3000);
});

test('a van that the server no longer knows goes with the next list', () => {
	const s = store();
	s.loaded([van('a', 1), van('b', 1)]);
	s.beginLoad();
	s.loaded([van('b', 1)]);
	expect(s.snapshot().vehicles.map((v) => v.id)).toEqual(['b']);
});

test('failing to load once the vans are known keeps them', () => {
	const s = store();
	s.failed();
	expect(s.snapshot().phase).toBe('failed');
	s.loaded([van('a', 1)]);
	s.failed();
	expect(s.snapshot()).toMatchObject({ phase: 'ready', vehicles: [{ id: 'a' }] });
});

test('a fix from a clock that is ahead grows old all the same', () => {
	let now = 9000;
	const s = new FleetStore(() => now);
	s.loaded([van('a', 1000)]);
	s.take({ type: 'position', vehicle: 'a', epoch, historical: false, record: fix(500_000) });
	now = 60_000;
	s.take({ type: 'vehicle', time: now, vehicle: van('a', 500_000) });
	expect(read(s)[0]!.position?.time).toBe(9000);
	s.take({ type: 'position', vehicle: 'a', epoch, historical: false, record: fix(59_900) });
	expect(read(s)[0]!.position?.time).toBe(59_900);
});
