import { expect, test } from 'vitest';
import type { Vehicle } from '@junkai/contracts';
import { reachOf } from './reach.tsx';

const now = Date.UTC(2026, 10, 22, 5, 5);
const local = now + 90_000;
const live = { phase: 'live', lostAt: 0 } as const;
const van = (link: Vehicle['link']): Vehicle => ({
	id: 'van-1',
	name: '1号車',
	position: null,
	link,
	clock: 'gnss',
	devices: [],
	spool: null,
	statusTime: null,
	software: null,
});
const online = van({ state: 'online', since: now - 60_000, lastSeen: now - 1000 });

test('all well', () => expect(reachOf(online, null, live, now, local).state).toBe('good'));

test('the own line is named before the van, by the clock of the server, and only after a moment', () => {
	expect(reachOf(online, now, { phase: 'waiting', lostAt: local - 1000 }, now, local).state).toBe('good');
	expect(reachOf(online, now, { phase: 'waiting', lostAt: local - 9000 }, now, local)).toEqual({
		state: 'server-lost',
		since: now - 9000,
	});
});

test('a lost link counts from the last thing that came', () => {
	const gone = van({ state: 'offline', since: now - 30_000, lastSeen: now - 41_000, cause: 'will' });
	expect(reachOf(gone, now - 40_000, live, now, local)).toEqual({ state: 'link-lost', since: now - 40_000 });
});

test('a van that the broker still believes in is out of reach when nothing comes', () => {
	const silent = van({ state: 'online', since: now - 60_000, lastSeen: now - 11_000 });
	expect(reachOf(silent, null, live, now, local)).toEqual({ state: 'link-lost', since: now - 11_000 });
	expect(reachOf(silent, now - 500, live, now, local).state).toBe('good');
});

test('switched off and never seen are no lost link', () => {
	expect(
		reachOf(van({ state: 'offline', since: now - 5, lastSeen: now - 9, cause: 'farewell' }), null, live, now, local).state,
	).toBe('switched-off');
	expect(reachOf(van({ state: 'unknown', since: null, lastSeen: null }), null, live, now, local).state).toBe('never');
});
