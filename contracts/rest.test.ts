import { describe, expect, test } from 'vitest';
import { liveKinds, liveMessage, liveRequest, liveRoles } from './live.ts';
import { roles, type Operation } from './operation.ts';
import { operations, periodQuery, queryTime, readingsQuery, waveformsQuery } from './rest.ts';

describe('times in a query', () => {
	test.each([
		['milliseconds', '1763787600000', 1_763_787_600_000],
		['milliseconds with a fraction', '1763787600000.25', 1_763_787_600_000.25],
		['the beginning of 1970', '0', 0],
		['UTC', '2025-11-22T05:00:00Z', 1_763_787_600_000],
		['Japanese time', '2025-11-22T14:00:00+09:00', 1_763_787_600_000],
		['a fraction of a second', '2025-11-22T05:00:00.125Z', 1_763_787_600_125],
	])('%s', (_, text, expected) => {
		expect(queryTime.parse(text)).toBe(expected);
	});

	test.each([
		'',
		'now',
		'-1',
		'1e3',
		' 1',
		'2025-11-22',
		'2025-11-22T14:00:00',
		'2025-02-30T00:00:00Z',
		'2025-11-22T25:00:00Z',
		'12345678901234567',
	])('refuses %j', (text) => {
		expect(queryTime.safeParse(text).success).toBe(false);
	});
});

describe('queries', () => {
	test('have defaults', () => {
		expect(periodQuery.parse({})).toEqual({ limit: 10_000 });
		expect(waveformsQuery.parse({})).toEqual({ limit: 1000 });
	});

	test('take numbers as text, as they come in an address', () => {
		expect(readingsQuery.parse({ from: '0', to: '1000', limit: '5', code: 'spo2' })).toEqual({
			from: 0,
			to: 1000,
			limit: 5,
			code: 'spo2',
		});
	});

	test.each([
		{ limit: '0' },
		{ limit: '50001' },
		{ limit: 'many' },
		{ limit: '1.5' },
		{ from: 'yesterday' },
		{ after: 'x'.repeat(201) },
	])('refuse %j and name the field', (query) => {
		const result = readingsQuery.safeParse(query);
		expect(result.error?.issues.map((issue) => issue.path[0])).toEqual(Object.keys(query));
	});

	test('refuse a code that nothing is measured by', () => {
		expect(readingsQuery.safeParse({ code: 'mood' }).success).toBe(false);
	});
});

describe('operations', () => {
	const table = Object.entries<Operation>(operations);

	test.each(table)('%s: its id is its key, and its parameters stand in its path', (key, operation) => {
		expect(operation.id).toBe(key);
		const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
		expect(Object.keys(operation.params?.shape ?? {})).toEqual(inPath);
	});

	test('no two share a method and a path', () => {
		const places = table.map(([, { method, path }]) => `${method} ${path}`);
		expect(new Set(places).size).toBe(places.length);
	});

	test('only signing in is open to all, and feeds: by a secret address, or when the server was told to offer them', () => {
		const open = table.filter(([, { roles: who }]) => who === 'public');
		expect(open.flatMap(([key, { path }]) => (path.startsWith('/feeds/') ? [] : [key]))).toEqual(['signIn']);
		expect(open.every(([, { method, path }]) => path === '/session' || method === 'get')).toBe(true);
	});

	test('a dispatcher gets no measurement of a patient, a doctor no track of a van', () => {
		const may = (role: string) =>
			table.filter(([, { roles: who }]) => who !== 'public' && who.some((one) => one === role)).map(([key]) => key);
		expect(may('dispatcher')).not.toContain('listObservations');
		expect(may('dispatcher')).not.toContain('listWaveforms');
		expect(may('admin')).not.toContain('listObservations');
		expect(may('doctor')).not.toContain('listPositions');
		for (const role of roles) expect(may(role)).toContain('listVehicles');
	});
});

describe('the live channel', () => {
	test('every kind has its roles, and measurements go to doctor and crew alone', () => {
		expect(Object.keys(liveRoles).toSorted()).toEqual(liveKinds.toSorted());
		for (const kind of ['reading', 'waveform'] as const) expect(liveRoles[kind].toSorted()).toEqual(['crew', 'doctor']);
	});

	test('a subscription names vehicles and kinds', () => {
		const subscribe = (vehicles: unknown, kinds: unknown) =>
			liveRequest.safeParse({ type: 'subscribe', subscriptions: [{ vehicles, kinds }] }).success;
		expect(subscribe('*', ['position'])).toBe(true);
		expect(subscribe(['van-1'], ['reading', 'waveform'])).toBe(true);
		expect(subscribe(['#'], ['reading'])).toBe(false);
		expect(subscribe('*', [])).toBe(false);
		expect(subscribe('*', ['gossip'])).toBe(false);
	});

	test('a message is told by its type', () => {
		expect(liveMessage.safeParse({ type: 'pong', id: 1, time: 5 }).success).toBe(true);
		expect(liveMessage.safeParse({ type: 'dropped', vehicle: 'van-1', kind: 'waveform', count: 0 }).success).toBe(false);
		expect(liveMessage.safeParse({ type: 'surprise' }).success).toBe(false);
	});
});
