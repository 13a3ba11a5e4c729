import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
	health,
	operations,
	regionMap,
	session,
	type Operation,
	type OperationId,
	type Role,
	eventPage,
	positionPage,
} from '@junkai/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { small } from '../optimize/test-problems.ts';
import { event, passwordOf, position, startTestServer, temporaryFolder, TestVan, type TestServer } from '../test-support.ts';
import { plannerClient, problemOf } from './optimize-client.ts';

let server: TestServer;
let pages: ReturnType<typeof temporaryFolder>;
let van: TestVan;
/** An ended job of the planner. */
let job: string;
const START = Date.now() - 5000;
beforeAll(async () => {
	pages = temporaryFolder();
	mkdirSync(join(pages.path, 'assets'));
	writeFileSync(join(pages.path, 'index.html'), '<!doctype html><title>Junkai</title>');
	writeFileSync(join(pages.path, 'assets/app-1a2b3c4d.js'), 'export {};'.repeat(500));
	writeFileSync(join(pages.path, 'assets/app-1a2b3c4d.js.gz'), gzipSync('export {};'.repeat(500)));
	server = await startTestServer({ dashboardDir: pages.path });
	van = await TestVan.connect(`mqtt://127.0.0.1:${server.server.mqttPort}`, 'van-1', { will: false });
	await van.birth();
	await van.store(Array.from({ length: 30 }, (_, index) => position(index + 1, START + index)));
	await van.store([event(31), event(32, Date.now(), { class: 'physiological', code: 'rhythm' })]);
	const planner = plannerClient(() => server);
	expect((await planner.post(small(), 'seconds=0.1')).status).toBe(200);
	job = (await planner.jobs())[0]!.id;
});
afterAll(async () => {
	await van.end();
	await server.stop();
	pages.remove();
});

const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
	server.request(null, '/api/v1/session', { method: 'POST', body, headers });

describe('who may call what', () => {
	const reads = (Object.keys(operations) as OperationId[]).filter((id) => operations[id].method === 'get');
	/** Something of each kind that a path names; what nobody made is not there, whoever asks. */
	const nowhere = crypto.randomUUID();
	const address = (path: string): string => {
		const known: Record<string, string> = { vehicle: 'van-1', job, id: '1', doctor: '1', token: nowhere, date: '2026-11-24' };
		return `/api/v1${path.replace(/\{(\w+)\}/g, (_, name: string) => known[name] ?? nowhere)}`;
	};
	/** What has to be asked for; a period where nothing else is named. */
	const queries: Partial<Record<OperationId, string>> = {
		findPlaces: '?text=%E6%9C%AC%E5%AE%AE',
		getIntakeTemplate: '?format=xlsx',
		getDaySheets: '?date=2026-11-24',
	};
	/** Off unless the server was told to offer it. */
	const offered: readonly OperationId[] = ['getVehiclePositionsFeed', 'getVehiclePositionsJson'];

	test.each(reads)('%s: nobody without signing in, each role as the table says', async (id) => {
		const { path, roles, responses, query, params }: Operation = operations[id];
		const needsPeriod = query !== undefined && !query.safeParse({}).success;
		const asked = address(path) + (queries[id] ?? (needsPeriod ? '?from=2026-11-23&until=2026-11-29' : ''));
		if (roles !== 'public') expect((await problemOf(await server.request(null, asked))).status).toBe(401);
		for (const role of ['dispatcher', 'crew', 'doctor', 'admin'] as Role[]) {
			const response = await server.request(role, asked);
			if (roles !== 'public' && !roles.includes(role)) {
				expect([role, response.status]).toEqual([role, 403]);
				await problemOf(response);
				continue;
			}
			// What an empty server has not, and roads without a map, are said in the same words to everybody who may ask.
			const missing = params === undefined && !offered.includes(id) ? [200, 503] : [200, 404];
			expect([role, missing.includes(response.status)], String(response.status)).toEqual([role, true]);
			if (response.status === 200) responses[200]?.schema?.parse(await response.json());
			else await problemOf(response);
		}
	});

	test('events about a patient are for doctor and crew only', async () => {
		const seqs = async (role: Role) =>
			eventPage.parse(await (await server.request(role, '/api/v1/vehicles/van-1/events')).json()).items.map(({ seq }) => seq);
		expect(await seqs('doctor')).toEqual([31, 32]);
		expect(await seqs('crew')).toEqual([31, 32]);
		expect(await seqs('dispatcher')).toEqual([31]);
		expect(await seqs('admin')).toEqual([31]);
	});
});

