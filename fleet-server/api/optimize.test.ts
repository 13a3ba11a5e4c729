import { planSolution, optimizeJob, optimizeJobList, type OptimizeJob } from '@junkai/contracts';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { matrixOf, scattered, small } from '../optimize/test-problems.ts';
import { startTestServer, TestBrowser, until, type TestServer } from '../test-support.ts';
import { plannerClient, problemOf } from './optimize-client.ts';

let server: TestServer;
beforeAll(async () => {
	server = await startTestServer({
		optimizeJobs: 1,
		optimizeThreads: 1,
		optimizeQueue: 2,
	});
});
afterAll(() => server.stop());

const { post, job: jobAt, jobs, cancel } = plannerClient(() => server);
/** A search that goes on until it is ended. */
const endless = async (query = '') => {
	const response = await post(scattered({ jobs: 60, vehicles: 6 }), `seconds=120&wait=false${query}`);
	expect(response.status).toBe(202);
	const job = optimizeJob.parse(await response.json());
	expect(response.headers.get('location')).toBe(`/api/v1/optimize/${job.id}`);
	return job;
};

describe('a plan', () => {
	test('is what a waiting request gets, and can be read again', async () => {
		const response = await post(small());
		expect(response.status).toBe(200);
		const plan = planSolution.parse(await response.json());
		expect(plan).toMatchObject({ code: 0, summary: { cost: 45, routes: 1, unassigned: 0 } });
		expect(plan.routes?.[0]?.steps.map(({ type }) => type)).toEqual(['start', 'job', 'job', 'end']);
		const again = await server.request('dispatcher', response.headers.get('content-location')!);
		expect(planSolution.parse(await again.json())).toEqual(plan);
	});

	test('of a packed body is the same', async () => {
		const packed = gzipSync(JSON.stringify(small()));
		const response = await post(new Uint8Array(packed), 'seconds=0.3', { headers: { 'content-encoding': 'gzip' } });
		expect(planSolution.parse(await response.json()).summary?.cost).toBe(45);
	});

	test('of plan mode keeps the order given and reports what is violated', async () => {
		const steps = [{ type: 'start' }, { type: 'job', id: 2 }, { type: 'job', id: 1 }, { type: 'end' }];
		const response = await post(small({ vehicle: { steps, max_tasks: 1 } }), 'mode=plan');
		const plan = planSolution.parse(await response.json());
		expect(plan.routes?.[0]?.steps.map(({ id }) => id)).toEqual([undefined, 2, 1, undefined]);
		expect(plan.summary?.violations.map(({ cause }) => cause)).toContain('max_tasks');
	});

	test('leaves out what cannot be, with the reason', async () => {
		const rules = async (change: Parameters<typeof small>[0]) => {
			const plan = planSolution.parse(await (await post(small(change))).json());
			expect(plan.unassigned).toHaveLength(1);
			return plan.unassigned?.[0]?.reasons?.map(({ rule }) => rule);
		};
		expect(await rules({ job: { skills: [7] } })).toEqual(['skills']);
		expect(await rules({ job: { time_windows: [[500, 600]] }, vehicle: { time_window: [0, 100] } })).toEqual(['vehicle_hours']);
		const cut = [
			[0, 10, 4_294_967_295],
			[10, 0, 4_294_967_295],
			[4_294_967_295, 4_294_967_295, 0],
		];
		expect(await rules({ matrices: matrixOf(...cut) })).toEqual(['no_way']);
	});
});

