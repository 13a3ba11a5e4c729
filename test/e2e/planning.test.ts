/** Plans in a real browser on a real server and real roads: made, stopped, changed by mouse and keyboard, compared, published. */
import axe from 'axe-core';
import { planBoard, publication, type DraftDay, type EditConsequence, type PlanBoard, type PlanEdit } from '@junkai/contracts';
import { loadRegion } from '@junkai/regions';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { officeOf } from '../../fleet-server/planning/test-records.ts';
import { ensureMap } from '../../fleet-server/roads/map.ts';
import { startTestServer, type TestServer } from '../../fleet-server/test-support.ts';
import { DESKTOP, TABLET, launch, openPage } from '../support/browser.ts';
import { until } from '../support/processes.ts';

const DATE = '2026-11-24';
const VANS = 3;
type User = 'dispatcher' | 'admin';

let browser: Browser;
let server: TestServer;
const dashboardDir = process.env['JUNKAI_DASHBOARD_DIR'];

beforeAll(async () => {
	[browser, server] = await Promise.all([
		launch({ webgl: false }),
		startTestServer({ clockStart: '2026-11-23T09:00:00+09:00', ...(dashboardDir !== undefined && { dashboardDir }) }),
	]);
	await ensureMap('wakayama', server.dataDir, () => undefined);
	await seed();
});
afterAll(async () => {
	await browser?.close();
	await server?.stop();
});

async function ask(user: User, method: string, path: string, body?: unknown): Promise<unknown> {
	const answer = await server.request(user, `/api/v1${path}`, {
		method,
		...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
	});
	if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
	return answer.status === 204 ? null : await answer.json();
}

/** A small office by seed. Nobody carries an X-ray unit, which the first patient needs. */
async function seed(): Promise<void> {
	const office = officeOf(loadRegion(), { seed: 4, vans: VANS, doctors: 3, visits: 15, reachKm: 14, from: DATE });
	const put = async (path: string, bodies: readonly unknown[]) => {
		for (const body of bodies) await ask('admin', 'POST', path, body);
	};
	await put(
		'/fleet',
		office.fleet.map((van) => ({ ...van, equipment: van.equipment.filter((kind) => kind !== 'x-ray') })),
	);
	await put('/staff', office.staff);
	await put('/shifts', office.shifts);
	await put('/doctors', office.doctors);
	await put(
		'/patients',
		office.patients.map((patient, at) => ({ ...patient, name: { family: '山本', given: `第${at + 1}` } })),
	);
	await put(
		'/requests',
		office.requests.map((request, at) => ({
			...request,
			hours: null,
			need: at === 0 ? 'x-ray' : request.need === 'x-ray' ? 'follow-up' : request.need,
		})),
	);
}

interface Viewer {
	user?: User;
	locale?: 'ja-JP' | 'en-GB';
	viewport?: typeof DESKTOP;
	dark?: boolean;
}

async function open(
	path: string,
	{ user = 'dispatcher', locale = 'ja-JP', viewport = DESKTOP, dark = false }: Viewer = {},
): Promise<{ page: Page; problems: string[]; close: () => Promise<void> }> {
	const { page, problems } = await openPage(browser, locale, viewport);
	if (dark) await page.emulateMedia({ colorScheme: 'dark' });
	const [name, value] = (await server.cookie(user)).split('=');
	await page.context().addCookies([{ name: name!, value: value!, url: server.url }]);
	await page.goto(server.url + path);
	return { page, problems, close: () => page.context().close() };
}

/** Nothing that axe-core calls serious, and nothing scrolls sideways. */
async function expectAccessible(page: Page): Promise<void> {
	await page.evaluate(axe.source);
	const found = await page.evaluate(async () => {
		const runner = (window as unknown as { axe: { run: () => Promise<{ violations: object[] }> } }).axe;
		return (await runner.run()).violations as { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
	});
	const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
	expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)).toEqual([]);
	const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
	expect(wide).toBeLessThanOrEqual(seen ?? 0);
}

