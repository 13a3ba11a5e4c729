/** A town's spreadsheet in a real browser: what is wrong is named, put right or left out, and then all of it is taken in. */
import XLSX from '@e965/xlsx';
import axe from 'axe-core';
import { patient, visitRequest } from '@junkai/contracts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { passwordOf, startTestServer, type TestServer } from '../../fleet-server/test-support.ts';
import { DESKTOP, launch, openPage, signIn, TABLET } from '../support/browser.ts';
import { makeSpreadsheet } from '../support/spreadsheet.ts';

const ROWS = 300;
const FAULTY = 12;
const list = makeSpreadsheet({ seed: 7, rows: ROWS, faulty: FAULTY, date: '2026-11-30', days: 5 });
let browser: Browser;
let server: TestServer;
const dashboardDir = process.env['JUNKAI_DASHBOARD_DIR'];

beforeAll(async () => {
	[browser, server] = await Promise.all([
		launch(),
		startTestServer({ clockStart: '2026-11-24T08:00:00+09:00', ...(dashboardDir !== undefined && { dashboardDir }) }),
	]);
});
afterAll(async () => {
	await browser?.close();
	await server?.stop();
});

const get = async (path: string): Promise<unknown> => (await server.request('dispatcher', `/api/v1${path}`)).json();