describe('signing in and out', () => {
	test('sets a cookie that no script can read', async () => {
		const response = await post(JSON.stringify({ username: 'admin', password: passwordOf('admin') }));
		expect(session.parse(await response.json())).toMatchObject({ username: 'admin', role: 'admin' });
		expect(response.headers.getSetCookie()[0]).toMatch(
			/^junkai_session=[\w-]{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/,
		);
		expect(response.headers.get('cache-control')).toBe('no-store');
	});

	test('a session ends on the server, not only in the browser', async () => {
		const response = await post(JSON.stringify({ username: 'admin', password: passwordOf('admin') }));
		const cookie = response.headers.getSetCookie()[0]!.split(';')[0]!;
		const me = () => fetch(`${server.url}/api/v1/session`, { headers: { cookie } });
		expect((await me()).status).toBe(200);
		expect((await fetch(`${server.url}/api/v1/session`, { method: 'DELETE', headers: { cookie } })).status).toBe(204);
		expect((await me()).status).toBe(401);
	});

	test('another site’s page cannot act in a user’s name', async () => {
		const body = JSON.stringify({ username: 'admin', password: passwordOf('admin') });
		const foreign = await post(body, { 'content-type': 'application/json', origin: 'https://evil.example' });
		expect((await problemOf(foreign)).status).toBe(403);
		const own = await post(body, { 'content-type': 'application/json', origin: server.url });
		expect(own.status).toBe(200);
		expect((await post(body, { 'content-type': 'text/plain' })).status).toBe(415);
	});

	test('guessing is slowed down, for one name at a time', async () => {
		const guess = (username: string) => post(JSON.stringify({ username, password: 'a guess' }));
		for (let attempt = 0; attempt < 10; attempt++) expect((await guess('crew')).status).toBe(401);
		const stopped = await guess('crew');
		expect((await problemOf(stopped)).status).toBe(429);
		expect(stopped.headers.get('retry-after')).toBe('300');
		expect((await guess('someone-else')).status).toBe(401);
		expect((await post(JSON.stringify({ username: 'doctor', password: passwordOf('doctor') }))).status).toBe(200);
	});
});

describe('bad requests', () => {
	test('the field is named', async () => {
		const at = '/api/v1/vehicles/van-1/positions';
		const faults = async (path: string) =>
			(await problemOf(await server.request('dispatcher', path))).errors?.map(({ field }) => field);
		expect(await faults(`${at}?from=yesterday`)).toEqual(['from']);
		expect(await faults(`${at}?limit=0`)).toEqual(['limit']);
		expect(await faults(`${at}?limit=1&limit=2`)).toEqual(['limit']);
		expect(await faults(`${at}?from=2000&to=1000`)).toEqual(['from']);
		expect(await faults(`${at}?after=made-up`)).toEqual(['after']);
		expect(await faults('/api/v1/vehicles/VAN%201/positions')).toEqual(['vehicle']);
		expect((await problemOf(await post('{"username":"x"}'))).errors?.map(({ field }) => field)).toEqual(['password']);
	});

	test.each([
		['no JSON', 400, () => post('{"username":')],
		['too much', 413, () => post(JSON.stringify({ username: 'x', password: 'y'.repeat(100_000) }))],
		['an unknown vehicle', 404, () => server.request('dispatcher', '/api/v1/vehicles/van-99')],
		['an unknown path', 404, () => server.request('dispatcher', '/api/v1/nobody')],
		['a path that cannot be decoded', 400, () => server.request('dispatcher', '/api/v1/vehicles/%E0%A4%A')],
		['a method that is not there', 405, () => server.request('dispatcher', '/api/v1/vehicles', { method: 'PUT' })],
	] as const)('%s is answered with %i', async (_what, status, request) => {
		const response = await request();
		expect((await problemOf(response)).status).toBe(status);
		if (status === 405) expect(response.headers.get('allow')).toBe('GET');
	});
});

describe('reading', () => {
	test('pages join without a seam; ISO times are understood', async () => {
		const seen: number[] = [];
		let after = '';
		do {
			const query = `limit=7&from=${encodeURIComponent(new Date(START).toISOString())}${after && `&after=${encodeURIComponent(after)}`}`;
			const response = await server.request('dispatcher', `/api/v1/vehicles/van-1/positions?${query}`);
			const page = positionPage.parse(await response.json());
			seen.push(...page.items.map(({ seq }) => seq));
			after = page.next ?? '';
		} while (after !== '');
		expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
	});

	test('health, region and the documents', async () => {
		const read = async (path: string) => (await server.request('admin', `/api/v1/${path}`)).json();
		expect(health.parse(await read('health'))).toMatchObject({ status: 'up', vehicles: { online: 1 }, ingest: { records: 32 } });
		expect(regionMap.parse(await read('region')).id).toBe('wakayama');
		expect(await read('openapi.json')).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) });
		expect(await read('asyncapi.json')).toMatchObject({ asyncapi: expect.stringMatching(/^3\./) });
	});

	test('the dashboard: pages never cached, assets for ever, compressed copies used, safe headers', async () => {
		for (const path of ['/', '/dispatch', '/doctor/van-1', '/onboard', '/login']) {
			const response = await server.request(null, path);
			expect(await response.text()).toContain('Junkai');
			expect(response.headers.get('cache-control')).toBe('no-cache');
			const policy = response.headers.get('content-security-policy') ?? '';
			expect(policy).toContain("worker-src 'self' blob:");
			expect(policy).toContain(`ws://127.0.0.1:${server.server.httpPort}`);
			expect(policy).not.toContain('unsafe-eval');
		}
		const asset = await server.request(null, '/assets/app-1a2b3c4d.js');
		expect(asset.headers.get('cache-control')).toContain('immutable');
		expect(asset.headers.get('content-encoding')).toBe('gzip');
		expect(await asset.text()).toBe('export {};'.repeat(500));
		for (const path of ['/nothing', '/assets/none.js', '/../junkai.db', '/%2e%2e/junkai.db']) {
			expect((await server.request(null, path)).status).toBe(404);
		}
	});
});
