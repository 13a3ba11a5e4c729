/** The day in a real browser, on a real server and real roads: alerts, finding, closed roads, mending, seen by two dispatchers. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { alert, closedRoads, dayBoard, planBoardSummary, roadClosure, type DayBoard } from '@junkai/contracts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Api, demoUser } from '../support/api.ts';
import { DESKTOP, TABLET, launch, openPage, signIn } from '../support/browser.ts';
import { freePort, junkai, tempFolder, until, type Running } from '../support/processes.ts';

const VANS = 6;
const TODAY = '2026-11-24';
const folder = tempFolder('day');
let browser: Browser;
let server: Running;
let http: number;
let api: Api;
/** Two dispatchers at two desks. */
let first: Page;
let second: Page;
const problems: string[] = [];

async function send(method: 'POST' | 'PUT', path: string, body: unknown): Promise<unknown> {
	const answer = await fetch(`http://127.0.0.1:${http}/api/v1${path}`, {
		method,
		headers: { 'content-type': 'application/json', cookie: api.cookie },
		body: JSON.stringify(body),
	});
	const said: unknown = await answer.json();
	if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(said)}`);
	return said;
}

const day = async (): Promise<DayBoard> => dayBoard.parse(await api.get('/day'));

async function publishPlan(): Promise<void> {
	const { id } = planBoardSummary.parse(await send('POST', '/plan-boards', { from: TODAY, days: 1, seconds: 2 }));
	const made = await until('there is a plan', async () => {
		const board = planBoardSummary.parse(await api.get(`/plan-boards/${id}`));
		return (board.progress.state === 'ready' || board.progress.state === 'failed') && board;
	});
	expect(made.progress.problem).toBeNull();
	await send('POST', `/plan-boards/${id}/publication?version=${made.version}`, { base: null, note: '' });
}

async function openDesk(role: 'dispatcher' | 'admin', locale: 'ja-JP' | 'en-GB', viewport = DESKTOP): Promise<Page> {
	const opened = await openPage(browser, locale, viewport);
	opened.page.on('pageerror', (error) => problems.push(error.message));
	await signIn(opened.page, http, demoUser(folder.path, role));
	await opened.page.getByTestId('plan-revision').waitFor();
	await opened.page.waitForSelector('.map-canvas[data-ready=true]');
	return opened.page;
}

beforeAll(async () => {
	browser = await launch();
	http = await freePort();
	const map = junkai(['map', 'build', '--data-dir', folder.path]);
	await until('the map is built', () => !map.running, 60_000);
	const where = ['--http-port', String(http), '--mqtt-port', '0', '--data-dir', folder.path];
	server = junkai(['server', '--demo-vans', String(VANS), '--clock-start', `${TODAY}T08:00:00+09:00`, ...where]);
	await until('the server is healthy', async () => {
		if (!server.running) throw new Error(`the server ended: ${server.output}`);
		return (await fetch(`http://127.0.0.1:${http}/healthz`)).status === 200;
	});
	api = await Api.signIn(http, demoUser(folder.path, 'dispatcher'));
	await until('the demonstration has its records', async () => z.array(z.unknown()).parse(await api.get('/shifts')).length > 0);
	await publishPlan();
	first = await openDesk('dispatcher', 'ja-JP');
	second = await openDesk('admin', 'en-GB');
});
afterAll(async () => {
	await browser?.close();
	await server?.kill('SIGINT');
	folder.dispose();
});

test('the top line says which plan holds, what it leaves out, and that the clock is a simulated one', async () => {
	const { plan } = await day();
	expect(await first.getByTestId('plan-revision').innerText()).toMatch(/計画 第1版 \d\d:\d\d 公開済み/);
	expect(await second.getByTestId('plan-revision').innerText()).toMatch(/Plan v1 published/);
	expect(await first.getByTestId('service-clock').innerText()).toMatch(/11月24日\(火\) 08:\d\d\s*模擬時計 ×1/);
	const left = plan!.unassigned.length;
	if (left > 0) expect(await first.innerText('.desk-unassigned')).toBe(`未割当 ${left}件`);
	await first.getByTestId('timeline').getByText('田中').first().waitFor();
});

test('an alert is on both desks; one takes it with the keyboard and a note, the other sees who did', async () => {
	const { plan } = await day();
	const route = plan!.routes.find(({ stops }) => stops.some(({ visits }) => visits.length > 0))!;
	const report = { state: 'delayed', minutes: 120, time: Math.round((await day()).now) };
	await send('POST', `/vehicles/${route.vehicle}/reports`, report);
	const raised = await until('the alert is raised', async () =>
		(await day()).alerts.find((one) => one.kind === 'stop-late' && one.vehicle === route.vehicle),
	);
	const row = (page: Page) => page.locator(`[data-alert="${raised.id}"]`);
	await row(first).waitFor();
	await row(second).waitFor();
	expect(await row(first).innerText()).toContain('到着が遅れる見込み');
	expect(await row(second).innerText()).toContain('will be late');

	await row(first).locator('.alert-row').click();
	expect(first.url()).toContain(`sel=alert.${raised.id}`);
	await first.getByTestId('alert-card').waitFor();
	await first.keyboard.press('a');
	await first.keyboard.type('家族に電話した');
	await first.keyboard.press('Enter');
	const kept = await until('it is kept', async () =>
		z
			.array(alert)
			.parse(await api.get('/alerts'))
			.find((one) => one.id === raised.id && one.acknowledged !== null),
	);
	expect(kept.acknowledged).toMatchObject({ by: 'dispatcher', note: '家族に電話した' });
	// It is folded away on the other desk, not lost.
	await until(
		'the other desk folds it away',
		async () => (await second.locator('.alerts > ul').locator(`[data-alert="${raised.id}"]`).count()) === 0,
	);
	await second.locator('.alerts-folded summary').first().click();
	expect(await row(second).innerText()).toMatch(/dispatcher, \d\d:\d\d家族に電話した/);
});

