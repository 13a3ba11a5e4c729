/**
 * A week in Wakayama, as a dispatcher lives it: the town's spreadsheet is taken in, the week is planned and published, Monday is
 * driven by simulated vans, R168 and R311 are closed at noon, a van breaks down at two, and in the evening every visit is done,
 * planned anew or told of with a reason.
 */
import {
	intakePreview,
	intakeResult,
	planBoard,
	planBoardSummary,
	planComparison,
	publication,
	publishedPlan,
	roadClosure,
	serviceClock,
	visit,
	fleetVehicle,
	dayBoard,
	type PlanBoard,
	type PlannedRoute,
	type PublishedPlan,
	type Visit,
} from '@junkai/contracts';
import { loadRegion } from '@junkai/regions';
import { startSim, type Simulation } from '@junkai/sim';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { Api, demoUser } from '../support/api.ts';
import { officeOf } from '../support/office.ts';
import { freePort, junkai, tempFolder, until, type Running } from '../support/processes.ts';
import { makeSpreadsheet } from '../support/spreadsheet.ts';

const VANS = 8;
const DOCTORS = 6;
const ROWS = 300;
const FAULTY = 12;
const MONDAY = '2026-11-30';
const DAYS = 5;
const at = (time: string, date = MONDAY): number => Date.parse(`${date}T${time}:00+09:00`);
/** The incidents and what follows them run at this speed, the hours between faster; JUNKAI_SCENARIO_SPEED runs the whole day at one. */
const CLOSE_UP = 60;
const FORWARD = 1000;
const wholeDay = process.env['JUNKAI_SCENARIO_SPEED'];

const folder = tempFolder('week');
const region = loadRegion();
let server: Running;
let api: Api;
let sim: Simulation;
let http: number;

beforeAll(async () => {
	http = await freePort();
	const mqtt = await freePort();
	const people = ['--demo-vans', String(VANS), '--demo-doctors', String(DOCTORS), '--demo-visits', '0'];
	const clock = ['--clock-start', '2026-11-29T18:00:00+09:00'];
	const map = junkai(['map', 'build', '--data-dir', folder.path]);
	await until('the map is made', () => !map.running, 60_000);
	server = junkai([
		'server',
		'--data-dir',
		folder.path,
		'--http-port',
		String(http),
		'--mqtt-port',
		String(mqtt),
		...people,
		...clock,
	]);
	api = await until('the server answers', () => Api.signIn(http, demoUser(folder.path, 'dispatcher')));
	await until('people and vans are there', async () => z.array(fleetVehicle).parse(await api.get('/fleet')).length === VANS);
	mqttPort = mqtt;
});
let mqttPort: number;
afterAll(async () => {
	await sim?.stop();
	await server?.kill('SIGINT');
	folder.dispose();
});

const setClock = async (change: { now?: number; speed?: number }) => serviceClock.parse(await api.send('PUT', '/clock', change));
const visits = async (): Promise<Visit[]> => z.array(visit).parse(await api.get('/visits?limit=20000'));
const today = async (): Promise<PublishedPlan> => publishedPlan.parse(await api.get('/plans/current'));
const clockReaches = (time: number) =>
	until(`${new Date(time).toISOString()} is reached`, async () => dayBoard.parse(await api.get('/day')).now >= time, 900_000);

async function made(id: string): Promise<PlanBoard> {
	return await until(
		'the plan is made',
		async () => {
			const board = planBoard.parse(await api.get(`/plan-boards/${id}`));
			if (board.progress.state === 'failed') throw new Error(board.progress.problem ?? 'failed');
			return board.progress.state === 'ready' ? board : null;
		},
		120_000,
	);
}

async function publish(board: Pick<PlanBoard, 'id' | 'version'>): Promise<number> {
	const [newest] = z.array(publication).parse(await api.get('/publications'));
	const body = { base: newest?.revision ?? null, note: '' };
	const answer = await api.send('POST', `/plan-boards/${board.id}/publication?version=${board.version}`, body);
	return planBoardSummary.parse(answer).published!;
}