async function open(locale: 'ja-JP' | 'en-GB', viewport = DESKTOP): Promise<{ page: Page; problems: string[] }> {
	const opened = await openPage(browser, locale, viewport);
	// The map goes at once to where it is told.
	await opened.page.emulateMedia({ reducedMotion: 'reduce' });
	const user = { username: 'dispatcher', password: passwordOf('dispatcher'), role: 'dispatcher' } as const;
	await signIn(opened.page, server.server.httpPort, user, '/dispatch/intake');
	await opened.page.waitForSelector('.drop-zone');
	return opened;
}
const choose = (page: Page, name: string, bytes: Uint8Array) =>
	page.setInputFiles('input[type=file]', { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
const settled = (page: Page) => page.waitForFunction(() => document.querySelector('.intake-checking')?.textContent === '');
const count = async (page: Page, filter: string): Promise<number> =>
	Number(await page.locator(`[data-filter=${filter}] b`).innerText());

/** Row numbers that the list shows, scrolled from top to bottom. */
async function shownRows(page: Page): Promise<number[]> {
	return page.evaluate(async () => {
		const scroller = document.querySelector('.row-scroller')!;
		const seen = new Set<number>();
		for (let top = 0; ; top += scroller.clientHeight / 2) {
			scroller.scrollTop = top;
			await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
			for (const row of document.querySelectorAll<HTMLElement>('[data-row]')) seen.add(Number(row.dataset['row']));
			if (top >= scroller.scrollHeight) break;
		}
		scroller.scrollTop = 0;
		return [...seen];
	});
}

async function expectAccessible(page: Page): Promise<void> {
	await page.evaluate(axe.source);
	const serious = await page.evaluate(async () => {
		const { axe: checker } = window as unknown as { axe: typeof axe };
		const { violations } = await checker.run();
		return violations
			.filter(({ impact }) => impact === 'serious' || impact === 'critical')
			.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
	});
	expect(serious).toEqual([]);
}

const expectNoSidewaysScroll = async (page: Page): Promise<void> => {
	expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
};

const words: Record<string, string> = {
	missing: '空欄です',
	'date-impossible': '存在しない日付です',
	'not-a-date': '日付として読めません',
	'address-outside': '県外の住所です',
	'address-ambiguous': '当てはまる場所がいくつもあります',
	'address-unknown': 'その名前の集落が見つかりません',
	'unknown-word': '読み取れない言葉です',
	'date-order': '終わりの日が始めの日より前です',
	'date-past': '過ぎた日です',
	'time-order': '終わりの時刻が始めより前です',
	'not-a-phone': '電話番号の桁が合いません',
	'duplicate-row': '行目と同じです',
};

test('300 rows in Shift_JIS: twelve are named with their reasons, put right or left out, and the rest is taken in', async () => {
	const { page, problems } = await open('ja-JP');
	await choose(page, '訪問希望.csv', list.bytes);
	await page.waitForSelector('.intake-preview');
	expect(await page.locator('.intake-file').innerText()).toContain('Shift_JIS として読みました');
	expect([await count(page, 'all'), await count(page, 'faulty')]).toEqual([ROWS, FAULTY]);
	await page.click('[data-filter=faulty]');
	expect((await shownRows(page)).toSorted((a, b) => a - b)).toEqual(list.faultyRows);
	for (const { row, kind } of list.faults) {
		await page.evaluate((at) => (document.querySelector('.row-scroller')!.scrollTop = at), list.faultyRows.indexOf(row) * 85);
		const line = page.locator(`[data-row="${row}"] .fault-line[data-kind=${kind}]`);
		expect(await line.innerText(), `${row}: ${kind}`).toContain(words[kind]);
	}
	await expectAccessible(page);

	// Refused while they are faulty; nothing was kept.
	await page.click('[data-testid=take-in]');
	await page.getByText('このままでは取り込めない行があります').waitFor();
	expect(await get('/patients')).toEqual([]);

	// One is put right in its cell, one by choosing its place, one on the map; the others are left out.
	const rowOf = (kind: string) => list.faults.find((fault) => fault.kind === kind)!.row;
	const bring = async (kind: string) => {
		const row = rowOf(kind);
		await page.evaluate((at) => (document.querySelector('.row-scroller')!.scrollTop = at), list.faultyRows.indexOf(row) * 85);
		return page.locator(`[data-row="${row}"]`);
	};
	const named = await bring('missing');
	await named.locator('.fault-line input').fill('和田 ふみ');
	await named.locator('.fault-line input').press('Enter');
	await page.waitForFunction((left) => document.querySelector('[data-filter=faulty] b')?.textContent === String(left), FAULTY - 1);
	const placed = await bring('address-ambiguous');
	await placed.locator('.fault-places button', { hasText: '田辺市本宮町切畑' }).click();
	await page.waitForFunction((left) => document.querySelector('[data-filter=faulty] b')?.textContent === String(left), FAULTY - 2);
	const onMap = await bring('address-unknown');
	await onMap.locator('.row-number').click();
	const map = page.locator('.place-map .map-canvas[data-ready=true]');
	await map.waitFor();
	// Beside the row's own point, which is in the middle.
	const { width, height } = (await map.boundingBox())!;
	await map.click({ position: { x: width / 2 + 25, y: height / 2 + 25 } });
	await page.getByText('手で選んだ場所').waitFor();
	await page.waitForFunction((left) => document.querySelector('[data-filter=faulty] b')?.textContent === String(left), FAULTY - 3);
	await page.getByRole('button', { name: `要修正の ${FAULTY - 3} 行をすべて除外` }).click();
	await settled(page);
	await page.getByRole('button', { name: `${FAULTY - 3} 件を除いて ${ROWS - FAULTY + 3} 件を取り込む` }).click();
	const done = page.getByTestId('intake-done');
	await done.waitFor();
	expect(await done.innerText()).toMatch(new RegExp(`依頼\\s*${ROWS - FAULTY + 3}`));
	const patients = z.array(patient).parse(await get('/patients?limit=10000'));
	const requests = z.array(visitRequest).parse(await get('/requests?limit=10000'));
	expect([patients.length, requests.length]).toEqual([ROWS - FAULTY + 3, ROWS - FAULTY + 3]);
	expect(patients.find(({ name }) => name.given === 'ふみ')?.name.family).toBe('和田');
	expect(patients.filter(({ home }) => home.precision === 'point')).toHaveLength(1);
	expect(patients.find(({ home }) => home.address === '切畑45-2')?.home).toMatchObject({ settlement: 'S30206-015' });
	await done.getByRole('link', { name: '依頼を見る' }).click();
	await page.waitForURL('**/dispatch/requests');
	expect(problems).toEqual([]);
	await page.context().close();
});

test('an Excel workbook on a tablet in English, with the columns put right by hand', async () => {
	const { page, problems } = await open('en-GB', TABLET);
	const titles = ['Who', '生年月日', '住所', '診療内容', '希望日'];
	const sheet = XLSX.utils.aoa_to_sheet([
		['名簿'],
		titles,
		['岡田 清', null, '古座川町高池12', '採血', null],
		['森 実', 'S10.1.2', '大阪市北区1', '採血', '12/1'],
	]);
	Object.assign(sheet, { B3: { t: 'n', v: 13_578, z: 'yyyy/m/d' }, E3: { t: 'n', v: 46_356, z: 'm/d' } });
	const book = XLSX.utils.book_new();
	XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([['Notes']]), '注意');
	XLSX.utils.book_append_sheet(book, sheet, '希望者');
	await choose(page, '名簿.xlsx', XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer);
	await page.waitForSelector('.intake-preview');
	expect(await page.locator('.intake-absent').innerText()).toContain('No column gives Name.');
	await expectAccessible(page);
	await expectNoSidewaysScroll(page);
	expect(await page.locator('label[for=column-0]').innerText()).toContain('Who');
	await page.locator('#column-0').selectOption('name');
	await page.waitForFunction(() => document.querySelector('[data-filter=faulty] b')?.textContent === '1');
	expect(await page.locator('[data-row="4"] .fault-line').first().innerText()).toContain('Is outside of the prefecture: 大阪府');
	await page.getByRole('checkbox', { name: 'Take in row 4' }).uncheck();
	await settled(page);
	await page.getByRole('button', { name: 'Leave out 1 and take in 1' }).click();
	await page.getByTestId('intake-done').waitFor();
	const taken = z.array(patient).parse(await get(`/patients?${new URLSearchParams({ text: '岡田 清' }).toString()}`));
	expect(taken.some(({ birthDate }) => birthDate === '1937-03-04')).toBe(true);
	expect(problems).toEqual([]);
	await page.context().close();
});

test('files that cannot be read are refused in words, in either language', async () => {
	const { page } = await open('ja-JP', TABLET);
	await expectAccessible(page);
	const refused = async (name: string, bytes: Uint8Array, said: string) => {
		await choose(page, name, bytes);
		await page.locator('.intake-trouble', { hasText: said }).waitFor();
	};
	await refused('古い.xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]), '古い形式の Excel ファイル（.xls）');
	const locked = Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.from('EncryptedPackage', 'utf16le')]);
	await refused('鍵.xlsx', locked, 'パスワードで保護されています');
	await refused('空.csv', Buffer.from('氏名,住所\r\n'), '見出しの下に行がありません');
	await refused(
		'壊れた.csv',
		Buffer.concat([Buffer.from('氏名,住所\r\n山'), Buffer.from([0xff, 0xfe, 0x0a])]),
		'この文字コードでは文字を読めません',
	);
	await refused('大.csv', Buffer.alloc(10 * 1024 * 1024 + 1, 0x61), '10 MB まで');
	await page.getByRole('button', { name: 'English' }).click();
	expect(await page.locator('.intake-trouble').innerText()).toContain('Up to 10 MB');
	const download = page.waitForEvent('download');
	await page.getByRole('link', { name: 'CSV for Excel (Shift_JIS)' }).click();
	expect((await download).suggestedFilename()).toBe('junkai-template-shift-jis.csv');
	await page.context().close();
});
