/** A day of rain, hour by hour, on records of their own and a clock that the test moves. */
import { join } from 'node:path';
import { loadRegion } from '@junkai/regions';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServiceClock } from '../clock.ts';
import { Records } from '../registry/index.ts';
import { quiet, temporaryFolder, until } from '../test-support.ts';
import { rainAt, rainCourse } from './rain.ts';
import { Scenarios } from './scenarios.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-24T08:30:00+09:00');
const region = loadRegion();
const course = rainCourse(
	region,
	region.scenarios.find(({ id }) => id === 'typhoon')!,
);

let wall: number;
let folder: ReturnType<typeof temporaryFolder>;
let records: Records;
let scenarios: Scenarios;
const clock = createServiceClock(
	{ clockStart: new Date(0).toISOString(), clockSpeed: 1, clockFrom: new Date(0).toISOString() },
	() => wall,
);
beforeEach(() => {
	wall = START;
	folder = temporaryFolder();
	records = new Records({ path: join(folder.path, 'registry.db'), region, clock });
	scenarios = new Scenarios({ region, clock, records, log: quiet });
});
afterEach(async () => {
	await scenarios.close();
	await records.close();
	folder.remove();
});

const closedNow = async () => {
	const inForce = await records.closures.between(wall);
	return inForce.flatMap(({ shape }) => (shape.kind === 'rules' ? shape.rules : [])).toSorted();
};
const running = () => scenarios.list().find(({ id }) => id === 'typhoon')!.running;

test('as the hours pass, what the thresholds say is closed and nothing else; after the dry hours all is open, and it ends', async () => {
	await scenarios.start('typhoon', 0, 'hanada');
	expect(await closedNow()).toEqual([]);
	for (const { hour } of course.steps) {
		wall = START + hour * HOUR - 60_000;
		expect(await closedNow()).toEqual(rainAt(course, hour - 0.02).closed.toSorted());
		wall = START + hour * HOUR + 60_000;
		const due = rainAt(course, hour).closed.toSorted();
		await until(async () => JSON.stringify(await closedNow()) === JSON.stringify(due), `the closures of hour ${hour}`);
		expect(running()?.closed ?? 0).toBe(due.length);
	}
	const all = await records.closures.all();
	expect(all.every(({ until: end, source }) => end !== null && source === 'rain')).toBe(true);
	// They began at the hour that the rain came to the threshold, not when it was noticed.
	expect(all.map(({ from }) => (from - START) / HOUR)).toEqual(
		course.steps.filter(({ closes }) => closes.length > 0).map(({ hour }) => hour),
	);
	wall = START + (course.hours.at(-1)!.hour + 1) * HOUR;
	await until(() => running() === null, 'the end');
	await scenarios.start('typhoon', 0, 'hanada');
});

test('a clock that is set forward skips no section', async () => {
	await scenarios.start('typhoon', 0, 'hanada');
	wall = START + 12 * HOUR;
	const due = rainAt(course, 12).closed.toSorted();
	await until(async () => (await closedNow()).length === due.length, 'the closures');
	expect(await closedNow()).toEqual(due);
});

test('what a server that was stopped left closed is opened at the next start, and nobody else’s closures are', async () => {
	await scenarios.start('typhoon', 13, 'hanada');
	expect((await closedNow()).length).toBeGreaterThan(20);
	const drawn = { name: '土砂崩れ', shape: { kind: 'rules' as const, rules: ['W01'] }, from: START, until: null, reason: '' };
	await records.keep({ kind: 'closure', op: 'create', body: { ...drawn, source: 'rain' } }, 'hanada');
	await scenarios.close();
	scenarios = new Scenarios({ region, clock, records, log: quiet });
	wall += 1000;
	await until(async () => JSON.stringify(await closedNow()) === '["W01"]', 'the roads to be open');
	expect(running()).toBeNull();
});
