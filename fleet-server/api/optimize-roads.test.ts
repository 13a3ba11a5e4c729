import { readFileSync } from 'node:fs';
import { planSolution, type PlanSolution } from '@junkai/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Place } from '../roads/port.ts';
import { region, settlements } from '../roads/test-roads.ts';
import { buildRegion, mapFolder } from '../roads/tiles.ts';
import { startTestServer, type TestServer } from '../test-support.ts';
import { plannerClient, problemOf } from './optimize-client.ts';

let server: TestServer;
beforeAll(async () => {
	server = await startTestServer({ optimizeThreads: 1 });
	await buildRegion(region, 'test', mapFolder(server.dataDir), () => undefined);
});
afterAll(() => server.stop());
const { post } = plannerClient(() => server);

const [base, ...stops] = settlements(9) as [Place, ...Place[]];
const SEA: Place = [135.0, 33.2];
const round = (change: { vehicle?: object; job?: object } = {}) => ({
	vehicles: [{ id: 1, start: base, end: base, ...change.vehicle }],
	jobs: stops.map((location, at) => ({ id: at + 1, location, service: 600, ...(at === 3 ? change.job : {}) })),
});
/** A square of some kilometres around the first stop. */
const slide = {
	id: 'slide',
	polygon: [
		[-1, -1],
		[1, -1],
		[1, 1],
		[-1, 1],
	].map(([x, y]) => [stops[0]![0] + x! * 0.03, stops[0]![1] + y! * 0.03]),
};
const planOf = async (response: Response): Promise<PlanSolution> => {
	const body: unknown = await response.json();
	expect([response.status, body]).toEqual([200, expect.anything()]);
	return planSolution.parse(body);
};

/** Google's encoded polyline, read back. */
function decode(text: string): Place[] {
	const places: Place[] = [];
	let at = 0;
	const next = (): number => {
		let value = 0;
		for (let shift = 0; ; shift += 5) {
			const group = text.charCodeAt(at++) - 63;
			value |= (group & 0x1f) << shift;
			if (group < 0x20) return value & 1 ? ~(value >> 1) : value >> 1;
		}
	};
	let [lon, lat] = [0, 0];
	while (at < text.length) {
		lat += next();
		lon += next();
		places.push([lon / 1e5, lat / 1e5]);
	}
	return places;
}

describe('a problem without matrices', () => {
	test('is solved on the roads; the answer has its places, and no numbers that nobody gave', async () => {
		const plan = await planOf(await post(round()));
		expect(plan.summary).toMatchObject({ unassigned: 0, routes: 1 });
		const steps = plan.routes?.[0]?.steps ?? [];
		expect(steps.map(({ location }) => String(location)).toSorted()).toEqual([base, base, ...stops].map(String).toSorted());
		expect(steps.filter((step) => 'location_index' in step)).toEqual([]);
		// Eight settlements all over the prefecture: hundreds of kilometres, at 20 to 70 km/h.
		const { duration = 0, distance = 0 } = plan.summary ?? {};
		expect(distance).toBeGreaterThan(200_000);
		expect(distance / duration).toBeGreaterThan(20 / 3.6);
		expect(distance / duration).toBeLessThan(70 / 3.6);
		expect(plan.routes?.[0]?.geometry).toBeUndefined();
	});

	test('has its ways when it asks for them', async () => {
		const plan = await planOf(await post(round(), 'seconds=0.3&geometry=true'));
		const route = plan.routes?.[0];
		const way = decode(route?.geometry ?? '');
		expect(way.length).toBeGreaterThan(100);
		for (const { location } of route?.steps ?? []) {
			const nearest = Math.min(...way.map(([lon, lat]) => Math.hypot((lon - location![0]) * 93, (lat - location![1]) * 111)));
			// Places snap from up to a kilometre beside the road.
			expect(nearest).toBeLessThan(1.1);
		}
	});

	test('takes closed roads as closed', async () => {
		const dry = await planOf(await post(round()));
		const wet = await planOf(await post(round(), 'seconds=0.3&rain=400'));
		const worth = ({ summary }: PlanSolution) => [summary?.unassigned ?? 0, summary?.duration ?? 0] as const;
		const [left, drive] = worth(wet);
		expect(left > worth(dry)[0] || drive > worth(dry)[1]).toBe(true);
		const cut = await planOf(await post({ ...round(), closures: [slide] }));
		expect(cut.unassigned?.map(({ id }) => id)).toEqual([1]);
	});

	test('minds the closures that are in force when the vehicles leave', async () => {
		const closures = [{ ...slide, from: '2026-11-24T08:00:00+09:00', until: '2026-11-24T20:00:00+09:00' }];
		const leftOut = async (departure: string) => {
			const plan = await planOf(await post({ ...round(), closures }, `seconds=0.3&departure=${encodeURIComponent(departure)}`));
			return plan.unassigned?.map(({ id }) => id);
		};
		expect(await leftOut('2026-11-24T09:00:00+09:00')).toEqual([1]);
		expect(await leftOut('2026-11-25T09:00:00+09:00')).toEqual([]);
	});

	test('chooses the class of vehicle by the profile', async () => {
		const van = await planOf(await post(round({ vehicle: { profile: 'van' } })));
		const truck = await planOf(await post(round({ vehicle: { profile: 'truck' } })));
		const drive = ({ summary }: PlanSolution) => (summary?.unassigned ? Infinity : (summary?.duration ?? 0));
		expect(drive(truck)).toBeGreaterThan(drive(van));
	});
});

test('the example of the guide: the only way is closed by day', async () => {
	const guide = readFileSync(new URL('../../docs/planner.md', import.meta.url), 'utf8');
	const examples = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text!) as object);
	const example = examples.find((one) => 'closures' in one)!;
	const drive = async (departure: string) => {
		const plan = await planOf(await post(example, `seconds=0.3&departure=${encodeURIComponent(departure)}`));
		return plan.summary?.unassigned === 0 ? plan.summary.duration : Infinity;
	};
	const night = await drive('2026-11-24T21:00:00+09:00');
	expect(night).toBeLessThan(7200);
	expect(await drive('2026-11-24T09:00:00+09:00')).toBeGreaterThan(night);
});

describe('places that cannot be', () => {
	test('one in the sea is named with its field, wherever it stands', async () => {
		for (const [body, fields] of [
			[round({ job: { location: SEA } }), ['jobs[3].location']],
			[round({ vehicle: { start: SEA } }), ['vehicles[0].start']],
			[
				round({ vehicle: { start: SEA, end: SEA }, job: { location: SEA } }),
				['jobs[3].location', 'vehicles[0].start', 'vehicles[0].end'],
			],
		] as const) {
			const answer = await problemOf(await post(body));
			expect(answer.status).toBe(422);
			expect(answer.errors?.map(({ field }) => field)).toEqual(fields);
			expect(answer.errors?.[0]?.message).toMatch(/^\[135, 33\.2\] is (\d+ m off the road|out of reach of any road)$/);
		}
	});

	test('a closure that is nowhere is refused, not left out', async () => {
		const answer = await problemOf(await post({ ...round(), closures: [{ id: 'x', edges: ['no such road'] }] }));
		expect(answer.status).toBe(422);
		expect(answer.detail).toContain('no such road');
	});
});
