/** Boards on disk: states to go back and forth in, versions, what is kept and what goes. */
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type { PlanEdit, PlanMeasures, PlanSolution } from '@junkai/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServiceClock } from '../clock.ts';
import { createRoads } from '../roads/open.ts';
import type { Roads } from '../roads/port.ts';
import { openRecords } from '../store/database.ts';
import { quiet, temporaryFolder } from '../test-support.ts';
import { Boards } from './boards.ts';
import type { Planned } from './protocol.ts';

const pack = (value: unknown): Uint8Array => deflateRawSync(JSON.stringify(value));
const figures = (visits: number): PlanMeasures => ({
	visits,
	unassigned: 0,
	distance: 0,
	travel: 0,
	waiting: 0,
	service: 0,
	doctorBusy: 0,
	doctorHours: 0,
	doctorGaps: 0,
	changed: 0,
	cost: 0,
	costs: {},
	vehicles: [],
	doctors: [],
	municipalities: [],
});
/** A solution is told by its code, and so is its drawing. */
const planned = (code: number): Planned => ({
	frame: pack({ problem: { vehicles: [{ id: 1 }] }, spots: [], profiles: {} }),
	solution: pack({ code }),
	days: pack([{ code }]),
	measures: figures(code),
	times: { reading: 0, roads: 0, searching: 0, drawing: 0 },
});
const edit = (visit: number): PlanEdit => ({ type: 'pin', visit, pinned: true });
const options = { from: '2026-11-24', days: 1, surge: false, fairness: 1, keep: 'published' as const };
const asked = { name: 'a', options, by: 'mika', base: null, mend: false };

const clock = createServiceClock({ clockStart: undefined, clockSpeed: 1, clockFrom: undefined });
let folder: ReturnType<typeof temporaryFolder>;
let database: ReturnType<typeof openRecords>;
let roads: Roads;
let boards: Boards;
const open = (): Boards =>
	new Boards({ database, clock, roads, draw: (_, { code }: PlanSolution) => Promise.resolve({ ...planned(code), frame: null }) });
beforeEach(() => {
	folder = temporaryFolder();
	database = openRecords(join(folder.path, 'junkai.db'));
	roads = createRoads({ dataDir: folder.path, log: quiet });
	boards = open();
});
afterEach(async () => {
	database.close();
	await roads.close();
	folder.remove();
});
const made = (): string => {
	const { id } = boards.create(asked);
	boards.made(id, planned(0));
	return id;
};
const shown = async (id: string): Promise<unknown> => {
	const { undo, redo, version } = boards.summary(id);
	return [JSON.parse(await boards.daysText(id)), (await boards.content(id))!.solution.code, undo, redo, version];
};
const apply = (id: string, version: number, code: number) =>
	boards.apply(id, version, { edit: edit(code), solution: { code } }, 'ken');

test('edits go back and forth, and a new one ends what could be made again', async () => {
	const id = made();
	expect(await shown(id)).toEqual([[{ code: 0 }], 0, 0, 0, 1]);
	await apply(id, 1, 1);
	await apply(id, 2, 2);
	expect(await shown(id)).toEqual([[{ code: 2 }], 2, 2, 0, 3]);
	boards.undo(id, 3, 'ken');
	boards.undo(id, 4, 'ken');
	expect(await shown(id)).toEqual([[{ code: 0 }], 0, 0, 2, 5]);
	expect(() => boards.undo(id, 5, 'ken')).toThrow(/no edit that could be undone/);
	boards.redo(id, 5, 'ken');
	expect(await shown(id)).toEqual([[{ code: 1 }], 1, 1, 1, 6]);
	await apply(id, 6, 9);
	expect(await shown(id)).toEqual([[{ code: 9 }], 9, 2, 0, 7]);
	expect(() => boards.redo(id, 7, 'ken')).toThrow(/made again/);
	expect(boards.summary(id)).toMatchObject({ updatedBy: 'ken', createdBy: 'mika', measures: { visits: 9 } });
	// The same after a restart.
	const before = await shown(id);
	boards = open();
	expect(await shown(id)).toEqual(before);
});

test('pins and locks belong to a state; without a new solution nothing is drawn', async () => {
	const id = made();
	const locked = [{ date: '2026-11-24', vehicle: 'van-1' }];
	await boards.apply(id, 1, { edit: edit(5), solution: null, pinned: [5] }, 'ken');
	await boards.apply(id, 2, { edit: edit(6), solution: { code: 3 }, locked }, 'ken');
	expect(boards.summary(id)).toMatchObject({ pinned: [5], locked, measures: { visits: 3 } });
	expect(boards.undo(id, 3, 'ken')).toMatchObject({ pinned: [5], locked: [], measures: { visits: 0 } });
	expect(boards.undo(id, 4, 'ken')).toMatchObject({ pinned: [], locked: [] });
});

test('who was slower is told who was faster', async () => {
	const id = made();
	const first = apply(id, 1, 1);
	await expect(apply(id, 1, 2)).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/at this moment/) });
	await first;
	await expect(apply(id, 1, 2)).rejects.toMatchObject({
		status: 409,
		message: expect.stringMatching(/^ken has changed this plan.*version 2/),
	});
	await expect(boards.ground(id, 1)).rejects.toMatchObject({ status: 409 });
	expect((await boards.ground(id, 2)).solution).toEqual({ code: 1 });
});

test('a plan that was published is not changed any more', async () => {
	const id = made();
	await apply(id, 1, 1);
	expect(boards.published(id, 3, 'mika')).toMatchObject({ published: 3, version: 3 });
	await expect(apply(id, 3, 2)).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/not changed any more/) });
	expect(() => boards.undo(id, 3, 'ken')).toThrow(/not changed any more/);
	expect(boards.summary(id)).toMatchObject({ published: 3, version: 3, undo: 1 });
});

test('fifty edits can be undone, older ones go', async () => {
	const id = made();
	for (let version = 1; version <= 60; version++) await apply(id, version, version);
	expect(boards.summary(id)).toMatchObject({ undo: 50, redo: 0, version: 61 });
	for (let version = 61; version <= 110; version++) boards.undo(id, version, 'ken');
	expect(await shown(id)).toEqual([[{ code: 10 }], 10, 0, 50, 111]);
});

test('a hundred plans are kept; one that was published stays and cannot be thrown away', () => {
	const id = made();
	boards.published(id, 7, 'mika');
	const dropped: string[] = [];
	boards.on('drop', (one) => dropped.push(one));
	const others = Array.from({ length: 105 }, () => boards.create(asked).id);
	expect(dropped).toEqual(others.slice(0, 5));
	expect(boards.list()).toHaveLength(101);
	expect(boards.summary(id).published).toBe(7);
	expect(() => boards.drop(id)).toThrow(/is kept/);
	boards.drop(others[50]!);
	expect(() => boards.summary(others[50]!)).toThrow(/There is no plan/);
});

test('the curve is thinned to 400 points and keeps its newest', () => {
	const { id } = boards.create(asked);
	for (let point = 0; point < 1000; point++) boards.progress(id, { point: { elapsed: point, cost: 1000 - point, unassigned: 0 } });
	const { curve } = boards.summary(id).progress;
	expect(curve.length).toBeLessThanOrEqual(400);
	expect(curve.slice(-100).map(({ elapsed }) => elapsed)).toEqual(Array.from({ length: 100 }, (_, at) => 900 + at));
	expect(curve[0]!.elapsed).toBe(0);
});
