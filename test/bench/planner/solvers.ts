/** Runs an instance with our planner, and with VROOM where it is installed. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { optimize, parseProblem } from '@junkai/fleet-server/planner';
import { z } from 'zod';
import { BenchError, type Instance } from './solomon.ts';
import { TENTHS, verify, vroomProblem } from './tenths.ts';

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

/** One run as long as the last checkpoint; its plan is verified, and is what the search told last. */
export async function runOurs(instance: Instance, { checkpoints, threads, seed }: OurOptions): Promise<OurRun> {
	const told: { at: number; distance: number }[] = [];
	let first = Infinity;
	const problem = parseProblem(vroomProblem(instance));
	const begun = performance.now();
	const cpuBefore = process.cpuUsage();
	const {
		summary,
		routes = [],
		unassigned = [],
	} = await optimize(problem, {
		threads,
		seed,
		seconds: Math.max(...checkpoints),
		onProgress: ({ elapsed, cost, unassigned: left }) => {
			first = Math.min(first, elapsed * 1000);
			if (left === 0) told.push({ at: elapsed, distance: cost / TENTHS });
		},
	});
	const { user, system } = process.cpuUsage(cpuBefore);
	const cpu = (user + system) / 1000 / (performance.now() - begun);
	if (unassigned.length > 0) throw new BenchError(`${instance.name}: ${unassigned.length} customers are left out`);
	if (summary === undefined) throw new BenchError(`${instance.name}: the planner gave no summary`);
	const { vehicles, distance } = verify(instance, routes.map(customersOf), 'ours');
	if (Math.abs(distance * TENTHS - summary.cost) > 0.5 || distance > (told.at(-1)?.distance ?? Infinity)) {
		throw new BenchError(`${instance.name}: the plan measures ${distance}, the planner told ${summary.cost / TENTHS}`);
	}
	const last = checkpoints.length - 1;
	return {
		// What the threads tell at the very end comes a moment after it.
		distances: checkpoints.map((limit, at) =>
			at === last ? distance : (told.findLast((plan) => plan.at <= limit)?.distance ?? null),
		),
		first,
		vehicles,
		cpu,
	};
}

const customersOf = ({ steps }: { steps: readonly { type: string; id?: number | undefined }[] }): number[] =>
	steps.filter((step) => step.type === 'job').map((step) => step.id!);

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
		return { ...verify(instance, answer.routes.map(customersOf), 'vroom'), seconds };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
