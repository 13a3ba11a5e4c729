import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Alert } from '@junkai/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServiceClock, type ServiceClock } from '../../clock.ts';
import { openRecords } from '../../store/database.ts';
import { quiet, temporaryFolder } from '../../test-support.ts';
import { AlertBook, type Finding } from './book.ts';
import { alertStore } from './store.ts';

let folder: ReturnType<typeof temporaryFolder>;
let database: DatabaseSync;
let clock: ServiceClock;
let wall = 0;
let book: AlertBook;
let told: Alert[];
beforeEach(() => {
	folder = temporaryFolder();
	database = openRecords(join(folder.path, 'junkai.db'));
	wall = Date.parse('2026-11-24T09:00:00+09:00');
	clock = createServiceClock({ clockStart: undefined, clockSpeed: 1, clockFrom: undefined }, () => wall);
	book = new AlertBook(alertStore(database), clock, quiet);
	told = [];
	book.on('alert', (alert) => told.push(alert));
});
afterEach(() => {
	database.close();
	folder.remove();
});

const late = (minutes: number, change: Partial<Finding> = {}): Finding => ({
	kind: 'stop-late',
	subject: 'van-1',
	vehicle: 'van-1',
	firm: minutes >= 10,
	urgency: minutes >= 30 ? 'high' : 'medium',
	minutes,
	...change,
});
const kinds = new Set(['stop-late'] as const);
const found = (...findings: Finding[]) => book.update(kinds, findings);

test('one alert a cause: it begins above one threshold, lives above another, and comes anew when it comes again', () => {
	found(late(8));
	expect(book.open()).toEqual([]);
	found(late(11));
	found(late(11.4));
	expect(told).toHaveLength(1);
	found(late(8));
	expect(book.open()).toMatchObject([{ minutes: 8, over: null }]);
	wall += 60_000;
	found();
	expect(told.at(-1)).toMatchObject({ id: told[0]!.id, over: wall });
	expect(book.open()).toEqual([]);
	found(late(8));
	expect(book.open()).toEqual([]);
	found(late(12));
	expect(told.at(-1)!.id).not.toBe(told[0]!.id);
	expect(book.between(wall - 3_600_000, wall + 1)).toHaveLength(2);
});

test('who has seen it is kept; when it becomes more urgent it has to be seen again', () => {
	found(late(12));
	const [alert] = book.open();
	expect(book.acknowledge(alert!.id, 'mori', '連絡済み')).toMatchObject({
		acknowledged: { by: 'mori', note: '連絡済み' },
		over: null,
	});
	expect(() => book.acknowledge(alert!.id, 'sato', '')).toThrow('mori has acknowledged it already: 連絡済み');
	found(late(20));
	expect(book.open()).toMatchObject([{ id: alert!.id, minutes: 20, acknowledged: { by: 'mori' } }]);
	found(late(31));
	expect(book.open()).toMatchObject([{ urgency: 'high', acknowledged: null }]);
	expect(book.open()[0]!.id).not.toBe(alert!.id);
	expect(book.acknowledge('8b5c8f6e-8a0e-4c58-8f3a-0d7f7c1d2e3f', 'mori', '')).toBeNull();
});

test('what is open outlives a restart', () => {
	found(late(12), late(40, { subject: 'van-2', vehicle: 'van-2' }));
	book.acknowledge(book.open().find(({ vehicle }) => vehicle === 'van-1')!.id, 'mori', '');
	const again = new AlertBook(alertStore(database), clock, quiet);
	expect(again.open()).toEqual(book.open());
	// The most urgent first, and what nobody has seen before what was seen.
	expect(again.open().map(({ vehicle }) => vehicle)).toEqual(['van-2', 'van-1']);
	again.update(kinds, []);
	expect(again.open()).toEqual([]);
});

test('what does not pass by itself stays until somebody has seen it', () => {
	book.raise({
		kind: 'records-lost',
		subject: 'van-1 spool-shed',
		urgency: 'medium',
		firm: true,
		vehicle: 'van-1',
		detail: 'spool-shed 3',
	});
	book.update(new Set(['records-lost'] as const), []);
	expect(book.open()).toHaveLength(1);
	book.raise({
		kind: 'records-lost',
		subject: 'van-1 spool-shed',
		urgency: 'medium',
		firm: true,
		vehicle: 'van-1',
		detail: 'spool-shed 9',
	});
	expect(book.open()).toMatchObject([{ detail: 'spool-shed 9' }]);
	book.acknowledge(book.open()[0]!.id, 'mori', '');
	expect(book.open()).toEqual([]);
});

test('kinds that were not looked at are left as they are', () => {
	found(late(12));
	book.update(new Set(['consult-late'] as const), []);
	expect(book.open()).toHaveLength(1);
});
