/** Boards changed by hand over HTTP, on a demonstration's records and the real map. */
import {
	editConsequence,
	planBoard,
	planBoardSummary,
	planComparison,
	problem,
	type EditConsequence,
	type PlanBoard,
	type PlanEdit,
} from '@junkai/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedDemo } from '../registry/demo/seed.ts';
import { region } from '../roads/test-roads.ts';
import { buildRegion, mapFolder } from '../roads/tiles.ts';
import { startTestServer, until, type TestServer } from '../test-support.ts';

const DATE = '2026-11-24';
let server: TestServer;
let board: PlanBoard;

const call = (method: string, path: string, body?: unknown): Promise<Response> =>
	server.request('dispatcher', `/api/v1${path}`, {
		method,
		...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
	});
const boardPath = (rest = ''): string => `/plan-boards/${board.id}${rest}`;
const refused = async (response: Response): Promise<[number, string]> => [
	response.status,
	problem.parse(await response.json()).detail ?? '',
];
const preview = async (edit: PlanEdit): Promise<EditConsequence> => {
	const response = await call('POST', boardPath(`/preview?version=${board.version}`), edit);
	expect(response.status).toBe(200);
	return editConsequence.parse(await response.json());
};
const apply = async (edit: PlanEdit): Promise<PlanBoard> => {
	const response = await call('POST', boardPath(`/edits?version=${board.version}`), edit);
	expect(response.status).toBe(200);
	return (board = planBoard.parse(await response.json()));
};
const step = async (way: 'undo' | 'redo'): Promise<PlanBoard> =>
	(board = planBoard.parse(await (await call('POST', boardPath(`/${way}?version=${board.version}`))).json()));

/** Visits with their van, in the order of each route. */
const placed = () =>
	board.days[0]!.draft.routes.flatMap(({ vehicle, stops }) =>
		stops.flatMap(({ visits }) => visits.map((visit) => ({ ...visit, vehicle }))),
	);
const routeOf = (vehicle: string): number[] => placed().flatMap((one) => (one.vehicle === vehicle ? [one.visit] : []));

beforeAll(async () => {
	server = await startTestServer({ clockStart: `${DATE}T07:00:00+09:00`, optimizeThreads: 1 });
	await buildRegion(region, 'test', mapFolder(server.dataDir), () => undefined);
	await seedDemo(server.server.records, region, { seed: 5, vans: 4, doctors: 3, visits: 20, date: DATE, days: 1, reachKm: 14 });
	const started = await call('POST', '/plan-boards', { from: DATE, days: 1, seconds: 1, keep: 'nothing' });
	expect(started.status).toBe(202);
	const { id } = planBoardSummary.parse(await started.json());
	board = await until(async () => {
		const found = planBoard.parse(await (await call('GET', `/plan-boards/${id}`)).json());
		if (found.progress.state === 'failed') throw new Error(found.progress.problem ?? '');
		return found.progress.state === 'ready' ? found : null;
	}, 'the plan');
});
afterAll(() => server.stop());

describe('a visit is moved', () => {
	/** The first move to another van, and the first that is forbidden, among all. */
	async function someMoves(): Promise<{ fits: [PlanEdit & { type: 'move' }, EditConsequence]; not: [PlanEdit, EditConsequence] }> {
		let fits: [PlanEdit & { type: 'move' }, EditConsequence] | undefined;
		let not: [PlanEdit, EditConsequence] | undefined;
		const vans = new Set(placed().map(({ vehicle }) => vehicle));
		for (const { visit, vehicle } of placed()) {
			for (const other of vans) {
				if (other === vehicle) continue;
				for (const before of [...routeOf(other), null]) {
					const edit = { type: 'move' as const, visit, to: { date: DATE, vehicle: other, before } };
					const consequence = await preview(edit);
					if (consequence.possible) fits ??= [edit, consequence];
					else not ??= [edit, consequence];
					if (fits && not) return { fits, not };
				}
			}
		}
		throw new Error('this day has no move of both kinds');
	}

	test('the consequence is told first, the plan then is what was told, and undo brings back what was', async () => {
		const { fits, not } = await someMoves();
		const [edit, told] = fits;
		const before = structuredClone(board);
		expect(told.forbidden).toEqual([]);
		expect(told.route.map(({ visit }) => visit)).toContain(edit.visit);
		await apply(edit);
		expect(board.version).toBe(before.version + 1);
		expect(board).toMatchObject({ undo: 1, redo: 0 });
		const moved = placed().find(({ visit }) => visit === edit.visit)!;
		expect(moved.vehicle).toBe(edit.to!.vehicle);
		expect(placed().flatMap(({ visit, vehicle, from, to }) => (vehicle === moved.vehicle ? [{ visit, from, to }] : []))).toEqual(
			told.route.map(({ visit, from, to }) => ({ visit, from, to })),
		);
		for (const key of ['travel', 'distance', 'waiting', 'cost'] as const)
			expect(board.measures![key] - before.measures![key], key).toBeCloseTo(told[key], 3);
		for (const { visit, by } of told.shifted) {
			const then = before.days[0]!.draft.routes.flatMap(({ stops }) => stops.flatMap(({ visits }) => visits)).find(
				(one) => one.visit === visit,
			)!;
			expect(placed().find((one) => one.visit === visit)!.from - then.from).toBe(by * 1000);
		}
		await step('undo');
		expect(board.days).toEqual(before.days);
		expect(board).toMatchObject({ undo: 0, redo: 1 });
		await step('redo');
		expect(placed().find(({ visit }) => visit === edit.visit)!.vehicle).toBe(edit.to!.vehicle);
		await step('undo');

		const [wrong, why] = not;
		expect(why).toMatchObject({ possible: false });
		expect(why.forbidden.length).toBeGreaterThan(0);
		const [status, detail] = await refused(await call('POST', boardPath(`/edits?version=${board.version}`), wrong));
		expect([status, detail]).toEqual([422, expect.stringContaining(why.forbidden[0]!.cause)]);
	});

	test('out of the plan and back', async () => {
		const { visit, vehicle } = placed()[0]!;
		const next = routeOf(vehicle)[1] ?? null;
		const { unassigned } = board.measures!;
		await apply({ type: 'move', visit, to: null });
		expect(board.measures!.unassigned).toBe(unassigned + 1);
		expect(board.days[0]!.reasons.map((one) => one.visit)).toContain(visit);
		await apply({ type: 'move', visit, to: { date: DATE, vehicle, before: next } });
		expect(board.measures!.unassigned).toBe(unassigned);
		await step('undo');
		await step('undo');
	});

	test('a pinned visit does not move, a locked route takes and gives nothing', async () => {
		const { visit, vehicle } = placed()[0]!;
		const other = placed().find((one) => one.vehicle !== vehicle)!;
		await apply({ type: 'pin', visit, pinned: true });
		expect(board.pinned).toEqual([visit]);
		const to = { date: DATE, vehicle: other.vehicle, before: null };
		expect((await preview({ type: 'move', visit, to })).forbidden).toMatchObject([{ cause: 'pinned-visit', visit }]);
		await apply({ type: 'pin', visit, pinned: false });
		await apply({ type: 'lock', date: DATE, vehicle: other.vehicle, locked: true });
		expect((await preview({ type: 'move', visit, to })).forbidden).toMatchObject([
			{ cause: 'locked-route', vehicle: other.vehicle },
		]);
		const away = { type: 'move' as const, visit: other.visit, to: { date: DATE, vehicle, before: null } };
		expect((await preview(away)).forbidden).toMatchObject([{ cause: 'locked-route' }]);
		await apply({ type: 'lock', date: DATE, vehicle: other.vehicle, locked: false });
		expect(board).toMatchObject({ pinned: [], locked: [] });
	});
});

