/** Runs an instance with our planner, and with VROOM where it is installed. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runIslands } from '@junkai/fleet-server/planner/islands';
import { z } from 'zod';
import { BenchError, type Instance } from './solomon.ts';
import { TENTHS, inTenths, verify } from './tenths.ts';

export interface OurRun {
	/** Distance of the best complete plan at each checkpoint; null when there was none yet. */
	readonly distances: readonly (number | null)[];
	/** Milliseconds to the first plan. */
	readonly first: number;
	readonly vehicles: number;
	/** Mean of all cores that the process used, of one core. */
	readonly cpu: number;
}

export interface OurOptions {
	readonly checkpoints: readonly number[];
	readonly threads: number;
	readonly seed: number;
}

/** One run as long as the last checkpoint; every better plan is verified. */
export async function runOurs(instance: Instance, { checkpoints, threads, seed }: OurOptions): Promise<OurRun> {
	const told: { at: number; distance: number }[] = [];
	let first = Infinity;
	const cpuBefore = process.cpuUsage();
	const { best, elapsed } = await runIslands(
		{ kind: 'classic', problem: inTenths(instance) },
		{
			threads,
			seed,
			seconds: Math.max(...checkpoints),
			onProgress: ({ best: found, better, elapsed: at }) => {
				if (!better) return;
				first = Math.min(first, at);
				if (found.score[1] > 0) return;
				const { distance } = verify(instance, found.routes, 'ours');
				if (Math.round(distance * TENTHS) !== found.score[2])
					throw new BenchError(`${instance.name}: the search told a wrong distance`);
				told.push({ at: at / 1000, distance });
			},
		},
	);
	const { user, system } = process.cpuUsage(cpuBefore);
	if (best.score[1] > 0) throw new BenchError(`${instance.name}: ${best.score[1]} customers are left out`);
	const { vehicles, distance } = verify(instance, best.routes, 'ours');
	const last = checkpoints.length - 1;
	return {
		// What the last threads tell at the very end comes a moment after it.
		distances: checkpoints.map((limit, at) =>
			at === last ? distance : (told.findLast((plan) => plan.at <= limit)?.distance ?? null),
		),
		first,
		vehicles,
		cpu: (user + system) / 1000 / elapsed,
	};
}

export interface VroomRun {
	readonly distance: number;
	readonly vehicles: number;
	/** Until it stopped by itself. */
	readonly seconds: number;
}

const vroomAnswer = z.object({
	code: z.literal(0),
	summary: z.object({ unassigned: z.number() }),
	routes: z.array(z.object({ steps: z.array(z.object({ type: z.string(), id: z.number().optional() })) })),
});

export const hasVroom = (): boolean => spawnSync('vroom', ['--help'], { stdio: 'ignore' }).error === undefined;

/** At its highest effort (`-x 5`). Undefined when it leaves customers out, which it may under a distance objective. */
export async function runVroom(instance: Instance, threads: number): Promise<VroomRun | undefined> {
	const folder = mkdtempSync(join(tmpdir(), 'junkai-bench-'));
	try {
		const file = join(folder, 'problem.json');
		writeFileSync(file, JSON.stringify(vroomProblem(instance)));
		const begun = performance.now();
		const { stdout } = await promisify(execFile)('vroom', ['-i', file, '-x', '5', '-t', String(threads)], { maxBuffer: 2 ** 28 });
		const seconds = (performance.now() - begun) / 1000;
		const answer = vroomAnswer.parse(JSON.parse(stdout));
		if (answer.summary.unassigned > 0) return undefined;
		const routes = answer.routes.map(({ steps }) => steps.filter((step) => step.type === 'job').map((step) => step.id!));
		return { ...verify(instance, routes, 'vroom'), seconds };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Travel time is distance in tenths, and VROOM's cost is travel time. */
function vroomProblem(instance: Instance): object {
	const { customers, vehicles, duration, open, close, service, load, capacity } = inTenths(instance);
	const size = customers + 1;
	const rows = Array.from({ length: size }, (_, i) => Array.from(duration.subarray(i * size, (i + 1) * size)));
	return {
		vehicles: Array.from({ length: vehicles }, (_, id) => ({
			id,
			start_index: 0,
			end_index: 0,
			capacity: [capacity[0]],
			time_window: [open[0], close[0]],
		})),
		jobs: Array.from({ length: customers }, (_, k) => ({
			id: k + 1,
			location_index: k + 1,
			service: service[k + 1],
			delivery: [load[k + 1]],
			time_windows: [[open[k + 1], close[k + 1]]],
		})),
		matrices: { car: { durations: rows } },
	};
}