test('any van is two keys away, by the keyboard alone; the address keeps what is selected', async () => {
	await first.keyboard.press('Escape');
	await first.keyboard.press('Control+k');
	const field = first.locator('.palette').getByRole('combobox');
	await field.waitFor();
	await first.keyboard.type('5');
	await first.locator('.palette-highlighted[data-key="van-van-5"]').waitFor();
	expect(await field.getAttribute('aria-activedescendant')).not.toBe('');
	await first.keyboard.press('Enter');
	await first.getByTestId('inspector').getByRole('heading', { name: '5号車' }).waitFor();
	expect(first.url()).toContain('sel=van.van-5');
	await first.reload();
	await first.getByTestId('inspector').getByRole('heading', { name: '5号車' }).waitFor();

	// A patient by kana, then a page by its name.
	const people = z.array(
		z.object({ name: z.object({ family: z.string(), given: z.string() }), kana: z.object({ family: z.string() }) }),
	);
	const [someone] = people.parse(await api.get('/patients?limit=1'));
	await first.keyboard.press('/');
	await field.waitFor();
	await first.keyboard.type(someone!.kana.family);
	await first
		.getByRole('option', { name: new RegExp(`${someone!.name.family} ${someone!.name.given}`) })
		.first()
		.waitFor();
	await first.keyboard.press('Control+a');
	await first.keyboard.type('計画');
	await first.getByRole('option', { name: '本日の計画を直す' }).waitFor();
	await first.keyboard.press('Escape');
	await first.locator('.palette').waitFor({ state: 'detached' });
	// To leave is not to choose.
	expect(first.url()).toContain('sel=van.van-5');
	expect(first.url()).not.toContain('tool=');
});

test('an area drawn on the map closes its roads for both desks, and is lifted again', async () => {
	await first.waitForSelector('.map-canvas[data-ready=true]');
	await first.keyboard.press('c');
	await first.getByRole('button', { name: '描く', exact: true }).click();
	const tool = first.getByTestId('draw-tool');
	const box = (await first.locator('.map-canvas').boundingBox())!;
	const corner = (x: number, y: number) => first.mouse.click(box.x + box.width * x, box.y + box.height * y);
	// Without corners there is nothing to close, and the form says so.
	await tool.getByRole('button', { name: '通行止めにする' }).click();
	await tool.getByText('先に地図で3点以上の範囲を描いてください。').waitFor();
	for (const [x, y] of [
		[0.42, 0.35],
		[0.6, 0.35],
		[0.6, 0.6],
		[0.42, 0.6],
		[0.3, 0.9],
	] as const) {
		await corner(x, y);
		// Two clicks in quick succession would be a double click.
		await first.waitForTimeout(350);
	}
	await tool.getByText('現在 5点').waitFor();
	await first.keyboard.press('Backspace');
	await tool.getByText('現在 4点').waitFor();
	await first.keyboard.press('Enter');
	await tool.getByText('4点の範囲です。').waitFor();
	await tool.getByLabel('名前').fill('崖崩れ');
	await tool.getByRole('button', { name: '通行止めにする' }).click();
	await first.getByTestId('closure-inspector').getByRole('heading', { name: '崖崩れ' }).waitFor();
	const [closure] = z.array(roadClosure).parse(await api.get('/closures'));
	expect(closure).toMatchObject({ name: '崖崩れ', source: 'drawn', shape: { kind: 'polygon' }, until: null });
	const { lines } = closedRoads.parse(await api.get('/closed-roads'));
	expect(lines.length).toBeGreaterThan(0);
	expect(lines.every(({ by }) => by.includes('崖崩れ'))).toBe(true);

	await second.getByTestId('closures').getByText('崖崩れ').click();
	const inspector = second.getByTestId('closure-inspector');
	await inspector.getByRole('button', { name: 'Lift' }).click();
	await inspector.getByRole('button', { name: 'Lift now' }).click();
	await until('it is open again', async () => closedRoads.parse(await api.get('/closed-roads')).lines.length === 0);
	await until('the first desk knows', async () => (await first.getByTestId('closures').getByText('崖崩れ').count()) === 0);
});

