import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tempFolder } from '../../support/processes.ts';
import { findInstances } from './instances.ts';
import { familyTable, joinReports, gap, plot, type Report } from './report.ts';
import { parseInstance } from './solomon.ts';
import { runOurs } from './solvers.ts';
import { verify, vroomProblem } from './tenths.ts';

const HEAD = `T1

VEHICLE
NUMBER     CAPACITY
  2          10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

`;
const NODES = ['0 0 0 0 0 100 0', '1 3 4 6 0 50 10', '2 3 5 6 20 60 10', '3 0 1 4 0 90 10'];
const text = (nodes: readonly string[] = NODES): string => `${HEAD}${nodes.map((line) => `    ${line}\r\n`).join('')}`;

let folder: ReturnType<typeof tempFolder>;
beforeAll(() => {
	folder = tempFolder('bench-test');
});
afterAll(() => folder.dispose());

test('reads an instance and counts in tenths, distances cut', () => {
	const instance = parseInstance(text(), 'T1.txt');
	expect(instance).toMatchObject({ name: 'T1', vehicles: 2, capacity: 10 });
	expect(instance.nodes[2]).toEqual({ x: 3, y: 5, demand: 6, ready: 20, due: 60, service: 10 });
	// Root of 34 is 5.83…: 58 tenths.
	expect(vroomProblem(instance)).toMatchObject({
		vehicles: [{ capacity: [10], time_window: [0, 1000] }, {}],
		jobs: [{ id: 1, service: 100, delivery: [6], time_windows: [[0, 500]] }, { id: 2 }, { id: 3 }],
		matrices: {
			car: {
				durations: [
					[0, 50, 58, 10],
					[50, 0, 10, 42],
					[58, 10, 0, 50],
					[10, 42, 50, 0],
				],
			},
		},
	});
});

test.each([
	['a heading that is not one', text().replace('CAPACITY', 'CAPACTY'), /T1\.txt:4: .*NUMBER CAPACITY/],
	['a field too few', text(['0 0 0 0 0 100 0', '1 3 4 6 0 50']), /T1\.txt:11: 6 fields instead of 7/],
	['no number', text(['0 0 0 0 0 100 0', '1 3 x 6 0 50 1']), /T1\.txt:11: "x" is no number/],
	['a number left out', text(['0 0 0 0 0 100 0', '2 3 4 6 0 50 1']), /T1\.txt:11: customer 2 where 1/],
	['a window the wrong way round', text(['0 0 0 0 0 100 0', '1 3 4 6 60 50 1']), /T1\.txt:11: the window ends/],
	['no customers', text(['0 0 0 0 0 100 0']), /no customers/],
	['an early end', 'T1\nVEHICLE\n', /the file ends/],
])('refuses %s with file and line', (_, wrong, message) => {
	expect(() => parseInstance(wrong, 'T1.txt')).toThrow(message);
});

test.each([
	['a right plan', [[1, 3], [2]], null],
	['too much load', [[1, 2], [3]], /carries 12 of 10/],
	['somebody twice', [[1], [2, 3, 3]], /served twice/],
	['somebody left out', [[1], [2]], /1 customers are not served/],
	[
		'a stranger',
		[
			[1, 3],
			[2, 9],
		],
		/no customer 9/,
	],
	['too many vehicles', [[1], [2], [3]], /3 vehicles where there are 2/],
])('verifies: %s', (_, routes, message) => {
	const instance = parseInstance(text(), 'T1.txt');
	if (message === null) expect(verify(instance, routes, 'ours')).toEqual({ distance: 21.8, vehicles: 2 });
	else expect(() => verify(instance, routes, 'ours')).toThrow(message);
});

test('verifies windows: late at a customer, late at the depot', () => {
	const late = parseInstance(text(['0 0 0 0 0 100 0', '1 60 0 1 0 50 0']), 'T1.txt');
	expect(() => verify(late, [[1]], 'ours')).toThrow(/comes to 1 at 60, which closes at 50/);
	const home = parseInstance(text(['0 0 0 0 0 100 0', '1 60 0 1 0 90 0']), 'T1.txt');
	expect(() => verify(home, [[1]], 'ours')).toThrow(/comes to 0 at 120, which closes at 100/);
});

