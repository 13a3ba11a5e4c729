import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { Birth } from '@junkai/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FleetServerError } from '../errors.ts';
import { position, quiet, reading, temporaryFolder } from '../test-support.ts';
import { openRecords } from './database.ts';
import { vanStore } from './vans.ts';
import { VehicleRegistry } from './vehicle-registry.ts';
import { vehicleStore } from './vehicle-store.ts';

let folder: ReturnType<typeof temporaryFolder>;
let database: DatabaseSync;
let registry: VehicleRegistry;
const open = () => {
	database = openRecords(join(folder.path, 'junkai.db'));
	registry = new VehicleRegistry(vehicleStore(database), vanStore(database), quiet);
};
const close = () => {
	registry.stop();
	database.close();
};
beforeEach(() => {
	folder = temporaryFolder();
	open();
});
afterEach(() => {
	close();
	folder.remove();
});

const epoch = randomUUID();
const born = (session: string, change: Partial<Birth> = {}): Birth => ({
	v: 1,
	session,
	epoch,
	boot: 'boot-1',
	time: Date.now(),
	clock: 'gnss',
	name: '1号車',
	software: 'test',
	devices: [],
	...change,
});
const link = () => registry.view('van-1')?.link.state;
const [one, two] = [randomUUID(), randomUUID()];

describe('the link', () => {
	test('begins with a birth and ends with the death of the same session', () => {
		expect(registry.view('van-1')).toBeNull();
		registry.seen('van-1');
		expect(link()).toBe('unknown');
		registry.birth('van-1', born(one));
		expect(link()).toBe('online');
		registry.death('van-1', { v: 1, session: one, cause: 'farewell' });
		expect(registry.view('van-1')?.link).toMatchObject({ state: 'offline', cause: 'farewell' });
	});

	test('an old will neither ends a new session nor revives an ended one', () => {
		registry.birth('van-1', born(one));
		registry.birth('van-1', born(two));
		registry.death('van-1', { v: 1, session: one, cause: 'will' });
		expect(link()).toBe('online');
		registry.death('van-1', { v: 1, session: two, cause: 'will' });
		registry.death('van-1', { v: 1, session: one, cause: 'will' });
		expect(link()).toBe('offline');
	});

	test('a death may come before its birth, as a broker may hand out what it retained', () => {
		registry.death('van-1', { v: 1, session: one, cause: 'will' });
		registry.birth('van-1', born(one));
		expect(link()).toBe('offline');
	});

	test('after a restart nobody is online until heard of; who was offline stays so', () => {
		registry.birth('van-1', born(one));
		registry.birth('van-2', born(two));
		registry.death('van-2', { v: 1, session: two, cause: 'will' });
		close();
		open();
		expect(link()).toBe('unknown');
		expect(registry.view('van-1')?.name).toBe('1号車');
		expect(registry.view('van-2')?.link.state).toBe('offline');
		registry.birth('van-1', born(one));
		expect(link()).toBe('online');
	});
});

describe('the newest value', () => {
	const origin = (change = {}) => ({ vehicle: 'van-1', epoch, boot: 'boot-1', historical: false, ...change });
	const at = () => registry.view('van-1')?.position?.seq;

	test('follows the van, not the order of arrival', () => {
		registry.birth('van-1', born(one));
		registry.record(origin(), position(10, 1000));
		registry.record(origin({ historical: true }), position(9, 900));
		expect(at()).toBe(10);
		registry.record(origin(), position(11, 1100, { mode: 1, lat: undefined, lon: undefined } as never));
		expect(at()).toBe(10);
		registry.record(origin(), position(12, 1200));
		expect(at()).toBe(12);
	});

	test('an earlier spool that is read out late, or whose clock was ahead, does not hide the running one', () => {
		registry.birth('van-1', born(one));
		const older = { epoch: randomUUID() };
		registry.record(origin({ ...older, historical: true }), position(5, 9_000_000));
		registry.record(origin(), position(1, 1000));
		expect(registry.view('van-1')?.position?.time).toBe(1000);
		registry.record(origin({ ...older, historical: true }), position(6, 9_000_001));
		expect(registry.view('van-1')?.position?.time).toBe(1000);
	});

	test('follows a van that had to begin a new spool and has not said so yet', () => {
		registry.birth('van-1', born(one));
		registry.record(origin(), position(500, 1000));
		registry.record(origin({ epoch: randomUUID() }), position(1, 2000));
		expect(registry.view('van-1')?.position?.time).toBe(2000);
	});

	test('is kept for each device, and never taken from a device’s memory', () => {
		registry.record(origin(), reading(1, 1000, { port: 'oximeter', value: 97 }));
		registry.record(origin(), reading(2, 1000, { port: 'monitor', value: 95 }));
		registry.record(origin(), reading(3, 2000, { port: 'monitor', value: 60, stored: true }));
		expect(registry.readings('van-1').map(({ record }) => [record.port, record.value])).toEqual([
			['oximeter', 97],
			['monitor', 95],
		]);
	});

	test('is put right by a clock correction', () => {
		const late = { clock: 'unsynchronised' as const };
		registry.record(origin(), position(1, 1000, late));
		registry.record(origin(), reading(2, 2000, late));
		registry.correct([{ vehicle: 'van-1', boot: 'boot-1', delta: 500, clock: 'holdover' }]);
		expect(registry.view('van-1')?.position).toMatchObject({ time: 1500, clock: 'holdover' });
		expect(registry.readings('van-1')[0]?.record.time).toBe(2500);
		registry.correct([{ vehicle: 'van-1', boot: 'boot-2', delta: 500, clock: 'holdover' }]);
		expect(registry.view('van-1')?.position?.time).toBe(1500);
	});
});

test('a state that cannot be written harms nobody and is written later', () => {
	const store = vehicleStore(database);
	let full = true;
	const disk = {
		...store,
		save: (...call: Parameters<typeof store.save>) => {
			if (full) throw new Error('database or disk is full');
			store.save(...call);
		},
	};
	const tried = new VehicleRegistry(disk, vanStore(database), quiet);
	tried.birth('van-1', born(one));
	expect(tried.view('van-1')?.link.state).toBe('online');
	full = false;
	tried.stop();
	expect(store.load().get('van-1')?.birth?.message.session).toBe(one);
});

test('a database of a newer program, or a file that is none, is refused with its name', () => {
	const path = join(folder.path, 'newer.db');
	const newer = new DatabaseSync(path);
	newer.exec('PRAGMA user_version = 99');
	newer.close();
	expect(() => openRecords(path)).toThrow(/newer\.db.*version 99/);
	expect(() => openRecords(folder.path)).toThrow(FleetServerError);
});
