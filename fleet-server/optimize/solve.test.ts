import { expect, test } from 'vitest';
import { PlannerError } from '../planner/errors.ts';
import { RoadsError, type RoadsFault } from '../roads/roads-error.ts';
import { refusalOf, solve, type SolveOptions } from './solve.ts';
import { small } from './test-problems.ts';

const options: SolveOptions = {
	mode: 'optimize',
	seconds: 0.2,
	spent: 0,
	threads: 1,
	seed: 1,
	geometry: false,
	maxTasks: 3000,
	maxVehicles: 10,
};
/** Solves on roads that answer every question with a fault. */
async function refusal(problem: unknown, fault: RoadsFault = 'no-tiles', change: Partial<SolveOptions> = {}) {
	const ask = () => Promise.reject(new RoadsError(fault, `the roads say ${fault}`));
	const parts = {
		roads: () => ({ table: ask, way: ask }),
		signal: new AbortController().signal,
		onRead: () => undefined,
		onReady: () => undefined,
		onProgress: () => undefined,
	};
	const body = new TextEncoder().encode(JSON.stringify(problem));
	return await solve(body, { ...options, ...change }, parts).then(
		() => Promise.reject(new Error('it was not refused')),
		(error: unknown) => refusalOf(error),
	);
}
const onRoads = { vehicles: [{ id: 1, start: [135.4, 33.8] }], jobs: [{ id: 1, location: [135.5, 33.8] }] };

test.each<[RoadsFault, number]>([
	['no-tiles', 503],
	['unavailable', 503],
	['timeout', 503],
	['closures-not-supported', 422],
	['too-big', 422],
	['no-route', 422],
])('roads that say %s: VROOM’s code 3, status %i, in their words', async (fault, status) => {
	expect(await refusal(onRoads, fault)).toMatchObject({
		code: 3,
		status,
		detail: expect.stringContaining(`the roads say ${fault}`),
	});
});

test('places without coordinates have no geometry', async () => {
	expect(await refusal(small(), 'no-tiles', { geometry: true })).toMatchObject({
		code: 2,
		status: 422,
		errors: [{ field: 'routes[0].steps[0].location' }],
	});
});

test('more places than the roads take at once', async () => {
	const jobs = Array.from({ length: 2001 }, (_, id) => ({ id, location: [135 + id / 10_000, 33.8] }));
	expect(await refusal({ ...onRoads, jobs })).toMatchObject({
		status: 422,
		errors: [{ field: 'jobs', message: expect.stringContaining('2002 different places') }],
	});
});

test('faults by the hundred thousand are one', async () => {
	const types = Object.fromEntries(Array.from({ length: 200_000 }, (_, at) => [`t${at}`, -1]));
	expect(await refusal(small({ job: { service_per_type: types } }))).toMatchObject({
		code: 2,
		status: 422,
		errors: [{ field: 'body' }],
	});
});

test('a failure of our own is code 1, and no fault of the input', () => {
	expect(refusalOf(new PlannerError('internal', 'the plan failed its check'))).toMatchObject({ code: 1, status: 500 });
	expect(refusalOf(new Error('out of order'))).toMatchObject({ code: 1, status: 500, detail: 'The planner failed: out of order' });
});