test('finds instances, best distances beside or above them, and runs one to its end', async () => {
	const below = join(folder.path, 'set');
	mkdirSync(below);
	writeFileSync(join(below, 'rc2_1.txt'), text());
	writeFileSync(join(below, 'odd.txt'), text());
	writeFileSync(join(folder.path, 'bks.json'), JSON.stringify({ RC2_1: { distance: 21.8, vehicles: 2 } }));
	const found = findInstances(below, null);
	expect(found.map(({ instance, family, best }) => [instance.name, family, best])).toEqual([
		['odd', 'odd-3', undefined],
		['rc2_1', 'RC2-3', 21.8],
	]);
	expect(findInstances(below, /^RC/i)).toHaveLength(1);
	expect(() => findInstances(below, /nothing/)).toThrow(/no instance/);
	const run = await runOurs(found[1]!.instance, { checkpoints: [0.2, 0.4], threads: 2, seed: 1 });
	expect(run.vehicles).toBe(2);
	expect(run.distances.at(-1)).toBe(21.8);
	expect(gap(run.distances.at(-1), found[1]!.best)).toBe(0);
});

test('means never hide what is not known', () => {
	const ours = { distances: [110, 101], first: 1, vehicles: 2, cpu: 2 };
	const row = { customers: 100, bestVehicles: 2, ours, vroom: undefined };
	const report: Report = {
		machine: 'm',
		date: 'd',
		checkpoints: [1, 10],
		threads: 2,
		seed: 1,
		rows: [
			{ ...row, name: 'a', family: 'A', best: 100 },
			{ ...row, name: 'b', family: 'A', best: 100, ours: { ...ours, distances: [null, 103] } },
			{ ...row, name: 'c', family: 'B', best: undefined },
		],
	};
	const [, , a, b, all] = familyTable(report).split('\n');
	expect(a).toBe('| A | 2 | – | 2.00 | 3.00 | 2.0 | – | – |');
	expect(b).toBe('| B | 1 | – | – | – | 2.0 | – | – |');
	expect(all).toBe('| all up to 200 | 3 | – | – | – | 2.0 | – | – |');
	const picture = plot({ ...report, rows: report.rows.slice(0, 1) });
	expect(picture).toContain('<polyline');
	expect(picture).not.toMatch(/NaN|undefined/);
});

test('reports of several runs join only where they were made alike', () => {
	const row = { name: 'a', family: 'A', customers: 100, best: 100, bestVehicles: 2, vroom: undefined };
	const short: Report = {
		machine: 'm',
		date: '2026-01-01',
		checkpoints: [1, 10],
		threads: 2,
		seed: 1,
		rows: [{ ...row, ours: { distances: [110, 101], first: 1, vehicles: 2, cpu: 2 } }],
	};
	const long: Report = {
		...short,
		date: '2026-01-02',
		checkpoints: [10, 30],
		rows: [{ ...row, name: 'b', customers: 1000, ours: { distances: [105, 102], first: 1, vehicles: 2, cpu: 2 } }],
	};
	const joined = joinReports([short, long]);
	expect(joined.checkpoints).toEqual([1, 10, 30]);
	expect(joined.date).toBe('2026-01-02');
	expect(joined.rows.map(({ ours }) => ours.distances)).toEqual([
		[110, 101, null],
		[null, 105, 102],
	]);
	const table = familyTable(joined).split('\n');
	expect(table[3]).toBe('| all up to 200 | 1 | 10.00 | 1.00 | – | 1.00 | 2.0 | – | – |');
	expect(table[4]).toBe('| all above 200 | 1 | – | 5.00 | 2.00 | 2.00 | 2.0 | – | – |');
	expect(() => joinReports([short, { ...long, threads: 4 }])).toThrow(/different machines, threads or seeds/);
});