test('a rainfall shows what it would close before anything is closed; bad figures are told', async () => {
	await first.keyboard.press('Escape');
	await first.keyboard.press('c');
	const tool = first.getByTestId('rain-tool');
	await tool.getByLabel('降り始めからの雨量（mm）', { exact: true }).fill('たくさん');
	await tool.getByRole('button', { name: '通行止めにする' }).click();
	await tool.getByText('先に雨量を入力してください。').waitFor();
	await tool.getByLabel('降り始めからの雨量（mm）', { exact: true }).fill('１９０');
	const would = closedRoads.parse(await api.get('/closed-roads?mm=190')).lines.length;
	await tool.getByText(`通行止めになる道路 ${would}区間`).waitFor();
	expect(would).toBeGreaterThan(0);
	expect(closedRoads.parse(await api.get('/closed-roads')).lines).toEqual([]);
	await tool.getByRole('button', { name: '閉じる' }).click();
	expect(await first.getByTestId('rain-tool').count()).toBe(0);
});

test('a van breaks down: the plan is mended, the difference shown, published, and the other desk has it', async () => {
	await first.keyboard.press('i');
	const panel = first.getByTestId('incident-panel');
	const { plan } = await day();
	const busiest = plan!.routes.toSorted((a, b) => b.stops.length - a.stops.length)[0]!;
	await panel.getByLabel('車両').selectOption(busiest.vehicle);
	await panel.getByRole('button', { name: '今から運行できない' }).click();
	await panel.getByText('記録しました。').waitFor();
	// Whoever sits at the other desk is told that the plan does not know of it yet.
	await second.locator('.dispatch-left').getByTestId('pending').waitFor();
	await panel.getByTestId('pending').getByRole('button', { name: '計画を直す' }).click();
	const mend = first.getByTestId('mend-panel');
	await mend.getByRole('button', { name: '計画を直す' }).click();
	await first.waitForSelector('[data-testid=mend-panel][data-state=ready]');
	expect(await mend.locator('.changes li').count()).toBeGreaterThan(0);
	expect(await mend.innerText()).toMatch(/変わる訪問 \d+件/);
	const shown = await mend.locator('.changes li').first().innerText();
	expect(shown).toMatch(/→/);
	await mend.getByRole('button', { name: '車両と医師に公開する' }).click();
	await until('the second revision holds', async () => (await day()).plan?.revision === 2);
	for (const page of [first, second]) {
		await until('both desks show it', async () => /(第2版|v2)/.test(await page.getByTestId('plan-revision').innerText()));
	}
	const left = (await day()).plan!.routes.find(({ vehicle }) => vehicle === busiest.vehicle);
	expect((left?.stops ?? []).flatMap(({ visits }) => visits)).toEqual([]);
	await until('nothing is pending', async () => (await second.getByTestId('pending').count()) === 0);
});

describe('accessibility', () => {
	let plain: Browser;
	let page: Page;
	// The map is a picture to axe: without maps drawn in software the pages are looked at in a fifth of the time.
	beforeAll(async () => {
		await second.close();
		await first.goto(`http://127.0.0.1:${http}/dispatch/resources`);
		plain = await launch({ webgl: false });
		const opened = await openPage(plain, 'ja-JP');
		page = opened.page;
		await signIn(page, http, demoUser(folder.path, 'dispatcher'));
	});
	afterAll(() => plain?.close());

	test.each([
		['light', DESKTOP, ['?sel=van.van-2', '?tool=rain', '?tool=incident']],
		['dark', TABLET, ['?sel=doctor.1', '?tool=roads']],
	] as const)('axe finds nothing serious (%s, %o), and nothing scrolls sideways', async (scheme, viewport, addresses) => {
		const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
		await page.setViewportSize(viewport);
		await page.emulateMedia({ colorScheme: scheme });
		for (const address of addresses) {
			await page.goto(`http://127.0.0.1:${http}/dispatch${address}`);
			await page.getByTestId('plan-revision').waitFor();
			await page.locator('.dispatch-right h2').waitFor();
			await page.evaluate(source);
			const found = await page.evaluate(async () => {
				const { axe } = window as unknown as { axe: { run: (what: object, how: object) => Promise<{ violations: Violation[] }> } };
				interface Violation {
					id: string;
					impact: string;
					nodes: { html: string }[];
				}
				const { violations } = await axe.run(
					{ exclude: ['.map-canvas'] }, // A cell of the timeline shows shreds of the whole sentence that is its name; the rule is one of axe's experiments.
					{ resultTypes: ['violations'], rules: { 'label-content-name-mismatch': { enabled: false } } },
				);
				return violations
					.filter(({ impact }) => impact === 'serious' || impact === 'critical')
					.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
			});
			expect(found, address).toEqual([]);
			expect(
				await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
			).toBeLessThanOrEqual(0);
		}
	});
});

test('a server that is gone is told, with the age of what is shown', async () => {
	await server.kill('SIGKILL');
	await first.locator('.live-notice').waitFor({ timeout: 30_000 });
	expect(await first.locator('.live-notice').innerText()).toMatch(/表示は\d\d:\d\d時点のものです/);
	expect(problems).toEqual([]);
});
