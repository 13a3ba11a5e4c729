/** Coverage and paper in a real browser: who is cut off under rain, who is reached, tables as files, sheets as they are printed. */
import { readFileSync } from 'node:fs';
import { coverageReport, daySheets, fairnessTable, isolation, roadClosure, visit, type KeptKind } from '@junkai/contracts';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { draftOf, keepDay, region, type TestDay } from '../../fleet-server/paper/test-day.ts';
import { buildRegion, mapFolder } from '../../fleet-server/roads/tiles.ts';
import { passwordOf, startTestServer, type TestServer } from '../../fleet-server/test-support.ts';
import { DESKTOP, TABLET, launch, openPage, signIn } from '../support/browser.ts';
import { until } from '../support/processes.ts';

const TODAY = '2026-11-24';
const paths: Record<KeptKind, string> = {
	patient: 'patients',
	request: 'requests',
	visit: 'visits',
	'fleet-vehicle': 'fleet',
	staff: 'staff',
	shift: 'shifts',
	doctor: 'doctors',
	closure: 'closures',
};
const user = { username: 'dispatcher', password: passwordOf('dispatcher'), role: 'dispatcher' as const };
let server: TestServer;
/** Draws the map; the other one does not, and is quicker. */
let browser: Browser;
let plain: Browser;
let day: TestDay;

async function ask<T extends z.ZodType>(schema: T, path: string, body?: unknown, method = 'POST'): Promise<z.infer<T>> {
	const init = body === undefined ? {} : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
	const answer = await server.request('dispatcher', `/api/v1${path}`, init);
	if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
	return schema.parse(await answer.json());
}

beforeAll(async () => {
	const dashboardDir = process.env['JUNKAI_DASHBOARD_DIR'];
	server = await startTestServer({ clockStart: `${TODAY}T08:30:00+09:00`, ...(dashboardDir && { dashboardDir }) });
	await buildRegion(region, 'test', mapFolder(server.dataDir), () => undefined);
	day = await keepDay(async (kind, body) => (await ask(z.object({ id: z.int() }), `/${paths[kind]}`, body)).id);
	const visits = await ask(z.array(visit), `/visits?from=${TODAY}&until=${TODAY}`);
	await ask(z.unknown(), '/plans/current', await draftOf(day, visits, server.server.roads), 'PUT');
	[browser, plain] = await Promise.all([launch(), launch({ webgl: false })]);
});
afterAll(async () => {
	await Promise.all([browser?.close(), plain?.close()]);
	await server?.stop();
});

async function open(path: string, locale: 'ja-JP' | 'en-GB' = 'ja-JP', viewport = DESKTOP, by = plain) {
	const { page, problems } = await openPage(by, locale, viewport);
	await signIn(page, server.server.httpPort, user, path);
	return { page, problems };
}

/** Names of rules that axe finds broken and holds for serious. */
async function serious(page: Page): Promise<string[]> {
	await page.evaluate(axe.source);
	return page.evaluate(async () => {
		const { axe: found } = window as unknown as {
			axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
		};
		const { violations } = await found.run();
		return violations
			.filter(({ impact }) => impact === 'serious' || impact === 'critical')
			.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
	});
}

const sidewaysFree = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

async function savedBy(page: Page, click: () => Promise<void>): Promise<{ name: string; lines: string[]; bytes: Buffer }> {
	const [download] = await Promise.all([page.waitForEvent('download'), click()]);
	const bytes = readFileSync(await download.path());
	return { name: download.suggestedFilename(), lines: bytes.toString('utf8').slice(1).trimEnd().split('\r\n'), bytes };
}