describe('jobs', () => {
	test('one runs, some wait, more are refused with the reason and a time to come back', async () => {
		const first = await endless();
		const waiting = [await endless(), await endless()];
		expect(waiting.map(({ state, position }) => [state, position])).toEqual([
			['queued', 1],
			['queued', 2],
		]);
		const metrics = await (await server.request(null, '/metrics')).text();
		expect(metrics).toContain('junkai_optimize_running 1\n');
		expect(metrics).toContain('junkai_optimize_queued 2\n');
		const full = await post(small());
		expect((await problemOf(full)).detail).toMatch(/2 jobs wait already/);
		expect(full.status).toBe(503);
		expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(60);
		const unread = await server.request('dispatcher', `/api/v1/optimize/${waiting[0]!.id}/solution`);
		expect((await problemOf(unread)).status).toBe(409);

		expect(await cancel(waiting[0]!.id)).toMatchObject({ state: 'cancelled', solution: false });
		expect((await jobAt(waiting[1]!.id)).position).toBe(1);
		const none = await server.request('dispatcher', `/api/v1/optimize/${waiting[0]!.id}/solution`);
		expect((await problemOf(none)).detail).toMatch(/before there was any plan/);

		await until(async () => (await jobAt(first.id)).progress, 'a first plan');
		const ended = await cancel(first.id);
		expect(ended).toMatchObject({ state: 'cancelled', solution: true, tasks: 60 });
		const plan = planSolution.parse(await (await server.request('admin', `/api/v1/optimize/${first.id}/solution`)).json());
		expect(plan.routes?.length).toBeGreaterThan(0);
		expect(plan.summary?.cost).toBe(ended.progress?.cost);

		await until(async () => (await jobAt(waiting[1]!.id)).state === 'running', 'the next job');
		await cancel(waiting[1]!.id);
		expect((await jobs()).filter(({ finished }) => finished === null)).toEqual([]);
		// What has ended stays as it is.
		expect(await cancel(first.id)).toEqual(await jobAt(first.id));
	});

	test('whoever goes away while waiting ends the job', async () => {
		const controller = new AbortController();
		const waiting = post(scattered({ jobs: 60, vehicles: 6 }), 'seconds=119', { signal: controller.signal }).catch(() => 'gone');
		const { id } = await until(
			async () => (await jobs()).find(({ state, seconds }) => state === 'running' && seconds === 119),
			'the job',
		);
		controller.abort();
		expect(await waiting).toBe('gone');
		await until(async () => (await jobAt(id)).state === 'cancelled', 'the end of the job');
	});

	test('Prefer: respond-async is understood; other roles have no part in it; an unknown job is not there', async () => {
		const response = await post(small(), 'seconds=0.2', { headers: { prefer: 'respond-async, wait=10' } });
		expect([response.status, response.headers.get('preference-applied')]).toEqual([202, 'respond-async']);
		const { id } = optimizeJob.parse(await response.json());
		await until(async () => (await jobAt(id)).state === 'done', 'the end of the job');
		for (const role of ['doctor', 'crew'] as const) {
			expect((await post(small(), '', {}, role)).status).toBe(403);
			expect((await server.request(role, `/api/v1/optimize/${id}`)).status).toBe(403);
		}
		expect((await server.request(null, '/api/v1/optimize')).status).toBe(401);
		expect((await server.request('admin', '/api/v1/optimize/00000000-0000-4000-8000-000000000000')).status).toBe(404);
		expect((await server.request('admin', '/api/v1/optimize/first')).status).toBe(400);
	});

	test('the live channel tells how a job goes, to dispatchers and admins alone', async () => {
		const dispatcher = await TestBrowser.open(server, 'dispatcher');
		await dispatcher.subscribe([{ vehicles: [], kinds: ['optimize'] }]);
		const doctor = await TestBrowser.open(server, 'doctor');
		await doctor.subscribe([{ vehicles: '*', kinds: ['optimize', 'vehicle'] }]);
		expect(doctor.all('refused')).toHaveLength(1);
		const { id } = await endless();
		const told = () => dispatcher.all('optimize').flatMap((message) => (message.job.id === id ? [message.job] : []));
		await until(() => told().filter(({ progress }) => progress !== null).length >= 3, 'progress');
		const costs = told().flatMap(({ progress }) => (progress ? [progress] : []));
		for (const [at, { cost, unassigned, elapsed }] of costs.entries()) {
			const before = costs[at - 1];
			if (before) expect(unassigned < before.unassigned || (unassigned === before.unassigned && cost <= before.cost)).toBe(true);
			expect(elapsed).toBeLessThan(120);
		}
		// Who comes later sees at once what is going on.
		const late = await TestBrowser.open(server, 'admin');
		await late.subscribe([{ vehicles: '*', kinds: ['optimize'] }]);
		await late.next('optimize', ({ job }) => job.id === id && job.state === 'running');
		await cancel(id);
		await dispatcher.next(
			'optimize',
			({ job }: { job: OptimizeJob }) => job.id === id && job.state === 'cancelled' && job.solution,
		);
		expect(doctor.all('optimize')).toEqual([]);
		for (const browser of [dispatcher, doctor, late]) browser.close();
	});

	test('a server that stops ends its jobs, and gives whoever waits the best plan so far', async () => {
		const stopping = await startTestServer({ optimizeThreads: 1 });
		const waiting = stopping.request('dispatcher', '/api/v1/optimize?seconds=120', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(scattered({ jobs: 60, vehicles: 6 })),
		});
		await until(async () => {
			const list = optimizeJobList.parse(await (await stopping.request('admin', '/api/v1/optimize')).json());
			return list[0]?.progress;
		}, 'a first plan');
		const began = performance.now();
		await stopping.stop();
		expect(performance.now() - began).toBeLessThan(5000);
		expect(planSolution.parse(await (await waiting).json()).routes?.length).toBeGreaterThan(0);
	});
});
