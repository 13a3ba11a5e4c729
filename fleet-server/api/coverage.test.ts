/** Isolation, coverage, fairness, rain, sheets, the operator's report, calendars and positions over HTTP, on real roads. */
import { randomUUID } from 'node:crypto';
import {
	calendarFeed,
	coverageReport,
	daySheets,
	fairnessTable,
	isolation,
	operatorReport,
	planBoardSummary,
	problem,
	rainScenario,
	roadClosure,
	visit,
	type Role,
} from '@junkai/contracts';
import ical from 'node-ical';
import protobuf from 'protobufjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { draftOf, keepDay, region, tours, type TestDay } from '../paper/test-day.ts';
import { requestOf, TODAY } from '../registry/test-records.ts';
import { buildRegion, mapFolder } from '../roads/tiles.ts';
import { position, startTestServer, TestVan, until, type TestServer } from '../test-support.ts';

/** Half past eight in Japan. */
const START = `${TODAY}T08:30:00+09:00`;
const HOUR = 3_600_000;
let server: TestServer;
let day: TestDay;
const paths = {
	patient: 'patients',
	request: 'requests',
	visit: 'visits',
	'fleet-vehicle': 'fleet',
	staff: 'staff',
	shift: 'shifts',
	doctor: 'doctors',
	closure: 'closures',
};
const ask = (path: string, init?: RequestInit, role: Role | null = 'dispatcher') => server.request(role, `/api/v1${path}`, init);
const json = (body: unknown, method = 'POST') => ({
	method,
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(body),
});
async function read<T extends z.ZodType>(schema: T, path: string, init?: RequestInit): Promise<z.infer<T>> {
	const answer = await ask(path, init);
	const body: unknown = await answer.json();
	if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body)}`);
	return schema.parse(body);
}
const refused = async (path: string, init?: RequestInit) => {
	const answer = await ask(path, init);
	return [answer.status, problem.parse(await answer.json()).detail] as const;
};
const visits = () => read(z.array(visit), `/visits?from=${TODAY}&until=${TODAY}`);
const publish = async () => {
	const draft = await draftOf(day, await visits(), server.server.roads);
	await read(z.unknown(), '/plans/current', json(draft, 'PUT'));
	return draft;
};

beforeAll(async () => {
	server = await startTestServer({ clockStart: START, clockSpeed: 1, gtfsRealtime: true });
	await buildRegion(region, 'test', mapFolder(server.dataDir), () => undefined);
	day = await keepDay(async (kind, body) => (await read(z.object({ id: z.int() }), `/${paths[kind]}`, json(body))).id);
	await publish();
});
afterAll(() => server.stop());

describe('isolation', () => {
	test('nobody is cut off while nothing is closed; vans stand at their bases until they are heard of', async () => {
		const open = await read(isolation, '/isolation');
		expect(open).toMatchObject({ closed: 0, cutOff: [], stranded: [] });
		expect(open.vans.map(({ vehicle, from }) => [vehicle, from])).toEqual(tours.map(({ vehicle }) => [vehicle, 'base']));
	});

	test('as if it had rained: settlements, their patients and the vans that can still come; nothing is kept of it', async () => {
		const rain = await read(isolation, '/isolation?mm=200');
		expect(rain.cutOff.length).toBeGreaterThan(50);
		const listed = rain.cutOff.flatMap((one) => one.patients);
		expect(rain.people.patients).toBe(listed.length);
		expect(rain.people.cutOff).toBe(rain.cutOff.reduce((sum, one) => sum + one.population, 0));
		for (const one of rain.cutOff) expect([one.base, one.hospital]).toEqual([null, null]);
		const toured = tours.flatMap(({ settlements }) => settlements);
		const touched = [...rain.cutOff, ...rain.longer].filter(({ settlement }) => toured.includes(settlement));
		for (const one of touched) expect(one.patients).toHaveLength(2);
		expect((await read(isolation, '/isolation')).cutOff).toEqual([]);
	});

	test('a closure that is kept counts in its time and not after', async () => {
		const now = Date.parse(START);
		const rules = region.closures.filter(({ continuousMm }) => (continuousMm ?? 999) <= 200).map(({ id }) => id);
		const body = {
			name: '大雨',
			shape: { kind: 'rules', rules },
			from: now + HOUR,
			until: now + 2 * HOUR,
			source: 'rain',
			reason: '',
		};
		const kept = await read(roadClosure, '/closures', json(body));
		const [before, then, after] = await Promise.all(
			[now, now + 1.5 * HOUR, now + 3 * HOUR].map((at) => read(isolation, `/isolation?at=${at}`)),
		);
		expect([before!.closed, after!.closed]).toEqual([0, 0]);
		const asked = await read(isolation, '/isolation?mm=200');
		expect(then!.cutOff.map(({ settlement }) => settlement)).toEqual(asked.cutOff.map(({ settlement }) => settlement));
		expect(then!.unmatched.toSorted()).toEqual(asked.unmatched.toSorted());
		expect(then!.unmatched).toContain('W30');
		await ask(`/closures/${kept.id}?version=${kept.version}`, { method: 'DELETE' });
	});

	test('is for dispatchers, and a faulty rainfall is refused by name', async () => {
		expect((await ask('/isolation', undefined, 'doctor')).status).toBe(403);
		expect((await ask('/isolation', undefined, null)).status).toBe(401);
		const answer = await ask('/isolation?mm=-3');
		expect([answer.status, JSON.stringify(await answer.json())]).toEqual([400, expect.stringContaining('mm')]);
	});
});

describe('who is served', () => {
	test('people within minutes of the planned stops, by municipality, add up to the whole', async () => {
		const report = await read(coverageReport, `/coverage?from=${TODAY}&until=${TODAY}&minutes=15`);
		expect([report.planned, report.basis, report.stops.length]).toEqual([1, 'areas', 12]);
		expect(report.areas).toHaveLength(12);
		const within = report.settlements.filter(({ minutes }) => minutes !== null && minutes <= 15);
		expect(report.total.reached).toBe(within.reduce((sum, one) => sum + one.population, 0));
		expect(report.total.reached).toBe(report.municipalities.reduce((sum, one) => sum + one.reached, 0));
		expect(report.total.reachedOver65).toBe(report.municipalities.reduce((sum, one) => sum + one.reachedOver65, 0));
		expect(report.municipalities.reduce((sum, one) => sum + one.need, 0)).toBe(24);
		const wider = await read(coverageReport, `/coverage?from=${TODAY}&until=${TODAY}&minutes=30`);
		expect(wider.total.reached).toBeGreaterThan(report.total.reached);
		const none = await read(coverageReport, '/coverage?from=2026-01-01&until=2026-01-31');
		expect([none.planned, none.stops, none.total.reached]).toEqual([0, [], 0]);
	});

	test('a visit counts once, in its month; the sum is that of the records', async () => {
		const table = await read(fairnessTable, '/fairness?from=2026-10-01&until=2027-01-31');
		expect(table.months).toEqual(['2026-10', '2026-11', '2026-12', '2027-01']);
		const sums = table.months.map((_, i) => table.rows.reduce((sum, { cells }) => sum + cells[i]!.need, 0));
		expect(sums).toEqual([0, 24, 0, 0]);
		for (const { cells } of table.rows) {
			for (const { need, planned, done } of cells) expect(need >= planned && planned >= done).toBe(true);
		}
	});

	test('a period that is none, or too long, is refused with the reason', async () => {
		expect(await refused('/coverage?from=2026-11-25&until=2026-11-24')).toEqual([422, 'until: the last day is before the first']);
		expect((await refused('/fairness?from=2020-01-01&until=2026-11-24'))[1]).toContain('at most 740 days');
	});
});

describe('sheets', () => {
	test('a van’s sheet has stops in order, patients with phone and address, crew, doctor and the way', async () => {
		const sheets = (await read(daySheets.nullable(), `/sheets?date=${TODAY}`))!;
		expect(sheets.source).toMatchObject({ kind: 'published', revision: 1 });
		expect(sheets.vehicles.map(({ name }) => name)).toEqual(['1号車', '2号車', '3号車']);
		const first = sheets.vehicles[0]!;
		expect(first.driver?.name).toBe('和田 1号車');
		expect(first.nurse?.phone).toBe('090-3333-0001');
		expect(first.stops.map(({ kind }) => kind)).toEqual(['start', 'visits', 'visits', 'visits', 'visits', 'end']);
		expect(first.way.length).toBeGreaterThan(10);
		const seen = sheets.vehicles.flatMap(({ stops }) => stops.flatMap((stop) => stop.visits));
		expect(seen.map(({ patient }) => patient!.id).toSorted((a, b) => a - b)).toEqual(day.patients);
		for (const { patient, consult } of seen) {
			expect(patient!.phone).toMatch(/^0735-42-/);
			expect(patient!.address).toMatch(/番地$/);
			expect(consult!.name.ja).toMatch(/田中|佐々木/);
		}
	});

	test('a doctor’s sheet has calls in the order of time, with the nurse’s phone and without the patient’s address', async () => {
		const { doctors } = (await read(daySheets.nullable(), `/sheets?date=${TODAY}`))!;
		expect(doctors.map(({ name, institution }) => [name.ja, institution])).toEqual([
			['田中', '本宮さくら診療所'],
			['佐々木', '大阪府 北摂総合病院'],
		]);
		for (const { calls } of doctors) {
			expect(calls).toHaveLength(12);
			expect(calls.map(({ from }) => from)).toEqual(calls.map(({ from }) => from).toSorted((a, b) => a - b));
			for (const { nurse } of calls) expect(nurse?.phone).toMatch(/^090-3333-/);
		}
		expect(JSON.stringify(doctors)).not.toMatch(/番地|0735-42/);
	});

	test('a day without a plan has none, and doctors do not get the vans’', async () => {
		expect(await read(daySheets.nullable(), '/sheets?date=2026-11-30')).toBeNull();
		expect((await ask(`/sheets?date=${TODAY}`, undefined, 'doctor')).status).toBe(403);
	});

	test('a plan in the making has sheets of its own, marked as such', async () => {
		const body = requestOf(day.patients[0]!, { from: '2026-11-25', until: '2026-11-25' });
		const request = await read(z.object({ id: z.int() }), '/requests', json(body));
		const board = await read(planBoardSummary, '/plan-boards', json({ from: '2026-11-25', days: 1, seconds: 1, name: '試案' }));
		const ready = await until(
			async () => {
				const one = (await read(z.array(planBoardSummary), '/plan-boards')).find(({ id }) => id === board.id)!;
				return ['ready', 'failed', 'stopped'].includes(one.progress.state) ? one : null;
			},
			'the plan',
			30_000,
		);
		expect(ready.progress).toMatchObject({ state: 'ready', problem: null });
		const sheets = (await read(daySheets.nullable(), `/sheets?date=2026-11-25&board=${board.id}`))!;
		expect(sheets.source).toEqual({ kind: 'board', board: board.id, name: '試案', version: ready.version });
		expect(sheets.vehicles.flatMap(({ stops }) => stops.flatMap((stop) => stop.visits)).length + sheets.unassigned).toBeGreaterThan(
			0,
		);
		expect(await read(daySheets.nullable(), `/sheets?date=2026-11-26&board=${board.id}`)).toBeNull();
		expect(await read(daySheets.nullable(), `/sheets?date=2026-11-25&board=${randomUUID()}`)).toBeNull();
		const { id, version } = await read(z.object({ id: z.int(), version: z.int() }), `/requests/${request.id}`);
		await ask(`/requests/${id}?version=${version}`, { ...json({ ...body, state: 'cancelled' }, 'PUT') });
		await ask(`/plan-boards/${board.id}`, { method: 'DELETE' });
	});

	test('the operator’s report adds up and names no patient', async () => {
		const report = await read(operatorReport, '/operator-report?from=2026-10-01&until=2027-03-31');
		const { totals, places } = report;
		expect(totals.planned + totals.open).toBe(24);
		expect(places.reduce((sum, one) => sum + one.open + one.dates.reduce((n, { visits: count }) => n + count, 0), 0)).toBe(24);
		expect(report.staff).toHaveLength(6);
		expect(report.doctors.map(({ outside }) => outside)).toEqual([false, true]);
		expect(JSON.stringify(report)).not.toMatch(/番地|0735-42|花子/);
		for (const { stop, name } of places.filter((one) => one.stop !== null)) expect([stop, name]).not.toContain('');
	});
});

describe('rain that is played', () => {
	const scenario = async (id = 'typhoon') => (await read(z.array(rainScenario), '/scenarios')).find((one) => one.id === id)!;
	const inForce = async () => read(z.array(roadClosure), `/closures?at=${Date.parse(START) + 10 * HOUR}`);

	test('closes what the thresholds say by the hour, tells it as any other closure, and is lifted by stop', async () => {
		const before = await scenario();
		expect(before.running).toBeNull();
		expect(before.hours.at(-1)!.hour).toBeGreaterThan(before.steps.at(-1)!.hour - 1);
		const started = await read(rainScenario, '/scenarios/typhoon/start', json({ hour: 12.5 }));
		const due = before.steps.filter(({ hour }) => hour <= 12).flatMap(({ closes }) => closes);
		expect(started.running!.closed).toBe(due.length);
		const closures = await inForce();
		expect(closures.flatMap(({ shape }) => (shape.kind === 'rules' ? shape.rules : [])).toSorted()).toEqual(due.toSorted());
		expect(closures.every(({ source, until: end }) => source === 'rain' && end === null)).toBe(true);
		expect((await read(isolation, '/isolation')).cutOff.length).toBeGreaterThan(50);
		expect((await refused('/scenarios/rain-front/start', json({})))[0]).toBe(409);
		await read(rainScenario, '/scenarios/typhoon/stop', { method: 'POST' });
		expect(await inForce()).toEqual([]);
		expect((await read(isolation, '/isolation')).cutOff).toEqual([]);
		expect((await refused('/scenarios/typhoon/stop', { method: 'POST' }))[1]).toContain('does not run');
		expect((await refused('/scenarios/snow/start', json({})))[0]).toBe(404);
	});
});

describe('calendars', () => {
	const fetchCalendar = (path: string) => fetch(server.url + path);
	const make = () => read(z.object({ feed: calendarFeed, path: z.string() }), `/doctors/${day.doctors[0]}/calendar-feed`, json({}));

	test('a secret address gives consults with van and town and no patient; it ends when it is revoked or made anew', async () => {
		const { path } = await make();
		const answer = await fetchCalendar(path);
		expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
		const text = await answer.text();
		for (const line of text.split('\r\n')) {
			expect(line).not.toContain('\n');
			expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
		}
		expect(text).not.toMatch(/山本|中村|花子|0735/);
		const parsed = ical.sync.parseICS(text);
		const events = Object.values(parsed).filter((one) => one?.type === 'VEVENT');
		expect(events).toHaveLength(12);
		const sheets = (await read(daySheets.nullable(), `/sheets?date=${TODAY}`))!;
		const { calls } = sheets.doctors[0]!;
		expect(events.map(({ start }) => start.getTime()).toSorted((a, b) => a - b)).toEqual(calls.map(({ from }) => from));
		expect(events[0]!.summary).toMatch(/^遠隔診療 [123]号車 (田辺市|新宮市)$/);
		expect(text).toMatch(/TZID:Asia\/Tokyo/);
		expect(text).toMatch(/TZOFFSETTO:\+0900/);
		const second = await make();
		expect((await fetchCalendar(path)).status).toBe(404);
		expect((await fetchCalendar(second.path)).status).toBe(200);
		const feeds = await read(z.array(calendarFeed), '/calendar-feeds');
		expect(feeds).toHaveLength(1);
		expect(feeds[0]!.used).not.toBeNull();
		expect((await ask(`/doctors/${day.doctors[0]}/calendar-feed`, { method: 'DELETE' })).status).toBe(204);
		expect((await fetchCalendar(second.path)).status).toBe(404);
		expect((await ask('/doctors/999/calendar-feed', json({}))).status).toBe(404);
	});

	test('a later plan moves and drops events under the same ids, with a higher sequence', async () => {
		const { path } = await make();
		const eventsNow = async () => {
			const parsed = ical.sync.parseICS(await (await fetchCalendar(path)).text());
			return new Map(Object.values(parsed).flatMap((one) => (one?.type === 'VEVENT' ? [[one.uid, one] as const] : [])));
		};
		const before = await eventsNow();
		const draft = await draftOf(day, await visits(), server.server.roads);
		const [moved, dropped] = structuredClone(draft.routes[0]!.stops[1]!.visits);
		const change = (number: number, consult: NonNullable<typeof moved>['consult']) => {
			for (const stop of draft.routes[0]!.stops) for (const one of stop.visits) if (one.visit === number) one.consult = consult;
		};
		change(moved!.visit, { ...moved!.consult!, from: moved!.consult!.from + 60_000 });
		change(dropped!.visit, null);
		await read(z.unknown(), '/plans/current', json(draft, 'PUT'));
		const after = await eventsNow();
		expect([...after.keys()].toSorted()).toEqual([...before.keys()].toSorted());
		const uid = [...after.keys()].find((key) => key.startsWith(`visit-${moved!.visit}-`))!;
		expect(after.get(uid)!.start.getTime()).toBe(moved!.consult!.from + 60_000);
		expect(Number(after.get(uid)!.sequence)).toBeGreaterThan(Number(before.get(uid)!.sequence));
		const same = [...after.values()].filter((one) => one.uid !== uid);
		expect(same.every((one) => one.sequence === before.get(one.uid)!.sequence)).toBe(true);
		// The dropped one was with the other doctor: here nothing is cancelled.
		expect([...after.values()].map(({ status }) => status)).not.toContain('CANCELLED');
		change(moved!.visit, null);
		await read(z.unknown(), '/plans/current', json(draft, 'PUT'));
		const last = await eventsNow();
		expect(last.get(uid)!.status).toBe('CANCELLED');
		expect(Number(last.get(uid)!.sequence)).toBeGreaterThan(Number(after.get(uid)!.sequence));
		await publish();
		expect((await eventsNow()).get(uid)!.status).toBe('CONFIRMED');
	});
});

describe('positions for other maps', () => {
	/** The messages that are used here, as gtfs-realtime.proto has them. */
	const { root } = protobuf.parse(`
		syntax = "proto2";
		message FeedMessage { required FeedHeader header = 1; repeated FeedEntity entity = 2; }
		message FeedHeader {
			required string gtfs_realtime_version = 1;
			enum Incrementality { FULL_DATASET = 0; DIFFERENTIAL = 1; }
			optional Incrementality incrementality = 2;
			optional uint64 timestamp = 3;
		}
		message FeedEntity { required string id = 1; optional bool is_deleted = 2; optional VehiclePosition vehicle = 4; }
		message VehiclePosition { optional Position position = 2; optional uint64 timestamp = 5; optional VehicleDescriptor vehicle = 8; }
		message Position {
			required float latitude = 1; required float longitude = 2; optional float bearing = 3; optional double odometer = 4; optional float speed = 5;
		}
		message VehicleDescriptor { optional string id = 1; optional string label = 2; optional string license_plate = 3; }
	`);
	const feedMessage = root.lookupType('FeedMessage');
	const path = '/api/v1/feeds/gtfs-realtime/vehicle-positions';

	test('the vans that were heard of just now, by a reader that refuses a missing field', async () => {
		const van = await TestVan.connect(`mqtt://127.0.0.1:${server.server.mqttPort}`, 'van-1', { will: false });
		await van.birth();
		const now = Date.now();
		await van.store([position(1, now, { lat: 33.84, lon: 135.7, speed: 11.5, track: 92 })]);
		await until(async () => (await server.vehicle('van-1'))?.position, 'the position');
		const answer = await fetch(`${server.url}${path}.pb`);
		expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-protobuf']);
		const bytes = new Uint8Array(await answer.arrayBuffer());
		const message = feedMessage.toObject(feedMessage.decode(bytes), { longs: Number, enums: String }) as {
			header: { gtfsRealtimeVersion: string; incrementality: string; timestamp: number };
			entity: { id: string; vehicle: { position: object; timestamp: number; vehicle: object } }[];
		};
		expect(message.header).toMatchObject({ gtfsRealtimeVersion: '2.0', incrementality: 'FULL_DATASET' });
		expect(Math.abs(message.header.timestamp - now / 1000)).toBeLessThan(30);
		expect(message.entity).toHaveLength(1);
		const [{ id, vehicle }] = message.entity as [(typeof message.entity)[number]];
		expect([id, vehicle.vehicle]).toEqual(['van-1', { id: 'van-1', label: '1号車' }]);
		expect(vehicle.timestamp).toBe(Math.floor(now / 1000));
		expect(vehicle.position).toEqual({
			latitude: Math.fround(33.84),
			longitude: Math.fround(135.7),
			bearing: 92,
			speed: 11.5,
		});
		const asJson = (await (await fetch(`${server.url}${path}.json`)).json()) as { entity: unknown[] };
		expect(asJson).toMatchObject({ header: { gtfsRealtimeVersion: '2.0' }, entity: [{ id: 'van-1' }] });
		expect(Object.keys((asJson.entity[0] as { vehicle: object }).vehicle).toSorted()).toEqual(['position', 'timestamp', 'vehicle']);
		// Where it stands, somebody may live; at its base it is shown again.
		await van.store([position(2, now + 1000, { lat: 33.84, lon: 135.7, speed: 0.2 })]);
		const shown = async () => ((await (await fetch(`${server.url}${path}.json`)).json()) as { entity: unknown[] }).entity.length;
		await until(async () => (await shown()) === 0, 'a van that stands to be left out');
		const base = region.facilities.find(({ id: facility }) => facility === tours[0]!.base)!;
		await van.store([position(3, now + 2000, { lat: base.lat, lon: base.lon, speed: 0 })]);
		await until(async () => (await shown()) === 1, 'a van at its base');
		await van.end();
	});
});

test('without being told to, a server offers no positions, and plays no rain by the real clock', async () => {
	const plain = await startTestServer();
	try {
		expect((await plain.request(null, '/api/v1/feeds/gtfs-realtime/vehicle-positions.pb')).status).toBe(404);
		const answer = await plain.request('dispatcher', '/api/v1/scenarios/typhoon/start', json({}));
		expect([answer.status, problem.parse(await answer.json()).detail]).toEqual([409, expect.stringContaining('demonstration')]);
	} finally {
		await plain.stop();
	}
});
