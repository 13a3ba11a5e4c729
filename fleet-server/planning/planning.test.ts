/** The planning room in a running server: asked over HTTP, told live, published, mended, restarted. */
import { planBoard, planBoardSummary, problem, type PlanBoard, type PlanBoardSummary, type Visit } from '@junkai/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ensureMap } from '../roads/map.ts';
import { startTestServer, TestBrowser, until, type TestServer } from '../test-support.ts';
import { officeOf } from './test-records.ts';
import { calendar, DATE, region } from './test-planning.ts';

const office = officeOf(region, { seed: 5, vans: 3, doctors: 4, visits: 16, reachKm: 16, from: DATE });
/** Day of the service as it stands: it runs with the wall clock from there. */
const options = { optimizeThreads: 1, clockStart: new Date(calendar.at('2026-11-23', '18:00')).toISOString() };
let server: TestServer;
beforeAll(async () => {
	server = await startTestServer(options);
	await ensureMap('wakayama', server.dataDir, () => {});
	const { fleet, staff, shifts, doctors, patients, requests } = office;
	const bodies: [string, readonly object[]][] = [
		['fleet', fleet],
		['staff', staff],
		['shifts', shifts],
		['doctors', doctors],
		['patients', patients],
		['requests', requests],
	];
	for (const [path, list] of bodies) for (const body of list) await send('POST', `/${path}`, body, 201);
}, 60_000);
afterAll(() => server?.stop());

async function send(
	method: string,
	path: string,
	body?: unknown,
	status = 200,
	role: 'dispatcher' | 'admin' = 'dispatcher',
): Promise<unknown> {
	const response = await server.request(role, `/api/v1${path}`, {
		method,
		...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
	});
	const text = await response.text();
	expect([method, path, response.status, response.status === status ? '' : text]).toEqual([method, path, status, '']);
	return text === '' ? undefined : JSON.parse(text);
}
const board = async (id: string): Promise<PlanBoard> => planBoard.parse(await send('GET', `/plan-boards/${id}`));
const start = async (asked: object): Promise<PlanBoardSummary> =>
	planBoardSummary.parse(await send('POST', '/plan-boards', { from: DATE, seconds: 1, ...asked }, 202));
const ended = (id: string): Promise<PlanBoard> =>
	until(
		async () => {
			const found = await board(id);
			return ['ready', 'failed', 'stopped'].includes(found.progress.state) ? found : null;
		},
		'the plan',
		60_000,
	);
const refused = async (method: string, path: string, body: unknown, status: number): Promise<string> =>
	problem.parse(await send(method, path, body, status)).detail ?? '';

