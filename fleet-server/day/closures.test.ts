/** A road closes before a van that is under way: told, the ETA by the way around, and over when the road is open again. */
import { dayBoard, type Alert, type PlanDraft, type PlannedStop } from '@junkai/contracts';
import { lineKm, partOfLine, pointAlong, type LonLat } from '@junkai/regions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { closureOf } from '../registry/test-records.ts';
import { buildRegion, mapFolder } from '../roads/tiles.ts';
import { junction, region } from '../roads/test-roads.ts';
import { position, startTestServer, TestVan, until, type TestServer } from '../test-support.ts';
import { MINUTE, place } from './test-plan.ts';
import { closedLines, LineIndex, silentLines } from './ways/line-index.ts';

const start = Date.parse('2026-11-24T08:30:00+09:00');

let server: TestServer;
let way: { line: LonLat[]; duration: number; distance: number };
beforeAll(async () => {
	server = await startTestServer({ clockStart: '2026-11-24T08:35:00+09:00' });
	await buildRegion(region, 'test', mapFolder(server.dataDir), () => undefined);
	const route = await server.server.roads.route({ places: [junction('田辺R42'), junction('新宮R42')] });
	way = {
		line: route.geometry.coordinates.map(([lon, lat]): LonLat => [lon, lat]),
		duration: route.duration,
		distance: route.distance,
	};
});
afterAll(() => server?.stop());

const json = async (path: string, method = 'GET', body?: unknown): Promise<unknown> => {
	const headers = { 'content-type': 'application/json' };
	const response = await server.request('dispatcher', `/api/v1${path}`, {
		method,
		headers,
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	expect(response.status, text).toBeLessThan(300);
	return text === '' ? undefined : (JSON.parse(text) as unknown);
};
const board = async () => dayBoard.parse(await json('/day'));
const closed = async (): Promise<Alert | undefined> => (await board()).alerts.find(({ kind }) => kind === 'road-closed-ahead');
const eta = async (): Promise<number> => (await board()).estimates[0]!.stops[1]!.eta;

function draft(): PlanDraft {
	const geometry = { type: 'LineString' as const, coordinates: way.line.map(([lon, lat]): [number, number] => [lon, lat]) };
	const arrival = start + way.duration * 1000;
	const stop = (kind: PlannedStop['kind'], at: LonLat, from: number, to: number): PlannedStop => ({
		kind,
		...place(0),
		location: [at[0], at[1]],
		arrival: from,
		departure: to,
		visits: [],
		meetingPoint: false,
		way: null,
	});
	const visit = { visit: 1, need: 'skin' as const, from: arrival, to: arrival + 20 * MINUTE, consult: null };
	const stops: PlannedStop[] = [
		stop('start', way.line[0]!, start, start),
		{
			...stop('visits', way.line.at(-1)!, arrival, arrival + 20 * MINUTE),
			visits: [visit],
			way: { distance: way.distance, duration: way.duration, geometry },
		},
	];
	const route = { vehicle: 'van-1', distance: way.distance, stops, next: 0, reached: true };
	return { from: start, to: arrival + 20 * MINUTE, doctors: [], routes: [route], unassigned: [] };
}

test('it is told while it lies ahead, with the road’s name, and the ETA goes by the way around', async () => {
	await json('/plans/current', 'PUT', draft());
	const van = await TestVan.connect(`mqtt://127.0.0.1:${server.server.mqttPort}`, 'van-1', { will: false });
	await van.birth();
	let seq = 0;
	const drive = async (share: number) => {
		const [lon, lat] = pointAlong(way.line, share).point;
		await van.store([position(++seq, Date.now(), { lat, lon, speed: 12 })]);
	};
	await drive(0.1);
	await until(async () => (await board()).estimates[0]?.stops[1]?.state === 'next', 'the van to drive');
	const open = await until(async () => ((await board()).estimates[0]!.basis === 'position' ? await eta() : null), 'its ETA');
	// Nine tenths of the way are left.
	expect((open - (await board()).now) / 1000 / way.duration).toBeCloseTo(0.9, 1);
	expect(await closed()).toBeUndefined();

	const [lon, lat] = pointAlong(way.line, 0.5).point;
	const ring = [
		[lon - 0.004, lat - 0.004],
		[lon + 0.004, lat - 0.004],
		[lon + 0.004, lat + 0.004],
		[lon - 0.004, lat + 0.004],
	];
	const body = { ...closureOf(), from: start, shape: { kind: 'polygon', ring } };
	const { id, version } = z.object({ id: z.number(), version: z.number() }).parse(await json('/closures', 'POST', body));
	const told = await until(closed, 'the alert');
	expect(told).toMatchObject({ vehicle: 'van-1', visit: 1, over: null });
	expect(told.detail).toBeTruthy();
	expect(told.at! - start).toBeLessThan(way.duration * 1000);
	const around = await server.server.roads.route({
		places: [way.line[0]!, way.line.at(-1)!],
		closures: [{ id: 'x', polygon: ring as [number, number][] }],
	});
	expect(around.duration).toBeGreaterThan(way.duration * 1.02);
	await until(async () => (await eta()) - open > (around.duration - way.duration) * 1000 * 0.8, 'the ETA to go around');

	// Behind the van it is no matter.
	await drive(0.6);
	await until(async () => (await closed()) === undefined, 'the alert to be over');
	await drive(0.61);
	await json(`/closures/${id}?version=${version}`, 'DELETE');
	await until(
		async () => Math.abs((await eta()) - (await board()).now - 0.39 * way.duration * 1000) < 60_000,
		'the planned way to count again',
	);
	await van.end();
}, 60_000);

test('a way is on a closed road when it runs along it, not when it crosses or touches it', () => {
	const road = region.roads.find((one) => one.km > 3 && lineKm(one.line) > 2)!;
	const index = new LineIndex(closedLines(region, [{ id: 'x', edges: [{ edge: road.id, from: 0.4, to: 0.6 }] }]));
	const [stretch, ...more] = index.stretches(road.line);
	expect(more).toEqual([]);
	expect(stretch!.from).toBeCloseTo(0.4, 1);
	expect(stretch!.to).toBeCloseTo(0.6, 1);
	expect(stretch!.name).toBe(road.ref ?? road.name);
	expect(index.stretches(road.line.toReversed())[0]!.from).toBeCloseTo(0.4, 1);
	expect(index.stretches(partOfLine(road.line, 0, 0.35))).toEqual([]);
	const [x, y] = pointAlong(road.line, 0.5).point;
	const { course } = pointAlong(road.line, 0.5);
	const across = ((course + 90) * Math.PI) / 180;
	const [dx, dy] = [Math.sin(across) * 0.003, Math.cos(across) * 0.003];
	expect(
		index.stretches([
			[x - dx, y - dy],
			[x + dx, y + dy],
		]),
	).toEqual([]);
	expect(silentLines(region).length).toBeGreaterThan(3);
});
