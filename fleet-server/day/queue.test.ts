/** The doctors' queues over HTTP and the live channel: to each the own patients, and word when something is otherwise. */
import { doctorQueue, visit as visitSchema, type DoctorQueue, type PlanDraft, type Role } from '@junkai/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { provision } from '../access/provision.ts';
import { doctorOf, patientOf, requestOf, vehicleOf } from '../registry/test-records.ts';
import { passwordOf, signIn, startTestServer, TestBrowser, until, type TestServer } from '../test-support.ts';
import { draftOf, MINUTE, routeOf } from './test-plan.ts';

const start = Date.parse('2026-11-24T08:30:00+09:00');
const OTHER = 'doctor-2';
const WITHOUT_RECORD = 'doctor-3';

let server: TestServer;
let visits: number[];
const cookies = new Map<string, string>();

const send = async (role: Role, path: string, method: string, body?: unknown): Promise<unknown> => {
	const response = await server.request(role, `/api/v1${path}`, {
		method,
		headers: { 'content-type': 'application/json' },
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
	return response.json();
};
const numbered = z.object({ id: z.number(), version: z.number() });
const create = async (path: string, body: unknown) => numbered.parse(await send('dispatcher', path, 'POST', body));
const publish = (draft: PlanDraft) => send('dispatcher', '/plans/current', 'PUT', draft);

async function cookieOf(user: string): Promise<string> {
	const cookie = cookies.get(user) ?? (await signIn(server.url, user));
	cookies.set(user, cookie);
	return cookie;
}
async function queueOf(user: string): Promise<DoctorQueue> {
	const response = await fetch(`${server.url}/api/v1/queue`, { headers: { cookie: await cookieOf(user) } });
	expect(response.status).toBe(200);
	return doctorQueue.parse(await response.json());
}
const visitsOf = async (user: string) => (await queueOf(user)).consults.map(({ visit }) => visit);

/** Everything that a doctor's desk hears. */
async function listen(user: string): Promise<{ heard: string[]; count: () => number; close: () => void }> {
	const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/live`, {
		headers: { cookie: await cookieOf(user), origin: server.url },
	});
	const heard: string[] = [];
	socket.on('message', (data: Buffer) => heard.push(data.toString()));
	await until(() => heard.length > 0, 'the greeting');
	socket.send(JSON.stringify({ type: 'subscribe', subscriptions: [{ vehicles: '*', kinds: ['queue', 'plan', 'day'] }] }));
	await until(() => heard.some((text) => text.includes('"subscribed"')), 'the subscription');
	return { heard, count: () => heard.filter((text) => text === '{"type":"queue"}').length, close: () => socket.terminate() };
}

beforeAll(async () => {
	server = await startTestServer({ clockStart: '2026-11-24T08:20:00+09:00' });
	const users = [OTHER, WITHOUT_RECORD].map((username) => ({ username, password: passwordOf(username), role: 'doctor' as const }));
	await provision(server.dataDir, { users, vans: [] });
	await create('/fleet', vehicleOf('van-1', { name: '1号車' }));
	await create('/fleet', vehicleOf('van-2', { name: '2号車' }));
	await create('/doctors', doctorOf({ user: 'doctor' }));
	await create('/doctors', doctorOf({ name: { ja: '佐藤', en: 'Sato' }, user: OTHER }));
	const first = await create('/patients', patientOf());
	const second = await create(
		'/patients',
		patientOf({ name: { family: '中村', given: '清' }, birthDate: '1950-11-24', sex: 'male' }),
	);
	for (const { id } of [first, first, first, second, second, second]) await create('/requests', requestOf(id));
	const all = z.array(visitSchema).parse(await send('dispatcher', '/visits?from=2026-11-24&until=2026-11-24', 'GET'));
	visits = all.map(({ id }) => id);
	expect(visits).toHaveLength(6);
});
afterAll(async () => {
	await server?.stop();
});

const planOf = (own: number, other: number): PlanDraft =>
	draftOf([routeOf('van-1', start, [own, visits[1]!, visits[2]!], 1), routeOf('van-2', start, [other, visits[4]!, visits[5]!], 2)]);

test('without a plan the queue is empty, and says so', async () => {
	expect(await queueOf('doctor')).toEqual({
		date: '2026-11-24',
		doctor: { id: 1, name: { ja: '田中', en: 'Tanaka' } },
		revision: null,
		published: null,
		by: null,
		consults: [],
	});
});

test('each doctor sees the own patients with their ETAs, and nothing of others', async () => {
	await publish(planOf(visits[0]!, visits[3]!));
	const own = await queueOf('doctor');
	expect(own).toMatchObject({ revision: 1, by: 'dispatcher' });
	expect(own.consults).toHaveLength(1);
	expect(own.consults[0]).toMatchObject({
		visit: visits[0],
		patient: { name: { family: '山本', given: '花子' }, kana: { family: 'ヤマモト' }, age: 82, sex: 'female' },
		need: 'follow-up',
		vehicle: { id: 'van-1', name: '1号車' },
		place: { ja: '温川' },
		municipality: { ja: '田辺市' },
		from: start + 18 * MINUTE,
		to: start + 30 * MINUTE,
		state: 'planned',
	});
	const estimate = own.consults[0]!.estimate!;
	expect(estimate.state).toBe('later');
	expect(estimate.low).toBeLessThan(estimate.eta);
	expect(estimate.high).toBeGreaterThan(estimate.eta);

	const other = await queueOf(OTHER);
	expect(other.doctor).toEqual({ id: 2, name: { ja: '佐藤', en: 'Sato' } });
	expect(other.consults.map(({ visit, patient }) => [visit, patient?.name.family, patient?.age])).toEqual([
		[visits[3], '中村', 76],
	]);
	expect(JSON.stringify(other)).not.toContain('山本');
	// Where they live and how to call them is not for this list.
	expect(JSON.stringify([own, other])).not.toMatch(/address|phone|0735/);
});

test('a user whom no doctor’s record names gets an empty queue, and who is no doctor none at all', async () => {
	expect(await queueOf(WITHOUT_RECORD)).toMatchObject({ doctor: null, revision: 1, consults: [] });
	for (const role of ['dispatcher', 'crew', 'admin'] as const) {
		expect((await server.request(role, '/api/v1/queue')).status).toBe(403);
	}
	const browser = await TestBrowser.open(server, 'dispatcher');
	await browser.subscribe([{ vehicles: '*', kinds: ['queue'] }]);
	expect(browser.all('refused')).toEqual([{ type: 'refused', reason: 'queue is not for dispatcher' }]);
	browser.close();
});

test('the queue follows the plan that is published, and both doctors hear that it does, of nothing else', async () => {
	const [first, second] = [await listen('doctor'), await listen(OTHER)];
	expect(await visitsOf('doctor')).toEqual([visits[0]]);
	// The first doctor's patient goes to the second.
	await publish(planOf(visits[3]!, visits[0]!));
	await until(() => first.count() > 0 && second.count() > 0, 'word of the queue', 15_000);
	expect(await visitsOf('doctor')).toEqual([visits[3]]);
	expect(await visitsOf(OTHER)).toEqual([visits[0]]);
	// A doctor's desk is told neither how other vans come on nor who is late.
	const types = [...first.heard, ...second.heard].map((text) => z.object({ type: z.string() }).parse(JSON.parse(text)).type);
	expect(new Set(types)).toEqual(new Set(['hello', 'refused', 'subscribed', 'queue']));
	first.close();
	second.close();
});

test('what becomes of a visit is told to its doctor alone, and at most once in five seconds', async () => {
	// What came before has been told when it is quiet for longer than the pause.
	const [first, second] = [await listen('doctor'), await listen(OTHER)];
	const all = () => first.count() + second.count();
	let [before, since] = [all(), performance.now()];
	await until(
		() => {
			if (all() !== before) [before, since] = [all(), performance.now()];
			return performance.now() - since > 5200;
		},
		'quiet',
		30_000,
	);
	const [own, others] = [first.count(), second.count()];
	const report = (state: string) =>
		send('crew', '/vehicles/van-1/reports', 'POST', { state, visit: visits[3], time: Date.parse('2026-11-24T08:20:00+09:00') });
	const began = performance.now();
	await report('started');
	await until(() => first.count() > own, 'word of the visit');
	expect((await queueOf('doctor')).consults[0]).toMatchObject({ visit: visits[3], state: 'under-way' });
	await report('done');
	expect((await queueOf('doctor')).consults[0]).toMatchObject({ state: 'done', estimate: { state: 'done' } });
	await until(() => first.count() > own + 1, 'word of its end', 15_000);
	expect(performance.now() - began).toBeGreaterThan(4900);
	expect(first.count()).toBe(own + 2);
	expect(second.count()).toBe(others);
	first.close();
	second.close();
}, 60_000);

test('a visit that is called off says so; a name that is corrected is the new one', async () => {
	const { version } = visitSchema.parse(await send('dispatcher', `/visits/${visits[0]}`, 'GET'));
	await send('dispatcher', `/visits/${visits[0]}/cancel?version=${version}`, 'POST', { note: '' });
	expect((await queueOf(OTHER)).consults[0]).toMatchObject({ visit: visits[0], state: 'cancelled' });
	const heard = await listen(OTHER);
	const { patient } = visitSchema.parse(await send('dispatcher', `/visits/${visits[0]}`, 'GET'));
	const before = numbered.parse(await send('dispatcher', `/patients/${patient}`, 'GET'));
	const corrected = patientOf({ name: { family: '山元', given: '花子' } });
	await send('dispatcher', `/patients/${patient}?version=${before.version}`, 'PUT', corrected);
	await until(() => heard.count() > 0, 'word of the name', 15_000);
	expect((await queueOf(OTHER)).consults[0]?.patient?.name.family).toBe('山元');
	heard.close();
});
