/** Problems of VROOM's make with VROOM's answers: read back, they must cost what VROOM says; ours must be as good or better. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanSolution } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import { checkPlan } from '../../check/index.ts';
import { optimize, parseProblem } from '../../index.ts';
import { compile } from '../../model/compile.ts';
import { writeAnswer } from './answer.ts';
import { startOf } from './start.ts';

const folder = process.env['JUNKAI_VROOM_CORPUS'];
const names = folder ? readdirSync(folder).filter((name) => /^\w+\.json$/.test(name)) : [];

function read(name: string): { problem: Record<string, unknown>; answer: PlanSolution } {
	const text = (file: string): unknown => JSON.parse(readFileSync(join(folder ?? '', file), 'utf8'));
	return {
		problem: text(name) as Record<string, unknown>,
		answer: text(name.replace('.json', '.vroom.json')) as PlanSolution,
	};
}

/** The problem with VROOM's routes as its steps. */
function withSteps(problem: Record<string, unknown>, answer: PlanSolution): unknown {
	const vehicles = problem['vehicles'] as { id: number }[];
	return {
		...problem,
		vehicles: vehicles.map((vehicle) => {
			const route = answer.routes?.find((one) => one.vehicle === vehicle.id);
			return route ? { ...vehicle, steps: route.steps.map(({ type, id }) => ({ type, id })) } : vehicle;
		}),
	};
}

describe.skipIf(!folder)("VROOM's answers (JUNKAI_VROOM_CORPUS; skipped when it is not set)", () => {
	test.each(names)('%s: read back, it costs what VROOM says', (name) => {
		const { problem, answer } = read(name);
		const parsed = parseProblem(withSteps(problem, answer));
		const model = compile(parsed);
		const start = startOf(parsed, model, false);
		expect(start).toBeDefined();
		const ours = writeAnswer(parsed, model, start!);
		expect(checkPlan(parsed, ours)).toEqual([]);
		const { summary } = ours;
		const { cost, unassigned, priority, duration, service, setup, distance, waiting_time } = answer.summary!;
		expect(summary).toMatchObject({ cost, unassigned, priority, duration, service, setup, distance });
		// Breaks may lie elsewhere among equal places, so waiting is the same or less.
		expect(summary!.waiting_time).toBeLessThanOrEqual(waiting_time);
		for (const route of answer.routes ?? []) {
			const own = ours.routes?.find((one) => one.vehicle === route.vehicle);
			expect(own).toMatchObject({ cost: route.cost, duration: route.duration });
		}
	});

	// How good it gets in a given time is for the benchmark; here, that it never falls behind the plan it began from.
	test.each(names.slice(0, 4))('%s: never worse than its start', async (name) => {
		const { problem, answer } = read(name);
		const ours = await optimize(parseProblem(withSteps(problem, answer)), { threads: 0, maxSteps: 300 });
		const worth = ({ summary }: PlanSolution): number[] => [-summary!.priority, summary!.unassigned, summary!.cost];
		const [a, b] = [worth(ours), worth(answer)];
		expect(a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!).toBeLessThanOrEqual(0);
	});
});