describe('isolation', () => {
	test('under an assumed rainfall: figures, settlements, patients to call and the file are those of the server', async () => {
		const { page, problems } = await open('/dispatch/coverage', 'ja-JP', DESKTOP, browser);
		const found = page.getByTestId('isolation');
		await found.waitFor();
		await page.waitForSelector('.reach-canvas[data-ready=true]');
		expect(await found.innerText()).toContain('孤立している集落はありません。');
		await page.getByLabel('雨量を仮定').check();
		await page.getByLabel('連続雨量').last().fill('200');
		const expected = await ask(isolation, '/isolation?mm=200');
		expect(expected.people.patients).toBeGreaterThan(0);
		await page.waitForFunction(
			(count) => document.querySelector('[data-testid=isolation] .reach-figure b')?.textContent === `${count}集落`,
			expected.cutOff.length,
		);
		const text = await found.innerText();
		expect(text).toContain(`${expected.people.cutOff.toLocaleString('en-US')}人`);
		expect(text).toContain(`患者 ${expected.people.patients}人`);
		expect(await page.locator('.reach-row').count()).toBe(expected.cutOff.length);
		await page
			.locator('.reach-calls li')
			.nth(expected.people.patients - 1)
			.waitFor();
		expect(await page.locator('.reach-calls li').count()).toBe(expected.people.patients);
		expect(await page.locator('.reach-calls a[href^="tel:0735-42-"]').count()).toBe(expected.people.patients);

		const row = expected.cutOff.find(({ patients }) => patients.length > 0)!;
		const municipality = region.municipalities.find(({ id }) => id === row.municipality)!.name;
		await page.locator('.reach-open', { hasText: municipality }).click();
		await page.locator('.reach-row:not([hidden]) .reach-name', { hasText: row.name.ja }).first().click();
		const card = page.locator('.settlement-card');
		expect(await card.innerText()).toContain('到達不可');
		expect(await card.locator('a[href^="tel:"]').count()).toBe(2);

		const { name, lines, bytes } = await savedBy(page, () => page.getByLabel('表をCSVで保存').click());
		expect(name).toMatch(/^isolation-\d{8}-\d{4}\.csv$/);
		expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
		expect(lines[0]).toMatch(/^状態,市町村,集落番号,集落,人口,65歳以上/);
		expect(lines).toHaveLength(1 + expected.cutOff.length + expected.longer.length);
		expect(lines.some((line) => line.startsWith('孤立,') && line.includes('0735-42-'))).toBe(true);
		expect(await serious(page)).toEqual([]);
		expect(problems).toEqual([]);
		await page.context().close();
	});

	test('a day of rain is started and stopped by hand: the roads that it closes are closed for everyone', async () => {
		const { page, problems } = await open('/dispatch/coverage', 'en-GB', TABLET);
		await page.getByTestId('isolation').waitFor();
		await page.getByLabel('from hour').fill('13');
		await page.getByRole('button', { name: 'Let it rain' }).click();
		await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
		const closures = await ask(z.array(roadClosure), `/closures?at=${Date.parse(`${TODAY}T09:00:00+09:00`)}`);
		expect(closures.length).toBeGreaterThan(2);
		// Told by the live channel: nothing was asked for anew by hand.
		await page.waitForFunction(() => /^[1-9]/.test(document.querySelector('.reach-figure b')?.textContent ?? ''));
		expect(await sidewaysFree(page)).toBe(true);
		expect(await serious(page)).toEqual([]);
		await page.getByRole('button', { name: 'Stop', exact: true }).click();
		await page.getByRole('button', { name: 'Let it rain' }).waitFor();
		await page.waitForFunction(() => document.querySelector('.reach-figure b')?.textContent === '0 settlements');
		expect(problems).toEqual([]);
		await page.context().close();
	});
});

describe('who is served', () => {
	test('people within minutes of a stop, with file; a faulty day is said beside its field', async () => {
		const { page, problems } = await open('/dispatch/coverage?view=reach');
		const found = page.getByTestId('coverage');
		await found.waitFor();
		const expected = await ask(coverageReport, '/coverage?from=2026-11-23&until=2026-11-29&minutes=15');
		expect(await found.innerText()).toContain(
			`${expected.total.population.toLocaleString('en-US')}人中 ${expected.total.reached.toLocaleString('en-US')}人`,
		);
		await page.getByLabel('訪問先までの時間').selectOption('30');
		const wider = await ask(coverageReport, '/coverage?from=2026-11-23&until=2026-11-29&minutes=30');
		await page.waitForFunction(
			(text) => document.querySelector('[data-testid=coverage]')?.textContent?.includes(text),
			`${wider.total.reached.toLocaleString('en-US')}人`,
		);
		const { name, lines } = await savedBy(page, () => page.getByLabel('表をCSVで保存').click());
		expect(name).toBe('coverage-2026-11-23-2026-11-29-30min.csv');
		expect(lines).toHaveLength(1 + region.settlements.length);
		expect(lines.filter((line) => line.includes(',○,'))).toHaveLength(
			wider.settlements.filter(({ minutes }) => minutes !== null && minutes <= 30).length,
		);
		await page.getByLabel('終了日', { exact: true }).fill('2026/11/01');
		await page.getByLabel('終了日', { exact: true }).press('Enter');
		await page.getByRole('alert').filter({ hasText: '終了日が開始日より前' }).waitFor();
		await page.getByLabel('終了日', { exact: true }).fill('あした以降');
		await page.getByLabel('終了日', { exact: true }).press('Enter');
		await page.getByRole('alert').filter({ hasText: '日付として読めません' }).waitFor();
		expect(problems).toEqual([]);
		await page.context().close();
	});

	test('visits against need by municipality and month, with file', async () => {
		const { page, problems } = await open('/dispatch/coverage?view=fairness', 'en-GB');
		const table = page.locator('.fairness-table');
		await table.waitFor();
		const expected = await ask(fairnessTable, '/fairness?from=2026-10-01&until=2026-12-31');
		const sum = expected.rows.flatMap(({ cells }) => cells).reduce((total, { need }) => total + need, 0);
		expect(sum).toBe(day.requests.length);
		expect(await table.locator('tfoot td').last().innerText()).toContain(`needed ${sum}`);
		const { lines } = await savedBy(page, () => page.getByLabel('Save the table as CSV').click());
		expect(lines[0]).toBe('市町村,65歳以上,月,需要,計画,実施');
		expect(lines.slice(1).reduce((total, line) => total + Number(line.split(',')[3]), 0)).toBe(sum);
		expect(await serious(page)).toEqual([]);
		expect(problems).toEqual([]);
		await page.context().close();
	});
});