test('what cannot be meant is refused with its cause', async () => {
	const { visit, vehicle } = placed()[0]!;
	const path = boardPath(`/edits?version=${board.version}`);
	const move = (to: object, which = visit) => ({ type: 'move', visit: which, to: { date: DATE, vehicle, before: null, ...to } });
	for (const [body, status, words] of [
		[move({}, 999_999), 422, 'no visit 999999'],
		[move({ vehicle: 'van-99' }), 422, 'no-shift'],
		[move({ date: '2026-11-25' }), 422, 'not-that-day'],
		[move({ before: 999_999 }), 422, '999999'],
		[{ type: 'pin', visit: 999_999, pinned: true }, 422, 'no visit 999999'],
		[{ type: 'lock', date: DATE, vehicle: 'van-99', locked: true }, 422, 'van-99'],
		[move({ date: 'tomorrow' }), 400, ''],
		[{ type: 'jump', visit }, 400, ''],
		[move({ vehicle: 'VAN 1' }), 400, ''],
	] as const) {
		const [got, detail] = await refused(await call('POST', path, body));
		expect([got, JSON.stringify(body)]).toEqual([status, JSON.stringify(body)]);
		expect(detail).toContain(words);
	}
	const nowhere = crypto.randomUUID();
	expect((await call('POST', `/plan-boards/${nowhere}/preview?version=1`, move({}))).status).toBe(404);
	expect((await call('POST', boardPath('/edits'), move({}))).status).toBe(400);
});

test('two dispatchers: the second edit on an old version is refused, naming the first', async () => {
	const { visit } = placed()[0]!;
	const old = board.version;
	await apply({ type: 'pin', visit, pinned: true });
	const [status, detail] = await refused(
		await call('POST', boardPath(`/edits?version=${old}`), { type: 'pin', visit, pinned: false }),
	);
	expect([status, detail]).toEqual([409, expect.stringContaining('dispatcher')]);
	expect((await call('POST', boardPath(`/preview?version=${old}`), { type: 'pin', visit, pinned: false })).status).toBe(409);
	await step('undo');
	expect(await refused(await call('POST', boardPath(`/undo?version=${board.version - 1}`)))).toMatchObject([
		409,
		expect.anything(),
	]);
});

test('two plans are compared: what moved, for whom, and the figures of both', async () => {
	const second = await call('POST', '/plan-boards', { from: DATE, days: 1, seconds: 1, keep: 'pinned', start: board.id });
	const { id } = planBoardSummary.parse(await second.json());
	await until(
		async () => planBoard.parse(await (await call('GET', `/plan-boards/${id}`)).json()).progress.state === 'ready',
		'the second plan',
	);
	const { visit } = placed()[0]!;
	await apply({ type: 'move', visit, to: null });
	const same = planComparison.parse(await (await call('GET', boardPath(`/comparison?with=${board.id}`))).json());
	expect(same.changes).toEqual([]);
	expect(same.same).toBe(placed().length);
	const other = planComparison.parse(await (await call('GET', boardPath(`/comparison?with=${id}`))).json());
	expect(other.changes).toContainEqual(expect.objectContaining({ visit, kind: 'removed', after: null }));
	expect(other.changes.every(({ patient }) => patient !== null)).toBe(true);
	expect(other.before?.visits).toBeGreaterThan(0);
	const none = planComparison.parse(await (await call('GET', boardPath('/comparison'))).json());
	expect(none.changes.every(({ kind }) => kind === 'added')).toBe(true);
	expect(none.before).toBeNull();
	await step('undo');
});
