import {
	alert,
	dayBoard,
	publishedPlan,
	vehicleEstimate,
	visit as visitSchema,
	type Alert,
	type CrewReport,
	type DayBoard,
	type PlanDraft,
	type Role,
	type Visit,
} from '@junkai/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { doctorOf, patientOf, requestOf, vehicleOf } from '../registry/test-records.ts';
import { event, position, startTestServer, TestBrowser, TestVan, until, type TestServer } from '../test-support.ts';
import { BASE, draftOf, LAT, MINUTE, routeOf } from './test-plan.ts';

const start = Date.parse('2026-11-24T08:30:00+09:00');

let server: TestServer;
let van: TestVan;
let other: TestVan;
/** Numbers of six visits: the first three of van-1, the others of van-2. */
let visits: [number, number, number, number, number, number];
let plan: PlanDraft;
/** Position of a van that was sent last. */
let seq = 0;

const json = async (role: Role, path: string, method = 'GET', body?: unknown): Promise<{ status: number; body: unknown }> => {
	const headers = { 'content-type': 'application/json' };
	const response = await server.request(role, `/api/v1${path}`, {
		method,
		headers,
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
};
const board = async (): Promise<DayBoard> => dayBoard.parse((await json('dispatcher', '/day')).body);
const record = async (id: number): Promise<Visit> => visitSchema.parse((await json('dispatcher', `/visits/${id}`)).body);
const inState = (id: number, state: Visit['state']): Promise<Visit> =>
	until(async (): Promise<Visit | null> => {
		const one = await record(id);
		return one.state === state ? one : null;
	}, `visit ${id} to be ${state}`);
const stateOf = async (id: number) => (await board()).visits.find((one) => one.visit === id)?.state;
const report = (vehicle: string, body: CrewReport, role: Role = 'crew') => json(role, `/vehicles/${vehicle}/reports`, 'POST', body);
const openAlert = async (kind: Alert['kind'], vehicle: string): Promise<Alert | undefined> =>
	(await board()).alerts.find((one) => one.kind === kind && one.vehicle === vehicle);
const setClock = async (minute: number) => {
	const { status } = await json('dispatcher', '/clock', 'PUT', { now: start + minute * MINUTE });
	expect(status).toBe(200);
};
const at = async (of: TestVan, lon: number, speed: number) =>
	of.store([position(++seq, Date.now(), { lat: LAT, lon, speed, port: 'gnss' })]);

beforeAll(async () => {
	server = await startTestServer({ clockStart: '2026-11-24T08:20:00+09:00' });
	for (const vehicle of ['van-1', 'van-2'])
		expect((await json('dispatcher', '/fleet', 'POST', vehicleOf(vehicle))).status).toBe(201);
	for (let n = 0; n < 2; n++) expect((await json('dispatcher', '/doctors', 'POST', doctorOf())).status).toBe(201);
	const { body: patient } = await json('dispatcher', '/patients', 'POST', patientOf());
	const { id } = z.object({ id: z.number() }).parse(patient);
	for (let n = 0; n < 6; n++) expect((await json('dispatcher', '/requests', 'POST', requestOf(id))).status).toBe(201);
	const all = z.array(visitSchema).parse((await json('dispatcher', '/visits?from=2026-11-24&until=2026-11-24')).body);
	visits = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]).parse(all.map((one) => one.id));
	const [a, b, c, d, e, f] = visits;
	plan = draftOf([routeOf('van-1', start, [a, b, c]), routeOf('van-2', start, [d, e, f], 2)]);
	const url = `mqtt://127.0.0.1:${server.server.mqttPort}`;
	van = await TestVan.connect(url, 'van-1', { will: false });
	other = await TestVan.connect(url, 'van-2', { will: false });
	await van.birth();
	await other.birth();
});
afterAll(async () => {
	await van?.end();
	await other?.end();
	await server?.stop();
});

