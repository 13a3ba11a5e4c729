import { publishedPlan, type LiveMessage } from '@junkai/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { position, startTestServer, TestVan, until, type TestServer } from '../test-support.ts';
import { progressAfter } from './progress.ts';
import { draftOf, MINUTE, place, routeOf } from './test-plan.ts';

let server: TestServer;
beforeAll(async () => {
	server = await startTestServer();
});
afterAll(() => server.stop());

/** A day that does not end before the test does, wherever in the day that is. */
const start = Math.floor(Date.now() / MINUTE) * MINUTE;
const minute = MINUTE;
const draft = draftOf([routeOf('van-1', start)], [{ visit: 2, need: 'skin', ...place(135.7), rule: 'doctor_busy' }]);
const put = (role: 'dispatcher' | 'crew' | null, body: unknown) =>
	server.request(role, '/api/v1/plans/current', {
		method: 'PUT',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
const current = async () => publishedPlan.nullable().parse(await (await server.request('crew', '/api/v1/plans/current')).json());

test('a plan is published by a dispatcher, told live, followed by positions and kept over a restart', async () => {
	expect(await current()).toBeNull();
	expect((await put(null, draft)).status).toBe(401);
	expect((await put('crew', draft)).status).toBe(403);
	const bad = await put('dispatcher', { ...draft, routes: [{ ...draft.routes[0], next: 9 }] });
	expect(bad.status).toBe(400);
	expect(JSON.stringify(await bad.json())).toContain('routes');
	const heard: LiveMessage[] = [];
	const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/live`, {
		headers: { cookie: await server.cookie('dispatcher'), origin: server.url },
	});
	socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as LiveMessage));
	await until(() => heard.some((one) => one.type === 'hello'), 'the greeting');
	socket.send(JSON.stringify({ type: 'subscribe', subscriptions: [{ vehicles: '*', kinds: ['plan'] }] }));
	await until(() => heard.some((one) => one.type === 'subscribed'), 'the subscription');
	const published = publishedPlan.parse(await (await put('dispatcher', draft)).json());
	expect(published).toMatchObject({ ...draft, revision: 1 });
	await until(() => heard.some((one) => one.type === 'plan' && one.revision === 1), 'word of the plan');

	const van = await TestVan.connect(`mqtt://127.0.0.1:${server.server.mqttPort}`, 'van-1', { will: false });
	await van.birth();
	await van.store([position(1, Date.now(), { lat: 33.8, lon: 135.53, speed: 12 })]);
	await van.store([position(2, Date.now() + 1000, { lat: 33.8002, lon: 135.5501, speed: 0.2 })]);
	await until(() => heard.some((one) => one.type === 'progress' && one.progress.reached), 'word of the stop');
	expect((await current())?.routes[0]).toMatchObject({ next: 1, reached: true });
	await server.restart();
	expect(await current()).toMatchObject({ id: published.id, revision: 1, routes: [{ next: 1, reached: true }] });
	const second = publishedPlan.parse(await (await put('dispatcher', draft)).json());
	expect(second.revision).toBe(2);
	expect((await current())?.routes[0]).toMatchObject({ next: 0, reached: true });
	await van.end();
	socket.close();
});

test('a van is at a stop when it stands there, done with it when it has left, and never goes back', () => {
	const route = draft.routes[0]!;
	const at = (lon: number, speed: number, minutes: number) => ({ lat: 33.8, lon, speed, time: start + minutes * minute });
	let progress = { vehicle: 'van-1', next: 0, reached: true };
	const step = (fix: ReturnType<typeof at>) => {
		progress = progressAfter(route, progress, fix);
		return [progress.next, progress.reached];
	};
	expect(step(at(135.5005, 0.1, 1))).toEqual([0, true]);
	expect(step(at(135.52, 14, 5))).toEqual([1, false]);
	// It drives past a place of a later stop, or waits at a light on the way: neither is a stop of now.
	expect(step(at(135.53, 0, 6))).toEqual([1, false]);
	expect(step(at(135.55, 12, 9))).toEqual([1, false]);
	expect(step(at(135.5502, 0.3, 10))).toEqual([1, true]);
	expect(step(at(135.5502, 0.3, 34))).toEqual([1, true]);
	expect(step(at(135.5502, 0.3, 36))).toEqual([2, true]);
	expect(step(at(135.56, 12, 82))).toEqual([3, false]);
	// Nothing was heard at 135.6: it stands where the stop after it is.
	expect(step(at(135.5501, 0, 120))).toEqual([4, true]);
	expect(step(at(135.53, 12, 132))).toEqual([5, false]);
	expect(step(at(135.5, 0, 141))).toEqual([5, true]);
	expect(step(at(135.55, 0, 150))).toEqual([5, true]);
	expect(progressAfter(route, progress, { time: start })).toBe(progress);
});