describe('a plan', () => {
	let made: PlanBoard;

	test('is made while one watches, and stays', async () => {
		const browser = await TestBrowser.open(server, 'dispatcher');
		await browser.subscribe([{ vehicles: [], kinds: ['board'] }]);
		const begun = await start({ name: '火曜日', seconds: 2 });
		expect(begun).toMatchObject({ name: '火曜日', createdBy: 'dispatcher', version: 1, base: null, published: null, mend: false });
		made = await ended(begun.id);
		expect(made.progress).toMatchObject({ state: 'ready', problem: null });
		expect(made.days.map(({ date }) => date)).toEqual([DATE]);
		expect(made.measures!.visits + made.measures!.unassigned).toBe(16);
		const states = browser
			.all('board')
			.filter((one) => one.board.id === begun.id)
			.map((one) => one.board.progress.state);
		expect(states.at(-1)).toBe('ready');
		expect(states).toContain('searching');
		const curve = made.progress.curve;
		expect(curve.length).toBeGreaterThan(0);
		for (const [at, { elapsed }] of curve.entries()) if (at > 0) expect(elapsed).toBeGreaterThanOrEqual(curve[at - 1]!.elapsed);
		browser.close();
	});

	test('is refused for a day that is over, and fails plainly for one without a shift', async () => {
		expect(await refused('POST', '/plan-boards', { from: '2026-11-22' }, 422)).toMatch(/2026-11-22 is over: today is 2026-11-23/);
		const none = await ended((await start({ from: '2026-11-28' })).id);
		expect(none.progress).toMatchObject({ state: 'failed', problem: 'no van has a shift on 2026-11-28' });
		expect(none.days).toEqual([]);
		await send('DELETE', `/plan-boards/${none.id}`, undefined, 204);
		await send('GET', `/plan-boards/${none.id}`, undefined, 404);
		expect(await refused('POST', `/plan-boards/${none.id}/publication?version=1`, { base: null }, 404)).toMatch(/no plan/);
	});

	test('plans wait for one another; one that waits can be stopped, one that runs keeps its best', async () => {
		const [first, second] = [await start({ seconds: 60 }), await start({ seconds: 60 })];
		expect(second.progress.state).toBe('queued');
		const stopped = planBoardSummary.parse(await send('POST', `/plan-boards/${second.id}/stop`));
		expect(stopped.progress).toMatchObject({ state: 'stopped', problem: 'stopped before there was any plan' });
		await until(async () => (await board(first.id)).progress.curve.length > 0, 'a first plan', 30_000);
		await send('POST', `/plan-boards/${first.id}/stop`);
		const kept = await ended(first.id);
		expect(kept.progress.state).toBe('ready');
		expect(kept.progress.elapsed).toBeLessThan(50);
		expect(kept.measures!.visits).toBeGreaterThan(8);
		for (const { id } of [first, second]) await send('DELETE', `/plan-boards/${id}`, undefined, 204);
	});

	test('begins with another one, and keeps what is pinned there', async () => {
		const again = await ended((await start({ start: made.id, keep: 'pinned' })).id);
		expect(again.measures!.visits).toBeGreaterThanOrEqual(made.measures!.visits);
		await send('DELETE', `/plan-boards/${again.id}`, undefined, 204);
		expect(await refused('POST', '/plan-boards', { from: DATE, start: again.id }, 404)).toMatch(/no plan/);
	});

	test('is published once; who comes second with the same picture is told who was first', async () => {
		const other = await ended((await start({})).id);
		const publish = (id: string, base: number | null) =>
			server.request('dispatcher', `/api/v1/plan-boards/${id}/publication?version=1`, {
				method: 'POST',
				body: JSON.stringify({ base, note: '確認済み' }),
				headers: { 'content-type': 'application/json' },
			});
		const answers = await Promise.all([publish(made.id, null), publish(other.id, null)]);
		expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
		const winner = answers.findIndex(({ status }) => status === 200);
		const published = planBoardSummary.parse(await answers[winner]!.json());
		expect(published).toMatchObject({ published: 1, version: 2 });
		expect(problem.parse(await answers[1 - winner]!.json()).detail).toMatch(/dispatcher published plan 1 at/);
		expect(await refused('DELETE', `/plan-boards/${published.id}`, undefined, 409)).toMatch(/is kept/);
		expect(await refused('POST', `/plan-boards/${published.id}/publication?version=1`, { base: 1 }, 409)).toMatch(/version 2/);
		const visits = (await send('GET', `/visits?from=${DATE}&until=${DATE}&state=planned`)) as Visit[];
		await until(async () => {
			const list = (await send('GET', `/visits?from=${DATE}&until=${DATE}&state=planned`)) as Visit[];
			return list.length === published.measures!.visits;
		}, `the visits to be planned (${visits.length} so far)`);
	});

	test('is not published over a visit that was called off, nor over a road that was closed since', async () => {
		const plan = await ended((await start({})).id);
		const publish = () => refused('POST', `/plan-boards/${plan.id}/publication?version=1`, { base: 1 }, 409);
		const drives = plan.days[0]!.draft.routes.flatMap(({ stops }) => stops.flatMap(({ way }) => way ?? []));
		const { coordinates } = drives.toSorted((a, b) => b.distance - a.distance)[0]!.geometry;
		const [lon, lat] = coordinates[Math.floor(coordinates.length / 2)]!;
		const ring = [
			[lon - 0.01, lat - 0.01],
			[lon + 0.01, lat - 0.01],
			[lon, lat + 0.01],
		];
		const closure = {
			name: '崩落',
			shape: { kind: 'polygon', ring },
			from: calendar.at(DATE, '00:00'),
			until: null,
			source: 'drawn',
			reason: '',
		};
		const { id: closed } = (await send('POST', '/closures', closure, 201)) as { id: number };
		expect(await publish()).toMatch(/^van-\d would drive over .* which was closed since this plan was made: plan again$/);
		await send('DELETE', `/closures/${closed}?version=1`, undefined, 204);
		const id = plan.days[0]!.draft.routes.flatMap(({ stops }) => stops.flatMap(({ visits }) => visits))[0]!.visit;
		const { version } = (await send('GET', `/visits/${id}`)) as Visit;
		await send('POST', `/visits/${id}/cancel?version=${version}`, { note: '' });
		expect(await publish()).toBe(`visit ${id} was called off since this plan was made: plan again, or take it out`);
		await send('POST', `/visits/${id}/reopen?version=${version + 1}`);
		await send('DELETE', `/plan-boards/${plan.id}`, undefined, 204);
	});

	test('an appointment that was published is kept by the next plan', async () => {
		const next = await ended((await start({ seconds: 2 })).id);
		expect(next.base).toBe(1);
		expect(next.measures).toMatchObject({ changed: 0 });
		expect(next.measures!.costs.appointment ?? 0).toBe(0);
	});
});