/** Pages of a PDF that Chromium wrote. */
const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g)?.length ?? 0;

describe('paper', () => {
	test('run sheets of all vans: stops in order with patients and phones, a page or more each, nothing of the screen', async () => {
		const { page, problems } = await open(`/dispatch/paper?date=${TODAY}`);
		await page.locator('.paper-list li').first().waitFor();
		expect(await serious(page)).toEqual([]);
		await page.getByRole('link', { name: 'すべて' }).first().click();
		await page.locator('.sheet').nth(2).waitFor();
		const sheets = (await ask(daySheets.nullable(), `/sheets?date=${TODAY}`))!;
		for (const sheet of sheets.vehicles) {
			const paper = page.locator(`[data-sheet="${sheet.vehicle}"]`);
			const text = (await paper.innerText()).replace(/\s+/g, ' ');
			let at = 0;
			for (const { patient } of sheet.stops.flatMap((stop) => stop.visits)) {
				const found = text.indexOf(`${patient!.name.family} ${patient!.name.given}`, at);
				expect(found, patient!.name.family).toBeGreaterThan(at);
				expect(text.slice(found)).toContain(patient!.phone!);
				at = found;
			}
			expect(await paper.locator('svg.sketch circle').count()).toBeGreaterThan(2);
		}
		expect(await serious(page)).toEqual([]);
		const pdf = await page.pdf({ preferCSSPageSize: true });
		expect(pagesOf(pdf)).toBeGreaterThanOrEqual(sheets.vehicles.length);
		expect(pagesOf(pdf)).toBeLessThanOrEqual(2 * sheets.vehicles.length);
		await page.emulateMedia({ media: 'print' });
		expect(await page.locator('.top-bar').isVisible()).toBe(false);
		expect(await page.locator('.paper-tools').isVisible()).toBe(false);
		expect(problems).toEqual([]);
		await page.context().close();
	});

	test('call sheets name neither address nor phone of a patient; the operator’s document leaves blanks and names its sources', async () => {
		const { page, problems } = await open(`/dispatch/paper/doctors?date=${TODAY}`, 'en-GB');
		await page.locator('.sheet').nth(1).waitFor();
		const calls = await page.locator('.paper-view').innerText();
		expect(calls).toContain('診察予定表');
		expect(calls).toContain('090-3333-0001');
		expect(calls).not.toMatch(/番地|0735-42/);
		await page.goto(`${server.url}/dispatch/paper/operator?from=2026-11-01&until=2027-04-30`);
		const document = page.locator('[data-sheet=operator]');
		await document.waitFor();
		const text = await document.innerText();
		expect(text).toContain('この書類は提出様式ではありません');
		expect(text).toContain('医政総発0518第1号');
		expect(text).not.toMatch(/番地|0735-42|花子/);
		expect(await document.locator('.fill-in-cell').count()).toBeGreaterThan(10);
		expect(await serious(page)).toEqual([]);
		expect(pagesOf(await page.pdf({ preferCSSPageSize: true }))).toBeLessThanOrEqual(4);
		expect(problems).toEqual([]);
		await page.context().close();
	});

	test('the address of a doctor’s calendar is made, shown once, and ended after a question', async () => {
		const { page, problems } = await open('/dispatch/paper');
		const calendars = page.getByTestId('calendars');
		await calendars.getByRole('button', { name: 'アドレスを作る' }).first().click();
		const url = await calendars.getByLabel('田中医師のアドレス').inputValue();
		const calendar = await fetch(url);
		expect([calendar.status, (await calendar.text()).slice(0, 15)]).toEqual([200, 'BEGIN:VCALENDAR']);
		await calendars.getByRole('button', { name: '無効にする' }).click();
		expect((await fetch(url)).status).toBe(200);
		await calendars.getByRole('button', { name: '続ける' }).click();
		await until('the address ends', async () => (await fetch(url)).status === 404);
		expect(problems).toEqual([]);
		await page.context().close();
	});
});