describe('a day', () => {
	test('what is published is planned in the records of the visits; what is taken out is open again', async () => {
		expect((await json('dispatcher', '/plans/current', 'PUT', plan)).status).toBe(200);
		const first = await inState(visits[0], 'planned');
		expect(first.planned).toEqual({
			date: '2026-11-24',
			vehicle: 'van-1',
			from: start + 10 * MINUTE,
			to: start + 35 * MINUTE,
			doctor: 1,
		});
		const without = { ...plan, routes: [plan.routes[0]!] };
		await json('dispatcher', '/plans/current', 'PUT', without);
		await inState(visits[3], 'open');
		expect((await record(visits[3])).planned).toBeNull();
		await json('dispatcher', '/plans/current', 'PUT', plan);
		await inState(visits[3], 'planned');
		const clock = (await json('doctor', '/clock')).body;
		expect(clock).toMatchObject({ simulated: true, speed: 1 });
	});

	test('the board and the live channel tell ETAs with their bounds', async () => {
		const browser = await TestBrowser.open(server, 'dispatcher');
		await browser.subscribe([{ vehicles: '*', kinds: ['day'] }]);
		const { estimate } = await browser.next('estimate', (message) => message.estimate.vehicle === 'van-1');
		expect(estimate.stops).toHaveLength(6);
		const [base, first] = estimate.stops;
		expect(base).toMatchObject({ state: 'here' });
		expect(first!.state).toBe('next');
		expect(first!.low).toBeLessThan(first!.eta);
		expect(first!.high).toBeGreaterThan(first!.eta);
		// It grows with what lies before it.
		const last = estimate.stops.at(-1)!;
		expect(last.high - last.low).toBeGreaterThan(first!.high - first!.low);
		expect((await board()).estimates.map(({ vehicle }) => vehicle)).toEqual(['van-1', 'van-2']);
		browser.close();
	});

	test('reports that cannot be are refused with the cause', async () => {
		const time = start - 5 * MINUTE;
		const cases: [string, CrewReport, string][] = [
			[
				'van-1',
				{ state: 'started', visit: visits[3], time },
				`visit ${visits[3]} is not on the route of van-1: it is on that of van-2`,
			],
			['van-1', { state: 'started', visit: 999_999, time }, 'it is in no route of today'],
			['van-1', { state: 'arrived', stop: 6, time }, 'has the stops 0 to 5, there is no 6'],
			['van-1', { state: 'departed', stop: 0, time: start + 120 * MINUTE }, 'lies in the future'],
			['van-1', { state: 'departed', stop: 0, time: start - 48 * 60 * MINUTE }, 'not of this day'],
		];
		for (const [vehicle, body, words] of cases) {
			const answer = await report(vehicle, body);
			expect(answer.status).toBe(422);
			expect(JSON.stringify(answer.body)).toContain(words);
		}
		expect((await report('van-9', { state: 'departed', time })).status).toBe(404);
		expect((await report('van-1', { state: 'not-done', visit: visits[0], time })).status).toBe(400);
		expect((await report('van-1', { state: 'departed', time }, 'doctor')).status).toBe(403);
	});

	test('what a crew reports becomes the state of the visit, here and in the records', async () => {
		await setClock(10);
		expect((await report('van-1', { state: 'departed', stop: 0, time: start + MINUTE })).status).toBe(200);
		const arrived = vehicleEstimate.parse((await report('van-1', { state: 'arrived', stop: 1, time: start + 8 * MINUTE })).body);
		expect(arrived.stops[1]).toMatchObject({ state: 'here', eta: start + 8 * MINUTE, late: -120 });
		await report('van-1', { state: 'started', visit: visits[0], time: start + 10 * MINUTE });
		expect(await stateOf(visits[0])).toBe('under-way');
		await inState(visits[0], 'under-way');
		await setClock(36);
		await report('van-1', { state: 'done', visit: visits[0], time: start + 34 * MINUTE });
		const done = await inState(visits[0], 'done');
		expect(done.actual).toEqual({ vehicle: 'van-1', from: start + 10 * MINUTE, to: start + 34 * MINUTE, source: 'crew' });
		// Told a second time, it is the same.
		expect((await report('van-1', { state: 'done', visit: visits[0], time: start + 34 * MINUTE })).status).toBe(200);
		const { plan: now } = await board();
		expect(now?.routes[0]).toMatchObject({ next: 1, reached: true });
	});

	test('a visit that could not be made is told with its reason, and stays until somebody has seen it', async () => {
		const browser = await TestBrowser.open(server, 'dispatcher');
		await browser.subscribe([{ vehicles: '*', kinds: ['day'] }]);
		await setClock(92);
		await report('van-1', {
			state: 'not-done',
			visit: visits[1],
			reason: 'patient-absent',
			time: start + 92 * MINUTE,
			note: '留守',
		});
		const told = (await browser.next('alert', (message) => message.alert.kind === 'visit-not-done')).alert;
		expect(told).toMatchObject({ vehicle: 'van-1', visit: visits[1], detail: 'patient-absent', over: null, acknowledged: null });
		await until(async () => (await record(visits[1])).reason === 'patient-absent', 'the record');
		expect((await record(visits[1])).note).toBe('留守');
		const path = `/alerts/${told.id}/acknowledgement`;
		const seen = alert.parse((await json('dispatcher', path, 'POST', { note: '電話した' })).body);
		expect(seen.acknowledged).toMatchObject({ by: 'dispatcher', note: '電話した' });
		expect(seen.over).not.toBeNull();
		const again = await json('admin', path, 'POST', { note: '' });
		expect(again.status).toBe(409);
		expect(JSON.stringify(again.body)).toContain('dispatcher has acknowledged it already: 電話した');
		expect((await json('dispatcher', '/alerts/8b5c8f6e-8a0e-4c58-8f3a-0d7f7c1d2e3f/acknowledgement', 'POST', {})).status).toBe(404);
		// Taken up again, it is to be made after all.
		const { version } = await record(visits[1]);
		expect((await json('dispatcher', `/visits/${visits[1]}/reopen?version=${version}`, 'POST')).status).toBe(200);
		await until(async () => (await stateOf(visits[1])) === 'planned', 'the board');
		await report('van-1', { state: 'not-done', visit: visits[1], reason: 'patient-absent', time: start + 92 * MINUTE });
		await inState(visits[1], 'not-done');
		const list = z.array(alert).parse((await json('dispatcher', '/alerts')).body);
		expect(list.find(({ id }) => id === told.id)).toEqual(seen);
		browser.close();
	});

	test('who was called off is not to be begun', async () => {
		const { version } = await record(visits[2]);
		expect((await json('dispatcher', `/visits/${visits[2]}/cancel?version=${version}`, 'POST', { note: '入院' })).status).toBe(200);
		await until(async () => (await stateOf(visits[2])) === 'cancelled', 'the board');
		const answer = await report('van-1', { state: 'started', visit: visits[2], time: start + 92 * MINUTE });
		expect(answer.status).toBe(409);
		expect(JSON.stringify(answer.body)).toContain('was called off by dispatcher: 入院');
	});

	test('where nobody reports, a van that came, stayed and left has made its visit; one that left at once has not', async () => {
		await at(other, BASE + 0.01, 12);
		await until(async () => (await board()).plan?.routes[1]?.next === 1, 'van-2 to have left');
		await at(other, 135.55, 0.1);
		await until(async () => (await stateOf(visits[3])) === 'under-way', 'van-2 to be there');
		await setClock(92 + 20);
		await at(other, 135.56, 12);
		await until(async () => (await stateOf(visits[3])) === 'done', 'the visit to be done');
		const done = await inState(visits[3], 'done');
		expect(done.actual).toMatchObject({ vehicle: 'van-2', source: 'position' });
		expect((done.actual!.to! - done.actual!.from) / MINUTE).toBeCloseTo(20, 0);
		await at(other, 135.6, 0.1);
		await until(async () => (await stateOf(visits[4])) === 'under-way', 'van-2 to be at its second stop');
		await at(other, 135.59, 12);
		await until(async () => (await stateOf(visits[4])) === 'planned', 'the visit to be open once more');
		await inState(visits[4], 'planned');
	});

	test('a late van is told before it is there, and over when it is not late any more', async () => {
		// Its third stop was to be reached at 115; it has 6 minutes to go.
		await setClock(130);
		await at(other, 135.599, 12);
		const late = await until(async () => {
			const one = await openAlert('stop-late', 'van-2');
			return one?.visit === visits[5] ? one : null;
		}, 'the alert');
		expect(late).toMatchObject({ at: start + 115 * MINUTE, acknowledged: null });
		expect(late.minutes).toBeGreaterThan(15);
		await report('van-2', { state: 'delayed', minutes: 20, time: start + 130 * MINUTE });
		await until(async () => (await openAlert('stop-late', 'van-2'))!.urgency === 'high', 'it to be urgent');
		await at(other, 135.55, 0.1);
		await until(async () => (await openAlert('stop-late', 'van-2')) === undefined, 'it to be over');
	});

	test('a van that leaves its planned way is told of', async () => {
		await setClock(150);
		await at(other, 135.54, 12);
		await until(async () => (await board()).plan?.routes[1]?.next === 5, 'it to drive home');
		await other.store([position(++seq, Date.now(), { lat: LAT + 0.02, lon: 135.53, speed: 12 })]);
		expect(await until(() => openAlert('vehicle-off-route', 'van-2'), 'the alert')).toMatchObject({
			vehicle: 'van-2',
			urgency: 'medium',
		});
		await other.store([position(++seq, Date.now(), { lat: LAT, lon: 135.52, speed: 12 })]);
		await until(async () => (await openAlert('vehicle-off-route', 'van-2')) === undefined, 'it to be over');
	});

	test('an alarm of a device is told without what it says', async () => {
		const detail = { rhythm: 'asystole' };
		const alarm = { class: 'physiological', code: 'rhythm', port: 'monitor', detail } as const;
		await van.store([event(++seq, Date.now(), { ...alarm, active: true })]);
		const told = await until(() => openAlert('device-alarm', 'van-1'), 'the alert');
		expect(told).toMatchObject({ vehicle: 'van-1', visit: null, urgency: 'medium', detail: 'monitor' });
		expect(JSON.stringify(await board())).not.toContain('asystole');
		await van.store([event(++seq, Date.now(), { ...alarm, detail: { rhythm: 'normal' }, active: false })]);
		await until(async () => (await openAlert('device-alarm', 'van-1')) === undefined, 'it to be over');
		await van.store([event(++seq, Date.now(), { class: 'system', code: 'spool-shed', detail: { records: 12, kind: 'waveform' } })]);
		expect(await until(() => openAlert('records-lost', 'van-1'), 'the loss')).toMatchObject({
			vehicle: 'van-1',
			detail: 'spool-shed 12',
		});
	});

	test('all of it outlives a restart; a visit that nobody told of is not done when its day is over', async () => {
		const before = await board();
		await van.end();
		await other.end();
		await server.restart();
		const after = await board();
		expect(after.visits).toEqual(before.visits);
		expect(after.plan).toEqual(publishedPlan.parse(before.plan));
		expect(after.alerts.filter(({ kind }) => kind === 'records-lost')).toHaveLength(1);
		await json('dispatcher', '/clock', 'PUT', { now: Date.parse('2026-11-25T06:00:00+09:00') });
		const open = await inState(visits[4], 'not-done');
		expect(open).toMatchObject({ reason: 'other', actual: null });
		const told = await until(async () => (await board()).alerts.filter(({ kind }) => kind === 'visit-not-done'), 'the alerts');
		expect(told.map(({ visit: of }) => of)).toContain(visits[4]);
		// Called off is called off.
		expect(told.map(({ visit: of }) => of)).not.toContain(visits[2]);
		expect((await record(visits[2])).state).toBe('cancelled');
		// It is taken up again: nobody has to decide any more.
		const version = open.version;
		expect((await json('dispatcher', `/visits/${visits[4]}/reopen?version=${version}`, 'POST')).status).toBe(200);
		await until(async () => !(await board()).alerts.some((one) => one.visit === visits[4]), 'the alert to be over');
	});
});