const boardOf = async (id: string): Promise<PlanBoard> => planBoard.parse(await ask('dispatcher', 'GET', `/plan-boards/${id}`));
const dayOf = (board: PlanBoard): DraftDay => board.days[0]!;
const visitsOf = (day: DraftDay, vehicle: string) =>
	day.draft.routes.find((route) => route.vehicle === vehicle)!.stops.flatMap(({ visits }) => visits);
const idIn = (page: Page): string => page.url().split('/plan/')[1]!.split(/[/?]/)[0]!;

async function makeBoard(options: object): Promise<PlanBoard> {
	const { id } = z
		.object({ id: z.string() })
		.parse(await ask('admin', 'POST', '/plan-boards', { from: DATE, seconds: 1, ...options }));
	return await until(`a plan ${id}`, async () => {
		const board = await boardOf(id);
		if (board.progress.state === 'failed') throw new Error(board.progress.problem ?? 'failed');
		return board.progress.state === 'ready' ? board : null;
	});
}

const consequenceOf = async (board: PlanBoard, edit: PlanEdit): Promise<EditConsequence | null> => {
	const answer = await server.request('dispatcher', `/api/v1/plan-boards/${board.id}/preview?version=${board.version}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(edit),
	});
	return answer.ok ? ((await answer.json()) as EditConsequence) : null;
};

interface Way {
	visit: number;
	from: string;
	to: string;
	before: number | null;
	start: number;
}

/** A move to another van, as a hand would make it, that is possible or is not. */
async function findMove(board: PlanBoard, wanted: boolean): Promise<Way> {
	const day = dayOf(board);
	for (const { vehicle: to } of day.draft.routes) {
		const there = visitsOf(day, to);
		for (const { vehicle: from } of day.draft.routes.filter((route) => route.vehicle !== to)) {
			for (const { visit } of visitsOf(day, from)) {
				for (const [at, before] of there.entries()) {
					const earliest = there[at - 1]?.to ?? before.from - 20 * 60_000;
					const start = Math.round(earliest / 300_000) * 300_000;
					// Where a hand can let go: before the middle of the next one, after that of the one before.
					if (start >= (before.from + before.to) / 2) continue;
					const edit: PlanEdit = { type: 'move', visit, to: { date: DATE, vehicle: to, before: before.visit, at: start } };
					const found = await consequenceOf(board, edit);
					if (found?.possible === wanted) return { visit, from, to, before: before.visit, start };
				}
			}
		}
	}
	throw new Error(`no move that is ${wanted ? 'possible' : 'impossible'} in this plan`);
}

const inLane = (page: Page, visit: number, vehicle: string): Locator =>
	page.locator(`[data-lane="${vehicle}"] [data-take="${visit}"]`);
const inTray = (page: Page, visit: number): Locator => page.locator(`[data-tray] [data-take="${visit}"]`);

/** Takes a visit near its begin and holds it so that it would begin at `start` in another lane. */
async function hold(page: Page, { visit, from, to, start }: Way): Promise<void> {
	const source = (await inLane(page, visit, from).boundingBox())!;
	const lane = (await page.locator(`[data-lane="${to}"]`).boundingBox())!;
	const x = await page.evaluate(
		([lanes, time]) => {
			const blocks = [...document.querySelectorAll<HTMLElement>(`${lanes} [data-from]`)];
			const ends = blocks.map((block) => [Number(block.dataset['from']), block.getBoundingClientRect().left] as const);
			const [first, last] = [ends.reduce((a, b) => (b[0] < a[0] ? b : a)), ends.reduce((a, b) => (b[0] > a[0] ? b : a))];
			return first[1] + ((time - first[0]) / (last[0] - first[0])) * (last[1] - first[1]);
		},
		['.tl-vans', start] as const,
	);
	await page.mouse.move(source.x + 4, source.y + source.height / 2);
	await page.mouse.down();
	await page.mouse.move(x + 30, lane.y + lane.height / 2, { steps: 4 });
	await page.mouse.move(x + 4, lane.y + lane.height / 2, { steps: 2 });
}

/** The plan of the first test, that the next ones look at and change. */
let board: PlanBoard;

describe('a day is planned', () => {
	test('an empty list says what to do; the button, the options, the curve, and stop and keep', async () => {
		const { page, problems, close } = await open('/dispatch/plan');
		await page.getByText('計画はまだありません。').waitFor();
		await page.click('.plans-head .primary');
		const drawer = page.locator('dialog.drawer');
		await drawer.getByLabel('開始日', { exact: true }).fill('令和8年11月24日');
		await drawer.getByLabel('選んだ車両だけ').check();
		await drawer.locator('button[type=submit]').click();
		await drawer.getByText('車両を1台以上選んでください。').waitFor();
		await expectAccessible(page);
		await drawer.getByLabel('勤務のあるすべての車両').check();
		await drawer.getByLabel('計算時間').selectOption('600');
		await drawer.getByLabel('名前（任意）').fill('試しの計画');
		await drawer.locator('button[type=submit]').click();

		const progress = page.getByTestId('progress');
		await progress.locator('.curve-cost').waitFor({ timeout: 60_000 });
		await until('a best cost so far', async () => /^[\d,]+$/.test((await page.getByTestId('best-cost').innerText()).trim()));
		expect(await progress.locator('svg[role=img]').getAttribute('aria-label')).toMatch(/経過.+、最良のコスト[\d,]+、未割当\d+件/);
		expect(await progress.locator('[aria-current=step]').innerText()).toBe('計画を改善中');
		await expectAccessible(page);
		// Nothing is blocked meanwhile.
		await page.getByRole('link', { name: '計画の一覧' }).click();
		await page.getByRole('link', { name: '試しの計画' }).click();
		await progress.waitFor();
		await page.getByRole('button', { name: 'ここで止めて使う' }).click();
		await page.getByTestId('timeline').waitFor({ timeout: 60_000 });
		board = await boardOf(idIn(page));
		expect(board.progress.elapsed).toBeLessThan(300);
		expect(board.name).toBe('試しの計画');
		expect(problems).toEqual([]);
		await close();
	});

	test('the result: a lane a van, a lane a doctor, figures, and why a visit is left out', async () => {
		const { page, problems, close } = await open(`/dispatch/plan/${board.id}`);
		const timeline = page.getByTestId('timeline');
		await timeline.waitFor();
		const day = dayOf(board);
		expect(await timeline.locator('[data-lane]').count()).toBe(VANS);
		const planned = day.draft.routes.flatMap(({ vehicle }) => visitsOf(day, vehicle));
		expect(await timeline.locator('.tl-vans [data-visit]').count()).toBe(planned.length);
		const consults = planned.filter(({ consult }) => consult !== null);
		expect(await timeline.locator('.tl-doctors [data-visit]').count()).toBe(consults.length);
		// Each cell says to a screen reader who, when, where, for what, and by whom.
		const { visit, consult } = consults[0]!;
		const cell = page.locator(`.tl-vans [data-visit="${visit}"]`);
		const spoken = await until('its patient is named', async () => {
			const words = await cell.getAttribute('aria-label');
			return words?.includes('山本') ? words : null;
		});
		expect(spoken).toMatch(/^\d\d:\d\d～\d\d:\d\d、山本 第\d+、.+/);
		const doctor = day.draft.doctors.find(({ id }) => id === consult!.doctor)!.name.ja;
		expect(spoken).toContain(`${doctor}医師が参加`);
		const figures = page.getByTestId('figures');
		expect(await figures.locator('[data-figure=visits] dd').innerText()).toBe(String(planned.length));
		for (const { id, planned: made, need } of board.measures!.municipalities)
			expect(await page.locator(`[data-municipality="${id}"]`).innerText()).toContain(`${made}／${need}`);
		await page.getByRole('button', { name: /^未割当/ }).click();
		const left = page.getByTestId('unassigned').locator('[data-visit="1"]');
		expect(await left.innerText()).toContain('X線装置を積んで動く車がありません。');
		expect(await left.locator('.why').getAttribute('data-rule')).toBe('skills');
		await expectAccessible(page);
		expect(problems).toEqual([]);
		await close();
	});

	test('the same in English, dark, on a tablet', async () => {
		const { page, problems, close } = await open(`/dispatch/plan/${board.id}`, { locale: 'en-GB', viewport: TABLET, dark: true });
		await page.getByTestId('timeline').locator('.tl-visit').first().waitFor();
		await page.getByRole('button', { name: /^Unassigned/ }).click();
		expect(await page.getByTestId('unassigned').locator('[data-visit="1"]').innerText()).toContain(
			'No van with an X-ray unit is on duty.',
		);
		await expectAccessible(page);
		expect(problems).toEqual([]);
		await close();
	});
});

describe('a plan is changed by hand', () => {
	let page: Page;
	let problems: string[];
	let close: () => Promise<void>;
	beforeAll(async () => {
		({ page, problems, close } = await open(`/dispatch/plan/${board.id}`));
		await page.getByTestId('timeline').locator('.tl-visit').first().waitFor();
	});
	afterAll(async () => {
		expect(problems).toEqual([]);
		await close();
	});
	const versionIs = (version: number) =>
		until(`version ${version}`, async () => {
			board = await boardOf(board.id);
			return board.version === version;
		});

	test('dragged to another van: the consequence and the changed route before the drop, nothing kept until then', async () => {
		const way = await findMove(board, true);
		await hold(page, way);
		const said = page.locator('[data-testid=consequence][data-state=known]');
		await said.waitFor();
		await said.getByText(/^山本 第\d+さん$/).waitFor();
		expect(await said.innerText()).toMatch(/山本 第\d+さん[\s\S]*(移動|距離|待機|遅れ|早まり|待ち|影響はありません)/);
		await page.locator(`[data-lane="${way.to}"] [data-ghost="${way.visit}"]`).waitFor();
		expect((await boardOf(board.id)).version).toBe(board.version);
		await page.mouse.up();
		await versionIs(board.version + 1);
		await inLane(page, way.visit, way.to).waitFor();
		expect(await inLane(page, way.visit, way.from).count()).toBe(0);
		expect(visitsOf(dayOf(board), way.to).map(({ visit }) => visit)).toContain(way.visit);

		await page.keyboard.press('Control+z');
		await inLane(page, way.visit, way.from).waitFor();
		await page.keyboard.press('Control+Shift+z');
		await inLane(page, way.visit, way.to).waitFor();
		board = await boardOf(board.id);
		expect([board.undo, board.redo]).toEqual([1, 0]);
	});

	test('an impossible drop says why, while it is held and after, and changes nothing', async () => {
		const way = await findMove(board, false);
		await hold(page, way);
		const said = page.locator('[data-testid=consequence][data-state=known]');
		await said.locator('.forbidden li').first().waitFor();
		const why = await said.locator('.forbidden li').first().innerText();
		expect(await said.innerText()).toContain('ここには置けません');
		await page.mouse.up();
		const notice = page.locator('[data-notice=refused]');
		await notice.waitFor();
		expect(await notice.innerText()).toContain(why);
		expect((await boardOf(board.id)).version).toBe(board.version);
		await inLane(page, way.visit, way.from).waitFor();
		await notice.getByRole('button').click();
	});

	test('let go with Escape, or where nothing is, it stays', async () => {
		const [from, to] = dayOf(board).draft.routes.filter(({ vehicle }) => visitsOf(dayOf(board), vehicle).length > 0);
		const { visit, from: start } = visitsOf(dayOf(board), from!.vehicle)[0]!;
		const way: Way = { visit, from: from!.vehicle, to: to!.vehicle, before: null, start };
		await hold(page, way);
		await page.getByTestId('consequence').waitFor();
		await page.keyboard.press('Escape');
		await page.getByTestId('consequence').waitFor({ state: 'detached' });
		await page.mouse.up();
		await inLane(page, way.visit, way.from).waitFor();
		expect((await boardOf(board.id)).version).toBe(board.version);
	});

	test('by the keyboard alone: out of the plan, back into it, pinned, locked', async () => {
		const vehicle = dayOf(board).draft.routes.find((route) => visitsOf(dayOf(board), route.vehicle).length > 1)!.vehicle;
		const { visit } = visitsOf(dayOf(board), vehicle)[0]!;
		await inLane(page, visit, vehicle).focus();
		await page.keyboard.press('m');
		await page.keyboard.press('Delete');
		await page.locator('[data-testid=consequence][data-state=known]').waitFor();
		await page.keyboard.press('Enter');
		await inTray(page, visit).waitFor();
		await versionIs(board.version + 1);

		await inTray(page, visit).focus();
		await page.keyboard.press('m');
		// From place to place until one will have it.
		for (let step = 0; ; step++) {
			expect(step, 'a place that is possible').toBeLessThan(30);
			await page.keyboard.press(step % 10 === 9 ? 'ArrowDown' : step % 10 < 1 ? 'ArrowRight' : 'ArrowLeft');
			const said = page.locator('[data-testid=consequence]:is([data-state=known],[data-state=refused])');
			await said.waitFor();
			if ((await said.locator('.consequence-no').count()) === 0 && (await said.getAttribute('data-state')) === 'known') break;
		}
		await page.keyboard.press('Enter');
		await versionIs(board.version + 1);
		const now = dayOf(board).draft.routes.find((route) =>
			visitsOf(dayOf(board), route.vehicle).some((one) => one.visit === visit),
		)!;
		const cell = inLane(page, visit, now.vehicle);
		await until('the focus is on the visit', () => cell.evaluate((element) => element === document.activeElement));

		await page.keyboard.press('Enter');
		await page.keyboard.press('p');
		await versionIs(board.version + 1);
		expect(board.pinned).toEqual([visit]);
		await until('it is told as pinned', async () => (await cell.getAttribute('aria-label'))?.includes('固定'));
		// What is pinned does not move, and says so.
		await page.keyboard.press('m');
		await page.keyboard.press('Delete');
		await page.getByText('固定されています').first().waitFor();
		await page.keyboard.press('Escape');

		await page.locator(`[data-cell="v:${now.vehicle}"]`).focus();
		await page.keyboard.press('Enter');
		await page.keyboard.press('l');
		await versionIs(board.version + 1);
		expect(board.locked).toEqual([{ date: DATE, vehicle: now.vehicle }]);
		await page.locator(`[data-lane="${now.vehicle}"] .tl-locked-word`).waitFor();
		for (const _ of ['lock', 'pin']) await page.keyboard.press('Control+z');
		await until('both are undone', async () => {
			board = await boardOf(board.id);
			return board.pinned.length + board.locked.length === 0;
		});
	});

	test('two dispatchers see each other’s changes, and do not overwrite them', async () => {
		const other = await open(`/dispatch/plan/${board.id}`, { user: 'admin' });
		await other.page.getByTestId('timeline').locator('.tl-visit').first().waitFor();
		const [one, two] = dayOf(board).draft.routes.flatMap(({ vehicle }) => visitsOf(dayOf(board), vehicle));
		await other.page.locator(`.tl-vans [data-visit="${one!.visit}"]`).click();
		await other.page.getByRole('button', { name: /^固定する/ }).click();
		const told = page.getByTestId('changed-by');
		await told.waitFor();
		expect(await told.innerText()).toContain('adminさんが');
		await page.locator(`.tl-vans .tl-pinned[data-visit="${one!.visit}"]`).waitFor();
		await told.getByRole('button').click();
		board = await boardOf(board.id);

		// The other is faster by a hair: this change was made on what is not the plan any more.
		await page.route('**/edits?*', async (route) => {
			await ask('admin', 'POST', `/plan-boards/${board.id}/edits?version=${board.version}`, {
				type: 'pin',
				visit: one!.visit,
				pinned: false,
			});
			await route.continue();
		});
		await page.locator(`.tl-vans [data-visit="${two!.visit}"]`).click();
		await page.getByRole('button', { name: /^固定する/ }).click();
		const conflict = page.locator('[data-notice=conflict]');
		await conflict.waitFor();
		expect(await conflict.innerText()).toMatch(/adminさんが先に変更しました/);
		await page.unroute('**/edits?*');
		expect((await boardOf(board.id)).pinned).toEqual([]);
		await conflict.getByRole('button').click();
		expect(other.problems).toEqual([]);
		await other.close();
	});
});

test('in a plan of several days a visit is carried to another day, by keys and by holding it over the day', async () => {
	const week = await makeBoard({ days: 2, name: '二日' });
	const { page, problems, close } = await open(`/dispatch/plan/${week.id}`);
	const [today, tomorrow] = week.days;
	const { vehicle } = today!.draft.routes.find((route) => visitsOf(today!, route.vehicle).length > 0)!;
	const { visit } = visitsOf(today!, vehicle)[0]!;
	const shown = (date: string) => page.locator(`.day-tabs [data-day="${date}"][aria-pressed=true]`);
	await inLane(page, visit, vehicle).focus();
	await page.keyboard.press('m');
	await page.keyboard.press('PageDown');
	await shown(tomorrow!.date).waitFor();
	const said = page.locator('[data-testid=consequence][data-state=known]');
	await said.waitFor();
	// It was asked for today alone, and nobody works tomorrow.
	expect(await said.innerText()).toContain('さんはその日には伺えません');
	expect(await said.innerText()).toMatch(/その日、勤務がありません/);
	await page.keyboard.press('Escape');

	await page.locator(`.day-tabs [data-day="${today!.date}"]`).click();
	const from = (await inLane(page, visit, vehicle).boundingBox())!;
	const tab = (await page.locator(`.day-tabs [data-day="${tomorrow!.date}"]`).boundingBox())!;
	await page.mouse.move(from.x + 4, from.y + 6);
	await page.mouse.down();
	await page.mouse.move(tab.x + 10, tab.y + 10, { steps: 3 });
	await page.mouse.move(tab.x + 12, tab.y + 11);
	await shown(tomorrow!.date).waitFor();
	await page.keyboard.press('Escape');
	await page.mouse.up();
	expect((await boardOf(week.id)).version).toBe(week.version);
	expect(problems).toEqual([]);
	await close();
});

describe('plans are compared and published', () => {
	let first: PlanBoard;
	let second: PlanBoard;
	test('published with a note; the record says who, when and which vans have it', async () => {
		first = await makeBoard({ name: '一つ目' });
		const { page, problems, close } = await open(`/dispatch/plan/${first.id}`);
		await page.getByRole('button', { name: '公開する' }).click();
		const dialog = page.locator('dialog.publish');
		await dialog.getByText('公開中の計画はありません。').waitFor();
		await dialog.getByText(/新しい行程が届く車両 \d台/).waitFor();
		expect(await dialog.innerText()).toContain('11月24日(火)');
		await dialog.getByLabel(/^メモ/).fill('本宮から先に');
		await expectAccessible(page);
		await dialog.getByRole('button', { name: '公開する' }).click();
		const record = page.locator('[data-revision="1"]');
		await record.waitFor();
		expect(await record.innerText()).toMatch(/第1版[\s\S]*dispatcher[\s\S]*11月24日\(火\)[\s\S]*本宮から先に/);
		await record.locator('summary').click();
		const published = publication.array().parse(await ask('dispatcher', 'GET', '/publications'));
		expect(await record.locator('[data-vehicle]').count()).toBe(published[0]!.receipts.length);
		await expectAccessible(page);
		// A published plan is not changed any more.
		await record.getByRole('link').click();
		await page.getByText('第1版として公開済み').waitFor();
		expect(await page.getByRole('button', { name: '元に戻す' }).count()).toBe(0);
		expect(problems).toEqual([]);
		await close();
	});

	test('beside the one that holds: figures, both timelines, and what changed for whom', async () => {
		const day = dayOf(first);
		const route = day.draft.routes.find(({ vehicle }) => visitsOf(day, vehicle).length > 1)!;
		const { visit } = visitsOf(day, route.vehicle)[0]!;
		second = await makeBoard({ name: '二つ目', keep: 'published' });
		await ask('admin', 'POST', `/plan-boards/${second.id}/edits?version=${second.version}`, { type: 'move', visit, to: null });
		second = await boardOf(second.id);
		const { page, problems, close } = await open(`/dispatch/plan/${second.id}/compare/published`);
		const list = page.getByTestId('comparison');
		await list.waitFor();
		const row = list.locator(`[data-visit="${visit}"]`);
		await row.getByText(/^山本 第\d+さん$/).waitFor();
		expect(await row.innerText()).toMatch(/山本 第\d+さん[\s\S]*取り消し[\s\S]*\d\d:\d\d[\s\S]*→[\s\S]*予定なし/);
		await until('both timelines stand', async () => (await page.getByTestId('timeline').count()) === 2);
		await row.getByRole('button').click();
		await page.locator(`.compare-half:first-of-type .tl-lit[data-visit="${visit}"]`).first().waitFor();
		expect(await page.locator('[data-figure=visits] td').last().innerText()).toMatch(/^[+−]\d+$|^±0$/);
		// Only what changed is painted.
		const changed = await list.locator('[data-visit]').count();
		const painted = await page.locator('.compare-half:nth-of-type(1) .tl-vans .tl-visit:not(.tl-pale)').count();
		expect(painted).toBeLessThanOrEqual(changed);
		await expectAccessible(page);
		await page.getByLabel('比べる相手').selectOption(first.id);
		await page.waitForURL(`**/compare/${first.id}`);
		await list.locator(`[data-visit="${visit}"]`).waitFor();
		expect(problems).toEqual([]);
		await close();
	});

	test('another plan was published meanwhile: who and when is said, the differences are offered, then it is published', async () => {
		const theirs = await boardOf(board.id);
		const { page, problems, close } = await open(`/dispatch/plan/${second.id}`);
		await page.getByRole('button', { name: '公開する' }).click();
		const dialog = page.locator('dialog.publish');
		await dialog.getByText(/公開中：第1版/).waitFor();
		await ask('admin', 'POST', `/plan-boards/${theirs.id}/publication?version=${theirs.version}`, { base: 1, note: '' });
		await dialog.getByRole('button', { name: '公開する' }).click();
		const trouble = dialog.locator('[data-trouble=published]');
		await trouble.waitFor();
		expect(await trouble.innerText()).toMatch(/adminさんが.+に第2版を公開しました/);
		expect(await trouble.getByRole('link').getAttribute('href')).toBe(`/dispatch/plan/${second.id}/compare/published`);
		await dialog.getByRole('button', { name: '違いを承知で公開する' }).click();
		await page.locator('[data-revision="3"]').waitFor();
		expect(problems).toEqual([]);
		await close();
	});

	test('a plan in the making is dropped after one question; whoever has it open is told', async () => {
		const { id } = await makeBoard({ name: '要らない' });
		const one = await open(`/dispatch/plan/${id}`);
		const two = await open(`/dispatch/plan/${id}`, { user: 'admin' });
		await two.page.getByTestId('timeline').waitFor();
		await one.page.getByRole('button', { name: '破棄', exact: true }).click();
		await one.page.getByRole('button', { name: '破棄する' }).click();
		await one.page.getByRole('link', { name: '二つ目' }).waitFor();
		expect(await one.page.getByRole('link', { name: '要らない' }).count()).toBe(0);
		await two.page.getByText('この計画はありません。').waitFor();
		await one.close();
		await two.close();
	});
});

test('what cannot be had is said, and can be tried again', async () => {
	const { page, close } = await open('/dispatch');
	await page.route('**/api/v1/plan-boards', (route) => route.abort());
	await page.getByRole('link', { name: '計画', exact: true }).click();
	await page.getByText('計画の一覧を読み込めませんでした。').waitFor();
	await page.unroute('**/api/v1/plan-boards');
	await page.getByRole('button', { name: 'もう一度試す' }).click();
	await page.getByRole('link', { name: '一つ目' }).waitFor();
	await page.goto(page.url().replace(/\/dispatch.*/, '/dispatch/plan/00000000-0000-4000-8000-000000000000'));
	await page.getByText('この計画はありません。').waitFor();
	await close();
});