const visitsOf = (routes: readonly PlannedRoute[]) =>
	routes.flatMap(({ vehicle, stops }) => stops.flatMap((stop) => stop.visits.map((one) => ({ ...one, vehicle }))));

/** No doctor is with two patients at once. */
function expectDoctorsApart(consults: readonly { doctor: number; from: number; to: number }[]): void {
	for (const own of Map.groupBy(consults, ({ doctor }) => doctor).values()) {
		const sorted = own.toSorted((a, b) => a.from - b.from);
		for (const [index, one] of sorted.entries())
			if (index > 0) expect(one.from, `doctor ${one.doctor}`).toBeGreaterThanOrEqual(sorted[index - 1]!.to);
	}
}

const consultsOf = (routes: readonly PlannedRoute[]) => visitsOf(routes).flatMap(({ consult }) => (consult ? [consult] : []));

test('the spreadsheet of the town: twelve faulty rows are named, and nothing is taken in by halves', async () => {
	const { bytes, faultyRows } = makeSpreadsheet({
		seed: 1,
		rows: ROWS,
		faulty: FAULTY,
		date: MONDAY,
		days: DAYS,
		vans: VANS,
		doctors: DOCTORS,
	});
	const preview = intakePreview.parse(
		await api.send('POST', '/intakes', { file: '訪問希望.csv', content: Buffer.from(bytes).toString('base64') }),
	);
	expect(preview.encoding).toMatch(/shift_jis/i);
	expect(preview.rows).toHaveLength(ROWS);
	const faulty = preview.rows.filter(({ faults }) => faults.some(({ severity }) => severity === 'error')).map(({ row }) => row);
	expect(faulty).toEqual([...faultyRows].toSorted((a, b) => a - b));
	await expect(api.send('POST', `/intakes/${preview.id}/acceptance`, undefined)).rejects.toThrow(/409|422/);
	expect(await visits()).toEqual([]);
	await api.send('PUT', `/intakes/${preview.id}`, { skip: faulty });
	const result = intakeResult.parse(await api.send('POST', `/intakes/${preview.id}/acceptance`, undefined));
	expect(result).toMatchObject({ requests: ROWS - FAULTY, skipped: FAULTY });
	expect((await visits()).length).toBeGreaterThanOrEqual(ROWS - FAULTY);
});

let week: PlanBoard;
test('the week is planned: no doctor in two consults at once, and every visit left out has its reason', async () => {
	const options = { from: MONDAY, days: DAYS, seconds: 8, keep: 'nothing' };
	week = await made(planBoardSummary.parse(await api.send('POST', '/plan-boards', options)).id);
	expect(week.days.map(({ date }) => date)).toEqual([MONDAY, '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04']);
	for (const { draft, reasons } of week.days) {
		expectDoctorsApart(consultsOf(draft.routes));
		expect(new Set(reasons.map((one) => one.visit))).toEqual(new Set(draft.unassigned.map((one) => one.visit)));
		for (const reason of reasons) expect(reason.blocking ?? reason.withheld, `visit ${reason.visit}`).not.toBeNull();
	}
	const planned = week.days.flatMap(({ draft }) => visitsOf(draft.routes).map((one) => one.visit));
	expect(new Set(planned).size).toBe(planned.length);
	expect(planned.length).toBeGreaterThan(150);
});

test('it is published, and every van says that it has its route', async () => {
	const revision = await publish(week);
	await setClock({ now: at('07:30') });
	const list = z.array(z.object({ vehicle: z.string(), password: z.string(), name: z.string() }));
	sim = await startSim({
		vans: VANS,
		dataDir: folder.path,
		mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
		credentials: list.parse(JSON.parse(readFileSync(join(folder.path, 'demo-vans.json'), 'utf8'))),
		office: await officeOf(http, folder.path),
		log: pino({ level: process.env['JUNKAI_TEST_LOG'] ?? 'silent' }),
	});
	await until('all receipts', async () => {
		const [newest] = z.array(publication).parse(await api.get('/publications'));
		return newest?.revision === revision && newest.receipts.filter(({ received }) => received !== null).length === VANS;
	});
	const kept = (await visits()).filter(({ planned }) => planned?.date === MONDAY);
	expect(kept.length).toBe(visitsOf((await today()).routes).length);
});