describe('a server that stops', () => {
	test('while it plans says afterwards that the plan failed', async () => {
		const { id } = await start({ seconds: 60 });
		await until(async () => (await board(id)).progress.state === 'searching', 'the search', 30_000);
		await server.restart();
		const after = await board(id);
		expect(after.progress.state).toBe('failed');
		expect(after.progress.problem).toMatch(/server stopped/);
		const list = z.array(planBoardSummary).parse(await send('GET', '/plan-boards'));
		expect(list.find(({ published }) => published === 1)!.measures!.visits).toBeGreaterThan(8);
		expect(list.map(({ created }) => created)).toEqual(list.map(({ created }) => created).toSorted((a, b) => b - a));
	});
});

test('there is nothing to mend on a day without a plan', async () => {
	expect(await refused('POST', '/mends', {}, 409)).toMatch(/no plan is published for today \(2026-11-23\)/);
});

describe('a day under way', () => {
	beforeAll(async () => {
		options.clockStart = new Date(calendar.at(DATE, '12:00')).toISOString();
		await server.restart();
	});

	test('is not planned anew but mended, from where everyone is, with what is known now', async () => {
		expect(await refused('POST', '/plan-boards', { from: DATE }, 409)).toMatch(/under way: mend it/);
		const before = planBoard.shape.days.parse((await board((await published()).id)).days)[0]!.draft;
		const wanted = before.routes.flatMap(({ stops }) => stops.flatMap(({ visits }) => visits.map(({ visit }) => visit)));
		const { vehicle } = before.routes.find(({ stops }) => stops.length > 2)!;
		const fleet = (await send('GET', '/fleet')) as { id: number; vehicle: string; version: number }[];
		const { id, version, ...van } = fleet.find((one) => one.vehicle === vehicle)!;
		const outages = [{ from: calendar.at(DATE, '11:59'), until: null, reason: '故障' }];
		await send('PUT', `/fleet/${id}?version=${version}`, { ...van, outages });
		const [off] = (await send('GET', `/visits?from=${DATE}&until=${DATE}&state=planned`)) as Visit[];
		await send('POST', `/visits/${off!.id}/cancel?version=${off!.version}`, { note: '入院' });
		const began = performance.now();
		const mend = planBoard.parse(await send('POST', '/mends', { reason: `${vehicle} 故障` }));
		const took = performance.now() - began;
		expect(mend).toMatchObject({ mend: true, base: 1, name: `${vehicle} 故障`, progress: { state: 'ready' }, published: null });
		const { routes, unassigned } = mend.days[0]!.draft;
		const after = [...routes.flatMap(({ stops }) => stops.flatMap(({ visits }) => visits)), ...unassigned].map(
			({ visit }) => visit,
		);
		for (const visit of wanted) expect(after.includes(visit)).toBe(visit !== off!.id);
		expect(routes.find((one) => one.vehicle === vehicle)!.stops.flatMap(({ visits }) => visits)).toEqual([]);
		// How long it takes is measured by bench-process.ts; here it only must not hang.
		expect(took).toBeLessThan(30_000);
		const done = planBoardSummary.parse(
			await send('POST', `/plan-boards/${mend.id}/publication?version=1`, { base: 1, note: 'mended' }),
		);
		expect(done).toMatchObject({ published: 2, mend: true });
	});

	async function published(): Promise<PlanBoardSummary> {
		const list = z.array(planBoardSummary).parse(await send('GET', '/plan-boards'));
		return list.find((one) => one.published === 1)!;
	}
});
