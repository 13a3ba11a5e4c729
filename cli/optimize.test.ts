import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planSolution } from '@junkai/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const JUNKAI = fileURLToPath(new URL('junkai.mjs', import.meta.url));
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'junkai-optimize-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
	code: number | null;
	stdout: string;
	stderr: string;
	/** Seconds. */
	took: number;
}

/** Our command line as a process; `meanwhile` sees it run. */
function optimize(
	args: readonly string[],
	input?: string,
	meanwhile?: (child: ChildProcess, stderr: () => string) => void,
): Promise<Ended> {
	const began = performance.now();
	const child = spawn(process.execPath, [JUNKAI, 'optimize', ...args], { cwd: folder });
	const output = { stdout: '', stderr: '' };
	child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => {
		output.stderr += chunk.toString();
		meanwhile?.(child, () => output.stderr);
	});
	// A process that refuses its arguments may end before it has read anything.
	child.stdin.on('error', () => undefined);
	child.stdin.end(input ?? '');
	return new Promise((resolve) => {
		child.once('close', (code) => resolve({ code, ...output, took: (performance.now() - began) / 1000 }));
	});
}

const small = (job: object = {}) =>
	JSON.stringify({
		vehicles: [
			{
				id: 1,
				start_index: 0,
				end_index: 0,
				time_window: [28_800, 61_200],
				steps: [
					{ type: 'job', id: 2 },
					{ type: 'job', id: 1 },
				],
			},
		],
		jobs: [
			{ id: 1, location_index: 1 },
			{ id: 2, location_index: 2, ...job },
		],
		matrices: {
			car: {
				durations: [
					[0, 600, 1200],
					[600, 0, 900],
					[1200, 900, 0],
				],
			},
		},
	});

/** Jobs enough that the search never finds itself done. */
function large(): string {
	const at = (index: number) => [(index * 7919) % 3600, (index * 104_729) % 3600] as const;
	const places = Array.from({ length: 61 }, (_, index) => at(index));
	const durations = places.map(([x, y]) => places.map(([toX, toY]) => Math.round(Math.hypot(toX - x, toY - y))));
	const vehicles = Array.from({ length: 6 }, (_, id) => ({ id, start_index: 0, end_index: 0, time_window: [28_800, 61_200] }));
	const jobs = Array.from({ length: 60 }, (_, id) => ({
		id,
		location_index: id + 1,
		service: 600,
		time_windows: [[28_800 + (id % 6) * 3600, 43_200 + (id % 6) * 3600]],
	}));
	return JSON.stringify({ vehicles, jobs, matrices: { car: { durations } } });
}

describe('a plan', () => {
	test('from a file or an argument, on stdout as VROOM’s JSON; progress on stderr', async () => {
		writeFileSync(join(folder, 'small.json'), small());
		for (const args of [['small.json'], ['-i', 'small.json', '-t', '1'], [small()]]) {
			const { code, stdout, stderr } = await optimize([...args, '-l', '0.3']);
			expect([code, stderr]).toEqual([0, expect.stringContaining('2 tasks\n')]);
			expect(planSolution.parse(JSON.parse(stdout))).toMatchObject({ code: 0, summary: { cost: 2700, unassigned: 0 } });
		}
	});

	test('from standard input, quietly, into a file', async () => {
		for (const args of [['-'], []]) {
			const { code, stdout, stderr } = await optimize([...args, '--seconds', '0.3', '--quiet', '-o', 'plan.json'], small());
			expect([code, stdout, stderr]).toEqual([0, '', '']);
			expect(planSolution.parse(JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'))).summary?.cost).toBe(2700);
		}
	});

	test('of the same seed and steps is the same', async () => {
		const args = ['--seed', '5', '--steps', '300', '--threads', '1', '--seconds', '30', '--quiet'];
		const [one, other] = [await optimize(args, large()), await optimize(args, large())];
		const routes = ({ stdout }: Ended) => planSolution.parse(JSON.parse(stdout)).routes;
		expect(routes(one)).toEqual(routes(other));
		expect(routes(one)?.length).toBeGreaterThan(0);
	});

	test('of given routes has their order, and says what they violate', async () => {
		const { code, stdout } = await optimize(['--plan'], small({ time_windows: [[28_900, 29_000]] }));
		const plan = planSolution.parse(JSON.parse(stdout));
		expect([code, plan.routes?.[0]?.steps.map(({ id }) => id)]).toEqual([0, [undefined, 2, 1, undefined]]);
		expect(plan.summary?.violations.length).toBeGreaterThan(0);
	});

	test('after Ctrl-C is the best so far', async () => {
		let interrupted = false;
		const { code, stdout, took } = await optimize(['--seconds', '100'], large(), (child, stderr) => {
			if (interrupted || !stderr().includes('cost')) return;
			interrupted = true;
			child.kill('SIGINT');
		});
		expect(code).toBe(0);
		expect(planSolution.parse(JSON.parse(stdout)).routes?.length).toBeGreaterThan(0);
		expect(took).toBeLessThan(15);
	});
});

describe('what is wrong is told as VROOM tells it, and in plain words', () => {
	test.each<[string, string[], string | undefined, RegExp]>([
		['a field', [], small({ service: -1 }), /jobs\[1\]\.service: .*>=0/],
		['no JSON', ['-'], '{"vehicles": [NaN]}', /vehicles\[0\]: NaN stands where a value or \] is expected \(line 1, column 15\)/],
		['no file', ['none.json'], undefined, /none\.json cannot be read: ENOENT/],
		['rain on given matrices', ['--rain', '180'], small(), /rain: has no effect on the matrices/],
	])('%s', async (_, args, input, words) => {
		const { code, stdout, stderr } = await optimize([...args, '--seconds', '0.3'], input);
		expect(code).toBe(2);
		expect(stderr).toMatch(words);
		const error = JSON.parse(stdout) as { code: number; error: string };
		expect(error.code).toBe(2);
		expect(error.error).toMatch(words);
	});

	test('places without a map to put them on: a routing error', async () => {
		const problem = { vehicles: [{ id: 1, start: [135.37, 33.73] }], jobs: [{ id: 1, location: [135.5, 33.8] }] };
		const { code, stdout, stderr } = await optimize(['--data-dir', join(folder, 'none')], JSON.stringify(problem));
		expect(code).toBe(3);
		expect(JSON.parse(stdout)).toMatchObject({ code: 3, error: expect.stringContaining('junkai map build') });
		expect(stderr).toContain('junkai map build');
	});

	test.each([[['--seconds', 'long']], [['--threads', '0']], [['--dance']], [['--seed', '-3']]])('arguments %j', async (args) => {
		const { code, stdout, stderr } = await optimize(args, small());
		expect([code, stdout]).toEqual([2, '']);
		expect(stderr).toContain('error:');
	});
});