/** Plans the rest of the day anew and publishes it; the comparison tells what changed. */
async function mend(reason: string): Promise<{ board: PlanBoard; changes: z.infer<typeof planComparison>['changes'] }> {
	const board = planBoard.parse(await api.send('POST', '/mends', { seconds: 1, reason }));
	expect(board.mend).toBe(true);
	const { changes } = planComparison.parse(await api.get(`/plan-boards/${board.id}/comparison?with=published`));
	await publish(board);
	return { board, changes };
}

let morning: number[];
let closed: Set<string>;
let closedAt: number;
let brokenAt: number;
let mended: PlanBoard[];
const BROKEN = 'van-3';

test('Monday: two roads close at noon and a van breaks down at two; the day is mended twice', async () => {
	morning = visitsOf((await today()).routes).map((one) => one.visit);
	await setClock({ speed: wholeDay ? Number(wholeDay) : FORWARD });
	await clockReaches(at('11:58'));
	await setClock({ speed: wholeDay ? Number(wholeDay) : CLOSE_UP });
	await clockReaches(at('12:00'));
	const edges = region.roads.filter(({ ref }) => ref === 'R168' || ref === 'R311').map(({ id }) => id);
	expect(edges.length).toBeGreaterThan(10);
	const before = visitsOf((await today()).routes);
	const body = {
		name: 'R168・R311 大雨',
		shape: { kind: 'edges', edges },
		from: at('12:00'),
		until: null,
		source: 'drawn',
		reason: '大雨',
	};
	roadClosure.parse(await api.send('POST', '/closures', body));
	[closed, closedAt] = [new Set(edges), sim.work!.now];
	const rain = await mend('通行止め');
	// Whoever was seen before noon stays seen; the rest keeps its van and time as far as can be.
	for (const { routes } of rain.board.days.map(({ draft }) => draft)) expectDoctorsApart(consultsOf(routes));
	expect(rain.changes.length).toBeLessThan(before.length / 2);
	// Nobody is called in who was not promised this day.
	expect(rain.changes.filter(({ kind }) => kind === 'added' || kind === 'day')).toEqual([]);
	await clockReaches(at('12:06'));
	await setClock({ speed: wholeDay ? Number(wholeDay) : FORWARD });
	await clockReaches(at('13:58'));
	await setClock({ speed: wholeDay ? Number(wholeDay) : CLOSE_UP });
	await clockReaches(at('14:00'));
	brokenAt = sim.work!.now;
	sim.vans.find(({ vehicle }) => vehicle === BROKEN)!.breakDown();
	const fleet = z.array(fleetVehicle).parse(await api.get('/fleet'));
	const { id, version, updated: _u, updatedBy: _b, ...van } = fleet.find(({ vehicle }) => vehicle === BROKEN)!;
	await api.send('PUT', `/fleet/${id}?version=${version}`, {
		...van,
		outages: [...van.outages, { from: Math.round(brokenAt), until: null, reason: '故障' }],
	});
	const { board } = await mend('故障');
	mended = [rain.board, board];
	await clockReaches(at('14:05'));
	await setClock({ speed: wholeDay ? Number(wholeDay) : FORWARD });
	await clockReaches(at('19:00'));
	// The last crews tell of their last visits before the office closes.
	const seen = new Set(visitEvents('done').map((event) => event.visit));
	await until(
		'every visit that was made is told',
		async () => (await visits()).every((one) => !seen.has(one.id) || one.state === 'done'),
		60_000,
	);
	// Past midnight the ledger of the day is closed.
	await setClock({ now: at('00:30', '2026-12-01'), speed: 1 });
}, 1_200_000);

