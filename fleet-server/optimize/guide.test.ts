import { readFileSync } from 'node:fs';
import { planProblem, problem as problemDocument } from '@junkai/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { closure } from '../roads/port.ts';
import { RoadsError } from '../roads/roads-error.ts';
import { solve } from './solve.ts';

const guide = readFileSync(new URL('../../docs/planner.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text!) as Record<string, unknown>);
const problems = examples.filter((example) => 'vehicles' in example);

const noRoads = () => Promise.reject(new RoadsError('no-tiles', 'no roads in this test'));
const solved = (problem: unknown) =>
	solve(
		new TextEncoder().encode(JSON.stringify(problem)),
		{ mode: 'optimize', seconds: 0.5, spent: 0, threads: 1, seed: 1, geometry: false, maxTasks: 100, maxVehicles: 100 },
		{
			roads: () => ({ table: noRoads, way: noRoads }),
			signal: new AbortController().signal,
			onRead: () => undefined,
			onReady: () => undefined,
			onProgress: () => undefined,
		},
	);

test('the examples of the guide are what it says', async () => {
	const [first, onRoads, additions] = problems;
	expect(problems).toHaveLength(3);
	const plan = await solved(first);
	expect(plan.unassigned).toMatchObject([{ id: 3, reasons: [{ rule: 'skills' }] }]);

	planProblem.parse(onRoads);
	expect(z.array(closure).parse(onRoads?.['closures'])).toHaveLength(1);

	const care = await solved(additions);
	expect(care.unassigned).toEqual([]);
	const consults = care.routes?.flatMap(({ steps }) => steps.filter(({ consult }) => consult)) ?? [];
	expect(consults.map(({ id, meeting_point }) => [id, meeting_point]).toSorted(([a], [b]) => (a ?? 0) - (b ?? 0))).toEqual([
		[1, undefined],
		[2, 0],
	]);
	expect(problemDocument.safeParse(examples.find((example) => 'errors' in example)).success).toBe(true);
});

test('every addition is in the guide', () => {
	const keys = (shape: object) => Object.keys(shape);
	const { jobs, vehicles, ...whole } = planProblem.shape;
	const additions = [
		...keys(jobs.unwrap().element.shape).filter((key) =>
			['consult', 'signal', 'meeting_points', 'appointment', 'preferred', 'vehicles', 'group'].includes(key),
		),
		...keys(vehicles.element.shape).filter((key) =>
			['max_duration', 'driving_limit', 'max_trips', 'reload', 'day', 'crew'].includes(key),
		),
		...keys(whole).filter((key) => !['shipments', 'matrices', 'matrix'].includes(key)),
	];
	expect(additions).toHaveLength(16);
	expect(additions.filter((key) => !guide.includes(`\`${key}\``))).toEqual([]);
});
