import { gzipSync } from 'node:zlib';
import { optimizeJob } from '@junkai/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { matrixOf, small } from '../optimize/test-problems.ts';
import { startTestServer, until, type TestServer } from '../test-support.ts';
import { plannerClient, problemOf, type Body } from './optimize-client.ts';

let server: TestServer;
beforeAll(async () => {
	server = await startTestServer({ optimizeThreads: 1, optimizeTasks: 200, optimizeMegabytes: 2 });
});
afterAll(() => server.stop());
const { post, job: jobAt } = plannerClient(() => server);

describe('bad input gets a problem document that names the field and the cause', () => {
	const withMatrix = (rows: unknown[]) => small({ matrices: matrixOf(...rows) });
	const jobsOf = (list: unknown) => small({ jobs: list });
	const job = (change: object) => small({ job: change });
	const vehicle = (change: object) => small({ vehicle: change });
	const text = (body: unknown) => JSON.stringify(body);
	const bytes = (...parts: (string | number)[]) =>
		Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...new TextEncoder().encode(part)])));

	test.each<[string, Body, number, string, RegExp]>([
		['nothing', '', 400, 'body', /ends where a value is expected/],
		['no JSON', 'plan my day', 400, 'body', /plan stands where/],
		['cut off', text(small()).slice(0, -30), 400, 'matrices.car.durations[0][1]', /the text ends/],
		['NaN', text(small()).replace('"location_index":2', '"location_index":2,"service":NaN'), 400, 'jobs[1].service', /NaN/],
		['NaN in a matrix', text(small()).replace('[10,0,15]', '[10,NaN,15]'), 400, 'matrices.car.durations[1][1]', /NaN/],
		['more than a number holds', text(small()).replace('"id":2', '"id":2,"service":1e999'), 400, 'jobs[1].service', /number/],
		['1e308', text(small()).replace('"id":2', '"id":2,"service":1e308'), 400, 'jobs[1].service', /int/],
		['no UTF-8', bytes('{"jobs":[{"description":"', 0xc3, 0x28, '"}]}'), 400, 'jobs[0].description', /not UTF-8/],
		['open brackets without end', '['.repeat(500_000), 422, '[0][0]…', /one within another/],
		[
			'brackets in brackets',
			`{"vehicles":[{"id":1}],"jobs":[${'['.repeat(200_000)}${']'.repeat(200_000)}]}`,
			422,
			'jobs[0][0]…',
			/one within another/,
		],
		['an endless text', job({ description: 'x'.repeat(100_000) }), 400, 'jobs[1].description', /2000/],
		['a list', [small()], 400, 'body', /object/],
		['null', 'null', 400, 'body', /object/],
		['a number', '42', 400, 'body', /object/],
		['no vehicles', { jobs: [] }, 400, 'vehicles', /array/],
		['an empty fleet', { vehicles: [] }, 400, 'vehicles', /at least one vehicle/],
		['a job that is none', jobsOf([7]), 400, 'jobs[0]', /object/],
		['two jobs of one id', job({ id: 1 }), 400, 'jobs[1].id', /duplicate/],
		[
			'two vehicles of one id',
			small({
				vehicles: [
					{ id: 1, start_index: 0 },
					{ id: 1, start_index: 0 },
				],
			}),
			400,
			'vehicles[1].id',
			/duplicate/,
		],
		['a negative time', job({ service: -1 }), 400, 'jobs[1].service', />=0/],
		['a window before time', job({ time_windows: [[-5, 10]] }), 400, 'jobs[1].time_windows[0][0]', />=0/],
		['a window that ends first', job({ time_windows: [[10, 5]] }), 400, 'jobs[1].time_windows[0]', /ends before it starts/],
		[
			'windows that overlap',
			job({
				time_windows: [
					[0, 10],
					[5, 20],
				],
			}),
			400,
			'jobs[1].time_windows',
			/overlap/,
		],
		['no windows', job({ time_windows: [] }), 400, 'jobs[1].time_windows', />=1/],
		['a shift that ends first', vehicle({ time_window: [9, 3] }), 400, 'vehicles[0].time_window', /ends before it starts/],
		[
			'a matrix that is not square',
			withMatrix([
				[0, 1, 2],
				[1, 0],
				[2, 1, 0],
			]),
			400,
			'matrices.car.durations[1]',
			/square/,
		],
		[
			'a matrix too small',
			withMatrix([
				[0, 1],
				[1, 0],
			]),
			400,
			'jobs[1].location_index',
			/matri/,
		],
		['an empty matrix', withMatrix([]), 400, 'matrices.car.durations', /empty/],
		[
			'a negative cell',
			withMatrix([
				[0, 1, 2],
				[1, 0, -3],
				[2, 1, 0],
			]),
			400,
			'matrices.car.durations[1][2]',
			/whole number/,
		],
		[
			'a fraction',
			withMatrix([
				[0, 1, 2],
				[1, 0, 0.5],
				[2, 1, 0],
			]),
			400,
			'matrices.car.durations[1][2]',
			/whole number/,
		],
		[
			'null in a matrix',
			withMatrix([
				[0, 1, 2],
				[1, 0, null],
				[2, 1, 0],
			]),
			400,
			'matrices.car.durations[1][2]',
			/whole number/,
		],
		['a profile without matrix', vehicle({ profile: 'boat' }), 400, 'vehicles[0].profile', /boat/],
		['a profile that every object has', vehicle({ profile: 'constructor' }), 400, 'vehicles[0].profile', /constructor/],
		[
			'a key that every object has',
			text(vehicle({ profile: 'X' }))
				.replace('"X"', '"__proto__"')
				.replace('"car"', '"__proto__"'),
			400,
			'jobs[0]',
			/./,
		],
		['a vehicle from nowhere to nowhere', small({ vehicles: [{ id: 1 }] }), 400, 'vehicles[0]', /start/],
		[
			'a doctor whom nobody knows',
			job({ consult: { duration: 9, doctors: [3] } }),
			400,
			'jobs[1].consult.doctors[0]',
			/no doctor 3/,
		],
		['a consult and a service', job({ service: 5, consult: { duration: 9 } }), 400, 'jobs[1].service', /consult/],
		['a vehicle that nobody knows', job({ vehicles: [5] }), 400, 'jobs[1].vehicles[0]', /no vehicle 5/],
		['a series of an unknown job', small({ series: [{ id: 1, jobs: [1, 9], gap: [1, 2] }] }), 400, 'series[0].jobs[1]', /no job 9/],
		['a step to an unknown job', vehicle({ steps: [{ type: 'job', id: 9 }] }), 400, 'vehicles[0].steps[0].id', /9/],
		[
			'amounts of different lengths',
			small({ job: { delivery: [1, 2] }, vehicle: { capacity: [1] } }),
			400,
			'jobs[1].delivery',
			/\d/,
		],
		['a priority above all', job({ priority: 101 }), 400, 'jobs[1].priority', /<=100/],
		['a speed of nothing', vehicle({ speed_factor: 0 }), 400, 'vehicles[0].speed_factor', />0/],
		['a place beyond the pole', jobsOf([{ id: 1, location: [135, 91] }]), 400, 'jobs[0].location[1]', /<=90/],
		[
			'no place and no matrix',
			{ vehicles: [{ id: 1, start: [135.4, 33.7] }], jobs: [{ id: 4 }] },
			400,
			'jobs[0].location',
			/no matrices/,
		],
		[
			'a profile that no road knows',
			{ vehicles: [{ id: 1, profile: 'boat', start: [135.4, 33.7] }] },
			400,
			'vehicles[0].profile',
			/car, kei, van, truck/,
		],
		['closures that are none', { ...small(), closures: [{ id: 'x', polygon: [[1, 2]] }] }, 400, 'closures[0].polygon', /./],
		['closures for given matrices', { ...small(), closures: [{ id: 'x', edges: ['e'] }] }, 422, 'closures', /no effect/],
		[
			'too many jobs',
			jobsOf(Array.from({ length: 5000 }, (_, id) => ({ id, location_index: 1 }))),
			422,
			'jobs',
			/5000 tasks.*at most 200/,
		],
		['too many shipments', small({ shipments: Array.from({ length: 100 }, () => ({})) }), 422, 'jobs', /202 tasks/],
		[
			'too many vehicles',
			small({ vehicles: Array.from({ length: 1001 }, (_, id) => ({ id, start_index: 0 })) }),
			422,
			'vehicles',
			/1001 vehicles; at most 1000/,
		],
		['too many bytes', job({ description: 'x'.repeat(3_000_000) }), 413, 'body', /2 MB/],
	])('%s', async (_, body, status, field, cause) => {
		const answer = await problemOf(await post(body));
		const fault = answer.errors?.[0];
		const [start, more] = field.split('…');
		expect(fault?.field.startsWith(start!)).toBe(true);
		if (more === undefined) expect(fault?.field).toBe(field);
		expect(answer.status).toBe(status);
		expect(fault?.message).toMatch(cause);
	});

	test.each<[string, string, RegExp]>([
		['seconds=0', 'seconds', />=0.1/],
		['seconds=121', 'seconds', /<=120/],
		['seconds=soon', 'seconds', /number/],
		['threads=0', 'threads', />=1/],
		['seed=-1', 'seed', />=0/],
		['mode=dance', 'mode', /optimize/],
		['wait=perhaps', 'wait', /true/],
		['departure=noon', 'departure', /./],
		['rain=-1', 'rain', />=0/],
	])('query %s', async (query, field, cause) => {
		const answer = await problemOf(await post(small(), query));
		expect([answer.status, answer.errors?.[0]?.field]).toEqual([400, field]);
		expect(answer.errors?.[0]?.message).toMatch(cause);
	});

	test('rain does not fall on matrices that were given', async () => {
		const answer = await problemOf(await post(small(), 'rain=180'));
		expect([answer.status, answer.errors?.[0]?.field]).toEqual([422, 'rain']);
	});

	test('a body too large is refused though its length is not told, or shows only when unpacked', async () => {
		const large = new TextEncoder().encode(' '.repeat(3_000_000));
		const stream = new ReadableStream({
			pull: (controller) => {
				controller.enqueue(large);
				controller.close();
			},
		});
		const untold = await server.request('dispatcher', '/api/v1/optimize', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: stream,
			duplex: 'half',
		});
		expect((await problemOf(untold)).status).toBe(413);
		const packed = await post(new Uint8Array(gzipSync(large)), '', { headers: { 'content-encoding': 'gzip' } });
		expect((await problemOf(packed)).status).toBe(413);
		const broken = await post(bytes('no gzip'), '', { headers: { 'content-encoding': 'gzip' } });
		expect((await problemOf(broken)).detail).toMatch(/cannot be read/);
		expect((await post(small(), '', { headers: { 'content-encoding': 'br' } })).status).toBe(415);
		expect((await post(small(), '', { headers: { 'content-type': 'text/plain' } })).status).toBe(415);
	});

	test('a problem that failed can be read of its job', async () => {
		const response = await post(job({ id: 1 }), 'wait=false');
		const { id } = optimizeJob.parse(await response.json());
		const ended = await until(async () => {
			const now = await jobAt(id);
			return now.finished === null ? null : now;
		}, 'the end of the job');
		expect(ended).toMatchObject({ state: 'failed', solution: false, problem: { errors: [{ field: 'jobs[1].id' }] } });
		const solution = await problemOf(await server.request('dispatcher', `/api/v1/optimize/${id}/solution`));
		expect([solution.status, solution.errors?.[0]?.field]).toEqual([400, 'jobs[1].id']);
	});
});