/** What crews have done until now; what they will do is worked out ahead. */
const eventsOf = () => {
	const now = (sim.work!.now - sim.work!.origin) / 1000;
	return sim.work!.crews.flatMap(({ vehicle, events }) =>
		events.flatMap((event) => (event.time <= now ? [{ ...event, vehicle }] : [])),
	);
};
const visitEvents = (state: 'started' | 'done') =>
	eventsOf().flatMap((event) => ((event.state === 'started' || event.state === 'done') && event.state === state ? [event] : []));

test('every visit of Monday is done, planned anew, or told of with a reason; the record adds up', async () => {
	const done = new Set(visitEvents('done').map((event) => event.visit));
	const reports = await until('the ledger is closed', async () => {
		const all = new Map((await visits()).map((one) => [one.id, one]));
		const left = morning.filter(
			(id) => ['planned', 'under-way'].includes(all.get(id)!.state) && all.get(id)!.planned?.date === MONDAY,
		);
		return left.length === 0 ? all : null;
	});
	const tally = { done: 0, later: 0, told: 0 };
	for (const id of morning) {
		const one = reports.get(id)!;
		if (done.has(id)) {
			expect(one.state, `visit ${id} was made`).toBe('done');
			expect(one.actual?.to, `visit ${id}`).not.toBeNull();
			tally.done++;
		} else if (one.state === 'not-done') {
			expect(one.reason, `visit ${id}`).not.toBeNull();
			tally.told++;
		} else {
			expect(['open', 'planned'], `visit ${id}`).toContain(one.state);
			tally.later++;
		}
	}
	expect(tally.done + tally.later + tally.told).toBe(morning.length);
	expect(tally.done).toBeGreaterThan(morning.length * 0.6);
	// Nothing is told to be done that was not.
	for (const one of reports.values()) if (one.state === 'done') expect(done.has(one.id), `visit ${one.id}`).toBe(true);
});

test('no doctor was in two consults at once', () => {
	const held = eventsOf().flatMap((event) =>
		event.state === 'consult' ? [{ doctor: event.doctor, from: event.time, to: event.until }] : [],
	);
	expect(held.length).toBeGreaterThan(10);
	expectDoctorsApart(held);
});

test('no van drove a closed road, but to leave it', () => {
	const since = (closedAt - sim.work!.origin) / 1000;
	const latest = (sim.work!.now - sim.work!.origin) / 1000;
	let driven = 0;
	for (const { vehicle, legs } of sim.work!.crews) {
		for (const [index, leg] of legs.entries()) {
			if (leg.kind !== 'drive' || leg.to <= since || leg.from > latest) continue;
			driven++;
			if (leg.edge === null || !closed.has(leg.edge)) continue;
			const before = legs.slice(0, index).findLast((one) => one.kind === 'drive');
			const leaving = leg.from <= since || (before?.kind === 'drive' && before.edge === leg.edge);
			expect(leaving, `${vehicle} on ${leg.edge}`).toBe(true);
		}
	}
	expect(driven).toBeGreaterThan(20);
});

test('the van that broke down went no further, and nobody waited for it', () => {
	const after = visitEvents('started').filter(
		({ vehicle, time }) => vehicle === BROKEN && time > (brokenAt - sim.work!.origin) / 1000,
	);
	expect(after).toEqual([]);
	const days = mended.flatMap((board) => board.days);
	const planned = mended.at(-1)!.days.flatMap(({ draft }) => visitsOf(draft.routes));
	expect(planned.filter(({ vehicle, from }) => vehicle === BROKEN && from > brokenAt)).toEqual([]);
	// Its patients are with others, or the plan says why not.
	const told = new Set([...planned, ...days.flatMap(({ reasons }) => reasons)].map((one) => one.visit));
	const seen = new Set(visitEvents('done').map((event) => event.visit));
	for (const one of morning) expect(told.has(one) || seen.has(one), `visit ${one}`).toBe(true);
});
